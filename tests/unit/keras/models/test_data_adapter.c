/* SPDX-License-Identifier: BSD-3-Clause */
/* Rows for networks: checks in Keras's words, splits, targets, weights, batches. */
#include <stdlib.h>

#include "test.h"

#include "keras/models/data_adapter.h"
#include "unit/keras/golden_keras.h"

enum { ROWS = 10 };

static float x[ROWS][4];
static int64_t labels[ROWS] = {0, 1, 2, 0, 1, 2, 0, 1, 2, 0};

static crn_data some_data(void)
{
    crn_data data = CRN_DATA_INIT;
    data.x = crn_array_view_2d(x, CRN_FLOAT32, ROWS, 4);
    data.y = crn_array_view_1d(labels, CRN_INT64, ROWS);
    return data;
}

/* A network of that last layer, compiled with that loss. */
static crn_model *compiled(const char *last, const char *loss)
{
    crn_error err = CRN_ERROR_INIT;
    crn_model *model = NULL;
    crn_fit_options options = CRN_FIT_OPTIONS_INIT;
    char expression[128];
    snprintf(expression, sizeof expression, "Sequential([Input((4,)), %s])", last);
    options.loss = loss;
    assert_ok(crn_model_parse(expression, &model, &err));
    assert_ok(crn_network_compile(crn_model_network(model), model->document, &options, &err));
    return model;
}

#define CLASSIFIER compiled("Dense(3)", "sparse_categorical_crossentropy")

/* ---- checks ---- */

static void refuse(const crn_data *data, crn_status status, const char *message)
{
    crn_error err = CRN_ERROR_INIT;
    assert_status(status, crn_fit_data_check(data, &err));
    assert_string_equal(err.message, message);
}

static void test_checks(void **state)
{
    (void)state;
    crn_error err = CRN_ERROR_INIT;
    crn_data data = some_data(), empty = CRN_DATA_INIT;
    assert_ok(crn_fit_data_check(&data, &err));
    refuse(&empty, CRN_ARGUMENT, "a network learns from rows and their targets: x is missing");
    empty.x = data.x;
    refuse(&empty, CRN_ARGUMENT, "a network learns from rows and their targets: y is missing");
    data.y.shape[0] = 7;
    refuse(&data, CRN_SHAPE,
           "Data cardinality is ambiguous. Make sure all arrays contain the same number of "
           "samples. 'x' sizes: 10, 'y' sizes: 7, 'sample_weight' sizes: 10");
    data.x.shape[0] = data.y.shape[0] = 0;
    refuse(&data, CRN_ARGUMENT, "x has no rows");
}

static void test_strings(void **state)
{
    (void)state;
    crn_error err = CRN_ERROR_INIT;
    const char *const names[ROWS] = {"a", "b", "c", "a", "b", "c", "a", "b", "c", "a"};
    crn_data data = some_data();
    assert_ok(crn_names_to_array(names, ROWS, &data.y, &err));
    refuse(&data, CRN_DTYPE,
           "Invalid dtype of y: str. A network takes numbers: encode the strings, labels for "
           "example as 0, 1, 2 ... in sorted order");
    crn_array_free(&data.y);
}

static void test_split(void **state)
{
    (void)state;
    crn_error err = CRN_ERROR_INIT;
    float weights[ROWS] = {0};
    crn_data data = some_data(), training, validation;
    data.sample_weight = crn_array_view_1d(weights, CRN_FLOAT32, ROWS);
    assert_ok(crn_fit_data_split(&data, 0.25, &training, &validation, &err));
    assert_int_equal(training.x.shape[0], 7); /* floor(10 * 0.75) */
    assert_int_equal(validation.x.shape[0], 3);
    assert_ptr_equal(validation.x.data, x[7]);
    assert_ptr_equal(validation.y.data, &labels[7]);
    assert_ptr_equal(validation.sample_weight.data, &weights[7]);
    assert_status(CRN_ARGUMENT, crn_fit_data_split(&data, 0.99, &training, &validation, &err));
    assert_string_equal(
        err.message, "Training data contains 10 samples, which is not sufficient to split it "
                     "into a validation and training set as specified by "
                     "`validation_split=0.99`. Either provide more data, or a different value "
                     "for the `validation_split` argument.");
}

/* ---- targets and weights ---- */

