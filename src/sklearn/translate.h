/* SPDX-License-Identifier: BSD-3-Clause */
/* A pickle's objects for another version of scikit-learn: a copy in which names stand where
 * that version has them and estimators have its attributes. */
#ifndef CRN_SKLEARN_TRANSLATE_H
#define CRN_SKLEARN_TRANSLATE_H

#include "sklearn/estimator.h"

/* A copy of `object`, which `source` owns, as an object of `target`; the arrays' memory is
 * shared, so `source` must outlive it. Estimators of the table are read and written anew.
 * `object` must not be nested deeper than the limits allow (readers see to that). NULL with an
 * error: CRN_UNSUPPORTED for a name that the version does not have. */
crn_object *crn_sklearn_translate(const crn_object *object, crn_document *source,
                                  crn_document *target, const char *sklearn, crn_error *err);

/* The entries of `from` that are not in `into` yet and that no row of `fields` names,
 * translated. One that the version cannot say is left out: nothing that predicts reads it. */
crn_status crn_sklearn_carry(const crn_field *fields, const crn_object *from,
                             crn_document *source, crn_object *into, crn_document *target,
                             const char *sklearn, crn_error *err);

#endif
