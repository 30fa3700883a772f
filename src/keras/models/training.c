/* SPDX-License-Identifier: BSD-3-Clause */
/* fit() of a network: epochs of batches, validation, callbacks, history
 * (keras/src/backend/tensorflow/trainer.py, fit, 3.15). */
#include <stdlib.h>
#include <string.h>

#include "keras/callbacks/callback.h"
#include "keras/models/evaluate.h"
#include "keras/models/snapshot.h"
#include "keras/models/train_step.h"
#include "keras/models/training_logs.h"
#include "model/expression.h"

typedef struct fit_run {
    crn_training training;
    crn_network *network;
    const crn_fit_options *options;
    crn_history *history;
    crn_callbacks callbacks;
    crn_document *document; /* of class_weight; NULL: none */
    const crn_object *class_weight;
    int64_t batch_size;
    crn_fit_data data, validation; /* validation.rows 0: none */
    crn_generator generator;       /* of initial weights, dropout and shuffling */
    crn_batches batches;
    crn_train_step step;
    crn_training_logs logs;
    double *values; /* of a validation, by number */
    crn_snapshot before;
    double loss_sum; /* of this epoch, weighted by rows */
    int64_t rows_seen;
} fit_run;

/* ---- what was asked for ---- */

static crn_status check_options(const crn_fit_options *options, crn_error *err)
{
    if (options->epochs < 0)
        return crn_fail(err, CRN_ARGUMENT, "epochs must be positive, not %d", options->epochs);
    if (options->batch_size < 0)
        return crn_fail(err, CRN_ARGUMENT, "batch_size must be positive, not %d",
                        options->batch_size);
    if (options->initial_epoch < 0)
        return crn_fail(err, CRN_ARGUMENT, "initial_epoch must not be negative, but is %d",
                        options->initial_epoch);
    if (!(options->validation_split >= 0.0 && options->validation_split < 1.0))
        return crn_fail(err, CRN_ARGUMENT,
                        "validation_split must be in the range [0, 1), not %g",
                        options->validation_split);
    return CRN_OK;
}

static crn_status parse_class_weight(fit_run *run, crn_error *err)
{
    const char *text = run->options->class_weight;
    crn_object *object;
    if (text == NULL)
        return CRN_OK;
    CRN_TRY(crn_document_create(NULL, &run->document, err));
    crn_status status = crn_expression_parse(run->document, text, strlen(text), &object, err);
    if (status != CRN_OK) {
        crn_where(err, "class_weight");
        return status;
    }
    if (!crn_object_is(object, CRN_OBJ_DICT))
        return crn_fail(err, CRN_ARGUMENT,
                        "class_weight must be a dict of classes and weights: {0: 1.0, 1: 2.5}");
    run->class_weight = object;
    return CRN_OK;
}

/* ---- model and data ---- */

/* Built, compiled, with weights. What was compiled stays compiled when the fit fails later, as
 * after a compile() of its own. */
static crn_status prepare_network(fit_run *run, const crn_data *data, crn_error *err)
{
    crn_network *network = run->network;
    crn_type input = crn_fit_data_input_type(data);
    uint64_t seed = crn_generator_u64(&run->generator);
    CRN_TRY(crn_network_build(network, &input, err));
    if (network->input_count != 1 || network->output_count != 1)
        return crn_fail(err, CRN_UNSUPPORTED,
                        "training models with several inputs or outputs is not supported");
    CRN_TRY(crn_network_compile(network, run->training.model->document, run->options, err));
    return network->has_weights ? CRN_OK : crn_network_initialize(network, seed, err);
}

