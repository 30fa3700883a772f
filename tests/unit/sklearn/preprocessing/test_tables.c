/* SPDX-License-Identifier: BSD-3-Clause */
/* States of encoders, imputers and transformers of columns that predicting could not rely
 * on. */
#include "unit/sklearn/fitting.h"

static void expect_refused(const char *module, const char *cls, const char *text,
                           const char *message)
{
    crn_model *model = NULL;
    assert_true(read_state(module, cls, text, &model) != CRN_OK);
    assert_null(model);
    if (strstr(err.message, message) == NULL)
        fail_msg("'%s' does not say '%s'", err.message, message);
}

#define ONE_HOT(more)                                                                          \
    "{'handle_unknown': 'ignore', 'sparse_output': False, "                                    \
    "'categories_': [['a', 'b', 'c'], [1, 2]], 'drop_idx_': None" more "}"

static void test_a_one_hot_encoder_predicts(void **state)
{
    (void)state;
    const crn_cell row[] = {{CRN_CELL_TEXT, {.text = "b"}, 1},
                            {CRN_CELL_INT, {.integer = 2}, 0}};
    const crn_array x = crn_array_view_2d(row, CRN_OBJECT, 1, 2);
    crn_array y = CRN_ARRAY_INIT;
    crn_model *model = model_of_state("sklearn.preprocessing", "OneHotEncoder",
                                      ONE_HOT(", 'drop_idx_': [0, None]"));
    assert_int_equal(crn_model_features(model), 2);
    assert_ok(crn_model_predict(model, CRN_TRANSFORM, &x, &y, &err));
    assert_close((const double *)y.data, ((double[]){1, 0, 0, 1}), 4, 0, 0);
    crn_array_free(&y);
    crn_model_destroy(model);
}

static void test_encoders(void **state)
{
    (void)state;
    static const char module[] = "sklearn.preprocessing", cls[] = "OneHotEncoder";
    expect_refused(module, cls, ONE_HOT(", 'categories_': []"), "categories_");
    expect_refused(module, cls, ONE_HOT(", 'categories_': [['a'], []]"), "categories_[1]");
    expect_refused(module, cls, ONE_HOT(", 'n_features_in_': 3"), "3 features");
    expect_refused(module, cls, ONE_HOT(", 'drop_idx_': [3, None]"), "drop_idx_");
    expect_refused(module, cls, ONE_HOT(", 'drop_idx_': [0]"), "drop_idx_");
    expect_refused(module, cls,
                   ONE_HOT(", '_default_to_infrequent_mappings': [[0, 1], None, None]"),
                   "_default_to_infrequent_mappings");
    expect_refused(module, cls,
                   ONE_HOT(", '_default_to_infrequent_mappings': [[0, 7, 1], None]"),
                   "_default_to_infrequent_mappings[0]");
    expect_refused(module, cls, ONE_HOT(", 'dtype': 'cheese'"), "dtype='cheese'");
    expect_refused(module, "OrdinalEncoder",
                   "{'handle_unknown': 'use_encoded_value', 'categories_': [[1, 2]]}",
                   "unknown_value");
    expect_refused(module, "TargetEncoder",
                   "{'categories_': [[1, 2]], 'target_type_': 'binary', 'target_mean_': 0.5, "
                   "'n_features_in_': 1, 'encodings_': []}",
                   "encodings_");
}

static void test_imputers(void **state)
{
    (void)state;
    static const char module[] = "sklearn.impute";
    expect_refused(module, "SimpleImputer", "{'statistics_': [1.0], 'n_features_in_': 2}",
                   "statistics_ has 1 values for 2 features");
    expect_refused(module, "MissingIndicator",
                   "{'_n_features': 2, 'features_': [0, 2], 'n_features_in_': 2}",
                   "features_[1]");
    expect_refused(module, "IterativeImputer",
                   "{'initial_imputer_': None, 'n_iter_': 1, 'imputation_sequence_': []}",
                   "initial_imputer_");
}

#define COLUMNS(part)                                                                          \
    "{'transformers_': [" part "], 'sparse_output_': False, 'n_features_in_': 2}"

static void test_columns(void **state)
{
    (void)state;
    static const char module[] = "sklearn.compose", cls[] = "ColumnTransformer";
    expect_refused(module, cls, COLUMNS("('a', 'passthrough', [2])"),
                   "no column of 2 features");
    expect_refused(module, cls, COLUMNS("('a', 'passthrough', ['x'])"),
                   "there is no column 'x'");
    expect_refused(module, cls, COLUMNS("('a', 'passthrough', [True])"), "columns");
    expect_refused(module, cls, COLUMNS("('a', 'passthrough')"), "tuple");
    expect_refused(module, cls, COLUMNS("('a', 'passthrough', some.selector)"),
                   "columns=<callable> is not supported");
}

/* Columns that pass through keep what they are; -1 counts from the end. */
static void test_columns_pass_through(void **state)
{
    (void)state;
    const double rows[] = {1, 2, 3, 4};
    const crn_array x = crn_array_view_2d(rows, CRN_FLOAT64, 2, 2);
    crn_array y = CRN_ARRAY_INIT;
    crn_model *model =
        model_of_state("sklearn.compose", "ColumnTransformer",
                       COLUMNS("('a', 'passthrough', [-1, 0]), ('b', 'drop', [1])"));
    assert_ok(crn_model_predict(model, CRN_TRANSFORM, &x, &y, &err));
    assert_close((const double *)y.data, ((double[]){2, 1, 4, 3}), 4, 0, 0);
    crn_array_free(&y);
    crn_model_destroy(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_one_hot_encoder_predicts),
        cmocka_unit_test(test_encoders),
        cmocka_unit_test(test_imputers),
        cmocka_unit_test(test_columns),
        cmocka_unit_test(test_columns_pass_through),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
