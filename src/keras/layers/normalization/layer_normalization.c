/* SPDX-License-Identifier: BSD-3-Clause */
/* LayerNormalization, RMSNormalization and UnitNormalization, as
 * keras/src/layers/normalization/layer_normalization.py, rms_normalization.py and
 * unit_normalization.py (3.15): each item by its own moments or norm over one or more axes. */
#include "keras/layers/normalization/axes.h"
#include "ops/elementwise.h"

typedef struct layer_normalization {
    crn_layer_config base;
    const crn_object *axis;
    double epsilon;
    bool center, scale, rms_scaling;
    const crn_object *beta_initializer, *gamma_initializer;
    const crn_object *beta_regularizer, *gamma_regularizer;
    const crn_object *beta_constraint, *gamma_constraint;
} layer_normalization;

static const crn_field layer_fields[] = {
    CRN_PARAM(layer_normalization, axis, OBJECT, "-1", NULL),
    CRN_PARAM(layer_normalization, epsilon, REAL, "0.001", NULL),
    CRN_PARAM(layer_normalization, center, BOOL, "True", NULL),
    CRN_PARAM(layer_normalization, scale, BOOL, "True", NULL),
    CRN_PARAM(layer_normalization, beta_initializer, OBJECT, "'zeros'", NULL),
    CRN_PARAM(layer_normalization, gamma_initializer, OBJECT, "'ones'", NULL),
    CRN_PARAM(layer_normalization, beta_regularizer, OBJECT, "None", NULL),
    CRN_PARAM(layer_normalization, gamma_regularizer, OBJECT, "None", NULL),
    CRN_PARAM(layer_normalization, beta_constraint, OBJECT, "None", NULL),
    CRN_PARAM(layer_normalization, gamma_constraint, OBJECT, "None", NULL),
    CRN_PARAM_SINCE(layer_normalization, rms_scaling, BOOL, "False", NULL, "3.0", NULL),
    CRN_LAYER_FIELDS,
    CRN_FIELDS_END,
};

typedef struct rms_normalization {
    crn_layer_config base;
    const crn_object *axis;
    double epsilon;
} rms_normalization;

static const crn_field rms_fields[] = {
    CRN_PARAM(rms_normalization, axis, OBJECT, "-1", NULL),
    CRN_PARAM(rms_normalization, epsilon, REAL, "1e-06", NULL),
    CRN_LAYER_FIELDS,
    CRN_FIELDS_END,
};

typedef struct unit_normalization {
    crn_layer_config base;
    const crn_object *axis;
} unit_normalization;

static const crn_field unit_fields[] = {
    CRN_PARAM(unit_normalization, axis, OBJECT, "-1", NULL),
    CRN_LAYER_FIELDS,
    CRN_FIELDS_END,
};

static const crn_object *axis_of(const crn_layer *layer)
{
    if (layer->type == &crn_layer_LayerNormalization)
        return ((const layer_normalization *)layer->config)->axis;
    if (layer->type == &crn_layer_RMSNormalization)
        return ((const rms_normalization *)layer->config)->axis;
    return ((const unit_normalization *)layer->config)->axis;
}

static crn_status infer(const crn_layer *layer, const crn_type *in, int n_in, crn_type *out,
                        crn_error *err)
{
    crn_normalization_axes axes;
    CRN_TRY(crn_layer_check_input(layer, in, n_in, 2, err));
    CRN_TRY(crn_normalization_axes_read(layer, axis_of(layer), &in[0], &axes, err));
    *out = in[0];
    out->dtype = CRN_FLOAT32;
    out->itemsize = (int64_t)crn_dtype_size(CRN_FLOAT32);
    return CRN_OK;
}

/* The shape of the weights: the lengths of the axes. */
static crn_status weight_shape(const crn_layer *layer, const crn_type *in, int64_t *shape,
                               int32_t *ndim, crn_error *err)
{
    crn_normalization_axes axes;
    CRN_TRY(crn_normalization_axes_read(layer, axis_of(layer), in, &axes, err));
    for (int32_t i = 0; i < axes.count; i++)
        CRN_TRY(crn_layer_known_axis(layer, in, axes.listed[i], &shape[i], err));
    *ndim = axes.count;
    return CRN_OK;
}

/* ---- LayerNormalization ---- */

static bool has_gamma(const layer_normalization *config)
{
    return config->scale || config->rms_scaling;
}

static bool has_beta(const layer_normalization *config)
{
    return config->center && !config->rms_scaling;
}

static crn_status layer_build(crn_layer *layer, const crn_type *in, int n_in, crn_error *err)
{
    const layer_normalization *config = layer->config;
    int64_t shape[CRN_MAX_NDIM];
    int32_t ndim;
    (void)n_in;
    CRN_TRY(weight_shape(layer, &in[0], shape, &ndim, err));
    if (has_gamma(config))
        CRN_TRY(crn_layer_add_weight(layer, "gamma", ndim, shape, true,
                                     config->gamma_initializer, config->gamma_regularizer,
                                     config->gamma_constraint, err));
    if (!has_beta(config))
        return CRN_OK;
    return crn_layer_add_weight(layer, "beta", ndim, shape, true, config->beta_initializer,
                                config->beta_regularizer, config->beta_constraint, err);
}

