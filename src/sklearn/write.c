/* SPDX-License-Identifier: BSD-3-Clause */
/* From an estimator to the objects of a pickle, and to the bytes of a file.
 *
 * What we fit is written so that every scikit-learn from 1.0 to the target loads it: classes
 * under their public import path, plain Python numbers instead of NumPy scalars, the union of
 * the parameters of all versions up to the target, and arrays without the alignment key that
 * joblib 1.1 does not know (docs/formats/pickle.md). */
#include <stdio.h>
#include <string.h>

#include "model/field_value.h"
#include "model/model_list.h"
#include "model/opaque.h"
#include "model/pickle_file.h"
#include "sklearn/family.h"
#include "sklearn/translate.h"
#include "sklearn/versions.h"

/* Parameters of all versions are written: one that is gone in the target does no harm there,
 * and older versions need it. One that came later than the target stays out, since clone() and
 * repr() of old versions ignore it but set_params would list it; unless the old version has it
 * under another name. */
static const char *written_name(const crn_field *field, const char *sklearn, char *buffer,
                                size_t size)
{
    if (field->flags & CRN_FIELD_UNWRITTEN)
        return NULL;
    if (field->since == NULL || crn_version_compare(field->since, sklearn) <= 0)
        return field->name;
    if (field->old_names == NULL)
        return NULL;
    snprintf(buffer, size, "%.*s", (int)strcspn(field->old_names, " "), field->old_names);
    return buffer;
}

/* What the file that the estimator came from holds for a row. */
static const crn_object *original(const crn_field *field, const crn_estimator_base *self)
{
    return self->state != NULL ? crn_field_find_value(field, self->state) : NULL;
}

/* feature_names_in_ is an array of str objects in scikit-learn, not one of NumPy's strings. */
static crn_object *names_value(const crn_estimator_base *self, crn_document *document)
{
    crn_object *names = crn_object_new(document, CRN_OBJ_LIST);
    const int64_t count = self->n_features_in_;
    for (int64_t i = 0; i < count; i++) {
        if (!crn_object_append(document, names,
                               crn_object_str(document, self->feature_names[i])))
            return NULL;
    }
    return names != NULL ? crn_object_array_of_objects(document, 1, &count, names) : NULL;
}

static crn_object *child(const crn_model *model, crn_document *document, void *sklearn,
                         crn_error *err)
{
    return crn_sklearn_write(model, document, sklearn, err);
}

/* A parameter that the version which wrote the file did not have: what stands there under its
 * name is something else of that version's (the loss of an MLPRegressor before 1.7). */
static bool came_later(const crn_field *field, const crn_estimator_base *self)
{
    return field->flags & CRN_FIELD_PARAM && field->since != NULL && field->old_names == NULL &&
           field->dflt != NULL && self->sklearn_version != NULL &&
           crn_version_compare(self->sklearn_version, field->since) < 0;
}

/* Values that say the same in every version are written as Python's own; the others, and what is
 * no estimator where one could be, are copied from the file that they came from. */
static bool is_copied(const crn_field *field, const crn_estimator_base *self)
{
    const void *at = (const char *)self + field->offset;
    if (original(field, self) == NULL)
        return false;
    return field->type == CRN_FIELD_OBJECT || field->type == CRN_FIELD_ARRAY ||
           (field->type == CRN_FIELD_MODEL && *(crn_model *const *)at == NULL);
}

/* NULL with an error. */
static crn_object *field_value(const crn_field *field, const crn_model *model,
                               crn_document *document, const char *sklearn, crn_error *err)
{
    const crn_estimator_base *self = crn_model_estimator(model);
    const void *at = (const char *)self + field->offset;
    if (came_later(field, self))
        return crn_field_default(field, document, err);
    if (is_copied(field, self))
        return crn_sklearn_translate(original(field, self), model->document, document, sklearn,
                                     err);
    if (field->type == CRN_FIELD_MODEL && *(crn_model *const *)at != NULL)
        return crn_sklearn_write(*(crn_model *const *)at, document, sklearn, err);
    if (field->type == CRN_FIELD_MODELS)
        return crn_model_list_write(at, document, child, (void *)sklearn, err);
    crn_object *value =
        self->feature_names != NULL && strcmp(field->name, "feature_names_in_") == 0
            ? names_value(self, document)
            : crn_field_value(field, self, document);
    if (value == NULL)
        crn_arena_fail(document->arena, err);
    return value;
}

