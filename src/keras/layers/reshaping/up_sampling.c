/* SPDX-License-Identifier: BSD-3-Clause */
/* UpSampling1D to 3D, as keras/src/layers/reshaping/up_sampling2d.py (3.15): every element
 * repeated along the axes between batch and channels; images may also be interpolated. */
#include "keras/layers/convolutional/sliding.h"
#include "ops/image.h"
#include "ops/rows.h"

typedef struct up_sampling {
    crn_layer_config base;
    const crn_object *size;
    const char *data_format, *interpolation;
    /* once checked */
    crn_sliding sliding; /* rank and place of the channels */
    int64_t times[CRN_WINDOW_AXES];
    crn_resize_method method;
} up_sampling;

#define SIZE(twos)  CRN_PARAM(up_sampling, size, OBJECT, twos, NULL)
#define DATA_FORMAT CRN_PARAM(up_sampling, data_format, STRING, "None", NULL)

static const crn_field fields_1d[] = {SIZE("2"), CRN_LAYER_FIELDS, CRN_FIELDS_END};
static const crn_field fields_2d[] = {
    SIZE("(2, 2)"),
    DATA_FORMAT,
    CRN_PARAM(up_sampling, interpolation, STRING, "'nearest'", NULL),
    CRN_LAYER_FIELDS,
    CRN_FIELDS_END,
};
static const crn_field fields_3d[] = {SIZE("(2, 2, 2)"), DATA_FORMAT, CRN_LAYER_FIELDS,
                                      CRN_FIELDS_END};

static int32_t rank_of(const crn_layer *layer)
{
    const crn_field *fields = layer->type->base.fields;
    return fields == fields_1d ? 1 : fields == fields_2d ? 2 : 3;
}

static crn_status check(crn_layer *layer, crn_error *err)
{
    up_sampling *config = layer->config;
    config->sliding.rank = rank_of(layer);
    config->method = CRN_RESIZE_NEAREST;
    CRN_TRY(crn_sliding_tuple(layer, "size", config->size, config->sliding.rank, 1,
                              config->times, err));
    if (config->sliding.rank == 2 &&
        (config->interpolation == NULL ||
         !crn_resize_method_find(config->interpolation, &config->method)))
        return crn_fail(err, CRN_ARGUMENT,
                        "UpSampling2D: `interpolation` argument should be one of 'nearest', "
                        "'bilinear', 'bicubic', 'lanczos3' or 'lanczos5'. Received: %s",
                        config->interpolation != NULL ? config->interpolation : "None");
    return crn_sliding_channels_first(layer, config->data_format,
                                      &config->sliding.channels_first, err);
}

static crn_status infer(const crn_layer *layer, const crn_type *in, int n_in, crn_type *out,
                        crn_error *err)
{
    const up_sampling *config = layer->config;
    CRN_TRY(crn_sliding_check_input(layer, &config->sliding, in, n_in, err));
    *out = in[0];
    for (int32_t k = 0; k < config->sliding.rank; k++) {
        int64_t *length = &out->shape[crn_sliding_first_axis(&config->sliding) + k];
        if (*length >= 0 && __builtin_mul_overflow(*length, config->times[k], length))
            return crn_fail(err, CRN_LIMIT, "the output of layer \"%s\" would be too large",
                            layer->name);
    }
    return CRN_OK;
}

static crn_resize_window stretched(int64_t length, int64_t times)
{
    return (crn_resize_window){.begin = 0, .length = length, .size = length * times};
}

static crn_value lower(const crn_layer *layer, crn_lowering *lowering, const crn_value *in,
                       int n_in)
{
    const up_sampling *config = layer->config;
    const int32_t first = crn_sliding_first_axis(&config->sliding);
    const crn_type *type = crn_graph_type(lowering->graph, in[0]);
    int64_t times[CRN_MAX_NDIM];
    (void)n_in;
    if (config->method != CRN_RESIZE_NEAREST) {
        const crn_resize_attributes a = {
            .method = config->method,
            .axis = first,
            .height = stretched(type->shape[first], config->times[0]),
            .width = stretched(type->shape[first + 1], config->times[1])};
        return crn_resize(lowering->graph, in[0], &a);
    }
    for (int32_t k = 0; k < CRN_MAX_NDIM; k++)
        times[k] =
            k >= first && k < first + config->sliding.rank ? config->times[k - first] : 1;
    return crn_enlarge(lowering->graph, in[0], times);
}

#define UP_SAMPLING_TYPE(rank)                                                                 \
    const crn_layer_type crn_layer_UpSampling##rank##D = {                                     \
        .base = {.name = "UpSampling" #rank "D",                                               \
                 .module = "keras.layers",                                                     \
                 .size = sizeof(up_sampling),                                                  \
                 .fields = fields_##rank##d},                                                  \
        .infer = infer,                                                                        \
        .lower = lower,                                                                        \
        .check = check,                                                                        \
    }

UP_SAMPLING_TYPE(1);
UP_SAMPLING_TYPE(2);
UP_SAMPLING_TYPE(3);
