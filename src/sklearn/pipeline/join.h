/* SPDX-License-Identifier: BSD-3-Clause */
/* Side by side: what FeatureUnion and ColumnTransformer make of their transformers' outputs
 * (scipy.sparse.hstack and numpy.hstack). */
#ifndef CRN_SKLEARN_JOIN_H
#define CRN_SKLEARN_JOIN_H

#include "sklearn/estimator.h"

/* The columns of all values as one; `sparse`: as a sparse value. Types are promoted as NumPy's:
 * to float64 where they differ, to cells where one has cells and the result is dense. */
crn_value crn_join_columns(crn_graph *graph, crn_value *values, int count, bool sparse);

/* transformer_weights: x times the weight of `name`; x itself when it has none. */
crn_value crn_weigh(crn_graph *graph, const crn_object *weights, const char *name, crn_value x);

#endif
