/* SPDX-License-Identifier: BSD-3-Clause */
/* normalise: groups of an item's numbers by their own mean and variance, or by their norm.
 * Inputs: x, gamma (optional), beta (optional). Groups whose numbers do not stand side by side
 * are gathered, normalised and put back one by one. */
#include <math.h>
#include <stdio.h>

#include "ops/infer.h"
#include "ops/normalise.h"
#include "ops/tensor.h"

static int64_t group_size(const crn_normalise_attributes *a)
{
    return a->a * a->b;
}

static bool is_parameter(const crn_type *type, int64_t n)
{
    return type->dtype == CRN_NO_DTYPE ||
           (type->dtype == CRN_FLOAT32 && !type->rows && crn_type_size(type) == n);
}

static crn_status normalise_infer(const void *attributes, const crn_type *in, int n_in,
                                  crn_type *out, crn_error *err)
{
    const crn_normalise_attributes *a = attributes;
    CRN_TRY(crn_infer_count("normalise", n_in, 3, 3, err));
    if (in[0].dtype != CRN_FLOAT32 || in[0].sparse)
        return crn_fail(err, CRN_DTYPE, "normalise: takes float32, not %s",
                        crn_dtype_name(in[0].dtype));
    if (a->outer < 1 || a->a < 1 || a->kept < 1 || a->b < 1 ||
        a->outer * a->kept * group_size(a) != crn_type_size(&in[0]))
        return crn_fail(err, CRN_SHAPE, "normalise: the groups are not those of the item");
    for (int i = 1; i < 3; i++) {
        if (!is_parameter(&in[i], group_size(a)))
            return crn_infer_misfit("normalise", &in[0], &in[i], err);
    }
    out[0] = in[0];
    return CRN_OK;
}

/* ---- one group: n numbers side by side ---- */

enum { LANES = 16 }; /* sums at once: a sum's error grows with n / LANES */

#define DEFINE_TOTAL(name, term)                                                               \
    static float name(int64_t n, const float *x, float about)                                  \
    {                                                                                          \
        float sums[LANES] = {0}, sum = 0.0f;                                                   \
        int64_t j = 0;                                                                         \
        for (; j + LANES <= n; j += LANES) {                                                   \
            for (int c = 0; c < LANES; c++) {                                                  \
                const float v = x[j + c] - about;                                              \
                sums[c] += term;                                                               \
            }                                                                                  \
        }                                                                                      \
        for (; j < n; j++) {                                                                   \
            const float v = x[j] - about;                                                      \
            sum += term;                                                                       \
        }                                                                                      \
        for (int half = LANES / 2; half > 0; half /= 2) {                                      \
            for (int c = 0; c < half; c++)                                                     \
                sums[c] += sums[c + half];                                                     \
        }                                                                                      \
        return sum + sums[0];                                                                  \
    }

DEFINE_TOTAL(total, v)
DEFINE_TOTAL(total_squares, v *v)

/* What the group is multiplied by; *mean is what is taken off before, in MOMENTS. */
static float find_factor(const crn_normalise_attributes *a, int64_t n, const float *x,
                         float *mean)
{
    const bool centred = a->kind == CRN_NORMALISE_MOMENTS || a->kind == CRN_NORMALISE_SPREAD;
    *mean = centred ? total(n, x, 0.0f) / (float)n : 0.0f;
    const float squares = total_squares(n, x, *mean);
    if (a->kind == CRN_NORMALISE_UNIT) {
        const float factor = 1.0f / sqrtf(squares);
        return factor > 1.0f / a->epsilon ? 1.0f / a->epsilon : factor;
    }
    if (a->kind == CRN_NORMALISE_UNIT_SQUARES)
        return 1.0f / sqrtf(squares < a->epsilon ? a->epsilon : squares);
    return 1.0f / sqrtf(squares / (float)n + a->epsilon);
}

/* In the order of operations of keras/src/ops/nn.py (3.15): one factor and one shift for each
 * element. x and y may be the same. */
