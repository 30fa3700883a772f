/* SPDX-License-Identifier: BSD-3-Clause */
/* Activation, ELU, LeakyReLU, ReLU and Softmax against Keras 3.15. */
#include "unit/keras/layers/run_layer.h"

static const double x[] = {-3, -1, -0.5, 0, 0.25, 1, 2, 7};

static void test_leaky_relu(void **state)
{
    (void)state;
    const double quarter[] = {-0.75, -0.25, -0.125, 0, 0.25, 1, 2, 7};
    const double usual[] = {-0.9, -0.3, -0.15, 0, 0.25, 1, 2, 7};
    expect_layer("(4,)", "LeakyReLU(0.25)", x, quarter);
    expect_layer("(4,)", "LeakyReLU(alpha=0.25)", x, quarter); /* Keras 2's name */
    expect_layer("(4,)", "LeakyReLU()", x, usual);
    refuse_model("Sequential([LeakyReLU(-1.0)])", CRN_ARGUMENT,
                 "negative_slope of a LeakyReLU layer cannot be None or a negative value.");
    refuse_model("Sequential([LeakyReLU(None)])", CRN_ARGUMENT, "cannot be None");
}

/* Keras 2 wrote a NumPy number as a record. */
static void test_numpy_numbers(void **state)
{
    crn_error err = CRN_ERROR_INIT;
    crn_layer *layer = NULL;
    (void)state;
    assert_ok(read_layer_record(
        "{\"class_name\": \"LeakyReLU\", \"config\": {\"name\": \"l\", \"alpha\": "
        "{\"type\": \"ndarray\", \"value\": 0.30000001192092896}}}",
        &layer, &err));
    crn_layer_destroy(layer);
    refuse_record(
        "{\"class_name\": \"LeakyReLU\", \"config\": {\"alpha\": {\"type\": \"ndarray\"}}}",
        CRN_ARGUMENT, "negative_slope");
}

static void test_elu(void **state)
{
    (void)state;
    const double want[] = {
        -0.47510647773742676, -0.31606027483940125, -0.19673466682434082, 0, 0.25, 1, 2, 7};
    expect_layer("(4,)", "ELU(0.5)", x, want);
}

static void test_relu(void **state)
{
    (void)state;
    const double bent[] = {-1.75, -0.75, -0.5, -0.25, -0.125, 1, 2, 6};
    const double usual[] = {0, 0, 0, 0, 0.25, 1, 2, 7};
    expect_layer("(4,)", "ReLU(max_value=6, negative_slope=0.5, threshold=0.5)", x, bent);
    expect_layer("(4,)", "ReLU()", x, usual);
    refuse_model("Sequential([ReLU(max_value=-1)])", CRN_ARGUMENT, "max_value of a ReLU layer");
    refuse_model("Sequential([ReLU(threshold=None)])", CRN_ARGUMENT,
                 "threshold of a ReLU layer");
}

static void test_softmax(void **state)
{
    (void)state;
    const double last[] = {0.024595957249403,     0.18174093961715698,   0.29964008927345276,
                           0.49402302503585815,   0.0011588421184569597, 0.0024532689712941647,
                           0.0066686756908893585, 0.9897192716598511};
    const double first[] = {0.07585819065570831, 0.2689414322376251,  0.9241418242454529,
                            0.7310585379600525,  0.14804719388484955, 0.00247262348420918,
                            0.8519527316093445,  0.9975274205207825};
    expect_layer("(4,)", "Softmax()", x, last);
    expect_layer("(4,)", "Softmax(axis=[1])", x, last);
    expect_layer("(2, 2)", "Softmax(axis=1)", x, first);
    expect_layer("(2, 2)", "Softmax(axis=-2)", x, first);
    refuse_model("Sequential([Input((4,)), Softmax(axis=2)])", CRN_ARGUMENT,
                 "axis 2 is none of the 1 axes");
    refuse_model("Sequential([Input((4,)), Softmax(axis=0)])", CRN_ARGUMENT, "axis 0");
    refuse_model("Sequential([Input((4, 4)), Softmax(axis=[1, -2])])", CRN_ARGUMENT, "twice");
    refuse_model("Sequential([Input((4, 4)), Softmax(axis='last')])", CRN_UNSUPPORTED,
                 "an int or ints");
}

static void test_softmax_over_axes(void **state)
{
    (void)state;
    const double both[] = {0.0245959609746933,    0.1817409247159958,   0.29964011907577515,
                           0.49402302503585815,   0.001158842002041638, 0.002453268738463521,
                           0.0066686756908893585, 0.9897192120552063};
    expect_layer("(2, 2)", "Softmax(axis=[1, 2])", x, both);
    expect_layer("(2, 2)", "Softmax(axis=(-1, 1))", x, both);
}

static void test_glu(void **state)
{
    (void)state;
    const double glu[] = {-1.1326220035552979, -0.5, 0.22019927203655243, 0.9990889430046082};
    expect_layer("(4,)", "Activation('glu')", x, glu);
}

