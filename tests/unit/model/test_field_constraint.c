/* SPDX-License-Identifier: BSD-3-Clause */
/* The language of constraints: what it takes and how scikit-learn says it. */
#include "test.h"

#include "model/expression.h"
#include "model/field_constraint.h"

static crn_error err;

static void assert_says(crn_field_type type, const char *constraint, const char *dflt,
                        const char *expected)
{
    const crn_field field = {.name = "p", .type = type, .constraint = constraint, .dflt = dflt};
    crn_text text = CRN_TEXT_INIT;
    crn_field_expectation(&field, &text);
    assert_string_equal(text.data, expected);
    crn_text_free(&text);
}

static void test_words(void **state)
{
    (void)state;
    assert_says(CRN_FIELD_REAL, "> 0", "1.0", "a float in the range (0.0, inf)");
    assert_says(CRN_FIELD_REAL, "(0, inf]", "1.0", "a float in the range (0.0, inf]");
    assert_says(CRN_FIELD_REAL, "[0, 1] | None", "None",
                "a float in the range [0.0, 1.0] or None");
    assert_says(CRN_FIELD_REAL, "<= 1.5", "1.0", "a float in the range (-inf, 1.5]");
    assert_says(CRN_FIELD_INT, ">= 1", "1", "an int in the range [1, inf)");
    assert_says(CRN_FIELD_INT, "int | None", "1", "an instance of 'int' or None");
    assert_says(CRN_FIELD_OBJECT, "None | int", "None", "None or an instance of 'int'");
    assert_says(CRN_FIELD_OBJECT, "'scale' | 'auto' | real >= 0", "'scale'",
                "a str among {'auto', 'scale'} or a float in the range [0.0, inf)");
    assert_says(CRN_FIELD_OBJECT, "dict | 'balanced' | None", "None",
                "an instance of 'dict', a str among {'balanced'} or None");
    assert_says(CRN_FIELD_STRING, "'linear' | 'rbf' | callable", "'rbf'",
                "a str among {'linear', 'rbf'} or a callable");
    assert_says(CRN_FIELD_OBJECT, "random_state", "None",
                "an int in the range [0, 4294967295], an instance of "
                "'numpy.random.mtrand.RandomState' or None");
    assert_says(CRN_FIELD_OBJECT, "None | str | has cache", "None",
                "None, an instance of 'str' or an object implementing 'cache'");
    assert_says(CRN_FIELD_OBJECT, "'l2' | None | ~'deprecated' | ~int", "'deprecated'",
                "a str among {'l2'} or None");
    assert_says(CRN_FIELD_OBJECT, "real >= 0 | <numpy.ndarray>", "0",
                "a float in the range [0.0, inf) or an instance of 'numpy.ndarray'");
    assert_says(CRN_FIELD_OBJECT, "<class 'numpy.float64'> | <class 'numpy.float32'> | None",
                "None",
                "a type among {<class 'numpy.float32'>, <class 'numpy.float64'>} or None");
    assert_says(CRN_FIELD_BOOL, NULL, "True",
                "an instance of 'bool' or an instance of 'numpy.bool'");
    assert_says(CRN_FIELD_STRING, NULL, "None", "an instance of 'str' or None");
    assert_says(CRN_FIELD_MODEL, NULL, "None", "an estimator or None");
    assert_says(CRN_FIELD_ARRAY, NULL, NULL, "an array-like");
}

static bool accepts(crn_field_type type, const char *constraint, const char *value)
{
    const crn_field field = {.name = "p", .type = type, .constraint = constraint};
    crn_document *document = NULL;
    crn_object *object = NULL;
    assert_ok(crn_document_create(NULL, &document, &err));
    assert_ok(crn_expression_parse(document, value, strlen(value), &object, &err));
    bool accepted = crn_field_accepts(&field, object);
    crn_document_release(document);
    return accepted;
}

