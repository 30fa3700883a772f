/* SPDX-License-Identifier: BSD-3-Clause */
/* Metrics: reading them, and the weighted mean over batches that all of them are
 * (keras/src/metrics/reduction_metrics.py, 3.15). */
#include "keras/metrics/metric.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "model/expression.h"

static const crn_keras_class *const classes[] = {
#define CRN_METRIC(name) &crn_metric_##name.base,
#include "keras/metrics/metrics.def"
#undef CRN_METRIC
};

const crn_keras_kind crn_metrics = {
    .noun = "metric", .classes = classes, .count = sizeof classes / sizeof *classes};

struct crn_metric {
    const crn_metric_class *cls; /* NULL: "accuracy", before its first batch */
    crn_metric_config config;
    crn_document *document;
    const char *given; /* the string compile() got; NULL: a call or a record */
    const char *name;
    double total, count;
    float *values; /* of a batch, and the truth as float32 behind them */
    size_t capacity;
};

/* ---- reading ---- */

/* A name, written as a string or bare in an expression. */
static const char *plain_name(const crn_object *object)
{
    if (crn_object_is(object, CRN_OBJ_GLOBAL))
        return crn_expression_name(object);
    return crn_object_text(object);
}

/* Keras 2's {"class_name": "MeanMetricWrapper", "config": {"name", "fn":
 * "mean_squared_error"}}: the function's name, as text or as a record of the function. NULL:
 * not one. */
static const crn_object *wrapped_function(const crn_object *object)
{
    if (!crn_object_is(object, CRN_OBJ_DICT) ||
        !crn_object_is_str(crn_object_get(object, "class_name"), "MeanMetricWrapper"))
        return NULL;
    return crn_object_get(crn_object_get(object, "config"), "fn");
}

static crn_status read_class(crn_metric *metric, const crn_object *object, crn_error *err)
{
    const crn_keras_class *cls;
    void *config;
    CRN_TRY(crn_keras_class_read(&crn_metrics, object, metric->document, &cls, &config, err));
    metric->cls = (const crn_metric_class *)cls;
    metric->config = *(const crn_metric_config *)config;
    free(config);
    return CRN_OK;
}

static crn_status read(crn_metric *metric, const crn_object *object, crn_error *err)
{
    metric->given = plain_name(object);
    if (metric->given != NULL &&
        (strcmp(metric->given, "accuracy") == 0 || strcmp(metric->given, "acc") == 0)) {
        metric->config.threshold = 0.5;
        metric->name = metric->given;
        return CRN_OK;
    }
    const crn_object *function = wrapped_function(object);
    CRN_TRY(read_class(metric, function != NULL ? function : object, err));
    metric->name = metric->config.name != NULL ? metric->config.name : metric->cls->function;
    if (metric->given != NULL)
        metric->name = metric->given;
    const crn_object *name = crn_object_get(crn_object_get(object, "config"), "name");
    if (function != NULL && crn_object_text(name) != NULL)
        metric->name = metric->config.name = crn_object_text(name);
    return CRN_OK;
}

crn_status crn_metric_read(const crn_object *object, crn_document *document, crn_metric **out,
                           crn_error *err)
{
    crn_metric *metric = crn_calloc(1, sizeof *metric);
    if (metric == NULL)
        return crn_no_memory(err);
    metric->document = crn_document_retain(document);
    crn_status status = read(metric, object, err);
    if (status != CRN_OK)
        crn_metric_destroy(metric);
    else
        *out = metric;
    return status;
}

void crn_metric_destroy(crn_metric *metric)
{
    if (metric == NULL)
        return;
    crn_document_release(metric->document);
    free(metric->values);
    free(metric);
}

const char *crn_metric_name(const crn_metric *metric)
{
    return metric->name;
}

bool crn_metric_higher_is_better(const crn_metric *metric)
{
    return metric->cls == NULL || metric->cls->up; /* "accuracy" of whatever kind is */
}

crn_object *crn_metric_write(const crn_metric *metric, crn_document *document)
{
    if (metric->given != NULL)
        return crn_object_str(document, metric->given);
    crn_metric_config config = metric->config;
    config.name = metric->name;
    return crn_keras_class_write(&metric->cls->base, &config, document);
}

