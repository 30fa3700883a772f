/* SPDX-License-Identifier: BSD-3-Clause */
/* Graph -> plan -> numbers. A plan is immutable: operations fused, ordered, and laid out in one
 * scratch block. A run (plan + scratch) belongs to one thread. Rows go through in blocks small
 * enough for the L2 cache, every block through all operations. No operation lets a row's
 * numbers depend on the rows around it, so results do not depend on the blocks or on the number
 * of threads; those that have to (CRN_OP_ALL_ROWS) make all rows of a call one block. */
#ifndef CRN_PLAN_PLAN_H
#define CRN_PLAN_PLAN_H

#include "base/text.h"
#include "base/threads.h"
#include "ops/graph.h"

typedef struct crn_plan crn_plan;

typedef struct crn_plan_options {
    bool exact; /* no fusion: every operation in the order of the library that is matched */
    int64_t block_rows; /* 0: chosen from the L2 cache */
} crn_plan_options;

/* Takes the graph (also on failure). options NULL: defaults. Counted: release drops a
 * reference. */
crn_status crn_plan_create(crn_graph *graph, const crn_plan_options *options, crn_plan **out,
                           crn_error *err);
crn_plan *crn_plan_retain(crn_plan *plan);
void crn_plan_release(crn_plan *plan); /* NULL is fine */

size_t crn_plan_input_count(const crn_plan *plan);
size_t crn_plan_output_count(const crn_plan *plan);
const crn_type *crn_plan_input_type(const crn_plan *plan, size_t i);
const crn_type *crn_plan_output_type(const crn_plan *plan, size_t i);
const char *crn_plan_input_name(const crn_plan *plan, size_t i);
const char *crn_plan_output_name(const crn_plan *plan, size_t i);
crn_cost crn_plan_cost(const crn_plan *plan); /* of one row */
/* The operations in order, one a line, for inspect and tests. */
void crn_plan_describe(const crn_plan *plan, crn_text *out);

/* Scratch for one thread (or one for each thread of the pool). */
typedef struct crn_run crn_run;

/* pool may be NULL; it must outlive the run. */
crn_status crn_run_create(crn_plan *plan, crn_pool *pool, crn_run **out, crn_error *err);
void crn_run_destroy(crn_run *run); /* NULL is fine */

/* Asks the next crn_run_rows() to fail with CRN_ARGUMENT when the rows of its only input hold a NaN or an
 * infinity, which costs less than to look at them before; false, and nothing asked, when it cannot
 * tell. */
bool crn_run_look_for_finite(crn_run *run, const crn_array *input);

/* Computes all rows. Inputs of any number type and any strides are converted on the way in;
 * numbers become cells where a plan takes cells; their item shape must equal the plan's input
 * (an item of shape (1) may be missing its axis).
 * An output with data == NULL is allocated; else it must be dense, of the right type and shape,
 * and nothing is allocated by this call; cells then borrow their texts
 * from the inputs and the plan. Errors: CRN_SHAPE, CRN_DTYPE, CRN_NO_MEMORY. */
crn_status crn_run_rows(crn_run *run, const crn_array *inputs, crn_array *outputs,
                        crn_error *err);

#endif
