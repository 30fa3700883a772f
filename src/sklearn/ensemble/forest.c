/* SPDX-License-Identifier: BSD-3-Clause */
/* RandomForestClassifier, RandomForestRegressor, ExtraTreesClassifier, ExtraTreesRegressor and
 * RandomTreesEmbedding, as sklearn/ensemble/_forest.py (1.9), and the files of versions back to
 * 0.19. */
#include "sklearn/ensemble/forest.h"

#include <stdlib.h>

#include "ops/elementwise.h"
#include "ops/rows.h"

typedef struct forest {
    crn_estimator_base base;
    const crn_object *n_estimators, *criterion, *max_depth, *min_samples_split;
    const crn_object *min_samples_leaf;
    double min_weight_fraction_leaf;
    const crn_object *max_features, *max_leaf_nodes;
    double min_impurity_decrease;
    bool bootstrap;
    const crn_object *oob_score;
    bool sparse_output;
    const crn_object *n_jobs, *random_state, *verbose;
    bool warm_start;
    const crn_object *class_weight;
    double ccp_alpha;
    const crn_object *max_samples, *monotonic_cst, *min_impurity_split;
    int64_t n_features_;
    int64_t n_outputs_;
    const crn_object *classes_, *n_classes_;
    crn_model_list estimators_;
    crn_model *one_hot_encoder_;
    const crn_tree **trees; /* [estimators_.count], borrowed */
    crn_class_lists classes;
} forest;

/* clang-format off */
#define N_ESTIMATORS CRN_PARAM(forest, n_estimators, OBJECT, "100", "int >= 1")
#define RUN_PARAMS                                                                             \
    CRN_PARAM(forest, n_jobs, OBJECT, "None", "int | None"),                                   \
    CRN_PARAM(forest, random_state, OBJECT, "None", "random_state"),                           \
    CRN_PARAM(forest, verbose, OBJECT, "0", "verbose"),                                        \
    CRN_PARAM(forest, warm_start, BOOL, "False", NULL)
#define GROWTH_PARAMS(max_features_, bootstrap_)                                               \
    CRN_TREE_MAX_DEPTH(forest, "None"),                                                        \
    CRN_TREE_LEAF_PARAMS(forest),                                                              \
    CRN_PARAM(forest, max_features, OBJECT, max_features_, CRN_MAX_FEATURES),                  \
    CRN_TREE_MAX_LEAF_NODES(forest),                                                           \
    CRN_TREE_MIN_IMPURITY_DECREASE(forest),                                                    \
    CRN_PARAM(forest, bootstrap, BOOL, bootstrap_, NULL),                                      \
    CRN_PARAM(forest, oob_score, OBJECT, "False", "bool | callable"),                          \
    RUN_PARAMS
#define LATER_PARAMS                                                                           \
    CRN_TREE_CCP_ALPHA(forest),                                                                \
    CRN_PARAM_SINCE(forest, max_samples, OBJECT, "None", "None | float > 0.0 | int >= 1",      \
                    "0.22", NULL),                                                             \
    CRN_TREE_MONOTONIC_CST(forest),                                                            \
    CRN_TREE_MIN_IMPURITY_SPLIT(forest)
#define CLASSIFIER_FIELDS(bootstrap_)                                                          \
    N_ESTIMATORS,                                                                              \
    CRN_PARAM(forest, criterion, OBJECT, "'gini'", CRN_GINI),                                  \
    GROWTH_PARAMS("'sqrt'", bootstrap_),                                                       \
    CRN_PARAM(forest, class_weight, OBJECT, "None",                                            \
              "'balanced' | 'balanced_subsample' | dict | list | None"),                       \
    LATER_PARAMS,                                                                              \
    CRN_BASE_FIELDS,                                                                           \
    CRN_TREE_N_FEATURES(forest),                                                               \
    CRN_FITTED(forest, n_outputs_, INT),                                                       \
    CRN_FITTED(forest, classes_, OBJECT),                                                      \
    CRN_FITTED(forest, n_classes_, OBJECT),                                                    \
    CRN_FITTED(forest, estimators_, MODELS),                                                   \
    CRN_FIELDS_END
