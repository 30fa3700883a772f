/* SPDX-License-Identifier: BSD-3-Clause */
#include "model/model_list.h"

#include <stdlib.h>

#include "format/pickle.h"

crn_status crn_model_list_create(crn_model_list *list, crn_model_list_kind kind, int64_t count,
                                 int64_t columns, crn_error *err)
{
    if (count < 0 || count > CRN_MAX_MODELS)
        return crn_fail(err, CRN_LIMIT, "a list of %lld estimators; at most %d are taken",
                        (long long)count, CRN_MAX_MODELS);
    *list = (crn_model_list){.kind = kind, .columns = columns};
    list->at = crn_calloc(count > 0 ? (size_t)count : 1, sizeof *list->at);
    if (list->at == NULL)
        return crn_no_memory(err);
    list->count = count;
    return CRN_OK;
}

void crn_model_list_free(crn_model_list *list, void (*destroy_model)(struct crn_model *))
{
    for (int64_t i = 0; i < list->count && destroy_model != NULL; i++)
        destroy_model(list->at[i]);
    free(list->at);
    free(list->names);
    *list = (crn_model_list){0};
}

/* ---- reading ---- */

/* Where the estimators lie in the object: items step, step + stride, ... */
typedef struct source {
    crn_model_list_kind kind;
    crn_object *const *items;
    size_t count; /* estimators */
    int64_t columns;
    crn_object *alone; /* what items points at for CRN_MODELS_ONE */
} source;

static bool is_pair(const crn_object *object)
{
    return crn_object_is(object, CRN_OBJ_TUPLE) && crn_object_length(object) == 2 &&
           crn_object_text(crn_object_item(object, 0)) != NULL;
}

static crn_status find_source(const crn_object *value, source *out, crn_error *err)
{
    int32_t ndim;
    int64_t shape[CRN_MAX_NDIM];
    *out = (source){.kind = CRN_MODELS_NONE};
    if (crn_object_is_none(value))
        return CRN_OK;
    if (crn_object_is(value, CRN_OBJ_DICT)) {
        *out = (source){.kind = CRN_MODELS_DICT,
                        .items = value->as.items.at,
                        .count = value->as.items.count / 2};
        return CRN_OK;
    }
    if (crn_object_is(value, CRN_OBJ_LIST) || crn_object_is(value, CRN_OBJ_TUPLE)) {
        const bool tuple = crn_object_is(value, CRN_OBJ_TUPLE);
        *out = (source){.kind = tuple ? CRN_MODELS_TUPLE : CRN_MODELS_LIST,
                        .items = value->as.items.at,
                        .count = value->as.items.count};
        if (!tuple && out->count > 0 && is_pair(out->items[0]))
            out->kind = CRN_MODELS_PAIRS;
        return CRN_OK;
    }
    const crn_object *elements = crn_object_array_elements(value, &ndim, shape);
    if (elements == NULL && crn_object_is(value, CRN_OBJ_INSTANCE) &&
        crn_object_as_array(value) == NULL) {
        *out = (source){.kind = CRN_MODELS_ONE, .alone = (crn_object *)value, .count = 1};
        out->items = &out->alone;
        return CRN_OK;
    }
    if (elements == NULL || ndim < 1 || ndim > 2)
        return crn_fail_at(err, CRN_FORMAT, value->offset,
                           "expected a list or an array of estimators, got %s",
                           crn_object_kind_name(value));
    *out = (source){.kind = CRN_MODELS_ARRAY,
                    .items = elements->as.items.at,
                    .count = elements->as.items.count,
                    .columns = ndim == 2 ? shape[1] : 0};
    return CRN_OK;
}

static const crn_object *source_item(const source *from, size_t i, const char **name)
{
    *name = NULL;
    if (from->kind == CRN_MODELS_DICT) {
        *name = crn_object_text(from->items[2 * i]);
        return from->items[2 * i + 1];
    }
    if (from->kind == CRN_MODELS_PAIRS && is_pair(from->items[i])) {
        *name = crn_object_text(crn_object_item(from->items[i], 0));
        return crn_object_item(from->items[i], 1);
    }
    return from->kind == CRN_MODELS_PAIRS ? NULL : from->items[i];
}

crn_status crn_model_list_read(crn_model_list *list, const crn_object *value,
                               const crn_field_context *context, crn_error *err)
{
    source from;
    CRN_TRY(find_source(value, &from, err));
    if (context->read_model == NULL && from.count > 0)
        return crn_fail_at(err, CRN_FORMAT, value->offset, "no estimators are expected here");
    CRN_TRY(crn_model_list_create(list, from.kind, (int64_t)from.count, from.columns, err));
    const bool named = from.kind == CRN_MODELS_DICT || from.kind == CRN_MODELS_PAIRS;
    if (named && (list->names = crn_calloc(from.count + 1, sizeof *list->names)) == NULL)
        return crn_no_memory(err);
    for (size_t i = 0; i < from.count; i++) {
        const char *name;
        const crn_object *item = source_item(&from, i, &name);
        if (item == NULL || (named && name == NULL))
            return crn_fail_at(err, CRN_FORMAT, value->offset,
                               "item %zu is not a (name, estimator) pair", i);
        if (named)
            list->names[i] = name;
        if (context->read_model(context->context, item, &list->at[i], err) != CRN_OK)
            return crn_where(err, "[%zu]", i);
    }
    return CRN_OK;
}

/* ---- writing ---- */

static bool add_item(const crn_model_list *list, int64_t i, crn_object *item, crn_object *into,
                     crn_document *document)
{
    if (list->kind == CRN_MODELS_DICT)
        return crn_object_set(document, into, list->names[i], item);
    if (list->kind != CRN_MODELS_PAIRS)
        return crn_object_append(document, into, item);
    crn_object *pair = crn_object_new(document, CRN_OBJ_TUPLE);
    return crn_object_append(document, pair, crn_object_str(document, list->names[i])) &&
           crn_object_append(document, pair, item) && crn_object_append(document, into, pair);
}

crn_object *crn_model_list_write(const crn_model_list *list, crn_document *document,
                                 crn_model_list_item_fn *item, void *context, crn_error *err)
{
    static const crn_object_kind kinds[] = {
        [CRN_MODELS_NONE] = CRN_OBJ_NONE,   [CRN_MODELS_LIST] = CRN_OBJ_LIST,
        [CRN_MODELS_TUPLE] = CRN_OBJ_TUPLE, [CRN_MODELS_PAIRS] = CRN_OBJ_LIST,
        [CRN_MODELS_DICT] = CRN_OBJ_DICT,   [CRN_MODELS_ARRAY] = CRN_OBJ_LIST};
    if (list->kind == CRN_MODELS_ONE)
        return item(list->at[0], document, context, err);
    crn_object *all = crn_object_new(document, kinds[list->kind]);
    for (int64_t i = 0; i < list->count; i++) {
        crn_object *one = item(list->at[i], document, context, err);
        if (one == NULL) {
            crn_where(err, "[%lld]", (long long)i);
            return NULL;
        }
        if (!add_item(list, i, one, all, document)) {
            crn_arena_fail(document->arena, err);
            return NULL;
        }
    }
    if (all != NULL && list->kind == CRN_MODELS_ARRAY) {
        const bool matrix = list->columns > 0;
        const int64_t shape[2] = {matrix ? list->count / list->columns : list->count,
                                  list->columns};
        all = crn_object_array_of_objects(document, matrix ? 2 : 1, shape, all);
    }
    if (all == NULL)
        crn_arena_fail(document->arena, err);
    return all;
}
