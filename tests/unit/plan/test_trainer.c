/* SPDX-License-Identifier: BSD-3-Clause */
/* The trainer: gradients that add up where a value is used twice, reshapes, short batches,
 * updates, dropout's seeds, and what cannot be trained through. */
#include "test.h"

#include "base/dtype.h"
#include "ops/activation.h"
#include "ops/affine.h"
#include "ops/elementwise.h"
#include "ops/rows.h"
#include "ops/training.h"
#include "plan/trainer.h"

/* A graph with one input x (rows, n) and one trainable vector w (n). */
typedef struct bench {
    crn_graph *graph;
    crn_trainer *trainer;
    crn_array weight;
    crn_value x, w, loss;
} bench;

static void begin(bench *b, int64_t n, const float *weight)
{
    crn_error err = CRN_ERROR_INIT;
    crn_type type = crn_type_vector(CRN_FLOAT32, n);
    *b = (bench){0};
    assert_ok(crn_graph_create(&b->graph, &err));
    crn_array given = crn_array_view_1d(weight, CRN_FLOAT32, n);
    assert_ok(crn_array_astype(&given, CRN_FLOAT32, &b->weight, &err));
    b->x = crn_graph_input(b->graph, "x", &type);
    b->w = crn_graph_variable(b->graph, &b->weight, true);
}

static void end(bench *b)
{
    crn_trainer_destroy(b->trainer);
    crn_graph_destroy(b->graph);
    crn_array_free(&b->weight);
}

static crn_value zeros(bench *b, int64_t n)
{
    static const double none[8];
    return crn_graph_numbers(b->graph, CRN_FLOAT32, none, n, 0);
}

/* Mean over the rows of the sum of squares of `y` (rows, n), less 0. */
static void train_on(bench *b, crn_value y, int64_t max_rows)
{
    crn_error err = CRN_ERROR_INIT;
    b->loss = crn_penalty(b->graph, y, 0.0f, 1.0f);
    assert_ok(crn_trainer_create(b->graph, b->loss, max_rows, 1, NULL, &b->trainer, &err));
}

static void run(bench *b, const float *x, int64_t rows)
{
    crn_trainer_forward(b->trainer, (const void *const[]){x}, rows);
    crn_trainer_backward(b->trainer);
}

static double loss_of(const bench *b)
{
    return (double)*(const float *)crn_trainer_value(b->trainer, b->loss);
}

/* ---- gradients ---- */

/* y = w x + w: both uses count: d/dw sum (w x + w)^2 = 2 w (x + 1)^2. */
static void test_uses_of_a_value_add_up(void **state)
{
    (void)state;
    bench b;
    begin(&b, 2, (const float[]){0.5f, -1});
    crn_value product = crn_binary(b.graph, b.x, b.w, CRN_BINARY_MULTIPLY);
    train_on(&b, crn_binary(b.graph, product, b.w, CRN_BINARY_ADD), 4);
    run(&b, (const float[]){1, 2}, 1);
    const float *g = crn_trainer_gradient(b.trainer, b.w);
    assert_float_equal(loss_of(&b), 1.0 + 9.0, 1e-6);
    assert_float_equal(g[0], 4, 1e-6);
    assert_float_equal(g[1], -18, 1e-6);
    end(&b);
}

