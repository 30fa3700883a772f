/* SPDX-License-Identifier: BSD-3-Clause */
/* Converting and copying elements: every pair of number types against NumPy's astype, strides,
 * strings. */
#include "test.h"

#include "base/dtype.h"
#include "golden_lines.h"

static crn_dtype dtype_named(const char *name)
{
#define CHECK_NAME(id, number, text, size)                                                     \
    if (strcmp(name, text) == 0)                                                               \
        return CRN_##id;
    CRN_DTYPE_MAP(CHECK_NAME)
#undef CHECK_NAME
    fail_msg("no type %s", name);
    return CRN_NO_DTYPE;
}

/* Writes one element from its text, without the code under test. */
static void put_element(crn_dtype dtype, const char *text, char *at)
{
    double real = strtod(text, NULL);
    float single = (float)real;
    uint64_t whole =
        text[0] == '-' ? (uint64_t)strtoll(text, NULL, 10) : strtoull(text, NULL, 10);
    uint16_t half =
        dtype == CRN_FLOAT16 ? crn_float_to_half(single) : crn_float_to_bfloat(single);
    if (dtype == CRN_FLOAT64)
        memcpy(at, &real, 8);
    else if (dtype == CRN_FLOAT32)
        memcpy(at, &single, 4);
    else if (crn_dtype_is_float(dtype))
        memcpy(at, &half, 2);
    else
        memcpy(at, &whole, crn_dtype_size(dtype)); /* the low bytes come first */
}

enum { MOST = 8 };

/* Every third element of a larger block, so that strides and alignment count. */
static void check_strided(crn_dtype from, const char *before, crn_dtype to, const char *want,
                          int n)
{
    int64_t size = (int64_t)crn_dtype_size(from);
    char block[3 * MOST * 8 + 1];
    memset(block, 0x5A, sizeof block);
    for (int i = 0; i < n; i++)
        memcpy(block + 1 + 3 * size * (n - 1 - i), before + size * i, (size_t)size);
    crn_array backwards = crn_array_view_1d(block + 1 + 3 * size * (n - 1), from, n);
    backwards.strides[0] = -3 * size;
    char got[MOST * 8];
    crn_error err;
    assert_ok(crn_array_copy_to(&backwards, to, 0, got, &err));
    assert_memory_equal(got, want, (size_t)n * crn_dtype_size(to));
}

static void check_pair(char *line)
{
    char *rest;
    crn_dtype from = dtype_named(strtok_r(line, " ", &rest));
    crn_dtype to = dtype_named(next_word(&rest));
    int n = (int)strtol(next_word(&rest), NULL, 10);
    char before[MOST * 8], want[MOST * 8], got[MOST * 8];
    for (int i = 0; i < n; i++)
        put_element(from, next_word(&rest), before + crn_dtype_size(from) * (size_t)i);
    for (int i = 0; i < n; i++)
        put_element(to, next_word(&rest), want + crn_dtype_size(to) * (size_t)i);

    crn_array dense = crn_array_view_1d(before, from, n);
    crn_error err;
    assert_ok(crn_array_copy_to(&dense, to, 0, got, &err));
    if (memcmp(got, want, (size_t)n * crn_dtype_size(to)) != 0)
        fail_msg("%s to %s differs", crn_dtype_name(from), crn_dtype_name(to));
    check_strided(from, before, to, want, n);
}

static void numbers_convert_as_astype_does(void **state)
{
    (void)state;
    for_each_line("astype.txt", check_pair);
}

