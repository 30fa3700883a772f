/* SPDX-License-Identifier: BSD-3-Clause */
/* Gives constant weights the layout in which their product is faster on this CPU: transposed, for
 * few outputs, or packed. */
#include "ops/affine.h"
#include "ops/recurrence.h"
#include "plan/steps.h"

/* Copies of larger weights cost more memory than they save time. */
enum { MOST_ELEMENTS = 16 * 1024 * 1024 };

/* A new constant: the transpose of a matrix of float32 or float64. */
static crn_value transpose(crn_graph *graph, crn_value weights)
{
    const crn_array *from = &graph->values[weights].array;
    int64_t rows = from->shape[0], columns = from->shape[1];
    crn_array to = CRN_ARRAY_INIT;
    if (crn_array_create(from->dtype, 0, 2, (int64_t[]){columns, rows}, &to, &graph->error) !=
        CRN_OK)
        return CRN_NO_VALUE;
    for (int64_t i = 0; i < rows; i++) {
        for (int64_t j = 0; j < columns; j++) {
            if (from->dtype == CRN_FLOAT32)
                ((float *)to.data)[j * rows + i] = ((const float *)from->data)[i * columns + j];
            else
                ((double *)to.data)[j * rows + i] =
                    ((const double *)from->data)[i * columns + j];
        }
    }
    crn_value made = crn_graph_constant(graph, &to);
    crn_array_free(&to);
    return made;
}

/* Whether dot products save at least an eighth of the steps: packed weights are read with fewer
 * loads, and not at all where a row is zero. */
static bool prefers_dots(const crn_type *weights, bool transposed)
{
    const crn_kernels *k = crn_kernels_best();
    int64_t n_in = weights->shape[transposed ? 1 : 0];
    int64_t n_out = weights->shape[transposed ? 0 : 1];
    int64_t (*steps)(int64_t, int64_t, int) =
        weights->dtype == CRN_FLOAT32 ? k->affine_steps_f32 : k->affine_steps_f64;
    const int64_t packed = steps(n_in, n_out, 0);
    return steps(n_in, n_out, 1) < packed - packed / 8;
}

/* A new constant: the weights packed. */
static crn_value pack(crn_graph *graph, crn_value weights, bool transposed)
{
    const crn_kernels *k = crn_kernels_best();
    const crn_array *from = &graph->values[weights].array;
    const int64_t n_in = from->shape[transposed ? 1 : 0],
                  n_out = from->shape[transposed ? 0 : 1];
    const int64_t k_step = transposed ? 1 : n_out, j_step = transposed ? n_in : 1;
    const bool narrow = from->dtype == CRN_FLOAT32;
    const int64_t size =
        (narrow ? k->product_packed_size_f32 : k->product_packed_size_f64)(n_in, n_out);
    crn_array to = CRN_ARRAY_INIT;
    if (crn_array_create(from->dtype, 0, 2, (int64_t[]){n_in, size / n_in}, &to,
                         &graph->error) != CRN_OK)
        return CRN_NO_VALUE;
    if (narrow)
        k->product_pack_f32(n_in, n_out, from->data, k_step, j_step, to.data);
    else
        k->product_pack_f64(n_in, n_out, from->data, k_step, j_step, to.data);
    crn_value made = crn_graph_constant(graph, &to);
    crn_array_free(&to);
    return made;
}

static bool is_finite(const crn_array *weights)
{
    const crn_kernels *k = crn_kernels_best();
    const int64_t n = weights->shape[0] * weights->shape[1];
    return weights->dtype == CRN_FLOAT32 ? k->all_finite_f32(n, weights->data)
                                         : k->all_finite_f64(n, weights->data);
}

static crn_status arrange(crn_graph *graph, crn_graph_node *node, crn_error *err)
{
    crn_affine_attributes *a = node->attributes;
    const crn_type *weights = crn_graph_type(graph, node->in[1]);
    const bool sparse = crn_graph_type(graph, node->in[0])->sparse;
    if (crn_type_size(weights) > MOST_ELEMENTS || crn_type_size(weights) == 0)
        return CRN_OK;
    /* The entries of a sparse row pick rows of (in, out) weights. */
    const bool dots =
        sparse ? a->transposed && weights->shape[0] == 1 : prefers_dots(weights, a->transposed);
    if (!dots && !sparse) {
        a->finite = is_finite(&graph->values[node->in[1]].array);
        node->in[1] = pack(graph, node->in[1], a->transposed);
        a->packed = true;
    } else if (dots != a->transposed && (!sparse || a->transposed)) {
        node->in[1] = transpose(graph, node->in[1]);
    }
    if (!sparse || a->transposed)
        a->transposed = dots;
    return crn_graph_status(graph, err);
}

crn_status crn_plan_arrange_weights(crn_graph *graph, crn_error *err)
{
    for (size_t i = 0; i < graph->node_count; i++) {
        crn_graph_node *node = &graph->nodes[i];
        crn_recurrence_pack(graph, node);
        CRN_TRY(crn_graph_status(graph, err));
        if (node->op == &crn_op_affine && graph->values[node->in[1]].role == CRN_VALUE_CONSTANT)
            CRN_TRY(arrange(graph, node, err));
    }
    return CRN_OK;
}
