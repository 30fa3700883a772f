/* SPDX-License-Identifier: BSD-3-Clause */
/* Files that hold a dict, list or tuple with a model inside. */
#ifndef CRN_MODEL_CONTAINER_H
#define CRN_MODEL_CONTAINER_H

#include "format/object.h"

/* The object that stands for the file. member: a dict's key or an index ("model", "0", "-1";
 * further levels behind '/'); NULL: the root itself unless it is a dict, list or tuple, then a
 * dict's key "model", else the only instance inside (one level) that is no array, number or
 * string. Errors: CRN_NOT_FOUND for a member that is not there, CRN_ARGUMENT for an ambiguity;
 * both list the items with their classes. */
crn_status crn_container_pick(const crn_object *root, const char *member,
                              const crn_object **out, crn_error *err);

#endif
