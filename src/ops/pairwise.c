/* SPDX-License-Identifier: BSD-3-Clause */
/* pairwise: functions of two elements as keras.ops (3.15, TensorFlow) computes them: integer
 * arithmetic, powers and remainders, comparisons, logic and bits. */
#include <math.h>
#include <stdio.h>
#include <tgmath.h>

#include "ops/broadcast.h"
#include "ops/infer.h"
#include "ops/tensor.h"

/* ---- functions that are no formula ---- */

/* Unsigned arithmetic wraps as TensorFlow's does. */
#define WRAP(operation) ((int64_t)((uint64_t)x operation(uint64_t) y))

static int64_t int_power(int64_t base, int64_t exponent)
{
    uint64_t result = 1, factor = (uint64_t)base;
    if (exponent < 0)
        return base == 1 ? 1 : base == -1 ? (exponent % 2 == 0 ? 1 : -1) : 0;
    for (uint64_t rest = (uint64_t)exponent; rest > 0; rest >>= 1, factor *= factor) {
        if (rest & 1)
            result *= factor;
    }
    return (int64_t)result;
}

/* A division by 0 gives 0, and the one that overflows wraps. */
static int64_t int_remainder(int64_t x, int64_t y)
{
    return y == 0 || y == -1 ? 0 : x % y;
}

static int64_t int_mod(int64_t x, int64_t y)
{
    const int64_t rest = int_remainder(x, y);
    return rest != 0 && (rest < 0) != (y < 0) ? rest + y : rest;
}

static int64_t int_floor_divide(int64_t x, int64_t y)
{
    if (y == 0)
        return 0;
    if (y == -1)
        return (int64_t)(0 - (uint64_t)x);
    return x / y - (int_remainder(x, y) != 0 && (x < 0) != (y < 0));
}

static uint64_t magnitude(int64_t x)
{
    return x < 0 ? 0 - (uint64_t)x : (uint64_t)x;
}

static int64_t gcd(int64_t x, int64_t y)
{
    uint64_t a = magnitude(x), b = magnitude(y);
    while (b != 0) {
        const uint64_t rest = a % b;
        a = b;
        b = rest;
    }
    return (int64_t)a;
}

static int64_t lcm(int64_t x, int64_t y)
{
    const int64_t divisor = gcd(x, y);
    return divisor == 0 ? 0 : (int64_t)(magnitude(x) / (uint64_t)divisor * magnitude(y));
}

static int64_t shift_left(int64_t x, int64_t y)
{
    return y < 0 || y > 63 ? 0 : (int64_t)((uint64_t)x << y);
}

static int64_t shift_right(int64_t x, int64_t y)
{
    return y < 0 || y > 63 ? (x < 0 ? -1 : 0) : x >> y;
}

#define DEFINE_FLOATS(R, suffix)                                                               \
    static R mod_##suffix(R x, R y)                                                            \
    {                                                                                          \
        R rest = fmod(x, y);                                                                   \
        return rest != 0 && (rest < 0) != (y < 0) ? rest + y : rest;                           \
    }                                                                                          \
    static R logaddexp_##suffix(R x, R y)                                                      \
    {                                                                                          \
        return x == y ? x + (R)0.69314718055994531 : fmax(x, y) + log1p(exp(-fabs(x - y)));    \
    }                                                                                          \
    static R logaddexp2_##suffix(R x, R y)                                                     \
    {                                                                                          \
        return fmax(x, y) + log1p(exp2(-fabs(x - y))) * (R)1.4426950408889634;                 \
    }

DEFINE_FLOATS(float, f32)
DEFINE_FLOATS(double, f64)

/* ---- tables: kind, formula ---- */

#define NUMBERS(X)                                                                             \
    X(MINIMUM, (x < y || x != x) ? x : y)                                                      \
    X(MAXIMUM, (x > y || x != x) ? x : y)

