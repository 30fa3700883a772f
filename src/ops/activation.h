/* SPDX-License-Identifier: BSD-3-Clause */
/* Elementwise activation functions, as keras.activations 3.15 defines them (softmax and kin,
 * which need a whole axis, are ops/softmax.h). Also float64, for scikit-learn's links. */
#ifndef CRN_OPS_ACTIVATION_H
#define CRN_OPS_ACTIVATION_H

#include "ops/graph.h"

/* name as Keras writes it, number, meaning of the two parameters a and b (0 where unused) */
#define CRN_ACTIVATION_MAP(X)                                                                  \
    X(LINEAR, "linear")                                                                        \
    X(RELU, "relu") /* a: negative_slope, b: max_value (infinity: none), c: threshold */       \
    X(RELU6, "relu6")                                                                          \
    X(SIGMOID, "sigmoid")                                                                      \
    X(TANH, "tanh")                                                                            \
    X(ELU, "elu") /* a: alpha */                                                               \
    X(SELU, "selu")                                                                            \
    X(SOFTPLUS, "softplus")                                                                    \
    X(SOFTSIGN, "softsign")                                                                    \
    X(SILU, "silu") /* also "swish" */                                                         \
    X(GELU, "gelu") /* a: 1 for the tanh approximation */                                      \
    X(EXPONENTIAL, "exponential")                                                              \
    X(HARD_SIGMOID,                                                                            \
      "hard_sigmoid")         /* a: slope (1/6 in Keras 3, 0.2 in Keras 2), b: offset 0.5 */   \
    X(HARD_SILU, "hard_silu") /* also "hard_swish" */                                          \
    X(HARD_TANH, "hard_tanh")                                                                  \
    X(LEAKY_RELU, "leaky_relu") /* a: negative_slope */                                        \
    X(MISH, "mish")                                                                            \
    X(CELU, "celu") /* a: alpha */                                                             \
    X(LOG_SIGMOID, "log_sigmoid")                                                              \
    X(HARD_SHRINK, "hard_shrink") /* a: threshold */                                           \
    X(SOFT_SHRINK, "soft_shrink") /* a: threshold */                                           \
    X(TANH_SHRINK, "tanh_shrink")                                                              \
    X(THRESHOLD, "threshold") /* a: threshold, b: value */                                     \
    X(SPARSE_PLUS, "sparse_plus")                                                              \
    X(SPARSE_SIGMOID, "sparse_sigmoid")                                                        \
    X(SQUAREPLUS, "squareplus") /* a: 4 */

typedef enum crn_activation_kind {
#define CRN_ACTIVATION_ENUM(name, text) CRN_##name,
    CRN_ACTIVATION_MAP(CRN_ACTIVATION_ENUM)
#undef CRN_ACTIVATION_ENUM
        CRN_ACTIVATION_COUNT
} crn_activation_kind;

/* A kind and its parameters; all-zero is linear. Attributes of the operation `activation`. */
typedef struct crn_activation {
    crn_activation_kind kind;
    float a, b, c;
} crn_activation;

/* The kind with its default parameters (Keras 3's). */
crn_activation crn_activation_default(crn_activation_kind kind);
const char *crn_activation_name(crn_activation_kind kind);
/* By Keras's name ("swish" and "hard_swish" included); false when unknown. */
bool crn_activation_find(const char *name, crn_activation *out);

/* y[i] = activation(x[i]) for n elements of float32 or float64; x and y may be the same memory.
 */
void crn_activation_run(const crn_activation *activation, crn_dtype dtype, int64_t n,
                        const void *x, void *y, const crn_kernels *kernels);

/* Any float32 or float64 value; the same type. CRN_LINEAR returns x itself. */
crn_value crn_activate(crn_graph *graph, crn_value x, crn_activation activation);

#endif
