/* SPDX-License-Identifier: BSD-3-Clause */
/* The loss of a batch: the loss of each sample, weighted and reduced as
 * keras/src/losses/loss.py, 3.15. */
#include "ops/backward.h"
#include "ops/infer.h"
#include "ops/loss_functions.h"

enum { PREDICTION, TARGET, WEIGHT };

/* ---- shapes ---- */

static bool is_sparse(const crn_loss_attributes *attributes)
{
    return attributes->kind == CRN_LOSS_SPARSE_CATEGORICAL_CROSSENTROPY;
}

static bool same_axes(const crn_type *a, const crn_type *b, int32_t ndim)
{
    for (int32_t i = 0; i < ndim; i++) {
        if (a->shape[i] != b->shape[i])
            return false;
    }
    return true;
}

/* The item over whose last axis the loss is taken: the prediction's, or the target's where one
 * of the two has one more axis of length 1 (losses/loss.py, squeeze_or_expand_to_same_rank). */
static bool common_item(const crn_type *prediction, const crn_type *target, crn_type *item)
{
    *item = *prediction;
    if (prediction->ndim == target->ndim)
        return same_axes(prediction, target, target->ndim);
    const crn_type *more = prediction->ndim > target->ndim ? prediction : target;
    const crn_type *less = more == prediction ? target : prediction;
    if (more->ndim != less->ndim + 1 || more->shape[less->ndim] != 1 ||
        !same_axes(more, less, less->ndim))
        return false;
    *item = less->ndim == 0 ? *more : *less;
    item->dtype = prediction->dtype;
    item->itemsize = prediction->itemsize;
    return true;
}

static crn_status shapes_disagree(const crn_type *prediction, const crn_type *target,
                                  const char *rule, crn_error *err)
{
    char text[2][128];
    return crn_fail(err, CRN_SHAPE,
                    "Arguments `target` and `output` must have the same shape%s. Received: "
                    "target %s, output %s",
                    rule, crn_type_text(target, text[0], sizeof text[0]),
                    crn_type_text(prediction, text[1], sizeof text[1]));
}

/* The sparse loss: labels (rows, ...) or (rows, ..., 1) for a prediction (rows, ..., classes).
 */
static crn_status sparse_item(const crn_type *prediction, const crn_type *target,
                              crn_type *item, crn_error *err)
{
    int32_t axes = prediction->ndim - 1;
    bool column = target->ndim == prediction->ndim && target->shape[axes] == 1;
    *item = *prediction;
    if ((target->ndim != axes && !column) || !same_axes(prediction, target, axes))
        return shapes_disagree(prediction, target, " up until the last dimension", err);
    if (target->dtype != CRN_INT64 && target->dtype != CRN_FLOAT32)
        return crn_fail(err, CRN_DTYPE, "labels must be int64 or float32, not %s",
                        crn_dtype_name(target->dtype));
    return CRN_OK;
}

static crn_status dense_item(const crn_type *prediction, const crn_type *target, crn_type *item,
                             crn_error *err)
{
    if (!common_item(prediction, target, item))
        return shapes_disagree(prediction, target, "", err);
    if (target->dtype != CRN_FLOAT32)
        return crn_fail(err, CRN_DTYPE, "targets must be float32, not %s",
                        crn_dtype_name(target->dtype));
    return CRN_OK;
}

static crn_status infer(const void *attributes_, const crn_type *in, int n_in, crn_type *out,
                        crn_error *err)
{
    const crn_loss_attributes *attributes = attributes_;
    CRN_TRY(crn_infer_count("loss", n_in, 3, 3, err));
    if (in[PREDICTION].dtype != CRN_FLOAT32 || !in[PREDICTION].rows || in[PREDICTION].ndim < 1)
        return crn_fail(err, CRN_SHAPE, "a loss needs float32 predictions (rows, ..., n)");
    crn_type item;
    CRN_TRY(is_sparse(attributes) ? sparse_item(&in[PREDICTION], &in[TARGET], &item, err)
                                  : dense_item(&in[PREDICTION], &in[TARGET], &item, err));
    int64_t one = 1;
    out[0] = crn_type_rows(CRN_FLOAT32, 1, &one);
    out[0].rows = false;
    out[1] = crn_type_rows(CRN_FLOAT32, item.ndim - 1, item.shape);
    const crn_type *weight = &in[WEIGHT];
    if (weight->dtype != CRN_NO_DTYPE &&
        (weight->dtype != CRN_FLOAT32 || crn_type_size(weight) != crn_type_size(&out[1])))
        return crn_fail(err, CRN_SHAPE,
                        "sample weights must be float32, one for each value of the loss");
    return CRN_OK;
}

