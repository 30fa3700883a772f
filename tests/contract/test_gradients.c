/* SPDX-License-Identifier: BSD-3-Clause */
/* Every operation that has a backward, against central differences of its forward. An operation
 * of ops.def with a backward and without a case here fails the test. */
#include "test.h"

#include <stdlib.h>

#include "base/random.h"
#include "ops/activation.h"
#include "ops/affine.h"
#include "ops/elementwise.h"
#include "ops/rows.h"
#include "ops/training.h"

enum { ROWS = 3, MOST_IN = 5 };

/* ---- cases ---- */

typedef enum filling {
    ABSENT,
    FREE,    /* uniform in [low, high], differentiated */
    FIXED,   /* uniform in [low, high], not differentiated */
    SIMPLEX, /* positive, sums to 1 along the last axis, not differentiated */
    LABELS   /* int64 0, 1 or 2 */
} filling;

typedef struct input {
    filling filling;
    bool rows;
    int32_t ndim;
    int64_t shape[3];
    double low, high;
} input;

typedef struct op_case {
    crn_value (*build)(crn_graph *graph, const crn_value *in, int kind);
    int kind;
    input in[MOST_IN];
} op_case;

static crn_value build_activation(crn_graph *g, const crn_value *in, int kind)
{
    crn_activation activation = crn_activation_default((crn_activation_kind)kind);
    if (kind == CRN_THRESHOLD)
        activation.a = 0.25f;
    return crn_activate(g, in[0], activation);
}

static crn_value build_affine(crn_graph *g, const crn_value *in, int kind)
{
    return crn_affine(g, in[0], in[1], kind != 0, in[2]);
}

static crn_value build_batch_normalise(crn_graph *g, const crn_value *in, int kind)
{
    return crn_batch_normalise(g, in[0], in[1], in[2], in[3], in[4], 1e-3f, 0.9f, kind != 0);
}

static crn_value build_binary(crn_graph *g, const crn_value *in, int kind)
{
    return crn_binary(g, in[0], in[1], (crn_binary_kind)kind);
}

static crn_value build_concat(crn_graph *g, const crn_value *in, int kind)
{
    return crn_concat(g, in, 3, kind);
}

static crn_value build_dropout(crn_graph *g, const crn_value *in, int kind)
{
    (void)kind;
    return crn_dropout(g, in[0], 0.4f);
}

static crn_value build_loss(crn_graph *g, const crn_value *in, int kind)
{
    crn_loss_attributes attributes = {.kind = (crn_loss_kind)(kind & 31),
                                      .from_logits = (kind & 32) != 0,
                                      .label_smoothing = (kind & 64) != 0 ? 0.2f : 0.0f,
                                      .delta = 0.4f,
                                      .reduction = (kind & 128) != 0
                                                       ? CRN_REDUCTION_MEAN_WITH_SAMPLE_WEIGHT
                                                       : CRN_REDUCTION_SUM_OVER_BATCH_SIZE};
    return crn_loss(g, in[0], in[1], in[2], &attributes);
}

static crn_value build_penalty(crn_graph *g, const crn_value *in, int kind)
{
    (void)kind;
    return crn_penalty(g, in[0], 0.3f, 0.2f);
}

static crn_value build_reduce(crn_graph *g, const crn_value *in, int kind)
{
    return crn_reduce(g, in[0], (crn_reduce_kind)kind);
}

static crn_value build_scale(crn_graph *g, const crn_value *in, int kind)
{
    if (kind >= 10)
        return crn_scale_clipped(g, in[0], (crn_scale_form)(kind - 10), in[1], in[2], -0.5,
                                 0.6);
    return crn_scale(g, in[0], (crn_scale_form)kind, in[1], in[2]);
}

static crn_value build_softmax(crn_graph *g, const crn_value *in, int kind)
{
    return crn_softmax(g, in[0], (crn_softmax_kind)(kind & 7), kind >> 3);
}

