/* SPDX-License-Identifier: BSD-3-Clause */
/* Plans: constants folded, storage shared, inputs converted, and the same numbers however the
 * rows are cut into blocks and over threads. */
#include "test.h"

#include <stdlib.h>

#include "ops/affine.h"
#include "ops/elementwise.h"
#include "ops/rows.h"
#include "plan/plan.h"

static crn_error err = CRN_ERROR_INIT;

/* ---- models ---- */

static const double coef[] = {1, -2, 0.5, 3, -1, 0.25, 2, 0, -0.5, 1, 1, -3}; /* (3, 4) */
static const double intercept[] = {0.5, -1, 2};
static const double mean[] = {5, 3, 4, 1};
static const double deviation[] = {0.5, 2, 1.5, 0.25};

static crn_graph *new_graph(void)
{
    crn_graph *graph = NULL;
    assert_ok(crn_graph_create(&graph, &err));
    return graph;
}

/* StandardScaler -> LogisticRegression: probabilities and labels. */
static crn_graph *classifier(void)
{
    static const int64_t labels[] = {10, 20, 30};
    crn_graph *g = new_graph();
    crn_type type = crn_type_vector(CRN_FLOAT64, 4);
    crn_array classes = crn_array_view_1d(labels, CRN_INT64, 3);
    crn_value x = crn_graph_input(g, "X", &type);
    crn_value scaled = crn_scale(g, x, CRN_SCALE_SUBTRACT_DIVIDE,
                                 crn_graph_numbers(g, CRN_FLOAT64, mean, 4, 0),
                                 crn_graph_numbers(g, CRN_FLOAT64, deviation, 4, 0));
    crn_value score = crn_affine(g, scaled, crn_graph_numbers(g, CRN_FLOAT64, coef, 12, 4),
                                 true, crn_graph_numbers(g, CRN_FLOAT64, intercept, 3, 0));
    crn_graph_output(g, "probabilities", crn_softmax(g, score, CRN_SOFTMAX, -1));
    crn_graph_output(g, "labels",
                     crn_take(g, crn_graph_constant(g, &classes), crn_argmax(g, score)));
    return g;
}

static void classify_plainly(const double *x, double *probabilities, int64_t *label)
{
    double score[3], sum = 0;
    int best = 0;
    for (int j = 0; j < 3; j++) {
        score[j] = intercept[j];
        for (int k = 0; k < 4; k++)
            score[j] += (x[k] - mean[k]) / deviation[k] * coef[j * 4 + k];
        best = score[j] > score[best] ? j : best;
    }
    for (int j = 0; j < 3; j++)
        sum += exp(score[j] - score[best]);
    for (int j = 0; j < 3; j++)
        probabilities[j] = exp(score[j] - score[best]) / sum;
    *label = 10 * (best + 1);
}

static double *some_rows(int64_t rows)
{
    double *x = malloc(sizeof *x * 4 * (size_t)rows);
    assert_non_null(x);
    for (int64_t i = 0; i < rows * 4; i++)
        x[i] = (double)(i * 7919 % 97) / 9.0 - 1.0;
    return x;
}

static crn_run *new_run(crn_graph *graph, bool exact, int64_t block_rows, crn_pool *pool)
{
    crn_plan *plan = NULL;
    crn_run *run = NULL;
    crn_plan_options options = {.exact = exact, .block_rows = block_rows};
    assert_ok(crn_plan_create(graph, &options, &plan, &err));
    assert_ok(crn_run_create(plan, pool, &run, &err));
    crn_plan_release(plan);
    return run;
}

/* ---- tests ---- */

