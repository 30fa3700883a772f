/* SPDX-License-Identifier: BSD-3-Clause */
/* Recurrences: what infer() refuses, and that a row's numbers depend on nothing but the row:
 * neither on the rows beside it nor on how the kernels are stored. Their values are compared with
 * Keras's by the golden models. */
#include "test.h"

#include "ops/recurrence.h"
#include "plan/plan.h"

enum { STEPS = 7, FEATURES = 3, UNITS = 5, ROWS = 61 };

static crn_error err;

/* Numbers without a pattern, in [-0.5, 0.5). */
static void fill(float *out, int64_t n, uint32_t seed)
{
    for (int64_t i = 0; i < n; i++) {
        seed = seed * 1664525u + 1013904223u;
        out[i] = (float)(seed >> 8) / 16777216.0f - 0.5f;
    }
}

static crn_value constant(crn_graph *graph, int64_t rows, int64_t columns, uint32_t seed)
{
    crn_array array = CRN_ARRAY_INIT;
    const int64_t shape[] = {rows, columns};
    assert_ok(crn_array_create(CRN_FLOAT32, 0, 2, shape, &array, &err));
    fill(array.data, rows * columns, seed);
    const crn_value made = crn_graph_constant(graph, &array);
    crn_array_free(&array);
    return made;
}

static crn_recurrence usual(void)
{
    return (crn_recurrence){.units = UNITS,
                            .return_sequences = true,
                            .activation.activation.kind = CRN_TANH,
                            .recurrent_activation.activation.kind = CRN_SIGMOID};
}

/* in[0] is to be set. */
static void set_inputs(crn_graph *graph, crn_rnn_cell kind, crn_value *in)
{
    const int64_t width = crn_rnn_cell_gates(kind) * UNITS;
    for (int k = 0; k < CRN_RECURRENCE_INPUTS; k++)
        in[k] = CRN_NO_VALUE;
    in[CRN_RECURRENCE_KERNEL] = constant(graph, FEATURES, width, 1);
    in[CRN_RECURRENCE_RECURRENT_KERNEL] = constant(graph, UNITS, width, 2);
}

static crn_plan *plan_of(crn_rnn_cell kind, const crn_recurrence *a, int64_t block_rows)
{
    crn_graph *graph;
    crn_plan *plan;
    crn_value in[CRN_RECURRENCE_INPUTS];
    const crn_type x = crn_type_rows(CRN_FLOAT32, 2, (int64_t[]){STEPS, FEATURES});
    assert_ok(crn_graph_create(&graph, &err));
    set_inputs(graph, kind, in);
    in[CRN_RECURRENCE_X] = crn_graph_input(graph, "x", &x);
    crn_graph_output(graph, "y", crn_recur(graph, kind, a, in));
    const crn_plan_options options = {.block_rows = block_rows};
    assert_ok(crn_plan_create(graph, &options, &plan, &err));
    return plan;
}

/* y (ROWS, STEPS, UNITS) */
static void run(crn_rnn_cell kind, const crn_recurrence *a, int64_t block_rows, float *y)
{
    float x[ROWS * STEPS * FEATURES];
    crn_run *runner;
    crn_plan *plan = plan_of(kind, a, block_rows);
    crn_array in = crn_array_view_1d(x, CRN_FLOAT32, ROWS * STEPS * FEATURES),
              out = CRN_ARRAY_INIT;
    fill(x, ROWS * STEPS * FEATURES, 3);
    in.ndim = 3;
    in.shape[0] = ROWS;
    in.shape[1] = STEPS;
    in.shape[2] = FEATURES;
    in.strides[2] = sizeof(float);
    in.strides[1] = FEATURES * in.strides[2];
    in.strides[0] = STEPS * in.strides[1];
    assert_ok(crn_run_create(plan, NULL, &runner, &err));
    assert_ok(crn_run_rows(runner, &in, &out, &err));
    memcpy(y, out.data, sizeof(float) * ROWS * STEPS * UNITS);
    crn_array_free(&out);
    crn_run_destroy(runner);
    crn_plan_release(plan);
}

