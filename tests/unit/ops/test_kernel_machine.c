/* SPDX-License-Identifier: BSD-3-Clause */
/* Kernels against sklearn.metrics.pairwise and sklearn.gaussian_process.kernels 1.9, their
 * sums, and that a row's numbers do not depend on the rows around it. */
#include <math.h>
#include <stdlib.h>

#include "ops/kernel_machine.h"
#include "ops/matern.h"
#include "unit/ops/run_graph.h"

static const double X[] = {1.0, 0.5, 2.0, 0.25, 3.0, 0.0};
static const double POINTS[] = {1.0, 0.5, 2.0, 0.0, 1.0, 0.5, 2.0, 0.25, 0.125};

static void expect_kernel(const crn_kernel *kernel, const double *want)
{
    const crn_type type = crn_type_vector(CRN_FLOAT64, 3);
    const crn_array points = crn_array_view_2d(POINTS, CRN_FLOAT64, 3, 3);
    crn_value x;
    crn_graph *graph = graph_of(&type, &x);
    expect_numbers(graph, crn_kernel_matrix(graph, x, kernel, &points), X, 2, want, 1e-14,
                   1e-15);
}

static void test_pairwise_kernels(void **state)
{
    (void)state;
    expect_kernel(&(crn_kernel){.kind = CRN_KERNEL_LINEAR},
                  (const double[]){5.25, 1.5, 2.375, 1.75, 3, 1.25});
    expect_kernel(&(crn_kernel){CRN_KERNEL_POLYNOMIAL, 0.5, 1.0, 3.0},
                  (const double[]){47.634765625, 5.359375, 10.467529296875, 6.591796875, 15.625,
                                   4.291015625});
    expect_kernel(&(crn_kernel){CRN_KERNEL_POLYNOMIAL, 0.5, 1.0, 2.5},
                  (const double[]){25.019004617310731, 4.0513066950676544, 7.0773415373994428,
                                   4.8139677905727494, 9.8821176880261845, 3.3661496007702367});
    expect_kernel(&(crn_kernel){CRN_KERNEL_SIGMOID, 0.1, 0.2, 0},
                  (const double[]){0.61999686796937403, 0.33637554433633227,
                                   0.41157005567402244, 0.35835739835078595,
                                   0.46211715726000974, 0.3140209253469976});
    expect_kernel(&(crn_kernel){.kind = CRN_KERNEL_RBF, .gamma = 0.3},
                  (const double[]){1, 0.34993774911115533, 0.25323496647609006,
                                   0.039017305519611828, 0.27424045073375375,
                                   0.041081905906517613});
    expect_kernel(&(crn_kernel){.kind = CRN_KERNEL_LAPLACIAN, .gamma = 0.3},
                  (const double[]){1, 0.40656965974059917, 0.39160562667679899,
                                   0.20700755268115265, 0.43823499246494924,
                                   0.24969877190261355});
    expect_kernel(&(crn_kernel){.kind = CRN_KERNEL_CHI2, .gamma = 0.3},
                  (const double[]){1, 0.53794443759467447, 0.53723292326855665,
                                   0.28063109938648939, 0.59155536436681511,
                                   0.31857088928557875});
    expect_kernel(&(crn_kernel){.kind = CRN_KERNEL_ADDITIVE_CHI2},
                  (const double[]){0, -2.0666666666666669, -2.0710784313725488,
                                   -4.2357142857142858, -1.75, -3.8130341880341883});
}

