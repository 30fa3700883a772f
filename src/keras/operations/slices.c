/* SPDX-License-Identifier: BSD-3-Clause */
/* Operations that take parts of tensors: x[key], slice, split, unstack, take, flip, roll,
 * repeat, tile, pad, diff (keras/src/ops/numpy.py, core.py, 3.15). */
#include <string.h>

#include "keras/operations/operation.h"
#include "ops/elementwise.h"

static bool is_list(const crn_object *object)
{
    return crn_object_is(object, CRN_OBJ_LIST) || crn_object_is(object, CRN_OBJ_TUPLE);
}

static bool read_tensor(crn_operation_call *call, crn_value *x, crn_type *type)
{
    *x = crn_operation_tensor(call, "x inputs input tensor value a", 0);
    *type = *crn_graph_type(call->graph, *x);
    return call->graph->error.code == CRN_OK;
}

/* The tensor and the one axis that the call names, `otherwise` where it names none. */
static bool read_axis(crn_operation_call *call, crn_value *x, crn_type *type, int32_t *axis)
{
    return read_tensor(call, x, type) &&
           crn_operation_axis(call, crn_operation_argument(call, "axis", -1), type->ndim, axis);
}

/* ---- x[key] ---- */

typedef struct taken {
    int64_t start, count, step;
} taken;

static int64_t clamp(int64_t x, int64_t low, int64_t high)
{
    return x < low ? low : x > high ? high : x;
}

static bool bound(const crn_object *slice, const char *name, bool *given, int64_t *out)
{
    const crn_object *value = crn_object_get(slice, name);
    *given = value != NULL && !crn_object_is_none(value);
    return !*given || crn_object_as_int(value, out);
}

/* slice(start, stop, step) of an axis of n elements, as Python's slice.indices() */
static bool read_slice(const crn_object *slice, int64_t n, taken *out)
{
    bool has_start, has_stop, has_step;
    int64_t start = 0, stop = 0, step = 1;
    if (crn_object_get(slice, "config") != NULL)
        slice = crn_object_get(slice, "config");
    if (!bound(slice, "start", &has_start, &start) || !bound(slice, "stop", &has_stop, &stop) ||
        !bound(slice, "step", &has_step, &step) || step == 0)
        return false;
    step = clamp(step, -n - 1, n + 1);
    const int64_t low = step < 0 ? -1 : 0, high = step < 0 ? n - 1 : n;
    start = !has_start ? (step < 0 ? high : low)
                       : clamp(start < 0 ? clamp(start, -n - 1, -1) + n : start, low, high);
    stop = !has_stop ? (step < 0 ? low : high)
                     : clamp(stop < 0 ? clamp(stop, -n - 1, -1) + n : stop, low, high);
    const int64_t reach = step < 0 ? start - stop : stop - start,
                  stride = step < 0 ? -step : step;
    *out = (taken){start, reach > 0 ? (reach - 1) / stride + 1 : 0, step};
    return true;
}

static bool is_slice(const crn_object *item)
{
    const crn_object *name = crn_object_get(item, "class_name");
    return crn_object_is(item, CRN_OBJ_DICT) &&
           (name == NULL || crn_object_is_str(name, "__slice__"));
}

static bool is_ellipsis(const crn_object *item)
{
    return (crn_object_is(item, CRN_OBJ_DICT) &&
            crn_object_is_str(crn_object_get(item, "class_name"), "__ellipsis__")) ||
           crn_object_is_str(item, "...");
}

/* The view that a key builds, axis by axis; place 0 of the tensor is the batch. */
typedef struct indexing {
    crn_view_attributes old, view;
    int32_t place;
    bool fits;
} indexing;

static void keep_axis(indexing *x)
{
    if (x->place > 0) {
        x->view.shape[x->view.ndim] = x->old.shape[x->place - 1];
        x->view.steps[x->view.ndim++] = x->old.steps[x->place - 1];
    }
    x->place++;
}

