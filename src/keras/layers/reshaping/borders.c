/* SPDX-License-Identifier: BSD-3-Clause */
/* ZeroPadding1D to 3D and Cropping1D to 3D, as keras/src/layers/reshaping/zero_padding2d.py and
 * cropping2d.py (3.15): zeros around the axes between batch and channels, or the ends of them cut
 * off. */
#include "keras/layers/convolutional/sliding.h"
#include "ops/rows.h"

typedef struct borders {
    crn_layer_config base;
    const crn_object *amount; /* an int, (symmetric ...), or ((before, after) ...) */
    const char *data_format;
    /* once checked */
    crn_sliding sliding; /* rank and place of the channels */
    int64_t before[CRN_WINDOW_AXES], after[CRN_WINDOW_AXES]; /* negative: cut off */
} borders;

#define AMOUNT(name_, default_)                                                                \
    {                                                                                          \
        .name = name_, .type = CRN_FIELD_OBJECT, .flags = CRN_FIELD_PARAM,                     \
        .offset = offsetof(borders, amount), .dflt = default_                                  \
    }
#define DATA_FORMAT CRN_PARAM(borders, data_format, STRING, "None", NULL)

static const crn_field padding_fields_1d[] = {
    AMOUNT("padding", "1"),
    CRN_PARAM_SINCE(borders, data_format, STRING, "None", NULL, "3.6", NULL),
    CRN_LAYER_FIELDS,
    CRN_FIELDS_END,
};
static const crn_field padding_fields_2d[] = {AMOUNT("padding", "(1, 1)"), DATA_FORMAT,
                                              CRN_LAYER_FIELDS, CRN_FIELDS_END};
static const crn_field padding_fields_3d[] = {AMOUNT("padding", "((1, 1), (1, 1), (1, 1))"),
                                              DATA_FORMAT, CRN_LAYER_FIELDS, CRN_FIELDS_END};
static const crn_field cropping_fields_1d[] = {AMOUNT("cropping", "(1, 1)"), CRN_LAYER_FIELDS,
                                               CRN_FIELDS_END};
static const crn_field cropping_fields_2d[] = {AMOUNT("cropping", "((0, 0), (0, 0))"),
                                               DATA_FORMAT, CRN_LAYER_FIELDS, CRN_FIELDS_END};
static const crn_field cropping_fields_3d[] = {AMOUNT("cropping", "((1, 1), (1, 1), (1, 1))"),
                                               DATA_FORMAT, CRN_LAYER_FIELDS, CRN_FIELDS_END};

static int32_t rank_of(const crn_layer *layer)
{
    const crn_field *fields = layer->type->base.fields;
    return fields == padding_fields_1d || fields == cropping_fields_1d   ? 1
           : fields == padding_fields_2d || fields == cropping_fields_2d ? 2
                                                                         : 3;
}

static bool crops(const crn_layer *layer)
{
    const crn_field *fields = layer->type->base.fields;
    return fields == cropping_fields_1d || fields == cropping_fields_2d ||
           fields == cropping_fields_3d;
}

/* An axis's own entry, or the whole where there is one axis or one number for all. */
static const crn_object *entry_of(const crn_object *amount, int32_t rank, int32_t k)
{
    int64_t number;
    if (rank == 1 || crn_object_as_int(amount, &number))
        return amount;
    return crn_object_item(amount, (size_t)k);
}

static crn_status check(crn_layer *layer, crn_error *err)
{
    borders *config = layer->config;
    const char *name = layer->type->base.fields[0].name;
    const int32_t rank = config->sliding.rank = rank_of(layer);
    const bool many = crn_object_is(config->amount, CRN_OBJ_LIST) ||
                      crn_object_is(config->amount, CRN_OBJ_TUPLE);
    if (many && rank > 1 && crn_object_length(config->amount) != (size_t)rank)
        return crn_fail(err, CRN_ARGUMENT, "`%s` should have %d elements.", name, (int)rank);
    for (int32_t k = 0; k < rank; k++) {
        int64_t pair[2] = {0};
        CRN_TRY(
            crn_sliding_tuple(layer, name, entry_of(config->amount, rank, k), 2, 0, pair, err));
        config->before[k] = crops(layer) ? -pair[0] : pair[0];
        config->after[k] = crops(layer) ? -pair[1] : pair[1];
    }
    return crn_sliding_channels_first(layer, config->data_format,
                                      &config->sliding.channels_first, err);
}

static crn_status infer(const crn_layer *layer, const crn_type *in, int n_in, crn_type *out,
                        crn_error *err)
{
    const borders *config = layer->config;
    char shape[CRN_SHAPE_TEXT];
    CRN_TRY(crn_sliding_check_input(layer, &config->sliding, in, n_in, err));
    *out = in[0];
    for (int32_t k = 0; k < config->sliding.rank; k++) {
        int64_t *length = &out->shape[crn_sliding_first_axis(&config->sliding) + k];
        if (*length < 0)
            continue;
        *length += config->before[k] + config->after[k];
        if (*length < 1)
            return crn_fail(err, CRN_SHAPE,
                            "Values in `cropping` argument should be smaller than the "
                            "corresponding spatial dimension of the input. Received: "
                            "input_shape=%s",
                            crn_layer_shape_text(&in[0], shape, sizeof shape));
    }
    return CRN_OK;
}

static crn_value lower(const crn_layer *layer, crn_lowering *lowering, const crn_value *in,
                       int n_in)
{
    const borders *config = layer->config;
    const int32_t first = crn_sliding_first_axis(&config->sliding);
    int64_t before[CRN_MAX_NDIM] = {0}, after[CRN_MAX_NDIM] = {0};
    (void)n_in;
    for (int32_t k = 0; k < config->sliding.rank; k++) {
        before[first + k] = config->before[k];
        after[first + k] = config->after[k];
    }
    return crn_pad(lowering->graph, in[0], before, after);
}

#define BORDERS_TYPE(class_, table)                                                            \
    const crn_layer_type crn_layer_##class_ = {                                                \
        .base = {.name = #class_,                                                              \
                 .module = "keras.layers",                                                     \
                 .size = sizeof(borders),                                                      \
                 .fields = table},                                                             \
        .infer = infer,                                                                        \
        .lower = lower,                                                                        \
        .check = check,                                                                        \
    }

BORDERS_TYPE(ZeroPadding1D, padding_fields_1d);
BORDERS_TYPE(ZeroPadding2D, padding_fields_2d);
BORDERS_TYPE(ZeroPadding3D, padding_fields_3d);
BORDERS_TYPE(Cropping1D, cropping_fields_1d);
BORDERS_TYPE(Cropping2D, cropping_fields_2d);
BORDERS_TYPE(Cropping3D, cropping_fields_3d);
