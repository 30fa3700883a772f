/* SPDX-License-Identifier: BSD-3-Clause */
/* Integers of any length. Expected values: Python's int.to_bytes(n, "little", signed=True) and
 * str(). */
#include "format/python_int.h"

#include "test.h"

#include <stdlib.h>

static const struct {
    const char *decimal;
    size_t size;
    uint8_t bytes[20];
} cases[] = {
    {"0", 0, {0}},
    {"1", 1, {1}},
    {"-1", 1, {0xff}},
    {"127", 1, {0x7f}},
    {"128", 2, {0x80, 0x00}},
    {"-128", 1, {0x80}},
    {"-129", 2, {0x7f, 0xff}},
    {"255", 2, {0xff, 0x00}},
    {"-256", 2, {0x00, 0xff}},
    {"4294967296", 5, {0, 0, 0, 0, 1}},
    {"-4294967296", 5, {0, 0, 0, 0, 0xff}},
    {"9223372036854775807", 8, {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f}},
    {"-9223372036854775808", 8, {0, 0, 0, 0, 0, 0, 0, 0x80}},
    {"9223372036854775808", 9, {0, 0, 0, 0, 0, 0, 0, 0x80, 0}},
    {"1000000000000000000000", 9, {0x00, 0x00, 0xa0, 0xde, 0xc5, 0xad, 0xc9, 0x35, 0x36}},
    {"-1000000000000000000000", 9, {0x00, 0x00, 0x60, 0x21, 0x3a, 0x52, 0x36, 0xca, 0xc9}},
    {"340282366920938463463374607431768211455",
     17,
     {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
      0xff, 0}},
};
enum { CASES = sizeof cases / sizeof cases[0] };

static void test_decimal_to_bytes(void **state)
{
    (void)state;
    crn_error err = CRN_ERROR_INIT;
    for (size_t i = 0; i < CASES; i++) {
        uint8_t *bytes = NULL;
        size_t size = 99;
        assert_ok(
            crn_int_parse(cases[i].decimal, strlen(cases[i].decimal), &bytes, &size, &err));
        assert_int_equal(size, cases[i].size);
        assert_memory_equal(bytes, cases[i].bytes, size);
        free(bytes);
    }
}

static void test_bytes_to_decimal(void **state)
{
    (void)state;
    for (size_t i = 0; i < CASES; i++) {
        crn_text text = CRN_TEXT_INIT;
        assert_true(crn_int_add_decimal(&text, cases[i].bytes, cases[i].size));
        assert_string_equal(text.data, cases[i].decimal);
        crn_text_free(&text);
    }
}

static void test_int64(void **state)
{
    (void)state;
    int64_t value = 0;
    assert_true(crn_int_from_bytes(NULL, 0, &value));
    assert_int_equal(value, 0);
    const uint8_t padded_minus_2[] = {0xfe, 0xff, 0xff, 0xff, 0xff,
                                      0xff, 0xff, 0xff, 0xff, 0xff};
    assert_true(crn_int_from_bytes(padded_minus_2, sizeof padded_minus_2, &value));
    assert_int_equal(value, -2);
    assert_true(crn_int_from_bytes(cases[12].bytes, 8, &value));
    assert_true(value == INT64_MIN);
    assert_false(crn_int_from_bytes(cases[13].bytes, 9, &value));
}

static void test_bad_digits(void **state)
{
    (void)state;
    crn_error err = CRN_ERROR_INIT;
    uint8_t *bytes = NULL;
    size_t size;
    assert_status(CRN_FORMAT, crn_int_parse("", 0, &bytes, &size, &err));
    assert_status(CRN_FORMAT, crn_int_parse("-", 1, &bytes, &size, &err));
    assert_status(CRN_FORMAT, crn_int_parse("12x", 3, &bytes, &size, &err));
    assert_string_equal(err.message, "an integer holds the byte 0x78");
}

static void test_longest(void **state)
{
    (void)state;
    crn_error err = CRN_ERROR_INIT;
    char digits[CRN_INT_MAX_DIGITS + 1];
    memset(digits, '9', sizeof digits);
    uint8_t *bytes = NULL;
    size_t size;
    assert_status(CRN_LIMIT, crn_int_parse(digits, sizeof digits, &bytes, &size, &err));
    assert_ok(crn_int_parse(digits, CRN_INT_MAX_DIGITS, &bytes, &size, &err));
    assert_int_equal(size, 1786); /* (14285 bits + sign) / 8, rounded up */
    crn_text text = CRN_TEXT_INIT;
    assert_true(crn_int_add_decimal(&text, bytes, size));
    assert_int_equal(text.size, CRN_INT_MAX_DIGITS);
    assert_memory_equal(text.data, digits, text.size);
    free(bytes);

    uint8_t longer[1800];
    memset(longer, 0x7f, sizeof longer);
    assert_false(crn_int_add_decimal(&text, longer, sizeof longer));
    assert_false(crn_int_add_decimal(&text, longer, 1787));
    crn_text_free(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_decimal_to_bytes),
        cmocka_unit_test(test_bytes_to_decimal),
        cmocka_unit_test(test_int64),
        cmocka_unit_test(test_bad_digits),
        cmocka_unit_test(test_longest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
