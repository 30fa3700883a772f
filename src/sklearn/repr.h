/* SPDX-License-Identifier: BSD-3-Clause */
/* repr() of estimators. */
#ifndef CRN_SKLEARN_REPR_H
#define CRN_SKLEARN_REPR_H

#include "model/model.h"

/* As scikit-learn prints the model with print_changed_only: what a file holds against the
 * defaults of the file's version, the middle cut out of long ones. Where Python prints an
 * address, as of functions, nothing stands. `scratch` takes what is made on the way. */
void crn_sklearn_repr(const crn_model *model, crn_document *scratch, crn_text *out);

/* The value of a parameter with every part of it that expressions do not know as a bare name
 * that prints as Python prints the part: "array([1., 2.])", "<function f_classif>",
 * "KFold(...)". The value itself past the limits. sklearn: the version of the file; NULL: the
 * newest. */
crn_object *crn_shown_value(crn_object *value, const char *sklearn, crn_document *scratch);

#endif
