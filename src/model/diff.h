/* SPDX-License-Identifier: BSD-3-Clause */
/* How two trees of Python objects differ. */
#ifndef CRN_MODEL_DIFF_H
#define CRN_MODEL_DIFF_H

#include "cornichon/inspect.h"
#include "format/object.h"

/* Most differences that are kept. */
enum { CRN_MOST_DIFFERENCES = 10000 };

crn_status crn_objects_diff(const crn_object *left, const crn_object *right, crn_diff **out,
                            crn_error *err);

#endif
