/* SPDX-License-Identifier: BSD-3-Clause */
/* What ensembles of trees have in common: the list of trees, and what BaseEnsemble keeps beside
 * it in each version. */
#ifndef CRN_SKLEARN_ENSEMBLE_FOREST_H
#define CRN_SKLEARN_ENSEMBLE_FOREST_H

#include "model/model_list.h"
#include "sklearn/tree/decision_tree.h"

/* The trees of estimators_, which all have as many features (0: any) and outputs as said. Fails
 * where an estimator is no fitted tree. free() *out; it borrows the trees. */
crn_status crn_forest_trees(const crn_model_list *estimators, int64_t features, int64_t outputs,
                            const crn_tree ***out, crn_error *err);

/* estimator and estimator_, which were base_estimator and base_estimator_ before 1.2: under the
 * names of that version. `call` makes the estimator where the model has none:
 * "ExtraTreeRegressor()". */
crn_status crn_forest_write_estimator(const char *call, crn_document *document,
                                      crn_object *state, const char *sklearn, crn_error *err);

#endif
