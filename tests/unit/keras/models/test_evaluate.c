/* SPDX-License-Identifier: BSD-3-Clause */
/* evaluate(): the same whatever the batches' threads, with regularizers, and without touching
 * the model. */
#include <stdlib.h>

#include "test.h"

#include "cornichon/cornichon.h"
#include "keras/models/evaluate.h"
#include "unit/keras/golden_keras.h"

enum { ROWS = 50 };

static float x[ROWS][4];
static float y[ROWS][3];

static int make_rows(void **state)
{
    (void)state;
    crn_generator generator;
    crn_generator_seed(&generator, 3);
    for (int i = 0; i < ROWS; i++) {
        for (int j = 0; j < 4; j++)
            x[i][j] = (float)crn_generator_normal(&generator);
        for (int j = 0; j < 3; j++)
            y[i][j] = (float)crn_generator_normal(&generator);
    }
    return 0;
}

static crn_data some_data(void)
{
    crn_data data = CRN_DATA_INIT;
    data.x = crn_array_view_2d(x, CRN_FLOAT32, ROWS, 4);
    data.y = crn_array_view_2d(y, CRN_FLOAT32, ROWS, 3);
    return data;
}

/* A compiled network whose first kernel is all ones. */
static crn_model *compiled(const char *expression, const char *metrics)
{
    crn_error err = CRN_ERROR_INIT;
    crn_model *model = NULL;
    crn_fit_options options = CRN_FIT_OPTIONS_INIT;
    options.loss = "mse";
    options.metrics = metrics;
    assert_ok(crn_model_parse(expression, &model, &err));
    crn_network *network = crn_model_network(model);
    assert_ok(crn_network_compile(network, model->document, &options, &err));
    crn_array *kernel = &crn_network_weight(network, 0, NULL)->array;
    for (int64_t i = 0; i < crn_array_size(kernel); i++)
        ((float *)kernel->data)[i] = 1.0f;
    network->has_weights = true;
    return model;
}

static crn_scores *evaluate(const crn_model *model, int batch_size, crn_pool *pool)
{
    crn_error err = CRN_ERROR_INIT;
    crn_data data = some_data();
    crn_scores *scores = NULL;
    assert_ok(crn_model_evaluate(model, &data, batch_size, pool, &scores, &err));
    return scores;
}

static double mean_squared_error(void)
{
    double sum = 0.0;
    for (int i = 0; i < ROWS; i++) {
        double prediction =
            (double)x[i][0] + (double)x[i][1] + (double)x[i][2] + (double)x[i][3];
        for (int j = 0; j < 3; j++)
            sum += (prediction - (double)y[i][j]) * (prediction - (double)y[i][j]);
    }
    return sum / (3.0 * ROWS);
}

static void test_numbers(void **state)
{
    (void)state;
    crn_model *model = compiled("Sequential([Input((4,)), Dense(3)])", "mae, mse, mae");
    crn_scores *scores = evaluate(model, 16, NULL);
    static const char *const names[] = {"loss", "mae", "mse", "mae_1"};
    double want = mean_squared_error(), got = crn_scores_value(scores, 0);
    assert_int_equal(crn_scores_count(scores), 4);
    for (int i = 0; i < 4; i++)
        assert_string_equal(crn_scores_name(scores, i), names[i]);
    assert_close(&got, &want, 1, 1e-6, 0.0); /* a last batch of two rows counts as two rows */
    got = crn_scores_value(scores, 2);
    assert_close(&got, &want, 1, 1e-6, 0.0);
    assert_true(crn_scores_value(scores, 1) == crn_scores_value(scores, 3));
    crn_scores_destroy(scores);
    crn_model_destroy(model);
}

static void test_threads(void **state)
{
    (void)state;
    crn_error err = CRN_ERROR_INIT;
    crn_pool *pool = NULL;
    crn_model *model = compiled("Sequential([Input((4,)), Dense(3)])", "mae");
    crn_scores *one = evaluate(model, 4, NULL);
    assert_ok(crn_pool_create(3, &pool, &err));
    crn_scores *three = evaluate(model, 4, pool);
    for (int i = 0; i < crn_scores_count(one); i++)
        assert_true(crn_scores_value(one, i) == crn_scores_value(three, i));
    crn_scores_destroy(one);
    crn_scores_destroy(three);
    one = evaluate(model, 0, pool); /* 32 rows */
    three = evaluate(model, 32, NULL);
    assert_true(crn_scores_value(one, 0) == crn_scores_value(three, 0));
    crn_scores_destroy(one);
    crn_scores_destroy(three);
    crn_pool_destroy(pool);
    crn_model_destroy(model);
}

