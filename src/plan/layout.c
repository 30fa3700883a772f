/* SPDX-License-Identifier: BSD-3-Clause */
/* Where every value stands while a block is computed. Values that are one another (reshapes,
 * elementwise operations on a value that nobody reads afterwards) share a storage; each storage
 * is either memory of the caller or a piece of the scratch block, which pieces with disjoint
 * lifetimes share. */
#include <stdlib.h>
#include <unistd.h>

#include "ops/infer.h"
#include "plan/steps.h"

enum { ALIGN = 64, NEVER = -1, ALWAYS = INT32_MAX };

/* The work sheet: one entry for each value; entries of values that share a storage point at its
 * root. */
typedef struct sheet {
    crn_plan *plan;
    crn_value *parent;  /* a value of the same storage, or itself */
    int32_t *first;     /* root: step that writes it; NEVER: before the first */
    int32_t *last;      /* root: last step that reads it; NEVER: none; ALWAYS: an output */
    int32_t *output_of; /* root: the output whose memory it takes; NEVER: none */
} sheet;

/* A piece of the scratch block. */
typedef struct piece {
    size_t bytes, at;
    int32_t first, last;
    size_t *result; /* where the offset is wanted */
} piece;

size_t crn_l2_cache_bytes(void)
{
    long bytes = -1;
#ifdef _SC_LEVEL2_CACHE_SIZE
    bytes = sysconf(_SC_LEVEL2_CACHE_SIZE);
#endif
    return bytes > 0 ? (size_t)bytes : 512 * 1024;
}

static crn_value root(const sheet *s, crn_value value)
{
    while (s->parent[value] != value)
        value = s->parent[value];
    return value;
}

static bool is_sparse(const crn_graph *graph, crn_value value)
{
    return crn_graph_type(graph, value)->sparse;
}

/* Of a sparse item, what is common: its size is not known before the run. */
static int64_t item_bytes(const crn_graph *graph, crn_value value)
{
    enum { COMMON_ENTRIES = 128 };
    const crn_type *type = crn_graph_type(graph, value);
    if (type->sparse)
        return COMMON_ENTRIES * (type->itemsize + (int64_t)sizeof(int32_t));
    return crn_type_size(type) * crn_type_fold(type) * type->itemsize;
}

/* ---- which values share a storage ---- */

static void share_aliases(sheet *s)
{
    const crn_graph *graph = s->plan->graph;
    for (size_t i = 0; i < graph->node_count; i++) {
        const crn_graph_node *node = &graph->nodes[i];
        if (node->op->flags & CRN_OP_ALIAS)
            s->parent[node->out[0]] = root(s, node->in[0]);
    }
}

static void note_uses(sheet *s)
{
    const crn_plan *plan = s->plan;
    for (size_t i = 0; i < plan->step_count; i++) {
        const crn_graph_node *node = plan->steps[i].node;
        for (int k = 0; k < node->op->n_out; k++)
            s->first[node->out[k]] = (int32_t)i;
        for (int k = 0; k < node->n_in; k++) {
            if (node->in[k] != CRN_NO_VALUE)
                s->last[root(s, node->in[k])] = (int32_t)i;
        }
    }
    for (size_t i = 0; i < plan->graph->output_count; i++)
        s->last[root(s, plan->graph->outputs[i])] = ALWAYS;
}

/* An elementwise step may write over its first input when it is the last to read it. */
static bool can_overwrite(const sheet *s, const crn_graph_node *node, int32_t step)
{
    const crn_graph *graph = s->plan->graph;
    if (!(node->op->flags & CRN_OP_ELEMENTWISE) || node->in[0] == CRN_NO_VALUE)
        return false;
    crn_value in = root(s, node->in[0]);
    return graph->values[in].role == CRN_VALUE_NODE && s->last[in] == step &&
           graph->values[in].type.rows == graph->values[node->out[0]].type.rows &&
           is_sparse(graph, in) == is_sparse(graph, node->out[0]) &&
           item_bytes(graph, in) == item_bytes(graph, node->out[0]);
}

