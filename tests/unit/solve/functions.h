/* SPDX-License-Identifier: BSD-3-Clause */
/* Functions to minimise, operation for operation as in tools/make_solve_golden.py. */
#ifndef CRN_TESTS_SOLVE_FUNCTIONS_H
#define CRN_TESTS_SOLVE_FUNCTIONS_H

#include "solve/objective.h"
#include "test.h"

typedef struct test_function {
    int64_t n;
    int evaluations;
    double at[64]; /* where second derivatives were asked for */
} test_function;

static inline void start_point(double *x, int64_t n)
{
    for (int64_t i = 0; i < n; i++)
        x[i] = i % 2 == 0 ? -1.2 : 1.0;
}

static inline double rosenbrock(void *context, const double *x, double *gradient)
{
    test_function *f = context;
    double value = 0.0;
    f->evaluations++;
    memset(gradient, 0, (size_t)f->n * sizeof *gradient);
    for (int64_t i = 0; i + 1 < f->n; i++) {
        double a = x[i + 1] - x[i] * x[i], b = 1.0 - x[i];
        value += 100.0 * a * a + b * b;
        gradient[i] += -400.0 * x[i] * a - 2.0 * b;
        gradient[i + 1] += 200.0 * a;
    }
    return value;
}

static inline void rosenbrock_prepare(void *context, const double *x, double *gradient)
{
    test_function *f = context;
    rosenbrock(f, x, gradient);
    memcpy(f->at, x, (size_t)f->n * sizeof *x);
}

static inline void rosenbrock_product(void *context, const double *s, double *product)
{
    test_function *f = context;
    memset(product, 0, (size_t)f->n * sizeof *product);
    for (int64_t i = 0; i + 1 < f->n; i++) {
        double x = f->at[i], diagonal = 1200.0 * x * x - 400.0 * f->at[i + 1] + 2.0;
        double cross = -400.0 * x;
        product[i] += diagonal * s[i] + cross * s[i + 1];
        product[i + 1] += cross * s[i] + 200.0 * s[i + 1];
    }
}

/* A bowl whose gradient is wrong by a constant: line searches fail near the bottom. */
static inline double skewed(void *context, const double *x, double *gradient)
{
    test_function *f = context;
    double value = 0.0;
    f->evaluations++;
    for (int64_t i = 0; i < f->n; i++) {
        value += ((double)i + 1.0) * x[i] * x[i];
        gradient[i] = 2.0 * ((double)i + 1.0) * x[i] + 0.01;
    }
    return value;
}

/* A bowl with the sign of its gradient wrong. */
static inline double uphill(void *context, const double *x, double *gradient)
{
    test_function *f = context;
    double value = 0.0;
    f->evaluations++;
    for (int64_t i = 0; i < f->n; i++) {
        value += x[i] * x[i];
        gradient[i] = -2.0 * x[i];
    }
    return value;
}

/* Has a value at the start only. */
static inline double cliff(void *context, const double *x, double *gradient)
{
    test_function *f = context;
    double start[64];
    f->evaluations++;
    start_point(start, f->n);
    for (int64_t i = 0; i < f->n; i++)
        gradient[i] = 1.0;
    return memcmp(x, start, (size_t)f->n * sizeof *x) == 0 ? 1.0 : NAN;
}

static inline crn_objective rosenbrock_objective(test_function *f)
{
    return (crn_objective){
        .context = f,
        .n = f->n,
        .value_gradient = rosenbrock,
        .gradient_hessian = rosenbrock_prepare,
        .hessian_product = rosenbrock_product,
    };
}

#endif
