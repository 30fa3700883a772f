/* SPDX-License-Identifier: BSD-3-Clause */
/* DecisionTreeClassifier, DecisionTreeRegressor, ExtraTreeClassifier and ExtraTreeRegressor, as
 * sklearn/tree/_classes.py (1.9), and the files of versions back to 0.20. */
#include "sklearn/tree/decision_tree.h"

#include <stdlib.h>

#include "ops/elementwise.h"
#include "ops/rows.h"
#include "ops/tree_path.h"

typedef crn_decision_tree tree_model;

/* clang-format off */
#define CLASSIFIER_FIELDS(splitter_, max_features_)                                            \
    CRN_PARAM(tree_model, criterion, OBJECT, "'gini'", CRN_GINI),                              \
    CRN_PARAM(tree_model, splitter, OBJECT, splitter_, "'best' | 'random'"),                   \
    CRN_TREE_MAX_DEPTH(tree_model, "None"),                                                    \
    CRN_TREE_LEAF_PARAMS(tree_model),                                                          \
    CRN_PARAM(tree_model, max_features, OBJECT, max_features_, CRN_MAX_FEATURES),              \
    CRN_PARAM(tree_model, random_state, OBJECT, "None", "random_state"),                       \
    CRN_TREE_MAX_LEAF_NODES(tree_model),                                                       \
    CRN_TREE_MIN_IMPURITY_DECREASE(tree_model),                                                \
    CRN_PARAM(tree_model, class_weight, OBJECT, "None", "dict | list | 'balanced' | None"),    \
    CRN_TREE_CCP_ALPHA(tree_model),                                                            \
    CRN_TREE_MONOTONIC_CST(tree_model),                                                        \
    CRN_TREE_MIN_IMPURITY_SPLIT(tree_model)

#define REGRESSOR_BEGIN(splitter_, max_features_)                                              \
    CRN_PARAM(tree_model, criterion, OBJECT, "'squared_error'", CRN_SQUARED_ERROR),            \
    CRN_PARAM(tree_model, splitter, OBJECT, splitter_, "'best' | 'random'"),                   \
    CRN_TREE_MAX_DEPTH(tree_model, "None"),                                                    \
    CRN_TREE_LEAF_PARAMS(tree_model),                                                          \
    CRN_PARAM(tree_model, max_features, OBJECT, max_features_, CRN_MAX_FEATURES),              \
    CRN_PARAM(tree_model, random_state, OBJECT, "None", "random_state")

#define REGRESSOR_END                                                                          \
    CRN_TREE_CCP_ALPHA(tree_model),                                                            \
    CRN_TREE_MONOTONIC_CST(tree_model),                                                        \
    CRN_TREE_MIN_IMPURITY_SPLIT(tree_model)

#define PRESORT                                                                                \
    CRN_PARAM_SINCE(tree_model, presort, OBJECT, "'deprecated'", NULL, NULL, "0.24")

#define CLASSIFIER_FITTED                                                                      \
    CRN_BASE_FIELDS,                                                                           \
    CRN_TREE_N_FEATURES(tree_model),                                                           \
    CRN_FITTED(tree_model, n_outputs_, INT),                                                   \
    CRN_FITTED(tree_model, classes_, OBJECT),                                                  \
    CRN_FITTED(tree_model, n_classes_, OBJECT),                                                \
    CRN_FITTED(tree_model, max_features_, INT),                                                \
    CRN_FITTED(tree_model, tree_, OBJECT),                                                     \
    CRN_FIELDS_END

#define REGRESSOR_FITTED                                                                       \
    CRN_BASE_FIELDS,                                                                           \
    CRN_TREE_N_FEATURES(tree_model),                                                           \
    CRN_FITTED(tree_model, n_outputs_, INT),                                                   \
    CRN_FITTED(tree_model, max_features_, INT),                                                \
    CRN_FITTED(tree_model, tree_, OBJECT),                                                     \
    CRN_FIELDS_END
/* clang-format on */

static const crn_field decision_classifier[] = {CLASSIFIER_FIELDS("'best'", "None"), PRESORT,
                                                CLASSIFIER_FITTED};
static const crn_field extra_classifier[] = {CLASSIFIER_FIELDS("'random'", "'sqrt'"),
                                             CLASSIFIER_FITTED};
static const crn_field decision_regressor[] = {REGRESSOR_BEGIN("'best'", "None"),
                                               CRN_TREE_MAX_LEAF_NODES(tree_model),
                                               CRN_TREE_MIN_IMPURITY_DECREASE(tree_model),
                                               REGRESSOR_END,
                                               PRESORT,
                                               REGRESSOR_FITTED};
