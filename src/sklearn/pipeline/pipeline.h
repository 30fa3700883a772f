/* SPDX-License-Identifier: BSD-3-Clause */
/* What pipeline.c (the estimator) and pipeline_fit.c (its fit) share. */
#ifndef CRN_SKLEARN_PIPELINE_H
#define CRN_SKLEARN_PIPELINE_H

#include "sklearn/estimator.h"

typedef struct pipeline {
    crn_estimator_base base;
    crn_model_list steps; /* named; what is no estimator is 'passthrough', or None */
    const crn_object *transform_input, *memory;
    bool verbose;
} pipeline;

/* Step i; NULL: it passes its rows through. */
crn_model *crn_pipeline_step(const pipeline *self, int64_t i);

/* n_features_in_ and the feature names, which are those of the first step. */
void crn_pipeline_note_features(pipeline *self);

/* crn_estimator.fit */
crn_status crn_pipeline_fit(void *self, const crn_fit_data *data, crn_error *err);

#endif
