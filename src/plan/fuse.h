/* SPDX-License-Identifier: BSD-3-Clause */
/* Between the files that fuse. A rule looks at a node and at who makes its first input; it
 * rewrites the node to take the maker's input instead, so that nobody needs the maker any more,
 * and says so. */
#ifndef CRN_PLAN_FUSE_H
#define CRN_PLAN_FUSE_H

#include "ops/graph.h"

/* The graph while it is rewritten. */
typedef struct crn_fusion {
    crn_graph *graph;
    int32_t *uses;  /* [value_count at the start] how many nodes and outputs read a value */
    bool *unit_fed; /* [node_count] an affine that absorbed a scaling to about unit size without
                     * large offsets, so that its input may be rounded to float32 first */
} crn_fusion;

/* The node that makes the first input of `node`, when nobody else reads that; else NULL. */
crn_graph_node *crn_fusion_maker(const crn_fusion *fusion, const crn_graph_node *node);

/* Rules about linear maps (fuse_linear.c): true when `node` was rewritten. */
bool crn_fuse_scale_into_affine(crn_fusion *fusion, crn_graph_node *node);
bool crn_fuse_affine_into_scale(crn_fusion *fusion, crn_graph_node *node);
bool crn_fuse_scale_into_scale(crn_fusion *fusion, crn_graph_node *node);
bool crn_fuse_affine_into_affine(crn_fusion *fusion, crn_graph_node *node);

/* Rules about convolutions (fuse_convolution.c). */
bool crn_fuse_padding_into_convolution(crn_fusion *fusion, crn_graph_node *node);
bool crn_fuse_convolution_into_scale(crn_fusion *fusion, crn_graph_node *node);
bool crn_fuse_convolution_into_sum(crn_fusion *fusion, crn_graph_node *node);
bool crn_fuse_activation_into_convolution(crn_fusion *fusion, crn_graph_node *node);

#endif
