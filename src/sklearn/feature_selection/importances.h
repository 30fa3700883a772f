/* SPDX-License-Identifier: BSD-3-Clause */
/* How much each feature matters to a fitted estimator: its coef_, or the feature_importances_
 * that trees and their ensembles compute when they are asked. */
#ifndef CRN_SKLEARN_IMPORTANCES_H
#define CRN_SKLEARN_IMPORTANCES_H

#include "sklearn/estimator.h"

/* float64 (features) or (outputs, features). getter: "auto", or a path of attributes as
 * operator.attrgetter takes it: "named_steps.model.coef_". Errors: CRN_UNSUPPORTED for what is
 * neither in the file nor computed here. */
crn_status crn_feature_importances(const crn_model *model, const char *getter, crn_array *out,
                                   crn_error *err);

#endif
