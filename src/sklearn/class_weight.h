/* SPDX-License-Identifier: BSD-3-Clause */
/* Targets and weights of classifiers. */
#ifndef CRN_SKLEARN_CLASS_WEIGHT_H
#define CRN_SKLEARN_CLASS_WEIGHT_H

#include "sklearn/estimator.h"

/* sklearn.utils.multiclass.check_classification_targets: labels must be integers, bools,
 * strings, or floats that are whole numbers. */
crn_status crn_check_classification_targets(const crn_array *y, crn_error *err);

/* sklearn.utils.class_weight.compute_class_weight: None is 1 for each class; 'balanced' is n /
 * (n_classes * count), counts weighted by sample_weight (may be NULL); a dict gives labels
 * their weights, 1 where it says nothing. Its keys are ints for labels that int() takes, "1"
 * among them, and strings for others. codes: (rows) index of each row's class; out:
 * (n_classes). */
crn_status crn_class_weight(const crn_object *class_weight, const crn_array *classes,
                            const int32_t *codes, int64_t rows, const double *sample_weight,
                            double *out, crn_error *err);

#endif
