/* SPDX-License-Identifier: BSD-3-Clause */
/* class_weight, against sklearn.utils.class_weight.compute_class_weight 1.9.1, and targets of
 * classifiers. */
#include "unit/sklearn/fitting.h"

#include "model/model.h"
#include "sklearn/class_weight.h"

static const int32_t codes[6] = {0, 0, 0, 1, 2, 2};
static const double sample_weight[6] = {1, 0.5, 2, 3, 1, 1.5};

/* `weights` is a Python value; what comes out is compared, or the message. */
static void check(const char *weights, const crn_array *classes, const double *sample,
                  const double *expected, const char *message)
{
    double out[3] = {0};
    crn_document *document = NULL;
    crn_object *value = NULL;
    assert_ok(crn_document_create(NULL, &document, &err));
    assert_ok(crn_expression_parse(document, weights, strlen(weights), &value, &err));
    if (message == NULL) {
        assert_ok(crn_class_weight(value, classes, codes, 6, sample, out, &err));
        assert_close(out, expected, (size_t)classes->shape[0], 1e-15, 0);
    } else {
        assert_status(CRN_ARGUMENT,
                      crn_class_weight(value, classes, codes, 6, sample, out, &err));
        assert_string_equal(err.message, message);
    }
    crn_document_release(document);
}

static const int64_t numbers[3] = {0, 1, 2};

static void test_none_and_balanced(void **state)
{
    (void)state;
    const crn_array classes = crn_array_view_1d(numbers, CRN_INT64, 3);
    check("None", &classes, NULL, (double[]){1, 1, 1}, NULL);
    check("{}", &classes, NULL, (double[]){1, 1, 1}, NULL);
    check("'balanced'", &classes, NULL, (double[]){6 / 9.0, 2, 1}, NULL);
    check("'balanced'", &classes, sample_weight, (double[]){9 / 10.5, 1, 1.2}, NULL);
    check("'other'", &classes, NULL, NULL,
          "The 'class_weight' parameter must be a dict, 'balanced' or None.");
}

static void test_dicts_of_numbers(void **state)
{
    (void)state;
    const crn_array classes = crn_array_view_1d(numbers, CRN_INT64, 3);
    check("{0: 2, 2: 0.5}", &classes, NULL, (double[]){2, 1, 0.5}, NULL);
    check("{0: 2, 1: 1, 2: 3, 9: 4}", &classes, NULL, (double[]){2, 1, 3}, NULL);
    check("{0: 2, 7: 1}", &classes, NULL, NULL, "The classes, [1, 2], are not in class_weight");
    check("{0: 'x'}", &classes, NULL, NULL, "a weight in class_weight is not a number");
    const double reals[2] = {-1, 4};
    const crn_array floats = crn_array_view_1d(reals, CRN_FLOAT64, 2);
    check("{4: 3}", &floats, NULL, (double[]){1, 3}, NULL);
    check("{5: 3}", &floats, NULL, NULL, "The classes, [-1, 4], are not in class_weight");
    const bool bools[2] = {false, true};
    const crn_array truths = crn_array_view_1d(bools, CRN_BOOL, 2);
    check("{True: 2.5}", &truths, NULL, (double[]){1, 2.5}, NULL);
    check("{1: 2.5}", &truths, NULL, (double[]){1, 2.5}, NULL);
}

/* int('1') is 1, so it is the key; other strings are their own. */
static void test_dicts_of_strings(void **state)
{
    (void)state;
    crn_array digits = CRN_ARRAY_INIT, words = CRN_ARRAY_INIT;
    assert_ok(crn_names_to_array((const char *const[]){"0", "1"}, 2, &digits, &err));
    assert_ok(crn_names_to_array((const char *const[]){"1", "a", "ü"}, 3, &words, &err));
    check("{1: 2}", &digits, NULL, (double[]){1, 2}, NULL);
    check("{'1': 2}", &digits, NULL, NULL, "The classes, [0, 1], are not in class_weight");
    check("{'a': 2, 'ü': 3}", &words, NULL, (double[]){1, 2, 3}, NULL);
    check("{'z': 2}", &words, NULL, NULL,
          "The classes, ['1', 'a', 'ü'], are not in class_weight");
    crn_array_free(&digits);
    crn_array_free(&words);
}

static void test_targets(void **state)
{
    (void)state;
    double y[3] = {1, 2, 3};
    const crn_array view = crn_array_view_1d(y, CRN_FLOAT64, 3);
    assert_ok(crn_check_classification_targets(&view, &err));
    y[1] = 2.5;
    assert_status(CRN_ARGUMENT, crn_check_classification_targets(&view, &err));
    y[1] = -INFINITY;
    assert_status(CRN_ARGUMENT, crn_check_classification_targets(&view, &err));
    assert_string_equal(err.message,
                        "Input y contains infinity or a value too large for dtype('float64').");
    y[2] = NAN;
    assert_status(CRN_ARGUMENT, crn_check_classification_targets(&view, &err));
    assert_string_equal(err.message, "Input y contains NaN.");
    const crn_array labels = crn_array_view_1d(numbers, CRN_INT64, 3);
    assert_ok(crn_check_classification_targets(&labels, &err));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_none_and_balanced),
        cmocka_unit_test(test_dicts_of_numbers),
        cmocka_unit_test(test_dicts_of_strings),
        cmocka_unit_test(test_targets),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
