/* SPDX-License-Identifier: BSD-3-Clause */
/* HistGradientBoostingClassifier and HistGradientBoostingRegressor, and their trees: the
 * records of TreePredictor (sklearn/ensemble/_hist_gradient_boosting/predictor.py). */
#ifndef CRN_SKLEARN_ENSEMBLE_HIST_GRADIENT_BOOSTING_H
#define CRN_SKLEARN_ENSEMBLE_HIST_GRADIENT_BOOSTING_H

#include "ops/tree_pack.h"
#include "sklearn/estimator.h"

/* One tree. The arrays are (nodes) each. */
typedef struct crn_hist_tree {
    int64_t nodes;
    crn_array value, threshold;     /* float64 */
    crn_array feature;              /* int64 */
    crn_array left, right;          /* uint32 */
    crn_array missing_go_to_left;   /* uint8 */
    crn_array is_leaf;              /* uint8 */
    crn_array is_categorical;       /* uint8; before 0.24 no data */
    crn_array bitset_idx;           /* uint32; before 0.24 no data */
    crn_array raw_left_cat_bitsets; /* uint32 (sets, 8); before 0.24 no data */
} crn_hist_tree;

/* From a recorded TreePredictor whose rows have that many features. */
crn_status crn_hist_tree_read(const crn_object *predictor, int64_t features,
                              crn_hist_tree *tree, crn_error *err);
void crn_hist_tree_free(crn_hist_tree *tree);
/* A recorded TreePredictor, which was read before, as that version has it; NULL with an
 * error. */
crn_object *crn_hist_tree_write(const crn_object *predictor, crn_document *document,
                                const char *sklearn, crn_error *err);

typedef struct crn_hist_gradient_boosting {
    crn_estimator_base base;
    const crn_object *loss, *quantile;
    double learning_rate;
    const crn_object *max_iter, *max_leaf_nodes, *max_depth, *min_samples_leaf;
    double l2_regularization, max_features;
    const crn_object *max_bins, *categorical_features, *monotonic_cst, *interaction_cst;
    bool warm_start;
    const crn_object *early_stopping, *scoring, *validation_fraction, *n_iter_no_change;
    double tol;
    const crn_object *verbose, *random_state, *class_weight;
    int64_t n_features_;            /* of versions before 0.24 */
    const crn_object *preprocessor; /* ColumnTransformer from 1.4 on, or None */
    crn_array classes_;
    int64_t n_trees_per_iteration_;
    crn_model *bin_mapper;
    crn_array baseline;
    const crn_object *predictors;
    int64_t width; /* features of the rows that the trees see */
    int64_t count; /* trees: iterations * n_trees_per_iteration_ */
    crn_hist_tree *trees;
    int64_t *first_set; /* [count]: where each tree's sets of categories begin among all */
    crn_model *encoder; /* the preprocessor's OrdinalEncoder; NULL: none */
    crn_array encoded;  /* bool (n_features_in_): the features that it encodes */
    crn_array
        known;      /* uint32 (width, 9), as crn_tree_ensemble has it; no data: no categories */
    crn_array sets; /* uint32 (sets, 8) */
} crn_hist_gradient_boosting;

bool crn_hist_is_classifier(const crn_hist_gradient_boosting *self);
/* The loss in the words of 1.9: "log_loss", "squared_error", ... */
const char *crn_hist_loss(const crn_hist_gradient_boosting *self);
/* The hook `write`. */
crn_status crn_hist_gradient_boosting_write(const void *self, crn_document *document,
                                            crn_object *state, const char *sklearn,
                                            crn_error *err);

/* is_categorical_ and bin_thresholds_ of a _BinMapper: which features are categories (uint8
 * (features), or no data) and a list of arrays: their known values. False for another class. */
bool crn_bin_mapper_categories(const crn_model *mapper, const crn_array **is_categorical,
                               const crn_object **values);

#endif
