/* SPDX-License-Identifier: BSD-3-Clause */
/* The families that can make models, so that the api, chains and pipelines can ask for
 * "whatever this is" without knowing scikit-learn from Keras. The list itself stands in
 * api/families.c. */
#ifndef CRN_MODEL_REGISTRY_H
#define CRN_MODEL_REGISTRY_H

#include "model/model.h"

typedef struct crn_family {
    const char *name; /* "scikit-learn" */
    /* Does this family know the class of a constructor call? */
    bool (*knows)(const char *class_name);
    /* A model from the call (an instance made by crn_expression_parse); keeps a reference of
     * the document. */
    crn_status (*parse)(crn_document *document, const crn_object *call, crn_model **out,
                        crn_error *err);
    /* Does the file look like this family's? */
    bool (*sniff)(const uint8_t *bytes, size_t size);
    /* path: for messages and companion files; may be NULL. */
    crn_status (*load)(crn_buffer *file, const char *path, const crn_load_options *options,
                       crn_model **out, crn_error *err);
    /* Row i of what `list` prints; false past the end or for a kind that is not the family's.
     */
    bool (*list)(crn_kind kind, size_t i, crn_listing *out);
} crn_family;

/* Families in order; NULL past the end. */
const crn_family *crn_family_at(size_t i);

#endif
