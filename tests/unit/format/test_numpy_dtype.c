/* SPDX-License-Identifier: BSD-3-Clause */
/* dtype objects, shapes and raw bytes. What a dtype pickles as: numpy.dtype(...).__reduce__()
 * of NumPy 2.4. */
#include "format/numpy_dtype.h"

#include "test.h"

static crn_document *d;

static int set_up(void **state)
{
    (void)state;
    return crn_document_create(NULL, &d, NULL) == CRN_OK ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    crn_document_release(d);
    return 0;
}

/* numpy.dtype(code, False, True) with (3, order, None, None, fields, itemsize, alignment, 0).
 */
static crn_object *dtype_of(const char *code, const char *order, crn_object *fields,
                            int64_t itemsize)
{
    crn_object *object =
        crn_object_instance(d, CRN_BY_REDUCE, crn_object_global(d, "numpy", "dtype"));
    crn_object *args = object->as.instance->args, *state = crn_object_new(d, CRN_OBJ_TUPLE);
    crn_object *none = crn_object_none(d);
    assert_true(crn_object_append(d, args, crn_object_str(d, code)) &&
                crn_object_append(d, args, crn_object_bool(d, false)) &&
                crn_object_append(d, args, crn_object_bool(d, true)));
    assert_true(crn_object_append(d, state, crn_object_int(d, 3)) &&
                crn_object_append(d, state, crn_object_str(d, order)) &&
                crn_object_append(d, state, none) && crn_object_append(d, state, none) &&
                crn_object_append(d, state, fields != NULL ? fields : none) &&
                crn_object_append(d, state, crn_object_int(d, itemsize)) &&
                crn_object_append(d, state, crn_object_int(d, -1)) &&
                crn_object_append(d, state, crn_object_int(d, 0)));
    object->as.instance->state = state;
    return object;
}

static void test_codes(void **state)
{
    (void)state;
    static const struct {
        const char *code, *order;
        int64_t state_itemsize;
        crn_dtype dtype;
        int64_t itemsize, swapped;
    } cases[] = {
        {"f8", "<", -1, CRN_FLOAT64, 8, 0},      {"f8", ">", -1, CRN_FLOAT64, 8, 8},
        {"f4", ">", -1, CRN_FLOAT32, 4, 4},      {"f2", "<", -1, CRN_FLOAT16, 2, 0},
        {"i8", "<", -1, CRN_INT64, 8, 0},        {"i2", ">", -1, CRN_INT16, 2, 2},
        {"u1", "|", -1, CRN_UINT8, 1, 0},        {"b1", "|", -1, CRN_BOOL, 1, 0},
        {"c16", ">", -1, CRN_COMPLEX128, 16, 8}, {"c8", "<", -1, CRN_COMPLEX64, 8, 0},
        {"U9", "<", 36, CRN_STRING, 36, 0},      {"U9", ">", 36, CRN_STRING, 36, 4},
        {"S3", "|", 3, CRN_BYTES, 3, 0},         {"S3", ">", 3, CRN_BYTES, 3, 0},
        {"O8", "|", -1, CRN_OBJECT, 8, 0},       {"M8", "<", -1, CRN_DATETIME, 8, 0},
        {"V5", "|", 5, CRN_RECORD, 5, 0},        {"f16", "<", -1, CRN_RECORD, 16, 0},
        {"m8", "<", -1, CRN_RECORD, 8, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        crn_error err = CRN_ERROR_INIT;
        crn_numpy_dtype got;
        assert_ok(crn_numpy_dtype_read(
            dtype_of(cases[i].code, cases[i].order, NULL, cases[i].state_itemsize), &got,
            &err));
        assert_int_equal(got.dtype, cases[i].dtype);
        assert_int_equal(got.itemsize, cases[i].itemsize);
        assert_int_equal(got.swapped, cases[i].swapped);
        assert_null(got.fields);
    }
}

static void test_bad_dtypes(void **state)
{
    (void)state;
    crn_error err = CRN_ERROR_INIT;
    crn_numpy_dtype got;
    static const char *const codes[] = {"", "fx", "f-8", "U9223372036854775807", "f8 "};
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++)
        assert_status(CRN_FORMAT,
                      crn_numpy_dtype_read(dtype_of(codes[i], "<", NULL, -1), &got, &err));
    assert_status(CRN_FORMAT, crn_numpy_dtype_read(NULL, &got, &err));
    assert_string_equal(err.message, "a NumPy dtype was expected");
    assert_status(CRN_FORMAT, crn_numpy_dtype_read(crn_object_str(d, "f8"), &got, &err));
    crn_object *other = dtype_of("f8", "<", NULL, -1);
    other->as.instance->callable = crn_object_global(d, "os", "system");
    assert_status(CRN_FORMAT, crn_numpy_dtype_read(other, &got, &err));
    other = dtype_of("f8", "<", NULL, -1);
    other->as.instance->state = crn_object_new(d, CRN_OBJ_TUPLE);
    assert_status(CRN_FORMAT, crn_numpy_dtype_read(other, &got, &err));
    assert_string_equal(err.message, "a NumPy dtype's state is not a tuple of 8 or more items");
}

