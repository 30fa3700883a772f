/* SPDX-License-Identifier: BSD-3-Clause */
/* The parameter missing_values of all imputers (sklearn/impute/_base.py). */
#ifndef CRN_SKLEARN_MISSING_VALUES_H
#define CRN_SKLEARN_MISSING_VALUES_H

#include "base/cell.h"
#include "sklearn/estimator.h"

/* A number (NaN for numpy.nan and pandas.NA), None or a text, which borrows from the object.
 * CRN_UNSUPPORTED for anything else. */
crn_status crn_missing_values(const crn_object *value, crn_cell *out, crn_error *err);
/* Numbers can hold it: None and texts stand among cells only. */
bool crn_missing_is_number(const crn_cell *missing);
/* NaN is what is missing, so that it may be in the rows. */
crn_admitted crn_missing_admits(const crn_cell *missing);
/* The constant `missing` of ops/missing.h. */
crn_value crn_missing_constant(crn_graph *graph, const crn_cell *missing, crn_dtype dtype);

/* Joins a mask behind imputed values: both as numbers, or as cells. */
crn_value crn_join_indicator(crn_graph *graph, crn_value imputed, crn_value mask);

/* Indices as int64, each in [0, n), in an array of the arena; CRN_FORMAT with `name`
 * otherwise. */
crn_status crn_read_indices(const crn_array *array, int64_t n, const char *name,
                            crn_arena *arena, int64_t **out, crn_error *err);

#endif
