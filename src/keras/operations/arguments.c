/* SPDX-License-Identifier: BSD-3-Clause */
/* What an operation is called with: options, tensors, constants, and their types made to fit as
 * keras/src/backend/common/dtypes.py (3.15) does for float32, int and bool. */
#include <stdlib.h>
#include <string.h>

#include "keras/operations/operation.h"
#include "ops/elementwise.h"

enum { DEEPEST_CONSTANT = 16, MOST_NUMBERS = 1 << 24 };

void crn_operation_refuse(crn_operation_call *call, const char *why)
{
    crn_graph_fail(call->graph, CRN_UNSUPPORTED,
                   "the operation %s (\"%s\"): %s is not supported", call->name,
                   call->layer->name, why);
}

static bool is_list(const crn_object *object)
{
    return crn_object_is(object, CRN_OBJ_LIST) || crn_object_is(object, CRN_OBJ_TUPLE);
}

/* ---- options ---- */

static const crn_object *argument_named(const crn_operation_call *call, const char *name)
{
    const crn_object *given = crn_layer_argument(call->io->arguments, name, -1);
    const crn_field *field = crn_field_find(call->layer->type->base.fields, name);
    if (given != NULL || field == NULL || field->type != CRN_FIELD_OBJECT ||
        field->offset < sizeof(crn_layer_config))
        return given;
    return *(const crn_object *const *)((const char *)call->layer->config + field->offset);
}

const crn_object *crn_operation_argument(const crn_operation_call *call, const char *names,
                                         int place)
{
    const crn_layer_arguments *arguments = call->io->arguments;
    const crn_object *found = NULL;
    char name[32];
    while (*names != '\0' && found == NULL) {
        const size_t length = strcspn(names, " ");
        if (length < sizeof name) {
            memcpy(name, names, length);
            name[length] = '\0';
            found = argument_named(call, name);
        }
        names += length + (names[length] == ' ');
    }
    if (found == NULL && place >= 0 && arguments != NULL)
        found = crn_object_item(arguments->args, (size_t)place);
    return found == NULL || crn_object_is_none(found) ? NULL : found;
}

bool crn_operation_flag(const crn_operation_call *call, const char *names, bool otherwise)
{
    bool value = otherwise;
    const crn_object *given = crn_operation_argument(call, names, -1);
    return given != NULL && crn_object_as_bool(given, &value) ? value : otherwise;
}

int64_t crn_operation_int(const crn_operation_call *call, const char *names, int place,
                          int64_t otherwise)
{
    int64_t value;
    const crn_object *given = crn_operation_argument(call, names, place);
    return given != NULL && crn_object_as_int(given, &value) ? value : otherwise;
}

double crn_operation_real(const crn_operation_call *call, const char *names, int place,
                          double otherwise)
{
    double value;
    const crn_object *given = crn_operation_argument(call, names, place);
    return given != NULL && crn_object_as_double(given, &value) ? value : otherwise;
}

/* ---- axes ---- */

bool crn_operation_axis(crn_operation_call *call, const crn_object *axis, int32_t ndim,
                        int32_t *out)
{
    int64_t value;
    *out = 0;
    if (axis == NULL || !crn_object_as_int(axis, &value)) {
        crn_operation_refuse(call, "all axes at once, which mixes the rows,");
        return false;
    }
    const int64_t of_item = value < 0 ? value + ndim : value - 1;
    if (of_item == -1)
        crn_operation_refuse(call, "the axis of the batch");
    else if (of_item < 0 || of_item >= ndim)
        crn_graph_fail(call->graph, CRN_SHAPE,
                       "the operation %s (\"%s\"): axis %lld is out of bounds for a tensor of "
                       "dimension %d",
                       call->name, call->layer->name, (long long)value, ndim + 1);
    else
        *out = (int32_t)of_item;
    return call->graph->error.code == CRN_OK;
}

