/* SPDX-License-Identifier: BSD-3-Clause */
/** @file table.h
 *  Tables with named columns, and the files and built-in data sets they come from.
 *
 *      crn_table *iris = NULL;
 *      crn_table_dataset("iris", &iris, &err);
 *      crn_array x = CRN_ARRAY_INIT, y = CRN_ARRAY_INIT;
 *      crn_table_matrix(iris, NULL, 4, &x, &err);                   // four columns, float64
 *      crn_table_column(iris, crn_table_find(iris, "target"), &y);  // int64, borrowed
 *      ...
 *      crn_array_free(&x);
 *      crn_table_destroy(iris);
 *
 *  Thread safety: a table that nobody changes may be read from several threads. */
#ifndef CORNICHON_TABLE_H
#define CORNICHON_TABLE_H

#include "cornichon/array.h"

CRN_BEGIN_DECLS

/** Rows of named columns; each column is a vector of one element type. */
typedef struct crn_table crn_table;

/** An empty table. Errors: CRN_NO_MEMORY. */
CRN_API CRN_MUST_CHECK crn_status crn_table_create(crn_table **out, crn_error *err);

/** The table of an array: a vector is one column, a matrix one for each of its own;
 * crn_table_array() gives it back whole, and .npy keeps its exact shape. names: one for each
 * column, or NULL. The array is copied. Errors: CRN_NO_MEMORY, CRN_DTYPE. */
CRN_API CRN_MUST_CHECK crn_status crn_table_from_array(const crn_array *array,
                                                       const char *const *names,
                                                       crn_table **out, crn_error *err);

/** Reads a file: .csv, .tsv, .jsonl (one object, list or value a line), .json (a list of
 *  such rows), .txt (a string a line), .npy, .npz, found from its bytes where they tell and
 *  from the suffix otherwise; "-" is CSV or JSON lines on stdin. `path` may be
 *  "file.npz:key". A matrix gives columns without names ("" each); an array of more than two
 *  axes gives one column whose elements are reached by crn_table_array(), and a sparse matrix
 *  (scipy.sparse.save_npz) none. Errors: CRN_IO,
 *  CRN_FORMAT (with the line), CRN_LIMIT, CRN_UNSUPPORTED. */
CRN_API CRN_MUST_CHECK crn_status crn_table_read(const char *path, const crn_limits *limits,
                                                 crn_table **out, crn_error *err);

/** One of the built-in data sets: iris, wine, digits, breast_cancer, diabetes, with
 *  scikit-learn's feature names and a last column "target". Errors: CRN_NOT_FOUND (lists the
 *  names). */
CRN_API CRN_MUST_CHECK crn_status crn_table_dataset(const char *name, crn_table **out,
                                                    crn_error *err);

/** Names of the built-in data sets; NULL past the end. */
CRN_API const char *crn_dataset_name(size_t i);
/** One line about a built-in data set: rows, columns, task; NULL for an unknown name. */
CRN_API const char *crn_dataset_summary(const char *name);
/** The meaning of target value i of a built-in data set ("setosa"); NULL for regression or
 *  past the end. */
CRN_API const char *crn_dataset_target_name(const char *name, size_t i);

/** Writes .csv, .tsv, .jsonl, .npy or .npz (a sparse matrix as scipy.sparse.save_npz does; it
 *  is made dense for the other formats) by suffix, or `format` when it is not NULL ("csv"
 *  ...); "-" is CSV on stdout. The file appears whole or not at all. Errors: CRN_IO,
 *  CRN_UNSUPPORTED. */
CRN_API CRN_MUST_CHECK crn_status crn_table_write(const crn_table *table, const char *path,
                                                  const char *format, crn_error *err);

CRN_API int64_t crn_table_rows(const crn_table *table);
CRN_API int64_t crn_table_columns(const crn_table *table);
/** True when the columns have names (a header, a data set). */
CRN_API bool crn_table_has_names(const crn_table *table);
/** "" without a header; NULL outside the range. Lives as long as the table. */
CRN_API const char *crn_table_name(const crn_table *table, int64_t column);
/** Index of a column by name, or, when no column has that name, by number ("0", "-1"); -1:
 *  none. */
CRN_API int64_t crn_table_find(const crn_table *table, const char *name_or_number);

/** The column, borrowed: *out must not be freed and lives as long as the table. False
 *  outside the range. */
CRN_API bool crn_table_column(const crn_table *table, int64_t column, crn_array *out);

/** Appends a column (a copy; the array must be a vector with as many rows as the table, or
 *  the first). name may be "". Errors: CRN_SHAPE, CRN_NO_MEMORY. */
CRN_API CRN_MUST_CHECK crn_status crn_table_add(crn_table *table, const char *name,
                                                const crn_array *column, crn_error *err);

/** A float64 (rows, count) matrix of the chosen columns; columns NULL: the first `count`;
 *  count 0 with NULL: all. float32 when every chosen column is. *out owns its memory, or
 *  borrows from the table when the table was read from a matrix and all of it is asked for:
 *  free it before the table either way. Errors: CRN_DTYPE (a column of strings, by name),
 *  CRN_ARGUMENT, CRN_NO_MEMORY. */
CRN_API CRN_MUST_CHECK crn_status crn_table_matrix(const crn_table *table,
                                                   const int64_t *columns, int64_t count,
                                                   crn_array *out, crn_error *err);

/** The chosen columns as a CRN_OBJECT (rows, count) matrix of cells, for models that take mixed
 *  values; columns and count as in crn_table_matrix(). As in pandas, a missing field of a CSV
 *  file ("", NA, nan, null) is NaN, a column of nothing but true and false holds bools, and null
 *  among the texts of a named column is NaN. *out owns its memory. Errors: CRN_ARGUMENT, CRN_DTYPE,
 *  CRN_NO_MEMORY. */
CRN_API CRN_MUST_CHECK crn_status crn_table_cells(const crn_table *table,
                                                  const int64_t *columns, int64_t count,
                                                  crn_array *out, crn_error *err);

/** Reads the rows of a file as a CRN_OBJECT vector, a cell each, for models that take such
 *  rows: the items of a .json list and the lines of .jsonl as they are (text, number, list,
 *  dict), a line of .txt as text. A row of any other table is its one value, a dict when the
 *  columns have names, else a list. Errors as of crn_table_read(). */
CRN_API CRN_MUST_CHECK crn_status crn_records_read(const char *path, const crn_limits *limits,
                                                   crn_array *out, crn_error *err);

/** The array behind a table read from .npy or .npz (any number of axes), borrowed; false for
 *  other tables. */
CRN_API bool crn_table_array(const crn_table *table, crn_array *out);

/** NULL is fine. */
CRN_API void crn_table_destroy(crn_table *table);

CRN_END_DECLS

#endif
