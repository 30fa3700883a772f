/* SPDX-License-Identifier: BSD-3-Clause */
/* Documents as joblib and pickle files, in the style that save options ask for. */
#ifndef CRN_MODEL_PICKLE_FILE_H
#define CRN_MODEL_PICKLE_FILE_H

#include "format/pickle.h"
#include "model/model.h"

/* What the options say about how a document is stored, onto `style`. Errors: CRN_ARGUMENT,
 * CRN_UNSUPPORTED (a format that is no pickle; `class_name` is for the message). */
crn_status crn_pickle_file_style(const crn_save_options *options, const char *class_name,
                                 crn_pickle_style *style, crn_error *err);

/* A document that was read: the same bytes where the options change nothing, else the same
 * objects in another protocol, codec or spelling of NumPy. */
crn_status crn_pickle_file_rewrite(const crn_document *document, const char *class_name,
                                   const crn_save_options *options, crn_text *out,
                                   crn_error *err);

#endif
