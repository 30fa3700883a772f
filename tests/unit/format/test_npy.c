/* SPDX-License-Identifier: BSD-3-Clause */
/* .npy and .npz against files that NumPy wrote, and the bytes we write against those files. */
#include "test.h"

#include "format/npy.h"
#include "format/zip.h"
#include "golden_data.h"

static crn_error err;

static crn_array read_golden(const char *name)
{
    crn_array array = CRN_ARRAY_INIT;
    crn_buffer *file = golden_data(name);
    assert_ok(crn_npy_read(file, &array, &err));
    crn_buffer_release(file); /* the array keeps what it needs */
    return array;
}

static void assert_shape(const crn_array *array, crn_dtype dtype, int32_t ndim, int64_t rows,
                         int64_t columns)
{
    assert_int_equal(array->dtype, dtype);
    assert_int_equal(array->ndim, ndim);
    if (ndim > 0)
        assert_int_equal(array->shape[0], rows);
    if (ndim > 1)
        assert_int_equal(array->shape[1], columns);
}

/* Every spelling of one matrix: C and Fortran order, both byte orders, all three versions. */
static void test_one_matrix_in_all_spellings(void **state)
{
    (void)state;
    static const char *const names[] = {"f8.npy", "f8_fortran.npy", "f8_big.npy", "f8_v2.npy",
                                        "f8_v3.npy"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        crn_array array = read_golden(names[i]);
        assert_shape(&array, CRN_FLOAT64, 2, 3, 4);
        for (int64_t j = 0; j < 12; j++)
            assert_true(crn_array_get(&array, j) == (double)j / 8);
        crn_array_free(&array);
    }
}

static void test_fortran_order_is_a_view(void **state)
{
    (void)state;
    crn_buffer *file = golden_data("f8_fortran.npy");
    crn_array array = CRN_ARRAY_INIT;
    assert_ok(crn_npy_read(file, &array, &err));
    assert_ptr_equal(array.owner, file);
    assert_int_equal(array.strides[0], 8);
    assert_int_equal(array.strides[1], 24);
    crn_array_free(&array);
    crn_buffer_release(file);
}

static void test_numbers_of_every_kind(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        crn_dtype dtype;
        int count;
        double values[4];
    } cases[] = {
        {"f2.npy", CRN_FLOAT16, 3, {0.5, -2, 65504}},
        {"i2_big.npy", CRN_INT16, 4, {1, -2, 300, -32768}},
        {"i8.npy", CRN_INT64, 3, {1, -2, 4611686018427387904.0}},
        {"u1.npy", CRN_UINT8, 4, {0, 1, 2, 3}},
        {"bool.npy", CRN_BOOL, 3, {1, 0, 1}},
        {"f4_3d.npy", CRN_FLOAT32, 4, {0, 1, 2, 3}},
        {"scalar.npy", CRN_FLOAT64, 1, {2.5}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        crn_array array = read_golden(cases[i].name);
        assert_int_equal(array.dtype, cases[i].dtype);
        for (int j = 0; j < cases[i].count; j++)
            assert_true(crn_array_get(&array, j) == cases[i].values[j]);
        crn_array_free(&array);
    }
    crn_array complex = read_golden("c16_big.npy");
    assert_shape(&complex, CRN_COMPLEX128, 1, 2, 0);
    assert_close((double *)complex.data, ((double[]){1, 2, 0, -3.5}), 4, 0, 0);
    crn_array_free(&complex);
}

static void test_strings(void **state)
{
    (void)state;
    crn_array names = read_golden("str.npy");
    assert_shape(&names, CRN_STRING, 1, 3, 0);
    assert_int_equal(names.itemsize, 24);
    const uint32_t *characters = names.data;
    assert_int_equal(characters[0], 's');
    assert_int_equal(characters[6], 0xe9);
    assert_int_equal(characters[9], 0);
    assert_int_equal(characters[12], 0x1f952);
    crn_array_free(&names);

    crn_array big = read_golden("str_big.npy");
    assert_int_equal(((uint32_t *)big.data)[1], 'b');
    assert_int_equal(((uint32_t *)big.data)[2], 0xe9);
    crn_array_free(&big);

    crn_array bytes = read_golden("bytes.npy");
    assert_shape(&bytes, CRN_BYTES, 1, 2, 0);
    assert_memory_equal(bytes.data, "ab\0cde", 6);
    crn_array_free(&bytes);
}

static void test_scalars_and_empty_arrays(void **state)
{
    (void)state;
    crn_array scalar = read_golden("scalar.npy");
    assert_int_equal(scalar.ndim, 0);
    crn_array_free(&scalar);
    crn_array empty = read_golden("empty.npy");
    assert_shape(&empty, CRN_FLOAT64, 2, 0, 3);
    assert_non_null(empty.data);
    crn_array_free(&empty);
}

