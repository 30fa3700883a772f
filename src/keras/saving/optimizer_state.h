/* SPDX-License-Identifier: BSD-3-Clause */
/* The state of an optimizer as files hold it: a list of arrays whose order depends on the Keras
 * that wrote it (docs/formats/keras.md). */
#ifndef CRN_KERAS_SAVING_OPTIMIZER_STATE_H
#define CRN_KERAS_SAVING_OPTIMIZER_STATE_H

#include "keras/models/network.h"

typedef enum crn_optimizer_layout {
    CRN_OPTIMIZER_KERAS_3, /* iteration, learning rate, then as crn_optimizer_variable_at() */
    CRN_OPTIMIZER_KERAS_2_11, /* without the learning rate; SGD always has its momentum */
    CRN_OPTIMIZER_KERAS_2     /* to 2.10, and the "legacy" optimizers since: iteration, then one
                                 slot after the other, each for all weights */
} crn_optimizer_layout;

/* What a file gave. */
typedef struct crn_optimizer_state {
    crn_optimizer_layout layout;
    crn_array *arrays;
    size_t count, capacity;
} crn_optimizer_state;

/* The array's reference becomes the state's, also on failure. */
crn_status crn_optimizer_state_add(crn_optimizer_state *state, crn_array *array,
                                   crn_error *err);
void crn_optimizer_state_free(crn_optimizer_state *state);

/* Into the optimizer of a compiled network, which is built if it is not yet. When the file's
 * state is of another optimizer, this one starts afresh and options->warning hears of it in
 * Keras's words. Fails only for want of memory. */
crn_status crn_optimizer_state_restore(const crn_optimizer_state *state, crn_network *network,
                                       const crn_load_options *options, crn_error *err);

/* Where a layout keeps each of the optimizer's variables: places[i] for the i-th, of
 * crn_optimizer_variable_count(); -1: nowhere. Returns how many arrays a file has. */
size_t crn_optimizer_state_places(crn_optimizer *optimizer, crn_optimizer_layout layout,
                                  int64_t *places);
/* Keras 2.11 to 2.15 keep a momentum for each trainable weight even where SGD has none: how
 * many such arrays come last in a file. */
crn_status crn_optimizer_state_padding(const crn_network *network, crn_optimizer_layout layout,
                                       size_t *count, crn_error *err);

/* A new optimizer of the same class and config as a compiled network's, with its slots zeroed:
 * what is saved where the network's own has taken no step yet. */
crn_status crn_optimizer_state_fresh(const crn_network *network, crn_optimizer **out,
                                     crn_error *err);

#endif