/* x * x as one node, and x again through a reshape, which shares x's memory. */
static void test_one_value_in_both_places_and_behind_a_reshape(void **state)
{
    (void)state;
    bench b;
    begin(&b, 2, (const float[]){3, 2});
    crn_value y = crn_binary(b.graph, b.x, b.w, CRN_BINARY_ADD);
    crn_value square = crn_binary(b.graph, y, y, CRN_BINARY_MULTIPLY);
    const int64_t column[2] = {2, 1};
    crn_value seen = crn_reshape(b.graph, y, 2, column);
    crn_value sum = crn_reduce(b.graph, square, CRN_REDUCE_SUM);
    crn_value other = crn_reduce(b.graph, crn_reshape(b.graph, seen, 1, (const int64_t[]){2}),
                                 CRN_REDUCE_SUM);
    crn_value total = crn_binary(b.graph, sum, other, CRN_BINARY_ADD);
    b.loss =
        crn_penalty(b.graph, total, 1.0f, 0.0f); /* positive: its absolute value is itself */
    crn_error err = CRN_ERROR_INIT;
    assert_ok(crn_trainer_create(b.graph, b.loss, 1, 1, NULL, &b.trainer, &err));
    run(&b, (const float[]){1, 1}, 1);
    const float *g = crn_trainer_gradient(b.trainer, b.w);
    assert_float_equal(loss_of(&b), 16 + 9 + 4 + 3, 1e-5);
    assert_float_equal(g[0], 2 * 4 + 1, 1e-5);
    assert_float_equal(g[1], 2 * 3 + 1, 1e-5);
    end(&b);
}

/* A reshape of the input itself follows the pointer that each forward is given. */
static void test_a_reshaped_input(void **state)
{
    (void)state;
    bench b;
    begin(&b, 4, (const float[]){1, 1, 1, 1});
    const int64_t square[2] = {2, 2};
    crn_value x =
        crn_reshape(b.graph, crn_reshape(b.graph, b.x, 2, square), 1, (const int64_t[]){4});
    train_on(&b, crn_binary(b.graph, x, b.w, CRN_BINARY_MULTIPLY), 1);
    const float first[4] = {1, 2, 3, 4}, second[4] = {0, 0, 5, 0};
    run(&b, first, 1);
    assert_ptr_equal(crn_trainer_value(b.trainer, x), first);
    assert_float_equal(crn_trainer_gradient(b.trainer, b.w)[3], 32, 1e-5);
    run(&b, second, 1);
    assert_float_equal(crn_trainer_gradient(b.trainer, b.w)[2], 50, 1e-5);
    assert_float_equal(crn_trainer_gradient(b.trainer, b.w)[3], 0, 1e-5);
    end(&b);
}

static void test_a_short_batch_after_a_long_one(void **state)
{
    (void)state;
    bench b;
    begin(&b, 1, (const float[]){2});
    train_on(&b, crn_binary(b.graph, b.x, b.w, CRN_BINARY_MULTIPLY), 3);
    run(&b, (const float[]){1, 2, 3}, 3);
    assert_float_equal(loss_of(&b), 4 * 14.0 / 3, 1e-5);
    assert_float_equal(crn_trainer_gradient(b.trainer, b.w)[0], 4 * 14.0 / 3, 1e-5);
    run(&b, (const float[]){3}, 1);
    assert_float_equal(loss_of(&b), 36, 1e-5);
    assert_float_equal(crn_trainer_gradient(b.trainer, b.w)[0], 36, 1e-5);
    end(&b);
}

static void test_what_has_no_gradient(void **state)
{
    (void)state;
    bench b;
    begin(&b, 1, (const float[]){2});
    crn_value frozen = crn_graph_variable(b.graph, &b.weight, false);
    crn_value apart =
        crn_graph_variable(b.graph, &b.weight, true); /* does not reach the loss */
    crn_binary(b.graph, b.x, apart, CRN_BINARY_ADD);
    crn_value y = crn_binary(b.graph, b.x, b.w, CRN_BINARY_MULTIPLY);
    train_on(&b, crn_binary(b.graph, y, frozen, CRN_BINARY_MULTIPLY), 1);
    run(&b, (const float[]){1}, 1);
    assert_non_null(crn_trainer_gradient(b.trainer, b.w));
    assert_null(crn_trainer_gradient(b.trainer, frozen));
    assert_null(crn_trainer_gradient(b.trainer, apart));
    end(&b);
}

static void test_nothing_trainable(void **state)
{
    (void)state;
    bench b;
    begin(&b, 1, (const float[]){2});
    train_on(&b, b.x, 1);
    run(&b, (const float[]){3}, 1);
    assert_float_equal(loss_of(&b), 9, 1e-6);
    assert_null(crn_trainer_gradient(b.trainer, b.w));
    end(&b);
}

