/* SPDX-License-Identifier: BSD-3-Clause */
/* AutoContrast and ContrastLimitedAdaptiveHistogramEqualization, as auto_contrast.py and clahe.py
 * of keras/src/layers/preprocessing/image_preprocessing/ (3.15): they run at inference, too. */
#include <string.h>

#include "keras/layers/layer.h"
#include "ops/elementwise.h"
#include "ops/image.h"

typedef struct contrast {
    crn_layer_config base;
    const crn_object *value_range, *tile_grid_size;
    const char *data_format;
    double clip_limit;
} contrast;

static const crn_field auto_contrast_fields[] = {
    CRN_PARAM(contrast, value_range, OBJECT, "(0, 255)", NULL),
    CRN_LAYER_KEYWORD(contrast, data_format, STRING, "None"),
    CRN_LAYER_FIELDS,
    CRN_FIELDS_END,
};

static const crn_field clahe_fields[] = {
    CRN_PARAM(contrast, value_range, OBJECT, "(0, 255)", NULL),
    CRN_PARAM(contrast, clip_limit, REAL, "4.0", NULL),
    CRN_PARAM(contrast, tile_grid_size, OBJECT, "(8, 8)", NULL),
    CRN_PARAM(contrast, data_format, STRING, "None", NULL),
    CRN_LAYER_FIELDS,
    CRN_FIELDS_END,
};

static bool is_channels_first(const contrast *config)
{
    return config->data_format != NULL && strcmp(config->data_format, "channels_first") == 0;
}

static bool read_range(const contrast *config, crn_value_range *out)
{
    double low = 0.0, high = 0.0;
    const bool is = crn_object_length(config->value_range) == 2 &&
                    crn_object_as_double(crn_object_item(config->value_range, 0), &low) &&
                    crn_object_as_double(crn_object_item(config->value_range, 1), &high);
    *out = (crn_value_range){.low = (float)low, .high = (float)high};
    return is;
}

static bool read_grid(const contrast *config, int64_t *height, int64_t *width)
{
    const crn_object *grid = config->tile_grid_size;
    return crn_object_length(grid) == 2 &&
           crn_object_as_int(crn_object_item(grid, 0), height) &&
           crn_object_as_int(crn_object_item(grid, 1), width) && *height > 0 && *width > 0;
}

static crn_status check_range(crn_layer *layer, crn_error *err)
{
    crn_value_range range;
    if (read_range(layer->config, &range))
        return CRN_OK;
    return crn_fail(err, CRN_ARGUMENT,
                    "The `value_range` argument should be a list of two numbers.");
}

static crn_status check_clahe(crn_layer *layer, crn_error *err)
{
    int64_t height, width;
    CRN_TRY(check_range(layer, err));
    if (read_grid(layer->config, &height, &width))
        return CRN_OK;
    return crn_fail(err, CRN_ARGUMENT,
                    "The `tile_grid_size` argument should be a list of two positive integers.");
}

static crn_status infer(const crn_layer *layer, const crn_type *in, int n_in, crn_type *out,
                        crn_error *err)
{
    char shape[CRN_SHAPE_TEXT];
    CRN_TRY(crn_layer_check_input(layer, in, n_in, 4, err));
    if (in[0].ndim != 3)
        return crn_fail(err, CRN_SHAPE,
                        "Layer \"%s\" expects a batch of images, of rank 4. Received: %s",
                        layer->name, crn_layer_shape_text(&in[0], shape, sizeof shape));
    *out = in[0];
    out->dtype = CRN_FLOAT32;
    out->itemsize = sizeof(float);
    return CRN_OK;
}

/* Over the first two axes of the item, whatever data_format says. */
static crn_value lower_auto_contrast(const crn_layer *layer, crn_lowering *lowering,
                                     const crn_value *in, int n_in)
{
    crn_value_range range;
    (void)n_in;
    (void)read_range(layer->config, &range); /* check() saw to it */
    if (range.low > range.high)
        range = (crn_value_range){.low = range.high, .high = range.low};
    return crn_auto_contrast(lowering->graph, crn_cast(lowering->graph, in[0], CRN_FLOAT32),
                             range);
}

static crn_value lower_clahe(const crn_layer *layer, crn_lowering *lowering,
                             const crn_value *in, int n_in)
{
    const contrast *config = layer->config;
    crn_clahe_attributes a = {.axis = is_channels_first(config) ? 1 : 0,
                              .clip_limit = config->clip_limit};
    (void)n_in;
    (void)read_range(config, &a.range);
    (void)read_grid(config, &a.grid_height, &a.grid_width);
    return crn_clahe(lowering->graph, crn_cast(lowering->graph, in[0], CRN_FLOAT32), &a);
}

const crn_layer_type crn_layer_AutoContrast = {
    .base = {.name = "AutoContrast",
             .module = "keras.layers",
             .size = sizeof(contrast),
             .fields = auto_contrast_fields},
    .infer = infer,
    .lower = lower_auto_contrast,
    .check = check_range,
};

const crn_layer_type crn_layer_ContrastLimitedAdaptiveHistogramEqualization = {
    .base = {.name = "ContrastLimitedAdaptiveHistogramEqualization",
             .module = "keras.layers",
             .size = sizeof(contrast),
             .fields = clahe_fields},
    .infer = infer,
    .lower = lower_clahe,
    .check = check_clahe,
};
