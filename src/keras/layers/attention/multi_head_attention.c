/* SPDX-License-Identifier: BSD-3-Clause */
/* MultiHeadAttention and GroupedQueryAttention (GroupQueryAttention), as
 * keras/src/layers/attention/multi_head_attention.py and grouped_query_attention.py (3.15):
 * configs and weights. */
#include "keras/layers/attention/multi_head.h"

typedef struct multi_head_attention {
    crn_layer_config base;
    crn_projection_config projections;
    int64_t num_heads, key_dim;
    const crn_object *value_dim; /* None: key_dim */
    double dropout;
    bool use_bias, use_gate;
    const crn_object *output_shape, *attention_axes, *sliding_window, *flash_attention, *seed;
    const crn_object *query_shape, *key_shape, *value_shape; /* Keras 2: what it was built on */
} multi_head_attention;

typedef struct grouped_query_attention {
    crn_layer_config base;
    crn_projection_config projections;
    int64_t head_dim, num_query_heads, num_key_value_heads;
    double dropout;
    bool use_bias, use_gate;
    const crn_object *sliding_window, *flash_attention, *seed;
} grouped_query_attention;

#define PROJECTION_ROW(type_, member, default_)                                                \
    {                                                                                          \
        .name = #member, .type = CRN_FIELD_OBJECT, .flags = CRN_FIELD_PARAM,                   \
        .offset = offsetof(type_, projections.member), .dflt = default_                        \
    }
/* clang-format off */
#define PROJECTION_ROWS(type_) \
    PROJECTION_ROW(type_, kernel_initializer, "'glorot_uniform'"), \
    PROJECTION_ROW(type_, bias_initializer, "'zeros'"), \
    PROJECTION_ROW(type_, kernel_regularizer, "None"), \
    PROJECTION_ROW(type_, bias_regularizer, "None"), \
    CRN_LAYER_ACTIVITY_REGULARIZER, \
    PROJECTION_ROW(type_, kernel_constraint, "None"), \
    PROJECTION_ROW(type_, bias_constraint, "None")
/* clang-format on */

static const crn_field multi_head_fields[] = {
    CRN_PARAM(multi_head_attention, num_heads, INT, NULL, "> 0"),
    CRN_PARAM(multi_head_attention, key_dim, INT, NULL, "> 0"),
    CRN_PARAM(multi_head_attention, value_dim, OBJECT, "None", NULL),
    CRN_PARAM(multi_head_attention, dropout, REAL, "0.0", NULL),
    CRN_PARAM(multi_head_attention, use_bias, BOOL, "True", NULL),
    CRN_PARAM_SINCE(multi_head_attention, use_gate, BOOL, "False", NULL, "3.14", NULL),
    CRN_PARAM(multi_head_attention, output_shape, OBJECT, "None", NULL),
    CRN_PARAM(multi_head_attention, attention_axes, OBJECT, "None", NULL),
    CRN_PARAM_SINCE(multi_head_attention, sliding_window, OBJECT, "None", NULL, "3.14", NULL),
    CRN_LAYER_ARGUMENT(multi_head_attention, flash_attention),
    PROJECTION_ROWS(multi_head_attention),
    CRN_PARAM_SINCE(multi_head_attention, seed, OBJECT, "None", NULL, "3.6", NULL),
    CRN_PARAM_SINCE(multi_head_attention, query_shape, OBJECT, "None", NULL, NULL, "3.0"),
    CRN_PARAM_SINCE(multi_head_attention, key_shape, OBJECT, "None", NULL, NULL, "3.0"),
    CRN_PARAM_SINCE(multi_head_attention, value_shape, OBJECT, "None", NULL, NULL, "3.0"),
    CRN_LAYER_FIELDS,
    CRN_FIELDS_END,
};

