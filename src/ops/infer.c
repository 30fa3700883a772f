/* SPDX-License-Identifier: BSD-3-Clause */
/* The checks that the operations' infer() functions share. */
#include "ops/infer.h"

crn_status crn_infer_count(const char *op, int n_in, int least, int most, crn_error *err)
{
    if (n_in >= least && n_in <= most)
        return CRN_OK;
    return crn_fail(err, CRN_ARGUMENT, "%s: takes %d to %d inputs, not %d", op, least, most,
                    n_in);
}

crn_status crn_infer_present(const char *op, const crn_type *type, crn_error *err)
{
    if (type->dtype != CRN_NO_DTYPE && type->itemsize > 0)
        return CRN_OK;
    return crn_fail(err, CRN_ARGUMENT, "%s: an input is missing", op);
}

crn_status crn_infer_float(const char *op, const crn_type *type, crn_error *err)
{
    if (type->dtype == CRN_FLOAT32 || type->dtype == CRN_FLOAT64)
        return CRN_OK;
    return crn_fail(err, CRN_DTYPE, "%s: computes on float32 or float64, not %s", op,
                    crn_dtype_name(type->dtype));
}

crn_status crn_infer_misfit(const char *op, const crn_type *a, const crn_type *b,
                            crn_error *err)
{
    char a_text[128];
    char b_text[128];
    return crn_fail(err, CRN_SHAPE, "%s: %s does not fit %s", op,
                    crn_type_text(a, a_text, sizeof a_text),
                    crn_type_text(b, b_text, sizeof b_text));
}

int64_t crn_type_last(const crn_type *type)
{
    return type->ndim > 0 ? type->shape[type->ndim - 1] : 1;
}

int64_t crn_type_outer(const crn_type *type)
{
    int64_t outer = 1;
    for (int32_t i = 0; i + 1 < type->ndim; i++)
        outer *= type->shape[i];
    return outer;
}

int64_t crn_type_count(const crn_type *type, int64_t rows)
{
    return crn_type_size(type) * (type->rows ? rows : 1);
}

crn_cell *crn_call_cells(const crn_call *call, size_t count)
{
    crn_cell *cells = NULL;
    if (call->cells != NULL && *call->cells == NULL)
        *call->cells = crn_arena_create(0);
    if (call->cells != NULL && *call->cells != NULL)
        cells = crn_arena_alloc(*call->cells, count > 0 ? count : 1, sizeof *cells);
    if (cells == NULL)
        crn_no_memory(call->failure);
    return cells;
}
