/* SPDX-License-Identifier: BSD-3-Clause */
/* Hashing and HashedCrossing, as keras/src/layers/preprocessing/hashing.py and
 * hashed_crossing.py (3.15): buckets of texts and whole numbers by their hash, alone or
 * crossed. */
#include "keras/layers/preprocessing/category_modes.h"
#include "ops/elementwise.h"
#include "ops/tokens.h"

typedef struct hashing {
    crn_layer_config base;
    int64_t num_bins;
    const crn_object *mask_value, *salt;
    const char *output_mode;
    bool sparse; /* how TensorFlow keeps the result */
} hashing;

static const crn_field hashing_fields[] = {
    CRN_PARAM(hashing, num_bins, INT, NULL, NULL),
    CRN_PARAM(hashing, mask_value, OBJECT, "None", NULL),
    CRN_PARAM(hashing, salt, OBJECT, "None", NULL),
    CRN_PARAM(hashing, output_mode, STRING, "'int'", NULL),
    CRN_PARAM(hashing, sparse, BOOL, "False", NULL),
    CRN_LAYER_FIELDS,
    CRN_FIELDS_END,
};

static const crn_field crossing_fields[] = {
    CRN_PARAM(hashing, num_bins, INT, NULL, NULL),
    CRN_PARAM(hashing, output_mode, STRING, "'int'", NULL),
    CRN_PARAM(hashing, sparse, BOOL, "False", NULL),
    CRN_LAYER_FIELDS,
    CRN_FIELDS_END,
};

enum {
    HASHING_MODES =
        CRN_CATEGORY_INT | CRN_CATEGORY_ONE_HOT | CRN_CATEGORY_MULTI_HOT | CRN_CATEGORY_COUNT,
    CROSSING_MODES = CRN_CATEGORY_INT | CRN_CATEGORY_ONE_HOT
};

static crn_status check_bins(const crn_layer *layer, int modes, crn_error *err)
{
    const hashing *config = layer->config;
    crn_category_mode mode;
    if (config->num_bins < 1)
        return crn_fail(err, CRN_ARGUMENT,
                        "The `num_bins` for `%s` cannot be `None` or non-positive values. "
                        "Received: num_bins=%lld.",
                        layer->type->base.name, (long long)config->num_bins);
    return crn_category_mode_read(layer, config->output_mode, modes, &mode, err);
}

/* ---- Hashing ---- */

static crn_status check_hashing(crn_layer *layer, crn_error *err)
{
    const hashing *config = layer->config;
    crn_token_buckets buckets;
    CRN_TRY(check_bins(layer, HASHING_MODES, err));
    return crn_category_salt(layer, config->salt, &buckets, err);
}

static crn_status infer_hashing(const crn_layer *layer, const crn_type *in, int n_in,
                                crn_type *out, crn_error *err)
{
    const hashing *config = layer->config;
    crn_category_mode mode;
    CRN_TRY(crn_layer_check_input(layer, in, n_in, 1, err));
    CRN_TRY(crn_category_mode_read(layer, config->output_mode, HASHING_MODES, &mode, err));
    return crn_category_infer(layer, &in[0], mode, config->num_bins, out, err);
}

/* The token that has bucket 0, of the type of x. */
static crn_value mask_of(const crn_layer *layer, crn_graph *graph, crn_value x)
{
    const hashing *config = layer->config;
    const bool texts = crn_graph_type(graph, x)->dtype == CRN_OBJECT;
    const crn_object *mask = config->mask_value;
    int64_t number = 0;
    double real = 0.0;
    if (texts && crn_object_is(mask, CRN_OBJ_STR))
        return crn_category_text(graph, mask);
    if (texts || !crn_object_as_double(mask, &real))
        return crn_graph_fail(graph, CRN_ARGUMENT,
                              "Hashing: `mask_value` is not of the type of the inputs");
    number = real > -9e18 && real < 9e18 ? (int64_t)real : 0;
    crn_array copy = CRN_ARRAY_INIT;
    if (crn_array_create(CRN_INT64, 0, 0, NULL, &copy, &graph->error) != CRN_OK)
        return CRN_NO_VALUE;
    *(int64_t *)copy.data = number;
    const crn_value value = crn_graph_constant(graph, &copy);
    crn_array_free(&copy);
    return value;
}