static crn_status prepare_data(fit_run *run, const crn_data *given, crn_error *err)
{
    const crn_fit_options *options = run->options;
    crn_data training = *given, validation = CRN_DATA_INIT;
    CRN_TRY(crn_fit_data_check(given, err));
    if (options->validation != NULL)
        validation = *options->validation;
    else if (options->validation_split > 0.0)
        CRN_TRY(
            crn_fit_data_split(given, options->validation_split, &training, &validation, err));
    CRN_TRY(prepare_network(run, &training, err));
    CRN_TRY(crn_fit_data_prepare(&training, run->network, run->class_weight, &run->data, err));
    if (validation.x.data == NULL && options->validation == NULL)
        return CRN_OK;
    crn_status status = crn_fit_data_check(&validation, err);
    crn_type input = status == CRN_OK ? crn_fit_data_input_type(&validation) : (crn_type){0};
    if (status == CRN_OK)
        status = crn_network_build(run->network, &input, err); /* compares the shapes */
    if (status == CRN_OK)
        status = crn_fit_data_prepare(&validation, run->network, NULL, &run->validation, err);
    if (status != CRN_OK)
        crn_where(err, "validation");
    return status;
}

/* What the loop works with; nothing is allocated inside it. */
static crn_status prepare_loop(fit_run *run, crn_error *err)
{
    CRN_TRY(crn_batches_create(&run->data, run->batch_size, !run->options->no_shuffle,
                               &run->batches, err));
    run->training.batches = run->batches.count;
    CRN_TRY(crn_train_step_create(run->network, &run->data, run->batches.size,
                                  crn_generator_u64(&run->generator), &run->step, err));
    CRN_TRY(crn_training_logs_create(run->network, &run->logs, &run->training.logs, err));
    run->values = crn_calloc(run->logs.count, sizeof *run->values);
    if (run->values == NULL)
        return crn_no_memory(err);
    return crn_snapshot_take(&run->before, run->network, true, err);
}

/* ---- an epoch ---- */

static void reset_metrics(fit_run *run)
{
    const crn_compilation *compiled = &run->network->compiled;
    run->loss_sum = 0.0;
    run->rows_seen = 0;
    for (size_t k = 0; k < compiled->metric_count; k++)
        crn_metric_reset(compiled->metrics[k]);
    crn_training_logs_reset(&run->logs, &run->training.logs);
}

/* The running means, with this batch in them. */
static crn_status update_metrics(fit_run *run, const void *y, int64_t rows, crn_error *err)
{
    const crn_compilation *compiled = &run->network->compiled;
    const crn_loss_graph *graph = &run->step.graph;
    crn_array truth = run->data.y; /* dense: the strides hold for any number of rows */
    truth.data = (void *)(uintptr_t)y;
    truth.shape[0] = rows;
    truth.owner = NULL;
    crn_array prediction = crn_prediction_array(crn_graph_type(graph->graph, graph->prediction),
                                                crn_train_step_predictions(&run->step), rows);
    run->loss_sum += (double)crn_train_step_loss(&run->step) * (double)rows;
    run->rows_seen += rows;
    crn_training_logs_set(&run->logs, &run->training.logs, 0, false,
                          run->loss_sum / (double)run->rows_seen);
    for (size_t k = 0; k < compiled->metric_count; k++) {
        CRN_TRY(crn_metric_update(compiled->metrics[k], &truth, &prediction, NULL, err));
        crn_training_logs_set(&run->logs, &run->training.logs, 1 + k, false,
                              crn_metric_result(compiled->metrics[k]));
    }
    return CRN_OK;
}

static crn_status train_batch(fit_run *run, int64_t i, crn_error *err)
{
    const void *in[CRN_FIT_ARRAYS];
    int64_t rows = crn_batches_take(&run->batches, i, in);
    run->training.batch = i;
    crn_train_step_run(&run->step, in, rows);
    CRN_TRY(update_metrics(run, in[CRN_FIT_Y], rows, err));
    CRN_TRY(crn_callbacks_notify(&run->callbacks, CRN_ON_BATCH_END, &run->training, err));
    return crn_training_report(&run->training, false, NULL, err);
}

static crn_status validate(fit_run *run, crn_error *err)
{
    if (run->validation.rows == 0)
        return CRN_OK;
    CRN_TRY(crn_network_test(run->network, &run->validation, run->batch_size,
                             run->options->pool, run->values, err));
    for (size_t i = 0; i < run->logs.count; i++)
        crn_training_logs_set(&run->logs, &run->training.logs, i, true, run->values[i]);
    return CRN_OK;
}

