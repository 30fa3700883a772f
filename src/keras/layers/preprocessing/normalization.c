/* SPDX-License-Identifier: BSD-3-Clause */
/* Normalization, as keras/src/layers/preprocessing/normalization.py (3.15): (x - mean) /
 * max(sqrt(variance), 1e-7) over the axes that are kept, or the way back. */
#include <math.h>

#include "keras/layers/preprocessing/config_numbers.h"
#include "ops/elementwise.h"

typedef struct normalization {
    crn_layer_config base;
    const crn_object *axis; /* None, an int, or a list of them; the batch is axis 0 */
    const crn_object *mean, *variance;
    bool invert;
} normalization;

static const crn_field fields[] = {
    CRN_PARAM(normalization, axis, OBJECT, "-1", NULL),
    CRN_PARAM(normalization, mean, OBJECT, "None", NULL),
    CRN_PARAM(normalization, variance, OBJECT, "None", NULL),
    CRN_PARAM(normalization, invert, BOOL, "False", NULL),
    CRN_LAYER_FIELDS,
    CRN_FIELDS_END,
};

enum { MEAN, VARIANCE };

static bool is_given(const normalization *config)
{
    return !crn_object_is_none(config->mean);
}

static crn_status check(crn_layer *layer, crn_error *err)
{
    const normalization *config = layer->config;
    if (crn_object_is_none(config->mean) == crn_object_is_none(config->variance))
        return CRN_OK;
    return crn_fail(err, CRN_ARGUMENT,
                    "When setting values directly, both `mean` and `variance` must be set.");
}

/* ---- axes ---- */

static crn_status keep_axis(const crn_layer *layer, const crn_type *in, const crn_object *axis,
                            bool *kept, crn_error *err)
{
    int64_t d = 0;
    char shape[CRN_SHAPE_TEXT];
    const int64_t ndim = in->ndim + 1;
    if (!crn_object_as_int(axis, &d) || d < -ndim || d >= ndim)
        return crn_fail(err, CRN_ARGUMENT,
                        "All `axis` values must be in the range [-ndim, ndim). Received inputs "
                        "with ndim=%lld, while axis=%lld",
                        (long long)ndim, (long long)d);
    d = d < 0 ? d + ndim : d;
    if (d == 0 || in->shape[d - 1] < 0)
        return crn_fail(err, CRN_SHAPE,
                        "All `axis` values to be kept must have a known shape. Layer \"%s\" "
                        "received %s, with unknown axis at index %lld",
                        layer->name, crn_layer_shape_text(in, shape, sizeof shape),
                        (long long)d);
    kept[d - 1] = true;
    return CRN_OK;
}

/* The item's shape with 1 for the axes that are not kept, which mean and variance have. */
static crn_status broadcast_shape(const crn_layer *layer, const crn_type *in, int64_t *shape,
                                  bool *kept, crn_error *err)
{
    const crn_object *axis = ((const normalization *)layer->config)->axis;
    int64_t one;
    for (int32_t i = 0; i < in->ndim; i++)
        kept[i] = false;
    if (crn_object_is(axis, CRN_OBJ_DICT)) /* a tuple's record */
        axis = crn_object_get(axis, "items");
    if (crn_object_as_int(axis, &one))
        CRN_TRY(keep_axis(layer, in, axis, kept, err));
    for (size_t i = 0; i < crn_object_length(axis); i++)
        CRN_TRY(keep_axis(layer, in, crn_object_item(axis, i), kept, err));
    for (int32_t i = 0; i < in->ndim; i++)
        shape[i] = kept[i] ? in->shape[i] : 1;
    return CRN_OK;
}

static crn_status infer(const crn_layer *layer, const crn_type *in, int n_in, crn_type *out,
                        crn_error *err)
{
    int64_t shape[CRN_MAX_NDIM];
    bool kept[CRN_MAX_NDIM];
    CRN_TRY(crn_layer_check_input(layer, in, n_in, 1, err));
    CRN_TRY(broadcast_shape(layer, &in[0], shape, kept, err));
    *out = in[0];
    out->dtype = CRN_FLOAT32;
    out->itemsize = sizeof(float);
    return CRN_OK;
}

static crn_status build(crn_layer *layer, const crn_type *in, int n_in, crn_error *err)
{
    int64_t shape[CRN_MAX_NDIM];
    bool kept[CRN_MAX_NDIM];
    int32_t ndim = 0;
    (void)n_in;
    if (is_given(layer->config))
        return CRN_OK;
    CRN_TRY(broadcast_shape(layer, &in[0], shape, kept, err));
    for (int32_t i = 0; i < in[0].ndim; i++) {
        if (kept[i])
            shape[ndim++] = shape[i];
    }
    crn_object *ones = crn_object_str(layer->document, "ones");
    if (ones == NULL)
        return crn_no_memory(err);
    CRN_TRY(crn_layer_add_weight(layer, "mean", ndim, shape, false, NULL, NULL, NULL, err));
    CRN_TRY(crn_layer_add_weight(layer, "variance", ndim, shape, false, ones, NULL, NULL, err));
    return crn_layer_add_weight_as(
        layer, &(crn_weight_spec){.name = "count", .dtype = CRN_INT64}, err);
}

