/* SPDX-License-Identifier: BSD-3-Clause */
/* fold, unfold: the first axis of the item into the rows and back, so that (rows, T, ...) is
 * computed on as (rows * T, ...). Aliases: the same elements in the same order. */
#include <string.h>

#include "ops/infer.h"
#include "ops/rows.h"

typedef struct unfold_attributes {
    int64_t length;
} unfold_attributes;

static crn_status check_input(const char *name, const crn_type *in, int n_in, crn_error *err)
{
    CRN_TRY(crn_infer_count(name, n_in, 1, 1, err));
    CRN_TRY(crn_infer_present(name, &in[0], err));
    if (in[0].rows && !in[0].sparse)
        return CRN_OK;
    return crn_fail(err, CRN_ARGUMENT, "%s: takes dense values with rows", name);
}

static crn_status fold_infer(const void *attributes, const crn_type *in, int n_in,
                             crn_type *out, crn_error *err)
{
    int64_t fold;
    (void)attributes;
    CRN_TRY(check_input("fold", in, n_in, err));
    if (in[0].ndim < 1 || in[0].shape[0] < 1 ||
        __builtin_mul_overflow(crn_type_fold(&in[0]), in[0].shape[0], &fold))
        return crn_fail(err, CRN_SHAPE, "fold: the item has no axis to fold");
    out[0] = in[0];
    out[0].fold = fold;
    out[0].ndim--;
    memmove(out[0].shape, out[0].shape + 1, (size_t)out[0].ndim * sizeof *out[0].shape);
    return CRN_OK;
}

static crn_status unfold_infer(const void *attributes, const crn_type *in, int n_in,
                               crn_type *out, crn_error *err)
{
    const unfold_attributes *a = attributes;
    CRN_TRY(check_input("unfold", in, n_in, err));
    const int64_t fold = crn_type_fold(&in[0]);
    if (a->length < 1 || fold % a->length != 0 || in[0].ndim >= CRN_MAX_NDIM - 1)
        return crn_fail(err, CRN_SHAPE, "unfold: %lld items of a row are not %lld",
                        (long long)fold, (long long)a->length);
    out[0] = in[0];
    out[0].fold = fold / a->length;
    memmove(out[0].shape + 1, in[0].shape, (size_t)in[0].ndim * sizeof *out[0].shape);
    out[0].shape[0] = a->length;
    out[0].ndim++;
    return CRN_OK;
}

/* For runners that do not know aliases. */
static void copy_forward(const crn_call *call)
{
    const crn_type *type = &call->in_types[0];
    if (call->out[0] != call->in[0])
        memcpy(call->out[0], call->in[0],
               (size_t)(crn_type_count(type, call->rows) * type->itemsize));
}

const crn_op crn_op_fold = {
    .name = "fold",
    .flags = CRN_OP_ALIAS | CRN_OP_FOLDS,
    .n_out = 1,
    .infer = fold_infer,
    .forward = copy_forward,
};

const crn_op crn_op_unfold = {
    .name = "unfold",
    .attributes_size = sizeof(unfold_attributes),
    .flags = CRN_OP_ALIAS | CRN_OP_FOLDS,
    .n_out = 1,
    .infer = unfold_infer,
    .forward = copy_forward,
};

static crn_value add(crn_graph *graph, const crn_op *op, const void *attributes, crn_value x)
{
    if (graph->training)
        return crn_graph_fail(graph, CRN_UNSUPPORTED,
                              "training cannot pass through an axis folded into the rows");
    return crn_graph_add(graph, op, attributes, &x, 1);
}

crn_value crn_fold(crn_graph *graph, crn_value x)
{
    return add(graph, &crn_op_fold, NULL, x);
}

crn_value crn_unfold(crn_graph *graph, crn_value x, int64_t length)
{
    const unfold_attributes attributes = {.length = length};
    return add(graph, &crn_op_unfold, &attributes, x);
}
