/* SPDX-License-Identifier: BSD-3-Clause */
/* SelectKBest, SelectPercentile, SelectFpr, SelectFdr, SelectFwe and GenericUnivariateSelect,
 * as sklearn/feature_selection/_univariate_selection.py (1.9), and the files of versions back
 * to 0.20: features by the scores or the p-values that fit gave them. */
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sklearn/feature_selection/selector.h"

typedef struct univariate {
    crn_selector selector;
    const crn_object *score_func, *k, *param;
    double percentile, alpha;
    const char *mode;
    crn_array scores_;  /* (n_features_in_) */
    crn_array pvalues_; /* (n_features_in_); None: the score has none */
} univariate;

#define SCORE_FUNC                                                                             \
    CRN_PARAM(univariate, score_func, OBJECT,                                                  \
              "sklearn.feature_selection._univariate_selection.f_classif", "callable")
#define SCORES                                                                                 \
    CRN_BASE_FIELDS, CRN_FITTED_ARRAY(univariate, scores_, NULL),                              \
        CRN_FITTED_ARRAY_OR_NONE(univariate, pvalues_, NULL), CRN_FIELDS_END

static const crn_field k_best_fields[] = {
    SCORE_FUNC,
    CRN_PARAM(univariate, k, OBJECT, "10", "'all' | int >= 0"),
    SCORES,
};

static const crn_field percentile_fields[] = {
    SCORE_FUNC,
    CRN_PARAM(univariate, percentile, REAL, "10", "[0, 100]"),
    SCORES,
};

static const crn_field alpha_fields[] = {
    SCORE_FUNC,
    CRN_PARAM(univariate, alpha, REAL, "0.05", "[0, 1]"),
    SCORES,
};

static const crn_field generic_fields[] = {
    SCORE_FUNC,
    CRN_PARAM(univariate, mode, STRING, "'percentile'",
              "'fdr' | 'fpr' | 'fwe' | 'k_best' | 'percentile'"),
    CRN_PARAM(univariate, param, OBJECT, "1e-05", "real >= 0 | 'all'"),
    SCORES,
};

/* ---- by scores: NaN counts as the lowest number (_clean_nans) ---- */

static void clean(double *scores, int64_t n)
{
    for (int64_t j = 0; j < n; j++)
        scores[j] = isnan(scores[j]) ? -DBL_MAX : scores[j];
}

/* The last k of the ascending order. */
static crn_status select_k_best(bool *support, double *scores, int64_t n, double k,
                                crn_error *err)
{
    int64_t *order = crn_calloc((size_t)n, sizeof *order);
    if (order == NULL)
        return crn_no_memory(err);
    clean(scores, n);
    crn_status status = crn_stable_argsort(scores, n, order, err);
    for (int64_t i = 0; i < n && status == CRN_OK; i++)
        support[order[i]] = (double)(n - i) <= k;
    free(order);
    return status;
}

