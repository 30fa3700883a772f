/* SPDX-License-Identifier: BSD-3-Clause */
/* Networks from expressions: names, shapes, weights, and what predict gives. */
#include "test.h"

#include <stdlib.h>

#include "cornichon/cornichon.h"
#include "keras/models/network.h"
#include "model/expression.h"

static crn_model *parse(const char *expression)
{
    crn_error err = CRN_ERROR_INIT;
    crn_model *model = NULL;
    assert_ok(crn_model_parse(expression, &model, &err));
    return model;
}

static void set_weight(crn_network *network, size_t i, const float *values)
{
    crn_layer_weight *weight = crn_network_weight(network, i, NULL);
    memcpy(weight->array.data, values, (size_t)crn_array_size(&weight->array) * sizeof *values);
}

static void test_names_and_weights(void **state)
{
    (void)state;
    crn_model *model = parse("Sequential([Input((4,)), Dense(8, activation='relu'), "
                             "BatchNormalization(), Dropout(0.5), Dense(3)])");
    crn_network *network = crn_model_network(model);
    static const char *const layers[] = {"input_layer", "dense", "batch_normalization",
                                         "dropout", "dense_1"};
    static const char *const weights[] = {
        "kernel", "bias", "gamma", "beta", "moving_mean", "moving_variance", "kernel", "bias"};
    assert_string_equal(network->name, "sequential");
    assert_int_equal(network->layer_count, 5);
    for (size_t i = 0; i < 5; i++)
        assert_string_equal(network->layers[i]->name, layers[i]);
    assert_int_equal(network->weight_count, 8);
    for (size_t i = 0; i < 8; i++)
        assert_string_equal(crn_network_weight(network, i, NULL)->name, weights[i]);
    assert_null(crn_network_weight(network, 8, NULL));
    assert_true(network->built);
    assert_false(network->has_weights);
    assert_int_equal(crn_network_output_type(network, 0)->shape[0], 3);
    crn_model_destroy(model);
}

/* relu([1, -2] K + b) L + c by hand. */
static void test_predict(void **state)
{
    crn_error err = CRN_ERROR_INIT;
    (void)state;
    crn_model *model =
        parse("Sequential([Input((2,)), Dense(2, activation='relu'), Dense(1)])");
    crn_network *network = crn_model_network(model);
    crn_array x = CRN_ARRAY_INIT, y = CRN_ARRAY_INIT;
    const double rows[] = {1, -2, 3, 4};
    x = crn_array_view_2d(rows, CRN_FLOAT64, 2, 2);
    assert_status(CRN_STATE, crn_model_predict(model, CRN_PREDICT, &x, &y, &err));
    assert_ok(crn_network_initialize(network, 0, &err));
    set_weight(network, 0, (const float[]){1, 2, 3, -4});
    set_weight(network, 1, (const float[]){0.5f, -0.5f});
    set_weight(network, 2, (const float[]){10, 1});
    set_weight(network, 3, (const float[]){-1});
    assert_ok(crn_model_predict(model, CRN_PREDICT, &x, &y, &err));
    assert_int_equal(y.dtype, CRN_FLOAT32);
    assert_true(((const float *)y.data)[0] == 8.5f);
    assert_true(((const float *)y.data)[1] == 154.0f);
    assert_status(CRN_UNSUPPORTED, crn_model_predict(model, CRN_TRANSFORM, &x, &y, &err));
    crn_array_free(&y);
    crn_model_destroy(model);
}

/* ---- sequential ---- */

static void refuse(const char *expression, crn_status expected, const char *says)
{
    crn_error err = CRN_ERROR_INIT;
    crn_model *model = NULL;
    assert_status(expected, crn_model_parse(expression, &model, &err));
    assert_null(model);
    if (strstr(err.message, says) == NULL)
        fail_msg("'%s' does not say '%s'", err.message, says);
}

