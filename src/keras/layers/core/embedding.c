/* SPDX-License-Identifier: BSD-3-Clause */
/* Embedding and ReversibleEmbedding, as keras/src/layers/core/embedding.py and
 * reversible_embedding.py (3.15): a vector for each id. Ids that are floats are cut to whole
 * numbers; Keras 3 counts negative ones from the end. Called with reverse=True, the latter gives
 * a score for each id. */
#include "keras/layers/layer.h"
#include "ops/activation.h"
#include "ops/affine.h"
#include "ops/elementwise.h"
#include "ops/sequence.h"
#include "ops/tensor.h"

#include <string.h>

typedef struct embedding {
    crn_layer_config base;
    int64_t input_dim, output_dim;
    const crn_object *embeddings_initializer, *embeddings_regularizer, *embeddings_constraint;
    bool mask_zero;
    const crn_object *input_length; /* Keras 2: the input's shape says it */
    const crn_object *weights;      /* no config has them */
    const crn_object *lora_rank, *lora_alpha, *quantization_config; /* refused unless None */
    bool tie_weights; /* these three: of ReversibleEmbedding */
    const crn_object *reverse_dtype, *logit_soft_cap;
} embedding;

/* Both have an input_dim that is not Keras 2's short form of a shape. */
/* clang-format off */
#define EMBEDDING_ROWS \
    CRN_PARAM(embedding, embeddings_initializer, OBJECT, "'uniform'", NULL), \
    CRN_PARAM(embedding, embeddings_regularizer, OBJECT, "None", NULL), \
    CRN_LAYER_ACTIVITY_REGULARIZER, \
    CRN_PARAM(embedding, embeddings_constraint, OBJECT, "None", NULL), \
    CRN_PARAM(embedding, mask_zero, BOOL, "False", NULL)
#define LAST_ROWS \
    CRN_LAYER_ARGUMENT(embedding, weights), \
    CRN_LAYER_ARGUMENT(embedding, lora_rank), \
    CRN_LAYER_ARGUMENT(embedding, lora_alpha), \
    CRN_PARAM_SINCE(embedding, quantization_config, OBJECT, "None", NULL, "3.12", NULL), \
    CRN_LAYER_KEYWORD(crn_layer_config, name, STRING, "None"), \
    CRN_LAYER_KEYWORD(crn_layer_config, trainable, BOOL, "True"), \
    CRN_LAYER_KEYWORD(crn_layer_config, dtype, OBJECT, "None"), \
    CRN_LAYER_ARGUMENT(crn_layer_config, input_shape), \
    CRN_LAYER_ARGUMENT(crn_layer_config, batch_input_shape), \
    CRN_FIELDS_END
/* clang-format on */

static const crn_field fields[] = {
    CRN_PARAM(embedding, input_dim, INT, NULL, "> 0"),
    CRN_PARAM(embedding, output_dim, INT, NULL, "> 0"),
    EMBEDDING_ROWS,
    CRN_PARAM_SINCE(embedding, input_length, OBJECT, "None", NULL, NULL, "3.0"),
    LAST_ROWS,
};

static const crn_field reversible_fields[] = {
    CRN_PARAM(embedding, input_dim, INT, NULL, "> 0"),
    CRN_PARAM(embedding, output_dim, INT, NULL, "> 0"),
    CRN_PARAM(embedding, tie_weights, BOOL, "True", NULL),
    EMBEDDING_ROWS,
    CRN_PARAM(embedding, reverse_dtype, OBJECT, "None", NULL),
    CRN_PARAM(embedding, logit_soft_cap, OBJECT, "None", NULL),
    LAST_ROWS,
};

static bool is_reversible(const crn_layer *layer)
{
    return layer->type == &crn_layer_ReversibleEmbedding;
}

