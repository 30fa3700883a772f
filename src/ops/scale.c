/* SPDX-License-Identifier: BSD-3-Clause */
/* scale: x * a + b, (x - a) / b or x / a + b, with one pair of numbers for each place of the
 * last axis. Inputs: x, a, b (both optional). The order of the two steps is the reference's,
 * not a cheaper one: (x - mean) / std loses nothing where x * (1 / std) - mean / std would
 * cancel. */
#include <stdio.h>

#include "ops/elementwise.h"
#include "ops/backward.h"
#include "ops/infer.h"
#include "ops/sparse.h"

static crn_status scale_infer(const void *attributes, const crn_type *in, int n_in,
                              crn_type *out, crn_error *err)
{
    CRN_TRY(crn_infer_count("scale", n_in, 1, 3, err));
    CRN_TRY(crn_infer_float("scale", &in[0], err));
    for (int i = 1; i < n_in; i++) {
        if (in[i].dtype == CRN_NO_DTYPE)
            continue;
        if (in[i].rows || in[i].dtype != in[0].dtype || in[i].ndim != 1 ||
            in[i].shape[0] != crn_type_last(&in[0]))
            return crn_infer_misfit("scale", &in[0], &in[i], err);
    }
    const crn_scale_attributes *at = attributes;
    const int offset = at->form == CRN_SCALE_SUBTRACT_DIVIDE ? 1 : 2;
    if (in[0].sparse && ((offset < n_in && in[offset].dtype != CRN_NO_DTYPE) ||
                         (at->clip && (at->low > 0 || at->high < 0))))
        return crn_fail(err, CRN_UNSUPPORTED, "scale: an offset makes sparse rows dense");
    out[0] = in[0];
    return CRN_OK;
}

#define SCALE_LOOP(R, expression)                                                              \
    for (int64_t row = 0; row < rows; row++) {                                                 \
        for (int64_t j = 0; j < n; j++) {                                                      \
            R value = x[row * n + j];                                                          \
            y[row * n + j] = (expression);                                                     \
        }                                                                                      \
    }

#define DEFINE_SCALE(R, suffix)                                                                \
    static void scale_##suffix(const crn_scale_attributes *at, int64_t rows, int64_t n,        \
                               const R *x, const R *a, const R *b, R *y)                       \
    {                                                                                          \
        switch (at->form) {                                                                    \
        case CRN_SCALE_MULTIPLY_ADD:                                                           \
            SCALE_LOOP(R, value *(a != NULL ? a[j] : 1) + (b != NULL ? b[j] : 0))              \
            break;                                                                             \
        case CRN_SCALE_SUBTRACT_DIVIDE:                                                        \
            SCALE_LOOP(R, (value - (a != NULL ? a[j] : 0)) / (b != NULL ? b[j] : 1))           \
            break;                                                                             \
        case CRN_SCALE_DIVIDE_ADD:                                                             \
            SCALE_LOOP(R, value / (a != NULL ? a[j] : 1) + (b != NULL ? b[j] : 0))             \
            break;                                                                             \
        }                                                                                      \
        R low = (R)at->low, high = (R)at->high;                                                \
        for (int64_t i = 0; at->clip && i < rows * n; i++)                                     \
            y[i] = y[i] < low ? low : y[i] > high ? high : y[i];                               \
    }

DEFINE_SCALE(float, f32)
DEFINE_SCALE(double, f64)

/* The usual forms with both numbers given have kernels. False: not done. */
static bool scale_by_kernel(const crn_call *call, int64_t rows, int64_t n, const void *a,
                            const void *b)
{
    const crn_scale_attributes *at = call->attributes;
    const crn_kernels *k = call->kernels;
    if (a == NULL || b == NULL || at->clip || at->form == CRN_SCALE_DIVIDE_ADD)
        return false;
    bool multiply = at->form == CRN_SCALE_MULTIPLY_ADD;
    if (call->out_types[0].dtype == CRN_FLOAT32)
        (multiply ? k->multiply_add_f32 : k->subtract_divide_f32)(rows, n, call->in[0], a, b,
                                                                  call->out[0]);
    else
        (multiply ? k->multiply_add_f64 : k->subtract_divide_f64)(rows, n, call->in[0], a, b,
                                                                  call->out[0]);
    return true;
}

/* Without an offset, what is 0 stays 0. */
static bool keeps_zeros(const crn_scale_attributes *at, const crn_value *in)
{
    const bool subtracts = at->form == CRN_SCALE_SUBTRACT_DIVIDE;
    return in[subtracts ? 1 : 2] == CRN_NO_VALUE &&
           (!at->clip || (at->low <= 0 && at->high >= 0));
}