static crn_value build_unary(crn_graph *g, const crn_value *in, int kind)
{
    return crn_unary(g, in[0], (crn_unary_kind)kind);
}

#define NOTHING                                                                                \
    {                                                                                          \
        .filling = ABSENT                                                                      \
    }
#define ROWS_OF(n, low, high)                                                                  \
    {                                                                                          \
        FREE, true, 1, {n}, low, high                                                          \
    }
#define ROWS_OF_2(a, b, low, high)                                                             \
    {                                                                                          \
        FREE, true, 2, {a, b}, low, high                                                       \
    }
#define VECTOR(n, low, high)                                                                   \
    {                                                                                          \
        FREE, false, 1, {n}, low, high                                                         \
    }
#define MATRIX(a, b, low, high)                                                                \
    {                                                                                          \
        FREE, false, 2, {a, b}, low, high                                                      \
    }

#define ACTIVATION(name)                                                                       \
    {                                                                                          \
        build_activation, CRN_##name,                                                          \
        {                                                                                      \
            ROWS_OF(6, -2.9, 2.9)                                                              \
        }                                                                                      \
    }
#define UNARY(name, low, high)                                                                 \
    {                                                                                          \
        build_unary, CRN_UNARY_##name,                                                         \
        {                                                                                      \
            ROWS_OF(4, low, high)                                                              \
        }                                                                                      \
    }
#define REDUCE(name)                                                                           \
    {                                                                                          \
        build_reduce, CRN_REDUCE_##name,                                                       \
        {                                                                                      \
            ROWS_OF_2(2, 4, -2, 2)                                                             \
        }                                                                                      \
    }