static void test_matches_the_formula(void **state)
{
    (void)state;
    enum { ROWS = 37 };
    double *x = some_rows(ROWS);
    crn_run *run = new_run(classifier(), false, 8, NULL);
    crn_array in = crn_array_view_2d(x, CRN_FLOAT64, ROWS, 4);
    crn_array out[2] = {CRN_ARRAY_INIT, CRN_ARRAY_INIT};
    assert_ok(crn_run_rows(run, &in, out, &err));
    for (int i = 0; i < ROWS; i++) {
        double probabilities[3];
        int64_t label;
        classify_plainly(x + 4 * i, probabilities, &label);
        assert_close((double *)out[0].data + 3 * i, probabilities, 3, 1e-12, 1e-15);
        assert_int_equal(((int64_t *)out[1].data)[i], label);
    }
    crn_array_free(&out[0]);
    crn_array_free(&out[1]);
    crn_run_destroy(run);
    free(x);
}

/* Runs the classifier on `in`; out[0] and out[1] are the caller's to free. */
static void classify(bool exact, int64_t block_rows, crn_pool *pool, const crn_array *in,
                     crn_array *out)
{
    crn_run *run = new_run(classifier(), exact, block_rows, pool);
    out[0] = out[1] = (crn_array)CRN_ARRAY_INIT;
    assert_ok(crn_run_rows(run, in, out, &err));
    crn_run_destroy(run);
}

static void expect_same(const crn_array *a, const crn_array *b)
{
    for (int i = 0; i < 2; i++) {
        assert_int_equal(crn_array_size(&a[i]), crn_array_size(&b[i]));
        assert_memory_equal(a[i].data, b[i].data,
                            (size_t)(crn_array_size(&a[i]) * a[i].itemsize));
    }
}

static void free_both(crn_array *out)
{
    crn_array_free(&out[0]);
    crn_array_free(&out[1]);
}

static void test_blocks_change_no_bit(void **state)
{
    (void)state;
    enum { ROWS = 301 };
    static const int64_t block_rows[] = {1, 3, 8, 64, 300, 301};
    double *x = some_rows(ROWS);
    crn_array in = crn_array_view_2d(x, CRN_FLOAT64, ROWS, 4), at_once[2], out[2];
    classify(false, 1000, NULL, &in, at_once);
    for (size_t i = 0; i < sizeof block_rows / sizeof *block_rows; i++) {
        classify(false, block_rows[i], NULL, &in, out);
        expect_same(out, at_once);
        free_both(out);
    }
    free_both(at_once);
    free(x);
}

static void test_threads_change_no_bit(void **state)
{
    (void)state;
    enum { ROWS = 50000 };
    double *x = some_rows(ROWS);
    crn_array in = crn_array_view_2d(x, CRN_FLOAT64, ROWS, 4), alone[2], out[2];
    classify(false, 0, NULL, &in, alone);
    crn_pool *pool = NULL;
    assert_ok(crn_pool_create(4, &pool, &err));
    classify(false, 0, pool, &in, out);
    expect_same(out, alone);
    free_both(out);
    classify(false, 16, pool, &in, out);
    expect_same(out, alone);
    free_both(out);
    crn_pool_destroy(pool);
    free_both(alone);
    free(x);
}

/* A network with so much work in a row that a single block is cut for the threads. */
static crn_graph *network(void)
{
    enum { WIDTH = 320 };
    static double w[WIDTH * WIDTH];
    for (int i = 0; i < WIDTH * WIDTH; i++)
        w[i] = (double)(i * 7919L % 1013) / 1013.0 - 0.5;
    crn_graph *g = new_graph();
    crn_type type = crn_type_vector(CRN_FLOAT32, 4);
    crn_value x = crn_graph_input(g, "X", &type);
    int64_t n = 4;
    for (int layer = 0; layer < 4; layer++) {
        x = crn_affine(g, x, crn_graph_numbers(g, CRN_FLOAT32, w, n * WIDTH, WIDTH), false,
                       CRN_NO_VALUE);
        x = crn_activate(g, x, crn_activation_default(CRN_TANH));
        n = WIDTH;
    }
    crn_graph_output(g, "y", crn_softmax(g, x, CRN_SOFTMAX, -1));
    return g;
}