static void share_in_place(sheet *s)
{
    for (size_t i = 0; i < s->plan->step_count; i++) {
        const crn_graph_node *node = s->plan->steps[i].node;
        if (!can_overwrite(s, node, (int32_t)i))
            continue;
        crn_value in = root(s, node->in[0]);
        s->parent[node->out[0]] = in;
        s->last[in] = s->last[node->out[0]];
    }
}

/* ---- outputs ---- */

/* Each output takes the storage of its value, unless that is the caller's input, a constant or
 * another output's: then it is copied at the end of the block. Sparse outputs are gathered
 * (sparse_rows.c). */
static crn_status place_outputs(sheet *s)
{
    crn_plan *plan = s->plan;
    crn_graph *graph = plan->graph;
    plan->copies = crn_arena_alloc(plan->arena, graph->output_count, sizeof *plan->copies);
    if (plan->copies == NULL)
        return CRN_NO_MEMORY;
    for (size_t i = 0; i < graph->output_count; i++) {
        crn_value from = root(s, graph->outputs[i]);
        if (is_sparse(graph, from)) {
            plan->has_sparse_output = true;
            continue;
        }
        if (graph->values[from].role == CRN_VALUE_NODE && s->output_of[from] == NEVER)
            s->output_of[from] = (int32_t)i;
        else
            plan->copies[plan->copy_count++] =
                (crn_copy){.output = i, .value = graph->outputs[i]};
    }
    return CRN_OK;
}

/* ---- the scratch block ---- */

static int largest_first(const void *a, const void *b)
{
    const piece *x = a, *y = b;
    if (x->bytes != y->bytes)
        return x->bytes < y->bytes ? 1 : -1;
    return x->first != y->first ? (x->first > y->first ? 1 : -1) : 0;
}

static bool collides(const piece *a, const piece *b)
{
    return a->first <= b->last && b->first <= a->last && a->at < b->at + b->bytes &&
           b->at < a->at + a->bytes;
}

/* The largest first, each at the lowest offset that is free during its life. */
static size_t pack(piece *pieces, size_t count)
{
    size_t total = 0;
    qsort(pieces, count, sizeof *pieces, largest_first);
    for (size_t i = 0; i < count; i++) {
        pieces[i].at = 0;
        for (size_t k = 0; k < i; k++) {
            if (collides(&pieces[i], &pieces[k])) {
                pieces[i].at = pieces[k].at + pieces[k].bytes;
                k = (size_t)-1; /* again from the start: the new offset may meet an earlier
                                   piece */
            }
        }
        *pieces[i].result = pieces[i].at;
        if (pieces[i].at + pieces[i].bytes > total)
            total = pieces[i].at + pieces[i].bytes;
    }
    return total;
}

/* rows * bytes, rounded up to the alignment; false when it overflows. */
static bool block_bytes(int64_t rows, int64_t bytes, size_t *out)
{
    if (!crn_mul_size((size_t)rows, (size_t)bytes, out) || *out > SIZE_MAX / 2)
        return false;
    *out = (*out + ALIGN - 1) / ALIGN * ALIGN;
    return true;
}

static bool needs_scratch(const sheet *s, crn_value value)
{
    return s->plan->graph->values[value].role == CRN_VALUE_NODE && s->parent[value] == value &&
           s->first[value] != NEVER && s->last[value] != NEVER && s->output_of[value] == NEVER;
}

/* Lists the pieces; their results point into places, staging_at and the steps. */
static bool list_pieces(const sheet *s, piece *pieces, size_t *count)
{
    crn_plan *plan = s->plan;
    crn_graph *graph = plan->graph;
    int64_t rows = plan->block_rows;
    for (size_t v = 0; v < graph->value_count; v++) {
        if (!needs_scratch(s, (crn_value)v) || is_sparse(graph, (crn_value)v))
            continue;
        piece *p = &pieces[(*count)++];
        *p = (piece){.first = s->first[v], .last = s->last[v], .result = &plan->places[v].at};
        if (!block_bytes(rows, item_bytes(graph, (crn_value)v), &p->bytes))
            return false;
    }
    for (size_t i = 0; i < graph->input_count; i++) {
        if (is_sparse(graph, graph->inputs[i]))
            continue;
        piece *p = &pieces[(*count)++];
        *p = (piece){.first = NEVER, .last = ALWAYS, .result = &plan->staging_at[i]};
        if (!block_bytes(rows, item_bytes(graph, graph->inputs[i]), &p->bytes))
            return false;
    }
    for (size_t i = 0; i < plan->step_count; i++) {
        crn_plan_step *step = &plan->steps[i];
        const crn_op *op = step->node->op;
        if (op->scratch == NULL)
            continue;
        piece *p = &pieces[(*count)++];
        *p = (piece){.first = (int32_t)i, .last = (int32_t)i, .result = &step->scratch_at};
        size_t bytes = op->scratch(step->node->attributes, step->in_types, step->node->n_in,
                                   rows * step->fold);
        if (!block_bytes(1, (int64_t)bytes, &p->bytes))
            return false;
    }
    return true;
}

