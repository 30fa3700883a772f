/* SPDX-License-Identifier: BSD-3-Clause */
/* Ensembles of decision trees: sums of what the leaves say, or which leaves they are. The nodes
 * are packed as kernels/tree.h has them; model code builds them with tree_pack.h. */
#ifndef CRN_OPS_TREE_ENSEMBLE_H
#define CRN_OPS_TREE_ENSEMBLE_H

#include "kernels/tree.h"
#include "ops/graph.h"

typedef enum crn_tree_output {
    CRN_TREE_SUM,    /* (rows, columns): the leaves' values, added tree after tree */
    CRN_TREE_STAGES, /* (rows, stages, columns): the sums after each round of trees */
    CRN_TREE_LEAVES  /* int64 (rows, trees): what `values` has for the leaf */
} crn_tree_output;

typedef struct crn_tree_ensemble_attributes {
    crn_tree_output output;
    bool wide;            /* crn_tree_node_wide */
    bool rounded;         /* float64 rows are rounded to float32 before they are compared */
    bool divided;         /* sums are divided by the number of trees */
    int32_t feature_bits; /* of narrow nodes */
    int64_t columns;      /* tree t adds to the columns from (t * width) % columns on */
} crn_tree_ensemble_attributes;

/* What the operation reads, as constants of a graph; CRN_NO_VALUE: not there. */
typedef struct crn_tree_ensemble {
    crn_value nodes;  /* uint64 (n) narrow, (n, 2) wide */
    crn_value roots;  /* int64 (trees, 2): crn_tree_root */
    crn_value values; /* float64 (leaves, width); of CRN_TREE_LEAVES: int64 (leaves, 1) */
    crn_value base;   /* float64 (columns), or rows of them: what the sums begin with */
    crn_value known; /* uint32 (features, 9): whether the feature is a category, then the set of
                         those that were seen in fit: others count as missing. Wide nodes */
    crn_value sets;  /* uint32 (sets, 8): categories that go left */
} crn_tree_ensemble;

enum { CRN_TREE_KNOWN_WORDS = 1 + CRN_CATEGORY_WORDS };

/* x float32 or float64 (rows, features). A NaN goes where its node says; scikit-learn's order
 * of additions. */
crn_value crn_tree_ensemble_run(crn_graph *graph, crn_value x, const crn_tree_ensemble *trees,
                                const crn_tree_ensemble_attributes *attributes);

#endif
