/* SPDX-License-Identifier: BSD-3-Clause */
/* joblib's wrappers, what may be wrong with them, and the files beside models of joblib <= 0.9.
 */
#include "format/joblib_array.h"

#include <unistd.h>

#include "format/codec.h"
#include "format/joblib_records.h"
#include "pickle_golden.h"

static crn_array array_of(const crn_object *object)
{
    crn_error err = CRN_ERROR_INIT;
    crn_array array = CRN_ARRAY_INIT;
    assert_ok(crn_object_to_array(object, &array, &err));
    return array;
}

static void test_kinds_of_wrappers(void **state)
{
    (void)state;
    static const struct {
        const char *module, *name;
        crn_wrapper_kind kind;
    } cases[] = {
        {"joblib.numpy_pickle", "NumpyArrayWrapper", CRN_NUMPY_ARRAY_WRAPPER},
        {"sklearn.externals.joblib.numpy_pickle", "NumpyArrayWrapper", CRN_NUMPY_ARRAY_WRAPPER},
        {"joblib.numpy_pickle", "NDArrayWrapper", CRN_NDARRAY_WRAPPER},
        {"joblib.numpy_pickle_compat", "NDArrayWrapper", CRN_NDARRAY_WRAPPER},
        {"sklearn.externals.joblib.numpy_pickle", "ZNDArrayWrapper", CRN_ZNDARRAY_WRAPPER},
        {"joblib.numpy_pickle", "NumpyArrayWrapperX", CRN_NO_WRAPPER},
        {"evil.joblib.numpy_pickle", "NumpyArrayWrapper", CRN_NO_WRAPPER},
        {"joblib", "NumpyArrayWrapper", CRN_NO_WRAPPER},
    };
    crn_document *d = NULL;
    assert_int_equal(crn_document_create(NULL, &d, NULL), CRN_OK);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        crn_object *cls = crn_object_global(d, cases[i].module, cases[i].name);
        crn_object *object = crn_object_instance(d, CRN_BY_NEWOBJ, cls);
        assert_int_equal(crn_wrapper_kind_of(object), cases[i].kind);
        assert_int_equal(crn_wrapper_kind_of(cls), CRN_NO_WRAPPER);
    }
    crn_document_release(d);
}

static void test_what_is_stored(void **state)
{
    (void)state;
    crn_document *document = golden_document("joblib/1.9.1/bigendian_logreg-1.9.1.joblib");
    const crn_instance *instance = attribute(document, "coef_")->as.instance;
    double first = 0;
    uint8_t swapped[8];
    for (int i = 0; i < 8; i++)
        swapped[i] = ((const uint8_t *)instance->stored->bytes)[7 - i];
    memcpy(&first, swapped, sizeof first);
    assert_true(first == crn_array_get(instance->array, 0));
    assert_int_equal(instance->stored->size, 15 * 8);
    assert_null(instance->stored->nested);
    crn_document_release(document);

    document = golden_document("joblib/1.9.1/GradientBoostingClassifier-1.9.1.joblib");
    instance = attribute(document, "estimators_")->as.instance;
    assert_null(instance->stored->bytes);
    assert_non_null(instance->stored->nested);
    assert_int_equal(instance->stored->nested_protocol, 5);
    assert_true(instance->stored->nested_framed);
    crn_document_release(document);
}

