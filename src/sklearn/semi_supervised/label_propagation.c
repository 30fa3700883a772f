/* SPDX-License-Identifier: BSD-3-Clause */
/* LabelPropagation and LabelSpreading, as sklearn/semi_supervised/_label_propagation.py (1.9):
 * the label distributions of the training set, weighted by a kernel or summed over the nearest
 * neighbours, and normalised. They differ in fit alone. */
#include "ops/elementwise.h"
#include "ops/rows.h"
#include "sklearn/estimator.h"
#include "sklearn/metrics/pairwise.h"

typedef struct label_propagation {
    crn_estimator_base base;
    const crn_object *kernel, *n_jobs, *alpha;
    double gamma, tol;
    int64_t n_neighbors, max_iter;
    crn_array X_;                   /* (rows, n_features_in_): the training set */
    crn_model *nn_fit;              /* kernel='knn': NearestNeighbors over X_ */
    crn_array classes_;             /* (classes) */
    crn_array label_distributions_; /* (rows, classes) */
    int64_t n_iter_;
    crn_array transduction_; /* (rows): labels of the training set */
} label_propagation;

/* clang-format off */
#define KERNEL                                                                                 \
    CRN_PARAM(label_propagation, kernel, OBJECT, "'rbf'", "'knn' | 'rbf' | callable")
/* clang-format on */
#define GAMMA     CRN_PARAM(label_propagation, gamma, REAL, "20", "real >= 0")
#define NEIGHBORS CRN_PARAM(label_propagation, n_neighbors, INT, "7", "int (0, inf)")
#define TOL       CRN_PARAM(label_propagation, tol, REAL, "0.001", "real >= 0")
#define JOBS      CRN_PARAM(label_propagation, n_jobs, OBJECT, "None", "None | int")

/* clang-format off */
#define FITTED                                                                                 \
    CRN_BASE_FIELDS,                                                                           \
    CRN_FITTED_ARRAY(label_propagation, X_, "rows, n_features_in_"),                           \
    CRN_FITTED_OPTIONAL(label_propagation, nn_fit, MODEL),                                     \
    CRN_FITTED_ARRAY(label_propagation, classes_, "classes"),                                  \
    CRN_FITTED_ARRAY(label_propagation, label_distributions_, "rows, classes"),                \
    CRN_FITTED(label_propagation, n_iter_, INT),                                               \
    CRN_FITTED_ARRAY(label_propagation, transduction_, "rows"),                                \
    CRN_FIELDS_END
/* clang-format on */

static const crn_field propagation_fields[] = {
    KERNEL,
    GAMMA,
    NEIGHBORS,
    CRN_PARAM_SINCE(label_propagation, alpha, OBJECT, "None", NULL, NULL, "0.21"),
    CRN_PARAM(label_propagation, max_iter, INT, "1000", "int (0, inf)"),
    TOL,
    JOBS,
    FITTED,
};

static const crn_field spreading_fields[] = {
    KERNEL,
    GAMMA,
    NEIGHBORS,
    CRN_PARAM(label_propagation, alpha, OBJECT, "0.2", "real (0, 1)"),
    CRN_PARAM(label_propagation, max_iter, INT, "30", "int (0, inf)"),
    TOL,
    JOBS,
    FITTED,
};

static bool is_knn(const label_propagation *self)
{
    return crn_object_is_str(self->kernel, "knn");
}

static crn_status check(void *self, crn_error *err)
{
    label_propagation *model = self;
    const crn_array *x = &model->X_;
    if (!crn_dtype_is_number(x->dtype) ||
        !crn_dtype_is_number(model->label_distributions_.dtype) || model->classes_.shape[0] < 1)
        return crn_fail(err, CRN_FORMAT, "X_ and label_distributions_ must hold numbers");
    if (model->base.n_features_in_ < 0)
        model->base.n_features_in_ = x->shape[1];
    if (!is_knn(model))
        return CRN_OK;
    crn_array fitted = CRN_ARRAY_INIT;
    const crn_estimator_base *neighbors =
        model->nn_fit != NULL ? crn_model_estimator(model->nn_fit) : NULL;
    if (neighbors == NULL)
        return CRN_OK; /* predicting names the class that is not there */
    CRN_TRY(crn_model_get(model->nn_fit, "_fit_X", &fitted, err));
    const bool fits = neighbors->n_features_in_ == model->base.n_features_in_ &&
                      fitted.ndim == 2 && fitted.shape[0] == x->shape[0];
    crn_array_free(&fitted);
    return fits ? CRN_OK : crn_fail(err, CRN_FORMAT, "nn_fit does not hold the rows of X_");
}

/* (rows, classes), not normalised. */
static crn_value weights(const label_propagation *self, crn_graph *graph, crn_value x)
{
    if (is_knn(self)) {
        crn_value out[CRN_MAX_PORTS];
        if (self->nn_fit == NULL)
            return crn_graph_fail(graph, CRN_FORMAT, "nn_fit is missing");
        if (crn_sklearn_lower_many(self->nn_fit, CRN_KNEIGHBORS, graph, x, out) < 2)
            return CRN_NO_VALUE;
        return crn_take_sum(graph, crn_constant_float64(graph, &self->label_distributions_),
                            out[1]);
    }
    const crn_pairwise pairwise = {.kernel = self->kernel, .gamma = self->gamma};
    const crn_array turned = crn_array_turned(&self->label_distributions_);
    return crn_pairwise_kernel(&pairwise, graph, x, &self->X_, &turned);
}

static crn_value lower(const void *self, crn_method method, crn_graph *graph, crn_value x)
{
    const label_propagation *model = self;
    const int64_t one = 1;
    crn_value p = weights(model, graph, x);
    crn_value sum = crn_reshape(graph, crn_reduce(graph, p, CRN_REDUCE_SUM), 1, &one);
    p = crn_binary(graph, p, sum, CRN_BINARY_DIVIDE);
    if (method == CRN_PREDICT_PROBA)
        return p;
    return crn_take(graph, crn_graph_constant(graph, &model->classes_), crn_argmax(graph, p));
}

/* clang-format off */
#define SHARED                                                                                 \
    .module = "sklearn.semi_supervised",                                                       \
    .modules = "sklearn.semi_supervised._label_propagation "                                   \
               "sklearn.semi_supervised.label_propagation",                                    \
    .size = sizeof(label_propagation),                                                         \
    .methods = 1u << CRN_PREDICT | 1u << CRN_PREDICT_PROBA, .flags = CRN_NEEDS_Y,              \
    .lower = lower, .check = check
/* clang-format on */

const crn_estimator crn_estimator_LabelPropagation = {
    .name = "LabelPropagation", .fields = propagation_fields, SHARED};
const crn_estimator crn_estimator_LabelSpreading = {
    .name = "LabelSpreading", .fields = spreading_fields, SHARED};