static crn_object *field_of(crn_object *dtype, crn_object *offset)
{
    crn_object *entry = crn_object_new(d, CRN_OBJ_TUPLE);
    assert_true(crn_object_append(d, entry, dtype) && crn_object_append(d, entry, offset));
    return entry;
}

static void test_fields(void **state)
{
    (void)state;
    crn_error err = CRN_ERROR_INIT;
    crn_object *fields = crn_object_new(d, CRN_OBJ_DICT), *f8 = dtype_of("f8", ">", NULL, -1);
    assert_true(crn_object_set(d, fields, "x", field_of(f8, crn_object_int(d, 2))));
    assert_true(crn_object_set(d, fields, "behind", field_of(f8, crn_object_int(d, 3))));
    assert_true(crn_object_set(d, fields, "before", field_of(f8, crn_object_int(d, -1))));
    assert_true(crn_object_set(d, fields, "nowhere", field_of(f8, crn_object_none(d))));
    assert_true(crn_object_set(d, fields, "nothing",
                               field_of(crn_object_none(d), crn_object_int(d, 0))));
    crn_numpy_dtype record, field;
    int64_t offset = 0;
    assert_ok(crn_numpy_dtype_read(dtype_of("V10", "|", fields, 10), &record, &err));
    assert_int_equal(record.dtype, CRN_RECORD);
    assert_ptr_equal(record.fields, fields);
    assert_ok(crn_numpy_dtype_field(&record, "x", &field, &offset, &err));
    assert_int_equal(offset, 2);
    assert_int_equal(field.swapped, 8);
    assert_status(CRN_NOT_FOUND, crn_numpy_dtype_field(&record, "y", &field, &offset, &err));
    static const char *const wrong[] = {"behind", "before", "nowhere", "nothing"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_status(CRN_FORMAT,
                      crn_numpy_dtype_field(&record, wrong[i], &field, &offset, &err));
}

static void test_plain_ints(void **state)
{
    (void)state;
    int64_t value = 0;
    assert_true(crn_numpy_plain_int(crn_object_int(d, -5), &value));
    assert_int_equal(value, -5);
    assert_true(crn_numpy_plain_int(crn_object_bool(d, true), &value));
    assert_int_equal(value, 1);
    assert_false(crn_numpy_plain_int(crn_object_float(d, 1), &value));
    assert_false(crn_numpy_plain_int(NULL, &value));
    crn_object *scalar = crn_object_instance(
        d, CRN_BY_REDUCE, crn_object_global(d, "numpy.core.multiarray", "scalar"));
    assert_false(crn_numpy_plain_int(scalar, &value));
}

/* (2, 3) int32 raw bytes 1 .. 6. */
static crn_numpy_raw numbers(const int32_t *bytes)
{
    return (crn_numpy_raw){
        .dtype = {CRN_INT32, 4, 0, NULL}, .ndim = 2, .shape = {2, 3}, .bytes = bytes};
}

static void test_raw_arrays(void **state)
{
    (void)state;
    crn_error err = CRN_ERROR_INIT;
    crn_buffer *owner = crn_buffer_create(64);
    int32_t *bytes = crn_buffer_data(owner);
    for (int i = 0; i < 6; i++)
        bytes[i] = i + 1;
    crn_array array;
    crn_numpy_raw raw = numbers(bytes);
    assert_ok(crn_numpy_raw_measure(&raw, &err));
    assert_int_equal(raw.size, 24);

    assert_ok(crn_numpy_raw_array(&raw, owner, &array, &err)); /* a view */
    assert_ptr_equal(array.data, bytes);
    assert_true(crn_array_get(&array, 1) == 2 && crn_array_get(&array, 3) == 4);
    crn_array_free(&array);

    raw.fortran = true;
    assert_ok(crn_numpy_raw_array(&raw, owner, &array, &err));
    assert_true(crn_array_get(&array, 1) == 3 && crn_array_get(&array, 3) == 2);
    crn_array_free(&array);

    assert_ok(crn_numpy_raw_array(&raw, NULL, &array, &err)); /* a copy */
    assert_ptr_not_equal(array.data, bytes);
    assert_true(crn_array_get(&array, 1) == 3);
    crn_array_free(&array);

    raw.bytes = (char *)bytes + 1; /* askew: a copy, too */
    assert_ok(crn_numpy_raw_array(&raw, owner, &array, &err));
    assert_int_equal((uintptr_t)array.data % 4, 0);
    crn_array_free(&array);

    raw.bytes = bytes;
    raw.dtype.swapped = 4;
    assert_ok(crn_numpy_raw_array(&raw, owner, &array, &err));
    assert_true(crn_array_get(&array, 0) == 1 << 24);
    crn_array_free(&array);
    crn_buffer_release(owner);
}

static void test_measure(void **state)
{
    (void)state;
    crn_error err = CRN_ERROR_INIT;
    crn_numpy_raw raw = {.dtype = {CRN_FLOAT64, 8, 0, NULL}};
    assert_ok(crn_numpy_raw_measure(&raw, &err));
    assert_int_equal(raw.size, 8); /* no axes: one element */
    raw.ndim = 2;
    raw.shape[0] = INT64_MAX;
    raw.shape[1] = 0;
    crn_status status = crn_numpy_raw_measure(&raw, &err);
    assert_true(status == CRN_LIMIT || raw.size == 0);
    raw.shape[1] = 2;
    assert_status(CRN_LIMIT, crn_numpy_raw_measure(&raw, &err));
    raw = (crn_numpy_raw){.dtype = {CRN_STRING, 0, 0, NULL}, .ndim = 1, .shape = {1 << 24}};
    assert_ok(crn_numpy_raw_measure(&raw, &err));
    raw.shape[0]++;
    assert_status(CRN_LIMIT, crn_numpy_raw_measure(&raw, &err));
}

static void test_shapes(void **state)
{
    (void)state;
    crn_error err = CRN_ERROR_INIT;
    int32_t ndim = -1;
    int64_t shape[CRN_MAX_NDIM];
    crn_object *tuple = crn_object_new(d, CRN_OBJ_TUPLE);
    assert_ok(crn_numpy_shape_read(tuple, &ndim, shape, &err));
    assert_int_equal(ndim, 0);
    for (int i = 0; i < CRN_MAX_NDIM; i++)
        assert_true(crn_object_append(d, tuple, crn_object_int(d, i)));
    assert_ok(crn_numpy_shape_read(tuple, &ndim, shape, &err));
    assert_int_equal(ndim, CRN_MAX_NDIM);
    assert_int_equal(shape[7], 7);
    assert_true(crn_object_append(d, tuple, crn_object_int(d, 1)));
    assert_status(CRN_UNSUPPORTED, crn_numpy_shape_read(tuple, &ndim, shape, &err));
    assert_string_equal(err.message, "an array of 9 axes; at most 8 are read");
    assert_status(CRN_FORMAT, crn_numpy_shape_read(crn_object_int(d, 3), &ndim, shape, &err));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_codes),      cmocka_unit_test(test_bad_dtypes),
        cmocka_unit_test(test_fields),     cmocka_unit_test(test_plain_ints),
        cmocka_unit_test(test_raw_arrays), cmocka_unit_test(test_measure),
        cmocka_unit_test(test_shapes),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
