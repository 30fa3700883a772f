/* SPDX-License-Identifier: BSD-3-Clause */
/* view: the elements of each item in another order, with repetitions and gaps: what NumPy's
 * strides say (slices, transposes, broadcast_to), copied into a dense item. */
#include <stdio.h>
#include <string.h>

#include "ops/infer.h"
#include "ops/rows.h"
#include "ops/tensor.h"

/* Whether every element of the view lies in an item of `size` elements. */
static bool is_inside(const crn_view_attributes *view, int64_t size)
{
    int64_t low = view->offset, high = view->offset;
    for (int32_t i = 0; i < view->ndim; i++) {
        int64_t reach;
        if (view->shape[i] < 0)
            return false;
        if (view->shape[i] == 0)
            return true;
        if (__builtin_mul_overflow(view->shape[i] - 1, view->steps[i], &reach) ||
            __builtin_add_overflow(reach < 0 ? low : high, reach, reach < 0 ? &low : &high))
            return false;
    }
    return low >= 0 && high < size;
}

static crn_status view_infer(const void *attributes, const crn_type *in, int n_in,
                             crn_type *out, crn_error *err)
{
    const crn_view_attributes *view = attributes;
    size_t bytes;
    CRN_TRY(crn_infer_count("view", n_in, 1, 1, err));
    CRN_TRY(crn_infer_present("view", &in[0], err));
    if (!crn_dtype_is_number(in[0].dtype) || in[0].sparse)
        return crn_fail(err, CRN_DTYPE, "view: dense numbers are needed");
    if (view->ndim < 0 || view->ndim >= CRN_MAX_NDIM)
        return crn_fail(err, CRN_SHAPE, "view: an item has at most %d axes", CRN_MAX_NDIM - 1);
    out[0] = in[0];
    out[0].ndim = view->ndim;
    memcpy(out[0].shape, view->shape, (size_t)view->ndim * sizeof *view->shape);
    if (!is_inside(view, crn_type_size(&in[0])))
        return crn_fail(err, CRN_SHAPE, "view: elements outside the item");
    return crn_shape_bytes(in[0].itemsize, view->ndim, view->shape, &bytes, err);
}

/* ---- the copy ---- */

/* Axes that go on where the next one ends are one axis; those of length 1 are none. */
static crn_view_attributes simplify(const crn_view_attributes *view)
{
    crn_view_attributes out = {.offset = view->offset};
    for (int32_t i = 0; i < view->ndim; i++) {
        int32_t last = out.ndim - 1;
        int64_t reach, length;
        if (view->shape[i] == 1)
            continue;
        if (last >= 0 && !__builtin_mul_overflow(view->steps[i], view->shape[i], &reach) &&
            out.steps[last] == reach &&
            !__builtin_mul_overflow(out.shape[last], view->shape[i], &length)) {
            out.shape[last] = length;
            out.steps[last] = view->steps[i];
            continue;
        }
        out.shape[out.ndim] = view->shape[i];
        out.steps[out.ndim++] = view->steps[i];
    }
    if (out.ndim == 0)
        out.shape[out.ndim++] = 1;
    return out;
}

#define COPY_EACH(size, type)                                                                  \
    case size:                                                                                 \
        for (int64_t i = 0; i < n; i++)                                                        \
            ((type *)to)[i] = ((const type *)from)[i * step];                                  \
        break;

static void copy_run(int64_t n, int64_t step, int64_t itemsize, const char *from, char *to)
{
    if (step == 1) {
        memcpy(to, from, (size_t)(n * itemsize));
        return;
    }
    switch (itemsize) {
        COPY_EACH(1, uint8_t)
        COPY_EACH(4, uint32_t)
        COPY_EACH(8, uint64_t)
    default:
        for (int64_t i = 0; i < n; i++)
            memcpy(to + i * itemsize, from + i * step * itemsize, (size_t)itemsize);
        break;
    }
}

static void copy_item(const crn_view_attributes *view, int64_t itemsize, const char *from,
                      char *to)
{
    const int32_t last = view->ndim - 1;
    const int64_t n = view->shape[last];
    int64_t at[CRN_MAX_NDIM] = {0}, place = view->offset, outer = 1;
    for (int32_t i = 0; i < last; i++)
        outer *= view->shape[i];
    for (; outer > 0; outer--, to += n * itemsize) {
        copy_run(n, view->steps[last], itemsize, from + place * itemsize, to);
        for (int32_t axis = last - 1; axis >= 0; axis--) {
            place += view->steps[axis];
            if (++at[axis] < view->shape[axis])
                break;
            place -= view->steps[axis] * view->shape[axis];
            at[axis] = 0;
        }
    }
}

static void view_forward(const crn_call *call)
{
    const crn_view_attributes view = simplify(call->attributes);
    const crn_type *in = &call->in_types[0], *out = &call->out_types[0];
    const int64_t from = crn_type_size(in) * in->itemsize;
    const int64_t to = crn_type_size(out) * in->itemsize, rows = in->rows ? call->rows : 1;
    for (int64_t row = 0; row < rows && to > 0; row++)
        copy_item(&view, in->itemsize, (const char *)call->in[0] + row * from,
                  (char *)call->out[0] + row * to);
}

