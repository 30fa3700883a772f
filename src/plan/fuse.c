/* SPDX-License-Identifier: BSD-3-Clause */
/* Fusion: chains of operations become fewer ones. Nodes are visited in their order, so that
 * what a rule finds before a node has itself been fused. Nodes that nobody needs afterwards are
 * dropped at the end. */
#include "plan/fuse.h"

#include <math.h>
#include <stdlib.h>

#include "ops/affine.h"
#include "ops/elementwise.h"
#include "ops/rows.h"
#include "plan/steps.h"

crn_graph_node *crn_fusion_maker(const crn_fusion *fusion, const crn_graph_node *node)
{
    crn_value value = node->n_in > 0 ? node->in[0] : CRN_NO_VALUE;
    if (value == CRN_NO_VALUE)
        return NULL;
    const crn_value_info *info = &fusion->graph->values[value];
    if (info->role != CRN_VALUE_NODE || fusion->uses[value] != 1)
        return NULL;
    return &fusion->graph->nodes[info->node];
}

/* activation(affine(x)) is an affine with that activation. */
static bool fuse_activation(crn_fusion *fusion, crn_graph_node *node)
{
    crn_graph_node *maker = crn_fusion_maker(fusion, node);
    if (node->op != &crn_op_activation || maker == NULL || maker->op != &crn_op_affine)
        return false;
    crn_affine_attributes *affine = maker->attributes;
    if (affine->activation.kind != CRN_LINEAR)
        return false;
    affine->activation = *(const crn_activation *)node->attributes;
    node->op = &crn_op_affine;
    node->attributes = affine;
    node->n_in = maker->n_in;
    node->in = maker->in;
    return true;
}

/* argmax(softmax(x)) is argmax(x), but where softmax gives a row of NaN: there argmax gives 0.
 * Shares that round to the same number no longer hide which is larger. */
static bool fuse_argmax(crn_fusion *fusion, crn_graph_node *node)
{
    crn_graph_node *maker = crn_fusion_maker(fusion, node);
    if (node->op != &crn_op_argmax || maker == NULL || maker->op != &crn_op_softmax)
        return false;
    const crn_softmax_attributes *softmax = maker->attributes;
    if ((softmax->kind != CRN_SOFTMAX && softmax->kind != CRN_LOG_SOFTMAX) ||
        softmax->axis != crn_graph_type(fusion->graph, node->in[0])->ndim - 1)
        return false;
    ((crn_argmax_attributes *)node->attributes)->of_softmax = true;
    node->in[0] = maker->in[0];
    return true;
}

/* sigmoid(x) > t is x > log(t / (1 - t)). The sigmoid may have been fused into an affine
 * already. */
static bool fuse_step(crn_fusion *fusion, crn_graph_node *node)
{
    crn_graph_node *maker = crn_fusion_maker(fusion, node);
    if (node->op != &crn_op_step || maker == NULL)
        return false;
    double *threshold = node->attributes;
    if (!(*threshold > 0 && *threshold < 1))
        return false;
    if (maker->op == &crn_op_affine &&
        ((crn_affine_attributes *)maker->attributes)->activation.kind == CRN_SIGMOID)
        ((crn_affine_attributes *)maker->attributes)->activation =
            (crn_activation){CRN_LINEAR, 0, 0, 0};
    else if ((maker->op == &crn_op_activation &&
              ((crn_activation *)maker->attributes)->kind == CRN_SIGMOID) ||
             (maker->op == &crn_op_unary &&
              *(crn_unary_kind *)maker->attributes == CRN_UNARY_EXPIT))
        node->in[0] = maker->in[0];
    else
        return false;
    *threshold = log(*threshold) - log1p(-*threshold);
    return true;
}

typedef bool (*rule)(crn_fusion *fusion, crn_graph_node *node);

static const rule rules[] = {
    crn_fuse_scale_into_scale,
    crn_fuse_scale_into_affine,
    crn_fuse_affine_into_scale,
    crn_fuse_affine_into_affine,
    crn_fuse_padding_into_convolution,
    crn_fuse_convolution_into_scale,
    crn_fuse_convolution_into_sum,
    fuse_activation,
    crn_fuse_activation_into_convolution,
    fuse_argmax,
    fuse_step,
};

/* Applies the rules to a node until none fits. Each application removes a node from a chain, so
 * it ends. */
static crn_status fuse_node(crn_fusion *fusion, crn_graph_node *node, crn_error *err)
{
    bool changed;
    do {
        changed = false;
        for (size_t r = 0; r < sizeof rules / sizeof *rules; r++)
            changed = rules[r](fusion, node) || changed;
        CRN_TRY(crn_graph_status(fusion->graph, err));
    } while (changed);
    return CRN_OK;
}

static void count_uses(const crn_graph *graph, int32_t *uses)
{
    for (size_t i = 0; i < graph->node_count; i++) {
        for (int k = 0; k < graph->nodes[i].n_in; k++) {
            if (graph->nodes[i].in[k] != CRN_NO_VALUE)
                uses[graph->nodes[i].in[k]]++;
        }
    }
    for (size_t i = 0; i < graph->output_count; i++)
        uses[graph->outputs[i]]++;
}

crn_status crn_plan_fuse(crn_graph *graph, crn_error *err)
{
    crn_fusion fusion = {.graph = graph};
    fusion.uses = crn_calloc(graph->value_count, sizeof *fusion.uses);
    fusion.unit_fed = crn_calloc(graph->node_count, sizeof *fusion.unit_fed);
    crn_status status = CRN_NO_MEMORY;
    if (fusion.uses == NULL || fusion.unit_fed == NULL) {
        crn_no_memory(err);
    } else {
        status = CRN_OK;
        count_uses(graph, fusion.uses);
        for (size_t i = 0; status == CRN_OK && i < graph->node_count; i++)
            status = fuse_node(&fusion, &graph->nodes[i], err);
    }
    free(fusion.unit_fed);
    free(fusion.uses);
    return status;
}
