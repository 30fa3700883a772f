/* SPDX-License-Identifier: BSD-3-Clause */
/* Windows of convolutions and pooling from their configs, as keras/src/utils/argument_validation.py,
 * keras/src/ops/operation_utils.py and keras/src/backend/tensorflow/nn.py (3.15) read them. */
#include "keras/layers/convolutional/sliding.h"

#include <strings.h>

#include "ops/tensor.h"

/* ---- reading ---- */

crn_status crn_sliding_tuple(const crn_layer *layer, const char *name, const crn_object *value,
                             int32_t rank, int64_t least, int64_t *out, crn_error *err)
{
    static const int64_t most = (int64_t)1 << 30;
    const bool many = crn_object_is(value, CRN_OBJ_LIST) || crn_object_is(value, CRN_OBJ_TUPLE);
    bool fits = !many || crn_object_length(value) == (size_t)rank;
    for (int32_t i = 0; i < rank && fits; i++)
        fits = crn_object_as_int(many ? crn_object_item(value, (size_t)i) : value, &out[i]) &&
               out[i] >= least && out[i] <= most;
    if (fits)
        return CRN_OK;
    return crn_fail(err, CRN_ARGUMENT,
                    "%s: The `%s` argument must be an int or a tuple of %d integers, each >= "
                    "%lld",
                    layer->type->base.name, name, (int)rank, (long long)least);
}

static crn_status read_padding(const crn_layer *layer, const char *text, bool may_be_causal,
                               crn_sliding_padding *out, crn_error *err)
{
    static const char *const names[] = {"valid", "same", "causal"};
    for (int i = 0; text != NULL && i < (may_be_causal ? 3 : 2); i++) {
        if (strcasecmp(text, names[i]) == 0) {
            *out = (crn_sliding_padding)i;
            return CRN_OK;
        }
    }
    return crn_fail(err, CRN_ARGUMENT,
                    "%s: The `padding` argument must be one of {'valid', 'same'%s}. Received: "
                    "%s",
                    layer->type->base.name, may_be_causal ? ", 'causal'" : "",
                    text != NULL ? text : "None");
}

crn_status crn_sliding_channels_first(const crn_layer *layer, const char *data_format,
                                      bool *out, crn_error *err)
{
    *out = data_format != NULL && strcasecmp(data_format, "channels_first") == 0;
    if (*out || data_format == NULL || strcasecmp(data_format, "channels_last") == 0)
        return CRN_OK;
    return crn_fail(err, CRN_ARGUMENT,
                    "%s: The `data_format` argument must be one of {'channels_first', "
                    "'channels_last'}. Received: data_format=%s",
                    layer->type->base.name, data_format);
}

crn_status crn_sliding_read(const crn_layer *layer, int32_t rank,
                            const crn_sliding_config *config, crn_sliding *out, crn_error *err)
{
    const bool strides = config->strides != NULL && !crn_object_is_none(config->strides);
    *out = (crn_sliding){.rank = rank, .dilation = {1, 1, 1}};
    CRN_TRY(crn_sliding_tuple(layer, config->size_name, config->size, rank, 1, out->size, err));
    CRN_TRY(crn_sliding_tuple(layer, "strides", strides ? config->strides : config->size, rank,
                              1, out->stride, err));
    if (config->dilation != NULL)
        CRN_TRY(crn_sliding_tuple(layer, "dilation_rate", config->dilation, rank, 1,
                                  out->dilation, err));
    CRN_TRY(read_padding(layer, config->padding, config->may_be_causal, &out->padding, err));
    return crn_sliding_channels_first(layer, config->data_format, &out->channels_first, err);
}

/* ---- shapes ---- */

int32_t crn_sliding_channel_axis(const crn_sliding *sliding)
{
    return sliding->channels_first ? 0 : sliding->rank;
}

int32_t crn_sliding_first_axis(const crn_sliding *sliding)
{
    return sliding->channels_first ? 1 : 0;
}

crn_status crn_sliding_check_input(const crn_layer *layer, const crn_sliding *sliding,
                                   const crn_type *in, int n_in, crn_error *err)
{
    char shape[CRN_SHAPE_TEXT];
    CRN_TRY(crn_layer_check_input(layer, in, n_in, sliding->rank + 2, err));
    if (in[0].ndim == sliding->rank + 1)
        return CRN_OK;
    return crn_fail(err, CRN_SHAPE,
                    "Input 0 of layer \"%s\" is incompatible with the layer: expected ndim=%d, "
                    "found ndim=%d. Full shape received: %s",
                    layer->name, (int)sliding->rank + 2, (int)in[0].ndim + 1,
                    crn_layer_shape_text(&in[0], shape, sizeof shape));
}

/* TensorFlow puts the odd one of SAME's zeros behind. */
static crn_window_axis axis_of(const crn_sliding *s, int k, int64_t n)
{
    const int64_t reach = (s->size[k] - 1) * s->dilation[k] + 1, stride = s->stride[k];
    if (s->padding == CRN_PADDING_CAUSAL)
        return crn_window_axis_of(n, s->size[k], stride, s->dilation[k], reach - 1, 0);
    if (s->padding == CRN_PADDING_VALID)
        return crn_window_axis_of(n, s->size[k], stride, s->dilation[k], 0, 0);
    const int64_t outputs = n / stride + (n % stride > 0);
    const int64_t needed = (outputs - 1) * stride + reach - n;
    const int64_t zeros = needed > 0 ? needed : 0;
    return crn_window_axis_of(n, s->size[k], stride, s->dilation[k], zeros / 2,
                              zeros - zeros / 2);
}

crn_status crn_sliding_infer(const crn_layer *layer, const crn_sliding *sliding,
                             const crn_type *in, int n_in, int64_t filters, crn_type *out,
                             crn_error *err)
{
    char shape[CRN_SHAPE_TEXT];
    CRN_TRY(crn_sliding_check_input(layer, sliding, in, n_in, err));
    *out = in[0];
    for (int32_t k = 0; k < sliding->rank; k++) {
        int64_t *length = &out->shape[crn_sliding_first_axis(sliding) + k];
        if (*length < 0)
            continue;
        *length = axis_of(sliding, k, *length).n_out;
        if (*length < 1)
            return crn_fail(err, CRN_SHAPE,
                            "Computed output size would be negative or zero: layer \"%s\" got "
                            "an input of shape %s",
                            layer->name, crn_layer_shape_text(&in[0], shape, sizeof shape));
    }
    if (filters >= 0)
        out->shape[crn_sliding_channel_axis(sliding)] = filters;
    return CRN_OK;
}

/* ---- lowering ---- */

crn_window crn_sliding_window(const crn_sliding *sliding, const crn_type *x)
{
    crn_window window = {{crn_window_point(), crn_window_point(), crn_window_point()}};
    for (int32_t k = 0; k < sliding->rank; k++)
        window.axis[CRN_WINDOW_AXES - sliding->rank + k] = axis_of(sliding, k, x->shape[k]);
    return window;
}

crn_value crn_sliding_enter(const crn_sliding *sliding, crn_graph *graph, crn_value x)
{
    int32_t axes[CRN_WINDOW_AXES + 1] = {0};
    for (int32_t k = 0; k < sliding->rank; k++)
        axes[k] = k + 1;
    return sliding->channels_first ? crn_permute(graph, x, axes) : x;
}

crn_value crn_sliding_leave(const crn_sliding *sliding, crn_graph *graph, crn_value x)
{
    int32_t axes[CRN_WINDOW_AXES + 1] = {sliding->rank, 0, 1, 2};
    return sliding->channels_first ? crn_permute(graph, x, axes) : x;
}
