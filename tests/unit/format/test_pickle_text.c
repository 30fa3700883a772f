/* SPDX-License-Identifier: BSD-3-Clause */
/* Strings of protocol 0. Expected values: pickle.loads and pickle.dumps(..., 0) of
 * CPython 3.11, and of Python 2.7's literals. */
#include "format/pickle_text.h"

#include "test.h"

typedef bool (*decode_fn)(const char *line, size_t size, crn_text *out);

static void check_decoded(decode_fn decode, const char *line, size_t size, const char *want,
                          size_t want_size)
{
    crn_text out = CRN_TEXT_INIT;
    bool decoded = decode(line, size, &out);
    if (want == NULL) {
        assert_false(decoded);
    } else {
        assert_true(decoded);
        assert_int_equal(out.size, want_size);
        if (want_size > 0)
            assert_memory_equal(out.data, want, want_size);
    }
    crn_text_free(&out);
}

#define DECODES(decode, line, want)                                                            \
    check_decoded(decode, line, sizeof(line) - 1, want, sizeof(want) - 1)
#define REFUSES(decode, line) check_decoded(decode, line, sizeof(line) - 1, NULL, 0)

static void test_decode_unicode(void **state)
{
    (void)state;
    DECODES(crn_pickle_decode_unicode, "", "");
    DECODES(crn_pickle_decode_unicode, "plain", "plain");
    DECODES(crn_pickle_decode_unicode, "\xe9", "\xc3\xa9");
    DECODES(crn_pickle_decode_unicode, "\\u00e9\\u20AC", "\xc3\xa9\xe2\x82\xac");
    DECODES(crn_pickle_decode_unicode, "\\U0001f600x", "\xf0\x9f\x98\x80x");
    DECODES(crn_pickle_decode_unicode, "\\u0000", "\0");
    DECODES(crn_pickle_decode_unicode, "\\ud800", "\xed\xa0\x80");
    DECODES(crn_pickle_decode_unicode, "\\ud83d\\ude00", "\xed\xa0\xbd\xed\xb8\x80");
    DECODES(crn_pickle_decode_unicode, "\\n\\", "\\n\\");
    DECODES(crn_pickle_decode_unicode, "\\\\u0041", "\\\\u0041");
    REFUSES(crn_pickle_decode_unicode, "\\u");
    REFUSES(crn_pickle_decode_unicode, "\\u004");
    REFUSES(crn_pickle_decode_unicode, "\\u00g1");
    REFUSES(crn_pickle_decode_unicode, "\\U00110000");
    REFUSES(crn_pickle_decode_unicode, "\\Uffffffff");
    REFUSES(crn_pickle_decode_unicode, "\\U0001f60");
}

static void test_decode_string(void **state)
{
    (void)state;
    DECODES(crn_pickle_decode_string, "''", "");
    DECODES(crn_pickle_decode_string, "\"it's\"", "it's");
    DECODES(crn_pickle_decode_string, "'\\\\\\'\\\"\\a\\b\\f\\n\\r\\t\\v'",
            "\\'\"\a\b\f\n\r\t\v");
    DECODES(crn_pickle_decode_string, "'\\x41\\xfF'", "A\xff");
    DECODES(crn_pickle_decode_string, "'\\0\\12\\1013'", "\0\nA3");
    DECODES(crn_pickle_decode_string, "'\\z'", "\\z");
    REFUSES(crn_pickle_decode_string, "");
    REFUSES(crn_pickle_decode_string, "'");
    REFUSES(crn_pickle_decode_string, "'a\"");
    REFUSES(crn_pickle_decode_string, "abc");
    REFUSES(crn_pickle_decode_string, "'\\'");
    REFUSES(crn_pickle_decode_string, "'\\x4'");
    REFUSES(crn_pickle_decode_string, "'\\xg0'");
}

static void check_encoded(const char *utf8, size_t size, bool raw_controls, const char *want)
{
    crn_text out = CRN_TEXT_INIT, back = CRN_TEXT_INIT;
    crn_pickle_encode_unicode(utf8, size, raw_controls, &out);
    assert_string_equal(out.data, want);
    assert_true(crn_pickle_decode_unicode(out.data, out.size, &back));
    assert_int_equal(back.size, size);
    assert_memory_equal(back.data, utf8, size);
    crn_text_free(&out);
    crn_text_free(&back);
}

static void test_encode_unicode(void **state)
{
    (void)state;
    check_encoded("plain", 5, false, "plain");
    check_encoded("\xc3\xa9", 2, false, "\xe9");
    check_encoded("\xe2\x82\xac", 3, false, "\\u20ac");
    check_encoded("\xf0\x9f\x98\x80", 4, false, "\\U0001f600");
    check_encoded("\xed\xa0\x80", 3, false, "\\ud800");
    check_encoded("a\\b\nc\rd\x1a\0", 9, false, "a\\u005cb\\u000ac\\u000dd\\u001a\\u0000");
    /* CPython before 3.7 left three control characters as they are. */
    check_encoded("a\\b\nc\rd\x1a", 8, true, "a\\u005cb\\u000ac\rd\x1a");
}

static void test_utf8(void **state)
{
    (void)state;
    assert_true(crn_pickle_is_utf8("", 0));
    assert_true(crn_pickle_is_utf8("caf\xc3\xa9", 5));
    assert_true(crn_pickle_is_utf8("\xed\xa0\x80 \xed\xbf\xbf", 7));
    assert_false(crn_pickle_is_utf8("\xc3", 1));
    assert_false(crn_pickle_is_utf8("\xed\xa0", 2));
    assert_false(crn_pickle_is_utf8("\xed\xa0\x41", 3));
    assert_false(crn_pickle_is_utf8("\xc0\x80", 2));
    assert_false(crn_pickle_is_utf8("\xf5\x80\x80\x80", 4));
    size_t position = 0;
    uint32_t code_point = 0;
    assert_true(crn_pickle_next_code_point("\xed\xbe\xab", 3, &position, &code_point));
    assert_int_equal(code_point, 0xdfab);
    assert_int_equal(position, 3);
    assert_false(crn_pickle_next_code_point("\xed\xbe\xab", 3, &position, &code_point));
    crn_text out = CRN_TEXT_INIT;
    crn_pickle_add_code_point(&out, 0xdfab);
    crn_pickle_add_code_point(&out, 0x20ac);
    assert_string_equal(out.data, "\xed\xbe\xab\xe2\x82\xac");
    crn_text_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_decode_unicode),
        cmocka_unit_test(test_decode_string),
        cmocka_unit_test(test_encode_unicode),
        cmocka_unit_test(test_utf8),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
