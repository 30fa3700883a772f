/* SPDX-License-Identifier: BSD-3-Clause */
/* A Sequential or Functional model as a layer of another model. It has no weights of its own:
 * they belong to its layers. */
#include "keras/models/nested.h"

#include <string.h>

#include "keras/models/functional.h"

bool crn_is_model_class(const char *class_name)
{
    static const char *const names[] = {"Sequential", "Functional", "Model"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (strcmp(names[i], class_name) == 0)
            return true;
    }
    return false;
}

/* The first call tells a Sequential its shape; what its weights take, the outer model has
 * not. */
static crn_status build_model(const crn_layer *layer, const crn_layer_shapes *call,
                              crn_error *err)
{
    crn_network *network = layer->network;
    if (network->built)
        return CRN_OK;
    if (layer->weight_budget != NULL)
        network->weight_bytes = *layer->weight_budget;
    CRN_TRY(crn_network_build(network, call->in, err));
    if (layer->weight_budget != NULL)
        *layer->weight_budget = network->weight_budget;
    return CRN_OK;
}

static crn_status infer_many(const crn_layer *layer, crn_layer_shapes *call, crn_error *err)
{
    const crn_network *network = layer->network;
    const size_t expected = network->input_count > 0 ? network->input_count : 1;
    if ((size_t)call->n_in != expected)
        return crn_fail(err, CRN_SHAPE,
                        "Layer \"%s\" expects %zu input(s), but it received %d input tensors.",
                        layer->name, expected, call->n_in);
    CRN_TRY(build_model(layer, call, err));
    call->n_out = (int)network->output_count;
    return crn_network_infer(network, call->in, call->out, err);
}

static void lower_many(const crn_layer *layer, crn_lowering *lowering, crn_layer_io *io)
{
    crn_network_lower(layer->network, lowering, io->in, io->in_masks, io->out, io->out_masks,
                      &lowering->graph->error);
    io->n_out = (int)layer->network->output_count;
}

static const crn_field fields[] = {
    CRN_LAYER_KEYWORD(crn_layer_config, name, STRING, "None"),
    CRN_LAYER_KEYWORD(crn_layer_config, trainable, BOOL, "True"),
    CRN_FIELDS_END,
};

/* One type for each class, for their names. */
#define NESTED(class_name)                                                                     \
    {                                                                                          \
        .base = {.name = class_name,                                                           \
                 .module = "keras",                                                            \
                 .size = sizeof(crn_layer_config),                                             \
                 .fields = fields},                                                            \
        .infer_many = infer_many, .lower_many = lower_many                                     \
    }

static const crn_layer_type functional = NESTED("Functional");
static const crn_layer_type sequential = NESTED("Sequential");

static crn_status fill(crn_layer *layer, crn_network *network, const crn_object *record,
                       crn_error *err)
{
    bool trainable = true;
    const crn_object *given = crn_object_get(crn_object_get(record, "config"), "trainable");
    crn_layer_config *config = crn_calloc(1, sizeof *config);
    layer->config = config;
    layer->network = network;
    if (config == NULL)
        return crn_no_memory(err);
    if (given != NULL && !crn_object_as_bool(given, &trainable))
        return crn_fail(err, CRN_FORMAT, "trainable of model '%s' is no bool", network->name);
    config->name = layer->name = network->name;
    config->trainable = layer->trainable = trainable;
    for (size_t i = 0; i < network->layer_count; i++) {
        if (layer->depth <= network->layers[i]->depth)
            layer->depth = network->layers[i]->depth + 1;
    }
    if (layer->depth > CRN_DEEPEST_LAYER)
        return crn_fail(err, CRN_LIMIT, "models are nested more than %d deep",
                        CRN_DEEPEST_LAYER);
    return CRN_OK;
}

crn_status crn_nested_model_read(const crn_object *record, crn_document *document,
                                 crn_layer **out, crn_error *err)
{
    crn_network *network = NULL;
    CRN_TRY(crn_network_read_unbuilt(record, document, NULL, &network, err));
    crn_layer *layer = crn_calloc(1, sizeof *layer);
    if (layer == NULL) {
        crn_network_destroy(network);
        return crn_no_memory(err);
    }
    layer->type = crn_network_is_functional(network) ? &functional : &sequential;
    layer->document = crn_document_retain(document);
    layer->record = record;
    layer->compute = CRN_NO_DTYPE; /* its layers have their own */
    crn_status status = fill(layer, network, record, err);
    if (status != CRN_OK)
        crn_layer_destroy(layer);
    else
        *out = layer;
    return status;
}
