/* SPDX-License-Identifier: BSD-3-Clause */
/* Writing JSON lines: an object a line when the columns have names, else a list, laid out as
 * Python's json.dumps does. */
#include <math.h>
#include <string.h>

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
