/* SPDX-License-Identifier: BSD-3-Clause */
/* Parameters as Python's own values. */
#ifndef CRN_MODEL_PLAIN_VALUE_H
#define CRN_MODEL_PLAIN_VALUE_H

#include "format/object.h"

/* The value with NumPy's scalars (np.int64(2), np.str_('l2'), as a grid search leaves them) as
 * int, float, bool and str, also inside of tuples, lists and dicts; the value itself when there
 * are none. Files of any NumPy can then hold it. NULL when memory is out. */
const crn_object *crn_object_plain(crn_document *document, const crn_object *value);

#endif
