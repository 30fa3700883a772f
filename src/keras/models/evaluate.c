/* SPDX-License-Identifier: BSD-3-Clause */
/* Judging a compiled network (keras/src/trainers/trainer.py, test_step, 3.15). Batches are run
 * by as many threads as there are; losses and metrics are then taken in the order of the rows,
 * so that the numbers do not depend on the threads. */
#include "keras/models/evaluate.h"

#include <stdlib.h>
#include <string.h>

#include "base/threads.h"
#include "keras/models/loss_graph.h"
#include "plan/trainer.h"

/* ---- names ---- */

size_t crn_network_value_count(const crn_network *network)
{
    return 1 + network->compiled.metric_count;
}

char *crn_network_value_name(const crn_network *network, size_t i, const char *prefix,
                             crn_error *err)
{
    crn_metric **metrics = network->compiled.metrics;
    const char *name = i == 0 ? "loss" : crn_metric_name(metrics[i - 1]);
    int before = 0;
    for (size_t k = 1; k < i; k++)
        before += strcmp(crn_metric_name(metrics[k - 1]), name) == 0;
    crn_text text = CRN_TEXT_INIT;
    crn_text_printf(&text, "%s%s", prefix, name);
    if (before > 0)
        crn_text_printf(&text, "_%d", before);
    char *out = crn_text_take(&text, err);
    if (out == NULL)
        crn_text_free(&text);
    return out;
}

/* ---- the work of one call ---- */

typedef struct evaluation {
    const crn_network *network;
    const crn_fit_data *data;
    crn_loss_graph graph;
    crn_batches batches;
    crn_trainer **trainers; /* one for each thread */
    int threads;
    int64_t item;       /* numbers of one prediction */
    float *predictions; /* (rows, item); NULL: no metrics */
    float *losses;      /* (batches) */
    crn_document *document;
    crn_metric **metrics; /* copies of the network's */
} evaluation;

static void run_batch(void *context, int64_t i, int worker)
{
    evaluation *e = context;
    crn_trainer *trainer = e->trainers[worker];
    const void *in[CRN_FIT_ARRAYS];
    int64_t rows = crn_batches_take(&e->batches, i, in);
    crn_trainer_forward(trainer, in, rows);
    e->losses[i] = *(const float *)crn_trainer_value(trainer, e->graph.loss);
    if (e->predictions != NULL)
        memcpy(e->predictions + i * e->batches.size * e->item,
               crn_trainer_value(trainer, e->graph.prediction),
               (size_t)(rows * e->item) * sizeof(float));
}

static crn_status create_trainers(evaluation *e, crn_pool *pool, crn_error *err)
{
    e->trainers = crn_calloc((size_t)crn_pool_size(pool), sizeof *e->trainers);
    if (e->trainers == NULL)
        return crn_no_memory(err);
    for (; e->threads < crn_pool_size(pool); e->threads++)
        CRN_TRY(crn_trainer_create(e->graph.graph, e->graph.loss, e->batches.size, 0, NULL,
                                   &e->trainers[e->threads], err));
    return CRN_OK;
}

static crn_status create_metrics(evaluation *e, crn_error *err)
{
    size_t count = e->network->compiled.metric_count, numbers;
    if (count == 0)
        return CRN_OK;
    if (crn_mul_size((size_t)e->item, (size_t)e->data->rows, &numbers))
        e->predictions = crn_calloc(numbers, sizeof *e->predictions);
    e->metrics = crn_calloc(count, sizeof *e->metrics);
    if (e->predictions == NULL || e->metrics == NULL)
        return crn_no_memory(err);
    CRN_TRY(crn_document_create(NULL, &e->document, err));
    for (size_t i = 0; i < count; i++) {
        const crn_object *record =
            crn_metric_write(e->network->compiled.metrics[i], e->document);
        if (record == NULL)
            return crn_no_memory(err);
        CRN_TRY(crn_metric_read(record, e->document, &e->metrics[i], err));
    }
    return CRN_OK;
}

static crn_status prepare(evaluation *e, int64_t batch_size, crn_pool *pool, crn_error *err)
{
    CRN_TRY(crn_loss_graph_create(e->network, e->data, false, &e->graph, err));
    CRN_TRY(crn_batches_create(e->data, batch_size, false, &e->batches, err));
    e->item = crn_type_size(crn_graph_type(e->graph.graph, e->graph.prediction));
    e->losses = crn_calloc((size_t)e->batches.count, sizeof *e->losses);
    if (e->losses == NULL)
        return crn_no_memory(err);
    CRN_TRY(create_metrics(e, err));
    return create_trainers(e, pool, err);
}

