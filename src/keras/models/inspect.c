/* SPDX-License-Identifier: BSD-3-Clause */
/* What is in a network: the summary that Keras prints and what it leaves out, weights by path,
 * and all of it as one JSON object. */
#include "keras/models/inspect.h"

#include "format/json.h"
#include "keras/layers/core/input_layer.h"
#include "keras/saving/keras_file.h"
#include "model/tree.h"

/* ---- text ---- */

static void add_shapes(const crn_network *network, crn_text *out)
{
    char shape[CRN_SHAPE_TEXT];
    for (size_t i = 0; i < network->input_count && network->built; i++)
        crn_text_printf(
            out, "input:     %s float32\n",
            crn_layer_shape_text(crn_network_input_type(network, i), shape, sizeof shape));
    for (size_t i = 0; i < network->output_count && network->built; i++)
        crn_text_printf(
            out, "output:    %s float32\n",
            crn_layer_shape_text(crn_network_output_type(network, i), shape, sizeof shape));
}

static void add_compilation(const crn_compilation *compiled, crn_text *out)
{
    if (compiled->loss.cls == NULL)
        return;
    crn_text_printf(out, "optimizer: %s\nloss:      %s\n",
                    crn_optimizer_class_of(compiled->optimizer)->base.name,
                    compiled->loss.cls->function);
    for (size_t i = 0; i < compiled->metric_count; i++)
        crn_text_printf(out, i == 0 ? "metrics:   %s" : ", %s",
                        crn_metric_name(compiled->metrics[i]));
    crn_text_add_string(out, compiled->metric_count > 0 ? "\n" : "");
}

static void summary(const crn_network *network, crn_text *out)
{
    crn_network_summary(network, out);
    crn_text_printf(out, "library:   Keras%s%s\n", network->keras_version != NULL ? " " : "",
                    network->keras_version != NULL ? network->keras_version : "");
    add_shapes(network, out);
    add_compilation(&network->compiled, out);
    if (!network->has_weights)
        crn_text_add_string(out, "state:     no weights yet\n");
}

static void params(const crn_network *network, crn_text *out)
{
    crn_text path = CRN_TEXT_INIT;
    for (size_t i = 0; i < network->weight_count; i++) {
        crn_layer *layer = NULL;
        const crn_layer_weight *weight = crn_network_weight(network, i, &layer);
        const crn_array *array = &weight->array;
        crn_text_clear(&path);
        crn_text_printf(&path, "%s/%s", layer->name, weight->name);
        crn_text_printf(out, "%-40s float32 (", path.data != NULL ? path.data : "");
        for (int32_t k = 0; k < array->ndim; k++)
            crn_text_printf(out, k > 0 ? ", %lld" : "%lld", (long long)array->shape[k]);
        crn_text_printf(out, "%s  %lld bytes%s\n", array->ndim == 1 ? ",)" : ")",
                        (long long)(crn_array_size(array) * array->itemsize),
                        weight->learns ? "" : "  not trainable");
    }
    crn_text_free(&path);
}

/* ---- JSON ---- */

static crn_object *text_or_none(crn_document *doc, const char *text)
{
    return text != NULL ? crn_object_str(doc, text) : crn_object_none(doc);
}

static crn_object *array_shape(crn_document *doc, const crn_array *array)
{
    crn_object *shape = crn_object_new(doc, CRN_OBJ_LIST);
    for (int32_t i = 0; i < array->ndim; i++)
        crn_object_append(doc, shape, crn_object_int(doc, array->shape[i]));
    return shape;
}

