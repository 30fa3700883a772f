/* SPDX-License-Identifier: BSD-3-Clause */
/* A document as a tree of Python objects, for inspect. */
#ifndef CRN_MODEL_TREE_H
#define CRN_MODEL_TREE_H

#include "format/object.h"

/* One line an object, indented: class, scalar value, array type and shape; an object met before
 * is named by its line ("-> line 7"), so shared objects and cycles end. At most 10,000 lines;
 * root NULL prints nothing. */
crn_status crn_object_tree(const crn_object *root, crn_text *out, crn_error *err);

#endif
