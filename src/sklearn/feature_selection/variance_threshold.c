/* SPDX-License-Identifier: BSD-3-Clause */
/* VarianceThreshold, as sklearn/feature_selection/_variance_threshold.py (1.9), and the files
 * of versions back to 0.20. */
#include "sklearn/feature_selection/selector.h"

typedef struct variance_threshold {
    crn_selector selector;
    double threshold;
    crn_array variances_; /* (n_features_in_) */
} variance_threshold;

static const crn_field fields[] = {
    CRN_PARAM(variance_threshold, threshold, REAL, "0.0", ">= 0"),
    CRN_BASE_FIELDS,
    CRN_FITTED_ARRAY(variance_threshold, variances_, NULL),
    CRN_FIELDS_END,
};

static crn_status check(void *self, crn_error *err)
{
    variance_threshold *model = self;
    const crn_array *variances = &model->variances_;
    if (variances->ndim != 1 || !crn_dtype_is_number(variances->dtype))
        return crn_fail(err, CRN_FORMAT, "variances_ is not a number for each feature");
    CRN_TRY(crn_selector_create(&model->selector, variances->shape[0], err));
    for (int64_t j = 0; j < variances->shape[0]; j++)
        model->selector.support[j] = crn_array_get(variances, j) > model->threshold;
    crn_selector_count(&model->selector);
    return CRN_OK;
}

const crn_estimator crn_estimator_VarianceThreshold = {
    .name = "VarianceThreshold",
    .module = "sklearn.feature_selection",
    .modules = "sklearn.feature_selection._variance_threshold "
               "sklearn.feature_selection.variance_threshold",
    .size = sizeof(variance_threshold),
    .fields = fields,
    .methods = 1u << CRN_TRANSFORM | 1u << CRN_INVERSE_TRANSFORM,
    .flags = CRN_ALLOWS_NAN,
    .lower = crn_selector_lower,
    .check = check,
    .input_width = crn_selector_input_width,
    .release = crn_selector_release,
};