static void test_threads_share_one_block(void **state)
{
    (void)state;
    enum { ROWS = 150 };
    double *x = some_rows(ROWS);
    crn_array in = crn_array_view_2d(x, CRN_FLOAT64, ROWS, 4), alone = CRN_ARRAY_INIT;
    crn_run *run = new_run(network(), false, 1000, NULL);
    assert_ok(crn_run_rows(run, &in, &alone, &err));
    crn_run_destroy(run);
    for (int threads = 2; threads <= 5; threads++) {
        crn_pool *pool = NULL;
        crn_array out = CRN_ARRAY_INIT;
        assert_ok(crn_pool_create(threads, &pool, &err));
        run = new_run(network(), false, 1000, pool);
        assert_ok(crn_run_rows(run, &in, &out, &err));
        assert_memory_equal(out.data, alone.data, (size_t)crn_array_size(&out) * sizeof(float));
        crn_array_free(&out);
        crn_run_destroy(run);
        crn_pool_destroy(pool);
    }
    crn_array_free(&alone);
    free(x);
}

static void test_strides_are_followed(void **state)
{
    (void)state;
    enum { ROWS = 21 };
    double *x = some_rows(ROWS), turned[4 * ROWS];
    crn_array dense = crn_array_view_2d(x, CRN_FLOAT64, ROWS, 4), want[2], out[2];
    classify(false, 8, NULL, &dense, want);
    for (int i = 0; i < ROWS; i++) {
        for (int k = 0; k < 4; k++)
            turned[k * ROWS + i] = x[i * 4 + k];
    }
    crn_array columns = dense; /* Fortran order */
    columns.data = turned;
    columns.strides[0] = (int64_t)sizeof(double);
    columns.strides[1] = ROWS * (int64_t)sizeof(double);
    classify(false, 8, NULL, &columns, out);
    expect_same(out, want);
    free_both(out);

    crn_array backwards = dense; /* x[::-1] */
    backwards.data = x + (ROWS - 1) * 4;
    backwards.strides[0] = -4 * (int64_t)sizeof(double);
    classify(false, 8, NULL, &backwards, out);
    for (int i = 0; i < ROWS; i++)
        assert_int_equal(((int64_t *)out[1].data)[i], ((int64_t *)want[1].data)[ROWS - 1 - i]);
    free_both(out);
    free_both(want);
    free(x);
}

static void test_unaligned_memory_is_copied(void **state)
{
    (void)state;
    enum { ROWS = 5 };
    double *x = some_rows(ROWS);
    char *bytes = malloc(ROWS * 4 * sizeof *x + 1);
    assert_non_null(bytes);
    memcpy(bytes + 1, x, ROWS * 4 * sizeof *x);
    crn_array dense = crn_array_view_2d(x, CRN_FLOAT64, ROWS, 4), want[2], out[2];
    crn_array odd = dense;
    odd.data = bytes + 1;
    classify(false, 0, NULL, &dense, want);
    classify(false, 0, NULL, &odd, out);
    expect_same(out, want);
    free_both(out);
    free_both(want);
    free(bytes);
    free(x);
}

static void test_other_number_types_are_converted(void **state)
{
    (void)state;
    static const double as_double[] = {1, 2, 3, 4, 5, -6, 7, 8};
    static const float as_float[] = {1, 2, 3, 4, 5, -6, 7, 8};
    static const int8_t as_int[] = {1, 2, 3, 4, 5, -6, 7, 8};
    crn_array in = crn_array_view_2d(as_double, CRN_FLOAT64, 2, 4), want[2], out[2];
    classify(false, 1, NULL, &in, want);
    in = crn_array_view_2d(as_float, CRN_FLOAT32, 2, 4);
    classify(false, 1, NULL, &in, out);
    expect_same(out, want);
    free_both(out);
    in = crn_array_view_2d(as_int, CRN_INT8, 2, 4);
    classify(false, 1, NULL, &in, out);
    expect_same(out, want);
    free_both(out);
    free_both(want);
}

