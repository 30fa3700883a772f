/* SPDX-License-Identifier: BSD-3-Clause */
/* The general matrix product at every level against a plain sum, at sizes around the edges of
 * its tiles, panels and slices. */
#include "test.h"

#include <stdlib.h>

#include "kernels/kernels.h"

/* What the rows of a call look like; every combination is tried. */
enum { PIECES = 1, EPILOGUE = 2, SCRATCH = 4, FINITE = 8, ALL_FORMS = 16, TAPS = 3 };

static double number(int64_t i)
{
    return (double)(i * 2654435761u % 1021) / 512.0 - 1.0;
}

/* Memory of exactly this size, so that a sanitizer sees the first element too many. */
static void *exactly(int64_t count, size_t size)
{
    void *memory = malloc((size_t)count * size);
    assert_non_null(memory);
    return memory;
}

static void *aligned(int64_t count, size_t size)
{
    void *memory = aligned_alloc(64, ((size_t)count * size + 63) / 64 * 64);
    assert_non_null(memory);
    return memory;
}

/* The matrices of one product: b is kept as numbers, rows, columns and packed. */
#define DEFINE_CASE(R, suffix)                                                                   \
    typedef struct case_##suffix {                                                               \
        const crn_kernels *kernels;                                                              \
        crn_product product;                                                                     \
        R *a, *b[3], *bias, *added, *out, bounds[2];                                             \
    } case_##suffix;                                                                             \
                                                                                                 \
    static R *numbers_##suffix(int64_t count, int64_t seed)                                      \
    {                                                                                            \
        R *memory = exactly(count, sizeof(R));                                                   \
        for (int64_t i = 0; i < count; i++)                                                      \
            memory[i] = i % 5 == 3 ? 0 : (R)number(seed * i + seed);                             \
        return memory;                                                                           \
    }                                                                                            \
                                                                                                 \
    static double expected_##suffix(const case_##suffix *c, int64_t i, int64_t j)                \
    {                                                                                            \
        const crn_product *p = &c->product;                                                      \
        const int64_t n_tap = p->taps > 0 ? p->n_in / p->taps : p->n_in;                         \
        double sum = 0;                                                                          \
        for (int64_t k = 0; k < p->n_in; k++) {                                                  \
            const R *row = p->pieces == NULL ? c->a + i * p->a_step                              \
                                             : (const R *)p->pieces[k / n_tap * p->rows + i] -   \
                                                   k / n_tap * n_tap;                            \
            sum += (double)row[k] * (double)c->b[CRN_PRODUCT_ROWS][k * (p->n_out + 2) + j];      \
        }                                                                                        \
        if (p->bias != NULL)                                                                     \
            sum += (double)c->bias[j] + (double)c->added[i * p->added_step + j];                 \
        if (p->bounds != NULL)                                                                   \
            sum = sum < (double)c->bounds[0]   ? (double)c->bounds[0]                            \
                  : sum > (double)c->bounds[1] ? (double)c->bounds[1]                            \
                                               : sum;                                            \
        return sum;                                                                              \
    }                                                                                            \
                                                                                                 \
    /* Every element is near the plain sum, and a row alone has the same bits; what lies       \
     * between the rows of out is left alone. */ \
    static void check_case_##suffix(case_##suffix *c)                                            \
    {                                                                                            \
        crn_product *p = &c->product;                                                            \
        R *alone = exactly(p->n_out, sizeof(R));                                                 \
        for (int64_t i = 0; i < p->rows * p->out_step; i++)                                      \
            c->out[i] = (R)-77;                                                                  \
        c->kernels->product_##suffix(p);                                                         \
        for (int64_t i = 0; i < p->rows; i++) {                                                  \
            crn_product one = *p;                                                                \
            const void *pieces[TAPS];                                                            \
            for (int64_t t = 0; p->pieces != NULL && t < TAPS; t++)                              \
                pieces[t] = p->pieces[t * p->rows + i];                                          \
            one.rows = 1;                                                                        \
            one.a = c->a + i * p->a_step;                                                        \
            one.pieces = p->pieces == NULL ? NULL : pieces;                                      \
            one.added = p->added == NULL ? NULL : c->added + i * p->added_step;                  \
            one.out = alone;                                                                     \
            c->kernels->product_##suffix(&one);                                                  \
            assert_memory_equal(alone, c->out + i * p->out_step,                                 \
                                (size_t)p->n_out * sizeof(R));                                   \
            for (int64_t j = 0; j < p->n_out; j++) {                                             \
                double got = (double)c->out[i * p->out_step + j];                                \
                double want = expected_##suffix(c, i, j);                                        \
                assert_close(&got, &want, 1, sizeof(R) == 4 ? 1e-5 : 1e-13,                      \
                             (double)(p->n_in + 1) * (sizeof(R) == 4 ? 1e-7 : 1e-16));           \
            }                                                                                    \
            for (int64_t j = p->n_out; j < p->out_step; j++)                                     \
                assert_true(c->out[i * p->out_step + j] == (R)-77);                              \
        }                                                                                        \
        free(alone);                                                                             \
    }                                                                                            \
                                                                                                 \
    static void check_forms_##suffix(case_##suffix *c, void *scratch, const void **pieces)       \
    {                                                                                            \
        const crn_product plain = c->product;                                                    \
        for (int form = 0; form < ALL_FORMS * 3; form++) {                                       \
            crn_product *p = &c->product;                                                        \
            *p = plain;                                                                          \
            p->layout = (crn_product_layout)(form / ALL_FORMS);                                  \
            p->b = c->b[p->layout];                                                              \
            p->b_step = p->layout == CRN_PRODUCT_COLUMNS ? p->n_in + 1 : p->n_out + 2;           \
            p->finite_b = form & FINITE;                                                         \
            p->scratch = form & SCRATCH || p->layout == CRN_PRODUCT_COLUMNS ? scratch : NULL;    \
            if (form & PIECES) {                                                                 \
                p->pieces = pieces;                                                              \
                p->taps = TAPS;                                                                  \
            }                                                                                    \
            if (form & EPILOGUE) {                                                               \
                p->bias = c->bias;                                                               \
                p->added = c->added;                                                             \
                p->bounds = c->bounds;                                                           \
            }                                                                                    \
            if (p->pieces == NULL || p->n_in % TAPS == 0)                                        \
                check_case_##suffix(c);                                                          \
        }                                                                                        \
        c->product = plain;                                                                      \
    }                                                                                            \
                                                                                                 \
    static void check_##suffix(const crn_kernels *kernels, int64_t rows, int64_t n_in,           \
                               int64_t n_out)                                                    \
    {                                                                                            \
        case_##suffix c = {                                                                      \
            .kernels = kernels,                                                                  \
            .product = {.rows = rows,                                                            \
                        .n_in = n_in,                                                            \
                        .n_out = n_out,                                                          \
                        .a_step = n_in + 3,                                                      \
                        .out_step = n_out + 1,                                                   \
                        .added_step = n_out + 2},                                                \
            .a = numbers_##suffix(rows * (n_in + 3), 1),                                         \
            .b[CRN_PRODUCT_ROWS] = numbers_##suffix(n_in * (n_out + 2), 3),                      \
            .b[CRN_PRODUCT_COLUMNS] = exactly(n_out * (n_in + 1), sizeof(R)),                    \
            .bias = numbers_##suffix(n_out, 7),                                                  \
            .added = numbers_##suffix(rows * (n_out + 2), 11),                                   \
            .out = exactly(rows * (n_out + 1), sizeof(R)),                                       \
            .bounds = {(R)-0.5, (R)1.25},                                                        \
        };                                                                                       \
        c.product.a = c.a;                                                                       \
        c.product.out = c.out;                                                                   \
        c.b[CRN_PRODUCT_PACKED] =                                                                \
            aligned(kernels->product_packed_size_##suffix(n_in, n_out), sizeof(R));              \
        kernels->product_pack_##suffix(n_in, n_out, c.b[CRN_PRODUCT_ROWS], n_out + 2, 1,         \
                                       c.b[CRN_PRODUCT_PACKED]);                                 \
        for (int64_t k = 0; k < n_in; k++) {                                                     \
            for (int64_t j = 0; j < n_out; j++)                                                  \
                c.b[CRN_PRODUCT_COLUMNS][j * (n_in + 1) + k] =                                   \
                    c.b[CRN_PRODUCT_ROWS][k * (n_out + 2) + j];                                  \
        }                                                                                        \
        void *scratch = aligned(CRN_PRODUCT_SCRATCH, 1);                                         \
        const void **pieces = exactly(rows * TAPS, sizeof *pieces);                              \
        for (int64_t i = 0; i < rows * TAPS; i++)                                                \
            pieces[i] = c.a + (i * 5 % rows) * (n_in + 3) + i % 3;                               \
        check_forms_##suffix(&c, scratch, pieces);                                               \
        free(pieces);                                                                            \
        free(scratch);                                                                           \
        free(c.out);                                                                             \
        free(c.added);                                                                           \
        free(c.bias);                                                                            \
        for (int layout = 0; layout < 3; layout++)                                               \
            free(c.b[layout]);                                                                   \
        free(c.a);                                                                               \
    }

