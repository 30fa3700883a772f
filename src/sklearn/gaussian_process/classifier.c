/* SPDX-License-Identifier: BSD-3-Clause */
/* GaussianProcessClassifier and the binary classifier inside it, as
 * sklearn/gaussian_process/_gpc.py (1.9): algorithm 3.2 of C. Rasmussen and C. Williams,
 * "Gaussian Processes for Machine Learning" (2006). More than two classes are
 * OneVsRestClassifier's or OneVsOneClassifier's. */
#include <string.h>

#include "ops/affine.h"
#include "ops/elementwise.h"
#include "ops/gaussian_process.h"
#include "ops/rows.h"
#include "sklearn/gaussian_process/kernels.h"

/* ---- two classes ---- */

typedef struct binary_classifier {
    crn_estimator_base base;
    crn_model *kernel;
    const crn_object *optimizer, *random_state;
    int64_t n_restarts_optimizer, max_iter_predict;
    bool warm_start, copy_X_train;
    crn_model *kernel_;
    crn_array X_train_; /* (rows, features) */
    crn_array y_train_; /* (rows): 0 or 1 */
    crn_array classes_; /* (2) */
    const crn_object *log_marginal_likelihood_value_;
    crn_array pi_;   /* (rows): probabilities of class 1 at the mode */
    crn_array W_sr_; /* (rows): roots of the weights */
    crn_array L_;    /* (rows, rows), lower */
} binary_classifier;

static const crn_field binary_fields[] = {
    CRN_PARAM(binary_classifier, kernel, MODEL, "None", NULL),
    CRN_PARAM(binary_classifier, optimizer, OBJECT, "'fmin_l_bfgs_b'", NULL),
    CRN_PARAM(binary_classifier, n_restarts_optimizer, INT, "0", NULL),
    CRN_PARAM(binary_classifier, max_iter_predict, INT, "100", NULL),
    CRN_PARAM(binary_classifier, warm_start, BOOL, "False", NULL),
    CRN_PARAM(binary_classifier, copy_X_train, BOOL, "True", NULL),
    CRN_PARAM(binary_classifier, random_state, OBJECT, "None", NULL),
    CRN_FITTED(binary_classifier, kernel_, MODEL),
    CRN_FITTED_ARRAY(binary_classifier, X_train_, "rows, features"),
    CRN_FITTED_ARRAY(binary_classifier, y_train_, "rows"),
    CRN_FITTED_ARRAY(binary_classifier, classes_, "2"),
    CRN_FITTED_OPTIONAL(binary_classifier, log_marginal_likelihood_value_, OBJECT),
    CRN_FITTED_ARRAY(binary_classifier, pi_, "rows"),
    CRN_FITTED_ARRAY(binary_classifier, W_sr_, "rows"),
    CRN_FITTED_ARRAY(binary_classifier, L_, "rows, rows"),
    CRN_FIELDS_END,
};

static crn_status check_binary(void *self, crn_error *err)
{
    binary_classifier *gpc = self;
    const crn_array *arrays[] = {&gpc->X_train_, &gpc->y_train_, &gpc->pi_, &gpc->W_sr_,
                                 &gpc->L_};
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++) {
        if (arrays[i]->data == NULL || !crn_dtype_is_number(arrays[i]->dtype))
            return crn_fail(err, CRN_FORMAT, "the training set must hold numbers");
    }
    gpc->base.n_features_in_ = gpc->X_train_.shape[1];
    return CRN_OK;
}

/* K (y_train_ - pi_): (rows). */
static crn_value latent_mean(const binary_classifier *self, crn_graph *graph, crn_value k)
{
    crn_array residual = CRN_ARRAY_INIT;
    if (crn_array_astype(&self->y_train_, CRN_FLOAT64, &residual, &graph->error) != CRN_OK)
        return CRN_NO_VALUE;
    double *at = residual.data;
    for (int64_t i = 0; i < residual.shape[0]; i++)
        at[i] -= crn_array_get(&self->pi_, i);
    residual.shape[1] = residual.shape[0];
    residual.shape[0] = 1;
    residual.ndim = 2;
    residual.strides[1] = sizeof(double);
    residual.strides[0] = residual.shape[1] * (int64_t)sizeof(double);
    crn_value weights = crn_graph_constant(graph, &residual);
    crn_array_free(&residual);
    return crn_reshape(graph, crn_affine(graph, k, weights, true, CRN_NO_VALUE), 0, NULL);
}

static crn_value latent_variance(const binary_classifier *self, crn_graph *graph, crn_value x,
                                 crn_value k)
{
    crn_value v = crn_scale(graph, k, CRN_SCALE_MULTIPLY_ADD,
                            crn_constant_float64(graph, &self->W_sr_), CRN_NO_VALUE);
    v = crn_solve_triangular(graph, v, crn_constant_float64(graph, &self->L_));
    return crn_binary(graph, crn_gp_kernel_diagonal(self->kernel_, graph, x),
                      crn_reduce(graph, v, CRN_REDUCE_SQUARES), CRN_BINARY_SUBTRACT);
}

