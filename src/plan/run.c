/* SPDX-License-Identifier: BSD-3-Clause */
/* Runs a plan: checks the caller's arrays once, then computes block after block. Inputs that
 * are dense and of the right type are read where they are, outputs are written where they shall
 * be; nothing is allocated, unless the caller leaves the outputs to us. */
#include <stdlib.h>
#include <string.h>

#include "ops/infer.h"
#include "plan/run_port.h"
#include "plan/sparse_rows.h"

/* One thread's copy of the calls, with their pointers. */
typedef struct worker {
    char *scratch;
    crn_call *calls;     /* [step_count] */
    const void **in;     /* [in_slots] */
    void **out;          /* [out_slots] */
    const void **inputs; /* [input_count] the block's rows of each graph input */
    crn_sparse_rows *sparse;
    crn_arena *cells;  /* what operations made of texts and lists; NULL: nothing */
    crn_error failure; /* what an operation could not serve */
} worker;

struct crn_run {
    crn_plan *plan;
    crn_pool *pool;
    int worker_count;
    worker *workers;
    crn_sparse_rows *sparse; /* [worker_count] */
    crn_run_port *inputs;
    crn_run_port *outputs;
    int64_t rows;       /* of the crn_run_rows() that is going on */
    bool wants_finite;  /* in it */
    int64_t chunk_rows; /* what a thread takes at a time */
};

/* ---- making a run ---- */

/* The worker's own memory; NULL: the caller's, which is not known yet. */
static void *own_memory(const worker *w, crn_place place)
{
    if (place.kind == CRN_PLACE_SPARSE)
        return &w->sparse->blocks[place.at];
    return place.kind == CRN_PLACE_SCRATCH ? w->scratch + place.at : NULL;
}

static const void *standing_in(const crn_plan *plan, const worker *w, crn_value value)
{
    if (value == CRN_NO_VALUE)
        return NULL;
    crn_place place = plan->places[value];
    if (place.kind == CRN_PLACE_CONSTANT)
        return plan->graph->values[value].array.data;
    return own_memory(w, place);
}

static void fill_call(const crn_plan *plan, worker *w, size_t i)
{
    const crn_plan_step *step = &plan->steps[i];
    const crn_graph_node *node = step->node;
    for (int k = 0; k < node->n_in; k++)
        w->in[step->in_at + (size_t)k] = standing_in(plan, w, node->in[k]);
    for (int k = 0; k < node->op->n_out; k++)
        w->out[step->out_at + (size_t)k] = own_memory(w, plan->places[node->out[k]]);
    w->calls[i] = (crn_call){.attributes = node->attributes,
                             .n_in = node->n_in,
                             .n_out = node->op->n_out,
                             .in = w->in + step->in_at,
                             .out = w->out + step->out_at,
                             .in_types = step->in_types,
                             .out_types = step->out_types,
                             .scratch = w->scratch + step->scratch_at,
                             .kernels = crn_kernels_best(),
                             .failure = &w->failure,
                             .cells = &w->cells};
}

static crn_status create_worker(const crn_plan *plan, crn_sparse_rows *sparse, worker *w)
{
    enum { ALIGN = 64 };
    w->sparse = sparse;
    w->scratch = aligned_alloc(ALIGN, plan->scratch_bytes > 0 ? plan->scratch_bytes : ALIGN);
    w->calls = crn_calloc(plan->step_count, sizeof *w->calls);
    w->in = crn_calloc(plan->in_slots, sizeof *w->in);
    w->out = crn_calloc(plan->out_slots, sizeof *w->out);
    w->inputs = crn_calloc(plan->graph->input_count, sizeof *w->inputs);
    if (w->scratch == NULL || w->calls == NULL || w->in == NULL || w->out == NULL ||
        w->inputs == NULL || crn_sparse_rows_create(plan, w->sparse) != CRN_OK)
        return CRN_NO_MEMORY;
    for (size_t i = 0; i < plan->step_count; i++)
        fill_call(plan, w, i);
    return CRN_OK;
}

static void set_row_bytes(const crn_graph *graph, const crn_value *values, size_t count,
                          crn_run_port *ports)
{
    for (size_t i = 0; i < count; i++) {
        const crn_type *type = crn_graph_type(graph, values[i]);
        ports[i].row_bytes = (size_t)(crn_type_size(type) * type->itemsize);
    }
}