/* Arrays, children and optional values that are not there are not written, unless as None. */
static bool is_absent(const crn_field *field, const crn_estimator_base *self)
{
    const void *at = (const char *)self + field->offset;
    const bool none = field->flags & (CRN_FIELD_NONE_OK | CRN_FIELD_PARAM);
    if (field->flags & CRN_FIELD_FITTED && !self->fitted)
        return true;
    if (at == &self->n_features_in_)
        return self->n_features_in_ < 0; /* not known */
    if (none || original(field, self) != NULL)
        return false;
    return (field->type == CRN_FIELD_ARRAY && ((const crn_array *)at)->data == NULL) ||
           (field->type == CRN_FIELD_MODEL && *(crn_model *const *)at == NULL) ||
           (field->type == CRN_FIELD_MODELS &&
            ((const crn_model_list *)at)->kind == CRN_MODELS_NONE) ||
           (field->type == CRN_FIELD_OBJECT && field->flags & CRN_FIELD_OPTIONAL &&
            (*(crn_object *const *)at == NULL || crn_object_is_none(*(crn_object *const *)at)));
}

/* None, 'warn' and 'deprecated' leave the choice to the version. */
static bool is_left_open(const crn_field *field, const crn_estimator_base *self)
{
    if (field->type != CRN_FIELD_OBJECT)
        return false;
    const crn_object *value = *(crn_object *const *)((const char *)self + field->offset);
    return crn_object_is_none(value) || crn_object_is_str(value, "warn") ||
           crn_object_is_str(value, "deprecated");
}

/* A parameter that the version does not have, with a value that is not its default. */
static bool is_unsayable(const crn_field *field, const crn_model *model, const char *sklearn)
{
    const bool later = field->since != NULL && crn_version_compare(field->since, sklearn) > 0;
    if (!later || !(field->flags & CRN_FIELD_PARAM) ||
        field->flags & (CRN_FIELD_UNWRITTEN | CRN_FIELD_FOR_FIT) || field->old_names != NULL ||
        field->dflt == NULL || came_later(field, model->self) ||
        is_left_open(field, model->self))
        return false;
    return !crn_field_is_default(field, model->self, model->document);
}

static crn_status write_fields(const crn_model *model, crn_document *document,
                               crn_object *state, const char *sklearn, crn_error *err)
{
    const crn_estimator_base *self = crn_model_estimator(model);
    for (const crn_field *field = self->type->fields; field->name != NULL; field++) {
        char buffer[64];
        const char *name = written_name(field, sklearn, buffer, sizeof buffer);
        if (is_unsayable(field, model, sklearn))
            return crn_fail(err, CRN_UNSUPPORTED,
                            "scikit-learn %s has no parameter %s of %s, which came with %s",
                            sklearn, field->name, self->type->name, field->since);
        if (name == NULL || is_absent(field, self))
            continue;
        crn_object *value = field_value(field, model, document, sklearn, err);
        if (value == NULL)
            return crn_where(err, "%s", field->name);
        if (!crn_object_set(document, state, name, value))
            return crn_arena_fail(document->arena, err);
    }
    return CRN_OK;
}

