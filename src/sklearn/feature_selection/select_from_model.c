/* SPDX-License-Identifier: BSD-3-Clause */
/* SelectFromModel, as sklearn/feature_selection/_from_model.py (1.9), and the files of versions
 * back to 0.20: the features whose importance for an estimator reaches a threshold. */
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sklearn/children.h"
#include "sklearn/feature_selection/importances.h"
#include "sklearn/feature_selection/selector.h"

typedef struct select_from_model {
    crn_selector selector;
    crn_model *estimator;
    const crn_object *threshold;
    bool prefit;
    const crn_object *norm_order, *max_features, *importance_getter, *max_features_;
    crn_model *estimator_; /* none where `estimator` was fitted beforehand */
    crn_error why;         /* why the importances are not known; not in the file */
} select_from_model;

static const crn_field fields[] = {
    CRN_PARAM(select_from_model, estimator, MODEL, NULL, "has fit"),
    CRN_PARAM(select_from_model, threshold, OBJECT, "None", "real [-inf, inf] | str | None"),
    CRN_PARAM(select_from_model, prefit, BOOL, "False", NULL),
    CRN_PARAM(select_from_model, norm_order, OBJECT, "1", "int <= -1 | int >= 1 | infinite"),
    CRN_PARAM(select_from_model, max_features, OBJECT, "None", "int >= 0 | callable | None"),
    CRN_PARAM_SINCE(select_from_model, importance_getter, OBJECT, "'auto'", "str | callable",
                    "0.24", NULL),
    CRN_FEATURE_NAMES_FIELD,
    CRN_FITTED_OPTIONAL(select_from_model, max_features_, OBJECT),
    CRN_FITTED_OPTIONAL(select_from_model, estimator_, MODEL),
    CRN_FIELDS_END,
};

static const crn_model *fitted_estimator(const select_from_model *self)
{
    return self->estimator_ != NULL || !self->prefit ? self->estimator_ : self->estimator;
}

/* ---- one number for each feature ---- */

/* numpy.linalg.norm of `count` numbers that stand `stride` apart. */
static double norm(const double *x, int64_t count, int64_t stride, double order)
{
    double result = order == -(double)INFINITY ? (double)INFINITY : 0.0;
    for (int64_t i = 0; i < count; i++) {
        const double size = fabs(x[i * stride]);
        if (order == (double)INFINITY)
            result = fmax(result, size);
        else if (order == -(double)INFINITY)
            result = fmin(result, size);
        else if (order == 2.0)
            result += size * size;
        else
            result += order == 1.0 ? size : pow(size, order);
    }
    if (isinf(order) || order == 1.0)
        return result;
    return order == 2.0 ? sqrt(result) : pow(result, 1.0 / order);
}

/* (features) from coefficients (features) or (outputs, features). */
static crn_status scores_of(const select_from_model *self, const crn_array *importances,
                            double **out, int64_t *features, crn_error *err)
{
    double order = 1.0;
    crn_object_as_double(self->norm_order, &order);
    if (importances->ndim < 1 || importances->ndim > 2)
        return crn_fail(err, CRN_FORMAT, "importances of %d axes", importances->ndim);
    *features = importances->shape[importances->ndim - 1];
    const int64_t outputs = importances->ndim == 2 ? importances->shape[0] : 1;
    double *scores = crn_calloc((size_t)*features, sizeof *scores);
    if (scores == NULL)
        return crn_no_memory(err);
    for (int64_t j = 0; j < *features; j++)
        scores[j] = norm((const double *)importances->data + j, outputs, *features,
                         importances->ndim == 2 ? order : 1.0);
    *out = scores;
    return CRN_OK;
}

/* ---- the threshold (_calculate_threshold) ---- */

/* Is the parameter or attribute of the estimator 1, or all ones? */
static bool is_one(const crn_object *state, const char *name)
{
    double value;
    return crn_object_as_double(crn_object_get(state, name), &value) &&
           fabs(value - 1.0) <= 1e-8 + 1e-5;
}

