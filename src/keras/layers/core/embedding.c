/* SPDX-License-Identifier: BSD-3-Clause */
/* Embedding, as keras/src/layers/core/embedding.py (3.15): a vector for each id. Ids that are
 * floats are cut to whole numbers; Keras 3 counts negative ones from the end. */
#include "keras/layers/layer.h"
#include "ops/elementwise.h"
#include "ops/sequence.h"
#include "ops/tensor.h"

typedef struct embedding {
    crn_layer_config base;
    int64_t input_dim, output_dim;
    const crn_object *embeddings_initializer, *embeddings_regularizer, *embeddings_constraint;
    bool mask_zero;
    const crn_object *input_length; /* Keras 2: the input's shape says it */
    const crn_object *weights;      /* no config has them */
    const crn_object *lora_rank, *lora_alpha, *quantization_config; /* refused unless None */
} embedding;

static const crn_field fields[] = {
    CRN_PARAM(embedding, input_dim, INT, NULL, "> 0"),
    CRN_PARAM(embedding, output_dim, INT, NULL, "> 0"),
    CRN_PARAM(embedding, embeddings_initializer, OBJECT, "'uniform'", NULL),
    CRN_PARAM(embedding, embeddings_regularizer, OBJECT, "None", NULL),
    CRN_LAYER_ACTIVITY_REGULARIZER,
    CRN_PARAM(embedding, embeddings_constraint, OBJECT, "None", NULL),
    CRN_PARAM(embedding, mask_zero, BOOL, "False", NULL),
    CRN_PARAM_SINCE(embedding, input_length, OBJECT, "None", NULL, NULL, "3.0"),
    CRN_LAYER_ARGUMENT(embedding, weights),
    CRN_LAYER_ARGUMENT(embedding, lora_rank),
    CRN_LAYER_ARGUMENT(embedding, lora_alpha),
    CRN_PARAM_SINCE(embedding, quantization_config, OBJECT, "None", NULL, "3.12", NULL),
    CRN_LAYER_KEYWORD(crn_layer_config, name, STRING, "None"),
    CRN_LAYER_KEYWORD(crn_layer_config, trainable, BOOL, "True"),
    CRN_LAYER_KEYWORD(crn_layer_config, dtype, OBJECT, "None"),
    CRN_LAYER_ARGUMENT(crn_layer_config, input_shape),
    CRN_LAYER_ARGUMENT(crn_layer_config, batch_input_shape),
    CRN_FIELDS_END,
};

static crn_status check(crn_layer *layer, crn_error *err)
{
    embedding *config = layer->config;
    if (config->input_dim < 1 || config->output_dim < 1)
        return crn_fail(err, CRN_ARGUMENT,
                        "Both `input_dim` and `output_dim` should be positive, Received "
                        "input_dim = %lld and output_dim = %lld",
                        (long long)config->input_dim, (long long)config->output_dim);
    config->input_length = NULL;
    CRN_TRY(crn_layer_refuse(layer, "weights", config->weights, err));
    CRN_TRY(crn_layer_refuse(layer, "lora_rank", config->lora_rank, err));
    return crn_layer_refuse(layer, "quantization_config", config->quantization_config, err);
}

static crn_status infer(const crn_layer *layer, const crn_type *in, int n_in, crn_type *out,
                        crn_error *err)
{
    CRN_TRY(crn_layer_check_input(layer, in, n_in, 1, err));
    if (in[0].ndim + 1 > CRN_MAX_NDIM - 1)
        return crn_fail(err, CRN_UNSUPPORTED,
                        "Layer \"%s\": items of %d axes are not supported", layer->name,
                        (int)in[0].ndim);
    *out = in[0];
    out->dtype = CRN_FLOAT32;
    out->itemsize = (int64_t)crn_dtype_size(CRN_FLOAT32);
    out->shape[out->ndim++] = ((const embedding *)layer->config)->output_dim;
    return CRN_OK;
}

static crn_status build(crn_layer *layer, const crn_type *in, int n_in, crn_error *err)
{
    const embedding *config = layer->config;
    const int64_t shape[] = {config->input_dim, config->output_dim};
    (void)in, (void)n_in;
    return crn_layer_add_weight(layer, "embeddings", 2, shape, true,
                                config->embeddings_initializer, config->embeddings_regularizer,
                                config->embeddings_constraint, err);
}

static void lower(const crn_layer *layer, crn_lowering *lowering, crn_layer_io *io)
{
    const embedding *config = layer->config;
    crn_graph *graph = lowering->graph;
    const crn_value x = io->in[0];
    const crn_value table = crn_layer_weight_value(layer, lowering, 0);
    const crn_value y =
        crn_embed(graph, table, crn_cast(graph, x, CRN_INT64), layer->keras != 2);
    io->out[0] = crn_layer_penalize(layer, lowering, y);
    if (config->mask_zero)
        io->out_masks[0] =
            crn_pairwise(graph, x, crn_number(graph, crn_graph_type(graph, x)->dtype, 0.0),
                         CRN_PAIR_NOT_EQUAL);
}

const crn_layer_type crn_layer_Embedding = {
    .base = {.name = "Embedding",
             .module = "keras.layers",
             .size = sizeof(embedding),
             .fields = fields},
    .infer = infer,
    .lower_many = lower,
    .build = build,
    .check = check,
};
