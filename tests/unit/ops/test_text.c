/* SPDX-License-Identifier: BSD-3-Clause */
/* Terms of documents, and their counts and hashes. Expected values are scikit-learn 1.9's. */
#include "run_graph.h"

#include "base/csr.h"
#include "ops/text.h"

static crn_error err;

/* ---- terms ---- */

typedef struct listing {
    crn_term_sink sink;
    char terms[512];
    size_t used;
} listing;

static crn_status list_term(crn_term_sink *sink, const char *term, size_t size, crn_error *why)
{
    listing *l = (listing *)sink;
    (void)why;
    l->used += (size_t)snprintf(l->terms + l->used, sizeof l->terms - l->used, "[%.*s]",
                                (int)size, term);
    return CRN_OK;
}

static void expect_terms(crn_text_analyzer analyzer, const char *pattern, const char *text,
                         const char *want)
{
    listing l = {.sink.add = list_term};
    crn_text_workspace *workspace = NULL;
    if (pattern != NULL)
        assert_ok(crn_token_pattern_create(pattern, strlen(pattern), &analyzer.pattern, &err));
    assert_ok(crn_text_workspace_create(&analyzer, &workspace, &err));
    for (int again = 0; again < 2; again++) {
        l.used = 0;
        l.terms[0] = '\0';
        assert_ok(crn_text_analyze(&analyzer, workspace, text, strlen(text), &l.sink, &err));
        assert_string_equal(l.terms, want);
    }
    crn_text_workspace_destroy(workspace);
    crn_text_analyzer_clear(&analyzer);
}

static void test_words(void **state)
{
    (void)state;
    static const char pattern[] = "(?u)\\b\\w\\w+\\b";
    const crn_text_analyzer plain = {.lowercase = true, .min_n = 1, .max_n = 1};
    expect_terms(plain, pattern, "A Quick, brown_fox don't 42!", "[quick][brown_fox][don][42]");
    expect_terms(plain, pattern, "", "");
    expect_terms(plain, pattern, "\u00C9t\u00E9 \u03A3\u0391\u03A3 \u5317\u4EAC x\u0301y",
                 "[\u00E9t\u00E9][\u03C3\u03B1\u03C2][\u5317\u4EAC]");
    const crn_text_analyzer pairs = {.min_n = 1, .max_n = 2};
    expect_terms(pairs, pattern, "To  be or", "[To][be][or][To be][be or]");
    const crn_text_analyzer ascii = {
        .lowercase = true, .accents = CRN_ACCENTS_ASCII, .min_n = 1, .max_n = 1};
    expect_terms(ascii, pattern, "\u00C9t\u00E9 \uFB01ne \u5317\u4EAC", "[ete][fine]");
    const crn_text_analyzer unicode = {
        .lowercase = true, .accents = CRN_ACCENTS_UNICODE, .min_n = 1, .max_n = 1};
    expect_terms(unicode, pattern, "\u00C9t\u00E9 \u0130z \u5317\u4EAC",
                 "[ete][iz][\u5317\u4EAC]");
}

static void test_stop_words(void **state)
{
    (void)state;
    crn_text_analyzer analyzer = {.lowercase = true, .min_n = 2, .max_n = 2};
    assert_ok(crn_term_table_create(2, 8, &analyzer.stop_words, &err));
    crn_term_table_add(analyzer.stop_words, "the", 3, 0);
    crn_term_table_add(analyzer.stop_words, "of", 2, 0);
    expect_terms(analyzer, "\\w+", "The end of the story", "[end story]");
}

static void test_characters(void **state)
{
    (void)state;
    const crn_text_analyzer chars = {.units = CRN_TEXT_CHARACTERS, .min_n = 1, .max_n = 2};
    expect_terms(chars, NULL, "a\u00E9  \n\tb", "[a][\u00E9][ ][b][a\u00E9][\u00E9 ][ b]");
    expect_terms(chars, NULL, "\ta", "[\t][a][\ta]");
    const crn_text_analyzer insides = {.units = CRN_TEXT_WORDS_INSIDES, .min_n = 3, .max_n = 5};
    expect_terms(insides, NULL, " ab\n\ncde",
                 "[ ab][ab ][ ab ][ cd][cde][de ][ cde][cde ][ cde ]");
}

/* ---- tables ---- */