/* ---- the two constants ---- */

/* values, whose axes are the last of the kept ones, spread over `shape`. */
static crn_status spread(const crn_layer *layer, const crn_array *values, const bool *kept,
                         int32_t ndim, const int64_t *shape, crn_array *out, crn_error *err)
{
    int64_t steps[CRN_MAX_NDIM] = {0}, place[CRN_MAX_NDIM] = {0}, step = 1, at = 0, count = 1;
    int32_t axis = values->ndim;
    for (int32_t i = ndim - 1; i >= 0; i--) {
        count *= shape[i];
        if (!kept[i] || axis == 0)
            continue;
        axis--;
        if (values->shape[axis] != 1 && values->shape[axis] != shape[i])
            break;
        steps[i] = values->shape[axis] == 1 ? 0 : step;
        step *= values->shape[axis];
    }
    if (axis > 0 || (values->ndim > 0 && step != crn_array_size(values)))
        return crn_fail(err, CRN_SHAPE,
                        "Normalization: `mean` or `variance` of layer \"%s\" does not fit the "
                        "input",
                        layer->name);
    CRN_TRY(crn_array_create(CRN_FLOAT32, 0, ndim, shape, out, err));
    for (int64_t j = 0; j < count; j++) {
        ((float *)out->data)[j] = ((const float *)values->data)[at];
        for (int32_t i = ndim - 1; i >= 0; i--) {
            at += steps[i];
            if (++place[i] < shape[i])
                break;
            at -= steps[i] * shape[i];
            place[i] = 0;
        }
    }
    return CRN_OK;
}

/* Of the config or of the weights, spread over the axes of x. */
static crn_status constant(const crn_layer *layer, const crn_type *x, int which, crn_array *out,
                           crn_error *err)
{
    const normalization *config = layer->config;
    crn_array values = CRN_ARRAY_INIT;
    int64_t shape[CRN_MAX_NDIM];
    bool kept[CRN_MAX_NDIM];
    CRN_TRY(broadcast_shape(layer, x, shape, kept, err));
    if (is_given(config))
        CRN_TRY(crn_config_numbers(layer, which == MEAN ? "mean" : "variance",
                                   which == MEAN ? config->mean : config->variance, &values,
                                   err));
    else
        values = crn_array_share(&layer->weights[which].array);
    const crn_status status = spread(layer, &values, kept, x->ndim, shape, out, err);
    crn_array_free(&values);
    return status;
}

static crn_value lower_with(const crn_layer *layer, crn_graph *graph, crn_value x,
                            const crn_array *mean, crn_array *deviation)
{
    const normalization *config = layer->config;
    float *numbers = deviation->data;
    for (int64_t i = 0; i < crn_array_size(deviation); i++) {
        const float root = sqrtf(numbers[i]);
        numbers[i] = root < 1e-7f ? 1e-7f : root;
    }
    const crn_value shift = crn_graph_constant(graph, mean);
    const crn_value factor = crn_graph_constant(graph, deviation);
    x = crn_cast(graph, x, CRN_FLOAT32);
    if (config->invert)
        return crn_binary(graph, shift, crn_binary(graph, x, factor, CRN_BINARY_MULTIPLY),
                          CRN_BINARY_ADD);
    if (mean->ndim == 1 && mean->shape[0] == crn_graph_type(graph, x)->shape[0])
        return crn_scale(graph, x, CRN_SCALE_SUBTRACT_DIVIDE, shift, factor);
    return crn_binary(graph, crn_binary(graph, x, shift, CRN_BINARY_SUBTRACT), factor,
                      CRN_BINARY_DIVIDE);
}

static crn_value lower(const crn_layer *layer, crn_lowering *lowering, const crn_value *in,
                       int n_in)
{
    crn_graph *graph = lowering->graph;
    const crn_type *x = crn_graph_type(graph, in[0]);
    crn_array mean = CRN_ARRAY_INIT, deviation = CRN_ARRAY_INIT;
    crn_value y = CRN_NO_VALUE;
    (void)n_in;
    for (size_t i = 0; lowering->training && i < layer->weight_count; i++)
        (void)crn_layer_weight_value(layer, lowering, i); /* they are there, and stay */
    if (constant(layer, x, MEAN, &mean, &graph->error) == CRN_OK &&
        constant(layer, x, VARIANCE, &deviation, &graph->error) == CRN_OK)
        y = lower_with(layer, graph, in[0], &mean, &deviation);
    crn_array_free(&mean);
    crn_array_free(&deviation);
    return y;
}

const crn_layer_type crn_layer_Normalization = {
    .base = {.name = "Normalization",
             .module = "keras.layers",
             .size = sizeof(normalization),
             .fields = fields},
    .infer = infer,
    .lower = lower,
    .supports_masking = true,
    .build = build,
    .built_by_call = true,
    .check = check,
};
