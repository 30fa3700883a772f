/* SPDX-License-Identifier: BSD-3-Clause */
/* GaussianProcessRegressor, as sklearn/gaussian_process/_gpr.py (1.9): algorithm 2.1 of C.
 * Rasmussen and C. Williams, "Gaussian Processes for Machine Learning" (2006), lines 4 to 6. */
#include "ops/affine.h"
#include "ops/elementwise.h"
#include "ops/gaussian_process.h"
#include "ops/rows.h"
#include "sklearn/gaussian_process/kernels.h"
#include "sklearn/metrics/pairwise.h"

typedef struct gaussian_process_regressor {
    crn_estimator_base base;
    crn_model *kernel;
    const crn_object *alpha, *optimizer, *n_targets, *random_state;
    int64_t n_restarts_optimizer;
    bool normalize_y, copy_X_train;
    crn_model *kernel_;
    crn_array _y_train_mean,
        _y_train_std;   /* a number, (1) or (targets); 0.22: no _y_train_std */
    crn_array X_train_; /* (rows, n_features_in_) */
    crn_array y_train_; /* (rows) or (rows, targets), normalised */
    const crn_object *log_marginal_likelihood_value_;
    crn_array L_;     /* (rows, rows): lower Cholesky factor of the training kernel */
    crn_array alpha_; /* (rows) or (rows, targets) */
} gaussian_process_regressor;

static const crn_field fields[] = {
    CRN_PARAM(gaussian_process_regressor, kernel, MODEL, "None",
              "None | <sklearn.gaussian_process.kernels.Kernel>"),
    CRN_PARAM(gaussian_process_regressor, alpha, OBJECT, "1e-10",
              "real >= 0 | <numpy.ndarray>"),
    CRN_PARAM(gaussian_process_regressor, optimizer, OBJECT, "'fmin_l_bfgs_b'",
              "'fmin_l_bfgs_b' | callable | None"),
    CRN_PARAM(gaussian_process_regressor, n_restarts_optimizer, INT, "0", "int >= 0"),
    CRN_PARAM(gaussian_process_regressor, normalize_y, BOOL, "False", NULL),
    CRN_PARAM(gaussian_process_regressor, copy_X_train, BOOL, "True", NULL),
    CRN_PARAM_SINCE(gaussian_process_regressor, n_targets, OBJECT, "None", "int >= 1 | None",
                    "1.3", NULL),
    CRN_PARAM(gaussian_process_regressor, random_state, OBJECT, "None", "random_state"),
    CRN_BASE_FIELDS,
    CRN_FITTED(gaussian_process_regressor, kernel_, MODEL),
    CRN_FITTED_ARRAY(gaussian_process_regressor, _y_train_mean, NULL),
    CRN_FITTED_ARRAY_OPTIONAL(gaussian_process_regressor, _y_train_std, NULL),
    CRN_FITTED_ARRAY(gaussian_process_regressor, X_train_, "rows, n_features_in_"),
    CRN_FITTED_ARRAY(gaussian_process_regressor, y_train_, NULL),
    CRN_FITTED_OPTIONAL(gaussian_process_regressor, log_marginal_likelihood_value_, OBJECT),
    CRN_FITTED_ARRAY(gaussian_process_regressor, L_, "rows, rows"),
    CRN_FITTED_ARRAY(gaussian_process_regressor, alpha_, NULL),
    CRN_FIELDS_END,
};

static int64_t target_count(const gaussian_process_regressor *self)
{
    return self->alpha_.ndim == 2 ? self->alpha_.shape[1] : 1;
}

/* One number for all targets, or one for each. */
static bool fits_targets(const crn_array *array, int64_t targets)
{
    const int64_t size = crn_array_size(array);
    return array->ndim <= 1 && (size == 1 || size == targets) &&
           crn_dtype_is_number(array->dtype);
}

static crn_status check(void *self, crn_error *err)
{
    gaussian_process_regressor *gpr = self;
    const int64_t rows = gpr->X_train_.shape[0], targets = target_count(gpr);
    if (!crn_dtype_is_number(gpr->X_train_.dtype) || !crn_dtype_is_number(gpr->L_.dtype))
        return crn_fail(err, CRN_FORMAT, "X_train_ and L_ must hold numbers");
    if (gpr->alpha_.ndim < 1 || gpr->alpha_.ndim > 2 || gpr->alpha_.shape[0] != rows ||
        !crn_dtype_is_number(gpr->alpha_.dtype))
        return crn_fail(err, CRN_FORMAT, "alpha_ does not fit X_train_");
    if (gpr->_y_train_mean.data == NULL || !fits_targets(&gpr->_y_train_mean, targets) ||
        (gpr->_y_train_std.data != NULL && !fits_targets(&gpr->_y_train_std, targets)))
        return crn_fail(err, CRN_FORMAT, "_y_train_mean and _y_train_std do not fit alpha_");
    if (gpr->base.n_features_in_ < 0)
        gpr->base.n_features_in_ = gpr->X_train_.shape[1];
    return CRN_OK;
}

