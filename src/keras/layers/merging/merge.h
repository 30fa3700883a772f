/* SPDX-License-Identifier: BSD-3-Clause */
/* What layers that merge tensors share. */
#ifndef CRN_KERAS_LAYERS_MERGING_MERGE_H
#define CRN_KERAS_LAYERS_MERGING_MERGE_H

#include "keras/layers/layer.h"

/* All tensors in one type: float32 where one is a float, or where `floating`; out[n_in]. */
void crn_merge_promote(crn_graph *graph, const crn_value *in, int n_in, bool floating,
                       crn_value *out);
/* That type's name, for shapes. */
crn_dtype crn_merge_dtype(const crn_type *in, int n_in, bool floating);
/* Masks joined, as the version of Keras says: Keras 3 (any of them holds; none unless all are
 * there), Keras 2 (all that are there hold). */
crn_value crn_merge_masks(const crn_layer *layer, crn_graph *graph, const crn_value *masks,
                          int count);

#endif