static void take_slice(indexing *x, const crn_object *slice)
{
    taken part;
    const int64_t n = x->place > 0 && x->place <= x->old.ndim ? x->old.shape[x->place - 1] : 7;
    x->fits = x->fits && x->place <= x->old.ndim && read_slice(slice, n, &part);
    if (!x->fits)
        return;
    if (x->place == 0) { /* all rows */
        x->fits = part.start == 0 && part.count == n && part.step == 1;
        x->place++;
        return;
    }
    const int64_t step = x->old.steps[x->place++ - 1];
    x->view.offset += part.count > 0 ? part.start * step : 0;
    x->view.shape[x->view.ndim] = part.count;
    x->view.steps[x->view.ndim++] = part.count > 1 ? part.step * step : step;
}

static void take_index(indexing *x, const crn_object *index)
{
    int64_t value;
    const int64_t n = x->place > 0 && x->place <= x->old.ndim ? x->old.shape[x->place - 1] : 0;
    x->fits = x->fits && x->place > 0 && x->place <= x->old.ndim &&
              crn_object_as_int(index, &value) && value >= -n && value < n;
    if (x->fits)
        x->view.offset += (value < 0 ? value + n : value) * x->old.steps[x->place++ - 1];
}

static void take_item(indexing *x, const crn_object *item, int32_t rest)
{
    if (is_ellipsis(item)) {
        while (x->place <= x->old.ndim - rest)
            keep_axis(x);
    } else if (crn_object_is_none(item)) {
        x->fits = x->fits && x->place > 0 && x->view.ndim < CRN_MAX_NDIM - 1;
        if (x->fits)
            x->view.shape[x->view.ndim++] = 1;
    } else if (is_slice(item)) {
        take_slice(x, item);
    } else {
        take_index(x, item);
    }
}

/* Axes that the items from i on take. */
static int32_t axes_behind(const crn_object *key, size_t i)
{
    int32_t count = 0;
    for (; i < crn_object_length(key); i++)
        count += !crn_object_is_none(crn_object_item(key, i));
    return count;
}

void crn_lower_get_item(crn_operation_call *call)
{
    crn_value x;
    crn_type type;
    indexing at = {.fits = true};
    if (!read_tensor(call, &x, &type))
        return;
    const crn_object *key = crn_operation_argument(call, "key slice_spec", 1);
    at.old = crn_view_of(&type);
    at.fits = key != NULL && crn_object_length(key) < CRN_MAX_NDIM;
    if (is_list(key)) {
        for (size_t i = 0; i < crn_object_length(key) && at.fits; i++)
            take_item(&at, crn_object_item(key, i), axes_behind(key, i + 1));
    } else {
        take_item(&at, key, 0);
    }
    at.fits = at.fits && at.view.ndim + type.ndim + 1 - at.place < CRN_MAX_NDIM;
    while (at.fits && at.place <= type.ndim)
        keep_axis(&at);
    if (at.fits)
        call->io->out[0] = crn_view(call->graph, x, &at.view);
    else
        crn_operation_refuse(call, "an index that chooses rows, is no int or slice, or lies "
                                   "outside");
}

/* ---- slice, split, unstack ---- */

void crn_lower_slice(crn_operation_call *call)
{
    crn_value x;
    crn_type type;
    int64_t starts[CRN_MAX_NDIM], shape[CRN_MAX_NDIM];
    if (!read_tensor(call, &x, &type))
        return;
    const int32_t count = crn_operation_ints(
        call, crn_operation_argument(call, "start_indices begin", 1), starts);
    const int32_t lengths =
        crn_operation_ints(call, crn_operation_argument(call, "shape size", -1), shape);
    if (count != type.ndim + 1 || lengths != count || starts[0] != 0 || shape[0] != -1) {
        crn_operation_refuse(call, "a slice that chooses rows");
        return;
    }
    for (int32_t i = 0; i < type.ndim && call->graph->error.code == CRN_OK; i++) {
        const int64_t n = type.shape[i], start = clamp(starts[i + 1], 0, n);
        x = crn_slice(call->graph, x, i, start,
                      shape[i + 1] == -1 ? n - start : clamp(shape[i + 1], 0, n - start), 1);
    }
    call->io->out[0] = x;
}