crn_status crn_run_create(crn_plan *plan, crn_pool *pool, crn_run **out, crn_error *err)
{
    const crn_graph *graph = plan->graph;
    crn_run *run = crn_calloc(1, sizeof *run);
    if (run == NULL)
        return crn_no_memory(err);
    run->plan = crn_plan_retain(plan);
    run->pool = pool;
    run->worker_count = plan->all_rows ? 1 : crn_pool_size(pool);
    run->workers = crn_calloc((size_t)run->worker_count, sizeof *run->workers);
    run->sparse = crn_calloc((size_t)run->worker_count, sizeof *run->sparse);
    run->inputs = crn_calloc(graph->input_count, sizeof *run->inputs);
    run->outputs = crn_calloc(graph->output_count, sizeof *run->outputs);
    bool made = run->workers != NULL && run->sparse != NULL && run->inputs != NULL &&
                run->outputs != NULL;
    for (int i = 0; made && i < run->worker_count; i++)
        made = create_worker(plan, &run->sparse[i], &run->workers[i]) == CRN_OK;
    if (!made) {
        crn_run_destroy(run);
        return crn_no_memory(err);
    }
    set_row_bytes(graph, graph->inputs, graph->input_count, run->inputs);
    set_row_bytes(graph, graph->outputs, graph->output_count, run->outputs);
    *out = run;
    return CRN_OK;
}

/* Outputs that this call made were copied; what stands in the caller's own memory lives until the
 * next call. */
static void forget_cells(crn_run *run)
{
    for (int i = 0; i < run->worker_count; i++) {
        crn_arena_destroy(run->workers[i].cells);
        run->workers[i].cells = NULL;
    }
}

static void free_workers(crn_run *run)
{
    for (int i = 0; run->workers != NULL && i < run->worker_count; i++) {
        crn_arena_destroy(run->workers[i].cells);
        free(run->workers[i].scratch);
        free(run->workers[i].calls);
        free(run->workers[i].in);
        free(run->workers[i].out);
        free(run->workers[i].inputs);
        run->workers[i] = (worker){0};
    }
    for (int i = 0; run->sparse != NULL && i < run->worker_count; i++) {
        crn_sparse_rows_free(run->plan, &run->sparse[i]);
        run->sparse[i] = (crn_sparse_rows){0};
    }
}

/* Where rows depend on one another, a block has to hold all of them: the run takes a plan of its
 * own, and memory in proportion, when there are more than ever before. */
static crn_status make_room(crn_run *run, crn_error *err)
{
    if (!run->plan->all_rows)
        return CRN_OK;
    if (run->rows > run->plan->block_rows) {
        crn_plan *larger = NULL;
        CRN_TRY(crn_plan_with_block(run->plan, run->rows, &larger, err));
        free_workers(run);
        crn_plan_release(run->plan);
        run->plan = larger;
    }
    if (run->workers[0].scratch != NULL)
        return CRN_OK;
    if (create_worker(run->plan, &run->sparse[0], &run->workers[0]) == CRN_OK)
        return CRN_OK;
    free_workers(run);
    return crn_no_memory(err);
}

void crn_run_destroy(crn_run *run)
{
    if (run == NULL)
        return;
    free_workers(run);
    free(run->workers);
    free(run->sparse);
    free(run->inputs);
    free(run->outputs);
    crn_plan_release(run->plan);
    free(run);
}

/* ---- the caller's arrays ---- */

static crn_status take_inputs(crn_run *run, const crn_array *inputs, crn_error *err)
{
    const crn_plan *plan = run->plan;
    for (size_t i = 0; i < plan->graph->input_count; i++) {
        CRN_TRY(crn_port_take_input(&run->inputs[i], &inputs[i], crn_plan_input_type(plan, i),
                                    err));
        int64_t rows = run->inputs[i].array.shape[0];
        if (i > 0 && rows != run->rows)
            return crn_fail(err, CRN_SHAPE,
                            "the inputs have different numbers of rows: %lld and %lld",
                            (long long)run->rows, (long long)rows);
        run->rows = rows;
    }
    return CRN_OK;
}

/* ---- computing ---- */

/* Rows [begin, end) of an input: in place, or converted into the scratch block. */
static const void *input_rows(const crn_run *run, worker *w, size_t i, int64_t begin,
                              int64_t end)
{
    const crn_run_port *input = &run->inputs[i];
    if (crn_plan_input_type(run->plan, i)->sparse)
        return crn_sparse_rows_input(run->plan, w->sparse, i, &input->array, begin, end,
                                     &w->failure);
    if (input->direct)
        return (const char *)input->array.data + (size_t)begin * input->row_bytes;
    const crn_type *type = crn_plan_input_type(run->plan, i);
    char *staging = w->scratch + run->plan->staging_at[i];
    crn_array part = crn_array_rows(&input->array, begin, end);
    /* take_input() has seen that there is a conversion; nothing else can fail. */
    (void)!crn_array_copy_to(&part, type->dtype, type->itemsize, staging, NULL);
    return staging;
}

