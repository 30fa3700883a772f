/* SPDX-License-Identifier: BSD-3-Clause */
/* FrozenEstimator, as sklearn/frozen/_frozen.py (1.9): a fitted estimator that fit leaves
 * alone. */
#include "sklearn/children.h"

typedef struct frozen_estimator {
    crn_estimator_base base;
    crn_model *estimator;
} frozen_estimator;

static const crn_field fields[] = {
    CRN_PARAM(frozen_estimator, estimator, MODEL, NULL, NULL),
    CRN_FIELDS_END,
};

static const crn_model *inside(const void *self)
{
    return ((const frozen_estimator *)self)->estimator;
}

const crn_estimator crn_estimator_FrozenEstimator = {
    .name = "FrozenEstimator",
    .module = "sklearn.frozen",
    .modules = "sklearn.frozen._frozen",
    .size = sizeof(frozen_estimator),
    .fields = fields,
    .methods = ~0u,
    .delegate = inside,
};
