/* SPDX-License-Identifier: BSD-3-Clause */
/* pad: zeros around an item along each of its axes, or, where a number is negative, elements cut
 * off. */
#include <stdio.h>
#include <string.h>

#include "ops/infer.h"
#include "ops/rows.h"
#include "ops/tensor.h"

static crn_status infer(const void *attributes, const crn_type *in, int n_in, crn_type *out,
                        crn_error *err)
{
    static const int64_t most = (int64_t)1 << 40;
    const crn_pad_attributes *a = attributes;
    char text[128];
    CRN_TRY(crn_infer_count("pad", n_in, 1, 1, err));
    CRN_TRY(crn_infer_present("pad", &in[0], err));
    out[0] = in[0];
    bool fits = !in[0].sparse && in[0].ndim > 0 && in[0].dtype != CRN_OBJECT &&
                in[0].dtype != CRN_STRING;
    int64_t size = 1;
    for (int32_t i = 0; i < in[0].ndim && fits; i++) {
        const int64_t n = in[0].shape[i], before = a->before[i], after = a->after[i];
        fits = before >= -n && after >= -n && before <= most && after <= most &&
               n + before + after >= 0 &&
               !__builtin_mul_overflow(size, n + before + after, &size);
        out[0].shape[i] = fits ? n + before + after : 0;
    }
    if (!fits)
        return crn_fail(err, CRN_SHAPE, "pad: the lengths do not fit %s",
                        crn_type_text(&in[0], text, sizeof text));
    return CRN_OK;
}

/* The line of the input that a line of the output copies, in elements; -1: it is padding. */
static int64_t line_of(const crn_pad_attributes *a, const crn_type *in, const int64_t *at)
{
    int64_t place = 0;
    for (int32_t k = 0; k < in->ndim - 1; k++) {
        const int64_t i = at[k] - a->before[k];
        if (i < 0 || i >= in->shape[k])
            return -1;
        place = place * in->shape[k] + i;
    }
    return place * in->shape[in->ndim - 1];
}

static void pad(const crn_pad_attributes *a, const crn_type *in, const crn_type *out,
                const char *from, char *to)
{
    const int32_t last = out->ndim - 1;
    const int64_t n = out->shape[last], lines = n > 0 ? crn_type_size(out) / n : 0;
    const int64_t skip = a->before[last] < 0 ? -a->before[last] : 0;
    const int64_t lead = a->before[last] > 0 ? a->before[last] : 0;
    int64_t count = in->shape[last] - skip;
    if (count > n - lead)
        count = n - lead;
    int64_t at[CRN_MAX_NDIM] = {0};
    for (int64_t line = 0; line < lines; line++, to += n * out->itemsize) {
        const int64_t place = line_of(a, in, at);
        const int64_t kept = place < 0 || count < 0 ? 0 : count;
        const int64_t zeros = kept == 0 ? n : lead;
        memset(to, 0, (size_t)(zeros * out->itemsize));
        if (kept > 0) {
            memcpy(to + lead * out->itemsize, from + (place + skip) * out->itemsize,
                   (size_t)(kept * out->itemsize));
            memset(to + (lead + kept) * out->itemsize, 0,
                   (size_t)((n - lead - kept) * out->itemsize));
        }
        for (int32_t k = last - 1; k >= 0 && ++at[k] == out->shape[k]; k--)
            at[k] = 0;
    }
}

static void forward(const crn_call *call)
{
    const crn_type *in = &call->in_types[0], *out = &call->out_types[0];
    for (int64_t row = 0; row < (in->rows ? call->rows : 1); row++)
        pad(call->attributes, in, out,
            (const char *)call->in[0] + row * crn_type_size(in) * in->itemsize,
            (char *)call->out[0] + row * crn_type_size(out) * out->itemsize);
}

static void describe(const void *attributes, char *buffer, size_t size)
{
    const crn_pad_attributes *a = attributes;
    snprintf(buffer, size, "before=%lld,%lld,%lld,%lld after=%lld,%lld,%lld,%lld",
             (long long)a->before[0], (long long)a->before[1], (long long)a->before[2],
             (long long)a->before[3], (long long)a->after[0], (long long)a->after[1],
             (long long)a->after[2], (long long)a->after[3]);
}

const crn_op crn_op_pad = {
    .name = "pad",
    .attributes_size = sizeof(crn_pad_attributes),
    .n_out = 1,
    .infer = infer,
    .forward = forward,
    .describe = describe,
};

crn_value crn_pad(crn_graph *graph, crn_value x, const int64_t *before, const int64_t *after)
{
    crn_pad_attributes a = {{0}, {0}};
    const int32_t ndim = crn_graph_type(graph, x)->ndim;
    for (int32_t i = 0; i < ndim; i++) {
        a.before[i] = before[i];
        a.after[i] = after[i];
    }
    return crn_graph_add_for_predict(graph, &crn_op_pad, &a, &x, 1);
}
