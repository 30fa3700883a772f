/* SPDX-License-Identifier: BSD-3-Clause */
/* Element types: names, sizes, kinds, and half precision against NumPy and ml_dtypes. */
#include "test.h"

#include "base/dtype.h"
#include "golden_lines.h"

static void names_and_sizes_are_numpys(void **state)
{
    (void)state;
    assert_string_equal(crn_dtype_name(CRN_FLOAT64), "float64");
    assert_string_equal(crn_dtype_name(CRN_STRING), "str");
    assert_string_equal(crn_dtype_name(CRN_NO_DTYPE), "?");
    assert_string_equal(crn_dtype_name((crn_dtype)99), "?");
    assert_int_equal(crn_dtype_size(CRN_BOOL), 1);
    assert_int_equal(crn_dtype_size(CRN_BFLOAT16), 2);
    assert_int_equal(crn_dtype_size(CRN_COMPLEX128), 16);
    assert_int_equal(crn_dtype_size(CRN_STRING), 0);
    assert_int_equal(crn_dtype_size((crn_dtype)-1), 0);
}

static void kinds_lead_to_types_and_back(void **state)
{
    (void)state;
#define CHECK_KIND(name, number, text, size)                                                   \
    if (CRN_##name != CRN_BFLOAT16 && CRN_##name != CRN_CSR) {                                 \
        crn_dtype dtype = CRN_NO_DTYPE;                                                        \
        int64_t bytes = size == 24 ? CRN_POINTER_BYTES : size > 0 ? size : 12;                                                  \
        assert_true(crn_dtype_from_kind(crn_dtype_kind(CRN_##name), bytes, &dtype));           \
        assert_int_equal(dtype, CRN_##name);                                                   \
    }
    CRN_DTYPE_MAP(CHECK_KIND)
#undef CHECK_KIND
    assert_int_equal(crn_dtype_kind(CRN_BFLOAT16), 'V');
    assert_int_equal(crn_dtype_kind(CRN_NO_DTYPE), '?');
}

static void unknown_kinds_are_refused(void **state)
{
    (void)state;
    crn_dtype dtype;
    assert_false(crn_dtype_from_kind('f', 16, &dtype)); /* long double */
    assert_false(crn_dtype_from_kind('i', 3, &dtype));
    assert_false(crn_dtype_from_kind('b', 2, &dtype));
    assert_false(crn_dtype_from_kind('U', 5, &dtype));
    assert_false(crn_dtype_from_kind('S', -1, &dtype));
    assert_false(crn_dtype_from_kind('x', 8, &dtype));
    assert_true(crn_dtype_from_kind('U', 0, &dtype));
}

static void types_have_classes(void **state)
{
    (void)state;
    static const struct {
        crn_dtype dtype;
        bool is_float, is_integer, is_number;
    } rows[] = {
        {CRN_BOOL, false, false, true},       {CRN_INT8, false, true, true},
        {CRN_UINT64, false, true, true},      {CRN_FLOAT16, true, false, true},
        {CRN_BFLOAT16, true, false, true},    {CRN_FLOAT64, true, false, true},
        {CRN_COMPLEX64, false, false, false}, {CRN_STRING, false, false, false},
        {CRN_OBJECT, false, false, false},    {CRN_NO_DTYPE, false, false, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(crn_dtype_is_float(rows[i].dtype), rows[i].is_float);
        assert_int_equal(crn_dtype_is_integer(rows[i].dtype), rows[i].is_integer);
        assert_int_equal(crn_dtype_is_number(rows[i].dtype), rows[i].is_number);
    }
}

static float float_of(uint32_t bits)
{
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static void check_half(char *line)
{
    char *at;
    float value = float_of((uint32_t)strtoul(line, &at, 16));
    assert_int_equal(crn_float_to_half(value), strtoul(at, &at, 16));
    assert_int_equal(crn_float_to_bfloat(value), strtoul(at, &at, 16));
}

static void rounding_to_half_is_numpys(void **state)
{
    (void)state;
    for_each_line("half.txt", check_half);
}

static void every_half_survives(void **state)
{
    (void)state;
    for (uint32_t bits = 0; bits <= 0xFFFF; bits++) {
        float half = crn_half_to_float((uint16_t)bits);
        float brain = crn_bfloat_to_float((uint16_t)bits);
        if (!isnan(half))
            assert_int_equal(crn_float_to_half(half), bits);
        if (!isnan(brain))
            assert_int_equal(crn_float_to_bfloat(brain), bits);
        assert_int_equal(isnan(half), (bits & 0x7FFF) > 0x7C00);
        assert_int_equal(isnan(brain), (bits & 0x7FFF) > 0x7F80);
    }
}

static void nan_stays_nan(void **state)
{
    (void)state;
    static const uint32_t nans[] = {0x7F800001u, 0x7FC00000u, 0xFF800001u, 0xFFFFFFFFu};
    for (size_t i = 0; i < 4; i++) {
        assert_true(isnan(crn_half_to_float(crn_float_to_half(float_of(nans[i])))));
        assert_true(isnan(crn_bfloat_to_float(crn_float_to_bfloat(float_of(nans[i])))));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_and_sizes_are_numpys),
        cmocka_unit_test(kinds_lead_to_types_and_back),
        cmocka_unit_test(unknown_kinds_are_refused),
        cmocka_unit_test(types_have_classes),
        cmocka_unit_test(rounding_to_half_is_numpys),
        cmocka_unit_test(every_half_survives),
        cmocka_unit_test(nan_stays_nan),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
