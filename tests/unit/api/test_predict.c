/* SPDX-License-Identifier: BSD-3-Clause */
/* Asking models once and through predictors: answers, memory, and the words of refusals. */
#include "unit/model/models.h"

static void test_answers(void **state)
{
    (void)state;
    golden_file golden = expected_answers();
    const crn_array x = iris_rows(&golden);
    crn_model *scaler = load_model("scaler"), *pca = load_model("pca");
    crn_model *logistic = load_model("logistic"), *pipeline = load_model("pipeline");
    assert_answers(scaler, CRN_TRANSFORM, &x, golden_get(&golden, "scaler"));
    assert_answers(pca, CRN_TRANSFORM, &x, golden_get(&golden, "pca"));
    assert_answers(logistic, CRN_PREDICT, &x, golden_get(&golden, "logistic"));
    assert_answers(logistic, CRN_PREDICT_PROBA, &x, golden_get(&golden, "logistic_proba"));
    assert_answers(pipeline, CRN_PREDICT_PROBA, &x, golden_get(&golden, "pipeline_proba"));
    const crn_array components =
        crn_array_view_2d(golden_get(&golden, "pca")->values, CRN_FLOAT64, 5, 2);
    assert_answers(pca, CRN_INVERSE_TRANSFORM, &components, golden_get(&golden, "pca_back"));
    crn_model_destroy(scaler);
    crn_model_destroy(pca);
    crn_model_destroy(logistic);
    crn_model_destroy(pipeline);
    golden_free(&golden);
}

static void test_any_number_type_and_any_strides(void **state)
{
    (void)state;
    crn_model *scaler = load_model("scaler");
    const int32_t integers[4] = {5, 3, 1, 0};
    const double reals[4] = {5, 3, 1, 0};
    double apart[4][2] = {{5, -1}, {3, -1}, {1, -1}, {0, -1}};
    crn_array a = crn_array_view_2d(integers, CRN_INT32, 1, 4), ya = CRN_ARRAY_INIT;
    crn_array b = crn_array_view_2d(reals, CRN_FLOAT64, 1, 4), yb = CRN_ARRAY_INIT;
    crn_array c = crn_array_view_2d(apart, CRN_FLOAT64, 1, 4), yc = CRN_ARRAY_INIT;
    c.strides[1] = 16;
    assert_ok(crn_model_predict(scaler, CRN_TRANSFORM, &a, &ya, &err));
    assert_ok(crn_model_predict(scaler, CRN_TRANSFORM, &b, &yb, &err));
    assert_ok(crn_model_predict(scaler, CRN_TRANSFORM, &c, &yc, &err));
    assert_memory_equal(ya.data, yb.data, 4 * sizeof(double));
    assert_memory_equal(yc.data, yb.data, 4 * sizeof(double));
    crn_array_free(&ya);
    crn_array_free(&yb);
    crn_array_free(&yc);
    crn_model_destroy(scaler);
}

static void assert_refuses(const crn_model *model, crn_method method, const crn_array *x,
                           crn_status code, const char *message)
{
    crn_array y = CRN_ARRAY_INIT;
    assert_status(code, crn_model_predict(model, method, x, &y, &err));
    assert_string_equal(err.message, message);
    assert_null(y.data);
}

