/* SPDX-License-Identifier: BSD-3-Clause */
/* From a pickle's objects, or from a constructor call, to an estimator. */
#include <stdlib.h>
#include <string.h>

#include "model/container.h"
#include "model/expression.h"
#include "model/opaque.h"
#include "sklearn/children.h"
#include "sklearn/family.h"

crn_status crn_estimator_create(const crn_estimator *type, const crn_field_context *context,
                                crn_estimator_base **out, crn_error *err)
{
    crn_estimator_base *self = crn_calloc(1, type->size);
    if (self == NULL)
        return crn_no_memory(err);
    self->type = type;
    self->n_features_in_ = -1;
    crn_status status = crn_fields_default(type->fields, self, context, err);
    if (status != CRN_OK) {
        crn_estimator_release(self);
        return status;
    }
    *out = self;
    return CRN_OK;
}

/* UTF-32 names of a vector as UTF-8, in the document's arena. */
static crn_status names_as_utf8(crn_estimator_base *self, crn_document *document,
                                crn_error *err)
{
    const crn_array *names = &self->feature_names_in_;
    crn_text text = CRN_TEXT_INIT;
    crn_status status = CRN_OK;
    const char **utf8 = crn_arena_alloc(document->arena, (size_t)names->shape[0], sizeof *utf8);
    if (utf8 == NULL)
        return crn_arena_fail(document->arena, err);
    for (int64_t i = 0; i < names->shape[0]; i++) {
        crn_text_clear(&text);
        crn_label_text(names, i, &text);
        CRN_TRY_OR_DONE(crn_text_status(&text, err));
        utf8[i] = crn_arena_text(document->arena, text.size > 0 ? text.data : "", text.size);
        if (utf8[i] == NULL)
            CRN_TRY_OR_DONE(crn_arena_fail(document->arena, err));
    }
    self->feature_names = utf8;
done:
    crn_text_free(&text);
    return status;
}

static crn_status settle(crn_estimator_base *self, crn_document *document, crn_error *err)
{
    if (self->fitted && self->type->check != NULL)
        CRN_TRY(self->type->check(self, err));
    if (self->fitted && self->type->delegate != NULL)
        crn_child_lend_features(self->type->delegate(self), self);
    const crn_array *names = &self->feature_names_in_;
    if (names->data == NULL)
        return CRN_OK;
    if (names->dtype != CRN_STRING || names->ndim != 1 ||
        names->shape[0] != self->n_features_in_)
        return crn_fail(err, CRN_FORMAT, "feature_names_in_ is not a list of %lld names",
                        (long long)self->n_features_in_);
    return names_as_utf8(self, document, err);
}

crn_status crn_estimator_settle(crn_estimator_base *self, crn_document *document,
                                crn_error *err)
{
    CRN_TRY(settle(self, document, err));
    crn_estimator_note_methods(self);
    return CRN_OK;
}

static crn_status wrap(crn_estimator_base *self, crn_document *document, crn_model **out,
                       crn_error *err)
{
    crn_status status = crn_model_create(&crn_sklearn_model_type, self, document, out, err);
    if (status != CRN_OK)
        crn_estimator_release(self);
    return status;
}

/* ---- pickles ---- */

bool crn_has_word(const char *list, const char *word)
{
    const size_t size = strlen(word);
    if (size == 0 || strchr(word, ' ') != NULL)
        return false; /* a damaged file's: no word, or several */
    for (const char *at = strstr(list, word); at != NULL; at = strstr(at + 1, word)) {
        bool begins = at == list || at[-1] == ' ';
        if (begins && (at[size] == ' ' || at[size] == '\0'))
            return true;
    }
    return false;
}

const crn_estimator *crn_estimator_of_global(const crn_object *cls)
{
    if (!crn_object_is(cls, CRN_OBJ_GLOBAL))
        return NULL;
    const char *module = crn_object_text(cls->as.global.module);
    const char *name = crn_object_text(cls->as.global.name);
    const crn_estimator *type = name != NULL ? crn_estimator_find(name) : NULL;
    if (type == NULL || module == NULL)
        return NULL;
    return strcmp(type->module, module) == 0 || crn_has_word(type->modules, module) ? type : NULL;
}

const crn_estimator *crn_estimator_of(const crn_object *object)
{
    return crn_object_is(object, CRN_OBJ_INSTANCE)
               ? crn_estimator_of_global(crn_object_class(object))
               : NULL;
}

static crn_status read_child(void *context, const crn_object *object, crn_model **out,
                             crn_error *err)
{
    return crn_sklearn_read(object, context, out, err);
}

static crn_status read_state(crn_estimator_base *self, const crn_object *state,
                             crn_document *document, crn_error *err)
{
    const crn_field_context context = {.document = document,
                                       .class_name = self->type->name,
                                       .read_model = read_child,
                                       .context = document};
    if (!crn_object_is(state, CRN_OBJ_DICT))
        return crn_fail(err, CRN_FORMAT, "%s has no state", self->type->name);
    self->state = state;
    self->sklearn_version = crn_object_text(crn_object_get(state, "_sklearn_version"));
    CRN_TRY(crn_fields_read(self->type->fields, self, state, &context, &self->fitted, err));
    if (self->type->read != NULL)
        CRN_TRY(self->type->read(self, state, &context, err));
    return crn_estimator_settle(self, document, err);
}

