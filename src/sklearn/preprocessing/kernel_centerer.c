/* SPDX-License-Identifier: BSD-3-Clause */
/* KernelCenterer, as sklearn/preprocessing/_data.py (1.9): K less the means of its row and of
 * the training kernel's columns, plus that of the whole training kernel. */
#include "sklearn/preprocessing/kernel_centerer.h"

#include "ops/elementwise.h"
#include "ops/rows.h"

typedef struct kernel_centerer {
    crn_estimator_base base;
    crn_array K_fit_rows_; /* (columns): means of the training kernel's columns */
    double K_fit_all_;     /* its mean */
} kernel_centerer;

static const crn_field fields[] = {
    CRN_BASE_FIELDS,
    CRN_FITTED_ARRAY(kernel_centerer, K_fit_rows_, "n_features_in_"),
    CRN_FITTED(kernel_centerer, K_fit_all_, REAL),
    CRN_FIELDS_END,
};

static crn_status check(void *self, crn_error *err)
{
    kernel_centerer *centerer = self;
    if (centerer->K_fit_rows_.ndim != 1 || !crn_dtype_is_number(centerer->K_fit_rows_.dtype))
        return crn_fail(err, CRN_FORMAT, "K_fit_rows_ must hold numbers");
    if (centerer->base.n_features_in_ < 0)
        centerer->base.n_features_in_ = centerer->K_fit_rows_.shape[0];
    return CRN_OK;
}

static crn_value lower(const void *self, crn_method method, crn_graph *graph, crn_value x)
{
    (void)method;
    const kernel_centerer *centerer = self;
    const int64_t columns = centerer->K_fit_rows_.shape[0], one = 1;
    crn_value count = crn_graph_scalar(graph, (double)columns);
    crn_value all = crn_graph_scalar(graph, centerer->K_fit_all_);
    crn_value mean = crn_reshape(graph, crn_reduce(graph, x, CRN_REDUCE_SUM), 1, &one);
    mean = crn_binary(graph, mean, count, CRN_BINARY_DIVIDE);
    x = crn_binary(graph, x, crn_constant_float64(graph, &centerer->K_fit_rows_),
                   CRN_BINARY_SUBTRACT);
    x = crn_binary(graph, x, mean, CRN_BINARY_SUBTRACT);
    return crn_binary(graph, x, all, CRN_BINARY_ADD);
}

const crn_estimator crn_estimator_KernelCenterer = {
    .name = "KernelCenterer",
    .module = "sklearn.preprocessing",
    .modules = "sklearn.preprocessing._data sklearn.preprocessing.data",
    .size = sizeof(kernel_centerer),
    .fields = fields,
    .methods = 1u << CRN_TRANSFORM,
    .lower = lower,
    .check = check,
};

int64_t crn_kernel_centerer_width(const crn_model *model)
{
    const crn_estimator_base *base = model != NULL ? crn_model_estimator(model) : NULL;
    if (base == NULL || base->type != &crn_estimator_KernelCenterer || !base->fitted)
        return -1;
    return base->n_features_in_;
}
