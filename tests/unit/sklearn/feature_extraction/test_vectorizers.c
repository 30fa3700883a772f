/* SPDX-License-Identifier: BSD-3-Clause */
/* Vectorizers: what is refused by name, vocabularies that cannot be, and idf of both kinds. The
 * answers stand in the golden files of the package text. */
#include "unit/sklearn/fitting.h"

#include "base/cell.h"

static const char MODULE[] = "sklearn.feature_extraction.text";

static void test_what_needs_python_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *parameter, *message;
    } cases[] = {
        {"'input': 'filename'", "input='filename' is not supported: give the texts"},
        {"'tokenizer': my.split", "tokenizer=my.split is not supported: it needs Python"},
        {"'preprocessor': my.clean", "preprocessor=my.clean is not supported: it needs Python"},
        {"'strip_accents': my.strip",
         "strip_accents=my.strip is not supported: it needs Python"},
        {"'analyzer': my.analyze", "analyzer=my.analyze is not supported: it needs Python"},
        {"'ngram_range': (0, 2)",
         "ngram_range=(0, 2) is not supported: it lies between 1 and 1024"},
        {"'dtype': my.dtype", "dtype=my.dtype is no type of numbers"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[256];
        snprintf(text, sizeof text, "{%s, 'vocabulary_': {'a': 0}}", cases[i].parameter);
        assert_state_fails(MODULE, "CountVectorizer", text, CRN_UNSUPPORTED, cases[i].message);
    }
    assert_state_fails(MODULE, "HashingVectorizer", "{'norm': 'max'}", CRN_UNSUPPORTED,
                       "norm='max' is not supported");
    assert_state_fails(MODULE, "CountVectorizer",
                       "{'stop_words': 'french', 'vocabulary_': {'a': 0}}", CRN_ARGUMENT,
                       "not a built-in stop list: french");
}

static void test_vocabularies_that_cannot_be(void **state)
{
    (void)state;
    assert_state_fails(MODULE, "CountVectorizer", "{'vocabulary_': {}}", CRN_FORMAT,
                       "empty vocabulary passed to fit");
    assert_state_fails(MODULE, "CountVectorizer", "{'vocabulary_': {'a': 0, 'b': 0}}",
                       CRN_FORMAT, "Vocabulary contains repeated indices.");
    assert_state_fails(MODULE, "CountVectorizer", "{'vocabulary_': {'a': 0, 'b': 2}}",
                       CRN_FORMAT, "Vocabulary of size 2 has the index 2, which lies outside");
    assert_state_fails(MODULE, "CountVectorizer", "{'vocabulary_': {'a': -1}}", CRN_FORMAT,
                       "Vocabulary of size 1 has the index -1, which lies outside");
    assert_state_fails(MODULE, "CountVectorizer", "{'vocabulary_': {'a': 'b'}}", CRN_FORMAT,
                       "the vocabulary does not lead from texts to ints");
    assert_state_fails(MODULE, "CountVectorizer", "{'vocabulary': [1]}", CRN_FORMAT,
                       "the vocabulary does not lead from texts to ints");
}

static void test_numbers_of_hashed_features(void **state)
{
    (void)state;
    assert_state_fails(MODULE, "HashingVectorizer", "{'n_features': 0}", CRN_FORMAT,
                       "n_features=0 lies outside of 1 to 2**31 - 1");
    assert_state_fails("sklearn.feature_extraction._hash", "FeatureHasher",
                       "{'input_type': 'list'}", CRN_UNSUPPORTED,
                       "input_type='list' is not supported");
}

static void test_idf_that_does_not_fit(void **state)
{
    (void)state;
    assert_state_fails(MODULE, "TfidfTransformer", "{'idf_': [1.0, 2.0], 'n_features_in_': 3}",
                       CRN_SHAPE, "idf_ has shape (2,), expected (n_features_in_=3)");
    assert_state_fails(MODULE, "TfidfTransformer", "{'norm': 'max', 'idf_': [1.0]}",
                       CRN_UNSUPPORTED, "norm='max' is not supported");
}

/* One text through the model; the row as dense numbers. */
static void transform(const crn_model *model, const char *text, double *out, int64_t n)
{
    const crn_cell cell = {CRN_CELL_TEXT, {.text = text}, strlen(text)};
    const crn_array x = crn_array_view_1d(&cell, CRN_OBJECT, 1);
    crn_array y = CRN_ARRAY_INIT, dense = CRN_ARRAY_INIT;
    assert_ok(crn_model_predict(model, CRN_TRANSFORM, &x, &y, &err));
    assert_int_equal(y.dtype, CRN_CSR);
    assert_int_equal(y.shape[1], n);
    assert_ok(crn_array_astype(&y, CRN_FLOAT64, &dense, &err));
    memcpy(out, dense.data, (size_t)n * sizeof *out);
    crn_array_free(&dense);
    crn_array_free(&y);
}

/* A vocabulary that was given needs no fit. */
static void test_given_vocabularies(void **state)
{
    (void)state;
    static const double want[3] = {1, 0, 2};
    static const char *const states[] = {
        "{'vocabulary': ['b', 'zz', 'a'], 'token_pattern': '\\\\w'}",
        "{'vocabulary': {'b': 0, 'a': 2, 'x': 1}, "
        "'token_pattern': '\\\\w'}"};
    for (size_t i = 0; i < sizeof states / sizeof *states; i++) {
        crn_model *model = NULL;
        double row[3];
        assert_int_equal(read_state(MODULE, "CountVectorizer", states[i], &model), CRN_OK);
        transform(model, "a b A", row, 3);
        assert_close(row, want, 3, 0, 0);
        crn_model_destroy(model);
    }
}

/* Lists of the terms whose columns are not 0; from sparse rows and from dense ones. */
static void test_the_way_back(void **state)
{
    (void)state;
    static const double rows[] = {1, 0, 2, 0, 0, 0, 0, -1, 0};
    const crn_array x = crn_array_view_2d(rows, CRN_FLOAT64, 3, 3);
    crn_array y = CRN_ARRAY_INIT;
    crn_model *model = NULL;
    assert_int_equal(read_state(MODULE, "CountVectorizer",
                                "{'vocabulary_': {'dog': 2, 'cat': 0, 'longer than that': 1}}",
                                &model),
                     CRN_OK);
    assert_ok(crn_model_predict(model, CRN_INVERSE_TRANSFORM, &x, &y, &err));
    crn_model_destroy(model);
    assert_int_equal(y.dtype, CRN_OBJECT);
    assert_int_equal(y.ndim, 1);
    const crn_cell *cells = y.data;
    static const char *const want[3] = {"['cat', 'dog']", "[]", "['longer than that']"};
    for (int i = 0; i < 3; i++) {
        crn_text text = CRN_TEXT_INIT;
        crn_text_add_cell(&text, &cells[i]);
        assert_string_equal(text.data, want[i]);
        crn_text_free(&text);
    }
    crn_array_free(&y);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_needs_python_is_refused),
        cmocka_unit_test(test_vocabularies_that_cannot_be),
        cmocka_unit_test(test_numbers_of_hashed_features),
        cmocka_unit_test(test_idf_that_does_not_fit),
        cmocka_unit_test(test_given_vocabularies),
        cmocka_unit_test(test_the_way_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