/* (targets), or one number as a scalar. */
static crn_value of_targets(crn_graph *graph, const crn_array *array)
{
    return crn_array_size(array) == 1 ? crn_graph_scalar(graph, crn_array_get(array, 0))
                                      : crn_constant_float64(graph, array);
}

/* K alpha_ in the units of y: (rows), or (rows, targets). */
static crn_value mean(const gaussian_process_regressor *self, crn_graph *graph, crn_value k)
{
    const crn_array turned = crn_array_turned(&self->alpha_);
    crn_value weights = crn_constant_copy(graph, &turned);
    crn_value y = crn_affine(graph, k, weights, true, CRN_NO_VALUE);
    const char *version = self->base.sklearn_version;
    const bool keeps_column =
        self->alpha_.ndim == 2 && version != NULL && crn_version_compare(version, "1.1") < 0;
    if (target_count(self) == 1 && !keeps_column)
        y = crn_reshape(graph, y, 0, NULL);
    if (self->_y_train_std.data != NULL)
        y = crn_binary(graph, y, of_targets(graph, &self->_y_train_std), CRN_BINARY_MULTIPLY);
    return crn_binary(graph, y, of_targets(graph, &self->_y_train_mean), CRN_BINARY_ADD);
}

/* The root of what the kernel's diagonal leaves when the training set has explained its part.
 */
static crn_value deviation(const gaussian_process_regressor *self, crn_graph *graph,
                           crn_value x, crn_value k)
{
    crn_value v = crn_solve_triangular(graph, k, crn_constant_float64(graph, &self->L_));
    crn_value variance =
        crn_binary(graph, crn_gp_kernel_diagonal(self->kernel_, graph, x),
                   crn_reduce(graph, v, CRN_REDUCE_SQUARES), CRN_BINARY_SUBTRACT);
    variance = crn_binary(graph, variance, crn_graph_scalar(graph, 0.0), CRN_BINARY_MAXIMUM);
    if (self->_y_train_std.data == NULL)
        return crn_unary(graph, variance, CRN_UNARY_SQRT);
    crn_value scale = of_targets(graph, &self->_y_train_std);
    if (crn_array_size(&self->_y_train_std) > 1)
        variance = crn_reshape(graph, variance, 1, &(const int64_t){1});
    scale = crn_binary(graph, scale, scale, CRN_BINARY_MULTIPLY);
    return crn_unary(graph, crn_binary(graph, variance, scale, CRN_BINARY_MULTIPLY),
                     CRN_UNARY_SQRT);
}

static int lower_many(const void *self, crn_method method, crn_graph *graph, crn_value x,
                      crn_value *out)
{
    const gaussian_process_regressor *gpr = self;
    crn_value k = crn_gp_kernel_matrix(gpr->kernel_, graph, x, &gpr->X_train_);
    out[0] = mean(gpr, graph, k);
    if (method == CRN_PREDICT_STD)
        out[1] = deviation(gpr, graph, x, k);
    if (graph->error.code != CRN_OK)
        return -1;
    return method == CRN_PREDICT_STD ? 2 : 1;
}

static bool is_scaled(const gaussian_process_regressor *self)
{
    const crn_array *std = &self->_y_train_std;
    for (int64_t i = 0; std->data != NULL && i < crn_array_size(std); i++) {
        if (crn_array_get(std, i) != 1.0)
            return true;
    }
    return false;
}

/* From 0.23 on _y_train_std must be there, before 0.24 _K_inv, which is made when it is None.
 */
static crn_status write(const void *self, crn_document *document, crn_object *state,
                        const char *sklearn, crn_error *err)
{
    const gaussian_process_regressor *gpr = self;
    bool ok = true;
    if (!gpr->base.fitted)
        return CRN_OK;
    if (crn_version_compare(sklearn, "0.23") < 0 && is_scaled(gpr))
        return crn_fail(err, CRN_UNSUPPORTED,
                        "scikit-learn %s does not scale by _y_train_std, which came with 0.23",
                        sklearn);
    if (gpr->_y_train_std.data == NULL && crn_version_compare(sklearn, "0.23") >= 0) {
        const double one = 1.0;
        const crn_array ones = crn_array_view_1d(&one, CRN_FLOAT64, 1);
        ok = crn_object_set(document, state, "_y_train_std", crn_object_array(document, &ones));
    }
    if (ok && crn_version_compare(sklearn, "1.0") < 0)
        ok = crn_object_set(document, state, "_K_inv", crn_object_none(document));
    return ok ? CRN_OK : crn_arena_fail(document->arena, err);
}

const crn_estimator crn_estimator_GaussianProcessRegressor = {
    .name = "GaussianProcessRegressor",
    .module = "sklearn.gaussian_process",
    .modules = "sklearn.gaussian_process._gpr sklearn.gaussian_process.gpr",
    .size = sizeof(gaussian_process_regressor),
    .fields = fields,
    .methods = 1u << CRN_PREDICT | 1u << CRN_PREDICT_STD,
    .flags = CRN_NEEDS_Y,
    .lower_many = lower_many,
    .check = check,
    .write = write,
};