static crn_status lay_out_scratch(const sheet *s, crn_error *err)
{
    crn_plan *plan = s->plan;
    crn_graph *graph = plan->graph;
    size_t count = 0;
    plan->staging_at =
        crn_arena_alloc(plan->arena, graph->input_count, sizeof *plan->staging_at);
    piece *pieces =
        crn_calloc(graph->value_count + graph->input_count + plan->step_count, sizeof *pieces);
    if (pieces == NULL || plan->staging_at == NULL) {
        free(pieces);
        return crn_no_memory(err);
    }
    bool fits = list_pieces(s, pieces, &count);
    if (fits)
        plan->scratch_bytes = pack(pieces, count);
    free(pieces);
    return fits ? CRN_OK
                : crn_fail(err, CRN_LIMIT, "the values of a row are too large for memory");
}

/* ---- rows of a block ---- */

/* Bytes that one row occupies while it is in the works: inputs, outputs, and the most scratch
 * that lives at once. */
static double row_bytes(const sheet *s)
{
    const crn_plan *plan = s->plan;
    const crn_graph *graph = plan->graph;
    double ends = 0, most = 0;
    for (size_t i = 0; i < graph->input_count; i++)
        ends += (double)item_bytes(graph, graph->inputs[i]);
    for (size_t i = 0; i < graph->output_count; i++)
        ends += (double)item_bytes(graph, graph->outputs[i]);
    double *live =
        crn_calloc(plan->step_count + 1, sizeof *live); /* bytes born minus bytes dead */
    if (live == NULL)
        return ends;
    for (size_t v = 0; v < graph->value_count; v++) {
        if (!needs_scratch(s, (crn_value)v))
            continue;
        live[s->first[v]] += (double)item_bytes(graph, (crn_value)v);
        if (s->last[v] != ALWAYS)
            live[s->last[v] + 1] -= (double)item_bytes(graph, (crn_value)v);
    }
    double now = 0;
    for (size_t i = 0; i < plan->step_count; i++) {
        now += live[i];
        most = now > most ? now : most;
    }
    free(live);
    return ends + most;
}

/* Half of the level-2 cache is for the rows, the other half for the constants. At least as many
 * rows as make the work worth the way of the constants from memory, up to 16: a core does some
 * fifty multiply-adds a nanosecond, and memory brings ten bytes. At most 1024: more gains
 * nothing. */
static void choose_block_rows(const sheet *s)
{
    enum { LEAST = 16, MOST = 1024 };
    const crn_cost *cost = &s->plan->cost;
    if (s->plan->block_rows > 0)
        return;
    const double bytes = row_bytes(s), worth = 1 + 20 * cost->bytes / (cost->multiply_adds + 1);
    const double least = worth < LEAST && cost->bytes > 0 ? worth : LEAST;
    const double rows = bytes > 0 ? (double)(crn_l2_cache_bytes() / 2) / bytes : MOST;
    s->plan->block_rows = rows > MOST    ? MOST
                          : rows < least ? (int64_t)least
                          : rows < 8     ? (int64_t)rows
                                         : (int64_t)rows / 8 * 8;
}

/* ---- places and patches ---- */

