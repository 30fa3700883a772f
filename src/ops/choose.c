/* SPDX-License-Identifier: BSD-3-Clause */
/* choose: an element of the second input where the first (bool) holds, else of the third:
 * numpy.where. The items have one shape; a constant is the same for every row. */
#include <string.h>

#include "ops/broadcast.h"
#include "ops/infer.h"
#include "ops/tensor.h"

static crn_status choose_infer(const void *attributes, const crn_type *in, int n_in,
                               crn_type *out, crn_error *err)
{
    (void)attributes;
    CRN_TRY(crn_infer_count("choose", n_in, 3, 3, err));
    if (in[0].dtype != CRN_BOOL || in[1].dtype != in[2].dtype ||
        !crn_dtype_is_number(in[1].dtype))
        return crn_fail(err, CRN_DTYPE,
                        "choose: a bool and two numbers of one type are needed");
    for (int k = 1; k < 3; k++) {
        crn_type same = in[k];
        same.rows = in[0].rows;
        same.fold = in[0].fold;
        same.dtype = in[0].dtype;
        same.itemsize = in[0].itemsize;
        if (!crn_type_equal(&same, &in[0]))
            return crn_infer_misfit("choose", &in[0], &in[k], err);
    }
    out[0] = in[1];
    out[0].rows = in[0].rows || in[1].rows || in[2].rows;
    return CRN_OK;
}

static void choose_item(int64_t n, int64_t itemsize, const uint8_t *condition, const char *x,
                        const char *y, char *out)
{
    if (itemsize == 4) {
        for (int64_t i = 0; i < n; i++)
            ((uint32_t *)out)[i] = ((const uint32_t *)(condition[i] ? x : y))[i];
        return;
    }
    for (int64_t i = 0; i < n; i++)
        memcpy(out + i * itemsize, (condition[i] ? x : y) + i * itemsize, (size_t)itemsize);
}

static void choose_forward(const crn_call *call)
{
    const crn_type *out = &call->out_types[0];
    const int64_t n = crn_type_size(out), rows = out->rows ? call->rows : 1;
    for (int64_t row = 0; row < rows; row++) {
        const char *at[3];
        for (int k = 0; k < 3; k++)
            at[k] = (const char *)call->in[k] +
                    (call->in_types[k].rows ? row * n * call->in_types[k].itemsize : 0);
        choose_item(n, out->itemsize, (const uint8_t *)at[0], at[1], at[2],
                    (char *)call->out[0] + row * n * out->itemsize);
    }
}

const crn_op crn_op_choose = {
    .name = "choose",
    .n_out = 1,
    .infer = choose_infer,
    .forward = choose_forward,
};

crn_value crn_choose(crn_graph *graph, crn_value condition, crn_value x, crn_value y)
{
    crn_value in[] = {condition, x, y};
    crn_type shape = *crn_graph_type(graph, condition), wider = shape;
    for (int k = 1; k < 3; k++) {
        if (graph->error.code != CRN_OK ||
            crn_broadcast_infer("choose", &shape, crn_graph_type(graph, in[k]), &wider,
                                &graph->error) != CRN_OK)
            return CRN_NO_VALUE;
        shape = wider;
    }
    for (int k = 0; k < 3; k++)
        in[k] = crn_broadcast_to(graph, in[k], shape.ndim, shape.shape);
    return crn_graph_add_for_predict(graph, &crn_op_choose, NULL, in, 3);
}
