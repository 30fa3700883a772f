/* SPDX-License-Identifier: BSD-3-Clause */
/* What holds for every family: frames, methods, several inputs and outputs, lengths that only
 * the rows tell. */
#include "cornichon/cornichon.h"
#include "model/expression.h"
#include "toy.h"

enum { PREDICT = 1u << CRN_PREDICT, TRANSFORM = 1u << CRN_TRANSFORM };

static crn_error err;

static void test_methods_that_stand_for_a_model(void **state)
{
    (void)state;
    static const struct {
        unsigned methods;
        crn_method main, step;
    } cases[] = {
        {PREDICT | TRANSFORM, CRN_PREDICT, CRN_TRANSFORM},
        {TRANSFORM | 1u << CRN_INVERSE_TRANSFORM, CRN_TRANSFORM, CRN_TRANSFORM},
        {PREDICT | 1u << CRN_PREDICT_PROBA, CRN_PREDICT, CRN_PREDICT_PROBA},
        {1u << CRN_SCORE_SAMPLES, CRN_SCORE_SAMPLES, CRN_PREDICT},
        {0, CRN_PREDICT, CRN_PREDICT},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        crn_model *model = make_toy(cases[i].methods, 1, 2, CRN_FLOAT64);
        assert_int_equal(crn_model_main_method(model), cases[i].main);
        assert_int_equal(crn_model_step_method(model), cases[i].step);
        crn_model_destroy(model);
    }
}

static void test_what_a_family_leaves_out(void **state)
{
    (void)state;
    crn_model *model = make_toy(PREDICT, 1, 2, CRN_FLOAT64);
    crn_array out = CRN_ARRAY_INIT;
    crn_data data = CRN_DATA_INIT;
    assert_status(CRN_UNSUPPORTED, crn_model_get(model, "x", &out, &err));
    assert_status(CRN_UNSUPPORTED, crn_model_fit(model, &data, NULL, NULL, &err));
    assert_string_equal(err.message, "Toy cannot be fitted");
    assert_status(CRN_UNSUPPORTED, crn_model_save(model, "/tmp/toy.joblib", NULL, &err));
    assert_string_equal(err.message, "Toy cannot be saved");
    assert_null(crn_model_feature_name(model, 0));
    assert_int_equal(crn_model_step_count(model), 0);
    assert_null(crn_model_step(model, 0));
    crn_model_destroy(model);
}

static void test_the_expression_of_a_family_without_parameters(void **state)
{
    (void)state;
    crn_document *document = NULL;
    crn_text text = CRN_TEXT_INIT;
    crn_model *model = make_toy(PREDICT, 1, 2, CRN_FLOAT64);
    assert_ok(crn_document_create(NULL, &document, &err));
    crn_expression_print(crn_model_expression(model, document), &text);
    assert_string_equal(text.data, "Toy()");
    crn_text_free(&text);
    crn_document_release(document);
    crn_model_destroy(model);
}

static void test_two_inputs_and_two_outputs(void **state)
{
    (void)state;
    const double a[] = {1, 2, 3, 4}, b[] = {10, 20, 30, 40}; /* (2, 2) each */
    const crn_array x[2] = {crn_array_view_2d(a, CRN_FLOAT64, 2, 2),
                            crn_array_view_2d(b, CRN_FLOAT64, 2, 2)};
    crn_model *model = make_toy(PREDICT | TRANSFORM, 2, 2, CRN_FLOAT64);
    crn_predictor *sum = NULL, *doubled = NULL;
    crn_array y[2] = {CRN_ARRAY_INIT, CRN_ARRAY_INIT};
    assert_int_equal(crn_model_features(model), 4);
    assert_ok(crn_predictor_create(model, CRN_PREDICT, NULL, &sum, &err));
    assert_ok(crn_predictor_create(model, CRN_TRANSFORM, NULL, &doubled, &err));
    assert_int_equal(crn_predictor_inputs(sum), 2);
    assert_int_equal(crn_predictor_outputs(doubled), 2);

    assert_ok(crn_predict(sum, x, y, &err));
    assert_close(y[0].data, ((double[]){11, 22, 33, 44}), 4, 0, 0);
    crn_array_free(&y[0]);
    assert_ok(crn_predict(doubled, x, y, &err));
    assert_close(y[0].data, ((double[]){2, 4, 6, 8}), 4, 0, 0);
    assert_close(y[1].data, ((double[]){20, 40, 60, 80}), 4, 0, 0);
    crn_array_free(&y[0]);
    crn_array_free(&y[1]);

    const crn_array uneven[2] = {x[0], crn_array_rows(&x[1], 0, 1)};
    assert_status(CRN_SHAPE, crn_predict(sum, uneven, y, &err));
    assert_string_equal(err.message, "input 0 has 2 rows, input 1 has 1");
    assert_status(CRN_ARGUMENT, crn_model_predict(model, CRN_PREDICT, x, y, &err));
    assert_string_equal(err.message, "Toy has 2 inputs: ask it through a crn_predictor");
    crn_predictor_destroy(sum);
    crn_predictor_destroy(doubled);
    crn_model_destroy(model);
}