static void test_parametric(void **state)
{
    (void)state;
    const float alpha[] = {0.25f, 0.25f, 0.25f, 0.25f};
    const double prelu[] = {-0.75, -0.25, -0.125, 0.0, 0.25, 1.0, 2.0, 7.0};
    crn_model *model = new_sequential("(4,)", "PReLU()");
    set_weights(model, alpha);
    expect_output(model, x, COUNT(x), prelu, COUNT(prelu));
    model = new_sequential("(4,)", "PReLU(shared_axes=[1])");
    set_weights(model, alpha);
    expect_output(model, x, COUNT(x), prelu, COUNT(prelu));
    refuse_model("Sequential([Input((4,)), PReLU(shared_axes=[0])])", CRN_ARGUMENT,
                 "shared_axes");
}

static void test_activation(void **state)
{
    (void)state;
    const double softplus[] = {0.04858735576272011, 0.3132616877555847, 0.4740769863128662,
                               0.6931471824645996,  0.825939416885376,  1.31326162815094,
                               2.1269280910491943,  7.000911712646484};
    const double log_softmax[] = {-3.7051730155944824, -1.705173134803772,   -1.205173134803772,
                                  -0.705173134803772,  -6.760334014892578,   -6.010334014892578,
                                  -5.010334014892578,  -0.010333959944546223};
    expect_layer("(4,)", "Activation('softplus')", x, softplus);
    expect_layer("(4,)", "Activation('log_softmax')", x, log_softmax);
    expect_layer("(4,)", "Activation('linear')", x, x);
    expect_layer("(4,)", "Activation(None)", x, x);
    refuse_model("Sequential([Activation('rely')])", CRN_UNSUPPORTED,
                 "Could not interpret activation function identifier: 'rely'");
}

/* The version of the model decides. */
static void test_hard_sigmoid(void **state)
{
    crn_error err = CRN_ERROR_INIT;
    crn_document *document = NULL;
    crn_object *record = NULL;
    crn_network *network = NULL;
    crn_model *model = NULL;
    (void)state;
    const double three[] = {0,
                            0.3333333432674408,
                            0.4166666865348816,
                            0.5,
                            0.5416666865348816,
                            0.6666666865348816,
                            0.8333333730697632,
                            1};
    const double two[] = {0, 0.3, 0.4, 0.5, 0.55, 0.7, 0.9, 1};
    expect_layer("(4,)", "Activation('hard_sigmoid')", x, three);
    static const char json[] = "{\"class_name\": \"Sequential\", \"config\": {\"name\": \"s\", "
                               "\"layers\": [{\"class_name\": "
                               "\"Activation\", \"config\": {\"name\": \"a\", "
                               "\"batch_input_shape\": [null, 4], \"activation\": "
                               "\"hard_sigmoid\"}}]}, \"keras_version\": \"2.10.0\"}";
    assert_ok(crn_document_create(NULL, &document, &err));
    assert_ok(crn_json_read(document, json, sizeof json - 1, NULL, &record, &err));
    assert_ok(crn_network_read(record, document, NULL, &network, &err));
    assert_string_equal(network->layers[0]->name, "a_input");
    assert_ok(crn_network_wrap(network, &model, &err));
    crn_document_release(document);
    expect_output(model, x, COUNT(x), two, COUNT(two));
}

static void test_activation_records(void **state)
{
    static const char *const good[] = {
        "\"relu\"", "null",
        "{\"class_name\": \"function\", \"config\": \"relu\", \"module\": \"builtins\"}",
        "{\"class_name\": \"LeakyReLU\", \"config\": {\"negative_slope\": 0.1}}"};
    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        crn_error err = CRN_ERROR_INIT;
        crn_layer *layer = NULL;
        char json[256];
        snprintf(json, sizeof json,
                 "{\"class_name\": \"Activation\", \"config\": {\"name\": \"a\", "
                 "\"activation\": %s}}",
                 good[i]);
        assert_ok(read_layer_record(json, &layer, &err));
        crn_layer_destroy(layer);
    }
    refuse_record("{\"class_name\": \"Activation\", \"config\": {\"activation\": "
                  "{\"class_name\": \"function\", "
                  "\"config\": \"my_function\", \"registered_name\": \"my_function\"}}}",
                  CRN_UNSUPPORTED, "Could not interpret activation");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_leaky_relu),
        cmocka_unit_test(test_numpy_numbers),
        cmocka_unit_test(test_elu),
        cmocka_unit_test(test_relu),
        cmocka_unit_test(test_softmax),
        cmocka_unit_test(test_softmax_over_axes),
        cmocka_unit_test(test_glu),
        cmocka_unit_test(test_parametric),
        cmocka_unit_test(test_activation),
        cmocka_unit_test(test_hard_sigmoid),
        cmocka_unit_test(test_activation_records),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
