/* SPDX-License-Identifier: BSD-3-Clause */
/* From trees as some library keeps them to the constants that tree_ensemble reads. */
#ifndef CRN_OPS_TREE_PACK_H
#define CRN_OPS_TREE_PACK_H

#include "ops/tree_ensemble.h"

/* What a node asks. */
typedef struct crn_tree_split {
    int64_t left, right; /* nodes of the same tree; left < 0: a leaf */
    int64_t feature;
    double threshold; /* x <= threshold goes left */
    bool nan_right;
    int64_t set; /* of the categories that go left; -1: none, the threshold counts */
} crn_tree_split;

enum { CRN_TREE_SPLITS = 64 };

/* Where the trees come from. They have been checked: children stand behind their parents,
 * features are in range, and no node is the child of two. */
typedef struct crn_tree_source {
    const void *context;
    int64_t trees;
    int64_t features; /* of a row */
    bool single;      /* rows and thresholds meet as float32 and float64: what scikit-learn's
                         trees do, and narrow nodes can */
    int64_t width;    /* numbers of a leaf; 0: the number of the leaf's node instead */
    int64_t (*nodes)(const void *context, int64_t tree);
    /* of `count` nodes from `first` on; there is room for CRN_TREE_SPLITS */
    void (*splits)(const void *context, int64_t tree, int64_t first, int64_t count,
                   crn_tree_split *out);
    void (*leaf)(const void *context, int64_t tree, int64_t node, double *out);
    /* all of a tree has been read, as far as packing goes; NULL: of no interest */
    void (*read)(const void *context, int64_t tree);
} crn_tree_source;

/* Constants `nodes`, `roots` and `values`, and the attributes that say how they are packed; base,
 * known and sets are CRN_NO_VALUE. A failure sticks to the graph. */
void crn_tree_pack(crn_graph *graph, const crn_tree_source *source, crn_tree_ensemble *out,
                   crn_tree_ensemble_attributes *attributes);

#endif
