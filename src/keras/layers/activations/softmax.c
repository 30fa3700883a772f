/* SPDX-License-Identifier: BSD-3-Clause */
/* Softmax, as keras/src/layers/activations/softmax.py (3.15), over one axis. */
#include "keras/layers/layer.h"
#include "ops/rows.h"

typedef struct softmax {
    crn_layer_config base;
    const crn_object *axis; /* an int, or a list of one */
} softmax;

static const crn_field fields[] = {
    CRN_PARAM(softmax, axis, OBJECT, "-1", NULL),
    CRN_LAYER_FIELDS,
    CRN_FIELDS_END,
};

/* The axis as one of the item's, counted from 0; CRN_ARGUMENT when it is the batch's or none.
 */
static crn_status find_axis(const crn_layer *layer, const crn_type *in, int32_t *out,
                            crn_error *err)
{
    const crn_object *axis = ((const softmax *)layer->config)->axis;
    int64_t value;
    if (crn_object_length(axis) == 1)
        axis = crn_object_item(axis, 0);
    if (axis == NULL || !crn_object_as_int(axis, &value))
        return crn_fail(err, CRN_UNSUPPORTED,
                        "Softmax: an axis other than one int is not supported");
    if (value < 0)
        value += in->ndim + 1;
    if (value < 1 || value > in->ndim)
        return crn_fail(err, CRN_ARGUMENT,
                        "Softmax: axis %lld is none of the %d axes of an item",
                        (long long)value, in->ndim);
    *out = (int32_t)value - 1;
    return CRN_OK;
}

static crn_status infer(const crn_layer *layer, const crn_type *in, int n_in, crn_type *out,
                        crn_error *err)
{
    int32_t axis;
    CRN_TRY(crn_layer_same_shape(layer, in, n_in, out, err));
    return find_axis(layer, in, &axis, err);
}

static crn_value lower(const crn_layer *layer, crn_lowering *lowering, const crn_value *in,
                       int n_in)
{
    int32_t axis;
    crn_graph *graph = lowering->graph;
    (void)n_in;
    if (find_axis(layer, crn_graph_type(graph, in[0]), &axis, &graph->error) != CRN_OK)
        return CRN_NO_VALUE;
    return crn_softmax(graph, in[0], CRN_SOFTMAX, axis);
}

const crn_layer_type crn_layer_Softmax = {
    .base = {.name = "Softmax",
             .module = "keras.layers",
             .size = sizeof(softmax),
             .fields = fields},
    .infer = infer,
    .lower = lower,
    .supports_masking = true,
};
