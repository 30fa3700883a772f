/* SPDX-License-Identifier: BSD-3-Clause */
/* Reading numbers: rounded correctly, whole texts only. */
#include "test.h"

#include <float.h>

#include "base/text.h"

static uint64_t bits_of(double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

static void assert_reads(const char *text, double want)
{
    double value = -77;
    if (!crn_parse_double(text, strlen(text), &value))
        fail_msg("%s was refused", text);
    if (bits_of(value) != bits_of(want))
        fail_msg("%s is %.17g, not %.17g", text, value, want);
}

static void decimals_are_read_exactly(void **state)
{
    (void)state;
    assert_reads("0", 0.0);
    assert_reads("-0.0", -0.0);
    assert_reads("+1.5", 1.5);
    assert_reads(".5", 0.5);
    assert_reads("5.", 5.0);
    assert_reads("1E3", 1000.0);
    assert_reads("1e+3", 1000.0);
    assert_reads("000123.4500e-2", 1.2345);
    assert_reads("0e999999999999", 0.0);
    assert_reads("1e22", 1e22);
    assert_reads("1e23", 1e23);
    assert_reads("123456789012345e22", 123456789012345e22);
    assert_reads("9007199254740993", 9007199254740992.0);
    assert_reads("9007199254740993.00000000000000000000000000000000001", 9007199254740994.0);
    assert_reads("1e400", (double)INFINITY);
    assert_reads("-1e99999999999999999999", -(double)INFINITY);
    assert_reads("1e-99999999999999999999", 0.0);
    assert_reads("2.4703282292062327e-324", 0.0);
    assert_reads("2.4703282292062328e-324", 5e-324);
    assert_reads("inf", (double)INFINITY);
    assert_reads("-Infinity", -(double)INFINITY);
    assert_reads("INF", (double)INFINITY);
    double value;
    assert_true(crn_parse_double("NaN", 3, &value) && isnan(value));
    assert_true(crn_parse_double("-nan", 4, &value) && isnan(value));
}

/* 1 + 2^-53 lies in the middle between 1 and the next double: the digit behind hundreds of
 * zeros decides. */
static void the_last_of_many_digits_counts(void **state)
{
    (void)state;
    char text[3000];
    int size =
        snprintf(text, sizeof text, "1.00000000000000011102230246251565404236316680908203125");
    memset(text + size, '0', 2000);
    text[size + 2000] = '\0';
    assert_reads(text, 1.0);
    text[size + 1999] = '1';
    assert_reads(text, 1.0 + DBL_EPSILON);
    memset(text, '9', 1000);
    strcpy(text + 1000, "e-1000");
    assert_reads(text, 1.0);
    memset(text, '0', 2000);
    text[0] = '.';
    strcpy(text + 2000, "25e2000");
    assert_reads(text, 2.5);
}

static void other_texts_are_no_numbers(void **state)
{
    (void)state;
    static const char *const texts[] = {"",    " ",     "1 ",   " 1",    "+",    "-",     ".",
                                        "e5",  "1e",    "1e+",  "1.2.3", "0x10", "1_000", "1,5",
                                        "--1", "infin", "nano", "1e5.0", "1f",   "in"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        double value;
        if (crn_parse_double(texts[i], strlen(texts[i]), &value))
            fail_msg("'%s' was read as %g", texts[i], value);
    }
}

static bool reads_int(const char *text, int64_t want)
{
    int64_t value = 99;
    return crn_parse_int(text, strlen(text), &value) && value == want;
}

static void integers_are_read_whole(void **state)
{
    (void)state;
    assert_true(reads_int("0", 0));
    assert_true(reads_int("-0", 0));
    assert_true(reads_int("+17", 17));
    assert_true(reads_int("0000000000000000000000042", 42));
    assert_true(reads_int("9223372036854775807", INT64_MAX));
    assert_true(reads_int("-9223372036854775808", INT64_MIN));
    static const char *const texts[] = {"",
                                        "-",
                                        "+",
                                        "1.0",
                                        "1e3",
                                        " 1",
                                        "1 ",
                                        "0x1",
                                        "--1",
                                        "9223372036854775808",
                                        "-9223372036854775809",
                                        "99999999999999999999999"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        int64_t value;
        assert_false(crn_parse_int(texts[i], strlen(texts[i]), &value));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(decimals_are_read_exactly),
        cmocka_unit_test(the_last_of_many_digits_counts),
        cmocka_unit_test(other_texts_are_no_numbers),
        cmocka_unit_test(integers_are_read_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
