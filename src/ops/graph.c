/* SPDX-License-Identifier: BSD-3-Clause */
#include "ops/graph.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ops/sparse.h"

/* ---- types ---- */

crn_type crn_type_rows(crn_dtype dtype, int32_t ndim, const int64_t *shape)
{
    crn_type type = {
        .dtype = dtype, .itemsize = (int64_t)crn_dtype_size(dtype), .rows = true, .ndim = ndim};
    for (int32_t i = 0; i < ndim; i++)
        type.shape[i] = shape[i];
    return type;
}

crn_type crn_type_vector(crn_dtype dtype, int64_t n)
{
    return crn_type_rows(dtype, 1, &n);
}

int64_t crn_type_size(const crn_type *type)
{
    int64_t size = 1;
    for (int32_t i = 0; i < type->ndim; i++)
        size *= type->shape[i];
    return size;
}

int64_t crn_type_fold(const crn_type *type)
{
    return type->fold > 1 ? type->fold : 1;
}

bool crn_type_equal(const crn_type *a, const crn_type *b)
{
    if (a->dtype != b->dtype || a->itemsize != b->itemsize || a->rows != b->rows ||
        a->sparse != b->sparse || a->ndim != b->ndim)
        return false;
    for (int32_t i = 0; i < a->ndim; i++) {
        if (a->shape[i] != b->shape[i])
            return false;
    }
    return true;
}

const char *crn_type_text(const crn_type *type, char *buffer, size_t size)
{
    int used = snprintf(buffer, size, "%s%s (%s", type->sparse ? "sparse " : "",
                        crn_dtype_name(type->dtype), type->rows ? "rows" : "");
    for (int32_t i = 0; i < type->ndim && used > 0 && (size_t)used < size; i++)
        used += snprintf(buffer + used, size - (size_t)used, "%s%lld",
                         type->rows || i > 0 ? ", " : "", (long long)type->shape[i]);
    if (used > 0 && (size_t)used < size)
        snprintf(buffer + used, size - (size_t)used, ")");
    return buffer;
}

static crn_type type_of_array(const crn_array *array)
{
    crn_type type = {.dtype = array->dtype, .itemsize = array->itemsize, .ndim = array->ndim};
    for (int32_t i = 0; i < array->ndim; i++)
        type.shape[i] = array->shape[i];
    return type;
}

/* ---- graph ---- */

crn_status crn_graph_create(crn_graph **out, crn_error *err)
{
    crn_graph *graph = crn_calloc(1, sizeof *graph);
    if (graph == NULL)
        return crn_no_memory(err);
    graph->error.offset = CRN_NO_OFFSET;
    graph->arena = crn_arena_create(0);
    if (graph->arena == NULL) {
        free(graph);
        return crn_no_memory(err);
    }
    *out = graph;
    return CRN_OK;
}

void crn_graph_destroy(crn_graph *graph)
{
    if (graph == NULL)
        return;
    for (size_t i = 0; i < graph->value_count; i++)
        crn_array_free(&graph->values[i].array);
    free(graph->values);
    free(graph->nodes);
    free(graph->inputs);
    free(graph->outputs);
    free(graph->output_names);
    free(graph->updates);
    crn_arena_destroy(graph->arena);
    free(graph);
}

crn_status crn_graph_status(const crn_graph *graph, crn_error *err)
{
    if (graph->error.code != CRN_OK && err != NULL && err->code == CRN_OK)
        *err = graph->error;
    return graph->error.code;
}

crn_value crn_graph_fail(crn_graph *graph, crn_status code, const char *format, ...)
{
    if (graph->error.code == CRN_OK) {
        graph->error.code = code;
        va_list args;
        va_start(args, format);
        vsnprintf(graph->error.message, sizeof graph->error.message, format, args);
        va_end(args);
    }
    return CRN_NO_VALUE;
}

static crn_value out_of_memory(crn_graph *graph)
{
    crn_no_memory(&graph->error);
    return CRN_NO_VALUE;
}

static crn_value add_value(crn_graph *graph, const crn_value_info *info)
{
    if (graph->error.code != CRN_OK)
        return CRN_NO_VALUE;
    if (crn_grow((void **)&graph->values, &graph->value_capacity, graph->value_count,
                 sizeof *graph->values, &graph->error) != CRN_OK)
        return CRN_NO_VALUE;
    graph->values[graph->value_count] = *info;
    return (crn_value)graph->value_count++;
}