/* joblib's wrapper with one thing wrong at a time. */
static void test_wrapper_errors(void **state)
{
    (void)state;
    static const struct {
        const char *shape, *order, *dtype, *data;
        crn_status status;
        const char *message;
    } cases[] = {
        {"(I2\nt", "VC\n", "Vi1\n", "ab", CRN_OK, NULL},
        {"(I2\nt", "VF\n", "Vi1\n", "ab", CRN_OK, NULL},
        {"(I3\nt", "VC\n", "Vi1\n", "a", CRN_FORMAT, "ends early"},
        {"(I-1\nt", "VC\n", "Vi1\n", "ab", CRN_FORMAT,
         "shape holds something other than lengths"},
        {"(Va\nt", "VC\n", "Vi1\n", "ab", CRN_FORMAT,
         "shape holds something other than lengths"},
        {"I2\n", "VC\n", "Vi1\n", "ab", CRN_FORMAT, "shape is not a tuple"},
        {"(I4611686018427387904\nI4\nt", "VC\n", "Vi1\n", "ab", CRN_LIMIT,
         "larger than memory"},
        {"(I1\nI1\nI1\nI1\nI1\nI1\nI1\nI1\nI1\nt", "VC\n", "Vi1\n", "a", CRN_UNSUPPORTED,
         "9 axes"},
        {"(I2\nt", "VA\n", "Vi1\n", "ab", CRN_FORMAT, "neither 'C' nor 'F'"},
        {"(I2\nt", "VC\n", "N", "ab", CRN_FORMAT, "no type code"},
        {"(I2\nt", "VC\n", "Vi\n", "", CRN_OK, NULL},
        {"(I2\nt", "VC\n", "Vf16\n", "abcdefghijklmnopqrstuvwxyzabcdef", CRN_OK, NULL},
        {"(I2\nt", "VC\n", "Vf-1\n", "ab", CRN_FORMAT, "no type code"},
        {"(I999999999999\nt", "VC\n", "VU0\n", "ab", CRN_LIMIT, "elements of no size"},
        {"(I2\nt", "VC\n", "VO8\n", "N.", CRN_FORMAT, "as many objects as its shape says"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        crn_error err = CRN_ERROR_INIT;
        crn_text bytes = CRN_TEXT_INIT;
        crn_document *document = NULL;
        crn_text_printf(
            &bytes,
            "ccopy_reg\n_reconstructor\n(cjoblib.numpy_pickle\nNumpyArrayWrapper\n"
            "c__builtin__\nobject\nNtR(dVshape\n%ssVorder\n%ssVdtype\ncnumpy\ndtype\n"
            "(%sI0\nI1\ntRsb%s.",
            cases[i].shape, cases[i].order, cases[i].dtype, cases[i].data);
        crn_status status = read_bytes(bytes.data, bytes.size, NULL, &document, &err);
        if (status != cases[i].status ||
            (status != CRN_OK && strstr(err.message, cases[i].message) == NULL))
            fail_msg("wrapper %zu gave %s: %s", i, crn_status_name(status), err.message);
        crn_document_release(document);
        crn_text_free(&bytes);
    }
}

static void check_companion(const char *path, const char *name, crn_dtype dtype, double first)
{
    crn_document *document = golden_document(path);
    crn_array array = array_of(attribute(document, name));
    assert_int_equal(array.dtype, dtype);
    assert_true(fabs(crn_array_get(&array, 0) - first) < 1e-9);
    crn_array_free(&array);
    crn_document_release(document);
}

/* joblib <= 0.9 keeps arrays in files beside the model. */
static void test_companion_files(void **state)
{
    (void)state;
    check_companion("joblib/legacy/multi_lr-joblib0.9.4.joblib", "classes_", CRN_INT64, 0);
    check_companion("joblib/legacy/zf_scaler-joblib0.9.4.joblib", "mean_", CRN_FLOAT64,
                    0.24641071428571423);
    crn_error err = CRN_ERROR_INIT;
    crn_document *document = NULL;
    crn_buffer *file = golden_file("joblib/legacy/multi_lr-joblib0.9.4.joblib");
    assert_status(CRN_UNSUPPORTED, crn_pickle_read(file, NULL, NULL, &document, &err));
    assert_non_null(strstr(err.message, "multi_lr-joblib0.9.4.joblib_01.npy"));
    assert_status(CRN_IO, crn_pickle_read(file, "/nonexistent", NULL, &document, &err));
    crn_buffer_release(file);
    static const char *const names[] = {
        "../secret.npy", "/etc/passwd", "a\\\\b", "..", "-", ""};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        crn_text bytes = CRN_TEXT_INIT;
        crn_text_printf(&bytes,
                        "ccopy_reg\n_reconstructor\n(cjoblib.numpy_pickle\nNDArrayWrapper\n"
                        "c__builtin__\nobject\nNtR(dVfilename\nV%s\nsb.",
                        names[i]);
        file = copy_of(bytes.data, bytes.size);
        assert_status(CRN_FORMAT, crn_pickle_read(file, CRN_GOLDEN_DIR, NULL, &document, &err));
        crn_buffer_release(file);
        crn_text_free(&bytes);
    }
}