static crn_status check(crn_layer *layer, crn_error *err)
{
    const embedding *config = layer->config;
    if (config->input_dim < 1 || config->output_dim < 1)
        return crn_fail(err, CRN_ARGUMENT,
                        "Both `input_dim` and `output_dim` should be positive, Received "
                        "input_dim = %lld and output_dim = %lld",
                        (long long)config->input_dim, (long long)config->output_dim);
    CRN_TRY(crn_layer_refuse(layer, "weights", config->weights, err));
    CRN_TRY(crn_layer_refuse(layer, "lora_rank", config->lora_rank, err));
    if (is_reversible(layer) && crn_object_text(config->reverse_dtype) != NULL &&
        !crn_object_is_str(config->reverse_dtype, "float32"))
        CRN_TRY(crn_layer_refuse(layer, "reverse_dtype", config->reverse_dtype, err));
    return crn_layer_refuse(layer, "quantization_config", config->quantization_config, err);
}

static bool is_reversed(const crn_layer *layer, const crn_layer_arguments *arguments)
{
    bool on = false;
    const crn_object *reverse = crn_layer_argument(arguments, "reverse", 1);
    return is_reversible(layer) && crn_object_is(reverse, CRN_OBJ_BOOL) &&
           crn_object_as_bool(reverse, &on) && on;
}

static bool takes_argument(const crn_layer *layer, const char *name)
{
    return is_reversible(layer) && strcmp(name, "reverse") == 0;
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

static crn_status infer_many(const crn_layer *layer, crn_layer_shapes *call, crn_error *err)
{
    const embedding *config = layer->config;
    if (!is_reversed(layer, call->arguments))
        return infer(layer, call->in, call->n_in, &call->out[0], err);
    CRN_TRY(crn_layer_check_input(layer, call->in, call->n_in, 2, err));
    crn_type *out = &call->out[0];
    *out = call->in[0];
    out->dtype = CRN_FLOAT32;
    out->itemsize = (int64_t)crn_dtype_size(CRN_FLOAT32);
    out->shape[out->ndim - 1] = config->input_dim;
    return CRN_OK;
}

static crn_status build(crn_layer *layer, const crn_type *in, int n_in, crn_error *err)
{
    const embedding *config = layer->config;
    const int64_t shape[] = {config->input_dim, config->output_dim};
    const int64_t reverse_shape[] = {config->output_dim, config->input_dim};
    (void)in, (void)n_in;
    CRN_TRY(crn_layer_add_weight(layer, "embeddings", 2, shape, true,
                                 config->embeddings_initializer, config->embeddings_regularizer,
                                 config->embeddings_constraint, err));
    if (!is_reversible(layer) || config->tie_weights)
        return CRN_OK;
    return crn_layer_add_weight(layer, "reverse_embeddings", 2, reverse_shape, true,
                                config->embeddings_initializer, NULL, NULL, err);
}

/* x times the table, soft_cap * tanh(y / soft_cap) of it where there is a cap. */
static crn_value lower_reversed(const crn_layer *layer, crn_lowering *lowering, crn_value x)
{
    const embedding *config = layer->config;
    crn_graph *graph = lowering->graph;
    const double cap = crn_keras_number(config->logit_soft_cap, 0.0);
    crn_value y =
        crn_affine(graph, crn_cast(graph, x, CRN_FLOAT32),
                   crn_layer_weight_value(layer, lowering, config->tie_weights ? 0 : 1),
                   config->tie_weights, CRN_NO_VALUE);
    if (cap == 0.0)
        return y;
    const crn_value number = crn_number(graph, CRN_FLOAT32, cap);
    y = crn_activate(graph, crn_binary(graph, y, number, CRN_BINARY_DIVIDE),
                     (crn_activation){.kind = CRN_TANH});
    return crn_binary(graph, y, number, CRN_BINARY_MULTIPLY);
}

static void lower(const crn_layer *layer, crn_lowering *lowering, crn_layer_io *io)
{
    const embedding *config = layer->config;
    crn_graph *graph = lowering->graph;
    const crn_value x = io->in[0];
    if (is_reversed(layer, io->arguments)) {
        io->out[0] = crn_layer_penalize(layer, lowering, lower_reversed(layer, lowering, x));
        return;
    }
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

const crn_layer_type crn_layer_ReversibleEmbedding = {
    .base = {.name = "ReversibleEmbedding",
             .module = "keras.layers",
             .since = "3.13",
             .size = sizeof(embedding),
             .fields = reversible_fields},
    .infer_many = infer_many,
    .lower_many = lower,
    .build = build,
    .check = check,
    .takes_argument = takes_argument,
};
