/* SPDX-License-Identifier: BSD-3-Clause */
/* A graph of operations under construction. A value is an index; errors stick: after a failure
 * every call returns CRN_NO_VALUE and does nothing, so that lowering code reads as a formula,
 * and crn_graph_status() gives the error once at the end. */
#ifndef CRN_OPS_GRAPH_H
#define CRN_OPS_GRAPH_H

#include "ops/op.h"

/* Most operations of a graph: a small file could ask for any number, since an estimator may ask
 * those inside it more than once. */
enum { CRN_MAX_NODES = 1 << 21 };

typedef int32_t crn_value;
#define CRN_NO_VALUE ((crn_value)-1)

typedef enum crn_value_role {
    CRN_VALUE_INPUT,    /* rows that the caller gives */
    CRN_VALUE_CONSTANT, /* parameters that stay */
    CRN_VALUE_VARIABLE, /* weights: training changes them in place (trainable or by an update)
                         */
    CRN_VALUE_NODE      /* what an operation makes */
} crn_value_role;

typedef struct crn_value_info {
    crn_value_role role;
    crn_type type;
    crn_array array;  /* CONSTANT, VARIABLE: dense; the graph holds a reference */
    bool trainable;   /* VARIABLE: wants a gradient */
    int32_t node;     /* NODE: who makes it */
    const char *name; /* INPUT: may be ""; arena */
} crn_value_info;

typedef struct crn_graph_node {
    const crn_op *op;
    void *attributes;
    int n_in;
    crn_value *in;  /* CRN_NO_VALUE: an absent optional input */
    crn_value *out; /* [op->n_out] */
} crn_graph_node;

/* "variable := value" after each training step (moving averages). */
typedef struct crn_variable_update {
    crn_value variable, value;
} crn_variable_update;

typedef struct crn_graph crn_graph;
struct crn_graph {
    crn_arena *arena;
    crn_value_info *values;
    size_t value_count, value_capacity;
    crn_graph_node *nodes; /* in an order that can be run */
    size_t node_count, node_capacity;
    crn_value *inputs;
    size_t input_count, input_capacity;
    crn_value *outputs;
    const char **output_names;
    size_t output_count, output_capacity;
    crn_variable_update *updates;
    size_t update_count, update_capacity;
    bool training; /* layers lower to their training form */
    crn_error error;
};

crn_status crn_graph_create(crn_graph **out, crn_error *err);
void crn_graph_destroy(crn_graph *graph); /* NULL is fine */
/* The first failure of the building calls, or CRN_OK. */
crn_status crn_graph_status(const crn_graph *graph, crn_error *err);

crn_value crn_graph_input(crn_graph *graph, const char *name, const crn_type *type);
/* Shares the array (made dense if it is not). The memory must outlive the graph if it has no
 * owner. */
crn_value crn_graph_constant(crn_graph *graph, const crn_array *array);
/* A constant that the lowering computed: copies `count` numbers; shape (count) or, with columns
 * > 0, (count / columns, columns). */
crn_value crn_graph_numbers(crn_graph *graph, crn_dtype dtype, const double *numbers,
                            int64_t count, int64_t columns);
/* A float64 constant without axes. */
crn_value crn_graph_scalar(crn_graph *graph, double number);
/* Shares a dense array with an owner; training writes into it. */
crn_value crn_graph_variable(crn_graph *graph, const crn_array *array, bool trainable);
/* Runs an operation: copies the attributes, infers the types; returns its first output. */
crn_value crn_graph_add(crn_graph *graph, const crn_op *op, const void *attributes,
                        const crn_value *in, int n_in);
/* The k-th output of the node that makes `first` (k = 0 is `first` itself). */
crn_value crn_graph_output_of(const crn_graph *graph, crn_value first, int k);
void crn_graph_output(crn_graph *graph, const char *name, crn_value value);
void crn_graph_update(crn_graph *graph, crn_value variable, crn_value value);
/* Records a failure of the lowering itself: "graph->error" then holds it. Returns CRN_NO_VALUE.
 */
crn_value crn_graph_fail(crn_graph *graph, crn_status code, const char *format, ...)
    CRN_PRINTF(3, 4);

/* Never fails; a value out of range gives an all-zero type. */
const crn_type *crn_graph_type(const crn_graph *graph, crn_value value);

#endif
