/* SPDX-License-Identifier: BSD-3-Clause */
#include "sklearn/validation.h"

#include <math.h>

/* "(0, 3)" */
static void say_shape(const crn_array *array, crn_text *out)
{
    crn_text_add_char(out, '(');
    for (int32_t i = 0; i < array->ndim; i++)
        crn_text_printf(out, i > 0 ? ", %lld" : "%lld", (long long)array->shape[i]);
    crn_text_add_string(out, array->ndim == 1 ? ",)" : ")");
}

static crn_status too_few(const crn_array *x, const char *what, const char *estimator,
                          crn_error *err)
{
    crn_text shape = CRN_TEXT_INIT;
    say_shape(x, &shape);
    crn_fail(err, CRN_ARGUMENT,
             "Found array with 0 %s(s) (shape=%s) while a minimum of 1 is required by %s.",
             what, shape.data != NULL ? shape.data : "", estimator);
    crn_text_free(&shape);
    return CRN_ARGUMENT;
}

crn_status crn_check_X_y(const crn_array *x, const crn_array *y, const char *estimator,
                         crn_error *err)
{
    if (x->ndim < 2)
        return crn_fail(err, CRN_SHAPE, "Expected 2D array, got %s array instead",
                        x->ndim == 0 ? "scalar" : "1D");
    if (x->ndim > 2)
        return crn_fail(err, CRN_SHAPE,
                        "Found array with dim %d, while dim <= 2 is required by %s.", x->ndim,
                        estimator);
    if (x->shape[0] < 1)
        return too_few(x, "sample", estimator, err);
    if (x->shape[1] < 1)
        return too_few(x, "feature", estimator, err);
    if (y->data == NULL)
        return CRN_OK;
    if (y->ndim < 1)
        return crn_fail(err, CRN_SHAPE,
                        "y should be a 1d array, got an array of shape () instead.");
    if (y->shape[0] != x->shape[0])
        return crn_fail(
            err, CRN_SHAPE,
            "Found input variables with inconsistent numbers of samples: [%lld, %lld]",
            (long long)x->shape[0], (long long)y->shape[0]);
    return CRN_OK;
}

crn_status crn_assert_all_finite(const double *values, int64_t n, bool allow_nan,
                                 const char *name, crn_error *err)
{
    bool any_nan = false, any_infinity = false;
    for (int64_t i = 0; i < n; i++) {
        any_nan |= isnan(values[i]) != 0;
        any_infinity |= isinf(values[i]) != 0;
    }
    if (any_nan && !allow_nan)
        return crn_fail(err, CRN_ARGUMENT, "Input %s contains NaN.", name);
    if (any_infinity)
        return crn_fail(err, CRN_ARGUMENT,
                        "Input %s contains infinity or a value too large for dtype('float64').",
                        name);
    return CRN_OK;
}

static crn_status check_weight_shape(const crn_array *given, int64_t rows, crn_error *err)
{
    if (given->ndim != 1)
        return crn_fail(
            err, CRN_SHAPE,
            "Sample weights must be 1D array or scalar, got %dD array. Expected either a "
            "scalar value or a 1D array of length %lld.",
            given->ndim, (long long)rows);
    if (given->shape[0] != rows)
        return crn_fail(err, CRN_SHAPE, "sample_weight.shape == (%lld,), expected (%lld,)!",
                        (long long)given->shape[0], (long long)rows);
    return CRN_OK;
}

crn_status crn_check_sample_weight(const crn_array *given, int64_t rows, crn_array *out,
                                   crn_error *err)
{
    if (given->data == NULL)
        return CRN_OK;
    CRN_TRY(check_weight_shape(given, rows, err));
    CRN_TRY(crn_as_float64(given, out, err));
    const double *weight = out->data;
    CRN_TRY(crn_assert_all_finite(weight, rows, false, "sample_weight", err));
    for (int64_t i = 0; i < rows; i++) {
        if (weight[i] != 0.0)
            return CRN_OK;
    }
    return crn_fail(err, CRN_ARGUMENT,
                    "Sample weights must contain at least one non-zero number.");
}

crn_status crn_column_or_1d(crn_array *y, const crn_fit_options *options, crn_error *err)
{
    if (y->ndim == 1)
        return CRN_OK;
    if (y->ndim != 2 || y->shape[1] != 1) {
        crn_text shape = CRN_TEXT_INIT;
        say_shape(y, &shape);
        crn_fail(err, CRN_SHAPE, "y should be a 1d array, got an array of shape %s instead.",
                 shape.data != NULL ? shape.data : "");
        crn_text_free(&shape);
        return CRN_SHAPE;
    }
    y->ndim = 1;
    if (options->warning != NULL)
        options->warning(
            options->warning_context,
            "A column-vector y was passed when a 1d array was expected. Please change the "
            "shape of y to (n_samples, ), for example using ravel().");
    return CRN_OK;
}
