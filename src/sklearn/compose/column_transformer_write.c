/* SPDX-License-Identifier: BSD-3-Clause */
/* A ColumnTransformer for another version: what stands in transformers_ for columns that pass
 * through, and attributes that only some versions look at
 * (sklearn/compose/_column_transformer.py of 0.22 to 1.9). */
#include "sklearn/compose/column_transformer.h"

#include <string.h>

#include "sklearn/translate.h"

/* The transformer that 1.4 and later have where 'passthrough' was asked for. */
static crn_object *make_identity(crn_document *document, const char *sklearn, crn_error *err)
{
    crn_object *call = crn_object_instance(
        document, CRN_BY_CALL, crn_object_global(document, "", "FunctionTransformer"));
    crn_object *kwargs = crn_object_new(document, CRN_OBJ_DICT);
    crn_model *model = NULL;
    if (call == NULL ||
        !crn_object_set(document, kwargs, "accept_sparse", crn_object_bool(document, true)) ||
        !crn_object_set(document, kwargs, "check_inverse", crn_object_bool(document, false)) ||
        !crn_object_set(document, kwargs, "feature_names_out",
                        crn_object_str(document, "one-to-one"))) {
        crn_arena_fail(document->arena, err);
        return NULL;
    }
    call->as.instance->kwargs = kwargs;
    if (crn_sklearn_parse(document, call, &model, err) != CRN_OK)
        return NULL;
    crn_object *made = crn_sklearn_write(model, document, sklearn, err);
    crn_model_destroy(model);
    return made;
}

/* What fit notes of the columns: transform gives a data frame their names. */
static bool set_features(const crn_column_transformer *self,
                         const crn_column_selection *columns, crn_document *document,
                         crn_object *state)
{
    crn_object *names = crn_object_new(document, CRN_OBJ_LIST);
    for (int64_t i = 0; self->base.feature_names != NULL && i < columns->count; i++) {
        if (!crn_object_append(
                document, names,
                crn_object_str(document, self->base.feature_names[columns->at[i]])))
            return false;
    }
    return (self->base.feature_names == NULL ||
            crn_object_set(document, state, "feature_names_in_",
                           crn_object_array_of_objects(document, 1, &columns->count, names))) &&
           crn_object_set(document, state, "n_features_in_",
                          crn_object_int(document, columns->count));
}

/* The transformer of a part; for columns that pass through, a string before 1.4. NULL with an
 * error. */
static crn_object *write_transformer(const crn_column_transformer *self, int i,
                                     const crn_object *given, crn_document *document,
                                     const char *sklearn, crn_error *err)
{
    const crn_column_part *part = &self->parts[i];
    const bool passes = !part->is_dropped && part->model == NULL;
    if (passes && crn_version_compare(sklearn, "1.4") < 0)
        return crn_object_str(document, "passthrough");
    if (passes && part->columns.count > 0 && crn_object_text(given) != NULL) {
        crn_object *made = make_identity(document, sklearn, err);
        if (made == NULL ||
            set_features(self, &part->columns, document, made->as.instance->state))
            return made;
        crn_arena_fail(document->arena, err);
        return NULL;
    }
    return crn_sklearn_translate(given, self->document, document, sklearn, err);
}

static crn_status write_part(const crn_column_transformer *self, int i, crn_document *document,
                             crn_object *list, const char *sklearn, crn_error *err)
{
    const crn_object *from = crn_object_item(self->transformers_, (size_t)i);
    crn_object *tuple = crn_object_new(document, CRN_OBJ_TUPLE);
    crn_object *transformer =
        write_transformer(self, i, crn_object_item(from, 1), document, sklearn, err);
    crn_object *columns =
        transformer != NULL ? crn_sklearn_translate(crn_columns_plain(crn_object_item(from, 2)),
                                                    self->document, document, sklearn, err)
                            : NULL;
    if (columns == NULL && err != NULL && err->code != CRN_OK)
        return crn_where(err, "transformers_[%d]", i);
    return crn_object_append(document, tuple, crn_object_str(document, self->parts[i].name)) &&
                   crn_object_append(document, tuple, transformer) &&
                   crn_object_append(document, tuple, columns) &&
                   crn_object_append(document, list, tuple)
               ? CRN_OK
               : crn_arena_fail(document->arena, err);
}

static crn_status write_parts(const crn_column_transformer *self, crn_document *document,
                              crn_object *state, const char *sklearn, crn_error *err)
{
    crn_object *list = crn_object_new(document, CRN_OBJ_LIST);
    for (int i = 0; i < self->part_count; i++)
        CRN_TRY(write_part(self, i, document, list, sklearn, err));
    crn_object *remainder = crn_object_get(state, "_remainder");
    if (crn_object_length(remainder) == 3)
        remainder->as.items.at[2] =
            (crn_object *)(uintptr_t)crn_columns_plain(remainder->as.items.at[2]);
    return crn_object_set(document, state, "transformers_", list)
               ? CRN_OK
               : crn_arena_fail(document->arena, err);
}