static void assert_refused(const char *name, crn_status status, const char *message)
{
    crn_array array = CRN_ARRAY_INIT;
    crn_buffer *file = golden_data(name);
    assert_status(status, crn_npy_read(file, &array, &err));
    assert_message(message);
    crn_buffer_release(file);
}

static void test_refuses_by_name(void **state)
{
    (void)state;
    assert_refused("object.npy", CRN_UNSUPPORTED, "Python objects");
    assert_refused("structured.npy", CRN_UNSUPPORTED, "[('height', '<f8'), ('n', '<i4')]");
    assert_refused("datetime.npy", CRN_UNSUPPORTED, "'<M8[D]'");
    assert_refused("numbers.csv", CRN_FORMAT, "NUMPY");
}

/* ---- headers that NumPy does not write ---- */

static crn_status read_header(const char *dict, crn_array *array)
{
    char bytes[512] = "\x93NUMPY\x01\x00";
    size_t size = strlen(dict);
    bytes[8] = (char)size;
    bytes[9] = (char)(size >> 8);
    memcpy(bytes + 10, dict, size);
    crn_buffer *file = buffer_of(bytes, 10 + size + 32);
    err = (crn_error)CRN_ERROR_INIT;
    crn_status status = crn_npy_read(file, array, &err);
    crn_buffer_release(file);
    return status;
}

static void test_header_spellings(void **state)
{
    (void)state;
    static const char *const good[] = {
        "{'descr': '<f8', 'fortran_order': False, 'shape': (4,), }\n",
        "{'shape':(4L,),'fortran_order':True,'descr':\"<f8\"}",
        "{ 'descr' : '=f8' , 'fortran_order' : False , 'shape' : ( 2 , 2 ) } ",
        "{'descr': '<U4', 'fortran_order': False, 'shape': (2,)}",
    };
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        crn_array array = CRN_ARRAY_INIT;
        assert_int_equal(read_header(good[i], &array), CRN_OK);
        assert_true(crn_array_size(&array) * array.itemsize == 32);
        crn_array_free(&array);
    }
}

static void test_header_errors(void **state)
{
    (void)state;
    static const struct {
        const char *dict, *message;
        crn_status status;
    } bad[] = {
        {"", "'{'", CRN_FORMAT},
        {"{'descr': '<f8', 'shape': (4,)}", "keys descr", CRN_FORMAT},
        {"{'descr': '<f8', 'descr': '<f8', 'fortran_order': False, 'shape': (4,)}", "once",
         CRN_FORMAT},
        {"{'descr': '<f8', 'fortran_order': 0, 'shape': (4,)}", "True or False", CRN_FORMAT},
        {"{'descr': '<f8', 'fortran_order': False, 'shape': (4)}", "','", CRN_FORMAT},
        {"{'descr': '<f8', 'fortran_order': False, 'shape': (-4,)}", "a length", CRN_FORMAT},
        {"{'descr': '<f8', 'fortran_order': False, 'shape': (4,), 'x': 1}", "keys descr",
         CRN_FORMAT},
        {"{'descr': '<f8', 'fortran_order': False, 'shape': (4,)} + 1", "nothing behind",
         CRN_FORMAT},
        {"{'descr': '<f8' 'fortran_order': False, 'shape': (4,)}", "','", CRN_FORMAT},
        {"{'descr': \"<f8', 'fortran_order': False, 'shape': (4,)}", "closing quote",
         CRN_FORMAT},
        {"{'descr': '<f8', 'fortran_order': False, 'shape': (5,)}", "ends early", CRN_FORMAT},
        {"{'descr': '<f8', 'fortran_order': False, 'shape': (99999999999999999999,)}",
         "too large", CRN_LIMIT},
        {"{'descr': '<f8', 'fortran_order': False, 'shape': (4611686018427387904, 4)}",
         "larger", CRN_LIMIT},
        {"{'descr': '<f8', 'fortran_order': False, 'shape': (1,1,1,1,1,1,1,1,1)}", "axes",
         CRN_UNSUPPORTED},
        {"{'descr': '<f3', 'fortran_order': False, 'shape': (4,)}", "'<f3'", CRN_UNSUPPORTED},
        {"{'descr': '<f16', 'fortran_order': False, 'shape': (4,)}", "'<f16'", CRN_UNSUPPORTED},
        {"{'descr': ('<f8', (2,)), 'fortran_order': False, 'shape': (4,)}", "structured",
         CRN_UNSUPPORTED},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        crn_array array = CRN_ARRAY_INIT;
        crn_status status = read_header(bad[i].dict, &array);
        assert_message(bad[i].message);
        assert_int_equal(status, bad[i].status);
        assert_null(array.data);
    }
}

