/* SPDX-License-Identifier: BSD-3-Clause */
/* Estimators that only describe the data that they were fitted on: labels_, embedding_. They
 * are loaded, looked at and written; there is no method for new rows. */
#ifndef CRN_SKLEARN_NO_METHOD_H
#define CRN_SKLEARN_NO_METHOD_H

#include "sklearn/estimator.h"

/* The lower() of such a class, which has no methods: a failure that says so. */
crn_value crn_no_method(const void *self, crn_method method, crn_graph *graph, crn_value x);

#endif