/* ---- shapes ---- */

static int64_t last_axis(const crn_array *array)
{
    return array->ndim > 1 ? array->shape[array->ndim - 1] : 1;
}

/* What "accuracy" means for these shapes (keras/src/trainers/compile_utils.py, get_metric). */
static const crn_metric_class *accuracy_for(const crn_array *truth, const crn_array *prediction)
{
    if (last_axis(prediction) == 1)
        return &crn_metric_BinaryAccuracy;
    if (truth->ndim < prediction->ndim || last_axis(truth) == 1)
        return &crn_metric_SparseCategoricalAccuracy;
    return &crn_metric_CategoricalAccuracy;
}

static crn_status check_shapes(const crn_metric *metric, const crn_array *truth,
                               const crn_array *prediction, crn_error *err)
{
    int64_t size = crn_array_size(prediction);
    int64_t wanted = metric->cls->takes_labels && last_axis(prediction) > 0
                         ? size / last_axis(prediction)
                         : size;
    if (prediction->dtype != CRN_FLOAT32 || prediction->ndim < 1 || truth->ndim < 1)
        return crn_fail(err, CRN_DTYPE, "metrics judge float32 predictions (rows, ...)");
    if (truth->shape[0] != prediction->shape[0] || crn_array_size(truth) != wanted)
        return crn_fail(err, CRN_SHAPE,
                        "metric %s: %lld targets do not fit %lld predictions of %lld rows",
                        metric->name, (long long)crn_array_size(truth), (long long)size,
                        (long long)prediction->shape[0]);
    return CRN_OK;
}

/* ---- a batch ---- */

static crn_status reserve(crn_metric *metric, size_t count, crn_error *err)
{
    if (count <= metric->capacity)
        return CRN_OK;
    size_t bytes;
    if (!crn_mul_size(count, sizeof *metric->values, &bytes))
        return crn_no_memory(err);
    float *values = realloc(metric->values, bytes);
    if (values == NULL)
        return crn_no_memory(err);
    metric->values = values;
    metric->capacity = count;
    return CRN_OK;
}

/* The mean of each row's values, weighted by the row (reduce_to_samplewise_values). */
static void add_rows(crn_metric *metric, const float *values, int64_t rows, int64_t width,
                     const float *weight)
{
    for (int64_t r = 0; r < rows; r++) {
        double sum = 0.0;
        for (int64_t i = 0; i < width; i++)
            sum += (double)values[r * width + i];
        double w = weight != NULL ? (double)weight[r] : 1.0;
        metric->total += sum / (double)width * w;
        metric->count += w;
    }
}

crn_status crn_metric_update(crn_metric *metric, const crn_array *truth,
                             const crn_array *prediction, const float *weight, crn_error *err)
{
    if (metric->cls == NULL)
        metric->cls = accuracy_for(truth, prediction);
    CRN_TRY(check_shapes(metric, truth, prediction, err));
    int64_t size = crn_array_size(prediction), rows = prediction->shape[0];
    if (size == 0)
        return CRN_OK;
    CRN_TRY(reserve(metric, (size_t)size + (size_t)crn_array_size(truth), err));
    float *values = metric->values, *labels = values + size;
    CRN_TRY(crn_array_copy_to(truth, CRN_FLOAT32, sizeof *labels, labels, err));
    crn_metric_batch batch = {.cls = metric->cls,
                              .config = &metric->config,
                              .items = size / last_axis(prediction),
                              .n = last_axis(prediction),
                              .truth = labels,
                              .prediction = prediction->data};
    metric->cls->values(&batch, values);
    int64_t count = metric->cls->elementwise ? size : batch.items;
    add_rows(metric, values, rows, count / rows, weight);
    return CRN_OK;
}

void crn_metric_reset(crn_metric *metric)
{
    metric->total = metric->count = 0.0;
}

double crn_metric_result(const crn_metric *metric)
{
    double mean = metric->count != 0.0 ? metric->total / metric->count : 0.0;
    return metric->cls != NULL && metric->cls->root ? sqrt(mean) : mean;
}