static void test_term_table(void **state)
{
    (void)state;
    enum { TERMS = 3000 };
    crn_term_table *table = NULL;
    char term[32];
    assert_ok(crn_term_table_create(TERMS, TERMS * sizeof term, &table, &err));
    for (int i = 0; i < TERMS; i++) {
        const int size = snprintf(term, sizeof term, "%.*s%d", i % 14, "a long term of", i);
        crn_term_table_add(table, term, (size_t)size, i);
    }
    for (int i = 0; i < TERMS; i++) {
        const int size = snprintf(term, sizeof term, "%.*s%d", i % 14, "a long term of", i);
        assert_int_equal(crn_term_table_find(table, term, (size_t)size), i);
        assert_int_equal(crn_term_table_find(table, term, (size_t)size - 1) == i, 0);
    }
    crn_term_table_add(table, "7777", 4, 5);
    crn_term_table_add(table, "", 0, 8);
    assert_int_equal(crn_term_table_find(table, "7777", 4), 5);
    assert_int_equal(crn_term_table_find(table, "", 0), 8);
    assert_int_equal(crn_term_table_find(table, "no such term", 12), -1);
    crn_term_table_destroy(table);
}

/* sklearn.utils.murmurhash3_32(term, seed=0) */
static void test_murmurhash3(void **state)
{
    (void)state;
    assert_int_equal(crn_murmurhash3("", 0), 0);
    assert_int_equal(crn_murmurhash3("a", 1), 1009084850);
    assert_int_equal(crn_murmurhash3("dog", 3), -1312749093);
    assert_int_equal(crn_murmurhash3("city=Lima", 9), 1848678297);
    assert_int_equal(crn_murmurhash3_of_pair("city", 4, "Lima", 4), 1848678297);
    assert_int_equal(crn_hashed_column(INT32_MIN, 10), 8);
    assert_int_equal(crn_hashed_column(-13, 10), 3);
}

/* ---- the operation ---- */

static void test_counts_hashed_terms(void **state)
{
    (void)state;
    static const char pattern[] = "\\w+";
    const crn_cell cells[] = {{CRN_CELL_TEXT, {.text = "dog cat dog"}, 11},
                              {CRN_CELL_TEXT, {.text = NULL}, 0},
                              {CRN_CELL_NONE, {.integer = 0}, 0}};
    crn_text_counter counter = {.analyzer = {.lowercase = true, .min_n = 1, .max_n = 1},
                                .n_features = 8,
                                .dtype = CRN_FLOAT64,
                                .alternate_sign = true};
    const crn_type type = crn_type_rows(CRN_OBJECT, 0, NULL);
    crn_value x;
    crn_plan *plan = NULL;
    crn_run *run = NULL;
    crn_graph *graph = graph_of(&type, &x);
    crn_array in = crn_array_view_1d(cells, CRN_OBJECT, 2), out = CRN_ARRAY_INIT;
    assert_ok(
        crn_token_pattern_create(pattern, strlen(pattern), &counter.analyzer.pattern, &err));
    crn_graph_output(graph, "y", crn_count_text(graph, x, &counter));
    assert_ok(crn_plan_create(graph, NULL, &plan, &err));
    assert_ok(crn_run_create(plan, NULL, &run, &err));
    assert_ok(crn_run_rows(run, &in, &out, &err));
    const crn_csr csr = crn_array_csr(&out);
    assert_int_equal(csr.indptr[2], 2);
    assert_int_equal(csr.indptr[1], 2);
    const int64_t dog = crn_hashed_column(crn_murmurhash3("dog", 3), 8);
    const int64_t at = csr.indices[0] == dog ? 0 : 1;
    assert_int_equal(csr.indices[at], dog);
    assert_true(fabs(((const double *)csr.values)[at]) == 2);
    crn_array_free(&out);
    /* what is no text fails the run, in Python's words */
    in = crn_array_view_1d(cells, CRN_OBJECT, 3);
    assert_status(CRN_ARGUMENT, crn_run_rows(run, &in, &out, &err));
    assert_string_equal(err.message, "'NoneType' object has no attribute 'lower'");
    assert_null(out.data);
    crn_run_destroy(run);
    crn_plan_release(plan);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_words),       cmocka_unit_test(test_stop_words),
        cmocka_unit_test(test_characters),  cmocka_unit_test(test_term_table),
        cmocka_unit_test(test_murmurhash3), cmocka_unit_test(test_counts_hashed_terms),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