static char *output_rows(const crn_run *run, size_t i, int64_t begin)
{
    return (char *)run->outputs[i].array.data + (size_t)begin * run->outputs[i].row_bytes;
}

static void point(const crn_run *run, worker *w, int64_t begin, int64_t end)
{
    const crn_plan *plan = run->plan;
    for (size_t i = 0; i < plan->graph->input_count; i++)
        w->inputs[i] = input_rows(run, w, i, begin, end);
    for (size_t p = 0; p < plan->in_inputs.count; p++)
        w->in[plan->in_inputs.items[p].slot] = w->inputs[plan->in_inputs.items[p].port];
    for (size_t p = 0; p < plan->in_outputs.count; p++)
        w->in[plan->in_outputs.items[p].slot] =
            output_rows(run, plan->in_outputs.items[p].port, begin);
    for (size_t p = 0; p < plan->out_outputs.count; p++)
        w->out[plan->out_outputs.items[p].slot] =
            output_rows(run, plan->out_outputs.items[p].port, begin);
}

/* Sparse outputs of the block: kept until all rows are there, or made dense where the caller
 * gave dense memory. */
static void keep_outputs(const crn_run *run, worker *w, int64_t begin, int64_t end)
{
    const crn_plan *plan = run->plan;
    for (size_t i = 0; i < plan->graph->output_count; i++) {
        if (!crn_plan_output_type(plan, i)->sparse)
            continue;
        const crn_place place = plan->places[plan->graph->outputs[i]];
        const crn_sparse *block =
            place.kind == CRN_PLACE_SPARSE ? &w->sparse->blocks[place.at] : w->inputs[place.at];
        if (run->outputs[i].made)
            crn_sparse_rows_keep(plan, w->sparse, i, block, begin, end, &w->failure);
        for (int64_t row = begin; !run->outputs[i].made && row < end; row++)
            crn_sparse_row_to_dense(block, row - begin, crn_plan_output_type(plan, i),
                                    output_rows(run, i, row));
    }
}

static void copy_outputs(const crn_run *run, const worker *w, int64_t begin, int64_t end)
{
    for (size_t i = 0; i < run->plan->copy_count; i++) {
        const crn_copy *copy = &run->plan->copies[i];
        const void *from = copy->from.kind == CRN_PLACE_OUTPUT
                               ? output_rows(run, copy->from.at, begin)
                               : w->inputs[copy->from.at];
        memcpy(output_rows(run, copy->output, begin), from,
               (size_t)(end - begin) * run->outputs[copy->output].row_bytes);
    }
}

static bool all_finite(const crn_kernels *kernels, const crn_type *type, int64_t rows,
                       const void *values)
{
    const int64_t n = crn_type_count(type, rows);
    return type->dtype == CRN_FLOAT64 ? kernels->all_finite_f64(n, values)
                                      : kernels->all_finite_f32(n, values);
}

/* What the witness made tells whether the rows were finite; where it is not finite itself, it may
 * have overflowed, and the rows are looked at. */
static bool rows_are_finite(const crn_run *run, worker *w, int64_t rows)
{
    const crn_plan_step *step = &run->plan->steps[run->plan->witness - 1];
    const crn_call *call = &w->calls[run->plan->witness - 1];
    if (all_finite(call->kernels, &step->out_types[0], rows, call->out[0]) ||
        all_finite(call->kernels, &step->in_types[0], rows, call->in[0]))
        return true;
    (void)crn_fail(&w->failure, CRN_ARGUMENT, "Input X contains NaN or infinity.");
    return false;
}

static void run_block(const crn_run *run, worker *w, int64_t begin, int64_t end)
{
    const crn_plan *plan = run->plan;
    point(run, w, begin, end);
    for (size_t i = 0; i < plan->step_count; i++) {
        w->calls[i].rows = (end - begin) * plan->steps[i].fold;
        plan->steps[i].node->op->forward(&w->calls[i]);
        if (run->wants_finite && i + 1 == plan->witness &&
            !rows_are_finite(run, w, end - begin))
            return;
    }
    if (plan->copy_count > 0)
        copy_outputs(run, w, begin, end);
    if (plan->has_sparse_output)
        keep_outputs(run, w, begin, end);
}

static void run_chunk(void *context, int64_t chunk, int worker_index)
{
    const crn_run *run = context;
    int64_t end = (chunk + 1) * run->chunk_rows;
    if (end > run->rows)
        end = run->rows;
    for (int64_t begin = chunk * run->chunk_rows; begin < end; begin += run->plan->block_rows) {
        int64_t stop = begin + run->plan->block_rows;
        run_block(run, &run->workers[worker_index], begin, stop < end ? stop : end);
    }
}