/* Where the parts begin, [CRN_MOST_TENSORS + 1] with the end; their number, 0: it does not fit. */
static int find_parts(crn_operation_call *call, const crn_object *given, int64_t n,
                      int64_t *starts)
{
    int64_t sections = 0;
    int count = 0;
    starts[0] = 0;
    if (crn_object_as_int(given, &sections)) {
        if (sections < 1 || sections > CRN_MOST_TENSORS ||
            (call->kind == 0 && n % sections != 0))
            return 0;
        for (; count < sections; count++)
            starts[count + 1] =
                starts[count] + n / sections + (count < n % sections); /* longer ones first */
        return count;
    }
    const bool sizes = crn_operation_argument(call, "num_or_size_splits", -1) != NULL;
    const size_t length = crn_object_length(given);
    if (!is_list(given) || length >= CRN_MOST_TENSORS)
        return 0;
    for (size_t i = 0; i < length; i++) {
        int64_t value;
        if (!crn_object_as_int(crn_object_item(given, i), &value))
            return 0;
        if (sizes && value == -1)
            return 0;
        starts[count + 1] =
            clamp(sizes ? clamp(value, 0, n) + starts[count] : value, starts[count], n);
        count++;
    }
    if (!sizes)
        starts[++count] = n;
    return count;
}

void crn_lower_split(crn_operation_call *call)
{
    crn_value x;
    crn_type type;
    int32_t axis;
    int64_t starts[CRN_MOST_TENSORS + 1];
    if (!read_axis(call, &x, &type, &axis))
        return;
    const int count = find_parts(
        call, crn_operation_argument(call, "indices_or_sections num_or_size_splits", -1),
        type.shape[axis], starts);
    if (count == 0)
        crn_operation_refuse(call,
                             "a split that does not fit the axis, or into too many parts,");
    for (int i = 0; i < count; i++)
        call->io->out[i] =
            crn_slice(call->graph, x, axis, starts[i], starts[i + 1] - starts[i], 1);
    call->io->n_out = count > 0 ? count : 1;
}

static crn_value without_axis(crn_graph *graph, crn_value x, int32_t axis)
{
    const crn_type type = *crn_graph_type(graph, x);
    int64_t shape[CRN_MAX_NDIM];
    for (int32_t i = 0, n = 0; i < type.ndim; i++) {
        if (i != axis)
            shape[n++] = type.shape[i];
    }
    return crn_reshape(graph, x, type.ndim - 1, shape);
}

void crn_lower_unstack(crn_operation_call *call)
{
    crn_value x;
    crn_type type;
    int32_t axis;
    if (!read_axis(call, &x, &type, &axis))
        return;
    const int64_t count = type.shape[axis];
    if (count < 1 || count > CRN_MOST_TENSORS) {
        crn_operation_refuse(call,
                             "an axis of no elements, or of more than can be told apart,");
        return;
    }
    for (int64_t i = 0; i < count; i++)
        call->io->out[i] =
            without_axis(call->graph, crn_slice(call->graph, x, axis, i, 1, 1), axis);
    call->io->n_out = (int)count;
}