static void test_no_rows(void **state)
{
    (void)state;
    double nothing = 0;
    crn_array in = crn_array_view_2d(&nothing, CRN_FLOAT64, 0, 4), out[2];
    classify(false, 0, NULL, &in, out);
    assert_int_equal(out[0].shape[0], 0);
    assert_int_equal(out[0].shape[1], 3);
    assert_int_equal(out[1].shape[0], 0);
    free_both(out);
}

static void test_writes_into_given_outputs(void **state)
{
    (void)state;
    enum { ROWS = 3 };
    double *x = some_rows(ROWS), probabilities[3 * ROWS], want[3];
    int64_t labels[ROWS], label;
    crn_run *run = new_run(classifier(), false, 0, NULL);
    crn_array in = crn_array_view_2d(x, CRN_FLOAT64, ROWS, 4);
    crn_array out[2] = {crn_array_view_2d(probabilities, CRN_FLOAT64, ROWS, 3),
                        crn_array_view_1d(labels, CRN_INT64, ROWS)};
    assert_ok(crn_run_rows(run, &in, out, &err));
    assert_ptr_equal(out[0].data, probabilities);
    classify_plainly(x + 8, want, &label);
    assert_close(probabilities + 6, want, 3, 1e-12, 1e-15);
    assert_int_equal(labels[2], label);

    out[0].dtype = CRN_INT64;
    assert_status(CRN_DTYPE, crn_run_rows(run, &in, out, &err));
    out[0] = crn_array_view_2d(probabilities, CRN_FLOAT64, ROWS - 1, 3);
    assert_status(CRN_SHAPE, crn_run_rows(run, &in, out, &err));
    crn_run_destroy(run);
    free(x);
}

static void test_refuses_wrong_inputs(void **state)
{
    (void)state;
    static const double x[12] = {0};
    crn_run *run = new_run(classifier(), false, 0, NULL);
    crn_array in = crn_array_view_2d(x, CRN_FLOAT64, 4, 3);
    crn_array out[2] = {CRN_ARRAY_INIT, CRN_ARRAY_INIT};
    assert_status(CRN_SHAPE, crn_run_rows(run, &in, out, &err));
    assert_string_equal(err.message,
                        "X has 3 features, but the model is expecting 4 features as input");
    in = crn_array_view_1d(x, CRN_FLOAT64, 12);
    assert_status(CRN_SHAPE, crn_run_rows(run, &in, out, &err));
    in = crn_array_view_2d(x, CRN_COMPLEX64, 3, 4);
    assert_status(CRN_DTYPE, crn_run_rows(run, &in, out, &err));
    assert_null(out[0].data);
    assert_null(out[1].data);
    crn_run_destroy(run);
}

/* ---- graphs of odd form ---- */

static void test_a_vector_serves_as_one_column(void **state)
{
    (void)state;
    static const double x[] = {1, 2, 3}, two = 2;
    crn_graph *g = new_graph();
    crn_type type = crn_type_vector(CRN_FLOAT64, 1);
    crn_value in = crn_graph_input(g, "X", &type);
    crn_graph_output(
        g, "y",
        crn_binary(g, in, crn_graph_numbers(g, CRN_FLOAT64, &two, 1, 0), CRN_BINARY_MULTIPLY));
    crn_run *run = new_run(g, false, 0, NULL);
    crn_array given = crn_array_view_1d(x, CRN_FLOAT64, 3), out = CRN_ARRAY_INIT;
    assert_ok(crn_run_rows(run, &given, &out, &err));
    assert_int_equal(out.ndim, 2);
    assert_close((double *)out.data, ((double[]){2, 4, 6}), 3, 0, 0);
    crn_array_free(&out);
    crn_run_destroy(run);
}

