/* SPDX-License-Identifier: BSD-3-Clause */
/* Optimizers, as keras.optimizers 3.15. A class is one const struct at the foot of its own
 * file, listed in optimizers.def; it says which slots it keeps for each weight and how one step
 * changes a weight. What all of them share (clipping, weight decay, moving averages,
 * accumulation) is base_optimizer.c.
 *
 *     crn_optimizer *optimizer = NULL;
 *     crn_optimizer_read(object, document, &optimizer, &err);     // "adam", Adam(...), or a
 * record crn_optimizer_build(optimizer, weights, count, &err);       // trainable weights in
 * Keras's order
 *     ...
 *     crn_optimizer_step(optimizer, gradients);                   // for each batch
 *     crn_optimizer_finalize(optimizer);                          // at the end of fit()
 */
#ifndef CRN_KERAS_OPTIMIZERS_OPTIMIZER_H
#define CRN_KERAS_OPTIMIZERS_OPTIMIZER_H

#include "keras/keras_class.h"
#include "kernels/kernels.h"

/* The config of every optimizer begins with this. Objects are a number or None; NULL is None.
 */
typedef struct crn_optimizer_config {
    double learning_rate;
    const crn_object *weight_decay;
    const crn_object *clipnorm, *clipvalue, *global_clipnorm;
    bool use_ema;
    double ema_momentum;
    const crn_object *ema_overwrite_frequency;
    const crn_object *loss_scale_factor; /* refused unless None */
    const crn_object *gradient_accumulation_steps;
    const char *name; /* NULL: the class's name in snake case */
    double decay;     /* Keras 2; refused unless 0 */
} crn_optimizer_config;

/* Their rows, in the order of the signatures, for the end of a table. */
#define CRN_OPTIMIZER_FIELDS                                                                   \
    CRN_PARAM(crn_optimizer_config, clipnorm, OBJECT, "None", NULL),                           \
        CRN_PARAM(crn_optimizer_config, clipvalue, OBJECT, "None", NULL),                      \
        CRN_PARAM(crn_optimizer_config, global_clipnorm, OBJECT, "None", NULL),                \
        CRN_PARAM(crn_optimizer_config, use_ema, BOOL, "False", NULL),                         \
        CRN_PARAM(crn_optimizer_config, ema_momentum, REAL, "0.99", "[0, 1]"),                 \
        CRN_PARAM(crn_optimizer_config, ema_overwrite_frequency, OBJECT, "None", NULL),        \
        CRN_PARAM(crn_optimizer_config, loss_scale_factor, OBJECT, "None", NULL),              \
        CRN_PARAM(crn_optimizer_config, gradient_accumulation_steps, OBJECT, "None", NULL),    \
        CRN_PARAM(crn_optimizer_config, name, STRING, "None", NULL),                           \
        CRN_PARAM_SINCE(crn_optimizer_config, decay, REAL, "0.0", NULL, NULL, "3.0")
#define CRN_OPTIMIZER_LEARNING_RATE(default_)                                                  \
    {                                                                                          \
        .name = "learning_rate", .type = CRN_FIELD_REAL, .flags = CRN_FIELD_PARAM,             \
        .offset = offsetof(crn_optimizer_config, learning_rate), .dflt = default_,             \
        .old_names = "lr"                                                                      \
    }
#define CRN_OPTIMIZER_WEIGHT_DECAY(default_)                                                   \
    CRN_PARAM(crn_optimizer_config, weight_decay, OBJECT, default_, NULL)

/* A kind of state kept for each weight, of the weight's shape. Slots of one group are
 * interleaved in optimizer.variables (m and v of the first weight, m and v of the second ...);
 * groups follow each other. */
typedef struct crn_optimizer_slot {
    const char *name; /* "momentum" */
    int group;        /* 0, 1, ... in order */
} crn_optimizer_slot;

enum { CRN_OPTIMIZER_SLOTS = 4 }; /* most slots of a class */