#define FLOATS(X, suffix)                                                                      \
    NUMBERS(X)                                                                                 \
    X(ADD, x + y)                                                                              \
    X(SUBTRACT, x - y)                                                                         \
    X(MULTIPLY, (x * y))                                                                       \
    X(POWER, pow(x, y))                                                                        \
    X(FLOOR_DIVIDE, floor(x / y))                                                              \
    X(MOD, mod_##suffix(x, y))                                                                 \
    X(FMOD, fmod(x, y))                                                                        \
    X(ARCTAN2, atan2(x, y))                                                                    \
    X(HYPOT, hypot(x, y))                                                                      \
    X(LOGADDEXP, logaddexp_##suffix(x, y))                                                     \
    X(LOGADDEXP2, logaddexp2_##suffix(x, y))                                                   \
    X(NEXTAFTER, nextafter(x, y))                                                              \
    X(FMIN, fmin(x, y))                                                                        \
    X(FMAX, fmax(x, y))                                                                        \
    X(HEAVISIDE, x != x ? x : x < 0 ? 0 : x == 0 ? y : 1)                                      \
    X(DIVIDE_NO_NAN, y == 0 ? 0 : x / y)

#define INTEGERS(X)                                                                            \
    NUMBERS(X)                                                                                 \
    X(ADD, WRAP(+))                                                                            \
    X(SUBTRACT, WRAP(-))                                                                       \
    X(MULTIPLY, WRAP(*))                                                                       \
    X(POWER, int_power(x, y))                                                                  \
    X(FLOOR_DIVIDE, int_floor_divide(x, y))                                                    \
    X(MOD, int_mod(x, y))                                                                      \
    X(FMOD, int_remainder(x, y))                                                               \
    X(AND, x &y)                                                                               \
    X(OR, x | y)                                                                               \
    X(XOR, x ^ y)                                                                              \
    X(LEFT_SHIFT, shift_left(x, y))                                                            \
    X(RIGHT_SHIFT, shift_right(x, y))                                                          \
    X(GCD, gcd(x, y))                                                                          \
    X(LCM, lcm(x, y))

#define COMPARISONS(X)                                                                         \
    X(EQUAL, x == y)                                                                           \
    X(NOT_EQUAL, x != y)                                                                       \
    X(LESS, x < y)                                                                             \
    X(LESS_EQUAL, x <= y)                                                                      \
    X(GREATER, x > y)                                                                          \
    X(GREATER_EQUAL, x >= y)

#define LOGIC(X)                                                                               \
    COMPARISONS(X)                                                                             \
    X(AND, (x && y))                                                                           \
    X(OR, (x || y))                                                                            \
    X(XOR, (x != y))

/* ---- loops ---- */

#define LOOP(name, formula)                                                                    \
    case CRN_PAIR_##name:                                                                      \
        for (int64_t i = 0; i < n; i++) {                                                      \
            const element x = a[i * steps[0]], y = b[i * steps[1]];                            \
            out[i] = (result)(formula);                                                        \
        }                                                                                      \
        return true;

/* False: the type does not have the kind. n 0 asks for no more than that. */
#define DEFINE_LOOPS(name, E, R, KINDS)                                                        \
    static bool name(crn_pairwise_kind kind, int64_t n, const int64_t *steps, const E *a,      \
                     const E *b, R *out)                                                       \
    {                                                                                          \
        typedef E element;                                                                     \
        typedef R result;                                                                      \
        switch (kind) {                                                                        \
            KINDS                                                                              \
        default:                                                                               \
            return false;                                                                      \
        }                                                                                      \
    }

DEFINE_LOOPS(compute_f32, float, float, FLOATS(LOOP, f32))
DEFINE_LOOPS(compute_f64, double, double, FLOATS(LOOP, f64))
DEFINE_LOOPS(compute_i64, int64_t, int64_t, INTEGERS(LOOP))
DEFINE_LOOPS(compare_f32, float, uint8_t, COMPARISONS(LOOP))
DEFINE_LOOPS(compare_f64, double, uint8_t, COMPARISONS(LOOP))
DEFINE_LOOPS(compare_i64, int64_t, uint8_t, COMPARISONS(LOOP))
DEFINE_LOOPS(compare_bool, uint8_t, uint8_t, LOGIC(LOOP))

static bool dispatch(crn_pairwise_kind kind, crn_dtype dtype, int64_t n, const int64_t *steps,
                     const void *const *in, void *out)
{
    switch (dtype) {
    case CRN_FLOAT32:
        return compute_f32(kind, n, steps, in[0], in[1], out) ||
               compare_f32(kind, n, steps, in[0], in[1], out);
    case CRN_FLOAT64:
        return compute_f64(kind, n, steps, in[0], in[1], out) ||
               compare_f64(kind, n, steps, in[0], in[1], out);
    case CRN_INT64:
        return compute_i64(kind, n, steps, in[0], in[1], out) ||
               compare_i64(kind, n, steps, in[0], in[1], out);
    case CRN_BOOL:
        return compare_bool(kind, n, steps, in[0], in[1], out);
    default:
        return false;
    }
}

static crn_status pairwise_infer(const void *attributes, const crn_type *in, int n_in,
                                 crn_type *out, crn_error *err)
{
    static const int64_t none[] = {0, 0};
    const crn_pairwise_kind kind = *(const crn_pairwise_kind *)attributes;
    CRN_TRY(crn_infer_count("pairwise", n_in, 2, 2, err));
    if (in[0].dtype != in[1].dtype)
        return crn_infer_misfit("pairwise", &in[0], &in[1], err);
    if (in[0].sparse || in[1].sparse ||
        !dispatch(kind, in[0].dtype, 0, none, (const void *const[]){NULL, NULL}, NULL))
        return crn_fail(err, CRN_DTYPE, "pairwise: function %d has no form for %s", (int)kind,
                        crn_dtype_name(in[0].dtype));
    CRN_TRY(crn_broadcast_infer("pairwise", &in[0], &in[1], &out[0], err));
    if (kind >= CRN_PAIR_EQUAL && kind <= CRN_PAIR_GREATER_EQUAL) {
        out[0].dtype = CRN_BOOL;
        out[0].itemsize = (int64_t)crn_dtype_size(CRN_BOOL);
    }
    return CRN_OK;
}

static void run(const crn_call *call, int64_t n, const int64_t *at, const int64_t *steps,
                int64_t out_at)
{
    const crn_type *in = &call->in_types[0], *out = &call->out_types[0];
    const void *from[] = {(const char *)call->in[0] + at[0] * in->itemsize,
                          (const char *)call->in[1] + at[1] * in->itemsize};
    dispatch(*(const crn_pairwise_kind *)call->attributes, in->dtype, n, steps, from,
             (char *)call->out[0] + out_at * out->itemsize);
}

static void pairwise_forward(const crn_call *call)
{
    crn_broadcast_pairs(call, run);
}

static void pairwise_cost(const void *attributes, const crn_type *in, const crn_type *out,
                          crn_cost *cost)
{
    const crn_pairwise_kind kind = *(const crn_pairwise_kind *)attributes;
    const bool simple = kind <= CRN_PAIR_MAXIMUM || kind >= CRN_PAIR_EQUAL;
    (void)in;
    cost->multiply_adds = (simple ? 1.0 : 10.0) * (double)crn_type_size(&out[0]);
}

static void pairwise_describe(const void *attributes, char *buffer, size_t size)
{
    static const char *const names[CRN_PAIR_COUNT] = {
        "add",          "subtract",  "multiply", "minimum",    "maximum",     "power",
        "floor_divide", "mod",       "fmod",     "arctan2",    "hypot",       "logaddexp",
        "logaddexp2",   "nextafter", "fmin",     "fmax",       "heaviside",   "divide_no_nan",
        "equal",        "not_equal", "less",     "less_equal", "greater",     "greater_equal",
        "and",          "or",        "xor",      "left_shift", "right_shift", "gcd",
        "lcm"};
    snprintf(buffer, size, "%s", names[*(const crn_pairwise_kind *)attributes]);
}

const crn_op crn_op_pairwise = {
    .name = "pairwise",
    .attributes_size = sizeof(crn_pairwise_kind),
    .n_out = 1,
    .infer = pairwise_infer,
    .forward = pairwise_forward,
    .cost = pairwise_cost,
    .describe = pairwise_describe,
};

crn_value crn_pairwise(crn_graph *graph, crn_value a, crn_value b, crn_pairwise_kind kind)
{
    return crn_graph_add_for_predict(graph, &crn_op_pairwise, &kind, (crn_value[]){a, b}, 2);
}