#define REGRESSOR_FIELDS(bootstrap_)                                                           \
    N_ESTIMATORS,                                                                              \
    CRN_PARAM(forest, criterion, OBJECT, "'squared_error'", CRN_SQUARED_ERROR),                  \
    GROWTH_PARAMS("1.0", bootstrap_),                                                          \
    LATER_PARAMS,                                                                              \
    CRN_BASE_FIELDS,                                                                           \
    CRN_TREE_N_FEATURES(forest),                                                               \
    CRN_FITTED(forest, n_outputs_, INT),                                                       \
    CRN_FITTED(forest, estimators_, MODELS),                                                   \
    CRN_FIELDS_END
/* clang-format on */

static const crn_field random_classifier[] = {CLASSIFIER_FIELDS("True")};
static const crn_field extra_classifier[] = {CLASSIFIER_FIELDS("False")};
static const crn_field random_regressor[] = {REGRESSOR_FIELDS("True")};
static const crn_field extra_regressor[] = {REGRESSOR_FIELDS("False")};
static const crn_field embedding[] = {
    N_ESTIMATORS,
    CRN_TREE_MAX_DEPTH(forest, "5"),
    CRN_TREE_LEAF_PARAMS(forest),
    CRN_TREE_MAX_LEAF_NODES(forest),
    CRN_TREE_MIN_IMPURITY_DECREASE(forest),
    CRN_PARAM(forest, sparse_output, BOOL, "True", NULL),
    RUN_PARAMS,
    CRN_TREE_MIN_IMPURITY_SPLIT(forest),
    CRN_BASE_FIELDS,
    CRN_TREE_N_FEATURES(forest),
    CRN_FITTED(forest, n_outputs_, INT),
    CRN_FITTED(forest, estimators_, MODELS),
    CRN_FITTED(forest, one_hot_encoder_, MODEL),
    CRN_FIELDS_END,
};

static bool is_classifier(const forest *self)
{
    return self->base.type->methods & 1u << CRN_PREDICT_PROBA;
}

static crn_status read(void *self, const crn_object *state, const crn_field_context *context,
                       crn_error *err)
{
    (void)state, (void)context;
    forest *model = self;
    if (!model->base.fitted)
        return CRN_OK;
    CRN_TRY(crn_forest_trees(&model->estimators_, model->base.n_features_in_, model->n_outputs_,
                             &model->trees, err));
    if (is_classifier(model))
        return crn_class_lists_read(model->classes_, model->n_outputs_, &model->classes, err);
    return CRN_OK;
}

static void release(void *self)
{
    forest *model = self;
    free(model->trees);
    crn_class_lists_free(&model->classes);
}

static crn_status check(void *self, crn_error *err)
{
    forest *model = self;
    const int64_t features = model->trees[0]->n_features;
    if (model->base.n_features_in_ < 0)
        model->base.n_features_in_ = features;
    if (model->n_features_ < 0)
        model->n_features_ = features;
    for (int64_t i = 0; i < model->estimators_.count; i++) {
        const crn_tree *tree = model->trees[i];
        if (tree->n_features != features)
            return crn_fail(err, CRN_FORMAT, "estimators_[%lld] has %lld features, not %lld",
                            (long long)i, (long long)tree->n_features, (long long)features);
        for (int64_t k = 0; is_classifier(model) && k < model->n_outputs_; k++) {
            if (crn_tree_int(&tree->n_classes, k) != model->classes.at[k].shape[0])
                return crn_fail(err, CRN_FORMAT, "estimators_[%lld] has %lld classes, not %lld",
                                (long long)i, (long long)crn_tree_int(&tree->n_classes, k),
                                (long long)model->classes.at[k].shape[0]);
        }
    }
    return CRN_OK;
}

/* ---- lowering ---- */

/* The mean of what the trees say. */
static crn_value mean_of(const forest *self, crn_graph *graph, crn_value x, crn_tree_says says,
                         int64_t output)
{
    return crn_trees_sum(graph, x,
                         &(crn_tree_question){.trees = self->trees,
                                              .count = self->estimators_.count,
                                              .n_features = self->base.n_features_in_,
                                              .says = says,
                                              .output = output,
                                              .scale = 1.0},
                         true);
}

