/* SPDX-License-Identifier: BSD-3-Clause */
/* Metrics, as keras.metrics 3.15: means over the samples, batch after batch. A class is one
 * const struct, listed in metrics.def.
 *
 *     crn_metric *metric = NULL;
 *     crn_metric_read(object, document, &metric, &err);   // "accuracy",
 * BinaryAccuracy(threshold=0.3), a record for (each batch) crn_metric_update(metric, &truth,
 * &prediction, weight, &err); crn_metric_result(metric); crn_metric_reset(metric);
 */
#ifndef CRN_KERAS_METRICS_METRIC_H
#define CRN_KERAS_METRICS_METRIC_H

#include "keras/keras_class.h"
#include "ops/training.h"

/* The config of every metric. Fields that a class does not have keep their defaults. */
typedef struct crn_metric_config {
    double threshold;
    int64_t k;
    bool from_logits;
    double label_smoothing;
    int64_t axis;     /* refused unless -1 */
    const char *name; /* NULL: the class's function */
} crn_metric_config;

typedef struct crn_metric_class crn_metric_class;

/* A batch as a class sees it: `items` samples (or samples with steps) of n numbers each. */
typedef struct crn_metric_batch {
    const crn_metric_class *cls;
    const crn_metric_config *config;
    int64_t items, n;
    const float *truth;      /* (items) labels, or (items, n) */
    const float *prediction; /* (items, n) */
} crn_metric_batch;

struct crn_metric_class {
    crn_keras_class base;
    const char *function; /* "binary_accuracy": the default name in logs */
    bool takes_labels;    /* truth is (items), not (items, n) */
    bool elementwise;     /* gives (items, n) values, not (items) */
    bool root;            /* the result is the root of the mean */
    bool up;              /* more is better: Keras's _direction, for callbacks */
    crn_loss_kind loss;   /* of the metrics that are a loss */
    void (*values)(const crn_metric_batch *batch, float *values);
};

/* All metrics: extern const crn_metric_class crn_metric_<class>. */
#define CRN_METRIC(name) extern const crn_metric_class crn_metric_##name;
#include "keras/metrics/metrics.def"
#undef CRN_METRIC

extern const crn_keras_kind crn_metrics;

typedef struct crn_metric crn_metric;

/* From a name, an expression or a record. "accuracy" and "acc" become binary, categorical or
 * sparse with the shapes of the first update, as compile() does. */
crn_status crn_metric_read(const crn_object *object, crn_document *document, crn_metric **out,
                           crn_error *err);
void crn_metric_destroy(crn_metric *metric); /* NULL is fine */

/* As history and evaluate print it: what the user wrote ("accuracy"), or the config's name. */
const char *crn_metric_name(const crn_metric *metric);
/* Is more of it better? An error or a loss: no. */
bool crn_metric_higher_is_better(const crn_metric *metric);
/* What compile() got, for configs: the string as given, or a record. NULL: no memory. */
crn_object *crn_metric_write(const crn_metric *metric, crn_document *document);

void crn_metric_reset(crn_metric *metric);
/* A batch: truth (rows, ...) of any number type, prediction float32 (rows, ...), both dense;
 * weight (rows) or NULL. Errors: CRN_SHAPE in Keras's words, CRN_NO_MEMORY. */
crn_status crn_metric_update(crn_metric *metric, const crn_array *truth,
                             const crn_array *prediction, const float *weight, crn_error *err);
/* The mean so far; 0 before the first sample, as Keras. */
double crn_metric_result(const crn_metric *metric);

#endif
