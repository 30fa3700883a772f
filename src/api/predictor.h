/* SPDX-License-Identifier: BSD-3-Clause */
/* What the one-shot calls share with predictors. */
#ifndef CRN_API_PREDICTOR_H
#define CRN_API_PREDICTOR_H

#include "cornichon/predictor.h"
#include "model/model.h"

/* crn_predictor_create for data at hand: lengths that the model leaves open are taken from
 * `inputs`, one array for each of its inputs; NULL: they must be known. */
crn_status crn_predictor_create_for(const crn_model *model, crn_method method,
                                    const crn_array *inputs,
                                    const crn_predictor_options *options, crn_predictor **out,
                                    crn_error *err);

/* The graph of a method, with inputs and outputs. sparse: the inputs are CRN_CSR, as those in
 * `inputs` of that type are in any case. */
crn_status crn_model_graph(const crn_model *model, crn_method method, const crn_array *inputs,
                           bool sparse, crn_graph **out, crn_error *err);

#endif