DEFINE_CASE(float, f32)
DEFINE_CASE(double, f64)

static void check_both(int64_t rows, int64_t n_in, int64_t n_out)
{
    for (int level = 0; crn_kernels_at(level) != NULL; level++) {
        check_f32(crn_kernels_at(level), rows, n_in, n_out);
        check_f64(crn_kernels_at(level), rows, n_in, n_out);
    }
}

static void test_small(void **state)
{
    (void)state;
    for (int64_t rows = 1; rows <= 13; rows += 4) {
        for (int64_t n_in = 0; n_in <= 15; n_in += 5) {
            for (int64_t n_out = 1; n_out <= 33; n_out += 8)
                check_both(rows, n_in, n_out);
        }
    }
}

static void test_around_panels(void **state)
{
    (void)state;
    static const int64_t widths[] = {15, 16, 17, 31, 32, 48, 49, 63, 64, 65, 96, 129, 200};
    for (size_t i = 0; i < sizeof widths / sizeof *widths; i++)
        check_both(8, 6, widths[i]);
}

/* Several slices of n_in, by whole taps and within one, and rows enough for packing. */
static void test_slices(void **state)
{
    (void)state;
    check_both(3, 1200, 20);
    check_both(29, 600, 131);
}

static void test_nan_and_infinity(void **state)
{
    (void)state;
    float a[6] = {0, 1, NAN, 1, 1, 0}, b[2] = {INFINITY, 2}, bounds[] = {0, INFINITY}, out[3];
    for (int level = 0; crn_kernels_at(level) != NULL; level++) {
        crn_kernels_at(level)->product_f32(&(crn_product){.rows = 3,
                                                          .n_in = 2,
                                                          .n_out = 1,
                                                          .a = a,
                                                          .a_step = 2,
                                                          .b = b,
                                                          .layout = CRN_PRODUCT_ROWS,
                                                          .b_step = 1,
                                                          .bounds = bounds,
                                                          .out = out,
                                                          .out_step = 1});
        assert_true(isnan(out[0])); /* 0 times infinity */
        assert_true(isnan(out[1])); /* relu keeps it */
        assert_true(out[2] == INFINITY);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_small),
        cmocka_unit_test(test_around_panels),
        cmocka_unit_test(test_slices),
        cmocka_unit_test(test_nan_and_infinity),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