/* loss + 0.5 * sum w^2 (twelve ones) + 0.25 * sum |prediction| / rows of each batch. */
static void test_regularizers(void **state)
{
    (void)state;
    crn_model *model = compiled("Sequential([Input((4,)), Dense(3, kernel_regularizer=L2(0.5), "
                                "activity_regularizer=L1(0.25))])",
                                NULL);
    double activity = 0.0;
    for (int i = 0; i < ROWS; i++)
        activity += 3.0 * fabs((double)(x[i][0] + x[i][1] + x[i][2] + x[i][3])) / ROWS;
    crn_scores *scores = evaluate(model, 16, NULL);
    double got = crn_scores_value(scores, 0),
           want = mean_squared_error() + 6.0 + 0.25 * activity;
    assert_close(&got, &want, 1, 1e-6, 0.0);
    crn_scores_destroy(scores);
    crn_model_destroy(model);
}

/* BatchNormalization folds its weights when it predicts; their penalties count nevertheless,
 * and it does not move its averages. */
static void test_batch_normalization(void **state)
{
    (void)state;
    crn_model *model = compiled(
        "Sequential([Input((4,)), Dense(3), BatchNormalization(gamma_regularizer='l2', "
        "epsilon=0.0)])",
        NULL);
    crn_network *network = crn_model_network(model);
    float *gamma = crn_network_weight(network, 2, NULL)->array.data;
    float *variance = crn_network_weight(network, 5, NULL)->array.data;
    for (int j = 0; j < 3; j++)
        gamma[j] = variance[j] = 1.0f;
    crn_scores *scores = evaluate(model, 16, NULL);
    double got = crn_scores_value(scores, 0), want = mean_squared_error() + 0.01 * 3.0;
    assert_close(&got, &want, 1, 1e-6, 0.0);
    assert_true(variance[0] == 1.0f);
    crn_scores_destroy(scores);
    crn_model_destroy(model);
}

static void test_sample_weight(void **state)
{
    (void)state;
    crn_error err = CRN_ERROR_INIT;
    crn_model *model = compiled("Sequential([Input((4,)), Dense(3)])", "mse");
    float weights[ROWS];
    for (int i = 0; i < ROWS; i++)
        weights[i] = 2.0f;
    crn_data data = some_data();
    crn_scores *scores = NULL;
    data.sample_weight = crn_array_view_1d(weights, CRN_FLOAT32, ROWS);
    assert_ok(crn_model_evaluate(model, &data, 16, NULL, &scores, &err));
    double got[] = {crn_scores_value(scores, 0), crn_scores_value(scores, 1)};
    double want[] = {2.0 * mean_squared_error(),
                     mean_squared_error()}; /* metrics are not weighted */
    assert_close(got, want, 2, 1e-6, 0.0);
    crn_scores_destroy(scores);
    crn_model_destroy(model);
}

static void test_refused(void **state)
{
    (void)state;
    crn_error err = CRN_ERROR_INIT;
    crn_scores *scores = NULL;
    crn_data data = some_data();
    crn_model *model = compiled("Sequential([Input((4,)), Dense(3)])", NULL);
    assert_status(CRN_ARGUMENT, crn_model_evaluate(model, &data, -1, NULL, &scores, &err));
    assert_string_equal(err.message, "batch_size must be positive, not -1");
    data.y = crn_array_view_2d(y, CRN_FLOAT32, ROWS, 2);
    assert_status(CRN_SHAPE, crn_model_evaluate(model, &data, 0, NULL, &scores, &err));
    data.y = crn_array_view_2d(y, CRN_FLOAT32, ROWS - 1, 3);
    assert_status(CRN_SHAPE, crn_model_evaluate(model, &data, 0, NULL, &scores, &err));
    assert_null(scores);
    crn_model_destroy(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_numbers),       cmocka_unit_test(test_threads),
        cmocka_unit_test(test_regularizers),  cmocka_unit_test(test_batch_normalization),
        cmocka_unit_test(test_sample_weight), cmocka_unit_test(test_refused),
    };
    return cmocka_run_group_tests(tests, make_rows, NULL);
}
