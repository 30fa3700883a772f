/* SPDX-License-Identifier: BSD-3-Clause */
/* Resizing, CenterCrop and RandomCrop, as resizing.py, center_crop.py and random_crop.py of
 * keras/src/layers/preprocessing/image_preprocessing/ (3.15) and image_preprocessing.py (2.15)
 * compute them at inference: a window of the image becomes an image of the size asked for. */
#include <math.h>
#include <string.h>

#include "keras/layers/layer.h"
#include "ops/elementwise.h"
#include "ops/image.h"

typedef struct resizing {
    crn_layer_config base;
    int64_t height, width;
    const char *interpolation;
    bool crop_to_aspect_ratio, pad_to_aspect_ratio, antialias;
    const char *fill_mode, *data_format;
    double fill_value;
    const crn_object *seed;
} resizing;

static const crn_field resizing_fields[] = {
    CRN_PARAM(resizing, height, INT, NULL, NULL),
    CRN_PARAM(resizing, width, INT, NULL, NULL),
    CRN_PARAM(resizing, interpolation, STRING, "'bilinear'", NULL),
    CRN_PARAM(resizing, crop_to_aspect_ratio, BOOL, "False", NULL),
    CRN_PARAM_SINCE(resizing, pad_to_aspect_ratio, BOOL, "False", NULL, "3.1", NULL),
    CRN_PARAM_SINCE(resizing, fill_mode, STRING, "'constant'", NULL, "3.1", NULL),
    CRN_PARAM_SINCE(resizing, fill_value, REAL, "0.0", NULL, "3.1", NULL),
    CRN_PARAM_SINCE(resizing, antialias, BOOL, "False", NULL, "3.11", NULL),
    CRN_PARAM_SINCE(resizing, data_format, STRING, "None", NULL, "3.0", NULL),
    CRN_LAYER_FIELDS,
    CRN_FIELDS_END,
};

static const crn_field center_crop_fields[] = {
    CRN_PARAM(resizing, height, INT, NULL, NULL),
    CRN_PARAM(resizing, width, INT, NULL, NULL),
    CRN_PARAM_SINCE(resizing, data_format, STRING, "None", NULL, "3.0", NULL),
    CRN_LAYER_FIELDS,
    CRN_FIELDS_END,
};

static const crn_field random_crop_fields[] = {
    CRN_PARAM(resizing, height, INT, NULL, NULL),
    CRN_PARAM(resizing, width, INT, NULL, NULL),
    CRN_PARAM(resizing, seed, OBJECT, "None", NULL),
    CRN_PARAM_SINCE(resizing, data_format, STRING, "None", NULL, "3.0", NULL),
    CRN_LAYER_FIELDS,
    CRN_FIELDS_END,
};

static bool is_channels_first(const resizing *config)
{
    return config->data_format != NULL && strcmp(config->data_format, "channels_first") == 0;
}

static crn_status check_size(crn_layer *layer, crn_error *err)
{
    const resizing *config = layer->config;
    const char *format = config->data_format;
    if (config->height < 1 || config->width < 1)
        return crn_fail(err, CRN_ARGUMENT,
                        "%s: height and width must be positive. Received: height=%lld, "
                        "width=%lld",
                        layer->type->base.name, (long long)config->height,
                        (long long)config->width);
    if (format == NULL || strcmp(format, "channels_last") == 0 || is_channels_first(config))
        return CRN_OK;
    return crn_fail(err, CRN_ARGUMENT,
                    "The `data_format` argument must be one of {'channels_first', "
                    "'channels_last'}. Received: data_format=%s",
                    format);
}

static crn_status check_resizing(crn_layer *layer, crn_error *err)
{
    const resizing *config = layer->config;
    crn_resize_method method;
    CRN_TRY(check_size(layer, err));
    if (!crn_resize_method_find(config->interpolation, &method))
        return crn_fail(err, CRN_ARGUMENT,
                        "Invalid value for argument `interpolation`. Received: "
                        "interpolation=%s",
                        config->interpolation != NULL ? config->interpolation : "None");
    if (config->fill_mode == NULL || strcmp(config->fill_mode, "constant") != 0)
        return crn_fail(err, CRN_ARGUMENT,
                        "Invalid value for argument `fill_mode`. Only `'constant'` is "
                        "supported. Received: fill_mode=%s",
                        config->fill_mode != NULL ? config->fill_mode : "None");
    if (config->pad_to_aspect_ratio && config->crop_to_aspect_ratio)
        return crn_fail(err, CRN_ARGUMENT,
                        "Only one of `pad_to_aspect_ratio` & `crop_to_aspect_ratio` can be "
                        "`True`.");
    return CRN_OK;
}

/* An item is one image, a batch has them along its first axis. */
static crn_status infer(const crn_layer *layer, const crn_type *in, int n_in, crn_type *out,
                        crn_error *err)
{
    const resizing *config = layer->config;
    const int32_t axis = is_channels_first(config) ? 1 : 0;
    char shape[CRN_SHAPE_TEXT];
    CRN_TRY(crn_layer_check_input(layer, in, n_in, 4, err));
    if (in[0].ndim != 3)
        return crn_fail(err, CRN_SHAPE,
                        "Layer \"%s\" expects a batch of images, of rank 4. Received: %s",
                        layer->name, crn_layer_shape_text(&in[0], shape, sizeof shape));
    *out = in[0];
    out->shape[axis] = config->height;
    out->shape[axis + 1] = config->width;
    if (in[0].dtype != CRN_FLOAT32 && layer->keras == 2) {
        out->dtype = CRN_FLOAT32;
        out->itemsize = sizeof(float);
    }
    return CRN_OK;
}

