/* SPDX-License-Identifier: BSD-3-Clause */
/* What the files model.c, read.c, write.c, fit.c and inspect.c of this folder share. */
#ifndef CRN_SKLEARN_FAMILY_H
#define CRN_SKLEARN_FAMILY_H

#include "format/pickle.h"
#include "ops/elementwise.h"
#include "sklearn/estimator.h"

extern const crn_model_type crn_sklearn_model_type;

/* A struct of that type with Python's defaults. */
crn_status crn_estimator_create(const crn_estimator *type, const crn_field_context *context,
                                crn_estimator_base **out, crn_error *err);
void crn_estimator_release(crn_estimator_base *self); /* NULL is fine */

/* After the rows are set, by a file or by a fit: feature names as UTF-8, then the estimator's
 * own check. */
crn_status crn_estimator_settle(crn_estimator_base *self, crn_document *document,
                                crn_error *err);

/* Which methods the estimator answers, once all that decides it is settled: asking then costs
 * the same however deep estimators lie in each other. */
void crn_estimator_note_methods(crn_estimator_base *self);
/* What a method takes. */
crn_type crn_estimator_input_type(const crn_estimator_base *self, crn_method method);
crn_admitted crn_estimator_admits(const crn_estimator_base *self, crn_method method);

crn_status crn_sklearn_load(crn_buffer *file, const char *path, const crn_load_options *options,
                            crn_model **out, crn_error *err);
crn_status crn_sklearn_save(const crn_model *model, const crn_save_options *options,
                            crn_text *out, crn_error *err);
crn_status crn_sklearn_fit_model(crn_model *model, const crn_data *data,
                                 const crn_fit_options *options, crn_history *history,
                                 crn_error *err);
crn_object *crn_sklearn_objects(const crn_model *model, crn_document *document, crn_error *err);
crn_object *crn_sklearn_expression(const crn_model *model, crn_document *document);
/* Of a list of children, as many are shown. */
enum { CRN_MOST_CHILDREN_SHOWN = 20 };

/* All that inspection says, as an object of `document` for JSON. */
crn_object *crn_sklearn_as_dict(crn_document *document, const crn_model *model);
crn_status crn_sklearn_inspect(const crn_model *model, crn_inspection what, crn_text *out,
                               crn_error *err);

#endif
