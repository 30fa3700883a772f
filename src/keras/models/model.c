/* SPDX-License-Identifier: BSD-3-Clause */
/* Keras's family of models: a network behind the functions that every model has. Its only
 * method is predict. */
#include <stdlib.h>
#include <string.h>

#include "keras/layers/core/input_layer.h"
#include "keras/models/functional.h"
#include "keras/models/inspect.h"
#include "keras/models/network.h"
#include "keras/saving/saving.h"
#include "ops/elementwise.h"

crn_network *crn_model_network(const crn_model *model)
{
    return model->type == &crn_keras_model_type ? model->self : NULL;
}

crn_status crn_network_wrap(crn_network *network, crn_model **out, crn_error *err)
{
    return crn_model_create(&crn_keras_model_type, network, network->document, out, err);
}

static void destroy(crn_model *model)
{
    crn_network_destroy(model->self);
}

static const char *class_name(const crn_model *model)
{
    return crn_model_network(model)->class_name;
}

/* ---- predict ---- */

static bool has_method(const crn_model *model, crn_method method)
{
    const crn_network *network = crn_model_network(model);
    return method == CRN_PREDICT && network->built && network->has_weights;
}

static crn_status refuse(const crn_model *model, crn_method method, crn_error *err)
{
    const crn_network *network = crn_model_network(model);
    if (method != CRN_PREDICT)
        return crn_fail(err, CRN_UNSUPPORTED,
                        "'%s' object has no attribute '%s'; it has predict",
                        network->class_name, crn_method_name(method));
    return crn_fail(err, CRN_STATE,
                    "This %s model has no weights yet. Call 'fit', or load weights, before "
                    "using it.",
                    network->class_name);
}

static int inputs(const crn_model *model, crn_method method, crn_port *out)
{
    const crn_network *network = crn_model_network(model);
    (void)method;
    if (!network->built) {
        out[0] = (crn_port){.name = "x", .type = crn_type_vector(CRN_FLOAT32, -1)};
        return 1;
    }
    for (size_t i = 0; i < network->input_count; i++)
        out[i] = (crn_port){.name = network->calls[network->inputs[i].call].layer->name,
                            .type = *crn_network_input_type(network, i)};
    return (int)network->input_count;
}

static int lower(const crn_model *model, crn_method method, crn_graph *graph,
                 const crn_value *in, crn_value *out)
{
    const crn_network *network = crn_model_network(model);
    crn_lowering lowering;
    crn_value cast[CRN_MAX_PORTS];
    (void)method;
    for (size_t i = 0; i < network->input_count; i++)
        cast[i] = crn_dtype_is_number(crn_network_input_type(network, i)->dtype)
                      ? crn_cast(graph, in[i], crn_network_input_type(network, i)->dtype)
                      : in[i];
    crn_status status = crn_lowering_begin(network, graph, false, &lowering, &graph->error);
    if (status == CRN_OK)
        status = crn_network_lower(network, &lowering, cast, NULL, out, NULL, &graph->error);
    crn_lowering_free(&lowering);
    return status == CRN_OK ? (int)network->output_count : -1;
}

/* ---- weights by path ---- */

/* "layers[0]": counted as model.layers counts, of a Sequential without the InputLayer. */
static crn_layer *layer_at(const crn_network *network, long i)
{
    const bool all = crn_network_is_functional(network);
    for (size_t k = 0; k < network->layer_count && i >= 0; k++) {
        if ((all || !crn_layer_is_input(network->layers[k])) && i-- == 0)
            return network->layers[k];
    }
    return NULL;
}

static crn_layer *layer_named(const crn_network *network, const char *name, size_t size)
{
    for (size_t k = 0; k < network->layer_count; k++) {
        const char *own = network->layers[k]->name;
        if (strlen(own) == size && memcmp(own, name, size) == 0)
            return network->layers[k];
    }
    return NULL;
}

/* The layer of "layers[0].kernel", "dense/kernel" or "sequential/dense/kernel"; *rest is the
 * weight's name. NULL: no such layer. */
static crn_layer *find_layer(const crn_network *network, const char *path, const char **rest)
{
    if (strncmp(path, "layers[", 7) == 0) {
        char *end;
        long i = strtol(path + 7, &end, 10);
        *rest = end + 2;
        return end != path + 7 && strncmp(end, "].", 2) == 0 ? layer_at(network, i) : NULL;
    }
    const size_t own = strlen(network->name);
    if (strncmp(path, network->name, own) == 0 && path[own] == '/' &&
        strchr(path + own + 1, '/'))
        path += own + 1;
    const char *slash = strrchr(path, '/');
    if (slash == NULL)
        return NULL;
    *rest = slash + 1;
    return layer_named(network, path, (size_t)(slash - path));
}