/* ---- updates ---- */

/* Batch statistics of (1, 3) are mean 2 and variance 1; in Keras 2's way 2, the sample
 * variance. */
static void check_moving(bool sample_variance, double want)
{
    bench b;
    crn_error err = CRN_ERROR_INIT;
    begin(&b, 1, (const float[]){1});
    crn_array moving[2];
    for (int k = 0; k < 2; k++) {
        const float start = k == 0 ? 10.0f : 20.0f;
        crn_array given = crn_array_view_1d(&start, CRN_FLOAT32, 1);
        assert_ok(crn_array_astype(&given, CRN_FLOAT32, &moving[k], &err));
    }
    crn_value mean = crn_graph_variable(b.graph, &moving[0], false);
    crn_value variance = crn_graph_variable(b.graph, &moving[1], false);
    crn_value y = crn_batch_normalise(b.graph, b.x, b.w, CRN_NO_VALUE, mean, variance, 0.0f,
                                      0.75f, sample_variance);
    crn_graph_update(b.graph, mean, crn_graph_output_of(b.graph, y, 1));
    crn_graph_update(b.graph, variance, crn_graph_output_of(b.graph, y, 2));
    train_on(&b, y, 2);
    run(&b, (const float[]){1, 3}, 2);
    assert_float_equal(*(const float *)moving[0].data, 10, 0);
    crn_trainer_update(b.trainer);
    assert_float_equal(*(const float *)moving[0].data, 7.5 + 0.5, 1e-6);
    assert_float_equal(*(const float *)moving[1].data, 15 + want * 0.25, 1e-6);
    const float *out = crn_trainer_value(b.trainer, y);
    assert_float_equal(out[0], -1, 1e-6);
    assert_float_equal(out[1], 1, 1e-6);
    crn_array_free(&moving[0]);
    crn_array_free(&moving[1]);
    end(&b);
}

static void test_moving_averages(void **state)
{
    (void)state;
    check_moving(false, 1.0);
    check_moving(true, 2.0);
}

/* ---- dropout ---- */

enum { WIDE = 4000 };

/* Share of zeros; the others must be 1 / (1 - rate). */
static double dropped(const float *y, float rate)
{
    int zeros_seen = 0;
    for (int i = 0; i < WIDE; i++) {
        if (y[i] != 0.0f)
            assert_float_equal(y[i], 1.0f / (1.0f - rate), 1e-6);
        zeros_seen += y[i] == 0.0f;
    }
    return zeros_seen / (double)WIDE;
}

static void test_dropout_is_drawn_anew_each_step(void **state)
{
    (void)state;
    crn_error err = CRN_ERROR_INIT;
    static float x[WIDE], before[WIDE];
    bench b;
    crn_trainer *other = NULL;
    for (int i = 0; i < WIDE; i++)
        x[i] = 1.0f;
    begin(&b, 1, (const float[]){1});
    crn_value y = crn_binary(b.graph, b.x, b.w, CRN_BINARY_MULTIPLY);
    crn_value first = crn_dropout(b.graph, y, 0.3f), second = crn_dropout(b.graph, y, 0.3f);
    b.loss = crn_penalty(b.graph, first, 1.0f, 0.0f);
    assert_ok(crn_trainer_create(b.graph, b.loss, WIDE, 5, NULL, &b.trainer, &err));
    assert_ok(crn_trainer_create(b.graph, b.loss, WIDE, 5, NULL, &other, &err));
    run(&b, x, WIDE);
    const float *now = crn_trainer_value(b.trainer, first);
    /* 0.3 within four standard errors; the gradient goes where the value went. */
    assert_true(fabs(dropped(now, 0.3f) - 0.3) < 4 * sqrt(0.21 / WIDE));
    assert_float_equal(crn_trainer_gradient(b.trainer, b.w)[0], loss_of(&b), 1e-3);
    assert_memory_not_equal(now, crn_trainer_value(b.trainer, second), sizeof x);
    memcpy(before, now, sizeof x);
    crn_trainer_forward(other, (const void *const[]){x}, WIDE);
    assert_memory_equal(before, crn_trainer_value(other, first),
                        sizeof x); /* the same seed and step */
    run(&b, x, WIDE);
    assert_memory_not_equal(before, crn_trainer_value(b.trainer, first), sizeof x);
    crn_trainer_destroy(other);
    end(&b);
}