static const crn_field extra_regressor[] = {
    REGRESSOR_BEGIN("'random'", "1.0"), CRN_TREE_MIN_IMPURITY_DECREASE(tree_model),
    CRN_TREE_MAX_LEAF_NODES(tree_model), REGRESSOR_END, REGRESSOR_FITTED};

static bool is_classifier(const tree_model *self)
{
    return self->base.type->methods & 1u << CRN_PREDICT_PROBA;
}

const crn_tree *crn_decision_tree_of(const crn_model *model)
{
    const crn_estimator_base *base = crn_model_estimator(model);
    const bool is_tree = base != NULL && (base->type == &crn_estimator_DecisionTreeClassifier ||
                                          base->type == &crn_estimator_DecisionTreeRegressor ||
                                          base->type == &crn_estimator_ExtraTreeClassifier ||
                                          base->type == &crn_estimator_ExtraTreeRegressor);
    return is_tree && base->fitted ? &((const tree_model *)base)->tree : NULL;
}

static crn_status read(void *self, const crn_object *state, const crn_field_context *context,
                       crn_error *err)
{
    (void)state, (void)context;
    tree_model *model = self;
    if (!model->base.fitted)
        return CRN_OK;
    if (crn_tree_read(model->tree_, &model->tree, err) != CRN_OK)
        return crn_where(err, "tree_");
    if (is_classifier(model))
        return crn_class_lists_read(model->classes_, model->n_outputs_, &model->classes, err);
    return CRN_OK;
}

static void release(void *self)
{
    tree_model *model = self;
    crn_tree_free(&model->tree);
    crn_class_lists_free(&model->classes);
}

static crn_status check(void *self, crn_error *err)
{
    tree_model *model = self;
    const crn_tree *tree = &model->tree;
    if (model->base.n_features_in_ < 0)
        model->base.n_features_in_ = tree->n_features;
    if (model->n_features_ < 0)
        model->n_features_ = tree->n_features;
    if (tree->n_features != model->base.n_features_in_ || tree->n_outputs != model->n_outputs_)
        return crn_fail(err, CRN_FORMAT,
                        "tree_ has %lld features and %lld outputs, the estimator %lld and %lld",
                        (long long)tree->n_features, (long long)tree->n_outputs,
                        (long long)model->base.n_features_in_, (long long)model->n_outputs_);
    for (int64_t k = 0; is_classifier(model) && k < tree->n_outputs; k++) {
        if (crn_tree_int(&tree->n_classes, k) != model->classes.at[k].shape[0])
            return crn_fail(err, CRN_FORMAT, "tree_ has %lld classes, classes_ %lld",
                            (long long)crn_tree_int(&tree->n_classes, k),
                            (long long)model->classes.at[k].shape[0]);
    }
    return CRN_OK;
}

/* ---- lowering ---- */

static crn_value values_of(const tree_model *self, crn_graph *graph, crn_value x,
                           crn_tree_says says, int64_t output)
{
    const crn_tree *tree = &self->tree;
    return crn_trees_sum(graph, x,
                         &(crn_tree_question){.trees = &tree,
                                              .count = 1,
                                              .n_features = tree->n_features,
                                              .says = says,
                                              .output = output,
                                              .scale = 1.0},
                         false);
}

/* Each output's probabilities; returns their number, or -1. */
static int probabilities(const tree_model *self, crn_method method, crn_graph *graph,
                         crn_value x, crn_value *out)
{
    if (self->n_outputs_ > CRN_MAX_PORTS) {
        crn_graph_fail(graph, CRN_UNSUPPORTED, "%s of %lld outputs", crn_method_name(method),
                       (long long)self->n_outputs_);
        return -1;
    }
    for (int64_t k = 0; k < self->n_outputs_; k++) {
        out[k] = values_of(self, graph, x, CRN_TREE_SAYS_PROBABILITIES, k);
        if (method == CRN_PREDICT_LOG_PROBA)
            out[k] = crn_unary(graph, out[k], CRN_UNARY_LOG);
    }
    return graph->error.code == CRN_OK ? (int)self->n_outputs_ : -1;
}

static crn_value predict_classes(const tree_model *self, crn_graph *graph, crn_value x)
{
    crn_value *scores = crn_calloc((size_t)self->n_outputs_, sizeof *scores);
    if (scores == NULL)
        return crn_graph_fail(graph, CRN_NO_MEMORY, "out of memory");
    for (int64_t k = 0; k < self->n_outputs_; k++)
        scores[k] = values_of(self, graph, x, CRN_TREE_SAYS_VALUES, k);
    const crn_value labels = crn_class_lists_labels(&self->classes, graph, scores);
    free(scores);
    return labels;
}

