/* SPDX-License-Identifier: BSD-3-Clause */
/* Functional models whose calls stand in a row: records of Keras 2.15 and 3.15
 * (tools/make_keras_configs.py) read, written again and run; what is wrong refused by name. */
#include "json_equal.h"

#include "cornichon/cornichon.h"
#include "keras/models/functional.h"
#include "keras/models/inspect.h"

static crn_model *read(crn_object *record, crn_document *document)
{
    crn_error err = CRN_ERROR_INIT;
    crn_network *network = NULL;
    crn_model *model = NULL;
    assert_ok(crn_network_read(record, document, NULL, &network, &err));
    assert_ok(crn_network_wrap(network, &model, &err));
    return model;
}

static crn_model *golden_model(const char *name, const char *suffix)
{
    crn_error err = CRN_ERROR_INIT;
    crn_document *document = NULL;
    assert_ok(crn_document_create(NULL, &document, &err));
    crn_model *model = read(golden_json(document, name, suffix), document);
    crn_document_release(document);
    return model;
}

static void test_read(void **state)
{
    static const char *const suffixes[] = {".json", ".keras2.json"};
    static const char *const layers[] = {"x", "flatten", "hidden", "batch_normalization",
                                         "dense"};
    (void)state;
    for (int i = 0; i < 2; i++) {
        crn_model *model = golden_model("functional", suffixes[i]);
        const crn_network *network = crn_model_network(model);
        assert_string_equal(crn_model_class(model), "Functional");
        assert_string_equal(network->name, "net");
        assert_int_equal(network->layer_count, 5);
        for (size_t k = 0; k < 5; k++)
            assert_string_equal(network->layers[k]->name, layers[k]);
        assert_int_equal(network->weight_count, 8);
        assert_int_equal(crn_model_features(model), 6);
        assert_true(network->built);
        crn_model_destroy(model);
    }
}

static void test_summary(void **state)
{
    (void)state;
    crn_text ours = CRN_TEXT_INIT;
    char *theirs = golden_text("functional", ".summary");
    crn_model *model = golden_model("functional", ".json");
    crn_network_summary(crn_model_network(model), &ours);
    assert_string_equal(ours.data, theirs);
    crn_text_free(&ours);
    crn_model_destroy(model);
    free(theirs);
}

/* tanh(D(relu(D(x)))) with one D. */
static void test_a_layer_called_twice(void **state)
{
    static const char *const suffixes[] = {".json", ".keras2.json"};
    crn_error err = CRN_ERROR_INIT;
    const float x[] = {1, -2, 3, 0.5f};
    (void)state;
    for (int i = 0; i < 2; i++) {
        crn_model *model = golden_model("twice", suffixes[i]);
        crn_network *network = crn_model_network(model);
        crn_array rows = crn_array_view_2d(x, CRN_FLOAT32, 1, 4), y = CRN_ARRAY_INIT;
        assert_int_equal(network->call_count, 5);
        assert_int_equal(network->weight_count, 2);
        assert_ok(crn_network_initialize(network, 0, &err));
        float *kernel = crn_network_weight(network, 0, NULL)->array.data;
        float *bias = crn_network_weight(network, 1, NULL)->array.data;
        for (int k = 0; k < 16; k++)
            kernel[k] = k % 5 == 0 ? 0.5f : 0.0f;
        for (int k = 0; k < 4; k++)
            bias[k] = 0.25f;
        assert_ok(crn_model_predict(model, CRN_PREDICT, &rows, &y, &err));
        for (int k = 0; k < 4; k++) {
            float once = x[k] * 0.5f + 0.25f;
            float expected = tanhf((once > 0 ? once : 0) * 0.5f + 0.25f);
            assert_true(fabsf(((const float *)y.data)[k] - expected) < 1e-6f);
        }
        crn_array_free(&y);
        crn_model_destroy(model);
    }
}

/* Of the inbound nodes the tensors alone: Keras also lists arguments of call() that are None.
 */
static void assert_same_calls(const crn_object *ours, const crn_object *theirs)
{
    assert_int_equal(crn_object_length(ours), crn_object_length(theirs));
    for (size_t i = 0; i < crn_object_length(ours); i++) {
        const crn_object *mine = crn_object_item(ours, i), *golden = crn_object_item(theirs, i);
        if (crn_object_is(mine, CRN_OBJ_DICT)) {
            mine = crn_object_get(mine, "args");
            golden = crn_object_get(golden, "args");
        }
        assert_true(json_equal(mine, golden));
    }
}