/* ---- attributes of some versions ---- */

static crn_object *list_indices(crn_document *document, const int64_t *at, int64_t count)
{
    crn_object *list = crn_object_new(document, CRN_OBJ_LIST);
    for (int64_t i = 0; i < count; i++) {
        if (!crn_object_append(document, list, crn_object_int(document, at[i])))
            return NULL;
    }
    return list;
}

/* The columns of each name, and those of nobody as the remainder's (1.0 and later). */
static bool set_indices(const crn_column_transformer *self, crn_document *document,
                        crn_object *state)
{
    const int64_t n = self->base.n_features_in_;
    crn_object *dict = crn_object_new(document, CRN_OBJ_DICT);
    int64_t *rest = crn_arena_alloc(document->arena, (size_t)n, sizeof *rest), left = 0;
    bool *taken = crn_arena_alloc(document->arena, (size_t)n, sizeof *taken);
    bool made = rest != NULL && taken != NULL, has_remainder = false;
    for (int i = 0; made && i < self->part_count; i++) {
        const crn_column_part *part = &self->parts[i];
        has_remainder = has_remainder || strcmp(part->name, "remainder") == 0;
        for (int64_t k = 0; k < part->columns.count; k++)
            taken[part->columns.at[k]] = true;
        made = crn_object_set(document, dict, part->name,
                              list_indices(document, part->columns.at, part->columns.count));
    }
    for (int64_t i = 0; made && i < n; i++) {
        if (!taken[i])
            rest[left++] = i;
    }
    if (made && !has_remainder)
        made = crn_object_set(document, dict, "remainder", list_indices(document, rest, left));
    return made && crn_object_set(document, state, "_transformer_to_input_indices", dict);
}

static crn_object *names_of(const crn_column_transformer *self, crn_document *document)
{
    const int64_t n = self->base.n_features_in_;
    crn_object *names = crn_object_new(document, CRN_OBJ_LIST);
    if (self->base.feature_names == NULL)
        return crn_object_none(document);
    for (int64_t i = 0; i < n; i++) {
        if (!crn_object_append(document, names,
                               crn_object_str(document, self->base.feature_names[i])))
            return NULL;
    }
    return crn_object_array_of_objects(document, 1, &n, names);
}

static bool set_older(const crn_column_transformer *self, crn_document *document,
                      crn_object *state, const char *sklearn)
{
    bool made = true;
    if (crn_version_compare(sklearn, "1.4") < 0)
        made = crn_object_set(document, state, "_n_features",
                              crn_object_int(document, self->base.n_features_in_));
    if (crn_version_compare(sklearn, "1.2") >= 0 && crn_version_compare(sklearn, "1.4") < 0 &&
        crn_object_get(state, "_name_to_fitted_passthrough") == NULL)
        made = made && crn_object_set(document, state, "_name_to_fitted_passthrough",
                                      crn_object_new(document, CRN_OBJ_DICT));
    if (crn_version_compare(sklearn, "1.0") < 0)
        made = made &&
               crn_object_set(document, state, "_feature_names_in", names_of(self, document)) &&
               crn_object_set(document, state, "_has_str_cols",
                              crn_object_bool(document, self->base.feature_names != NULL));
    return made;
}

static bool set_newer(const crn_column_transformer *self, crn_document *document,
                      crn_object *state, const char *sklearn)
{
    bool made = true;
    if (crn_version_compare(sklearn, "1.0") < 0)
        return true;
    if (crn_object_get(state, "_transformer_to_input_indices") == NULL)
        made = set_indices(self, document, state);
    if (self->base.feature_names != NULL && crn_object_get(state, "feature_names_in_") == NULL)
        made = made &&
               crn_object_set(document, state, "feature_names_in_", names_of(self, document));
    return made;
}

crn_status crn_column_transformer_write(const void *self, crn_document *document,
                                        crn_object *state, const char *sklearn, crn_error *err)
{
    const crn_column_transformer *transformer = self;
    bool made = true;
    if (crn_version_compare(sklearn, "1.5") >= 0 && crn_version_compare(sklearn, "1.9") < 0 &&
        crn_object_get(state, "force_int_remainder_cols") == NULL)
        made = crn_object_set(document, state, "force_int_remainder_cols",
                              crn_version_compare(sklearn, "1.7") < 0
                                  ? crn_object_bool(document, true)
                                  : crn_object_str(document, "deprecated"));
    if (transformer->base.fitted) {
        CRN_TRY(write_parts(transformer, document, state, sklearn, err));
        made = made && set_older(transformer, document, state, sklearn) &&
               set_newer(transformer, document, state, sklearn);
    }
    return made ? CRN_OK : crn_arena_fail(document->arena, err);
}
