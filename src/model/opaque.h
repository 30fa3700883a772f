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

/* What the model stands for ('drop', None, an instance of an unknown class); NULL for a model
 * of a known class. */
const crn_object *crn_opaque_object(const crn_model *model);
/* True for a model that stands for this string: 'passthrough'. */
bool crn_opaque_is_str(const crn_model *model, const char *text);

#endif
