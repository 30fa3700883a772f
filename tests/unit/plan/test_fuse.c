/* SPDX-License-Identifier: BSD-3-Clause */
/* Fusion: what it leaves of a chain, and that the numbers stay. */
#include "test.h"

#include <stdlib.h>

#include "ops/affine.h"
#include "ops/elementwise.h"
#include "ops/rows.h"
#include "plan/plan.h"

static crn_error err = CRN_ERROR_INIT;

enum { ROWS = 11, MOST = 64 };

/* ---- building chains ---- */

static crn_graph *start(crn_dtype dtype, int64_t n, crn_value *x)
{
    crn_graph *g = NULL;
    crn_type type = crn_type_vector(dtype, n);
    assert_ok(crn_graph_create(&g, &err));
    *x = crn_graph_input(g, "X", &type);
    return g;
}

/* n numbers between about 0.5 and 2, different for each seed. */
static crn_value numbers(crn_graph *g, crn_dtype dtype, int64_t n, int64_t columns, int seed)
{
    double values[MOST * MOST];
    assert_true(n <= MOST * MOST);
    for (int64_t i = 0; i < n; i++)
        values[i] = 0.5 + (double)((i * 31 + seed * 17) % 23) / 15.0;
    return crn_graph_numbers(g, dtype, values, n, columns);
}

static crn_value dense(crn_graph *g, crn_value x, int64_t n_out, bool transposed, int seed)
{
    crn_dtype dtype = crn_graph_type(g, x)->dtype;
    int64_t n_in = crn_graph_type(g, x)->shape[0];
    crn_value w = numbers(g, dtype, n_in * n_out, transposed ? n_in : n_out, seed);
    return crn_affine(g, x, w, transposed, numbers(g, dtype, n_out, 0, seed + 1));
}

static crn_value standardise(crn_graph *g, crn_value x, double mean, double deviation)
{
    double means[MOST], deviations[MOST];
    crn_dtype dtype = crn_graph_type(g, x)->dtype;
    int64_t n = crn_graph_type(g, x)->shape[0];
    for (int i = 0; i < n; i++) {
        means[i] = mean + 0.01 * i;
        deviations[i] = deviation + 0.02 * i;
    }
    return crn_scale(g, x, CRN_SCALE_SUBTRACT_DIVIDE, crn_graph_numbers(g, dtype, means, n, 0),
                     crn_graph_numbers(g, dtype, deviations, n, 0));
}

/* ---- running them ---- */

/* A chain, built anew for each way of running it. */
typedef crn_graph *(*builder)(void);

/* Runs on `rows` rows of numbers around `centre`; the output as doubles. Also gives the names
 * of the operations, "scale affine", in names[256]. */
static int64_t run(builder build, bool exact, double centre, double *y, char *names)
{
    crn_plan *plan = NULL;
    crn_run *runner = NULL;
    crn_text listing = CRN_TEXT_INIT;
    double x[ROWS * MOST];
    assert_ok(crn_plan_create(build(), &(crn_plan_options){.exact = exact}, &plan, &err));
    assert_ok(crn_run_create(plan, NULL, &runner, &err));
    int64_t n = crn_type_size(crn_plan_input_type(plan, 0));
    for (int64_t i = 0; i < ROWS * n; i++)
        x[i] = centre + (double)(i * 29 % 37) / 12.0 - 1.5;
    crn_array in = crn_array_view_2d(x, CRN_FLOAT64, ROWS, n), out = CRN_ARRAY_INIT;
    crn_array as_double = CRN_ARRAY_INIT;
    assert_ok(crn_run_rows(runner, &in, &out, &err));
    assert_ok(crn_array_astype(&out, CRN_FLOAT64, &as_double, &err));
    int64_t size = crn_array_size(&out);
    assert_true(size <= ROWS * MOST);
    memcpy(y, as_double.data, (size_t)size * sizeof *y);

    crn_plan_describe(plan, &listing);
    names[0] = '\0';
    for (char *line = listing.data; line != NULL && *line != '\0';
         line = strchr(line, '\n') + 1)
        snprintf(names + strlen(names), 256 - strlen(names), "%s%.*s",
                 names[0] != '\0' ? " " : "", (int)strcspn(line, " "), line);
    crn_text_free(&listing);
    crn_array_free(&as_double);
    crn_array_free(&out);
    crn_run_destroy(runner);
    crn_plan_release(plan);
    return size;
}

/* The fused chain consists of these operations and gives the numbers of the exact one. */
static void expect_fused(builder build, double centre, const char *operations, double rtol,
                         double atol)
{
    double exact[ROWS * MOST], fused[ROWS * MOST];
    char names[256];
    int64_t size = run(build, true, centre, exact, names);
    assert_int_equal(run(build, false, centre, fused, names), size);
    assert_string_equal(names, operations);
    assert_close(fused, exact, (size_t)size, rtol, atol);
}

