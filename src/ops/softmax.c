/* SPDX-License-Identifier: BSD-3-Clause */
/* softmax and its kin: an axis of the item becomes shares that sum to 1 (or their logarithms).
 */
#include <math.h>
#include <stdio.h>
#include <tgmath.h>

#include "ops/backward.h"
#include "ops/infer.h"
#include "ops/rows.h"

static crn_status softmax_infer(const void *attributes, const crn_type *in, int n_in,
                                crn_type *out, crn_error *err)
{
    const crn_softmax_attributes *a = attributes;
    CRN_TRY(crn_infer_count("softmax", n_in, 1, 1, err));
    CRN_TRY(crn_infer_float("softmax", &in[0], err));
    if (a->axis < 0 || a->axis >= in[0].ndim)
        return crn_fail(err, CRN_ARGUMENT, "softmax: no axis %d in an item of %d axes",
                        (int)a->axis, (int)in[0].ndim);
    out[0] = in[0];
    return CRN_OK;
}

/* ---- one axis: n elements, `step` apart ---- */

/* sparsemax as Keras 3.15 computes it (keras/src/backend/tensorflow/nn.py): x - tau cut at 0.
 * The support, the k elements that the projection on the simplex keeps, is found without
 * sorting: elements below the threshold of the rest are dropped until none is (C. Michelot,
 * 1986). Keras then takes for tau not (sum of the support - 1) / k but (sum of the running sums
 * of the sorted support - 1) / k; a running sum counts each element once for itself and once
 * for each smaller one, which is the sum of the larger of every pair. */
#define DEFINE_AXIS(R, suffix)                                                                 \
    static R largest_##suffix(int64_t n, int64_t step, const R *x)                             \
    {                                                                                          \
        R most = x[0];                                                                         \
        for (int64_t i = 1; i < n; i++)                                                        \
            most = x[i * step] > most ? x[i * step] : most;                                    \
        return most;                                                                           \
    }                                                                                          \
                                                                                               \
    static void exponents_##suffix(int64_t n, int64_t step, const R *x, R *y)                  \
    {                                                                                          \
        R most = largest_##suffix(n, step, x), sum = 0;                                        \
        for (int64_t i = 0; i < n; i++) {                                                      \
            y[i * step] = exp(x[i * step] - most);                                             \
            sum += y[i * step];                                                                \
        }                                                                                      \
        for (int64_t i = 0; i < n; i++)                                                        \
            y[i * step] /= sum;                                                                \
    }                                                                                          \
                                                                                               \
    static void logarithms_##suffix(int64_t n, int64_t step, const R *x, R *y)                 \
    {                                                                                          \
        R most = largest_##suffix(n, step, x), sum = 0;                                        \
        for (int64_t i = 0; i < n; i++)                                                        \
            sum += exp(x[i * step] - most);                                                    \
        R log_sum = log(sum);                                                                  \
        for (int64_t i = 0; i < n; i++)                                                        \
            y[i * step] = x[i * step] - most - log_sum;                                        \
    }                                                                                          \
                                                                                               \
    static R support_threshold_##suffix(int64_t n, int64_t step, const R *x)                   \
    {                                                                                          \
        R threshold = -INFINITY;                                                               \
        for (int64_t kept = n + 1, before = n + 2; kept > 0 && kept < before;) {               \
            R sum = 0;                                                                         \
            before = kept;                                                                     \
            kept = 0;                                                                          \
            for (int64_t i = 0; i < n; i++) {                                                  \
                if (!(x[i * step] <= threshold)) {                                             \
                    sum += x[i * step];                                                        \
                    kept++;                                                                    \
                }                                                                              \
            }                                                                                  \
            threshold = kept > 0 ? (sum - 1) / (R)kept : threshold;                            \
        }                                                                                      \
        return threshold;                                                                      \
    }                                                                                          \
                                                                                               \
    static void projection_##suffix(int64_t n, int64_t step, const R *x, R *y)                 \
    {                                                                                          \
        R threshold = support_threshold_##suffix(n, step, x), sum = -1, kept = 0;              \
        for (int64_t i = 0; i < n; i++) {                                                      \
            if (x[i * step] <= threshold)                                                      \
                continue;                                                                      \
            kept++;                                                                            \
            sum += x[i * step];                                                                \
            for (int64_t j = 0; j < i; j++) {                                                  \
                if (!(x[j * step] <= threshold))                                               \
                    sum += x[j * step] > x[i * step] ? x[j * step] : x[i * step];              \
            }                                                                                  \
        }                                                                                      \
        R tau = sum / kept;                                                                    \
        for (int64_t i = 0; i < n; i++)                                                        \
            y[i * step] = x[i * step] - tau < 0 ? 0 : x[i * step] - tau;                       \
    }                                                                                          \
                                                                                               \
    static void shares_##suffix(int64_t n, int64_t step, const R *x, R *y)                     \
    {                                                                                          \
        R sum = 0;                                                                             \
        for (int64_t i = 0; i < n; i++)                                                        \
            sum += x[i * step];                                                                \
        for (int64_t i = 0; i < n; i++)                                                        \
            y[i * step] = sum == 0 ? 1 / (R)n : x[i * step] / sum;                             \
    }                                                                                          \
                                                                                               \
    static void axis_##suffix(crn_softmax_kind kind, int64_t n, int64_t step, const R *x,      \
                              R *y)                                                            \
    {                                                                                          \
        switch (kind) {                                                                        \
        case CRN_SOFTMAX:                                                                      \
            exponents_##suffix(n, step, x, y);                                                 \
            break;                                                                             \
        case CRN_LOG_SOFTMAX:                                                                  \
            logarithms_##suffix(n, step, x, y);                                                \
            break;                                                                             \
        case CRN_SPARSEMAX:                                                                    \
            projection_##suffix(n, step, x, y);                                                \
            break;                                                                             \
        case CRN_NORMALIZE_L1:                                                                 \
            shares_##suffix(n, step, x, y);                                                    \
            break;                                                                             \
        }                                                                                      \
    }