static const crn_field grouped_query_fields[] = {
    CRN_PARAM(grouped_query_attention, head_dim, INT, NULL, "> 0"),
    CRN_PARAM(grouped_query_attention, num_query_heads, INT, NULL, "> 0"),
    CRN_PARAM(grouped_query_attention, num_key_value_heads, INT, NULL, "> 0"),
    CRN_PARAM(grouped_query_attention, use_bias, BOOL, "True", NULL),
    CRN_PARAM_SINCE(grouped_query_attention, use_gate, BOOL, "False", NULL, "3.14", NULL),
    CRN_PARAM_SINCE(grouped_query_attention, sliding_window, OBJECT, "None", NULL, "3.14",
                    NULL),
    CRN_PARAM(grouped_query_attention, dropout, REAL, "0.0", NULL),
    CRN_LAYER_ARGUMENT(grouped_query_attention, flash_attention),
    PROJECTION_ROWS(grouped_query_attention),
    CRN_PARAM_SINCE(grouped_query_attention, seed, OBJECT, "None", NULL, "3.6", NULL),
    CRN_LAYER_FIELDS,
    CRN_FIELDS_END,
};

static bool is_grouped(const crn_layer *layer)
{
    return layer->type == &crn_layer_GroupQueryAttention;
}

static int64_t number_or(const crn_object *object, int64_t otherwise)
{
    int64_t value;
    return object != NULL && !crn_object_is_none(object) && crn_object_as_int(object, &value)
               ? value
               : otherwise;
}

static crn_heads heads_of(const crn_layer *layer)
{
    if (is_grouped(layer)) {
        const grouped_query_attention *config = layer->config;
        return (crn_heads){.queries = config->num_query_heads,
                           .keys = config->num_key_value_heads,
                           .key_dim = config->head_dim,
                           .value_dim = config->head_dim,
                           .use_bias = config->use_bias,
                           .use_gate = config->use_gate,
                           .dropout = config->dropout > 0.0,
                           .window = number_or(config->sliding_window, 0)};
    }
    const multi_head_attention *config = layer->config;
    return (crn_heads){.queries = config->num_heads,
                       .keys = config->num_heads,
                       .key_dim = config->key_dim,
                       .value_dim = number_or(config->value_dim, config->key_dim),
                       .use_bias = config->use_bias,
                       .use_gate = config->use_gate,
                       .dropout = config->dropout > 0.0,
                       .window = number_or(config->sliding_window, 0),
                       .output_shape = config->output_shape,
                       .attention_axes = config->attention_axes,
                       .own_query_mask = true};
}

static crn_status check_positive(const char *name, int64_t value, crn_error *err)
{
    if (value >= 1)
        return CRN_OK;
    return crn_fail(err, CRN_ARGUMENT,
                    "Received an invalid value for argument `%s`, expected a positive integer. "
                    "Received: %s=%lld",
                    name, name, (long long)value);
}

static crn_status check(crn_layer *layer, crn_error *err)
{
    const crn_heads heads = heads_of(layer);
    const crn_object *window =
        is_grouped(layer) ? ((const grouped_query_attention *)layer->config)->sliding_window
                          : ((const multi_head_attention *)layer->config)->sliding_window;
    CRN_TRY(check_positive(is_grouped(layer) ? "num_query_heads" : "num_heads", heads.queries,
                           err));
    CRN_TRY(check_positive("num_key_value_heads", heads.keys, err));
    CRN_TRY(check_positive(is_grouped(layer) ? "head_dim" : "key_dim", heads.key_dim, err));
    CRN_TRY(check_positive("value_dim", heads.value_dim, err));
    if (window != NULL && !crn_object_is_none(window))
        CRN_TRY(check_positive("sliding_window", heads.window, err));
    if (heads.queries % heads.keys == 0)
        return CRN_OK;
    return crn_fail(err, CRN_ARGUMENT,
                    "`num_query_heads` must be divisible by `num_key_value_heads`.");
}

static crn_status infer(const crn_layer *layer, crn_layer_shapes *call, crn_error *err)
{
    const crn_heads heads = heads_of(layer);
    return crn_heads_infer(layer, &heads, call, err);
}

static void lower(const crn_layer *layer, crn_lowering *lowering, crn_layer_io *io)
{
    const crn_heads heads = heads_of(layer);
    crn_heads_lower(layer, &heads, lowering, io);
}

/* ---- weights ---- */

