/* SPDX-License-Identifier: BSD-3-Clause */
/* reshape: another shape for the same elements. An alias: the plan runs nothing for it. */
#include <string.h>

#include "ops/infer.h"
#include "ops/rows.h"

typedef struct reshape_attributes {
    int32_t ndim;
    int64_t shape[CRN_MAX_NDIM]; /* one may be -1 */
} reshape_attributes;

/* The length that -1 stands for; -1 when the known lengths do not divide the size. */
static int64_t missing_length(const reshape_attributes *a, int64_t size)
{
    int64_t known = 1;
    for (int32_t i = 0; i < a->ndim; i++) {
        if (a->shape[i] >= 0 && __builtin_mul_overflow(known, a->shape[i], &known))
            return -1;
    }
    return known > 0 && size % known == 0 ? size / known : -1;
}

static crn_status reshape_infer(const void *attributes, const crn_type *in, int n_in,
                                crn_type *out, crn_error *err)
{
    const reshape_attributes *a = attributes;
    CRN_TRY(crn_infer_count("reshape", n_in, 1, 1, err));
    CRN_TRY(crn_infer_present("reshape", &in[0], err));
    if (a->ndim < 0 || a->ndim > CRN_MAX_NDIM - 1)
        return crn_fail(err, CRN_SHAPE, "reshape: %d axes, at most %d are allowed",
                        (int)a->ndim, CRN_MAX_NDIM - 1);
    int64_t size = crn_type_size(&in[0]);
    int64_t product = 1;
    int unknown = 0;
    out[0] = in[0];
    out[0].ndim = a->ndim;
    for (int32_t i = 0; i < a->ndim; i++) {
        unknown += a->shape[i] < 0;
        out[0].shape[i] = a->shape[i] < 0 ? missing_length(a, size) : a->shape[i];
        if (out[0].shape[i] < 0 || __builtin_mul_overflow(product, out[0].shape[i], &product))
            product = -1;
        if (product < 0)
            break;
    }
    if (unknown > 1 || product != size)
        return crn_fail(err, CRN_SHAPE,
                        "reshape: an item of %lld elements does not fit the new shape",
                        (long long)size);
    return CRN_OK;
}

/* For runners that do not know aliases (training keeps every value apart). */
static void reshape_forward(const crn_call *call)
{
    const crn_type *type = &call->out_types[0];
    if (call->out[0] != call->in[0])
        memcpy(call->out[0], call->in[0],
               (size_t)(crn_type_count(type, call->rows) * type->itemsize));
}

const crn_op crn_op_reshape = {
    .name = "reshape",
    .attributes_size = sizeof(reshape_attributes),
    .flags = CRN_OP_ALIAS,
    .n_out = 1,
    .infer = reshape_infer,
    .forward = reshape_forward,
};

crn_value crn_reshape(crn_graph *graph, crn_value x, int32_t ndim, const int64_t *shape)
{
    reshape_attributes attributes = {.ndim = ndim};
    for (int32_t i = 0; i < ndim && i < CRN_MAX_NDIM; i++)
        attributes.shape[i] = shape[i];
    return crn_graph_add(graph, &crn_op_reshape, &attributes, &x, 1);
}