/* ---- records in companion files ---- */

static const char good_header[] = "{'descr': [('left', '<i4'), ('threshold', '>f8')], "
                                  "'fortran_order': False, 'shape': (2,), }";

/* A .npy file of version `major` with that header. */
static crn_buffer *npy_of(int major, const char *header, const void *data, size_t size)
{
    crn_text text = CRN_TEXT_INIT;
    size_t length = strlen(header);
    crn_text_add_bytes(&text, "\x93NUMPY", 6);
    crn_text_add_char(&text, (char)major);
    crn_text_add_char(&text, 0);
    for (int i = 0; i < (major == 1 ? 2 : 4); i++)
        crn_text_add_char(&text, (char)(length >> (8 * i)));
    crn_text_add_string(&text, header);
    crn_text_add_bytes(&text, data, size);
    crn_buffer *file = copy_of(text.data, text.size);
    crn_text_free(&text);
    return file;
}

static const uint8_t two_records[24] = {1, 0, 0, 0, 0x3f, 0xf8, 0, 0, 0, 0, 0, 0,
                                        2, 0, 0, 0, 0xc0, 0,    0, 0, 0, 0, 0, 0};

static void test_records_header(void **state)
{
    (void)state;
    crn_error err = CRN_ERROR_INIT;
    for (int major = 1; major <= 2; major++) {
        crn_document *d = NULL;
        crn_object *object = NULL;
        crn_numpy_raw raw;
        crn_numpy_dtype field;
        int64_t offset = 0;
        assert_ok(crn_document_create(NULL, &d, &err));
        crn_buffer *file = npy_of(major, good_header, two_records, sizeof two_records);
        assert_true(crn_joblib_records_sniff(file));
        assert_ok(crn_joblib_records_read(d, file, &raw, &object, &err));
        assert_int_equal(raw.ndim, 1);
        assert_int_equal(raw.shape[0], 2);
        assert_int_equal(raw.dtype.itemsize, 12);
        assert_false(raw.fortran);
        assert_memory_equal(raw.bytes, two_records, sizeof two_records);
        assert_ok(crn_numpy_dtype_field(&raw.dtype, "threshold", &field, &offset, &err));
        assert_int_equal(offset, 4);
        assert_int_equal(field.dtype, CRN_FLOAT64);
        assert_int_equal(field.swapped, 8);
        crn_buffer_release(file);
        crn_document_release(d);
    }
}

static void test_records_header_errors(void **state)
{
    (void)state;
    static const char *const headers[] = {
        "",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (2,), }",
        "{'descr': [",
        "{'descr': [('a'",
        "{'descr': [('a', '<i4', (2,))], 'fortran_order': False, 'shape': (2,), }",
        "{'descr': [('a', [('b', '<i4')])], 'fortran_order': False, 'shape': (2,), }",
        "{'descr': [('a', '|O8')], 'fortran_order': False, 'shape': (2,), }",
        "{'descr': [('a', '<i')], 'fortran_order': False, 'shape': (2,), }",
        "{'descr': [('a', '<i4')], 'fortran_order': None, 'shape': (2,), }",
        "{'descr': [('a', '<i4')], 'fortran_order': False, 'shape': (-2,), }",
        "{'descr': [('a', '<i4')], 'fortran_order': False, 'shape': (1,1,1,1,1,1,1,1,1), }",
        "{'descr': [('a', '<i4')], 'fortran_order': False, 'shape': (99999999999999999999,), }",
        "{'descr': [('a', '<i4')], 'fortran_order': False, 'shape': (2",
        "{'descr': [('a', '|S9223372036854775807'), ('b', '|S9')], 'fortran_order': False, "
        "'shape': (2,), }",
        "{'descr': [('a', '<i4')], 'fortran_order': False, 'shape': (7,), }",
    };
    crn_document *d = NULL;
    assert_int_equal(crn_document_create(NULL, &d, NULL), CRN_OK);
    for (size_t i = 0; i < sizeof headers / sizeof headers[0]; i++) {
        crn_error err = CRN_ERROR_INIT;
        crn_object *object = NULL;
        crn_numpy_raw raw;
        crn_buffer *file = npy_of(1, headers[i], two_records, sizeof two_records);
        assert_status(CRN_FORMAT, crn_joblib_records_read(d, file, &raw, &object, &err));
        crn_buffer_release(file);
    }
    crn_buffer *file = copy_of("\x93NUMPY", 6);
    assert_false(crn_joblib_records_sniff(file));
    crn_buffer_release(file);
    file = npy_of(3, good_header, NULL, 0);
    assert_false(crn_joblib_records_sniff(file));
    crn_buffer_release(file);
    crn_document_release(d);
}

