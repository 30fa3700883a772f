/* SPDX-License-Identifier: BSD-3-Clause */
/* KDTree and BallTree objects (sklearn/neighbors/_binary_tree.pxi.tp, 1.9). */
#ifndef CRN_SKLEARN_NEIGHBORS_BINARY_TREE_H
#define CRN_SKLEARN_NEIGHBORS_BINARY_TREE_H

#include "format/object.h"
#include "ops/neighbors.h"

/* Reads a tree's samples, nodes and metric, and checks that the nodes below the root share its
 * samples out, so that a descent stays inside. `sample_weight` gets float64 (samples), or stays
 * empty; NULL: not wanted. */
crn_status crn_binary_tree_read(const crn_object *tree, crn_neighbor_index *index,
                                crn_array *sample_weight, crn_error *err);

/* Changes a tree that was made for that version where the version's metrics differ. */
crn_status crn_binary_tree_adapt(crn_object *tree, crn_document *document, const char *sklearn,
                                 const crn_neighbor_index *index, crn_error *err);

void crn_neighbor_index_free(crn_neighbor_index *index);

#endif
