/* SPDX-License-Identifier: BSD-3-Clause */
/* NumPy arrays, records and scalars in pickles. Expected values: joblib.load of the same files.
 */
#include "format/numpy_object.h"

#include "format/numpy_dtype.h"
#include "pickle_golden.h"

/* coef_[0, :4] of the LogisticRegression files of 1.9.1. */
static const double coef[4] = {1.0260031905331928, 0.1467421591988721, -0.1469555943976497,
                               -0.8160273031377188};

static crn_array array_of(const crn_object *object)
{
    crn_error err = CRN_ERROR_INIT;
    crn_array array = CRN_ARRAY_INIT;
    assert_ok(crn_object_to_array(object, &array, &err));
    return array;
}

static void check_coef(const char *path, bool fortran)
{
    crn_document *document = golden_document(path);
    crn_array array = array_of(attribute(document, "coef_"));
    assert_int_equal(array.dtype, CRN_FLOAT64);
    assert_int_equal(array.ndim, 2);
    assert_int_equal(array.shape[0], 3);
    assert_int_equal(array.shape[1], 5);
    assert_int_equal(array.strides[0], fortran ? 8 : 40);
    for (int i = 0; i < 4; i++)
        assert_true(crn_array_get(&array, i) == coef[i]);
    crn_array_free(&array);
    crn_document_release(document);
}

static void test_layouts(void **state)
{
    (void)state;
    check_coef("joblib/1.9.1/bigendian_logreg-1.9.1.joblib", true);
    check_coef("joblib/1.9.1/fortran_logreg-1.9.1.joblib", true);
    check_coef("joblib/1.9.1/strided_logreg-1.9.1.joblib", false);
    check_coef("joblib/1.9.1/matrix_logreg-1.9.1.joblib", false);
    check_coef("joblib/1.9.1/memmap_logreg-1.9.1.joblib", false);
}

/* An aligned array of an uncompressed file is a view into the file's bytes, and outlives the
 * document. */
static void test_arrays_stay_in_place(void **state)
{
    (void)state;
    crn_error err = CRN_ERROR_INIT;
    crn_document *document = NULL;
    crn_buffer *file = golden_file("joblib/1.9.1/StandardScaler-1.9.1.joblib");
    assert_ok(crn_pickle_read(file, NULL, NULL, &document, &err));
    crn_array array = array_of(attribute(document, "mean_"));
    const char *begin = crn_buffer_data(file), *at = array.data;
    assert_true(at > begin && at < begin + crn_buffer_size(file));
    assert_int_equal((uintptr_t)at % 16, 0);
    crn_buffer_release(file);
    crn_document_release(document);
    assert_true(crn_array_get(&array, 0) == 0.24641071428571423);
    crn_array_free(&array);
}

/* Old files have no padding: their arrays lie anywhere, and are copied where they must be. */
static void test_unaligned_arrays(void **state)
{
    (void)state;
    static const char *const paths[] = {"joblib/1.0.2/StandardScaler-1.0.2.joblib",
                                        "joblib/0.22.2/StandardScaler-0.22.2.joblib",
                                        "joblib/0.20.4/StandardScaler-0.20.4.joblib"};
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        crn_document *document = golden_document(paths[i]);
        crn_array array = array_of(attribute(document, "mean_"));
        assert_int_equal((uintptr_t)array.data % 8, 0);
        assert_true(crn_array_get(&array, 0) == 0.24641071428571423);
        assert_true(crn_array_get(&array, 4) == crn_array_get(&array, array.shape[0] - 1));
        crn_array_free(&array);
        crn_document_release(document);
    }
}

static void test_kinds_of_arrays(void **state)
{
    (void)state;
    crn_document *document = golden_document("joblib/1.9.1/zerod_scaler-1.9.1.joblib");
    static const struct {
        const char *name;
        crn_dtype dtype;
        int32_t ndim;
        int64_t size;
    } wanted[] = {
        {"mean_", CRN_FLOAT64, 1, 5},  {"extra_", CRN_FLOAT64, 0, 1},
        {"empty_", CRN_FLOAT64, 2, 0}, {"cplx_", CRN_COMPLEX128, 1, 1},
        {"dt_", CRN_DATETIME, 1, 2},   {"flag_", CRN_BOOL, 1, 2},
        {"scal_", CRN_FLOAT32, 0, 1},
    };
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++) {
        crn_array array = array_of(attribute(document, wanted[i].name));
        assert_int_equal(array.dtype, wanted[i].dtype);
        assert_int_equal(array.ndim, wanted[i].ndim);
        assert_int_equal(crn_array_size(&array), wanted[i].size);
        crn_array_free(&array);
    }
    double number = 0;
    int64_t integer = 0;
    assert_true(crn_object_as_double(attribute(document, "n_samples_seen_"), &number));
    assert_true(number == 56.0);
    assert_true(crn_object_as_double(attribute(document, "extra_"), &number));
    assert_true(number == 2.5);
    assert_true(crn_object_as_double(attribute(document, "scal_"), &number));
    assert_true(number == 1.5);
    assert_false(crn_object_as_int(attribute(document, "n_samples_seen_"), &integer));
    assert_false(crn_object_as_double(attribute(document, "mean_"), &number));
    assert_string_equal(crn_object_kind_name(attribute(document, "mean_")), "ndarray");
    crn_document_release(document);
}