static void test_targets(void **state)
{
    (void)state;
    crn_error err = CRN_ERROR_INIT;
    crn_model *model = CLASSIFIER;
    crn_fit_data prepared;
    crn_data data = some_data();
    int32_t small[ROWS] = {0, 1, 2};
    assert_ok(crn_fit_data_prepare(&data, crn_model_network(model), NULL, &prepared, &err));
    assert_int_equal(prepared.y.dtype, CRN_INT64);
    assert_ptr_equal(prepared.x.data, x); /* float32 already: not copied */
    assert_null(crn_fit_data_array(&prepared, CRN_FIT_WEIGHT));
    crn_fit_data_free(&prepared);
    data.y = crn_array_view_1d(small, CRN_INT32, ROWS);
    assert_ok(crn_fit_data_prepare(&data, crn_model_network(model), NULL, &prepared, &err));
    assert_int_equal(prepared.y.dtype, CRN_INT64);
    assert_int_equal(((int64_t *)prepared.y.data)[2], 2);
    crn_fit_data_free(&prepared);
    small[4] = 3;
    assert_status(CRN_ARGUMENT,
                  crn_fit_data_prepare(&data, crn_model_network(model), NULL, &prepared, &err));
    assert_string_equal(
        err.message, "Received a label value of 3 which is outside the valid range of [0, 3).");
    crn_model_destroy(model);
    model = compiled("Dense(1)", "mse");
    assert_ok(crn_fit_data_prepare(&data, crn_model_network(model), NULL, &prepared, &err));
    assert_int_equal(prepared.y.dtype, CRN_FLOAT32);
    crn_fit_data_free(&prepared);
    crn_model_destroy(model);
}

static void test_vector_is_a_column(void **state)
{
    (void)state;
    crn_data data = some_data();
    data.x = crn_array_rows(&data.x, 0, ROWS);
    data.x.ndim = 1;
    crn_type type = crn_fit_data_input_type(&data);
    assert_int_equal(type.ndim, 1);
    assert_int_equal(type.shape[0], 1);
}

/* Expects these weights of the ten rows. */
static void check_weights(const crn_model *model, const crn_data *data,
                          const char *class_weight, const float *expected)
{
    crn_error err = CRN_ERROR_INIT;
    crn_fit_data prepared;
    crn_document *document = new_document();
    const crn_object *dict = class_weight != NULL ? parse(document, class_weight) : NULL;
    assert_ok(crn_fit_data_prepare(data, crn_model_network(model), dict, &prepared, &err));
    assert_int_equal(prepared.weight.ndim, 1);
    for (int i = 0; i < ROWS; i++)
        assert_true(((const float *)prepared.weight.data)[i] == expected[i]);
    crn_fit_data_free(&prepared);
    crn_document_release(document);
}

static void test_class_weight(void **state)
{
    (void)state;
    crn_model *model = CLASSIFIER;
    crn_data data = some_data();
    const float expected[ROWS] = {2, 1, 0.5f, 2, 1, 0.5f, 2, 1, 0.5f, 2};
    check_weights(model, &data, "{0: 2, 2: 0.5, 7: 3.0}", expected);
    float rounded[ROWS][1] = {{0.2f}, {0.9f}, {2}, {0}, {1}, {2}, {0}, {1}, {2}, {0}};
    data.y = crn_array_view_2d(rounded, CRN_FLOAT32, ROWS, 1);
    check_weights(model, &data, "{0: 2, 2: 0.5}", expected);
    crn_model_destroy(model);
    model = compiled("Dense(3)", "categorical_crossentropy");
    float one_hot[ROWS][3] = {0};
    for (int i = 0; i < ROWS; i++)
        one_hot[i][labels[i]] = 1.0f;
    data.y = crn_array_view_2d(one_hot, CRN_FLOAT32, ROWS, 3);
    check_weights(model, &data, "{0: 2, 2: 0.5}", expected);
    crn_model_destroy(model);
}

static void refuse_weights(const crn_data *data, const char *class_weight, crn_status status,
                           const char *message)
{
    crn_error err = CRN_ERROR_INIT;
    crn_fit_data prepared;
    crn_model *model = CLASSIFIER;
    crn_document *document = new_document();
    const crn_object *dict = class_weight != NULL ? parse(document, class_weight) : NULL;
    assert_status(status,
                  crn_fit_data_prepare(data, crn_model_network(model), dict, &prepared, &err));
    assert_string_equal(err.message, message);
    crn_document_release(document);
    crn_model_destroy(model);
}

