/* SPDX-License-Identifier: BSD-3-Clause */
/* The operations on neighbors against values of scikit-learn 1.9 and NumPy, and the order of
 * equal distances. */
#include "test.h"

#include <math.h>

#include "ops/distance_metric.h"
#include "ops/neighbor_heap.h"
#include "ops/neighbor_query.h"

static double distance(crn_distance_metric_kind kind, double p, const double *weights,
                       int64_t n, const double *x, const double *y)
{
    const crn_distance_metric metric = {.kind = kind, .p = p};
    return crn_distance_metric_distance(&metric,
                                        crn_distance_metric_reduced(&metric, weights, n, x, y));
}

static void close_to(double got, double want)
{
    if (!(fabs(got - want) <= 1e-14 * fabs(want)))
        fail_msg("%.17g is not %.17g", got, want);
}

/* sklearn.metrics.DistanceMetric.get_metric(...).pairwise, scipy.spatial.distance.cdist. */
static void test_metrics(void **state)
{
    (void)state;
    const double x[3] = {1, -2, 0.5}, y[3] = {0.25, 1, 2}, w[3] = {1, 2, 0.5};
    const double matrix[9] = {2, 0.5, 0, 0.5, 1, 0.25, 0, 0.25, 3};
    close_to(distance(CRN_METRIC_EUCLIDEAN, 0, NULL, 3, x, y), 3.43693177121688);
    close_to(distance(CRN_METRIC_MANHATTAN, 0, NULL, 3, x, y), 5.25);
    close_to(distance(CRN_METRIC_CHEBYSHEV, 0, NULL, 3, x, y), 3);
    close_to(distance(CRN_METRIC_MINKOWSKI, 3, NULL, 3, x, y), 3.134504397285924);
    close_to(distance(CRN_METRIC_MINKOWSKI, 3, w, 3, x, y), 3.828351541501097);
    close_to(distance(CRN_METRIC_SEUCLIDEAN, 0, w, 3, x, y), 3.092329219213245);
    close_to(distance(CRN_METRIC_MAHALANOBIS, 0, matrix, 3, x, y), 4.107919181288746);
    close_to(distance(CRN_METRIC_CANBERRA, 0, NULL, 3, x, y), 2.2);
    close_to(distance(CRN_METRIC_BRAYCURTIS, 0, NULL, 3, x, y), 0.7777777777777778);
    close_to(distance(CRN_METRIC_BRAYCURTIS_SIGNED, 0, NULL, 3, x, y), 1.105263157894737);
    close_to(distance(CRN_METRIC_HAMMING, 0, NULL, 3, x, y), 1);
}

static void test_metrics_of_truth_values(void **state)
{
    (void)state;
    const double x[5] = {1, 1, 0, 0, 1}, y[5] = {1, 0, 1, 0, 1};
    close_to(distance(CRN_METRIC_JACCARD, 0, NULL, 5, x, y), 0.5);
    close_to(distance(CRN_METRIC_MATCHING, 0, NULL, 5, x, y), 0.4);
    close_to(distance(CRN_METRIC_DICE, 0, NULL, 5, x, y), 1.0 / 3);
    close_to(distance(CRN_METRIC_KULSINSKI, 0, NULL, 5, x, y), 5.0 / 7);
    close_to(distance(CRN_METRIC_ROGERSTANIMOTO, 0, NULL, 5, x, y), 4.0 / 7);
    close_to(distance(CRN_METRIC_RUSSELLRAO, 0, NULL, 5, x, y), 0.6);
    close_to(distance(CRN_METRIC_SOKALSNEATH, 0, NULL, 5, x, y), 2.0 / 3);
    close_to(distance(CRN_METRIC_YULE, 0, NULL, 5, x, y), 2.0 / 3);
}

/* Distance 0 is what a place that both lack leaves out; two rows without a common place have
 * none. */
static void test_missing_places(void **state)
{
    (void)state;
    const double x[3] = {1, NAN, 3}, y[3] = {2, 5, 5}, z[3] = {NAN, 7, NAN};
    close_to(distance(CRN_METRIC_NAN_EUCLIDEAN, 0, NULL, 3, x, y), sqrt(7.5));
    assert_true(isnan(distance(CRN_METRIC_NAN_EUCLIDEAN, 0, NULL, 3, x, z)));
}

