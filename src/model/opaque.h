/* SPDX-License-Identifier: BSD-3-Clause */
/* A model of a class that nobody described: it can be inspected and written back, and every
 * method says exactly which class is not supported. */
#ifndef CRN_MODEL_OPAQUE_H
#define CRN_MODEL_OPAQUE_H

#include "model/model.h"

/* object: any Python value; usually a recorded instance of the unknown class. Retains the
 * document. */
crn_status crn_opaque_create(crn_document *document, const crn_object *object, crn_model **out,
                             crn_error *err);

#endif