static void test_open_lengths_are_those_of_the_rows(void **state)
{
    (void)state;
    const float row[3] = {1, 2, 3};
    const crn_array x = crn_array_view_2d(row, CRN_FLOAT32, 1, 3);
    crn_model *model = make_toy(TRANSFORM, 1, -1, CRN_FLOAT32);
    crn_predictor *predictor = NULL;
    crn_array y = CRN_ARRAY_INIT;
    char *plan = NULL;
    assert_int_equal(crn_model_features(model), -1);
    assert_status(CRN_SHAPE,
                  crn_predictor_create(model, CRN_TRANSFORM, NULL, &predictor, &err));
    assert_string_equal(err.message,
                        "axis 1 of input 'a' of Toy has no fixed length: predict with "
                        "rows at hand");
    assert_ok(crn_model_predict(model, CRN_TRANSFORM, &x, &y, &err));
    assert_int_equal(y.shape[1], 3);
    assert_true(((const float *)y.data)[2] == 6.0F);
    crn_array_free(&y);
    assert_ok(crn_model_inspect(model, CRN_INSPECT_PLAN, &plan, &err));
    assert_non_null(strstr(plan, "no plan: axis 1"));
    crn_string_free(plan);
    crn_model_destroy(model);
}

static void test_other_families_refuse_shapes_in_keras_words(void **state)
{
    (void)state;
    const float numbers[8] = {0};
    crn_array x = crn_array_view_2d(numbers, CRN_FLOAT32, 2, 3), y = CRN_ARRAY_INIT;
    crn_model *model = make_toy(PREDICT, 1, 4, CRN_FLOAT32),
              *one = make_toy(PREDICT, 1, 1, CRN_FLOAT32);
    assert_status(CRN_SHAPE, crn_model_predict(model, CRN_PREDICT, &x, &y, &err));
    assert_string_equal(err.message,
                        "Input 'a' of Toy is incompatible with the layer: expected "
                        "shape=(None, 4), found shape=(2, 3)");
    x = crn_array_view_1d(numbers, CRN_FLOAT32, 8);
    assert_status(CRN_SHAPE, crn_model_predict(model, CRN_PREDICT, &x, &y, &err));
    assert_ok(
        crn_model_predict(one, CRN_PREDICT, &x, &y, &err)); /* a vector of single features */
    assert_int_equal(y.shape[0], 8);
    crn_array_free(&y);
    crn_model_destroy(model);
    crn_model_destroy(one);
}

static void test_steps_with_several_values_between_them(void **state)
{
    (void)state;
    const double a[] = {1, 2}, b[] = {10, 20}; /* (1, 2) each */
    const crn_array x[2] = {crn_array_view_2d(a, CRN_FLOAT64, 1, 2),
                            crn_array_view_2d(b, CRN_FLOAT64, 1, 2)};
    crn_model *steps[2] = {make_toy(TRANSFORM, 2, 2, CRN_FLOAT64),
                           make_toy(PREDICT, 2, 2, CRN_FLOAT64)};
    crn_model *wrong[2] = {make_toy(TRANSFORM, 2, 2, CRN_FLOAT64),
                           make_toy(PREDICT, 1, 2, CRN_FLOAT64)};
    crn_model *chain = NULL, *none = NULL;
    crn_predictor *predictor = NULL;
    crn_array y = CRN_ARRAY_INIT;
    assert_ok(crn_chain_create(steps, 2, &chain, &err));
    assert_ok(crn_predictor_create(chain, CRN_PREDICT, NULL, &predictor, &err));
    assert_ok(crn_predict(predictor, x, &y, &err));
    assert_close(y.data, ((double[]){22, 44}), 2, 0, 0);
    assert_status(CRN_SHAPE, crn_chain_create(wrong, 2, &none, &err));
    assert_string_equal(err.message, "step 1 (Toy) has 1 inputs, step 0 (Toy) gives 2 outputs");
    crn_array_free(&y);
    crn_predictor_destroy(predictor);
    crn_model_destroy(chain);
    crn_model_destroy(wrong[0]);
    crn_model_destroy(wrong[1]);
}

static void test_regressors_side_by_side(void **state)
{
    (void)state;
    const double a[] = {1, 3}; /* (2, 1) */
    const float truth[] = {1, 2};
    crn_model *models[2] = {make_toy(PREDICT, 1, 1, CRN_FLOAT64),
                            make_toy(PREDICT, 1, 1, CRN_FLOAT32)};
    crn_model *both = NULL;
    crn_scores *scores = NULL;
    crn_pool *pool = NULL;
    crn_data data = CRN_DATA_INIT;
    data.x = crn_array_view_2d(a, CRN_FLOAT64, 2, 1);
    data.y = crn_array_view_1d(truth, CRN_FLOAT32, 2);
    assert_ok(crn_combination_create(models, 2, CRN_COMBINE_MEAN, &both, &err));
    assert_false(crn_model_has_method(both, CRN_PREDICT_PROBA));
    assert_ok(crn_pool_create(2, &pool, &err));
    assert_ok(crn_model_evaluate(both, &data, 0, pool, &scores, &err));
    assert_string_equal(crn_scores_name(scores, 1), "mse");
    assert_true(crn_scores_value(scores, 1) == 0.5);
    crn_scores_destroy(scores);
    crn_pool_destroy(pool);
    crn_model_destroy(both);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_methods_that_stand_for_a_model),
        cmocka_unit_test(test_what_a_family_leaves_out),
        cmocka_unit_test(test_the_expression_of_a_family_without_parameters),
        cmocka_unit_test(test_two_inputs_and_two_outputs),
        cmocka_unit_test(test_open_lengths_are_those_of_the_rows),
        cmocka_unit_test(test_other_families_refuse_shapes_in_keras_words),
        cmocka_unit_test(test_steps_with_several_values_between_them),
        cmocka_unit_test(test_regressors_side_by_side),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
