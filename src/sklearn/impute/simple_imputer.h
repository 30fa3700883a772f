/* SPDX-License-Identifier: BSD-3-Clause */
/* SimpleImputer, with which an IterativeImputer begins. */
#ifndef CRN_SKLEARN_SIMPLE_IMPUTER_H
#define CRN_SKLEARN_SIMPLE_IMPUTER_H

#include "sklearn/impute/missing_indicator.h"

typedef struct crn_simple_imputer {
    crn_estimator_base base;
    const crn_object *missing_values, *strategy, *fill_value;
    bool copy, add_indicator, keep_empty_features;
    crn_model *indicator_;
    const crn_object *statistics_;
    /* what predicting needs of them */
    crn_cell missing;
    crn_cell *fill; /* [n_features_in_] */
    int64_t *kept;  /* [kept_count] the features that stay */
    int64_t kept_count;
    bool takes_cells;                       /* rows are cells, not float64 */
    const crn_missing_indicator *indicator; /* NULL: none */
} crn_simple_imputer;

#endif
