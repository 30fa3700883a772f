/* SPDX-License-Identifier: BSD-3-Clause */
/* Constructor expressions: what they become, and where the parser points when they are wrong.
 */
#include "test.h"

#include <stdlib.h>

#include "model/expression.h"

static crn_error err;

/* The repr of what `text` parses to. The caller frees it. */
static char *parsed(const char *text)
{
    crn_document *document = NULL;
    crn_object *object = NULL;
    crn_text out = CRN_TEXT_INIT;
    assert_ok(crn_document_create(NULL, &document, &err));
    assert_ok(crn_expression_parse(document, text, strlen(text), &object, &err));
    crn_object_repr(object, 0, &out);
    crn_document_release(document);
    return crn_text_take(&out, NULL);
}

static void assert_parses(const char *text, const char *repr)
{
    char *got = parsed(text);
    assert_string_equal(got, repr);
    free(got);
}

static void assert_fails(const char *text, uint64_t offset, const char *message)
{
    crn_document *document = NULL;
    crn_object *object = NULL;
    assert_ok(crn_document_create(NULL, &document, &err));
    crn_status status = crn_expression_parse(document, text, strlen(text), &object, &err);
    crn_document_release(document);
    assert_int_equal(status, CRN_FORMAT);
    assert_string_equal(err.message, message);
    assert_int_equal(err.offset, offset);
}

static void test_literals(void **state)
{
    (void)state;
    assert_parses("None", "None");
    assert_parses(" True ", "True");
    assert_parses("1_000", "1000");
    assert_parses("-9223372036854775808", "-9223372036854775808");
    assert_parses("+3", "3");
    assert_parses("0", "0");
    assert_parses("- .5", "-0.5");
    assert_parses("1e-3", "0.001");
    assert_parses("1.", "1.0");
    assert_parses("6.02E+23", "6.02e+23");
    assert_parses("(1, 2.5, 'a', [None, True], {'k': (1,), 2: []})",
                  "(1, 2.5, 'a', [None, True], {'k': (1,), 2: []})");
    assert_parses("[1,\n 2, # the second\n]", "[1, 2]");
    assert_parses("()", "()");
    assert_parses("((1))", "1");
}

static void test_infinity_nan_and_numpy_scalars(void **state)
{
    (void)state;
    assert_parses("float('inf')", "inf");
    assert_parses("-float('inf')", "-inf");
    assert_parses("float('-inf')", "-inf");
    assert_parses("np.inf", "inf");
    assert_parses("-np.inf", "-inf");
    assert_parses("numpy.nan", "nan");
    assert_parses("[inf, nan]", "[inf, nan]");
    assert_parses("np.float64(2.0)", "2.0");
    assert_parses("np.float32(3)", "3.0");
    assert_parses("np.int64(-7)", "-7");
    assert_parses("np.True_", "True");
    assert_parses("np.str_('a')", "'a'");
}

static void test_strings(void **state)
{
    (void)state;
    assert_parses("\"it's\"", "\"it's\"");
    assert_parses("'a\\n\\t\\\\\\'\\x41\\u00e9\\U0001F600\\101\\q'",
                  "\"a\\n\\t\\\\'A\xc3\xa9\xf0\x9f\x98\x80"
                  "A\\\\q\"");
    assert_parses("''", "''");
    assert_parses("'a\\\nb'", "'ab'");
    assert_parses("'\xc3\xa9'", "'\xc3\xa9'");
}

