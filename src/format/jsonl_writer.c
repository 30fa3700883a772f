/* SPDX-License-Identifier: BSD-3-Clause */
/* Writing JSON lines: an object a line when the columns have names, else a list, laid out as
 * Python's json.dumps does. */
#include <math.h>
#include <string.h>

#include "base/cell.h"
#include "format/csv.h"
#include "format/table.h"

static void add_json_string(crn_text *out, const char *utf8, size_t size)
{
    crn_text_add_char(out, '"');
    for (size_t i = 0; i < size; i++) {
        unsigned char c = (unsigned char)utf8[i];
        if (c == '"' || c == '\\')
            crn_text_printf(out, "\\%c", c);
        else if (c < 0x20)
            crn_text_printf(out, "\\u%04x", c);
        else
            crn_text_add_char(out, (char)c);
    }
    crn_text_add_char(out, '"');
}

/* JSON has no NaN: it becomes null, which reads back as NaN; infinities are what Python writes.
 */
static void add_number(crn_text *out, const crn_array *column, int64_t row)
{
    double value = 0;
    crn_array element = crn_array_rows(column, row, row + 1);
    if (crn_dtype_is_float(column->dtype) &&
        crn_array_copy_to(&element, CRN_FLOAT64, 8, &value, NULL) == CRN_OK && !isfinite(value))
        crn_text_add_string(out, isnan(value) ? "null" : value < 0 ? "-Infinity" : "Infinity");
    else if (column->dtype == CRN_BOOL)
        crn_text_add_string(out, *(const uint8_t *)element.data != 0 ? "true" : "false");
    else
        crn_text_add_element(out, column, row);
}

/* Recursion as deep as CRN_CELL_MAX_DEPTH: deeper cells are not made. */
static void add_cell(crn_text *out, const crn_cell *cell, int depth)
{
    const bool dict = cell->kind == CRN_CELL_DICT;
    if (cell->kind == CRN_CELL_NONE || crn_cell_is_nan(cell)) {
        crn_text_add_string(out, "null");
    } else if (cell->kind == CRN_CELL_FLOAT && isinf(cell->as.real)) {
        crn_text_add_string(out, cell->as.real < 0 ? "-Infinity" : "Infinity");
    } else if (cell->kind == CRN_CELL_BOOL) {
        crn_text_add_string(out, cell->as.integer != 0 ? "true" : "false");
    } else if (cell->kind == CRN_CELL_TEXT) {
        add_json_string(out, cell->as.text, cell->size);
    } else if (crn_cell_is_number(cell) || depth >= CRN_CELL_MAX_DEPTH) {
        crn_text_add_cell(out, cell);
    } else {
        crn_text_add_char(out, dict ? '{' : '[');
        for (uint64_t i = 0; i < (dict ? 2 : 1) * cell->size; i++) {
            crn_text_add_string(out, i == 0 ? "" : dict && i % 2 == 1 ? ": " : ", ");
            add_cell(out, &cell->as.items[i], depth + 1);
        }
        crn_text_add_char(out, dict ? '}' : ']');
    }
}

static void add_row(const crn_table *table, int64_t row, crn_text *scratch, crn_text *out)
{
    bool named = crn_table_has_names(table);
    crn_array column;
    crn_text_add_char(out, named ? '{' : '[');
    for (int64_t i = 0; crn_table_column(table, i, &column); i++) {
        const char *name = crn_table_name(table, i);
        crn_text_add_string(out, i > 0 ? ", " : "");
        if (named) {
            add_json_string(out, name, strlen(name));
            crn_text_add_string(out, ": ");
        }
        if (crn_dtype_is_number(column.dtype)) {
            add_number(out, &column, row);
            continue;
        }
        if (column.dtype == CRN_OBJECT) {
            add_cell(out, (const crn_cell *)((char *)column.data + row * column.strides[0]), 0);
            continue;
        }
        crn_text_clear(scratch);
        crn_text_add_element(scratch, &column, row);
        add_json_string(out, scratch->data, scratch->size);
    }
    crn_text_add_string(out, named ? "}\n" : "]\n");
}

crn_status crn_jsonl_write(const crn_table *table, crn_text *out, crn_error *err)
{
    CRN_TRY(crn_table_check_writable(table, "JSON lines", err));
    crn_text scratch = CRN_TEXT_INIT;
    if (out->cap == 0)
        out->cap = SIZE_MAX / 2; /* a table is as large as it is */
    for (int64_t row = 0; row < crn_table_rows(table); row++)
        add_row(table, row, &scratch, out);
    crn_status status = crn_text_status(&scratch, err);
    if (status == CRN_OK)
        status = crn_text_status(out, err);
    crn_text_free(&scratch);
    return status;
}
