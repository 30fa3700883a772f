/* SPDX-License-Identifier: BSD-3-Clause */
/* What scikit-learn checks of the data before it fits: sklearn/utils/validation.py (1.9), in
 * its words. */
#ifndef CRN_SKLEARN_VALIDATION_H
#define CRN_SKLEARN_VALIDATION_H

#include "sklearn/estimator.h"

/* check_array and check_consistent_length: x is a matrix of at least one row and one column, y
 * (no data: none) has as many rows. `estimator` is named in the message. */
crn_status crn_check_X_y(const crn_array *x, const crn_array *y, const char *estimator,
                         crn_error *err);

/* _assert_all_finite of n numbers; `name` is "X" or "sample_weight". */
crn_status crn_assert_all_finite(const double *values, int64_t n, bool allow_nan,
                                 const char *name, crn_error *err);

/* _check_sample_weight: finite, (rows), not all zero. *out is float64 and owns its memory;
 * without data when `given` is. */
crn_status crn_check_sample_weight(const crn_array *given, int64_t rows, crn_array *out,
                                   crn_error *err);

/* column_or_1d: a column vector counts as a vector, with a warning. */
crn_status crn_column_or_1d(crn_array *y, const crn_fit_options *options, crn_error *err);

#endif
