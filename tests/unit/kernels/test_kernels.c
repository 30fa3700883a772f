/* SPDX-License-Identifier: BSD-3-Clause */
/* Every level that this CPU can run against the plain form of each kernel, at sizes around the
 * edges of its tiles. */
#include "test.h"

#include <stdlib.h>

#include "kernels/kernels.h"

/* ---- levels ---- */

static void test_levels_are_ordered_and_named(void **state)
{
    (void)state;
    assert_non_null(crn_kernels_at(0));
    for (int i = 0; crn_kernels_at(i) != NULL; i++) {
        for (int k = 0; k < i; k++)
            assert_string_not_equal(crn_kernels_at(i)->level, crn_kernels_at(k)->level);
    }
    assert_null(crn_kernels_at(1000));
}

static void test_environment_chooses_a_level(void **state)
{
    (void)state;
    int last = 0;
    while (crn_kernels_at(last + 1) != NULL)
        last++;
    assert_int_equal(setenv("CRN_ISA", crn_kernels_at(last)->level, 1), 0);
    assert_ptr_equal(crn_kernels_best(), crn_kernels_at(last));
    assert_int_equal(setenv("CRN_ISA", "pdp-11", 1), 0);
    assert_ptr_equal(crn_kernels_best(), crn_kernels_at(0));
    assert_int_equal(unsetenv("CRN_ISA"), 0);
    assert_ptr_equal(crn_kernels_best(), crn_kernels_at(0));
}

/* ---- affine ---- */

/* Memory of exactly this size, so that a sanitizer sees the first element too many. */
static void *exactly(size_t bytes)
{
    void *memory = malloc(bytes);
    assert_non_null(memory);
    return memory;
}

static float number(int64_t i)
{
    return (float)(i * 2654435761u % 1021) / 512.0f - 1.0f;
}

#define DEFINE_CHECK(R, suffix)                                                                \
    static void check_##suffix(const crn_kernels *k, int64_t rows, int64_t n_in,               \
                               int64_t n_out, int transposed, int bias, void *scratch)         \
    {                                                                                          \
        R *x = exactly((size_t)(rows * n_in) * sizeof(R));                                     \
        R *w = exactly((size_t)(n_in * n_out) * sizeof(R));                                    \
        R *b = exactly((size_t)n_out * sizeof(R));                                             \
        R *y = exactly((size_t)(rows * n_out) * sizeof(R));                                    \
        R *alone = exactly((size_t)n_out * sizeof(R));                                         \
        for (int64_t i = 0; i < rows * n_in; i++)                                              \
            x[i] = number(i);                                                                  \
        for (int64_t i = 0; i < n_in * n_out; i++)                                             \
            w[i] = number(3 * i + 1);                                                          \
        for (int64_t i = 0; i < n_out; i++)                                                    \
            b[i] = number(7 * i + 2);                                                          \
        k->affine_##suffix(rows, n_in, n_out, x, w, transposed, bias ? b : NULL, y, scratch);  \
        for (int64_t i = 0; i < rows; i++) {                                                   \
            k->affine_##suffix(1, n_in, n_out, x + i * n_in, w, transposed, bias ? b : NULL,   \
                               alone, scratch);                                                \
            assert_memory_equal(alone, y + i * n_out, (size_t)n_out * sizeof(R));              \
            for (int64_t j = 0; j < n_out; j++) {                                              \
                double want = bias ? (double)b[j] : 0, got = (double)y[i * n_out + j];         \
                for (int64_t l = 0; l < n_in; l++)                                             \
                    want += (double)x[i * n_in + l] *                                          \
                            (double)(transposed ? w[j * n_in + l] : w[l * n_out + j]);         \
                assert_close(&got, &want, 1, sizeof(R) == 4 ? 1e-5 : 1e-13,                    \
                             (double)n_in * (sizeof(R) == 4 ? 1e-7 : 1e-16));                  \
            }                                                                                  \
        }                                                                                      \
        free(alone);                                                                           \
        free(y);                                                                               \
        free(b);                                                                               \
        free(w);                                                                               \
        free(x);                                                                               \
    }

DEFINE_CHECK(float, f32)
DEFINE_CHECK(double, f64)

