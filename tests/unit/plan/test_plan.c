/* SPDX-License-Identifier: BSD-3-Clause */
/* Plans: constants folded, storage shared, inputs converted, and the same numbers however the rows are
 * cut into blocks and over threads. */
#include "test.h"

#include <stdlib.h>

#include "ops/affine.h"
#include "ops/elementwise.h"
#include "ops/rows.h"
#include "plan/plan.h"

static crn_error err = CRN_ERROR_INIT;

/* ---- models ------------------------------------------------------------------------------ */

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

/* ---- tests ------------------------------------------------------------------------------- */

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_matches_the_formula),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
