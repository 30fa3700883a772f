/* SPDX-License-Identifier: BSD-3-Clause */
/* Which layers of a model a file lists, the names by which Keras 3 finds them (the class in
 * snake case, made unique in the order of the list), and all objects that have variables. */
#ifndef CRN_KERAS_SAVING_NAMES_H
#define CRN_KERAS_SAVING_NAMES_H

#include "keras/models/network.h"

/* The next layer that Keras lists in a file, from *i on; *i moves behind it. A Sequential does
 * not count its InputLayer. NULL at the end. */
crn_layer *crn_saved_layer_next(const crn_network *network, size_t *i);

/* Visits every object of the model that files of Keras 3 know, in Keras's order: each layer, the
 * objects in it that hold weights of its own, its children, and the layers of models in it.
 * `path` is "layers/lstm/cell"; weights[count] in the order of the
 * file; NULL and 0 where the object has none. */
typedef struct crn_saved_object {
    const char *path;
    const crn_layer *layer;
    const crn_layer_weight *const *weights;
    size_t count;
} crn_saved_object;
typedef crn_status (*crn_saved_object_visit)(void *context, const crn_saved_object *object,
                                             crn_error *err);
crn_status crn_saved_objects_walk(const crn_network *network, crn_saved_object_visit visit,
                                  void *context, crn_error *err);

#endif
