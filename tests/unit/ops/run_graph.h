/* SPDX-License-Identifier: BSD-3-Clause */
/* Runs a graph of one input and one output without fusion, for the tests of operations. */
#ifndef CRN_TESTS_RUN_GRAPH_H
#define CRN_TESTS_RUN_GRAPH_H

#include "test.h"

#include "ops/graph.h"
#include "plan/plan.h"

static inline crn_graph *graph_of(const crn_type *type, crn_value *x)
{
    crn_error err = CRN_ERROR_INIT;
    crn_graph *graph = NULL;
    assert_ok(crn_graph_create(&graph, &err));
    *x = crn_graph_input(graph, "x", type);
    return graph;
}

/* Takes the graph; *out is the caller's to free. */
static inline void run_graph(crn_graph *graph, crn_value y, const crn_array *in, crn_array *out)
{
    crn_error err = CRN_ERROR_INIT;
    crn_plan *plan = NULL;
    crn_run *run = NULL;
    crn_graph_output(graph, "y", y);
    assert_ok(crn_plan_create(graph, &(crn_plan_options){.exact = true}, &plan, &err));
    assert_ok(crn_run_create(plan, NULL, &run, &err));
    *out = (crn_array)CRN_ARRAY_INIT;
    assert_ok(crn_run_rows(run, in, out, &err));
    crn_run_destroy(run);
    crn_plan_release(plan);
}

/* Expects the building of `y` to have failed with this status, and destroys the graph. */
static inline void refuse_graph(crn_graph *graph, crn_value y, crn_status expected)
{
    crn_error err = CRN_ERROR_INIT;
    assert_int_equal(y, CRN_NO_VALUE);
    assert_int_equal(crn_graph_status(graph, &err), expected);
    assert_true(err.message[0] != '\0');
    crn_graph_destroy(graph);
}

/* Runs doubles, given as (rows, item...), through the graph as its input's dtype; compares the
 * result, read back as doubles, with `want`. Takes the graph. */
static inline void expect_numbers(crn_graph *graph, crn_value y, const double *x, int64_t rows,
                                  const double *want, double rtol, double atol)
{
    crn_error err = CRN_ERROR_INIT;
    crn_type type = *crn_graph_type(graph, graph->inputs[0]);
    crn_type made = *crn_graph_type(graph, y);
    crn_array in = crn_array_view_2d(x, CRN_FLOAT64, rows, crn_type_size(&type));
    in.ndim = type.ndim + 1;
    int64_t stride = (int64_t)sizeof(double);
    for (int32_t i = type.ndim; i > 0; i--) {
        in.shape[i] = type.shape[i - 1];
        in.strides[i] = stride;
        stride *= in.shape[i];
    }
    crn_array out, numbers = CRN_ARRAY_INIT;
    run_graph(graph, y, &in, &out);
    assert_int_equal(out.dtype, made.dtype);
    assert_int_equal(out.shape[0], rows);
    assert_ok(crn_array_astype(&out, CRN_FLOAT64, &numbers, &err));
    assert_close((const double *)numbers.data, want, (size_t)crn_array_size(&out), rtol, atol);
    crn_array_free(&numbers);
    crn_array_free(&out);
}

#endif
