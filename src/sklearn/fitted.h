/* SPDX-License-Identifier: BSD-3-Clause */
/* What an estimator's check() asks of fitted attributes, where the shapes of rows do not say it
 * all: that arrays hold numbers, and that they agree with n_features_in_. */
#ifndef CRN_SKLEARN_FITTED_H
#define CRN_SKLEARN_FITTED_H

#include "sklearn/estimator.h"

/* `array` holds numbers in a vector of n elements. A negative n takes any length. */
crn_status crn_fitted_vector(const crn_array *array, const char *name, int64_t n,
                             crn_error *err);
/* `array` holds numbers in a matrix. A negative length takes any. */
crn_status crn_fitted_matrix(const crn_array *array, const char *name, int64_t rows,
                             int64_t columns, crn_error *err);
/* n_features_in_ is `features`, at least one. Files of versions before 0.24 do not tell it:
 * then it is set. `name` is the attribute that tells `features`. */
crn_status crn_fitted_features(crn_estimator_base *self, const char *name, int64_t features,
                               crn_error *err);
/* classes_ is a vector of at least one class. */
crn_status crn_fitted_classes(const crn_array *classes, crn_error *err);

/* All elements are finite. */
crn_status crn_fitted_finite(const crn_array *array, const char *name, crn_error *err);

/* Most rounds of a solver that answers, so that a file cannot keep one busy without end. */
enum { CRN_MOST_ROUNDS = 10000000 };

/* max_iter, or another parameter of that kind, is in [0, CRN_MOST_ROUNDS]. */
crn_status crn_fitted_rounds(const char *name, int64_t max_iter, crn_error *err);

/* Item i of a list or tuple of arrays; an empty array (no data) when it is none. Borrowed. */
crn_array crn_fitted_item(const crn_object *list, int64_t i);

#endif
