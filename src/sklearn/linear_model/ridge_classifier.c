/* SPDX-License-Identifier: BSD-3-Clause */
/* RidgeClassifier and RidgeClassifierCV, as sklearn/linear_model/_ridge.py (1.9), and files
 * back to 0.20. classes_ is no attribute of theirs, but the one of the LabelBinarizer that made
 * targets of the labels. */
#include <string.h>

#include "format/pickle.h"
#include "ops/elementwise.h"
#include "ops/rows.h"
#include "sklearn/linear_model/ridge.h"

typedef struct ridge_classifier {
    crn_linear_model linear;
    const crn_object *alpha, *fit_intercept, *copy_X, *max_iter, *tol, *class_weight, *solver,
        *positive, *random_state, *normalize, *alphas, *scoring, *cv, *store_cv_results;
    crn_model *_label_binarizer;
    crn_array classes; /* of _label_binarizer; (n_classes) */
    const char
        *y_type; /* of _label_binarizer: "binary", "multiclass", "multilabel-indicator" */
} ridge_classifier;

#define BINARIZER                                                                              \
    {                                                                                          \
        .name = "_label_binarizer", .type = CRN_FIELD_MODEL, .flags = CRN_FIELD_FITTED,        \
        .offset = offsetof(ridge_classifier, _label_binarizer)                                 \
    }

static const crn_field ridge_classifier_fields[] = {
    CRN_PARAM(ridge_classifier, alpha, OBJECT, "1.0", "real >= 0 | array"),
    CRN_PARAM(ridge_classifier, fit_intercept, OBJECT, "True", "bool"),
    CRN_PARAM(ridge_classifier, copy_X, OBJECT, "True", "bool"),
    CRN_PARAM(ridge_classifier, max_iter, OBJECT, "None", "int >= 1 | None"),
    CRN_PARAM(ridge_classifier, tol, OBJECT, "0.0001", "real >= 0"),
    CRN_PARAM(ridge_classifier, class_weight, OBJECT, "None", "dict | 'balanced' | None"),
    CRN_PARAM(ridge_classifier, solver, OBJECT, "'auto'",
              "'auto' | 'cholesky' | 'lbfgs' | 'lsqr' | 'sag' | 'saga' | 'sparse_cg' | 'svd'"),
    CRN_PARAM_SINCE(ridge_classifier, positive, OBJECT, "False", "bool", "1.0", NULL),
    CRN_PARAM(ridge_classifier, random_state, OBJECT, "None", "random_state"),
    CRN_PARAM_SINCE(ridge_classifier, normalize, OBJECT, "'deprecated'", NULL, NULL, "1.2"),
    CRN_LINEAR_MODEL_FIELDS,
    BINARIZER,
    CRN_FIELDS_END,
};

static const crn_field ridge_classifier_cv_fields[] = {
    CRN_PARAM(ridge_classifier, alphas, OBJECT, "(0.1, 1.0, 10.0)", "array | real > 0"),
    CRN_PARAM(ridge_classifier, fit_intercept, OBJECT, "True", "bool"),
    CRN_PARAM(ridge_classifier, scoring, OBJECT, "None", "scorer | callable | None"),
    CRN_PARAM(ridge_classifier, cv, OBJECT, "None", "cv"),
    CRN_PARAM(ridge_classifier, class_weight, OBJECT, "None", "dict | 'balanced' | None"),
    CRN_PARAM_RENAMED(ridge_classifier, store_cv_results, OBJECT, "False", "bool", "1.5",
                      "store_cv_values"),
    CRN_PARAM_SINCE(ridge_classifier, normalize, OBJECT, "'deprecated'", NULL, NULL, "1.2"),
    CRN_LINEAR_MODEL_FIELDS,
    BINARIZER,
    CRN_FIELDS_END,
};

/* ---- reading ---- */

static crn_status read(void *self, const crn_object *state, const crn_field_context *context,
                       crn_error *err)
{
    ridge_classifier *model = self;
    const crn_object *binarizer = crn_object_get(state, "_label_binarizer");
    (void)context;
    if (!crn_object_is(binarizer, CRN_OBJ_INSTANCE))
        return CRN_OK;
    const crn_object *within = binarizer->as.instance->state;
    const crn_object *classes = crn_object_get(within, "classes_");
    model->y_type = crn_object_text(crn_object_get(within, "y_type_"));
    return classes != NULL ? crn_object_to_array(classes, &model->classes, err) : CRN_OK;
}

