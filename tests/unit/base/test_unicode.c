/* SPDX-License-Identifier: BSD-3-Clause */
/* Against CPython 3.11's str.lower(), re and unicodedata. */
#include "test.h"

#include "base/unicode.h"

/* Lower case of a whole text. */
static void lower(const char *text, char *out)
{
    const size_t size = strlen(text);
    for (size_t at = 0; at < size;) {
        uint32_t points[CRN_MOST_LOWER];
        const size_t begin = at;
        const uint32_t point = crn_unicode_next(text, size, &at);
        const int count = crn_unicode_lower(text, size, begin, point, points);
        for (int i = 0; i < count; i++)
            out = crn_unicode_put(out, points[i]);
    }
    *out = '\0';
}

static void test_lower(void **state)
{
    (void)state;
    static const struct {
        const char *text, *lower;
    } cases[] = {
        {"ABC xyz", "abc xyz"},
        {"\u0130I", "i\u0307i"},
        {"\u00C5NGSTR\u00D6M \u1E9E", "\u00E5ngstr\u00F6m \u00DF"},
        /* sigma: at the end of a word, alone, before an apostrophe, between letters */
        {"\u039F\u0394\u03A5\u03A3\u03A3\u0395\u03A5\u03A3",
         "\u03BF\u03B4\u03C5\u03C3\u03C3\u03B5\u03C5\u03C2"},
        {"\u03A3 A\u03A3' A\u03A3'b A\u03A3b", "\u03C3 a\u03C2' a\u03C3'b a\u03C3b"},
        {"\U00010400", "\U00010428"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char out[128];
        lower(cases[i].text, out);
        assert_string_equal(out, cases[i].lower);
    }
}

static void test_classes(void **state)
{
    (void)state;
    static const uint32_t words[] = {'a', 'Z', '0', '_', 0xE9, 0xBD, 0x2167, 0x4E2D, 0x1D7D9};
    static const uint32_t others[] = {' ', '-', '\'', 0x301, 0x20AC, 0x1F642, 0x200D, 0x110000};
    static const uint32_t spaces[] = {' ', '\t', 0x1C, 0x85, 0xA0, 0x3000};
    static const uint32_t no_spaces[] = {'a', 0x08, 0x180E, 0x200B, 0xFEFF};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        assert_true(crn_unicode_is_word(words[i]));
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        assert_false(crn_unicode_is_word(others[i]));
    for (size_t i = 0; i < sizeof spaces / sizeof *spaces; i++)
        assert_true(crn_unicode_is_space(spaces[i]));
    for (size_t i = 0; i < sizeof no_spaces / sizeof *no_spaces; i++)
        assert_false(crn_unicode_is_space(no_spaces[i]));
    assert_true(crn_unicode_is_combining(0x301));
    assert_false(crn_unicode_is_combining('a'));
}

static void test_decomposition(void **state)
{
    (void)state;
    uint32_t parts[CRN_MOST_NFKD];
    assert_int_equal(crn_unicode_nfkd(0xE9, parts), 2);
    assert_int_equal(parts[0], 'e');
    assert_int_equal(parts[1], 0x301);
    assert_int_equal(crn_unicode_nfkd(0xFB01, parts), 2);
    assert_int_equal(parts[0], 'f');
    assert_int_equal(parts[1], 'i');
    assert_int_equal(crn_unicode_nfkd(0xFDFA, parts), 18);
    assert_int_equal(crn_unicode_nfkd(0xD55C, parts), 3);
    assert_int_equal(crn_unicode_nfkd('x', parts), 1);
}

static void test_malformed_bytes(void **state)
{
    (void)state;
    static const char text[] = "a\xC3\xFFz";
    size_t at = 0;
    assert_int_equal(crn_unicode_next(text, 4, &at), 'a');
    assert_int_equal(crn_unicode_next(text, 4, &at), 0xFFFD);
    assert_int_equal(crn_unicode_next(text, 4, &at), 0xFFFD);
    assert_int_equal(crn_unicode_next(text, 4, &at), 'z');
    assert_int_equal(at, 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lower),
        cmocka_unit_test(test_classes),
        cmocka_unit_test(test_decomposition),
        cmocka_unit_test(test_malformed_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
