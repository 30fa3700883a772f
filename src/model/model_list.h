/* SPDX-License-Identifier: BSD-3-Clause */
/* Lists of child estimators: the value of a CRN_FIELD_MODELS row. */
#ifndef CRN_MODEL_MODEL_LIST_H
#define CRN_MODEL_MODEL_LIST_H

#include "model/field.h"

/* Most estimators of one list. */
enum { CRN_MAX_MODELS = 1 << 20 };

/* A list, tuple, dict, (name, estimator) list, object array or one estimator through
 * context->read_model. What is no estimator ('drop', 'passthrough', None) becomes a model that
 * can do nothing: crn_opaque_object() tells what it is. */
crn_status crn_model_list_read(crn_model_list *list, const crn_object *value,
                               const crn_field_context *context, crn_error *err);

/* One estimator as an object of `document`; NULL with an error. */
typedef crn_object *crn_model_list_item_fn(const struct crn_model *model,
                                           crn_document *document, void *context,
                                           crn_error *err);

/* The Python object again, in the kind that it was read from. NULL with an error. */
crn_object *crn_model_list_write(const crn_model_list *list, crn_document *document,
                                 crn_model_list_item_fn *item, void *context, crn_error *err);

/* An empty list with room for `count` models; columns as in crn_model_list. */
crn_status crn_model_list_create(crn_model_list *list, crn_model_list_kind kind, int64_t count,
                                 int64_t columns, crn_error *err);

void crn_model_list_free(crn_model_list *list, void (*destroy_model)(struct crn_model *));

#endif