static crn_status record(fit_run *run, crn_error *err)
{
    const crn_logs *logs = &run->training.logs;
    for (int i = 0; i < logs->count; i++)
        CRN_TRY(crn_history_add(run->history, logs->names[i], logs->values[i], err));
    return CRN_OK;
}

static crn_status train_epoch(fit_run *run, crn_error *err)
{
    crn_training *training = &run->training;
    crn_training_start_epoch(training);
    reset_metrics(run);
    crn_batches_shuffle(&run->batches, &run->generator);
    for (int64_t i = 0; i < run->batches.count && !training->stop_training; i++)
        CRN_TRY(train_batch(run, i, err));
    CRN_TRY(validate(run, err));
    CRN_TRY(crn_callbacks_notify(&run->callbacks, CRN_ON_EPOCH_END, training, err));
    CRN_TRY(record(run, err));
    return crn_training_report(training, true, NULL, err);
}

static crn_status train(fit_run *run, crn_error *err)
{
    crn_training *training = &run->training;
    CRN_TRY(crn_callbacks_notify(&run->callbacks, CRN_ON_TRAIN_BEGIN, training, err));
    int first = run->options->initial_epoch;
    for (int epoch = first; epoch < training->epochs && !training->stop_training; epoch++) {
        training->epoch = epoch;
        CRN_TRY(train_epoch(run, err));
    }
    if (first < training->epochs)
        crn_optimizer_finalize(run->network->compiled.optimizer);
    return crn_callbacks_notify(&run->callbacks, CRN_ON_TRAIN_END, training, err);
}

/* ---- fit() ---- */

static void release(fit_run *run)
{
    crn_callbacks_free(&run->callbacks);
    crn_document_release(run->document);
    crn_fit_data_free(&run->data);
    crn_fit_data_free(&run->validation);
    crn_batches_free(&run->batches);
    crn_train_step_free(&run->step);
    crn_training_logs_free(&run->logs, &run->training.logs);
    crn_snapshot_free(&run->before);
    free(run->values);
}

/* Training is in float32. */
static crn_status check_precision(const crn_network *network, crn_error *err)
{
    for (size_t i = 0; i < network->weight_count; i++) {
        const crn_layer *layer = network->weights[i].layer;
        if (layer->compute != CRN_FLOAT32)
            return crn_fail(err, CRN_UNSUPPORTED,
                            "layer \"%s\" computes in %s: networks are fitted in float32",
                            layer->name, crn_dtype_name(layer->compute));
    }
    return CRN_OK;
}

static crn_status fit(fit_run *run, const crn_data *data, crn_error *err)
{
    CRN_TRY(check_options(run->options, err));
    CRN_TRY(check_precision(run->network, err));
    CRN_TRY(crn_network_own_weights(run->network, err));
    CRN_TRY(crn_callbacks_parse(run->options->callbacks, &run->callbacks, err));
    CRN_TRY(parse_class_weight(run, err));
    CRN_TRY(prepare_data(run, data, err));
    CRN_TRY(prepare_loop(run, err));
    run->training.model->untouched = false; /* checkpoints write what is now */
    return train(run, err);
}

crn_status crn_network_fit(crn_model *model, const crn_data *data,
                           const crn_fit_options *options, crn_history *history, crn_error *err)
{
    crn_network *network = crn_model_network(model);
    const bool untouched = model->untouched, has_weights = network->has_weights;
    fit_run run = {.network = network, .options = options, .history = history};
    run.batch_size = options->batch_size > 0 ? options->batch_size : 32;
    run.training = (crn_training){.model = model,
                                  .network = network,
                                  .options = options,
                                  .epochs = options->epochs > 0 ? options->epochs : 1};
    crn_generator_seed(&run.generator, options->seed);
    crn_status status = fit(&run, data, err);
    if (status != CRN_OK && status != CRN_CANCELLED) { /* as it was */
        crn_snapshot_restore(&run.before, network);
        network->has_weights = has_weights;
        model->untouched = untouched;
    }
    release(&run);
    return status;
}
