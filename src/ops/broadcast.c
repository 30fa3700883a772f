/* SPDX-License-Identifier: BSD-3-Clause */
/* Pairs of elements by NumPy's broadcasting: shapes, and the walk over an output. */
#include "ops/broadcast.h"

#include "ops/infer.h"

crn_status crn_broadcast_infer(const char *op, const crn_type *a, const crn_type *b,
                               crn_type *out, crn_error *err)
{
    const crn_type *longer = a->ndim >= b->ndim ? a : b;
    const crn_type *shorter = longer == a ? b : a;
    *out = *a;
    out->rows = a->rows || b->rows;
    out->ndim = longer->ndim;
    for (int32_t i = 1; i <= longer->ndim; i++) {
        int64_t from_longer = longer->shape[longer->ndim - i];
        int64_t from_shorter = i <= shorter->ndim ? shorter->shape[shorter->ndim - i] : 1;
        if (from_longer != from_shorter && from_longer != 1 && from_shorter != 1)
            return crn_infer_misfit(op, a, b, err);
        out->shape[longer->ndim - i] = from_longer == 1 ? from_shorter : from_longer;
    }
    return CRN_OK;
}

/* Elements between neighbours of each axis of `out` in an operand; 0 where it repeats. */
static void operand_steps(const crn_type *operand, const crn_type *out, int64_t *steps)
{
    int64_t step = 1;
    for (int32_t i = out->ndim - 1; i >= 0; i--) {
        int32_t axis = operand->ndim - (out->ndim - i);
        int64_t length = axis >= 0 ? operand->shape[axis] : 1;
        steps[i] = length == 1 ? 0 : step;
        step *= length;
    }
}

/* One item, axis by axis: the last axis is a run, an odometer counts the ones before it. */
static void run_item(const crn_call *call, crn_broadcast_run run, int64_t a_at, int64_t b_at,
                     int64_t out_at)
{
    const crn_type *out = &call->out_types[0];
    int64_t a_steps[CRN_MAX_NDIM], b_steps[CRN_MAX_NDIM], at[CRN_MAX_NDIM] = {0};
    operand_steps(&call->in_types[0], out, a_steps);
    operand_steps(&call->in_types[1], out, b_steps);
    const int32_t last = out->ndim - 1;
    const int64_t n = out->shape[last], steps[] = {a_steps[last], b_steps[last]};
    for (int64_t outer = crn_type_outer(out); outer > 0; outer--) {
        run(call, n, (int64_t[]){a_at, b_at}, steps, out_at);
        out_at += n;
        for (int32_t axis = last - 1; axis >= 0; axis--) {
            a_at += a_steps[axis];
            b_at += b_steps[axis];
            if (++at[axis] < out->shape[axis])
                break;
            a_at -= a_steps[axis] * out->shape[axis];
            b_at -= b_steps[axis] * out->shape[axis];
            at[axis] = 0;
        }
    }
}

void crn_broadcast_pairs(const crn_call *call, crn_broadcast_run run)
{
    static const int64_t start[] = {0, 0};
    const crn_type *a = &call->in_types[0], *b = &call->in_types[1], *out = &call->out_types[0];
    int64_t a_size = crn_type_size(a), b_size = crn_type_size(b), size = crn_type_size(out);
    int64_t rows = out->rows ? call->rows : 1;
    bool a_whole = a_size == size && a->rows == out->rows;
    bool b_whole = b_size == size && b->rows == out->rows;
    if (a_whole && b_whole)
        run(call, rows * size, start, (int64_t[]){1, 1}, 0);
    else if (a_whole && b_size == 1 && !b->rows)
        run(call, rows * size, start, (int64_t[]){1, 0}, 0);
    else if (b_whole && a_size == 1 && !a->rows)
        run(call, rows * size, start, (int64_t[]){0, 1}, 0);
    else if (a_size == size && b_size == size)
        for (int64_t row = 0; row < rows; row++)
            run(call, size, (int64_t[]){a->rows ? row * size : 0, b->rows ? row * size : 0},
                (int64_t[]){1, 1}, row * size);
    else
        for (int64_t row = 0; row < rows; row++)
            run_item(call, run, a->rows ? row * a_size : 0, b->rows ? row * b_size : 0,
                     row * size);
}
