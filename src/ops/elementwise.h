/* SPDX-License-Identifier: BSD-3-Clause */
/* Operations that treat every element or every row's vector alike: scale, unary, binary, cast,
 * step. */
#ifndef CRN_OPS_ELEMENTWISE_H
#define CRN_OPS_ELEMENTWISE_H

#include "ops/graph.h"

/* ---- scale: one pair of numbers for each place of the last axis ---- */

typedef enum crn_scale_form {
    CRN_SCALE_MULTIPLY_ADD,    /* x * a + b */
    CRN_SCALE_SUBTRACT_DIVIDE, /* (x - a) / b: StandardScaler's order of operations */
    CRN_SCALE_DIVIDE_ADD       /* x / a + b */
} crn_scale_form;

typedef struct crn_scale_attributes {
    crn_scale_form form;
    bool clip; /* then clamp to [low, high] */
    double low, high;
} crn_scale_attributes;

/* x (rows, ..., n) float; a, b (n) of the same type, or CRN_NO_VALUE for the neutral element.
 * A sparse x stays sparse where no offset is given. */
crn_value crn_scale(crn_graph *graph, crn_value x, crn_scale_form form, crn_value a,
                    crn_value b);
/* The same, clamped. */
crn_value crn_scale_clipped(crn_graph *graph, crn_value x, crn_scale_form form, crn_value a,
                            crn_value b, double low, double high);

/* ---- unary: functions of one element ---- */

typedef enum crn_unary_kind {
    CRN_UNARY_NEGATE,
    CRN_UNARY_ABS,
    CRN_UNARY_SQUARE,
    CRN_UNARY_SQRT,
    CRN_UNARY_EXP,
    CRN_UNARY_LOG,
    CRN_UNARY_LOG1P,
    CRN_UNARY_EXPM1,
    CRN_UNARY_RECIPROCAL,
    CRN_UNARY_COMPLEMENT, /* 1 - x */
    CRN_UNARY_COS,
    CRN_UNARY_EXPIT /* scipy.special.expit: float64 sigmoid */
} crn_unary_kind;

crn_value crn_unary(crn_graph *graph, crn_value x, crn_unary_kind kind);

/* A NumPy function of one element by its name ("log1p"); false when it is not known. */
bool crn_numpy_function_find(const char *name, int *out);
/* x float64. */
crn_value crn_numpy_function(crn_graph *graph, crn_value x, int function);

/* x ^ exponent, x float64. */
crn_value crn_power(crn_graph *graph, crn_value x, double exponent);

/* ---- binary: two values of the same type, or a value and a constant over its rows ---- */

typedef enum crn_binary_kind {
    CRN_BINARY_ADD,
    CRN_BINARY_SUBTRACT,
    CRN_BINARY_MULTIPLY,
    CRN_BINARY_DIVIDE,
    CRN_BINARY_MINIMUM,
    CRN_BINARY_MAXIMUM
} crn_binary_kind;

/* NumPy's broadcasting on the item shapes (axes behind the rows). */
crn_value crn_binary(crn_graph *graph, crn_value a, crn_value b, crn_binary_kind kind);

/* ---- cast and step ---- */

/* To another number type, as astype does. The same type returns x itself. */
crn_value crn_cast(crn_graph *graph, crn_value x, crn_dtype dtype);
/* int64 1 where x > threshold, else 0: a binary classifier's decision. NaN gives 0. */
crn_value crn_step(crn_graph *graph, crn_value x, double threshold);

#endif