static void test_refused(void **state)
{
    (void)state;
    refuse("Sequential([Dense(1, name='a'), Dense(2, name='a')])", CRN_ARGUMENT,
           "All layers added to a Sequential model should have unique names. Name 'a' is "
           "already the name of a "
           "layer in this model.");
    refuse("Sequential([Input((4,)), Input((4,))])", CRN_ARGUMENT,
           "Sequential model 'sequential' has already been configured to use another input "
           "shape. You cannot add a "
           "different Input layer to it.");
    refuse("Sequential([Dense(1), Input((4,))])", CRN_ARGUMENT,
           "You cannot add a different Input layer");
    refuse("Sequential(Dense(1))", CRN_FORMAT, "the layers of a Sequential are not a list");
    refuse("Sequential([Input((4,)), Dense(2), Reshape((3,))])", CRN_SHAPE,
           "must be unchanged");
    refuse("Sequential([3])", CRN_ARGUMENT, "Could not interpret layer identifier: a int");
    refuse("Sequential(layer=[Dense(1)])", CRN_NOT_FOUND, "did you mean 'layers'?");
}

static void test_where(void **state)
{
    crn_error err = CRN_ERROR_INIT;
    crn_model *model = NULL;
    (void)state;
    assert_status(CRN_ARGUMENT,
                  crn_model_parse("Sequential([Dense(1), Dense(0)])", &model, &err));
    assert_int_equal(strncmp(err.where, "layers[1]", 9), 0);
    assert_status(CRN_SHAPE,
                  crn_model_parse("Sequential([Input(()), Dense(1, name='d')])", &model, &err));
    assert_string_equal(err.where, "layers[d]");
}

/* Sequential(trainable=False) freezes its layers. */
static void test_arguments(void **state)
{
    (void)state;
    crn_model *model =
        parse("Sequential(layers=[Dense(1), Dense(2, trainable=False)], name='net')");
    const crn_network *network = crn_model_network(model);
    assert_string_equal(network->name, "net");
    assert_true(network->layers[0]->trainable);
    assert_false(network->layers[1]->trainable);
    crn_model_destroy(model);
    model = parse("Sequential([Dense(1)], trainable=False)");
    assert_false(crn_model_network(model)->layers[0]->trainable);
    crn_model_destroy(model);
    model = parse("Sequential()");
    assert_int_equal(crn_model_network(model)->layer_count, 0);
    crn_model_destroy(model);
}

/* ---- building ---- */

static void test_build_from_data(void **state)
{
    crn_error err = CRN_ERROR_INIT;
    const crn_type four = crn_type_vector(CRN_FLOAT32, 4),
                   five = crn_type_vector(CRN_FLOAT32, 5);
    const crn_type image = crn_type_rows(CRN_FLOAT32, 2, (const int64_t[]){4, 4});
    (void)state;
    crn_model *model = parse("Sequential([Dense(2), Dense(3)])");
    crn_network *network = crn_model_network(model);
    assert_false(network->built);
    assert_int_equal(crn_model_features(model), -1);
    assert_ok(crn_network_build(network, &four, &err));
    assert_int_equal(network->layer_count, 3);
    assert_string_equal(network->layers[0]->name, "input_layer");
    assert_int_equal(crn_model_features(model), 4);
    assert_ok(crn_network_build(network, &four, &err));
    assert_ok(crn_network_build(network, NULL, &err));
    assert_status(CRN_SHAPE, crn_network_build(network, &five, &err));
    assert_string_equal(
        err.message, "Input 0 of layer \"sequential\" is incompatible with the layer: expected "
                     "shape=(None, 4), found shape=(None, 5)");
    assert_status(CRN_SHAPE, crn_network_build(network, &image, &err));
    crn_model_destroy(model);
}

/* A build that fails leaves nothing behind, and another may follow. */
static void test_build_again(void **state)
{
    crn_error err = CRN_ERROR_INIT;
    const crn_type four = crn_type_vector(CRN_FLOAT32, 4),
                   six = crn_type_vector(CRN_FLOAT32, 6);
    (void)state;
    crn_model *model = parse("Sequential([Reshape((3, 2)), Dense(2)])");
    crn_network *network = crn_model_network(model);
    assert_status(CRN_STATE, crn_network_build(network, NULL, &err));
    assert_status(CRN_SHAPE, crn_network_build(network, &four, &err));
    assert_int_equal(network->layer_count, 2);
    assert_int_equal(network->weight_count, 0);
    assert_int_equal(network->call_count, 0);
    assert_ok(crn_network_build(network, &six, &err));
    assert_int_equal(network->weight_count, 2);
    crn_model_destroy(model);
    model = parse("Sequential()");
    assert_status(CRN_STATE, crn_network_build(crn_model_network(model), &six, &err));
    assert_non_null(strstr(err.message, "cannot be built because it has no layers"));
    crn_model_destroy(model);
}