static void test_scalars_as_parameters(void **state)
{
    (void)state;
    crn_document *document = golden_document("joblib/1.9.1/npscalar_params-1.9.1.joblib");
    double real = 0;
    int64_t integer = 0;
    assert_true(crn_object_as_double(attribute(document, "C"), &real));
    assert_true(real == 0.5);
    assert_true(crn_object_as_double(attribute(document, "tol"), &real));
    assert_true(real == (double)1e-4f);
    assert_true(crn_object_as_int(attribute(document, "max_iter"), &integer));
    assert_int_equal(integer, 300);
    crn_document_release(document);
}

/* The state of a tree: {max_depth, node_count, nodes, values}. */
static const crn_object *tree_state(const crn_document *document)
{
    return attribute(document, "tree_")->as.instance->state;
}

static void test_records(void **state)
{
    (void)state;
    crn_error err = CRN_ERROR_INIT;
    crn_document *document =
        golden_document("joblib/1.9.1/DecisionTreeClassifier-1.9.1.joblib");
    const crn_object *nodes = crn_object_get(tree_state(document), "nodes");
    crn_array threshold, left, missing, whole = array_of(nodes);
    assert_int_equal(whole.dtype, CRN_RECORD);
    assert_int_equal(whole.itemsize, 64);
    assert_ok(crn_object_to_field(nodes, "threshold", &threshold, &err));
    assert_int_equal(threshold.dtype, CRN_FLOAT64);
    assert_int_equal(threshold.strides[0], 64);
    assert_ptr_equal(threshold.data, (char *)whole.data + 24);
    assert_true(crn_array_get(&threshold, 0) == 2.2499999403953552);
    assert_true(crn_array_get(&threshold, 3) == -2.0);
    assert_ok(crn_object_to_field(nodes, "left_child", &left, &err));
    assert_true(crn_array_get(&left, 2) == 3);
    assert_ok(crn_object_to_field(nodes, "missing_go_to_left", &missing, &err));
    assert_int_equal(missing.dtype, CRN_UINT8);
    assert_true(crn_array_get(&missing, 2) == 1 && crn_array_get(&missing, 3) == 0);
    crn_array none;
    assert_status(CRN_NOT_FOUND, crn_object_to_field(nodes, "num_threshold", &none, &err));
    assert_string_equal(err.message, "the records have no field 'num_threshold'");
    assert_status(CRN_DTYPE, crn_object_to_field(crn_object_get(tree_state(document), "values"),
                                                 "threshold", &none, &err));
    crn_array_free(&whole);
    crn_array_free(&threshold);
    crn_array_free(&left);
    crn_array_free(&missing);
    crn_document_release(document);

    /* The old record of 56 bytes, at any address. */
    document = golden_document("joblib/1.0.2/DecisionTreeClassifier-1.0.2.joblib");
    nodes = crn_object_get(tree_state(document), "nodes");
    assert_ok(crn_object_to_field(nodes, "threshold", &threshold, &err));
    assert_int_equal(threshold.strides[0], 56);
    assert_int_equal((uintptr_t)threshold.data % 8, 0);
    assert_true(crn_array_get(&threshold, 0) == 2.2499999403953552);
    crn_array_free(&threshold);
    crn_document_release(document);
}

/* numpy.zeros(2, [('a', 'u1'), ('b', '>i4')]) with b = 258 and -2: packed and big-endian. */
static void test_packed_big_endian_records(void **state)
{
    (void)state;
    crn_error err = CRN_ERROR_INIT;
    crn_document *document = NULL;
    static const char bytes[] = "\x80\x03"
                                "cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\0\x85"
                                "C\x01"
                                "b\x87R(K\x01K\x02\x85"
                                "cnumpy\ndtype\nX\x02\0\0\0V5\x89\x88\x87R(K\x03X\x01\0\0\0|"
                                "NX\x01\0\0\0aX\x01\0\0\0b\x86}(X\x01\0\0\0a"
                                "cnumpy\ndtype\nX\x02\0\0\0u1\x89\x88\x87R(K\x03X\x01\0\0\0|"
                                "NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\0tbK\0\x86"
                                "X\x01\0\0\0b"
                                "cnumpy\ndtype\nX\x02\0\0\0i4\x89\x88\x87R(K\x03X\x01\0\0\0>"
                                "NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\0tbK\x01\x86"
                                "uK\x05K\x01K\x10tb\x89"
                                "C\x0a\x07\0\0\x01\x02\x08\xff\xff\xff\xfe"
                                "tb.";
    assert_ok(read_bytes(bytes, sizeof bytes - 1, NULL, &document, &err));
    crn_array a, b;
    assert_ok(crn_object_to_field(document->root, "a", &a, &err));
    assert_true(crn_array_get(&a, 0) == 7 && crn_array_get(&a, 1) == 8);
    assert_ok(crn_object_to_field(document->root, "b", &b, &err));
    assert_int_equal(b.dtype, CRN_INT32);
    assert_true(crn_array_get(&b, 0) == 258 && crn_array_get(&b, 1) == -2);
    crn_array_free(&a);
    crn_array_free(&b);
    crn_document_release(document);
}