static void test_ranges(void **state)
{
    (void)state;
    assert_true(accepts(CRN_FIELD_OBJECT, "<numpy.ndarray>", "[1, 2]"));
    assert_false(accepts(CRN_FIELD_OBJECT, "<numpy.ndarray>", "1"));
    assert_true(accepts(CRN_FIELD_OBJECT, "<sklearn.kernels.Kernel> | None", "RBF(1.0)"));
    assert_false(accepts(CRN_FIELD_OBJECT, "<sklearn.kernels.Kernel> | None", "'RBF'"));
    assert_true(accepts(CRN_FIELD_REAL, "> 0", "1e-300"));
    assert_false(accepts(CRN_FIELD_REAL, "> 0", "0.0"));
    assert_false(accepts(CRN_FIELD_REAL, "> 0", "inf"));
    assert_true(accepts(CRN_FIELD_REAL, "(0, inf]", "inf"));
    assert_true(accepts(CRN_FIELD_REAL, "[0, 1]", "1"));
    assert_false(accepts(CRN_FIELD_REAL, "[0, 1)", "1"));
    assert_false(accepts(CRN_FIELD_REAL, "[0, 1]", "nan"));
    assert_true(accepts(CRN_FIELD_REAL, "real", "nan"));
    assert_true(accepts(CRN_FIELD_INT, "[1, 3]", "3"));
    assert_false(accepts(CRN_FIELD_INT, "[1, 3]", "2.0"));
}

static void test_kinds(void **state)
{
    (void)state;
    /* min_samples_split: 1 is no share of the rows, 1.0 is. */
    assert_false(accepts(CRN_FIELD_OBJECT, "int >= 2 | float (0, 1]", "1"));
    assert_true(accepts(CRN_FIELD_OBJECT, "int >= 2 | float (0, 1]", "1.0"));
    assert_true(accepts(CRN_FIELD_INT, ">= 0 | bool", "True"));
    assert_false(accepts(CRN_FIELD_INT, ">= 0", "True"));
    assert_true(accepts(CRN_FIELD_OBJECT, "dict", "{0: 1}"));
    assert_false(accepts(CRN_FIELD_OBJECT, "dict", "[0]"));
    assert_true(accepts(CRN_FIELD_OBJECT, "tuple", "(0, 1)"));
    assert_true(accepts(CRN_FIELD_OBJECT, "array", "[0, 1]"));
    assert_true(accepts(CRN_FIELD_OBJECT, "callable", "np.mean"));
    assert_true(accepts(CRN_FIELD_OBJECT, "random_state", "4294967295"));
    assert_false(accepts(CRN_FIELD_OBJECT, "random_state", "4294967296"));
    assert_false(accepts(CRN_FIELD_OBJECT, "random_state", "-1"));
    assert_true(accepts(CRN_FIELD_OBJECT, "random_state", "None"));
    assert_true(accepts(CRN_FIELD_MODEL, NULL, "PCA(2)"));
    assert_false(accepts(CRN_FIELD_MODEL, NULL, "'PCA'"));
    assert_true(accepts(CRN_FIELD_OBJECT, "'l2' | ~'deprecated'", "'deprecated'"));
    assert_true(accepts(CRN_FIELD_INT, "verbose", "True"));
    assert_true(accepts(CRN_FIELD_INT, "verbose", "3"));
    assert_false(accepts(CRN_FIELD_INT, "verbose", "-1"));
    assert_true(accepts(CRN_FIELD_OBJECT, "has cache", "Memory('here')"));
    assert_false(accepts(CRN_FIELD_OBJECT, "has cache", "3"));
    assert_true(accepts(CRN_FIELD_OBJECT, NULL, "{'any': [1]}"));
}

static void test_malformed_constraints_have_no_alternatives(void **state)
{
    (void)state;
    static const char *const wrong[] = {"",      "[0, 1",  "> x",    "(0 1)",        "ints",
                                        "'open", "None 1", "'a' | ", "callable > 1", "dict | |",
                                        "has",   "~"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        const crn_field field = {.name = "p", .type = CRN_FIELD_OBJECT, .constraint = wrong[i]};
        crn_alternative alternatives[CRN_MAX_ALTERNATIVES];
        if (crn_field_alternatives(&field, alternatives) != 0)
            fail_msg("'%s' was taken", wrong[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_words),
        cmocka_unit_test(test_ranges),
        cmocka_unit_test(test_kinds),
        cmocka_unit_test(test_malformed_constraints_have_no_alternatives),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
