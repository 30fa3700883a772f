/* SPDX-License-Identifier: BSD-3-Clause */
/* GroupNormalization, as keras/src/layers/normalization/group_normalization.py (3.15): each
 * group of channels of an item by its own moments, over all other axes. */
#include "keras/layers/normalization/axes.h"
#include "ops/elementwise.h"

typedef struct group_normalization {
    crn_layer_config base;
    int64_t groups; /* -1: each channel is one */
    int64_t axis;
    double epsilon;
    bool center, scale;
    const crn_object *beta_initializer, *gamma_initializer;
    const crn_object *beta_regularizer, *gamma_regularizer;
    const crn_object *beta_constraint, *gamma_constraint;
} group_normalization;

static const crn_field fields[] = {
    CRN_PARAM(group_normalization, groups, INT, "32", NULL),
    CRN_PARAM(group_normalization, axis, INT, "-1", NULL),
    CRN_PARAM(group_normalization, epsilon, REAL, "0.001", NULL),
    CRN_PARAM(group_normalization, center, BOOL, "True", NULL),
    CRN_PARAM(group_normalization, scale, BOOL, "True", NULL),
    CRN_PARAM(group_normalization, beta_initializer, OBJECT, "'zeros'", NULL),
    CRN_PARAM(group_normalization, gamma_initializer, OBJECT, "'ones'", NULL),
    CRN_PARAM(group_normalization, beta_regularizer, OBJECT, "None", NULL),
    CRN_PARAM(group_normalization, gamma_regularizer, OBJECT, "None", NULL),
    CRN_PARAM(group_normalization, beta_constraint, OBJECT, "None", NULL),
    CRN_PARAM(group_normalization, gamma_constraint, OBJECT, "None", NULL),
    CRN_LAYER_FIELDS,
    CRN_FIELDS_END,
};

static crn_status check(crn_layer *layer, crn_error *err)
{
    const group_normalization *config = layer->config;
    if (config->groups > 0 || config->groups == -1)
        return CRN_OK;
    return crn_fail(err, CRN_ARGUMENT,
                    "Received an invalid value for argument `groups`, expected a positive "
                    "integer (or `-1` for instance normalization). Received: groups=%lld",
                    (long long)config->groups);
}

/* The channels' axis of the item and how many groups its channels make. */
static crn_status find_groups(const crn_layer *layer, const crn_type *in, int32_t *axis,
                              int64_t *groups, crn_error *err)
{
    const group_normalization *config = layer->config;
    char shape[CRN_SHAPE_TEXT];
    int64_t channels;
    const int64_t at = config->axis < 0 ? config->axis + in->ndim : config->axis - 1;
    if (at < 0 || at >= in->ndim)
        return crn_fail(err, CRN_ARGUMENT,
                        "GroupNormalization: Axis %lld is out of bounds for input shape %s.",
                        (long long)config->axis, crn_layer_shape_text(in, shape, sizeof shape));
    *axis = (int32_t)at;
    CRN_TRY(crn_layer_known_axis(layer, in, *axis, &channels, err));
    *groups = config->groups == -1 ? channels : config->groups;
    if (channels % *groups == 0)
        return CRN_OK;
    return crn_fail(err, CRN_ARGUMENT,
                    "GroupNormalization: the number of groups (%lld) must divide the number of "
                    "channels (%lld).",
                    (long long)*groups, (long long)channels);
}

static crn_status infer(const crn_layer *layer, const crn_type *in, int n_in, crn_type *out,
                        crn_error *err)
{
    int32_t axis = 0;
    int64_t groups;
    CRN_TRY(crn_layer_check_input(layer, in, n_in, 2, err));
    CRN_TRY(find_groups(layer, &in[0], &axis, &groups, err));
    *out = in[0];
    out->dtype = CRN_FLOAT32;
    out->itemsize = (int64_t)crn_dtype_size(CRN_FLOAT32);
    return CRN_OK;
}

static crn_status build(crn_layer *layer, const crn_type *in, int n_in, crn_error *err)
{
    const group_normalization *config = layer->config;
    int32_t axis = 0;
    int64_t groups;
    (void)n_in;
    CRN_TRY(find_groups(layer, &in[0], &axis, &groups, err));
    const int64_t *channels = &in[0].shape[axis];
    if (config->scale)
        CRN_TRY(crn_layer_add_weight(layer, "gamma", 1, channels, true,
                                     config->gamma_initializer, config->gamma_regularizer,
                                     config->gamma_constraint, err));
    if (!config->center)
        return CRN_OK;
    return crn_layer_add_weight(layer, "beta", 1, channels, true, config->beta_initializer,
                                config->beta_regularizer, config->beta_constraint, err);
}

/* A group is the axes before the channels', its channels, and the axes behind. */
static crn_value lower(const crn_layer *layer, crn_lowering *lowering, const crn_value *in,
                       int n_in)
{
    const group_normalization *config = layer->config;
    crn_graph *graph = lowering->graph;
    crn_value x = crn_cast(graph, in[0], CRN_FLOAT32);
    const crn_type type = *crn_graph_type(graph, x);
    crn_normalization_axes channels = {.count = 1};
    crn_normalise_attributes how = {.kind = CRN_NORMALISE_MOMENTS,
                                    .epsilon = (float)config->epsilon,
                                    .outer = 1,
                                    .a = 1,
                                    .b = 1};
    int32_t axis = 0;
    (void)n_in;
    if (find_groups(layer, &type, &axis, &how.kept, &graph->error) != CRN_OK)
        return CRN_NO_VALUE;
    for (int32_t i = 0; i < type.ndim; i++)
        *(i < axis ? &how.a : &how.b) *= i == axis ? type.shape[i] / how.kept : type.shape[i];
    if (how.a == 1) {
        how.outer = how.kept;
        how.kept = 1;
    }
    channels.has[axis] = true;
    x = crn_normalise(graph, x, CRN_NO_VALUE, CRN_NO_VALUE, &how);
    for (size_t i = 0; i < layer->weight_count; i++)
        x = crn_binary(graph, x,
                       crn_normalization_along(
                           graph, crn_layer_weight_value(layer, lowering, i), &type, &channels),
                       i == 0 && config->scale ? CRN_BINARY_MULTIPLY : CRN_BINARY_ADD);
    return x;
}

const crn_layer_type crn_layer_GroupNormalization = {
    .base = {.name = "GroupNormalization",
             .module = "keras.layers",
             .size = sizeof(group_normalization),
             .fields = fields},
    .infer = infer,
    .lower = lower,
    .supports_masking = true,
    .build = build,
    .built_by_call = true,
    .check = check,
};