/* ---- numbers ---- */

/* Values of the loss in this batch, and how many predictions each one judges. */
static int64_t value_count(const crn_call *call)
{
    return crn_type_count(&call->out_types[1], call->rows);
}

static crn_loss_item first_item(const crn_call *call)
{
    const crn_loss_attributes *attributes = call->attributes;
    int64_t items = crn_type_size(&call->out_types[1]);
    crn_loss_item item = {.prediction = call->in[PREDICTION]};
    item.n = items > 0 ? crn_type_size(&call->in_types[PREDICTION]) / items : 0;
    if (attributes->kind == CRN_LOSS_HINGE || attributes->kind == CRN_LOSS_SQUARED_HINGE)
        item.binary = crn_loss_targets_are_binary(call->in[TARGET], item.n * value_count(call));
    return item;
}

/* Points the item at value i of the batch. */
static void set_item(const crn_call *call, int64_t i, crn_loss_item *item)
{
    item->prediction = (const float *)call->in[PREDICTION] + i * item->n;
    if (!is_sparse(call->attributes))
        item->target = (const float *)call->in[TARGET] + i * item->n;
    else if (call->in_types[TARGET].dtype == CRN_INT64)
        item->label = ((const int64_t *)call->in[TARGET])[i];
    else {
        float label = ((const float *)call->in[TARGET])[i];
        item->label = label > -1.0f && label < (float)item->n ? (int64_t)label : -1;
    }
}

/* What the sum of the weighted values is divided by. */
static double divisor(const crn_call *call)
{
    const crn_loss_attributes *attributes = call->attributes;
    const float *weight = call->in[WEIGHT];
    int64_t count = value_count(call);
    if (attributes->reduction == CRN_REDUCTION_SUM)
        return 1.0;
    if (attributes->reduction == CRN_REDUCTION_SUM_OVER_BATCH_SIZE || weight == NULL)
        return (double)count;
    double sum = 0.0;
    for (int64_t i = 0; i < count; i++)
        sum += (double)weight[i];
    return sum;
}

static void forward(const crn_call *call)
{
    const float *weight = call->in[WEIGHT];
    float *values = call->out[1];
    crn_loss_item item = first_item(call);
    double sum = 0.0;
    for (int64_t i = 0; i < value_count(call); i++) {
        set_item(call, i, &item);
        float value = crn_loss_value(call->attributes, &item);
        sum += (double)(weight != NULL ? value * weight[i] : value);
        if (values != NULL)
            values[i] = value;
    }
    double by = divisor(call);
    if (call->out[0] != NULL)
        *(float *)call->out[0] = by == 0.0 ? 0.0f : (float)(sum / by); /* divide_no_nan */
}

/* Of the scalar: d loss / d value = weight / divisor. The values themselves (output 1) are for
 * looking at. */
static void backward(const crn_call *call)
{
    double by = divisor(call);
    float *gradient = call->grad_in[PREDICTION];
    const float *weight = call->in[WEIGHT];
    if (gradient == NULL || call->grad_out[0] == NULL || by == 0.0)
        return;
    float scale = *(const float *)call->grad_out[0] / (float)by;
    crn_loss_item item = first_item(call);
    for (int64_t i = 0; i < value_count(call); i++) {
        set_item(call, i, &item);
        crn_loss_add_gradient(call->attributes, &item,
                              weight != NULL ? scale * weight[i] : scale,
                              gradient + i * item.n);
    }
}

crn_value crn_loss(crn_graph *graph, crn_value prediction, crn_value target, crn_value weight,
                   const crn_loss_attributes *attributes)
{
    crn_value in[] = {[PREDICTION] = prediction, [TARGET] = target, [WEIGHT] = weight};
    return crn_graph_add(graph, &crn_op_loss, attributes, in, 3);
}

const crn_op crn_op_loss = {.name = "loss",
                            .attributes_size = sizeof(crn_loss_attributes),
                            .flags = CRN_OP_WHOLE_BATCH,
                            .n_out = 2,
                            .infer = infer,
                            .forward = forward,
                            .backward = backward};