static crn_status read_known(const crn_estimator *type, const crn_object *object,
                             crn_document *document, crn_model **out, crn_error *err)
{
    const crn_field_context context = {.document = document, .class_name = type->name};
    crn_estimator_base *self = NULL;
    CRN_TRY(crn_estimator_create(type, &context, &self, err));
    crn_status status = read_state(self, object->as.instance->state, document, err);
    if (status != CRN_OK) {
        if (err != NULL && err->offset == CRN_NO_OFFSET)
            err->offset = object->offset;
        crn_estimator_release(self);
        return status;
    }
    return wrap(self, document, out, err);
}

/* Estimators that share a child make one model of it each; a small file could ask for as many
 * as would fill any memory. Files of Python share a few. */
static crn_status count_model(crn_document *document, crn_error *err)
{
    enum { SHARED = 16, AT_LEAST = 1000 };
    if (++document->models > SHARED * document->instances + AT_LEAST)
        return crn_fail(err, CRN_LIMIT, "the file's estimators share their parts too often");
    return CRN_OK;
}

crn_status crn_sklearn_read(const crn_object *object, crn_document *document, crn_model **out,
                            crn_error *err)
{
    const crn_estimator *type = crn_estimator_of(object);
    crn_object *open = (crn_object *)object;
    if (type == NULL)
        return crn_opaque_create(document, object, out, err);
    if (open->is_open)
        return crn_fail_at(err, CRN_FORMAT, object->offset, "%s holds itself", type->name);
    CRN_TRY(count_model(document, err));
    open->is_open = true;
    crn_status status = read_known(type, object, document, out, err);
    open->is_open = false;
    return status;
}

/* The folder of a path, for the companion files of joblib <= 0.9; "." for a bare name. */
static char *folder_of(const char *path)
{
    const char *slash = path != NULL ? strrchr(path, '/') : NULL;
    if (slash == NULL)
        return strdup(".");
    return strndup(path, slash > path ? (size_t)(slash - path) : 1);
}

crn_status crn_sklearn_load(crn_buffer *file, const char *path, const crn_load_options *options,
                            crn_model **out, crn_error *err)
{
    char *folder = path != NULL ? folder_of(path) : NULL;
    if (path != NULL && folder == NULL)
        return crn_no_memory(err);
    crn_document *document = NULL;
    const crn_object *object = NULL;
    crn_status status = crn_pickle_read(file, folder, options->limits, &document, err);
    free(folder);
    if (status == CRN_OK)
        status = crn_container_pick(document->root, options->member, &object, err);
    if (status == CRN_OK)
        status = crn_sklearn_read(object, document, out, err);
    if (status == CRN_OK)
        (*out)->untouched = true;
    crn_document_release(document);
    return status;
}

/* ---- constructor calls ---- */

/* An argument in the place of an estimator: a call, or 'drop', 'passthrough', None. */
static crn_status parse_child(void *context, const crn_object *object, crn_model **out,
                              crn_error *err)
{
    crn_document *document = context;
    if (crn_object_is(object, CRN_OBJ_INSTANCE) || crn_object_is(object, CRN_OBJ_GLOBAL))
        return crn_sklearn_parse(document, object, out, err);
    return crn_opaque_create(document, object, out, err);
}

static crn_status parse_arguments(crn_estimator_base *self, const crn_object *call,
                                  crn_document *document, crn_error *err)
{
    const crn_field_context context = {.document = document,
                                       .class_name = self->type->name,
                                       .requires_all = true,
                                       .read_model = parse_child,
                                       .context = document};
    if (self->type->parse != NULL)
        return self->type->parse(self, call, &context, err);
    return crn_fields_from_call(self->type->fields, self, call, &context, err);
}

crn_status crn_sklearn_parse(crn_document *document, const crn_object *call, crn_model **out,
                             crn_error *err)
{
    const char *name = crn_expression_name(call);
    if (name != NULL && strcmp(name, "make_pipeline") == 0)
        name = "Pipeline";
    const crn_estimator *type = name != NULL ? crn_estimator_find(name) : NULL;
    if (type == NULL)
        return crn_fail_at(err, CRN_NOT_FOUND, call->offset, "'%s' is not an estimator",
                           name != NULL ? name : crn_object_kind_name(call));
    const crn_field_context context = {.document = document, .class_name = type->name};
    crn_estimator_base *self = NULL;
    CRN_TRY(crn_estimator_create(type, &context, &self, err));
    crn_status status = parse_arguments(self, call, document, err);
    if (status != CRN_OK) {
        crn_estimator_release(self);
        return status;
    }
    return wrap(self, document, out, err);
}
