/* SPDX-License-Identifier: BSD-3-Clause */
/* PLSRegression, PLSCanonical, CCA and PLSSVD, as sklearn/cross_decomposition/_pls.py (1.9),
 * and files back to 0.20: of X alone. */
#include "ops/affine.h"
#include "ops/elementwise.h"
#include "ops/rows.h"
#include "sklearn/cross_decomposition/pls.h"

/* Until 0.23 without the underscore in front, and with one behind. */
#define RENAMED(member, old)                                                                   \
    {                                                                                          \
        .name = #member, .type = CRN_FIELD_ARRAY, .flags = CRN_FIELD_FITTED,                   \
        .offset = offsetof(crn_pls, member), .since = "0.24", .old_names = old                 \
    }

/* clang-format off */
#define SHARED_FIELDS                                                                         \
    CRN_BASE_FIELDS,                                                                          \
    RENAMED(_x_mean, "x_mean_"),                                                              \
    RENAMED(_y_mean, "y_mean_"),                                                              \
    RENAMED(_x_std, "x_std_"),                                                                \
    CRN_FITTED_ARRAY(crn_pls, x_weights_, NULL)

/* coef_ is written by crn_pls_write. */
#define COEF_FIELDS                                                                           \
    CRN_FITTED_ARRAY(crn_pls, x_loadings_, NULL),                                             \
    CRN_FITTED_ARRAY(crn_pls, x_rotations_, NULL),                                            \
    {.name = "coef_", .type = CRN_FIELD_ARRAY,                                                \
     .flags = CRN_FIELD_FITTED | CRN_FIELD_OPTIONAL | CRN_FIELD_UNWRITTEN,                    \
     .offset = offsetof(crn_pls, coef_)},                                                     \
    {.name = "_coef_", .type = CRN_FIELD_ARRAY,                                               \
     .flags = CRN_FIELD_FITTED | CRN_FIELD_OPTIONAL | CRN_FIELD_UNWRITTEN,                    \
     .offset = offsetof(crn_pls, _coef_)},                                                    \
    {.name = "_predict_1d", .type = CRN_FIELD_BOOL, .dflt = "False",                          \
     .flags = CRN_FIELD_FITTED | CRN_FIELD_OPTIONAL | CRN_FIELD_UNWRITTEN,                    \
     .offset = offsetof(crn_pls, _predict_1d)}
/* clang-format on */

static const crn_field pls_regression[] = {
    CRN_PARAM(crn_pls, n_components, OBJECT, "2", "int >= 1"),
    CRN_PARAM(crn_pls, scale, OBJECT, "True", "bool"),
    CRN_PARAM(crn_pls, max_iter, OBJECT, "500", "int >= 1"),
    CRN_PARAM(crn_pls, tol, OBJECT, "1e-06", "real >= 0"),
    CRN_PARAM(crn_pls, copy, OBJECT, "True", "bool"),
    SHARED_FIELDS,
    COEF_FIELDS,
    CRN_FIELDS_END,
};

static const crn_field pls_canonical[] = {
    CRN_PARAM(crn_pls, n_components, OBJECT, "2", "int >= 1"),
    CRN_PARAM(crn_pls, scale, OBJECT, "True", "bool"),
    CRN_PARAM(crn_pls, algorithm, OBJECT, "'nipals'", "'nipals' | 'svd'"),
    CRN_PARAM(crn_pls, max_iter, OBJECT, "500", "int >= 1"),
    CRN_PARAM(crn_pls, tol, OBJECT, "1e-06", "real >= 0"),
    CRN_PARAM(crn_pls, copy, OBJECT, "True", "bool"),
    SHARED_FIELDS,
    COEF_FIELDS,
    CRN_FIELDS_END,
};

static const crn_field cca[] = {
    CRN_PARAM(crn_pls, n_components, OBJECT, "2", "int >= 1"),
    CRN_PARAM(crn_pls, scale, OBJECT, "True", "bool"),
    CRN_PARAM(crn_pls, max_iter, OBJECT, "500", "int >= 1"),
    CRN_PARAM(crn_pls, tol, OBJECT, "1e-06", "real >= 0"),
    CRN_PARAM(crn_pls, copy, OBJECT, "True", "bool"),
    SHARED_FIELDS,
    COEF_FIELDS,
    CRN_FIELDS_END,
};

static const crn_field pls_svd[] = {
    CRN_PARAM(crn_pls, n_components, OBJECT, "2", "int >= 1"),
    CRN_PARAM(crn_pls, scale, OBJECT, "True", "bool"),
    CRN_PARAM(crn_pls, copy, OBJECT, "True", "bool"),
    SHARED_FIELDS,
    CRN_FIELDS_END,
};

/* ---- what was read ---- */

static bool is_svd(const crn_pls *self)
{
    return self->base.type == &crn_estimator_PLSSVD;
}

/* A matrix of numbers; -1: any length. */
static crn_status check_matrix(const char *name, const crn_array *array, int64_t rows,
                               int64_t columns, crn_error *err)
{
    if (array->data == NULL || array->ndim != 2 || array->shape[0] < 1 || array->shape[1] < 1 ||
        (rows >= 0 && array->shape[0] != rows) ||
        (columns >= 0 && array->shape[1] != columns) || !crn_dtype_is_number(array->dtype))
        return crn_fail(err, CRN_FORMAT, "%s is not a matrix of the shape that it must have",
                        name);
    return CRN_OK;
}

static crn_status check_vector(const char *name, const crn_array *array, int64_t length,
                               crn_error *err)
{
    if (array->data == NULL || array->ndim != 1 || array->shape[0] != length ||
        !crn_dtype_is_number(array->dtype))
        return crn_fail(err, CRN_FORMAT, "%s does not have %lld numbers", name,
                        (long long)length);
    return CRN_OK;
}

