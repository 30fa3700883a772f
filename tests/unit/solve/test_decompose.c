/* SPDX-License-Identifier: BSD-3-Clause */
/* Decompositions against scipy.linalg and numpy.linalg, and against what they mean. */
#include "solve/decompose.h"
#include "unit/solve/golden.h"

enum { SHAPES = 4 };

static const golden_matrix *shape_of(const golden_file *golden, int i, int64_t *k)
{
    const golden_matrix *x = golden_get(golden, "svd_%d_x", i);
    *k = x->rows < x->columns ? x->rows : x->columns;
    return x;
}

static void test_svd_is_scipys(void **state)
{
    (void)state;
    crn_error err;
    golden_file golden = golden_read("decompositions");
    for (int i = 0; i < SHAPES; i++) {
        int64_t k;
        const golden_matrix *x = shape_of(&golden, i, &k);
        double *u = new_doubles(x->rows * k), *s = new_doubles(k),
               *vt = new_doubles(k * x->columns);
        assert_ok(crn_svd(x->values, x->rows, x->columns, u, s, vt, &err));
        assert_matrix_close(u, golden_get(&golden, "svd_%d_u", i), 1e-12, 1e-13);
        assert_matrix_close(s, golden_get(&golden, "svd_%d_s", i), 1e-12, 0);
        assert_matrix_close(vt, golden_get(&golden, "svd_%d_vt", i), 1e-12, 1e-13);
        memset(s, 0, (size_t)k * sizeof *s);
        assert_ok(crn_svd(x->values, x->rows, x->columns, NULL, s, NULL, &err));
        assert_matrix_close(s, golden_get(&golden, "svd_%d_s", i), 1e-12, 0);
        free(u);
        free(s);
        free(vt);
    }
    golden_free(&golden);
}

static double *copy_of(const golden_matrix *matrix)
{
    double *copy = new_doubles(matrix->rows * matrix->columns);
    memcpy(copy, matrix->values, (size_t)(matrix->rows * matrix->columns) * sizeof *copy);
    return copy;
}

static void test_svd_flip_is_scikit_learns(void **state)
{
    (void)state;
    golden_file golden = golden_read("decompositions");
    for (int i = 0; i < SHAPES; i++)
        for (int u_based = 0; u_based < 2; u_based++) {
            int64_t k;
            const golden_matrix *x = shape_of(&golden, i, &k);
            char side = u_based ? 'u' : 'v';
            double *u = copy_of(golden_get(&golden, "svd_%d_u", i));
            double *vt = copy_of(golden_get(&golden, "svd_%d_vt", i));
            crn_svd_flip(u, x->rows, vt, x->columns, k, u_based);
            assert_matrix_close(u, golden_get(&golden, "svd_%d_flip_%c_u", i, side), 0, 0);
            assert_matrix_close(vt, golden_get(&golden, "svd_%d_flip_%c_vt", i, side), 0, 0);
            free(u);
            free(vt);
        }
    golden_free(&golden);
}

static void test_svd_flip_takes_one_side_alone(void **state)
{
    (void)state;
    double vt[6] = {1, -3, 2, 0.5, 4, -4}, want_v[6] = {-1, 3, -2, 0.5, 4, -4};
    crn_svd_flip(NULL, 0, vt, 3, 2, false);
    assert_close(vt, want_v, 6, 0, 0);
    double u[4] = {-1, 2, 0.5, -2},
           want_u[4] = {1, 2, -0.5, -2}; /* the first of equals decides */
    crn_svd_flip(u, 2, NULL, 0, 2, true);
    assert_close(u, want_u, 4, 0, 0);
}

static void test_eigh_is_numpys(void **state)
{
    (void)state;
    crn_error err;
    golden_file golden = golden_read("decompositions");
    double *a = copy_of(golden_get(&golden, "a")), values[6], vectors[36];
    assert_ok(crn_eigh(a, 6, values, &err));
    assert_matrix_close(values, golden_get(&golden, "eigh_values"), 1e-12, 0);
    crn_transpose(a, 6, 6, vectors);
    assert_matrix_close(vectors, golden_get(&golden, "eigh_vectors"), 1e-11, 1e-12);
    free(a);
    golden_free(&golden);
}

