/* SPDX-License-Identifier: BSD-3-Clause */
/* What column_transformer.c and column_transformer_write.c share. */
#ifndef CRN_SKLEARN_COLUMN_TRANSFORMER_H
#define CRN_SKLEARN_COLUMN_TRANSFORMER_H

#include "sklearn/compose/column_selection.h"

/* One of transformers_. */
typedef struct crn_column_part {
    const char *name;
    bool is_dropped;
    crn_model *model; /* owned; NULL: the columns pass through as they are */
    crn_column_selection columns;
} crn_column_part;

typedef struct crn_column_transformer {
    crn_estimator_base base;
    const crn_object *transformers, *remainder;
    double sparse_threshold;
    const crn_object *n_jobs, *transformer_weights, *verbose, *verbose_feature_names_out;
    bool sparse_output_;
    const crn_object *transformers_;
    crn_column_part *parts; /* [part_count] */
    int part_count;
    crn_document *document; /* of transformers_; the model's own */
} crn_column_transformer;

/* crn_estimator.write */
crn_status crn_column_transformer_write(const void *self, crn_document *document,
                                        crn_object *state, const char *sklearn, crn_error *err);

#endif