static void check_both(int64_t rows, int64_t n_in, int64_t n_out)
{
    void *scratch = aligned_alloc(64, CRN_AFFINE_SCRATCH);
    assert_non_null(scratch);
    for (int level = 0; crn_kernels_at(level) != NULL; level++) {
        for (int form = 0; form < 8; form++) {
            void *given = form & 4 ? scratch : NULL;
            check_f32(crn_kernels_at(level), rows, n_in, n_out, form & 1, form & 2, given);
            check_f64(crn_kernels_at(level), rows, n_in, n_out, form & 1, form & 2, given);
        }
    }
    free(scratch);
}

static void test_affine_small(void **state)
{
    (void)state;
    for (int64_t rows = 1; rows <= 9; rows += 2) {
        for (int64_t n_in = 1; n_in <= 17; n_in += 4) {
            for (int64_t n_out = 1; n_out <= 35; n_out += 3)
                check_both(rows, n_in, n_out);
        }
    }
}

static void test_affine_around_panels(void **state)
{
    (void)state;
    static const int64_t widths[] = {15, 16, 17, 31,  32,  33,  63,
                                     64, 65, 96, 127, 128, 129, 200};
    for (size_t i = 0; i < sizeof widths / sizeof *widths; i++)
        check_both(8, 5, widths[i]);
}

/* Long enough for several slices of k, and rows enough for packing. */
static void test_affine_slices_and_packing(void **state)
{
    (void)state;
    check_both(3, 1100, 20);
    check_both(29, 600, 131);
}

static void test_affine_of_no_inputs_is_the_bias(void **state)
{
    (void)state;
    static const float b[] = {1, 2, 3};
    float y[6], unused = 0;
    for (int level = 0; crn_kernels_at(level) != NULL; level++) {
        for (int transposed = 0; transposed < 2; transposed++) {
            memset(y, 0xff, sizeof y);
            crn_kernels_at(level)->affine_f32(2, 0, 3, &unused, &unused, transposed, b, y,
                                              NULL);
            assert_memory_equal(y, b, sizeof b);
            assert_memory_equal(y + 3, b, sizeof b);
        }
    }
}

static void test_affine_keeps_nan_to_its_row(void **state)
{
    (void)state;
    float x[40], w[20] = {0}, y[16];
    for (int i = 0; i < 40; i++)
        x[i] = i == 13 ? NAN : 1;
    for (int level = 0; crn_kernels_at(level) != NULL; level++) {
        for (int transposed = 0; transposed < 2; transposed++) {
            crn_kernels_at(level)->affine_f32(8, 5, 2, x, w, transposed, NULL, y, NULL);
            for (int i = 0; i < 16; i++)
                assert_int_equal(isnan(y[i]) != 0, i / 2 == 2);
        }
    }
}

static void test_affine_steps_tell_the_better_layout(void **state)
{
    (void)state;
    for (int level = 0; crn_kernels_at(level) != NULL; level++) {
        const crn_kernels *k = crn_kernels_at(level);
        assert_true(k->affine_steps_f32(1000, 1, 1) < k->affine_steps_f32(1000, 1, 0));
        assert_true(k->affine_steps_f64(1000, 1, 1) < k->affine_steps_f64(1000, 1, 0));
        assert_true(k->affine_steps_f32(4, 128, 1) > k->affine_steps_f32(4, 128, 0));
        assert_true(k->affine_steps_f64(4, 3, 1) > k->affine_steps_f64(4, 3, 0));
    }
}

/* ---- functions of one element ---- */

/* Distance in units of the last place of the true value. */
static double ulps_f32(float got, double want)
{
    float near = (float)fabs(want);
    return fabs((double)got - want) / (double)(nextafterf(near, INFINITY) - near);
}

static double ulps_f64(double got, long double want)
{
    double near = fabs((double)want);
    return (double)(fabsl((long double)got - want) /
                    (long double)(nextafter(near, INFINITY) - near));
}

static long double true_sigmoid(long double x)
{
    return 1 / (1 + expl(-x));
}

static long double true_silu(long double x)
{
    return x * true_sigmoid(x);
}

enum { POINTS = 20011 };

