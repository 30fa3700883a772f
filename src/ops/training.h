/* SPDX-License-Identifier: BSD-3-Clause */
/* Operations that occur only while training: losses, dropout, batch statistics. */
#ifndef CRN_OPS_TRAINING_H
#define CRN_OPS_TRAINING_H

#include "ops/graph.h"

typedef enum crn_loss_kind {
    CRN_LOSS_SPARSE_CATEGORICAL_CROSSENTROPY,
    CRN_LOSS_CATEGORICAL_CROSSENTROPY,
    CRN_LOSS_BINARY_CROSSENTROPY,
    CRN_LOSS_MEAN_SQUARED_ERROR,
    CRN_LOSS_MEAN_ABSOLUTE_ERROR,
    CRN_LOSS_HUBER,
    CRN_LOSS_MEAN_ABSOLUTE_PERCENTAGE_ERROR,
    CRN_LOSS_MEAN_SQUARED_LOGARITHMIC_ERROR,
    CRN_LOSS_LOG_COSH,
    CRN_LOSS_POISSON,
    CRN_LOSS_HINGE, /* labels 0 and 1 count as -1 and 1 when a batch has no others */
    CRN_LOSS_SQUARED_HINGE,
    CRN_LOSS_CATEGORICAL_HINGE,
    CRN_LOSS_KL_DIVERGENCE,
    CRN_LOSS_COSINE_SIMILARITY
} crn_loss_kind;

typedef enum crn_loss_reduction {
    CRN_REDUCTION_SUM_OVER_BATCH_SIZE, /* divided by the number of per-sample values, as Keras
                                          does */
    CRN_REDUCTION_SUM,
    CRN_REDUCTION_MEAN_WITH_SAMPLE_WEIGHT
} crn_loss_reduction;

typedef struct crn_loss_attributes {
    crn_loss_kind kind;
    bool from_logits;
    float label_smoothing;
    float delta; /* Huber: where its square ends */
    crn_loss_reduction reduction;
} crn_loss_attributes;

/* The scalar (1) loss of a whole batch. prediction (rows, ..., n) float32; target (rows, ...)
 * int64 or float32 for the sparse loss, else (rows, ..., n) float32; weight (rows) float32 or
 * CRN_NO_VALUE. Output 1 (crn_graph_output_of) is the per-sample loss (rows, ...) before
 * weights. */
crn_value crn_loss(crn_graph *graph, crn_value prediction, crn_value target, crn_value weight,
                   const crn_loss_attributes *attributes);

/* Sets a share `rate` of the elements to 0 and multiplies the rest by 1 / (1 - rate); in
 * training graphs only. Drawn anew each step from crn_call.seed. */
crn_value crn_dropout(crn_graph *graph, crn_value x, float rate);

/* Batch statistics over rows and all axes but the last: y = (x - mean) / sqrt(variance +
 * epsilon) * gamma + beta. gamma, beta, or CRN_NO_VALUE. Outputs 1 and 2 are the new moving
 * mean and moving variance: moving * momentum + batch * (1 - momentum); population variance as
 * Keras 3, or with `sample_variance` n / (n - 1) times it for the moving one, as Keras 2's
 * fused kernel. */
crn_value crn_batch_normalise(crn_graph *graph, crn_value x, crn_value gamma, crn_value beta,
                              crn_value moving_mean, crn_value moving_variance, float epsilon,
                              float momentum, bool sample_variance);

/* l1 * sum|x| + l2 * sum x^2 of a variable, or of an activation (rows, ...), then divided by
 * the rows: a scalar (1) to be added to the loss (keras.regularizers). */
crn_value crn_penalty(crn_graph *graph, crn_value x, float l1, float l2);

#endif
