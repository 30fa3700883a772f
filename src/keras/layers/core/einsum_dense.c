/* SPDX-License-Identifier: BSD-3-Clause */
/* EinsumDense, as keras/src/layers/core/einsum_dense.py (3.15): activation(einsum(equation, x,
 * kernel) + bias). An equation is brought into the form of a matrix product: the axes that only
 * the input has, those that are summed over, those that only the kernel has. */
#include <string.h>

#include "keras/layers/layer.h"
#include "ops/affine.h"
#include "ops/elementwise.h"
#include "ops/rows.h"
#include "ops/tensor.h"

typedef struct einsum_dense {
    crn_layer_config base;
    const crn_object *output_shape;
    const char *equation;
    const crn_object *activation;
    const char *bias_axes; /* NULL: no bias */
    const crn_object *kernel_initializer, *bias_initializer;
    const crn_object *kernel_regularizer, *bias_regularizer;
    const crn_object *kernel_constraint, *bias_constraint;
    const crn_object *lora_rank, *lora_alpha, *gptq_unpacked_column_size;
    const crn_object *quantization_config; /* these are refused unless None */
} einsum_dense;

/* The constructor's order; configs have output_shape first. */
static const crn_field fields[] = {
    CRN_PARAM(einsum_dense, equation, STRING, NULL, NULL),
    CRN_PARAM(einsum_dense, output_shape, OBJECT, NULL, NULL),
    CRN_PARAM(einsum_dense, activation, OBJECT, "None", NULL),
    CRN_PARAM(einsum_dense, bias_axes, STRING, "None", NULL),
    CRN_PARAM(einsum_dense, kernel_initializer, OBJECT, "'glorot_uniform'", NULL),
    CRN_PARAM(einsum_dense, bias_initializer, OBJECT, "'zeros'", NULL),
    CRN_PARAM(einsum_dense, kernel_regularizer, OBJECT, "None", NULL),
    CRN_PARAM(einsum_dense, bias_regularizer, OBJECT, "None", NULL),
    CRN_LAYER_ACTIVITY_REGULARIZER,
    CRN_PARAM(einsum_dense, kernel_constraint, OBJECT, "None", NULL),
    CRN_PARAM(einsum_dense, bias_constraint, OBJECT, "None", NULL),
    CRN_LAYER_ARGUMENT(einsum_dense, lora_rank),
    CRN_LAYER_ARGUMENT(einsum_dense, lora_alpha),
    CRN_LAYER_ARGUMENT(einsum_dense, gptq_unpacked_column_size),
    CRN_PARAM_SINCE(einsum_dense, quantization_config, OBJECT, "None", NULL, "3.12", NULL),
    CRN_LAYER_FIELDS,
    CRN_FIELDS_END,
};

/* ---- the equation ---- */

enum { MOST_LABELS = CRN_MAX_NDIM };

/* The axes of one operand by their labels; an ellipsis is as many labels '0', '1', ... as it
 * stands for. The batch's label is not among them. */
typedef struct labels {
    int32_t count;
    char at[MOST_LABELS + 1];
} labels;

typedef struct equation {
    labels input, kernel, output;
    int32_t elided; /* axes behind the batch that an ellipsis stands for */
    bool elided_left;
} equation;

