/* SPDX-License-Identifier: BSD-3-Clause */
/* What all models fitted by stochastic gradient descent share. */
#ifndef CRN_SKLEARN_STOCHASTIC_GRADIENT_H
#define CRN_SKLEARN_STOCHASTIC_GRADIENT_H

#include "sklearn/linear_model/linear_model.h"

/* crn_estimator.write: the spellings of loss and penalty, and eta0. */
crn_status crn_sgd_write(const void *self, crn_document *document, crn_object *state,
                         const char *sklearn, crn_error *err);

#endif
