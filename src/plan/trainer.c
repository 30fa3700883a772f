/* SPDX-License-Identifier: BSD-3-Clause */
/* The trainer: every value of the graph has memory of its own (but for reshapes, which share
 * their input's), and every value between a trainable variable and the loss has a gradient of
 * the same size. All of it is laid out once, in one block, for max_rows rows. */
#include "plan/trainer.h"

#include <stdlib.h>
#include <string.h>

#include "ops/infer.h"

/* A graph input's pointer in somebody's argument list, to be set before each forward. */
typedef struct input_slot {
    const void **slot;
    int32_t input;
} input_slot;

struct crn_trainer {
    const crn_graph *graph;
    crn_value loss;
    int64_t max_rows, rows;
    uint64_t seed, step;
    crn_arena *arena;
    crn_buffer *memory;
    const void **data; /* [values]; of inputs: NULL before forward */
    float **gradient;  /* [values]; NULL: not wanted */
    crn_value *root;   /* [values]: itself, or what an alias is another shape of */
    crn_call *calls;   /* [nodes] */
    bool *backward;    /* [nodes]: runs backward */
    input_slot *slots;
    size_t slot_count;
};

static const crn_value_info *info_of(const crn_trainer *t, crn_value value)
{
    return &t->graph->values[value];
}

/* ---- which gradients are wanted ---- */

enum { DEPENDS = 1, REACHES = 2 }; /* on a trainable variable; the loss */

/* marks[value]: a gradient is wanted where both bits are set. */
static void mark_values(const crn_trainer *t, uint8_t *marks)
{
    const crn_graph *graph = t->graph;
    for (size_t v = 0; v < graph->value_count; v++) {
        const crn_value_info *info = &graph->values[v];
        marks[v] = info->role == CRN_VALUE_VARIABLE && info->trainable ? DEPENDS : 0;
    }
    for (size_t i = 0; i < graph->node_count; i++) {
        const crn_graph_node *node = &graph->nodes[i];
        uint8_t mark = 0;
        for (int k = 0; k < node->n_in; k++)
            mark |= node->in[k] != CRN_NO_VALUE ? marks[node->in[k]] : 0;
        for (int k = 0; k < node->op->n_out; k++)
            marks[node->out[k]] |= mark & DEPENDS;
    }
    marks[t->loss] |= REACHES;
    for (size_t i = graph->node_count; i-- > 0;) {
        const crn_graph_node *node = &graph->nodes[i];
        uint8_t mark = 0;
        for (int k = 0; k < node->op->n_out; k++)
            mark |= marks[node->out[k]];
        for (int k = 0; k < node->n_in && (mark & REACHES) != 0; k++) {
            if (node->in[k] != CRN_NO_VALUE)
                marks[node->in[k]] |= REACHES;
        }
    }
}

static bool is_wanted(const uint8_t *marks, crn_value value)
{
    return value != CRN_NO_VALUE && marks[value] == (DEPENDS | REACHES);
}

/* Everything between a trainable variable and the loss must be float32 and differentiable. */
static crn_status check_path(const crn_trainer *t, const uint8_t *marks, crn_error *err)
{
    for (size_t i = 0; i < t->graph->node_count; i++) {
        const crn_graph_node *node = &t->graph->nodes[i];
        bool out = false, in = false;
        for (int k = 0; k < node->op->n_out; k++)
            out |= is_wanted(marks, node->out[k]);
        for (int k = 0; k < node->n_in; k++) {
            in |= is_wanted(marks, node->in[k]);
            if (out && is_wanted(marks, node->in[k]) &&
                crn_graph_type(t->graph, node->in[k])->dtype != CRN_FLOAT32)
                return crn_fail(err, CRN_UNSUPPORTED,
                                "training computes in float32: cannot train "
                                "through %s of %s",
                                node->op->name,
                                crn_dtype_name(crn_graph_type(t->graph, node->in[k])->dtype));
        }
        if (out && in && node->op->backward == NULL && (node->op->flags & CRN_OP_ALIAS) == 0)
            return crn_fail(err, CRN_UNSUPPORTED, "cannot train through the operation %s",
                            node->op->name);
    }
    return CRN_OK;
}

