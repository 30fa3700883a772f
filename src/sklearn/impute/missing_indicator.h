/* SPDX-License-Identifier: BSD-3-Clause */
/* MissingIndicator, which the other imputers keep for add_indicator. */
#ifndef CRN_SKLEARN_MISSING_INDICATOR_H
#define CRN_SKLEARN_MISSING_INDICATOR_H

#include "sklearn/impute/missing_values.h"

typedef struct crn_missing_indicator {
    crn_estimator_base base;
    const crn_object *missing_values;
    const char *features;
    const crn_object *sparse;
    bool error_on_new, _precomputed;
    int64_t _n_features;
    crn_array features_; /* (n_missing_features) indices */
    crn_cell missing;
    int64_t *columns; /* [features_.shape[0]] */
} crn_missing_indicator;

/* The indicator of an imputer of n features, or NULL when it has none. CRN_FORMAT when the
 * model is something else or of another number of features. */
crn_status crn_indicator_of(const crn_model *model, int64_t n,
                            const crn_missing_indicator **out, crn_error *err);
/* For the imputer's own write(): from 0.24 on its indicator is told that it gets masks. */
crn_status crn_indicator_write(crn_document *document, crn_object *state, const char *sklearn,
                               crn_error *err);
/* bool (rows, features_): its mask of the rows that the imputer got. */
crn_value crn_indicator_mask(const crn_missing_indicator *self, crn_graph *graph, crn_value x,
                             const crn_cell *missing);

#endif
