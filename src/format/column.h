/* SPDX-License-Identifier: BSD-3-Clause */
/* A column whose type is found while it is read: integers until a fraction or a gap appears,
 * numbers until a text appears. CSV and JSON lines are read into these. */
#ifndef CRN_FORMAT_COLUMN_H
#define CRN_FORMAT_COLUMN_H

#include <math.h>

#include "cornichon/array.h"

/* What a field is, and what a column has been so far. */
typedef enum crn_column_kind {
    CRN_COLUMN_MISSING,
    CRN_COLUMN_BOOL, /* JSON only */
    CRN_COLUMN_WHOLE,
    CRN_COLUMN_REAL,
    CRN_COLUMN_TEXT
} crn_column_kind;

/* One element; a missing one is real and NaN, a text has no value here. */
typedef union crn_column_cell {
    int64_t whole;
    double real;
} crn_column_cell;

typedef struct crn_column {
    crn_column_kind kind;   /* of all cells: what they have in common */
    crn_column_cell *cells; /* those in [begin, end) are filled */
    int64_t begin, end;
    int64_t capacity;
} crn_column;

/* `count` empty columns that keep `reserve` places before their first cell. NULL when out of
 * memory. */
crn_column *crn_columns_create(size_t count, int64_t reserve);
void crn_columns_destroy(crn_column *columns, size_t count); /* NULL is fine */

/* Makes room for one more cell in each of the columns. CRN_LIMIT beyond `limit` bytes in all.
 */
crn_status crn_columns_grow(crn_column *columns, size_t count, uint64_t limit, crn_error *err);

/* The column's and the field's kinds become one; the cell comes back as the column now holds
 * it. */
crn_column_cell crn_column_meet(crn_column *column, crn_column_kind kind, crn_column_cell cell);

/* Behind the last cell; room was made. */
static inline void crn_column_append(crn_column *column, crn_column_kind kind,
                                     crn_column_cell cell)
{
    if (kind != column->kind)
        cell = crn_column_meet(column, kind, cell);
    column->cells[column->end++] = cell;
}

/* Before the first cell; the place was reserved. */
void crn_column_prepend(crn_column *column, crn_column_kind kind, crn_column_cell cell);

/* Turns the cells into a vector of int64, bool or float64 and takes them; a column of text has
 * none. */
crn_status crn_column_take(crn_column *column, crn_array *out, crn_error *err);

/* Reads the number that begins at `at`: sign, digits, fraction, exponent. Integers that fit are
 * WHOLE, others REAL and correctly rounded. Returns where it ends, or NULL when no number
 * begins there. */
const char *crn_scan_number(const char *at, const char *end, crn_column_kind *kind,
                            crn_column_cell *cell);

#endif
