/* SPDX-License-Identifier: BSD-3-Clause */
/* Runs a graph forward with all activations kept, then backward: gradients of a scalar loss
 * with respect to the trainable variables. No fusion, the whole batch at once. */
#ifndef CRN_PLAN_TRAINER_H
#define CRN_PLAN_TRAINER_H

#include "base/threads.h"
#include "ops/graph.h"

typedef struct crn_trainer crn_trainer;

/* `loss` is a value of shape (1). Keeps a pointer to the graph, which must outlive it; memory
 * for batches of up to max_rows. CRN_UNSUPPORTED when an operation between a trainable variable
 * and the loss has no backward. seed: of dropout. */
crn_status crn_trainer_create(crn_graph *graph, crn_value loss, int64_t max_rows, uint64_t seed,
                              crn_pool *pool, crn_trainer **out, crn_error *err);
void crn_trainer_destroy(crn_trainer *trainer); /* NULL is fine */

/* Forward on `rows` rows; inputs[i] points at dense data of graph input i's type. */
void crn_trainer_forward(crn_trainer *trainer, const void *const *inputs, int64_t rows);
/* Data of any value after forward: (rows, ...) dense. */
const void *crn_trainer_value(const crn_trainer *trainer, crn_value value);
/* Gradients of the loss of the last forward. */
void crn_trainer_backward(crn_trainer *trainer);
/* d loss / d variable, the variable's shape; NULL for variables that are not trainable. */
float *crn_trainer_gradient(crn_trainer *trainer, crn_value variable);
/* Does the graph's updates (moving averages). */
void crn_trainer_update(crn_trainer *trainer);

#endif