const crn_array *crn_pls_coef(const crn_pls *self)
{
    return self->_coef_.data != NULL ? &self->_coef_ : &self->coef_;
}

bool crn_pls_coef_is_transposed(const crn_pls *self)
{
    const char *version = self->base.sklearn_version;
    return version == NULL || crn_version_compare(version, "1.1") >= 0;
}

bool crn_pls_coef_is_scaled(const crn_pls *self)
{
    const char *version = self->base.sklearn_version;
    return version != NULL && crn_version_compare(version, "1.5") < 0;
}

static crn_status check_coef(const crn_pls *self, crn_error *err)
{
    const int64_t features = self->base.n_features_in_;
    const bool transposed = crn_pls_coef_is_transposed(self);
    const crn_array *coef = crn_pls_coef(self);
    CRN_TRY(check_matrix("coef_", coef, transposed ? -1 : features, transposed ? features : -1,
                         err));
    const int64_t targets = coef->shape[transposed ? 0 : 1];
    return check_vector("_y_mean", &self->_y_mean, targets, err);
}

static crn_status check(void *self, crn_error *err)
{
    crn_pls *model = self;
    const crn_array *weights = is_svd(model) ? &model->x_weights_ : &model->x_rotations_;
    CRN_TRY(check_matrix("x_rotations_", weights, -1, -1, err));
    if (model->base.n_features_in_ < 0)
        model->base.n_features_in_ = weights->shape[0];
    const int64_t features = model->base.n_features_in_;
    CRN_TRY(check_matrix("x_rotations_", weights, features, -1, err));
    CRN_TRY(check_vector("_x_mean", &model->_x_mean, features, err));
    CRN_TRY(check_vector("_x_std", &model->_x_std, features, err));
    if (is_svd(model))
        return CRN_OK;
    CRN_TRY(check_matrix("x_loadings_", &model->x_loadings_, features, weights->shape[1], err));
    return check_coef(model, err);
}

/* ---- operations ---- */

static crn_value standardized(const crn_pls *self, crn_graph *graph, crn_value x, bool scaled)
{
    return crn_scale(graph, x, CRN_SCALE_SUBTRACT_DIVIDE,
                     crn_constant_float64(graph, &self->_x_mean),
                     scaled ? crn_constant_float64(graph, &self->_x_std) : CRN_NO_VALUE);
}

static crn_value predict(const crn_pls *self, crn_graph *graph, crn_value x)
{
    const crn_value y = crn_affine(
        graph, standardized(self, graph, x, crn_pls_coef_is_scaled(self)),
        crn_constant_float64(graph, crn_pls_coef(self)), crn_pls_coef_is_transposed(self),
        crn_constant_float64(graph, &self->_y_mean));
    return self->_predict_1d && self->_y_mean.shape[0] == 1 ? crn_reshape(graph, y, 0, NULL)
                                                            : y;
}

static crn_value inverse(const crn_pls *self, crn_graph *graph, crn_value scores)
{
    crn_value x = crn_affine(graph, scores, crn_constant_float64(graph, &self->x_loadings_),
                             true, CRN_NO_VALUE);
    return crn_scale(graph, x, CRN_SCALE_MULTIPLY_ADD,
                     crn_constant_float64(graph, &self->_x_std),
                     crn_constant_float64(graph, &self->_x_mean));
}

static crn_value lower(const void *self, crn_method method, crn_graph *graph, crn_value x)
{
    const crn_pls *model = self;
    if (method == CRN_PREDICT)
        return predict(model, graph, x);
    if (method == CRN_INVERSE_TRANSFORM)
        return inverse(model, graph, x);
    return crn_affine(
        graph, standardized(model, graph, x, true),
        crn_constant_float64(graph, is_svd(model) ? &model->x_weights_ : &model->x_rotations_),
        false, CRN_NO_VALUE);
}

static int64_t input_width(const void *self, crn_method method)
{
    const crn_pls *model = self;
    return method == CRN_INVERSE_TRANSFORM ? model->x_loadings_.shape[1]
                                           : model->base.n_features_in_;
}

#define PLS                                                                                    \
    .module = "sklearn.cross_decomposition", .size = sizeof(crn_pls), .flags = CRN_NEEDS_Y,    \
    .lower = lower, .check = check, .input_width = input_width, .write = crn_pls_write

#define PLS_WITH_COEF                                                                          \
    .methods = 1u << CRN_PREDICT | 1u << CRN_TRANSFORM | 1u << CRN_INVERSE_TRANSFORM, PLS

const crn_estimator crn_estimator_PLSRegression = {
    .name = "PLSRegression",
    .modules = "sklearn.cross_decomposition._pls sklearn.cross_decomposition.pls_",
    .fields = pls_regression,
    PLS_WITH_COEF,
};

const crn_estimator crn_estimator_PLSCanonical = {
    .name = "PLSCanonical",
    .modules = "sklearn.cross_decomposition._pls sklearn.cross_decomposition.pls_",
    .fields = pls_canonical,
    PLS_WITH_COEF,
};

const crn_estimator crn_estimator_CCA = {
    .name = "CCA",
    .modules = "sklearn.cross_decomposition._pls sklearn.cross_decomposition._cca "
               "sklearn.cross_decomposition.cca_",
    .fields = cca,
    PLS_WITH_COEF,
};

const crn_estimator crn_estimator_PLSSVD = {
    .name = "PLSSVD",
    .modules = "sklearn.cross_decomposition._pls sklearn.cross_decomposition.pls_",
    .fields = pls_svd,
    .methods = 1u << CRN_TRANSFORM,
    PLS,
};
