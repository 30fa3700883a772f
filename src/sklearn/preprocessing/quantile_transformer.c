/* SPDX-License-Identifier: BSD-3-Clause */
/* QuantileTransformer, as sklearn/preprocessing/_data.py (1.9). */
#include <string.h>

#include "ops/features.h"
#include "sklearn/estimator.h"

typedef struct quantile_transformer {
    crn_estimator_base base;
    int64_t n_quantiles;
    const char *output_distribution; /* "uniform" or "normal" */
    bool ignore_implicit_zeros, copy;
    const crn_object *subsample, *random_state;
    int64_t n_quantiles_;  /* what is left of n_quantiles when there are fewer rows */
    crn_array references_; /* (quantiles): from 0 to 1 */
    crn_array quantiles_;  /* (quantiles, n_features_in_) */
} quantile_transformer;

static const crn_field fields[] = {
    CRN_PARAM(quantile_transformer, n_quantiles, INT, "1000", "int >= 1"),
    CRN_PARAM(quantile_transformer, output_distribution, STRING, "'uniform'",
              "'normal' | 'uniform'"),
    CRN_PARAM(quantile_transformer, ignore_implicit_zeros, BOOL, "False", NULL),
    CRN_PARAM(quantile_transformer, subsample, OBJECT, "10000", "int >= 1 | None"),
    CRN_PARAM(quantile_transformer, random_state, OBJECT, "None", "random_state"),
    CRN_PARAM(quantile_transformer, copy, BOOL, "True", NULL),
    CRN_BASE_FIELDS,
    {.name = "n_quantiles_",
     .type = CRN_FIELD_INT,
     .flags = CRN_FIELD_FITTED | CRN_FIELD_OPTIONAL,
     .offset = offsetof(quantile_transformer, n_quantiles_),
     .dflt = "-1"},
    CRN_FITTED_ARRAY(quantile_transformer, references_, "quantiles"),
    CRN_FITTED_ARRAY(quantile_transformer, quantiles_, "quantiles, n_features_in_"),
    CRN_FIELDS_END,
};

static crn_status check(void *self, crn_error *err)
{
    quantile_transformer *model = self;
    const char *output = model->output_distribution;
    if (output == NULL || (strcmp(output, "uniform") != 0 && strcmp(output, "normal") != 0))
        return crn_fail(err, CRN_UNSUPPORTED, "output_distribution='%s' is not supported",
                        output != NULL ? output : "None");
    if (!crn_dtype_is_number(model->references_.dtype) ||
        !crn_dtype_is_number(model->quantiles_.dtype) || model->references_.shape[0] < 1)
        return crn_fail(err, CRN_FORMAT, "quantiles_ and references_ must hold numbers");
    if (model->base.n_features_in_ < 0)
        model->base.n_features_in_ = model->quantiles_.shape[1];
    model->n_quantiles_ = model->quantiles_.shape[0];
    return CRN_OK;
}

static crn_value lower(const void *self, crn_method method, crn_graph *graph, crn_value x)
{
    const quantile_transformer *model = self;
    const char *version = model->base.sklearn_version;
    const bool normal = strcmp(model->output_distribution, "normal") == 0;
    const crn_quantile_map map = {.inverse = method == CRN_INVERSE_TRANSFORM,
                                  .normal = normal,
                                  .is_clipped = !normal && version != NULL &&
                                                crn_version_compare(version, "0.21") < 0};
    return crn_quantile_transform(graph, x, &map,
                                  crn_constant_float64(graph, &model->quantiles_),
                                  crn_constant_float64(graph, &model->references_));
}

const crn_estimator crn_estimator_QuantileTransformer = {
    .name = "QuantileTransformer",
    .module = "sklearn.preprocessing",
    .modules = "sklearn.preprocessing._data sklearn.preprocessing.data",
    .size = sizeof(quantile_transformer),
    .fields = fields,
    .methods = 1u << CRN_TRANSFORM | 1u << CRN_INVERSE_TRANSFORM,
    .flags = CRN_ALLOWS_NAN,
    .lower = lower,
    .check = check,
};
