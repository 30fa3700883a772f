/* SPDX-License-Identifier: BSD-3-Clause */
/* Versions of scikit-learn as targets of writing: which are known, and what stands where in
 * them. */
#ifndef CRN_SKLEARN_VERSIONS_H
#define CRN_SKLEARN_VERSIONS_H

#include "sklearn/estimator.h"

/* The newest scikit-learn that files are written for, and the oldest. */
#define CRN_SKLEARN_NEWEST "1.9.1"
#define CRN_SKLEARN_OLDEST "0.22"

/* "1.5" is the newest 1.5.x that is known; a full version is taken as it is; NULL is the newest
 * of all. Errors: CRN_ARGUMENT. */
crn_status crn_sklearn_target(const char *asked, const char **out, crn_error *err);

/* The module under which that version imports an estimator without ado. CRN_UNSUPPORTED when
 * the class came later: "scikit-learn 1.2 has no TargetEncoder, which came with 1.3". */
crn_status crn_sklearn_module(const crn_estimator *type, const char *sklearn,
                              const char **module, crn_error *err);

/* Where a name that scikit-learn, NumPy or SciPy put into a pickle stands in that version.
 * Names that no table knows stay where they are. CRN_UNSUPPORTED when the version does not have
 * it. */
crn_status crn_sklearn_place(const char *sklearn, const char *module, const char *name,
                             const char **place, crn_error *err);

#endif
