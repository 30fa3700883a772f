/* SPDX-License-Identifier: BSD-3-Clause */
/* Making Python values and asking them. What NumPy objects mean is in numpy_object.c. */
#include "format/object.h"

#include <string.h>

#include "format/numpy_object.h"
#include "format/pickle.h"

/* ---- making ---- */

crn_object *crn_object_new(crn_document *document, crn_object_kind kind)
{
    crn_object *object = crn_arena_alloc(document->arena, 1, sizeof *object);
    if (object == NULL)
        return NULL;
    object->kind = kind;
    object->offset = CRN_NO_OFFSET;
    document->instances += kind == CRN_OBJ_INSTANCE;
    return object;
}

crn_object *crn_object_none(crn_document *document)
{
    return crn_object_new(document, CRN_OBJ_NONE);
}

crn_object *crn_object_bool(crn_document *document, bool value)
{
    crn_object *object = crn_object_new(document, CRN_OBJ_BOOL);
    if (object != NULL)
        object->as.boolean = value;
    return object;
}

crn_object *crn_object_int(crn_document *document, int64_t value)
{
    crn_object *object = crn_object_new(document, CRN_OBJ_INT);
    if (object != NULL)
        object->as.integer = value;
    return object;
}

crn_object *crn_object_float(crn_document *document, double value)
{
    crn_object *object = crn_object_new(document, CRN_OBJ_FLOAT);
    if (object != NULL)
        object->as.real = value;
    return object;
}

crn_object *crn_object_str(crn_document *document, const char *utf8)
{
    return utf8 == NULL ? NULL : crn_object_str_n(document, utf8, strlen(utf8));
}

crn_object *crn_object_str_n(crn_document *document, const char *utf8, size_t size)
{
    crn_object *object = crn_object_new(document, CRN_OBJ_STR);
    if (object == NULL)
        return NULL;
    object->as.bytes.at = crn_arena_text(document->arena, utf8, size);
    object->as.bytes.size = size;
    return object->as.bytes.at == NULL ? NULL : object;
}

crn_object *crn_object_global(crn_document *document, const char *module, const char *name)
{
    crn_object *object = crn_object_new(document, CRN_OBJ_GLOBAL);
    if (object == NULL)
        return NULL;
    object->as.global.module = crn_object_str(document, module);
    object->as.global.name = crn_object_str(document, name);
    if (object->as.global.module == NULL || object->as.global.name == NULL)
        return NULL;
    return object;
}

crn_object *crn_object_instance(crn_document *document, crn_instance_how how,
                                crn_object *callable)
{
    crn_object *object = crn_object_new(document, CRN_OBJ_INSTANCE);
    if (object == NULL)
        return NULL;
    crn_instance *instance = crn_arena_alloc(document->arena, 1, sizeof *instance);
    if (instance == NULL)
        return NULL;
    instance->how = how;
    instance->callable = callable;
    instance->args = crn_object_new(document, CRN_OBJ_TUPLE);
    object->as.instance = instance;
    return instance->args == NULL ? NULL : object;
}

/* A copy of the array's header that lives in the document, its memory kept by the document. */
static crn_array *adopt_array(crn_document *document, const crn_array *array)
{
    crn_array *adopted = crn_arena_alloc(document->arena, 1, sizeof *adopted);
    if (adopted == NULL)
        return NULL;
    if (array->owner != NULL) {
        *adopted = *array;
        crn_buffer_retain(array->owner);
    } else {
        if (crn_array_create(array->dtype, array->itemsize, array->ndim, array->shape, adopted,
                             NULL) != CRN_OK)
            return NULL;
        if (crn_array_copy_to(array, array->dtype, array->itemsize, adopted->data, NULL) !=
            CRN_OK) {
            crn_array_free(adopted);
            return NULL;
        }
    }
    if (crn_document_keep(document, adopted->owner, NULL) != CRN_OK)
        return NULL;
    return adopted;
}

crn_object *crn_object_array(crn_document *document, const crn_array *array)
{
    if (array == NULL || array->data == NULL)
        return NULL;
    crn_object *object = crn_object_instance(document, CRN_BY_REDUCE, NULL);
    if (object == NULL)
        return NULL;
    object->as.instance->array = adopt_array(document, array);
    return object->as.instance->array == NULL ? NULL : object;
}

crn_object *crn_object_array_of_objects(crn_document *document, int32_t ndim,
                                        const int64_t *shape, crn_object *elements)
{
    if (!crn_object_is(elements, CRN_OBJ_LIST) || ndim < 0 || ndim > CRN_MAX_NDIM)
        return NULL;
    crn_object *object = crn_object_instance(document, CRN_BY_REDUCE, NULL);
    crn_array *array = crn_arena_alloc(document->arena, 1, sizeof *array);
    if (object == NULL || array == NULL)
        return NULL;
    array->dtype = CRN_OBJECT;
    array->itemsize = CRN_POINTER_BYTES;
    crn_array_set_shape(array, ndim, shape);
    object->as.instance->array = array;
    object->as.instance->elements = elements;
    return object;
}

