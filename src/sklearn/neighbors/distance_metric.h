/* SPDX-License-Identifier: BSD-3-Clause */
/* scikit-learn's metrics by name, and the DistanceMetric objects that trees hold
 * (sklearn/metrics/_dist_metrics.pyx.tp, 1.9). */
#ifndef CRN_SKLEARN_NEIGHBORS_DISTANCE_METRIC_H
#define CRN_SKLEARN_NEIGHBORS_DISTANCE_METRIC_H

#include "format/object.h"
#include "ops/distance_metric.h"

/* By name, with its parameters as effective_metric_params_ holds them (a dict; NULL: none). The
 * weights are float64, (features) or (features, features); free them. CRN_UNSUPPORTED names what
 * there is no rule for: functions, unknown names, parameters. */
crn_status crn_distance_metric_by_name(const char *name, const crn_object *params,
                                       int64_t features, crn_distance_metric *metric,
                                       crn_array *weights, crn_error *err);

/* True for an instance of a DistanceMetric, as trees hold one and as `metric` may be one. */
bool crn_is_distance_metric(const crn_object *object);
crn_status crn_distance_metric_read(const crn_object *object, int64_t features,
                                    crn_distance_metric *metric, crn_array *weights,
                                    crn_error *err);

#endif
