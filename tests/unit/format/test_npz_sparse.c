/* SPDX-License-Identifier: BSD-3-Clause */
/* Sparse matrices in .npz files: there and back, columns dealt to rows, and files that cannot
 * be. Members are named as scipy.sparse.save_npz() names them. */
#include "test.h"

#include "base/csr.h"
#include "format/npy.h"

static crn_error err;

/* [[0, 1.5, -2], [0, 0, 3]] */
static int64_t indptr[] = {0, 2, 3};
static int32_t indices[] = {1, 2, 2};
static double values[] = {1.5, -2, 3};
static const double dense[6] = {0, 1.5, -2, 0, 0, 3};

static crn_buffer *buffer_of(crn_text *bytes)
{
    crn_buffer *file = crn_buffer_create(bytes->size);
    assert_non_null(file);
    memcpy(crn_buffer_data(file), bytes->data, bytes->size);
    crn_text_free(bytes);
    return file;
}

static void expect_dense(crn_buffer *file)
{
    crn_array array = CRN_ARRAY_INIT, numbers = CRN_ARRAY_INIT;
    assert_true(crn_npz_is_sparse(file, NULL));
    assert_ok(crn_npz_read_sparse(file, NULL, &array, &err));
    assert_int_equal(array.dtype, CRN_CSR);
    assert_int_equal(array.shape[0], 2);
    assert_int_equal(array.shape[1], 3);
    assert_ok(crn_csr_check(&array, &err));
    assert_ok(crn_array_astype(&array, CRN_FLOAT64, &numbers, &err));
    assert_close((const double *)numbers.data, dense, 6, 0, 0);
    crn_array_free(&numbers);
    crn_array_free(&array);
}

static void test_there_and_back(void **state)
{
    (void)state;
    const crn_csr csr = {indptr, indices, values, CRN_FLOAT64};
    const crn_array array = crn_array_view_csr(&csr, 2, 3);
    crn_text bytes = CRN_TEXT_INIT;
    assert_ok(crn_npz_write_sparse(&array, &bytes, &err));
    crn_buffer *file = buffer_of(&bytes);
    expect_dense(file);
    crn_buffer_release(file);
}

typedef struct parts {
    const char *format;
    int64_t shape[2];
    int64_t *indptr;
    int64_t indptr_count;
    int32_t *indices;
    int64_t stored;
} parts;

static crn_buffer *file_of(const parts *p)
{
    static const char *const names[] = {"indices", "indptr", "format", "shape", "data"};
    char format[4];
    snprintf(format, sizeof format, "%s", p->format);
    const crn_array arrays[] = {crn_array_view_1d(p->indices, CRN_INT32, p->stored),
                                crn_array_view_1d(p->indptr, CRN_INT64, p->indptr_count),
                                {.data = format, .dtype = CRN_BYTES, .itemsize = 3},
                                crn_array_view_1d(p->shape, CRN_INT64, 2),
                                crn_array_view_1d(values, CRN_FLOAT64, 3)};
    crn_text bytes = CRN_TEXT_INIT;
    assert_ok(crn_npz_write(names, arrays, 5, &bytes, &err));
    return buffer_of(&bytes);
}

static void test_columns_are_dealt_to_rows(void **state)
{
    (void)state;
    int64_t columns[] = {0, 0, 1, 3};
    int32_t rows[] = {0, 0, 1};
    const parts csc = {"csc", {2, 3}, columns, 4, rows, 3};
    crn_buffer *file = file_of(&csc);
    expect_dense(file);
    crn_buffer_release(file);
}

static void test_files_that_cannot_be(void **state)
{
    (void)state;
    int64_t falling[] = {0, 3, 2}, beyond[] = {0, 2, 4};
    int32_t outside[] = {1, 3, 2};
    const struct {
        parts parts;
        crn_status status;
    } cases[] = {{{"coo", {2, 3}, indptr, 3, indices, 3}, CRN_UNSUPPORTED},
                 {{"csr", {3, 3}, indptr, 3, indices, 3}, CRN_FORMAT},
                 {{"csr", {2, -3}, indptr, 3, indices, 3}, CRN_FORMAT},
                 {{"csr", {2, 3}, falling, 3, indices, 3}, CRN_FORMAT},
                 {{"csr", {2, 3}, beyond, 3, indices, 3}, CRN_FORMAT},
                 {{"csr", {2, 3}, indptr, 3, outside, 3}, CRN_FORMAT},
                 {{"csr", {2, 3}, indptr, 3, indices, 2}, CRN_FORMAT},
                 {{"csc", {INT32_MAX, 2}, indptr, 3, indices, 3}, CRN_LIMIT}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        crn_buffer *file = file_of(&cases[i].parts);
        crn_array array = CRN_ARRAY_INIT;
        assert_status(cases[i].status, crn_npz_read_sparse(file, NULL, &array, &err));
        assert_null(array.data);
        crn_buffer_release(file);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_there_and_back),
        cmocka_unit_test(test_columns_are_dealt_to_rows),
        cmocka_unit_test(test_files_that_cannot_be),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