bool crn_object_items_extend(crn_document *document, crn_object_items *items,
                             crn_object *const *more, size_t count)
{
    if (count > items->capacity - items->count) {
        size_t wanted = items->capacity > SIZE_MAX / 4 ? SIZE_MAX : items->capacity * 2;
        if (wanted < items->count + count)
            wanted = items->count + count;
        crn_object **grown = crn_arena_alloc(document->arena, wanted, sizeof *grown);
        if (grown == NULL)
            return false;
        if (items->count > 0)
            memcpy(grown, items->at, items->count * sizeof *grown);
        items->at = grown;
        items->capacity = wanted;
    }
    if (count > 0)
        memcpy(items->at + items->count, more, count * sizeof *more);
    items->count += count;
    return true;
}

static bool is_sequence(const crn_object *object)
{
    switch (object->kind) {
    case CRN_OBJ_TUPLE:
    case CRN_OBJ_LIST:
    case CRN_OBJ_SET:
    case CRN_OBJ_FROZENSET:
        return true;
    default:
        return false;
    }
}

bool crn_object_append(crn_document *document, crn_object *container, crn_object *item)
{
    if (container == NULL || item == NULL || !is_sequence(container))
        return false;
    return crn_object_items_extend(document, &container->as.items, &item, 1);
}

/* Place of the last entry with this key; the number of items when there is none. */
static size_t find_key(const crn_object *dict, const char *key)
{
    const crn_object_items *items = &dict->as.items;
    for (size_t i = items->count; i >= 2; i -= 2)
        if (crn_object_is_str(items->at[i - 2], key))
            return i - 2;
    return items->count;
}

bool crn_object_set(crn_document *document, crn_object *dict, const char *key,
                    crn_object *value)
{
    if (!crn_object_is(dict, CRN_OBJ_DICT) || key == NULL || value == NULL)
        return false;
    size_t i = find_key(dict, key);
    if (i < dict->as.items.count) {
        dict->as.items.at[i + 1] = value;
        return true;
    }
    return crn_object_set_pair(document, dict, crn_object_str(document, key), value);
}

void crn_object_unset(crn_object *dict, const char *key)
{
    crn_object_items *items = &dict->as.items;
    const size_t i = find_key(dict, key);
    if (i >= items->count)
        return;
    items->count -= 2;
    for (size_t k = i; k < items->count; k++)
        items->at[k] = items->at[k + 2];
}

bool crn_object_set_pair(crn_document *document, crn_object *dict, crn_object *key,
                         crn_object *value)
{
    if (!crn_object_is(dict, CRN_OBJ_DICT) || key == NULL || value == NULL)
        return false;
    crn_object *const pair[] = {key, value};
    return crn_object_items_extend(document, &dict->as.items, pair, 2);
}

/* ---- asking ---- */

const char *crn_object_kind_name(const crn_object *object)
{
    static const char *const names[] = {
        [CRN_OBJ_NONE] = "NoneType", [CRN_OBJ_BOOL] = "bool",
        [CRN_OBJ_INT] = "int",       [CRN_OBJ_LONG] = "int",
        [CRN_OBJ_FLOAT] = "float",   [CRN_OBJ_STR] = "str",
        [CRN_OBJ_BYTES] = "bytes",   [CRN_OBJ_BYTEARRAY] = "bytearray",
        [CRN_OBJ_TUPLE] = "tuple",   [CRN_OBJ_LIST] = "list",
        [CRN_OBJ_SET] = "set",       [CRN_OBJ_FROZENSET] = "frozenset",
        [CRN_OBJ_DICT] = "dict",     [CRN_OBJ_GLOBAL] = "type",
    };
    if (object == NULL)
        return "nothing";
    if (object->kind != CRN_OBJ_INSTANCE)
        return names[object->kind];
    if (object->as.instance->array != NULL)
        return "ndarray";
    const crn_object *cls = crn_object_class(object);
    return cls != NULL ? cls->as.global.name->as.bytes.at : "object";
}

bool crn_object_is(const crn_object *object, crn_object_kind kind)
{
    return object != NULL && object->kind == kind;
}

bool crn_object_is_none(const crn_object *object)
{
    return crn_object_is(object, CRN_OBJ_NONE);
}

bool crn_object_is_str(const crn_object *object, const char *text)
{
    if (!crn_object_is(object, CRN_OBJ_STR) || text == NULL)
        return false;
    size_t size = strlen(text);
    return object->as.bytes.size == size && memcmp(object->as.bytes.at, text, size) == 0;
}