static crn_status write_state(const crn_model *model, crn_document *document, crn_object *state,
                              const char *sklearn, crn_error *err)
{
    const crn_estimator_base *self = crn_model_estimator(model);
    CRN_TRY(write_fields(model, document, state, sklearn, err));
    if (self->state != NULL)
        CRN_TRY(crn_sklearn_carry(self->type->fields, self->state, model->document, state,
                                  document, sklearn, err));
    if (self->type->write != NULL)
        CRN_TRY(self->type->write(self, document, state, sklearn, err));
    if (!crn_object_set(document, state, "_sklearn_version", crn_object_str(document, sklearn)))
        return crn_arena_fail(document->arena, err);
    return CRN_OK;
}

crn_object *crn_sklearn_write(const crn_model *model, crn_document *document,
                              const char *sklearn, crn_error *err)
{
    const crn_estimator_base *self = crn_model_estimator(model);
    const char *module;
    if (crn_opaque_object(model) != NULL)
        return crn_sklearn_translate(crn_opaque_object(model), model->document, document,
                                     sklearn, err);
    if (self == NULL) {
        crn_fail(err, CRN_UNSUPPORTED, "%s cannot be written for another version",
                 model->type->class_name(model));
        return NULL;
    }
    if (crn_sklearn_module(self->type, sklearn, &module, err) != CRN_OK)
        return NULL;
    crn_object *cls = crn_object_global(document, module, self->type->name);
    crn_object *object = cls != NULL ? crn_object_instance(document, CRN_BY_NEWOBJ, cls) : NULL;
    crn_object *state = crn_object_new(document, CRN_OBJ_DICT);
    if (object == NULL || state == NULL) {
        crn_arena_fail(document->arena, err);
        return NULL;
    }
    object->as.instance->state = state;
    if (write_state(model, document, state, sklearn, err) != CRN_OK) {
        crn_where(err, "%s", self->type->name);
        return NULL;
    }
    return object;
}

/* What the newest version cannot say is compared as the file has it. */
crn_object *crn_sklearn_objects(const crn_model *model, crn_document *document, crn_error *err)
{
    const crn_estimator_base *self = crn_model_estimator(model);
    crn_error why = CRN_ERROR_INIT;
    crn_object *object = crn_sklearn_write(model, document, CRN_SKLEARN_NEWEST, &why);
    if (object == NULL && why.code == CRN_UNSUPPORTED && self->state != NULL)
        return (crn_object *)self->state;
    if (object == NULL)
        crn_fail(err, why.code, "%s", why.message);
    return object;
}

/* ---- files ---- */

/* What was loaded and not changed is copied whole, with what stands around the model: a file may
 * hold it in a dict. */
static crn_object *root_for(const crn_model *model, crn_document *document, const char *sklearn,
                            crn_error *err)
{
    if (model->untouched && model->document->root != NULL)
        return crn_sklearn_translate(model->document->root, model->document, document, sklearn,
                                     err);
    return crn_sklearn_write(model, document, sklearn, err);
}

crn_status crn_sklearn_save(const crn_model *model, const crn_save_options *options,
                            crn_text *out, crn_error *err)
{
    const char *class_name = model->type->class_name(model), *sklearn;
    if (model->untouched && options->sklearn == NULL)
        return crn_pickle_file_rewrite(model->document, class_name, options, out, err);
    CRN_TRY(crn_sklearn_target(options->sklearn, &sklearn, err));
    /* NumPy 1's module paths: NumPy 2 takes them, too, for all that is written here. */
    crn_pickle_style style = {
        .level = -1, .protocol = 4, .framed = true, .joblib = true, .numpy = 1};
    CRN_TRY(crn_pickle_file_style(options, class_name, &style, err));
    crn_document *document = NULL;
    crn_error why = CRN_ERROR_INIT;
    CRN_TRY(crn_document_create(NULL, &document, err));
    document->root = root_for(model, document, sklearn, &why);
    crn_status status = CRN_OK;
    if (document->root == NULL)
        status = crn_fail(err, why.code, "%s%s%s", why.message, why.where[0] ? " in " : "",
                          why.where);
    else
        status = crn_pickle_write(document, &style, out, err);
    crn_document_release(document);
    return status;
}