static void test_kernels_of_gaussian_processes(void **state)
{
    (void)state;
    static const struct {
        double nu, want[6];
    } cases[] = {
        {0.5,
         {1, 0.15399599346207565, 0.11769540021356964, 0.037319600435988809,
          0.12534868240899125, 0.038311809523433313}},
        {1.5,
         {1, 0.16600792724726843, 0.11565366173397776, 0.022506002767624829,
          0.12599699607498252, 0.023392585807557376}},
        {2.5,
         {1, 0.16798276926776826, 0.11213302250243853, 0.016901399964009162,
          0.12347996466177232, 0.017688189415494236}},
        {0.8,
         {1.0000000000000011, 0.16103200960685493, 0.11841773318562526, 0.030895472835919629,
          0.1273031958884886, 0.031871258881012193}},
        {3.2,
         {1.0000000000000009, 0.16865077862764619, 0.11043632079604954, 0.014694469338009846,
          0.12220997271381118, 0.015431994615310106}},
        {INFINITY,
         {1, 0.17377394345044514, 0.10136144367764463, 0.0044884403426995231,
          0.11575840213626322, 0.0048912249785794462}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        expect_kernel(&(crn_kernel){.kind = CRN_KERNEL_MATERN, .degree = cases[i].nu},
                      cases[i].want);
    expect_kernel(&(crn_kernel){CRN_KERNEL_RATIONAL_QUADRATIC, 1.0 / 1.4, 0, 0.7},
                  (const double[]){1, 0.41605655520602447, 0.36198796414849133,
                                   0.21954645110195664, 0.37368982756529662,
                                   0.22173553776912011});
    expect_kernel(
        &(crn_kernel){CRN_KERNEL_EXP_SINE_SQUARED, 3.14159265358979323846 / 2.0, 1.5, 0},
        (const double[]){1, 0.96454831660413087, 0.95877924184779106, 0.48734213061368631,
                         0.98725625291457442, 0.47395214240446332});
}

static void test_bessel_k(void **state)
{
    (void)state;
    static const struct {
        double nu, x, want;
    } cases[] = {{0, 0.1, 2.4270690247020168},      {0.3, 1.9, 0.13137942527907037},
                 {0.3, 2.1, 0.10260207043456641},   {2.7, 0.05, 16338.512785968012},
                 {5.5, 7.0, 0.0030064904200551106}, {0.5, 1e-8, 12533.141247823589},
                 {10, 30, 1.084281694222297e-13}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const double got = crn_bessel_k(cases[i].nu, cases[i].x);
        assert_close(&got, &cases[i].want, 1, 1e-12, 0);
    }
}

/* More points than a block has, in groups that end inside blocks, and more rows than meet a
 * block at once. */
enum { MANY = 700, FEATURES = 5, ROWS = 29, WEIGHTS = 2, GROUPS = 3 };

static double pseudo_random(uint32_t *state)
{
    *state = *state * 1664525u + 1013904223u;
    return (double)(*state >> 8) / (1 << 24) - 0.5;
}

typedef struct scene {
    double x[ROWS * FEATURES], points[MANY * FEATURES], weights[WEIGHTS * MANY];
} scene;

static scene *make_scene(void)
{
    scene *s = malloc(sizeof *s);
    uint32_t seed = 1;
    assert_non_null(s);
    for (size_t i = 0; i < sizeof s->x / sizeof *s->x; i++)
        s->x[i] = pseudo_random(&seed);
    for (size_t i = 0; i < sizeof s->points / sizeof *s->points; i++)
        s->points[i] = pseudo_random(&seed);
    for (size_t i = 0; i < sizeof s->weights / sizeof *s->weights; i++)
        s->weights[i] = pseudo_random(&seed);
    return s;
}

static const int64_t starts[GROUPS + 1] = {0, 300, 300, MANY};

static crn_value sums_in(crn_graph *graph, crn_value x, const scene *s)
{
    const crn_kernel kernel = {.kind = CRN_KERNEL_RBF, .gamma = 0.4};
    const crn_array points = crn_array_view_2d(s->points, CRN_FLOAT64, MANY, FEATURES);
    const crn_array weights = crn_array_view_2d(s->weights, CRN_FLOAT64, WEIGHTS, MANY);
    return crn_kernel_sums(graph, x, &kernel, &points, &weights, starts, GROUPS);
}

static void sum_plainly(const scene *s, int64_t row, double want[GROUPS * WEIGHTS])
{
    for (int64_t i = 0; i < GROUPS * WEIGHTS; i++)
        want[i] = 0.0;
    for (int64_t group = 0; group < GROUPS; group++) {
        for (int64_t j = starts[group]; j < starts[group + 1]; j++) {
            double d = 0.0;
            for (int64_t k = 0; k < FEATURES; k++)
                d += pow(s->x[row * FEATURES + k] - s->points[j * FEATURES + k], 2);
            for (int64_t w = 0; w < WEIGHTS; w++)
                want[group * WEIGHTS + w] += s->weights[w * MANY + j] * exp(-0.4 * d);
        }
    }
}

static void test_sums_of_groups(void **state)
{
    (void)state;
    const crn_type type = crn_type_vector(CRN_FLOAT64, FEATURES);
    scene *s = make_scene();
    double want[ROWS * GROUPS * WEIGHTS];
    crn_value x;
    crn_graph *graph = graph_of(&type, &x);
    for (int64_t row = 0; row < ROWS; row++)
        sum_plainly(s, row, want + row * GROUPS * WEIGHTS);
    expect_numbers(graph, sums_in(graph, x, s), s->x, ROWS, want, 1e-12, 1e-12);
    free(s);
}

static void test_a_row_alone_gives_the_same_bits(void **state)
{
    (void)state;
    const crn_type type = crn_type_vector(CRN_FLOAT64, FEATURES);
    scene *s = make_scene();
    const crn_array all = crn_array_view_2d(s->x, CRN_FLOAT64, ROWS, FEATURES);
    crn_array together = CRN_ARRAY_INIT, alone = CRN_ARRAY_INIT;
    crn_value x;
    crn_graph *graph = graph_of(&type, &x);
    run_graph(graph, sums_in(graph, x, s), &all, &together);
    for (int64_t row = 0; row < ROWS; row++) {
        const crn_array one = crn_array_rows(&all, row, row + 1);
        graph = graph_of(&type, &x);
        run_graph(graph, sums_in(graph, x, s), &one, &alone);
        assert_memory_equal((const double *)together.data + row * GROUPS * WEIGHTS, alone.data,
                            GROUPS * WEIGHTS * sizeof(double));
        crn_array_free(&alone);
    }
    crn_array_free(&together);
    free(s);
}

static void test_precomputed_takes_columns(void **state)
{
    (void)state;
    const crn_type type = crn_type_vector(CRN_FLOAT64, 3);
    const crn_kernel kernel = {.kind = CRN_KERNEL_PRECOMPUTED};
    const int32_t columns[] = {2, 0};
    const double weights[] = {10.0, 1.0};
    const crn_array points = crn_array_view_1d(columns, CRN_INT32, 2);
    const crn_array w = crn_array_view_2d(weights, CRN_FLOAT64, 1, 2);
    crn_value x;
    crn_graph *graph = graph_of(&type, &x);
    crn_value y = crn_kernel_sums(graph, x, &kernel, &points, &w, NULL, 0);
    expect_numbers(graph, y, X, 2, (const double[]){21.0, 0.25}, 0, 0);
}

static void test_diagonal(void **state)
{
    (void)state;
    const crn_type type = crn_type_vector(CRN_FLOAT64, 3);
    crn_value x;
    crn_graph *graph = graph_of(&type, &x);
    const crn_kernel polynomial = {CRN_KERNEL_POLYNOMIAL, 0.5, 1.0, 2.0};
    expect_numbers(graph, crn_kernel_diagonal(graph, x, &polynomial), X, 2,
                   (const double[]){13.140625, 30.5947265625}, 1e-14, 0);
    graph = graph_of(&type, &x);
    expect_numbers(graph, crn_kernel_diagonal(graph, x, &(crn_kernel){CRN_KERNEL_RBF, 2, 0, 0}),
                   X, 2, (const double[]){1, 1}, 0, 0);
}

static void test_refuses_what_does_not_fit(void **state)
{
    (void)state;
    const crn_type type = crn_type_vector(CRN_FLOAT64, 4);
    const crn_array points = crn_array_view_2d(POINTS, CRN_FLOAT64, 3, 3);
    const crn_kernel rbf = {.kind = CRN_KERNEL_RBF, .gamma = 1.0};
    crn_value x;
    crn_graph *graph = graph_of(&type, &x);
    refuse_graph(graph, crn_kernel_matrix(graph, x, &rbf, &points), CRN_SHAPE);
    const crn_type fits = crn_type_vector(CRN_FLOAT64, 3);
    const crn_array weights = crn_array_view_2d(X, CRN_FLOAT64, 3, 2);
    graph = graph_of(&fits, &x);
    refuse_graph(graph, crn_kernel_sums(graph, x, &rbf, &points, &weights, NULL, 0), CRN_SHAPE);
    graph = graph_of(&fits, &x);
    const crn_kernel precomputed = {.kind = CRN_KERNEL_PRECOMPUTED};
    refuse_graph(graph, crn_kernel_diagonal(graph, x, &precomputed), CRN_ARGUMENT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pairwise_kernels),
        cmocka_unit_test(test_kernels_of_gaussian_processes),
        cmocka_unit_test(test_bessel_k),
        cmocka_unit_test(test_sums_of_groups),
        cmocka_unit_test(test_a_row_alone_gives_the_same_bits),
        cmocka_unit_test(test_precomputed_takes_columns),
        cmocka_unit_test(test_diagonal),
        cmocka_unit_test(test_refuses_what_does_not_fit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
