/* SPDX-License-Identifier: BSD-3-Clause */
/* From an estimator to the objects of a pickle, and to the bytes of a file.
 *
 * What we fit is written so that every scikit-learn from 1.0 to the target loads it: classes
 * under their public import path, plain Python numbers instead of NumPy scalars, the union of
 * the parameters of all versions up to the target, and arrays without the alignment key that
 * joblib 1.1 does not know (docs/formats/pickle.md). */
#include <stdlib.h>
#include <string.h>

#include "model/model_list.h"
#include "model/opaque.h"
#include "sklearn/family.h"

/* Parameters of all versions are written: one that is gone in the target does no harm there,
 * and older versions need it. One that came later than the target stays out, since clone() and
 * repr() of old versions ignore it but set_params would list it. */
static bool is_written(const crn_field *field, const char *sklearn)
{
    return field->since == NULL || crn_version_compare(field->since, sklearn) <= 0;
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

/* 'drop', 'passthrough' and None are what they are. */
static crn_object *child(const crn_model *model, crn_document *document, void *sklearn,
                         crn_error *err)
{
    const crn_object *value = crn_opaque_object(model);
    if (value != NULL && !crn_object_is(value, CRN_OBJ_INSTANCE))
        return (crn_object *)value;
    return crn_sklearn_write(model, document, sklearn, err);
}

/* NULL with an error. */
static crn_object *field_value(const crn_field *field, const crn_estimator_base *self,
                               crn_document *document, const char *sklearn, crn_error *err)
{
    const void *at = (const char *)self + field->offset;
    if (field->type == CRN_FIELD_MODEL && *(crn_model *const *)at != NULL)
        return child(*(crn_model *const *)at, document, (void *)sklearn, err);
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

/* Arrays and children that are not there are not written, unless as None. */
static bool is_absent(const crn_field *field, const crn_estimator_base *self)
{
    const void *at = (const char *)self + field->offset;
    return (field->type == CRN_FIELD_ARRAY && ((const crn_array *)at)->data == NULL) ||
           (field->type == CRN_FIELD_MODEL && *(crn_model *const *)at == NULL) ||
           (field->type == CRN_FIELD_MODELS &&
            ((const crn_model_list *)at)->kind == CRN_MODELS_NONE);
}

static crn_status write_fields(const crn_estimator_base *self, crn_document *document,
                               crn_object *state, const char *sklearn, crn_error *err)
{
    for (const crn_field *field = self->type->fields; field->name != NULL; field++) {
        if (!is_written(field, sklearn) || (field->flags & CRN_FIELD_FITTED && !self->fitted))
            continue;
        const bool none = field->flags & (CRN_FIELD_NONE_OK | CRN_FIELD_PARAM);
        if (is_absent(field, self) && !none)
            continue;
        crn_object *value = field_value(field, self, document, sklearn, err);
        if (value == NULL)
            return crn_where(err, "%s", field->name);
        if (!crn_object_set(document, state, field->name, value))
            return crn_arena_fail(document->arena, err);
    }
    return CRN_OK;
}

static crn_status write_state(const crn_estimator_base *self, crn_document *document,
                              crn_object *state, const char *sklearn, crn_error *err)
{
    CRN_TRY(write_fields(self, document, state, sklearn, err));
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
    if (self == NULL) {
        crn_fail(err, CRN_UNSUPPORTED, "%s cannot be written for another version",
                 model->type->class_name(model));
        return NULL;
    }
    crn_object *cls = crn_object_global(document, self->type->module, self->type->name);
    crn_object *object = cls != NULL ? crn_object_instance(document, CRN_BY_NEWOBJ, cls) : NULL;
    crn_object *state = crn_object_new(document, CRN_OBJ_DICT);
    if (object == NULL || state == NULL) {
        crn_arena_fail(document->arena, err);
        return NULL;
    }
    object->as.instance->state = state;
    if (write_state(self, document, state, sklearn, err) != CRN_OK) {
        crn_where(err, "%s", self->type->name);
        return NULL;
    }
    return object;
}

/* ---- files ---- */

static crn_status codec_of(const char *compress, crn_codec *codec, int *level, crn_error *err)
{
    const char *colon = strchr(compress, ':');
    const size_t size = colon != NULL ? (size_t)(colon - compress) : strlen(compress);
    *level = -1;
    for (crn_codec c = CRN_CODEC_ZLIB; c <= CRN_CODEC_LZ4; c++) {
        const char *name = crn_codec_name(c);
        if (strlen(name) != size || strncmp(name, compress, size) != 0)
            continue;
        int64_t number = 0;
        if (colon != NULL &&
            (!crn_parse_int(colon + 1, strlen(colon + 1), &number) || number < 0 || number > 9))
            return crn_fail(err, CRN_ARGUMENT, "compression level must be 0 to 9, not '%s'",
                            colon + 1);
        if (colon != NULL)
            *level = (int)number;
        *codec = c;
        return CRN_OK;
    }
    return crn_fail(err, CRN_ARGUMENT,
                    "unknown compression '%s'; known are zlib, gzip, bz2, lzma, xz and lz4",
                    compress);
}

/* What the options change about how a document is stored. */
static crn_status apply_options(const crn_save_options *options, crn_pickle_style *style,
                                crn_error *err)
{
    if (options->compress != NULL)
        CRN_TRY(codec_of(options->compress, &style->codec, &style->level, err));
    if (options->protocol != 0) {
        if (options->protocol < 2 || options->protocol > 5)
            return crn_fail(err, CRN_ARGUMENT, "protocol must be 2 to 5, not %d",
                            options->protocol);
        style->protocol = options->protocol;
        style->framed = options->protocol >= 4;
    }
    style->joblib = strcmp(options->format, "pickle") != 0;
    return CRN_OK;
}

static crn_status save_document(const crn_model *model, const crn_save_options *options,
                                crn_text *out, crn_error *err)
{
    crn_pickle_style style = *crn_document_pickle_style(model->document);
    const bool as_it_was = options->compress == NULL && options->protocol == 0 &&
                           style.joblib == (strcmp(options->format, "pickle") != 0);
    if (as_it_was)
        return crn_pickle_write(model->document, NULL, out, err);
    CRN_TRY(apply_options(options, &style, err));
    return crn_pickle_write(model->document, &style, out, err);
}

/* "1.5" is the newest 1.5.x we know of; a full version is taken as it is. */
static crn_status target_version(const char *asked, const char **out, crn_error *err)
{
    static const char *const known[] = {"1.0.2", "1.1.3", "1.2.2", "1.3.2", "1.4.2",
                                        "1.5.2", "1.6.1", "1.7.2", "1.8.0", CRN_SKLEARN_NEWEST};
    *out = asked != NULL ? asked : CRN_SKLEARN_NEWEST;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        const size_t size = strlen(*out);
        if (strncmp(known[i], *out, size) == 0 &&
            (known[i][size] == '.' || known[i][size] == '\0')) {
            if (strchr(*out, '.') == NULL)
                break;
            *out = known[i];
            return CRN_OK;
        }
    }
    if (strchr(*out, '.') != NULL && crn_version_compare(*out, CRN_SKLEARN_OLDEST) >= 0 &&
        crn_version_compare(*out, "1.10") < 0)
        return CRN_OK;
    return crn_fail(err, CRN_ARGUMENT,
                    "files are written for scikit-learn 1.0 to 1.9, not '%s'", *out);
}

crn_status crn_sklearn_save(const crn_model *model, const crn_save_options *options,
                            crn_text *out, crn_error *err)
{
    if (strcmp(options->format, "joblib") != 0 && strcmp(options->format, "pickle") != 0)
        return crn_fail(err, CRN_UNSUPPORTED, "%s is saved as joblib or pickle, not as %s",
                        model->type->class_name(model), options->format);
    if (model->untouched && options->sklearn == NULL)
        return save_document(model, options, out, err);

    const char *sklearn;
    CRN_TRY(target_version(options->sklearn, &sklearn, err));
    crn_pickle_style style = {.level = -1, .protocol = 4, .framed = true, .joblib = true};
    CRN_TRY(apply_options(options, &style, err));
    crn_document *document = NULL;
    CRN_TRY(crn_document_create(NULL, &document, err));
    document->root = crn_sklearn_write(model, document, sklearn, err);
    crn_status status = document->root != NULL ? crn_pickle_write(document, &style, out, err)
                        : err != NULL          ? err->code
                                               : CRN_NO_MEMORY;
    crn_document_release(document);
    return status;
}
