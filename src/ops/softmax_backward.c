/* SPDX-License-Identifier: BSD-3-Clause */
/* Gradients of softmax and its kin along one axis of the item. */
#include "ops/backward.h"
#include "ops/rows.h"

#include <math.h>

/* One vector of n elements, `step` apart. */
typedef struct line {
    int64_t n, step;
    const float *x, *y, *g;
    float *gx;
} line;

/* y * (g - sum(g y)): TensorFlow's _SoftmaxGrad */
static void add_softmax(line l)
{
    float sum = 0.0f;
    for (int64_t i = 0; i < l.n; i++)
        sum += l.g[i * l.step] * l.y[i * l.step];
    for (int64_t i = 0; i < l.n; i++)
        l.gx[i * l.step] += (l.g[i * l.step] - sum) * l.y[i * l.step];
}

/* g - sum(g) exp(y): _LogSoftmaxGrad */
static void add_log_softmax(line l)
{
    float sum = 0.0f;
    for (int64_t i = 0; i < l.n; i++)
        sum += l.g[i * l.step];
    for (int64_t i = 0; i < l.n; i++)
        l.gx[i * l.step] += l.g[i * l.step] - sum * expf(l.y[i * l.step]);
}

/* The rank of element i, the largest being 1 and equal ones standing in order, when it belongs
 * to the support: x_i r > sum of the first r - 1. 0 outside. */
static int64_t support_rank(line l, int64_t i)
{
    float x = l.x[i * l.step], sum = x;
    int64_t rank = 1;
    for (int64_t j = 0; j < l.n; j++) {
        float other = l.x[j * l.step];
        if (other > x || (other == x && j < i)) {
            sum += other;
            rank++;
        }
    }
    return x - (sum - 1.0f) / (float)rank > 0.0f ? rank : 0;
}

/* y = max(x - tau, 0), where Keras 3.15 takes for tau the sum of the partial sums of the k
 * elements of the support, less 1, divided by k (not their last partial sum, as Martins and
 * Astudillo do): the element of rank r counts k - r + 1 times in it. */
static void add_sparsemax(line l)
{
    float through = 0.0f, support = 0.0f;
    for (int64_t i = 0; i < l.n; i++) {
        support += support_rank(l, i) > 0 ? 1.0f : 0.0f;
        through += l.y[i * l.step] > 0.0f ? l.g[i * l.step] : 0.0f;
    }
    for (int64_t i = 0; i < l.n; i++) {
        int64_t rank = support_rank(l, i);
        float of_tau = rank > 0 ? (support - (float)rank + 1.0f) / support : 0.0f;
        l.gx[i * l.step] +=
            (l.y[i * l.step] > 0.0f ? l.g[i * l.step] : 0.0f) - through * of_tau;
    }
}

/* (g - sum(g y)) / sum(x); a constant, and so 0, where the sum is 0 */
static void add_normalize_l1(line l)
{
    float total = 0.0f, sum = 0.0f;
    for (int64_t i = 0; i < l.n; i++) {
        total += l.x[i * l.step];
        sum += l.g[i * l.step] * l.y[i * l.step];
    }
    if (total == 0.0f)
        return;
    for (int64_t i = 0; i < l.n; i++)
        l.gx[i * l.step] += (l.g[i * l.step] - sum) / total;
}

void crn_softmax_backward(const crn_call *call)
{
    static void (*const add[])(line) = {[CRN_SOFTMAX] = add_softmax,
                                        [CRN_LOG_SOFTMAX] = add_log_softmax,
                                        [CRN_SPARSEMAX] = add_sparsemax,
                                        [CRN_NORMALIZE_L1] = add_normalize_l1};
    const crn_softmax_attributes *attributes = call->attributes;
    const crn_type *type = &call->in_types[0];
    line l = {.n = type->shape[attributes->axis], .step = 1};
    for (int32_t i = attributes->axis + 1; i < type->ndim; i++)
        l.step *= type->shape[i];
    int64_t size = crn_type_count(type, call->rows);
    if (call->grad_in[0] == NULL || size == 0)
        return;
    for (int64_t block = 0; block < size; block += l.n * l.step) {
        for (int64_t k = 0; k < l.step; k++) {
            l.x = (const float *)call->in[0] + block + k;
            l.y = (const float *)call->out[0] + block + k;
            l.g = (const float *)call->grad_out[0] + block + k;
            l.gx = (float *)call->grad_in[0] + block + k;
            add[attributes->kind](l);
        }
    }
}