static crn_value layer_lower(const crn_layer *layer, crn_lowering *lowering,
                             const crn_value *in, int n_in)
{
    const layer_normalization *config = layer->config;
    crn_graph *graph = lowering->graph;
    crn_normalization_axes axes;
    const crn_value x = crn_cast(graph, in[0], CRN_FLOAT32);
    crn_value gamma = CRN_NO_VALUE, beta = CRN_NO_VALUE;
    (void)n_in;
    if (crn_normalization_axes_read(layer, config->axis, crn_graph_type(graph, x), &axes,
                                    &graph->error) != CRN_OK)
        return CRN_NO_VALUE;
    if (has_gamma(config))
        gamma = crn_layer_weight_value(layer, lowering, 0);
    if (has_beta(config))
        beta = crn_layer_weight_value(layer, lowering, has_gamma(config) ? 1 : 0);
    return crn_normalize_over(graph, x, gamma, beta, &axes,
                              &(crn_normalise_attributes){.kind = config->rms_scaling
                                                                      ? CRN_NORMALISE_SPREAD
                                                                      : CRN_NORMALISE_MOMENTS,
                                                          .epsilon = (float)config->epsilon});
}

const crn_layer_type crn_layer_LayerNormalization = {
    .base = {.name = "LayerNormalization",
             .module = "keras.layers",
             .size = sizeof(layer_normalization),
             .fields = layer_fields},
    .infer = infer,
    .lower = layer_lower,
    .supports_masking = true,
    .build = layer_build,
    .built_by_call = true,
};

/* ---- RMSNormalization ---- */

static crn_status rms_build(crn_layer *layer, const crn_type *in, int n_in, crn_error *err)
{
    int64_t shape[CRN_MAX_NDIM];
    int32_t ndim;
    (void)n_in;
    crn_object *ones = crn_object_str(layer->document, "ones");
    if (ones == NULL)
        return crn_arena_fail(layer->document->arena, err);
    CRN_TRY(weight_shape(layer, &in[0], shape, &ndim, err));
    return crn_layer_add_weight(layer, "scale", ndim, shape, true, ones, NULL, NULL, err);
}

/* Keras does not move the scale to its axes: it meets the last ones, as NumPy broadcasts. */
static crn_value rms_lower(const crn_layer *layer, crn_lowering *lowering, const crn_value *in,
                           int n_in)
{
    const rms_normalization *config = layer->config;
    crn_graph *graph = lowering->graph;
    crn_normalization_axes axes;
    const crn_value x = crn_cast(graph, in[0], CRN_FLOAT32);
    const crn_type *type = crn_graph_type(graph, x);
    const crn_value scale = crn_layer_weight_value(layer, lowering, 0);
    const crn_normalise_attributes how = {.kind = CRN_NORMALISE_RMS,
                                          .epsilon = (float)config->epsilon};
    (void)n_in;
    if (crn_normalization_axes_read(layer, config->axis, type, &axes, &graph->error) != CRN_OK)
        return CRN_NO_VALUE;
    if (axes.count == 1 && axes.has[type->ndim - 1])
        return crn_normalize_over(graph, x, scale, CRN_NO_VALUE, &axes, &how);
    return crn_binary(graph,
                      crn_normalize_over(graph, x, CRN_NO_VALUE, CRN_NO_VALUE, &axes, &how),
                      scale, CRN_BINARY_MULTIPLY);
}

const crn_layer_type crn_layer_RMSNormalization = {
    .base = {.name = "RMSNormalization",
             .module = "keras.layers",
             .since = "3.9",
             .size = sizeof(rms_normalization),
             .fields = rms_fields},
    .infer = infer,
    .lower = rms_lower,
    .build = rms_build,
    .built_by_call = true,
};

/* ---- UnitNormalization ---- */

/* Keras 2 bounds the sum of squares, Keras 3 the norm. */
static crn_value unit_lower(const crn_layer *layer, crn_lowering *lowering, const crn_value *in,
                            int n_in)
{
    const unit_normalization *config = layer->config;
    crn_graph *graph = lowering->graph;
    crn_normalization_axes axes;
    const crn_value x = crn_cast(graph, in[0], CRN_FLOAT32);
    (void)n_in;
    if (crn_normalization_axes_read(layer, config->axis, crn_graph_type(graph, x), &axes,
                                    &graph->error) != CRN_OK)
        return CRN_NO_VALUE;
    return crn_normalize_over(
        graph, x, CRN_NO_VALUE, CRN_NO_VALUE, &axes,
        &(crn_normalise_attributes){.kind = layer->keras == 2 ? CRN_NORMALISE_UNIT_SQUARES
                                                              : CRN_NORMALISE_UNIT,
                                    .epsilon = 1e-12f});
}

const crn_layer_type crn_layer_UnitNormalization = {
    .base = {.name = "UnitNormalization",
             .module = "keras.layers",
             .size = sizeof(unit_normalization),
             .fields = unit_fields},
    .infer = infer,
    .lower = unit_lower,
    .supports_masking = true,
};
