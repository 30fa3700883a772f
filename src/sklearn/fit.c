/* SPDX-License-Identifier: BSD-3-Clause */
/* Fitting an estimator: data validated in scikit-learn's words, a fresh struct fitted, and put
 * in place only when all went well. */
#include "model/model_list.h"
#include "model/opaque.h"
#include "sklearn/family.h"
#include "sklearn/validation.h"

static crn_status clone_list(const crn_model_list *from, crn_model_list *to, crn_error *err)
{
    crn_model_list_free(to, crn_model_destroy);
    if (from->kind == CRN_MODELS_NONE)
        return CRN_OK;
    CRN_TRY(crn_model_list_create(to, from->kind, from->count, from->columns, err));
    const size_t count = (size_t)from->count;
    if (from->names != NULL && (to->names = crn_calloc(count + 1, sizeof *to->names)) == NULL)
        return crn_no_memory(err);
    for (size_t i = 0; i < count; i++) {
        if (from->names != NULL)
            to->names[i] = from->names[i];
        CRN_TRY(crn_sklearn_clone(from->at[i], &to->at[i], err));
    }
    return CRN_OK;
}

/* Parameters that are estimators are cloned, too. */
static crn_status clone_children(const crn_estimator_base *from, crn_estimator_base *to,
                                 crn_error *err)
{
    for (const crn_field *field = from->type->fields; field->name != NULL; field++) {
        const void *source = (const char *)from + field->offset;
        void *target = (char *)to + field->offset;
        if (!(field->flags & CRN_FIELD_PARAM))
            continue;
        if (field->type == CRN_FIELD_MODELS)
            CRN_TRY(clone_list(source, target, err));
        if (field->type != CRN_FIELD_MODEL || *(crn_model *const *)source == NULL)
            continue;
        crn_model_destroy(*(crn_model **)target);
        *(crn_model **)target = NULL;
        CRN_TRY(crn_sklearn_clone(*(crn_model *const *)source, target, err));
    }
    return CRN_OK;
}

crn_status crn_sklearn_clone(const crn_model *model, crn_model **out, crn_error *err)
{
    if (crn_opaque_object(model) != NULL)
        return crn_opaque_create(model->document, crn_opaque_object(model), out, err);
    const crn_estimator_base *self = crn_model_estimator(model);
    if (self == NULL)
        return crn_fail(err, CRN_UNSUPPORTED, "%s cannot be fitted",
                        model->type->class_name(model));
    const crn_field_context context = {.document = model->document,
                                       .class_name = self->type->name};
    crn_estimator_base *fresh = NULL;
    CRN_TRY(crn_estimator_create(self->type, &context, &fresh, err));
    crn_fields_copy_params(self->type->fields, self, fresh);
    crn_status status = clone_children(self, fresh, err);
    if (status == CRN_OK && self->type->clone != NULL)
        status = self->type->clone(self, fresh, err);
    if (status == CRN_OK)
        status = crn_model_create(&crn_sklearn_model_type, fresh, model->document, out, err);
    if (status != CRN_OK)
        crn_estimator_release(fresh);
    return status;
}

/* Puts the fitted struct of `fresh` in the place of the model's own. */
static void take_over(crn_model *model, crn_model *fresh)
{
    void *old = model->self;
    model->self = fresh->self;
    fresh->self = old;
    model->untouched = false;
    crn_model_destroy(fresh);
}

/* n_features_in_ and feature_names_in_, as BaseEstimator._validate_data sets them. */
static crn_status note_features(crn_estimator_base *self, const crn_fit_data *data,
                                crn_error *err)
{
    if (self->type->flags & CRN_LABELS_ONLY)
        return CRN_OK;
    self->n_features_in_ = data->features;
    if (data->feature_names == NULL || self->type->flags & CRN_DELEGATES_NAMES)
        return CRN_OK;
    return crn_names_to_array(data->feature_names, data->features, &self->feature_names_in_,
                              err);
}

