/* SPDX-License-Identifier: BSD-3-Clause */
/* Classes decided pair by pair, as LIBSVM and sklearn.svm.SVC do: pair (i, j), i < j, in the
 * order (0, 1), (0, 2) ... (n-2, n-1); a decision above 0 is for i, else for j. */
#ifndef CRN_OPS_ONE_VS_ONE_H
#define CRN_OPS_ONE_VS_ONE_H

#include "ops/graph.h"

/* Decisions (rows, pairs) from sums (rows, classes, classes - 1) over the support vectors of
 * each class: those of class i with its (j-1)-th weights, those of class j with its i-th, and
 * the pair's intercept (a constant (pairs)). */
crn_value crn_pair_decisions(crn_graph *graph, crn_value sums, crn_value intercept);

/* int64 (rows): the class with most of the pairs' votes; of several, the first. */
crn_value crn_pair_votes(crn_graph *graph, crn_value decisions, int64_t classes);

/* (rows, classes): votes, and between equal ones the sum of the decisions, squeezed into (-1/3,
 * 1/3): sklearn.utils.multiclass._ovr_decision_function. */
crn_value crn_pair_scores(crn_graph *graph, crn_value decisions, int64_t classes);

/* (rows, classes): the probabilities whose pairs agree best with those of the sigmoids 1 / (1 +
 * exp(a d + b)) of the decisions; a, b constants (pairs). The second method of T.-F. Wu, C.-J.
 * Lin and R. C. Weng, "Probability estimates for multi-class classification by pairwise
 * coupling" (2004), stopped where LIBSVM stops. */
crn_value crn_pair_probabilities(crn_graph *graph, crn_value decisions, int64_t classes,
                                 crn_value a, crn_value b);

typedef enum crn_one_vs_one_kind {
    CRN_PAIR_DECISIONS,
    CRN_PAIR_VOTES,
    CRN_PAIR_SCORES,
    CRN_PAIR_PROBABILITIES
} crn_one_vs_one_kind;

/* Attributes of the operation. */
typedef struct crn_one_vs_one_attributes {
    crn_one_vs_one_kind kind;
    int64_t classes;
} crn_one_vs_one_attributes;

#endif