/* Constant indices along an axis. */
void crn_lower_take(crn_operation_call *call)
{
    enum { MOST_INDICES = 4096 };
    crn_value x, parts[MOST_INDICES];
    crn_type type;
    int32_t axis;
    if (!read_axis(call, &x, &type, &axis))
        return;
    const crn_object *indices = crn_operation_argument(call, "indices", 1);
    const size_t count = is_list(indices) ? crn_object_length(indices) : 1;
    bool fits = indices != NULL && count > 0 && count <= MOST_INDICES;
    for (size_t i = 0; i < count && fits; i++) {
        int64_t at = 0;
        const int64_t n = type.shape[axis];
        fits =
            crn_object_as_int(is_list(indices) ? crn_object_item(indices, i) : indices, &at) &&
            at >= -n && at < n;
        parts[i] = fits ? crn_slice(call->graph, x, axis, at < 0 ? at + n : at, 1, 1) : x;
    }
    if (!fits)
        crn_operation_refuse(call, "an index that is no constant int, or lies outside,");
    else if (is_list(indices))
        call->io->out[0] = crn_concat(call->graph, parts, (int)count, axis);
    else
        call->io->out[0] = without_axis(call->graph, parts[0], axis);
}

/* ---- flip, roll, repeat, tile, pad ---- */

void crn_lower_flip(crn_operation_call *call)
{
    crn_value x;
    crn_type type;
    int32_t axes[CRN_MAX_NDIM];
    if (!read_tensor(call, &x, &type))
        return;
    const int32_t count =
        crn_operation_axes(call, crn_operation_argument(call, "axis", -1), type.ndim, axes);
    for (int32_t i = 0; i < count; i++) {
        const int64_t n = type.shape[axes[i]];
        x = crn_slice(call->graph, x, axes[i], n - 1, n, -1);
    }
    call->io->out[0] = x;
}

void crn_lower_roll(crn_operation_call *call)
{
    crn_value x;
    crn_type type;
    int32_t axis;
    if (!read_axis(call, &x, &type, &axis))
        return;
    const int64_t n = type.shape[axis];
    int64_t shift = n > 0 ? crn_operation_int(call, "shift", -1, 0) % n : 0;
    shift += shift < 0 ? n : 0;
    const crn_value parts[] = {crn_slice(call->graph, x, axis, n - shift, shift, 1),
                               crn_slice(call->graph, x, axis, 0, n - shift, 1)};
    call->io->out[0] = shift == 0 ? x : crn_concat(call->graph, parts, 2, axis);
}

/* Each element of the axis, or (tile) the whole axis, several times over. */
static crn_value repeat(crn_graph *graph, crn_value x, int32_t axis, int64_t times, bool whole)
{
    crn_type type = *crn_graph_type(graph, x);
    int64_t length;
    x = crn_expand_axis(graph, x, whole ? axis : axis + 1);
    crn_type wide = *crn_graph_type(graph, x);
    if (graph->error.code != CRN_OK)
        return CRN_NO_VALUE;
    wide.shape[whole ? axis : axis + 1] = times;
    if (__builtin_mul_overflow(type.shape[axis], times, &length))
        return crn_graph_fail(graph, CRN_LIMIT, "too many repetitions");
    type.shape[axis] = length;
    return crn_reshape(graph, crn_broadcast_to(graph, x, wide.ndim, wide.shape), type.ndim,
                       type.shape);
}

void crn_lower_repeat(crn_operation_call *call)
{
    crn_value x;
    crn_type type;
    int32_t axis;
    int64_t times[CRN_MAX_NDIM];
    if (!read_axis(call, &x, &type, &axis))
        return;
    const int32_t count =
        crn_operation_ints(call, crn_operation_argument(call, "repeats", 1), times);
    if (count == 1 && times[0] >= 1)
        call->io->out[0] = repeat(call->graph, x, axis, times[0], false);
    else
        crn_operation_refuse(call, "repeats other than one int of at least 1");
}

