/* SPDX-License-Identifier: BSD-3-Clause */
/* CSV and TSV tables (RFC 4180: quotes, doubled quotes, line breaks inside quotes, CRLF) and JSON lines. */
#ifndef CRN_FORMAT_CSV_H
#define CRN_FORMAT_CSV_H

#include "base/memory.h"
#include "base/text.h"
#include "cornichon/limits.h"
#include "cornichon/table.h"

/* Reads the text of a table. delimiter 0: the first of ',', '\t' and ';' that the first line has. A
 * first line in which a field is not a number while the column below it is, or in which all fields are
 * distinct non-numbers, is a header. A column whose fields are all numbers or missing ("", "NA", "nan",
 * "null") is float64 (missing: NaN), or int64 when all are integers; other columns are strings. Ragged
 * lines are an error with the line's number. */
crn_status crn_csv_read(const char *text, size_t size, char delimiter, const crn_limits *limits,
                        crn_table **out, crn_error *err);
/* Header, then rows; floats in the shortest digits that read back, strings quoted where needed. */
crn_status crn_csv_write(const crn_table *table, char delimiter, crn_text *out, crn_error *err);

/* One object a line (names are columns) or one list a line. */
crn_status crn_jsonl_read(const char *text, size_t size, const crn_limits *limits, crn_table **out,
                          crn_error *err);
crn_status crn_jsonl_write(const crn_table *table, crn_text *out, crn_error *err);

#endif
