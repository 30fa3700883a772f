/* SPDX-License-Identifier: BSD-3-Clause */
/* Token patterns against re.findall() of CPython 3.11. */
#include "test.h"

#include "ops/token_pattern.h"

static crn_error err;

/* All matches, each in brackets. */
static void find_all(const char *pattern, const char *text, char *out, size_t size)
{
    crn_token_pattern *compiled = NULL;
    crn_token_matcher *matcher = NULL;
    crn_text_span span;
    size_t position = 0, used = 0;
    bool after_empty = false;
    err = (crn_error)CRN_ERROR_INIT;
    assert_ok(crn_token_pattern_create(pattern, strlen(pattern), &compiled, &err));
    assert_int_equal(crn_token_pattern_word_run(compiled), 0);
    assert_ok(crn_token_matcher_create(compiled, &matcher, &err));
    out[0] = '\0';
    while (crn_token_matcher_next(matcher, text, strlen(text), &position, &after_empty, &span,
                                  &err) &&
           used < size)
        used += (size_t)snprintf(out + used, size - used, "[%.*s]",
                                 (int)(span.end - span.begin), text + span.begin);
    assert_int_equal(err.code, CRN_OK);
    crn_token_matcher_destroy(matcher);
    crn_token_pattern_destroy(compiled);
}

static void test_matches_as_re(void **state)
{
    (void)state;
    static const struct {
        const char *pattern, *text, *matches;
    } cases[] = {
        {"[a-z]+", "ab 1cd", "[ab][cd]"},
        {"\\w*", "ab-c", "[ab][][c][]"},
        {"a|", "ba", "[][a][]"},
        {"(\\w)\\w+", "abc de f", "[a][d]"},
        {"(x)?y", "xyy", "[x][]"},
        {"(?i)AB", "ab AB", "[ab][AB]"},
        {"(?a)\\w+", "a\u00E9b", "[a][b]"},
        {"(?u)\\w+-", "a\u00E9-", "[a\u00E9-]"},
        {"a{,2}b", "aaab b", "[aab][b]"},
        {"x\\Z", "x\nx", "[x]"},
        {"\\v", "a\vb", "[\v]"},
        {"\\u00e9.", "\u00E9a", "[\u00E9a]"},
        {"\\S+",
         "a\x1C"
         "b c",
         "[a][b][c]"},
        {"[^\\S]", "a\x1F\u180E", "[\x1F]"},
        {"[[a]+", "b[a", "[[a]"},
        {"[]a]+", "b]a", "[]a]"},
        {"(?P<n>a)(?P=n)b", "aab", "[a]"},
        {"(?<=a)b", "abb", "[b]"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char out[256];
        find_all(cases[i].pattern, cases[i].text, out, sizeof out);
        assert_string_equal(out, cases[i].matches);
    }
}

static void test_word_runs(void **state)
{
    (void)state;
    static const struct {
        const char *pattern;
        size_t run;
    } cases[] = {
        {"(?u)\\b\\w\\w+\\b", 2}, {"\\w+", 1}, {"\\b\\w\\w\\w+\\b", 3}, {"(?u)\\w+\\b", 1}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        crn_token_pattern *pattern = NULL;
        assert_ok(crn_token_pattern_create(cases[i].pattern, strlen(cases[i].pattern), &pattern,
                                           &err));
        assert_int_equal(crn_token_pattern_word_run(pattern), cases[i].run);
        crn_token_pattern_destroy(pattern);
    }
}

static void test_refuses_what_differs(void **state)
{
    (void)state;
    static const struct {
        const char *pattern;
        crn_status status;
    } cases[] = {{"(a)(b)", CRN_ARGUMENT},
                 {"(a", CRN_ARGUMENT},
                 {"(?R)", CRN_UNSUPPORTED},
                 {"(*ACCEPT)", CRN_ARGUMENT},
                 {"a(?i)", CRN_ARGUMENT},
                 {"[[:alpha:]]", CRN_UNSUPPORTED},
                 {"\\p{L}", CRN_ARGUMENT},
                 {"\\K", CRN_ARGUMENT},
                 {"\\N{DIGIT ONE}", CRN_UNSUPPORTED},
                 {"(?<n>a)", CRN_ARGUMENT},
                 {"a\\", CRN_ARGUMENT},
                 {"\\u12", CRN_ARGUMENT},
                 {"(?L)a", CRN_UNSUPPORTED}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        crn_token_pattern *pattern = NULL;
        assert_status(cases[i].status,
                      crn_token_pattern_create(cases[i].pattern, strlen(cases[i].pattern),
                                               &pattern, &err));
        assert_null(pattern);
    }
}

/* A pattern that would take for ever ends with an error. */
static void test_limits_its_steps(void **state)
{
    (void)state;
    static const char evil[] = "(?:a+)+b", text[] = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaac";
    crn_token_pattern *pattern = NULL;
    crn_token_matcher *matcher = NULL;
    crn_text_span span;
    size_t position = 0;
    bool after_empty = false;
    assert_ok(crn_token_pattern_create(evil, strlen(evil), &pattern, &err));
    assert_ok(crn_token_matcher_create(pattern, &matcher, &err));
    assert_false(crn_token_matcher_next(matcher, text, strlen(text), &position, &after_empty,
                                        &span, &err));
    assert_true(err.code == CRN_LIMIT || err.code == CRN_OK);
    crn_token_matcher_destroy(matcher);
    crn_token_pattern_destroy(pattern);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_matches_as_re),
        cmocka_unit_test(test_word_runs),
        cmocka_unit_test(test_refuses_what_differs),
        cmocka_unit_test(test_limits_its_steps),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
