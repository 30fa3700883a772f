/* SPDX-License-Identifier: BSD-3-Clause */
/* What ridge regression and the classifiers made of it share. */
#ifndef CRN_SKLEARN_RIDGE_H
#define CRN_SKLEARN_RIDGE_H

#include "sklearn/linear_model/linear_model.h"

/* crn_estimator.write: normalize, and store_cv_results, which is None in 1.5 and 1.6 where it
 * means False. */
crn_status crn_ridge_write(const void *self, crn_document *document, crn_object *state,
                           const char *sklearn, crn_error *err);

#endif
