/* SPDX-License-Identifier: BSD-3-Clause */
/* Cells, the elements of CRN_OBJECT arrays: comparing, copying, converting. */
#ifndef CRN_BASE_CELL_H
#define CRN_BASE_CELL_H

#include "base/dtype.h"
#include "base/text.h"

/* Lists in lists: most levels of one cell. */
enum { CRN_CELL_MAX_DEPTH = 16 };

/* A total order in which equal means what it means in a Python dict's keys: True, 1 and 1.0 are
 * equal, so are two NaNs. Numbers by value stand before NaN, then texts by code point, None,
 * lists and dicts. */
int crn_cell_compare(const crn_cell *a, const crn_cell *b);
bool crn_cell_is_number(const crn_cell *cell); /* bool, int or float; NaN too */
bool crn_cell_is_nan(const crn_cell *cell);
/* float(): of a number, None (NaN), or a text that says one. False for all else. */
bool crn_cell_as_double(const crn_cell *cell, double *out);
/* "could not convert string to float: 'x'", recorded. */
crn_status crn_cell_not_a_number(const crn_cell *cell, crn_error *err);
/* As Python's str() prints it; inside lists as repr() does. */
void crn_text_add_cell(crn_text *out, const crn_cell *cell);

/* A cell whose text and items live in the arena. CRN_LIMIT beyond CRN_CELL_MAX_DEPTH. */
crn_status crn_cell_copy(crn_arena *arena, const crn_cell *from, crn_cell *to, crn_error *err);

/* An array of None cells with an arena of its own, which its texts and items shall come from:
 * both go with the array's last reference. */
crn_status crn_cells_create(int32_t ndim, const int64_t *shape, crn_array *out,
                            crn_arena **arena, crn_error *err);
/* A new array of cells from one of any type: numbers, strings, cells. */
crn_status crn_cells_of_array(const crn_array *in, crn_array *out, crn_error *err);

/* str() of each cell, as a CRN_STRING array. */
crn_status crn_cells_as_strings(const crn_array *in, crn_array *out, crn_error *err);

/* Halves of crn_array_copy_to(). Numbers become cells of their kind; cells become numbers. */
void crn_cells_of_numbers(const crn_array *in, crn_cell *out);
crn_status crn_cells_to_numbers(const crn_array *in, crn_dtype dtype, void *out,
                                crn_error *err);

#endif