int32_t crn_operation_axes(crn_operation_call *call, const crn_object *axes, int32_t ndim,
                           int32_t *out)
{
    uint64_t seen = 0;
    int32_t count = 0, axis;
    const size_t length = is_list(axes) ? crn_object_length(axes) : 1;
    for (size_t i = 0; i < length && i < CRN_MAX_NDIM; i++) {
        if (!crn_operation_axis(call, is_list(axes) ? crn_object_item(axes, i) : axes, ndim,
                                &axis))
            return 0;
        seen |= (uint64_t)1 << axis;
    }
    for (int32_t i = 0; i < ndim; i++) {
        if (seen >> i & 1)
            out[count++] = i;
    }
    if (count == 0 || (size_t)count != length) {
        crn_operation_refuse(call, "an axis twice, or no axis,");
        return 0;
    }
    return count;
}

int32_t crn_operation_ints(crn_operation_call *call, const crn_object *list, int64_t *out)
{
    const size_t length = is_list(list) ? crn_object_length(list) : 1;
    bool fits = list != NULL && length < CRN_MAX_NDIM;
    for (size_t i = 0; i < length && fits; i++)
        fits = crn_object_as_int(is_list(list) ? crn_object_item(list, i) : list, &out[i]);
    if (fits)
        return (int32_t)length;
    crn_operation_refuse(call, "an argument that is not an int or ints");
    return -1;
}

/* ---- constants ---- */

typedef struct constant {
    crn_operation_call *call;
    crn_dtype dtype; /* of the widest number in it */
    int32_t ndim;
    int64_t shape[CRN_MAX_NDIM];
    double *numbers;
    size_t count, capacity;
    bool fits;
} constant;

static void add_number(constant *c, const crn_object *object)
{
    double value = 0;
    const bool text = crn_object_is(object, CRN_OBJ_STR);
    const bool is_bool = crn_object_is(object, CRN_OBJ_BOOL);
    c->fits = c->fits && c->count < MOST_NUMBERS && !text && object != NULL &&
              crn_object_as_double(object, &value) &&
              crn_grow((void **)&c->numbers, &c->capacity, c->count, sizeof *c->numbers,
                       &c->call->graph->error) == CRN_OK;
    if (!c->fits)
        return;
    c->numbers[c->count++] = value;
    if (crn_object_is(object, CRN_OBJ_FLOAT))
        c->dtype = CRN_FLOAT32;
    else if (!is_bool && c->dtype == CRN_BOOL)
        c->dtype = CRN_INT64;
}

/* Nested lists as deep as the first elements are; all of one length on one level. */
static void add_numbers(constant *c, const crn_object *object, int32_t depth)
{
    if (depth == c->ndim) {
        add_number(c, object);
        return;
    }
    c->fits =
        c->fits && is_list(object) && (int64_t)crn_object_length(object) == c->shape[depth];
    for (size_t i = 0; c->fits && i < crn_object_length(object); i++)
        add_numbers(c, crn_object_item(object, i), depth + 1);
}

static crn_value make_constant(constant *c, crn_dtype dtype)
{
    crn_graph *graph = c->call->graph;
    crn_array array = crn_array_view_1d(c->numbers, CRN_FLOAT64, (int64_t)c->count);
    crn_array cast = CRN_ARRAY_INIT;
    if (graph->error.code != CRN_OK ||
        crn_array_astype(&array, dtype, &cast, &graph->error) != CRN_OK)
        return CRN_NO_VALUE;
    crn_array_set_shape(&cast, c->ndim, c->shape);
    crn_value value = crn_graph_constant(graph, &cast);
    crn_array_free(&cast);
    return value;
}

static bool dtype_named(const char *name, crn_dtype *out)
{
    static const char *const names[] = {"int", "uint"};
    if (name == NULL || strcmp(name, "float32") == 0 || strcmp(name, "float64") == 0)
        *out = CRN_FLOAT32;
    else if (strcmp(name, "bool") == 0)
        *out = CRN_BOOL;
    else if (strncmp(name, names[0], 3) == 0 || strncmp(name, names[1], 4) == 0)
        *out = CRN_INT64;
    else
        return false;
    return true;
}