static void floats_out_of_range_are_defined(void **state)
{
    (void)state;
    const double values[] = {1e300,        -1e300,       (double)NAN, (double)INFINITY,
                             2147483648.0, -2147483649.0};
    crn_array in = crn_array_view_1d(values, CRN_FLOAT64, 6);
    crn_error err;
    int64_t wide[6];
    int32_t narrow[6];
    uint64_t natural[6];
    assert_ok(crn_array_copy_to(&in, CRN_INT64, 0, wide, &err));
    assert_ok(crn_array_copy_to(&in, CRN_INT32, 0, narrow, &err));
    assert_ok(crn_array_copy_to(&in, CRN_UINT64, 0, natural, &err));
    for (int i = 0; i < 4; i++)
        assert_int_equal(wide[i], INT64_MIN);
    assert_int_equal(wide[4], 2147483648);
    for (int i = 0; i < 6; i++)
        assert_int_equal(narrow[i], INT32_MIN);
    assert_int_equal(natural[0], 0);
    assert_int_equal(natural[5], (uint64_t)-2147483649);
}

/* 2049 lies in the middle of two float16; a little more than that must round up, and did not if
 * it passed through float first, where the little is lost. */
static void doubles_round_to_half_once(void **state)
{
    (void)state;
    const double values[] = {2049.0, 2049.0 + 1e-9, 2051.0 - 1e-9, -2049.0 - 1e-9,
                             65519.999999999};
    crn_array in = crn_array_view_1d(values, CRN_FLOAT64, 5);
    uint16_t half[5];
    crn_error err;
    assert_ok(crn_array_copy_to(&in, CRN_FLOAT16, 0, half, &err));
    const float want[] = {2048, 2050, 2050, -2050, 65504};
    for (int i = 0; i < 5; i++)
        assert_true(crn_half_to_float(half[i]) == want[i]);
}

static void long_runs_pass_through_blocks(void **state)
{
    (void)state;
    enum { N = 1000 };
    uint16_t half[N], again[N];
    double wide[N];
    for (int i = 0; i < N; i++)
        half[i] = crn_float_to_half((float)i / 8);
    crn_error err;
    crn_array in = crn_array_view_1d(half, CRN_FLOAT16, N);
    assert_ok(crn_array_copy_to(&in, CRN_FLOAT64, 0, wide, &err));
    for (int i = 0; i < N; i++)
        assert_true(wide[i] == i / 8.0);
    crn_array out = crn_array_view_1d(wide, CRN_FLOAT64, N);
    assert_ok(crn_array_copy_to(&out, CRN_BFLOAT16, 0, again, &err));
    assert_true(crn_bfloat_to_float(again[N - 1]) == 125.0f);
}

static void a_bool_of_any_byte_is_true(void **state)
{
    (void)state;
    const uint8_t bytes[] = {0, 1, 2, 255};
    crn_array in = crn_array_view_1d(bytes, CRN_BOOL, 4);
    uint8_t same[4];
    int32_t numbers[4];
    crn_error err;
    assert_ok(crn_array_copy_to(&in, CRN_BOOL, 0, same, &err));
    assert_ok(crn_array_copy_to(&in, CRN_INT32, 0, numbers, &err));
    assert_memory_equal(same, "\0\1\1\1", 4);
    assert_int_equal(numbers[3], 1);
}

/* ---- shapes ---- */

static void axes_may_lie_in_any_order(void **state)
{
    (void)state;
    int32_t block[24];
    for (int i = 0; i < 24; i++)
        block[i] = i;
    crn_array in = {.data = block, .dtype = CRN_INT32, .ndim = 3, .itemsize = 4};
    /* numpy.arange(24).reshape(2, 3, 4).transpose(2, 0, 1) */
    const int64_t shape[] = {4, 2, 3}, strides[] = {4, 48, 16};
    memcpy(in.shape, shape, sizeof shape);
    memcpy(in.strides, strides, sizeof strides);
    double got[24];
    crn_error err;
    assert_ok(crn_array_copy_to(&in, CRN_FLOAT64, 0, got, &err));
    const double want[] = {0, 4, 8,  12, 16, 20, 1, 5, 9,  13, 17, 21,
                           2, 6, 10, 14, 18, 22, 3, 7, 11, 15, 19, 23};
    assert_close(got, want, 24, 0, 0);
    for (int64_t i = 0; i < 24; i++)
        assert_true(crn_array_get(&in, i) == want[i]);
}

