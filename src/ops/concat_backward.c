/* SPDX-License-Identifier: BSD-3-Clause */
/* The gradient of concat: each input takes its slice. */
#include "ops/backward.h"
#include "ops/rows.h"

void crn_concat_backward(const crn_call *call)
{
    const crn_type *y = &call->out_types[0];
    int32_t axis = *(const int32_t *)call->attributes;
    axis += axis < 0 ? y->ndim : 0;
    int64_t inner = 1;
    for (int32_t i = axis + 1; i < y->ndim; i++)
        inner *= y->shape[i];
    int64_t width = y->shape[axis] * inner;
    int64_t blocks = width > 0 ? crn_type_count(y, call->rows) / width : 0;
    int64_t begin = 0;
    for (int k = 0; k < call->n_in; k++) {
        int64_t part = call->in_types[k].shape[axis] * inner;
        float *gx = call->grad_in[k];
        for (int64_t block = 0; block < blocks && gx != NULL; block++) {
            const float *g = (const float *)call->grad_out[0] + block * width + begin;
            for (int64_t i = 0; i < part; i++)
                gx[block * part + i] += g[i];
        }
        begin += part;
    }
}
