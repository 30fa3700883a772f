/* SPDX-License-Identifier: BSD-3-Clause */
/* Calling a layer: its shapes, its weights, its operations, and the arguments that stand beside
 * the tensors (keras/src/layers/layer.py, 3.15). */
#include <string.h>

#include "keras/dtype_policy.h"
#include "keras/layers/layer.h"

crn_status crn_layer_infer(const crn_layer *layer, crn_layer_shapes *call, crn_error *err)
{
    call->n_out = 1;
    if (layer->type->infer_many != NULL)
        return layer->type->infer_many(layer, call, err);
    return layer->type->infer(layer, call->in, call->n_in, &call->out[0], err);
}

crn_status crn_layer_build(crn_layer *layer, const crn_type *in, int n_in, crn_error *err)
{
    if (layer->built)
        return CRN_OK;
    layer->n_in = n_in;
    if (n_in > 0)
        layer->input = in[0];
    if (layer->type->build != NULL)
        CRN_TRY(layer->type->build(layer, in, n_in, err));
    layer->built = true;
    return CRN_OK;
}

static void lower(const crn_layer *layer, crn_lowering *lowering, crn_layer_io *io)
{
    if (layer->type->lower_many != NULL) {
        layer->type->lower_many(layer, lowering, io);
        return;
    }
    io->out[0] = layer->type->lower(layer, lowering, io->in, io->n_in);
    if (layer->type->supports_masking && io->n_in > 0)
        io->out_masks[0] = io->in_masks[0];
}

/* Inputs are cast to the precision of the layer, and what it gives is of that precision. */
void crn_layer_lower(const crn_layer *layer, crn_lowering *lowering, crn_layer_io *io)
{
    crn_value in[CRN_MOST_TENSORS];
    crn_layer_io call = *io;
    call.n_out = 1;
    for (int i = 0; i < CRN_MOST_TENSORS; i++)
        io->out[i] = io->out_masks[i] = CRN_NO_VALUE;
    const bool own = layer->compute != CRN_NO_DTYPE;
    for (int i = 0; i < io->n_in; i++)
        in[i] =
            own ? crn_dtype_policy_cast(lowering->graph, io->in[i], layer->compute) : io->in[i];
    call.in = in;
    lower(layer, lowering, &call);
    io->n_out = call.n_out;
    const bool half = layer->compute == CRN_FLOAT16 || layer->compute == CRN_BFLOAT16;
    for (int i = 0; half && i < io->n_out; i++)
        io->out[i] = crn_dtype_policy_cast(lowering->graph, io->out[i], layer->compute);
}

/* ---- arguments ---- */

const crn_object *crn_layer_argument(const crn_layer_arguments *arguments, const char *name,
                                     int place)
{
    if (arguments == NULL)
        return NULL;
    const crn_object *named = crn_object_get(arguments->kwargs, name);
    if (named != NULL || place < 0)
        return named;
    return crn_object_item(arguments->args, (size_t)place);
}

int crn_layer_argument_tensor(const crn_layer_arguments *arguments, const crn_object *argument)
{
    for (int i = 0; arguments != NULL && argument != NULL && i < arguments->tensor_count; i++) {
        if (arguments->tensors[i] == argument)
            return i;
    }
    return -1;
}
