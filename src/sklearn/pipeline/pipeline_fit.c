/* SPDX-License-Identifier: BSD-3-Clause */
/* Pipeline.fit, as sklearn/pipeline.py (1.9): the steps are checked, then fitted one after the
 * other, each on what those before it make of the rows. */
#include <string.h>

#include "model/expression.h"
#include "sklearn/pipeline/pipeline.h"
#include "sklearn/validation.h"

/* ---- _validate_names and _validate_steps ---- */

/* "... : ['a', 'a']": the list of all names, or of those that `keep` keeps. */
static crn_status wrong_names(const pipeline *self, const char *what,
                              bool (*keep)(const char *name), crn_error *err)
{
    crn_text list = CRN_TEXT_INIT;
    for (int64_t i = 0; i < self->steps.count; i++) {
        if (keep != NULL && !keep(self->steps.names[i]))
            continue;
        crn_text_add_string(&list, list.size > 0 ? ", " : "");
        crn_text_add_python_string(&list, self->steps.names[i], strlen(self->steps.names[i]));
    }
    crn_fail(err, CRN_ARGUMENT, "%s [%s]", what, list.data != NULL ? list.data : "");
    crn_text_free(&list);
    return CRN_ARGUMENT;
}

static bool is_argument(const char *name)
{
    return strcmp(name, "steps") == 0 || strcmp(name, "memory") == 0 ||
           strcmp(name, "verbose") == 0 || strcmp(name, "transform_input") == 0;
}

static bool is_dunder(const char *name)
{
    return strstr(name, "__") != NULL;
}

static crn_status check_names(const pipeline *self, crn_error *err)
{
    bool argument = false, dunder = false;
    for (int64_t i = 0; i < self->steps.count; i++) {
        for (int64_t k = 0; k < i; k++) {
            if (strcmp(self->steps.names[i], self->steps.names[k]) == 0)
                return wrong_names(self, "Names provided are not unique:", NULL, err);
        }
        argument |= is_argument(self->steps.names[i]);
        dunder |= is_dunder(self->steps.names[i]);
    }
    if (argument)
        return wrong_names(
            self, "Estimator names conflict with constructor arguments:", is_argument, err);
    if (dunder)
        return wrong_names(self, "Estimator names must not contain __: got", is_dunder, err);
    return CRN_OK;
}

/* A step before the last must be a transformer: a Pipeline is one when its own last step is. */
static bool is_transformer(const crn_model *model)
{
    const crn_estimator_base *self = crn_model_estimator(model);
    while (self != NULL && self->type->step_count != NULL) {
        const char *name;
        const crn_model *last = self->type->step(self, self->type->step_count(self) - 1, &name);
        if (last == NULL)
            return true;
        self = crn_model_estimator(last);
    }
    return self != NULL && self->type->methods & 1u << CRN_TRANSFORM;
}

static crn_status no_transformer(const pipeline *self, int64_t i, crn_error *err)
{
    crn_text shown = CRN_TEXT_INIT;
    crn_object *call =
        crn_model_expression(crn_pipeline_step(self, i), crn_pipeline_step(self, i)->document);
    if (call != NULL)
        crn_expression_print(call, &shown);
    crn_fail(err, CRN_ARGUMENT,
             "All intermediate steps should be transformers and implement fit and transform or "
             "be the string "
             "'passthrough' '%s' doesn't",
             shown.data != NULL
                 ? shown.data
                 : crn_pipeline_step(self, i)->type->class_name(crn_pipeline_step(self, i)));
    crn_text_free(&shown);
    crn_where(err, "steps[%lld]", (long long)i);
    return CRN_ARGUMENT;
}

static crn_status check_steps(const pipeline *self, const crn_fit_data *data, crn_error *err)
{
    CRN_TRY(check_names(self, err));
    for (int64_t i = 0; i < self->steps.count - 1; i++) {
        if (crn_pipeline_step(self, i) != NULL && !is_transformer(crn_pipeline_step(self, i)))
            return no_transformer(self, i, err);
    }
    if (!crn_object_is_none(self->transform_input))
        return crn_fail(
            err, CRN_ARGUMENT,
            "The `transform_input` parameter can only be set if metadata routing is enabled.");
    if (data->weight == NULL)
        return CRN_OK;
    const char *last = self->steps.names[self->steps.count - 1];
    return crn_fail(
        err, CRN_ARGUMENT,
        "Pipeline.fit does not accept the sample_weight parameter. You can pass parameters to "
        "specific "
        "steps of your pipeline using the stepname__parameter format, e.g. `Pipeline.fit(X, y, "
        "%.40s__sample_weight=sample_weight)`.",
        last);
}

/* ---- fitting ---- */

/* What step i was before this fit, for its warm_start. */
static const void *previous_step(const pipeline *before, int64_t i)
{
    const crn_model *model =
        before != NULL && i < before->steps.count ? crn_pipeline_step(before, i) : NULL;
    const crn_estimator_base *step = model != NULL ? crn_model_estimator(model) : NULL;
    return step != NULL && step->fitted ? step : NULL;
}

/* What the step's own fit would refuse: NaN that the steps before it let through. */
static crn_status check_values(const crn_model *model, const crn_array *x, crn_error *err)
{
    const crn_estimator_base *self = crn_model_estimator(model);
    const bool allow_nan = self == NULL || self->type->flags & CRN_ALLOWS_NAN;
    return crn_assert_all_finite(x->data, crn_array_size(x), allow_nan, "X", err);
}

/* Fits step i and replaces *x by what it gives, unless it is the last. */
static crn_status fit_step(pipeline *self, int64_t i, crn_fit_data *data, crn_array *x,
                           crn_error *err)
{
    crn_model *model = crn_pipeline_step(self, i);
    if (model == NULL)
        return CRN_OK;
    data->features = x->shape[1];
    data->x = x->data;
    CRN_TRY(check_values(model, x, err));
    CRN_TRY(crn_sklearn_fit(model, data, err));
    data->feature_names = NULL; /* only the first step sees the names */
    if (i == self->steps.count - 1)
        return CRN_OK;
    crn_array given = CRN_ARRAY_INIT, next = CRN_ARRAY_INIT;
    CRN_TRY(crn_model_predict(model, CRN_TRANSFORM, x, &given, err));
    crn_status status = crn_as_float64(&given, &next, err);
    crn_array_free(&given);
    if (status != CRN_OK)
        return status;
    crn_array_free(x);
    *x = next;
    return CRN_OK;
}

crn_status crn_pipeline_fit(void *self, const crn_fit_data *given, crn_error *err)
{
    pipeline *pipe = self;
    CRN_TRY(check_steps(pipe, given, err));
    crn_fit_data data = *given;
    crn_array x = crn_array_view_2d(given->x, CRN_FLOAT64, given->rows, given->features);
    crn_status status = CRN_OK;
    for (int64_t i = 0; i < pipe->steps.count && status == CRN_OK; i++) {
        data.previous = previous_step(given->previous, i);
        status = fit_step(pipe, i, &data, &x, err);
        if (status != CRN_OK)
            crn_where(err, "steps[%lld]", (long long)i);
    }
    crn_array_free(&x);
    crn_pipeline_note_features(pipe);
    return status;
}