static void test_dropout_of_everything_is_refused(void **state)
{
    (void)state;
    crn_error err = CRN_ERROR_INIT;
    bench b;
    begin(&b, 1, (const float[]){1});
    crn_dropout(b.graph, b.x, 1.0f);
    assert_status(CRN_ARGUMENT, crn_graph_status(b.graph, &err));
    assert_non_null(strstr(err.message, "`rate` must be in the range [0, 1)"));
    end(&b);
}

/* ---- refusals ---- */

static void test_what_cannot_be_trained_through(void **state)
{
    (void)state;
    crn_error err = CRN_ERROR_INIT;
    bench b;
    begin(&b, 3, (const float[]){1, 2, 3});
    crn_value y = crn_binary(b.graph, b.x, b.w, CRN_BINARY_MULTIPLY);
    crn_value wide = crn_cast(b.graph, crn_cast(b.graph, y, CRN_FLOAT64), CRN_FLOAT32);
    b.loss = crn_penalty(b.graph, wide, 0.0f, 1.0f);
    assert_status(CRN_UNSUPPORTED,
                  crn_trainer_create(b.graph, b.loss, 2, 1, NULL, &b.trainer, &err));
    assert_non_null(strstr(err.message, "cast"));
    end(&b);
}

static void test_an_operation_beside_the_path_needs_no_backward(void **state)
{
    (void)state;
    bench b;
    begin(&b, 3, (const float[]){1, 2, 3});
    crn_value y = crn_binary(b.graph, b.x, b.w, CRN_BINARY_MULTIPLY);
    crn_value best = crn_argmax(b.graph, y);
    train_on(&b, y, 2);
    run(&b, (const float[]){1, 1, 0, 9, 1, 1}, 2);
    const int64_t *index = crn_trainer_value(b.trainer, best);
    assert_int_equal(index[0], 1);
    assert_int_equal(index[1], 0);
    end(&b);
}

static void test_arguments(void **state)
{
    (void)state;
    crn_error err = CRN_ERROR_INIT;
    bench b;
    begin(&b, 2, (const float[]){1, 2});
    crn_value y = crn_binary(b.graph, b.x, zeros(&b, 2), CRN_BINARY_ADD);
    assert_status(CRN_SHAPE, crn_trainer_create(b.graph, y, 2, 1, NULL, &b.trainer, &err));
    crn_value loss = crn_penalty(b.graph, y, 1.0f, 0.0f);
    assert_status(CRN_ARGUMENT,
                  crn_trainer_create(b.graph, loss, 0, 1, NULL, &b.trainer, &err));
    assert_status(CRN_NO_MEMORY,
                  crn_trainer_create(b.graph, loss, INT64_MAX / 2, 1, NULL, &b.trainer, &err));
    end(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_uses_of_a_value_add_up),
        cmocka_unit_test(test_one_value_in_both_places_and_behind_a_reshape),
        cmocka_unit_test(test_a_reshaped_input),
        cmocka_unit_test(test_a_short_batch_after_a_long_one),
        cmocka_unit_test(test_what_has_no_gradient),
        cmocka_unit_test(test_nothing_trainable),
        cmocka_unit_test(test_moving_averages),
        cmocka_unit_test(test_dropout_is_drawn_anew_each_step),
        cmocka_unit_test(test_dropout_of_everything_is_refused),
        cmocka_unit_test(test_what_cannot_be_trained_through),
        cmocka_unit_test(test_an_operation_beside_the_path_needs_no_backward),
        cmocka_unit_test(test_arguments),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
