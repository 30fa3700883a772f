/* SPDX-License-Identifier: BSD-3-Clause */
/* Operations of tensor programs (keras.ops): views, pairs of elements, choices, reductions.
 * Axes are those of the item: 0 is the first behind the rows. For predict() alone: a graph that
 * trains refuses them. */
#ifndef CRN_OPS_TENSOR_H
#define CRN_OPS_TENSOR_H

#include "ops/rows.h"

/* ---- view: the elements of an item in another order ---- */

/* Element (i, j, ...) of the new item is element offset + i steps[0] + j steps[1] + ... of the
 * old: slices, transposes, repetitions (step 0) and their combinations. */
typedef struct crn_view_attributes {
    int32_t ndim;
    int64_t shape[CRN_MAX_NDIM], steps[CRN_MAX_NDIM];
    int64_t offset;
} crn_view_attributes;

/* The view that changes nothing, to start from. */
crn_view_attributes crn_view_of(const crn_type *type);
crn_value crn_view(crn_graph *graph, crn_value x, const crn_view_attributes *view);
/* `order` names each new axis's old one. */
crn_value crn_permute(crn_graph *graph, crn_value x, const int32_t *order);
/* count elements of an axis from `start` on, every `step`-th (negative: backwards). */
crn_value crn_slice(crn_graph *graph, crn_value x, int32_t axis, int64_t start, int64_t count,
                    int64_t step);
/* NumPy's broadcast_to: to a shape with as many axes or more. */
crn_value crn_broadcast_to(crn_graph *graph, crn_value x, int32_t ndim, const int64_t *shape);
/* An axis of length 1 before axis `axis` (0..ndim). Costs nothing. */
crn_value crn_expand_axis(crn_graph *graph, crn_value x, int32_t axis);

/* ---- pairwise: functions of two elements that crn_binary() does not have ---- */

/* Arithmetic keeps the type (float32, float64, int64); comparisons of those and of bool give
 * bool; logic takes and gives bool; bits are of int64. */
typedef enum crn_pairwise_kind {
    CRN_PAIR_ADD,
    CRN_PAIR_SUBTRACT,
    CRN_PAIR_MULTIPLY,
    CRN_PAIR_MINIMUM,
    CRN_PAIR_MAXIMUM,
    CRN_PAIR_POWER,
    CRN_PAIR_FLOOR_DIVIDE,
    CRN_PAIR_MOD,     /* the sign of the divisor */
    CRN_PAIR_FMOD,    /* the sign of the dividend */
    CRN_PAIR_ARCTAN2, /* from here to DIVIDE_NO_NAN: floats only */
    CRN_PAIR_HYPOT,
    CRN_PAIR_LOGADDEXP,
    CRN_PAIR_LOGADDEXP2,
    CRN_PAIR_NEXTAFTER,
    CRN_PAIR_FMIN,
    CRN_PAIR_FMAX,
    CRN_PAIR_HEAVISIDE,
    CRN_PAIR_DIVIDE_NO_NAN, /* 0 where the divisor is 0 */
    CRN_PAIR_EQUAL,
    CRN_PAIR_NOT_EQUAL,
    CRN_PAIR_LESS,
    CRN_PAIR_LESS_EQUAL,
    CRN_PAIR_GREATER,
    CRN_PAIR_GREATER_EQUAL,
    CRN_PAIR_AND, /* bool or, bit by bit, int64 */
    CRN_PAIR_OR,
    CRN_PAIR_XOR,
    CRN_PAIR_LEFT_SHIFT, /* from here on: int64 only */
    CRN_PAIR_RIGHT_SHIFT,
    CRN_PAIR_GCD,
    CRN_PAIR_LCM,
    CRN_PAIR_COUNT
} crn_pairwise_kind;

/* Two values of one type, broadcast as NumPy does. */
crn_value crn_pairwise(crn_graph *graph, crn_value a, crn_value b, crn_pairwise_kind kind);

/* ---- choose and test ---- */

/* x where the condition (bool) holds, y elsewhere; the three are broadcast. */
crn_value crn_choose(crn_graph *graph, crn_value condition, crn_value x, crn_value y);

typedef enum crn_test_kind {
    CRN_TEST_IS_NAN,
    CRN_TEST_IS_INF,
    CRN_TEST_IS_FINITE,
    CRN_TEST_IS_POSITIVE_INF,
    CRN_TEST_IS_NEGATIVE_INF,
    CRN_TEST_SIGNBIT,
    CRN_TEST_NOT, /* is it 0, or False? */
    CRN_TEST_COUNT
} crn_test_kind;

/* bool, of a float, an int64 or a bool. */
crn_value crn_test(crn_graph *graph, crn_value x, crn_test_kind kind);

/* A constant without axes of any number type. */
crn_value crn_number(crn_graph *graph, crn_dtype dtype, double number);

/* ---- reduce_axis, scan_axis ---- */

typedef enum crn_reduce_axis_kind {
    CRN_AXIS_SUM, /* float32 adds in float64 */
    CRN_AXIS_MEAN,
    CRN_AXIS_PROD,
    CRN_AXIS_MAX,
    CRN_AXIS_MIN,
    CRN_AXIS_ANY, /* bool to bool */
    CRN_AXIS_ALL,
    CRN_AXIS_ARGMAX, /* to int64: the first */
    CRN_AXIS_ARGMIN,
    CRN_AXIS_CUMSUM, /* these two keep the axis */
    CRN_AXIS_CUMPROD,
    CRN_AXIS_SORT, /* ascending; NaN last */
    CRN_AXIS_ARGSORT,
    CRN_AXIS_COUNT
} crn_reduce_axis_kind;

/* One axis of an item of float32, float64, int64 or bool. */
crn_value crn_reduce_axis(crn_graph *graph, crn_value x, crn_reduce_axis_kind kind,
                          int32_t axis);

/* ---- matmul ---- */

/* (..., m, k) by (..., k, n), float32, as numpy.matmul broadcasts. */
crn_value crn_matmul(crn_graph *graph, crn_value a, crn_value b);

/* ---- made of other operations (tensor.c) ---- */

/* The first half of an axis times the sigmoid of the second. */
crn_value crn_glu(crn_graph *graph, crn_value x, int32_t axis);
/* Over several axes as if they were one. */
crn_value crn_softmax_axes(crn_graph *graph, crn_value x, crn_softmax_kind kind,
                           const int32_t *axes, int32_t count);
/* The axes named moved behind the others, in their order, and made one. order, if not NULL: for
 * each new axis, those that were joined apart, its old place. */
crn_value crn_join_axes(crn_graph *graph, crn_value x, const int32_t *axes, int32_t count,
                        int32_t *order);

/* The training graph's refusal that all of these share. */
crn_value crn_graph_add_for_predict(crn_graph *graph, const crn_op *op, const void *attributes,
                                    const crn_value *in, int n_in);

#endif