/* The input itself, the same value twice, and a value that another step still reads. */
static void test_outputs_that_share_a_value(void **state)
{
    (void)state;
    static const double x[] = {1, -2, 3, -4};
    crn_graph *g = new_graph();
    crn_type type = crn_type_vector(CRN_FLOAT64, 2);
    crn_value in = crn_graph_input(g, "X", &type);
    crn_value negative = crn_unary(g, in, CRN_UNARY_NEGATE);
    crn_graph_output(g, "input", in);
    crn_graph_output(g, "negative", negative);
    crn_graph_output(g, "again", negative);
    crn_graph_output(g, "square", crn_unary(g, negative, CRN_UNARY_SQUARE));
    crn_run *run = new_run(g, false, 1, NULL);
    crn_array given = crn_array_view_2d(x, CRN_FLOAT64, 2, 2);
    crn_array out[4] = {CRN_ARRAY_INIT, CRN_ARRAY_INIT, CRN_ARRAY_INIT, CRN_ARRAY_INIT};
    assert_ok(crn_run_rows(run, &given, out, &err));
    assert_close((double *)out[0].data, x, 4, 0, 0);
    for (int i = 1; i < 3; i++)
        assert_close((double *)out[i].data, ((double[]){-1, 2, -3, 4}), 4, 0, 0);
    assert_close((double *)out[3].data, ((double[]){1, 4, 9, 16}), 4, 0, 0);
    for (int i = 0; i < 4; i++)
        crn_array_free(&out[i]);
    crn_run_destroy(run);
}

/* Many values alive at once, in every order of death: the scratch pieces must not meet. */
static void test_scratch_pieces_do_not_collide(void **state)
{
    (void)state;
    enum { PARTS = 12, ROWS = 9 };
    double x[ROWS * 2];
    crn_graph *g = new_graph();
    crn_type type = crn_type_vector(CRN_FLOAT64, 2);
    crn_value in = crn_graph_input(g, "X", &type), parts[PARTS], sum = CRN_NO_VALUE;
    for (int i = 0; i < PARTS; i++) {
        double w[2 * (PARTS + 1)];
        for (int k = 0; k < 2 * (i + 1); k++)
            w[k] = i + 1;
        parts[i] = crn_affine(g, in, crn_graph_numbers(g, CRN_FLOAT64, w, 2 * (i + 1), i + 1),
                              false, CRN_NO_VALUE);
    }
    for (int i = 0; i < PARTS; i++) {
        crn_value part = crn_reduce(g, parts[i * 7 % PARTS], CRN_REDUCE_SUM);
        sum = i == 0 ? part : crn_binary(g, sum, part, CRN_BINARY_ADD);
    }
    crn_graph_output(g, "y", sum);
    for (int i = 0; i < ROWS * 2; i++)
        x[i] = i * 0.5;
    crn_run *run = new_run(g, true, 4, NULL);
    crn_array given = crn_array_view_2d(x, CRN_FLOAT64, ROWS, 2), out = CRN_ARRAY_INIT;
    assert_ok(crn_run_rows(run, &given, &out, &err));
    for (int i = 0; i < ROWS; i++) {
        double want = 0;
        for (int k = 1; k <= PARTS; k++)
            want += k * k * (x[2 * i] + x[2 * i + 1]);
        assert_close((double *)out.data + i, &want, 1, 1e-13, 0);
    }
    crn_array_free(&out);
    crn_run_destroy(run);
}

static void test_several_inputs_must_agree_on_rows(void **state)
{
    (void)state;
    static const double a[] = {1, 2, 3}, b[] = {10, 20, 30};
    crn_graph *g = new_graph();
    crn_type type = crn_type_vector(CRN_FLOAT64, 1);
    crn_value first = crn_graph_input(g, "a", &type), second = crn_graph_input(g, "b", &type);
    crn_graph_output(g, "y", crn_binary(g, first, second, CRN_BINARY_ADD));
    crn_run *run = new_run(g, false, 2, NULL);
    crn_array in[2] = {crn_array_view_1d(a, CRN_FLOAT64, 3),
                       crn_array_view_1d(b, CRN_FLOAT64, 3)};
    crn_array out = CRN_ARRAY_INIT;
    assert_ok(crn_run_rows(run, in, &out, &err));
    assert_close((double *)out.data, ((double[]){11, 22, 33}), 3, 0, 0);
    crn_array_free(&out);
    in[1].shape[0] = 2;
    assert_status(CRN_SHAPE, crn_run_rows(run, in, &out, &err));
    crn_run_destroy(run);
}

