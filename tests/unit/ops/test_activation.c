/* SPDX-License-Identifier: BSD-3-Clause */
/* Activations against keras.activations 3.15 on TensorFlow, float32. */
#include "unit/ops/run_graph.h"

#include "ops/activation.h"

enum { N = 10 };

static const double x[N] = {-8, -3.5, -1, -0.4f, 0, 0.3f, 1, 2.75, 6.5, 20};

static const struct {
    const char *name;
    double y[N];
} defaults[] = {
    {"relu", {0, 0, 0, 0, 0, 0.300000012, 1, 2.75, 6.5, 20}},
    {"relu6", {0, 0, 0, 0, 0, 0.300000012, 1, 2.75, 6, 6}},
    {"sigmoid",
     {0.00033535008, 0.0293122306, 0.268941402, 0.401312292, 0.5, 0.574442446, 0.731058538,
      0.939913332, 0.998498797, 1}},
    {"tanh",
     {-1, -0.998177946, -0.761594176, -0.379948974, 0, 0.291312635, 0.761594176, 0.991859734,
      0.99999541, 1}},
    {"elu",
     {-0.999664545, -0.969802618, -0.63212055, -0.329679966, 0, 0.300000012, 1, 2.75, 6.5, 20}},
    {"selu",
     {-1.75750959, -1.70500934, -1.11133075, -0.579610109, 0, 0.315210313, 1.05070102,
      2.8894279, 6.82955647, 21.0140209}},
    {"softplus",
     {0.000335406367, 0.0297504216, 0.313261688, 0.51301527, 0.693147182, 0.854355216,
      1.31326163, 2.81196761, 6.50150251, 20}},
    {"softsign",
     {-0.888888896, -0.777777791, -0.5, -0.285714298, 0, 0.230769247, 0.5, 0.733333349,
      0.866666675, 0.952380955}},
    {"silu",
     {-0.00268280064, -0.102592811, -0.268941402, -0.16052492, 0, 0.172332734, 0.731058538,
      2.58476162, 6.490242, 20}},
    {"gelu",
     {-4.97677385e-15, -0.000814201543, -0.158655256, -0.137831315, 0, 0.185373425, 0.841344714,
      2.74180555, 6.5, 20}},
    {"exponential",
     {0.000335462624, 0.0301973838, 0.36787945, 0.670320034, 1, 1.34985876, 2.71828175,
      15.6426315, 665.141663, 485165184}},
    {"hard_sigmoid",
     {0, 0, 0.333333343, 0.433333308, 0.5, 0.550000012, 0.666666687, 0.958333313, 1, 1}},
    {"hard_silu",
     {-0, -0, -0.333333343, -0.173333332, 0, 0.165000007, 0.666666687, 2.63541651, 6.5, 20}},
    {"hard_tanh", {-1, -1, -1, -0.400000006, 0, 0.300000012, 1, 1, 1, 1}},
    {"leaky_relu",
     {-1.60000002, -0.699999988, -0.200000003, -0.0800000057, 0, 0.300000012, 1, 2.75, 6.5,
      20}},
    {"mish",
     {-0.00268325093, -0.104095772, -0.3034015, -0.188916489, 0, 0.20800139, 0.865098417,
      2.73021436, 6.49997044, 20}},
    {"celu",
     {-0.999664545, -0.969802618, -0.63212055, -0.329679966, 0, 0.300000012, 1, 2.75, 6.5, 20}},
    {"log_sigmoid",
     {-8.00033569, -3.52975035, -1.31326163, -0.913015246, -0.693147182, -0.554355204,
      -0.313261688, -0.061967589, -0.00150231016, -2.06115369e-09}},
    {"hard_shrink", {-8, -3.5, -1, 0, 0, 0, 1, 2.75, 6.5, 20}},
    {"soft_shrink", {-7.5, -3, -0.5, 0, 0, 0, 0.5, 2.25, 6, 19.5}},
    {"tanh_shrink",
     {-7, -2.50182199, -0.238405824, -0.0200510323, 0, 0.00868737698, 0.238405824, 1.75814033,
      5.50000477, 19}},
    {"sparse_plus", {0, 0, 0, 0.090000011, 0.25, 0.422499985, 1, 2.75, 6.5, 20}},
    {"sparse_sigmoid", {0, 0, 0, 0.300000012, 0.5, 0.649999976, 1, 1, 1, 1}},
    {"squareplus",
     {0.123105526, 0.265564442, 0.618034005, 0.819803894, 1, 1.16118741, 1.61803401, 3.07518387,
      6.65036774, 20.0498753}},
};

