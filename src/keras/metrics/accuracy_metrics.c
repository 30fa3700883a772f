/* SPDX-License-Identifier: BSD-3-Clause */
/* The accuracy family (keras/src/metrics/accuracy_metrics.py, 3.15): 1 for a hit, 0 for a miss.
 */
#include "keras/metrics/metric.h"

#include <math.h>

/* The first largest of n, as argmax. */
static int64_t argmax(const float *x, int64_t n)
{
    int64_t best = 0;
    for (int64_t i = 1; i < n; i++)
        best = x[i] > x[best] ? i : best;
    return best;
}

/* tf.math.in_top_k: fewer than k predictions are larger than the target's, which must be
 * finite. */
static bool is_in_top_k(const float *x, int64_t n, int64_t target, int64_t k)
{
    if (target < 0 || target >= n || !isfinite(x[target]))
        return false;
    int64_t larger = 0;
    for (int64_t i = 0; i < n; i++) {
        if (!isfinite(x[i]))
            return false;
        larger += x[i] > x[target];
    }
    return larger < k;
}

static void equal_values(const crn_metric_batch *batch, float *values)
{
    for (int64_t i = 0; i < batch->items * batch->n; i++)
        values[i] = batch->truth[i] == batch->prediction[i] ? 1.0f : 0.0f;
}

static void binary_values(const crn_metric_batch *batch, float *values)
{
    for (int64_t i = 0; i < batch->items * batch->n; i++) {
        float decision = batch->prediction[i] > (float)batch->config->threshold ? 1.0f : 0.0f;
        values[i] = batch->truth[i] == decision ? 1.0f : 0.0f;
    }
}

/* The class that truth names: a label, or where the one of a one-hot vector stands. */
static int64_t true_class(const crn_metric_batch *batch, int64_t i)
{
    if (!batch->cls->takes_labels)
        return argmax(batch->truth + i * batch->n, batch->n);
    float label = batch->truth[i];
    return label >= 0.0f && label < (float)batch->n && label == truncf(label) ? (int64_t)label
                                                                              : -1;
}

static void argmax_values(const crn_metric_batch *batch, float *values)
{
    for (int64_t i = 0; i < batch->items; i++)
        values[i] = true_class(batch, i) == argmax(batch->prediction + i * batch->n, batch->n)
                        ? 1.0f
                        : 0.0f;
}

static void top_k_values(const crn_metric_batch *batch, float *values)
{
    for (int64_t i = 0; i < batch->items; i++)
        values[i] = is_in_top_k(batch->prediction + i * batch->n, batch->n,
                                true_class(batch, i), batch->config->k)
                        ? 1.0f
                        : 0.0f;
}

#define NAME CRN_PARAM(crn_metric_config, name, STRING, "None", NULL)

static const crn_field plain_fields[] = {NAME, CRN_FIELDS_END};
static const crn_field binary_fields[] = {
    NAME, CRN_PARAM(crn_metric_config, threshold, REAL, "0.5", NULL), CRN_FIELDS_END};
static const crn_field top_k_fields[] = {CRN_PARAM(crn_metric_config, k, INT, "5", NULL), NAME,
                                         CRN_FIELDS_END};

#define ACCURACY(class_, function_, rows, values_, labels, elements)                           \
    const crn_metric_class crn_metric_##class_ = {.base = {.name = #class_,                    \
                                                           .other_names = function_,           \
                                                           .module = "keras.metrics",          \
                                                           .size = sizeof(crn_metric_config),  \
                                                           .fields = rows},                    \
                                                  .function = function_,                       \
                                                  .takes_labels = labels,                      \
                                                  .elementwise = elements,                     \
                                                  .up = true,                                  \
                                                  .values = values_}

ACCURACY(Accuracy, "accuracy", plain_fields, equal_values, false, true);
ACCURACY(BinaryAccuracy, "binary_accuracy", binary_fields, binary_values, false, true);
ACCURACY(CategoricalAccuracy, "categorical_accuracy", plain_fields, argmax_values, false,
         false);
ACCURACY(SparseCategoricalAccuracy, "sparse_categorical_accuracy", plain_fields, argmax_values,
         true, false);
ACCURACY(SparseTopKCategoricalAccuracy, "sparse_top_k_categorical_accuracy", top_k_fields,
         top_k_values, true, false);
ACCURACY(TopKCategoricalAccuracy, "top_k_categorical_accuracy", top_k_fields, top_k_values,
         false, false);