/* ---- memory ---- */

/* Hands out offsets first, to learn the size, and pointers into the block then. */
typedef struct layout {
    uint8_t *base; /* NULL: measuring */
    size_t size;
    bool overflow;
} layout;

static void *take(layout *l, int64_t count, size_t size)
{
    size_t bytes;
    size_t at = l->size;
    if (count < 0 || !crn_mul_size((size_t)count, size, &bytes) || bytes > SIZE_MAX / 4 - at) {
        l->overflow = true;
        return NULL;
    }
    l->size = at + (bytes + 63) / 64 * 64;
    return l->base != NULL ? l->base + at : NULL;
}

/* A value's memory and its gradient's; aliases come after what they alias. */
static void lay_out_value(crn_trainer *t, layout *l, const uint8_t *marks, crn_value v)
{
    const crn_value_info *info = info_of(t, v);
    int64_t count, rows = info->type.rows ? t->max_rows : 1;
    if (__builtin_mul_overflow(crn_type_size(&info->type), rows, &count))
        count = -1; /* take() refuses it */
    crn_value root = t->root[v];
    if (root != v)
        t->data[v] = t->data[root];
    else if (info->role == CRN_VALUE_NODE)
        t->data[v] = take(l, count, (size_t)info->type.itemsize);
    else if (info->role != CRN_VALUE_INPUT)
        t->data[v] = info->array.data;
    if (is_wanted(marks, v))
        t->gradient[v] = root != v ? t->gradient[root] : take(l, count, sizeof(float));
}

static size_t scratch_size(const crn_trainer *t, const crn_graph_node *node,
                           const crn_call *call)
{
    return node->op->scratch != NULL
               ? node->op->scratch(node->attributes, call->in_types, node->n_in, t->max_rows)
               : 0;
}

static void lay_out(crn_trainer *t, layout *l, const uint8_t *marks)
{
    const crn_graph *graph = t->graph;
    size_t scratch = 0;
    for (size_t v = 0; v < graph->value_count; v++)
        lay_out_value(t, l, marks, (crn_value)v);
    for (size_t i = 0; i < graph->node_count; i++) {
        const crn_graph_node *node = &graph->nodes[i];
        size_t needed = scratch_size(t, node, &t->calls[i]);
        scratch = needed > scratch ? needed : scratch;
        if (node->op->saved != NULL)
            t->calls[i].saved = take(l, 1,
                                     node->op->saved(node->attributes, t->calls[i].in_types,
                                                     node->n_in, t->max_rows));
    }
    void *shared = take(l, 1, scratch); /* one node runs at a time */
    for (size_t i = 0; i < graph->node_count; i++)
        t->calls[i].scratch = shared;
}

static crn_status allocate(crn_trainer *t, const uint8_t *marks, crn_error *err)
{
    layout l = {0};
    lay_out(t, &l, marks);
    if (l.overflow)
        return crn_no_memory(err);
    t->memory = crn_buffer_create(l.size > 0 ? l.size : 1);
    if (t->memory == NULL)
        return crn_no_memory(err);
    l = (layout){.base = crn_buffer_data(t->memory)};
    lay_out(t, &l, marks);
    return CRN_OK;
}

/* ---- calls ---- */

static crn_type *copy_types(crn_trainer *t, const crn_value *values, int n)
{
    crn_type *types = crn_arena_alloc(t->arena, (size_t)n, sizeof *types);
    for (int k = 0; types != NULL && k < n; k++)
        types[k] = *crn_graph_type(t->graph, values[k]);
    return types;
}

