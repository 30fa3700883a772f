/* SPDX-License-Identifier: BSD-3-Clause */
/* CategoryEncoding, as keras/src/layers/preprocessing/category_encoding.py (3.15): indices as
 * one-hot rows, or what indices a sample has. */
#include <string.h>

#include "keras/layers/preprocessing/category_modes.h"
#include "ops/elementwise.h"

typedef struct category_encoding {
    crn_layer_config base;
    int64_t num_tokens;
    const char *output_mode;
    bool sparse; /* how TensorFlow keeps the result */
} category_encoding;

static const crn_field fields[] = {
    {.name = "num_tokens",
     .type = CRN_FIELD_INT,
     .flags = CRN_FIELD_PARAM,
     .offset = offsetof(category_encoding, num_tokens),
     .old_names = "max_tokens"}, /* before 2.6 */
    CRN_PARAM(category_encoding, output_mode, STRING, "'multi_hot'", NULL),
    CRN_PARAM(category_encoding, sparse, BOOL, "False", NULL),
    CRN_LAYER_FIELDS,
    CRN_FIELDS_END,
};

enum { MODES = CRN_CATEGORY_ONE_HOT | CRN_CATEGORY_MULTI_HOT | CRN_CATEGORY_COUNT };

static crn_status check(crn_layer *layer, crn_error *err)
{
    const category_encoding *config = layer->config;
    crn_category_mode mode;
    if (config->num_tokens < 1)
        return crn_fail(err, CRN_ARGUMENT,
                        "`num_tokens` must be >= 1. Received: num_tokens=%lld.",
                        (long long)config->num_tokens);
    return crn_category_mode_read(layer, config->output_mode, MODES, &mode, err);
}

static crn_status infer_many(const crn_layer *layer, crn_layer_shapes *call, crn_error *err)
{
    const category_encoding *config = layer->config;
    crn_category_mode mode;
    const bool weighted = call->n_in == 2; /* count_weights */
    CRN_TRY(crn_layer_check_input(layer, call->in, weighted ? 1 : call->n_in, 1, err));
    CRN_TRY(crn_category_mode_read(layer, config->output_mode, MODES, &mode, err));
    if (weighted && mode != CRN_CATEGORY_COUNT)
        return crn_fail(err, CRN_ARGUMENT,
                        "`count_weights` is not used when `output_mode` is not `'count'`.");
    return crn_category_infer(layer, &call->in[0], mode, config->num_tokens, &call->out[0],
                              err);
}

static void lower_many(const crn_layer *layer, crn_lowering *lowering, crn_layer_io *io)
{
    const category_encoding *config = layer->config;
    crn_graph *graph = lowering->graph;
    crn_category_mode mode;
    if (crn_category_mode_read(layer, config->output_mode, MODES, &mode, &graph->error) !=
        CRN_OK)
        return;
    const crn_value weights =
        io->n_in == 2 ? crn_cast(graph, io->in[1], CRN_FLOAT32) : CRN_NO_VALUE;
    io->out[0] = crn_category_lower(graph, crn_cast(graph, io->in[0], CRN_INT64), weights, mode,
                                    config->num_tokens);
}

static bool takes_argument(const crn_layer *layer, const char *name)
{
    (void)layer;
    return strcmp(name, "count_weights") == 0;
}

const crn_layer_type crn_layer_CategoryEncoding = {
    .base = {.name = "CategoryEncoding",
             .module = "keras.layers",
             .size = sizeof(category_encoding),
             .fields = fields},
    .infer_many = infer_many,
    .lower_many = lower_many,
    .takes_argument = takes_argument,
    .check = check,
};