static crn_object *weights_of(crn_document *doc, const crn_layer *layer)
{
    crn_object *weights = crn_object_new(doc, CRN_OBJ_LIST);
    for (size_t i = 0; i < layer->weight_count; i++) {
        const crn_layer_weight *weight = &layer->weights[i];
        crn_object *dict = crn_object_new(doc, CRN_OBJ_DICT);
        crn_object_set(doc, dict, "name", crn_object_str(doc, weight->name));
        crn_object_set(doc, dict, "dtype", crn_object_str(doc, "float32"));
        crn_object_set(doc, dict, "shape", array_shape(doc, &weight->array));
        crn_object_set(
            doc, dict, "bytes",
            crn_object_int(doc, crn_array_size(&weight->array) * weight->array.itemsize));
        crn_object_set(doc, dict, "trainable", crn_object_bool(doc, weight->learns));
        crn_object_append(doc, weights, dict);
    }
    return weights;
}

static crn_object *shape_or_none(crn_document *doc, bool known, const crn_type *type)
{
    return known ? crn_input_layer_batch_shape(doc, type) : crn_object_none(doc);
}

static crn_object *layers_of(crn_document *doc, const crn_network *network)
{
    crn_object *layers = crn_object_new(doc, CRN_OBJ_LIST);
    for (size_t i = 0; i < network->layer_count; i++) {
        const crn_layer *layer = network->layers[i];
        crn_object *dict = crn_object_new(doc, CRN_OBJ_DICT);
        crn_object_set(doc, dict, "name", crn_object_str(doc, layer->name));
        crn_object_set(doc, dict, "class", crn_object_str(doc, layer->type->base.name));
        crn_object_set(doc, dict, "output_shape",
                       shape_or_none(doc, layer->built, &layer->output));
        crn_object_set(doc, dict, "params", crn_object_int(doc, crn_layer_count(layer)));
        crn_object_set(doc, dict, "trainable", crn_object_bool(doc, layer->trainable));
        crn_object_set(doc, dict, "weights", weights_of(doc, layer));
        crn_object_append(doc, layers, dict);
    }
    return layers;
}

static crn_object *counts_of(crn_document *doc, const crn_network *network)
{
    const crn_parameter_count count = crn_network_count(network);
    crn_object *dict = crn_object_new(doc, CRN_OBJ_DICT);
    crn_object_set(doc, dict, "trainable", crn_object_int(doc, count.trainable));
    crn_object_set(doc, dict, "non_trainable", crn_object_int(doc, count.non_trainable));
    crn_object_set(doc, dict, "optimizer", crn_object_int(doc, count.optimizer));
    return dict;
}

static crn_object *compilation_of(crn_document *doc, const crn_compilation *compiled)
{
    if (compiled->loss.cls == NULL)
        return crn_object_none(doc);
    crn_object *dict = crn_object_new(doc, CRN_OBJ_DICT);
    crn_object *metrics = crn_object_new(doc, CRN_OBJ_LIST);
    for (size_t i = 0; i < compiled->metric_count; i++)
        crn_object_append(doc, metrics,
                          crn_object_str(doc, crn_metric_name(compiled->metrics[i])));
    crn_object_set(doc, dict, "optimizer",
                   crn_object_str(doc, crn_optimizer_class_of(compiled->optimizer)->base.name));
    crn_object_set(doc, dict, "learning_rate",
                   crn_object_float(doc, crn_optimizer_learning_rate(compiled->optimizer)));
    crn_object_set(doc, dict, "loss", crn_object_str(doc, compiled->loss.cls->function));
    crn_object_set(doc, dict, "metrics", metrics);
    return dict;
}

