/* SPDX-License-Identifier: BSD-3-Clause */
/* cast: to another number type, as NumPy's astype does; from numbers to cells and back, where a
 * text that is no number fails the run. */
#include <string.h>

#include "base/cell.h"
#include "ops/elementwise.h"
#include "ops/infer.h"
#include "ops/rows.h"
#include "ops/sparse.h"

static bool is_castable(crn_dtype dtype)
{
    return crn_dtype_is_number(dtype) || dtype == CRN_OBJECT;
}

static crn_status cast_infer(const void *attributes, const crn_type *in, int n_in,
                             crn_type *out, crn_error *err)
{
    crn_dtype dtype = *(const crn_dtype *)attributes;
    CRN_TRY(crn_infer_count("cast", n_in, 1, 1, err));
    if (!is_castable(in[0].dtype) || !is_castable(dtype))
        return crn_fail(err, CRN_DTYPE, "cast: %s cannot become %s",
                        crn_dtype_name(in[0].dtype), crn_dtype_name(dtype));
    out[0] = in[0];
    out[0].dtype = dtype;
    out[0].itemsize = (int64_t)crn_dtype_size(dtype);
    return CRN_OK;
}

/* One by one: a cell that is no number says so once and becomes 0. */
static void cast_cells(const crn_call *call, const crn_cell *cells, int64_t n, char *out)
{
    const crn_type *to = &call->out_types[0];
    for (int64_t i = 0; i < n; i++, out += to->itemsize) {
        const crn_array one = crn_array_view_1d(&cells[i], CRN_OBJECT, 1);
        crn_error why = CRN_ERROR_INIT;
        if (crn_array_copy_to(&one, to->dtype, to->itemsize, out, &why) == CRN_OK)
            continue;
        memset(out, 0, (size_t)to->itemsize);
        if (call->failure != NULL)
            crn_fail(call->failure, why.code, "%s", why.message);
    }
}

static void cast_numbers(const crn_call *call, const void *in, int64_t n, void *out)
{
    const crn_type *from = &call->in_types[0], *to = &call->out_types[0];
    if (from->dtype == CRN_FLOAT64 && to->dtype == CRN_FLOAT32) {
        call->kernels->narrow(n, in, out);
    } else if (from->dtype == CRN_FLOAT32 && to->dtype == CRN_FLOAT64) {
        const float *x = in;
        double *y = out;
        for (int64_t i = 0; i < n; i++)
            y[i] = (double)x[i];
    } else if (from->dtype == CRN_OBJECT && to->dtype != CRN_OBJECT) {
        cast_cells(call, in, n, out);
    } else {
        /* Number to number, or to a cell, always has a conversion: infer() saw to it. */
        crn_array view = crn_array_view_1d(in, from->dtype, n);
        (void)!crn_array_copy_to(&view, to->dtype, to->itemsize, out, NULL);
    }
}

static void cast_forward(const crn_call *call)
{
    if (!call->in_types[0].sparse) {
        cast_numbers(call, call->in[0], crn_type_count(&call->out_types[0], call->rows),
                     call->out[0]);
        return;
    }
    const crn_sparse *in = call->in[0];
    crn_sparse *out = call->out[0];
    if (crn_sparse_copy_pattern(call, 0))
        cast_numbers(call, crn_sparse_values(in, call->in_types[0].itemsize),
                     crn_sparse_count(in, call->rows), out->values);
}

static void cast_cost(const void *attributes, const crn_type *in, const crn_type *out,
                      crn_cost *cost)
{
    (void)attributes, (void)in;
    cost->multiply_adds = 0.5 * (double)crn_type_size(&out[0]);
}

const crn_op crn_op_cast = {
    .name = "cast",
    .attributes_size = sizeof(crn_dtype),
    .flags = CRN_OP_TAKES_SPARSE,
    .n_out = 1,
    .infer = cast_infer,
    .forward = cast_forward,
    .cost = cast_cost,
};

static const crn_graph_node *maker(const crn_graph *graph, crn_value x)
{
    return x != CRN_NO_VALUE && graph->values[x].role == CRN_VALUE_NODE
               ? &graph->nodes[graph->values[x].node]
               : NULL;
}

/* Numbers that went into cells as one of several parts come out of each part: nobody else may
 * need the cells. */
static crn_value cast_parts(crn_graph *graph, const crn_graph_node *concat, crn_dtype dtype)
{
    crn_value *parts = crn_arena_alloc(graph->arena, (size_t)concat->n_in, sizeof *parts);
    const int32_t axis = *(const int32_t *)concat->attributes;
    const int n = concat->n_in;
    if (parts == NULL) {
        crn_arena_fail(graph->arena, &graph->error);
        return CRN_NO_VALUE;
    }
    memcpy(parts, concat->in, (size_t)n * sizeof *parts);
    for (int i = 0; i < n; i++) {
        const crn_graph_node *made = maker(graph, parts[i]);
        parts[i] = crn_cast(
            graph, made != NULL && made->op == &crn_op_cast ? made->in[0] : parts[i], dtype);
    }
    return crn_concat(graph, parts, n, axis);
}

crn_value crn_cast(crn_graph *graph, crn_value x, crn_dtype dtype)
{
    const crn_dtype from = crn_graph_type(graph, x)->dtype;
    if (from == dtype)
        return x;
    const crn_graph_node *made = from == CRN_OBJECT ? maker(graph, x) : NULL;
    if (made != NULL && made->op == &crn_op_concat && crn_dtype_is_number(dtype))
        return cast_parts(graph, made, dtype);
    if (dtype == CRN_OBJECT)
        x = crn_densify(graph, x); /* cells are never sparse */
    return crn_graph_add(graph, &crn_op_cast, &dtype, &x, 1);
}
