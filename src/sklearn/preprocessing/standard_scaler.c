/* SPDX-License-Identifier: BSD-3-Clause */
/* StandardScaler, as sklearn/preprocessing/_data.py (1.9) defines it: z = (x - mean) / scale.
 */
#include <math.h>

#include "sklearn/estimator.h"
#include "ops/elementwise.h"
#include "solve/statistics.h"

typedef struct standard_scaler {
    crn_estimator_base base;
    bool copy, with_mean, with_std;
    crn_array n_samples_seen_; /* scalar, or (n_features_in_) when some values were missing */
    crn_array mean_;           /* (n_features_in_); none without with_mean and with_std */
    crn_array var_;            /* (n_features_in_); none without with_std */
    crn_array scale_;          /* (n_features_in_); none without with_std */
} standard_scaler;

static const crn_field fields[] = {
    CRN_PARAM(standard_scaler, copy, BOOL, "True", NULL),
    CRN_PARAM(standard_scaler, with_mean, BOOL, "True", NULL),
    CRN_PARAM(standard_scaler, with_std, BOOL, "True", NULL),
    CRN_BASE_FIELDS,
    CRN_FITTED_ARRAY(standard_scaler, n_samples_seen_, NULL),
    CRN_FITTED_ARRAY_OR_NONE(standard_scaler, mean_, "n_features_in_"),
    CRN_FITTED_ARRAY_OR_NONE(standard_scaler, var_, "n_features_in_"),
    CRN_FITTED_ARRAY_OR_NONE(standard_scaler, scale_, "n_features_in_"),
    CRN_FIELDS_END,
};

static crn_status check(void *self, crn_error *err)
{
    standard_scaler *scaler = self;
    if (scaler->with_mean && scaler->mean_.data == NULL)
        return crn_fail(err, CRN_FORMAT, "with_mean is True but mean_ is None");
    if (scaler->with_std && scaler->scale_.data == NULL)
        return crn_fail(err, CRN_FORMAT, "with_std is True but scale_ is None");
    const bool numbers =
        (scaler->mean_.data == NULL || crn_dtype_is_number(scaler->mean_.dtype)) &&
        (scaler->scale_.data == NULL || crn_dtype_is_number(scaler->scale_.dtype));
    if (!numbers)
        return crn_fail(err, CRN_FORMAT, "mean_ and scale_ must hold numbers");
    /* Files before 0.24 do not say n_features_in_. */
    const crn_array *any = scaler->mean_.data != NULL ? &scaler->mean_ : &scaler->scale_;
    if (scaler->base.n_features_in_ < 0 && any->data != NULL)
        scaler->base.n_features_in_ = any->shape[0];
    return CRN_OK;
}

static crn_value lower(const void *self, crn_method method, crn_graph *graph, crn_value x)
{
    const standard_scaler *scaler = self;
    crn_value mean =
        scaler->with_mean ? crn_constant_float64(graph, &scaler->mean_) : CRN_NO_VALUE;
    crn_value scale =
        scaler->with_std ? crn_constant_float64(graph, &scaler->scale_) : CRN_NO_VALUE;
    if (method == CRN_INVERSE_TRANSFORM)
        return crn_scale(graph, x, CRN_SCALE_MULTIPLY_ADD, scale, mean);
    return crn_scale(graph, x, CRN_SCALE_SUBTRACT_DIVIDE, mean, scale);
}

/* scale_ = sqrt(var_), and 1 for features that are constant up to rounding
 * (_is_constant_feature). */
static void scale_of_variance(const double *mean, const double *variance, const double *count,
                              int64_t features, double *scale)
{
    const double eps = 2.220446049250313e-16;
    for (int64_t j = 0; j < features; j++) {
        double rounding = count[j] * mean[j] * eps;
        double upper = count[j] * eps * variance[j] + rounding * rounding;
        scale[j] = variance[j] <= upper ? 1.0 : sqrt(variance[j]);
        if (scale[j] == 0.0)
            scale[j] = 1.0;
    }
}

static bool all_equal(const double *values, int64_t n)
{
    for (int64_t i = 1; i < n; i++) {
        if (values[i] != values[0])
            return false;
    }
    return true;
}

static crn_status fit(void *self, const crn_fit_data *data, crn_error *err)
{
    standard_scaler *scaler = self;
    const int64_t n = data->features;
    crn_array count = CRN_ARRAY_INIT, mean = CRN_ARRAY_INIT, variance = CRN_ARRAY_INIT;
    crn_array scale = CRN_ARRAY_INIT;
    crn_status status = CRN_OK;

    CRN_TRY_OR_DONE(crn_array_create(CRN_FLOAT64, 0, 1, &n, &count, err));
    CRN_TRY_OR_DONE(crn_array_create(CRN_FLOAT64, 0, 1, &n, &mean, err));
    CRN_TRY_OR_DONE(crn_array_create(CRN_FLOAT64, 0, 1, &n, &variance, err));
    CRN_TRY_OR_DONE(crn_array_create(CRN_FLOAT64, 0, 1, &n, &scale, err));
    CRN_TRY_OR_DONE(crn_incremental_mean_and_var(data->x, data->rows, n, data->weight,
                                                 mean.data, variance.data, count.data, err));
    scale_of_variance(mean.data, variance.data, count.data, n, scale.data);

    if (all_equal(count.data, n))
        count.ndim = 0;
    /* A number of rows, or a sum of weights. */
    CRN_TRY_OR_DONE(crn_array_astype(&count, data->weight == NULL ? CRN_INT64 : CRN_FLOAT64,
                                     &scaler->n_samples_seen_, err));
    if (scaler->with_mean || scaler->with_std)
        scaler->mean_ = crn_array_share(&mean);
    if (scaler->with_std) {
        scaler->var_ = crn_array_share(&variance);
        scaler->scale_ = crn_array_share(&scale);
    }
done:
    crn_array_free(&count);
    crn_array_free(&mean);
    crn_array_free(&variance);
    crn_array_free(&scale);
    return status;
}

/* partial_fit asks n_samples_seen_ for its shape: a Python int has none. */
static crn_status write(const void *self, crn_document *document, crn_object *state,
                        const char *sklearn, crn_error *err)
{
    (void)sklearn;
    const crn_array *seen = &((const standard_scaler *)self)->n_samples_seen_;
    if (seen->data == NULL || seen->ndim != 0)
        return CRN_OK;
    return crn_object_set(document, state, "n_samples_seen_", crn_object_array(document, seen))
               ? CRN_OK
               : crn_arena_fail(document->arena, err);
}

const crn_estimator crn_estimator_StandardScaler = {
    .name = "StandardScaler",
    .module = "sklearn.preprocessing",
    .modules = "sklearn.preprocessing._data sklearn.preprocessing.data",
    .size = sizeof(standard_scaler),
    .fields = fields,
    .methods = 1u << CRN_TRANSFORM | 1u << CRN_INVERSE_TRANSFORM,
    .flags = CRN_ALLOWS_NAN | CRN_TAKES_WEIGHT,
    .lower = lower,
    .check = check,
    .fit = fit,
    .write = write,
};
