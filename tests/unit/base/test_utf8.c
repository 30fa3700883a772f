/* SPDX-License-Identifier: BSD-3-Clause */
/* UTF-8, and strings as repr() shows them; expected texts are CPython 3.11's. */
#include "test.h"

#include "base/text.h"

static void every_code_point_survives(void **state)
{
    (void)state;
    for (uint32_t code_point = 0; code_point <= 0x10FFFF; code_point++) {
        if (code_point >= 0xD800 && code_point <= 0xDFFF)
            continue;
        char memory[8];
        crn_text text = {.data = memory, .capacity = sizeof memory};
        crn_text_add_code_point(&text, code_point);
        size_t position = 0;
        uint32_t read = 0;
        if (!crn_utf8_next(text.data, text.size, &position, &read) || read != code_point ||
            position != text.size)
            fail_msg("U+%04X came back as U+%04X", (unsigned)code_point, (unsigned)read);
    }
}

static void what_is_no_character_is_replaced(void **state)
{
    (void)state;
    crn_text text = CRN_TEXT_INIT;
    crn_text_add_code_point(&text, 0xD800);
    crn_text_add_code_point(&text, 0x110000);
    assert_string_equal(text.data, "\xEF\xBF\xBD\xEF\xBF\xBD");
    crn_text_free(&text);
}

static void malformed_bytes_are_refused(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "\x80",
        "\xC0\x80",
        "\xC1\xBF",
        "\xC3",
        "\xC3(",
        "\xE0\x9F\xBF",
        "\xE2\x82",
        "\xED\xA0\x80",
        "\xED\xBF\xBF",
        "\xF0\x8F\xBF\xBF",
        "\xF4\x90\x80\x80",
        "\xF5\x80\x80\x80",
        "\xF0\x9F\x98",
        "\xFF",
        "\xFE",
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        size_t position = 0;
        uint32_t code_point = 7;
        assert_false(crn_utf8_next(texts[i], strlen(texts[i]), &position, &code_point));
        assert_int_equal(position, 0);
        assert_int_equal(code_point, 7);
        assert_false(crn_utf8_is_valid(texts[i], strlen(texts[i])));
    }
    assert_true(crn_utf8_is_valid("", 0));
    assert_true(crn_utf8_is_valid("a\0\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80", 11));
}

static void assert_repr(const char *string, size_t size, const char *want)
{
    crn_text text = CRN_TEXT_INIT;
    crn_text_add_python_string(&text, string, size);
    assert_string_equal(text.data, want);
    crn_text_free(&text);
}

#define ASSERT_REPR(string, want) assert_repr(string, sizeof(string) - 1, want)

static void strings_are_shown_as_repr_does(void **state)
{
    (void)state;
    ASSERT_REPR("", "''");
    ASSERT_REPR("relu", "'relu'");
    ASSERT_REPR("it's", "\"it's\"");
    ASSERT_REPR("say \"no\"", "'say \"no\"'");
    ASSERT_REPR("it's \"no\"", "'it\\'s \"no\"'");
    ASSERT_REPR("a\n\r\t\\", "'a\\n\\r\\t\\\\'");
    ASSERT_REPR("\0\x01\x7F", "'\\x00\\x01\\x7f'");
    ASSERT_REPR("\xC3\xA9 \xF0\x9F\x98\x80", "'\xC3\xA9 \xF0\x9F\x98\x80'");
    ASSERT_REPR("\xC2\xA0\xC2\x85\xC2\xAD", "'\\xa0\\x85\\xad'");
    ASSERT_REPR("\xE2\x80\x8B\xEF\xBB\xBF", "'\\u200b\\ufeff'");
    ASSERT_REPR("\xED\xA0\x80", "'\\ud800'");
    ASSERT_REPR("\xF3\xA0\x80\x81", "'\\U000e0001'");
    ASSERT_REPR("a\xFFz", "'a\\xffz'");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_code_point_survives),
        cmocka_unit_test(what_is_no_character_is_replaced),
        cmocka_unit_test(malformed_bytes_are_refused),
        cmocka_unit_test(strings_are_shown_as_repr_does),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
