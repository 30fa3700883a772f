/* SPDX-License-Identifier: BSD-3-Clause */
/* RFE, RFECV and SequentialFeatureSelector, as sklearn/feature_selection/_rfe.py and
 * _sequential.py (1.9), and the files of versions back to 0.20: the mask of features is in the
 * file; RFE also answers as the estimator that it fitted on them. */
#include "sklearn/children.h"
#include "sklearn/feature_selection/selector.h"

typedef struct search_selector {
    crn_selector selector;
    crn_model *estimator;
    const crn_object *n_features_to_select, *verbose, *importance_getter, *cv, *scoring,
        *n_jobs;
    const crn_object *step, *tol;
    int64_t min_features_to_select;
    const char *direction;
    crn_array support_;    /* bool (n_features_in_) */
    crn_model *estimator_; /* fitted on the kept features */
} search_selector;

#define ESTIMATOR CRN_PARAM(search_selector, estimator, MODEL, NULL, "has fit")
#define STEP      CRN_PARAM(search_selector, step, OBJECT, "1", "int > 0 | float (0, 1)")
#define VERBOSE   CRN_PARAM(search_selector, verbose, OBJECT, "0", "verbose")
#define IMPORTANCE_GETTER                                                                      \
    CRN_PARAM_SINCE(search_selector, importance_getter, OBJECT, "'auto'", "str | callable",    \
                    "0.24", NULL)
#define SUPPORT CRN_FITTED_ARRAY(search_selector, support_, NULL)

static const crn_field rfe_fields[] = {
    ESTIMATOR,
    CRN_PARAM(search_selector, n_features_to_select, OBJECT, "None",
              "None | float (0, 1] | int > 0"),
    STEP,
    VERBOSE,
    IMPORTANCE_GETTER,
    CRN_BASE_FIELDS,
    SUPPORT,
    CRN_FITTED(search_selector, estimator_, MODEL),
    CRN_FIELDS_END,
};

static const crn_field rfecv_fields[] = {
    ESTIMATOR,
    STEP,
    CRN_PARAM(search_selector, min_features_to_select, INT, "1", "int > 0"),
    CRN_PARAM(search_selector, cv, OBJECT, "None", "cv"),
    CRN_PARAM(search_selector, scoring, OBJECT, "None", "None | str | callable"),
    VERBOSE,
    CRN_PARAM(search_selector, n_jobs, OBJECT, "None", "None | int"),
    IMPORTANCE_GETTER,
    CRN_BASE_FIELDS,
    SUPPORT,
    CRN_FITTED(search_selector, estimator_, MODEL),
    CRN_FIELDS_END,
};

static const crn_field sequential_fields[] = {
    ESTIMATOR,
    CRN_PARAM(search_selector, n_features_to_select, OBJECT, "'auto'",
              "'auto' | float (0, 1] | int > 0"),
    CRN_PARAM_SINCE(search_selector, tol, OBJECT, "None", "None | real (-inf, inf)", "1.1",
                    NULL),
    CRN_PARAM(search_selector, direction, STRING, "'forward'", "'backward' | 'forward'"),
    CRN_PARAM(search_selector, scoring, OBJECT, "None", "None | scorer | callable"),
    CRN_PARAM(search_selector, cv, OBJECT, "5", "cv"),
    CRN_PARAM(search_selector, n_jobs, OBJECT, "None", "None | int"),
    CRN_BASE_FIELDS,
    SUPPORT,
    CRN_FIELDS_END,
};

static crn_status check(void *self, crn_error *err)
{
    search_selector *model = self;
    CRN_TRY(crn_selector_take(&model->selector, &model->support_, err));
    const crn_estimator_base *fitted =
        model->estimator_ != NULL ? crn_model_estimator(model->estimator_) : NULL;
    if (fitted != NULL && fitted->n_features_in_ >= 0 &&
        fitted->n_features_in_ != model->selector.selected)
        return crn_fail(err, CRN_FORMAT, "estimator_ takes %lld features, support_ keeps %lld",
                        (long long)fitted->n_features_in_, (long long)model->selector.selected);
    return CRN_OK;
}

static int lower_many(const void *self, crn_method method, crn_graph *graph, crn_value x,
                      crn_value *out)
{
    const search_selector *model = self;
    if (method != CRN_TRANSFORM && method != CRN_INVERSE_TRANSFORM)
        return crn_sklearn_lower_many(model->estimator_, method, graph,
                                      crn_selector_keep(&model->selector, graph, x), out);
    out[0] = crn_selector_lower(self, method, graph, x);
    return out[0] == CRN_NO_VALUE ? -1 : 1;
}

static bool has_method(const void *self, crn_method method)
{
    if (method == CRN_TRANSFORM || method == CRN_INVERSE_TRANSFORM)
        return true;
    return crn_child_has(((const search_selector *)self)->estimator_, method);
}

/* As the estimator does, fitted or not. */
static crn_admitted admits(const void *self, crn_method method)
{
    const search_selector *model = self;
    (void)method;
    return crn_child_admits(model->estimator_ != NULL ? model->estimator_ : model->estimator,
                            CRN_PREDICT);
}

static bool classes(const void *self, crn_array *out)
{
    return crn_child_classes(((const search_selector *)self)->estimator_, out);
}

enum {
    SELECTS = 1u << CRN_TRANSFORM | 1u << CRN_INVERSE_TRANSFORM,
    ANSWERS = 1u << CRN_PREDICT | 1u << CRN_PREDICT_PROBA | 1u << CRN_PREDICT_LOG_PROBA |
              1u << CRN_DECISION_FUNCTION
};

#define SELECTOR(class_, modules_, fields_, methods_)                                          \
    const crn_estimator crn_estimator_##class_ = {                                             \
        .name = #class_,                                                                       \
        .module = "sklearn.feature_selection",                                                 \
        .modules = modules_,                                                                   \
        .size = sizeof(search_selector),                                                       \
        .fields = fields_,                                                                     \
        .methods = methods_,                                                                   \
        .lower_many = lower_many,                                                              \
        .check = check,                                                                        \
        .has_method = has_method,                                                              \
        .admits = admits,                                                                      \
        .input_width = crn_selector_input_width,                                               \
        .classes = classes,                                                                    \
        .release = crn_selector_release,                                                       \
    }

SELECTOR(RFE, "sklearn.feature_selection._rfe sklearn.feature_selection.rfe", rfe_fields,
         SELECTS | ANSWERS);
SELECTOR(RFECV, "sklearn.feature_selection._rfe sklearn.feature_selection.rfe", rfecv_fields,
         SELECTS | ANSWERS);
SELECTOR(SequentialFeatureSelector, "sklearn.feature_selection._sequential", sequential_fields,
         SELECTS);
