/* SPDX-License-Identifier: BSD-3-Clause */
/* BatchNormalization, as keras/src/layers/normalization/batch_normalization.py (3.15), over
 * one axis; SyncBatchNormalization is Keras 2's name for one of several devices. At inference x * inv + (beta - moving_mean * inv) with inv = gamma /
 * sqrt(moving_variance + epsilon), all in float32 and in the order of
 * tf.nn.batch_normalization.
 */
#include <math.h>

#include "keras/layers/layer.h"
#include "ops/elementwise.h"
#include "ops/rows.h"
#include "ops/training.h"

typedef struct batch_normalization {
    crn_layer_config base;
    const crn_object *axis; /* an int, or a list of one as Keras 2 writes it */
    double momentum, epsilon;
    bool center, scale;
    const crn_object *beta_initializer, *gamma_initializer;
    const crn_object *moving_mean_initializer, *moving_variance_initializer;
    const crn_object *beta_regularizer, *gamma_regularizer;
    const crn_object *beta_constraint, *gamma_constraint;
    bool renorm; /* tells in training alone */
    const crn_object *renorm_clipping;
    double renorm_momentum;
    bool synchronized; /* over devices: there is one */
} batch_normalization;

static const crn_field fields[] = {
    CRN_PARAM(batch_normalization, axis, OBJECT, "-1", NULL),
    CRN_PARAM(batch_normalization, momentum, REAL, "0.99", NULL),
    CRN_PARAM(batch_normalization, epsilon, REAL, "0.001", NULL),
    CRN_PARAM(batch_normalization, center, BOOL, "True", NULL),
    CRN_PARAM(batch_normalization, scale, BOOL, "True", NULL),
    CRN_PARAM(batch_normalization, beta_initializer, OBJECT, "'zeros'", NULL),
    CRN_PARAM(batch_normalization, gamma_initializer, OBJECT, "'ones'", NULL),
    CRN_PARAM(batch_normalization, moving_mean_initializer, OBJECT, "'zeros'", NULL),
    CRN_PARAM(batch_normalization, moving_variance_initializer, OBJECT, "'ones'", NULL),
    CRN_PARAM(batch_normalization, beta_regularizer, OBJECT, "None", NULL),
    CRN_PARAM(batch_normalization, gamma_regularizer, OBJECT, "None", NULL),
    CRN_PARAM(batch_normalization, beta_constraint, OBJECT, "None", NULL),
    CRN_PARAM(batch_normalization, gamma_constraint, OBJECT, "None", NULL),
    CRN_PARAM_SINCE(batch_normalization, renorm, BOOL, "False", NULL, "3.13", NULL),
    CRN_PARAM_SINCE(batch_normalization, renorm_clipping, OBJECT, "None", NULL, "3.13", NULL),
    CRN_PARAM_SINCE(batch_normalization, renorm_momentum, REAL, "0.99", NULL, "3.13", NULL),
    CRN_PARAM_SINCE(batch_normalization, synchronized, BOOL, "False", NULL, "3.0", NULL),
    CRN_LAYER_FIELDS,
    CRN_FIELDS_END,
};

static crn_status check(crn_layer *layer, crn_error *err)
{
    const batch_normalization *config = layer->config;
    if (config->epsilon >= 0.0)
        return CRN_OK;
    return crn_fail(err, CRN_ARGUMENT,
                    "BatchNormalization: epsilon must be at least 0. Received: epsilon=%g",
                    config->epsilon);
}

/* The axis as one of the item's. */
static crn_status find_axis(const crn_layer *layer, const crn_type *in, int32_t *out,
                            crn_error *err)
{
    const crn_object *axis = ((const batch_normalization *)layer->config)->axis;
    int64_t value = 0;
    char shape[CRN_SHAPE_TEXT];
    if (crn_object_length(axis) == 1)
        axis = crn_object_item(axis, 0);
    const bool known = crn_object_as_int(axis, &value);
    const int64_t at = value < 0 ? value + in->ndim : value - 1;
    *out = (int32_t)at;
    if (known && at >= 0 && at < in->ndim)
        return CRN_OK;
    return crn_fail(err, known && at != -1 ? CRN_ARGUMENT : CRN_UNSUPPORTED,
                    "BatchNormalization: Axis %lld is out of bounds for input shape %s, or "
                    "axis is not one int behind the batch's",
                    (long long)value, crn_layer_shape_text(in, shape, sizeof shape));
}