/* One step of one weight. */
typedef struct crn_optimizer_update {
    const void *config;
    float learning_rate;
    int64_t iteration; /* 0 in the first step; counts updates, not accumulated batches */
    int64_t size;      /* elements */
    float *weight;
    const float *gradient;
    float *slots[CRN_OPTIMIZER_SLOTS]; /* in the order of slots(); NULL past its number */
    const crn_kernels *kernels;
} crn_optimizer_update;

typedef struct crn_optimizer_class {
    crn_keras_class base;
    const char *snake_name; /* "rm_sprop": the prefix of variable names */
    /* Fills out[CRN_OPTIMIZER_SLOTS] for this config; returns their number. */
    int (*slots)(const void *config, crn_optimizer_slot *out);
    void (*update)(const crn_optimizer_update *update);
} crn_optimizer_class;

/* All optimizers: extern const crn_optimizer_class crn_optimizer_<class>. */
#define CRN_OPTIMIZER(name) extern const crn_optimizer_class crn_optimizer_##name;
#include "keras/optimizers/optimizers.def"
#undef CRN_OPTIMIZER

extern const crn_keras_kind crn_optimizers;

typedef struct crn_optimizer crn_optimizer;

/* From a name, an expression or a record; keeps a reference of the document. Errors: those of
 * crn_keras_class_read(); CRN_UNSUPPORTED for schedules, loss scaling and Keras 2's decay;
 * CRN_ARGUMENT in Keras's words. */
crn_status crn_optimizer_read(const crn_object *object, crn_document *document,
                              crn_optimizer **out, crn_error *err);
/* The same from a filled struct (of cls->base.size bytes), which is copied. document: what its
 * pointers live in; NULL: none. */
crn_status crn_optimizer_create(const crn_optimizer_class *cls, const void *config,
                                crn_document *document, crn_optimizer **out, crn_error *err);
void crn_optimizer_destroy(crn_optimizer *optimizer); /* NULL is fine */

/* The record for a compile_config or training_config, with the present learning rate. NULL: no
 * memory. */
crn_object *crn_optimizer_write(const crn_optimizer *optimizer, crn_document *document);
const crn_optimizer_class *crn_optimizer_class_of(const crn_optimizer *optimizer);
const crn_optimizer_config *crn_optimizer_config_of(const crn_optimizer *optimizer);
/* "adam", or the name that the config gives. */
const char *crn_optimizer_name(const crn_optimizer *optimizer);

/* Makes the slots, zeroed. weights: dense float32 arrays with an owner, shared; steps write
 * into them. */
crn_status crn_optimizer_build(crn_optimizer *optimizer, const crn_array *weights, size_t count,
                               crn_error *err);
bool crn_optimizer_is_built(const crn_optimizer *optimizer);
/* The same weights in other memory from now on: as many, of the same shapes. */
void crn_optimizer_move(crn_optimizer *optimizer, const crn_array *weights);

/* One step. gradients[i] has the shape of weight i and is overwritten; NULL: no gradient
 * reaches that weight, which then stays as it is. Constraints are the caller's, after this
 * call. */
void crn_optimizer_step(crn_optimizer *optimizer, float *const *gradients);
/* With use_ema: the weights become their moving averages, as at the end of fit(). */
void crn_optimizer_finalize(crn_optimizer *optimizer);

double crn_optimizer_learning_rate(const crn_optimizer *optimizer);
void crn_optimizer_set_learning_rate(crn_optimizer *optimizer, double learning_rate);

/* One of Keras 3's optimizer.variables. */
typedef struct crn_optimizer_variable {
    const char *slot; /* "iteration", "learning_rate", "average", "gradient_accumulator",
                         "momentum" ... */
    int64_t weight;   /* index among build()'s weights; -1: iteration and learning_rate */
    crn_array
        *array; /* iteration int64 (), learning_rate float32 (), else float32 of the weight's
                   shape; owned by the optimizer: savers read it, loaders copy into its data */
} crn_optimizer_variable;

/* In Keras 3's order: iteration, learning_rate, then (once built) averages, accumulators,
 * slots. */
size_t crn_optimizer_variable_count(const crn_optimizer *optimizer);
crn_optimizer_variable crn_optimizer_variable_at(crn_optimizer *optimizer, size_t i);

#endif