DEFINE_AXIS(float, f32)
DEFINE_AXIS(double, f64)

static void softmax_forward(const crn_call *call)
{
    const crn_softmax_attributes *a = call->attributes;
    const crn_type *type = &call->out_types[0];
    int64_t n = type->shape[a->axis], inner = 1, outer = type->rows ? call->rows : 1;
    for (int32_t i = 0; i < a->axis; i++)
        outer *= type->shape[i];
    for (int32_t i = a->axis + 1; i < type->ndim; i++)
        inner *= type->shape[i];
    if (a->kind == CRN_SOFTMAX && inner == 1) {
        if (type->dtype == CRN_FLOAT32)
            call->kernels->softmax_f32(outer, n, call->in[0], call->out[0]);
        else
            call->kernels->softmax_f64(outer, n, call->in[0], call->out[0]);
        return;
    }
    for (int64_t o = 0; n > 0 && o < outer; o++) {
        for (int64_t i = 0; i < inner; i++) {
            int64_t at = o * n * inner + i;
            if (type->dtype == CRN_FLOAT32)
                axis_f32(a->kind, n, inner, (const float *)call->in[0] + at,
                         (float *)call->out[0] + at);
            else
                axis_f64(a->kind, n, inner, (const double *)call->in[0] + at,
                         (double *)call->out[0] + at);
        }
    }
}

static void softmax_cost(const void *attributes, const crn_type *in, const crn_type *out,
                         crn_cost *cost)
{
    (void)attributes, (void)in;
    cost->multiply_adds = 12.0 * (double)crn_type_size(&out[0]);
}

static void softmax_describe(const void *attributes, char *buffer, size_t size)
{
    static const char *const names[] = {"softmax", "log_softmax", "sparsemax", "normalize_l1"};
    const crn_softmax_attributes *a = attributes;
    snprintf(buffer, size, "%s axis=%d", names[a->kind], (int)a->axis);
}

const crn_op crn_op_softmax = {
    .name = "softmax",
    .attributes_size = sizeof(crn_softmax_attributes),
    .flags = CRN_OP_ELEMENTWISE,
    .n_out = 1,
    .infer = softmax_infer,
    .forward = softmax_forward,
    .backward = crn_softmax_backward,
    .cost = softmax_cost,
    .describe = softmax_describe,
};

crn_value crn_softmax(crn_graph *graph, crn_value x, crn_softmax_kind kind, int32_t axis)
{
    int32_t ndim = crn_graph_type(graph, x)->ndim;
    crn_softmax_attributes attributes = {.kind = kind, .axis = axis < 0 ? axis + ndim : axis};
    return crn_graph_add(graph, &crn_op_softmax, &attributes, &x, 1);
}
