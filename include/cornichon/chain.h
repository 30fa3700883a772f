/* SPDX-License-Identifier: BSD-3-Clause */
/** @file chain.h
 *  Several models as one: in a row, or side by side. The result is a crn_model like any other.
 *
 *      crn_model *steps[2] = {NULL, NULL}, *chain = NULL;
 *      crn_model_load("pca_model.joblib", NULL, &steps[0], &err);
 *      crn_model_load("keras_model_pca.h5", NULL, &steps[1], &err);
 *      crn_chain_create(steps, 2, &chain, &err);    // takes the steps; shapes are checked here
 *      crn_model_predict(chain, CRN_PREDICT, &rows, &out, &err);
 *      crn_model_destroy(chain);                    // and the steps with it */
#ifndef CORNICHON_CHAIN_H
#define CORNICHON_CHAIN_H

#include "cornichon/model.h"

CRN_BEGIN_DECLS

/** The output of each step is the input of the next. Steps before the last use transform (else
 * predict_proba, else predict); the methods of the chain are those of its last step. On success
 * the chain owns the steps; on failure the caller keeps them. Errors: CRN_ARGUMENT (no step,
 * NULL), CRN_SHAPE ("step 1 (Sequential) expects 4 features, step 0 (PCA) gives 2"),
 * CRN_UNSUPPORTED. */
CRN_API CRN_MUST_CHECK crn_status crn_chain_create(crn_model *const *steps, int count,
                                                   crn_model **out, crn_error *err);

/** The same with the method of each step before the last; methods[count - 1] is not used. */
CRN_API CRN_MUST_CHECK crn_status crn_chain_create_with_methods(crn_model *const *steps,
                                                                const crn_method *methods,
                                                                int count, crn_model **out,
                                                                crn_error *err);

/** How models side by side become one answer. */
typedef enum crn_combination {
    CRN_COMBINE_MEAN, /**< the mean of their numbers (probabilities, where the models are
                         classifiers) */
    CRN_COMBINE_VOTE  /**< the class that most models predict; ties go to the first in order of
                         classes */
} crn_combination;

/** Asks all models on the same rows. With CRN_COMBINE_MEAN classifiers must have the same
 * classes: predict gives the class of the largest mean probability and predict_proba the mean;
 * a network with more than one output unit counts as probabilities when it stands beside a
 * classifier. Takes the models as crn_chain_create takes steps. Errors: CRN_SHAPE (features,
 * classes or outputs differ), CRN_UNSUPPORTED. */
CRN_API CRN_MUST_CHECK crn_status crn_combination_create(crn_model *const *models, int count,
                                                         crn_combination how, crn_model **out,
                                                         crn_error *err);

/** Number of steps of a chain or Pipeline, of models of a combination; 0 for other models. */
CRN_API int crn_model_step_count(const crn_model *model);
/** Step i, borrowed; NULL outside the range. */
CRN_API const crn_model *crn_model_step(const crn_model *model, int i);

CRN_END_DECLS

#endif
