/* SPDX-License-Identifier: BSD-3-Clause */
/* Ridge and RidgeCV, as sklearn/linear_model/_ridge.py (1.9), and files back to 0.20. */
#include "sklearn/linear_model/ridge.h"

typedef struct ridge {
    crn_linear_model linear;
    const crn_object *alpha, *fit_intercept, *copy_X, *max_iter, *tol, *solver, *positive,
        *random_state, *normalize, *alphas, *scoring, *cv, *gcv_mode, *store_cv_results,
        *alpha_per_target;
} ridge;

static const crn_field ridge_fields[] = {
    CRN_PARAM(ridge, alpha, OBJECT, "1.0", "real >= 0 | array"),
    CRN_PARAM(ridge, fit_intercept, OBJECT, "True", "bool"),
    CRN_PARAM(ridge, copy_X, OBJECT, "True", "bool"),
    CRN_PARAM(ridge, max_iter, OBJECT, "None", "int >= 1 | None"),
    CRN_PARAM(ridge, tol, OBJECT, "0.0001", "real >= 0"),
    CRN_PARAM(ridge, solver, OBJECT, "'auto'",
              "'auto' | 'cholesky' | 'lbfgs' | 'lsqr' | 'sag' | 'saga' | 'sparse_cg' | 'svd'"),
    CRN_PARAM_SINCE(ridge, positive, OBJECT, "False", "bool", "1.0", NULL),
    CRN_PARAM(ridge, random_state, OBJECT, "None", "random_state"),
    CRN_PARAM_SINCE(ridge, normalize, OBJECT, "'deprecated'", NULL, NULL, "1.2"),
    CRN_LINEAR_MODEL_FIELDS,
    CRN_FIELDS_END,
};

static const crn_field ridge_cv_fields[] = {
    CRN_PARAM(ridge, alphas, OBJECT, "(0.1, 1.0, 10.0)", "array | real > 0"),
    CRN_PARAM(ridge, fit_intercept, OBJECT, "True", "bool"),
    CRN_PARAM(ridge, scoring, OBJECT, "None", "scorer | callable | None"),
    CRN_PARAM(ridge, cv, OBJECT, "None", "cv"),
    CRN_PARAM(ridge, gcv_mode, OBJECT, "None", "'auto' | 'eigen' | 'svd' | None"),
    CRN_PARAM_RENAMED(ridge, store_cv_results, OBJECT, "False", "bool", "1.5",
                      "store_cv_values"),
    CRN_PARAM_SINCE(ridge, alpha_per_target, OBJECT, "False", "bool", "0.24", NULL),
    CRN_PARAM_SINCE(ridge, normalize, OBJECT, "'deprecated'", NULL, NULL, "1.2"),
    CRN_LINEAR_MODEL_FIELDS,
    CRN_FIELDS_END,
};

/* None of 1.5 and 1.6 stands for False; both have the older name, too. */
static bool write_store_cv_results(crn_document *document, crn_object *state,
                                   const char *sklearn)
{
    const bool both =
        crn_version_compare(sklearn, "1.5") >= 0 && crn_version_compare(sklearn, "1.7") < 0;
    const char *name =
        crn_version_compare(sklearn, "1.5") < 0 ? "store_cv_values" : "store_cv_results";
    if (crn_object_is_none(crn_object_get(state, name)) &&
        !crn_object_set(document, state, name, crn_object_bool(document, false)))
        return false;
    return !both || crn_object_set(document, state, "store_cv_values",
                                   crn_object_str(document, "deprecated"));
}

crn_status crn_ridge_write(const void *self, crn_document *document, crn_object *state,
                           const char *sklearn, crn_error *err)
{
    CRN_TRY(crn_linear_model_write(self, document, state, sklearn, err));
    return write_store_cv_results(document, state, sklearn)
               ? CRN_OK
               : crn_arena_fail(document->arena, err);
}

#define RIDGE                                                                                  \
    .module = "sklearn.linear_model",                                                          \
    .modules = "sklearn.linear_model._ridge sklearn.linear_model.ridge",                       \
    .size = sizeof(ridge), .methods = 1u << CRN_PREDICT,                                       \
    .flags = CRN_NEEDS_Y | CRN_TAKES_WEIGHT, .lower = crn_linear_model_lower,                  \
    .check = crn_linear_model_check, .write = crn_ridge_write

const crn_estimator crn_estimator_Ridge = {
    .name = "Ridge",
    .fields = ridge_fields,
    RIDGE,
};

const crn_estimator crn_estimator_RidgeCV = {
    .name = "RidgeCV",
    .fields = ridge_cv_fields,
    RIDGE,
};
