/* SPDX-License-Identifier: BSD-3-Clause */
/* tree_path: the nodes on the way to each row's leaves. Inputs: leaves, first, parents. */
#include "ops/tree_path.h"

#include "ops/infer.h"
#include "ops/sparse.h"

enum { LEAVES, FIRST, PARENTS, INPUTS };

static crn_status tree_path_infer(const void *attributes, const crn_type *in, int n_in,
                                  crn_type *out, crn_error *err)
{
    (void)attributes;
    CRN_TRY(crn_infer_count("tree_path", n_in, INPUTS, INPUTS, err));
    for (int k = 0; k < INPUTS; k++) {
        if (in[k].dtype != CRN_INT64 || in[k].ndim != 1 || in[k].rows != (k == LEAVES))
            return crn_fail(err, CRN_ARGUMENT, "tree_path: takes leaves, places and parents");
    }
    if (in[LEAVES].shape[0] != in[FIRST].shape[0])
        return crn_infer_misfit("tree_path", &in[LEAVES], &in[FIRST], err);
    if (in[PARENTS].shape[0] < 1 || in[PARENTS].shape[0] > INT32_MAX)
        return crn_fail(err, CRN_SHAPE, "tree_path: %lld nodes",
                        (long long)in[PARENTS].shape[0]);
    out[0] = crn_type_sparse(CRN_INT64, in[PARENTS].shape[0]);
    return CRN_OK;
}

static int64_t length_of(const int64_t *parents, int64_t column)
{
    int64_t length = 0;
    for (; column >= 0; column = parents[column])
        length++;
    return length;
}

static void tree_path_forward(const crn_call *call)
{
    const int64_t *leaves = call->in[LEAVES], *first = call->in[FIRST];
    const int64_t *parents = call->in[PARENTS];
    const int64_t trees = call->in_types[LEAVES].shape[0];
    crn_sparse *out = call->out[0];
    int64_t end = 0;
    for (int64_t row = 0; row < call->rows; row++) {
        out->starts[row] = end;
        for (int64_t t = 0; t < trees; t++) {
            int64_t column = first[t] + leaves[row * trees + t];
            const int64_t length = length_of(parents, column);
            if (!crn_sparse_reserve(call, 0, end + length))
                return;
            end += length;
            for (int64_t at = end - 1; column >= 0; column = parents[column], at--) {
                out->indices[at] = (int32_t)column;
                ((int64_t *)out->values)[at] = 1;
            }
        }
    }
    out->starts[call->rows] = end;
}

static void tree_path_cost(const void *attributes, const crn_type *in, const crn_type *out,
                           crn_cost *cost)
{
    (void)attributes;
    int64_t levels = 1;
    for (int64_t n = out[0].shape[0] / in[FIRST].shape[0]; n > 2; n /= 2)
        levels++;
    cost->multiply_adds = 4.0 * (double)(levels * in[FIRST].shape[0]);
    cost->bytes = (double)(crn_type_size(&in[PARENTS]) * in[PARENTS].itemsize);
}

const crn_op crn_op_tree_path = {
    .name = "tree_path",
    .n_out = 1,
    .infer = tree_path_infer,
    .forward = tree_path_forward,
    .cost = tree_path_cost,
};

crn_value crn_tree_path(crn_graph *graph, crn_value leaves, crn_value first, crn_value parents)
{
    const crn_value in[INPUTS] = {leaves, first, parents};
    return crn_graph_add(graph, &crn_op_tree_path, NULL, in, INPUTS);
}
