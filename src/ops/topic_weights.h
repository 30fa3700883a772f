/* SPDX-License-Identifier: BSD-3-Clause */
/* How much of each topic a document holds: the E-step of latent Dirichlet allocation. */
#ifndef CRN_OPS_TOPIC_WEIGHTS_H
#define CRN_OPS_TOPIC_WEIGHTS_H

#include "ops/graph.h"

typedef struct crn_topic_weights_attributes {
    double prior; /* doc_topic_prior_ */
    double tol;   /* mean_change_tol */
    int64_t max_iter;
} crn_topic_weights_attributes;

/* x (rows, n) counts of words, words (n, k) exp_dirichlet_component_ transposed, both float64:
 * (rows, k) weights of the topics that sum to one. */
crn_value crn_topic_weights(crn_graph *graph, crn_value x, crn_value words,
                            const crn_topic_weights_attributes *attributes);

#endif
