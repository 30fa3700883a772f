/* SPDX-License-Identifier: BSD-3-Clause */
/* name_entries: the names of the columns in which a row is not 0, as a list, or with the numbers as
 * a dict: what inverse_transform of the vectorizers and of MultiLabelBinarizer gives. Inputs: the
 * rows, and a name for each of their columns. */
#include <math.h>

#include "ops/infer.h"
#include "ops/sparse.h"
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

/* A column of integers holds integers, unless the rows were changed. */
static crn_cell number_cell(crn_entries_form form, double value)
{
    const bool is_integer = value >= -0x1p63 && value < 0x1p63 && value == trunc(value);
    return form == CRN_ENTRIES_INTS && is_integer
               ? (crn_cell){CRN_CELL_INT, {.integer = (int64_t)value}, 0}
               : (crn_cell){CRN_CELL_FLOAT, {.real = value}, 0};
}

static void check_indicator(const crn_call *call, double value)
{
    if (value != 1 && call->failure != NULL)
        crn_fail(call->failure, CRN_ARGUMENT, "Expected only 0s and 1s in label indicator.");
}

static void name_entries_forward(const crn_call *call)
{
    const crn_entries_form form = *(const crn_entries_form *)call->attributes;
    const bool has_values = form == CRN_ENTRIES_REALS || form == CRN_ENTRIES_INTS;
    const crn_sparse *x = call->in[0];
    const crn_cell *names = call->in[1];
    const double *values = x->values;
    crn_cell *rows = call->out[0];
    for (int64_t i = 0; i < call->rows; i++) {
        const int64_t most = x->starts[i + 1] - x->starts[i];
        crn_cell *items = crn_call_cells(call, (size_t)most * (has_values ? 2 : 1));
        uint64_t count = 0;
        for (int64_t e = x->starts[i]; items != NULL && e < x->starts[i + 1]; e++) {
            if (values[e] == 0)
                continue;
            if (form == CRN_ENTRIES_INDICATED)
                check_indicator(call, values[e]);
            items[count++] = names[x->indices[e]];
            if (has_values)
                items[count++] = number_cell(form, values[e]);
        }
        rows[i] = has_values ? (crn_cell){CRN_CELL_DICT, {.items = items}, count / 2}
                             : (crn_cell){CRN_CELL_LIST, {.items = items}, count};
    }
}

const crn_op crn_op_name_entries = {
    .name = "name_entries",
    .attributes_size = sizeof(crn_entries_form),
    .flags = CRN_OP_TAKES_SPARSE,
    .n_out = 1,
    .infer = name_entries_infer,
    .forward = name_entries_forward,
};

crn_value crn_name_entries(crn_graph *graph, crn_value x, crn_value names,
                           crn_entries_form form)
{
    return crn_graph_add(graph, &crn_op_name_entries, &form,
                         (crn_value[]){crn_sparsify(graph, x), names}, 2);
}
