/* SPDX-License-Identifier: BSD-3-Clause */
/* RobustScaler, as sklearn/preprocessing/_data.py (1.9): (X - center_) / scale_, the median and
 * the range between two quantiles. */
#include "ops/elementwise.h"
#include "sklearn/estimator.h"

typedef struct robust_scaler {
    crn_estimator_base base;
    bool with_centering, with_scaling, copy, unit_variance;
    const crn_object *quantile_range; /* (low, high), in percent */
    crn_array center_;                /* (n_features_in_); none without with_centering */
    crn_array scale_;                 /* (n_features_in_); none without with_scaling */
} robust_scaler;

static const crn_field fields[] = {
    CRN_PARAM(robust_scaler, with_centering, BOOL, "True", NULL),
    CRN_PARAM(robust_scaler, with_scaling, BOOL, "True", NULL),
    CRN_PARAM(robust_scaler, quantile_range, OBJECT, "(25.0, 75.0)", "tuple"),
    CRN_PARAM(robust_scaler, copy, BOOL, "True", NULL),
    CRN_PARAM_SINCE(robust_scaler, unit_variance, BOOL, "False", NULL, "0.24", NULL),
    CRN_BASE_FIELDS,
    CRN_FITTED_ARRAY_OR_NONE(robust_scaler, center_, "n_features_in_"),
    CRN_FITTED_ARRAY_OR_NONE(robust_scaler, scale_, "n_features_in_"),
    CRN_FIELDS_END,
};

static bool is_numbers(const crn_array *array)
{
    return array->data == NULL || crn_dtype_is_number(array->dtype);
}

static crn_status check(void *self, crn_error *err)
{
    robust_scaler *scaler = self;
    const crn_array *center = &scaler->center_, *scale = &scaler->scale_;
    if (scaler->with_centering && center->data == NULL)
        return crn_fail(err, CRN_FORMAT, "with_centering is True but center_ is None");
    if (scaler->with_scaling && scale->data == NULL)
        return crn_fail(err, CRN_FORMAT, "with_scaling is True but scale_ is None");
    if (!is_numbers(center) || !is_numbers(scale))
        return crn_fail(err, CRN_FORMAT, "center_ and scale_ must hold numbers");
    const crn_array *any = center->data != NULL ? center : scale;
    if (scaler->base.n_features_in_ < 0 && any->data != NULL)
        scaler->base.n_features_in_ = any->shape[0];
    return CRN_OK;
}

static crn_value lower(const void *self, crn_method method, crn_graph *graph, crn_value x)
{
    const robust_scaler *scaler = self;
    crn_value center =
        scaler->with_centering ? crn_constant_float64(graph, &scaler->center_) : CRN_NO_VALUE;
    crn_value scale =
        scaler->with_scaling ? crn_constant_float64(graph, &scaler->scale_) : CRN_NO_VALUE;
    if (method == CRN_INVERSE_TRANSFORM)
        return crn_scale(graph, x, CRN_SCALE_MULTIPLY_ADD, scale, center);
    return crn_scale(graph, x, CRN_SCALE_SUBTRACT_DIVIDE, center, scale);
}

const crn_estimator crn_estimator_RobustScaler = {
    .name = "RobustScaler",
    .module = "sklearn.preprocessing",
    .modules = "sklearn.preprocessing._data sklearn.preprocessing.data",
    .size = sizeof(robust_scaler),
    .fields = fields,
    .methods = 1u << CRN_TRANSFORM | 1u << CRN_INVERSE_TRANSFORM,
    .flags = CRN_ALLOWS_NAN,
    .lower = lower,
    .check = check,
};
