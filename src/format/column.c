/* SPDX-License-Identifier: BSD-3-Clause */
/* Columns that find their type while they are read. */
#include "format/column.h"

#include <stdlib.h>

#include "base/dtype.h"

crn_column *crn_columns_create(size_t count, int64_t reserve)
{
    crn_column *columns = crn_calloc(count, sizeof *columns);
    for (size_t i = 0; columns != NULL && i < count; i++)
        columns[i].begin = columns[i].end = reserve;
    return columns;
}

void crn_columns_destroy(crn_column *columns, size_t count)
{
    for (size_t i = 0; columns != NULL && i < count; i++)
        free(columns[i].cells);
    free(columns);
}

crn_status crn_columns_grow(crn_column *columns, size_t count, uint64_t limit, crn_error *err)
{
    if (count == 0 || columns[count - 1].end < columns[count - 1].capacity)
        return CRN_OK;
    /* Few rows at first where there are many columns: the text may hold no more. */
    int64_t capacity = columns[count - 1].capacity;
    capacity = capacity > 0 ? capacity * 2 : count < 64 ? 256 : 4;
    size_t bytes, all;
    if (!crn_mul_size((size_t)capacity, sizeof(crn_column_cell), &bytes) ||
        !crn_mul_size(bytes, count, &all) || all > limit)
        return crn_fail(err, CRN_LIMIT,
                        "the table needs more than the limit memory_bytes = %llu",
                        (unsigned long long)limit);
    for (size_t i = 0; i < count; i++) {
        crn_column_cell *grown = realloc(columns[i].cells, bytes);
        if (grown == NULL)
            return crn_no_memory(err);
        columns[i].cells = grown;
        columns[i].capacity = capacity;
    }
    return CRN_OK;
}

static bool is_whole(crn_column_kind kind)
{
    return kind == CRN_COLUMN_BOOL || kind == CRN_COLUMN_WHOLE;
}

static void make_real(crn_column *column)
{
    for (int64_t i = column->begin; i < column->end; i++)
        column->cells[i].real = (double)column->cells[i].whole;
}

crn_column_cell crn_column_meet(crn_column *column, crn_column_kind kind, crn_column_cell cell)
{
    if (column->begin == column->end)
        column->kind = kind;
    if (column->kind == kind || column->kind == CRN_COLUMN_TEXT)
        return cell;
    if (kind == CRN_COLUMN_TEXT || (is_whole(kind) && is_whole(column->kind))) {
        column->kind = kind == CRN_COLUMN_TEXT ? CRN_COLUMN_TEXT : CRN_COLUMN_WHOLE;
        return cell;
    }
    if (is_whole(column->kind))
        make_real(column);
    if (is_whole(kind))
        cell.real = (double)cell.whole;
    column->kind = CRN_COLUMN_REAL;
    return cell;
}

void crn_column_prepend(crn_column *column, crn_column_kind kind, crn_column_cell cell)
{
    cell = crn_column_meet(column, kind, cell);
    column->cells[--column->begin] = cell;
}

/* (rows,) of bool: one byte each instead of eight. */
static crn_status take_bools(const crn_column *column, int64_t rows, crn_array *out,
                             crn_error *err)
{
    CRN_TRY(crn_array_create(CRN_BOOL, 0, 1, &rows, out, err));
    for (int64_t i = 0; i < rows; i++)
        ((bool *)out->data)[i] = column->cells[column->begin + i].whole != 0;
    return CRN_OK;
}

crn_status crn_column_take(crn_column *column, crn_array *out, crn_error *err)
{
    int64_t rows = column->end - column->begin;
    if (column->kind == CRN_COLUMN_BOOL)
        return take_bools(column, rows, out, err);
    crn_dtype dtype = column->kind == CRN_COLUMN_WHOLE ? CRN_INT64 : CRN_FLOAT64;
    if (rows == 0)
        return crn_array_create(dtype, 0, 1, &rows, out, err);

    size_t bytes = (size_t)column->end * sizeof(crn_column_cell);
    crn_column_cell *cells = realloc(column->cells, bytes);
    if (cells == NULL)
        cells = column->cells; /* it could not be made smaller: that is no harm */
    column->cells = cells;
    crn_buffer *owner = crn_buffer_wrap(cells, bytes, free, cells);
    if (owner == NULL)
        return crn_no_memory(err);
    *out = crn_array_view_1d(cells + column->begin, dtype, rows);
    out->owner = owner;
    column->cells = NULL;
    column->begin = column->end = column->capacity = 0;
    return CRN_OK;
}