/* The parts of a call that do not move: types, argument lists. */
static crn_status prepare_call(crn_trainer *t, size_t i, crn_error *err)
{
    const crn_graph_node *node = &t->graph->nodes[i];
    crn_call *call = &t->calls[i];
    int n_in = node->n_in, n_out = node->op->n_out;
    *call = (crn_call){.attributes = node->attributes, .n_in = n_in, .n_out = n_out};
    call->kernels = crn_kernels_best();
    call->in = crn_arena_alloc(t->arena, (size_t)n_in, sizeof *call->in);
    call->out = crn_arena_alloc(t->arena, (size_t)n_out, sizeof *call->out);
    call->grad_in = crn_arena_alloc(t->arena, (size_t)n_in, sizeof *call->grad_in);
    call->grad_out = crn_arena_alloc(t->arena, (size_t)n_out, sizeof *call->grad_out);
    call->in_types = copy_types(t, node->in, n_in);
    call->out_types = copy_types(t, node->out, n_out);
    if (call->in == NULL || call->out == NULL || call->grad_in == NULL ||
        call->grad_out == NULL || call->in_types == NULL || call->out_types == NULL)
        return crn_no_memory(err);
    return CRN_OK;
}

static void add_slot(crn_trainer *t, const void **slot, crn_value value)
{
    for (size_t k = 0; k < t->graph->input_count; k++) {
        if (t->graph->inputs[k] == t->root[value])
            t->slots[t->slot_count++] = (input_slot){.slot = slot, .input = (int32_t)k};
    }
}

/* Points the argument lists at the memory, and notes where the caller's inputs go. */
static void connect(crn_trainer *t)
{
    for (size_t i = 0; i < t->graph->node_count; i++) {
        const crn_graph_node *node = &t->graph->nodes[i];
        const void **in = (const void **)t->calls[i].in;
        void **out = (void **)t->calls[i].out;
        void **grad_in = (void **)t->calls[i].grad_in;
        const void **grad_out = (const void **)t->calls[i].grad_out;
        bool to = false, from = false;
        for (int k = 0; k < node->n_in; k++) {
            if (node->in[k] == CRN_NO_VALUE)
                continue;
            in[k] = t->data[node->in[k]];
            grad_in[k] = t->gradient[node->in[k]];
            to |= grad_in[k] != NULL;
            add_slot(t, &in[k], node->in[k]);
        }
        for (int k = 0; k < node->op->n_out; k++) {
            out[k] = (void *)t->data[node->out[k]];
            grad_out[k] = t->gradient[node->out[k]];
            from |= grad_out[k] != NULL;
        }
        t->backward[i] = to && from && (node->op->flags & CRN_OP_ALIAS) == 0;
    }
    for (size_t v = 0; v < t->graph->value_count; v++)
        add_slot(t, &t->data[v], (crn_value)v);
}

/* ---- life ---- */

static void find_roots(crn_trainer *t)
{
    for (size_t v = 0; v < t->graph->value_count; v++) {
        const crn_value_info *info = &t->graph->values[v];
        t->root[v] = (crn_value)v;
        if (info->role == CRN_VALUE_NODE) {
            const crn_graph_node *node = &t->graph->nodes[info->node];
            if ((node->op->flags & CRN_OP_ALIAS) != 0 && node->out[0] == (crn_value)v)
                t->root[v] = t->root[node->in[0]];
        }
    }
}

static crn_status allocate_tables(crn_trainer *t, crn_error *err)
{
    size_t values = t->graph->value_count, nodes = t->graph->node_count;
    size_t arguments = values;
    for (size_t i = 0; i < nodes; i++)
        arguments += (size_t)t->graph->nodes[i].n_in;
    t->arena = crn_arena_create(0);
    if (t->arena == NULL)
        return crn_no_memory(err);
    t->data = crn_arena_alloc(t->arena, values, sizeof *t->data);
    t->gradient = crn_arena_alloc(t->arena, values, sizeof *t->gradient);
    t->root = crn_arena_alloc(t->arena, values, sizeof *t->root);
    t->calls = crn_arena_alloc(t->arena, nodes, sizeof *t->calls);
    t->backward = crn_arena_alloc(t->arena, nodes, sizeof *t->backward);
    t->slots = crn_arena_alloc(t->arena, arguments, sizeof *t->slots);
    if (t->data == NULL || t->gradient == NULL || t->root == NULL || t->calls == NULL ||
        t->backward == NULL || t->slots == NULL)
        return crn_no_memory(err);
    return CRN_OK;
}