/* ---- activations ---- */

static crn_graph *dense_tanh(void)
{
    crn_value x;
    crn_graph *g = start(CRN_FLOAT32, 5, &x);
    x = crn_activate(g, dense(g, x, 7, false, 1), crn_activation_default(CRN_TANH));
    crn_graph_output(g, "y", crn_activate(g, x, crn_activation_default(CRN_RELU)));
    return g;
}

static void test_one_activation_joins_its_affine(void **state)
{
    (void)state;
    expect_fused(dense_tanh, 0, "affine activation", 0, 0);
}

/* ---- linear maps ---- */

static crn_graph *scaler_dense(void)
{
    crn_value x;
    crn_graph *g = start(CRN_FLOAT64, 6, &x);
    crn_graph_output(g, "y", dense(g, standardise(g, x, 5, 2), 3, true, 2));
    return g;
}

static crn_graph *dense_scalers_dense(void)
{
    crn_value x;
    crn_graph *g = start(CRN_FLOAT64, 4, &x);
    x = standardise(g, dense(g, x, 6, false, 3), 1, 3);
    x = crn_scale(g, x, CRN_SCALE_DIVIDE_ADD, numbers(g, CRN_FLOAT64, 6, 0, 4), CRN_NO_VALUE);
    x = crn_scale(g, x, CRN_SCALE_MULTIPLY_ADD, CRN_NO_VALUE, numbers(g, CRN_FLOAT64, 6, 0, 5));
    crn_graph_output(g, "y", dense(g, x, 3, true, 6));
    return g;
}

static void test_linear_maps_become_one(void **state)
{
    (void)state;
    expect_fused(scaler_dense, 5, "affine", 1e-13, 1e-13);
    expect_fused(dense_scalers_dense, 0, "affine", 1e-13, 1e-13);
}

static crn_graph *scaler_clipped_scaler(void)
{
    crn_value x;
    crn_graph *g = start(CRN_FLOAT64, 4, &x);
    x = standardise(g, x, 2, 3);
    x = crn_scale_clipped(g, x, CRN_SCALE_MULTIPLY_ADD, numbers(g, CRN_FLOAT64, 4, 0, 1),
                          numbers(g, CRN_FLOAT64, 4, 0, 2), 0.5, 1.5);
    crn_graph_output(g, "y", dense(g, x, 2, false, 3));
    return g;
}

static void test_clipping_ends_a_chain(void **state)
{
    (void)state;
    expect_fused(scaler_clipped_scaler, 2, "scale affine", 1e-13, 1e-13);
}

static crn_graph *bottleneck(void)
{
    crn_value x;
    crn_graph *g = start(CRN_FLOAT64, 20, &x);
    crn_graph_output(g, "y", dense(g, dense(g, x, 2, true, 1), 20, false, 2));
    return g;
}

static void test_a_bottleneck_stays(void **state)
{
    (void)state;
    expect_fused(bottleneck, 0, "affine affine", 0, 0);
}

static crn_graph *shared_middle(void)
{
    crn_value x;
    crn_graph *g = start(CRN_FLOAT64, 4, &x);
    x = standardise(g, x, 1, 2);
    crn_value both[] = {dense(g, x, 2, false, 1), x};
    crn_graph_output(g, "y", crn_concat(g, both, 2, 0));
    return g;
}

static void test_a_value_with_two_readers_stays(void **state)
{
    (void)state;
    expect_fused(shared_middle, 0, "scale affine concat", 0, 0);
}

/* ---- large offsets ---- */

static crn_graph *far_scaler_dense(void)
{
    crn_value x;
    crn_graph *g = start(CRN_FLOAT64, 4, &x);
    crn_graph_output(g, "y", dense(g, standardise(g, x, 1e6, 1), 3, true, 2));
    return g;
}

static crn_graph *scaler_dense_single(void)
{
    crn_value x;
    crn_graph *g = start(CRN_FLOAT32, 4, &x);
    crn_graph_output(g, "y", dense(g, standardise(g, x, 100, 1), 3, false, 2));
    return g;
}

static void test_large_offsets_keep_the_subtraction(void **state)
{
    (void)state;
    expect_fused(far_scaler_dense, 1e6, "scale affine", 0, 0);
    expect_fused(scaler_dense_single, 100, "scale affine", 0, 0);
}

/* ---- from scikit-learn to Keras ---- */

static crn_graph *scaler_keras(void)
{
    crn_value x;
    crn_graph *g = start(CRN_FLOAT64, 6, &x);
    x = crn_cast(g, standardise(g, x, 1, 1), CRN_FLOAT32);
    crn_graph_output(
        g, "y", crn_activate(g, dense(g, x, 9, false, 3), crn_activation_default(CRN_RELU)));
    return g;
}

