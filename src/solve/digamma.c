/* SPDX-License-Identifier: BSD-3-Clause */
/* The digamma function by its recurrence and its asymptotic series (Abramowitz and Stegun,
 * 6.3.5, 6.3.7 and 6.3.18). */
#include "solve/digamma.h"

#include <math.h>

double crn_digamma(double x)
{
    static const double pi = 3.14159265358979323846;
    /* B(2k) / (2k) */
    static const double series[] = {1.0 / 12,  -1.0 / 120,     1.0 / 252, -1.0 / 240,
                                    5.0 / 660, -691.0 / 32760, 1.0 / 12};
    enum { TERMS = sizeof series / sizeof *series, LEAST = 10 };
    double result = 0.0;
    if (x <= 0.0) {
        if (x == floor(x))
            return (double)NAN;
        result = -pi / tan(pi * x);
        x = 1.0 - x;
    }
    for (; x < LEAST; x += 1.0)
        result -= 1.0 / x;
    const double square = 1.0 / (x * x);
    double sum = 0.0;
    for (int k = TERMS - 1; k >= 0; k--)
        sum = (sum + series[k]) * square;
    return result + log(x) - 0.5 / x - sum;
}
