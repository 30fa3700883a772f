/* SPDX-License-Identifier: BSD-3-Clause */
/* What estimators without methods answer. */
#include "sklearn/no_method.h"

crn_value crn_no_method(const void *self, crn_method method, crn_graph *graph, crn_value x)
{
    (void)x;
    const crn_estimator_base *base = self;
    return crn_graph_fail(graph, CRN_UNSUPPORTED, "%s has no method %s", base->type->name,
                          crn_method_name(method));
}
