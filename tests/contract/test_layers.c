/* SPDX-License-Identifier: BSD-3-Clause */
/* Every layer of layers.def through the same checks: its rows, a model with it that is written
 * in each dialect and read again, lowered for predict and for fit, and what it is refused for.
 */
#include "test.h"

#include <stdlib.h>

#include "cornichon/cornichon.h"
#include "format/json.h"
#include "keras/models/network.h"
#include "keras/operations/operation.h"
#include "plan/trainer.h"

/* ---- a model for each layer ---- */

/* Layers that need other items than 4 numbers, or arguments that have a default. */
static const struct {
    const char *name, *shape, *arguments;
} needs[] = {
    {"AutoContrast", "(4, 4, 3)", ""},
    {"CenterCrop", "(4, 4, 3)", ""},
    {"ContrastLimitedAdaptiveHistogramEqualization", "(4, 4, 3)", ""},
    {"Discretization", "(4,)", "bin_boundaries=[0.5, 2.0], "},
    {"EinsumDense", "(4,)", "equation='ab,bc->ac', output_shape=3, "},
    {"GroupNormalization", "(4,)", "groups=2, "},
    {"IntegerLookup", "(4,)", "vocabulary=[2, 3, 5], "},
    {"MelSpectrogram", "(1100,)", ""},
    {"Permute", "(3, 4)", ""},
    {"RandomCrop", "(4, 4, 3)", ""},
    {"Rescaling", "(3, 2, 2)", ""},
    {"Resizing", "(4, 4, 3)", ""},
    {"STFTSpectrogram", "(300, 2)", ""},
    {"SpectralNormalization", "(4,)", "layer=Dense(3), "},
    {"TextVectorization", "(1,), dtype='string'", "vocabulary=['a'], output_mode='count', "},
    {"StringLookup", "(4,), dtype='string'", "vocabulary=['a', 'b'], "},
};

/* The axes that a layer slides over, as its name says ("Conv2D"); 0: it says nothing. */
static int rank_of(const crn_keras_class *cls)
{
    const char *digit = strpbrk(cls->name, "123");
    return digit != NULL && digit[1] == 'D' ? *digit - '0' : 0;
}

static const char *input_shape(const crn_keras_class *cls, const char **arguments)
{
    static const char *const by_rank[] = {"(4,)", "(6, 4)", "(6, 7, 4)", "(6, 7, 5, 4)"};
    *arguments = "";
    for (size_t i = 0; i < sizeof needs / sizeof *needs; i++) {
        if (strcmp(needs[i].name, cls->name) != 0)
            continue;
        *arguments = needs[i].arguments;
        return needs[i].shape;
    }
    return by_rank[rank_of(cls)];
}

/* The arguments without a default, as one would write them for these items; `given` are there
 * already. */
static void add_arguments(const crn_keras_class *cls, const char *given, crn_text *out)
{
    for (const crn_field *field = cls->fields; field->name != NULL; field++) {
        if (!(field->flags & CRN_FIELD_PARAM) || field->dflt != NULL ||
            strstr(given, field->name) != NULL)
            continue;
        crn_text_printf(out, "%s=%s, ", field->name,
                        field->type == CRN_FIELD_INT       ? "3"
                        : field->type == CRN_FIELD_REAL    ? "0.5"
                        : strcmp(field->name, "dims") == 0 ? "(2, 1)"
                        : rank_of(cls) > 0                 ? "2"
                                                           : "(2, 2)");
    }
}

static crn_model *model_with(const crn_keras_class *cls)
{
    crn_error err = CRN_ERROR_INIT;
    crn_model *model = NULL;
    crn_text text = CRN_TEXT_INIT;
    bool input = cls == &crn_layer_InputLayer.base;
    const char *more, *shape = input_shape(cls, &more);
    if (input)
        crn_text_add_string(&text, "Sequential([InputLayer(shape=(4,), ");
    else
        crn_text_printf(&text, "Sequential([Input(%s), %s(%s", shape, cls->name, more);
    add_arguments(cls, more, &text);
    crn_text_add_string(&text, input ? "name='it'), Dense(2)])" : "name='it')])");
    assert_ok(crn_model_parse(text.data, &model, &err));
    crn_text_free(&text);
    return model;
}