/* Objects and names of the five projections: GroupedQueryAttention keeps them as private ones. */
static const struct {
    const char *object, *private_object, *scope;
} objects[] = {{"query_dense", "_query_dense", "query"},
               {"key_dense", "_key_dense", "key"},
               {"_gate_dense", "_gate_dense", "gate"},
               {"value_dense", "_value_dense", "value"},
               {"output_dense", "_output_dense", "attention_output"}};

/* The bias has the shape of the kernel's axes behind the first `bound`. */
static crn_status add_projection(crn_layer *layer, const crn_heads *heads, crn_projection which,
                                 int32_t ndim, const int64_t *shape, int32_t bound,
                                 crn_error *err)
{
    const crn_projection_config *config =
        is_grouped(layer) ? &((const grouped_query_attention *)layer->config)->projections
                          : &((const multi_head_attention *)layer->config)->projections;
    crn_weight_spec spec = {.name = "kernel",
                            .object = is_grouped(layer) ? objects[which].private_object
                                                        : objects[which].object,
                            .scope = objects[which].scope,
                            .ndim = ndim,
                            .shape = shape,
                            .trainable = true,
                            .initializer = config->kernel_initializer,
                            .regularizer = config->kernel_regularizer,
                            .constraint = config->kernel_constraint};
    CRN_TRY(crn_layer_add_weight_as(layer, &spec, err));
    if (!heads->use_bias)
        return CRN_OK;
    spec.name = "bias";
    spec.ndim = ndim - bound;
    spec.shape = shape + bound;
    spec.initializer = config->bias_initializer;
    spec.regularizer = config->bias_regularizer;
    spec.constraint = config->bias_constraint;
    return crn_layer_add_weight_as(layer, &spec, err);
}

static crn_status build(crn_layer *layer, const crn_type *in, int n_in, crn_error *err)
{
    const crn_heads heads = heads_of(layer);
    crn_attention_tensors at;
    int64_t query, key, value, output[CRN_MAX_NDIM + 2] = {heads.queries, heads.value_dim};
    int32_t count;
    CRN_TRY(crn_attention_tensors_find(layer, layer->arguments, n_in, &at, err));
    CRN_TRY(crn_layer_known_axis(layer, &in[at.query], -1, &query, err));
    CRN_TRY(crn_layer_known_axis(layer, &in[at.key], -1, &key, err));
    CRN_TRY(crn_layer_known_axis(layer, &in[at.value], -1, &value, err));
    CRN_TRY(crn_heads_output_shape(layer, &heads, query, output + 2, &count, err));
    const int64_t shapes[][3] = {{query, heads.queries, heads.key_dim},
                                 {key, heads.keys, heads.key_dim},
                                 {query, heads.queries, heads.value_dim},
                                 {value, heads.keys, heads.value_dim}};
    for (int which = CRN_PROJECT_QUERY; which < CRN_PROJECT_OUTPUT; which++) {
        if (which != CRN_PROJECT_GATE || heads.use_gate)
            CRN_TRY(
                add_projection(layer, &heads, (crn_projection)which, 3, shapes[which], 1, err));
    }
    return add_projection(layer, &heads, CRN_PROJECT_OUTPUT, count + 2, output, 2, err);
}

const crn_layer_type crn_layer_MultiHeadAttention = {
    .base = {.name = "MultiHeadAttention",
             .module = "keras.layers",
             .size = sizeof(multi_head_attention),
             .fields = multi_head_fields},
    .infer_many = infer,
    .lower_many = lower,
    .build = build,
    .built_by_call = true,
    .check = check,
    .takes_argument = crn_attention_takes_argument,
    .arguments = crn_attention_arguments,
};

const crn_layer_type crn_layer_GroupQueryAttention = {
    .base = {.name = "GroupQueryAttention",
             .python_name = "GroupedQueryAttention",
             .other_names = "GroupedQueryAttention",
             .module = "keras.layers",
             .since = "3.0",
             .size = sizeof(grouped_query_attention),
             .fields = grouped_query_fields},
    .python_name = "GroupedQueryAttention",
    .infer_many = infer,
    .lower_many = lower,
    .build = build,
    .built_by_call = true,
    .check = check,
    .takes_argument = crn_attention_takes_argument,
    .arguments = crn_attention_arguments,
};
