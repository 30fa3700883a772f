/* SPDX-License-Identifier: BSD-3-Clause */
/* PowerTransformer, as sklearn/preprocessing/_data.py (1.9): a power of each feature, then a
 * StandardScaler. */
#include <string.h>

#include "ops/features.h"
#include "sklearn/estimator.h"

typedef struct power_transformer {
    crn_estimator_base base;
    const char *method; /* "yeo-johnson" or "box-cox" */
    bool standardize, copy;
    crn_array lambdas_; /* (n_features_in_) */
    crn_model *_scaler; /* with standardize: StandardScaler */
} power_transformer;

static const crn_field fields[] = {
    CRN_PARAM(power_transformer, method, STRING, "'yeo-johnson'", "'box-cox' | 'yeo-johnson'"),
    CRN_PARAM(power_transformer, standardize, BOOL, "True", NULL),
    CRN_PARAM(power_transformer, copy, BOOL, "True", NULL),
    CRN_BASE_FIELDS,
    CRN_FITTED_ARRAY(power_transformer, lambdas_, "n_features_in_"),
    CRN_FITTED_OPTIONAL(power_transformer, _scaler, MODEL),
    CRN_FIELDS_END,
};

static crn_status check(void *self, crn_error *err)
{
    power_transformer *model = self;
    const char *method = model->method;
    if (method == NULL ||
        (strcmp(method, "yeo-johnson") != 0 && strcmp(method, "box-cox") != 0))
        return crn_fail(err, CRN_UNSUPPORTED, "method='%s' is not supported",
                        method != NULL ? method : "None");
    if (model->lambdas_.ndim != 1 || !crn_dtype_is_number(model->lambdas_.dtype))
        return crn_fail(err, CRN_FORMAT, "lambdas_ must hold numbers");
    if (model->base.n_features_in_ < 0)
        model->base.n_features_in_ = model->lambdas_.shape[0];
    if (!model->standardize)
        return CRN_OK;
    const crn_estimator_base *scaler =
        model->_scaler != NULL ? crn_model_estimator(model->_scaler) : NULL;
    if (scaler == NULL || !scaler->fitted ||
        scaler->n_features_in_ != model->base.n_features_in_)
        return crn_fail(err, CRN_FORMAT, "_scaler does not scale %lld features",
                        (long long)model->base.n_features_in_);
    return CRN_OK;
}

static crn_value lower(const void *self, crn_method method, crn_graph *graph, crn_value x)
{
    const power_transformer *model = self;
    const bool box_cox = strcmp(model->method, "box-cox") == 0;
    crn_value lambdas = crn_constant_float64(graph, &model->lambdas_);
    if (method == CRN_INVERSE_TRANSFORM) {
        if (model->standardize)
            x = crn_sklearn_lower(model->_scaler, method, graph, x);
        return crn_power_transform(
            graph, x, box_cox ? CRN_POWER_BOX_COX_INVERSE : CRN_POWER_YEO_JOHNSON_INVERSE,
            lambdas);
    }
    x = crn_power_transform(graph, x, box_cox ? CRN_POWER_BOX_COX : CRN_POWER_YEO_JOHNSON,
                            lambdas);
    return model->standardize ? crn_sklearn_lower(model->_scaler, method, graph, x) : x;
}

const crn_estimator crn_estimator_PowerTransformer = {
    .name = "PowerTransformer",
    .module = "sklearn.preprocessing",
    .modules = "sklearn.preprocessing._data sklearn.preprocessing.data",
    .size = sizeof(power_transformer),
    .fields = fields,
    .methods = 1u << CRN_TRANSFORM | 1u << CRN_INVERSE_TRANSFORM,
    .flags = CRN_ALLOWS_NAN,
    .lower = lower,
    .check = check,
};