static void zero_strides_repeat(void **state)
{
    (void)state;
    const float one = 2.5f;
    crn_array in = crn_array_view_2d(&one, CRN_FLOAT32, 2, 3);
    in.strides[0] = in.strides[1] = 0;
    double got[6];
    crn_error err;
    assert_ok(crn_array_copy_to(&in, CRN_FLOAT64, 0, got, &err));
    for (int i = 0; i < 6; i++)
        assert_true(got[i] == 2.5);
}

static void empty_arrays_and_scalars_work(void **state)
{
    (void)state;
    crn_error err;
    crn_array empty = crn_array_view_2d(NULL, CRN_FLOAT64, 0, 3);
    assert_ok(crn_array_copy_to(&empty, CRN_INT8, 0, NULL, &err));
    const int16_t value = -9;
    crn_array scalar = {.data = (void *)(uintptr_t)&value, .dtype = CRN_INT16, .itemsize = 2};
    double got = 0;
    assert_ok(crn_array_copy_to(&scalar, CRN_FLOAT64, 0, &got, &err));
    assert_true(got == -9.0);
    assert_true(crn_array_get(&scalar, 0) == -9.0);
}

/* ---- other types ---- */

static void strings_are_cut_or_padded(void **state)
{
    (void)state;
    crn_array in = {
        .data = (void *)(uintptr_t) "abcde\0xy\0\0", .dtype = CRN_BYTES, .itemsize = 5};
    crn_array_set_shape(&in, 1, (const int64_t[]){2});
    char longer[14], shorter[4];
    crn_error err;
    assert_ok(crn_array_copy_to(&in, CRN_BYTES, 7, longer, &err));
    assert_memory_equal(longer, "abcde\0\0\0xy\0\0\0\0", 14);
    assert_ok(crn_array_copy_to(&in, CRN_BYTES, 2, shorter, &err));
    assert_memory_equal(shorter, "ab\0x", 4);
}

static void unlike_types_are_refused(void **state)
{
    (void)state;
    static const crn_dtype pairs[][2] = {
        {CRN_STRING, CRN_FLOAT64},    {CRN_FLOAT64, CRN_STRING},   {CRN_BYTES, CRN_STRING},
        {CRN_COMPLEX64, CRN_FLOAT32}, {CRN_OBJECT, CRN_STRING},    {CRN_DATETIME, CRN_INT64},
        {CRN_NO_DTYPE, CRN_NO_DTYPE}, {CRN_FLOAT64, CRN_NO_DTYPE},
    };
    char memory[64] = {0}, out[64];
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        crn_array in = {.data = memory, .dtype = pairs[i][0], .itemsize = 8};
        crn_array_set_shape(&in, 1, (const int64_t[]){2});
        crn_error err;
        assert_status(CRN_DTYPE, crn_array_copy_to(&in, pairs[i][1], 8, out, &err));
    }
    crn_array in = crn_array_view_1d(memory, CRN_FLOAT64, 1);
    crn_error err;
    assert_status(CRN_DTYPE, crn_array_copy_to(&in, CRN_STRING, 8, out, &err));
    assert_string_equal(err.message, "cannot convert an array of float64 to str");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_convert_as_astype_does),
        cmocka_unit_test(floats_out_of_range_are_defined),
        cmocka_unit_test(doubles_round_to_half_once),
        cmocka_unit_test(long_runs_pass_through_blocks),
        cmocka_unit_test(a_bool_of_any_byte_is_true),
        cmocka_unit_test(axes_may_lie_in_any_order),
        cmocka_unit_test(zero_strides_repeat),
        cmocka_unit_test(empty_arrays_and_scalars_work),
        cmocka_unit_test(strings_are_cut_or_padded),
        cmocka_unit_test(unlike_types_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
