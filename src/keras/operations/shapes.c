/* SPDX-License-Identifier: BSD-3-Clause */
/* Operations that give the same elements another shape or order: reshape, transpose, squeeze,
 * broadcast_to, depth_to_space (keras/src/ops/numpy.py, nn.py, 3.15). */
#include <string.h>

#include "keras/operations/operation.h"

/* The tensor and its type; false after a failure. */
static bool read_tensor(crn_operation_call *call, crn_value *x, crn_type *type)
{
    *x = crn_operation_tensor(call, "x a tensor input", 0);
    *type = *crn_graph_type(call->graph, *x);
    return call->graph->error.code == CRN_OK;
}

/* The batch first: -1, or the one length that is open while no other is. */
void crn_lower_reshape(crn_operation_call *call)
{
    crn_value x;
    crn_type type;
    int64_t shape[CRN_MAX_NDIM] = {0}, known = 1;
    if (!read_tensor(call, &x, &type))
        return;
    const int32_t count =
        crn_operation_ints(call, crn_operation_argument(call, "newshape shape", 1), shape);
    int open = 0;
    for (int32_t i = 1; i < count; i++) {
        open += shape[i] == -1;
        if (shape[i] >= 0 && __builtin_mul_overflow(known, shape[i], &known))
            known = 0;
    }
    if (count < 1 || (shape[0] != -1 && open != 1) ||
        (shape[0] == -1 && open == 0 && known != crn_type_size(&type))) {
        crn_operation_refuse(call, "a shape that does not leave the rows as they are");
        return;
    }
    call->io->out[0] = crn_reshape(call->graph, x, count - 1, shape + 1);
}

static void permute(crn_operation_call *call, crn_value x, int32_t ndim, const int32_t *order)
{
    uint64_t seen = 0;
    for (int32_t i = 0; i < ndim; i++)
        seen |= (uint64_t)1 << order[i];
    if (seen != ((uint64_t)1 << ndim) - 1)
        crn_graph_fail(call->graph, CRN_SHAPE,
                       "the operation %s (\"%s\"): an axis is named twice", call->name,
                       call->layer->name);
    call->io->out[0] = crn_permute(call->graph, x, order);
}

void crn_lower_transpose(crn_operation_call *call)
{
    crn_value x;
    crn_type type;
    int64_t axes[CRN_MAX_NDIM] = {0};
    int32_t order[CRN_MAX_NDIM] = {0};
    if (!read_tensor(call, &x, &type))
        return;
    const crn_object *given = crn_operation_argument(call, "axes perm", -1);
    if (given == NULL && type.ndim > 0) {
        crn_operation_refuse(call, "a transpose of the batch axis");
        return;
    }
    const int32_t count = given == NULL ? 1 : crn_operation_ints(call, given, axes);
    bool fits = count == type.ndim + 1 && (axes[0] == 0 || axes[0] == -count);
    for (int32_t i = 1; i < count && fits; i++) {
        axes[i] += axes[i] < 0 ? count : 0;
        fits = axes[i] >= 1 && axes[i] < count;
        order[i - 1] = fits ? (int32_t)axes[i] - 1 : 0;
    }
    if (fits)
        permute(call, x, type.ndim, order);
    else
        crn_operation_refuse(call, "axes that are not the batch axis and then all others");
}

void crn_lower_swapaxes(crn_operation_call *call)
{
    crn_value x;
    crn_type type;
    int32_t order[CRN_MAX_NDIM] = {0}, first, second;
    if (!read_tensor(call, &x, &type) ||
        !crn_operation_axis(call, crn_operation_argument(call, "axis1", -1), type.ndim,
                            &first) ||
        !crn_operation_axis(call, crn_operation_argument(call, "axis2", -1), type.ndim,
                            &second))
        return;
    for (int32_t i = 0; i < type.ndim; i++)
        order[i] = i == first ? second : i == second ? first : i;
    permute(call, x, type.ndim, order);
}

/* Axes as they are given, with the order they have in the list. */
static int32_t listed_axes(crn_operation_call *call, const char *name, int32_t ndim,
                           int32_t *out)
{
    const crn_object *given = crn_operation_argument(call, name, -1);
    const size_t length = crn_object_is(given, CRN_OBJ_INT) ? 1 : crn_object_length(given);
    for (size_t i = 0; i < length && i < CRN_MAX_NDIM; i++) {
        if (!crn_operation_axis(
                call, crn_object_is(given, CRN_OBJ_INT) ? given : crn_object_item(given, i),
                ndim, &out[i]))
            return 0;
    }
    return length < CRN_MAX_NDIM ? (int32_t)length : 0;
}

void crn_lower_moveaxis(crn_operation_call *call)
{
    crn_value x;
    crn_type type;
    int32_t from[CRN_MAX_NDIM], to[CRN_MAX_NDIM], order[CRN_MAX_NDIM] = {0};
    uint64_t moved = 0, taken = 0;
    if (!read_tensor(call, &x, &type))
        return;
    const int32_t count = listed_axes(call, "source", type.ndim, from);
    if (count < 1 || listed_axes(call, "destination", type.ndim, to) != count) {
        crn_operation_refuse(call, "a source that does not fit its destination");
        return;
    }
    for (int32_t i = 0; i < count; i++) {
        order[to[i]] = from[i];
        moved |= (uint64_t)1 << from[i];
        taken |= (uint64_t)1 << to[i];
    }
    for (int32_t i = 0, next = 0; i < type.ndim; i++) {
        if (taken >> i & 1)
            continue;
        while (next < type.ndim && (moved >> next & 1))
            next++;
        order[i] = next++;
    }
    for (int32_t i = 0; i < type.ndim; i++)
        order[i] = order[i] < type.ndim ? order[i] : 0;
    permute(call, x, type.ndim, order);
}

