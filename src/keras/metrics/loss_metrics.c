/* SPDX-License-Identifier: BSD-3-Clause */
/* Metrics whose values are those of a loss (keras/src/metrics/regression_metrics.py,
 * probabilistic_metrics.py and hinge_metrics.py, 3.15). */
#include "keras/metrics/metric.h"

#include "ops/loss_functions.h"

static void loss_values(const crn_metric_batch *batch, float *values)
{
    const crn_metric_config *config = batch->config;
    crn_loss_attributes attributes = {.kind = batch->cls->loss,
                                      .from_logits = config->from_logits,
                                      .label_smoothing = (float)config->label_smoothing,
                                      .delta = 1.0f};
    crn_loss_item item = {.n = batch->n};
    if (!batch->cls->takes_labels)
        item.binary = crn_loss_targets_are_binary(batch->truth, batch->items * batch->n);
    for (int64_t i = 0; i < batch->items; i++) {
        item.prediction = batch->prediction + i * batch->n;
        if (batch->cls->takes_labels) {
            float label = batch->truth[i];
            item.label = label > -1.0f && label < (float)batch->n ? (int64_t)label : -1;
        } else
            item.target = batch->truth + i * batch->n;
        values[i] = crn_loss_value(&attributes, &item);
    }
}

/* The metric is the similarity, the loss its negative. */
static void cosine_values(const crn_metric_batch *batch, float *values)
{
    loss_values(batch, values);
    for (int64_t i = 0; i < batch->items; i++)
        values[i] = -values[i];
}

static crn_status check(const void *config_, crn_error *err)
{
    const crn_metric_config *config = config_;
    if (config->axis != 0 && config->axis != -1)
        return crn_fail(err, CRN_UNSUPPORTED,
                        "metrics over axis %lld are not supported, only over -1",
                        (long long)config->axis);
    return CRN_OK;
}

#define NAME        CRN_PARAM(crn_metric_config, name, STRING, "None", NULL)
#define FROM_LOGITS CRN_PARAM(crn_metric_config, from_logits, BOOL, "False", NULL)
#define AXIS        CRN_PARAM(crn_metric_config, axis, INT, "-1", NULL)

static const crn_field plain[] = {NAME, CRN_FIELDS_END};
static const crn_field with_axis[] = {NAME, AXIS, CRN_FIELDS_END};
static const crn_field crossentropy[] = {
    NAME, FROM_LOGITS, CRN_PARAM(crn_metric_config, label_smoothing, REAL, "0", "[0, 1]"), AXIS,
    CRN_FIELDS_END};
static const crn_field sparse[] = {NAME, FROM_LOGITS, AXIS, CRN_FIELDS_END};

#define METRIC(class_, function_, others, rows, loss_, ...)                                    \
    const crn_metric_class crn_metric_##class_ = {.base = {.name = #class_,                    \
                                                           .other_names = function_ others,    \
                                                           .module = "keras.metrics",          \
                                                           .size = sizeof(crn_metric_config),  \
                                                           .fields = rows,                     \
                                                           .check = check},                    \
                                                  .function = function_,                       \
                                                  .loss = CRN_LOSS_##loss_,                    \
                                                  __VA_ARGS__}
#define VALUES .values = loss_values

METRIC(BinaryCrossentropy, "binary_crossentropy", " bce BCE", crossentropy, BINARY_CROSSENTROPY,
       VALUES);
METRIC(CategoricalCrossentropy, "categorical_crossentropy", "", crossentropy,
       CATEGORICAL_CROSSENTROPY, VALUES);
METRIC(CategoricalHinge, "categorical_hinge", "", plain, CATEGORICAL_HINGE, VALUES);
METRIC(CosineSimilarity, "cosine_similarity", "", with_axis, COSINE_SIMILARITY,
       .values = cosine_values, .up = true);
METRIC(Hinge, "hinge", "", plain, HINGE, VALUES);
METRIC(KLDivergence, "kl_divergence", " kld KLD", plain, KL_DIVERGENCE, VALUES);
METRIC(LogCoshError, "logcosh", " log_cosh_error", plain, LOG_COSH, VALUES);
METRIC(MeanAbsoluteError, "mean_absolute_error", " mae MAE", plain, MEAN_ABSOLUTE_ERROR,
       VALUES);
METRIC(MeanAbsolutePercentageError, "mean_absolute_percentage_error", " mape MAPE", plain,
       MEAN_ABSOLUTE_PERCENTAGE_ERROR, VALUES);
METRIC(MeanSquaredError, "mean_squared_error", " mse MSE", plain, MEAN_SQUARED_ERROR, VALUES);
METRIC(MeanSquaredLogarithmicError, "mean_squared_logarithmic_error", " msle MSLE", plain,
       MEAN_SQUARED_LOGARITHMIC_ERROR, VALUES);
METRIC(Poisson, "poisson", "", plain, POISSON, VALUES);
METRIC(RootMeanSquaredError, "root_mean_squared_error", " rmse", plain, MEAN_SQUARED_ERROR,
       VALUES, .root = true);
METRIC(SparseCategoricalCrossentropy, "sparse_categorical_crossentropy", "", sparse,
       SPARSE_CATEGORICAL_CROSSENTROPY, VALUES, .takes_labels = true);
METRIC(SquaredHinge, "squared_hinge", "", plain, SQUARED_HINGE, VALUES);
