/* SPDX-License-Identifier: BSD-3-Clause */
/* transpose: the axes of an item in another order, as numpy.transpose. */
#include <stdio.h>
#include <string.h>

#include "ops/infer.h"
#include "ops/rows.h"

static crn_status infer(const void *attributes, const crn_type *in, int n_in, crn_type *out,
                        crn_error *err)
{
    const crn_transpose_attributes *a = attributes;
    unsigned seen = 0;
    CRN_TRY(crn_infer_count("transpose", n_in, 1, 1, err));
    CRN_TRY(crn_infer_present("transpose", &in[0], err));
    out[0] = in[0];
    for (int32_t i = 0; i < in[0].ndim; i++) {
        if (a->axes[i] < 0 || a->axes[i] >= in[0].ndim || (seen & 1u << a->axes[i]) != 0)
            return crn_fail(err, CRN_ARGUMENT,
                            "transpose: the axes are no permutation of those of the item");
        seen |= 1u << a->axes[i];
        out[0].shape[i] = in[0].shape[a->axes[i]];
    }
    if (in[0].sparse || in[0].ndim == 0)
        return crn_fail(err, CRN_SHAPE, "transpose: an item without axes, or sparse");
    return CRN_OK;
}

/* n elements that stand `step` apart */
static void gather(int64_t n, int64_t step, int64_t itemsize, const char *from, char *to)
{
    if (itemsize == sizeof(float)) {
        for (int64_t i = 0; i < n; i++)
            memcpy(to + i * 4, from + i * step * 4, 4);
        return;
    }
    for (int64_t i = 0; i < n; i++)
        memcpy(to + i * itemsize, from + i * step * itemsize, (size_t)itemsize);
}

/* One item: odometer over all axes of the output but the last. */
static void transpose(const crn_type *out, const int64_t *steps, const char *from, char *to)
{
    const int32_t last = out->ndim - 1;
    const int64_t n = out->shape[last], lines = n > 0 ? crn_type_size(out) / n : 0;
    int64_t at[CRN_MAX_NDIM] = {0}, place = 0;
    for (int64_t line = 0; line < lines; line++, to += n * out->itemsize) {
        if (steps[last] == 1)
            memcpy(to, from + place * out->itemsize, (size_t)(n * out->itemsize));
        else
            gather(n, steps[last], out->itemsize, from + place * out->itemsize, to);
        for (int32_t k = last - 1; k >= 0; k--) {
            place += steps[k];
            if (++at[k] < out->shape[k])
                break;
            place -= at[k] * steps[k];
            at[k] = 0;
        }
    }
}

static void forward(const crn_call *call)
{
    const crn_transpose_attributes *a = call->attributes;
    const crn_type *in = &call->in_types[0], *out = &call->out_types[0];
    const int64_t bytes = crn_type_size(in) * in->itemsize;
    int64_t steps_in[CRN_MAX_NDIM], steps[CRN_MAX_NDIM], step = 1;
    for (int32_t i = in->ndim - 1; i >= 0; i--) {
        steps_in[i] = step;
        step *= in->shape[i];
    }
    for (int32_t i = 0; i < in->ndim; i++)
        steps[i] = steps_in[a->axes[i]];
    for (int64_t row = 0; row < (in->rows ? call->rows : 1); row++)
        transpose(out, steps, (const char *)call->in[0] + row * bytes,
                  (char *)call->out[0] + row * bytes);
}

static void describe(const void *attributes, char *buffer, size_t size)
{
    const crn_transpose_attributes *a = attributes;
    snprintf(buffer, size, "axes=%d,%d,%d,%d", (int)a->axes[0], (int)a->axes[1],
             (int)a->axes[2], (int)a->axes[3]);
}

const crn_op crn_op_transpose = {
    .name = "transpose",
    .attributes_size = sizeof(crn_transpose_attributes),
    .n_out = 1,
    .infer = infer,
    .forward = forward,
    .describe = describe,
};

crn_value crn_permute(crn_graph *graph, crn_value x, const int32_t *axes)
{
    if (graph->training)
        return crn_graph_fail(graph, CRN_UNSUPPORTED, "a model with axes in another order cannot be trained");
    crn_transpose_attributes a = {{0}};
    const int32_t ndim = crn_graph_type(graph, x)->ndim;
    bool moves = false;
    for (int32_t i = 0; i < ndim; i++) {
        a.axes[i] = axes[i];
        moves = moves || axes[i] != i;
    }
    return moves ? crn_graph_add(graph, &crn_op_transpose, &a, &x, 1) : x;
}
