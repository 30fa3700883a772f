/* SPDX-License-Identifier: BSD-3-Clause */
/* The layers that change images at random while training and give them on as they are at
 * inference, as keras/src/layers/preprocessing/image_preprocessing/ (3.15) and
 * keras/src/layers/preprocessing/image_preprocessing.py (2.15). What they would do is kept for
 * configs alone. */
#include "keras/layers/layer.h"
#include "ops/elementwise.h"

enum { MOST_ARGUMENTS = 9 };

typedef struct augmentation {
    crn_layer_config base;
    const crn_object *arguments[MOST_ARGUMENTS]; /* in the order of the signature */
} augmentation;

/* Integers come out as float32, the layers' own type. */
static crn_status infer(const crn_layer *layer, const crn_type *in, int n_in, crn_type *out,
                        crn_error *err)
{
    CRN_TRY(crn_layer_same_shape(layer, in, n_in, out, err));
    out->dtype = CRN_FLOAT32;
    out->itemsize = sizeof(float);
    return CRN_OK;
}

static crn_value lower(const crn_layer *layer, crn_lowering *lowering, const crn_value *in,
                       int n_in)
{
    (void)n_in;
    if (lowering->training)
        return crn_graph_fail(lowering->graph, CRN_UNSUPPORTED,
                              "%s: training with random images is not supported",
                              layer->type->base.name);
    return crn_cast(lowering->graph, in[0], CRN_FLOAT32);
}

/* clang-format off */
#define ARGUMENT(i, name_, default_)                                                           \
    {                                                                                          \
        .name = #name_, .type = CRN_FIELD_OBJECT, .flags = CRN_FIELD_PARAM,                    \
        .offset = offsetof(augmentation, arguments[i]), .dflt = default_                       \
    }
/* Layers that are older than this argument. */
#define ARGUMENT_SINCE(i, name_, default_)                                                     \
    {                                                                                          \
        .name = #name_, .type = CRN_FIELD_OBJECT, .flags = CRN_FIELD_PARAM,                    \
        .offset = offsetof(augmentation, arguments[i]), .dflt = default_, .since = "3.7"       \
    }
#define AUGMENTATION(class_, ...)                                                              \
    static const crn_field class_##_fields[] = {__VA_ARGS__, CRN_LAYER_FIELDS, CRN_FIELDS_END};\
    const crn_layer_type crn_layer_##class_ = {                                                \
        .base = {.name = #class_, .module = "keras.layers", .size = sizeof(augmentation),      \
                 .fields = class_##_fields},                                                   \
        .infer = infer,                                                                        \
        .lower = lower,                                                                        \
    };

AUGMENTATION(AugMix,
    ARGUMENT(0, value_range, "(0, 255)"),
    ARGUMENT(1, num_chains, "3"),
    ARGUMENT(2, chain_depth, "3"),
    ARGUMENT(3, factor, "0.3"),
    ARGUMENT(4, alpha, "1.0"),
    ARGUMENT(5, all_ops, "True"),
    ARGUMENT(6, interpolation, "'bilinear'"),
    ARGUMENT(7, seed, "None"),
    ARGUMENT(8, data_format, "None"))
AUGMENTATION(CutMix,
    ARGUMENT(0, factor, "1.0"),
    ARGUMENT(1, seed, "None"),
    ARGUMENT(2, data_format, "None"))
AUGMENTATION(Equalization,
    ARGUMENT(0, value_range, "(0, 255)"),
    ARGUMENT(1, bins, "256"),
    ARGUMENT(2, data_format, "None"))
AUGMENTATION(MaxNumBoundingBoxes,
    ARGUMENT(0, max_number, NULL),
    ARGUMENT(1, fill_value, "-1"),
    ARGUMENT(2, data_format, "None"))
AUGMENTATION(MixUp,
    ARGUMENT(0, alpha, "0.2"),
    ARGUMENT(1, data_format, "None"),
    ARGUMENT(2, seed, "None"))
AUGMENTATION(RandAugment,
    ARGUMENT(0, value_range, "(0, 255)"),
    ARGUMENT(1, num_ops, "2"),
    ARGUMENT(2, factor, "0.5"),
    ARGUMENT(3, interpolation, "'bilinear'"),
    ARGUMENT(4, seed, "None"),
    ARGUMENT(5, data_format, "None"))
AUGMENTATION(RandomBrightness,
    ARGUMENT(0, factor, NULL),
    ARGUMENT(1, value_range, "(0, 255)"),
    ARGUMENT(2, seed, "None"),
    ARGUMENT_SINCE(3, data_format, "None"))
AUGMENTATION(RandomColorDegeneration,
    ARGUMENT(0, factor, NULL),
    ARGUMENT(1, value_range, "(0, 255)"),
    ARGUMENT(2, data_format, "None"),
    ARGUMENT(3, seed, "None"))
AUGMENTATION(RandomColorJitter,
    ARGUMENT(0, value_range, "(0, 255)"),
    ARGUMENT(1, brightness_factor, "None"),
    ARGUMENT(2, contrast_factor, "None"),
    ARGUMENT(3, saturation_factor, "None"),
    ARGUMENT(4, hue_factor, "None"),
    ARGUMENT(5, seed, "None"),
    ARGUMENT(6, data_format, "None"))
AUGMENTATION(RandomContrast,
    ARGUMENT(0, factor, NULL),
    ARGUMENT_SINCE(1, value_range, "(0, 255)"),
    ARGUMENT(2, seed, "None"),
    ARGUMENT_SINCE(3, data_format, "None"))