static void normalise_group(const crn_normalise_attributes *a, const float *gamma,
                            const float *beta, const float *x, float *y)
{
    const int64_t n = group_size(a);
    float mean;
    const float factor = find_factor(a, n, x, &mean);
    const float shift = a->kind == CRN_NORMALISE_MOMENTS ? -mean : 0.0f;
    if (gamma == NULL && beta == NULL) {
        for (int64_t j = 0; j < n; j++)
            y[j] = x[j] * factor + shift * factor;
    } else if (gamma == NULL) {
        for (int64_t j = 0; j < n; j++)
            y[j] = x[j] * factor + (shift * factor + beta[j]);
    } else if (beta == NULL) {
        for (int64_t j = 0; j < n; j++)
            y[j] = x[j] * (factor * gamma[j]) + shift * (factor * gamma[j]);
    } else {
        for (int64_t j = 0; j < n; j++)
            y[j] = x[j] * (factor * gamma[j]) + (shift * (factor * gamma[j]) + beta[j]);
    }
}

/* The group of `kept` in x (a, kept, b), into or out of n numbers side by side. */
static void gather(const crn_normalise_attributes *a, const float *x, float *group)
{
    for (int64_t i = 0; i < a->a; i++, x += a->kept * a->b, group += a->b) {
        for (int64_t j = 0; j < a->b; j++)
            group[j] = x[j];
    }
}

static void scatter(const crn_normalise_attributes *a, const float *group, float *y)
{
    for (int64_t i = 0; i < a->a; i++, y += a->kept * a->b, group += a->b) {
        for (int64_t j = 0; j < a->b; j++)
            y[j] = group[j];
    }
}

static void normalise_forward(const crn_call *call)
{
    const crn_normalise_attributes *a = call->attributes;
    const int64_t n = group_size(a),
                  blocks = a->outer * (call->in_types[0].rows ? call->rows : 1);
    const float *x = call->in[0];
    float *y = call->out[0], *group = call->scratch;
    for (int64_t block = 0; a->kept == 1 && block < blocks; block++)
        normalise_group(a, call->in[1], call->in[2], x + block * n, y + block * n);
    if (a->kept == 1)
        return;
    for (int64_t block = 0; block < blocks; block++) {
        for (int64_t k = 0; k < a->kept; k++) {
            const int64_t at = block * n * a->kept + k * a->b;
            gather(a, x + at, group);
            normalise_group(a, call->in[1], call->in[2], group, group);
            scatter(a, group, y + at);
        }
    }
}

static size_t normalise_scratch(const void *attributes, const crn_type *in, int n_in,
                                int64_t rows)
{
    const crn_normalise_attributes *a = attributes;
    (void)in, (void)n_in, (void)rows;
    return a->kept == 1 ? 0 : (size_t)group_size(a) * sizeof(float);
}

static void normalise_cost(const void *attributes, const crn_type *in, const crn_type *out,
                           crn_cost *cost)
{
    (void)attributes, (void)in;
    cost->multiply_adds = 4.0 * (double)crn_type_size(&out[0]);
}

static void normalise_describe(const void *attributes, char *buffer, size_t size)
{
    static const char *const names[] = {"moments", "spread", "rms", "unit", "unit"};
    const crn_normalise_attributes *a = attributes;
    snprintf(buffer, size, "%s of %lld", names[a->kind], (long long)group_size(a));
}

const crn_op crn_op_normalise = {
    .name = "normalise",
    .attributes_size = sizeof(crn_normalise_attributes),
    .flags = CRN_OP_ELEMENTWISE,
    .n_out = 1,
    .infer = normalise_infer,
    .scratch = normalise_scratch,
    .forward = normalise_forward,
    .cost = normalise_cost,
    .describe = normalise_describe,
};

crn_value crn_normalise(crn_graph *graph, crn_value x, crn_value gamma, crn_value beta,
                        const crn_normalise_attributes *how)
{
    return crn_graph_add_for_predict(graph, &crn_op_normalise, how,
                                     (crn_value[]){x, gamma, beta}, 3);
}
