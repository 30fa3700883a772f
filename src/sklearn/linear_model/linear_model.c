/* SPDX-License-Identifier: BSD-3-Clause */
/* Linear regressors: sklearn/linear_model/_base.py (1.9), LinearModel._decision_function. */
#include "sklearn/linear_model/linear_model.h"

#include "ops/affine.h"
#include "ops/elementwise.h"
#include "ops/rows.h"

/* ---- what was read ---- */

crn_status crn_linear_check(crn_estimator_base *base, const crn_array *coef,
                            const crn_array *intercept, crn_error *err)
{
    if (!crn_dtype_is_number(coef->dtype) || !crn_dtype_is_number(intercept->dtype))
        return crn_fail(err, CRN_FORMAT, "coef_ and intercept_ must hold numbers");
    if (coef->ndim < 1 || coef->ndim > 2 || crn_array_size(coef) < 1)
        return crn_fail(err, CRN_FORMAT, "coef_ is neither a vector nor a matrix");
    const int64_t features = coef->shape[coef->ndim - 1];
    const int64_t targets = coef->ndim == 2 ? coef->shape[0] : 1;
    if (base->n_features_in_ < 0)
        base->n_features_in_ = features;
    if (features != base->n_features_in_)
        return crn_fail(err, CRN_FORMAT, "coef_ is for %lld features, expected %lld",
                        (long long)features, (long long)base->n_features_in_);
    const int64_t intercepts = intercept->data != NULL ? crn_array_size(intercept) : 0;
    if (intercept->ndim > 1 || (intercepts != 1 && intercepts != targets))
        return crn_fail(err, CRN_FORMAT, "intercept_ does not have %lld elements",
                        (long long)targets);
    return CRN_OK;
}

crn_status crn_linear_model_check(void *self, crn_error *err)
{
    crn_linear_model *model = self;
    return crn_linear_check(&model->base, &model->coef_, &model->intercept_, err);
}

/* ---- operations ---- */

crn_array crn_linear_as_matrix(const crn_array *array)
{
    crn_array matrix = *array;
    if (array->ndim == 1) {
        matrix.ndim = 2;
        matrix.shape[0] = 1;
        matrix.shape[1] = array->shape[0];
        matrix.strides[1] = array->strides[0];
        matrix.strides[0] = array->strides[0] * array->shape[0];
    }
    return matrix;
}

crn_value crn_linear_scores(crn_graph *graph, crn_value x, const crn_array *coef,
                            const crn_array *intercept)
{
    const crn_array matrix = crn_linear_as_matrix(coef);
    const bool one_each = intercept->ndim == 1 && intercept->shape[0] == matrix.shape[0];
    crn_value bias = one_each ? crn_constant_float64(graph, intercept) : CRN_NO_VALUE;
    x = crn_affine(graph, x, crn_constant_float64(graph, &matrix), true, bias);
    const double shift = one_each ? 0.0 : crn_array_get(intercept, 0);
    if (shift != 0.0)
        x = crn_binary(graph, x, crn_graph_numbers(graph, CRN_FLOAT64, &shift, 1, 0),
                       CRN_BINARY_ADD);
    return coef->ndim == 1 ? crn_reshape(graph, x, 0, NULL) : x;
}

crn_value crn_linear_model_lower(const void *self, crn_method method, crn_graph *graph,
                                 crn_value x)
{
    const crn_linear_model *model = self;
    (void)method;
    return crn_linear_scores(graph, x, &model->coef_, &model->intercept_);
}

/* ---- other versions ---- */

crn_status crn_linear_model_write(const void *self, crn_document *document, crn_object *state,
                                  const char *sklearn, crn_error *err)
{
    (void)self;
    if (crn_version_compare(sklearn, "1.0") >= 0 ||
        !crn_object_is_str(crn_object_get(state, "normalize"), "deprecated"))
        return CRN_OK;
    return crn_object_set(document, state, "normalize", crn_object_bool(document, false))
               ? CRN_OK
               : crn_arena_fail(document->arena, err);
}
