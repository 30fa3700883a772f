/* SPDX-License-Identifier: BSD-3-Clause */
/* Checks of fitted attributes that many estimators share. */
#include "sklearn/fitted.h"

#include <math.h>

static crn_status check_numbers(const crn_array *array, const char *name, crn_error *err)
{
    return array->data != NULL && crn_dtype_is_number(array->dtype)
               ? CRN_OK
               : crn_fail(err, CRN_FORMAT, "%s must hold numbers", name);
}

crn_status crn_fitted_vector(const crn_array *array, const char *name, int64_t n,
                             crn_error *err)
{
    CRN_TRY(check_numbers(array, name, err));
    if (array->ndim != 1)
        return crn_fail(err, CRN_FORMAT, "%s is not a vector", name);
    if (n >= 0 && array->shape[0] != n)
        return crn_fail(err, CRN_FORMAT, "%s has %lld elements, expected %lld", name,
                        (long long)array->shape[0], (long long)n);
    return CRN_OK;
}

crn_status crn_fitted_matrix(const crn_array *array, const char *name, int64_t rows,
                             int64_t columns, crn_error *err)
{
    CRN_TRY(check_numbers(array, name, err));
    if (array->ndim != 2)
        return crn_fail(err, CRN_FORMAT, "%s is not a matrix", name);
    if ((rows >= 0 && array->shape[0] != rows) || (columns >= 0 && array->shape[1] != columns))
        return crn_fail(err, CRN_FORMAT, "%s has shape (%lld, %lld), expected (%lld, %lld)",
                        name, (long long)array->shape[0], (long long)array->shape[1],
                        (long long)(rows >= 0 ? rows : array->shape[0]),
                        (long long)(columns >= 0 ? columns : array->shape[1]));
    return CRN_OK;
}

crn_status crn_fitted_features(crn_estimator_base *self, const char *name, int64_t features,
                               crn_error *err)
{
    if (features < 1)
        return crn_fail(err, CRN_FORMAT, "%s has no features", name);
    if (self->n_features_in_ < 0)
        self->n_features_in_ = features;
    if (self->n_features_in_ != features)
        return crn_fail(err, CRN_FORMAT, "%s has %lld features, expected n_features_in_ = %lld",
                        name, (long long)features, (long long)self->n_features_in_);
    return CRN_OK;
}

crn_status crn_fitted_classes(const crn_array *classes, crn_error *err)
{
    return classes->data != NULL && classes->ndim == 1 && classes->shape[0] >= 1
               ? CRN_OK
               : crn_fail(err, CRN_FORMAT, "classes_ is not a list of at least one class");
}

crn_status crn_fitted_rounds(const char *name, int64_t max_iter, crn_error *err)
{
    return max_iter >= 0 && max_iter <= CRN_MOST_ROUNDS
               ? CRN_OK
               : crn_fail(err, CRN_LIMIT, "%s=%lld is not in [0, %d]", name,
                          (long long)max_iter, CRN_MOST_ROUNDS);
}

crn_status crn_fitted_finite(const crn_array *array, const char *name, crn_error *err)
{
    const int64_t size = crn_array_size(array);
    for (int64_t i = 0; i < size; i++) {
        if (!isfinite(crn_array_get(array, i)))
            return crn_fail(err, CRN_FORMAT, "%s contains NaN or infinity", name);
    }
    return CRN_OK;
}

crn_array crn_fitted_item(const crn_object *list, int64_t i)
{
    const bool is_sequence =
        crn_object_is(list, CRN_OBJ_LIST) || crn_object_is(list, CRN_OBJ_TUPLE);
    const crn_array *array =
        is_sequence ? crn_object_as_array(crn_object_item(list, (size_t)i)) : NULL;
    return array != NULL ? *array : (crn_array)CRN_ARRAY_INIT;
}