static crn_status infer(const crn_layer *layer, const crn_type *in, int n_in, crn_type *out,
                        crn_error *err)
{
    int32_t axis;
    CRN_TRY(crn_layer_check_input(layer, in, n_in, 2, err));
    CRN_TRY(find_axis(layer, &in[0], &axis, err));
    *out = in[0];
    return CRN_OK;
}

/* The three that training with renorm keeps; inference does not read them. */
static crn_status build_renorm(crn_layer *layer, const int64_t *n, crn_error *err)
{
    const batch_normalization *config = layer->config;
    static const char *const names[] = {"moving_stddev", "renorm_mean", "renorm_stddev"};
    for (int i = 0; config->renorm && i < 3; i++)
        CRN_TRY(crn_layer_add_weight(layer, names[i], 1, n, false,
                                     i == 1 ? config->moving_mean_initializer
                                            : config->moving_variance_initializer,
                                     NULL, NULL, err));
    return CRN_OK;
}

/* gamma, beta, moving_mean, moving_variance; the first two only where the config has them. */
static crn_status build(crn_layer *layer, const crn_type *in, int n_in, crn_error *err)
{
    const batch_normalization *config = layer->config;
    int64_t length, *n = &length;
    int32_t axis;
    (void)n_in;
    CRN_TRY(find_axis(layer, &in[0], &axis, err));
    CRN_TRY(crn_layer_known_axis(layer, &in[0], axis == in[0].ndim - 1 ? -1 : axis, n, err));
    if (config->scale)
        CRN_TRY(crn_layer_add_weight(layer, "gamma", 1, n, true, config->gamma_initializer,
                                     config->gamma_regularizer, config->gamma_constraint, err));
    if (config->center)
        CRN_TRY(crn_layer_add_weight(layer, "beta", 1, n, true, config->beta_initializer,
                                     config->beta_regularizer, config->beta_constraint, err));
    CRN_TRY(crn_layer_add_weight(layer, "moving_mean", 1, n, false,
                                 config->moving_mean_initializer, NULL, NULL, err));
    CRN_TRY(crn_layer_add_weight(layer, "moving_variance", 1, n, false,
                                 config->moving_variance_initializer, NULL, NULL, err));
    return build_renorm(layer, n, err);
}

/* Places of the weights; -1: not there. */
typedef struct places {
    int gamma, beta, moving_mean, moving_variance;
} places;

static places places_of(const batch_normalization *config)
{
    const int scale = config->scale, center = config->center;
    return (places){.gamma = scale ? 0 : -1,
                    .beta = center ? scale : -1,
                    .moving_mean = scale + center,
                    .moving_variance = scale + center + 1};
}

/* ---- inference ---- */

static float weight_at(const crn_layer *layer, int place, int64_t j, float otherwise)
{
    return place >= 0 ? ((const float *)layer->weights[place].array.data)[j] : otherwise;
}

/* The two vectors (n) of x * inv + shift. */
static crn_status fold(const crn_layer *layer, crn_array *inv, crn_array *shift, crn_error *err)
{
    const batch_normalization *config = layer->config;
    const places at = places_of(config);
    const int64_t n = layer->weights[at.moving_mean].array.shape[0];
    CRN_TRY(crn_array_create(CRN_FLOAT32, 0, 1, &n, inv, err));
    CRN_TRY(crn_array_create(CRN_FLOAT32, 0, 1, &n, shift, err));
    for (int64_t j = 0; j < n; j++) {
        float variance = weight_at(layer, at.moving_variance, j, 1.0f);
        float factor = 1.0f / sqrtf(variance + (float)config->epsilon);
        factor *= weight_at(layer, at.gamma, j, 1.0f);
        ((float *)inv->data)[j] = factor;
        ((float *)shift->data)[j] = weight_at(layer, at.beta, j, 0.0f) -
                                    weight_at(layer, at.moving_mean, j, 0.0f) * factor;
    }
    return CRN_OK;
}

