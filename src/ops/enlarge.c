/* SPDX-License-Identifier: BSD-3-Clause */
/* enlarge: every element of an item repeated along each axis, as numpy.repeat. */
#include <stdio.h>
#include <string.h>

#include "ops/infer.h"
#include "ops/rows.h"
#include "ops/tensor.h"

static crn_status infer(const void *attributes, const crn_type *in, int n_in, crn_type *out,
                        crn_error *err)
{
    const crn_enlarge_attributes *a = attributes;
    char text[128];
    CRN_TRY(crn_infer_count("enlarge", n_in, 1, 1, err));
    CRN_TRY(crn_infer_present("enlarge", &in[0], err));
    out[0] = in[0];
    bool fits = !in[0].sparse && in[0].ndim > 0;
    int64_t size = 1;
    for (int32_t i = 0; i < in[0].ndim && fits; i++)
        fits = a->times[i] >= 1 &&
               !__builtin_mul_overflow(in[0].shape[i], a->times[i], &out[0].shape[i]) &&
               !__builtin_mul_overflow(size, out[0].shape[i], &size);
    if (!fits)
        return crn_fail(err, CRN_SHAPE, "enlarge: the factors do not fit %s",
                        crn_type_text(&in[0], text, sizeof text));
    return CRN_OK;
}

/* A line of n elements, each `times` times. */
static void stretch(int64_t n, int64_t times, size_t itemsize, const char *from, char *to)
{
    if (times == 1) {
        memcpy(to, from, (size_t)n * itemsize);
        return;
    }
    for (int64_t i = 0; i < n; i++, from += itemsize) {
        for (int64_t t = 0; t < times; t++, to += itemsize)
            memcpy(to, from, itemsize);
    }
}

static void enlarge(const crn_enlarge_attributes *a, const crn_type *in, const crn_type *out,
                    const char *from, char *to)
{
    const int32_t last = out->ndim - 1;
    const int64_t n = out->shape[last], lines = n > 0 ? crn_type_size(out) / n : 0;
    int64_t at[CRN_MAX_NDIM] = {0};
    for (int64_t line = 0; line < lines; line++, to += n * out->itemsize) {
        int64_t place = 0;
        for (int32_t k = 0; k < last; k++)
            place = place * in->shape[k] + at[k] / a->times[k];
        stretch(in->shape[last], a->times[last], (size_t)out->itemsize,
                from + place * in->shape[last] * out->itemsize, to);
        for (int32_t k = last - 1; k >= 0 && ++at[k] == out->shape[k]; k--)
            at[k] = 0;
    }
}

static void forward(const crn_call *call)
{
    const crn_type *in = &call->in_types[0], *out = &call->out_types[0];
    for (int64_t row = 0; row < (in->rows ? call->rows : 1); row++)
        enlarge(call->attributes, in, out,
                (const char *)call->in[0] + row * crn_type_size(in) * in->itemsize,
                (char *)call->out[0] + row * crn_type_size(out) * out->itemsize);
}

static void describe(const void *attributes, char *buffer, size_t size)
{
    const crn_enlarge_attributes *a = attributes;
    snprintf(buffer, size, "times=%lld,%lld,%lld,%lld", (long long)a->times[0],
             (long long)a->times[1], (long long)a->times[2], (long long)a->times[3]);
}

const crn_op crn_op_enlarge = {
    .name = "enlarge",
    .attributes_size = sizeof(crn_enlarge_attributes),
    .n_out = 1,
    .infer = infer,
    .forward = forward,
    .describe = describe,
};

crn_value crn_enlarge(crn_graph *graph, crn_value x, const int64_t *times)
{
    crn_enlarge_attributes a = {{0}};
    const int32_t ndim = crn_graph_type(graph, x)->ndim;
    for (int32_t i = 0; i < ndim; i++)
        a.times[i] = times[i];
    return crn_graph_add_for_predict(graph, &crn_op_enlarge, &a, &x, 1);
}
