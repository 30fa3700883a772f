/* SPDX-License-Identifier: BSD-3-Clause */
/* classes_ and n_classes_ of classifiers that may have several outputs: one array and one
 * number, or lists of them. */
#ifndef CRN_SKLEARN_TREE_CLASS_LISTS_H
#define CRN_SKLEARN_TREE_CLASS_LISTS_H

#include "sklearn/estimator.h"

typedef struct crn_class_lists {
    int64_t outputs;
    crn_array *at; /* [outputs]: vectors of labels */
} crn_class_lists;

/* From the attribute classes_ of a classifier of that many outputs. */
crn_status crn_class_lists_read(const crn_object *classes, int64_t outputs,
                                crn_class_lists *out, crn_error *err);
void crn_class_lists_free(crn_class_lists *lists);
/* n_classes_ as scikit-learn has it: an int, or a list of them. */
crn_object *crn_class_lists_counts(const crn_class_lists *lists, crn_document *document);

/* One output's label of the largest of its (rows, classes) scores. */
crn_value crn_class_lists_label(const crn_class_lists *lists, int64_t output, crn_graph *graph,
                                crn_value scores);
/* What predict gives: (rows), or (rows, outputs). scores: [outputs]. */
crn_value crn_class_lists_labels(const crn_class_lists *lists, crn_graph *graph,
                                 const crn_value *scores);

#endif