/* Calls an in-place factor in Fortran order and compares its first k columns. */
static void compare_in_place(crn_status (*factor)(double *, int64_t, int64_t, crn_error *),
                             const char *name)
{
    crn_error err;
    golden_file golden = golden_read("decompositions");
    for (int i = 0; i < SHAPES; i++) {
        int64_t k;
        const golden_matrix *x = shape_of(&golden, i, &k);
        double *a = new_doubles(x->rows * x->columns), *back = new_doubles(x->rows * k);
        crn_transpose(x->values, x->rows, x->columns, a);
        assert_ok(factor(a, x->rows, x->columns, &err));
        crn_transpose(a, k, x->rows, back);
        assert_matrix_close(back, golden_get(&golden, "svd_%d_%s", i, name), 1e-12, 1e-13);
        free(a);
        free(back);
    }
    golden_free(&golden);
}

static void test_qr_is_scipys(void **state)
{
    (void)state;
    compare_in_place(crn_qr_q, "q");
}

static void test_lu_is_scipys(void **state)
{
    (void)state;
    compare_in_place(crn_lu_pl, "pl");
}

static void test_lu_of_a_singular_matrix(void **state)
{
    (void)state;
    crn_error err;
    double a[4] = {1, 2, 2, 4},
           want[4] = {0.5, 1, 1, 0}; /* Fortran order: PL of [[1, 2], [2, 4]] */
    assert_ok(crn_lu_pl(a, 2, 2, &err));
    assert_close(a, want, 4, 0, 0);
}

static void test_transpose_of_any_shape(void **state)
{
    (void)state;
    const int64_t shapes[][2] = {{1, 1}, {1, 70}, {33, 32}, {65, 31}};
    for (size_t s = 0; s < 4; s++) {
        int64_t rows = shapes[s][0], columns = shapes[s][1];
        double *x = new_doubles(rows * columns), *out = new_doubles(rows * columns);
        for (int64_t i = 0; i < rows * columns; i++)
            x[i] = (double)i;
        crn_transpose(x, rows, columns, out);
        for (int64_t i = 0; i < rows; i++)
            for (int64_t j = 0; j < columns; j++)
                assert_true(out[j * rows + i] == x[i * columns + j]);
        free(x);
        free(out);
    }
}

static void test_bad_matrices_are_refused(void **state)
{
    (void)state;
    crn_error err;
    double a[4] = {1, NAN, 2, 3}, s[2];
    assert_status(CRN_ARGUMENT, crn_svd(a, 2, 2, NULL, s, NULL, &err));
    assert_status(CRN_ARGUMENT, crn_svd(a, 0, 2, NULL, s, NULL, &err));
    assert_status(CRN_ARGUMENT, crn_eigh(a, 0, s, &err));
    assert_status(CRN_LIMIT, crn_svd(a, INT64_C(1) << 31, 1, NULL, s, NULL, &err));
    assert_status(CRN_LIMIT, crn_qr_q(a, 1, INT64_C(1) << 31, &err));
    assert_status(CRN_ARGUMENT, crn_lu_pl(a, 1, 0, &err));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_svd_is_scipys),
        cmocka_unit_test(test_svd_flip_is_scikit_learns),
        cmocka_unit_test(test_svd_flip_takes_one_side_alone),
        cmocka_unit_test(test_eigh_is_numpys),
        cmocka_unit_test(test_qr_is_scipys),
        cmocka_unit_test(test_lu_is_scipys),
        cmocka_unit_test(test_lu_of_a_singular_matrix),
        cmocka_unit_test(test_transpose_of_any_shape),
        cmocka_unit_test(test_bad_matrices_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
