/* SPDX-License-Identifier: BSD-3-Clause */
/* name_entries: the names of the columns in which a row is not 0, as a list: what the vectorizers'
 * inverse_transform gives. Inputs: the rows, and a name for each of their columns. */
#include "ops/infer.h"
#include "ops/text.h"

static crn_status name_entries_infer(const void *attributes, const crn_type *in, int n_in,
                                     crn_type *out, crn_error *err)
{
    (void)attributes;
    CRN_TRY(crn_infer_count("name_entries", n_in, 2, 2, err));
    if (!in[0].sparse || in[0].dtype != CRN_FLOAT64 || in[1].dtype != CRN_OBJECT ||
        in[1].rows || in[1].ndim != 1 || in[1].shape[0] != in[0].shape[0])
        return crn_infer_misfit("name_entries", &in[0], &in[1], err);
    out[0] = crn_type_rows(CRN_OBJECT, 0, NULL);
    return CRN_OK;
}

static void name_entries_forward(const crn_call *call)
{
    const crn_sparse *x = call->in[0];
    const crn_cell *names = call->in[1];
    const double *values = x->values;
    crn_cell *rows = call->out[0];
    for (int64_t i = 0; i < call->rows; i++) {
        const int64_t most = x->starts[i + 1] - x->starts[i];
        crn_cell *items = crn_call_cells(call, (size_t)most);
        uint64_t count = 0;
        for (int64_t e = x->starts[i]; items != NULL && e < x->starts[i + 1]; e++) {
            if (values[e] != 0)
                items[count++] = names[x->indices[e]];
        }
        rows[i] = (crn_cell){CRN_CELL_LIST, {.items = items}, count};
    }
}

const crn_op crn_op_name_entries = {
    .name = "name_entries",
    .flags = CRN_OP_TAKES_SPARSE,
    .n_out = 1,
    .infer = name_entries_infer,
    .forward = name_entries_forward,
};

crn_value crn_name_entries(crn_graph *graph, crn_value x, crn_value names)
{
    return crn_graph_add(graph, &crn_op_name_entries, NULL, (crn_value[]){x, names}, 2);
}
