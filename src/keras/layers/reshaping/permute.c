/* SPDX-License-Identifier: BSD-3-Clause */
/* Permute, as keras/src/layers/reshaping/permute.py (3.15): the axes of each item in another
 * order; dims counts them from 1. */
#include "keras/layers/layer.h"
#include "ops/tensor.h"

typedef struct permute {
    crn_layer_config base;
    const crn_object *dims;
    int32_t ndim;
    int32_t order[CRN_MAX_NDIM]; /* dims, from 0 */
} permute;

static const crn_field fields[] = {
    CRN_PARAM(permute, dims, OBJECT, NULL, NULL),
    CRN_LAYER_FIELDS,
    CRN_FIELDS_END,
};

static crn_status check(crn_layer *layer, crn_error *err)
{
    permute *config = layer->config;
    const size_t count = crn_object_length(config->dims);
    uint64_t seen = 0;
    bool fits = count > 0 && count < CRN_MAX_NDIM &&
                (crn_object_is(config->dims, CRN_OBJ_LIST) ||
                 crn_object_is(config->dims, CRN_OBJ_TUPLE));
    for (size_t i = 0; i < count && fits; i++) {
        int64_t dim;
        fits = crn_object_as_int(crn_object_item(config->dims, i), &dim) && dim >= 1 &&
               dim <= (int64_t)count && !(seen >> dim & 1);
        seen |= fits ? (uint64_t)1 << dim : 0;
        config->order[i] = fits ? (int32_t)dim - 1 : 0;
    }
    config->ndim = (int32_t)count;
    if (fits)
        return CRN_OK;
    return crn_fail(err, CRN_ARGUMENT,
                    "Invalid permutation argument `dims` for Permute Layer. The set of indices "
                    "in `dims` must be consecutive and start from 1.");
}

static crn_status infer(const crn_layer *layer, const crn_type *in, int n_in, crn_type *out,
                        crn_error *err)
{
    const permute *config = layer->config;
    char shape[CRN_SHAPE_TEXT];
    CRN_TRY(crn_layer_check_input(layer, in, n_in, config->ndim + 1, err));
    if (in[0].ndim != config->ndim)
        return crn_fail(err, CRN_SHAPE,
                        "Input 0 of layer \"%s\" is incompatible with the layer: expected "
                        "ndim=%d, found ndim=%d. Full shape received: %s",
                        layer->name, config->ndim + 1, in[0].ndim + 1,
                        crn_layer_shape_text(&in[0], shape, sizeof shape));
    *out = in[0];
    for (int32_t i = 0; i < config->ndim; i++)
        out->shape[i] = in[0].shape[config->order[i]];
    return CRN_OK;
}

static crn_value lower(const crn_layer *layer, crn_lowering *lowering, const crn_value *in,
                       int n_in)
{
    (void)n_in;
    return crn_permute(lowering->graph, in[0], ((const permute *)layer->config)->order);
}

const crn_layer_type crn_layer_Permute = {
    .base = {.name = "Permute",
             .module = "keras.layers",
             .size = sizeof(permute),
             .fields = fields},
    .infer = infer,
    .lower = lower,
    .check = check,
};