static int compare(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* numpy.percentile of sorted numbers, by linear interpolation. */
static double percentile_of(const double *sorted, int64_t n, double percent)
{
    const double place = percent / 100.0 * (double)(n - 1);
    const int64_t below = place >= (double)(n - 1) ? n - 1 : (int64_t)place;
    const int64_t above = below + 1 < n ? below + 1 : n - 1;
    const double t = place - (double)below, step = sorted[above] - sorted[below];
    return t >= 0.5 ? sorted[above] - step * (1.0 - t) : sorted[below] + step * t;
}

/* The scores above the percentile, and of those on it the first, as many as there is room
 * for. */
static crn_status select_percentile(bool *support, double *scores, int64_t n, double percentile,
                                    crn_error *err)
{
    double *sorted = crn_calloc((size_t)n, sizeof *sorted);
    if (sorted == NULL)
        return crn_no_memory(err);
    clean(scores, n);
    memcpy(sorted, scores, (size_t)n * sizeof *sorted);
    qsort(sorted, (size_t)n, sizeof *sorted, compare);
    const double threshold =
        percentile > 0.0 ? percentile_of(sorted, n, 100.0 - percentile) : (double)INFINITY;
    free(sorted);
    int64_t room = (int64_t)((double)n * percentile / 100.0);
    for (int64_t j = 0; j < n; j++) {
        support[j] = percentile >= 100.0 || scores[j] > threshold;
        room -= support[j];
    }
    for (int64_t j = 0; j < n && room > 0 && percentile > 0.0; j++) {
        if (!support[j] && scores[j] == threshold) {
            support[j] = true;
            room--;
        }
    }
    return CRN_OK;
}

/* ---- by p-values ---- */

static void select_below(bool *support, const double *pvalues, int64_t n, double alpha)
{
    for (int64_t j = 0; j < n; j++)
        support[j] = pvalues[j] < alpha;
}

/* Benjamini and Hochberg: up to the largest p-value that is at most its rank's share of
 * alpha. */
static crn_status select_fdr(bool *support, const double *pvalues, int64_t n, double alpha,
                             crn_error *err)
{
    double *sorted = crn_calloc((size_t)n, sizeof *sorted);
    if (sorted == NULL)
        return crn_no_memory(err);
    int64_t count = 0;
    for (int64_t j = 0; j < n; j++) {
        if (!isnan(pvalues[j]))
            sorted[count++] = pvalues[j];
    }
    qsort(sorted, (size_t)count, sizeof *sorted, compare);
    double largest = -(double)INFINITY;
    for (int64_t j = 0; j < count; j++) {
        if (sorted[j] <= alpha / (double)n * (double)(j + 1))
            largest = sorted[j];
    }
    for (int64_t j = 0; j < n; j++)
        support[j] = pvalues[j] <= largest;
    free(sorted);
    return CRN_OK;
}

/* ---- which way ---- */

/* The mode of GenericUnivariateSelect that a class stands for, and its parameter. */
static const char *mode_of(const univariate *self, const crn_object **param)
{
    const crn_estimator *type = self->selector.base.type;
    *param = self->param;
    if (type == &crn_estimator_GenericUnivariateSelect)
        return self->mode;
    *param = self->k;
    if (type == &crn_estimator_SelectKBest)
        return "k_best";
    *param = NULL;
    if (type == &crn_estimator_SelectPercentile)
        return "percentile";
    if (type == &crn_estimator_SelectFpr)
        return "fpr";
    return type == &crn_estimator_SelectFdr ? "fdr" : "fwe";
}

static crn_status select_features(univariate *self, double *scores, const double *pvalues,
                                  int64_t n, crn_error *err)
{
    const crn_object *param;
    const char *mode = mode_of(self, &param);
    bool *support = self->selector.support;
    double amount = strcmp(mode, "percentile") == 0 ? self->percentile : self->alpha;
    const bool all = crn_object_is_str(param, "all");
    if (param != NULL && !all && !crn_object_as_double(param, &amount))
        return crn_fail(err, CRN_FORMAT, "how many features to select is not said");
    if (strcmp(mode, "k_best") == 0)
        return select_k_best(support, scores, n, all ? (double)n : floor(amount), err);
    if (all)
        return crn_fail(err, CRN_FORMAT, "param='all' is for mode='k_best'");
    if (strcmp(mode, "percentile") == 0)
        return select_percentile(support, scores, n, amount, err);
    if (pvalues == NULL)
        return crn_fail(err, CRN_FORMAT, "pvalues_ is None");
    if (strcmp(mode, "fdr") == 0)
        return select_fdr(support, pvalues, n, amount, err);
    if (strcmp(mode, "fpr") != 0 && strcmp(mode, "fwe") != 0)
        return crn_fail(err, CRN_FORMAT, "mode is '%s'", mode);
    select_below(support, pvalues, n, strcmp(mode, "fwe") == 0 ? amount / (double)n : amount);
    return CRN_OK;
}

static crn_status check(void *self, crn_error *err)
{
    univariate *model = self;
    crn_array scores = CRN_ARRAY_INIT, pvalues = CRN_ARRAY_INIT;
    crn_status status = CRN_OK;
    const bool has_pvalues = model->pvalues_.data != NULL;
    if (model->scores_.data == NULL || model->scores_.ndim != 1 ||
        !crn_dtype_is_number(model->scores_.dtype))
        return crn_fail(err, CRN_FORMAT, "scores_ is not a number for each feature");
    const int64_t n = model->scores_.shape[0];
    if (has_pvalues && (model->pvalues_.ndim != 1 || model->pvalues_.shape[0] != n ||
                        !crn_dtype_is_number(model->pvalues_.dtype)))
        return crn_fail(err, CRN_FORMAT, "pvalues_ is not a number for each feature");
    if (model->selector.base.type == &crn_estimator_GenericUnivariateSelect &&
        model->mode == NULL)
        return crn_fail(err, CRN_FORMAT, "mode is None");
    CRN_TRY(crn_selector_create(&model->selector, n, err));
    /* Copies of our own: the scores are cleaned in place. */
    CRN_TRY_OR_DONE(crn_array_astype(&model->scores_, CRN_FLOAT64, &scores, err));
    if (has_pvalues)
        CRN_TRY_OR_DONE(crn_array_astype(&model->pvalues_, CRN_FLOAT64, &pvalues, err));
    CRN_TRY_OR_DONE(select_features(model, scores.data, pvalues.data, n, err));
    crn_selector_count(&model->selector);
done:
    crn_array_free(&scores);
    crn_array_free(&pvalues);
    return status;
}

#define UNIVARIATE(class_, fields_)                                                            \
    const crn_estimator crn_estimator_##class_ = {                                             \
        .name = #class_,                                                                       \
        .module = "sklearn.feature_selection",                                                 \
        .modules = "sklearn.feature_selection._univariate_selection "                          \
                   "sklearn.feature_selection.univariate_selection",                           \
        .size = sizeof(univariate),                                                            \
        .fields = fields_,                                                                     \
        .methods = 1u << CRN_TRANSFORM | 1u << CRN_INVERSE_TRANSFORM,                          \
        .lower = crn_selector_lower,                                                           \
        .check = check,                                                                        \
        .input_width = crn_selector_input_width,                                               \
        .release = crn_selector_release,                                                       \
    }

UNIVARIATE(SelectKBest, k_best_fields);
UNIVARIATE(SelectPercentile, percentile_fields);
UNIVARIATE(SelectFpr, alpha_fields);
UNIVARIATE(SelectFdr, alpha_fields);
UNIVARIATE(SelectFwe, alpha_fields);
UNIVARIATE(GenericUnivariateSelect, generic_fields);