static void test_rows_have_the_same_bits_in_any_block(void **state)
{
    static float whole[ROWS * STEPS * UNITS], parts[ROWS * STEPS * UNITS];
    static const int64_t blocks[] = {1, 2, 5, 24, 49};
    (void)state;
    for (int kind = CRN_SIMPLE_RNN_CELL; kind <= CRN_GRU_CELL; kind++) {
        const crn_recurrence a = usual();
        run((crn_rnn_cell)kind, &a, ROWS, whole);
        for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++) {
            run((crn_rnn_cell)kind, &a, blocks[i], parts);
            assert_memory_equal(whole, parts, sizeof whole);
        }
    }
}

/* Batches of as many rows as there are begin with zeros; shorter ones go on from each other. */
static void test_stateful_rows_go_on(void **state)
{
    static float apart[ROWS * STEPS * UNITS], on[ROWS * STEPS * UNITS];
    crn_recurrence a = usual();
    (void)state;
    run(CRN_LSTM_CELL, &a, 0, apart);
    a.batch = ROWS;
    run(CRN_LSTM_CELL, &a, 0, on);
    assert_memory_equal(apart, on, sizeof on);
    a.batch = 4;
    run(CRN_LSTM_CELL, &a, 0, on);
    assert_memory_equal(apart, on, sizeof(float) * 4 * STEPS * UNITS);
    assert_true(memcmp(apart + 4 * STEPS * UNITS, on + 4 * STEPS * UNITS,
                       sizeof(float) * STEPS * UNITS) != 0);
}

static void test_backwards_and_flipped_is_forwards_on_turned_steps(void **state)
{
    static float plain[ROWS * STEPS * UNITS], turned[ROWS * STEPS * UNITS];
    crn_recurrence a = usual();
    (void)state;
    a.go_backwards = true;
    run(CRN_GRU_CELL, &a, 0, plain);
    a.flip = true;
    run(CRN_GRU_CELL, &a, 0, turned);
    for (int64_t i = 0; i < ROWS; i++) {
        for (int64_t t = 0; t < STEPS; t++)
            assert_memory_equal(plain + (i * STEPS + t) * UNITS,
                                turned + (i * STEPS + STEPS - 1 - t) * UNITS,
                                sizeof(float) * UNITS);
    }
}

static crn_status status_of(const crn_recurrence *a, crn_type x, int place,
                            const crn_type *given)
{
    crn_graph *graph;
    crn_value in[CRN_RECURRENCE_INPUTS];
    assert_ok(crn_graph_create(&graph, &err));
    set_inputs(graph, CRN_LSTM_CELL, in);
    in[CRN_RECURRENCE_X] = crn_graph_input(graph, "x", &x);
    if (given != NULL)
        in[place] = crn_graph_input(graph, "given", given);
    crn_recur(graph, CRN_LSTM_CELL, a, in);
    crn_error why = CRN_ERROR_INIT;
    const crn_status status = crn_graph_status(graph, &why);
    crn_graph_destroy(graph);
    return status;
}

static void test_refuses_what_does_not_fit(void **state)
{
    (void)state;
    crn_recurrence a = usual();
    const crn_type x = crn_type_rows(CRN_FLOAT32, 2, (int64_t[]){STEPS, FEATURES});
    const crn_type wide = crn_type_rows(CRN_FLOAT32, 2, (int64_t[]){STEPS, FEATURES + 1});
    const crn_type flat = crn_type_vector(CRN_FLOAT32, FEATURES);
    const crn_type state_type = crn_type_vector(CRN_FLOAT32, UNITS);
    const crn_type mask = crn_type_vector(CRN_BOOL, STEPS);
    assert_ok(status_of(&a, x, 0, NULL));
    assert_ok(status_of(&a, x, CRN_RECURRENCE_MASK, &mask));
    assert_ok(status_of(&a, x, CRN_RECURRENCE_STATES, &state_type));
    assert_int_equal(status_of(&a, wide, 0, NULL), CRN_SHAPE);
    assert_int_equal(status_of(&a, flat, 0, NULL), CRN_SHAPE);
    assert_int_equal(status_of(&a, x, CRN_RECURRENCE_MASK, &state_type), CRN_SHAPE);
    assert_int_equal(status_of(&a, x, CRN_RECURRENCE_STATES, &mask), CRN_SHAPE);
    a.units = 0;
    assert_int_equal(status_of(&a, x, 0, NULL), CRN_SHAPE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows_have_the_same_bits_in_any_block),
        cmocka_unit_test(test_stateful_rows_go_on),
        cmocka_unit_test(test_backwards_and_flipped_is_forwards_on_turned_steps),
        cmocka_unit_test(test_refuses_what_does_not_fit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
