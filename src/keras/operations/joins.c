/* SPDX-License-Identifier: BSD-3-Clause */
/* Operations that bring tensors together: concatenate, stack, matmul; and softmax, glu and
 * one_hot along an axis (keras/src/ops/numpy.py, nn.py, 3.15). */
#include <string.h>

#include "keras/operations/operation.h"
#include "ops/elementwise.h"

/* A constant among them is the same for every row. */
static bool give_rows(crn_operation_call *call, crn_value *values, int count)
{
    for (int i = 0; i < count; i++) {
        if (!crn_graph_type(call->graph, values[i])->rows)
            values[i] = crn_repeat(call->graph, call->io->in[0], values[i]);
    }
    return call->graph->error.code == CRN_OK;
}

static bool read_list(crn_operation_call *call, crn_value *values, int *count)
{
    *count = crn_operation_tensors(call, "xs x values arrays", 0, values);
    return *count > 0 && crn_operation_promote(call, values, *count, false) &&
           give_rows(call, values, *count);
}

void crn_lower_concatenate(crn_operation_call *call)
{
    crn_value values[CRN_MOST_TENSORS];
    int count;
    int32_t axis = 0;
    if (!read_list(call, values, &count))
        return;
    const int32_t ndim = crn_graph_type(call->graph, values[0])->ndim;
    if (call->kind == 0 &&
        !crn_operation_axis(call, crn_operation_argument(call, "axis", -1), ndim, &axis))
        return;
    call->io->out[0] = crn_concat(call->graph, values, count, axis); /* hstack: axis 1 */
}

void crn_lower_append(crn_operation_call *call)
{
    int32_t axis;
    crn_value values[] = {crn_operation_tensor(call, "x1", 0),
                          crn_operation_tensor(call, "x2", 1)};
    if (call->graph->error.code != CRN_OK || !crn_operation_promote(call, values, 2, false) ||
        !give_rows(call, values, 2) ||
        !crn_operation_axis(call, crn_operation_argument(call, "axis", -1),
                            crn_graph_type(call->graph, values[0])->ndim, &axis))
        return;
    call->io->out[0] = crn_concat(call->graph, values, 2, axis);
}

void crn_lower_stack(crn_operation_call *call)
{
    crn_value values[CRN_MOST_TENSORS];
    int count;
    int32_t axis;
    if (!read_list(call, values, &count))
        return;
    const int32_t ndim = crn_graph_type(call->graph, values[0])->ndim;
    if (!crn_operation_axis(call, crn_operation_argument(call, "axis", -1), ndim + 1, &axis))
        return;
    for (int i = 0; i < count; i++)
        values[i] = crn_expand_axis(call->graph, values[i], axis);
    call->io->out[0] = crn_concat(call->graph, values, count, axis);
}

/* ---- matmul ---- */

/* The last two axes exchanged, where TensorFlow's transpose_a or transpose_b says so. */
static crn_value turned(crn_operation_call *call, crn_value x, const char *option)
{
    const int32_t ndim = crn_graph_type(call->graph, x)->ndim;
    int32_t order[CRN_MAX_NDIM] = {0};
    if (!crn_operation_flag(call, option, false) || ndim < 2)
        return x;
    for (int32_t i = 0; i < ndim; i++)
        order[i] = i < ndim - 2 ? i : 2 * ndim - 3 - i;
    return crn_permute(call->graph, x, order);
}

/* Rows of vectors are matrices of one row each; a matrix of rows is (rows, 1, k). */
void crn_lower_matmul(crn_operation_call *call)
{
    crn_graph *graph = call->graph;
    crn_value a = crn_operation_float(call, crn_operation_tensor(call, "x1 a", 0));
    crn_value b = crn_operation_float(call, crn_operation_tensor(call, "x2 b", 1));
    if (graph->error.code != CRN_OK)
        return;
    a = turned(call, a, "transpose_a");
    b = turned(call, b, "transpose_b");
    const crn_type left = *crn_graph_type(graph, a), right = *crn_graph_type(graph, b);
    const bool vector = left.rows && left.ndim == 1;
    if (!left.rows || left.ndim < 1 || (right.rows && (vector || right.ndim != left.ndim)) ||
        right.ndim < 2 || right.ndim > left.ndim + 1) {
        crn_operation_refuse(call, "a product that mixes rows, or of a vector,");
        return;
    }
    if (vector)
        a = crn_expand_axis(graph, a, 0);
    crn_value out = crn_matmul(graph, a, b);
    if (vector)
        out = crn_reshape(graph, out, 1, &right.shape[right.ndim - 1]);
    call->io->out[0] = out;
}

/* ---- along an axis ---- */

static bool read_axes(crn_operation_call *call, crn_value *x, int32_t *axes, int32_t *count)
{
    static const crn_object last = {.kind = CRN_OBJ_INT, .as.integer = -1};
    const crn_object *given = crn_operation_argument(call, "axis", -1);
    *x = crn_operation_float(call, crn_operation_tensor(call, "x logits", 0));
    if (call->graph->error.code != CRN_OK)
        return false;
    *count = crn_operation_axes(call, given != NULL ? given : &last,
                                crn_graph_type(call->graph, *x)->ndim, axes);
    return *count > 0;
}

void crn_lower_softmax(crn_operation_call *call)
{
    crn_value x;
    int32_t axes[CRN_MAX_NDIM], count;
    if (!read_axes(call, &x, axes, &count))
        return;
    call->io->out[0] =
        crn_softmax_axes(call->graph, x, (crn_softmax_kind)call->kind, axes, count);
}

void crn_lower_glu(crn_operation_call *call)
{
    crn_value x;
    int32_t axes[CRN_MAX_NDIM], count;
    if (read_axes(call, &x, axes, &count) && count == 1)
        call->io->out[0] = crn_glu(call->graph, x, axes[0]);
}

/* 1 at each index, on a new last axis; none where it lies outside. */
void crn_lower_one_hot(crn_operation_call *call)
{
    enum { MOST_CLASSES = 1 << 24 };
    crn_graph *graph = call->graph;
    crn_value x = crn_operation_tensor(call, "x indices", 0);
    const int64_t classes = crn_operation_int(call, "num_classes depth", -1, 0);
    const int64_t axis = crn_operation_int(call, "axis", -1, -1);
    const crn_type type = *crn_graph_type(graph, x);
    if (graph->error.code != CRN_OK)
        return;
    if (classes < 1 || classes > MOST_CLASSES || (axis != -1 && axis != type.ndim + 1)) {
        crn_operation_refuse(call, "no class, very many of them, or an axis but the last,");
        return;
    }
    double *numbers = crn_arena_alloc(graph->arena, (size_t)classes, sizeof *numbers);
    if (numbers == NULL) {
        crn_arena_fail(graph->arena, &graph->error);
        return;
    }
    for (int64_t i = 0; i < classes; i++)
        numbers[i] = (double)i;
    x = crn_expand_axis(graph, crn_cast(graph, x, CRN_INT64), type.ndim);
    x = crn_pairwise(graph, x, crn_graph_numbers(graph, CRN_INT64, numbers, classes, 0),
                     CRN_PAIR_EQUAL);
    const char *dtype = crn_object_text(crn_operation_argument(call, "dtype", -1));
    const bool whole = dtype != NULL && strncmp(dtype, "int", 3) == 0;
    call->io->out[0] = dtype != NULL && strcmp(dtype, "bool") == 0
                           ? x
                           : crn_cast(graph, x, whole ? CRN_INT64 : CRN_FLOAT32);
}