static void test_object_arrays(void **state)
{
    (void)state;
    crn_error err = CRN_ERROR_INIT;
    crn_document *document = golden_document("joblib/legacy/multi_obj-joblib0.9.4.joblib");
    crn_array array = array_of(attribute(document, "classes_"));
    assert_int_equal(array.dtype, CRN_STRING);
    assert_int_equal(array.shape[0], 3);
    crn_array_free(&array);
    crn_document_release(document);

    /* Two axes of trees: no strings, but elements. */
    document = golden_document("joblib/1.9.1/GradientBoostingClassifier-1.9.1.joblib");
    const crn_object *trees = attribute(document, "estimators_");
    assert_int_equal(crn_object_as_array(trees)->dtype, CRN_OBJECT);
    assert_int_equal(crn_object_as_array(trees)->ndim, 2);
    const crn_object *elements = trees->as.instance->elements;
    assert_int_equal(crn_object_length(elements), crn_array_size(crn_object_as_array(trees)));
    assert_string_equal(crn_object_kind_name(crn_object_item(elements, 0)),
                        "DecisionTreeRegressor");
    assert_status(CRN_DTYPE, crn_object_to_array(trees, &array, &err));
    assert_string_equal(err.message,
                        "expected an array of strings, but it holds DecisionTreeRegressor");
    /* In there, arrays are plain pickled ones. */
    const crn_object *tree =
        crn_object_get(crn_object_item(elements, 0)->as.instance->state, "tree_");
    crn_array threshold;
    assert_ok(crn_object_to_field(crn_object_get(tree->as.instance->state, "nodes"),
                                  "threshold", &threshold, &err));
    assert_true(crn_array_size(&threshold) > 1);
    crn_array_free(&threshold);
    crn_document_release(document);
}

/* The same numbers in every protocol of pickle.dump. */
static void test_plain_arrays(void **state)
{
    (void)state;
    for (int protocol = 0; protocol <= 5; protocol++) {
        char path[64];
        snprintf(path, sizeof path, "joblib/1.9.1/pickle_p%d-1.9.1.pkl", protocol);
        crn_document *document = golden_document(path);
        crn_array array = array_of(attribute(document, "coef_"));
        assert_int_equal(array.shape[1], 5);
        assert_true(crn_array_get(&array, 0) == coef[0]);
        assert_true(crn_array_get(&array, 3) == coef[3]);
        crn_array_free(&array);
        crn_document_release(document);
    }
}

/* A dtype whose itemsize is a NumPy scalar of that same dtype must not be followed. */
static void test_self_referring_dtype(void **state)
{
    (void)state;
    crn_error err = CRN_ERROR_INIT;
    crn_document *document = NULL;
    static const char bytes[] =
        "\x80\x04"
        "cnumpy.core.multiarray\nscalar\n"
        "cnumpy\ndtype\nX\x02\0\0\0i8\x89\x88\x87R\x94(K\x03X\x01\0\0\0<NNN"
        "cnumpy.core.multiarray\nscalar\nh\0C\x08\x08\0\0\0\0\0\0\0\x86R"
        "J\xff\xff\xff\xffK\0tbC\x08\x08\0\0\0\0\0\0\0\x86R.";
    assert_ok(read_bytes(bytes, sizeof bytes - 1, NULL, &document, &err));
    int64_t value;
    assert_false(crn_object_as_int(document->root, &value));
    crn_array array;
    assert_status(CRN_FORMAT, crn_object_to_array(document->root, &array, &err));
    assert_string_equal(err.message, "a NumPy dtype's itemsize is not an int");
    crn_document_release(document);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_layouts),
        cmocka_unit_test(test_arrays_stay_in_place),
        cmocka_unit_test(test_unaligned_arrays),
        cmocka_unit_test(test_kinds_of_arrays),
        cmocka_unit_test(test_scalars_as_parameters),
        cmocka_unit_test(test_records),
        cmocka_unit_test(test_packed_big_endian_records),
        cmocka_unit_test(test_object_arrays),
        cmocka_unit_test(test_plain_arrays),
        cmocka_unit_test(test_self_referring_dtype),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
