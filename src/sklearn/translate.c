/* SPDX-License-Identifier: BSD-3-Clause */
#include "sklearn/translation.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "format/numpy_object.h"
#include "format/pickle.h"
#include "sklearn/versions.h"

crn_object *crn_translation_fail(crn_translation *t)
{
    crn_arena_fail(t->target->arena, t->err);
    return NULL;
}

/* ---- what has been copied ---- */

static crn_translation_pair *find_pair(crn_translation_pair *pairs, size_t slots,
                                       const crn_object *object)
{
    const uint64_t hash = (uint64_t)(uintptr_t)object * UINT64_C(0x9e3779b97f4a7c15);
    size_t i = (size_t)(hash >> 32) & (slots - 1);
    while (pairs[i].original != NULL && pairs[i].original != object)
        i = (i + 1) & (slots - 1);
    return &pairs[i];
}

static bool grow_pairs(crn_translation *t)
{
    const size_t slots = t->slots > 0 ? 2 * t->slots : 64;
    crn_translation_pair *grown = crn_calloc(slots, sizeof *grown);
    if (grown == NULL)
        return false;
    for (size_t i = 0; i < t->slots; i++) {
        if (t->pairs[i].original != NULL)
            *find_pair(grown, slots, t->pairs[i].original) = t->pairs[i];
    }
    free(t->pairs);
    t->pairs = grown;
    t->slots = slots;
    return true;
}

/* Before the parts are copied, so that an object may hold itself. */
bool crn_translation_remember(crn_translation *t, const crn_object *original, crn_object *copy)
{
    if (copy == NULL || (2 * (t->count + 1) > t->slots && !grow_pairs(t)))
        return false;
    *find_pair(t->pairs, t->slots, original) = (crn_translation_pair){original, copy};
    t->count++;
    return true;
}

static crn_object *remembered(const crn_translation *t, const crn_object *original)
{
    return t->slots > 0 ? find_pair(t->pairs, t->slots, original)->copy : NULL;
}

/* ---- values ---- */

static crn_object *copy_plain(crn_translation *t, const crn_object *object)
{
    crn_object *copy = crn_object_new(t->target, object->kind);
    if (copy == NULL)
        return crn_translation_fail(t);
    copy->as = object->as;
    return crn_translation_remember(t, object, copy) ? copy : crn_translation_fail(t);
}

bool crn_translation_items(crn_translation *t, const crn_object_items *from,
                           crn_object_items *into)
{
    for (size_t i = 0; i < from->count; i++) {
        crn_object *item = crn_translation_object(t, from->at[i]);
        if (item == NULL)
            return false;
        if (!crn_object_items_extend(t->target, into, &item, 1)) {
            crn_translation_fail(t);
            return false;
        }
    }
    return true;
}

static crn_object *copy_container(crn_translation *t, const crn_object *object)
{
    crn_object *copy = crn_object_new(t->target, object->kind);
    if (!crn_translation_remember(t, object, copy))
        return crn_translation_fail(t);
    return crn_translation_items(t, &object->as.items, &copy->as.items) ? copy : NULL;
}

/* ---- names ---- */

/* The metrics of neighbors and trees: EuclideanDistance, from 1.3 EuclideanDistance64. */
static const char *metric_name(crn_translation *t, const char *place, const char *name)
{
    static const char suffix[] = "Distance64";
    const size_t size = strlen(name), word = strlen("Distance"), whole = strlen(suffix);
    const bool with_width = crn_version_compare(t->sklearn, "1.3") >= 0;
    if (strstr(place, "_dist_metrics") == NULL)
        return name;
    if (with_width && size > word && strcmp(name + size - word, "Distance") == 0) {
        char *wider = crn_arena_alloc(t->target->arena, size + 3, 1);
        if (wider != NULL)
            snprintf(wider, size + 3, "%s64", name);
        return wider;
    }
    if (!with_width && size > whole && strcmp(name + size - whole, suffix) == 0)
        return crn_arena_text(t->target->arena, name, size - 2);
    return name;
}

