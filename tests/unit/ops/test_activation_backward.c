/* SPDX-License-Identifier: BSD-3-Clause */
/* Derivatives of the activations against TensorFlow 2.21's gradients of keras.activations 3.15,
 * at the corners
 * (-3, -1, -0.5, 0, 0.5, 1, 2, 2.75, 3, 6) too. */
#include "test.h"

#include "ops/activation.h"
#include "ops/backward.h"
#include "ops/rows.h"

enum { N = 17 };

static const float x[N] = {-8,   -6, -3.5f, -3,    -1, -0.5f, -0.4f, -0.0f, 0.3f,
                           0.5f, 1,  2,     2.75f, 3,  6,     6.5f,  20};

static const struct {
    crn_activation activation;
    double slope[N];
} cases[] = {
    {{CRN_RELU, 0, INFINITY, 0}, {0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1}},
    {{CRN_RELU, 0.1f, INFINITY, 0},
     {0.100000001, 0.100000001, 0.100000001, 0.100000001, 0.100000001, 0.100000001, 0.100000001,
      0.100000001, 1, 1, 1, 1, 1, 1, 1, 1, 1}},
    {{CRN_RELU, 0, 2, 0}, {0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 0, 0, 0, 0, 0}},
    {{CRN_RELU, 0, 6, 0}, {0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 0, 0, 0}},
    {{CRN_RELU, 0, INFINITY, 1}, {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1}},
    {{CRN_RELU, 0.25f, 2.75f, 0.5f},
     {0.25, 0.25, 0.25, 0.25, 0.25, 0.25, 0.25, 0.25, 0.25, 0, 1, 1, 1, 0, 0, 0, 0}},
    {{CRN_RELU, 0.25f, 6, 0},
     {0.25, 0.25, 0.25, 0.25, 0.25, 0.25, 0.25, 0, 1, 1, 1, 1, 1, 1, 0, 0, 0}},
    {{CRN_RELU, 0.25f, INFINITY, 0.5f},
     {0.25, 0.25, 0.25, 0.25, 0.25, 0.25, 0.25, 0.25, 0.25, 0, 1, 1, 1, 1, 1, 1, 1}},
    {{CRN_RELU6, 0, 0, 0}, {0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 0, 0, 0}},
    {{CRN_SIGMOID, 0, 0, 0},
     {0.000335237622, 0.00246650912, 0.0284530222, 0.0451766551, 0.196611926, 0.23500371,
      0.240260735, 0.25, 0.244458318, 0.23500371, 0.196611956, 0.104993574, 0.0564762615,
      0.0451766551, 0.00246652518, 0.00149894902, 0}},
    {{CRN_TANH, 0, 0, 0},
     {0, 2.45571136e-05, 0.00364077091, 0.00986611843, 0.419974327, 0.786447763, 0.855638742, 1,
      0.915136933, 0.786447763, 0.419974327, 0.070650816, 0.0162142515, 0.00986611843,
      2.45571136e-05, 9.1791153e-06, 0}},
    {{CRN_ELU, 1, 0, 0},
     {0.000335454941, 0.00247877836, 0.030197382, 0.0497870445, 0.36787945, 0.606530666,
      0.670320034, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1}},
    {{CRN_ELU, 0.5f, 0, 0},
     {0.00016772747, 0.00123938918, 0.015098691, 0.0248935223, 0.183939725, 0.303265333,
      0.335160017, 0.5, 1, 1, 1, 1, 1, 1, 1, 1, 1}},
    {{CRN_SELU, 0, 0, 0},
     {0.000589728355, 0.004357934, 0.0530899763, 0.0875306129, 0.64676857, 1.06634116,
      1.17848921, 1.05070102, 1.05070102, 1.05070102, 1.05070102, 1.05070102, 1.05070102,
      1.05070102, 1.05070102, 1.05070102, 1.05070102}},
    {{CRN_SOFTPLUS, 0, 0, 0},
     {0.00033535008, 0.00247262302, 0.0293122306, 0.0474258661, 0.268941402, 0.377540678,
      0.401312292, 0.5, 0.574442446, 0.622459352, 0.731058538, 0.880797088, 0.939913332,
      0.952574134, 0.997527361, 0.998498797, 1}},
    {{CRN_SOFTSIGN, 0, 0, 0},
     {0.0123456791, 0.0204081628, 0.0493827164, 0.0625, 0.25, 0.444444448, 0.510204077, 1,
      0.591716051, 0.444444448, 0.25, 0.111111112, 0.0711111128, 0.0625, 0.0204081628,
      0.0177777782, 0.00226757373}},
    {{CRN_SILU, 0, 0, 0},
     {-0.00234655081, -0.0123264315, -0.0702733472, -0.0881040916, 0.0723294765, 0.260038823,
      0.305207998, 0.5, 0.647779942, 0.739961207, 0.927670419, 1.09078419, 1.09522307,
      1.08810413, 1.01232648, 1.00824189, 1}},
    {{CRN_GELU, 0, 0, 0},
     {-3.9796149e-14, -3.54687799e-08, -0.00282176048, -0.0119456528, -0.0833154768, 0.13250488,
      0.1972702, 0.5, 0.732327759, 0.86749512, 1.08331549, 1.08523178, 1.02202749, 1.01194561,
      1, 1, 1}},
    {{CRN_GELU, 1, 0, 0},
     {0, 0, -0.00242246641, -0.0115842428, -0.0829640925, 0.13263011, 0.197341159, 0.5,
      0.732295513, 0.86736989, 1.08296406, 1.08609903, 1.02194893, 1.01158416, 1, 1, 1}},
    {{CRN_EXPONENTIAL, 0, 0, 0},
     {0.000335462624, 0.00247875229, 0.0301973838, 0.0497870706, 0.36787945, 0.606530666,
      0.670320034, 1, 1.34985876, 1.64872122, 2.71828175, 7.38905621, 15.6426315, 20.085537,
      403.428772, 665.141602, 485165184}},
    {{CRN_HARD_SIGMOID, 1.0f / 6.0f, 0.5f, 0},
     {0, 0, 0, 0, 0.166666672, 0.166666672, 0.166666672, 0.166666672, 0.166666672, 0.166666672,
      0.166666672, 0.166666672, 0.166666672, 0, 0, 0, 0}},
    {{CRN_HARD_SILU, 0, 0, 0},
     {0, 0, 0, 0, 0.166666672, 0.333333343, 0.366666675, 0.5, 0.600000024, 0.666666687,
      0.833333373, 1.16666675, 1.41666675, 1, 1, 1, 1}},
    {{CRN_HARD_TANH, 0, 0, 0}, {0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0}},
    {{CRN_LEAKY_RELU, 0.2f, 0, 0},
     {0.200000003, 0.200000003, 0.200000003, 0.200000003, 0.200000003, 0.200000003, 0.200000003,
      0.200000003, 1, 1, 1, 1, 1, 1, 1, 1, 1}},
    {{CRN_MISH, 0, 0, 0},
     {-0.00234739413, -0.0123599665, -0.0727604032, -0.0933930874, 0.0592168123, 0.289510667,
      0.347572833, 0.599999964, 0.782827318, 0.886424363, 1.04903626, 1.06931782, 1.02986526,
      1.02110696, 1.0001334, 1.00005281, 1}},
    {{CRN_CELU, 1, 0, 0},
     {0.000335462624, 0.00247875229, 0.0301973838, 0.0497870706, 0.36787945, 0.606530666,
      0.670320034, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1}},
    {{CRN_LOG_SIGMOID, 0, 0, 0},
     {0.999664664, 0.997527361, 0.970687747, 0.952574134, 0.731058538, 0.622459352, 0.598687708,
      0.5, 0.425557405, 0.377540678, 0.268941402, 0.119202942, 0.0600866452, 0.0474258661,
      0.00247262302, 0.00150118221, 2.06115369e-09}},
    {{CRN_HARD_SHRINK, 0.5f, 0, 0}, {1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1}},
    {{CRN_SOFT_SHRINK, 0.5f, 0, 0}, {1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1}},
    {{CRN_TANH_SHRINK, 0, 0, 0},
     {1, 0.999975443, 0.996359229, 0.990133882, 0.580025673, 0.213552237, 0.144361258, 0,
      0.0848630667, 0.213552237, 0.580025673, 0.929349184, 0.983785748, 0.990133882,
      0.999975443, 0.999990821, 1}},
    {{CRN_THRESHOLD, 0.5f, 2, 0}, {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1}},
    {{CRN_SPARSE_PLUS, 0, 0, 0},
     {0, 0, 0, 0, 0, 0.25, 0.300000012, 0.5, 0.649999976, 0.75, 1, 1, 1, 1, 1, 1, 1}},
    {{CRN_SPARSE_SIGMOID, 0, 0, 0},
     {0, 0, 0, 0, 0, 0.5, 0.5, 0.5, 0.5, 0.5, 0, 0, 0, 0, 0, 0, 0}},
    {{CRN_SQUAREPLUS, 4, 0, 0},
     {0.0149287283, 0.0256583691, 0.0658784509, 0.0839748383, 0.276393205, 0.378732175,
      0.401941925, 0.5, 0.574170232, 0.621267796, 0.723606825, 0.853553414, 0.904368043,
      0.916025162, 0.974341631, 0.977889478, 0.997518659}},
};

