/* SPDX-License-Identifier: BSD-3-Clause */
/* MinMaxScaler, as sklearn/preprocessing/_data.py (1.9): X * scale_ + min_, then clipped if
 * asked. */
#include <math.h>

#include "ops/elementwise.h"
#include "sklearn/estimator.h"
#include "solve/statistics.h"

typedef struct min_max_scaler {
    crn_estimator_base base;
    const crn_object *feature_range; /* (min, max) */
    bool copy, clip;
    int64_t n_samples_seen_;
    crn_array scale_, min_, data_min_, data_max_, data_range_; /* (n_features_in_) each */
} min_max_scaler;

static const crn_field fields[] = {
    CRN_PARAM(min_max_scaler, feature_range, OBJECT, "(0, 1)", "tuple"),
    CRN_PARAM(min_max_scaler, copy, BOOL, "True", NULL),
    CRN_PARAM_SINCE(min_max_scaler, clip, BOOL, "False", NULL, "0.24", NULL),
    CRN_BASE_FIELDS,
    CRN_FITTED(min_max_scaler, n_samples_seen_, INT),
    CRN_FITTED_ARRAY(min_max_scaler, scale_, "n_features_in_"),
    CRN_FITTED_ARRAY(min_max_scaler, min_, "n_features_in_"),
    CRN_FITTED_ARRAY(min_max_scaler, data_min_, "n_features_in_"),
    CRN_FITTED_ARRAY(min_max_scaler, data_max_, "n_features_in_"),
    CRN_FITTED_ARRAY(min_max_scaler, data_range_, "n_features_in_"),
    CRN_FIELDS_END,
};

static crn_status read_range(const min_max_scaler *self, double *low, double *high,
                             crn_error *err)
{
    if (crn_object_length(self->feature_range) != 2 ||
        !crn_object_as_double(crn_object_item(self->feature_range, 0), low) ||
        !crn_object_as_double(crn_object_item(self->feature_range, 1), high))
        return crn_fail(
            err, CRN_ARGUMENT,
            "The 'feature_range' parameter of MinMaxScaler must be an instance of 'tuple' "
            "of two numbers.");
    if (*low < *high)
        return CRN_OK;
    crn_text range = CRN_TEXT_INIT;
    crn_object_repr(self->feature_range, 80, &range);
    crn_fail(err, CRN_ARGUMENT,
             "Minimum of desired feature range must be smaller than maximum. Got %s.",
             range.data != NULL ? range.data : "?");
    crn_text_free(&range);
    return CRN_ARGUMENT;
}

static crn_status check(void *self, crn_error *err)
{
    min_max_scaler *scaler = self;
    double low, high;
    if (!crn_dtype_is_number(scaler->scale_.dtype) || !crn_dtype_is_number(scaler->min_.dtype))
        return crn_fail(err, CRN_FORMAT, "scale_ and min_ must hold numbers");
    if (scaler->base.n_features_in_ < 0)
        scaler->base.n_features_in_ = scaler->scale_.shape[0];
    return read_range(scaler, &low, &high, err);
}

/* (x - min) / scale; without clip the inverse is exact up to rounding. */
static crn_value lower_inverse(const min_max_scaler *self, crn_graph *graph, crn_value x)
{
    return crn_scale(graph, x, CRN_SCALE_SUBTRACT_DIVIDE,
                     crn_constant_float64(graph, &self->min_),
                     crn_constant_float64(graph, &self->scale_));
}

static crn_value lower(const void *self, crn_method method, crn_graph *graph, crn_value x)
{
    const min_max_scaler *scaler = self;
    if (method == CRN_INVERSE_TRANSFORM)
        return lower_inverse(scaler, graph, x);
    crn_value scale = crn_constant_float64(graph, &scaler->scale_);
    crn_value min = crn_constant_float64(graph, &scaler->min_);
    double low, high;
    if (!scaler->clip || read_range(scaler, &low, &high, NULL) != CRN_OK)
        return crn_scale(graph, x, CRN_SCALE_MULTIPLY_ADD, scale, min);
    return crn_scale_clipped(graph, x, CRN_SCALE_MULTIPLY_ADD, scale, min, low, high);
}

/* scale and offset from the extremes; a constant feature has scale 1 / 1
 * (_handle_zeros_in_scale, which takes a range below 10 eps as zero). */
static void scale_of_extremes(min_max_scaler *self, double low, double high)
{
    const double tiny = 10 * 2.220446049250313e-16;
    const double *data_min = self->data_min_.data, *data_max = self->data_max_.data;
    double *range = self->data_range_.data, *scale = self->scale_.data, *min = self->min_.data;
    for (int64_t j = 0; j < self->base.n_features_in_; j++) {
        range[j] = data_max[j] - data_min[j];
        scale[j] = (high - low) / (range[j] < tiny ? 1.0 : range[j]);
        min[j] = low - data_min[j] * scale[j];
    }
}

static crn_status fit(void *self, const crn_fit_data *data, crn_error *err)
{
    min_max_scaler *scaler = self;
    double low, high;
    CRN_TRY(read_range(scaler, &low, &high, err));
    crn_array *const arrays[] = {&scaler->scale_, &scaler->min_, &scaler->data_min_,
                                 &scaler->data_max_, &scaler->data_range_};
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++)
        CRN_TRY(crn_array_create(CRN_FLOAT64, 0, 1, &data->features, arrays[i], err));
    crn_nan_min_max(data->x, data->rows, data->features, scaler->data_min_.data,
                    scaler->data_max_.data);
    scale_of_extremes(scaler, low, high);
    scaler->n_samples_seen_ = data->rows;
    return CRN_OK;
}

const crn_estimator crn_estimator_MinMaxScaler = {
    .name = "MinMaxScaler",
    .module = "sklearn.preprocessing",
    .modules = "sklearn.preprocessing._data sklearn.preprocessing.data",
    .size = sizeof(min_max_scaler),
    .fields = fields,
    .methods = 1u << CRN_TRANSFORM | 1u << CRN_INVERSE_TRANSFORM,
    .flags = CRN_ALLOWS_NAN,
    .lower = lower,
    .check = check,
    .fit = fit,
};