static crn_object *copy_global(crn_translation *t, const crn_object *object)
{
    const char *module = crn_object_text(object->as.global.module);
    const char *name = crn_object_text(object->as.global.name), *place;
    if (module == NULL || name == NULL)
        return copy_plain(t, object);
    if (crn_sklearn_place(t->sklearn, module, name, &place, t->err) != CRN_OK)
        return NULL;
    const crn_estimator *type = crn_estimator_find(name);
    const bool known = type != NULL && crn_estimator_of_global(object) == type;
    if (known && crn_sklearn_module(type, t->sklearn, &place, t->err) != CRN_OK)
        return NULL;
    name = metric_name(t, place, name);
    crn_object *copy = name != NULL ? crn_object_global(t->target, place, name) : NULL;
    return crn_translation_remember(t, object, copy) ? copy : crn_translation_fail(t);
}

/* ---- instances ---- */

static crn_object *copy_object_array(crn_translation *t, const crn_object *object,
                                     const crn_object *elements, int32_t ndim,
                                     const int64_t *shape)
{
    crn_object *copied = crn_translation_object(t, elements);
    if (copied == NULL)
        return NULL;
    crn_object *copy = crn_object_array_of_objects(t->target, ndim, shape, copied);
    return crn_translation_remember(t, object, copy) ? copy : crn_translation_fail(t);
}

/* The constructor of a scalar again, with its bytes as bytes: protocols 0 to 2 say them as
 * text. */
static crn_object *copy_scalar(crn_translation *t, const crn_object *object,
                               const crn_array *value)
{
    crn_object *callable = crn_translation_object(t, object->as.instance->callable);
    crn_object *dtype =
        callable != NULL
            ? crn_translation_object(t, crn_object_item(object->as.instance->args, 0))
            : NULL;
    crn_object *bytes = crn_object_new(t->target, CRN_OBJ_BYTES);
    crn_object *args = crn_object_new(t->target, CRN_OBJ_TUPLE);
    if (dtype == NULL)
        return NULL;
    crn_object *copy = crn_object_instance(t->target, CRN_BY_REDUCE, callable);
    char *data = crn_arena_alloc(t->target->arena, (size_t)value->itemsize + 1, 1);
    if (copy == NULL || bytes == NULL || data == NULL)
        return crn_translation_fail(t);
    memcpy(data, value->data, (size_t)value->itemsize);
    bytes->as.bytes.at = data;
    bytes->as.bytes.size = (size_t)value->itemsize;
    if (!crn_object_append(t->target, args, dtype) ||
        !crn_object_append(t->target, args, bytes) ||
        !crn_translation_remember(t, object, copy))
        return crn_translation_fail(t);
    copy->as.instance->args = args;
    return copy;
}

/* Arrays and scalars of NumPy, however the file spells them. */
static crn_object *copy_array(crn_translation *t, const crn_object *object)
{
    crn_array array = CRN_ARRAY_INIT;
    int32_t ndim;
    int64_t shape[CRN_MAX_NDIM];
    const crn_object *elements = crn_object_array_elements(object, &ndim, shape);
    if (elements != NULL)
        return copy_object_array(t, object, elements, ndim, shape);
    if (crn_object_to_array(object, &array, t->err) != CRN_OK)
        return NULL;
    crn_object *copy;
    if (object->as.instance->array == NULL && crn_object_is_numpy_scalar(object)) {
        copy = copy_scalar(t, object, &array);
    } else {
        copy = crn_object_array(t->target, &array);
        if (!crn_translation_remember(t, object, copy))
            copy = crn_translation_fail(t);
    }
    crn_array_free(&array);
    return copy;
}

/* A scalar or an array that needs no description of its records. */
static bool is_plain_array(const crn_object *object)
{
    crn_array array = CRN_ARRAY_INIT;
    int32_t ndim;
    int64_t shape[CRN_MAX_NDIM];
    const bool is_numpy = object->as.instance->array != NULL ||
                          crn_object_is_plain_array(object) ||
                          crn_object_is_numpy_scalar(object);
    if (!is_numpy)
        return false;
    if (crn_object_array_elements(object, &ndim, shape) != NULL)
        return true;
    const bool decoded = crn_object_to_array(object, &array, NULL) == CRN_OK &&
                         array.dtype != CRN_RECORD && array.dtype != CRN_DATETIME;
    crn_array_free(&array);
    return decoded;
}

/* Parts of an instance that may be absent. */
static bool copy_part(crn_translation *t, crn_object *from, crn_object **into)
{
    if (from != NULL)
        *into = crn_translation_object(t, from);
    return from == NULL || *into != NULL;
}

