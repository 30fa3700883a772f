/* SPDX-License-Identifier: BSD-3-Clause */
/* Operations that solve a problem for each row, or one for all rows, against scikit-learn 1.9.1 on
 * the same small dictionaries and components. */
#include "unit/ops/run_graph.h"

#include "ops/all_rows.h"
#include "ops/feature_maps.h"
#include "ops/nonnegative.h"
#include "ops/sparse_code.h"
#include "ops/topic_weights.h"

static const double TOLERANCE = 1e-12;

static crn_graph *graph_of_rows(int64_t n, crn_value *x)
{
    const crn_type type = crn_type_vector(CRN_FLOAT64, n);
    return graph_of(&type, x);
}

static crn_value numbers(crn_graph *graph, const double *values, int64_t count, int64_t columns)
{
    return crn_graph_numbers(graph, CRN_FLOAT64, values, count, columns);
}

/* ---- sparse_code ---- */

static void test_sparse_code(void **state)
{
    (void)state;
    static const double dictionary[] = {0.6, 0.8, 0, 0, 0.6, 0.8, 0.8, 0, 0.6, -0.6, 0, 0.8};
    static const double x[] = {1, 2, 3, -1, 0.5, 2, 0, 0, 0};
    static const struct {
        crn_sparse_code_attributes attributes;
        double want[12];
    } cases[] = {
        {{.kind = CRN_CODE_THRESHOLD, .alpha = 0.7}, {1.5, 2.9, 1.9, 1.1, 0, 1.2, 0, 1.5}},
        {{.kind = CRN_CODE_OMP, .nonzero = 2},
         {0, 3.056133056133056, 1.1330561330561333, 0, 0.68014705882352944, 0, 0,
          2.4448529411764706}},
        {{.kind = CRN_CODE_LASSO_CD, .alpha = 0.3, .max_iter = 1000, .tol = 1e-8},
         {0.12166405202731978, 2.8139717456782281, 0.89089481710133978, 0, 0,
          0.65040651189060683, 0, 1.4837398323900117}},
        {{.kind = CRN_CODE_LASSO_LARS, .alpha = 0.3, .max_iter = 1000},
         {0.1216640502354782, 2.8139717425431714, 0.89089481946624849, 0, 0,
          0.65040650406504064, 0, 1.4837398373983741}},
        {{.kind = CRN_CODE_LASSO_LARS, .alpha = 0.01, .max_iter = 1000},
         {0.2696232339089476, 2.9619309262166409, 1.038854003139718, 0, 0, 0.8272357723577235,
          0, 1.660569105691057}},
        {{.kind = CRN_CODE_LARS, .nonzero = 2},
         {0, 2.692307692307693, 0.76923076923077027, 0, 0, 0.83333333333333304, 0,
          1.6666666666666665}},
        {{.kind = CRN_CODE_LASSO_LARS, .alpha = 0.05, .max_iter = 1000, .positive = true},
         {0.24921507064364135, 2.9415227629513345, 1.0184458398744116, 0, 0,
          0.80284552845528445, 0, 1.6361788617886179}},
    };
    double gram[16] = {0};
    for (int i = 0; i < 48; i++)
        gram[i / 3] += dictionary[i / 12 * 3 + i % 3] * dictionary[i / 3 % 4 * 3 + i % 3];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        crn_value y;
        crn_graph *graph = graph_of_rows(3, &y);
        y = crn_sparse_code(graph, y, numbers(graph, dictionary, 12, 3),
                            numbers(graph, gram, 16, 4), &cases[i].attributes);
        expect_numbers(graph, y, x, 3, cases[i].want, TOLERANCE, TOLERANCE);
    }
}

static void test_more_atoms_than_there_are(void **state)
{
    (void)state;
    static const double dictionary[] = {1, 0, 0, 1}, gram[] = {1, 0, 0, 1};
    const crn_sparse_code_attributes attributes = {.kind = CRN_CODE_OMP, .nonzero = 3};
    crn_value y;
    crn_graph *graph = graph_of_rows(2, &y);
    refuse_graph(graph,
                 crn_sparse_code(graph, y, numbers(graph, dictionary, 4, 2),
                                 numbers(graph, gram, 4, 2), &attributes),
                 CRN_ARGUMENT);
}

/* ---- non-negative factors ---- */

static const double counts[] = {1, 2, 0, 0.5, 1, 3, 2, 0.25, 1, 0, 1, 0.5};
static const double components[] = {1, 0.5, 0.25, 0.25, 1, 2};