static void check_function_f32(void (*kernel)(int64_t, const float *, float *),
                               long double (*want)(long double), float reach, double ulps)
{
    static float x[POINTS], y[POINTS];
    for (int i = 0; i < POINTS; i++)
        x[i] = reach * (float)(2 * i - POINTS) / (float)POINTS;
    kernel(POINTS, x, y);
    for (int i = 0; i < POINTS; i++) {
        if (ulps_f32(y[i], (double)want((long double)x[i])) > ulps)
            fail_msg("f(%.9g) = %.9g", (double)x[i], (double)y[i]);
    }
}

static void check_function_f64(void (*kernel)(int64_t, const double *, double *),
                               long double (*want)(long double), double reach, double ulps)
{
    static double x[POINTS], y[POINTS];
    for (int i = 0; i < POINTS; i++)
        x[i] = reach * (2 * i - POINTS) / POINTS;
    kernel(POINTS, x, y);
    for (int i = 0; i < POINTS; i++) {
        if (ulps_f64(y[i], want((long double)x[i])) > ulps)
            fail_msg("f(%.17g) = %.17g", x[i], y[i]);
    }
}

static void test_functions_are_accurate(void **state)
{
    (void)state;
    for (int level = 0; crn_kernels_at(level) != NULL; level++) {
        const crn_kernels *k = crn_kernels_at(level);
        check_function_f32(k->exp_f32, expl, 87, 1.5);
        check_function_f64(k->exp_f64, expl, 708, 1.5);
        check_function_f32(k->tanh_f32, tanhl, 11, 1.5);
        check_function_f64(k->tanh_f64, tanhl, 21, 1.5);
        check_function_f32(k->sigmoid_f32, true_sigmoid, 80, 2.5);
        check_function_f64(k->sigmoid_f64, true_sigmoid, 700, 2.5);
        check_function_f32(k->silu_f32, true_silu, 80, 3.5);
        check_function_f64(k->silu_f64, true_silu, 700, 3.5);
    }
}

static void test_elu_is_accurate(void **state)
{
    (void)state;
    static float x[POINTS], y[POINTS];
    static double wide[POINTS], z[POINTS];
    for (int i = 0; i < POINTS; i++)
        wide[i] = (double)(x[i] = 20.0f * (float)(2 * i - POINTS) / (float)POINTS);
    for (int level = 0; crn_kernels_at(level) != NULL; level++) {
        crn_kernels_at(level)->elu_f32(POINTS, x, 1.5f, 1.25f, y);
        crn_kernels_at(level)->elu_f64(POINTS, wide, 1.5, 1.25, z);
        for (int i = 0; i < POINTS; i++) {
            long double want = (long double)wide[i];
            want = 1.25L * (want < 0 ? 1.5L * expm1l(want) : want);
            if (ulps_f32(y[i], (double)want) > 5 || ulps_f64(z[i], want) > 5)
                fail_msg("elu(%.9g) = %.9g, %.17g", wide[i], (double)y[i], z[i]);
        }
        float special[] = {NAN, INFINITY, -INFINITY, 0};
        crn_kernels_at(level)->elu_f32(4, special, 2, 1, special);
        assert_true(isnan(special[0]) && special[1] == INFINITY && special[2] == -2 &&
                    special[3] == 0);
    }
}

/* Far out, and at the numbers that are none: (x, exp, sigmoid, tanh, relu). */
static const double specials[][5] = {
    {NAN, NAN, NAN, NAN, NAN}, {INFINITY, INFINITY, 1, 1, INFINITY},
    {-INFINITY, 0, 0, -1, 0},  {1e30, INFINITY, 1, 1, 1e30},
    {-1e30, 0, 0, -1, 0},      {0, 1, 0.5, 0, 0},
};

static void test_functions_at_special_numbers(void **state)
{
    (void)state;
    enum { N = sizeof specials / sizeof *specials };
    for (int level = 0; crn_kernels_at(level) != NULL; level++) {
        const crn_kernels *k = crn_kernels_at(level);
        void (*single[])(int64_t, const float *, float *) = {k->exp_f32, k->sigmoid_f32,
                                                             k->tanh_f32, k->relu_f32};
        void (*wide[])(int64_t, const double *, double *) = {k->exp_f64, k->sigmoid_f64,
                                                             k->tanh_f64, k->relu_f64};
        for (int f = 0; f < 4; f++) {
            for (int i = 0; i < N; i++) {
                float x = (float)specials[i][0];
                double y = specials[i][0], from_single;
                single[f](1, &x, &x);
                wide[f](1, &y, &y);
                from_single = (double)x;
                assert_close(&from_single, &specials[i][f + 1], 1, 1e-6, 0);
                assert_close(&y, &specials[i][f + 1], 1, 1e-15, 0);
            }
        }
    }
}