static crn_graph *scaler_pca_keras(void)
{
    crn_value x;
    crn_graph *g = start(CRN_FLOAT64, 6, &x);
    x = dense(g, standardise(g, x, 1, 1), 5, true, 1);
    crn_graph_output(g, "y", dense(g, crn_cast(g, x, CRN_FLOAT32), 9, false, 3));
    return g;
}

static crn_graph *pca_keras(void)
{
    crn_value x;
    crn_graph *g = start(CRN_FLOAT64, 6, &x);
    x = dense(g, x, 5, true, 1);
    crn_graph_output(g, "y", dense(g, crn_cast(g, x, CRN_FLOAT32), 9, false, 3));
    return g;
}

static crn_graph *far_scaler_keras(void)
{
    crn_value x;
    crn_graph *g = start(CRN_FLOAT64, 6, &x);
    x = crn_cast(g, standardise(g, x, 500, 1), CRN_FLOAT32);
    crn_graph_output(g, "y", dense(g, x, 9, false, 3));
    return g;
}

static void test_across_the_cast_when_the_scale_is_known(void **state)
{
    (void)state;
    expect_fused(scaler_keras, 1, "cast affine", 1e-6, 1e-6);
    expect_fused(scaler_pca_keras, 1, "cast affine", 1e-6, 5e-6);
    expect_fused(pca_keras, 0, "affine cast affine", 0, 0);
    expect_fused(far_scaler_keras, 500, "scale cast affine", 0, 0);
}

/* ---- decisions ---- */

static crn_graph *softmax_argmax(void)
{
    crn_value x;
    crn_graph *g = start(CRN_FLOAT32, 8, &x);
    crn_graph_output(g, "y", crn_argmax(g, crn_softmax(g, x, CRN_SOFTMAX, -1)));
    return g;
}

static crn_graph *expit_step(void)
{
    crn_value x;
    crn_graph *g = start(CRN_FLOAT64, 3, &x);
    crn_graph_output(g, "y", crn_step(g, crn_unary(g, x, CRN_UNARY_EXPIT), 0.7));
    return g;
}

static crn_graph *sigmoid_step(void)
{
    crn_value x;
    crn_graph *g = start(CRN_FLOAT32, 3, &x);
    x = crn_activate(g, dense(g, x, 2, false, 1), crn_activation_default(CRN_SIGMOID));
    crn_graph_output(g, "y", crn_step(g, x, 0.5));
    return g;
}

static void test_decisions_need_no_probabilities(void **state)
{
    (void)state;
    expect_fused(softmax_argmax, 0, "argmax", 0, 0);
    expect_fused(expit_step, 0, "step", 0, 0);
    expect_fused(sigmoid_step, -1, "affine step", 0, 0);
}

/* softmax gives a row of NaN for these, and argmax then 0. */
static void test_argmax_of_nan_is_that_of_softmax(void **state)
{
    (void)state;
    static const float x[3][8] = {{0, 1, NAN, 5}, {0, 1, INFINITY, 5}, {0, 3, -INFINITY, 1}};
    crn_plan *plan = NULL;
    crn_run *runner = NULL;
    for (int exact = 0; exact < 2; exact++) {
        crn_plan_options options = {.exact = exact == 1};
        crn_array in = crn_array_view_2d(x, CRN_FLOAT32, 3, 8), out = CRN_ARRAY_INIT;
        assert_ok(crn_plan_create(softmax_argmax(), &options, &plan, &err));
        assert_ok(crn_run_create(plan, NULL, &runner, &err));
        assert_ok(crn_run_rows(runner, &in, &out, &err));
        assert_memory_equal(out.data, ((int64_t[]){0, 0, 1}), 3 * sizeof(int64_t));
        crn_array_free(&out);
        crn_run_destroy(runner);
        crn_plan_release(plan);
    }
}

static crn_graph *unused_branch(void)
{
    crn_value x;
    crn_graph *g = start(CRN_FLOAT64, 4, &x);
    dense(g, standardise(g, x, 0, 1), 3, false, 1);
    crn_graph_output(g, "y", crn_unary(g, x, CRN_UNARY_ABS));
    return g;
}

static void test_what_nobody_needs_is_dropped(void **state)
{
    (void)state;
    expect_fused(unused_branch, 0, "unary", 0, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one_activation_joins_its_affine),
        cmocka_unit_test(test_linear_maps_become_one),
        cmocka_unit_test(test_clipping_ends_a_chain),
        cmocka_unit_test(test_a_bottleneck_stays),
        cmocka_unit_test(test_a_value_with_two_readers_stays),
        cmocka_unit_test(test_large_offsets_keep_the_subtraction),
        cmocka_unit_test(test_across_the_cast_when_the_scale_is_known),
        cmocka_unit_test(test_decisions_need_no_probabilities),
        cmocka_unit_test(test_argmax_of_nan_is_that_of_softmax),
        cmocka_unit_test(test_what_nobody_needs_is_dropped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
