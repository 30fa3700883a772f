/* SPDX-License-Identifier: BSD-3-Clause */
/* What stands around a convolution goes into it: the zeros around its input, the scaling of a
 * batch normalization, a sum with another value of the same shape, the activation. All but the
 * first happen where a sum is stored, in the order in which they were; a kernel is not touched. */
#include "ops/convolution.h"
#include "ops/elementwise.h"
#include "ops/rows.h"
#include "plan/fuse.h"

static bool is_convolution(const crn_graph_node *node)
{
    return node != NULL &&
           (node->op == &crn_op_convolution || node->op == &crn_op_depthwise_convolution);
}

static crn_activation *activation_of(const crn_graph_node *node)
{
    if (node->op == &crn_op_convolution)
        return &((crn_convolution_attributes *)node->attributes)->activation;
    return &((crn_depthwise_attributes *)node->attributes)->activation;
}

static crn_value input_of(const crn_graph_node *node, int k)
{
    return k < node->n_in ? node->in[k] : CRN_NO_VALUE;
}

/* Nothing happens yet after it has been given to `other` and to the activation. */
static bool is_open(const crn_graph_node *node)
{
    return is_convolution(node) && activation_of(node)->kind == CRN_LINEAR &&
           input_of(node, CRN_CONV_OTHER) == CRN_NO_VALUE;
}

/* Makes `node` the convolution `maker`, for further changes to its inputs. */
static bool take_over(crn_fusion *fusion, crn_graph_node *node, const crn_graph_node *maker)
{
    crn_value *in = crn_arena_alloc(fusion->graph->arena, CRN_CONV_INPUTS, sizeof *in);
    if (in == NULL) {
        crn_no_memory(&fusion->graph->error);
        return false;
    }
    for (int k = 0; k < CRN_CONV_INPUTS; k++)
        in[k] = input_of(maker, k);
    node->op = maker->op;
    node->attributes = maker->attributes;
    node->in = in;
    node->n_in = maker->n_in;
    return true;
}

bool crn_fuse_activation_into_convolution(crn_fusion *fusion, crn_graph_node *node)
{
    crn_graph_node *maker = crn_fusion_maker(fusion, node);
    if (node->op != &crn_op_activation || !is_convolution(maker) ||
        activation_of(maker)->kind != CRN_LINEAR)
        return false;
    const crn_activation activation = *(const crn_activation *)node->attributes;
    if (!take_over(fusion, node, maker))
        return false;
    *activation_of(node) = activation;
    return true;
}

/* ---- batch normalization ---- */

static bool is_constant(const crn_graph *graph, crn_value value)
{
    return value != CRN_NO_VALUE && graph->values[value].role == CRN_VALUE_CONSTANT;
}

/* (sum + bias) * a + b = sum * a + (bias * a + b) */
static crn_value scaled_bias(crn_graph *graph, crn_value bias, crn_value a, crn_value b)
{
    if (bias == CRN_NO_VALUE)
        return b;
    const crn_array *from = &graph->values[bias].array;
    const float *factor = graph->values[a].array.data, *offset = graph->values[b].array.data;
    crn_array to = CRN_ARRAY_INIT;
    if (crn_array_create(CRN_FLOAT32, 0, 1, from->shape, &to, &graph->error) != CRN_OK)
        return CRN_NO_VALUE;
    for (int64_t i = 0; i < from->shape[0]; i++)
        ((float *)to.data)[i] =
            (float)((double)((const float *)from->data)[i] * factor[i] + (double)offset[i]);
    const crn_value made = crn_graph_constant(graph, &to);
    crn_array_free(&to);
    return made;
}

bool crn_fuse_convolution_into_scale(crn_fusion *fusion, crn_graph_node *node)
{
    crn_graph *graph = fusion->graph;
    crn_graph_node *maker = crn_fusion_maker(fusion, node);
    if (node->op != &crn_op_scale || !is_open(maker) ||
        input_of(maker, CRN_CONV_FACTOR) != CRN_NO_VALUE)
        return false;
    const crn_scale_attributes *scale = node->attributes;
    const crn_value a = input_of(node, 1), b = input_of(node, 2);
    const crn_value bias = input_of(maker, CRN_CONV_BIAS);
    if (scale->form != CRN_SCALE_MULTIPLY_ADD || scale->clip || !is_constant(graph, a) ||
        !is_constant(graph, b) || (bias != CRN_NO_VALUE && !is_constant(graph, bias)))
        return false;
    const crn_value offset = scaled_bias(graph, bias, a, b);
    if (offset == CRN_NO_VALUE || !take_over(fusion, node, maker))
        return false;
    node->n_in = CRN_CONV_FACTOR + 1 > node->n_in ? CRN_CONV_FACTOR + 1 : node->n_in;
    node->in[CRN_CONV_FACTOR] = a;
    node->in[CRN_CONV_BIAS] = offset;
    return true;
}

/* ---- residual sums ---- */

bool crn_fuse_convolution_into_sum(crn_fusion *fusion, crn_graph_node *node)
{
    crn_graph *graph = fusion->graph;
    if (node->op != &crn_op_binary ||
        *(const crn_binary_kind *)node->attributes != CRN_BINARY_ADD ||
        !crn_type_equal(crn_graph_type(graph, node->in[0]), crn_graph_type(graph, node->in[1])))
        return false;
    for (int k = 0; k < 2; k++) {
        const crn_value other = node->in[1 - k];
        crn_graph_node first = *node;
        first.in = &node->in[k];
        crn_graph_node *maker = crn_fusion_maker(fusion, &first);
        if (!is_open(maker) || maker->op != &crn_op_convolution || other == node->in[k])
            continue;
        if (!take_over(fusion, node, maker))
            return false;
        node->n_in = CRN_CONV_INPUTS;
        node->in[CRN_CONV_OTHER] = other;
        return true;
    }
    return false;
}

/* ---- zeros around the input ---- */

static crn_window *window_of(const crn_graph_node *node)
{
    if (node->op == &crn_op_depthwise_convolution)
        return &((crn_depthwise_attributes *)node->attributes)->window;
    crn_convolution_attributes *attributes = node->attributes;
    return attributes->transposed ? NULL : &attributes->window;
}

/* Zeros in front of and behind the axes that a window slides over, and nowhere else. */
static bool is_plain_padding(const crn_pad_attributes *pad, int32_t ndim)
{
    for (int32_t i = 0; i < ndim; i++) {
        if (pad->before[i] < 0 || pad->after[i] < 0)
            return false;
    }
    return pad->before[ndim - 1] == 0 && pad->after[ndim - 1] == 0;
}

bool crn_fuse_padding_into_convolution(crn_fusion *fusion, crn_graph_node *node)
{
    crn_graph_node *maker = crn_fusion_maker(fusion, node);
    if (!is_convolution(node) || maker == NULL || maker->op != &crn_op_pad)
        return false;
    const crn_type *type = crn_graph_type(fusion->graph, maker->in[0]);
    const crn_pad_attributes *pad = maker->attributes;
    crn_window *window = window_of(node);
    if (window == NULL || !is_plain_padding(pad, type->ndim))
        return false;
    for (int32_t i = 0; i < type->ndim - 1; i++) {
        crn_window_axis *axis = &window->axis[CRN_WINDOW_AXES - (type->ndim - 1) + i];
        axis->n_in = type->shape[i];
        axis->before += pad->before[i];
    }
    node->in[CRN_CONV_X] = maker->in[0];
    return true;
}