static void test_constants_are_computed_once(void **state)
{
    (void)state;
    static const double c[] = {1, 4, 9}, x[] = {1, 1, 1};
    crn_graph *g = new_graph();
    crn_type type = crn_type_vector(CRN_FLOAT64, 3);
    crn_value in = crn_graph_input(g, "X", &type);
    crn_value roots = crn_unary(g, crn_graph_numbers(g, CRN_FLOAT64, c, 3, 0), CRN_UNARY_SQRT);
    crn_graph_output(g, "y", crn_binary(g, in, roots, CRN_BINARY_ADD));
    crn_plan *plan = NULL;
    crn_text listing = CRN_TEXT_INIT;
    assert_ok(crn_plan_create(g, &(crn_plan_options){.exact = true}, &plan, &err));
    crn_plan_describe(plan, &listing);
    assert_string_equal(listing.data,
                        "binary     float64 (rows, 3) -> float64 (rows, 3)  add\n");
    crn_text_free(&listing);
    crn_run *run = NULL;
    assert_ok(crn_run_create(plan, NULL, &run, &err));
    crn_array given = crn_array_view_2d(x, CRN_FLOAT64, 1, 3), out = CRN_ARRAY_INIT;
    assert_ok(crn_run_rows(run, &given, &out, &err));
    assert_close((double *)out.data, ((double[]){2, 3, 4}), 3, 0, 0);
    crn_array_free(&out);
    crn_run_destroy(run);
    crn_plan_release(plan);
}

/* W (n_out, n_in) with several outputs of four inputs is turned; one output of many inputs
 * likes it. */
static void test_weights_get_the_faster_layout(void **state)
{
    (void)state;
    static const double w[600] = {1, 2, 3};
    for (int few_outputs = 0; few_outputs < 2; few_outputs++) {
        crn_plan *plan = NULL;
        crn_text listing = CRN_TEXT_INIT;
        crn_graph *g = new_graph();
        int64_t n_in = few_outputs ? 600 : 4;
        crn_type type = crn_type_vector(CRN_FLOAT64, n_in);
        crn_value x = crn_graph_input(g, "X", &type);
        crn_value weights = few_outputs ? crn_graph_numbers(g, CRN_FLOAT64, w, 600, 1)
                                        : crn_graph_numbers(g, CRN_FLOAT64, w, 12, 4);
        crn_graph_output(g, "y", crn_affine(g, x, weights, !few_outputs, CRN_NO_VALUE));
        assert_ok(crn_plan_create(g, NULL, &plan, &err));
        crn_plan_describe(plan, &listing);
        assert_int_equal(strstr(listing.data, "transposed") != NULL, few_outputs);
        crn_text_free(&listing);

        crn_run *run = NULL;
        crn_array in = crn_array_view_2d(w, CRN_FLOAT64, 1, n_in), out = CRN_ARRAY_INIT;
        assert_ok(crn_run_create(plan, NULL, &run, &err));
        assert_ok(crn_run_rows(run, &in, &out, &err));
        const double want = 1 * 1 + 2 * 2 + 3 * 3;
        assert_close((double *)out.data, &want, 1, 0, 0);
        crn_array_free(&out);
        crn_run_destroy(run);
        crn_plan_release(plan);
    }
}

static void test_plan_answers_questions(void **state)
{
    (void)state;
    crn_plan *plan = NULL;
    assert_ok(crn_plan_create(classifier(), &(crn_plan_options){.exact = true}, &plan, &err));
    assert_int_equal(crn_plan_input_count(plan), 1);
    assert_int_equal(crn_plan_output_count(plan), 2);
    assert_string_equal(crn_plan_input_name(plan, 0), "X");
    assert_string_equal(crn_plan_output_name(plan, 1), "labels");
    assert_int_equal(crn_plan_input_type(plan, 0)->shape[0], 4);
    assert_int_equal(crn_plan_output_type(plan, 1)->dtype, CRN_INT64);
    assert_true(crn_plan_cost(plan).multiply_adds >= 12);
    crn_plan_release(plan);
}

