/* SPDX-License-Identifier: BSD-3-Clause */
/* Gradients of scale: one pair (a, b) for each place of the last axis. */
#include "ops/backward.h"
#include "ops/elementwise.h"

/* An element's value before clipping and its derivatives by x, a and b. */
typedef struct slopes {
    float y, x, a, b;
} slopes;

static slopes slopes_of(crn_scale_form form, float x, float a, float b)
{
    switch (form) {
    case CRN_SCALE_MULTIPLY_ADD:
        return (slopes){.y = x * a + b, .x = a, .a = x, .b = 1.0f};
    case CRN_SCALE_SUBTRACT_DIVIDE:
        return (slopes){.y = (x - a) / b, .x = 1.0f / b, .a = -1.0f / b, .b = -(x - a) / b / b};
    case CRN_SCALE_DIVIDE_ADD:
        return (slopes){.y = x / a + b, .x = 1.0f / a, .a = -x / a / a, .b = 1.0f};
    }
    return (slopes){0};
}

/* The element that changes nothing, for an absent a or b. */
static float neutral_a(crn_scale_form form)
{
    return form == CRN_SCALE_SUBTRACT_DIVIDE ? 0.0f : 1.0f;
}

static float neutral_b(crn_scale_form form)
{
    return form == CRN_SCALE_SUBTRACT_DIVIDE ? 1.0f : 0.0f;
}

/* Place j of every row. A clipped element passes nothing on; the borders themselves do, as in
 * TensorFlow's clip_by_value. */
static void add_place(const crn_call *call, int64_t j, int64_t n, int64_t size)
{
    const crn_scale_attributes *attributes = call->attributes;
    const float *x = call->in[0], *g = call->grad_out[0];
    const float *a = call->n_in > 1 ? call->in[1] : NULL,
                *b = call->n_in > 2 ? call->in[2] : NULL;
    float *gx = call->grad_in[0];
    float *ga = a != NULL ? call->grad_in[1] : NULL, *gb = b != NULL ? call->grad_in[2] : NULL;
    float a_j = a != NULL ? a[j] : neutral_a(attributes->form);
    float b_j = b != NULL ? b[j] : neutral_b(attributes->form);
    for (int64_t i = j; i < size; i += n) {
        slopes s = slopes_of(attributes->form, x[i], a_j, b_j);
        if (attributes->clip && (s.y < (float)attributes->low || s.y > (float)attributes->high))
            continue;
        if (gx != NULL)
            gx[i] += g[i] * s.x;
        if (ga != NULL)
            ga[j] += g[i] * s.a;
        if (gb != NULL)
            gb[j] += g[i] * s.b;
    }
}

void crn_scale_backward(const crn_call *call)
{
    const crn_type *type = &call->in_types[0];
    int64_t n = type->shape[type->ndim - 1];
    int64_t size = crn_type_count(type, call->rows);
    for (int64_t j = 0; j < n; j++)
        add_place(call, j, n, size);
}