/* Keras 2 writes ":0" behind a weight's name. */
static bool is_weight_name(const char *given, const char *name)
{
    size_t size = strlen(name);
    return strncmp(given, name, size) == 0 &&
           (given[size] == '\0' || strcmp(given + size, ":0") == 0);
}

static const char *weight_path_at(const void *context, size_t i)
{
    crn_layer *layer = NULL;
    const crn_layer_weight *weight = crn_network_weight(context, i, &layer);
    return weight != NULL ? weight->name : NULL;
}

static crn_status get(const crn_model *model, const char *path, crn_array *out, crn_error *err)
{
    const crn_network *network = crn_model_network(model);
    const char *rest = path;
    const crn_layer *layer = find_layer(network, path, &rest);
    for (size_t i = 0; layer != NULL && i < layer->weight_count; i++) {
        if (is_weight_name(rest, layer->weights[i].name)) {
            *out = crn_array_share(&layer->weights[i].array);
            return CRN_OK;
        }
    }
    const char *nearest =
        crn_nearest_name(rest, network->weight_count, weight_path_at, network);
    return crn_fail(err, CRN_NOT_FOUND, "%s has no weight '%s'%s%s%s", network->class_name,
                    path, nearest != NULL ? "; did you mean '" : "",
                    nearest != NULL ? nearest : "",
                    nearest != NULL ? "'?" : "; weights are named as dense/kernel");
}

/* ---- the constructor call ---- */

static crn_object *expression(const crn_model *model, crn_document *document)
{
    const crn_network *network = crn_model_network(model);
    crn_object *layers = crn_object_new(document, CRN_OBJ_LIST);
    for (size_t i = 0; i < network->layer_count; i++) {
        const crn_layer *layer = network->layers[i];
        crn_object *call = crn_fields_expression(layer->type->base.fields, layer->config,
                                                 layer->type->base.name, document);
        if (!crn_object_append(document, layers, call))
            return NULL;
    }
    crn_object *callable = crn_object_global(document, "", network->class_name);
    crn_object *call =
        callable != NULL ? crn_object_instance(document, CRN_BY_CALL, callable) : NULL;
    if (call == NULL || !crn_object_append(document, call->as.instance->args, layers))
        return NULL;
    return call;
}

static crn_status load_weights(crn_model *model, crn_buffer *file, const char *path,
                               const crn_load_options *options, crn_error *err)
{
    (void)path;
    return crn_keras_load_weights(crn_model_network(model), file, options, err);
}

const crn_model_type crn_keras_model_type = {
    .family = "Keras",
    .destroy = destroy,
    .class_name = class_name,
    .has_method = has_method,
    .inputs = inputs,
    .lower = lower,
    .inspect = crn_network_inspect,
    .objects = crn_network_objects,
    .fit = crn_network_fit,
    .save = crn_keras_save,
    .evaluate = crn_network_evaluate,
    .get = get,
    .load_weights = load_weights,
    .refuse = refuse,
    .expression = expression,
};

/* ---- the family ---- */

static bool knows(const char *name)
{
    return strcmp(name, "Sequential") == 0;
}

static crn_status parse(crn_document *document, const crn_object *call, crn_model **out,
                        crn_error *err)
{
    crn_network *network = NULL;
    CRN_TRY(crn_network_read(call, document, NULL, &network, err));
    crn_status status = crn_network_wrap(network, out, err);
    if (status != CRN_OK)
        crn_network_destroy(network);
    return status;
}

static bool list(crn_kind kind, size_t i, crn_listing *out)
{
    static const struct {
        crn_kind kind;
        const crn_keras_kind *classes;
    } kinds[] = {{CRN_KIND_LAYER, &crn_layers},
                 {CRN_KIND_OPTIMIZER, &crn_optimizers},
                 {CRN_KIND_LOSS, &crn_losses},
                 {CRN_KIND_METRIC, &crn_metrics}};
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        if (kinds[k].kind != kind || i >= kinds[k].classes->count)
            continue;
        const crn_keras_class *cls = kinds[k].classes->classes[i];
        /* base is the first member of a layer's type */
        const bool layer = kind == CRN_KIND_LAYER;
        *out = (crn_listing){.name = cls->name,
                             .module = cls->module,
                             .summary = "",
                             .can_fit = !layer || ((const crn_layer_type *)cls)->trains,
                             .can_save = true};
        return true;
    }
    return false;
}

const crn_family crn_family_keras = {
    .name = "Keras",
    .knows = knows,
    .parse = parse,
    .sniff = crn_keras_sniff,
    .load = crn_keras_load,
    .list = list,
};