void crn_lower_expand_dims(crn_operation_call *call)
{
    crn_value x;
    crn_type type;
    int32_t axes[CRN_MAX_NDIM];
    if (!read_tensor(call, &x, &type))
        return;
    const crn_object *given = crn_operation_argument(call, "axis", 1);
    const int32_t more = crn_object_is(given, CRN_OBJ_INT)
                             ? 1
                             : (int32_t)(crn_object_length(given) % CRN_MAX_NDIM);
    const int32_t count = crn_operation_axes(call, given, type.ndim + more, axes);
    for (int32_t i = 0; i < count; i++)
        x = crn_expand_axis(call->graph, x, axes[i]);
    call->io->out[0] = x;
}

void crn_lower_squeeze(crn_operation_call *call)
{
    crn_value x;
    crn_type type;
    int32_t axes[CRN_MAX_NDIM], count = 0, n = 0, ndim = 0;
    int64_t shape[CRN_MAX_NDIM];
    if (!read_tensor(call, &x, &type))
        return;
    const crn_object *given = crn_operation_argument(call, "axis squeeze_dims", 1);
    if (given != NULL && (crn_object_is(given, CRN_OBJ_INT) || crn_object_length(given) > 0)) {
        count = crn_operation_axes(call, given, type.ndim, axes);
    } else {
        for (int32_t i = 0; i < type.ndim; i++) {
            if (type.shape[i] == 1)
                axes[count++] = i;
        }
    }
    for (int32_t i = 0; i < type.ndim; i++) {
        if (n < count && axes[n] == i)
            n++;
        else
            shape[ndim++] = type.shape[i];
    }
    call->io->out[0] = crn_reshape(call->graph, x, ndim, shape);
}

/* The first length stands for the rows, and is not looked at. */
void crn_lower_broadcast_to(crn_operation_call *call)
{
    crn_value x;
    crn_type type;
    int64_t shape[CRN_MAX_NDIM] = {0};
    if (!read_tensor(call, &x, &type))
        return;
    const int32_t count =
        crn_operation_ints(call, crn_operation_argument(call, "shape", 1), shape);
    if (count != type.ndim + 1)
        crn_operation_refuse(call, "a shape with other axes than the tensor's");
    else
        call->io->out[0] = crn_broadcast_to(call->graph, x, count - 1, shape + 1);
}

/* ---- depth and space ---- */

/* Images as (height, width, channels), and back. */
static crn_value turn_channels(crn_operation_call *call, crn_value x, bool last)
{
    static const int32_t to_last[] = {1, 2, 0}, to_first[] = {2, 0, 1};
    const char *format = crn_object_text(crn_operation_argument(call, "data_format", -1));
    if (format == NULL || strcmp(format, "channels_first") != 0)
        return x;
    return crn_permute(call->graph, x, last ? to_last : to_first);
}

static bool read_blocks(crn_operation_call *call, crn_value *x, crn_type *type, int64_t *block)
{
    *block = crn_operation_int(call, "block_size", -1, 1);
    if (!read_tensor(call, x, type))
        return false;
    if (type->ndim != 3 || *block < 1 || *block > INT16_MAX) {
        crn_operation_refuse(call, "a tensor that is no image, or a block below 1");
        return false;
    }
    *x = turn_channels(call, *x, true);
    *type = *crn_graph_type(call->graph, *x);
    return call->graph->error.code == CRN_OK;
}

void crn_lower_depth_to_space(crn_operation_call *call)
{
    static const int32_t order[] = {0, 2, 1, 3, 4};
    crn_value x;
    crn_type type;
    int64_t b;
    if (!read_blocks(call, &x, &type, &b))
        return;
    const int64_t h = type.shape[0], w = type.shape[1], c = type.shape[2] / (b * b);
    const int64_t apart[] = {h, w, b, b, c}, joined[] = {h * b, w * b, c};
    x = crn_permute(call->graph, crn_reshape(call->graph, x, 5, apart), order);
    call->io->out[0] = turn_channels(call, crn_reshape(call->graph, x, 3, joined), false);
}

void crn_lower_space_to_depth(crn_operation_call *call)
{
    static const int32_t order[] = {0, 2, 1, 3, 4};
    crn_value x;
    crn_type type;
    int64_t b;
    if (!read_blocks(call, &x, &type, &b))
        return;
    const int64_t h = type.shape[0] / b, w = type.shape[1] / b, c = type.shape[2];
    const int64_t apart[] = {h, b, w, b, c}, joined[] = {h, w, b * b * c};
    x = crn_permute(call->graph, crn_reshape(call->graph, x, 5, apart), order);
    call->io->out[0] = turn_channels(call, crn_reshape(call->graph, x, 3, joined), false);
}
