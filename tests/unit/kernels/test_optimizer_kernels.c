/* SPDX-License-Identifier: BSD-3-Clause */
/* The optimizers' kernels of every level against their formulas in double, at sizes around the
 * vectors'. */
#include "test.h"

#include <stdlib.h>

#include "kernels/kernels.h"

enum { MOST = 70 };

static const int64_t sizes[] = {0, 1, 3, 4, 7, 8, 15, 16, 17, 31, 33, 64, MOST};

/* Numbers between -1 and 1; positive ones for squares. */
static void fill(float *x, int64_t n, int seed, int positive)
{
    for (int64_t i = 0; i < n; i++) {
        float value = (float)((i * 7919 + seed * 104729) % 2003) / 1001.5f - 1.0f;
        x[i] = positive ? fabsf(value) + 0.01f : value;
    }
}

typedef struct vectors {
    float g[MOST], w[MOST], a[MOST], b[MOST], c[MOST];
} vectors;

static vectors make(void)
{
    vectors v;
    fill(v.g, MOST, 1, 0);
    fill(v.w, MOST, 2, 0);
    fill(v.a, MOST, 3, 0);
    fill(v.b, MOST, 4, 1);
    fill(v.c, MOST, 5, 1);
    return v;
}

static void close_to(double got, double want)
{
    if (!(fabs(got - want) <= 1e-6 + 1e-6 * fabs(want)))
        fail_msg("%.9g is not %.9g", got, want);
}

/* What lies behind the first n elements must not be touched. */
static void untouched(const float *got, const float *before, int64_t n)
{
    assert_memory_equal(got + n, before + n, (size_t)(MOST - n) * sizeof *got);
}

static void check_sgd(const crn_kernels *k, int64_t n, int momentum, int nesterov)
{
    vectors before = make(), v = before;
    k->sgd_f32(n, 0.1f, 0.9f, nesterov, v.g, momentum ? v.a : NULL, v.w);
    for (int64_t i = 0; i < n; i++) {
        double step = 0.1 * (double)before.g[i], m = 0.9 * (double)before.a[i] - step;
        double change = !momentum ? -step : nesterov ? 0.9 * m - step : m;
        close_to((double)v.w[i], (double)before.w[i] + change);
        close_to((double)v.a[i], momentum ? m : (double)before.a[i]);
    }
    untouched(v.w, before.w, n);
    untouched(v.a, before.a, n);
}

static void check_adam(const crn_kernels *k, int64_t n, int amsgrad)
{
    vectors before = make(), v = before;
    k->adam_f32(n, 0.02f, 0.1f, 0.001f, 1e-7f, v.g, v.a, v.b, amsgrad ? v.c : NULL, v.w);
    for (int64_t i = 0; i < n; i++) {
        double g = (double)before.g[i];
        double m = (double)before.a[i] + (g - (double)before.a[i]) * 0.1;
        double s = (double)before.b[i] + (g * g - (double)before.b[i]) * 0.001;
        double most = amsgrad ? fmax((double)before.c[i], s) : s;
        close_to((double)v.a[i], m);
        close_to((double)v.b[i], s);
        close_to((double)v.c[i], amsgrad ? most : (double)before.c[i]);
        close_to((double)v.w[i], (double)before.w[i] - m * 0.02 / (sqrt(most) + 1e-7));
    }
    untouched(v.w, before.w, n);
}

static void check_rmsprop(const crn_kernels *k, int64_t n, int momentum, int centered)
{
    vectors before = make(), v = before;
    for (int64_t i = 0; i < MOST; i++)
        before.b[i] = v.b[i] = before.b[i] + 1.0f; /* more than the mean's square */
    k->rmsprop_f32(n, 0.01f, 0.9f, 0.1f, 0.5f, 1e-7f, v.g, v.b, momentum ? v.a : NULL,
                   centered ? v.c : NULL, v.w);
    for (int64_t i = 0; i < n; i++) {
        double g = (double)before.g[i];
        double s = 0.9 * (double)before.b[i] + 0.1 * g * g;
        double mean = centered ? 0.9 * (double)before.c[i] + 0.1 * g : 0.0;
        double step = 0.01 * g / sqrt(s - mean * mean + 1e-7);
        step = momentum ? 0.5 * (double)before.a[i] + step : step;
        close_to((double)v.b[i], s);
        close_to((double)v.w[i], (double)before.w[i] - step);
    }
    untouched(v.w, before.w, n);
}

static void test_every_level_follows_the_formulas(void **state)
{
    (void)state;
    for (int level = 0; crn_kernels_at(level) != NULL; level++) {
        const crn_kernels *k = crn_kernels_at(level);
        for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
            check_sgd(k, sizes[i], 0, 0);
            check_sgd(k, sizes[i], 1, 0);
            check_sgd(k, sizes[i], 1, 1);
            check_adam(k, sizes[i], 0);
            check_adam(k, sizes[i], 1);
            for (int form = 0; form < 4; form++)
                check_rmsprop(k, sizes[i], form & 1, form >> 1);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_level_follows_the_formulas),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