static void release(evaluation *e)
{
    for (int i = 0; i < e->threads; i++)
        crn_trainer_destroy(e->trainers[i]);
    for (size_t i = 0; e->metrics != NULL && i < e->network->compiled.metric_count; i++)
        crn_metric_destroy(e->metrics[i]);
    free(e->trainers);
    free(e->metrics);
    free(e->predictions);
    free(e->losses);
    crn_batches_free(&e->batches);
    crn_document_release(e->document);
    crn_loss_graph_free(&e->graph);
}

/* ---- the numbers ---- */

crn_array crn_prediction_array(const crn_type *type, const void *predictions, int64_t rows)
{
    crn_array array = crn_array_view_2d(predictions, CRN_FLOAT32, rows, crn_type_size(type));
    array.ndim = type->ndim + 1;
    memcpy(array.shape + 1, type->shape, (size_t)type->ndim * sizeof *type->shape);
    for (int32_t k = type->ndim - 1; k > 0; k--)
        array.strides[k] = array.strides[k + 1] * array.shape[k + 1];
    return array;
}

static crn_status judge_batch(evaluation *e, crn_metric *metric, int64_t i, crn_error *err)
{
    int64_t first = i * e->batches.size, end = first + e->batches.size;
    if (end > e->data->rows)
        end = e->data->rows;
    crn_array truth = crn_array_rows(&e->data->y, first, end);
    crn_array prediction =
        crn_prediction_array(crn_graph_type(e->graph.graph, e->graph.prediction),
                             e->predictions + first * e->item, end - first);
    return crn_metric_update(metric, &truth, &prediction, NULL, err);
}

/* The mean over batches, weighted by their rows. */
static double mean_loss(const evaluation *e)
{
    double sum = 0.0;
    for (int64_t i = 0; i < e->batches.count; i++) {
        int64_t left = e->data->rows - i * e->batches.size;
        sum += (double)e->losses[i] * (double)(left < e->batches.size ? left : e->batches.size);
    }
    return sum / (double)e->data->rows;
}

static crn_status judge(evaluation *e, double *values, crn_error *err)
{
    values[0] = (double)(float)mean_loss(e);
    for (size_t k = 0; k < e->network->compiled.metric_count; k++) {
        for (int64_t i = 0; i < e->batches.count; i++)
            CRN_TRY(judge_batch(e, e->metrics[k], i, err));
        values[1 + k] = (double)(float)crn_metric_result(e->metrics[k]);
    }
    return CRN_OK;
}

crn_status crn_network_test(const crn_network *network, const crn_fit_data *data,
                            int64_t batch_size, crn_pool *pool, double *values, crn_error *err)
{
    evaluation e = {.network = network, .data = data};
    crn_status status = prepare(&e, batch_size, pool, err);
    if (status == CRN_OK) {
        crn_pool_run(pool, e.batches.count, run_batch, &e);
        status = judge(&e, values, err);
    }
    release(&e);
    return status;
}

/* ---- evaluate() ---- */

static crn_status add_scores(const crn_network *network, const double *values,
                             crn_scores *scores, crn_error *err)
{
    for (size_t i = 0; i < crn_network_value_count(network); i++) {
        char *name = crn_network_value_name(network, i, "", err);
        if (name == NULL)
            return crn_no_memory(err);
        crn_status status = crn_scores_add(scores, name, values[i], err);
        free(name);
        CRN_TRY(status);
    }
    return CRN_OK;
}

static crn_status evaluate(const crn_network *network, const crn_fit_data *data, int batch_size,
                           crn_pool *pool, crn_scores *scores, crn_error *err)
{
    double *values = crn_calloc(crn_network_value_count(network), sizeof *values);
    if (values == NULL)
        return crn_no_memory(err);
    crn_status status =
        crn_network_test(network, data, batch_size > 0 ? batch_size : 32, pool, values, err);
    if (status == CRN_OK)
        status = add_scores(network, values, scores, err);
    free(values);
    return status;
}

crn_status crn_network_evaluate(const crn_model *model, const crn_data *data, int batch_size,
                                crn_pool *pool, crn_scores *scores, crn_error *err)
{
    crn_network *network = crn_model_network(model);
    if (network->compiled.loss.cls == NULL)
        return crn_fail(err, CRN_STATE, "You must call `compile()` before using the model.");
    if (batch_size < 0)
        return crn_fail(err, CRN_ARGUMENT, "batch_size must be positive, not %d", batch_size);
    CRN_TRY(crn_model_require(model, CRN_PREDICT, err));
    CRN_TRY(crn_fit_data_check(data, err));
    crn_type input = crn_fit_data_input_type(data);
    CRN_TRY(crn_network_build(network, &input, err)); /* it is: compares the shapes */
    crn_fit_data prepared;
    CRN_TRY(crn_fit_data_prepare(data, network, NULL, &prepared, err));
    crn_status status = evaluate(network, &prepared, batch_size, pool, scores, err);
    crn_fit_data_free(&prepared);
    return status;
}
