/* SPDX-License-Identifier: BSD-3-Clause */
/* Rescaling, as keras/src/layers/preprocessing/rescaling.py (3.15): x * scale + offset, each a
 * number or numbers for the last axes. */
#include "keras/layers/preprocessing/config_numbers.h"
#include "ops/elementwise.h"

typedef struct rescaling {
    crn_layer_config base;
    const crn_object *scale, *offset;
} rescaling;

static const crn_field fields[] = {
    CRN_PARAM(rescaling, scale, OBJECT, NULL, NULL),
    CRN_PARAM(rescaling, offset, OBJECT, "0.0", NULL),
    CRN_LAYER_FIELDS,
    CRN_FIELDS_END,
};

/* The axes of `numbers` are the last ones of the item, and do not widen it. */
static crn_status check_fit(const crn_layer *layer, const crn_array *numbers,
                            const crn_type *in, crn_error *err)
{
    char shape[CRN_SHAPE_TEXT];
    bool fits = numbers->ndim <= in->ndim;
    for (int32_t i = 1; fits && i <= numbers->ndim; i++) {
        const int64_t n = numbers->shape[numbers->ndim - i], have = in->shape[in->ndim - i];
        fits = n == 1 || n == have || have < 0;
    }
    if (fits)
        return CRN_OK;
    return crn_fail(err, CRN_SHAPE, "Layer \"%s\": scale or offset does not fit inputs of %s",
                    layer->name, crn_layer_shape_text(in, shape, sizeof shape));
}

static crn_status read_numbers(const crn_layer *layer, const char *option,
                               const crn_object *object, const crn_type *in, crn_array *out,
                               crn_error *err)
{
    CRN_TRY(crn_config_numbers(layer, option, object, out, err));
    const crn_status status = check_fit(layer, out, in, err);
    if (status != CRN_OK)
        crn_array_free(out);
    return status;
}

static crn_status check_numbers(const crn_layer *layer, const crn_type *in, crn_error *err)
{
    const rescaling *config = layer->config;
    crn_array numbers = CRN_ARRAY_INIT;
    CRN_TRY(read_numbers(layer, "scale", config->scale, in, &numbers, err));
    crn_array_free(&numbers);
    CRN_TRY(read_numbers(layer, "offset", config->offset, in, &numbers, err));
    crn_array_free(&numbers);
    return CRN_OK;
}

static crn_status infer(const crn_layer *layer, const crn_type *in, int n_in, crn_type *out,
                        crn_error *err)
{
    CRN_TRY(crn_layer_check_input(layer, in, n_in, 1, err));
    CRN_TRY(check_numbers(layer, &in[0], err));
    *out = in[0];
    out->dtype = CRN_FLOAT32;
    out->itemsize = sizeof(float);
    return CRN_OK;
}

static crn_value constant(const crn_layer *layer, crn_graph *graph, crn_value x,
                          const char *option, const crn_object *object)
{
    crn_array numbers = CRN_ARRAY_INIT;
    if (read_numbers(layer, option, object, crn_graph_type(graph, x), &numbers,
                     &graph->error) != CRN_OK)
        return CRN_NO_VALUE;
    const crn_value value = crn_graph_constant(graph, &numbers);
    crn_array_free(&numbers);
    return value;
}

static crn_value lower(const crn_layer *layer, crn_lowering *lowering, const crn_value *in,
                       int n_in)
{
    const rescaling *config = layer->config;
    crn_graph *graph = lowering->graph;
    double offset = 1.0;
    (void)n_in;
    crn_value x = crn_cast(graph, in[0], CRN_FLOAT32);
    x = crn_binary(graph, x, constant(layer, graph, x, "scale", config->scale),
                   CRN_BINARY_MULTIPLY);
    if (crn_object_as_double(config->offset, &offset) && offset == 0.0)
        return x;
    return crn_binary(graph, x, constant(layer, graph, x, "offset", config->offset),
                      CRN_BINARY_ADD);
}

const crn_layer_type crn_layer_Rescaling = {
    .base = {.name = "Rescaling",
             .module = "keras.layers",
             .size = sizeof(rescaling),
             .fields = fields},
    .infer = infer,
    .lower = lower,
    .supports_masking = true,
};
