/* SPDX-License-Identifier: BSD-3-Clause */
/* Makes a plan from a graph, and answers questions about it. */
#include <stdlib.h>
#include <string.h>

#include "ops/affine.h"
#include "plan/steps.h"

/* ---- making ---- */

static crn_status check_graph(const crn_graph *graph, crn_error *err)
{
    CRN_TRY(crn_graph_status(graph, err));
    if (graph->input_count == 0 || graph->output_count == 0)
        return crn_fail(err, CRN_ARGUMENT, "a plan needs an input and an output");
    for (size_t i = 0; i < graph->output_count; i++) {
        if (graph->outputs[i] < 0 || (size_t)graph->outputs[i] >= graph->value_count)
            return crn_fail(err, CRN_ARGUMENT, "output '%s' is no value of the graph",
                            graph->output_names[i]);
        if (!graph->values[graph->outputs[i]].type.rows)
            return crn_fail(err, CRN_ARGUMENT, "output '%s' has no rows",
                            graph->output_names[i]);
        if (crn_type_fold(&graph->values[graph->outputs[i]].type) != 1)
            return crn_fail(err, CRN_ARGUMENT, "output '%s' has several items for each row",
                            graph->output_names[i]);
    }
    for (size_t i = 0; i < graph->input_count; i++) {
        if (!graph->values[graph->inputs[i]].type.rows)
            return crn_fail(err, CRN_ARGUMENT, "input '%s' has no rows",
                            graph->values[graph->inputs[i]].name);
    }
    for (size_t i = 0; i < graph->node_count; i++) {
        if (graph->nodes[i].op->flags & CRN_OP_WHOLE_BATCH)
            return crn_fail(err, CRN_UNSUPPORTED,
                            "%s needs the whole batch: it is for training only",
                            graph->nodes[i].op->name);
    }
    return CRN_OK;
}

static crn_status fill_step(crn_plan *plan, crn_plan_step *step, const crn_graph_node *node)
{
    crn_graph *graph = plan->graph;
    step->node = node;
    step->in_types = crn_arena_alloc(graph->arena, (size_t)node->n_in, sizeof *step->in_types);
    step->out_types =
        crn_arena_alloc(graph->arena, (size_t)node->op->n_out, sizeof *step->out_types);
    if (step->in_types == NULL || step->out_types == NULL)
        return CRN_NO_MEMORY;
    for (int k = 0; k < node->n_in; k++)
        step->in_types[k] = *crn_graph_type(graph, node->in[k]);
    for (int k = 0; k < node->op->n_out; k++)
        step->out_types[k] = *crn_graph_type(graph, node->out[k]);
    step->fold = crn_type_fold(&step->out_types[0]);
    step->in_at = plan->in_slots;
    step->out_at = plan->out_slots;
    plan->in_slots += (size_t)node->n_in;
    plan->out_slots += (size_t)node->op->n_out;
    return CRN_OK;
}

/* What `step` costs for one row, added to the plan's cost. Without its own estimate an
 * operation counts as one multiply-add for each element it makes. */
static void add_cost(crn_plan *plan, const crn_plan_step *step)
{
    crn_cost cost = {0};
    if (step->node->op->cost != NULL)
        step->node->op->cost(step->node->attributes, step->in_types, step->out_types, &cost);
    else
        cost.multiply_adds = (double)crn_type_size(&step->out_types[0]);
    plan->cost.multiply_adds += cost.multiply_adds * (double)step->fold;
    plan->cost.bytes += cost.bytes;
}

/* A product of the input as it came: infinity or NaN times anything is not finite, nor is a sum
 * with it. */
static bool is_witness(const crn_graph *graph, const crn_graph_node *node)
{
    return graph->input_count == 1 && node->op == &crn_op_affine &&
           node->in[0] == graph->inputs[0] && !crn_graph_type(graph, node->in[0])->sparse &&
           ((const crn_affine_attributes *)node->attributes)->activation.kind == CRN_LINEAR &&
           crn_type_size(crn_graph_type(graph, node->out[0])) > 0;
}

/* One step for each node, but for reshapes, which are not run. */
static crn_status add_steps(crn_plan *plan, crn_error *err)
{
    crn_graph *graph = plan->graph;
    plan->steps = crn_arena_alloc(graph->arena, graph->node_count, sizeof *plan->steps);
    if (plan->steps == NULL)
        return crn_no_memory(err);
    for (size_t i = 0; i < graph->node_count; i++) {
        if (graph->nodes[i].op->flags & CRN_OP_ALIAS)
            continue;
        crn_plan_step *step = &plan->steps[plan->step_count++];
        plan->all_rows |= (graph->nodes[i].op->flags & CRN_OP_ALL_ROWS) != 0;
        if (fill_step(plan, step, &graph->nodes[i]) != CRN_OK)
            return crn_no_memory(err);
        if (is_witness(graph, &graph->nodes[i]))
            plan->witness = plan->step_count;
        add_cost(plan, step);
    }
    return CRN_OK;
}

