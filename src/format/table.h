/* SPDX-License-Identifier: BSD-3-Clause */
/* How the readers of the table formats build a crn_table. The rest is in cornichon/table.h. */
#ifndef CRN_FORMAT_TABLE_H
#define CRN_FORMAT_TABLE_H

#include "base/dtype.h"
#include "base/text.h"
#include "cornichon/table.h"

/* Appends a column without a copy: takes the array's reference, also on failure. name has
 * `name_size` bytes of UTF-8. */
crn_status crn_table_adopt(crn_table *table, const char *name, size_t name_size,
                           crn_array *column, crn_error *err);

/* The table of a matrix, a vector or an array of more axes: nameless columns that are views.
 * Takes the array's reference, also on failure. */
crn_status crn_table_of_array(crn_array *array, crn_table **out, crn_error *err);

/* Each row as a cell: its one value, a dict of the named columns, or a list. */
crn_status crn_table_records(const crn_table *table, crn_array *out, crn_error *err);

/* The texts of the table come from a format that has no other sign of "no value" (CSV): those
 * that crn_field_is_missing() knows become NaN as cells. */
void crn_table_mark_fields(crn_table *table);
bool crn_table_has_fields(const crn_table *table);

/* Whether a text stands for "no value": empty, NA, nan, null (any case but NA's). */
bool crn_field_is_missing(const char *text, size_t size);

/* A piece of a text: where it begins and how long it is. */
typedef struct crn_span {
    size_t begin;
    size_t size;
    bool doubled; /* CSV: "" stands for " */
} crn_span;

/* A CRN_STRING vector of pieces of UTF-8 text, as wide as the longest; CRN_LIMIT when it needs
 * more than `limit` bytes, CRN_FORMAT with the text's line when a piece is not UTF-8. */
crn_status crn_strings_of_spans(const char *text, const crn_span *spans, int64_t rows,
                                uint64_t limit, crn_array *out, crn_error *err);

/* Element i of a vector, appended as Python's str() gives it; strings as UTF-8. Not for complex
 * numbers and the other types that crn_table_check_writable() refuses. */
void crn_text_add_element(crn_text *out, const crn_array *column, int64_t i);

/* CRN_UNSUPPORTED when a column is neither numbers nor strings, or no vector: text formats have
 * no form for it. */
crn_status crn_table_check_writable(const crn_table *table, const char *format, crn_error *err);

#endif
