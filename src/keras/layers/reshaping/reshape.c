/* SPDX-License-Identifier: BSD-3-Clause */
/* Reshape, as keras/src/layers/reshaping/reshape.py (3.15): another shape for each item, in
 * which one length may be -1. */
#include "keras/layers/layer.h"
#include "ops/rows.h"

typedef struct reshape {
    crn_layer_config base;
    const crn_object *target_shape;
    int32_t ndim;
    int64_t shape[CRN_MAX_NDIM];
} reshape;

static const crn_field fields[] = {
    CRN_PARAM(reshape, target_shape, OBJECT, NULL, NULL),
    CRN_LAYER_FIELDS,
    CRN_FIELDS_END,
};

static crn_status check(crn_layer *layer, crn_error *err)
{
    reshape *config = layer->config;
    const crn_object *target = config->target_shape;
    size_t count = crn_object_length(target);
    int open = 0;
    bool fits = crn_object_is(target, CRN_OBJ_LIST) || crn_object_is(target, CRN_OBJ_TUPLE);
    fits = fits && count < CRN_MAX_NDIM;
    for (size_t i = 0; i < count && fits; i++) {
        int64_t *length = &config->shape[i];
        fits = crn_object_as_int(crn_object_item(target, i), length) && *length >= -1;
        open += fits && *length == -1;
    }
    config->ndim = (int32_t)count;
    if (fits && open <= 1)
        return CRN_OK;
    return crn_fail(err, CRN_ARGUMENT,
                    "There must be at most one unknown dimension (-1) in target_shape, and its "
                    "other elements must be ints; at most %d of them",
                    CRN_MAX_NDIM - 1);
}

/* Product of the lengths that are known; *open is set when one is not. False on overflow. */
static bool known_size(int32_t ndim, const int64_t *shape, int64_t *size, bool *open)
{
    *size = 1;
    *open = false;
    for (int32_t i = 0; i < ndim; i++) {
        if (shape[i] < 0)
            *open = true;
        else if (__builtin_mul_overflow(*size, shape[i], size))
            return false;
    }
    return true;
}

static crn_status infer(const crn_layer *layer, const crn_type *in, int n_in, crn_type *out,
                        crn_error *err)
{
    const reshape *config = layer->config;
    int64_t have = 0, want = 0;
    bool unknown = false, open = false;
    char from[CRN_SHAPE_TEXT], to[CRN_SHAPE_TEXT];
    CRN_TRY(crn_layer_check_input(layer, in, n_in, 1, err));
    bool fits = known_size(in[0].ndim, in[0].shape, &have, &unknown) &&
                known_size(config->ndim, config->shape, &want, &open);
    if (fits && !unknown)
        fits = open ? want > 0 && have % want == 0 : have == want;
    *out = crn_type_rows(in[0].dtype, config->ndim, config->shape);
    if (!fits)
        return crn_fail(err, CRN_SHAPE,
                        "The total size of the tensor must be unchanged. Received: "
                        "input_shape=%s, target_shape=%s",
                        crn_layer_shape_text(&in[0], from, sizeof from),
                        crn_layer_shape_text(out, to, sizeof to));
    for (int32_t i = 0; i < out->ndim && !unknown; i++) {
        if (out->shape[i] < 0)
            out->shape[i] = have / want;
    }
    return CRN_OK;
}

static crn_value lower(const crn_layer *layer, crn_lowering *lowering, const crn_value *in,
                       int n_in)
{
    const reshape *config = layer->config;
    (void)n_in;
    return crn_reshape(lowering->graph, in[0], config->ndim, config->shape);
}

const crn_layer_type crn_layer_Reshape = {
    .base = {.name = "Reshape",
             .module = "keras.layers",
             .size = sizeof(reshape),
             .fields = fields},
    .infer = infer,
    .lower = lower,
    .trains = true,
    .in_float64 = true,
    .check = check,
};