const char *crn_object_text(const crn_object *object)
{
    return crn_object_is(object, CRN_OBJ_STR) ? object->as.bytes.at : NULL;
}

/* A NumPy scalar as an array of no axes and the type `dtype`; false for anything else. */
static bool as_scalar(const crn_object *object, bool (*accepts)(crn_dtype dtype),
                      crn_dtype dtype, void *out)
{
    crn_array array;
    if (!crn_object_is_numpy_scalar(object) ||
        crn_object_to_array(object, &array, NULL) != CRN_OK)
        return false;
    bool is_wanted =
        accepts(array.dtype) && crn_array_copy_to(&array, dtype, 0, out, NULL) == CRN_OK;
    crn_array_free(&array);
    return is_wanted;
}

static bool is_signed_or_small(crn_dtype dtype)
{
    return crn_dtype_is_integer(dtype) && dtype != CRN_UINT64;
}

static bool is_uint64(crn_dtype dtype)
{
    return dtype == CRN_UINT64;
}

static bool is_bool(crn_dtype dtype)
{
    return dtype == CRN_BOOL;
}

bool crn_object_as_double(const crn_object *object, double *out)
{
    int64_t integer;
    if (crn_object_is(object, CRN_OBJ_FLOAT))
        *out = object->as.real;
    else if (crn_object_as_int(object, &integer))
        *out = (double)integer;
    else
        return as_scalar(object, crn_dtype_is_number, CRN_FLOAT64, out);
    return true;
}

bool crn_object_as_int(const crn_object *object, int64_t *out)
{
    uint64_t large;
    if (crn_object_is(object, CRN_OBJ_INT))
        *out = object->as.integer;
    else if (crn_object_is(object, CRN_OBJ_BOOL))
        *out = object->as.boolean;
    else if (as_scalar(object, is_uint64, CRN_UINT64, &large) && large <= INT64_MAX)
        *out = (int64_t)large;
    else
        return as_scalar(object, is_signed_or_small, CRN_INT64, out);
    return true;
}

bool crn_object_as_bool(const crn_object *object, bool *out)
{
    uint8_t byte;
    if (crn_object_is(object, CRN_OBJ_BOOL))
        *out = object->as.boolean;
    else if (as_scalar(object, is_bool, CRN_BOOL, &byte))
        *out = byte != 0;
    else
        return false;
    return true;
}

crn_object *crn_object_get(const crn_object *dict, const char *key)
{
    if (!crn_object_is(dict, CRN_OBJ_DICT) || key == NULL)
        return NULL;
    size_t i = find_key(dict, key);
    return i < dict->as.items.count ? dict->as.items.at[i + 1] : NULL;
}

size_t crn_object_length(const crn_object *container)
{
    if (container == NULL)
        return 0;
    if (container->kind == CRN_OBJ_DICT)
        return container->as.items.count / 2;
    return is_sequence(container) ? container->as.items.count : 0;
}

crn_object *crn_object_item(const crn_object *sequence, size_t i)
{
    if (sequence == NULL || !is_sequence(sequence) || i >= sequence->as.items.count)
        return NULL;
    return sequence->as.items.at[i];
}

/* Protocols 0-2 name some modules as Python 2 did (Lib/_compat_pickle.py). */
static bool is_module(const crn_object *said, const char *module)
{
    if (crn_object_is_str(said, module))
        return true;
    if (strcmp(module, "builtins") == 0)
        return crn_object_is_str(said, "__builtin__");
    return strcmp(module, "copyreg") == 0 && crn_object_is_str(said, "copy_reg");
}

bool crn_object_is_global(const crn_object *object, const char *module, const char *name)
{
    return crn_object_is(object, CRN_OBJ_GLOBAL) &&
           crn_object_is_str(object->as.global.name, name) &&
           is_module(object->as.global.module, module);
}

const crn_object *crn_object_class(const crn_object *object)
{
    if (!crn_object_is(object, CRN_OBJ_INSTANCE))
        return NULL;
    const crn_instance *instance = object->as.instance;
    if (instance->how == CRN_BY_REDUCE &&
        (crn_object_is_global(instance->callable, "copyreg", "_reconstructor") ||
         crn_object_is_global(instance->callable, "copyreg", "__newobj__"))) {
        const crn_object *cls = crn_object_item(instance->args, 0);
        return crn_object_is(cls, CRN_OBJ_GLOBAL) ? cls : NULL;
    }
    return crn_object_is(instance->callable, CRN_OBJ_GLOBAL) ? instance->callable : NULL;
}

const crn_array *crn_object_as_array(const crn_object *object)
{
    return crn_object_is(object, CRN_OBJ_INSTANCE) ? object->as.instance->array : NULL;
}