const crn_type *crn_graph_type(const crn_graph *graph, crn_value value)
{
    static const crn_type nothing = {0};
    if (value < 0 || (size_t)value >= graph->value_count)
        return &nothing;
    return &graph->values[value].type;
}

crn_value crn_graph_input(crn_graph *graph, const char *name, const crn_type *type)
{
    if (graph->error.code != CRN_OK)
        return CRN_NO_VALUE;
    char *copy = crn_arena_text(graph->arena, name, strlen(name));
    if (copy == NULL ||
        crn_grow((void **)&graph->inputs, &graph->input_capacity, graph->input_count,
                 sizeof *graph->inputs, &graph->error) != CRN_OK)
        return out_of_memory(graph);
    crn_value value = add_value(
        graph, &(crn_value_info){.role = CRN_VALUE_INPUT, .type = *type, .name = copy});
    if (value != CRN_NO_VALUE)
        graph->inputs[graph->input_count++] = value;
    return value;
}

static crn_value add_array(crn_graph *graph, const crn_array *array, crn_value_role role,
                           bool trainable)
{
    if (graph->error.code != CRN_OK)
        return CRN_NO_VALUE;
    crn_value_info info = {.role = role, .trainable = trainable, .name = ""};
    if (crn_array_is_contiguous(array))
        info.array = crn_array_share(array);
    else if (crn_array_astype(array, array->dtype, &info.array, &graph->error) != CRN_OK)
        return CRN_NO_VALUE;
    info.type = type_of_array(&info.array);
    crn_value value = add_value(graph, &info);
    if (value == CRN_NO_VALUE)
        crn_array_free(&info.array);
    return value;
}

crn_value crn_graph_constant(crn_graph *graph, const crn_array *array)
{
    return add_array(graph, array, CRN_VALUE_CONSTANT, false);
}

crn_value crn_graph_variable(crn_graph *graph, const crn_array *array, bool trainable)
{
    return add_array(graph, array, CRN_VALUE_VARIABLE, trainable);
}

crn_value crn_graph_numbers(crn_graph *graph, crn_dtype dtype, const double *numbers,
                            int64_t count, int64_t columns)
{
    if (graph->error.code != CRN_OK)
        return CRN_NO_VALUE;
    crn_array given = columns > 0
                          ? crn_array_view_2d(numbers, CRN_FLOAT64, count / columns, columns)
                          : crn_array_view_1d(numbers, CRN_FLOAT64, count);
    crn_array array = CRN_ARRAY_INIT;
    if (crn_array_astype(&given, dtype, &array, &graph->error) != CRN_OK)
        return CRN_NO_VALUE;
    crn_value value = crn_graph_constant(graph, &array);
    crn_array_free(&array);
    return value;
}

crn_value crn_graph_scalar(crn_graph *graph, double number)
{
    crn_array given = crn_array_view_1d(&number, CRN_FLOAT64, 1), array = CRN_ARRAY_INIT;
    given.ndim = 0;
    if (graph->error.code != CRN_OK ||
        crn_array_astype(&given, CRN_FLOAT64, &array, &graph->error) != CRN_OK)
        return CRN_NO_VALUE;
    crn_value value = crn_graph_constant(graph, &array);
    crn_array_free(&array);
    return value;
}

/* Types of the inputs, in the graph's arena; NULL when memory is out or an input is an earlier
 * failure. */
static crn_type *input_types(crn_graph *graph, const crn_value *in, int n_in)
{
    crn_type *types = crn_arena_alloc(graph->arena, (size_t)n_in, sizeof *types);
    if (types == NULL) {
        out_of_memory(graph);
        return NULL;
    }
    for (int i = 0; i < n_in; i++)
        types[i] = *crn_graph_type(graph, in[i]);
    return types;
}

/* All values with rows that an operation reads, and makes, have as many items for a row. */
static crn_status spread_fold(const crn_op *op, const crn_type *in, int n_in, crn_type *out,
                              crn_error *err)
{
    int64_t fold = 0;
    for (int k = 0; k < n_in; k++) {
        if (!in[k].rows || crn_type_fold(&in[k]) == fold)
            continue;
        if (fold != 0)
            return crn_fail(err, CRN_SHAPE,
                            "%s: reads values with %lld and %lld items for each row", op->name,
                            (long long)fold, (long long)crn_type_fold(&in[k]));
        fold = crn_type_fold(&in[k]);
    }
    for (int k = 0; k < op->n_out && !(op->flags & CRN_OP_FOLDS); k++)
        out[k].fold = out[k].rows && fold > 1 ? fold : 0;
    return CRN_OK;
}