static void test_sample_weight(void **state)
{
    (void)state;
    crn_model *model = CLASSIFIER;
    crn_data data = some_data();
    double weights[ROWS][2] = {{0}};
    float expected[ROWS];
    for (int i = 0; i < ROWS; i++)
        expected[i] = (float)(weights[i / 2][i % 2] = i);
    data.sample_weight = crn_array_view_2d(weights, CRN_FLOAT64, ROWS, 1);
    check_weights(model, &data, NULL, expected);
    crn_model_destroy(model);
    refuse_weights(&data, "{0: 1.0}", CRN_ARGUMENT,
                   "You cannot `class_weight` and `sample_weight` at the same time.");
    data.sample_weight = crn_array_view_2d(weights, CRN_FLOAT64, ROWS, 2);
    refuse_weights(&data, NULL, CRN_SHAPE,
                   "sample_weight has 20 numbers for 10 rows: one a row is expected");
    crn_data plain = some_data();
    refuse_weights(&plain, "{'a': 1.0}", CRN_ARGUMENT,
                   "the keys of class_weight must be class indices");
    refuse_weights(&plain, "{0: 'a'}", CRN_ARGUMENT, "the weight of class 0 is not a number");
}

/* ---- batches ---- */

static void test_batches_in_order(void **state)
{
    (void)state;
    crn_error err = CRN_ERROR_INIT;
    crn_fit_data data = {.rows = ROWS,
                         .x = crn_array_view_2d(x, CRN_FLOAT32, ROWS, 4),
                         .y = crn_array_view_1d(labels, CRN_INT64, ROWS)};
    crn_batches batches;
    const void *in[CRN_FIT_ARRAYS];
    assert_ok(crn_batches_create(&data, 4, false, &batches, &err));
    assert_int_equal(batches.count, 3);
    assert_int_equal(crn_batches_take(&batches, 0, in), 4);
    assert_ptr_equal(in[CRN_FIT_X], x);
    assert_null(in[CRN_FIT_WEIGHT]);
    assert_int_equal(crn_batches_take(&batches, 2, in), 2); /* the rest */
    assert_ptr_equal(in[CRN_FIT_X], x[8]);
    assert_ptr_equal(in[CRN_FIT_Y], &labels[8]);
    crn_batches_free(&batches);
    assert_ok(crn_batches_create(&data, 1000, false, &batches, &err));
    assert_int_equal(batches.count, 1);
    assert_int_equal(batches.size, ROWS);
    crn_batches_free(&batches);
}

static void test_batches_shuffled(void **state)
{
    (void)state;
    crn_error err = CRN_ERROR_INIT;
    float rows[ROWS];
    int64_t twice[ROWS], first[ROWS] = {0};
    for (int i = 0; i < ROWS; i++) {
        rows[i] = (float)i;
        twice[i] = 2 * i;
    }
    crn_fit_data data = {.rows = ROWS,
                         .x = crn_array_view_2d(rows, CRN_FLOAT32, ROWS, 1),
                         .y = crn_array_view_1d(twice, CRN_INT64, ROWS)};
    crn_batches batches;
    crn_generator generator;
    crn_generator_seed(&generator, 1);
    assert_ok(crn_batches_create(&data, 4, true, &batches, &err));
    bool differs = false;
    for (int pass = 0; pass < 2; pass++) {
        bool seen[ROWS] = {false};
        crn_batches_shuffle(&batches, &generator);
        for (int64_t b = 0, row = 0; b < batches.count; b++) {
            const void *in[CRN_FIT_ARRAYS];
            int64_t count = crn_batches_take(&batches, b, in);
            for (int64_t i = 0; i < count; i++, row++) {
                int64_t value = (int64_t)((const float *)in[CRN_FIT_X])[i];
                assert_int_equal(((const int64_t *)in[CRN_FIT_Y])[i], 2 * value);
                assert_false(seen[value]);
                seen[value] = true;
                differs |= pass == 1 && first[row] != value;
                first[row] = value;
            }
        }
    }
    assert_true(differs); /* each pass has its own order */
    crn_batches_free(&batches);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_checks),
        cmocka_unit_test(test_strings),
        cmocka_unit_test(test_split),
        cmocka_unit_test(test_targets),
        cmocka_unit_test(test_vector_is_a_column),
        cmocka_unit_test(test_class_weight),
        cmocka_unit_test(test_sample_weight),
        cmocka_unit_test(test_batches_in_order),
        cmocka_unit_test(test_batches_shuffled),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