/* ---- writing ---- */

static void test_writes_numpys_bytes(void **state)
{
    (void)state;
    static const char *const names[] = {"f8.npy",    "f4_3d.npy", "f2.npy",  "i8.npy",
                                        "u1.npy",    "bool.npy",  "str.npy", "bytes.npy",
                                        "empty.npy", "scalar.npy"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        crn_buffer *file = golden_data(names[i]);
        crn_array array = read_golden(names[i]);
        crn_text text = CRN_TEXT_INIT;
        assert_ok(crn_npy_write(&array, &text, &err));
        assert_int_equal(text.size, crn_buffer_size(file));
        assert_memory_equal(text.data, crn_buffer_data(file), text.size);
        crn_text_free(&text);
        crn_array_free(&array);
        crn_buffer_release(file);
    }
}

static void test_writes_views_in_c_order(void **state)
{
    (void)state;
    crn_buffer *file = golden_data("f8.npy");
    crn_array array = read_golden("f8_fortran.npy");
    crn_text text = CRN_TEXT_INIT;
    assert_ok(crn_npy_write(&array, &text, &err));
    assert_int_equal(text.size, crn_buffer_size(file));
    assert_memory_equal(text.data, crn_buffer_data(file), text.size);
    crn_text_free(&text);
    crn_array_free(&array);
    crn_buffer_release(file);

    crn_array half = crn_array_view_1d("\0\0", CRN_BFLOAT16, 1);
    assert_status(CRN_UNSUPPORTED, crn_npy_write(&half, &text, &err));
    assert_message("bfloat16");
}

/* ---- .npz ---- */

static void test_npz_by_name(void **state)
{
    (void)state;
    static const char *const names[] = {"arrays.npz", "compressed.npz"};
    for (size_t i = 0; i < 2; i++) {
        crn_buffer *file = golden_data(names[i]);
        crn_array x = CRN_ARRAY_INIT;
        assert_ok(crn_npz_read(file, "x", NULL, &x, &err));
        crn_buffer_release(file);
        assert_shape(&x, CRN_FLOAT64, 2, 3, 4);
        assert_true((uintptr_t)x.data % 8 == 0);
        assert_true(crn_array_get(&x, 11) == 11.0 / 8);
        crn_array_free(&x);
    }
}

static void test_npz_without_name(void **state)
{
    (void)state;
    crn_array array = CRN_ARRAY_INIT;
    crn_buffer *one = golden_data("one.npz"), *two = golden_data("arrays.npz");
    assert_ok(crn_npz_read(one, NULL, NULL, &array, &err));
    assert_shape(&array, CRN_INT64, 1, 4, 0);
    crn_array_free(&array);
    assert_status(CRN_ARGUMENT, crn_npz_read(two, NULL, NULL, &array, &err));
    assert_message("'x', 'labels'");
    assert_status(CRN_NOT_FOUND, crn_npz_read(two, "y", NULL, &array, &err));
    assert_message("no array 'y', but 'x', 'labels'");
    crn_buffer_release(one);
    crn_buffer_release(two);
}

static void test_npz_round_trip(void **state)
{
    (void)state;
    crn_array arrays[] = {read_golden("f8_fortran.npy"), read_golden("str.npy")};
    crn_text text = CRN_TEXT_INIT;
    assert_ok(crn_npz_write((const char *const[]){"x", "names"}, arrays, 2, &text, &err));
    crn_buffer *file = buffer_of(text.data, text.size);
    crn_array back = CRN_ARRAY_INIT;
    assert_ok(crn_npz_read(file, "names", NULL, &back, &err));
    assert_memory_equal(back.data, arrays[1].data, 3 * 24);
    crn_array_free(&back);
    assert_ok(crn_npz_read(file, "x", NULL, &back, &err));
    assert_true(crn_array_get(&back, 5) == 5.0 / 8);
    crn_array_free(&back);
    crn_buffer_release(file);
    crn_text_free(&text);
    crn_array_free(&arrays[0]);
    crn_array_free(&arrays[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one_matrix_in_all_spellings),
        cmocka_unit_test(test_fortran_order_is_a_view),
        cmocka_unit_test(test_numbers_of_every_kind),
        cmocka_unit_test(test_strings),
        cmocka_unit_test(test_scalars_and_empty_arrays),
        cmocka_unit_test(test_refuses_by_name),
        cmocka_unit_test(test_header_spellings),
        cmocka_unit_test(test_header_errors),
        cmocka_unit_test(test_writes_numpys_bytes),
        cmocka_unit_test(test_writes_views_in_c_order),
        cmocka_unit_test(test_npz_by_name),
        cmocka_unit_test(test_npz_without_name),
        cmocka_unit_test(test_npz_round_trip),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