static void test_open_lengths(void **state)
{
    crn_error err = CRN_ERROR_INIT;
    crn_array y = CRN_ARRAY_INIT;
    const float rows[] = {1, 2, 3, 4, 5, 6};
    (void)state;
    crn_model *model =
        parse("Sequential([Input((None, 2)), Dense(1, kernel_initializer='ones')])");
    assert_ok(crn_network_initialize(crn_model_network(model), 0, &err));
    crn_array x = crn_array_view_1d(rows, CRN_FLOAT32, 6);
    crn_array_set_shape(&x, 3, (const int64_t[]){1, 3, 2});
    assert_ok(crn_model_predict(model, CRN_PREDICT, &x, &y, &err));
    assert_int_equal(y.ndim, 3);
    assert_int_equal(y.shape[1], 3);
    for (int i = 0; i < 3; i++)
        assert_true(((const float *)y.data)[i] == (float)(3 + 4 * i));
    crn_array_free(&y);
    crn_model_destroy(model);
}

/* A config cannot ask for more memory than its file can hold. */
static void test_weight_bytes(void **state)
{
    crn_error err = CRN_ERROR_INIT;
    crn_network *network = NULL;
    (void)state;
    crn_model *model = parse("Sequential([Input((10,)), Dense(10)])");
    crn_object *record =
        crn_network_config(crn_model_network(model), model->document, CRN_KERAS_3, 0, &err);
    crn_network_source source = {.keras_version = "3.0.5", .weight_bytes = 440};
    assert_ok(crn_network_read(record, model->document, &source, &network, &err));
    crn_network_destroy(network);
    source.weight_bytes = 439;
    assert_status(CRN_LIMIT,
                  crn_network_read(record, model->document, &source, &network, &err));
    crn_model_destroy(model);
}

/* ---- weights ---- */

static void test_initialize(void **state)
{
    crn_error err = CRN_ERROR_INIT;
    (void)state;
    crn_model *model = parse("Sequential([Input((50,)), Dense(40), BatchNormalization()])");
    crn_network *network = crn_model_network(model);
    const float *kernel = crn_network_weight(network, 0, NULL)->array.data;
    const double limit = sqrt(6.0 / 90.0); /* glorot_uniform */
    assert_ok(crn_network_initialize(network, 7, &err));
    double sum = 0.0, first = (double)kernel[0];
    for (int i = 0; i < 2000; i++) {
        assert_true(fabs((double)kernel[i]) <= limit);
        sum += (double)kernel[i] * (double)kernel[i];
    }
    assert_true(fabs(sum / 2000 - limit * limit / 3) < 0.1 * limit * limit);
    assert_true(((const float *)crn_network_weight(network, 2, NULL)->array.data)[39] ==
                1.0f); /* gamma */
    assert_true(((const float *)crn_network_weight(network, 4, NULL)->array.data)[39] == 0.0f);
    assert_ok(crn_network_initialize(network, 8, &err));
    assert_true((double)kernel[0] != first);
    assert_ok(crn_network_initialize(network, 7, &err));
    assert_true((double)kernel[0] == first);
    crn_model_destroy(model);
}

static void test_trainable(void **state)
{
    crn_error err = CRN_ERROR_INIT;
    crn_array *weights = NULL;
    size_t count = 0;
    (void)state;
    crn_model *model = parse(
        "Sequential([Input((4,)), Dense(3, trainable=False), BatchNormalization(), Dense(1)])");
    assert_ok(crn_network_trainable(crn_model_network(model), &weights, &count, &err));
    assert_int_equal(count, 4); /* gamma, beta, kernel, bias */
    for (size_t i = 0; i < count; i++)
        crn_array_free(&weights[i]);
    free(weights);
    crn_model_destroy(model);
}

