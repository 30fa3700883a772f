/* SPDX-License-Identifier: BSD-3-Clause */
/* Initializers, as keras.initializers 3.15. Distributions equal Keras's; the random numbers are
 * our own (PCG64), since TensorFlow's stateless stream is not to be had without it. Listed in
 * initializers.def. */
#ifndef CRN_KERAS_INITIALIZERS_INITIALIZER_H
#define CRN_KERAS_INITIALIZERS_INITIALIZER_H

#include "base/random.h"
#include "keras/keras_class.h"

/* The config of every initializer. Fields that a class does not have keep their defaults. */
typedef struct crn_initializer_config {
    double value;                    /* Constant */
    double mean, stddev;             /* normal ones */
    double minval, maxval;           /* uniform */
    double scale;                    /* VarianceScaling */
    const char *mode, *distribution; /* VarianceScaling */
    double gain;                     /* Orthogonal, Identity */
    const crn_object *seed;
} crn_initializer_config;

typedef struct crn_initializer_class {
    crn_keras_class base;
    crn_status (*fill)(const crn_initializer_config *config, crn_generator *generator,
                       const crn_array *out, crn_error *err);
    /* Of the classes that are VarianceScaling with fixed arguments; mode NULL: not one of them.
     */
    double scale;
    const char *mode, *distribution;
} crn_initializer_class;

extern const crn_keras_kind crn_initializers;

typedef struct crn_initializer {
    const crn_initializer_class *cls;
    crn_initializer_config config; /* its strings and objects live in the document */
} crn_initializer;

/* From a name ("glorot_uniform", "GlorotUniform"), an expression or a record. */
crn_status crn_initializer_read(const crn_object *object, crn_document *document,
                                crn_initializer *out, crn_error *err);
crn_object *crn_initializer_write(const crn_initializer *initializer, crn_document *document);

/* Fills a dense float32 array. generator: the model's stream; an initializer whose config has a
 * seed uses that instead. Errors: CRN_SHAPE (Orthogonal below two axes, Identity other than
 * two), CRN_NO_MEMORY. */
crn_status crn_initializer_fill(const crn_initializer *initializer, crn_generator *generator,
                                const crn_array *out, crn_error *err);

/* keras.initializers.compute_fans: (in, out) -> in, out; kernels (k..., in, out) times the
 * receptive field. */
void crn_initializer_fans(const crn_array *array, double *fan_in, double *fan_out);

#endif
