/* SPDX-License-Identifier: BSD-3-Clause */
/* One step of training. */
#include "keras/models/train_step.h"

#include <stdlib.h>

/* The optimizer's slots, for the trainable weights. */
static crn_status build_optimizer(const crn_network *network, crn_error *err)
{
    crn_array *weights;
    size_t count;
    if (crn_optimizer_is_built(network->compiled.optimizer))
        return CRN_OK;
    crn_status status = crn_network_trainable(network, &weights, &count, err);
    if (status == CRN_OK)
        status = crn_optimizer_build(network->compiled.optimizer, weights, count, err);
    for (size_t i = 0; weights != NULL && i < count; i++)
        crn_array_free(&weights[i]);
    free(weights);
    return status;
}

/* Weights and gradients in the order of crn_network_trainable(). */
static crn_status collect_gradients(crn_train_step *step, crn_error *err)
{
    const crn_network *network = step->network;
    step->weights = crn_calloc(network->weight_count, sizeof *step->weights);
    step->gradients = crn_calloc(network->weight_count, sizeof *step->gradients);
    if (step->weights == NULL || step->gradients == NULL)
        return crn_no_memory(err);
    for (size_t i = 0; i < network->weight_count; i++) {
        crn_layer_weight *weight = crn_network_weight(network, i, NULL);
        crn_value value = step->graph.lowering.weights[i];
        if (!weight->learns)
            continue;
        if (value != CRN_NO_VALUE)
            step->gradients[step->count] = crn_trainer_gradient(step->trainer, value);
        step->weights[step->count++] = weight;
    }
    return CRN_OK;
}

static crn_status create(crn_train_step *step, const crn_fit_data *data, int64_t max_rows,
                         uint64_t seed, crn_error *err)
{
    CRN_TRY(build_optimizer(step->network, err));
    CRN_TRY(crn_loss_graph_create(step->network, data, true, &step->graph, err));
    CRN_TRY(crn_trainer_create(step->graph.graph, step->graph.loss, max_rows, seed, NULL,
                               &step->trainer, err));
    return collect_gradients(step, err);
}

crn_status crn_train_step_create(crn_network *network, const crn_fit_data *data,
                                 int64_t max_rows, uint64_t seed, crn_train_step *out,
                                 crn_error *err)
{
    *out = (crn_train_step){.network = network};
    crn_status status = create(out, data, max_rows, seed, err);
    if (status != CRN_OK)
        crn_train_step_free(out);
    return status;
}

void crn_train_step_run(crn_train_step *step, const void *const in[CRN_FIT_ARRAYS],
                        int64_t rows)
{
    crn_trainer_forward(step->trainer, in, rows);
    crn_trainer_backward(step->trainer);
    crn_optimizer_step(step->network->compiled.optimizer, step->gradients);
    for (size_t i = 0; i < step->count; i++)
        crn_constraint_apply(&step->weights[i]->constraint, &step->weights[i]->array);
    crn_trainer_update(step->trainer);
}

float crn_train_step_loss(const crn_train_step *step)
{
    return *(const float *)crn_trainer_value(step->trainer, step->graph.loss);
}

const float *crn_train_step_predictions(const crn_train_step *step)
{
    return crn_trainer_value(step->trainer, step->graph.prediction);
}

void crn_train_step_free(crn_train_step *step)
{
    crn_trainer_destroy(step->trainer);
    crn_loss_graph_free(&step->graph);
    free(step->weights);
    free(step->gradients);
    *step = (crn_train_step){0};
}
