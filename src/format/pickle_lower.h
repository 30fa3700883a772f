/* SPDX-License-Identifier: BSD-3-Clause */
/* Values that a pickle of some style cannot hold as they are, said in terms that it can: bytes
 * in protocol 2, sets in protocol 3, arrays in any. */
#ifndef CRN_FORMAT_PICKLE_LOWER_H
#define CRN_FORMAT_PICKLE_LOWER_H

#include "format/object.h"
#include "format/pickle.h"

enum { CRN_LOWER_NAMES = 32, CRN_LOWER_DTYPES = 16 };

/* Makes the stand-ins in a document of its own. Names and dtypes are made once, so that a file
 * says them once. */
typedef struct crn_pickle_lowering {
    crn_document *scratch;
    crn_pickle_style style;
    bool exact; /* values that were read are spelled as they were, so they need no stand-in */
    bool keeps_arrays; /* arrays that were read are written as they were */
    crn_object *names[CRN_LOWER_NAMES];
    struct {
        crn_dtype dtype;
        int64_t itemsize;
        crn_object *object;
    } dtypes[CRN_LOWER_DTYPES];
    size_t dtype_count;
} crn_pickle_lowering;

/* The structure to be written for `object`: itself when the style can hold it. */
crn_status crn_pickle_lower(crn_pickle_lowering *lowering, const crn_object *object,
                            const crn_object **body, crn_error *err);

/* The root of the pickle that follows the wrapper of an object array which was not read from a
 * file. */
crn_status crn_pickle_lower_elements(crn_pickle_lowering *lowering, const crn_object *object,
                                     const crn_object **root, crn_error *err);

/* The names of a GLOBAL in the protocol: Python 2's up to protocol 2, Python 3's after. */
crn_status crn_pickle_lower_module(crn_pickle_lowering *lowering, const crn_object *module,
                                   const crn_object **lowered, crn_error *err);

/* True when the elements of a multidimensional array lie in Fortran order and not in C order.
 */
bool crn_array_is_fortran(const crn_array *array);

#endif