static void place_values(const sheet *s)
{
    crn_plan *plan = s->plan;
    crn_graph *graph = plan->graph;
    for (size_t v = 0; v < graph->value_count; v++) {
        crn_place *place = &plan->places[v];
        crn_value_role role = graph->values[v].role;
        if (role == CRN_VALUE_CONSTANT || role == CRN_VALUE_VARIABLE)
            place->kind = CRN_PLACE_CONSTANT;
        else if (needs_scratch(s, (crn_value)v) && is_sparse(graph, (crn_value)v))
            *place = (crn_place){CRN_PLACE_SPARSE, plan->sparse_count++};
        else if (needs_scratch(s, (crn_value)v))
            place->kind = CRN_PLACE_SCRATCH;
        else if (s->parent[v] == (crn_value)v && s->output_of[v] != NEVER)
            *place = (crn_place){CRN_PLACE_OUTPUT, (size_t)s->output_of[v]};
    }
    for (size_t i = 0; i < graph->input_count; i++)
        plan->places[graph->inputs[i]] = (crn_place){CRN_PLACE_INPUT, i};
    for (size_t v = 0; v < graph->value_count; v++)
        plan->places[v] = plan->places[root(s, (crn_value)v)];
    for (size_t i = 0; i < plan->copy_count; i++) {
        plan->copies[i].value = root(s, plan->copies[i].value);
        plan->copies[i].from = plan->places[plan->copies[i].value];
    }
}

static crn_status add_patch(crn_patches *patches, size_t slot, size_t port, crn_error *err)
{
    CRN_TRY(crn_grow((void **)&patches->items, &patches->capacity, patches->count,
                     sizeof *patches->items, err));
    patches->items[patches->count++] = (crn_patch){(uint32_t)slot, (uint32_t)port};
    return CRN_OK;
}

static crn_status add_patches(crn_plan *plan, crn_error *err)
{
    for (size_t i = 0; i < plan->step_count; i++) {
        const crn_plan_step *step = &plan->steps[i];
        for (int k = 0; k < step->node->n_in; k++) {
            crn_value value = step->node->in[k];
            crn_place place = value == CRN_NO_VALUE ? (crn_place){0} : plan->places[value];
            if (place.kind == CRN_PLACE_INPUT)
                CRN_TRY(add_patch(&plan->in_inputs, step->in_at + (size_t)k, place.at, err));
            else if (place.kind == CRN_PLACE_OUTPUT)
                CRN_TRY(add_patch(&plan->in_outputs, step->in_at + (size_t)k, place.at, err));
        }
        for (int k = 0; k < step->node->op->n_out; k++) {
            crn_place place = plan->places[step->node->out[k]];
            if (place.kind == CRN_PLACE_OUTPUT)
                CRN_TRY(add_patch(&plan->out_outputs, step->out_at + (size_t)k, place.at, err));
        }
    }
    return CRN_OK;
}

/* ---- all of it ---- */

static crn_status lay_out(sheet *s, crn_error *err)
{
    for (size_t v = 0; v < s->plan->graph->value_count; v++) {
        s->parent[v] = (crn_value)v;
        s->first[v] = s->last[v] = s->output_of[v] = NEVER;
    }
    share_aliases(s);
    note_uses(s);
    share_in_place(s);
    if (place_outputs(s) != CRN_OK)
        return crn_no_memory(err);
    choose_block_rows(s);
    CRN_TRY(lay_out_scratch(s, err));
    place_values(s);
    return add_patches(s->plan, err);
}

crn_status crn_plan_layout(crn_plan *plan, crn_error *err)
{
    size_t n = plan->graph->value_count;
    sheet s = {.plan = plan};
    crn_status status = CRN_NO_MEMORY;
    plan->places = crn_arena_alloc(plan->arena, n, sizeof *plan->places);
    s.parent = crn_calloc(n, sizeof *s.parent);
    s.first = crn_calloc(n, sizeof *s.first);
    s.last = crn_calloc(n, sizeof *s.last);
    s.output_of = crn_calloc(n, sizeof *s.output_of);
    if (plan->places == NULL || s.parent == NULL || s.first == NULL || s.last == NULL ||
        s.output_of == NULL)
        crn_no_memory(err);
    else
        status = lay_out(&s, err);
    free(s.output_of);
    free(s.last);
    free(s.first);
    free(s.parent);
    return status;
}