/* Kinds whose parameters differ from Keras's defaults. */
static const struct {
    crn_activation activation;
    double y[N];
} parameters[] = {
    {{CRN_GELU, 1, 0, 0},
     {0, -0.000616252422, -0.158807993, -0.137838826, 0, 0.185370937, 0.841192007, 2.74227667,
      6.5, 20}},
    {{CRN_RELU, 0.1f, 4, 0.5f},
     {-0.850000024, -0.400000006, -0.150000006, -0.0899999961, -0.0500000007, -0.0199999996, 1,
      2.75, 4, 4}},
    {{CRN_RELU, 0, 4, 0}, {0, 0, 0, 0, 0, 0.3f, 1, 2.75, 4, 4}},
    {{CRN_RELU, 0, INFINITY, 1}, {0, 0, 0, 0, 0, 0, 0, 2.75, 6.5, 20}},
    {{CRN_THRESHOLD, 0.5f, -2, 0}, {-2, -2, -2, -2, -2, -2, 1, 2.75, 6.5, 20}},
};

/* y for NaN, inf and -inf, as TensorFlow gives them. */
static const struct {
    crn_activation_kind kind;
    double y[3];
} specials[] = {
    {CRN_RELU, {NAN, INFINITY, 0}},
    {CRN_RELU6, {NAN, 6, 0}},
    {CRN_SIGMOID, {NAN, 1, 0}},
    {CRN_TANH, {NAN, 1, -1}},
    {CRN_ELU, {NAN, INFINITY, -1}},
    {CRN_SOFTPLUS, {NAN, INFINITY, 0}},
    {CRN_SOFTSIGN, {NAN, NAN, NAN}},
    {CRN_SILU, {NAN, INFINITY, NAN}},
    {CRN_GELU, {NAN, INFINITY, NAN}},
    {CRN_EXPONENTIAL, {NAN, INFINITY, 0}},
    {CRN_HARD_SIGMOID, {NAN, 1, 0}},
    {CRN_HARD_TANH, {NAN, 1, -1}},
    {CRN_LEAKY_RELU, {NAN, INFINITY, -INFINITY}},
    {CRN_MISH, {NAN, INFINITY, NAN}},
    {CRN_LOG_SIGMOID, {NAN, 0, -INFINITY}},
    {CRN_HARD_SHRINK, {0, INFINITY, -INFINITY}},
    {CRN_SOFT_SHRINK, {0, INFINITY, -INFINITY}},
    {CRN_SPARSE_PLUS, {NAN, INFINITY, 0}},
    {CRN_SPARSE_SIGMOID, {NAN, 1, 0}},
};

static void expect(crn_dtype dtype, crn_activation activation, const double *in, int64_t n,
                   const double *want)
{
    crn_value value;
    crn_type type = crn_type_vector(dtype, n);
    crn_graph *graph = graph_of(&type, &value);
    expect_numbers(graph, crn_activate(graph, value, activation), in, 1, want, 2e-6, 2e-7);
}

static void test_defaults_match_keras(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof defaults / sizeof *defaults; i++) {
        crn_activation activation;
        assert_true(crn_activation_find(defaults[i].name, &activation));
        assert_string_equal(crn_activation_name(activation.kind), defaults[i].name);
        expect(CRN_FLOAT32, activation, x, N, defaults[i].y);
        expect(CRN_FLOAT64, activation, x, N, defaults[i].y);
    }
}

static void test_parameters_match_keras(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof parameters / sizeof *parameters; i++)
        expect(CRN_FLOAT32, parameters[i].activation, x, N, parameters[i].y);
}

static void test_nan_and_infinity_match_tensorflow(void **state)
{
    (void)state;
    static const double in[3] = {NAN, INFINITY, -INFINITY};
    for (size_t i = 0; i < sizeof specials / sizeof *specials; i++) {
        crn_activation activation = crn_activation_default(specials[i].kind);
        expect(CRN_FLOAT32, activation, in, 3, specials[i].y);
        expect(CRN_FLOAT64, activation, in, 3, specials[i].y);
    }
}

static void test_names(void **state)
{
    (void)state;
    crn_activation activation;
    assert_true(crn_activation_find("swish", &activation));
    assert_int_equal(activation.kind, CRN_SILU);
    assert_true(crn_activation_find("hard_swish", &activation));
    assert_int_equal(activation.kind, CRN_HARD_SILU);
    assert_false(crn_activation_find("swoosh", &activation));
    assert_string_equal(crn_activation_name((crn_activation_kind)99), "?");
}

static void test_linear_is_no_operation(void **state)
{
    (void)state;
    crn_value value;
    crn_type type = crn_type_vector(CRN_FLOAT32, 2);
    crn_graph *graph = graph_of(&type, &value);
    assert_int_equal(crn_activate(graph, value, crn_activation_default(CRN_LINEAR)), value);
    assert_int_equal(graph->node_count, 0);
    crn_graph_destroy(graph);
}

static void test_refuses_integers(void **state)
{
    (void)state;
    crn_value value;
    crn_type type = crn_type_vector(CRN_INT64, 2);
    crn_graph *graph = graph_of(&type, &value);
    refuse_graph(graph, crn_activate(graph, value, crn_activation_default(CRN_RELU)),
                 CRN_DTYPE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_defaults_match_keras),
        cmocka_unit_test(test_parameters_match_keras),
        cmocka_unit_test(test_nan_and_infinity_match_tensorflow),
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_linear_is_no_operation),
        cmocka_unit_test(test_refuses_integers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
