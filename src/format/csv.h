/* SPDX-License-Identifier: BSD-3-Clause */
/* CSV and TSV tables (RFC 4180: quotes, doubled quotes, line breaks inside quotes, CRLF) and
 * the other texts that hold tables: JSON lines, JSON lists, plain lines. */
#ifndef CRN_FORMAT_CSV_H
#define CRN_FORMAT_CSV_H

#include "base/memory.h"
#include "base/text.h"
#include "cornichon/limits.h"
#include "cornichon/table.h"

/* Reads the text of a table. delimiter 0: the first of ',', '\t' and ';' that the first line
 * has. A first line in which a field is not a number while the column below it is, or in which
 * all fields are distinct non-numbers, is a header. A column whose fields are all numbers or
 * missing ("", "NA", "nan", "null") is float64 (missing: NaN), or int64 when all are integers;
 * other columns are strings. Ragged lines are an error with the line's number. */
crn_status crn_csv_read(const char *text, size_t size, char delimiter, const crn_limits *limits,
                        crn_table **out, crn_error *err);
/* Header, then rows; floats in the shortest digits that read back; quotes where needed. */
crn_status crn_csv_write(const crn_table *table, char delimiter, crn_text *out, crn_error *err);

/* JSON lines: a row a line, all objects (keys are columns; a missing key is a missing value),
 * all lists or all single values. Integers are int64, true and false bool, null and NaN missing
 * (NaN). A column that mixes strings with anything else, or holds lists or objects, is one of
 * cells. */
crn_status crn_jsonl_read(const char *text, size_t size, const crn_limits *limits,
                          crn_table **out, crn_error *err);
/* Objects when the columns have names, else lists. NaN becomes null. */
crn_status crn_jsonl_write(const crn_table *table, crn_text *out, crn_error *err);

/* One JSON list of such rows. */
crn_status crn_json_table_read(const char *text, size_t size, const crn_limits *limits,
                               crn_table **out, crn_error *err);

/* A string a line, blank lines too: one column without a name. */
crn_status crn_lines_read(const char *text, size_t size, const crn_limits *limits,
                          crn_table **out, crn_error *err);

#endif