/* Rows that one thread takes at a time: work for about 50 microseconds, below which waking
 * another thread does not pay (a core does some ten multiply-adds a nanosecond), in whole
 * blocks if there are enough of them; else a quarter of what falls to each thread, so that a
 * late one is waited for less. Fewer rows than a block, up to 24, would carry the weights from
 * memory for too little. */
static int64_t rows_of_a_chunk(const crn_run *run)
{
    enum { MOST_FOR_WEIGHTS = 24 };
    int64_t block = run->plan->block_rows;
    const int64_t fewest = block < 8 ? block : MOST_FOR_WEIGHTS;
    double paying = 50e3 * 10 / (run->plan->cost.multiply_adds + 1);
    int64_t least = paying > 1e6 ? 1000000 : paying < (double)fewest ? fewest : (int64_t)paying;
    int64_t share = run->rows / (4 * run->worker_count) + 1;
    if (share < block)
        return share > least ? share : least;
    return (least + block - 1) / block * block;
}

/* The cells that this call made borrow from the inputs and the plan: a copy owns what it says. */
static crn_status own_cells(const crn_run *run, crn_array *outputs, crn_error *err)
{
    for (size_t i = 0; i < run->plan->graph->output_count; i++) {
        crn_array owning = CRN_ARRAY_INIT;
        if (!run->outputs[i].made || outputs[i].dtype != CRN_OBJECT)
            continue;
        CRN_TRY(crn_array_astype(&outputs[i], CRN_OBJECT, &owning, err));
        crn_array_free(&outputs[i]);
        outputs[i] = owning;
    }
    return CRN_OK;
}

/* The first failure of any thread, if an operation met one; outputs made by this call go. */
static crn_status settle(crn_run *run, crn_array *outputs, crn_error *err)
{
    crn_status status = CRN_OK;
    for (int i = 0; i < run->worker_count; i++) {
        crn_error *failure = &run->workers[i].failure;
        if (failure->code == CRN_OK)
            continue;
        if (status == CRN_OK)
            status = crn_fail(err, failure->code, "%s", failure->message);
        *failure = (crn_error)CRN_ERROR_INIT;
    }
    if (status == CRN_OK)
        status = own_cells(run, outputs, err);
    for (size_t i = 0; status != CRN_OK && i < run->plan->graph->output_count; i++) {
        if (run->outputs[i].made)
            crn_array_free(&outputs[i]);
    }
    return status;
}

/* Sparse outputs of all threads in the order of the rows; all outputs made by this call go when
 * memory is out. */
static crn_status gather_outputs(crn_run *run, crn_array *outputs, crn_error *err)
{
    const crn_plan *plan = run->plan;
    crn_status status = CRN_OK;
    for (size_t i = 0; i < plan->graph->output_count && status == CRN_OK; i++) {
        if (crn_plan_output_type(plan, i)->sparse && run->outputs[i].made)
            status = crn_sparse_rows_gather(plan, run->sparse, run->worker_count, i, run->rows,
                                            &outputs[i], err);
    }
    for (size_t i = 0; status != CRN_OK && i < plan->graph->output_count; i++) {
        if (run->outputs[i].made)
            crn_array_free(&outputs[i]);
    }
    return status;
}

static void compute(crn_run *run)
{
    if (run->rows == 0)
        return;
    if (run->worker_count == 1) {
        run->chunk_rows = run->rows;
        run_chunk(run, 0, 0);
    } else {
        run->chunk_rows = rows_of_a_chunk(run);
        crn_pool_run(run->pool, (run->rows - 1) / run->chunk_rows + 1, run_chunk, run);
    }
}

bool crn_run_look_for_finite(crn_run *run, const crn_array *input)
{
    const crn_type *type = crn_plan_input_type(run->plan, 0);
    run->wants_finite =
        run->plan->witness > 0 && input->dtype == type->dtype && crn_array_is_contiguous(input);
    return run->wants_finite;
}

static crn_status run_rows(crn_run *run, const crn_array *inputs, crn_array *outputs,
                           crn_error *err)
{
    CRN_TRY(take_inputs(run, inputs, err));
    CRN_TRY(make_room(run, err));
    CRN_TRY(crn_ports_take_outputs(run->plan, run->rows, run->outputs, outputs, err));
    forget_cells(run);
    for (int i = 0; i < run->worker_count; i++)
        crn_sparse_rows_forget(run->plan, &run->sparse[i]);
    compute(run);
    CRN_TRY(settle(run, outputs, err));
    return run->plan->has_sparse_output ? gather_outputs(run, outputs, err) : CRN_OK;
}

crn_status crn_run_rows(crn_run *run, const crn_array *inputs, crn_array *outputs,
                        crn_error *err)
{
    const crn_status status = run_rows(run, inputs, outputs, err);
    run->wants_finite = false;
    return status;
}