static int32_t place(const labels *of, char label)
{
    for (int32_t i = 0; i < of->count; i++) {
        if (of->at[i] == label)
            return i;
    }
    return -1;
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Reads letters, each once, and "..." at most once, up to `end`; false where there is more. */
static bool read_labels(const char *text, const char *end, int32_t elided, labels *out,
                        const char **ellipsis)
{
    *out = (labels){0};
    *ellipsis = NULL;
    for (; text < end; text++) {
        if (end - text >= 3 && strncmp(text, "...", 3) == 0 && *ellipsis == NULL) {
            *ellipsis = text;
            for (int32_t i = 0; i < elided && out->count < MOST_LABELS; i++)
                out->at[out->count++] = (char)('0' + i);
            text += 2;
        } else if (is_letter(*text) && out->count < MOST_LABELS && place(out, *text) < 0) {
            out->at[out->count++] = *text;
        } else {
            return false;
        }
    }
    return true;
}

static int32_t count_letters(const char *text, const char *end)
{
    int32_t count = 0;
    for (; text < end; text++)
        count += is_letter(*text);
    return count;
}

/* Takes the batch's label off: the first axis, or the first that a left ellipsis stands for. */
static bool drop_batch(labels *of, bool named, char batch)
{
    if (named && (of->count < 1 || of->at[0] != batch))
        return false;
    if (named) {
        memmove(of->at, of->at + 1, (size_t)of->count);
        of->count--;
    }
    return true;
}

static crn_status invalid(const crn_layer *layer, crn_error *err)
{
    const einsum_dense *config = layer->config;
    return crn_fail(err, CRN_ARGUMENT,
                    "Invalid einsum equation '%s'. Equations must be in the form "
                    "[X],[Y]->[Z], ...[X],[Y]->...[Z], or [X]...,[Y]->[Z]....",
                    config->equation);
}

/* For an input of ndim axes, the batch not counted. */
static crn_status read_equation(const crn_layer *layer, int32_t ndim, equation *out,
                                crn_error *err)
{
    const char *text = ((const einsum_dense *)layer->config)->equation;
    const char *comma = text != NULL ? strchr(text, ',') : NULL;
    const char *arrow = comma != NULL ? strstr(comma, "->") : NULL;
    const char *dots[3];
    if (arrow == NULL)
        return invalid(layer, err);
    out->elided_left = strncmp(text, "...", 3) == 0;
    const bool elides = memchr(text, '.', (size_t)(comma - text)) != NULL;
    out->elided = ndim + 1 - count_letters(text, comma) - (out->elided_left ? 1 : 0);
    if (!elides && out->elided != 0)
        return invalid(layer, err);
    if (out->elided < 0 || !read_labels(text, comma, out->elided, &out->input, &dots[0]) ||
        !read_labels(comma + 1, arrow, 0, &out->kernel, &dots[1]) ||
        !read_labels(arrow + 2, text + strlen(text), out->elided, &out->output, &dots[2]) ||
        dots[1] != NULL || (dots[0] != NULL) != (dots[2] != NULL) ||
        (dots[2] != NULL && (dots[2] == arrow + 2) != out->elided_left))
        return invalid(layer, err);
    const char batch = out->input.at[0];
    const bool named = !out->elided_left;
    if ((named && place(&out->kernel, batch) >= 0) || !drop_batch(&out->input, named, batch) ||
        !drop_batch(&out->output, named, batch))
        return crn_fail(err, CRN_UNSUPPORTED,
                        "EinsumDense: '%s' does not keep the batch's axis in its first place",
                        text);
    for (int32_t i = 0; i < out->kernel.count; i++) {
        const char label = out->kernel.at[i];
        if (place(&out->input, label) < 0 && place(&out->output, label) < 0)
            return invalid(layer, err);
    }
    for (int32_t i = 0; i < out->output.count; i++) {
        const char label = out->output.at[i];
        if (place(&out->input, label) < 0 && place(&out->kernel, label) < 0)
            return invalid(layer, err);
    }
    return CRN_OK;
}

/* ---- shapes ---- */

/* The length that the config gives the output's axis of that place, the batch not counted and
 * what an ellipsis stands for left out; -1: open. */
static crn_status configured_length(const crn_layer *layer, size_t i, int64_t *out,
                                    crn_error *err)
{
    const crn_object *shape = ((const einsum_dense *)layer->config)->output_shape;
    const bool list = crn_object_is(shape, CRN_OBJ_LIST) || crn_object_is(shape, CRN_OBJ_TUPLE);
    const crn_object *one = list ? crn_object_item(shape, i) : i == 0 ? shape : NULL;
    *out = -1;
    if (one != NULL && crn_object_is_none(one))
        return CRN_OK;
    if (one != NULL && crn_object_as_int(one, out) && *out >= 1)
        return CRN_OK;
    return crn_fail(err, CRN_ARGUMENT,
                    "EinsumDense: output_shape must have a length for each axis of the output");
}

static crn_status find_output(const crn_layer *layer, const equation *eq, const crn_type *in,
                              crn_type *out, crn_error *err)
{
    size_t given = 0;
    *out = *in;
    out->dtype = CRN_FLOAT32;
    out->itemsize = (int64_t)crn_dtype_size(CRN_FLOAT32);
    out->ndim = eq->output.count;
    if (out->ndim > CRN_MAX_NDIM - 1)
        return crn_fail(err, CRN_UNSUPPORTED, "EinsumDense: too many axes");
    for (int32_t i = 0; i < eq->output.count; i++) {
        const char label = eq->output.at[i];
        const int32_t from = place(&eq->input, label);
        int64_t length = -1;
        if (is_letter(label))
            CRN_TRY(configured_length(layer, given++, &length, err));
        if (from >= 0 && length >= 0 && in->shape[from] >= 0 && in->shape[from] != length)
            return crn_fail(err, CRN_ARGUMENT,
                            "Input shape and output shape do not match at shared dimension "
                            "'%c'. Input shape is %lld, and output shape is %lld.",
                            label, (long long)in->shape[from], (long long)length);
        out->shape[i] = from >= 0 && length < 0 ? in->shape[from] : length;
    }
    return CRN_OK;
}

static crn_status infer(const crn_layer *layer, const crn_type *in, int n_in, crn_type *out,
                        crn_error *err)
{
    equation eq;
    CRN_TRY(crn_layer_check_input(layer, in, n_in, 1, err));
    CRN_TRY(read_equation(layer, in[0].ndim, &eq, err));
    return find_output(layer, &eq, &in[0], out, err);
}

static crn_status check(crn_layer *layer, crn_error *err)
{
    const einsum_dense *config = layer->config;
    if (config->equation == NULL)
        return crn_fail(err, CRN_ARGUMENT, "EinsumDense: the equation is missing");
    CRN_TRY(crn_layer_refuse(layer, "lora_rank", config->lora_rank, err));
    CRN_TRY(crn_layer_refuse(layer, "quantization_config", config->quantization_config, err));
    return crn_layer_activation_check(layer, config->activation, err);
}

/* ---- weights ---- */

static crn_status known(const crn_layer *layer, int64_t length, crn_error *err)
{
    if (length >= 1)
        return CRN_OK;
    return crn_fail(
        err, CRN_SHAPE,
        "An axis that the weights depend on of the inputs to layer \"%s\" should be "
        "defined and at least 1",
        layer->name);
}

/* 1 but for the bias's axes, from the first of those on. */
static crn_status bias_shape(const crn_layer *layer, const equation *eq, const crn_type *out,
                             int64_t *shape, int32_t *ndim, crn_error *err)
{
    const char *axes = ((const einsum_dense *)layer->config)->bias_axes;
    *ndim = 0;
    for (const char *label = axes; *label != '\0'; label++) {
        if (!is_letter(*label) || place(&eq->output, *label) < 0)
            return crn_fail(err, CRN_ARGUMENT,
                            "Bias dimension '%c' was requested, but is not part of the output",
                            *label);
    }
    for (int32_t i = 0; i < eq->output.count; i++) {
        const bool has = strchr(axes, eq->output.at[i]) != NULL;
        if (!has && *ndim == 0)
            continue;
        shape[*ndim] = has ? out->shape[i] : 1;
        CRN_TRY(known(layer, shape[(*ndim)++], err));
    }
    return CRN_OK;
}

static crn_status build(crn_layer *layer, const crn_type *in, int n_in, crn_error *err)
{
    const einsum_dense *config = layer->config;
    int64_t shape[MOST_LABELS];
    int32_t ndim;
    equation eq;
    crn_type out;
    (void)n_in;
    CRN_TRY(read_equation(layer, in[0].ndim, &eq, err));
    CRN_TRY(find_output(layer, &eq, &in[0], &out, err));
    for (int32_t i = 0; i < eq.kernel.count; i++) {
        const int32_t at = place(&eq.output, eq.kernel.at[i]);
        shape[i] = at >= 0 ? out.shape[at] : in[0].shape[place(&eq.input, eq.kernel.at[i])];
        CRN_TRY(known(layer, shape[i], err));
    }
    CRN_TRY(crn_layer_add_weight(layer, "kernel", eq.kernel.count, shape, true,
                                 config->kernel_initializer, config->kernel_regularizer,
                                 config->kernel_constraint, err));
    if (config->bias_axes == NULL)
        return CRN_OK;
    CRN_TRY(bias_shape(layer, &eq, &out, shape, &ndim, err));
    return crn_layer_add_weight(layer, "bias", ndim, shape, true, config->bias_initializer,
                                config->bias_regularizer, config->bias_constraint, err);
}

/* ---- lowering ---- */

/* Labels by what an equation does with them. */
typedef struct roles {
    labels shared;  /* in all three: one matrix product for each */
    labels rows;    /* of the input alone, kept */
    labels summed;  /* of both, not kept */
    labels columns; /* of the kernel alone, kept */
} roles;

static void add_label(labels *to, char label)
{
    to->at[to->count++] = label;
}

static roles find_roles(const equation *eq)
{
    roles r = {0};
    for (int32_t i = 0; i < eq->input.count; i++) {
        const char label = eq->input.at[i];
        const bool in_kernel = place(&eq->kernel, label) >= 0;
        const bool kept = place(&eq->output, label) >= 0;
        if (in_kernel)
            add_label(kept ? &r.shared : &r.summed, label);
        else if (kept)
            add_label(&r.rows, label);
    }
    for (int32_t i = 0; i < eq->kernel.count; i++) {
        if (place(&eq->input, eq->kernel.at[i]) < 0)
            add_label(&r.columns, eq->kernel.at[i]);
    }
    return r;
}

static labels joined(const labels *a, const labels *b, const labels *c)
{
    labels out = *a;
    for (int32_t i = 0; i < b->count; i++)
        add_label(&out, b->at[i]);
    for (int32_t i = 0; i < c->count; i++)
        add_label(&out, c->at[i]);
    return out;
}

/* x, whose axes are `from`, with them in the order of `to`. */
static crn_value reorder(crn_graph *graph, crn_value x, const labels *from, const labels *to)
{
    int32_t order[CRN_MAX_NDIM];
    bool moves = false;
    for (int32_t i = 0; i < to->count; i++) {
        order[i] = place(from, to->at[i]);
        moves = moves || order[i] != i;
    }
    return moves ? crn_permute(graph, x, order) : x;
}

/* Without the axes that neither the kernel nor the output has. */
static crn_value sum_away(crn_graph *graph, crn_value x, const equation *eq, labels *left)
{
    *left = eq->input;
    for (int32_t i = left->count - 1; i >= 0; i--) {
        const char label = left->at[i];
        if (place(&eq->kernel, label) >= 0 || place(&eq->output, label) >= 0)
            continue;
        x = crn_reduce_axis(graph, x, CRN_AXIS_SUM, i);
        memmove(left->at + i, left->at + i + 1, (size_t)(left->count - i));
        left->count--;
    }
    return x;
}

static int64_t length_of(const labels *some, const labels *axes, const crn_type *type)
{
    int64_t length = 1;
    for (int32_t i = 0; i < some->count; i++)
        length *= type->shape[place(axes, some->at[i])];
    return length;
}

static crn_value einsum(crn_graph *graph, const equation *eq, crn_value x, crn_value kernel,
                        const crn_type *out)
{
    const roles r = find_roles(eq);
    labels left;
    x = sum_away(graph, x, eq, &left);
    const crn_type x_type = *crn_graph_type(graph, x), k_type = *crn_graph_type(graph, kernel);
    const labels x_order = joined(&r.shared, &r.rows, &r.summed);
    const labels k_order = joined(&r.shared, &r.summed, &r.columns);
    const labels y_order = joined(&r.shared, &r.rows, &r.columns);
    const int64_t shared = length_of(&r.shared, &left, &x_type),
                  rows = length_of(&r.rows, &left, &x_type),
                  summed = length_of(&r.summed, &left, &x_type),
                  columns = length_of(&r.columns, &eq->kernel, &k_type);
    const int64_t x_shape[] = {shared, rows, summed}, k_shape[] = {shared, summed, columns};
    const int32_t skip = shared == 1 ? 1 : 0;
    x = crn_reshape(graph, reorder(graph, x, &left, &x_order), 3 - skip, x_shape + skip);
    kernel = crn_reshape(graph, reorder(graph, kernel, &eq->kernel, &k_order), 3 - skip,
                         k_shape + skip);
    crn_value y =
        skip ? crn_affine(graph, x, kernel, false, CRN_NO_VALUE) : crn_matmul(graph, x, kernel);
    int64_t shape[CRN_MAX_NDIM];
    for (int32_t i = 0; i < y_order.count; i++)
        shape[i] = out->shape[place(&eq->output, y_order.at[i])];
    y = crn_reshape(graph, y, y_order.count, shape);
    return reorder(graph, y, &y_order, &eq->output);
}

static crn_value lower(const crn_layer *layer, crn_lowering *lowering, const crn_value *in,
                       int n_in)
{
    const einsum_dense *config = layer->config;
    crn_graph *graph = lowering->graph;
    const crn_value x = crn_cast(graph, in[0], CRN_FLOAT32);
    const crn_type *type = crn_graph_type(graph, x);
    equation eq;
    crn_type out;
    (void)n_in;
    if (read_equation(layer, type->ndim, &eq, &graph->error) != CRN_OK ||
        find_output(layer, &eq, type, &out, &graph->error) != CRN_OK)
        return CRN_NO_VALUE;
    crn_value y = einsum(graph, &eq, x, crn_layer_weight_value(layer, lowering, 0), &out);
    if (config->bias_axes != NULL)
        y = crn_binary(graph, y, crn_layer_weight_value(layer, lowering, 1), CRN_BINARY_ADD);
    return crn_layer_activate(layer, lowering, y, config->activation);
}

const crn_layer_type crn_layer_EinsumDense = {
    .base = {.name = "EinsumDense",
             .module = "keras.layers",
             .size = sizeof(einsum_dense),
             .fields = fields},
    .infer = infer,
    .lower = lower,
    .build = build,
    .built_by_call = true,
    .check = check,
};
