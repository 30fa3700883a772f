/* SPDX-License-Identifier: BSD-3-Clause */
/* The four classes of sklearn.tree, which differ in defaults alone, and the rows that forests
 * have in common with them. */
#ifndef CRN_SKLEARN_TREE_DECISION_TREE_H
#define CRN_SKLEARN_TREE_DECISION_TREE_H

#include "sklearn/tree/class_lists.h"
#include "sklearn/tree/tree.h"

typedef struct crn_decision_tree {
    crn_estimator_base base;
    const crn_object *criterion, *splitter, *max_depth, *min_samples_split, *min_samples_leaf;
    double min_weight_fraction_leaf;
    const crn_object *max_features, *random_state, *max_leaf_nodes;
    double min_impurity_decrease;
    const crn_object *class_weight;
    double ccp_alpha;
    const crn_object *monotonic_cst, *min_impurity_split, *presort;
    int64_t n_features_; /* of versions before 1.2 */
    int64_t n_outputs_;
    const crn_object *classes_, *n_classes_;
    int64_t max_features_;
    const crn_object *tree_;
    crn_tree tree;
    crn_class_lists classes; /* of a classifier */
} crn_decision_tree;

/* The tree of a fitted child of any class of sklearn.tree; NULL for anything else. */
const crn_tree *crn_decision_tree_of(const crn_model *model);

#define CRN_GINI "'entropy' | 'gini' | 'log_loss' | ~<sklearn.tree._criterion.Criterion>"
#define CRN_SQUARED_ERROR                                                                      \
    "'absolute_error' | 'poisson' | 'squared_error' | ~'friedman_mse' | "                      \
    "~<sklearn.tree._criterion.Criterion>"
#define CRN_MAX_FEATURES "int >= 1 | float (0.0, 1.0] | 'log2' | 'sqrt' | None"

/* Parameters of growing, which trees, forests and boosting share. */
#define CRN_TREE_LEAF_PARAMS(T)                                                                \
    CRN_PARAM(T, min_samples_split, OBJECT, "2", "int >= 2 | float (0.0, 1.0]"),               \
        CRN_PARAM(T, min_samples_leaf, OBJECT, "1", "int >= 1 | float (0.0, 1.0)"),            \
        CRN_PARAM(T, min_weight_fraction_leaf, REAL, "0.0", "real [0.0, 0.5]")
#define CRN_TREE_MAX_DEPTH(T, default_)                                                        \
    CRN_PARAM(T, max_depth, OBJECT, default_, "int >= 1 | None")
#define CRN_TREE_MAX_LEAF_NODES(T)                                                             \
    CRN_PARAM(T, max_leaf_nodes, OBJECT, "None", "int >= 2 | None")
#define CRN_TREE_MIN_IMPURITY_DECREASE(T)                                                      \
    CRN_PARAM(T, min_impurity_decrease, REAL, "0.0", "real >= 0.0")
#define CRN_TREE_CCP_ALPHA(T)                                                                  \
    CRN_PARAM_SINCE(T, ccp_alpha, REAL, "0.0", "real >= 0.0", "0.22", NULL)
#define CRN_TREE_MONOTONIC_CST(T)                                                              \
    CRN_PARAM_SINCE(T, monotonic_cst, OBJECT, "None", "array | None", "1.4", NULL)
#define CRN_TREE_MIN_IMPURITY_SPLIT(T)                                                         \
    CRN_PARAM_SINCE(T, min_impurity_split, OBJECT, "None", NULL, NULL, "1.0")
/* n_features_in_ of versions before 0.24; later ones kept it as a property. */
#define CRN_TREE_N_FEATURES(T)                                                                 \
    {                                                                                          \
        .name = "n_features_", .type = CRN_FIELD_INT,                                          \
        .flags = CRN_FIELD_FITTED | CRN_FIELD_OPTIONAL, .dflt = "-1",                          \
        .offset = offsetof(T, n_features_), .until = "1.2"                                     \
    }

#endif