/* Runs forward and backward of the last node of `graph` on x, with g = 1; gives the gradient.
 */
static void differentiate(const crn_graph *graph, const float *in, const float *g, int64_t rows,
                          double *slope)
{
    const crn_graph_node *node = &graph->nodes[graph->node_count - 1];
    const crn_type *type = crn_graph_type(graph, node->in[0]);
    float y[N] = {0}, gx[N] = {0};
    crn_call call = {.attributes = node->attributes,
                     .rows = rows,
                     .n_in = 1,
                     .n_out = 1,
                     .in = (const void *const[]){in},
                     .out = (void *const[]){y},
                     .in_types = type,
                     .out_types = type,
                     .kernels = crn_kernels_best(),
                     .grad_out = (const void *const[]){g},
                     .grad_in = (void *const[]){gx}};
    node->op->forward(&call);
    node->op->backward(&call);
    for (int64_t i = 0; i < rows * crn_type_size(type); i++)
        slope[i] = (double)gx[i];
}

static void test_slopes_equal_tensorflow(void **state)
{
    (void)state;
    crn_error err = CRN_ERROR_INIT;
    crn_type type = crn_type_vector(CRN_FLOAT32, N);
    float ones[N];
    for (int i = 0; i < N; i++)
        ones[i] = 1.0f;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        double slope[N];
        crn_graph *graph = NULL;
        assert_ok(crn_graph_create(&graph, &err));
        crn_activate(graph, crn_graph_input(graph, "x", &type), cases[i].activation);
        assert_ok(crn_graph_status(graph, &err));
        differentiate(graph, x, ones, 1, slope);
        assert_close(slope, cases[i].slope, N, 2e-6, 6e-7);
        crn_graph_destroy(graph);
    }
}

