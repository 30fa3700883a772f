/* SPDX-License-Identifier: BSD-3-Clause */
/* What chains and combinations share: the models that they own. */
#ifndef CRN_MODEL_STEPS_H
#define CRN_MODEL_STEPS_H

#include "model/model.h"

typedef struct crn_steps {
    const char *noun; /* "step" or "model", for messages */
    int count;
    crn_model **models; /* [count], owned */
} crn_steps;

/* Checks the arguments of a public _create. */
crn_status crn_steps_check(crn_model *const *models, int count, const char *noun,
                           crn_error *err);
crn_status crn_steps_take(crn_steps *steps, crn_model *const *models, int count,
                          const char *noun, crn_error *err);
/* Frees the list and, with `owned`, the models. */
void crn_steps_release(crn_steps *steps, bool owned);

/* Each model's inspection under a line of its own; JSON as one object {"class", "steps"}. */
crn_status crn_steps_inspect(const crn_steps *steps, const char *class_name,
                             crn_inspection what, crn_text *out, crn_error *err);
/* {"steps": [...]}: crn_model_type.objects. */
crn_object *crn_steps_objects(const crn_steps *steps, crn_document *document, crn_error *err);
/* "steps[1].coef_" leads to that model's "coef_". */
crn_status crn_steps_get(const crn_steps *steps, const char *path, crn_array *out,
                         crn_error *err);
/* The call name(step, step, ...). */
crn_object *crn_steps_expression(const crn_steps *steps, const char *name,
                                 crn_document *document);

/* The options as this model takes them: Keras's are dropped for a scikit-learn estimator. */
crn_fit_options crn_steps_fit_options(const crn_model *model, const crn_fit_options *options);

/* Emits one method of a model whose inputs are `in`; their number must fit. CRN_NO_VALUE counts
 * as failure. */
int crn_steps_lower(const crn_steps *steps, int i, crn_method method, crn_graph *graph,
                    const crn_value *in, int n_in, crn_value *out);

#endif