/* Below the normal range the result shrinks gradually. */
static void test_exp_of_the_smallest_results(void **state)
{
    (void)state;
    for (int level = 0; crn_kernels_at(level) != NULL; level++) {
        float x[] = {-87.5f, -95, -103.2f}, y[3];
        double wide[] = {-708.5, -730, -744.9}, z[3];
        crn_kernels_at(level)->exp_f32(3, x, y);
        crn_kernels_at(level)->exp_f64(3, wide, z);
        for (int i = 0; i < 3; i++) {
            assert_true(fabsf(y[i] - expf(x[i])) <= 1.5e-45f + 2e-7f * expf(x[i]));
            assert_true(fabs(z[i] - exp(wide[i])) <= 5e-324 + 4e-16 * exp(wide[i]));
        }
    }
}

/* An element gives the same bits wherever it stands. */
static void test_functions_do_not_depend_on_the_place(void **state)
{
    (void)state;
    enum { N = 67 };
    float x[N], y[N], alone;
    for (int i = 0; i < N; i++)
        x[i] = number(i) * 5;
    for (int level = 0; crn_kernels_at(level) != NULL; level++) {
        const crn_kernels *k = crn_kernels_at(level);
        void (*functions[])(int64_t, const float *, float *) = {k->exp_f32, k->sigmoid_f32,
                                                                k->tanh_f32};
        for (int f = 0; f < 3; f++) {
            functions[f](N, x, y);
            for (int i = 0; i < N; i++) {
                functions[f](1, x + i, &alone);
                assert_memory_equal(&alone, y + i, sizeof alone);
            }
        }
    }
}

static void test_narrow_rounds(void **state)
{
    (void)state;
    enum { N = 37 };
    double x[N];
    float y[N];
    for (int i = 0; i < N; i++)
        x[i] = i == 5 ? NAN : i == 6 ? 1e300 : 1.0 / (i + 1);
    for (int level = 0; crn_kernels_at(level) != NULL; level++) {
        crn_kernels_at(level)->narrow(N, x, y);
        for (int i = 0; i < N; i++)
            assert_true(i == 5 ? isnan(y[i]) : y[i] == (float)x[i]);
    }
}

/* ---- rows ---- */

/* Bit for bit what two separate C operations give. */
static void test_scaling(void **state)
{
    (void)state;
    enum { ROWS = 3, N = 19 };
    double x[ROWS * N], a[N], b[N], y[ROWS * N];
    float sx[ROWS * N], sa[N], sb[N], sy[ROWS * N];
    for (int i = 0; i < ROWS * N; i++)
        x[i] = (double)(sx[i] = number(i));
    for (int j = 0; j < N; j++) {
        a[j] = (double)(sa[j] = number(j + 100));
        b[j] = (double)(sb[j] = number(j + 200) + 2);
    }
    for (int level = 0; crn_kernels_at(level) != NULL; level++) {
        const crn_kernels *k = crn_kernels_at(level);
        k->multiply_add_f64(ROWS, N, x, a, b, y);
        k->multiply_add_f32(ROWS, N, sx, sa, sb, sy);
        for (int i = 0; i < ROWS * N; i++) {
            volatile double product = x[i] * a[i % N];
            volatile float single = sx[i] * sa[i % N];
            assert_true(y[i] == product + b[i % N]);
            assert_true(sy[i] == single + sb[i % N]);
        }
        k->subtract_divide_f64(ROWS, N, x, a, b, y);
        k->subtract_divide_f32(ROWS, N, sx, sa, sb, sy);
        for (int i = 0; i < ROWS * N; i++) {
            assert_true(y[i] == (x[i] - a[i % N]) / b[i % N]);
            assert_true(sy[i] == (sx[i] - sa[i % N]) / sb[i % N]);
        }
    }
}

