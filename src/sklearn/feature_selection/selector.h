/* SPDX-License-Identifier: BSD-3-Clause */
/* What all feature selectors do once they know which features they keep:
 * sklearn/feature_selection/_base.py (1.9). */
#ifndef CRN_SKLEARN_SELECTOR_H
#define CRN_SKLEARN_SELECTOR_H

#include "sklearn/estimator.h"

/* Begins every selector's struct. */
typedef struct crn_selector {
    crn_estimator_base base;
    bool *support;    /* (n_features_in_), made by check; not in the file */
    int64_t selected; /* of them */
} crn_selector;

/* All false, for n features; counted by crn_selector_count(). */
crn_status crn_selector_create(crn_selector *self, int64_t n, crn_error *err);
void crn_selector_count(crn_selector *self);
/* The mask that the file holds as support_. */
crn_status crn_selector_take(crn_selector *self, const crn_array *support, crn_error *err);

/* x without the features that are not kept. */
crn_value crn_selector_keep(const crn_selector *self, crn_graph *graph, crn_value x);

/* crn_estimator.lower of transform and inverse_transform; input_width; release. */
crn_value crn_selector_lower(const void *self, crn_method method, crn_graph *graph,
                             crn_value x);
int64_t crn_selector_input_width(const void *self, crn_method method);
void crn_selector_release(void *self);

/* The place that each of n numbers has among the others: order[0] is that of the smallest; NaN
 * stands behind all. Equal ones keep their order, as numpy.argsort(kind="mergesort"). */
crn_status crn_stable_argsort(const double *numbers, int64_t n, int64_t *order, crn_error *err);

#endif