/* An estimator that no table knows: what other versions call its attributes is not known. */
static bool is_unknown_estimator(const crn_object *object)
{
    return crn_object_get(object->as.instance->state, "_sklearn_version") != NULL;
}

crn_object *crn_translation_instance(crn_translation *t, const crn_object *object)
{
    const crn_instance *from = object->as.instance;
    if (is_unknown_estimator(object)) {
        const crn_object *class = crn_object_class(object);
        const char *name = class != NULL ? crn_object_text(class->as.global.name) : NULL;
        crn_fail_at(t->err, CRN_UNSUPPORTED, object->offset,
                    "%s is not supported: how other versions say it is not known",
                    name != NULL ? name : "an estimator");
        return NULL;
    }
    crn_object *copy = crn_object_instance(t->target, from->how, NULL);
    if (!crn_translation_remember(t, object, copy))
        return crn_translation_fail(t);
    crn_instance *into = copy->as.instance;
    const bool copied = copy_part(t, from->callable, &into->callable) &&
                        copy_part(t, from->args, &into->args) &&
                        copy_part(t, from->kwargs, &into->kwargs) &&
                        crn_translation_items(t, &from->append, &into->append) &&
                        crn_translation_items(t, &from->set, &into->set) &&
                        copy_part(t, from->state, &into->state);
    return copied ? copy : NULL;
}

static crn_object *convert_estimator(crn_translation *t, const crn_object *object)
{
    crn_model *model = NULL;
    if (crn_sklearn_read(object, t->source, &model, t->err) != CRN_OK)
        return NULL;
    crn_object *copy = crn_sklearn_write(model, t->target, t->sklearn, t->err);
    crn_model_destroy(model);
    if (copy == NULL)
        return NULL;
    return crn_translation_remember(t, object, copy) ? copy : crn_translation_fail(t);
}

static crn_object *translate_instance(crn_translation *t, const crn_object *object)
{
    const crn_instance *instance = object->as.instance;
    if (is_plain_array(object))
        return copy_array(t, object);
    if (instance->array != NULL)
        return copy_plain(t, object); /* of records: as it was stored */
    if (crn_estimator_of(object) != NULL)
        return convert_estimator(t, object);
    crn_translation_call *call = crn_translation_of(object);
    if (call != NULL)
        return call(t, object);
    return crn_translation_instance(t, object);
}

crn_object *crn_translation_object(crn_translation *t, const crn_object *object)
{
    crn_object *known = remembered(t, object);
    if (known != NULL)
        return known;
    switch (object->kind) {
    case CRN_OBJ_TUPLE:
    case CRN_OBJ_LIST:
    case CRN_OBJ_SET:
    case CRN_OBJ_FROZENSET:
    case CRN_OBJ_DICT:
        return copy_container(t, object);
    case CRN_OBJ_GLOBAL:
        return copy_global(t, object);
    case CRN_OBJ_INSTANCE:
        return translate_instance(t, object);
    default:
        return copy_plain(t, object);
    }
}

crn_object *crn_sklearn_translate(const crn_object *object, crn_document *source,
                                  crn_document *target, const char *sklearn, crn_error *err)
{
    crn_translation t = {.source = source, .target = target, .sklearn = sklearn, .err = err};
    crn_object *copy = crn_translation_object(&t, object);
    free(t.pairs);
    return copy;
}

crn_status crn_sklearn_carry(const crn_field *fields, const crn_object *from,
                             crn_document *source, crn_object *into, crn_document *target,
                             const char *sklearn, crn_error *err)
{
    for (size_t i = 0; i + 1 < from->as.items.count; i += 2) {
        const char *key = crn_object_text(from->as.items.at[i]);
        crn_error why = CRN_ERROR_INIT;
        if (key == NULL || crn_field_find(fields, key) != NULL ||
            strcmp(key, "_sklearn_version") == 0)
            continue;
        crn_object *value =
            crn_sklearn_translate(from->as.items.at[i + 1], source, target, sklearn, &why);
        if (value == NULL && why.code == CRN_UNSUPPORTED)
            continue;
        if (value == NULL)
            return crn_fail(err, why.code, "%s", why.message);
        if (!crn_object_set(target, into, key, value))
            return crn_arena_fail(target->arena, err);
    }
    return CRN_OK;
}
