/* SPDX-License-Identifier: BSD-3-Clause */
/* Chains and combinations of both libraries: a PCA before a network, a network beside a
 * classifier. */
#include "models.h"

static const char mixed[] =
    "make_pipeline(StandardScaler(), PCA(n_components=2), "
    "Sequential([Dense(8, activation='relu'), Dense(3, activation='softmax')]))";

/* All of iris: x (150, 4) and y (150). */
static crn_data load_iris(crn_table **table)
{
    crn_data data = CRN_DATA_INIT;
    assert_ok(crn_table_dataset("iris", table, &err));
    assert_ok(crn_table_matrix(*table, NULL, 4, &data.x, &err));
    assert_true(crn_table_column(*table, crn_table_find(*table, "target"), &data.y));
    return data;
}

static crn_fit_options classification(int epochs)
{
    crn_fit_options options = CRN_FIT_OPTIONS_INIT;
    options.optimizer = "Adam(learning_rate=0.01)";
    options.loss = "sparse_categorical_crossentropy";
    options.metrics = "accuracy";
    options.epochs = epochs;
    options.seed = 3;
    options.has_seed = true;
    return options;
}

static void test_a_pipeline_that_ends_in_a_network_is_a_chain(void **state)
{
    (void)state;
    crn_model *chain = parse_model(mixed);
    assert_string_equal(crn_model_class(chain), "Chain");
    assert_int_equal(crn_model_step_count(chain), 2);
    assert_string_equal(crn_model_class(crn_model_step(chain, 0)), "Pipeline");
    assert_int_equal(crn_model_step_count(crn_model_step(chain, 0)), 2);
    assert_string_equal(crn_model_class(crn_model_step(chain, 1)), "Sequential");
    crn_model_destroy(chain);

    chain = parse_model(
        "Pipeline([('pca', PCA(n_components=2)), ('net', Sequential([Dense(1)]))])");
    assert_string_equal(crn_model_class(crn_model_step(chain, 0)), "PCA");
    crn_model_destroy(chain);

    chain = parse_model("make_pipeline(Sequential([Dense(1)]))");
    assert_string_equal(crn_model_class(chain), "Sequential");
    crn_model_destroy(chain);
}

static void test_it_is_fitted_and_judged(void **state)
{
    (void)state;
    crn_table *iris = NULL;
    crn_data data = load_iris(&iris);
    crn_data validation = data;
    crn_fit_options options = classification(30);
    crn_history *history = NULL;
    crn_scores *scores = NULL;
    crn_model *chain = parse_model(mixed);
    options.validation = &validation; /* goes through the scaler and the PCA, too */
    assert_ok(crn_model_fit(chain, &data, &options, &history, &err));
    assert_int_equal(crn_history_epochs(history), 30);
    assert_true(crn_history_find(history, "val_loss") >= 0);
    assert_int_equal(crn_model_features(chain), 4);

    crn_array y = CRN_ARRAY_INIT;
    assert_ok(crn_model_predict(chain, CRN_PREDICT, &data.x, &y, &err));
    assert_int_equal(y.dtype, CRN_FLOAT32);
    assert_int_equal(y.shape[0], 150);
    assert_int_equal(y.shape[1], 3);
    const float *row = y.data;
    assert_true(fabsf(row[0] + row[1] + row[2] - 1.0F) < 1e-5F);
    crn_array_free(&y);

    assert_ok(crn_model_evaluate(chain, &data, 0, NULL, &scores, &err));
    assert_string_equal(crn_scores_name(scores, 0), "loss");
    assert_true(crn_scores_value(scores, 1) > 0.8);
    crn_scores_destroy(scores);
    crn_history_destroy(history);
    crn_model_destroy(chain);
    crn_array_free(&data.x);
    crn_table_destroy(iris);
}

static void test_a_network_beside_a_classifier(void **state)
{
    (void)state;
    golden_file golden = expected_answers();
    const crn_array x = iris_rows(&golden);
    crn_table *iris = NULL;
    crn_data data = load_iris(&iris);
    crn_fit_options options = classification(1);
    crn_model *models[2] = {load_model("logistic"),
                            parse_model("Sequential([Dense(3, activation='softmax')])")};
    crn_model *both = NULL;
    assert_ok(crn_model_fit(models[1], &data, &options, NULL, &err));
    crn_array a = CRN_ARRAY_INIT, b = CRN_ARRAY_INIT, mean = CRN_ARRAY_INIT;
    assert_ok(crn_model_predict(models[0], CRN_PREDICT_PROBA, &x, &a, &err));
    assert_ok(crn_model_predict(models[1], CRN_PREDICT, &x, &b, &err));
    assert_ok(crn_combination_create(models, 2, CRN_COMBINE_MEAN, &both, &err));
    assert_ok(crn_model_predict(both, CRN_PREDICT_PROBA, &x, &mean, &err));
    assert_int_equal(mean.dtype, CRN_FLOAT64);
    for (int i = 0; i < 15; i++) {
        double expected =
            (((const double *)a.data)[i] + (double)((const float *)b.data)[i]) / 2;
        assert_close((const double *)mean.data + i, &expected, 1, 1e-6, 1e-9);
    }
    crn_array_free(&a);
    crn_array_free(&b);
    crn_array_free(&mean);
    assert_ok(crn_model_predict(both, CRN_PREDICT, &x, &mean, &err));
    assert_int_equal(mean.dtype, CRN_INT64);
    crn_array_free(&mean);
    crn_model_destroy(both);
    crn_array_free(&data.x);
    crn_table_destroy(iris);
    golden_free(&golden);
}

static void test_widths_between_the_libraries(void **state)
{
    (void)state;
    crn_table *iris = NULL;
    crn_data data = load_iris(&iris);
    crn_fit_options options = classification(1);
    crn_model *chain = NULL;
    crn_model *steps[2] = {load_model("pca"),
                           parse_model("Sequential([Dense(3, activation='softmax')])")};
    assert_ok(crn_model_fit(steps[1], &data, &options, NULL, &err)); /* on four features */
    assert_status(CRN_SHAPE, crn_chain_create(steps, 2, &chain, &err));
    assert_string_equal(err.message,
                        "step 1 (Sequential) expects 4 features, step 0 (PCA) gives 2");
    const crn_array narrow = crn_array_view_2d(data.x.data, CRN_FLOAT64, 2, 3);
    crn_array y = CRN_ARRAY_INIT;
    assert_status(CRN_SHAPE, crn_model_predict(steps[1], CRN_PREDICT, &narrow, &y, &err));
    assert_non_null(strstr(err.message, "expected shape=(None, 4), found shape=(2, 3)"));
    crn_model_destroy(steps[0]);
    crn_model_destroy(steps[1]);
    crn_array_free(&data.x);
    crn_table_destroy(iris);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_pipeline_that_ends_in_a_network_is_a_chain),
        cmocka_unit_test(test_it_is_fitted_and_judged),
        cmocka_unit_test(test_a_network_beside_a_classifier),
        cmocka_unit_test(test_widths_between_the_libraries),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