/* A vector along another axis than the last meets x by broadcasting. */
static crn_value scale_along(crn_graph *graph, crn_value x, int32_t axis, crn_value inv,
                             crn_value shift)
{
    const crn_type *type = crn_graph_type(graph, x);
    int64_t shape[CRN_MAX_NDIM] = {0};
    if (axis == type->ndim - 1)
        return crn_scale(graph, x, CRN_SCALE_MULTIPLY_ADD, inv, shift);
    const int32_t ndim = type->ndim - axis;
    for (int32_t i = 0; i < ndim; i++)
        shape[i] = i == 0 ? type->shape[axis] : 1;
    x = crn_binary(graph, x, crn_reshape(graph, inv, ndim, shape), CRN_BINARY_MULTIPLY);
    return crn_binary(graph, x, crn_reshape(graph, shift, ndim, shape), CRN_BINARY_ADD);
}

static crn_value lower_inference(const crn_layer *layer, crn_graph *graph, crn_value x)
{
    crn_array inv = CRN_ARRAY_INIT, shift = CRN_ARRAY_INIT;
    crn_value y = CRN_NO_VALUE;
    int32_t axis;
    x = crn_cast(graph, x, CRN_FLOAT32);
    if (find_axis(layer, crn_graph_type(graph, x), &axis, &graph->error) == CRN_OK &&
        fold(layer, &inv, &shift, &graph->error) == CRN_OK)
        y = scale_along(graph, x, axis, crn_graph_constant(graph, &inv),
                        crn_graph_constant(graph, &shift));
    crn_array_free(&inv);
    crn_array_free(&shift);
    return y;
}

/* ---- training ---- */

static crn_value value_at(const crn_layer *layer, crn_lowering *lowering, int place)
{
    return place >= 0 ? crn_layer_weight_value(layer, lowering, (size_t)place) : CRN_NO_VALUE;
}

/* Keras 2 takes images (4 axes with the batch) through a fused kernel whose variance for the
 * moving average is the sample's. */
static crn_value lower_training(const crn_layer *layer, crn_lowering *lowering, crn_value x)
{
    const batch_normalization *config = layer->config;
    const places at = places_of(config);
    crn_graph *graph = lowering->graph;
    int32_t axis;
    if (find_axis(layer, crn_graph_type(graph, x), &axis, &graph->error) != CRN_OK)
        return CRN_NO_VALUE;
    if (config->renorm || axis != crn_graph_type(graph, x)->ndim - 1)
        return crn_graph_fail(graph, CRN_UNSUPPORTED,
                              "BatchNormalization: training with %s is not supported",
                              config->renorm ? "renorm" : "another axis than the last");
    const bool sample_variance = layer->keras == 2 && crn_graph_type(graph, x)->ndim == 3;
    crn_value gamma = value_at(layer, lowering, at.gamma);
    crn_value beta = value_at(layer, lowering, at.beta);
    crn_value mean = value_at(layer, lowering, at.moving_mean);
    crn_value variance = value_at(layer, lowering, at.moving_variance);
    crn_value y =
        crn_batch_normalise(graph, x, gamma, beta, mean, variance, (float)config->epsilon,
                            (float)config->momentum, sample_variance);
    crn_graph_update(graph, mean, crn_graph_output_of(graph, y, 1));
    crn_graph_update(graph, variance, crn_graph_output_of(graph, y, 2));
    return y;
}

/* A layer that is not trainable stays in inference mode, as Keras documents it. */
static crn_value lower(const crn_layer *layer, crn_lowering *lowering, const crn_value *in,
                       int n_in)
{
    (void)n_in;
    return lowering->training && layer->trainable
               ? lower_training(layer, lowering, in[0])
               : lower_inference(layer, lowering->graph, in[0]);
}

#define BATCH_NORMALIZATION(class_, until_)                                                    \
    const crn_layer_type crn_layer_##class_ = {                                                \
        .base = {.name = #class_,                                                              \
                 .module = "keras.layers",                                                     \
                 .until = until_,                                                              \
                 .size = sizeof(batch_normalization),                                          \
                 .fields = fields},                                                            \
        .infer = infer,                                                                        \
        .lower = lower,                                                                        \
        .supports_masking = true,                                                              \
        .trains = true,                                                                        \
        .build = build,                                                                        \
        .built_by_call = true,                                                                 \
        .check = check,                                                                        \
    }

BATCH_NORMALIZATION(BatchNormalization, NULL);
BATCH_NORMALIZATION(SyncBatchNormalization, "3.0");