static void test_every_kind_is_covered(void **state)
{
    (void)state;
    bool covered[CRN_ACTIVATION_COUNT] = {[CRN_LINEAR] = true};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        covered[cases[i].activation.kind] = true;
    for (int kind = 0; kind < CRN_ACTIVATION_COUNT; kind++)
        assert_true(covered[kind]);
}

/* Keras 2's hard_sigmoid, clip(x / 5 + 0.5, 0, 1), passes the gradient on at its borders. */
static void test_hard_sigmoid_of_keras_2(void **state)
{
    (void)state;
    crn_error err = CRN_ERROR_INIT;
    static const float in[] = {-3, -2.5f, 0, 2.5f, 3}, g[] = {1, 1, 1, 1, 1};
    static const double want[] = {0, 0.2f, 0.2f, 0.2f, 0};
    crn_type type = crn_type_vector(CRN_FLOAT32, 5);
    crn_activation activation = {.kind = CRN_HARD_SIGMOID, .a = 0.2f, .b = 0.5f};
    double slope[5];
    crn_graph *graph = NULL;
    assert_ok(crn_graph_create(&graph, &err));
    crn_activate(graph, crn_graph_input(graph, "x", &type), activation);
    differentiate(graph, in, g, 1, slope);
    assert_close(slope, want, 5, 1e-7, 0);
    crn_graph_destroy(graph);
}

/* tf.GradientTape over keras.activations.sparsemax, with its sum of partial sums. */
static void test_sparsemax(void **state)
{
    (void)state;
    crn_error err = CRN_ERROR_INIT;
    static const float in[] = {0.3f, 0.1f,  -0.2f, 0.25f, 1.5f, 0.1f,
                               0.2f, -0.4f, 0.2f,  0.2f,  0.1f, 0.05f};
    static const float g[] = {1, 2, 3, 4, 1, 2, 3, 4, 1, 2, 3, 4};
    static const double want[] = {-4, -1.6666666, 0,  0.66666675, 0,    0,
                                  0,  0,          -2, -0.25,      -1.5, -0.75};
    crn_type type = crn_type_vector(CRN_FLOAT32, 4);
    double slope[12];
    crn_graph *graph = NULL;
    assert_ok(crn_graph_create(&graph, &err));
    crn_softmax(graph, crn_graph_input(graph, "x", &type), CRN_SPARSEMAX, -1);
    differentiate(graph, in, g, 3, slope);
    assert_close(slope, want, 12, 1e-6, 1e-6);
    crn_graph_destroy(graph);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_slopes_equal_tensorflow),
        cmocka_unit_test(test_every_kind_is_covered),
        cmocka_unit_test(test_hard_sigmoid_of_keras_2),
        cmocka_unit_test(test_sparsemax),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
