/* SPDX-License-Identifier: BSD-3-Clause */
/* Python's values and JSON texts as arrays of cells. */
#ifndef CRN_FORMAT_CELLS_H
#define CRN_FORMAT_CELLS_H

#include "base/cell.h"
#include "format/object.h"

/* None, bool, int, float, str, NumPy scalars, and lists, tuples and dicts of them. Texts and
 * items come from the arena. CRN_UNSUPPORTED for any other object. */
crn_status crn_cell_of_object(const crn_object *object, crn_arena *arena, crn_cell *out,
                              crn_error *err);
/* A vector or array of cells from a NumPy array of any type, or a list or tuple (a vector). */
crn_status crn_cells_of_object(const crn_object *object, crn_array *out, crn_error *err);
/* (rows) cells: the items of a JSON list or, with `lines`, the values of JSON lines. */
crn_status crn_json_cells(const char *text, size_t size, bool lines, const crn_limits *limits,
                          crn_array *out, crn_error *err);
/* From a vector of lists or dicts, the vector of their items `at`, or of the values of their
 * key `name`; what a row does not have is NaN. */
crn_status crn_cells_column(const crn_array *rows, size_t at, const char *name, crn_array *out,
                            crn_error *err);

#endif