static void test_written(void **state)
{
    static const char *const names[] = {"functional", "twice"};
    crn_error err = CRN_ERROR_INIT;
    (void)state;
    for (int i = 0; i < 2; i++) {
        crn_model *model = golden_model(names[i], ".json");
        crn_document *document = model->document;
        crn_object *ours =
            crn_network_config(crn_model_network(model), document, CRN_KERAS_NEWEST, 0, &err);
        crn_object *theirs = golden_json(document, names[i], ".json");
        static const char *const top[] = {"module", "class_name", "registered_name"};
        for (int k = 0; k < 3; k++)
            assert_true(
                json_equal(crn_object_get(ours, top[k]), crn_object_get(theirs, top[k])));
        ours = crn_object_get(ours, "config");
        theirs = crn_object_get(theirs, "config");
        assert_true(json_equal(crn_object_get(ours, "input_layers"),
                               crn_object_get(theirs, "input_layers")));
        assert_true(json_equal(crn_object_get(ours, "output_layers"),
                               crn_object_get(theirs, "output_layers")));
        ours = crn_object_get(ours, "layers");
        theirs = crn_object_get(theirs, "layers");
        for (size_t k = 0; k < crn_object_length(theirs); k++) {
            const crn_object *mine = crn_object_item(ours, k),
                             *golden = crn_object_item(theirs, k);
            static const char *const keys[] = {"class_name", "config", "build_config", "name",
                                               "module"};
            for (int j = 0; j < 5; j++)
                assert_true(
                    json_equal(crn_object_get(mine, keys[j]), crn_object_get(golden, keys[j])));
            assert_same_calls(crn_object_get(mine, "inbound_nodes"),
                              crn_object_get(golden, "inbound_nodes"));
        }
        crn_model_destroy(model);
    }
}

static void test_round_trip(void **state)
{
    static const char *const names[] = {"functional", "twice"};
    crn_error err = CRN_ERROR_INIT;
    (void)state;
    for (int i = 0; i < 6; i++) {
        crn_model *model = golden_model(names[i % 2], ".keras2.json");
        crn_object *record = crn_network_config(crn_model_network(model), model->document,
                                                (crn_keras_dialect)(i / 2), 0, &err);
        assert_non_null(record);
        crn_model *again = read(record, model->document);
        assert_int_equal(crn_model_network(again)->call_count,
                         crn_model_network(model)->call_count);
        assert_int_equal(crn_model_network(again)->weight_count,
                         crn_model_network(model)->weight_count);
        crn_model_destroy(again);
        crn_model_destroy(model);
    }
}

/* ---- other graphs ---- */

#define INPUT                                                                                  \
    "{\"class_name\": \"InputLayer\", \"config\": {\"name\": \"x\", \"batch_input_shape\": "   \
    "[null, 4]}, \"name\": \"x\", \"inbound_nodes\": []}"
#define LAYER(name, nodes)                                                                     \
    "{\"class_name\": \"Activation\", \"config\": {\"name\": \"" name                          \
    "\", \"activation\": \"relu\"}, \"name\": \"" name "\", \"inbound_nodes\": " nodes "}"
#define MODEL(layers, inputs, outputs)                                                         \
    "{\"class_name\": \"Model\", \"config\": {\"name\": \"m\", \"layers\": [" layers           \
    "], \"input_layers\": " inputs ", \"output_layers\": " outputs "}}"
#define X "[[\"x\", 0, 0]]"

