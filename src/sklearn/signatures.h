/* SPDX-License-Identifier: BSD-3-Clause */
/* The constructors of every version of scikit-learn. */
#ifndef CRN_SKLEARN_SIGNATURES_H
#define CRN_SKLEARN_SIGNATURES_H

#include "sklearn/estimator.h"

/* True when the class's constructor had that parameter in that version (NULL: the newest).
 * *dflt is the default as Python writes it, NULL: there is none. */
bool crn_signature_find(const crn_estimator *type, const char *parameter, const char *sklearn,
                        const char **dflt);

#endif
