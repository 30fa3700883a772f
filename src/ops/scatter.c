/* SPDX-License-Identifier: BSD-3-Clause */
/* scatter: the items of each row's vector at other places of a longer one, and a constant in
 * between: out = full(width, fill); out[:, index] = x of NumPy. What a feature selector's
 * inverse_transform does, and a classifier that knows fewer classes than its ensemble. Inputs:
 * x, index. */
#include <stdio.h>
#include <string.h>

#include "ops/infer.h"
#include "ops/rows.h"

typedef struct scatter_attributes {
    int64_t width;
    double fill;
} scatter_attributes;

static crn_status scatter_infer(const void *attributes, const crn_type *in, int n_in,
                                crn_type *out, crn_error *err)
{
    const scatter_attributes *scatter = attributes;
    CRN_TRY(crn_infer_count("scatter", n_in, 2, 2, err));
    CRN_TRY(crn_infer_float("scatter", &in[0], err));
    const crn_type *x = &in[0], *index = &in[1];
    if (index->dtype != CRN_INT64)
        return crn_fail(err, CRN_DTYPE, "scatter: the index is %s, not int64",
                        crn_dtype_name(index->dtype));
    if (!x->rows || x->ndim != 1 || index->rows || index->ndim != 1 ||
        x->shape[0] != index->shape[0])
        return crn_infer_misfit("scatter", x, index, err);
    if (scatter->width < x->shape[0] || scatter->width > INT32_MAX)
        return crn_fail(err, CRN_SHAPE, "scatter: %lld places for %lld items",
                        (long long)scatter->width, (long long)x->shape[0]);
    out[0] = *x;
    out[0].shape[0] = scatter->width;
    return CRN_OK;
}

#define DEFINE_SCATTER(T, suffix)                                                              \
    static void scatter_##suffix(const crn_call *call)                                         \
    {                                                                                          \
        const scatter_attributes *scatter = call->attributes;                                  \
        const int64_t *index = call->in[1];                                                    \
        const int64_t n = call->in_types[0].shape[0];                                          \
        const T *x = call->in[0]; /* (rows, n) */                                              \
        T *y = call->out[0];      /* (rows, width) */                                          \
        for (int64_t row = 0; row < call->rows; row++, x += n, y += scatter->width) {          \
            for (int64_t j = 0; j < scatter->width; j++)                                       \
                y[j] = (T)scatter->fill;                                                       \
            for (int64_t j = 0; j < n; j++)                                                    \
                y[index[j]] = x[j];                                                            \
        }                                                                                      \
    }

DEFINE_SCATTER(float, f32)
DEFINE_SCATTER(double, f64)

static void scatter_forward(const crn_call *call)
{
    if (call->out_types[0].dtype == CRN_FLOAT32)
        scatter_f32(call);
    else
        scatter_f64(call);
}

static void scatter_cost(const void *attributes, const crn_type *in, const crn_type *out,
                         crn_cost *cost)
{
    (void)attributes, (void)in;
    cost->multiply_adds = 0.5 * (double)crn_type_size(&out[0]);
}

static void scatter_describe(const void *attributes, char *buffer, size_t size)
{
    const scatter_attributes *scatter = attributes;
    snprintf(buffer, size, "width=%lld fill=%g", (long long)scatter->width, scatter->fill);
}

const crn_op crn_op_scatter = {
    .name = "scatter",
    .attributes_size = sizeof(scatter_attributes),
    .n_out = 1,
    .infer = scatter_infer,
    .forward = scatter_forward,
    .cost = scatter_cost,
    .describe = scatter_describe,
};

crn_value crn_scatter(crn_graph *graph, crn_value x, const int64_t *index, int64_t count,
                      int64_t width, double fill)
{
    const scatter_attributes attributes = {.width = width, .fill = fill};
    crn_array indices = CRN_ARRAY_INIT;
    bool in_place = count == width;
    for (int64_t i = 0; i < count; i++) {
        if (index[i] < 0 || index[i] >= width)
            return crn_graph_fail(graph, CRN_SHAPE, "scatter: there is no place %lld",
                                  (long long)index[i]);
        in_place = in_place && index[i] == i;
    }
    if (in_place)
        return x;
    if (crn_array_create(CRN_INT64, 0, 1, &count, &indices, &graph->error) != CRN_OK)
        return CRN_NO_VALUE;
    if (count > 0)
        memcpy(indices.data, index, (size_t)count * sizeof *index);
    const crn_value constant = crn_graph_constant(graph, &indices);
    crn_array_free(&indices);
    return crn_graph_add(graph, &crn_op_scatter, &attributes, (crn_value[]){x, constant}, 2);
}