static void test_rows_that_do_not_fit(void **state)
{
    (void)state;
    const double numbers[12] = {0};
    crn_model *pca = load_model("pca"), *pipeline = load_model("pipeline");
    crn_array x = crn_array_view_2d(numbers, CRN_FLOAT64, 2, 3);
    assert_refuses(pca, CRN_TRANSFORM, &x, CRN_SHAPE,
                   "X has 3 features, but PCA is expecting 4 features as input.");
    assert_refuses(pipeline, CRN_PREDICT, &x, CRN_SHAPE,
                   "X has 3 features, but StandardScaler is expecting 4 features as input.");
    assert_refuses(pca, CRN_INVERSE_TRANSFORM, &x, CRN_SHAPE,
                   "X has 3 features, but PCA is expecting 2 features as input.");
    x = crn_array_view_1d(numbers, CRN_FLOAT64, 4);
    assert_refuses(pca, CRN_TRANSFORM, &x, CRN_SHAPE,
                   "Expected 2D array, got 1D array instead");
    x = crn_array_view_2d(numbers, CRN_FLOAT64, 0, 4);
    assert_refuses(
        pca, CRN_TRANSFORM, &x, CRN_ARGUMENT,
        "Found array with 0 sample(s) (shape=(0, 4)) while a minimum of 1 is required by "
        "PCA.");
    x = crn_array_view_2d(NULL, CRN_FLOAT64, 1, 4);
    assert_refuses(pca, CRN_TRANSFORM, &x, CRN_ARGUMENT, "input 'X' has no data");
    crn_array text = CRN_ARRAY_INIT;
    assert_ok(crn_array_create(CRN_STRING, 4, 2, (const int64_t[]){1, 4}, &text, &err));
    assert_refuses(pca, CRN_TRANSFORM, &text, CRN_DTYPE,
                   "PCA takes numbers, not an array of str");
    crn_array_free(&text);
    crn_model_destroy(pca);
    crn_model_destroy(pipeline);
}

static void test_numbers_that_are_not_finite(void **state)
{
    (void)state;
    crn_model *pca = load_model("pca"), *scaler = load_model("scaler");
    double row[4] = {1, 2, NAN, 4};
    float single[4] = {1, 2, 3, INFINITY};
    crn_array x = crn_array_view_2d(row, CRN_FLOAT64, 1, 4), y = CRN_ARRAY_INIT;
    assert_refuses(pca, CRN_TRANSFORM, &x, CRN_ARGUMENT, "Input X contains NaN.");
    assert_ok(
        crn_model_predict(scaler, CRN_TRANSFORM, &x, &y, &err)); /* as scikit-learn allows */
    assert_true(isnan(((const double *)y.data)[2]));
    crn_array_free(&y);
    crn_model *pipeline = load_model("pipeline");
    assert_refuses(pipeline, CRN_PREDICT, &x, CRN_ARGUMENT,
                   "Input X contains NaN."); /* its PCA */
    crn_model_destroy(pipeline);
    x.strides[1] = -8; /* backwards, so no dense pass */
    x.data = &row[3];
    assert_refuses(pca, CRN_TRANSFORM, &x, CRN_ARGUMENT, "Input X contains NaN.");
    x = crn_array_view_2d(single, CRN_FLOAT32, 1, 4);
    assert_refuses(pca, CRN_TRANSFORM, &x, CRN_ARGUMENT,
                   "Input X contains infinity or a value too large for dtype('float32').");
    assert_refuses(scaler, CRN_TRANSFORM, &x, CRN_ARGUMENT,
                   "Input X contains infinity or a value too large for dtype('float32').");
    crn_model_destroy(pca);
    crn_model_destroy(scaler);
}

static void test_methods_that_are_not_there(void **state)
{
    (void)state;
    const double row[4] = {0};
    const crn_array x = crn_array_view_2d(row, CRN_FLOAT64, 1, 4);
    crn_model *pca = load_model("pca"), *unfitted = parse_model("PCA(n_components=1)");
    assert_refuses(
        pca, CRN_PREDICT, &x, CRN_UNSUPPORTED,
        "'PCA' object has no attribute 'predict'; it has transform, inverse_transform, "
        "score_samples");
    assert_refuses(unfitted, CRN_TRANSFORM, &x, CRN_STATE,
                   "This PCA instance is not fitted yet. Call 'fit' with appropriate arguments "
                   "before using this estimator.");
    assert_refuses(pca, (crn_method)99, &x, CRN_ARGUMENT, "there is no method number 99");
    assert_true(crn_model_has_method(pca, CRN_TRANSFORM));
    assert_false(crn_model_has_method(pca, (crn_method)99));
    assert_false(crn_model_has_method(unfitted, CRN_TRANSFORM));
    crn_model_destroy(pca);
    crn_model_destroy(unfitted);
}