static const struct {
    const char *json;
    crn_status status;
    const char *says;
} refused[] = {
    {MODEL(INPUT "," LAYER("a", "[[[\"x\", 0, 0, {}], [\"x\", 0, 0, {}]]]"), X,
           "[[\"a\", 0, 0]]"),
     CRN_SHAPE, "expects 1 input(s), but it received 2 input tensors"},
    {MODEL(INPUT "," LAYER("a", "[[[\"x\", 0, 0, {\"training\": true}]]]"), X,
           "[[\"a\", 0, 0]]"),
     CRN_UNSUPPORTED, "is called with the argument training"},
    {MODEL(INPUT "," LAYER("a", "[[[\"x\", 0, 0, {}]]]"), "[[\"x\", 0, 0], [\"x\", 0, 0]]",
           "[[\"a\", 0, 0]]"),
     CRN_FORMAT, "the model's input 'x' is listed twice"},
    {MODEL(INPUT
           "," LAYER("a", "[[[\"b\", 0, 0, {}]]]") "," LAYER("b", "[[[\"a\", 0, 0, {}]]]"),
           X, "[[\"b\", 0, 0]]"),
     CRN_FORMAT, "form a cycle"},
    {MODEL(INPUT "," LAYER("a", "[[[\"x\", 0, 0, {}]]]"), X, "[[\"a\", 0, 1]]"), CRN_FORMAT,
     "layer \"a\" has no output 1"},
    {MODEL(INPUT "," LAYER("a", "[[[\"x\", 0, 0, {}]]]"), X, "[[\"a\", 1, 0]]"), CRN_FORMAT,
     "there is no call 1 of a layer \"a\""},
    {MODEL(INPUT "," LAYER("a", "[[[\"x\", 0, 0, {}]]]"), "[[\"a\", 0, 0]]", "[[\"a\", 0, 0]]"),
     CRN_UNSUPPORTED, "the model's input 'a' is no InputLayer"},
    {MODEL(INPUT "," LAYER("a", "[[[\"x\", 0, 1, {}]]]"), X, "[[\"a\", 0, 0]]"), CRN_FORMAT,
     "layer \"x\" has no output 1"},
    {MODEL(INPUT "," LAYER("a", "[7]"), X, "[[\"a\", 0, 0]]"), CRN_FORMAT, "inbound node"},
    {MODEL(INPUT "," LAYER("a", "[{\"args\": [3], \"kwargs\": {}}]"), X, "[[\"a\", 0, 0]]"),
     CRN_SHAPE, "expects 1 input(s), but it received 0 input tensors"},
    {MODEL(INPUT, "7", X), CRN_FORMAT, "inputs or outputs"},
    {"{\"class_name\": \"Functional\", \"config\": {\"name\": \"m\"}}", CRN_FORMAT,
     "not a list"},
    {"{\"class_name\": \"MyModel\", \"config\": {}}", CRN_UNSUPPORTED,
     "the model 'MyModel' is a user's own class"},
    {"{\"class_name\": \"Sequential\", \"registered_name\": \"mine>Net\", \"config\": {}}",
     CRN_UNSUPPORTED, "the model 'mine>Net' is a user's own class"},
    {"{\"config\": {}}", CRN_FORMAT, "it has no class_name"},
    {"{\"class_name\": \"Sequential\", \"config\": {\"name\": \"s\"}}", CRN_FORMAT,
     "not a list"},
};

static void test_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        crn_error err = CRN_ERROR_INIT;
        crn_document *document = NULL;
        crn_object *record = NULL;
        crn_network *network = NULL;
        assert_ok(crn_document_create(NULL, &document, &err));
        assert_ok(crn_json_read(document, refused[i].json, strlen(refused[i].json), NULL,
                                &record, &err));
        crn_status status = crn_network_read(record, document, NULL, &network, &err);
        if (status != refused[i].status || strstr(err.message, refused[i].says) == NULL)
            fail_msg("case %zu: %s '%s', not '%s'", i, crn_status_name(status), err.message,
                     refused[i].says);
        assert_null(network);
        crn_document_release(document);
    }
}

/* The old bare list of layers, as Keras 1 and early 2 wrote it. */
static void test_bare_list(void **state)
{
    static const char json[] =
        "{\"class_name\": \"Sequential\", \"keras_version\": \"2.1.6\", \"config\": "
        "[{\"class_name\": \"Dense\", \"config\": {\"name\": \"d\", \"units\": 2, "
        "\"batch_input_shape\": [null, 4]}}]}";
    crn_error err = CRN_ERROR_INIT;
    crn_document *document = NULL;
    crn_object *record = NULL;
    (void)state;
    assert_ok(crn_document_create(NULL, &document, &err));
    assert_ok(crn_json_read(document, json, sizeof json - 1, NULL, &record, &err));
    crn_model *model = read(record, document);
    const crn_network *network = crn_model_network(model);
    assert_string_equal(network->name, "sequential");
    assert_int_equal(network->keras, 2);
    assert_int_equal(network->weight_count, 2);
    assert_string_equal(network->layers[0]->name, "d_input");
    crn_document_release(document);
    crn_model_destroy(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_read),
        cmocka_unit_test(test_summary),
        cmocka_unit_test(test_a_layer_called_twice),
        cmocka_unit_test(test_written),
        cmocka_unit_test(test_round_trip),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_bare_list),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
