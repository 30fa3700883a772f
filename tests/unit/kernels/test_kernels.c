/* SPDX-License-Identifier: BSD-3-Clause */
/* Every level that this CPU can run against the plain form of each kernel, at sizes around the
 * edges of its tiles. */
#include "test.h"

#include <stdlib.h>

#include "kernels/kernels.h"

/* ---- levels ------------------------------------------------------------------------------ */

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

/* ---- affine ------------------------------------------------------------------------------ */

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
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
