/* SPDX-License-Identifier: BSD-3-Clause */
/* Arrays of records in the .npy files beside a model of joblib <= 0.9: the trees of its
 * forests. */
#ifndef CRN_FORMAT_JOBLIB_RECORDS_H
#define CRN_FORMAT_JOBLIB_RECORDS_H

#include "format/numpy_dtype.h"

/* True when the header of the .npy file describes records. */
bool crn_joblib_records_sniff(const crn_buffer *file);

/* The records' shape, dtype and bytes, which lie in `file`. The dtype is also made as the
 * object that a pickle would hold, in the document. */
crn_status crn_joblib_records_read(crn_document *document, const crn_buffer *file,
                                   crn_numpy_raw *raw, crn_object **dtype, crn_error *err);

#endif
