/* SPDX-License-Identifier: BSD-3-Clause */
/* Classes of one or several outputs: what KNeighborsClassifier and RadiusNeighborsClassifier
 * keep in classes_ and _y (SupervisedIntegerMixin, NeighborsBase._fit). */
#ifndef CRN_SKLEARN_NEIGHBORS_CLASSES_H
#define CRN_SKLEARN_NEIGHBORS_CLASSES_H

#include "sklearn/neighbors/base.h"

/* Sets outputs, output_classes and output_labels, and checks that labels are inside. */
crn_status crn_neighbors_read_classes(crn_neighbors *self, crn_error *err);
/* The labels (samples) int64 of an output, a constant. */
crn_value crn_neighbors_labels(const crn_neighbors *self, crn_graph *graph, int64_t output);
/* The classes of an output as a constant table in the type that all outputs share; `more` is an
 * array of one element that is appended to it, or NULL. */
crn_value crn_neighbors_class_table(const crn_neighbors *self, crn_graph *graph, int64_t output,
                                    const crn_array *more);
/* Predictions (rows) of each output side by side, or the only one as it is. */
crn_value crn_neighbors_join(const crn_neighbors *self, crn_graph *graph,
                             const crn_value *predictions);

#endif
