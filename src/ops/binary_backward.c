/* SPDX-License-Identifier: BSD-3-Clause */
/* Gradients of the binary operations: summed over the axes along which an operand was repeated.
 */
#include "ops/backward.h"
#include "ops/elementwise.h"

/* What the result's element (a, b) -> y contributes to each operand, for d loss / d y = g. Ties
 * of minimum and maximum go to the first operand, as in TensorFlow's _MaximumMinimumGrad. */
static inline float to_first(crn_binary_kind kind, float a, float b, float g)
{
    switch (kind) {
    case CRN_BINARY_ADD:
    case CRN_BINARY_SUBTRACT:
        return g;
    case CRN_BINARY_MULTIPLY:
        return g * b;
    case CRN_BINARY_DIVIDE:
        return g / b;
    case CRN_BINARY_MINIMUM:
        return a <= b ? g : 0.0f;
    case CRN_BINARY_MAXIMUM:
        return a >= b ? g : 0.0f;
    }
    return 0.0f;
}

static inline float to_second(crn_binary_kind kind, float a, float b, float g)
{
    switch (kind) {
    case CRN_BINARY_ADD:
        return g;
    case CRN_BINARY_SUBTRACT:
        return -g;
    case CRN_BINARY_MULTIPLY:
        return g * a;
    case CRN_BINARY_DIVIDE:
        return g * (-a / b / b);
    case CRN_BINARY_MINIMUM:
        return a <= b ? 0.0f : g;
    case CRN_BINARY_MAXIMUM:
        return a >= b ? 0.0f : g;
    }
    return 0.0f;
}

/* Walks the result's axes (rows first): step[k] is how far operand k moves along an axis, 0
 * where it is repeated. */
typedef struct walk {
    int ndim;
    int64_t shape[CRN_MAX_NDIM + 1];
    int64_t step[2][CRN_MAX_NDIM + 1];
} walk;

static void set_steps(walk *w, int k, const crn_type *type)
{
    int64_t step = 1;
    for (int axis = w->ndim - 1, i = type->ndim - 1; axis >= 1; axis--, i--) {
        bool repeated = i < 0 || type->shape[i] == 1;
        w->step[k][axis] = repeated ? 0 : step;
        step *= i < 0 ? 1 : type->shape[i];
    }
    w->step[k][0] = type->rows ? step : 0;
}

static walk walk_of(const crn_call *call)
{
    const crn_type *y = &call->out_types[0];
    walk w = {.ndim = y->ndim + 1, .shape = {y->rows ? call->rows : 1}};
    for (int i = 0; i < y->ndim; i++)
        w.shape[i + 1] = y->shape[i];
    set_steps(&w, 0, &call->in_types[0]);
    set_steps(&w, 1, &call->in_types[1]);
    return w;
}

/* Moves `index` to the next position of the axes but the last; false after the end. */
static bool next(const walk *w, int64_t *index, int64_t *at)
{
    for (int axis = w->ndim - 2; axis >= 0; axis--) {
        at[0] += w->step[0][axis];
        at[1] += w->step[1][axis];
        if (++index[axis] < w->shape[axis])
            return true;
        at[0] -= w->step[0][axis] * w->shape[axis];
        at[1] -= w->step[1][axis] * w->shape[axis];
        index[axis] = 0;
    }
    return false;
}

/* One run along the last axis. */
static void add_run(const crn_call *call, const walk *w, const float *g, const int64_t *at)
{
    crn_binary_kind kind = *(const crn_binary_kind *)call->attributes;
    int last = w->ndim - 1;
    int64_t n = w->shape[last];
    int64_t step_a = w->step[0][last], step_b = w->step[1][last];
    const float *a = (const float *)call->in[0] + at[0];
    const float *b = (const float *)call->in[1] + at[1];
    if (call->grad_in[0] != NULL) {
        float *ga = (float *)call->grad_in[0] + at[0];
        for (int64_t i = 0; i < n; i++)
            ga[i * step_a] += to_first(kind, a[i * step_a], b[i * step_b], g[i]);
    }
    if (call->grad_in[1] != NULL) {
        float *gb = (float *)call->grad_in[1] + at[1];
        for (int64_t i = 0; i < n; i++)
            gb[i * step_b] += to_second(kind, a[i * step_a], b[i * step_b], g[i]);
    }
}

void crn_binary_backward(const crn_call *call)
{
    walk w = walk_of(call);
    if (crn_type_count(&call->out_types[0], call->rows) == 0)
        return;
    int64_t index[CRN_MAX_NDIM + 1] = {0};
    int64_t at[2] = {0};
    const float *g = call->grad_out[0];
    do {
        add_run(call, &w, g, at);
        g += w.shape[w.ndim - 1];
    } while (next(&w, index, at));
}