/* Each output's probabilities; returns their number, or -1. */
static int probabilities(const forest *self, crn_method method, crn_graph *graph, crn_value x,
                         crn_value *out)
{
    if (self->n_outputs_ > CRN_MAX_PORTS) {
        crn_graph_fail(graph, CRN_UNSUPPORTED, "%s of %lld outputs", crn_method_name(method),
                       (long long)self->n_outputs_);
        return -1;
    }
    for (int64_t k = 0; k < self->n_outputs_; k++) {
        out[k] = mean_of(self, graph, x, CRN_TREE_SAYS_PROBABILITIES, k);
        if (method == CRN_PREDICT_LOG_PROBA)
            out[k] = crn_unary(graph, out[k], CRN_UNARY_LOG);
    }
    return graph->error.code == CRN_OK ? (int)self->n_outputs_ : -1;
}

static crn_value predict_classes(const forest *self, crn_graph *graph, crn_value x)
{
    crn_value *scores = crn_calloc((size_t)self->n_outputs_, sizeof *scores);
    if (scores == NULL)
        return crn_graph_fail(graph, CRN_NO_MEMORY, "out of memory");
    for (int64_t k = 0; k < self->n_outputs_; k++)
        scores[k] = mean_of(self, graph, x, CRN_TREE_SAYS_PROBABILITIES, k);
    const crn_value labels = crn_class_lists_labels(&self->classes, graph, scores);
    free(scores);
    return labels;
}

static crn_value predict(const forest *self, crn_graph *graph, crn_value x)
{
    if (is_classifier(self))
        return predict_classes(self, graph, x);
    const crn_value y = mean_of(self, graph, x, CRN_TREE_SAYS_VALUES, CRN_TREE_ALL_OUTPUTS);
    return self->n_outputs_ == 1 ? crn_reshape(graph, y, 0, NULL) : y;
}

/* A column for each leaf that was reached in fit. */
static crn_value transform(const forest *self, crn_graph *graph, crn_value leaves)
{
    return crn_sklearn_lower(self->one_hot_encoder_, CRN_TRANSFORM, graph,
                             crn_cast(graph, leaves, CRN_FLOAT64));
}

static int lower_many(const void *self, crn_method method, crn_graph *graph, crn_value x,
                      crn_value *out)
{
    const forest *model = self;
    const int64_t count = model->estimators_.count, features = model->base.n_features_in_;
    switch (method) {
    case CRN_PREDICT_PROBA:
    case CRN_PREDICT_LOG_PROBA:
        return probabilities(model, method, graph, x, out);
    case CRN_APPLY:
    case CRN_TRANSFORM:
        out[0] = crn_trees_apply(graph, x, model->trees, count, features);
        if (method == CRN_TRANSFORM)
            out[0] = transform(model, graph, out[0]);
        break;
    case CRN_DECISION_PATH:
        out[0] = crn_trees_path(graph, x, model->trees, count, features,
                                model->base.sklearn_version);
        break;
    default:
        out[0] = predict(model, graph, x);
    }
    return out[0] == CRN_NO_VALUE ? -1 : 1;
}

/* Forests take missing values since 1.4, with random splits since 1.6. */
static crn_admitted admits(const void *self, crn_method method)
{
    const forest *model = self;
    const char *version = model->base.sklearn_version;
    if (version != NULL && crn_version_compare(version, "1.4") < 0)
        return CRN_ADMITS_FINITE;
    const crn_estimator_base *tree = crn_model_estimator(model->estimators_.at[0]);
    return tree->type->admits(tree, method);
}

static bool classes(const void *self, crn_array *out)
{
    const forest *model = self;
    if (!is_classifier(model) || model->n_outputs_ != 1)
        return false;
    *out = model->classes.at[0];
    return true;
}

/* ---- writing ---- */

