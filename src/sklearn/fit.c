/* SPDX-License-Identifier: BSD-3-Clause */
/* Fitting an estimator: data validated in scikit-learn's words, a fresh struct fitted, and put in place only
 * when all went well. */
#include <math.h>
#include <string.h>

#include "sklearn/family.h"

crn_status crn_sklearn_clone(const crn_model *model, crn_model **out, crn_error *err)
{
    const crn_estimator_base *self = crn_model_estimator(model);
    if (self == NULL)
        return crn_fail(err, CRN_UNSUPPORTED, "%s cannot be fitted", model->type->class_name(model));
    const crn_field_context context = {.document = model->document,
                                       .class_name = self->type->name};
    crn_estimator_base *fresh = NULL;
    CRN_TRY(crn_estimator_create(self->type, &context, &fresh, err));
    crn_fields_copy_params(self->type->fields, self, fresh);
    crn_status status = CRN_OK;
    if (self->type->clone != NULL)
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
static crn_status note_features(crn_estimator_base *self, const crn_fit_data *data, crn_error *err)
{
    if (self->type->flags & CRN_LABELS_ONLY)
        return CRN_OK;
    self->n_features_in_ = data->features;
    if (data->feature_names == NULL || self->type->flags & CRN_DELEGATES_NAMES)
        return CRN_OK;
    return crn_names_to_array(data->feature_names, data->features, &self->feature_names_in_, err);
}

crn_status crn_sklearn_fit(crn_model *model, const crn_fit_data *given, crn_error *err)
{
    const crn_estimator_base *self = crn_model_estimator(model);
    if (self == NULL || self->type->fit == NULL)
        return crn_fail(err, CRN_UNSUPPORTED, "%s cannot be fitted", model->type->class_name(model));
    if (self->type->flags & CRN_NEEDS_Y && given->y.data == NULL)
        return crn_fail(err, CRN_ARGUMENT,
                        "%s requires y to be passed, but the target y is None.", self->type->name);

    crn_model *fresh = NULL;
    CRN_TRY(crn_sklearn_clone(model, &fresh, err));
    crn_estimator_base *fitted = fresh->self;
    crn_fit_data data = *given;
    data.document = model->document;
    data.previous = self->fitted ? self : NULL;
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

/* ---- validation: sklearn.utils.validation.check_array -------------------------------------------------- */

static crn_status check_finite(const double *x, int64_t n, bool allow_nan, const char *name,
                               crn_error *err)
{
    for (int64_t i = 0; i < n; i++) {
        if (isinf(x[i]))
            return crn_fail(err, CRN_ARGUMENT,
                            "Input %s contains infinity or a value too large for dtype('float64').",
                            name);
        if (!allow_nan && isnan(x[i]))
            return crn_fail(err, CRN_ARGUMENT, "Input %s contains NaN.", name);
    }
    return CRN_OK;
}

static crn_status check_rows(const crn_data *data, crn_error *err)
{
    const crn_array *x = &data->x;
    if (x->data == NULL)
        return crn_fail(err, CRN_ARGUMENT, "no rows to fit on: data->x has no data");
    if (x->ndim != 2)
        return crn_fail(err, CRN_SHAPE, "Expected 2D array, got %dD array instead", x->ndim);
    if (x->shape[0] < 1)
        return crn_fail(err, CRN_ARGUMENT,
                        "Found array with 0 sample(s) while a minimum of 1 is required.");
    if (x->shape[1] < 1)
        return crn_fail(err, CRN_ARGUMENT,
                        "Found array with 0 feature(s) while a minimum of 1 is required.");
    if (data->y.data != NULL && (data->y.ndim < 1 || data->y.shape[0] != x->shape[0]))
        return crn_fail(err, CRN_SHAPE,
                        "Found input variables with inconsistent numbers of samples: [%lld, %lld]",
                        (long long)x->shape[0], (long long)(data->y.ndim > 0 ? data->y.shape[0] : 1));
    return CRN_OK;
}

static crn_status check_weight(const crn_data *data, crn_array *weight, crn_error *err)
{
    const crn_array *given = &data->sample_weight;
    if (given->data == NULL)
        return CRN_OK;
    if (given->ndim != 1 || given->shape[0] != data->x.shape[0])
        return crn_fail(err, CRN_SHAPE, "sample_weight must have %lld elements, one for each row",
                        (long long)data->x.shape[0]);
    CRN_TRY(crn_as_float64(given, weight, err));
    return check_finite(weight->data, weight->shape[0], false, "sample_weight", err);
}

static crn_status fit_labels(crn_model *model, const crn_data *data, const crn_fit_options *options,
                             crn_error *err)
{
    /* LabelEncoder.fit(y): a single column of labels may also be given as x. */
    crn_fit_data fit = {.options = options, .y = data->y.data != NULL ? data->y : data->x};
    if (fit.y.ndim == 2 && fit.y.shape[1] == 1)
        fit.y.ndim = 1;
    if (fit.y.data == NULL || fit.y.ndim != 1)
        return crn_fail(err, CRN_SHAPE, "y should be a 1d array, got an array of %d axes instead.",
                        fit.y.ndim);
    fit.rows = fit.y.shape[0];
    return crn_sklearn_fit(model, &fit, err);
}

crn_status crn_sklearn_fit_model(crn_model *model, const crn_data *data,
                                 const crn_fit_options *options, crn_history *history,
                                 crn_error *err)
{
    (void)history; /* stays empty: scikit-learn keeps none */
    const crn_estimator *type = crn_model_estimator(model)->type;
    if (type->flags & CRN_LABELS_ONLY)
        return fit_labels(model, data, options, err);
    CRN_TRY(check_rows(data, err));

    crn_array x = CRN_ARRAY_INIT, weight = CRN_ARRAY_INIT;
    crn_status status = CRN_OK;
    CRN_TRY_OR_DONE(crn_as_float64(&data->x, &x, err));
    CRN_TRY_OR_DONE(check_finite(x.data, crn_array_size(&x), type->flags & CRN_ALLOWS_NAN, "X", err));
    CRN_TRY_OR_DONE(check_weight(data, &weight, err));
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
