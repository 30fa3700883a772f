/* SPDX-License-Identifier: BSD-3-Clause */
/* SpectralNormalization, as keras/src/layers/normalization/spectral_normalization.py (3.15).
 * Training divides the kernel of the layer inside; at inference that layer is all there is. */
#include <string.h>

#include "keras/layers/layer.h"

typedef struct spectral_normalization {
    crn_layer_config base;
    const crn_object *layer;
    int64_t power_iterations;
} spectral_normalization;

static const crn_field fields[] = {
    CRN_PARAM(spectral_normalization, layer, OBJECT, NULL, NULL),
    CRN_PARAM(spectral_normalization, power_iterations, INT, "1", "> 0"),
    CRN_LAYER_KEYWORD(crn_layer_config, activity_regularizer, OBJECT, "None"),
    CRN_LAYER_FIELDS,
    CRN_FIELDS_END,
};

static crn_status check(crn_layer *layer, crn_error *err)
{
    const spectral_normalization *config = layer->config;
    crn_layer *child;
    if (config->power_iterations < 1)
        return crn_fail(err, CRN_ARGUMENT,
                        "`power_iterations` should be greater than zero. Received: "
                        "`power_iterations=%lld`",
                        (long long)config->power_iterations);
    CRN_TRY(crn_layer_read(config->layer, layer->document, &child, err));
    return crn_layer_add_child(layer, "layer", child, err);
}

static crn_status infer(const crn_layer *layer, const crn_type *in, int n_in, crn_type *out,
                        crn_error *err)
{
    crn_type outs[CRN_MOST_TENSORS] = {{.ndim = 0}};
    CRN_TRY(crn_layer_check_input(layer, in, n_in, 1, err));
    crn_layer_shapes call = {.n_in = 1, .in = in, .out = outs};
    CRN_TRY(crn_layer_infer(layer->children[0].layer, &call, err));
    if (call.n_out != 1)
        return crn_fail(err, CRN_UNSUPPORTED,
                        "SpectralNormalization: a layer with several outputs");
    *out = outs[0];
    return CRN_OK;
}

/* The weight that is normalised: "kernel", or an Embedding's table. */
static const crn_layer_weight *find_kernel(const crn_layer *layer)
{
    for (size_t i = 0; i < layer->weight_count; i++) {
        const char *name = layer->weights[i].name;
        if (strcmp(name, "kernel") == 0 || strcmp(name, "embeddings") == 0)
            return &layer->weights[i];
    }
    return NULL;
}

static const crn_layer_weight *find_tracked(const crn_layer *layer)
{
    return find_kernel(layer->children[0].layer);
}

static crn_status build(crn_layer *layer, const crn_type *in, int n_in, crn_error *err)
{
    crn_layer *child = layer->children[0].layer;
    CRN_TRY(crn_layer_build(child, in, n_in, err));
    const crn_layer_weight *kernel = find_kernel(child);
    if (kernel == NULL)
        return crn_fail(err, CRN_ARGUMENT,
                        "%s object has no attribute 'kernel' nor 'embeddings'",
                        child->type->base.name);
    const int64_t shape[] = {1, kernel->array.shape[kernel->array.ndim - 1]};
    return crn_layer_add_weight(layer, "vector_u", 2, shape, false, NULL, NULL, NULL, err);
}

static void lower(const crn_layer *layer, crn_lowering *lowering, crn_layer_io *io)
{
    if (lowering->training) {
        io->out[0] = crn_graph_fail(lowering->graph, CRN_UNSUPPORTED,
                                    "SpectralNormalization: training is not supported");
        return;
    }
    crn_layer_lower(layer->children[0].layer, lowering, io);
    io->out_masks[0] = io->in_masks[0];
}

const crn_layer_type crn_layer_SpectralNormalization = {
    .base = {.name = "SpectralNormalization",
             .module = "keras.layers",
             .size = sizeof(spectral_normalization),
             .fields = fields},
    .infer = infer,
    .lower_many = lower,
    .build = build,
    .repeated_weight = repeated_weight,
    .built_by_call = true,
    .check = check,
    .find_tracked = find_tracked,
};