static void test_refuses_graphs_it_cannot_run(void **state)
{
    (void)state;
    crn_plan *plan = NULL;
    crn_type type = crn_type_vector(CRN_FLOAT64, 2);
    assert_status(CRN_ARGUMENT, crn_plan_create(new_graph(), NULL, &plan, &err));
    crn_graph *g = new_graph(); /* no output */
    crn_graph_input(g, "X", &type);
    assert_status(CRN_ARGUMENT, crn_plan_create(g, NULL, &plan, &err));
    g = new_graph(); /* an output that is the same for all rows */
    crn_graph_input(g, "X", &type);
    crn_graph_output(g, "y", crn_graph_numbers(g, CRN_FLOAT64, mean, 4, 0));
    assert_status(CRN_ARGUMENT, crn_plan_create(g, NULL, &plan, &err));
    g = new_graph(); /* a failure while it was built */
    crn_value x = crn_graph_input(g, "X", &type);
    crn_graph_output(g, "y", crn_reshape(g, x, 1, (int64_t[]){5}));
    assert_status(CRN_SHAPE, crn_plan_create(g, NULL, &plan, &err));
    assert_null(plan);
}

/* A run that is asked to finds a NaN in a late block, lets sums overflow, and forgets. */
static void test_looks_for_finite_rows(void **state)
{
    (void)state;
    enum { ROWS = 37 };
    double *x = some_rows(ROWS);
    crn_array in = crn_array_view_2d(x, CRN_FLOAT64, ROWS, 4);
    crn_array out[2] = {CRN_ARRAY_INIT, CRN_ARRAY_INIT};
    crn_run *run = new_run(classifier(), false, 8, NULL);
    assert_true(crn_run_look_for_finite(run, &in));
    assert_ok(crn_run_rows(run, &in, out, &err));
    x[4 * 35 + 2] = NAN;
    assert_true(crn_run_look_for_finite(run, &in));
    assert_status(CRN_ARGUMENT, crn_run_rows(run, &in, out, &err));
    assert_ok(crn_run_rows(run, &in, out, &err)); /* was not asked */
    for (int j = 0; j < 4; j++)
        x[4 * 35 + j] = j % 2 == 0 ? 1.7e308 : -1.7e308;
    assert_true(crn_run_look_for_finite(run, &in));
    assert_ok(crn_run_rows(run, &in, out, &err));
    x[4 * 36] = -INFINITY;
    assert_true(crn_run_look_for_finite(run, &in));
    assert_status(CRN_ARGUMENT, crn_run_rows(run, &in, out, &err));
    in.strides[0] = 64;
    in.shape[0] = 2;
    assert_false(crn_run_look_for_finite(run, &in));
    free_both(out);
    crn_run_destroy(run);
    free(x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_matches_the_formula),
        cmocka_unit_test(test_blocks_change_no_bit),
        cmocka_unit_test(test_threads_change_no_bit),
        cmocka_unit_test(test_threads_share_one_block),
        cmocka_unit_test(test_strides_are_followed),
        cmocka_unit_test(test_unaligned_memory_is_copied),
        cmocka_unit_test(test_other_number_types_are_converted),
        cmocka_unit_test(test_no_rows),
        cmocka_unit_test(test_writes_into_given_outputs),
        cmocka_unit_test(test_refuses_wrong_inputs),
        cmocka_unit_test(test_a_vector_serves_as_one_column),
        cmocka_unit_test(test_outputs_that_share_a_value),
        cmocka_unit_test(test_scratch_pieces_do_not_collide),
        cmocka_unit_test(test_several_inputs_must_agree_on_rows),
        cmocka_unit_test(test_constants_are_computed_once),
        cmocka_unit_test(test_weights_get_the_faster_layout),
        cmocka_unit_test(test_plan_answers_questions),
        cmocka_unit_test(test_refuses_graphs_it_cannot_run),
        cmocka_unit_test(test_looks_for_finite_rows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
