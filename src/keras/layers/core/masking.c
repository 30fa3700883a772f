/* SPDX-License-Identifier: BSD-3-Clause */
/* Masking, as keras/src/layers/core/masking.py (3.15): steps of a sequence whose numbers are all
 * mask_value are hidden from the layers that read masks, and become zeros. */
#include "keras/layers/layer.h"
#include "ops/tensor.h"

typedef struct masking {
    crn_layer_config base;
    const crn_object *mask_value; /* a number, or NumPy's as a record */
} masking;

static const crn_field fields[] = {
    CRN_PARAM(masking, mask_value, OBJECT, "0.0", NULL),
    CRN_LAYER_FIELDS,
    CRN_FIELDS_END,
};

static bool read_value(const crn_object *value, double *out)
{
    if (crn_object_is(value, CRN_OBJ_DICT)) {
        const crn_object *config = crn_object_get(value, "config");
        value = crn_object_get(crn_object_is(config, CRN_OBJ_DICT) ? config : value, "value");
    }
    return value != NULL && crn_object_as_double(value, out);
}

static crn_status check(crn_layer *layer, crn_error *err)
{
    double value;
    if (read_value(((const masking *)layer->config)->mask_value, &value))
        return CRN_OK;
    return crn_fail(err, CRN_UNSUPPORTED,
                    "Masking: a mask_value other than one number is not supported");
}

static crn_status infer(const crn_layer *layer, const crn_type *in, int n_in, crn_type *out,
                        crn_error *err)
{
    CRN_TRY(crn_layer_check_input(layer, in, n_in, 2, err));
    *out = in[0];
    return CRN_OK;
}

static void lower(const crn_layer *layer, crn_lowering *lowering, crn_layer_io *io)
{
    crn_graph *graph = lowering->graph;
    double value = 0.0;
    (void)read_value(((const masking *)layer->config)->mask_value, &value);
    const crn_value x = io->in[0];
    const crn_type type = *crn_graph_type(graph, x);
    const crn_value differs =
        crn_pairwise(graph, x, crn_number(graph, type.dtype, value), CRN_PAIR_NOT_EQUAL);
    const crn_value mask = crn_reduce_axis(graph, differs, CRN_AXIS_ANY, type.ndim - 1);
    io->out[0] = crn_choose(graph, crn_expand_axis(graph, mask, type.ndim - 1), x,
                            crn_number(graph, type.dtype, 0.0));
    io->out_masks[0] = mask;
}

const crn_layer_type crn_layer_Masking = {
    .base = {.name = "Masking",
             .module = "keras.layers",
             .size = sizeof(masking),
             .fields = fields},
    .infer = infer,
    .lower_many = lower,
    .check = check,
};
