/* SPDX-License-Identifier: BSD-3-Clause */
/* multi_hot: which of the known labels a row's set has, as
 * sklearn.preprocessing.MultiLabelBinarizer.transform (1.9). Inputs: x, keys, columns. */
#include <string.h>

#include "base/cell.h"
#include "ops/infer.h"
#include "ops/records.h"

static crn_status multi_hot_infer(const void *attributes, const crn_type *in, int n_in,
                                  crn_type *out, crn_error *err)
{
    (void)attributes;
    CRN_TRY(crn_infer_count("multi_hot", n_in, 3, 3, err));
    const crn_type *x = &in[0], *keys = &in[1], *columns = &in[2];
    if (x->dtype != CRN_OBJECT || keys->dtype != CRN_OBJECT || columns->dtype != CRN_INT64)
        return crn_fail(err, CRN_DTYPE, "multi_hot: %s, %s and %s", crn_dtype_name(x->dtype),
                        crn_dtype_name(keys->dtype), crn_dtype_name(columns->dtype));
    if (!x->rows || x->ndim != 0 || keys->rows || keys->ndim != 1)
        return crn_infer_misfit("multi_hot", x, keys, err);
    if (columns->rows || columns->ndim != 1 || columns->shape[0] != keys->shape[0])
        return crn_infer_misfit("multi_hot", columns, keys, err);
    out[0] = crn_type_vector(CRN_INT64, keys->shape[0]);
    return CRN_OK;
}

static void mark(const crn_call *call, const crn_cell *label, int64_t *row)
{
    const crn_cell *keys = call->in[1];
    int64_t low = 0, high = call->in_types[1].shape[0];
    while (low < high) {
        const int64_t middle = low + (high - low) / 2;
        const int order = crn_cell_compare(&keys[middle], label);
        if (order == 0) {
            row[((const int64_t *)call->in[2])[middle]] = 1;
            return;
        }
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
}

/* Python iterates over a text, too: over its characters. */
static void mark_characters(const crn_call *call, const crn_cell *text, int64_t *row)
{
    size_t at = 0;
    while (at < text->size) {
        const size_t begin = at;
        uint32_t code_point;
        if (!crn_utf8_next(text->as.text, text->size, &at, &code_point))
            return;
        const crn_cell label = {
            CRN_CELL_TEXT, {.text = text->as.text + begin}, (uint64_t)(at - begin)};
        mark(call, &label, row);
    }
}

static void multi_hot_forward(const crn_call *call)
{
    const int64_t n = call->out_types[0].shape[0];
    const crn_cell *x = call->in[0]; /* (rows) */
    int64_t *row = call->out[0];     /* (rows, n) */
    memset(row, 0, (size_t)(call->rows * n) * sizeof *row);
    for (int64_t i = 0; i < call->rows; i++, row += n) {
        const uint64_t step = x[i].kind == CRN_CELL_DICT ? 2 : 1;
        if (x[i].kind == CRN_CELL_TEXT)
            mark_characters(call, &x[i], row);
        else if (x[i].kind != CRN_CELL_LIST && x[i].kind != CRN_CELL_DICT) {
            if (call->failure != NULL)
                crn_fail(call->failure, CRN_ARGUMENT, "a row is no list of labels");
        } else {
            for (uint64_t k = 0; k < x[i].size; k++)
                mark(call, &x[i].as.items[step * k], row);
        }
    }
}

static void multi_hot_cost(const void *attributes, const crn_type *in, const crn_type *out,
                           crn_cost *cost)
{
    (void)attributes, (void)in;
    cost->multiply_adds = (double)crn_type_size(&out[0]) + 50;
}

const crn_op crn_op_multi_hot = {
    .name = "multi_hot",
    .n_out = 1,
    .infer = multi_hot_infer,
    .forward = multi_hot_forward,
    .cost = multi_hot_cost,
};

crn_value crn_multi_hot(crn_graph *graph, crn_value x, crn_value keys, crn_value columns)
{
    return crn_graph_add(graph, &crn_op_multi_hot, NULL, (crn_value[]){x, keys, columns}, 3);
}
