/* SPDX-License-Identifier: BSD-3-Clause */
/* Writing CSV and TSV, with the quotes that Python's csv module sets (QUOTE_MINIMAL) and \n
 * line ends. */
#include <string.h>

#include "base/cell.h"
#include "format/csv.h"
#include "format/table.h"

static bool needs_quotes(const char *field, size_t size, char delimiter)
{
    for (size_t i = 0; i < size; i++) {
        if (field[i] == delimiter || field[i] == '"' || field[i] == '\n' || field[i] == '\r')
            return true;
    }
    return false;
}

/* A field; an empty one that is alone in its line is quoted, for a blank line is none. */
static void add_field(crn_text *out, const char *field, size_t size, char delimiter, bool alone)
{
    if (!needs_quotes(field, size, delimiter) && !(alone && size == 0)) {
        crn_text_add_bytes(out, field, size);
        return;
    }
    crn_text_add_char(out, '"');
    for (size_t i = 0; i < size; i++) {
        crn_text_add_char(out, field[i]);
        if (field[i] == '"')
            crn_text_add_char(out, '"');
    }
    crn_text_add_char(out, '"');
}

static void add_header(const crn_table *table, char delimiter, crn_text *out)
{
    int64_t columns = crn_table_columns(table);
    for (int64_t i = 0; i < columns; i++) {
        const char *name = crn_table_name(table, i);
        if (i > 0)
            crn_text_add_char(out, delimiter);
        add_field(out, name, strlen(name), delimiter, columns == 1);
    }
    crn_text_add_char(out, '\n');
}

/* A cell that says nothing is an empty field, which reads as missing. */
static bool is_missing(const crn_array *column, int64_t row)
{
    const char *at = (const char *)column->data + row * column->strides[0];
    const crn_cell *cell = (const crn_cell *)at;
    return column->dtype == CRN_OBJECT &&
           (cell->kind == CRN_CELL_NONE || crn_cell_is_nan(cell));
}

static void add_row(const crn_table *table, int64_t row, char delimiter, crn_text *scratch,
                    crn_text *out)
{
    crn_array column;
    int64_t columns = crn_table_columns(table);
    for (int64_t i = 0; crn_table_column(table, i, &column); i++) {
        if (i > 0)
            crn_text_add_char(out, delimiter);
        if (crn_dtype_is_number(column.dtype)) {
            crn_text_add_element(out, &column, row);
            continue;
        }
        crn_text_clear(scratch);
        if (!is_missing(&column, row))
            crn_text_add_element(scratch, &column, row);
        add_field(out, scratch->data != NULL ? scratch->data : "", scratch->size, delimiter,
                  columns == 1);
    }
    crn_text_add_char(out, '\n');
}

crn_status crn_csv_write(const crn_table *table, char delimiter, crn_text *out, crn_error *err)
{
    CRN_TRY(crn_table_check_writable(table, delimiter == '\t' ? "TSV" : "CSV", err));
    crn_text scratch = CRN_TEXT_INIT;
    if (out->cap == 0)
        out->cap = SIZE_MAX / 2; /* a table is as large as it is */
    if (crn_table_has_names(table))
        add_header(table, delimiter, out);
    for (int64_t row = 0; row < crn_table_rows(table); row++)
        add_row(table, row, delimiter, &scratch, out);
    crn_status status = crn_text_status(&scratch, err);
    if (status == CRN_OK)
        status = crn_text_status(out, err);
    crn_text_free(&scratch);
    return status;
}