static crn_layer *layer_of(const crn_model *model)
{
    const crn_network *network = crn_model_network(model);
    for (size_t i = 0; i < network->layer_count; i++) {
        if (strcmp(network->layers[i]->name, "it") == 0)
            return network->layers[i];
    }
    fail_msg("the layer is gone");
    return NULL;
}

/* Layers that a Sequential cannot hold: they take two tensors. */
static bool takes_one_tensor(const crn_keras_class *cls)
{
    static const char *const two[] = {
        "AdditiveAttention",  "Attention",      "Dot",     "GroupQueryAttention",
        "MultiHeadAttention", "HashedCrossing", "Subtract"};
    for (size_t i = 0; i < sizeof two / sizeof *two; i++) {
        if (strcmp(two[i], cls->name) == 0)
            return false;
    }
    return true;
}

static void for_every_layer(void (*check)(const crn_keras_class *cls, crn_model *model))
{
    for (size_t i = 0; i < crn_layers.count; i++) {
        if (!takes_one_tensor(crn_layers.classes[i]))
            continue;
        crn_model *model = model_with(crn_layers.classes[i]);
        check(crn_layers.classes[i], model);
        crn_model_destroy(model);
    }
}

/* ---- rows ---- */

static void check_rows(const crn_keras_class *cls, crn_model *model)
{
    (void)model;
    assert_string_equal(cls->module, "keras.layers");
    assert_true(cls->size >= sizeof(crn_layer_config));
    bool named = false;
    for (const crn_field *field = cls->fields; field->name != NULL; field++) {
        assert_true(field->offset < cls->size);
        named |= strcmp(field->name, "name") == 0;
        for (const crn_field *other = cls->fields; other != field; other++) {
            if (strcmp(other->name, field->name) == 0)
                fail_msg("%s has two rows '%s'", cls->name, field->name);
        }
    }
    assert_true(named);
}

static void test_rows(void **state)
{
    (void)state;
    for_every_layer(check_rows);
}

/* Operations: the rows lie in the struct, and no class is there twice. */
static void test_operation_rows(void **state)
{
    (void)state;
    for (size_t i = 0; i < crn_operations.count; i++) {
        const crn_keras_class *cls = crn_operations.classes[i];
        assert_ptr_equal(crn_keras_class_find(&crn_operations, cls->name), cls);
        assert_non_null(((const crn_layer_type *)cls)->infer_many);
        assert_non_null(((const crn_layer_type *)cls)->lower_many);
        for (const crn_field *field = cls->fields; field->name != NULL; field++)
            assert_true(field->offset + sizeof(void *) <= cls->size ||
                        field->type != CRN_FIELD_OBJECT);
    }
}

/* ---- configs ---- */

static void write(const crn_network *network, crn_document *document, crn_keras_dialect dialect,
                  crn_text *out)
{
    crn_error err = CRN_ERROR_INIT;
    crn_object *record = crn_network_config(network, document, dialect, 0, &err);
    if (record == NULL)
        fail_msg("%s", err.message);
    assert_ok(crn_json_write(record, CRN_JSON_PYTHON, out, &err));
}

/* Classes that one of the two does not have are refused. */
static bool is_in_dialect(const crn_keras_class *cls, int dialect)
{
    return dialect == CRN_KERAS_2 ? cls->since == NULL : cls->until == NULL;
}

static void check_dialects(const crn_keras_class *cls, crn_model *model)
{
    static const char *const versions[] = {"2.4.0", "3.0.5", "3.15.1"};
    for (int dialect = CRN_KERAS_2; dialect <= CRN_KERAS_NEWEST; dialect++) {
        if (!is_in_dialect(cls, dialect))
            continue;
        crn_error err = CRN_ERROR_INIT;
        crn_text first = CRN_TEXT_INIT, second = CRN_TEXT_INIT;
        crn_object *record = NULL;
        crn_network *again = NULL;
        const crn_network_source source = {.keras_version = versions[dialect]};
        write(crn_model_network(model), model->document, (crn_keras_dialect)dialect, &first);
        assert_ok(crn_json_read(model->document, first.data, first.size, NULL, &record, &err));
        assert_ok(crn_network_read(record, model->document, &source, &again, &err));
        write(again, model->document, (crn_keras_dialect)dialect, &second);
        assert_string_equal(first.data, second.data);
        crn_network_destroy(again);
        crn_text_free(&first);
        crn_text_free(&second);
    }
}

