/* SPDX-License-Identifier: BSD-3-Clause */
/* IsotonicRegression, as sklearn/isotonic.py (1.9), and files back to 0.20: linear
 * interpolation between thresholds, as numpy.interp. */
#include <math.h>
#include <string.h>

#include "ops/elementwise.h"
#include "ops/interpolate.h"
#include "ops/rows.h"
#include "sklearn/estimator.h"

typedef struct isotonic_regression {
    crn_estimator_base base;
    const crn_object *y_min, *y_max, *increasing;
    const char *out_of_bounds; /* "nan", "clip", "raise" */
    crn_array X_thresholds_;   /* (n_thresholds), rising */
    crn_array y_thresholds_;   /* (n_thresholds) */
    double X_min_, X_max_;
} isotonic_regression;

#define RENAMED_ARRAY(member, old)                                                             \
    {                                                                                          \
        .name = #member, .type = CRN_FIELD_ARRAY, .flags = CRN_FIELD_FITTED,                   \
        .offset = offsetof(isotonic_regression, member), .shape = "n_thresholds",              \
        .since = "0.24", .old_names = old                                                      \
    }

static const crn_field fields[] = {
    CRN_PARAM(isotonic_regression, y_min, OBJECT, "None", "real [-inf, inf] | None"),
    CRN_PARAM(isotonic_regression, y_max, OBJECT, "None", "real [-inf, inf] | None"),
    CRN_PARAM(isotonic_regression, increasing, OBJECT, "True", "bool | 'auto'"),
    CRN_PARAM(isotonic_regression, out_of_bounds, STRING, "'nan'", "'clip' | 'nan' | 'raise'"),
    CRN_BASE_FIELDS,
    CRN_FITTED(isotonic_regression, X_min_, REAL),
    CRN_FITTED(isotonic_regression, X_max_, REAL),
    RENAMED_ARRAY(X_thresholds_, "_necessary_X_"),
    RENAMED_ARRAY(y_thresholds_, "_necessary_y_"),
    CRN_FIELDS_END,
};

static bool is_word(const isotonic_regression *self, const char *word)
{
    return self->out_of_bounds != NULL && strcmp(self->out_of_bounds, word) == 0;
}

static crn_status check(void *self, crn_error *err)
{
    isotonic_regression *model = self;
    const crn_array *x = &model->X_thresholds_, *y = &model->y_thresholds_;
    if (x->shape[0] < 1 || !crn_dtype_is_number(x->dtype) || !crn_dtype_is_number(y->dtype))
        return crn_fail(err, CRN_FORMAT, "X_thresholds_ and y_thresholds_ must hold numbers");
    for (int64_t i = 0; i < x->shape[0]; i++) {
        const double here = crn_array_get(x, i);
        if (!isfinite(here) || (i > 0 && here < crn_array_get(x, i - 1)))
            return crn_fail(err, CRN_FORMAT, "X_thresholds_ does not rise");
    }
    if (isnan(model->X_min_) || isnan(model->X_max_) || model->X_min_ > model->X_max_)
        return crn_fail(err, CRN_FORMAT, "X_min_ is above X_max_");
    if (!is_word(model, "nan") && !is_word(model, "clip") && !is_word(model, "raise"))
        return crn_fail(err, CRN_FORMAT, "out_of_bounds is none of 'nan', 'clip' and 'raise'");
    model->base.n_features_in_ = 1; /* fit keeps no count: one column, or a vector */
    return CRN_OK;
}

/* One number a row: a vector, or a matrix of one column. */
static crn_type input_type(const void *self, crn_method method)
{
    (void)self, (void)method;
    return crn_type_rows(CRN_FLOAT64, 0, NULL);
}

/* A fit on float32 keeps float32 thresholds, and predict rounds to their type. */
static crn_value lower(const void *self, crn_method method, crn_graph *graph, crn_value x)
{
    const isotonic_regression *model = self;
    const bool is_float32 = model->X_thresholds_.dtype == CRN_FLOAT32;
    (void)method;
    x = crn_reshape(graph, x, 0, NULL);
    x = crn_cast(graph, is_float32 ? crn_cast(graph, x, CRN_FLOAT32) : x, CRN_FLOAT64);
    if (is_word(model, "clip"))
        x = crn_scale_clipped(graph, x, CRN_SCALE_MULTIPLY_ADD, CRN_NO_VALUE, CRN_NO_VALUE,
                              model->X_min_, model->X_max_);
    x = crn_interpolate(graph, x, crn_constant_float64(graph, &model->X_thresholds_),
                        crn_constant_float64(graph, &model->y_thresholds_),
                        is_word(model, "raise") ? CRN_INTERPOLATE_FAIL : CRN_INTERPOLATE_NAN);
    return is_float32 ? crn_cast(graph, x, CRN_FLOAT32) : x;
}

const crn_estimator crn_estimator_IsotonicRegression = {
    .name = "IsotonicRegression",
    .module = "sklearn.isotonic",
    .modules = "sklearn.isotonic",
    .size = sizeof(isotonic_regression),
    .fields = fields,
    .methods = 1u << CRN_PREDICT | 1u << CRN_TRANSFORM,
    .flags = CRN_NEEDS_Y | CRN_TAKES_WEIGHT,
    .lower = lower,
    .check = check,
    .input_type = input_type,
};
