/* SPDX-License-Identifier: BSD-3-Clause */
/* scipy's csr and csc matrices as dense arrays: what SciPy's toarray() gives, and matrices that
 * cannot be. */
#include "test.h"

#include "format/pickle.h"
#include "format/scipy_sparse.h"
#include "model/expression.h"

static crn_error err;

/* An instance of the class whose state is the dict; belongs to the document. */
static crn_object *sparse_object(crn_document *document, const char *module, const char *cls,
                                 const char *state)
{
    crn_object *dict = NULL;
    assert_ok(crn_expression_parse(document, state, strlen(state), &dict, &err));
    crn_object *object =
        crn_object_instance(document, CRN_BY_NEWOBJ, crn_object_global(document, module, cls));
    assert_non_null(object);
    object->as.instance->state = dict;
    return object;
}

static void assert_dense(const char *module, const char *cls, const char *state, int64_t rows,
                         int64_t columns, const double *expected)
{
    crn_document *document = NULL;
    crn_array got = CRN_ARRAY_INIT;
    assert_ok(crn_document_create(NULL, &document, &err));
    const crn_object *object = sparse_object(document, module, cls, state);
    assert_true(crn_object_is_sparse(object));
    assert_ok(crn_object_to_array(object, &got, &err));
    assert_int_equal(got.ndim, 2);
    assert_int_equal(got.shape[0], rows);
    assert_int_equal(got.shape[1], columns);
    assert_close(got.data, expected, (size_t)(rows * columns), 0, 0);
    crn_array_free(&got);
    crn_document_release(document);
}

static const double csr[6] = {0, 1.5, -2, 0, 0, 3};

static void test_rows_and_columns(void **state)
{
    (void)state;
    static const char text[] = "{'_shape': (2, 3), 'maxprint': 50, 'indices': [1, 2, 2], "
                               "'indptr': [0, 2, 3], 'data': [1.5, -2.0, 3.0]}";
    static const char transposed[] = "{'_shape': (3, 2), 'maxprint': 50, 'indices': [1, 2, 2], "
                                     "'indptr': [0, 2, 3], 'data': [1.5, -2.0, 3.0]}";
    static const double columns[6] = {0, 0, 1.5, 0, -2, 3};
    assert_dense("scipy.sparse._csr", "csr_matrix", text, 2, 3, csr);
    assert_dense("scipy.sparse.csr", "csr_matrix", text, 2, 3, csr);
    assert_dense("scipy.sparse._arrays", "csr_array", text, 2, 3, csr);
    assert_dense("scipy.sparse._csc", "csc_matrix", transposed, 3, 2, columns);
    assert_dense("scipy.sparse._csc", "csc_array",
                 "{'_shape': (2, 3), 'indices': [1, 0, 1], 'indptr': [0, 1, 2, 3], 'data': "
                 "[-2.0, 1.5, 3.0]}",
                 2, 3, (const double[6]){0, 1.5, 0, -2, 0, 3});
}

/* However large the matrix: it is never made dense. */
static void test_diagonal(void **state)
{
    (void)state;
    crn_document *document = NULL;
    crn_array got = CRN_ARRAY_INIT;
    assert_ok(crn_document_create(NULL, &document, &err));
    const crn_object *object =
        sparse_object(document, "scipy.sparse._csr", "csr_matrix",
                      "{'_shape': (3, 3), 'indices': [0, 2, 2, 2], 'indptr': [0, 1, 2, 4], "
                      "'data': [1.5, 7.0, 2.0, 3.0]}");
    assert_ok(crn_sparse_diagonal(object, &got, &err));
    assert_int_equal(got.ndim, 1);
    assert_close(got.data, ((const double[3]){1.5, 0, 5}), 3, 0, 0);
    crn_array_free(&got);
    object = sparse_object(document, "scipy.sparse._csr", "csr_matrix",
                           "{'_shape': (1, 2), 'indices': [1], 'indptr': [0, 1], 'data': [2]}");
    assert_status(CRN_FORMAT, crn_sparse_diagonal(object, &got, &err));
    crn_document_release(document);
}

static void test_values_in_one_place_are_added(void **state)
{
    (void)state;
    assert_dense("scipy.sparse._csr", "csr_matrix",
                 "{'_shape': (1, 2), 'indices': [1, 1], 'indptr': [0, 2], 'data': [2, 3]}", 1,
                 2, (const double[2]){0, 5});
}

static void test_nothing_stored(void **state)
{
    (void)state;
    assert_dense(
        "scipy.sparse._csr", "csr_matrix",
        "{'_shape': (2, 2), 'indices': [1], 'indptr': [0, 0, 0], 'data': [7]}", 2, 2,
        (const double[4]){0, 0, 0, 0}); /* what stands behind the last line does not count */
}

static void assert_refused(const char *state, crn_status status, const char *message)
{
    crn_document *document = NULL;
    crn_array got = CRN_ARRAY_INIT;
    assert_ok(crn_document_create(NULL, &document, &err));
    const crn_object *object =
        sparse_object(document, "scipy.sparse._csr", "csr_matrix", state);
    assert_status(status, crn_object_to_array(object, &got, &err));
    assert_string_equal(err.message, message);
    assert_null(got.data);
    crn_document_release(document);
}