static void view_cost(const void *attributes, const crn_type *in, const crn_type *out,
                      crn_cost *cost)
{
    (void)attributes, (void)in;
    cost->multiply_adds = 0.5 * (double)crn_type_size(&out[0]);
}

static void view_describe(const void *attributes, char *buffer, size_t size)
{
    const crn_view_attributes *view = attributes;
    size_t used = (size_t)snprintf(buffer, size, "steps=(");
    for (int32_t i = 0; i < view->ndim && used < size; i++)
        used += (size_t)snprintf(buffer + used, size - used, i == 0 ? "%lld" : ", %lld",
                                 (long long)view->steps[i]);
    if (used < size)
        snprintf(buffer + used, size - used, ")");
}

const crn_op crn_op_view = {
    .name = "view",
    .attributes_size = sizeof(crn_view_attributes),
    .n_out = 1,
    .infer = view_infer,
    .forward = view_forward,
    .cost = view_cost,
    .describe = view_describe,
};

/* ---- builders ---- */

crn_value crn_graph_add_for_predict(crn_graph *graph, const crn_op *op, const void *attributes,
                                    const crn_value *in, int n_in)
{
    if (graph->training)
        return crn_graph_fail(graph, CRN_UNSUPPORTED,
                              "training cannot pass through the operation %s", op->name);
    return crn_graph_add(graph, op, attributes, in, n_in);
}

crn_view_attributes crn_view_of(const crn_type *type)
{
    crn_view_attributes view = {.ndim = type->ndim};
    int64_t step = 1;
    for (int32_t i = type->ndim - 1; i >= 0; i--) {
        view.shape[i] = type->shape[i];
        view.steps[i] = step;
        step *= type->shape[i];
    }
    return view;
}

/* Where the elements stay in their order it is a reshape, which costs nothing. */
crn_value crn_view(crn_graph *graph, crn_value x, const crn_view_attributes *view)
{
    const crn_type *type = crn_graph_type(graph, x);
    const crn_view_attributes simple = simplify(view);
    if (view->offset == 0 && simple.ndim == 1 &&
        (simple.steps[0] == 1 || simple.shape[0] == 1) &&
        simple.shape[0] == crn_type_size(type))
        return crn_reshape(graph, x, view->ndim, view->shape);
    return crn_graph_add_for_predict(graph, &crn_op_view, view, &x, 1);
}

crn_value crn_permute(crn_graph *graph, crn_value x, const int32_t *order)
{
    const crn_view_attributes old = crn_view_of(crn_graph_type(graph, x));
    crn_view_attributes view = {.ndim = old.ndim};
    for (int32_t i = 0; i < old.ndim; i++) {
        view.shape[i] = old.shape[order[i]];
        view.steps[i] = old.steps[order[i]];
    }
    return crn_view(graph, x, &view);
}

crn_value crn_slice(crn_graph *graph, crn_value x, int32_t axis, int64_t start, int64_t count,
                    int64_t step)
{
    crn_view_attributes view = crn_view_of(crn_graph_type(graph, x));
    view.offset = count > 0 ? start * view.steps[axis] : 0;
    view.shape[axis] = count;
    view.steps[axis] *= count > 1 ? step : 1;
    return crn_view(graph, x, &view);
}

crn_value crn_broadcast_to(crn_graph *graph, crn_value x, int32_t ndim, const int64_t *shape)
{
    const crn_type *type = crn_graph_type(graph, x);
    const crn_view_attributes old = crn_view_of(type);
    crn_view_attributes view = {.ndim = ndim};
    if (ndim < old.ndim || ndim >= CRN_MAX_NDIM)
        return crn_graph_fail(graph, CRN_SHAPE, "an item of %d axes cannot be broadcast to %d",
                              old.ndim, ndim);
    for (int32_t i = 0; i < ndim; i++) {
        const int32_t axis = i - (ndim - old.ndim);
        const int64_t length = axis >= 0 ? old.shape[axis] : 1;
        view.shape[i] = shape[i];
        view.steps[i] = axis >= 0 && length != 1 ? old.steps[axis] : 0;
        if (length != 1 && length != shape[i])
            return crn_graph_fail(graph, CRN_SHAPE,
                                  "an axis of length %lld cannot be broadcast to %lld",
                                  (long long)length, (long long)shape[i]);
    }
    return crn_view(graph, x, &view);
}

crn_value crn_expand_axis(crn_graph *graph, crn_value x, int32_t axis)
{
    const crn_type *type = crn_graph_type(graph, x);
    int64_t shape[CRN_MAX_NDIM];
    if (type->ndim + 1 >= CRN_MAX_NDIM)
        return crn_graph_fail(graph, CRN_SHAPE, "an item has at most %d axes",
                              CRN_MAX_NDIM - 1);
    for (int32_t i = 0; i <= type->ndim; i++)
        shape[i] = i < axis ? type->shape[i] : i == axis ? 1 : type->shape[i - 1];
    return crn_reshape(graph, x, type->ndim + 1, shape);
}
