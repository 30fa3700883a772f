/* SPDX-License-Identifier: BSD-3-Clause */
/* Array views and arrays that own their memory. */
#include "test.h"

#include "base/dtype.h"

static crn_error err;

static void views_borrow(void **state)
{
    (void)state;
    double rows[2][4] = {{5.1, 3.5, 1.4, 0.2}, {6.2, 2.9, 4.3, 1.3}};
    crn_array x = crn_array_view_2d(rows, CRN_FLOAT64, 2, 4);
    assert_ptr_equal(x.data, rows);
    assert_null(x.owner);
    assert_int_equal(x.ndim, 2);
    assert_int_equal(x.itemsize, 8);
    assert_int_equal(x.strides[0], 32);
    assert_int_equal(x.strides[1], 8);
    assert_int_equal(crn_array_size(&x), 8);
    assert_true(crn_array_is_contiguous(&x));
    assert_true(crn_array_get(&x, 5) == 2.9);
    crn_array second = crn_array_rows(&x, 1, 2);
    assert_ptr_equal(second.data, rows[1]);
    assert_int_equal(second.shape[0], 1);
    crn_array_free(&x);
    assert_null(x.data);
    crn_array_free(NULL);
}

static void contiguity_is_seen(void **state)
{
    (void)state;
    char memory[64] = {0};
    crn_array x = crn_array_view_2d(memory, CRN_INT16, 4, 3);
    assert_true(crn_array_is_contiguous(&x));
    x.strides[0] = 8;
    assert_false(crn_array_is_contiguous(&x));
    x.shape[0] = 1; /* the stride of one row does not matter */
    assert_true(crn_array_is_contiguous(&x));
    x.shape[0] = 0;
    x.strides[1] = 100;
    assert_true(crn_array_is_contiguous(&x));
    x = crn_array_view_1d(memory, CRN_UINT8, 4);
    x.strides[0] = -1;
    assert_false(crn_array_is_contiguous(&x));
}

static void created_arrays_are_zero_and_aligned(void **state)
{
    (void)state;
    crn_array x = CRN_ARRAY_INIT;
    assert_ok(crn_array_create(CRN_FLOAT32, 0, 3, (const int64_t[]){2, 3, 5}, &x, &err));
    assert_int_equal((uintptr_t)x.data % 64, 0);
    assert_int_equal(x.strides[0], 60);
    for (int64_t i = 0; i < 30; i++)
        assert_true(((float *)x.data)[i] == 0);
    crn_array twin = crn_array_share(&x);
    crn_array_free(&x);
    ((float *)twin.data)[29] = 1; /* still there */
    crn_array_free(&twin);

    assert_ok(crn_array_create(CRN_STRING, 12, 1, (const int64_t[]){4}, &x, &err));
    assert_int_equal(x.itemsize, 12);
    crn_array_free(&x);
    assert_ok(crn_array_create(CRN_FLOAT64, 0, 0, NULL, &x, &err));
    assert_int_equal(crn_array_size(&x), 1);
    crn_array_free(&x);
    assert_ok(crn_array_create(CRN_FLOAT64, 0, 2, (const int64_t[]){3, 0}, &x, &err));
    assert_non_null(x.data);
    assert_int_equal(x.strides[0], 8);
    crn_array_free(&x);
}

static void impossible_arrays_are_refused(void **state)
{
    (void)state;
    crn_array x = CRN_ARRAY_INIT;
    const int64_t negative[] = {3, -1};
    const int64_t huge[] = {INT64_MAX / 4, 2, 2};
    const int64_t large[] = {INT64_MAX / 8};
    const int64_t hidden[] = {INT64_MAX, INT64_MAX, 0};
    const int64_t ones[CRN_MAX_NDIM + 1] = {1};
    assert_status(CRN_ARGUMENT, crn_array_create(CRN_FLOAT64, 0, 2, negative, &x, &err));
    assert_status(CRN_ARGUMENT,
                  crn_array_create(CRN_INT8, 0, CRN_MAX_NDIM + 1, ones, &x, &err));
    assert_status(CRN_ARGUMENT, crn_array_create(CRN_INT8, 0, -1, ones, &x, &err));
    assert_status(CRN_ARGUMENT, crn_array_create((crn_dtype)77, 0, 1, ones, &x, &err));
    assert_status(CRN_ARGUMENT, crn_array_create(CRN_STRING, 5, 1, ones, &x, &err));
    assert_status(CRN_ARGUMENT, crn_array_create(CRN_BYTES, -5, 1, ones, &x, &err));
    assert_status(CRN_NO_MEMORY, crn_array_create(CRN_FLOAT64, 0, 3, huge, &x, &err));
    assert_status(CRN_NO_MEMORY, crn_array_create(CRN_COMPLEX128, 0, 1, large, &x, &err));
    assert_status(CRN_NO_MEMORY, crn_array_create(CRN_INT8, 0, 3, hidden, &x, &err));
    assert_null(x.data);
}

