/* SPDX-License-Identifier: BSD-3-Clause */
/* GradientBoostingClassifier and GradientBoostingRegressor: trees that are added to what an
 * estimator says first. */
#ifndef CRN_SKLEARN_ENSEMBLE_GRADIENT_BOOSTING_H
#define CRN_SKLEARN_ENSEMBLE_GRADIENT_BOOSTING_H

#include "sklearn/ensemble/forest.h"

typedef enum crn_boosting_loss {
    CRN_LOSS_BINOMIAL,
    CRN_LOSS_MULTINOMIAL,
    CRN_LOSS_EXPONENTIAL,
    CRN_LOSS_SQUARED_ERROR,
    CRN_LOSS_ABSOLUTE_ERROR,
    CRN_LOSS_HUBER,
    CRN_LOSS_QUANTILE
} crn_boosting_loss;

/* How the sums begin. */
typedef struct crn_boosting_start {
    crn_array numbers; /* float64 (columns): the same for all rows; no data: ask the model */
    crn_model *model;
} crn_boosting_start;

typedef struct crn_gradient_boosting {
    crn_estimator_base base;
    const char *loss;
    double learning_rate;
    const crn_object *n_estimators;
    double subsample;
    const crn_object *criterion, *min_samples_split, *min_samples_leaf;
    double min_weight_fraction_leaf;
    const crn_object *max_depth;
    double min_impurity_decrease;
    const crn_object *init, *random_state, *max_features;
    double alpha;
    const crn_object *verbose, *max_leaf_nodes;
    bool warm_start;
    double validation_fraction;
    const crn_object *n_iter_no_change;
    double tol, ccp_alpha;
    const crn_object *min_impurity_split, *presort;
    int64_t n_features_;
    crn_array classes_;
    const crn_object *init_;
    crn_model_list estimators_; /* (stages, columns) */
    crn_boosting_start start;
    const crn_tree **trees; /* [stages * columns], borrowed */
} crn_gradient_boosting;

crn_boosting_loss crn_gradient_boosting_loss(const crn_gradient_boosting *self);
/* Trees of a stage: the classes, or 1. */
int64_t crn_gradient_boosting_columns(const crn_gradient_boosting *self);
/* From init_; `read_model` of the context makes the models. */
crn_status crn_boosting_start_read(crn_gradient_boosting *self,
                                   const crn_field_context *context, crn_error *err);
void crn_boosting_start_free(crn_boosting_start *start);
/* (columns), or (rows, columns). */
crn_value crn_boosting_start_lower(const crn_gradient_boosting *self, crn_graph *graph,
                                   crn_value x);
/* The hook `write`. */
crn_status crn_gradient_boosting_write(const void *self, crn_document *document,
                                       crn_object *state, const char *sklearn, crn_error *err);

#endif
