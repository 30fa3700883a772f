/* SPDX-License-Identifier: BSD-3-Clause */
/* Axes of normalizations (keras/src/layers/normalization and keras/src/ops/nn.py, 3.15). */
#include "keras/layers/normalization/axes.h"

#include "ops/elementwise.h"
#include "ops/rows.h"
#include "ops/tensor.h"

/* One axis as it was written; `as` gets the item's. */
static crn_status read_axis(const crn_layer *layer, const crn_object *object,
                            const crn_type *in, int64_t *written, int32_t *as, crn_error *err)
{
    char shape[CRN_SHAPE_TEXT];
    if (object == NULL || !crn_object_as_int(object, written))
        return crn_fail(err, CRN_ARGUMENT,
                        "%s: expected an int or a list/tuple of ints for the argument 'axis'",
                        layer->type->base.name);
    const int64_t ndim = in->ndim + 1, at = *written < 0 ? *written + ndim : *written;
    if (at < 0 || at >= ndim)
        return crn_fail(err, CRN_ARGUMENT, "%s: Axis %lld is out of bounds for input shape %s.",
                        layer->type->base.name, (long long)*written,
                        crn_layer_shape_text(in, shape, sizeof shape));
    if (at == 0)
        return crn_fail(err, CRN_UNSUPPORTED, "%s: the batch's axis is not supported",
                        layer->type->base.name);
    *as = (int32_t)at - 1;
    return CRN_OK;
}

crn_status crn_normalization_axes_read(const crn_layer *layer, const crn_object *axis,
                                       const crn_type *in, crn_normalization_axes *out,
                                       crn_error *err)
{
    int64_t written[CRN_MAX_NDIM];
    const bool list = crn_object_is(axis, CRN_OBJ_LIST) || crn_object_is(axis, CRN_OBJ_TUPLE);
    const size_t count = list ? crn_object_length(axis) : 1;
    *out = (crn_normalization_axes){0};
    if (count < 1 || count > (size_t)in->ndim)
        return crn_fail(err, CRN_ARGUMENT, "%s: %zu axes for an input of %d",
                        layer->type->base.name, count, (int)in->ndim + 1);
    for (size_t i = 0; i < count; i++) {
        int64_t one;
        int32_t as;
        CRN_TRY(read_axis(layer, list ? crn_object_item(axis, i) : axis, in, &one, &as, err));
        if (out->has[as])
            return crn_fail(err, CRN_ARGUMENT, "Duplicate axis: %lld", (long long)one);
        out->has[as] = true;
        int32_t at = out->count++;
        for (; layer->keras != 2 && at > 0 && written[at - 1] > one; at--) {
            written[at] = written[at - 1];
            out->listed[at] = out->listed[at - 1];
        }
        written[at] = one;
        out->listed[at] = as;
    }
    return CRN_OK;
}

crn_value crn_normalization_along(crn_graph *graph, crn_value weight, const crn_type *type,
                                  const crn_normalization_axes *axes)
{
    int64_t shape[CRN_MAX_NDIM];
    if (weight == CRN_NO_VALUE)
        return CRN_NO_VALUE;
    for (int32_t i = 0; i < type->ndim; i++)
        shape[i] = axes->has[i] ? type->shape[i] : 1;
    return crn_reshape(graph, weight, type->ndim, shape);
}

/* Reads the item as (outer, a, kept, b), where the axes allow it: at most two runs of axes, and
 * the second at the end. */
static bool find_groups(const crn_type *type, const crn_normalization_axes *axes,
                        crn_normalise_attributes *how)
{
    int64_t *part = &how->outer;
    how->outer = how->a = how->kept = how->b = 1;
    for (int32_t i = 0; i < type->ndim; i++) {
        if (part == &how->outer && axes->has[i])
            part = &how->a;
        else if (part == &how->a && !axes->has[i])
            part = &how->kept;
        else if (part == &how->kept && axes->has[i])
            part = &how->b;
        else if (part == &how->b && !axes->has[i])
            return false;
        *part *= type->shape[i];
    }
    return true;
}

/* Any axes: those that are kept first, then back. */
static crn_value normalize_permuted(crn_graph *graph, crn_value x,
                                    const crn_normalization_axes *axes,
                                    crn_normalise_attributes *how)
{
    const crn_type type = *crn_graph_type(graph, x);
    int32_t order[CRN_MAX_NDIM], back[CRN_MAX_NDIM], count = 0;
    how->outer = how->a = how->kept = how->b = 1;
    for (int pass = 0; pass < 2; pass++) {
        for (int32_t i = 0; i < type.ndim; i++) {
            if (axes->has[i] != (pass == 1))
                continue;
            *(pass == 0 ? &how->outer : &how->a) *= type.shape[i];
            back[i] = count;
            order[count++] = i;
        }
    }
    x = crn_normalise(graph, crn_permute(graph, x, order), CRN_NO_VALUE, CRN_NO_VALUE, how);
    return crn_permute(graph, x, back);
}

crn_value crn_normalize_over(crn_graph *graph, crn_value x, crn_value gamma, crn_value beta,
                             const crn_normalization_axes *axes,
                             const crn_normalise_attributes *how)
{
    const crn_type type = *crn_graph_type(graph, x);
    crn_normalise_attributes groups = *how;
    const bool direct = find_groups(&type, axes, &groups);
    if (direct && groups.kept == 1)
        return crn_normalise(graph, x, gamma, beta, &groups);
    x = direct ? crn_normalise(graph, x, CRN_NO_VALUE, CRN_NO_VALUE, &groups)
               : normalize_permuted(graph, x, axes, &groups);
    if (gamma != CRN_NO_VALUE)
        x = crn_binary(graph, x, crn_normalization_along(graph, gamma, &type, axes),
                       CRN_BINARY_MULTIPLY);
    if (beta != CRN_NO_VALUE)
        x = crn_binary(graph, x, crn_normalization_along(graph, beta, &type, axes),
                       CRN_BINARY_ADD);
    return x;
}