static crn_object *network_as_dict(crn_document *doc, const crn_model *model)
{
    const crn_network *network = crn_model_network(model);
    const bool built = network->built;
    crn_object *dict = crn_object_new(doc, CRN_OBJ_DICT);
    crn_object *methods = crn_object_new(doc, CRN_OBJ_LIST);
    if (model->type->has_method(model, CRN_PREDICT))
        crn_object_append(doc, methods, crn_object_str(doc, "predict"));
    crn_object_set(doc, dict, "class", crn_object_str(doc, network->class_name));
    crn_object_set(doc, dict, "library", crn_object_str(doc, model->type->family));
    crn_object_set(doc, dict, "supported", crn_object_bool(doc, true));
    crn_object_set(doc, dict, "name", crn_object_str(doc, network->name));
    crn_object_set(doc, dict, "version", text_or_none(doc, network->keras_version));
    crn_object_set(doc, dict, "fitted", crn_object_bool(doc, network->has_weights));
    crn_object_set(
        doc, dict, "input_shape",
        shape_or_none(doc, built, built ? crn_network_input_type(network, 0) : NULL));
    crn_object_set(
        doc, dict, "output_shape",
        shape_or_none(doc, built, built ? crn_network_output_type(network, 0) : NULL));
    int64_t features = crn_model_features(model);
    crn_object_set(doc, dict, "features",
                   features >= 0 ? crn_object_int(doc, features) : crn_object_none(doc));
    crn_object_set(doc, dict, "methods", methods);
    crn_object_set(doc, dict, "params", counts_of(doc, network));
    crn_object_set(doc, dict, "compiled", compilation_of(doc, &network->compiled));
    crn_object_set(doc, dict, "layers", layers_of(doc, network));
    return dict;
}

/* The file's own config when the model is as it was loaded, else what a file would say; then the
 * weights. */
static crn_status tree(const crn_model *model, crn_text *out, crn_error *err)
{
    const crn_network *network = crn_model_network(model);
    const crn_keras_source *source =
        model->untouched && model->document != NULL ? model->document->container : NULL;
    const crn_object *config = source != NULL ? source->config : NULL;
    crn_document *scratch = NULL;
    CRN_TRY(crn_document_create(NULL, &scratch, err));
    crn_status status = CRN_OK;
    if (config == NULL) {
        crn_error why = CRN_ERROR_INIT;
        config = crn_network_config(network, scratch, CRN_KERAS_3, 0, &why);
        if (config == NULL)
            status = crn_fail(err, why.code, "%s", why.message);
    }
    if (status == CRN_OK)
        status = crn_object_tree(config, out, err);
    if (status == CRN_OK)
        params(network, out);
    crn_document_release(scratch);
    return status;
}

/* Its config in Keras 3's terms, and its weights by layer and name. */
crn_object *crn_network_objects(const crn_model *model, crn_document *doc, crn_error *err)
{
    const crn_network *network = crn_model_network(model);
    crn_object *all = crn_object_new(doc, CRN_OBJ_DICT);
    crn_object *weights = crn_object_new(doc, CRN_OBJ_DICT);
    crn_object *config = crn_network_config(network, doc, CRN_KERAS_3, 0, err);
    crn_text path = CRN_TEXT_INIT;
    if (config == NULL)
        return NULL;
    bool made = true;
    for (size_t i = 0; made && i < network->weight_count; i++) {
        crn_layer *layer = NULL;
        const crn_layer_weight *weight = crn_network_weight(network, i, &layer);
        crn_text_clear(&path);
        crn_text_printf(&path, "%s/%s", layer->name, weight->name);
        if (weight->array.data != NULL)
            made =
                path.status == CRN_OK &&
                crn_object_set(doc, weights, path.data, crn_object_array(doc, &weight->array));
    }
    crn_text_free(&path);
    if (made && crn_object_set(doc, all, "config", config) &&
        crn_object_set(doc, all, "weights", weights))
        return all;
    crn_arena_fail(doc->arena, err);
    return NULL;
}

crn_status crn_network_inspect(const crn_model *model, crn_inspection what, crn_text *out,
                               crn_error *err)
{
    const crn_network *network = crn_model_network(model);
    crn_document *scratch = NULL;
    crn_status status = CRN_OK;
    switch (what) {
    case CRN_INSPECT_PARAMS:
        params(network, out);
        break;
    case CRN_INSPECT_TREE:
        status = tree(model, out, err);
        break;
    case CRN_INSPECT_JSON:
        CRN_TRY(crn_document_create(NULL, &scratch, err));
        status = crn_json_write(network_as_dict(scratch, model), CRN_JSON_INDENT, out, err);
        crn_document_release(scratch);
        break;
    default:
        summary(network, out);
        break;
    }
    return status == CRN_OK ? crn_text_status(out, err) : status;
}