/* The tree of a forest of joblib 0.9.4; and still there in a file of today. */
static void check_forest(const crn_document *document)
{
    crn_error err = CRN_ERROR_INIT;
    const crn_object *tree = crn_object_item(attribute(document, "estimators_"), 0);
    const crn_object *inner = crn_object_get(tree->as.instance->state, "tree_");
    const crn_object *nodes = crn_object_get(inner->as.instance->state, "nodes");
    crn_array field;
    assert_ok(crn_object_to_field(nodes, "left_child", &field, &err));
    assert_int_equal(field.dtype, CRN_INT64);
    assert_true(crn_array_get(&field, 0) == 1);
    crn_array_free(&field);
    assert_ok(crn_object_to_field(nodes, "weighted_n_node_samples", &field, &err));
    assert_true(crn_array_get(&field, 0) == 56);
    crn_array_free(&field);
}

static void test_old_forest(void **state)
{
    (void)state;
    crn_error err = CRN_ERROR_INIT;
    crn_document *document = golden_document("joblib/legacy/multi_rf-joblib0.9.4.joblib"),
                 *read = NULL;
    check_forest(document);
    const crn_pickle_style style = {
        .level = -1, .protocol = 4, .joblib = true, .alignment = 16};
    crn_text out = CRN_TEXT_INIT;
    assert_ok(crn_pickle_write(document, &style, &out, &err));
    crn_document_release(document);
    assert_ok(read_bytes(out.data, out.size, NULL, &read, &err));
    check_forest(read);
    crn_document_release(read);
    crn_text_free(&out);
}

/* A companion file whose bytes do not fit what the wrapper says. */
static void test_wrong_companion(void **state)
{
    (void)state;
    crn_error err = CRN_ERROR_INIT;
    char folder[] = "/tmp/crn-joblib-XXXXXX", path[64];
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/zf_scaler-joblib0.9.4.joblib_01.npy.z", folder);
    crn_buffer *file = golden_file("joblib/legacy/zf_scaler-joblib0.9.4.joblib");
    crn_document *document = NULL;
    crn_text one_byte = CRN_TEXT_INIT;
    assert_ok(crn_codec_deflate(CRN_CODEC_ZFILE, 3, "a", 1, &one_byte, &err));
    const struct {
        const char *bytes;
        size_t size;
        const char *message;
    } cases[] = {
        {one_byte.data, one_byte.size, "size does not fit the shape"},
        {"nothing", 7, "ends early"},
        {"ZF0xffffffffffffffffffffff", 26, "not a hexadecimal number"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_ok(crn_file_write(path, cases[i].bytes, cases[i].size, &err));
        assert_status(CRN_FORMAT, crn_pickle_read(file, folder, NULL, &document, &err));
        if (strstr(err.message, cases[i].message) == NULL)
            fail_msg("case %zu: %s", i, err.message);
    }
    crn_text_free(&one_byte);
    crn_buffer_release(file);
    unlink(path);
    rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_kinds_of_wrappers), cmocka_unit_test(test_what_is_stored),
        cmocka_unit_test(test_wrapper_errors),    cmocka_unit_test(test_companion_files),
        cmocka_unit_test(test_records_header),    cmocka_unit_test(test_records_header_errors),
        cmocka_unit_test(test_old_forest),        cmocka_unit_test(test_wrong_companion),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