static crn_value predict(const tree_model *self, crn_graph *graph, crn_value x)
{
    if (is_classifier(self))
        return predict_classes(self, graph, x);
    const crn_value y = values_of(self, graph, x, CRN_TREE_SAYS_VALUES, CRN_TREE_ALL_OUTPUTS);
    return self->n_outputs_ == 1 ? crn_reshape(graph, y, 0, NULL) : y;
}

static int lower_many(const void *self, crn_method method, crn_graph *graph, crn_value x,
                      crn_value *out)
{
    const tree_model *model = self;
    const crn_tree *tree = &model->tree;
    switch (method) {
    case CRN_PREDICT_PROBA:
    case CRN_PREDICT_LOG_PROBA:
        return probabilities(model, method, graph, x, out);
    case CRN_APPLY:
        out[0] = crn_trees_apply(graph, x, &tree, 1, tree->n_features);
        out[0] = crn_reshape(graph, out[0], 0, NULL);
        break;
    case CRN_DECISION_PATH:
        out[0] =
            crn_trees_path(graph, x, &tree, 1, tree->n_features, model->base.sklearn_version);
        break;
    default:
        out[0] = predict(model, graph, x);
    }
    return out[0] == CRN_NO_VALUE ? -1 : 1;
}

/* Trees take missing values since they know where these go: 1.3, and 1.6 for random splits. */
static crn_admitted admits(const void *self, crn_method method)
{
    (void)method;
    const tree_model *model = self;
    const char *version = model->base.sklearn_version;
    const bool random = crn_object_is_str(model->splitter, "random");
    const bool knows = model->tree.missing_go_to_left.data != NULL &&
                       (!random || version == NULL || crn_version_compare(version, "1.6") >= 0);
    return knows ? CRN_ADMITS_NAN : CRN_ADMITS_FINITE;
}

static bool classes(const void *self, crn_array *out)
{
    const tree_model *model = self;
    if (!is_classifier(model) || model->n_outputs_ != 1)
        return false;
    *out = model->classes.at[0];
    return true;
}

static crn_status write(const void *self, crn_document *document, crn_object *state,
                        const char *sklearn, crn_error *err)
{
    const tree_model *model = self;
    CRN_TRY(crn_tree_write_params(is_classifier(model), document, state, sklearn, err));
    if (!model->base.fitted)
        return CRN_OK;
    crn_object *tree =
        crn_tree_write(&model->tree, is_classifier(model), document, sklearn, err);
    if (tree == NULL)
        return crn_where(err, "tree_");
    bool ok = crn_object_set(document, state, "tree_", tree);
    if (is_classifier(model))
        ok = ok && crn_object_set(document, state, "n_classes_",
                                  crn_class_lists_counts(&model->classes, document));
    return ok ? CRN_OK : crn_arena_fail(document->arena, err);
}

enum {
    REGRESSOR_METHODS = 1u << CRN_PREDICT | 1u << CRN_APPLY | 1u << CRN_DECISION_PATH,
    CLASSIFIER_METHODS =
        REGRESSOR_METHODS | 1u << CRN_PREDICT_PROBA | 1u << CRN_PREDICT_LOG_PROBA
};

#define TREE(name_, fields_, methods_)                                                         \
    const crn_estimator crn_estimator_##name_ = {                                              \
        .name = #name_,                                                                        \
        .module = "sklearn.tree",                                                              \
        .modules = "sklearn.tree.tree sklearn.tree._classes",                                  \
        .size = sizeof(tree_model),                                                            \
        .fields = fields_,                                                                     \
        .methods = methods_,                                                                   \
        .flags = CRN_NEEDS_Y | CRN_TAKES_WEIGHT,                                               \
        .lower_many = lower_many,                                                              \
        .check = check,                                                                        \
        .admits = admits,                                                                      \
        .classes = classes,                                                                    \
        .read = read,                                                                          \
        .write = write,                                                                        \
        .release = release}

TREE(DecisionTreeClassifier, decision_classifier, CLASSIFIER_METHODS);
TREE(DecisionTreeRegressor, decision_regressor, REGRESSOR_METHODS);
TREE(ExtraTreeClassifier, extra_classifier, CLASSIFIER_METHODS);
TREE(ExtraTreeRegressor, extra_regressor, REGRESSOR_METHODS);