/* In blocks of one row, which all rows together must not fall into. */
static void expect_factors(crn_graph *graph, crn_value y, const double *x, const double *want)
{
    crn_error err = CRN_ERROR_INIT;
    crn_plan *plan = NULL;
    crn_run *run = NULL;
    crn_array in = crn_array_view_2d(x, CRN_FLOAT64, 4, 3), out = CRN_ARRAY_INIT;
    crn_graph_output(graph, "y", y);
    assert_ok(crn_plan_create(graph, &(crn_plan_options){.block_rows = 1}, &plan, &err));
    assert_ok(crn_run_create(plan, NULL, &run, &err));
    for (int round = 0; round < 2; round++) {
        assert_ok(crn_run_rows(run, &in, &out, &err));
        assert_close((const double *)out.data, want, 8, TOLERANCE, TOLERANCE);
        crn_array_free(&out);
    }
    crn_run_destroy(run);
    crn_plan_release(plan);
}

static void test_nmf_descent(void **state)
{
    (void)state;
    static const struct {
        crn_nmf_descent_attributes attributes;
        double want[8];
    } cases[] = {
        {{.max_iter = 7, .tol = 1e-9},
         {1.4389075181501823, 0.089158637493782139, 0, 1.4074074074074074, 1.6894899394537057,
          0.12605186680155417, 0.13072714281798309, 0.36278342152642395}},
        {{.max_iter = 7, .tol = 1e-4, .l1 = 0.15, .l2 = 0.15},
         {1.1579650860801367, 0.12518822875776101, 0, 1.3381294964028776, 1.3773599264044014,
          0.16849881860805721, 0.026988489180215038, 0.3484440073908357}},
        {{.max_iter = 3, .tol = 1e-9, .shuffle = true},
         {1.3593248913648679, 0.10880866879879804, 0, 1.4074074074074074, 1.596044931207254,
          0.14912470834388786, 0.12344296556198056, 0.36458198381185664}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        crn_nmf_descent_attributes attributes = cases[i].attributes;
        crn_random_state_seed(&attributes.random, 4);
        crn_value y;
        crn_graph *graph = graph_of_rows(3, &y);
        y = crn_nmf_descent(graph, y, numbers(graph, components, 6, 3), &attributes);
        expect_factors(graph, y, counts, cases[i].want);
    }
}

static void test_nmf_update(void **state)
{
    (void)state;
    static const struct {
        crn_nmf_update_attributes attributes;
        double want[8];
    } cases[] = {
        {{.beta = 2, .max_iter = 12, .tol = 1e-9},
         {1.4183395429070664, 0.1067778321347498, 0.13237549409142654, 1.3718490383085613,
          1.6683868172657221, 0.14371440263548263, 0.13737702740985622, 0.36067251804374673}},
        {{.beta = 1, .max_iter = 12, .tol = 1e-9, .l1 = 0.15, .l2 = 0.15},
         {0.70639927209041897, 0.081919050089600959, 0.033786011669961827, 0.84553877820989731,
          0.64734722055243321, 0.17455379157921486, 0.0004447232152500907,
          0.29407349573049341}},
        {{.beta = 3, .max_iter = 12, .tol = 1e-9},
         {1.2281721664597889, 0.18819460757197151, 0.34846869367859601, 1.3660561142349859,
          1.6915584240128587, 0.19513614163431017, 0.23455494491463524, 0.3028710249961849}},
        {{.beta = 0.5, .max_iter = 12, .tol = 1e-9},
         {1.637587053904487, 0.05212802503339143, 0.19710026950571036, 1.2375367240222173,
          1.4036660120680944, 0.21530761413576835, 0.0015986982088306973, 0.46379918789994967}},
        {{.beta = 1, .max_iter = 12, .tol = 1e-3, .l1 = 0.15, .l2 = 0.15, .mini_batch = true},
         {1.334183489489295, 0.058899057053190311, 0.13450105859852218, 1.185639866528081,
          1.2052886259331841, 0.21621598212582233, 0.0032971214569858282, 0.43114777113855307}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        crn_value y;
        crn_graph *graph = graph_of_rows(3, &y);
        y = crn_nmf_update(graph, y, numbers(graph, components, 6, 3), &cases[i].attributes);
        expect_factors(graph, y, counts, cases[i].want);
    }
}

/* Stops at the first check, by the divergence of all rows. */
static void test_nmf_update_itakura_saito(void **state)
{
    (void)state;
    static const double want[] = {
        1.8866362454640351, 0.009590258257606718, 0.26896621683071914,   1.2675564059344262,
        1.4502743463936618, 0.25637516532655308,  0.0067592542903300353, 0.59249354798873288};
    const crn_nmf_update_attributes attributes = {.max_iter = 25, .tol = 0.01};
    double x[12];
    for (int i = 0; i < 12; i++)
        x[i] = counts[i] + 0.1;
    crn_value y;
    crn_graph *graph = graph_of_rows(3, &y);
    y = crn_nmf_update(graph, y, numbers(graph, components, 6, 3), &attributes);
    expect_factors(graph, y, x, want);
}

/* ---- others ---- */

static void test_topic_weights(void **state)
{
    (void)state;
    static const double words[] = {0.5, 0.1, 0.2, 0.8, 0.3, 0.4, 0.9, 0.2};
    static const double x[] = {1, 0, 2, 3, 0, 4, 1, 0, 0, 0, 0, 0};
    static const double want[] = {0.93059921844126647,
                                  0.069400781558733554,
                                  0.074957217388727862,
                                  0.92504278261127204,
                                  0.5,
                                  0.5};
    const crn_topic_weights_attributes attributes = {
        .prior = 0.4, .tol = 1e-4, .max_iter = 100};
    crn_value y;
    crn_graph *graph = graph_of_rows(4, &y);
    y = crn_topic_weights(graph, y, numbers(graph, words, 8, 2), &attributes);
    expect_numbers(graph, y, x, 3, want, TOLERANCE, 0);
}

static void test_additive_chi2(void **state)
{
    (void)state;
    static const double x[] = {1, 0, 0.5, 2};
    static const double want[] = {0.63245553203367588,
                                  0,
                                  0.64903983547498001,
                                  0,
                                  0,
                                  0,
                                  0.3588304663641888,
                                  0,
                                  0,
                                  0,
                                  0.44721359549995793,
                                  0.89442719099991586,
                                  0.44141323544900773,
                                  0.88282647089801547,
                                  -0.12562129432199556,
                                  0.25124258864399113,
                                  0.21571092971440592,
                                  0.43142185942881184,
                                  -0.13359807856895711,
                                  0.26719615713791423};
    crn_value y;
    crn_graph *graph = graph_of_rows(2, &y);
    expect_numbers(graph, crn_additive_chi2(graph, y, 3, 0.4), x, 2, want, TOLERANCE,
                   TOLERANCE);
}

static void test_count_sketch(void **state)
{
    (void)state;
    static const double indices[] = {0, 2, 1, 1}, signs[] = {1, -1, 1, 1};
    static const double x[] = {1, 2, 3, -1}, want[] = {-6, 3, 0, 2, 6, 0};
    crn_value y;
    crn_graph *graph = graph_of_rows(2, &y);
    y = crn_count_sketch(graph, y, crn_graph_numbers(graph, CRN_INT64, indices, 4, 2),
                         numbers(graph, signs, 4, 2), 3);
    expect_numbers(graph, y, x, 2, want, TOLERANCE, 0);
}

/* RandomState(3).randint(0, 5, 4) is 2, 0, 1, 3. */
static void test_flip_one(void **state)
{
    (void)state;
    static const double x[20] = {0};
    static const double want[20] = {[2] = 1, [5] = 1, [11] = 1, [18] = 1};
    crn_random_state random;
    crn_random_state_seed(&random, 3);
    crn_value y;
    crn_graph *graph = graph_of_rows(5, &y);
    expect_numbers(graph, crn_flip_one(graph, y, &random), x, 4, want, 0, 0);
}

/* RandomState(3).multinomial(1, [.2, .5, .3], 3), then multinomial(1, [.9, .1], 3);
 * randint(3, size=3), then randint(2, size=3). */
static void test_random_choice(void **state)
{
    (void)state;
    static const double p[] = {0.2, 0.5, 0.3, 0.9, 0.1}, starts[] = {0, 3, 5}, x[3] = {0};
    static const double want[] = {0, 0, 1, 1, 0, 0, 1, 0, 1, 0, 1, 0, 0, 1, 0};
    static const double even[] = {0, 0, 1, 0, 1, 1, 0, 0, 1, 0, 0, 1, 0, 1, 0};
    for (int uniform = 0; uniform < 2; uniform++) {
        crn_random_state random;
        crn_random_state_seed(&random, 3);
        crn_value y;
        crn_graph *graph = graph_of_rows(1, &y);
        y = crn_random_choice(graph, y, crn_graph_numbers(graph, CRN_FLOAT64, p, 5, 0),
                              crn_graph_numbers(graph, CRN_INT64, starts, 3, 0), uniform == 1,
                              &random);
        expect_numbers(graph, y, x, 3, uniform == 1 ? even : want, 0, 0);
    }
}

static void test_unit_columns(void **state)
{
    (void)state;
    static const double x[] = {3, 0, 4, 0}, want[] = {0.6, 0, 0.8, 0};
    crn_value y;
    crn_graph *graph = graph_of_rows(2, &y);
    expect_numbers(graph, crn_unit_columns(graph, y), x, 2, want, TOLERANCE, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sparse_code),
        cmocka_unit_test(test_more_atoms_than_there_are),
        cmocka_unit_test(test_nmf_descent),
        cmocka_unit_test(test_nmf_update),
        cmocka_unit_test(test_nmf_update_itakura_saito),
        cmocka_unit_test(test_topic_weights),
        cmocka_unit_test(test_additive_chi2),
        cmocka_unit_test(test_count_sketch),
        cmocka_unit_test(test_flip_one),
        cmocka_unit_test(test_random_choice),
        cmocka_unit_test(test_unit_columns),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
