/* SPDX-License-Identifier: BSD-3-Clause */
/* Binarizer, as sklearn/preprocessing/_data.py (1.9): 1 where X > threshold, else 0. */
#include "ops/elementwise.h"
#include "sklearn/estimator.h"

typedef struct binarizer {
    crn_estimator_base base;
    double threshold;
    bool copy;
} binarizer;

static const crn_field fields[] = {
    CRN_PARAM(binarizer, threshold, REAL, "0.0", "real"),
    CRN_PARAM(binarizer, copy, BOOL, "True", NULL),
    CRN_BASE_FIELDS,
    CRN_FIELDS_END,
};

static crn_value lower(const void *self, crn_method method, crn_graph *graph, crn_value x)
{
    (void)method;
    crn_value above = crn_step(graph, x, ((const binarizer *)self)->threshold);
    return crn_cast(graph, above, CRN_FLOAT64);
}

const crn_estimator crn_estimator_Binarizer = {
    .name = "Binarizer",
    .module = "sklearn.preprocessing",
    .modules = "sklearn.preprocessing._data sklearn.preprocessing.data",
    .size = sizeof(binarizer),
    .fields = fields,
    .methods = 1u << CRN_TRANSFORM,
    .lower = lower,
};
