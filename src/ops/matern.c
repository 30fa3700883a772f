/* SPDX-License-Identifier: BSD-3-Clause */
/* The Matern covariance, as sklearn.gaussian_process.kernels.Matern (1.9) computes it, and K_nu
 * by N. Temme's method ("On the numerical evaluation of the modified Bessel function of the
 * third kind", J. Comput. Phys. 19, 1975): K_mu and K_mu+1 for |mu| <= 1/2 from a power series
 * up to x = 2 and from a continued fraction beyond, then the recurrence upwards, which is
 * stable. */
#include "ops/matern.h"

#include <math.h>

static const double PI = 3.14159265358979323846, EPSILON = 2.220446049250313e-16;

/* 1 / Gamma(1 + z) = sum of coefficients[k] z^k */
static const double reciprocal_gamma[] = {
    1.0,
    0.57721566490153286,
    -0.65587807152025388,
    -0.042002635034095236,
    0.16653861138229149,
    -0.042197734555544337,
    -0.0096219715278769736,
    0.0072189432466630995,
    -0.0011651675918590651,
    -0.00021524167411495097,
    0.00012805028238811619,
    -2.0134854780788239e-05,
    -1.2504934821426707e-06,
    1.1330272319816959e-06,
    -2.0563384169776071e-07,
    6.1160951044814158e-09,
    5.0020076444692229e-09,
    -1.1812745704870201e-09,
    1.0434267116911005e-10,
    7.7822634399050713e-12,
    -3.6968056186422057e-12,
    5.1003702874544760e-13,
    -2.0583260535665068e-14,
    -5.3481225394230180e-15,
    1.2267786282382608e-15,
    -1.1812593016974588e-16,
};

enum { COEFFICIENTS = sizeof reciprocal_gamma / sizeof *reciprocal_gamma, MOST_TERMS = 10000 };

/* The even and the odd part of the series, the odd one divided by -mu. */
static void gamma_parts(double mu, double *even, double *odd)
{
    double power = 1.0;
    *even = *odd = 0.0;
    for (int k = 0; k + 1 < COEFFICIENTS; k += 2, power *= mu * mu) {
        *even += reciprocal_gamma[k] * power;
        *odd -= reciprocal_gamma[k + 1] * power;
    }
}

/* K_mu(x) and K_mu+1(x) for 0 < x <= 2. */
static void bessel_series(double mu, double x, double *k, double *k_next)
{
    const double half = 0.5 * x, turn = PI * mu, log_term = -log(half), e = mu * log_term;
    double even, odd;
    gamma_parts(mu, &even, &odd);
    const double sine = fabs(turn) < EPSILON ? 1.0 : turn / sin(turn);
    const double hyperbolic = fabs(e) < EPSILON ? 1.0 : sinh(e) / e;
    double f = sine * (odd * cosh(e) + even * hyperbolic * log_term);
    double p = 0.5 * exp(e) / (even - mu * odd), q = 0.5 * exp(-e) / (even + mu * odd);
    double c = 1.0, sum = f, sum_next = p;
    for (int i = 1; i < MOST_TERMS; i++) {
        f = (i * f + p + q) / ((double)i * i - mu * mu);
        c *= half * half / i;
        p /= i - mu;
        q /= i + mu;
        sum += c * f;
        sum_next += c * (p - i * f);
        if (fabs(c * f) < fabs(sum) * EPSILON)
            break;
    }
    *k = sum;
    *k_next = sum_next / half;
}

/* The same for x > 2. */
static void bessel_fraction(double mu, double x, double *k, double *k_next)
{
    const double first = 0.25 - mu * mu;
    double a = -first, b = 2.0 * (1.0 + x), d = 1.0 / b, h = d, delta = d;
    double q_last = 0.0, q = 1.0, c = first, weight = first, sum = 1.0 + weight * delta;
    for (int i = 2; i < MOST_TERMS; i++) {
        a -= 2.0 * (i - 1);
        c = -a * c / i;
        const double q_new = (q_last - b * q) / a;
        q_last = q;
        q = q_new;
        weight += c * q_new;
        b += 2.0;
        d = 1.0 / (b + a * d);
        delta *= b * d - 1.0;
        h += delta;
        sum += weight * delta;
        if (fabs(weight * delta) < fabs(sum) * EPSILON)
            break;
    }
    *k = sqrt(PI / (2.0 * x)) * exp(-x) / sum;
    *k_next = *k * (mu + x + 0.5 - first * h) / x;
}

double crn_bessel_k(double nu, double x)
{
    const int steps = (int)(nu + 0.5);
    const double mu = nu - steps;
    double k, k_next;
    if (x <= 2.0)
        bessel_series(mu, x, &k, &k_next);
    else
        bessel_fraction(mu, x, &k, &k_next);
    for (int i = 1; i <= steps; i++) {
        const double k_after = (mu + i) * (2.0 / x) * k_next + k;
        k = k_next;
        k_next = k_after;
    }
    return k;
}

/* ---- the covariance ---- */

static double matern(double nu, double d)
{
    if (nu == 0.5)
        return exp(-d);
    if (nu == 1.5) {
        const double s = d * sqrt(3.0);
        return (1.0 + s) * exp(-s);
    }
    if (nu == 2.5) {
        const double s = d * sqrt(5.0);
        return (1.0 + s + s * s / 3.0) * exp(-s);
    }
    const double s = sqrt(2.0 * nu) * (d == 0.0 ? EPSILON : d);
    return pow(2.0, 1.0 - nu) / tgamma(nu) * pow(s, nu) * crn_bessel_k(nu, s);
}

void crn_matern_of_squares(double nu, int64_t n, double *squares, const crn_kernels *kernels)
{
    if (isinf(nu)) {
        kernels->exp_of_multiple_f64(n, -0.5, squares, squares);
        return;
    }
    for (int64_t i = 0; i < n; i++)
        squares[i] = matern(nu, sqrt(squares[i]));
}