static void test_a_predictor_outlives_its_model_and_writes_where_it_is_told(void **state)
{
    (void)state;
    golden_file golden = expected_answers();
    const crn_array x = iris_rows(&golden);
    const golden_matrix *expected = golden_get(&golden, "logistic_proba");
    crn_model *model = load_model("logistic");
    crn_predictor *predictor = NULL, *clone = NULL;
    assert_ok(crn_predictor_create(model, CRN_PREDICT_PROBA, NULL, &predictor, &err));
    crn_model_destroy(model);
    assert_ok(crn_predictor_clone(predictor, &clone, &err));
    crn_predictor_destroy(predictor);

    assert_int_equal(crn_predictor_inputs(clone), 1);
    assert_int_equal(crn_predictor_outputs(clone), 1);
    crn_array in = crn_predictor_input(clone, 0, 7), out = crn_predictor_output(clone, 0, 7);
    assert_int_equal(in.shape[1], 4);
    assert_int_equal(out.ndim, 2);
    assert_int_equal(out.shape[0], 7);
    assert_int_equal(out.shape[1], 3);
    assert_int_equal(out.dtype, CRN_FLOAT64);
    assert_null(out.data);
    assert_int_equal(crn_predictor_output(clone, 1, 7).dtype, CRN_NO_DTYPE);

    double answers[15]; /* (5, 3) */
    crn_array y = crn_array_view_2d(answers, CRN_FLOAT64, 5, 3);
    assert_ok(crn_predict(clone, &x, &y, &err));
    assert_ptr_equal(y.data, answers);
    assert_close(answers, expected->values, 15, 1e-9, 1e-12);
    y = crn_array_view_2d(answers, CRN_FLOAT64, 5, 2);
    assert_status(CRN_SHAPE, crn_predict(clone, &x, &y, &err));
    crn_predictor_destroy(clone);
    crn_predictor_destroy(NULL);
    golden_free(&golden);
}

static void test_exact_plans_and_pools_give_the_same(void **state)
{
    (void)state;
    golden_file golden = expected_answers();
    const crn_array x = iris_rows(&golden);
    const golden_matrix *expected = golden_get(&golden, "pipeline_proba");
    crn_model *model = load_model("pipeline");
    crn_predictor_options options = CRN_PREDICTOR_OPTIONS_INIT;
    crn_predictor *predictor = NULL;
    options.exact = true;
    assert_ok(crn_pool_create(2, &options.pool, &err));
    assert_ok(crn_predictor_create(model, CRN_PREDICT_PROBA, &options, &predictor, &err));
    crn_array y = CRN_ARRAY_INIT;
    assert_ok(crn_predict(predictor, &x, &y, &err));
    assert_close(y.data, expected->values, 15, 1e-12, 1e-15);
    crn_array_free(&y);
    crn_predictor_destroy(predictor);
    crn_pool_destroy(options.pool);
    options = (crn_predictor_options){0};
    assert_status(CRN_ARGUMENT,
                  crn_predictor_create(model, CRN_PREDICT_PROBA, &options, &predictor, &err));
    crn_model_destroy(model);
    golden_free(&golden);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_answers),
        cmocka_unit_test(test_any_number_type_and_any_strides),
        cmocka_unit_test(test_rows_that_do_not_fit),
        cmocka_unit_test(test_numbers_that_are_not_finite),
        cmocka_unit_test(test_methods_that_are_not_there),
        cmocka_unit_test(test_a_predictor_outlives_its_model_and_writes_where_it_is_told),
        cmocka_unit_test(test_exact_plans_and_pools_give_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
