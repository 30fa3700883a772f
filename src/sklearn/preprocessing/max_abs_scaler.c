/* SPDX-License-Identifier: BSD-3-Clause */
/* MaxAbsScaler, as sklearn/preprocessing/_data.py (1.9): X / scale_, then clipped to [-1, 1] if
 * asked (1.8). */
#include "ops/elementwise.h"
#include "sklearn/estimator.h"

typedef struct max_abs_scaler {
    crn_estimator_base base;
    bool copy, clip;
    int64_t n_samples_seen_;
    crn_array max_abs_, scale_; /* (n_features_in_) each */
} max_abs_scaler;

static const crn_field fields[] = {
    CRN_PARAM(max_abs_scaler, copy, BOOL, "True", NULL),
    CRN_PARAM_SINCE(max_abs_scaler, clip, BOOL, "False", NULL, "1.8", NULL),
    CRN_BASE_FIELDS,
    CRN_FITTED(max_abs_scaler, n_samples_seen_, INT),
    CRN_FITTED_ARRAY(max_abs_scaler, max_abs_, "n_features_in_"),
    CRN_FITTED_ARRAY(max_abs_scaler, scale_, "n_features_in_"),
    CRN_FIELDS_END,
};

static crn_status check(void *self, crn_error *err)
{
    max_abs_scaler *scaler = self;
    if (scaler->scale_.ndim != 1 || !crn_dtype_is_number(scaler->scale_.dtype))
        return crn_fail(err, CRN_FORMAT, "scale_ must hold numbers");
    if (scaler->base.n_features_in_ < 0)
        scaler->base.n_features_in_ = scaler->scale_.shape[0];
    return CRN_OK;
}

static crn_value lower(const void *self, crn_method method, crn_graph *graph, crn_value x)
{
    const max_abs_scaler *scaler = self;
    crn_value scale = crn_constant_float64(graph, &scaler->scale_);
    if (method == CRN_INVERSE_TRANSFORM)
        return crn_scale(graph, x, CRN_SCALE_MULTIPLY_ADD, scale, CRN_NO_VALUE);
    if (scaler->clip)
        return crn_scale_clipped(graph, x, CRN_SCALE_DIVIDE_ADD, scale, CRN_NO_VALUE, -1.0,
                                 1.0);
    return crn_scale(graph, x, CRN_SCALE_DIVIDE_ADD, scale, CRN_NO_VALUE);
}

const crn_estimator crn_estimator_MaxAbsScaler = {
    .name = "MaxAbsScaler",
    .module = "sklearn.preprocessing",
    .modules = "sklearn.preprocessing._data sklearn.preprocessing.data",
    .size = sizeof(max_abs_scaler),
    .fields = fields,
    .methods = 1u << CRN_TRANSFORM | 1u << CRN_INVERSE_TRANSFORM,
    .flags = CRN_ALLOWS_NAN,
    .lower = lower,
    .check = check,
};