static crn_status build(crn_plan *plan, const crn_plan_options *options, crn_error *err)
{
    CRN_TRY(check_graph(plan->graph, err));
    CRN_TRY(crn_plan_fold_constants(plan->graph, err));
    CRN_TRY(crn_plan_drop_unneeded(plan->graph, err));
    if (!options->exact) {
        CRN_TRY(crn_plan_fuse(plan->graph, err));
        CRN_TRY(crn_plan_drop_unneeded(plan->graph, err));
    }
    CRN_TRY(crn_plan_arrange_weights(plan->graph, err));
    CRN_TRY(add_steps(plan, err));
    return crn_plan_layout(plan, err);
}

crn_status crn_plan_create(crn_graph *graph, const crn_plan_options *options, crn_plan **out,
                           crn_error *err)
{
    static const crn_plan_options defaults = {0};
    if (options == NULL)
        options = &defaults;
    crn_plan *plan = crn_calloc(1, sizeof *plan);
    if (plan == NULL) {
        crn_graph_destroy(graph);
        return crn_no_memory(err);
    }
    atomic_init(&plan->references, 1);
    plan->graph = graph;
    plan->arena = graph->arena;
    plan->block_rows = options->block_rows;
    crn_status status = build(plan, options, err);
    if (status != CRN_OK) {
        crn_plan_release(plan);
        return status;
    }
    *out = plan;
    return CRN_OK;
}

crn_plan *crn_plan_retain(crn_plan *plan)
{
    atomic_fetch_add_explicit(&plan->references, 1, memory_order_relaxed);
    return plan;
}

void crn_plan_release(crn_plan *plan)
{
    if (plan == NULL ||
        atomic_fetch_sub_explicit(&plan->references, 1, memory_order_acq_rel) > 1)
        return;
    free(plan->in_inputs.items);
    free(plan->in_outputs.items);
    free(plan->out_outputs.items);
    if (plan->origin != NULL) {
        crn_arena_destroy(plan->arena);
        crn_plan_release(plan->origin);
    } else {
        crn_graph_destroy(plan->graph);
    }
    free(plan);
}

crn_status crn_plan_with_block(crn_plan *plan, int64_t rows, crn_plan **out, crn_error *err)
{
    crn_plan *made = crn_calloc(1, sizeof *made);
    if (made == NULL)
        return crn_no_memory(err);
    atomic_init(&made->references, 1);
    made->origin = crn_plan_retain(plan);
    made->graph = plan->graph;
    made->arena = crn_arena_create(0);
    made->step_count = plan->step_count;
    made->in_slots = plan->in_slots;
    made->out_slots = plan->out_slots;
    made->all_rows = plan->all_rows;
    made->witness = plan->witness;
    made->block_rows = rows;
    made->cost = plan->cost;
    if (made->arena != NULL)
        made->steps = crn_arena_alloc(made->arena, plan->step_count, sizeof *made->steps);
    crn_status status = made->steps != NULL ? CRN_OK : crn_no_memory(err);
    if (status == CRN_OK) {
        memcpy(made->steps, plan->steps, plan->step_count * sizeof *made->steps);
        status = crn_plan_layout(made, err);
    }
    if (status != CRN_OK) {
        crn_plan_release(made);
        return status;
    }
    *out = made;
    return CRN_OK;
}

/* ---- questions ---- */

size_t crn_plan_input_count(const crn_plan *plan)
{
    return plan->graph->input_count;
}

size_t crn_plan_output_count(const crn_plan *plan)
{
    return plan->graph->output_count;
}

const crn_type *crn_plan_input_type(const crn_plan *plan, size_t i)
{
    return crn_graph_type(plan->graph, plan->graph->inputs[i]);
}

const crn_type *crn_plan_output_type(const crn_plan *plan, size_t i)
{
    return crn_graph_type(plan->graph, plan->graph->outputs[i]);
}

const char *crn_plan_input_name(const crn_plan *plan, size_t i)
{
    return plan->graph->values[plan->graph->inputs[i]].name;
}

const char *crn_plan_output_name(const crn_plan *plan, size_t i)
{
    return plan->graph->output_names[i];
}

crn_cost crn_plan_cost(const crn_plan *plan)
{
    return plan->cost;
}

/* "affine    float64 (rows, 4) -> float64 (rows, 3)  activation=relu" */
static void describe_step(const crn_plan_step *step, crn_text *out)
{
    char text[128] = "";
    const crn_op *op = step->node->op;
    crn_text_printf(out, "%-10s", op->name);
    for (int k = 0; k < step->node->n_in; k++) {
        if (step->in_types[k].rows)
            crn_text_printf(out, " %s", crn_type_text(&step->in_types[k], text, sizeof text));
    }
    crn_text_add_string(out, " ->");
    for (int k = 0; k < op->n_out; k++)
        crn_text_printf(out, " %s", crn_type_text(&step->out_types[k], text, sizeof text));
    text[0] = '\0';
    if (op->describe != NULL)
        op->describe(step->node->attributes, text, sizeof text);
    crn_text_printf(out, "%s%s\n", text[0] != '\0' ? "  " : "", text);
}

void crn_plan_describe(const crn_plan *plan, crn_text *out)
{
    for (size_t i = 0; i < plan->step_count; i++)
        describe_step(&plan->steps[i], out);
}
