/* SPDX-License-Identifier: BSD-3-Clause */
/* LogisticRegressionCV, as sklearn/linear_model/_logistic.py (1.9), and files back to 0.20: a
 * LogisticRegression that chose C and l1_ratio itself. */
#include <string.h>

#include "sklearn/linear_model/logistic_regression.h"

typedef struct logistic_regression_cv {
    logistic_regression refitted;
    const crn_object *Cs, *l1_ratios, *cv, *scoring, *refit, *use_legacy_attributes;
} logistic_regression_cv;

static const crn_field fields[] = {
    CRN_PARAM(logistic_regression_cv, Cs, OBJECT, "10", "int >= 1 | array"),
    CRN_PARAM(logistic_regression_cv, l1_ratios, OBJECT, "'warn'", "array | None | ~'warn'"),
    CRN_PARAM(logistic_regression, fit_intercept, BOOL, "True", NULL),
    CRN_PARAM(logistic_regression_cv, cv, OBJECT, "None", "cv"),
    CRN_PARAM(logistic_regression, dual, BOOL, "False", NULL),
    CRN_PARAM(logistic_regression, penalty, OBJECT, "'deprecated'",
              "'l1' | 'l2' | 'elasticnet' | ~'deprecated'"),
    CRN_PARAM(logistic_regression_cv, scoring, OBJECT, "'warn'",
              "scorer | callable | None | ~'warn'"),
    CRN_PARAM(logistic_regression, solver, STRING, "'lbfgs'",
              "'lbfgs' | 'liblinear' | 'newton-cg' | 'newton-cholesky' | 'sag' | 'saga'"),
    CRN_PARAM(logistic_regression, tol, REAL, "0.0001", ">= 0"),
    CRN_PARAM(logistic_regression, max_iter, INT, "100", ">= 0"),
    CRN_PARAM(logistic_regression, class_weight, OBJECT, "None", "dict | 'balanced' | None"),
    CRN_PARAM(logistic_regression, n_jobs, OBJECT, "None", "None | int"),
    CRN_PARAM(logistic_regression, verbose, INT, "0", "verbose"),
    CRN_PARAM(logistic_regression_cv, refit, OBJECT, "True", "bool"),
    CRN_PARAM(logistic_regression, intercept_scaling, REAL, "1.0", "> 0"),
    CRN_PARAM(logistic_regression, random_state, OBJECT, "None", "random_state"),
    CRN_PARAM(logistic_regression_cv, use_legacy_attributes, OBJECT, "'warn'",
              "bool | ~'warn'"),
    CRN_PARAM_SINCE(logistic_regression, multi_class, STRING, "None", NULL, NULL, "1.8"),
    CRN_BASE_FIELDS,
    CRN_FITTED_ARRAY(logistic_regression, classes_, NULL),
    CRN_FITTED_ARRAY(logistic_regression, coef_, NULL),
    CRN_FITTED_ARRAY(logistic_regression, intercept_, NULL),
    CRN_FIELDS_END,
};

/* ---- other versions ---- */

static bool set_str(crn_document *document, crn_object *state, const char *key,
                    const char *value)
{
    return crn_object_set(document, state, key, crn_object_str(document, value));
}

/* penalty until 1.7 is said by l1_ratios since: 0.0 alone is "l2", 1.0 alone "l1". */
static const char *penalty_of(const logistic_regression_cv *self)
{
    const crn_object *ratios = self->l1_ratios;
    double ratio = 0.0;
    if (crn_object_is(ratios, CRN_OBJ_TUPLE) || crn_object_is(ratios, CRN_OBJ_LIST)) {
        if (crn_object_length(ratios) != 1 ||
            !crn_object_as_double(crn_object_item(ratios, 0), &ratio))
            return "elasticnet";
    } else if (crn_object_as_array(ratios) != NULL) {
        return "elasticnet";
    }
    return ratio == 0.0 ? "l2" : ratio == 1.0 ? "l1" : "elasticnet";
}

static bool write_old(const logistic_regression_cv *self, crn_document *document,
                      crn_object *state)
{
    bool ok = true;
    if (crn_object_is_str(self->refitted.penalty, "deprecated"))
        ok = set_str(document, state, "penalty", penalty_of(self));
    if (ok && crn_object_is_str(self->l1_ratios, "warn"))
        ok = crn_object_set(document, state, "l1_ratios", crn_object_none(document));
    if (ok && crn_object_is_str(self->scoring, "warn"))
        ok = crn_object_set(document, state, "scoring", crn_object_none(document));
    return ok;
}

static bool write_new(const logistic_regression_cv *self, crn_document *document,
                      crn_object *state)
{
    const bool l1 = crn_object_is_str(self->refitted.penalty, "l1");
    crn_object *ratios = crn_object_new(document, CRN_OBJ_TUPLE);
    if (crn_object_is_str(self->refitted.penalty, "deprecated"))
        return true;
    if (!crn_object_is_str(self->refitted.penalty, "elasticnet") &&
        !(crn_object_append(document, ratios, crn_object_float(document, l1 ? 1.0 : 0.0)) &&
          crn_object_set(document, state, "l1_ratios", ratios)))
        return false;
    return set_str(document, state, "penalty", "deprecated");
}

static crn_status write(const void *self, crn_document *document, crn_object *state,
                        const char *sklearn, crn_error *err)
{
    const bool ok = crn_version_compare(sklearn, "1.8") < 0 ? write_old(self, document, state)
                                                            : write_new(self, document, state);
    if (!ok)
        return crn_arena_fail(document->arena, err);
    return crn_logistic_regression_write_multi_class(self, document, state, sklearn, err);
}

const crn_estimator crn_estimator_LogisticRegressionCV = {
    .name = "LogisticRegressionCV",
    .module = "sklearn.linear_model",
    .modules = "sklearn.linear_model._logistic sklearn.linear_model.logistic",
    .size = sizeof(logistic_regression_cv),
    .fields = fields,
    .methods = CRN_LOGISTIC_REGRESSION_METHODS,
    .flags = CRN_NEEDS_Y | CRN_TAKES_WEIGHT,
    .lower = crn_logistic_regression_lower,
    .check = crn_logistic_regression_check,
    .write = write,
};