static void bytes_of_shapes_are_checked(void **state)
{
    (void)state;
    size_t bytes = 0;
    assert_ok(crn_shape_bytes(8, 2, (const int64_t[]){3, 5}, &bytes, &err));
    assert_int_equal(bytes, 120);
    assert_ok(crn_shape_bytes(8, 0, NULL, &bytes, &err));
    assert_int_equal(bytes, 8);
    assert_ok(crn_shape_bytes(8, 2, (const int64_t[]){1000, 0}, &bytes, &err));
    assert_int_equal(bytes, 0);
    assert_status(CRN_LIMIT, crn_shape_bytes(8, 2, (const int64_t[]){3, -5}, &bytes, &err));
    assert_status(CRN_LIMIT,
                  crn_shape_bytes(8, 1, (const int64_t[]){INT64_MAX / 7}, &bytes, &err));
    assert_status(CRN_LIMIT, crn_shape_bytes(-8, 1, (const int64_t[]){1}, &bytes, &err));
}

static void astype_makes_a_dense_copy(void **state)
{
    (void)state;
    float block[6] = {1.5f, 2, 3, 4, 5, -6.9f};
    crn_array x = crn_array_view_2d(block, CRN_FLOAT32, 2, 3);
    x.shape[0] = 3; /* transposed */
    x.shape[1] = 2;
    x.strides[0] = 4;
    x.strides[1] = 12;
    crn_array y = CRN_ARRAY_INIT;
    assert_ok(crn_array_astype(&x, CRN_INT64, &y, &err));
    const int64_t want[] = {1, 4, 2, 5, 3, -6};
    assert_memory_equal(y.data, want, sizeof want);
    assert_true(crn_array_is_contiguous(&y));
    assert_int_equal(y.shape[0], 3);
    crn_array_free(&y);
}

static void astype_keeps_strings_and_refuses_the_rest(void **state)
{
    (void)state;
    const uint32_t text[] = {'a', 'b', 'c', 0};
    crn_array x = {.data = (void *)(uintptr_t)text, .dtype = CRN_STRING, .itemsize = 8};
    crn_array_set_shape(&x, 1, (const int64_t[]){2});
    crn_array y = CRN_ARRAY_INIT;
    assert_ok(crn_array_astype(&x, CRN_STRING, &y, &err));
    assert_int_equal(y.itemsize, 8);
    assert_memory_equal(y.data, text, sizeof text);
    crn_array_free(&y);
    assert_status(CRN_DTYPE, crn_array_astype(&x, CRN_FLOAT64, &y, &err));
    const int16_t number = 3;
    crn_array z = crn_array_view_1d(&number, CRN_INT16, 1);
    assert_status(CRN_DTYPE, crn_array_astype(&z, CRN_STRING, &y, &err));
    assert_null(y.data);
}

static void elements_that_are_no_numbers_read_as_zero(void **state)
{
    (void)state;
    crn_array x = {.data = (void *)(uintptr_t) "abc", .dtype = CRN_BYTES, .itemsize = 3};
    crn_array_set_shape(&x, 1, (const int64_t[]){1});
    assert_true(crn_array_get(&x, 0) == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(views_borrow),
        cmocka_unit_test(contiguity_is_seen),
        cmocka_unit_test(created_arrays_are_zero_and_aligned),
        cmocka_unit_test(impossible_arrays_are_refused),
        cmocka_unit_test(bytes_of_shapes_are_checked),
        cmocka_unit_test(astype_makes_a_dense_copy),
        cmocka_unit_test(astype_keeps_strings_and_refuses_the_rest),
        cmocka_unit_test(elements_that_are_no_numbers_read_as_zero),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