#define DEFINE_SPARSE_SCALE(R, suffix)                                                         \
    static void sparse_scale_##suffix(const crn_call *call)                                    \
    {                                                                                          \
        const crn_scale_attributes *at = call->attributes;                                     \
        const bool multiply = at->form == CRN_SCALE_MULTIPLY_ADD;                              \
        const int k = at->form == CRN_SCALE_SUBTRACT_DIVIDE ? 2 : 1;                           \
        const R *factor = call->n_in > k ? call->in[k] : NULL;                                 \
        const R *x = crn_sparse_values(call->in[0], sizeof(R));                                \
        const int32_t *columns = crn_sparse_indices(call->in[0]);                              \
        const int64_t n = crn_sparse_count(call->in[0], call->rows);                           \
        const R low = (R)at->low, high = (R)at->high;                                          \
        R *y = ((crn_sparse *)call->out[0])->values;                                           \
        for (int64_t i = 0; i < n; i++) {                                                      \
            R value = x[i];                                                                    \
            if (factor != NULL)                                                                \
                value = multiply ? value * factor[columns[i]] : value / factor[columns[i]];    \
            y[i] = !at->clip ? value : value < low ? low : value > high ? high : value;        \
        }                                                                                      \
    }

DEFINE_SPARSE_SCALE(float, f32)
DEFINE_SPARSE_SCALE(double, f64)

static void scale_forward(const crn_call *call)
{
    if (call->in_types[0].sparse) {
        if (crn_sparse_copy_pattern(call, 0))
            (call->out_types[0].dtype == CRN_FLOAT32 ? sparse_scale_f32
                                                     : sparse_scale_f64)(call);
        return;
    }
    const crn_type *type = &call->out_types[0];
    int64_t n = crn_type_last(type);
    int64_t rows = (type->rows ? call->rows : 1) * crn_type_outer(type);
    const void *a = call->n_in > 1 ? call->in[1] : NULL;
    const void *b = call->n_in > 2 ? call->in[2] : NULL;
    if (scale_by_kernel(call, rows, n, a, b))
        return;
    if (type->dtype == CRN_FLOAT32)
        scale_f32(call->attributes, rows, n, call->in[0], a, b, call->out[0]);
    else
        scale_f64(call->attributes, rows, n, call->in[0], a, b, call->out[0]);
}

static void scale_cost(const void *attributes, const crn_type *in, const crn_type *out,
                       crn_cost *cost)
{
    (void)attributes, (void)in;
    cost->multiply_adds = (double)crn_type_size(&out[0]);
    cost->bytes = 2.0 * (double)(crn_type_last(&out[0]) * out[0].itemsize);
}

static void scale_describe(const void *attributes, char *buffer, size_t size)
{
    static const char *const forms[] = {"x * a + b", "(x - a) / b", "x / a + b"};
    const crn_scale_attributes *at = attributes;
    if (at->clip)
        snprintf(buffer, size, "%s clip=(%g, %g)", forms[at->form], at->low, at->high);
    else
        snprintf(buffer, size, "%s", forms[at->form]);
}

const crn_op crn_op_scale = {
    .name = "scale",
    .attributes_size = sizeof(crn_scale_attributes),
    .flags = CRN_OP_ELEMENTWISE | CRN_OP_TAKES_SPARSE,
    .n_out = 1,
    .infer = scale_infer,
    .forward = scale_forward,
    .backward = crn_scale_backward,
    .cost = scale_cost,
    .describe = scale_describe,
};

static crn_value add_scale(crn_graph *graph, const crn_scale_attributes *attributes,
                           crn_value x, crn_value a, crn_value b)
{
    const crn_value in[3] = {
        keeps_zeros(attributes, (crn_value[]){x, a, b}) ? x : crn_densify(graph, x), a, b};
    return crn_graph_add(graph, &crn_op_scale, attributes, in, 3);
}

crn_value crn_scale(crn_graph *graph, crn_value x, crn_scale_form form, crn_value a,
                    crn_value b)
{
    return add_scale(graph, &(crn_scale_attributes){.form = form}, x, a, b);
}

crn_value crn_scale_clipped(crn_graph *graph, crn_value x, crn_scale_form form, crn_value a,
                            crn_value b, double low, double high)
{
    const crn_scale_attributes attributes = {
        .form = form, .clip = true, .low = low, .high = high};
    return add_scale(graph, &attributes, x, a, b);
}