/* Under an L1 penalty, features that do not matter are 0. */
static bool is_l1(const crn_estimator_base *estimator)
{
    const char *name = estimator->type->name;
    const crn_object *state = estimator->state;
    if (crn_object_is_str(crn_object_get(state, "penalty"), "l1") ||
        strstr(name, "Lasso") != NULL)
        return true;
    if (strcmp(name, "ElasticNet") == 0 || strcmp(name, "LogisticRegression") == 0)
        return is_one(state, "l1_ratio");
    return strcmp(name, "ElasticNetCV") == 0 && is_one(state, "l1_ratio_");
}

static int compare(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static crn_status median(const double *scores, int64_t n, double *out, crn_error *err)
{
    double *sorted = crn_calloc((size_t)n, sizeof *sorted);
    if (sorted == NULL)
        return crn_no_memory(err);
    memcpy(sorted, scores, (size_t)n * sizeof *sorted);
    qsort(sorted, (size_t)n, sizeof *sorted, compare);
    *out = n % 2 == 1 ? sorted[n / 2] : (sorted[n / 2 - 1] + sorted[n / 2]) / 2.0;
    free(sorted);
    return CRN_OK;
}

static double mean(const double *scores, int64_t n)
{
    double sum = 0.0;
    for (int64_t j = 0; j < n; j++)
        sum += scores[j];
    return sum / (double)n;
}

/* "mean", "median", "1.25*mean" */
static crn_status threshold_of_text(const char *text, const double *scores, int64_t n,
                                    double *out, crn_error *err)
{
    const char *star = strchr(text, '*'), *reference = star != NULL ? star + 1 : text;
    double scale = 1.0;
    size_t size = star != NULL ? (size_t)(star - text) : 0;
    while (size > 0 && text[size - 1] == ' ')
        size--;
    const size_t blanks = strspn(text, " ");
    if (star != NULL &&
        (blanks > size || !crn_parse_double(text + blanks, size - blanks, &scale)))
        return crn_fail(err, CRN_FORMAT, "could not convert string to float: '%.40s'", text);
    reference += strspn(reference, " ");
    const size_t length = strcspn(reference, " ");
    if (length == strlen("median") && strncmp(reference, "median", length) == 0)
        CRN_TRY(median(scores, n, out, err));
    else if (length == strlen("mean") && strncmp(reference, "mean", length) == 0)
        *out = mean(scores, n);
    else
        return crn_fail(err, CRN_FORMAT,
                        "Expected threshold='mean' or threshold='median' got %.40s", text);
    *out *= scale;
    return CRN_OK;
}

static crn_status threshold_of(const select_from_model *self, const double *scores, int64_t n,
                               double *out, crn_error *err)
{
    const char *text = crn_object_text(self->threshold);
    if (text != NULL)
        return threshold_of_text(text, scores, n, out, err);
    if (crn_object_as_double(self->threshold, out))
        return CRN_OK;
    if (!crn_object_is_none(self->threshold))
        return crn_fail(err, CRN_FORMAT, "threshold is neither a number nor a string");
    *out = is_l1(crn_model_estimator(fitted_estimator(self))) ? 1e-5 : mean(scores, n);
    return CRN_OK;
}

/* ---- the mask ---- */

/* Only the `most` largest count; of equal ones, the first. */
static crn_status keep_largest(bool *support, const double *scores, int64_t n, int64_t most,
                               crn_error *err)
{
    double *falling = crn_calloc((size_t)n, sizeof *falling);
    int64_t *order = crn_calloc((size_t)n, sizeof *order);
    crn_status status = falling != NULL && order != NULL ? CRN_OK : crn_no_memory(err);
    for (int64_t j = 0; j < n && status == CRN_OK; j++)
        falling[j] = -scores[j];
    if (status == CRN_OK)
        status = crn_stable_argsort(falling, n, order, err);
    for (int64_t i = 0; i < n && status == CRN_OK; i++)
        support[order[i]] = i < most;
    free(falling);
    free(order);
    return status;
}

static crn_status select_features(select_from_model *self, const double *scores, int64_t n,
                                  crn_error *err)
{
    double threshold = 0.0;
    int64_t most = n;
    CRN_TRY(threshold_of(self, scores, n, &threshold, err));
    CRN_TRY(crn_selector_create(&self->selector, n, err));
    const crn_object *asked = crn_object_is_none(self->max_features) ||
                                      self->max_features_ == NULL ||
                                      crn_object_is_none(self->max_features_)
                                  ? self->max_features
                                  : self->max_features_;
    if (!crn_object_is_none(asked) && !crn_object_as_int(asked, &most))
        return crn_fail(err, CRN_UNSUPPORTED, "max_features=<callable> without max_features_");
    bool *support = self->selector.support;
    CRN_TRY(keep_largest(support, scores, n, most, err));
    for (int64_t j = 0; j < n; j++)
        support[j] = support[j] && !(scores[j] < threshold);
    crn_selector_count(&self->selector);
    return CRN_OK;
}

static crn_status find_support(select_from_model *self, crn_error *err)
{
    crn_array importances = CRN_ARRAY_INIT;
    const char *getter = crn_object_text(self->importance_getter);
    double *scores = NULL;
    int64_t features = 0;
    if (getter == NULL)
        return crn_fail(err, CRN_UNSUPPORTED, "importance_getter=<callable> is Python code");
    CRN_TRY(crn_feature_importances(fitted_estimator(self), getter, &importances, err));
    crn_status status = scores_of(self, &importances, &scores, &features, err);
    if (status == CRN_OK)
        status = select_features(self, scores, features, err);
    free(scores);
    crn_array_free(&importances);
    return status;
}

/* What is not supported is said when it is asked for; what is damaged, at once. */
static crn_status check(void *self, crn_error *err)
{
    select_from_model *model = self;
    const crn_model *fitted = fitted_estimator(model);
    const crn_estimator_base *estimator = fitted != NULL ? crn_model_estimator(fitted) : NULL;
    if (estimator == NULL || !estimator->fitted) {
        model->selector.base.fitted = fitted != NULL && estimator == NULL;
        return CRN_OK;
    }
    crn_child_lend_features(fitted, &model->selector.base);
    model->why = (crn_error)CRN_ERROR_INIT;
    crn_status status = find_support(model, &model->why);
    if (status == CRN_OK || status == CRN_UNSUPPORTED || status == CRN_NOT_FOUND)
        return CRN_OK;
    return crn_fail(err, status, "%s", model->why.message);
}

static bool has_method(const void *self, crn_method method)
{
    const select_from_model *model = self;
    (void)method;
    return model->selector.support != NULL && model->why.code == CRN_OK;
}

static crn_status refuse(const void *self, crn_method method, crn_error *err)
{
    const select_from_model *model = self;
    (void)method;
    return model->why.code == CRN_OK ? CRN_OK
                                     : crn_fail(err, CRN_UNSUPPORTED, "%s", model->why.message);
}

static crn_admitted admits(const void *self, crn_method method)
{
    const crn_model *fitted = fitted_estimator(self);
    (void)method;
    return crn_child_admits(fitted, crn_model_main_method(fitted));
}

const crn_estimator crn_estimator_SelectFromModel = {
    .name = "SelectFromModel",
    .module = "sklearn.feature_selection",
    .modules = "sklearn.feature_selection._from_model sklearn.feature_selection.from_model",
    .size = sizeof(select_from_model),
    .fields = fields,
    .methods = 1u << CRN_TRANSFORM | 1u << CRN_INVERSE_TRANSFORM,
    .lower = crn_selector_lower,
    .check = check,
    .has_method = has_method,
    .refuse = refuse,
    .admits = admits,
    .input_width = crn_selector_input_width,
    .release = crn_selector_release,
};