static void check_softmax(const crn_kernels *k, int64_t rows, int64_t n)
{
    double *x = exactly((size_t)(rows * n) * sizeof *x),
           *y = exactly((size_t)(rows * n) * sizeof *y);
    float *sx = exactly((size_t)(rows * n) * sizeof *sx),
          *alone = exactly((size_t)n * sizeof *alone);
    for (int64_t i = 0; i < rows * n; i++)
        x[i] = (double)(sx[i] = 20 * number(i));
    k->softmax_f64(rows, n, x, y);
    for (int64_t i = 0; i < rows; i++) {
        double sum = 0, most = x[i * n];
        for (int64_t j = 1; j < n; j++)
            most = x[i * n + j] > most ? x[i * n + j] : most;
        for (int64_t j = 0; j < n; j++)
            sum += exp(x[i * n + j] - most);
        for (int64_t j = 0; j < n; j++) {
            double want = exp(x[i * n + j] - most) / sum;
            assert_close(&y[i * n + j], &want, 1, 1e-14, 0);
        }
    }
    memcpy(alone, sx + (rows - 1) * n, (size_t)n * sizeof *alone);
    k->softmax_f32(rows, n, sx, sx); /* in place */
    for (int64_t i = 0; i < rows * n; i++)
        assert_true(fabs((double)sx[i] - y[i]) <= 1e-6 * y[i]);
    k->softmax_f32(1, n, alone, alone);
    assert_memory_equal(alone, sx + (rows - 1) * n, (size_t)n * sizeof *alone);
    free(alone);
    free(sx);
    free(y);
    free(x);
}

static void test_softmax(void **state)
{
    (void)state;
    static const int64_t shapes[][2] = {{1, 1},  {1, 3},  {700, 3},  {5, 10},  {3, 33},
                                        {9, 63}, {9, 64}, {2, 1000}, {1, 5000}};
    for (int level = 0; crn_kernels_at(level) != NULL; level++) {
        for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++)
            check_softmax(crn_kernels_at(level), shapes[i][0], shapes[i][1]);
    }
}

/* Wherever the one special number stands, and however many there are. */
static void test_all_finite(void **state)
{
    (void)state;
    static const double special[] = {NAN, INFINITY, -INFINITY};
    enum { MOST = 5000 };
    static double x[MOST];
    static float y[MOST];
    for (int level = 0; crn_kernels_at(level) != NULL; level++) {
        const crn_kernels *k = crn_kernels_at(level);
        for (int i = 0; i < MOST; i++) {
            x[i] = i % 2 ? 1.7976931348623157e308 : -5e-324;
            y[i] = i % 2 ? 3.4028234e38f : -1e-45f;
        }
        for (int64_t at = 0; at < MOST; at += at < 40 ? 1 : 997) {
            const double before = x[at];
            const float narrow = y[at];
            x[at] = special[at % 3];
            y[at] = (float)special[at % 3];
            assert_true(k->all_finite_f64(at, x) && k->all_finite_f32(at, y));
            assert_false(k->all_finite_f64(at + 1, x) || k->all_finite_f32(at + 1, y));
            assert_false(k->all_finite_f64(MOST, x) || k->all_finite_f32(MOST, y));
            x[at] = before;
            y[at] = narrow;
        }
        assert_true(k->all_finite_f64(MOST, x) && k->all_finite_f32(MOST, y));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_levels_are_ordered_and_named),
        cmocka_unit_test(test_environment_chooses_a_level),
        cmocka_unit_test(test_affine_small),
        cmocka_unit_test(test_affine_around_panels),
        cmocka_unit_test(test_affine_slices_and_packing),
        cmocka_unit_test(test_affine_of_no_inputs_is_the_bias),
        cmocka_unit_test(test_affine_keeps_nan_to_its_row),
        cmocka_unit_test(test_affine_steps_tell_the_better_layout),
        cmocka_unit_test(test_functions_are_accurate),
        cmocka_unit_test(test_elu_is_accurate),
        cmocka_unit_test(test_functions_at_special_numbers),
        cmocka_unit_test(test_exp_of_the_smallest_results),
        cmocka_unit_test(test_functions_do_not_depend_on_the_place),
        cmocka_unit_test(test_narrow_rounds),
        cmocka_unit_test(test_scaling),
        cmocka_unit_test(test_softmax),
        cmocka_unit_test(test_all_finite),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