static void test_calls_keep_arguments_names_and_places(void **state)
{
    (void)state;
    crn_document *document = NULL;
    crn_object *call = NULL;
    const char *text = "  keras.layers.Dense(3, activation='relu', )";
    assert_ok(crn_document_create(NULL, &document, &err));
    assert_ok(crn_expression_parse(document, text, strlen(text), &call, &err));
    assert_string_equal(crn_expression_name(call), "Dense");
    assert_int_equal(call->offset, 2);
    crn_instance *instance = call->as.instance;
    assert_int_equal(instance->how, CRN_BY_CALL);
    assert_true(crn_object_is_global(instance->callable, "keras.layers", "Dense"));
    assert_int_equal(crn_object_length(instance->args), 1);
    crn_object *activation = crn_object_get(instance->kwargs, "activation");
    assert_string_equal(crn_object_text(activation), "relu");
    assert_int_equal(activation->offset, 35);
    assert_int_equal(instance->kwargs->as.items.at[0]->offset, 24);

    assert_ok(crn_expression_parse(document, "PCA", 3, &call, &err));
    assert_true(crn_object_is(call, CRN_OBJ_GLOBAL));
    assert_string_equal(crn_expression_name(call), "PCA");
    assert_ok(crn_expression_parse(document, "3", 1, &call, &err));
    assert_null(crn_expression_name(call));
    crn_document_release(document);

    assert_parses("make_pipeline(StandardScaler(), PCA(n_components=2))",
                  "make_pipeline(StandardScaler(), PCA(n_components=2))");
}

static void test_errors_point_at_the_character(void **state)
{
    (void)state;
    assert_fails("PCA(n_components=)", 17, "unexpected ')'");
    assert_fails("PCA(2", 5, "unexpected end of the expression, expected ',' or ')'");
    assert_fails("PCA(2))", 6, "unexpected ')', expected the end of the expression");
    assert_fails("PCA(2 3)", 6, "unexpected '3', expected ',' or ')'");
    assert_fails("PCA(a=1, 2)", 9, "positional argument follows keyword argument");
    assert_fails("PCA(a=1, a=2)", 9, "keyword argument repeated: a");
    assert_fails("", 0, "unexpected end of the expression");
    assert_fails("[1 2]", 3, "unexpected '2', expected ',' or ']'");
    assert_fails("[,]", 1, "unexpected ','");
    assert_fails("{1, 2}", 2, "unexpected ',', expected ':'");
    assert_fails("{1: 2 3: 4}", 6, "unexpected '3', expected ',' or '}'");
    assert_fails("'abc", 0, "this string is not closed");
    assert_fails("f('a' 'b')", 6, "unexpected ''', expected ',' or ')'");
    assert_fails("'\\x4'", 4, "truncated \\x escape");
    assert_fails("1.2.3", 0, "not a number: '1.2.3'");
    assert_fails("007", 0, "leading zeros in an integer: '007'");
    assert_fails("99999999999999999999", 0,
                 "this integer needs more than 64 bits: '99999999999999999999'");
    assert_fails("-None", 0, "a sign before something that is not a number");
    assert_fails("-'a'", 1, "unexpected ''', expected a number");
    assert_fails("a.b.", 3, "a name ends in '.'");
    assert_fails("f(\xe2\x82\xac)", 2, "unexpected '\xe2\x82\xac'");
    assert_fails("\xff", CRN_NO_OFFSET, "the expression is not valid UTF-8");
}

static void test_a_nul_inside_is_no_end(void **state)
{
    (void)state;
    crn_document *document = NULL;
    crn_object *object = NULL;
    assert_ok(crn_document_create(NULL, &document, &err));
    assert_status(CRN_FORMAT, crn_expression_parse(document, "1\0 2", 4, &object, &err));
    assert_int_equal(err.offset, 1);
    assert_null(object);
    crn_document_release(document);
}

static void test_nesting_is_bounded(void **state)
{
    (void)state;
    crn_document *document = NULL;
    crn_object *object = NULL;
    char text[4000];
    memset(text, '[', sizeof text);
    assert_ok(crn_document_create(NULL, &document, &err));
    assert_status(CRN_LIMIT, crn_expression_parse(document, text, sizeof text, &object, &err));
    assert_int_equal(err.offset, 100);
    crn_document_release(document);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_literals),
        cmocka_unit_test(test_infinity_nan_and_numpy_scalars),
        cmocka_unit_test(test_strings),
        cmocka_unit_test(test_calls_keep_arguments_names_and_places),
        cmocka_unit_test(test_errors_point_at_the_character),
        cmocka_unit_test(test_a_nul_inside_is_no_end),
        cmocka_unit_test(test_nesting_is_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