crn_value crn_operation_value(crn_operation_call *call, const crn_object *object)
{
    constant c = {.call = call, .dtype = CRN_BOOL, .fits = true};
    crn_dtype dtype = CRN_NO_DTYPE;
    const int tensor = crn_layer_argument_tensor(call->io->arguments, object);
    crn_value value = CRN_NO_VALUE;
    if (tensor >= 0)
        return call->io->in[tensor];
    if (crn_object_is(object, CRN_OBJ_DICT)) { /* {"class_name": "__tensor__", "config"} */
        const crn_object *config = crn_object_get(object, "config");
        c.fits = dtype_named(crn_object_text(crn_object_get(config, "dtype")), &dtype);
        object = crn_object_get(config, "value");
    }
    for (const crn_object *at = object; is_list(at) && c.ndim < DEEPEST_CONSTANT;
         at = crn_object_item(at, 0))
        c.shape[c.ndim++] = (int64_t)crn_object_length(at);
    add_numbers(&c, object, 0);
    if (c.fits)
        value = make_constant(&c, dtype != CRN_NO_DTYPE ? dtype : c.dtype);
    else
        crn_operation_refuse(call, "an argument that is neither a tensor nor numbers");
    free(c.numbers);
    return value;
}

crn_value crn_operation_tensor(crn_operation_call *call, const char *names, int place)
{
    const crn_object *given = crn_operation_argument(call, names, place);
    if (given != NULL)
        return crn_operation_value(call, given);
    crn_operation_refuse(call, "a call without that tensor");
    return CRN_NO_VALUE;
}

int crn_operation_tensors(crn_operation_call *call, const char *names, int place,
                          crn_value *values)
{
    const crn_object *list = crn_operation_argument(call, names, place);
    const size_t count = is_list(list) ? crn_object_length(list) : 0;
    if (count == 0 && crn_layer_argument_tensor(call->io->arguments, list) >= 0) {
        values[0] = crn_operation_value(call, list); /* a list of one, in Keras 2 */
        return 1;
    }
    if (count < 1 || count > CRN_MOST_TENSORS) {
        crn_operation_refuse(call, "what is no list of tensors");
        return 0;
    }
    for (size_t i = 0; i < count; i++)
        values[i] = crn_operation_value(call, crn_object_item(list, i));
    return call->graph->error.code == CRN_OK ? (int)count : 0;
}

/* ---- types and axes that fit ---- */

crn_value crn_operation_float(crn_operation_call *call, crn_value x)
{
    return crn_dtype_is_float(crn_graph_type(call->graph, x)->dtype)
               ? x
               : crn_cast(call->graph, x, CRN_FLOAT32);
}

static crn_dtype common_dtype(const crn_graph *graph, const crn_value *values, int count,
                              bool floating)
{
    crn_dtype dtype = crn_graph_type(graph, values[0])->dtype;
    for (int i = 0; i < count; i++) {
        const crn_dtype other = crn_graph_type(graph, values[i])->dtype;
        if (floating || crn_dtype_is_float(other) || crn_dtype_is_float(dtype))
            dtype = CRN_FLOAT32;
        else if (other != dtype)
            dtype = CRN_INT64;
    }
    return dtype;
}

/* A constant with an axis for the batch, of length 1, is the same for every row. */
static crn_value drop_batch(crn_operation_call *call, crn_value x, int32_t ndim)
{
    const crn_type type = *crn_graph_type(call->graph, x);
    if (type.rows || type.ndim != ndim + 1)
        return x;
    if (type.shape[0] == 1)
        return crn_reshape(call->graph, x, ndim, type.shape + 1);
    crn_operation_refuse(call, "a constant that differs between the rows");
    return CRN_NO_VALUE;
}

bool crn_operation_promote(crn_operation_call *call, crn_value *values, int count,
                           bool floating)
{
    crn_graph *graph = call->graph;
    int32_t ndim = -1;
    for (int i = 0; i < count && graph->error.code == CRN_OK; i++) {
        const crn_type *type = crn_graph_type(graph, values[i]);
        if (type->rows && ndim >= 0 && type->ndim != ndim)
            crn_operation_refuse(call, "a pair of tensors with different numbers of axes");
        ndim = type->rows ? type->ndim : ndim;
    }
    if (graph->error.code != CRN_OK)
        return false;
    const crn_dtype dtype = common_dtype(graph, values, count, floating);
    for (int i = 0; i < count; i++) {
        if (ndim >= 0)
            values[i] = drop_batch(call, values[i], ndim);
        values[i] = crn_cast(graph, values[i], dtype);
    }
    return graph->error.code == CRN_OK;
}