#define BINARY(name)                                                                           \
    {build_binary, CRN_BINARY_##name, {ROWS_OF_2(2, 3, 0.5, 2), ROWS_OF_2(2, 3, 0.5, 2)}},     \
        {build_binary, CRN_BINARY_##name, {ROWS_OF_2(2, 3, 0.5, 2), VECTOR(3, 0.5, 2)}},       \
        {build_binary, CRN_BINARY_##name, {MATRIX(2, 1, 0.5, 2), ROWS_OF_2(1, 3, 0.5, 2)}},    \
    {                                                                                          \
        build_binary, CRN_BINARY_##name,                                                       \
        {                                                                                      \
            VECTOR(1, 0.5, 2), VECTOR(1, 0.5, 2)                                               \
        }                                                                                      \
    }
#define SCALE(kind)                                                                            \
    {build_scale, kind, {ROWS_OF_2(2, 3, -2, 2), VECTOR(3, 0.5, 2), VECTOR(3, 0.5, 2)}},       \
        {build_scale, kind, {ROWS_OF(3, -2, 2), VECTOR(3, 0.5, 2), NOTHING}},                  \
    {                                                                                          \
        build_scale, kind,                                                                     \
        {                                                                                      \
            ROWS_OF(3, -2, 2), NOTHING, VECTOR(3, 0.5, 2)                                      \
        }                                                                                      \
    }
#define LOSS(name, bits, prediction, target)                                                   \
    {build_loss, CRN_LOSS_##name | (bits), {prediction, target}},                              \
    {                                                                                          \
        build_loss, CRN_LOSS_##name | (bits) | 128,                                            \
        {                                                                                      \
            prediction, target,                                                                \
            {                                                                                  \
                FIXED, true, 0, {0}, 0.2, 2                                                    \
            }                                                                                  \
        }                                                                                      \
    }
#define LOGITS        ROWS_OF(3, -2, 2)
#define PROBABILITIES ROWS_OF(3, 0.1, 0.9)
#define CLASSES                                                                                \
    {                                                                                          \
        LABELS, true, 0, {0}, 0, 0                                                             \
    }
#define DISTRIBUTION                                                                           \
    {                                                                                          \
        SIMPLEX, true, 1, {3}, 0, 0                                                            \
    }
#define NUMBERS                                                                                \
    {                                                                                          \
        FIXED, true, 1, {3}, 0.1, 0.9                                                          \
    }

static const op_case cases[] = {
    {build_affine, 0, {ROWS_OF(4, -1, 1), MATRIX(4, 3, -1, 1), VECTOR(3, -1, 1)}},
    {build_affine, 1, {ROWS_OF(4, -1, 1), MATRIX(3, 4, -1, 1), VECTOR(3, -1, 1)}},
    {build_affine, 0, {ROWS_OF_2(2, 4, -1, 1), MATRIX(4, 3, -1, 1), NOTHING}},
    {build_batch_normalise,
     0,
     {ROWS_OF(4, -2, 2),
      VECTOR(4, 0.5, 2),
      VECTOR(4, -1, 1),
      {FIXED, false, 1, {4}, -1, 1},
      {FIXED, false, 1, {4}, 0.5, 1}}},
    {build_batch_normalise,
     1,
     {ROWS_OF_2(2, 3, -2, 2),
      NOTHING,
      NOTHING,
      {FIXED, false, 1, {3}, -1, 1},
      {FIXED, false, 1, {3}, 0.5, 1}}},
    {build_concat, 0, {ROWS_OF_2(2, 2, -1, 1), ROWS_OF_2(1, 2, -1, 1), ROWS_OF_2(3, 2, -1, 1)}},
    {build_concat,
     -1,
     {ROWS_OF_2(2, 2, -1, 1), ROWS_OF_2(2, 1, -1, 1), ROWS_OF_2(2, 3, -1, 1)}},
    {build_dropout, 0, {ROWS_OF(8, -1, 1)}},
    {build_penalty, 0, {ROWS_OF(4, 0.1, 1)}},
    {build_penalty, 0, {MATRIX(4, 2, -1, -0.1)}},
    {build_softmax, CRN_SOFTMAX, {ROWS_OF(4, -2, 2)}},
    {build_softmax, CRN_SOFTMAX, {ROWS_OF_2(3, 2, -2, 2)}},
    {build_softmax, CRN_LOG_SOFTMAX, {ROWS_OF(4, -2, 2)}},
    {build_softmax, CRN_LOG_SOFTMAX | 1 << 3, {ROWS_OF_2(2, 4, -2, 2)}},
    {build_softmax, CRN_SPARSEMAX, {ROWS_OF(4, -1, 1)}},
    {build_softmax, CRN_NORMALIZE_L1, {ROWS_OF(4, 0.5, 1)}},
    REDUCE(SUM),
    REDUCE(MEAN),
    REDUCE(MAX),
    REDUCE(MIN),
    REDUCE(SQUARES),
    REDUCE(LOGSUMEXP),
    BINARY(ADD),
    BINARY(SUBTRACT),
    BINARY(MULTIPLY),
    BINARY(DIVIDE),
    BINARY(MINIMUM),
    BINARY(MAXIMUM),
    SCALE(CRN_SCALE_MULTIPLY_ADD),
    SCALE(CRN_SCALE_SUBTRACT_DIVIDE),
    SCALE(CRN_SCALE_DIVIDE_ADD),
    SCALE(10 + CRN_SCALE_MULTIPLY_ADD),
    SCALE(10 + CRN_SCALE_SUBTRACT_DIVIDE),
    UNARY(NEGATE, -1, 1),
    UNARY(ABS, 0.1, 1),
    UNARY(ABS, -1, -0.1),
    UNARY(SQUARE, -1, 1),
    UNARY(SQRT, 0.5, 2),
    UNARY(EXP, -1, 1),
    UNARY(LOG, 0.5, 2),
    UNARY(LOG1P, 0, 2),
    UNARY(EXPM1, -1, 1),
    UNARY(RECIPROCAL, 0.5, 2),
    UNARY(COMPLEMENT, -1, 1),
    UNARY(EXPIT, -2, 2),
    ACTIVATION(RELU),
    ACTIVATION(RELU6),
    ACTIVATION(SIGMOID),
    ACTIVATION(TANH),
    ACTIVATION(ELU),
    ACTIVATION(SELU),
    ACTIVATION(SOFTPLUS),
    ACTIVATION(SOFTSIGN),
    ACTIVATION(SILU),
    ACTIVATION(GELU),
    ACTIVATION(EXPONENTIAL),
    ACTIVATION(HARD_SIGMOID),
    ACTIVATION(HARD_SILU),
    ACTIVATION(HARD_TANH),
    ACTIVATION(LEAKY_RELU),
    ACTIVATION(MISH),
    ACTIVATION(CELU),
    ACTIVATION(LOG_SIGMOID),
    ACTIVATION(HARD_SHRINK),
    ACTIVATION(SOFT_SHRINK),
    ACTIVATION(TANH_SHRINK),
    ACTIVATION(THRESHOLD),
    ACTIVATION(SPARSE_PLUS),
    ACTIVATION(SPARSE_SIGMOID),
    ACTIVATION(SQUAREPLUS),
    LOSS(SPARSE_CATEGORICAL_CROSSENTROPY, 32, LOGITS, CLASSES),
    LOSS(SPARSE_CATEGORICAL_CROSSENTROPY, 0, PROBABILITIES, CLASSES),
    LOSS(CATEGORICAL_CROSSENTROPY, 32, LOGITS, DISTRIBUTION),
    LOSS(CATEGORICAL_CROSSENTROPY, 32 | 64, LOGITS, DISTRIBUTION),
    LOSS(CATEGORICAL_CROSSENTROPY, 0, PROBABILITIES, DISTRIBUTION),
    LOSS(BINARY_CROSSENTROPY, 32, LOGITS, NUMBERS),
    LOSS(BINARY_CROSSENTROPY, 64, PROBABILITIES, NUMBERS),
    LOSS(MEAN_SQUARED_ERROR, 0, LOGITS, NUMBERS),
    LOSS(MEAN_ABSOLUTE_ERROR, 0, LOGITS, NUMBERS),
    LOSS(HUBER, 0, LOGITS, NUMBERS),
    LOSS(MEAN_ABSOLUTE_PERCENTAGE_ERROR, 0, LOGITS, NUMBERS),
    LOSS(MEAN_SQUARED_LOGARITHMIC_ERROR, 0, PROBABILITIES, NUMBERS),
    LOSS(LOG_COSH, 0, LOGITS, NUMBERS),
    LOSS(POISSON, 0, PROBABILITIES, NUMBERS),
    LOSS(HINGE, 0, LOGITS, NUMBERS),
    LOSS(SQUARED_HINGE, 0, LOGITS, NUMBERS),
    LOSS(CATEGORICAL_HINGE, 0, PROBABILITIES, DISTRIBUTION),
    LOSS(KL_DIVERGENCE, 0, PROBABILITIES, DISTRIBUTION),
    LOSS(COSINE_SIMILARITY, 0, LOGITS, NUMBERS),
};

/* ---- one call of one operation ---- */

typedef struct bench {
    crn_graph *graph;
    const crn_graph_node *node;
    crn_type types[MOST_IN + 3];
    void *in[MOST_IN], *out[3];
    float *gradient[MOST_IN], *weight; /* of out[0], for the scalar that is differentiated */
    const void *grad_out[3];
    void *grad_in[MOST_IN];
    crn_call call;
} bench;

static int64_t size_of(const crn_type *type)
{
    return crn_type_size(type) * (type->rows ? ROWS : 1);
}

static double uniform(crn_generator *g, double low, double high)
{
    return low + (high - low) * crn_generator_double(g);
}

static void *fill(const input *in, const crn_type *type, crn_generator *g)
{
    int64_t n = size_of(type), last = type->ndim > 0 ? type->shape[type->ndim - 1] : 1;
    float *x = calloc((size_t)n, sizeof *x);
    int64_t *labels = calloc((size_t)n, sizeof *labels);
    for (int64_t i = 0; i < n; i++) {
        labels[i] = (int64_t)crn_generator_below(g, 3);
        x[i] = (float)uniform(g, in->filling == SIMPLEX ? 0.2 : in->low,
                              in->filling == SIMPLEX ? 1.0 : in->high);
    }
    for (int64_t i = 0; in->filling == SIMPLEX && i < n; i += last) {
        float sum = 0;
        for (int64_t k = 0; k < last; k++)
            sum += x[i + k];
        for (int64_t k = 0; k < last; k++)
            x[i + k] /= sum;
    }
    void *kept = in->filling == LABELS ? (void *)labels : x;
    free(kept == labels ? (void *)x : labels);
    return kept;
}

/* Builds the graph of the one operation and keeps its node. */
static void bench_create(bench *b, const op_case *c, crn_generator *g)
{
    crn_error err = CRN_ERROR_INIT;
    crn_value in[MOST_IN];
    *b = (bench){0};
    assert_ok(crn_graph_create(&b->graph, &err));
    for (int k = 0; k < MOST_IN; k++) {
        const input *spec = &c->in[k];
        crn_dtype dtype = spec->filling == LABELS ? CRN_INT64 : CRN_FLOAT32;
        crn_type type = crn_type_rows(dtype, spec->ndim, spec->shape);
        type.rows = spec->rows;
        in[k] = spec->filling != ABSENT ? crn_graph_input(b->graph, "", &type) : CRN_NO_VALUE;
        b->types[k] = *crn_graph_type(b->graph, in[k]);
        if (spec->filling != ABSENT)
            b->in[k] = fill(spec, &type, g);
    }
    c->build(b->graph, in, c->kind);
    assert_ok(crn_graph_status(b->graph, &err));
    b->node = &b->graph->nodes[b->graph->node_count - 1];
}

static void bench_connect(bench *b, const op_case *c, crn_generator *g)
{
    const crn_op *op = b->node->op;
    int n_in = b->node->n_in;
    for (int k = 0; k < op->n_out; k++) {
        b->types[MOST_IN + k] = *crn_graph_type(b->graph, b->node->out[k]);
        b->out[k] = calloc((size_t)size_of(&b->types[MOST_IN + k]), sizeof(float));
    }
    for (int k = 0; k < n_in; k++) {
        if (c->in[k].filling == FREE)
            b->grad_in[k] = b->gradient[k] =
                calloc((size_t)size_of(&b->types[k]), sizeof(float));
    }
    int64_t n = size_of(&b->types[MOST_IN]);
    b->weight = calloc((size_t)n, sizeof *b->weight);
    for (int64_t i = 0; i < n; i++)
        b->weight[i] = (float)uniform(g, 0.5, 1.5);
    b->grad_out[0] = b->weight;
    b->call = (crn_call){.attributes = b->node->attributes,
                         .rows = ROWS,
                         .n_in = n_in,
                         .n_out = op->n_out,
                         .in = (const void *const *)b->in,
                         .out = b->out,
                         .in_types = b->types,
                         .out_types = b->types + MOST_IN,
                         .kernels = crn_kernels_best(),
                         .grad_out = b->grad_out,
                         .grad_in = b->grad_in,
                         .seed = 7};
    if (op->saved != NULL)
        b->call.saved = calloc(1, op->saved(b->node->attributes, b->types, n_in, ROWS));
    if (op->scratch != NULL) {
        size_t size = op->scratch(b->node->attributes, b->types, n_in, ROWS);
        b->call.scratch = aligned_alloc(64, (size + 63) / 64 * 64);
    }
}

static void bench_destroy(bench *b)
{
    for (int k = 0; k < MOST_IN; k++) {
        free(b->in[k]);
        free(b->gradient[k]);
    }
    for (int k = 0; k < 3; k++)
        free(b->out[k]);
    free(b->weight);
    free(b->call.saved);
    free(b->call.scratch);
    crn_graph_destroy(b->graph);
}

/* The scalar: out[0] . weight */
static double scalar(bench *b)
{
    double sum = 0.0;
    const float *y = b->out[0];
    b->node->op->forward(&b->call);
    for (int64_t i = 0; i < size_of(&b->types[MOST_IN]); i++)
        sum += (double)y[i] * (double)b->weight[i];
    return sum;
}

/* Central difference; *smooth is false where the slopes to the left and to the right disagree:
 * a corner lies within the step. */
static double difference(bench *b, float *x, bool *smooth)
{
    float kept = *x;
    const float step = 0x1p-8f;
    double here = scalar(b);
    *x = kept + step;
    double right = (scalar(b) - here) / (double)step;
    *x = kept - step;
    double left = (here - scalar(b)) / (double)step;
    *x = kept;
    *smooth = fabs(right - left) <= 0.1 * (0.1 + fabs(right) + fabs(left));
    return (right + left) / 2.0;
}

/* Returns the number of elements that were compared. */
static int check_input(bench *b, size_t number, int k)
{
    int compared = 0;
    for (int64_t i = 0; i < size_of(&b->types[k]); i++) {
        bool smooth;
        double slope = difference(b, (float *)b->in[k] + i, &smooth);
        double got = (double)b->gradient[k][i] - 0.25; /* was there before: backward adds */
        if (smooth && !(fabs(got - slope) <= 2e-3 + 2e-3 * fabs(slope)))
            fail_msg("case %zu (%s): input %d, element %d: gradient %g, difference %g", number,
                     b->node->op->name, k, (int)i, got, slope);
        compared += smooth;
    }
    return compared;
}

static void check_case(size_t number, crn_generator *g)
{
    bench b;
    bench_create(&b, &cases[number], g);
    bench_connect(&b, &cases[number], g);
    assert_non_null(b.node->op->backward);
    scalar(&b);
    for (int k = 0; k < b.node->n_in; k++) {
        for (int64_t i = 0; b.gradient[k] != NULL && i < size_of(&b.types[k]); i++)
            b.gradient[k][i] = 0.25f;
    }
    b.node->op->backward(&b.call);
    for (int k = 0; k < b.node->n_in; k++) {
        if (b.gradient[k] != NULL)
            assert_true(check_input(&b, number, k) * 4 >= size_of(&b.types[k]) * 3);
    }
    /* Nobody wants any gradient: must not crash. */
    memset(b.grad_in, 0, sizeof b.grad_in);
    b.node->op->backward(&b.call);
    bench_destroy(&b);
}

static void test_backward_is_the_slope_of_forward(void **state)
{
    (void)state;
    crn_generator g;
    crn_generator_seed(&g, 20250101);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        check_case(i, &g);
}

static bool has_case(const crn_op *op)
{
    crn_generator g;
    bool found = false;
    crn_generator_seed(&g, 1);
    for (size_t i = 0; i < sizeof cases / sizeof *cases && !found; i++) {
        bench b;
        bench_create(&b, &cases[i], &g);
        found = b.node->op == op;
        bench_destroy(&b);
    }
    return found;
}

static void test_every_operation_with_a_backward_has_a_case(void **state)
{
    (void)state;
    static const crn_op *const all[] = {
#define CRN_OP(name) &crn_op_##name,
#include "ops/ops.def"
#undef CRN_OP
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        if (all[i]->backward != NULL && !has_case(all[i]))
            fail_msg("the gradient of %s is not tested", all[i]->name);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_backward_is_the_slope_of_forward),
        cmocka_unit_test(test_every_operation_with_a_backward_has_a_case),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