/* The names that the trees get from the forest. */
static crn_object *estimator_params(const forest *self, crn_document *document,
                                    const char *sklearn)
{
    static const char *const names[] = {"criterion",
                                        "max_depth",
                                        "min_samples_split",
                                        "min_samples_leaf",
                                        "min_weight_fraction_leaf",
                                        "max_features",
                                        "max_leaf_nodes",
                                        "min_impurity_decrease",
                                        "min_impurity_split",
                                        "random_state",
                                        "ccp_alpha",
                                        "monotonic_cst"};
    const crn_field *fields = self->base.type->fields;
    crn_object *all = crn_object_new(document, CRN_OBJ_TUPLE);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const crn_field *field = crn_field_find(fields, names[i]);
        const bool fixed =
            field == NULL && i < 9; /* an embedding's criterion and max_features */
        if (!fixed && (field == NULL || !crn_field_in_version(field, sklearn)))
            continue;
        if (!crn_object_append(document, all, crn_object_str(document, names[i])))
            return NULL;
    }
    return all;
}

static crn_status write(const void *self, crn_document *document, crn_object *state,
                        const char *sklearn, crn_error *err)
{
    const forest *model = self;
    const crn_estimator *type = model->base.type;
    const char *call =
        type == &crn_estimator_RandomForestClassifier  ? "DecisionTreeClassifier()"
        : type == &crn_estimator_RandomForestRegressor ? "DecisionTreeRegressor()"
        : type == &crn_estimator_ExtraTreesClassifier  ? "ExtraTreeClassifier()"
                                                       : "ExtraTreeRegressor()";
    CRN_TRY(crn_tree_write_params(is_classifier(model), document, state, sklearn, err));
    CRN_TRY(crn_forest_write_estimator(call, document, state, sklearn, err));
    bool ok = crn_object_set(document, state, "estimator_params",
                             estimator_params(model, document, sklearn));
    if (model->base.fitted && is_classifier(model))
        ok = ok && crn_object_set(document, state, "n_classes_",
                                  crn_class_lists_counts(&model->classes, document));
    return ok ? CRN_OK : crn_arena_fail(document->arena, err);
}

enum {
    FOREST_METHODS = 1u << CRN_APPLY | 1u << CRN_DECISION_PATH,
    REGRESSOR_METHODS = FOREST_METHODS | 1u << CRN_PREDICT,
    CLASSIFIER_METHODS =
        REGRESSOR_METHODS | 1u << CRN_PREDICT_PROBA | 1u << CRN_PREDICT_LOG_PROBA,
    EMBEDDING_METHODS = FOREST_METHODS | 1u << CRN_TRANSFORM
};

#define FOREST(name_, fields_, methods_, flags_)                                               \
    const crn_estimator crn_estimator_##name_ = {                                              \
        .name = #name_,                                                                        \
        .module = "sklearn.ensemble",                                                          \
        .modules = "sklearn.ensemble.forest sklearn.ensemble._forest",                         \
        .size = sizeof(forest),                                                                \
        .fields = fields_,                                                                     \
        .methods = methods_,                                                                   \
        .flags = flags_,                                                                       \
        .lower_many = lower_many,                                                              \
        .check = check,                                                                        \
        .admits = admits,                                                                      \
        .classes = classes,                                                                    \
        .read = read,                                                                          \
        .write = write,                                                                        \
        .release = release}

FOREST(RandomForestClassifier, random_classifier, CLASSIFIER_METHODS,
       CRN_NEEDS_Y | CRN_TAKES_WEIGHT);
FOREST(RandomForestRegressor, random_regressor, REGRESSOR_METHODS,
       CRN_NEEDS_Y | CRN_TAKES_WEIGHT);
FOREST(ExtraTreesClassifier, extra_classifier, CLASSIFIER_METHODS,
       CRN_NEEDS_Y | CRN_TAKES_WEIGHT);
FOREST(ExtraTreesRegressor, extra_regressor, REGRESSOR_METHODS, CRN_NEEDS_Y | CRN_TAKES_WEIGHT);
FOREST(RandomTreesEmbedding, embedding, EMBEDDING_METHODS, CRN_TAKES_WEIGHT);
