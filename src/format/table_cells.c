/* SPDX-License-Identifier: BSD-3-Clause */
/* Tables as rows of mixed values: cells for the models that take them. */
#include <math.h>
#include <string.h>

#include "base/cell.h"
#include "format/table.h"

static const crn_cell missing = {CRN_CELL_FLOAT, {.real = (double)NAN}, 0};

/* "True", "true", "TRUE" and their like, as pandas reads them. */
static bool is_word(const crn_cell *cell, const char *lower)
{
    const size_t size = strlen(lower);
    bool is_lower = true, is_upper = true, is_title = true;
    if (cell->kind != CRN_CELL_TEXT || cell->size != size)
        return false;
    for (size_t i = 0; i < size; i++) {
        const char c = cell->as.text[i], upper = (char)(lower[i] - 'a' + 'A');
        is_lower = is_lower && c == lower[i];
        is_upper = is_upper && c == upper;
        is_title = is_title && c == (i == 0 ? upper : lower[i]);
    }
    return is_lower || is_upper || is_title;
}

/* Fields that say nothing are NaN; a column of nothing but true and false holds bools. */
static void settle_fields(crn_cell *cells, int64_t n)
{
    bool bools = true;
    for (int64_t i = 0; i < n; i++) {
        if (cells[i].kind == CRN_CELL_TEXT &&
            crn_field_is_missing(cells[i].as.text, cells[i].size))
            cells[i] = missing;
        bools = bools && (crn_cell_is_nan(&cells[i]) || is_word(&cells[i], "true") ||
                          is_word(&cells[i], "false"));
    }
    for (int64_t i = 0; bools && i < n; i++) {
        if (!crn_cell_is_nan(&cells[i]))
            cells[i] = (crn_cell){CRN_CELL_BOOL, {.integer = is_word(&cells[i], "true")}, 0};
    }
}

/* What is missing among the texts of a named column is NaN, as in pandas' columns of str. */
static void settle_texts(crn_cell *cells, int64_t n)
{
    for (int64_t i = 0; i < n; i++) {
        if (cells[i].kind != CRN_CELL_TEXT && cells[i].kind != CRN_CELL_NONE &&
            !crn_cell_is_nan(&cells[i]))
            return;
    }
    for (int64_t i = 0; i < n; i++) {
        if (cells[i].kind == CRN_CELL_NONE)
            cells[i] = missing;
    }
}

/* A column as cells of its own. */
static crn_status cells_of_column(const crn_table *table, int64_t column, crn_array *out,
                                  crn_error *err)
{
    crn_array array;
    if (!crn_table_column(table, column, &array))
        return crn_fail(err, CRN_ARGUMENT, "there is no column %lld: the table has %lld",
                        (long long)column, (long long)crn_table_columns(table));
    if (array.ndim != 1)
        return crn_fail(err, CRN_ARGUMENT, "an array of %d axes is not a matrix", array.ndim);
    CRN_TRY(crn_cells_of_array(&array, out, err));
    if (crn_table_has_fields(table) && array.dtype == CRN_STRING)
        settle_fields(out->data, out->shape[0]);
    else if (crn_table_has_names(table) && array.dtype == CRN_OBJECT)
        settle_texts(out->data, out->shape[0]);
    return CRN_OK;
}

/* Column j of `out`, (rows, columns). */
static crn_status fill_column(const crn_table *table, int64_t column, int64_t j,
                              crn_arena *arena, crn_array *out, crn_error *err)
{
    crn_array cells = CRN_ARRAY_INIT;
    crn_status status = CRN_OK;
    CRN_TRY_OR_DONE(cells_of_column(table, column, &cells, err));
    for (int64_t i = 0; i < out->shape[0]; i++)
        CRN_TRY_OR_DONE(crn_cell_copy(arena, (const crn_cell *)cells.data + i,
                                      (crn_cell *)out->data + i * out->shape[1] + j, err));
done:
    crn_array_free(&cells);
    return status;
}

crn_status crn_table_cells(const crn_table *table, const int64_t *columns, int64_t count,
                           crn_array *out, crn_error *err)
{
    crn_array matrix = CRN_ARRAY_INIT;
    crn_arena *arena = NULL;
    crn_status status = CRN_OK;
    if (columns == NULL && count == 0)
        count = crn_table_columns(table);
    if (count < 0)
        return crn_fail(err, CRN_ARGUMENT, "%lld columns are asked for", (long long)count);
    const int64_t shape[] = {crn_table_rows(table), count};
    CRN_TRY(crn_cells_create(2, shape, &matrix, &arena, err));
    for (int64_t j = 0; j < count; j++)
        CRN_TRY_OR_DONE(
            fill_column(table, columns != NULL ? columns[j] : j, j, arena, &matrix, err));
    *out = matrix;
    matrix.owner = NULL;
done:
    crn_array_free(&matrix);
    return status;
}

/* A row of (rows, columns) cells as a dict of its columns, or a list. */
static crn_status make_record(const crn_table *table, const crn_cell *row, crn_arena *arena,
                              crn_cell *out, crn_error *err)
{
    const bool named = crn_table_has_names(table);
    const size_t count = (size_t)crn_table_columns(table);
    crn_cell *items = crn_arena_alloc(arena, count, 2 * sizeof *items);
    if (items == NULL)
        return crn_arena_fail(arena, err);
    for (size_t i = 0; i < count; i++) {
        const char *name = crn_table_name(table, (int64_t)i);
        const crn_cell key = {CRN_CELL_TEXT, {.text = name}, strlen(name)};
        if (named)
            CRN_TRY(crn_cell_copy(arena, &key, &items[2 * i], err));
        CRN_TRY(crn_cell_copy(arena, &row[i], &items[named ? 2 * i + 1 : i], err));
    }
    *out = (crn_cell){named ? CRN_CELL_DICT : CRN_CELL_LIST, {.items = items}, count};
    return CRN_OK;
}

crn_status crn_table_records(const crn_table *table, crn_array *out, crn_error *err)
{
    crn_array matrix = CRN_ARRAY_INIT, records = CRN_ARRAY_INIT;
    crn_arena *arena = NULL;
    const int64_t rows = crn_table_rows(table);
    crn_status status;
    if (crn_table_columns(table) == 1)
        return cells_of_column(table, 0, out, err);
    CRN_TRY_OR_DONE(crn_table_cells(table, NULL, 0, &matrix, err));
    CRN_TRY_OR_DONE(crn_cells_create(1, &rows, &records, &arena, err));
    for (int64_t i = 0; i < rows; i++)
        CRN_TRY_OR_DONE(make_record(table, (const crn_cell *)matrix.data + i * matrix.shape[1],
                                    arena, (crn_cell *)records.data + i, err));
    *out = records;
    records.owner = NULL;
done:
    crn_array_free(&matrix);
    crn_array_free(&records);
    return status;
}
