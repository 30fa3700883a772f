/* SPDX-License-Identifier: BSD-3-Clause */
/* What a plan is made of; shared by the files of this folder only. */
#ifndef CRN_PLAN_STEPS_H
#define CRN_PLAN_STEPS_H

#include <stdatomic.h>

#include "plan/plan.h"

/* Where a value's elements are while a block of rows is computed. */
typedef enum crn_place_kind {
    CRN_PLACE_NONE,     /* nobody reads it */
    CRN_PLACE_CONSTANT, /* the graph's own array */
    CRN_PLACE_INPUT,    /* the caller's memory, or its converted copy in the scratch block */
    CRN_PLACE_OUTPUT,   /* the caller's memory */
    CRN_PLACE_SCRATCH,
    CRN_PLACE_SPARSE /* a growing block of the worker's */
} crn_place_kind;

typedef struct crn_place {
    crn_place_kind kind;
    size_t at; /* which input, output or sparse block; byte offset in the scratch block */
} crn_place;

/* An operation that is run. Its pointers live in the run's flat lists, from in_at and out_at
 * on. */
typedef struct crn_plan_step {
    const crn_graph_node *node;
    crn_type *in_types;  /* [n_in] */
    crn_type *out_types; /* [n_out] */
    int64_t fold;        /* its rows for each row of the plan */
    size_t in_at, out_at;
    size_t scratch_at; /* byte offset in the scratch block */
} crn_plan_step;

/* "The pointer in this slot of the run's list belongs to graph input or output number `port`."
 */
typedef struct crn_patch {
    uint32_t slot;
    uint32_t port;
} crn_patch;

typedef struct crn_patches {
    crn_patch *items;
    size_t count, capacity;
} crn_patches;

/* An output whose value stands elsewhere: an input or constant passed through, or asked for
 * twice. */
typedef struct crn_copy {
    size_t output;
    crn_value value;
    crn_place from; /* an input or another output */
} crn_copy;

struct crn_plan {
    atomic_size_t references;
    crn_graph *graph; /* owns the constants */
    crn_arena *arena; /* holds the small arrays below: the graph's, or its own */
    crn_plan *origin; /* whose graph and steps it shares, for other blocks; NULL: none */
    crn_plan_step *steps;
    size_t step_count;
    crn_place *places; /* [graph->value_count] */
    size_t *
        staging_at; /* [graph->input_count] where a converted input goes in the scratch block */
    size_t in_slots, out_slots;
    crn_patches in_inputs;   /* in-slots that read a graph input */
    crn_patches in_outputs;  /* in-slots that read what stands in the caller's output */
    crn_patches out_outputs; /* out-slots that write there */
    crn_copy *copies;
    size_t copy_count;
    bool has_sparse_output;
    size_t
        witness; /* one more than the step that gives a number that is not finite when its row of the
                       only input holds one; 0: none */
    bool all_rows;       /* an operation takes all rows of a run as one block */
    size_t sparse_count; /* blocks of sparse values that a worker needs */
    size_t scratch_bytes;
    int64_t block_rows;
    crn_cost cost;
};

/* Replaces what depends on constants alone by constants (constants.c). */
crn_status crn_plan_fold_constants(crn_graph *graph, crn_error *err);

/* Drops the nodes that no output depends on (constants.c). */
crn_status crn_plan_drop_unneeded(crn_graph *graph, crn_error *err);

/* Replaces chains of operations by fewer ones that give the same numbers within rounding
 * (fuse.c). */
crn_status crn_plan_fuse(crn_graph *graph, crn_error *err);

/* Transposes constant weights where that makes the product faster (weights.c). */
crn_status crn_plan_arrange_weights(crn_graph *graph, crn_error *err);

/* Gives every value its place and every step its scratch, for blocks of plan->block_rows, which
 * is chosen here when it is 0 (layout.c). */
crn_status crn_plan_layout(crn_plan *plan, crn_error *err);

/* The same plan for blocks of `rows` rows (plan.c). */
crn_status crn_plan_with_block(crn_plan *plan, int64_t rows, crn_plan **out, crn_error *err);

/* Bytes of the level-2 cache of a core, or a common size where the system does not tell
 * (layout.c). */
size_t crn_l2_cache_bytes(void);

#endif