static crn_status build(crn_trainer *t, crn_error *err)
{
    CRN_TRY(allocate_tables(t, err));
    uint8_t *marks = crn_arena_alloc(t->arena, t->graph->value_count, 1);
    if (marks == NULL)
        return crn_no_memory(err);
    mark_values(t, marks);
    CRN_TRY(check_path(t, marks, err));
    find_roots(t);
    for (size_t i = 0; i < t->graph->node_count; i++)
        CRN_TRY(prepare_call(t, i, err));
    CRN_TRY(allocate(t, marks, err));
    connect(t);
    return CRN_OK;
}

crn_status crn_trainer_create(crn_graph *graph, crn_value loss, int64_t max_rows, uint64_t seed,
                              crn_pool *pool, crn_trainer **out, crn_error *err)
{
    (void)pool; /* a batch is small next to the cost of waking threads */
    CRN_TRY(crn_graph_status(graph, err));
    const crn_type *type = crn_graph_type(graph, loss);
    if (type->dtype != CRN_FLOAT32 || type->rows || crn_type_size(type) != 1)
        return crn_fail(err, CRN_SHAPE, "the loss must be one float32 number");
    if (max_rows < 1)
        return crn_fail(err, CRN_ARGUMENT, "a batch needs at least one row");
    crn_trainer *t = crn_calloc(1, sizeof *t);
    if (t == NULL)
        return crn_no_memory(err);
    t->graph = graph;
    t->loss = loss;
    t->max_rows = max_rows;
    t->seed = seed;
    crn_status status = build(t, err);
    if (status != CRN_OK) {
        crn_trainer_destroy(t);
        return status;
    }
    *out = t;
    return CRN_OK;
}

void crn_trainer_destroy(crn_trainer *trainer)
{
    if (trainer == NULL)
        return;
    crn_buffer_release(trainer->memory);
    crn_arena_destroy(trainer->arena);
    free(trainer);
}

/* ---- a step ---- */

/* A seed for each node and step: SplitMix64's finalizer over the three numbers (Steele, Lea,
 * Flood, 2014). */
static uint64_t mix(uint64_t z)
{
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

static uint64_t node_seed(const crn_trainer *t, size_t node)
{
    return mix(mix(mix(t->seed + 0x9E3779B97F4A7C15u) + t->step) + node + 1);
}

void crn_trainer_forward(crn_trainer *t, const void *const *inputs, int64_t rows)
{
    t->rows = rows;
    t->step++;
    for (size_t k = 0; k < t->slot_count; k++)
        *t->slots[k].slot = inputs[t->slots[k].input];
    for (size_t i = 0; i < t->graph->node_count; i++) {
        const crn_op *op = t->graph->nodes[i].op;
        t->calls[i].rows = rows;
        t->calls[i].seed = node_seed(t, i);
        if ((op->flags & CRN_OP_ALIAS) == 0)
            op->forward(&t->calls[i]);
    }
}

const void *crn_trainer_value(const crn_trainer *t, crn_value value)
{
    return t->data[value];
}

void crn_trainer_backward(crn_trainer *t)
{
    for (size_t v = 0; v < t->graph->value_count; v++) {
        if (t->gradient[v] != NULL && t->root[v] == (crn_value)v)
            memset(t->gradient[v], 0,
                   (size_t)crn_type_count(&t->graph->values[v].type, t->rows) * sizeof(float));
    }
    if (t->gradient[t->loss] == NULL)
        return; /* nothing is trainable */
    t->gradient[t->loss][0] = 1.0f;
    for (size_t i = t->graph->node_count; i-- > 0;) {
        if (t->backward[i])
            t->graph->nodes[i].op->backward(&t->calls[i]);
    }
}

float *crn_trainer_gradient(crn_trainer *t, crn_value variable)
{
    return t->gradient[variable];
}

void crn_trainer_update(crn_trainer *t)
{
    for (size_t i = 0; i < t->graph->update_count; i++) {
        const crn_variable_update *update = &t->graph->updates[i];
        const crn_value_info *variable = info_of(t, update->variable);
        size_t bytes =
            (size_t)(crn_type_count(&variable->type, t->rows) * variable->type.itemsize);
        memcpy(variable->array.data, t->data[update->value], bytes);
    }
}