/* ---- windows ---- */

/* What of `length` stays when `other` is to have the ratio wanted : other_wanted; the quotient
 * is rounded as Keras rounds it. */
static int64_t length_at_ratio(int64_t other, int64_t wanted, int64_t other_wanted)
{
    const float length = (float)(other * wanted) / (float)other_wanted;
    return length < 2147483648.0f ? (int64_t)length : INT64_C(2147483647);
}

static int64_t clamped(int64_t x, int64_t least, int64_t most)
{
    return x < least ? least : x > most ? most : x;
}

static void crop_to_ratio(crn_resize_window *height, crn_resize_window *width)
{
    const int64_t h = height->length, w = width->length;
    height->length = clamped(length_at_ratio(w, height->size, width->size), 1, h);
    width->length = clamped(length_at_ratio(h, width->size, height->size), 1, w);
    height->begin = (h - height->length) / 2;
    width->begin = (w - width->length) / 2;
}

/* As much on both sides: an odd place too many is left out. */
static void pad_window(crn_resize_window *window, int64_t padded)
{
    const int64_t side = padded > window->length ? (padded - window->length) / 2 : 0;
    window->begin = -side;
    window->length += 2 * side;
}

static void pad_to_ratio(crn_resize_window *height, crn_resize_window *width)
{
    const int64_t h = height->length, w = width->length;
    pad_window(height, length_at_ratio(w, height->size, width->size));
    pad_window(width, length_at_ratio(h, width->size, height->size));
}

static crn_resize_attributes whole_image(const crn_layer *layer, const crn_graph *graph,
                                         crn_value x)
{
    const resizing *config = layer->config;
    const int32_t axis = is_channels_first(config) ? 1 : 0;
    const crn_type *type = crn_graph_type(graph, x);
    return (crn_resize_attributes){.axis = axis,
                                   .height = {0, type->shape[axis], config->height},
                                   .width = {0, type->shape[axis + 1], config->width}};
}

/* ---- the layers ---- */

static crn_value lower_resizing(const crn_layer *layer, crn_lowering *lowering,
                                const crn_value *in, int n_in)
{
    const resizing *config = layer->config;
    crn_graph *graph = lowering->graph;
    crn_resize_attributes a = whole_image(layer, graph, in[0]);
    (void)n_in;
    (void)crn_resize_method_find(config->interpolation, &a.method);
    a.antialias = config->antialias;
    a.fill = config->fill_value;
    if (config->crop_to_aspect_ratio)
        crop_to_ratio(&a.height, &a.width);
    if (config->pad_to_aspect_ratio)
        pad_to_ratio(&a.height, &a.width);
    return crn_resize(graph, crn_cast(graph, in[0], CRN_FLOAT32), &a);
}

/* The middle; an image that is too small is stretched instead. */
static crn_value lower_center_crop(const crn_layer *layer, crn_lowering *lowering,
                                   const crn_value *in, int n_in)
{
    crn_graph *graph = lowering->graph;
    crn_resize_attributes a = whole_image(layer, graph, in[0]);
    (void)n_in;
    if (a.height.length >= a.height.size && a.width.length >= a.width.size) {
        a.height.begin = (a.height.length - a.height.size) / 2;
        a.width.begin = (a.width.length - a.width.size) / 2;
        a.height.length = a.height.size;
        a.width.length = a.width.size;
    } else {
        crop_to_ratio(&a.height, &a.width);
    }
    return crn_resize(graph, crn_cast(graph, in[0], CRN_FLOAT32), &a);
}

/* Keras 3 gives the image on as it is. */
static crn_status infer_random_crop(const crn_layer *layer, const crn_type *in, int n_in,
                                    crn_type *out, crn_error *err)
{
    CRN_TRY(infer(layer, in, n_in, out, err));
    if (layer->keras != 2)
        *out = in[0];
    return CRN_OK;
}

static crn_value lower_random_crop(const crn_layer *layer, crn_lowering *lowering,
                                   const crn_value *in, int n_in)
{
    crn_graph *graph = lowering->graph;
    (void)n_in;
    if (lowering->training)
        return crn_graph_fail(graph, CRN_UNSUPPORTED,
                              "RandomCrop: training with random images is not supported");
    if (layer->keras != 2)
        return in[0];
    crn_resize_attributes a = whole_image(layer, graph, in[0]);
    crop_to_ratio(&a.height, &a.width);
    return crn_resize(graph, crn_cast(graph, in[0], CRN_FLOAT32), &a);
}

const crn_layer_type crn_layer_Resizing = {
    .base = {.name = "Resizing",
             .module = "keras.layers",
             .size = sizeof(resizing),
             .fields = resizing_fields},
    .infer = infer,
    .lower = lower_resizing,
    .check = check_resizing,
};

const crn_layer_type crn_layer_CenterCrop = {
    .base = {.name = "CenterCrop",
             .module = "keras.layers",
             .size = sizeof(resizing),
             .fields = center_crop_fields},
    .infer = infer,
    .lower = lower_center_crop,
    .check = check_size,
};

const crn_layer_type crn_layer_RandomCrop = {
    .base = {.name = "RandomCrop",
             .module = "keras.layers",
             .size = sizeof(resizing),
             .fields = random_crop_fields},
    .infer = infer_random_crop,
    .lower = lower_random_crop,
    .check = check_size,
};