static void test_get(void **state)
{
    static const char *const good[] = {"dense/kernel", "dense/kernel:0",
                                       "sequential/dense/kernel", "layers[0].kernel"};
    static const char *const bad[] = {
        "dense/kernels",    "dens/kernel",       "kernel", "layers[1].kernel",
        "layers[x].kernel", "layers[-1].kernel", "",       "dense/",
        "layers[0]kernel"};
    crn_error err = CRN_ERROR_INIT;
    crn_array array = CRN_ARRAY_INIT;
    (void)state;
    crn_model *model = parse("Sequential([Input((4,)), Dense(3)])");
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        assert_ok(crn_model_get(model, good[i], &array, &err));
        assert_int_equal(array.shape[1], 3);
        crn_array_free(&array);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_status(CRN_NOT_FOUND, crn_model_get(model, bad[i], &array, &err));
    assert_status(CRN_NOT_FOUND, crn_model_get(model, "dense/kernl", &array, &err));
    assert_non_null(strstr(err.message, "did you mean 'kernel'?"));
    crn_model_destroy(model);
}

/* ---- penalties, repr, lists ---- */

/* Weights that do not train have no penalty in Keras 3, and have one in Keras 2. */
static void test_penalties(void **state)
{
    static const struct {
        const char *layer;
        int keras;
        size_t count;
    } cases[] = {
        {"Dense(3, kernel_regularizer='l2', bias_regularizer='l1', activity_regularizer='l2')",
         3, 3},
        {"Dense(3, kernel_regularizer='l2', trainable=False)", 3, 0},
        {"Dense(3, kernel_regularizer='l2', trainable=False)", 2, 1}};
    crn_error err = CRN_ERROR_INIT;
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        char expression[256];
        crn_graph *graph = NULL;
        crn_lowering lowering;
        crn_value in, out;
        snprintf(expression, sizeof expression, "Sequential([Input((4,)), %s])",
                 cases[i].layer);
        crn_model *model = parse(expression);
        const crn_network *network = crn_model_network(model);
        network->layers[1]->keras = cases[i].keras;
        assert_ok(crn_graph_create(&graph, &err));
        in = crn_graph_input(graph, "x", crn_network_input_type(network, 0));
        assert_ok(crn_lowering_begin(network, graph, true, &lowering, &err));
        assert_ok(crn_network_lower(network, &lowering, &in, NULL, &out, NULL, &err));
        assert_int_equal(lowering.penalty_count, cases[i].count);
        crn_lowering_free(&lowering);
        crn_graph_destroy(graph);
        crn_model_destroy(model);
    }
}

static void test_expression(void **state)
{
    crn_text text = CRN_TEXT_INIT;
    (void)state;
    crn_model *model =
        parse("Sequential([Input((4,)), Dense(3, activation='relu'), Dropout(0.5)])");
    crn_expression_print(crn_model_expression(model, model->document), &text);
    assert_string_equal(text.data,
                        "Sequential([InputLayer(batch_shape=[None, 4]),\n            "
                        "Dense(activation='relu', units=3), Dropout(rate=0.5)])");
    crn_text_free(&text);
    crn_model_destroy(model);
}

static bool is_listed(crn_kind kind, const char *name)
{
    crn_listing listing;
    for (size_t i = 0; crn_list(kind, i, &listing); i++) {
        if (strcmp(listing.name, name) == 0)
            return true;
    }
    return false;
}

static void test_lists(void **state)
{
    (void)state;
    assert_true(is_listed(CRN_KIND_LAYER, "Dense"));
    assert_true(is_listed(CRN_KIND_OPTIMIZER, "Adam"));
    assert_true(is_listed(CRN_KIND_LOSS, "Huber"));
    assert_true(is_listed(CRN_KIND_METRIC, "BinaryAccuracy"));
    assert_false(is_listed(CRN_KIND_LAYER, "Adam"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names_and_weights),
        cmocka_unit_test(test_predict),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_where),
        cmocka_unit_test(test_arguments),
        cmocka_unit_test(test_build_from_data),
        cmocka_unit_test(test_build_again),
        cmocka_unit_test(test_open_lengths),
        cmocka_unit_test(test_weight_bytes),
        cmocka_unit_test(test_initialize),
        cmocka_unit_test(test_trainable),
        cmocka_unit_test(test_get),
        cmocka_unit_test(test_penalties),
        cmocka_unit_test(test_expression),
        cmocka_unit_test(test_lists),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
