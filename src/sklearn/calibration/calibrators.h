/* SPDX-License-Identifier: BSD-3-Clause */
/* What calibrators.c gives to the calibrated classifiers. */
#ifndef CRN_SKLEARN_CALIBRATORS_H
#define CRN_SKLEARN_CALIBRATORS_H

#include "sklearn/estimator.h"

/* _TemperatureScaling.predict of decisions, or of probabilities: (rows, 1), which stands for
 * two classes, or (rows, classes). */
crn_value crn_temperature_scale(const crn_model *scaling, crn_graph *graph, crn_value scores,
                                bool are_probabilities);

#endif
