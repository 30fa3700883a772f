/* SPDX-License-Identifier: BSD-3-Clause */
/* softmax, log_softmax and sparsemax against keras.activations 3.15, and shares against
 * scikit-learn. */
#include "unit/ops/run_graph.h"

#include "ops/rows.h"

static const double rows[] = {0.1, 1.5, -2, 0.9, 3, 3, 3, 3, -1000, 0, 1, 1000};

static void check(crn_softmax_kind kind, const double *in, int64_t count, const double *want)
{
    for (int i = 0; i < 2; i++) {
        crn_value x;
        crn_type type = crn_type_vector(i == 0 ? CRN_FLOAT32 : CRN_FLOAT64, 4);
        crn_graph *g = graph_of(&type, &x);
        expect_numbers(g, crn_softmax(g, x, kind, -1), in, count, want, 1e-6, 1e-7);
    }
}

static void test_softmax(void **state)
{
    (void)state;
    check(CRN_SOFTMAX, rows, 3,
          (double[]){0.13507677614688873, 0.5477632880210876, 0.016541019082069397,
                     0.30061885714530945, 0.25, 0.25, 0.25, 0.25, 0, 0, 0, 1});
}

static void test_log_softmax(void **state)
{
    (void)state;
    check(CRN_LOG_SOFTMAX, rows, 3,
          (double[]){-2.0019118785858154, -0.6019119024276733, -4.101912021636963,
                     -1.2019119262695312, -1.3862943649291992, -1.3862943649291992,
                     -1.3862943649291992, -1.3862943649291992, -2000, -1000, -999, 0});
}

static void test_sparsemax(void **state)
{
    (void)state;
    check(CRN_SPARSEMAX, rows, 3, (double[]){0, 0.05, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1});
}

static void test_shares(void **state)
{
    (void)state;
    static const double in[] = {1, 2, 3, 2, 0, 0, 0, 0};
    check(CRN_NORMALIZE_L1, in, 2,
          (double[]){0.125, 0.25, 0.375, 0.25, 0.25, 0.25, 0.25, 0.25});
}

static void test_special_numbers(void **state)
{
    (void)state;
    static const double in[] = {1, NAN, 0, 2, INFINITY, 1, 2, 3, -INFINITY, 0, -INFINITY, 0};
    check(CRN_SOFTMAX, in, 3,
          (double[]){NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, 0, 0.5, 0, 0.5});
    crn_value x; /* ends, whatever it gives */
    crn_type type = crn_type_vector(CRN_FLOAT64, 4);
    crn_graph *g = graph_of(&type, &x);
    crn_array view = crn_array_view_2d(in, CRN_FLOAT64, 3, 4), out;
    run_graph(g, crn_softmax(g, x, CRN_SPARSEMAX, -1), &view, &out);
    crn_array_free(&out);
}

static void test_any_axis(void **state)
{
    (void)state;
    static const double in[] = {0, 5, 1, 5, 2, 5};
    static const double want[] = {0.09003057317038046, 1.0 / 3, 0.24472847105479764, 1.0 / 3,
                                  0.6652409557748219,  1.0 / 3};
    crn_value x;
    crn_type type = crn_type_rows(CRN_FLOAT64, 2, (int64_t[]){3, 2});
    crn_graph *g = graph_of(&type, &x);
    expect_numbers(g, crn_softmax(g, x, CRN_SOFTMAX, 0), in, 1, want, 1e-15, 0);
    g = graph_of(&type, &x);
    refuse_graph(g, crn_softmax(g, x, CRN_SOFTMAX, 2), CRN_ARGUMENT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_softmax),         cmocka_unit_test(test_log_softmax),
        cmocka_unit_test(test_sparsemax),       cmocka_unit_test(test_shares),
        cmocka_unit_test(test_special_numbers), cmocka_unit_test(test_any_axis),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
