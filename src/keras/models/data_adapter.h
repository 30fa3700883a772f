/* SPDX-License-Identifier: BSD-3-Clause */
/* Rows for fit and evaluate, as keras/src/trainers/data_adapters (3.15) makes them of arrays:
 * converted once, checked once, then cut into batches. */
#ifndef CRN_KERAS_MODELS_DATA_ADAPTER_H
#define CRN_KERAS_MODELS_DATA_ADAPTER_H

#include "base/random.h"
#include "keras/models/network.h"

/* Dense, with their own references; y is int64 for integer labels of the sparse loss, all else
 * is float32. */
typedef struct crn_fit_data {
    int64_t rows;
    crn_array x;      /* (rows, ...) */
    crn_array y;      /* (rows, ...) */
    crn_array weight; /* (rows) or (rows, values of the loss in an item); no data: all one */
} crn_fit_data;

enum { CRN_FIT_X, CRN_FIT_Y, CRN_FIT_WEIGHT, CRN_FIT_ARRAYS };

/* Array i of CRN_FIT_X and so on; NULL when there is none. */
const crn_array *crn_fit_data_array(const crn_fit_data *data, int i);
/* Its type in a graph: the first axis is the rows. */
crn_type crn_fit_data_type(const crn_array *array);

/* x, y and sample_weight have the same number of rows, at least one, and are numbers.
 * CRN_SHAPE, CRN_DTYPE and CRN_ARGUMENT in Keras's words. */
crn_status crn_fit_data_check(const crn_data *data, crn_error *err);
/* The rows of training and of validation: the last part of the arrays. Borrowed. */
crn_status crn_fit_data_split(const crn_data *data, double validation_split, crn_data *training,
                              crn_data *validation, crn_error *err);
/* The type of x as an input of a network: float32. */
crn_type crn_fit_data_input_type(const crn_data *data);
/* Converts what crn_fit_data_check() took, for a network that is built and compiled.
 * class_weight: a dict, or NULL. */
crn_status crn_fit_data_prepare(const crn_data *data, const crn_network *network,
                                const crn_object *class_weight, crn_fit_data *out,
                                crn_error *err);
void crn_fit_data_free(crn_fit_data *data);

/* ---- batches ---- */

/* One pass after the other over the same rows, in a new order each or always in theirs. */
typedef struct crn_batches {
    const crn_fit_data *data;
    int64_t size, count;             /* rows of a batch but the last, and batches */
    int64_t *order;                  /* (rows); NULL: as they are */
    uint8_t *memory[CRN_FIT_ARRAYS]; /* shuffled rows of a batch */
} crn_batches;

crn_status crn_batches_create(const crn_fit_data *data, int64_t size, bool shuffle,
                              crn_batches *out, crn_error *err);
/* Draws the order of the next pass. */
void crn_batches_shuffle(crn_batches *batches, crn_generator *generator);
/* Points in[] at the rows of batch i; returns their number. Valid until the next call. */
int64_t crn_batches_take(const crn_batches *batches, int64_t i, const void *in[CRN_FIT_ARRAYS]);
void crn_batches_free(crn_batches *batches);

#endif
