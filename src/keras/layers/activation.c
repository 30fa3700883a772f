/* SPDX-License-Identifier: BSD-3-Clause */
/* The option `activation` of layers: a name, a function record, or an object record with
 * parameters, as keras/src/activations/__init__.py (3.15) resolves them; definitions that
 * changed follow the version. */
#include <math.h>
#include <string.h>

#include "keras/layers/layer.h"
#include "ops/recurrence.h"
#include "ops/tensor.h"

/* The function that a layer used as an activation computes; other names are functions already.
 */
static const char *function_of_layer(const char *name)
{
    static const struct {
        const char *layer, *function;
    } all[] = {{"ReLU", "relu"},
               {"LeakyReLU", "leaky_relu"},
               {"ELU", "elu"},
               {"Softmax", "softmax"},
               {"ThresholdedReLU", "threshold"}};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        if (strcmp(all[i].layer, name) == 0)
            return all[i].function;
    }
    return name;
}

/* The name and, where there is one, the config of the three spellings. */
static const char *name_of(const crn_object *activation, const crn_object **config)
{
    *config = NULL;
    if (!crn_object_is(activation, CRN_OBJ_DICT))
        return crn_object_text(activation);
    const char *name = crn_object_text(crn_object_get(activation, "class_name"));
    const crn_object *inner = crn_object_get(activation, "config");
    if (name != NULL && strcmp(name, "function") == 0)
        return crn_object_text(inner);
    *config = inner;
    return name != NULL ? function_of_layer(name) : NULL;
}

static bool find_over_axis(const char *name, crn_vector_function *out)
{
    static const struct {
        const char *name;
        crn_softmax_kind kind;
    } kinds[] = {{"softmax", CRN_SOFTMAX},
                 {"log_softmax", CRN_LOG_SOFTMAX},
                 {"sparsemax", CRN_SPARSEMAX}};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (strcmp(kinds[i].name, name) == 0) {
            *out = (crn_vector_function){.over_axis = true, .softmax = kinds[i].kind};
            return true;
        }
    }
    *out = (crn_vector_function){.over_axis = true, .glu = true};
    return strcmp(name, "glu") == 0;
}

static float option(const crn_object *config, const char *key, float otherwise)
{
    double value;
    return crn_object_as_double(crn_object_get(config, key), &value) ? (float)value : otherwise;
}

/* Parameters of object records: layers used as activations, with the layers' defaults. */
static void apply_config(const crn_object *config, crn_activation *activation)
{
    if (config == NULL)
        return;
    switch (activation->kind) {
    case CRN_RELU:
        activation->a = option(config, "negative_slope", activation->a);
        activation->b = option(config, "max_value", activation->b);
        activation->c = option(config, "threshold", activation->c);
        break;
    case CRN_LEAKY_RELU:
        activation->a = option(config, "negative_slope", option(config, "alpha", 0.3f));
        break;
    case CRN_THRESHOLD:
        activation->a = option(config, "theta", 1.0f);
        break;
    case CRN_ELU:
    case CRN_CELU:
        activation->a = option(config, "alpha", activation->a);
        break;
    default:
        break;
    }
}

/* Softmax as a layer may name an axis; the last one is served. */
static bool is_last(const crn_object *axis)
{
    int64_t value = -1;
    return axis == NULL || (crn_object_as_int(axis, &value) && value == -1);
}

bool crn_layer_function(const crn_layer *layer, const crn_object *given,
                        crn_vector_function *out)
{
    const crn_object *config;
    *out = (crn_vector_function){0};
    if (given == NULL || crn_object_is_none(given))
        return true;
    const char *name = name_of(given, &config);
    if (name == NULL)
        return false;
    if (find_over_axis(name, out))
        return config == NULL || is_last(crn_object_get(config, "axis"));
    *out = (crn_vector_function){0};
    if (!crn_activation_find(name, &out->activation))
        return false;
    apply_config(config, &out->activation);
    if (layer->keras == 2 && out->activation.kind == CRN_HARD_SIGMOID)
        out->activation.a = 0.2f; /* Keras 2: clip(0.2 x + 0.5, 0, 1) */
    return true;
}

crn_status crn_layer_activation_check(const crn_layer *layer, const crn_object *activation,
                                      crn_error *err)
{
    crn_vector_function found;
    if (crn_layer_function(layer, activation, &found))
        return CRN_OK;
    crn_text text = CRN_TEXT_INIT;
    crn_object_repr(activation, 80, &text);
    crn_fail(err, CRN_UNSUPPORTED, "%s: Could not interpret activation function identifier: %s",
             layer->type->base.name, text.data != NULL ? text.data : "");
    crn_text_free(&text);
    return CRN_UNSUPPORTED;
}

bool crn_layer_activation_halves(const crn_layer *layer, const crn_object *activation)
{
    crn_vector_function found;
    return crn_layer_function(layer, activation, &found) && found.glu;
}

crn_value crn_layer_activate(const crn_layer *layer, crn_lowering *lowering, crn_value x,
                             const crn_object *activation)
{
    crn_vector_function found;
    if (!crn_layer_function(layer, activation, &found))
        return crn_graph_fail(lowering->graph, CRN_INTERNAL,
                              "an activation that was not checked");
    const int32_t last = crn_graph_type(lowering->graph, x)->ndim - 1;
    if (found.glu && last >= 0)
        x = crn_glu(lowering->graph, x, last);
    else
        x = found.over_axis ? crn_softmax(lowering->graph, x, found.softmax, -1)
                            : crn_activate(lowering->graph, x, found.activation);
    return crn_layer_penalize(layer, lowering, x);
}
