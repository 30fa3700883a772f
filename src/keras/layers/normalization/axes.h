/* SPDX-License-Identifier: BSD-3-Clause */
/* The axes that a normalization names, as those of an item, and what normalising over them is. */
#ifndef CRN_KERAS_LAYERS_NORMALIZATION_AXES_H
#define CRN_KERAS_LAYERS_NORMALIZATION_AXES_H

#include "keras/layers/layer.h"
#include "ops/normalise.h"

typedef struct crn_normalization_axes {
    int32_t count;
    /* Of the item, in Keras's order: as they were written, by Keras 3 sorted, negative ones
     * first. The weights have their shape so. */
    int32_t listed[CRN_MAX_NDIM];
    bool has[CRN_MAX_NDIM]; /* by axis of the item */
} crn_normalization_axes;

/* axis: an int, or a list of ints, each once; the batch counts as 0. CRN_ARGUMENT in Keras's
 * words for one out of range, CRN_UNSUPPORTED for the batch's. */
crn_status crn_normalization_axes_read(const crn_layer *layer, const crn_object *axis,
                                       const crn_type *in, crn_normalization_axes *out,
                                       crn_error *err);

/* The axis of the weights that stand on one axis of the item: that length, others 1. */
crn_value crn_normalization_along(crn_graph *graph, crn_value weight, const crn_type *type,
                                  const crn_normalization_axes *axes);

/* x normalised over the axes; how->kind and epsilon are set. gamma and beta: weights in the
 * axes' shape, or CRN_NO_VALUE. */
crn_value crn_normalize_over(crn_graph *graph, crn_value x, crn_value gamma, crn_value beta,
                             const crn_normalization_axes *axes,
                             const crn_normalise_attributes *how);

#endif