static void test_matrices_that_cannot_be(void **state)
{
    (void)state;
    assert_refused("{'indices': [1], 'indptr': [0, 1], 'data': [1.0]}", CRN_FORMAT,
                   "a sparse matrix: it has no _shape");
    assert_refused("{'_shape': (1, 2, 3), 'indices': [1], 'indptr': [0, 1], 'data': [1.0]}",
                   CRN_FORMAT, "a sparse matrix: _shape is not a pair");
    assert_refused("{'_shape': (1, 2), 'indices': [2], 'indptr': [0, 1], 'data': [1.0]}",
                   CRN_FORMAT, "a sparse matrix: an index lies outside of _shape");
    assert_refused("{'_shape': (1, 2), 'indices': [-1], 'indptr': [0, 1], 'data': [1.0]}",
                   CRN_FORMAT, "a sparse matrix: an index lies outside of _shape");
    assert_refused("{'_shape': (1, 2), 'indices': [0, 1], 'indptr': [0, 1], 'data': [1.0]}",
                   CRN_FORMAT, "a sparse matrix: data and indices differ in length");
    assert_refused("{'_shape': (2, 2), 'indices': [0], 'indptr': [0, 1], 'data': [1.0]}",
                   CRN_FORMAT, "a sparse matrix: indptr does not fit _shape");
    static const char *const falls[] = {"[0, 1, 0]", "[1, 1, 1]", "[0, 1, 2]", "[0, -1, 1]"};
    for (size_t i = 0; i < sizeof falls / sizeof *falls; i++) {
        char text[160];
        snprintf(text, sizeof text,
                 "{'_shape': (2, 2), 'indices': [0], 'indptr': %s, 'data': [1.0]}", falls[i]);
        assert_refused(text, CRN_FORMAT,
                       "a sparse matrix: indptr does not rise from 0 to the length of data");
    }
    assert_refused("{'_shape': (1, 2), 'indices': [0.0], 'indptr': [0, 1], 'data': [1.0]}",
                   CRN_DTYPE, "a sparse matrix: indices holds float64");
    assert_refused("{'_shape': (1, 2), 'indices': [0], 'indptr': [0, 1], 'data': ['a']}",
                   CRN_DTYPE, "a sparse matrix: data holds str");
    assert_refused("{'_shape': (1, 2), 'indices': [[0]], 'indptr': [0, 1], 'data': [1.0]}",
                   CRN_FORMAT, "a sparse matrix: indices is not a vector");
}

/* A small file must not ask for a large matrix. */
static void test_large_and_empty(void **state)
{
    (void)state;
    assert_refused(
        "{'_shape': (1, 1099511627776), 'indices': [0], 'indptr': [0, 1], 'data': [1.0]}",
        CRN_LIMIT,
        "a sparse matrix of 1 by 1099511627776 with 1 values is too large to be made dense");
    assert_refused("{'_shape': (2, 9223372036854775807), 'indices': [0], 'indptr': [0, 1, 1], "
                   "'data': [1.0]}",
                   CRN_LIMIT,
                   "a sparse matrix of 2 by 9223372036854775807 with 1 values is too large to "
                   "be made dense");
}

/* data that is the matrix itself would have no end. */
static void test_a_matrix_inside_of_itself(void **state)
{
    (void)state;
    crn_document *document = NULL;
    crn_array got = CRN_ARRAY_INIT;
    assert_ok(crn_document_create(NULL, &document, &err));
    crn_object *object =
        sparse_object(document, "scipy.sparse._csr", "csr_matrix",
                      "{'_shape': (1, 2), 'indices': [0], 'indptr': [0, 1], 'data': None}");
    assert_true(crn_object_set(document, object->as.instance->state, "data", object));
    assert_status(CRN_FORMAT, crn_object_to_array(object, &got, &err));
    crn_document_release(document);
}

static void test_other_classes(void **state)
{
    (void)state;
    crn_document *document = NULL;
    assert_ok(crn_document_create(NULL, &document, &err));
    assert_false(crn_object_is_sparse(sparse_object(document, "numpy", "csr_matrix", "{}")));
    assert_false(
        crn_object_is_sparse(sparse_object(document, "scipy.sparse._coo", "coo_matrix", "{}")));
    assert_false(crn_object_is_sparse(crn_object_none(document)));
    assert_false(crn_object_is_sparse(NULL));
    crn_document_release(document);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows_and_columns),
        cmocka_unit_test(test_values_in_one_place_are_added),
        cmocka_unit_test(test_diagonal),
        cmocka_unit_test(test_nothing_stored),
        cmocka_unit_test(test_matrices_that_cannot_be),
        cmocka_unit_test(test_large_and_empty),
        cmocka_unit_test(test_a_matrix_inside_of_itself),
        cmocka_unit_test(test_other_classes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