AUGMENTATION(RandomElasticTransform,
    ARGUMENT(0, factor, "1.0"),
    ARGUMENT(1, scale, "1.0"),
    ARGUMENT(2, interpolation, "'bilinear'"),
    ARGUMENT(3, fill_mode, "'reflect'"),
    ARGUMENT(4, fill_value, "0.0"),
    ARGUMENT(5, value_range, "(0, 255)"),
    ARGUMENT(6, seed, "None"),
    ARGUMENT(7, data_format, "None"))
AUGMENTATION(RandomErasing,
    ARGUMENT(0, factor, "1.0"),
    ARGUMENT(1, scale, "(0.02, 0.33)"),
    ARGUMENT(2, fill_value, "None"),
    ARGUMENT(3, value_range, "(0, 255)"),
    ARGUMENT(4, seed, "None"),
    ARGUMENT(5, data_format, "None"))
AUGMENTATION(RandomFlip,
    ARGUMENT(0, mode, "'horizontal_and_vertical'"),
    ARGUMENT(1, seed, "None"),
    ARGUMENT_SINCE(2, data_format, "None"))
AUGMENTATION(RandomGaussianBlur,
    ARGUMENT(0, factor, "1.0"),
    ARGUMENT(1, kernel_size, "3"),
    ARGUMENT(2, sigma, "1.0"),
    ARGUMENT(3, value_range, "(0, 255)"),
    ARGUMENT(4, data_format, "None"),
    ARGUMENT(5, seed, "None"))
AUGMENTATION(RandomGrayscale,
    ARGUMENT(0, factor, "0.5"),
    ARGUMENT(1, data_format, "None"),
    ARGUMENT(2, seed, "None"))
AUGMENTATION(RandomHue,
    ARGUMENT(0, factor, NULL),
    ARGUMENT(1, value_range, "(0, 255)"),
    ARGUMENT(2, data_format, "None"),
    ARGUMENT(3, seed, "None"))
AUGMENTATION(RandomInvert,
    ARGUMENT(0, factor, "1.0"),
    ARGUMENT(1, value_range, "(0, 255)"),
    ARGUMENT(2, seed, "None"),
    ARGUMENT(3, data_format, "None"))
AUGMENTATION(RandomPerspective,
    ARGUMENT(0, factor, "1.0"),
    ARGUMENT(1, scale, "1.0"),
    ARGUMENT(2, interpolation, "'bilinear'"),
    ARGUMENT(3, fill_value, "0.0"),
    ARGUMENT(4, seed, "None"),
    ARGUMENT(5, data_format, "None"))
AUGMENTATION(RandomPosterization,
    ARGUMENT(0, factor, NULL),
    ARGUMENT(1, value_range, "(0, 255)"),
    ARGUMENT(2, data_format, "None"),
    ARGUMENT(3, seed, "None"))
AUGMENTATION(RandomRotation,
    ARGUMENT(0, factor, NULL),
    ARGUMENT(1, fill_mode, "'reflect'"),
    ARGUMENT(2, interpolation, "'bilinear'"),
    ARGUMENT(3, seed, "None"),
    ARGUMENT(4, fill_value, "0.0"),
    ARGUMENT_SINCE(5, data_format, "None"))
AUGMENTATION(RandomSaturation,
    ARGUMENT(0, factor, NULL),
    ARGUMENT(1, value_range, "(0, 255)"),
    ARGUMENT(2, data_format, "None"),
    ARGUMENT(3, seed, "None"))
AUGMENTATION(RandomSharpness,
    ARGUMENT(0, factor, NULL),
    ARGUMENT(1, value_range, "(0, 255)"),
    ARGUMENT(2, data_format, "None"),
    ARGUMENT(3, seed, "None"))
AUGMENTATION(RandomShear,
    ARGUMENT(0, x_factor, "0.0"),
    ARGUMENT(1, y_factor, "0.0"),
    ARGUMENT(2, interpolation, "'bilinear'"),
    ARGUMENT(3, fill_mode, "'reflect'"),
    ARGUMENT(4, fill_value, "0.0"),
    ARGUMENT(5, data_format, "None"),
    ARGUMENT(6, seed, "None"))
AUGMENTATION(RandomTranslation,
    ARGUMENT(0, height_factor, NULL),
    ARGUMENT(1, width_factor, NULL),
    ARGUMENT(2, fill_mode, "'reflect'"),
    ARGUMENT(3, interpolation, "'bilinear'"),
    ARGUMENT(4, seed, "None"),
    ARGUMENT(5, fill_value, "0.0"),
    ARGUMENT_SINCE(6, data_format, "None"))
AUGMENTATION(RandomZoom,
    ARGUMENT(0, height_factor, NULL),
    ARGUMENT(1, width_factor, "None"),
    ARGUMENT(2, fill_mode, "'reflect'"),
    ARGUMENT(3, interpolation, "'bilinear'"),
    ARGUMENT(4, seed, "None"),
    ARGUMENT(5, fill_value, "0.0"),
    ARGUMENT_SINCE(6, data_format, "None"))
AUGMENTATION(Solarization,
    ARGUMENT(0, addition_factor, "0.0"),
    ARGUMENT(1, threshold_factor, "0.0"),
    ARGUMENT(2, value_range, "(0, 255)"),
    ARGUMENT(3, seed, "None"),
    ARGUMENT(4, data_format, "None"))
AUGMENTATION(RandomHeight,
    ARGUMENT(0, factor, NULL),
    ARGUMENT(1, interpolation, "'bilinear'"),
    ARGUMENT(2, seed, "None"))
AUGMENTATION(RandomWidth,
    ARGUMENT(0, factor, NULL),
    ARGUMENT(1, interpolation, "'bilinear'"),
    ARGUMENT(2, seed, "None"))
/* clang-format on */