static crn_value lower_binary(const void *self, crn_method method, crn_graph *graph,
                              crn_value x)
{
    const binary_classifier *gpc = self;
    const int64_t one = 1;
    crn_value k = crn_gp_kernel_matrix(gpc->kernel_, graph, x, &gpc->X_train_);
    crn_value f = latent_mean(gpc, graph, k);
    if (method == CRN_PREDICT)
        return crn_take(graph, crn_graph_constant(graph, &gpc->classes_),
                        crn_step(graph, f, 0.0));
    crn_value p = crn_laplace_probability(graph, f, latent_variance(gpc, graph, x, k));
    p = crn_reshape(graph, p, 1, &one);
    return crn_concat(graph, (crn_value[]){crn_unary(graph, p, CRN_UNARY_COMPLEMENT), p}, 2, 0);
}

static const char *module_in(const char *sklearn)
{
    return crn_version_compare(sklearn, "0.22") < 0 ? "sklearn.gaussian_process.gpc"
                                                    : "sklearn.gaussian_process._gpc";
}

const crn_estimator crn_estimator__BinaryGaussianProcessClassifierLaplace = {
    .name = "_BinaryGaussianProcessClassifierLaplace",
    .module = "sklearn.gaussian_process._gpc",
    .modules = "sklearn.gaussian_process._gpc sklearn.gaussian_process.gpc",
    .size = sizeof(binary_classifier),
    .fields = binary_fields,
    .methods = 1u << CRN_PREDICT | 1u << CRN_PREDICT_PROBA,
    .flags = CRN_PRIVATE | CRN_NEEDS_Y,
    .lower = lower_binary,
    .check = check_binary,
    .module_in = module_in,
};

/* ---- any number of classes ---- */

typedef struct gaussian_process_classifier {
    crn_estimator_base base;
    crn_model *kernel;
    const crn_object *optimizer, *random_state, *n_jobs;
    int64_t n_restarts_optimizer, max_iter_predict, n_classes_;
    bool warm_start, copy_X_train;
    const char *multi_class; /* "one_vs_rest" or "one_vs_one" */
    crn_model *base_estimator_;
    crn_array classes_; /* (n_classes_) */
    const crn_object *log_marginal_likelihood_value_;
} gaussian_process_classifier;

static const crn_field fields[] = {
    CRN_PARAM(gaussian_process_classifier, kernel, MODEL, "None",
              "<sklearn.gaussian_process.kernels.Kernel> | None"),
    CRN_PARAM(gaussian_process_classifier, optimizer, OBJECT, "'fmin_l_bfgs_b'",
              "'fmin_l_bfgs_b' | callable | None"),
    CRN_PARAM(gaussian_process_classifier, n_restarts_optimizer, INT, "0", "int >= 0"),
    CRN_PARAM(gaussian_process_classifier, max_iter_predict, INT, "100", "int >= 1"),
    CRN_PARAM(gaussian_process_classifier, warm_start, BOOL, "False", NULL),
    CRN_PARAM(gaussian_process_classifier, copy_X_train, BOOL, "True", NULL),
    CRN_PARAM(gaussian_process_classifier, random_state, OBJECT, "None", "random_state"),
    CRN_PARAM(gaussian_process_classifier, multi_class, STRING, "'one_vs_rest'",
              "'one_vs_one' | 'one_vs_rest'"),
    CRN_PARAM(gaussian_process_classifier, n_jobs, OBJECT, "None", "int | None"),
    CRN_BASE_FIELDS,
    CRN_FITTED(gaussian_process_classifier, base_estimator_, MODEL),
    CRN_FITTED_ARRAY(gaussian_process_classifier, classes_, "n_classes_"),
    CRN_FITTED(gaussian_process_classifier, n_classes_, INT),
    CRN_FITTED_OPTIONAL(gaussian_process_classifier, log_marginal_likelihood_value_, OBJECT),
    CRN_FIELDS_END,
};

static crn_status check(void *self, crn_error *err)
{
    gaussian_process_classifier *gpc = self;
    if (gpc->base_estimator_ == NULL)
        return crn_fail(err, CRN_FORMAT, "base_estimator_ is missing");
    if (gpc->classes_.ndim != 1 || gpc->n_classes_ < 2)
        return crn_fail(err, CRN_FORMAT, "classes_ is not a list of at least two classes");
    if (gpc->multi_class == NULL)
        return crn_fail(err, CRN_FORMAT, "multi_class is missing");
    const crn_estimator_base *base = crn_model_estimator(gpc->base_estimator_);
    if (gpc->base.n_features_in_ < 0 && base != NULL)
        gpc->base.n_features_in_ = base->n_features_in_;
    return CRN_OK;
}

/* Pairs of classes give votes, not probabilities. */
static bool has_method(const void *self, crn_method method)
{
    const gaussian_process_classifier *gpc = self;
    return method != CRN_PREDICT_PROBA || gpc->n_classes_ == 2 ||
           strcmp(gpc->multi_class, "one_vs_one") != 0;
}

static crn_value lower(const void *self, crn_method method, crn_graph *graph, crn_value x)
{
    const gaussian_process_classifier *gpc = self;
    return crn_sklearn_lower(gpc->base_estimator_, method, graph, x);
}

const crn_estimator crn_estimator_GaussianProcessClassifier = {
    .name = "GaussianProcessClassifier",
    .module = "sklearn.gaussian_process",
    .modules = "sklearn.gaussian_process._gpc sklearn.gaussian_process.gpc",
    .size = sizeof(gaussian_process_classifier),
    .fields = fields,
    .methods = 1u << CRN_PREDICT | 1u << CRN_PREDICT_PROBA,
    .flags = CRN_NEEDS_Y,
    .lower = lower,
    .check = check,
    .has_method = has_method,
};
