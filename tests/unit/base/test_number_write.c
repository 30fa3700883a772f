/* SPDX-License-Identifier: BSD-3-Clause */
/* Floats as text against real Python: repr(float), str(numpy.float32).
 */
#include "test.h"

#include <locale.h>

#include "base/text.h"
#include "golden_lines.h"

static uint64_t bits_of(double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

static void check_double(char *line)
{
    char *text;
    uint64_t bits = strtoull(line, &text, 16);
    text++;
    double value;
    memcpy(&value, &bits, sizeof value);
    crn_text written = CRN_TEXT_INIT;
    crn_text_add_double(&written, value);
    assert_string_equal(written.data, text);
    double read;
    assert_true(crn_parse_double(written.data, written.size, &read));
    assert_true(isnan(value) ? isnan(read) : bits_of(read) == bits);
    crn_text_free(&written);
}

static void doubles_are_written_as_python_does(void **state)
{
    (void)state;
    for_each_line("double_repr.txt", check_double);
}

static void check_float(char *line)
{
    char *text;
    uint32_t bits = (uint32_t)strtoul(line, &text, 16);
    text++;
    float value;
    memcpy(&value, &bits, sizeof value);
    crn_text written = CRN_TEXT_INIT;
    crn_text_add_float(&written, value);
    assert_string_equal(written.data, text);
    crn_text_free(&written);
}

static void floats_are_written_as_numpy_does(void **state)
{
    (void)state;
    for_each_line("float_repr.txt", check_float);
}

static void the_locale_does_not_matter(void **state)
{
    (void)state;
    /* Where such a locale is installed its decimal comma must not show. */
    const char *names[] = {"de_DE.UTF-8", "fr_FR.UTF-8", "ru_RU.UTF-8"};
    for (size_t i = 0; i < 3 && setlocale(LC_ALL, names[i]) == NULL; i++)
        continue;
    crn_text text = CRN_TEXT_INIT;
    crn_text_add_double(&text, 1234.5);
    crn_text_add_char(&text, ' ');
    crn_text_add_float(&text, 0.25f);
    double value;
    bool read = crn_parse_double("2.2250738585072011e-308", 23, &value);
    setlocale(LC_ALL, "C");
    assert_string_equal(text.data, "1234.5 0.25");
    assert_true(read && value > 2.2250738585072e-308 && value < 2.2250738585073e-308);
    crn_text_free(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(doubles_are_written_as_python_does),
        cmocka_unit_test(floats_are_written_as_numpy_does),
        cmocka_unit_test(the_locale_does_not_matter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