static void test_dialects(void **state)
{
    (void)state;
    for_every_layer(check_dialects);
}

/* ---- lowering ---- */

/* A graph of the model, with a loss that reaches all of it. */
static void check_graph(crn_model *model, bool training)
{
    crn_error err = CRN_ERROR_INIT;
    const crn_network *network = crn_model_network(model);
    crn_graph *graph = NULL;
    crn_trainer *trainer = NULL;
    crn_lowering lowering;
    crn_value in, out;
    assert_ok(crn_graph_create(&graph, &err));
    in = crn_graph_input(graph, "x", crn_network_input_type(network, 0));
    assert_ok(crn_lowering_begin(network, graph, training, &lowering, &err));
    const crn_status status =
        crn_network_lower(network, &lowering, &in, NULL, &out, NULL, &err);
    if (training && status == CRN_UNSUPPORTED) { /* a layer for predict() alone says so */
        crn_lowering_free(&lowering);
        crn_graph_destroy(graph);
        return;
    }
    assert_ok(status);
    const crn_type *made = crn_graph_type(graph, out),
                   *told = crn_network_output_type(network, 0);
    assert_true(crn_type_equal(made, told)); /* infer() says what lower() gives */
    if (training && made->dtype == CRN_FLOAT32) {
        for (size_t i = 0; i < network->weight_count; i++)
            assert_int_not_equal(lowering.weights[i], CRN_NO_VALUE);
        const crn_status trains = crn_trainer_create(graph, crn_penalty(graph, out, 0.0f, 1.0f),
                                                     8, 1, NULL, &trainer, &err);
        if (trains != CRN_UNSUPPORTED) /* an operation for predict() alone says so */
            assert_ok(trains);
    }
    crn_trainer_destroy(trainer);
    crn_lowering_free(&lowering);
    crn_graph_destroy(graph);
}

static void check_lowering(const crn_keras_class *cls, crn_model *model)
{
    crn_error err = CRN_ERROR_INIT;
    (void)cls;
    assert_ok(crn_network_initialize(crn_model_network(model), 1, &err));
    check_graph(model, false);
    check_graph(model, true);
}

static void test_lowering(void **state)
{
    (void)state;
    for_every_layer(check_lowering);
}

/* ---- refusals ---- */

static void check_inputs(const crn_keras_class *cls, crn_model *model)
{
    crn_error err = CRN_ERROR_INIT;
    crn_type out, in[2] = {crn_type_vector(CRN_FLOAT32, 4), crn_type_vector(CRN_FLOAT32, 4)};
    const crn_layer *layer = layer_of(model);
    if (layer->type->infer == NULL)
        return; /* layers that count their inputs themselves */
    assert_status(CRN_SHAPE, layer->type->infer(layer, in, 2, &out, &err));
    assert_non_null(strstr(err.message, "it")); /* its name */
    (void)cls;
}

static void test_two_inputs(void **state)
{
    (void)state;
    for_every_layer(check_inputs);
}

/* An option of a later version is not passed over in silence. */
static void check_unknown_option(const crn_keras_class *cls, crn_model *model)
{
    crn_error err = CRN_ERROR_INIT;
    crn_object *record =
        crn_network_config(crn_model_network(model), model->document,
                           cls->until == NULL ? CRN_KERAS_NEWEST : CRN_KERAS_2, 0, &err);
    crn_network *network = NULL;
    crn_object *layers = crn_object_get(crn_object_get(record, "config"), "layers");
    crn_object *last = crn_object_item(layers, cls == &crn_layer_InputLayer.base ? 0 : 1);
    crn_object *config = crn_object_get(last, "config");
    assert_true(crn_object_set(model->document, config, "of_later",
                               crn_object_int(model->document, 3)));
    assert_status(CRN_UNSUPPORTED,
                  crn_network_read(record, model->document, NULL, &network, &err));
    assert_non_null(strstr(err.message, "of_later"));
    assert_non_null(strstr(err.message, cls->name));
}

static void test_unknown_option(void **state)
{
    (void)state;
    for_every_layer(check_unknown_option);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),       cmocka_unit_test(test_operation_rows),
        cmocka_unit_test(test_dialects),   cmocka_unit_test(test_lowering),
        cmocka_unit_test(test_two_inputs), cmocka_unit_test(test_unknown_option),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