crn_status crn_sklearn_fit(crn_model *model, const crn_fit_data *given, crn_error *err)
{
    const crn_estimator_base *self = crn_model_estimator(model);
    if (self == NULL || self->type->fit == NULL)
        return crn_fail(err, CRN_UNSUPPORTED, "%s cannot be fitted",
                        model->type->class_name(model));
    if (self->type->flags & CRN_NEEDS_Y && given->y.data == NULL)
        return crn_fail(err, CRN_ARGUMENT,
                        "This %s estimator requires y to be passed, but the target y is None.",
                        self->type->name);

    crn_model *fresh = NULL;
    CRN_TRY(crn_sklearn_clone(model, &fresh, err));
    crn_estimator_base *fitted = fresh->self;
    crn_fit_data data = *given;
    data.document = model->document;
    data.previous = self->fitted ? self : given->previous;
    crn_status status = note_features(fitted, &data, err);
    if (status == CRN_OK)
        status = self->type->fit(fitted, &data, err);
    if (status == CRN_OK) {
        fitted->fitted = true;
        status = crn_estimator_settle(fitted, model->document, err);
    }
    if (status != CRN_OK) {
        crn_model_destroy(fresh);
        return status;
    }
    take_over(model, fresh);
    return CRN_OK;
}

/* ---- the model's own fit ---- */

/* Python's TypeError of a fit that does not have the parameter. */
static crn_status refuse_weight(const crn_estimator *type, const crn_data *data, crn_error *err)
{
    if (data->sample_weight.data == NULL || type->flags & CRN_TAKES_WEIGHT)
        return CRN_OK;
    return crn_fail(err, CRN_ARGUMENT,
                    "%s.fit() got an unexpected keyword argument 'sample_weight'", type->name);
}

/* LabelEncoder.fit(y): a column of labels may also be given as x. */
static crn_status fit_labels(crn_model *model, const crn_data *data,
                             const crn_fit_options *options, crn_error *err)
{
    crn_fit_data fit = {.options = options, .y = data->y.data != NULL ? data->y : data->x};
    if (data->y.data == NULL && fit.y.ndim == 2 && fit.y.shape[1] == 1)
        fit.y.ndim = 1;
    CRN_TRY(crn_column_or_1d(&fit.y, options, err));
    fit.rows = fit.y.shape[0];
    return crn_sklearn_fit(model, &fit, err);
}

crn_status crn_sklearn_fit_model(crn_model *model, const crn_data *data,
                                 const crn_fit_options *options, crn_history *history,
                                 crn_error *err)
{
    (void)history; /* stays empty: scikit-learn keeps none */
    const crn_estimator *type = crn_model_estimator(model)->type;
    CRN_TRY(refuse_weight(type, data, err));
    if (type->flags & CRN_LABELS_ONLY)
        return fit_labels(model, data, options, err);
    CRN_TRY(crn_check_X_y(&data->x, &data->y, type->name, err));

    crn_array x = CRN_ARRAY_INIT, weight = CRN_ARRAY_INIT;
    crn_status status = CRN_OK;
    CRN_TRY_OR_DONE(crn_as_float64(&data->x, &x, err));
    CRN_TRY_OR_DONE(crn_assert_all_finite(x.data, crn_array_size(&x),
                                          type->flags & CRN_ALLOWS_NAN, "X", err));
    CRN_TRY_OR_DONE(crn_check_sample_weight(&data->sample_weight, x.shape[0], &weight, err));
    const crn_fit_data fit = {.rows = x.shape[0],
                              .features = x.shape[1],
                              .x = x.data,
                              .y = data->y,
                              .weight = weight.data,
                              .feature_names = data->feature_names,
                              .options = options};
    CRN_TRY_OR_DONE(crn_sklearn_fit(model, &fit, err));
done:
    crn_array_free(&x);
    crn_array_free(&weight);
    return status;
}