void crn_lower_tile(crn_operation_call *call)
{
    crn_value x;
    crn_type type;
    int64_t times[CRN_MAX_NDIM] = {0};
    if (!read_tensor(call, &x, &type))
        return;
    const int32_t count =
        crn_operation_ints(call, crn_operation_argument(call, "repeats multiples", 1), times);
    bool fits = count >= 1 && count <= type.ndim + 1 && (count <= type.ndim || times[0] == 1);
    for (int32_t i = 0; i < count && fits; i++) {
        const int32_t axis = type.ndim - count + i;
        fits = times[i] >= 1;
        if (fits && axis >= 0 && times[i] > 1)
            x = repeat(call->graph, x, axis, times[i], true);
    }
    if (fits)
        call->io->out[0] = x;
    else
        crn_operation_refuse(call, "repeats below 1, of rows, or of axes that are not there");
}

static crn_value pad_axis(crn_operation_call *call, crn_value x, int32_t axis, int64_t before,
                          int64_t after, double fill)
{
    enum { MOST_PADDING = 1 << 24 };
    crn_graph *graph = call->graph;
    crn_value parts[3];
    int count = 0;
    const crn_type type = *crn_graph_type(graph, x);
    for (int i = 0; i < 3; i++) {
        const int64_t length = i == 0 ? before : after;
        crn_type side = type;
        if (i == 1) {
            parts[count++] = x;
            continue;
        }
        if (length < 0 || length > MOST_PADDING) {
            crn_operation_refuse(call, "a padding below 0, or a very large one,");
            return CRN_NO_VALUE;
        }
        side.shape[axis] = length;
        if (length > 0)
            parts[count++] =
                crn_repeat(graph, x,
                           crn_broadcast_to(graph, crn_number(graph, type.dtype, fill),
                                            side.ndim, side.shape));
    }
    return crn_concat(graph, parts, count, axis);
}

/* ((0, 0), (before, after), ...), or one pair for all axes, which pads the rows too. */
void crn_lower_pad(crn_operation_call *call)
{
    crn_value x;
    crn_type type;
    if (!read_tensor(call, &x, &type))
        return;
    const crn_object *widths = crn_operation_argument(call, "pad_width paddings", 1);
    const char *mode = crn_object_text(crn_operation_argument(call, "mode", -1));
    const double fill = crn_operation_real(call, "constant_values", -1, 0.0);
    bool fits =
        crn_object_length(widths) == (size_t)type.ndim + 1 &&
        (mode == NULL || strcmp(mode, "constant") == 0 || strcmp(mode, "CONSTANT") == 0);
    for (int32_t i = 0; i <= type.ndim && fits; i++) {
        int64_t before, after;
        const crn_object *pair = crn_object_item(widths, (size_t)i);
        fits = crn_object_as_int(crn_object_item(pair, 0), &before) &&
               crn_object_as_int(crn_object_item(pair, 1), &after) &&
               (i > 0 || (before == 0 && after == 0));
        if (fits && i > 0)
            x = pad_axis(call, x, i - 1, before, after, fill);
    }
    if (fits)
        call->io->out[0] = x;
    else
        crn_operation_refuse(call, "padding of rows, or in a mode other than constant,");
}

void crn_lower_diff(crn_operation_call *call)
{
    crn_value x;
    crn_type type;
    int32_t axis;
    crn_graph *graph = call->graph;
    if (!read_axis(call, &x, &type, &axis))
        return;
    const int64_t times = crn_operation_int(call, "n", -1, 1), n = type.shape[axis];
    if (times < 0 || times >= n || times > INT16_MAX) {
        crn_operation_refuse(call, "a difference of a higher order than the axis is long");
        return;
    }
    for (int64_t i = 1; i <= times; i++) {
        const crn_value next = crn_slice(graph, x, axis, 1, n - i, 1),
                        here = crn_slice(graph, x, axis, 0, n - i, 1);
        x = crn_dtype_is_float(type.dtype) ? crn_binary(graph, next, here, CRN_BINARY_SUBTRACT)
                                           : crn_pairwise(graph, next, here, CRN_PAIR_SUBTRACT);
    }
    call->io->out[0] = x;
}