crn_value crn_graph_add(crn_graph *graph, const crn_op *op, const void *attributes,
                        const crn_value *in, int n_in)
{
    if (graph->error.code != CRN_OK)
        return CRN_NO_VALUE;
    if (graph->node_count >= CRN_MAX_NODES)
        return crn_graph_fail(graph, CRN_LIMIT, "a method of more than %d operations",
                              CRN_MAX_NODES);
    crn_type *out_types = crn_arena_alloc(graph->arena, (size_t)op->n_out, sizeof *out_types);
    crn_graph_node node = {.op = op, .n_in = n_in};
    node.attributes = crn_arena_alloc(graph->arena, 1, op->attributes_size);
    node.in = crn_arena_alloc(graph->arena, (size_t)n_in, sizeof *node.in);
    node.out = crn_arena_alloc(graph->arena, (size_t)op->n_out, sizeof *node.out);
    if (out_types == NULL || node.attributes == NULL || node.in == NULL || node.out == NULL)
        return out_of_memory(graph);
    if (op->attributes_size > 0)
        memcpy(node.attributes, attributes, op->attributes_size);
    const bool takes_sparse = (op->flags & CRN_OP_TAKES_SPARSE) != 0;
    for (int k = 0; k < n_in; k++)
        node.in[k] = takes_sparse ? in[k] : crn_densify(graph, in[k]);
    crn_type *in_types = input_types(graph, node.in, n_in);
    if (in_types == NULL || graph->error.code != CRN_OK)
        return CRN_NO_VALUE;

    if (op->infer(node.attributes, in_types, n_in, out_types, &graph->error) != CRN_OK ||
        spread_fold(op, in_types, n_in, out_types, &graph->error) != CRN_OK)
        return CRN_NO_VALUE;
    if (crn_grow((void **)&graph->nodes, &graph->node_capacity, graph->node_count,
                 sizeof *graph->nodes, &graph->error) != CRN_OK)
        return CRN_NO_VALUE;
    for (int k = 0; k < op->n_out; k++) {
        crn_value_info info = {.role = CRN_VALUE_NODE,
                               .type = out_types[k],
                               .node = (int32_t)graph->node_count,
                               .name = ""};
        node.out[k] = add_value(graph, &info);
        if (node.out[k] == CRN_NO_VALUE)
            return CRN_NO_VALUE;
    }
    graph->nodes[graph->node_count++] = node;
    return node.out[0];
}

crn_value crn_graph_output_of(const crn_graph *graph, crn_value first, int k)
{
    if (first == CRN_NO_VALUE || graph->values[first].role != CRN_VALUE_NODE)
        return CRN_NO_VALUE;
    const crn_graph_node *node = &graph->nodes[graph->values[first].node];
    return k < node->op->n_out ? node->out[k] : CRN_NO_VALUE;
}

void crn_graph_output(crn_graph *graph, const char *name, crn_value value)
{
    if (graph->error.code != CRN_OK)
        return;
    size_t capacity = graph->output_capacity;
    size_t name_capacity = graph->output_capacity;
    char *copy = crn_arena_text(graph->arena, name, strlen(name));
    if (copy == NULL ||
        crn_grow((void **)&graph->outputs, &capacity, graph->output_count,
                 sizeof *graph->outputs, &graph->error) != CRN_OK ||
        crn_grow((void **)&graph->output_names, &name_capacity, graph->output_count,
                 sizeof *graph->output_names, &graph->error) != CRN_OK) {
        out_of_memory(graph);
        return;
    }
    graph->output_capacity = capacity;
    graph->outputs[graph->output_count] = value;
    graph->output_names[graph->output_count++] = copy;
}

void crn_graph_update(crn_graph *graph, crn_value variable, crn_value value)
{
    if (graph->error.code != CRN_OK ||
        crn_grow((void **)&graph->updates, &graph->update_capacity, graph->update_count,
                 sizeof *graph->updates, &graph->error) != CRN_OK)
        return;
    graph->updates[graph->update_count++] = (crn_variable_update){variable, value};
}