static crn_value lower_hashing(const crn_layer *layer, crn_lowering *lowering,
                               const crn_value *in, int n_in)
{
    const hashing *config = layer->config;
    crn_graph *graph = lowering->graph;
    crn_token_buckets buckets;
    crn_category_mode mode;
    (void)n_in;
    if (crn_category_salt(layer, config->salt, &buckets, &graph->error) != CRN_OK ||
        crn_category_mode_read(layer, config->output_mode, HASHING_MODES, &mode,
                               &graph->error) != CRN_OK)
        return CRN_NO_VALUE;
    const bool masked = !crn_object_is_none(config->mask_value) && config->num_bins > 1;
    buckets.first = masked ? 1 : 0;
    buckets.count = config->num_bins - buckets.first;
    const crn_value x = crn_graph_type(graph, in[0])->dtype == CRN_OBJECT
                            ? in[0]
                            : crn_cast(graph, in[0], CRN_INT64);
    const crn_value mask = masked ? mask_of(layer, graph, x) : CRN_NO_VALUE;
    return crn_category_lower(graph, crn_hash_tokens(graph, x, mask, &buckets), CRN_NO_VALUE,
                              mode, config->num_bins);
}

/* ---- HashedCrossing ---- */

static crn_status check_crossing(crn_layer *layer, crn_error *err)
{
    return check_bins(layer, CROSSING_MODES, err);
}

static crn_status infer_crossing(const crn_layer *layer, crn_layer_shapes *call, crn_error *err)
{
    const hashing *config = layer->config;
    crn_category_mode mode;
    char shape[CRN_SHAPE_TEXT];
    if (call->n_in < 2)
        return crn_fail(err, CRN_SHAPE,
                        "`HashedCrossing` should be called on at least two inputs.");
    for (int i = 0; i < call->n_in; i++) {
        const crn_type *in = &call->in[i];
        if (in->ndim > 1 || in->ndim != call->in[0].ndim ||
            (in->ndim == 1 && in->shape[0] != 1))
            return crn_fail(err, CRN_SHAPE,
                            "All `HashedCrossing` inputs should have shape `(batch_size)` or "
                            "`(batch_size, 1)`. Received: %s",
                            crn_layer_shape_text(in, shape, sizeof shape));
    }
    CRN_TRY(crn_category_mode_read(layer, config->output_mode, CROSSING_MODES, &mode, err));
    return crn_category_infer(layer, &call->in[0], mode, config->num_bins, &call->out[0], err);
}

static void lower_crossing(const crn_layer *layer, crn_lowering *lowering, crn_layer_io *io)
{
    const hashing *config = layer->config;
    crn_graph *graph = lowering->graph;
    crn_value values[CRN_MOST_TENSORS];
    crn_category_mode mode;
    if (crn_category_mode_read(layer, config->output_mode, CROSSING_MODES, &mode,
                               &graph->error) != CRN_OK)
        return;
    for (int i = 0; i < io->n_in; i++)
        values[i] = crn_graph_type(graph, io->in[i])->dtype == CRN_OBJECT
                        ? io->in[i]
                        : crn_cast(graph, io->in[i], CRN_INT64);
    const crn_value crossed = crn_cross_tokens(graph, values, io->n_in, config->num_bins);
    io->out[0] = crn_category_lower(graph, crossed, CRN_NO_VALUE, mode, config->num_bins);
}

const crn_layer_type crn_layer_Hashing = {
    .base = {.name = "Hashing",
             .module = "keras.layers",
             .size = sizeof(hashing),
             .fields = hashing_fields},
    .infer = infer_hashing,
    .lower = lower_hashing,
    .dtypes = "int64 int32",
    .check = check_hashing,
};

const crn_layer_type crn_layer_HashedCrossing = {
    .base = {.name = "HashedCrossing",
             .module = "keras.layers",
             .size = sizeof(hashing),
             .fields = crossing_fields},
    .infer_many = infer_crossing,
    .lower_many = lower_crossing,
    .dtypes = "int64 int32",
    .check = check_crossing,
};
