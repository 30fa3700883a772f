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

/* Changes an object that was made for that version where the version keeps weights in another
 * way; `metric` and `weights` are what was read from the original. CRN_UNSUPPORTED where the
 * version has none. */
crn_status crn_distance_metric_adapt(crn_object *object, crn_document *document,
                                     const char *sklearn, const crn_distance_metric *metric,
                                     const crn_array *weights, int64_t features,
                                     crn_error *err);
/* The weights of minkowski that give the distances of wminkowski, which 1.3 has no more: w^p. An
 * array of the document; NULL when memory is out. */
crn_object *crn_wminkowski_weights(const crn_distance_metric *metric, const crn_array *weights,
                                   crn_document *document);

#endif
