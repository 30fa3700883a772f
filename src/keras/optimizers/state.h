/* SPDX-License-Identifier: BSD-3-Clause */
/* The optimizer's insides, shared by optimizer.c (life, variables) and step.c (numbers). */
#ifndef CRN_KERAS_OPTIMIZERS_STATE_H
#define CRN_KERAS_OPTIMIZERS_STATE_H

#include "keras/optimizers/optimizer.h"

/* The nullable numbers of a config, resolved; NaN and 0 for None. */
typedef struct crn_optimizer_settings {
    double weight_decay, clipnorm, clipvalue, global_clipnorm; /* NaN: None */
    int64_t ema_overwrite_frequency, accumulation_steps;       /* 0: None */
} crn_optimizer_settings;

enum { CRN_OPTIMIZER_ALL_SLOTS = CRN_OPTIMIZER_SLOTS + 2 }; /* with average and accumulator */

struct crn_optimizer {
    const crn_optimizer_class *cls;
    void *config; /* begins with a crn_optimizer_config */
    crn_document *document;
    crn_optimizer_settings settings;
    crn_array iteration;     /* int64 () */
    crn_array learning_rate; /* float32 () */
    bool built;
    size_t count; /* weights */
    crn_array *weights;
    crn_optimizer_slot slots[CRN_OPTIMIZER_ALL_SLOTS];
    int slot_count;
    int average, accumulator; /* their slots; -1: none */
    int first_slot;           /* of the class's own */
    crn_array *state;         /* [slot_count * count]: slot s of weight i at s * count + i */
};

static inline float *crn_optimizer_state(const crn_optimizer *o, int slot, size_t weight)
{
    return o->state[(size_t)slot * o->count + weight].data;
}

#endif