/* Unit vectors; a zero vector stays what it is. */
static void test_cosine_compares_unit_vectors(void **state)
{
    (void)state;
    const crn_distance_metric cosine = {.kind = CRN_METRIC_COSINE};
    double x[2] = {3, 4}, y[2] = {4, 3}, zero[2] = {0, 0};
    assert_true(crn_distance_metric_prepares(&cosine));
    crn_distance_metric_prepare(&cosine, 2, x, x);
    crn_distance_metric_prepare(&cosine, 2, y, y);
    crn_distance_metric_prepare(&cosine, 2, zero, zero);
    close_to(crn_distance_metric_reduced(&cosine, NULL, 2, x, y), 1 - 0.96);
    close_to(crn_distance_metric_reduced(&cosine, NULL, 2, x, zero), 1);
}

/* What a metric needs is asked for before anything is compared. */
static void test_metrics_refuse_wrong_weights(void **state)
{
    (void)state;
    crn_error err = CRN_ERROR_INIT;
    const crn_distance_metric haversine = {.kind = CRN_METRIC_HAVERSINE};
    const crn_distance_metric mahalanobis = {.kind = CRN_METRIC_MAHALANOBIS};
    const crn_type none = {0};
    crn_type weights = crn_type_rows(CRN_FLOAT64, 1, (int64_t[]){3});
    weights.rows = false;
    assert_status(CRN_SHAPE, crn_distance_metric_infer(&haversine, &none, 3, &err));
    assert_status(CRN_ARGUMENT, crn_distance_metric_infer(&mahalanobis, &none, 3, &err));
    assert_status(CRN_SHAPE, crn_distance_metric_infer(&mahalanobis, &weights, 3, &err));
}

/* The k smallest, for many k, in both orders; equal values keep together. */
static void test_heap_keeps_the_smallest(void **state)
{
    (void)state;
    enum { N = 300 };
    for (int64_t k = 1; k <= N; k += 13) {
        for (int early = 0; early < 2; early++) {
            double values[N];
            int64_t indices[N];
            uint32_t random = 1;
            crn_neighbor_heap_clear(k, values, indices);
            for (int64_t i = 0; i < N; i++) {
                random = random * 1664525u + 1013904223u;
                crn_neighbor_heap_push(k, values, indices, (double)(random >> 26), i);
            }
            crn_neighbor_heap_sort(k, early, values, indices);
            for (int64_t i = 1; i < k; i++)
                assert_true(values[i - 1] <= values[i]);
            assert_true(k < N || values[N - 1] < (double)INFINITY);
        }
    }
}

/* simultaneous_sort of equal values: insertion sort leaves them, quicksort before 1.9 does not.
 */
static void test_order_of_equal_values(void **state)
{
    (void)state;
    double values[4] = {1, 1, 1, 1}, early[4] = {1, 1, 1, 1};
    int64_t indices[4] = {0, 1, 2, 3}, early_indices[4] = {0, 1, 2, 3};
    crn_neighbor_heap_sort(4, false, values, indices);
    crn_neighbor_heap_sort(4, true, early, early_indices);
    assert_int_equal(indices[0], 0);
    assert_int_equal(indices[3], 3);
    assert_int_equal(early_indices[0], 3);
}

/* NaN is no distance: it fills the places that are left, last. */
static void test_query_puts_nan_last(void **state)
{
    (void)state;
    const crn_distance_metric metric = {.kind = CRN_METRIC_NAN_EUCLIDEAN};
    double memory[64], distances[3];
    int64_t indices[3];
    crn_neighbor_query query;
    double *row;
    assert_true(crn_neighbor_query_bytes(3, 2) <= sizeof memory);
    crn_neighbor_query_begin(&query, 3, memory, &row);
    crn_neighbor_query_offer(&query, (double)NAN, 0);
    crn_neighbor_query_offer(&query, 4, 1);
    crn_neighbor_query_offer(&query, 1, 2);
    crn_neighbor_query_merge(&query);
    crn_neighbor_query_finish(&query, &metric, false, distances, indices);
    assert_true(distances[0] == 1 && distances[1] == 2 && isnan(distances[2]));
    assert_int_equal(indices[0], 2);
    assert_int_equal(indices[1], 1);
    assert_int_equal(indices[2], 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_metrics),
        cmocka_unit_test(test_metrics_of_truth_values),
        cmocka_unit_test(test_missing_places),
        cmocka_unit_test(test_cosine_compares_unit_vectors),
        cmocka_unit_test(test_metrics_refuse_wrong_weights),
        cmocka_unit_test(test_heap_keeps_the_smallest),
        cmocka_unit_test(test_order_of_equal_values),
        cmocka_unit_test(test_query_puts_nan_last),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