static void release(void *self)
{
    crn_array_free(&((ridge_classifier *)self)->classes);
}

static bool is_multilabel(const ridge_classifier *self)
{
    return self->y_type != NULL && strncmp(self->y_type, "multilabel", 10) == 0;
}

static crn_status check(void *self, crn_error *err)
{
    ridge_classifier *model = self;
    const crn_array *coef = &model->linear.coef_, *classes = &model->classes;
    if (classes->data == NULL || classes->ndim != 1 || classes->shape[0] < 1)
        return crn_fail(err, CRN_FORMAT, "_label_binarizer has no classes_");
    CRN_TRY(crn_linear_model_check(self, err));
    if (!is_multilabel(model))
        return crn_linear_check_classes(classes, coef, err);
    if (coef->ndim != 2 || coef->shape[0] != classes->shape[0])
        return crn_fail(err, CRN_FORMAT, "coef_ does not have %lld rows",
                        (long long)classes->shape[0]);
    return CRN_OK;
}

/* ---- operations ---- */

static crn_value lower(const void *self, crn_method method, crn_graph *graph, crn_value x)
{
    const ridge_classifier *model = self;
    crn_value scores =
        crn_linear_scores(graph, x, &model->linear.coef_, &model->linear.intercept_);
    if (method == CRN_DECISION_FUNCTION)
        return crn_linear_decision(graph, scores);
    if (is_multilabel(model))
        return crn_step(graph, scores, 0.0);
    return crn_linear_labels(graph, scores, &model->classes);
}

static bool classes(const void *self, crn_array *out)
{
    const ridge_classifier *model = self;
    *out = model->classes;
    return !is_multilabel(model);
}

/* The vector that newer versions keep for two classes as a matrix of one row: those before 1.6
 * want it, and all take it. */
static bool write_coef(const ridge_classifier *self, crn_document *document, crn_object *state)
{
    const crn_array *coef = &self->linear.coef_;
    if (coef->ndim != 1)
        return true;
    const crn_array matrix = crn_linear_as_matrix(coef);
    return crn_object_set(document, state, "coef_", crn_object_array(document, &matrix));
}

/* classes_ is an attribute of its own from 1.8 on; before, a property hides it. */
static crn_status write(const void *self, crn_document *document, crn_object *state,
                        const char *sklearn, crn_error *err)
{
    const ridge_classifier *model = self;
    if (is_multilabel(model) && crn_version_compare(sklearn, "1.0") < 0)
        return crn_fail(err, CRN_UNSUPPORTED,
                        "scikit-learn %s has no %s of several labels, which came with 1.0",
                        sklearn, model->linear.base.type->name);
    CRN_TRY(crn_ridge_write(self, document, state, sklearn, err));
    const bool ok = !model->linear.base.fitted ||
                    (write_coef(model, document, state) &&
                     crn_object_set(document, state, "classes_",
                                    crn_object_array(document, &model->classes)));
    return ok ? CRN_OK : crn_arena_fail(document->arena, err);
}

#define RIDGE_CLASSIFIER                                                                       \
    .module = "sklearn.linear_model",                                                          \
    .modules = "sklearn.linear_model._ridge sklearn.linear_model.ridge",                       \
    .size = sizeof(ridge_classifier),                                                          \
    .methods = 1u << CRN_PREDICT | 1u << CRN_DECISION_FUNCTION,                                \
    .flags = CRN_NEEDS_Y | CRN_TAKES_WEIGHT, .lower = lower, .check = check, .read = read,     \
    .release = release, .classes = classes, .write = write

const crn_estimator crn_estimator_RidgeClassifier = {
    .name = "RidgeClassifier",
    .fields = ridge_classifier_fields,
    RIDGE_CLASSIFIER,
};

const crn_estimator crn_estimator_RidgeClassifierCV = {
    .name = "RidgeClassifierCV",
    .fields = ridge_classifier_cv_fields,
    RIDGE_CLASSIFIER,
};
