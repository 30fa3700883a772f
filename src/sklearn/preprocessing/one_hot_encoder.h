/* SPDX-License-Identifier: BSD-3-Clause */
/* What one_hot_encoder.c and one_hot_encoder_write.c share. */
#ifndef CRN_SKLEARN_ONE_HOT_ENCODER_H
#define CRN_SKLEARN_ONE_HOT_ENCODER_H

#include "sklearn/preprocessing/categories.h"

typedef struct crn_one_hot_encoder {
    crn_estimator_base base;
    const crn_object *categories, *drop;
    bool sparse_output;
    const crn_object *dtype;
    const char *handle_unknown;
    const crn_object *min_frequency, *max_categories, *feature_name_combiner;
    const crn_object *categories_, *drop_idx_, *_drop_idx_after_grouping;
    /* what predicting needs of them */
    crn_categories known;
    int64_t *dropped; /* [features] the code that has no column; -1: none */
    int64_t *columns; /* [total + features] of each slot; -1: none */
    int64_t *starts;  /* [features + 1] each feature's first column */
    crn_dtype out;
    bool legacy;
} crn_one_hot_encoder;

/* Is handle_unknown this word? */
bool crn_one_hot_handles(const crn_one_hot_encoder *self, const char *handle_unknown);

/* crn_estimator.write */
crn_status crn_one_hot_write(const void *self, crn_document *document, crn_object *state,
                             const char *sklearn, crn_error *err);

#endif
