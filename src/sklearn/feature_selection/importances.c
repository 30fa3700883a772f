/* SPDX-License-Identifier: BSD-3-Clause */
/* Tree.compute_feature_importances and its means over ensembles, as sklearn/tree/_tree.pyx,
 * ensemble/_forest.py, _gb.py and _weight_boosting.py (1.9) have them, from the trees' own
 * records in the file. */
#include "sklearn/feature_selection/importances.h"

#include <stdlib.h>
#include <string.h>

#include "format/pickle.h"
#include "sklearn/children.h"

/* ---- one tree ---- */

typedef struct tree_nodes {
    crn_array left, right, feature, impurity, weight; /* (node_count) */
} tree_nodes;

static void free_nodes(tree_nodes *nodes)
{
    crn_array_free(&nodes->left);
    crn_array_free(&nodes->right);
    crn_array_free(&nodes->feature);
    crn_array_free(&nodes->impurity);
    crn_array_free(&nodes->weight);
}

static crn_status read_nodes(const crn_object *tree, tree_nodes *nodes, crn_error *err)
{
    const crn_object *records = crn_object_is(tree, CRN_OBJ_INSTANCE)
                                    ? crn_object_get(tree->as.instance->state, "nodes")
                                    : NULL;
    if (records == NULL)
        return crn_fail(err, CRN_FORMAT, "a tree has no nodes");
    CRN_TRY(crn_object_to_field(records, "left_child", &nodes->left, err));
    CRN_TRY(crn_object_to_field(records, "right_child", &nodes->right, err));
    CRN_TRY(crn_object_to_field(records, "feature", &nodes->feature, err));
    CRN_TRY(crn_object_to_field(records, "impurity", &nodes->impurity, err));
    CRN_TRY(crn_object_to_field(records, "weighted_n_node_samples", &nodes->weight, err));
    return CRN_OK;
}

static double loss_of(const tree_nodes *nodes, int64_t i)
{
    return crn_array_get(&nodes->weight, i) * crn_array_get(&nodes->impurity, i);
}

/* What each split takes away from the impurity, to its feature; divided by the root's
 * weight. */
static crn_status add_splits(const tree_nodes *nodes, double *sums, int64_t features,
                             crn_error *err)
{
    const int64_t count = nodes->left.ndim == 1 ? nodes->left.shape[0] : 0;
    if (count < 1)
        return crn_fail(err, CRN_FORMAT, "a tree has no nodes");
    for (int64_t i = 0; i < count; i++) {
        const double left = crn_array_get(&nodes->left, i);
        const double right = crn_array_get(&nodes->right, i);
        const double feature = crn_array_get(&nodes->feature, i);
        if (left == -1.0)
            continue;
        if (!(left >= 0 && left < (double)count && right >= 0 && right < (double)count &&
              feature >= 0 && feature < (double)features))
            return crn_fail(err, CRN_FORMAT, "node %lld of a tree leads outside", (long long)i);
        sums[(int64_t)feature] +=
            loss_of(nodes, i) - loss_of(nodes, (int64_t)left) - loss_of(nodes, (int64_t)right);
    }
    for (int64_t j = 0; j < features; j++)
        sums[j] /= crn_array_get(&nodes->weight, 0);
    return CRN_OK;
}

/* To the sum 1; zeros stay. */
static void normalise(double *sums, int64_t features)
{
    double total = 0.0;
    for (int64_t j = 0; j < features; j++)
        total += sums[j];
    for (int64_t j = 0; j < features && total > 0.0; j++)
        sums[j] /= total;
}

/* *grown: the tree has a split. */
static crn_status of_tree(const crn_object *tree, bool normalised, double *sums,
                          int64_t features, bool *grown, crn_error *err)
{
    tree_nodes nodes = {0};
    memset(sums, 0, (size_t)features * sizeof *sums);
    crn_status status = read_nodes(tree, &nodes, err);
    if (status == CRN_OK)
        status = add_splits(&nodes, sums, features, err);
    if (status == CRN_OK) {
        *grown = nodes.left.shape[0] > 1;
        if (normalised)
            normalise(sums, features);
    }
    free_nodes(&nodes);
    return status;
}

/* ---- an estimator with trees ---- */

static const crn_object *tree_of(const crn_object *estimator)
{
    return crn_object_is(estimator, CRN_OBJ_INSTANCE)
               ? crn_object_get(estimator->as.instance->state, "tree_")
               : NULL;
}

/* The trees of an ensemble in order: of a list, or of an object array. */
static const crn_object *trees_of(const crn_object *state)
{
    int32_t ndim;
    int64_t shape[CRN_MAX_NDIM];
    const crn_object *list = crn_object_get(state, "estimators_");
    return crn_object_is(list, CRN_OBJ_LIST) ? list
                                             : crn_object_array_elements(list, &ndim, shape);
}

/* AdaBoost weighs its trees; the mean of the others is over those that have a split. */
static crn_status of_ensemble(const crn_object *state, double *sums, int64_t features,
                              crn_error *err)
{
    const crn_object *trees = trees_of(state);
    const crn_object *learning = crn_object_get(state, "estimator_weights_");
    const bool boosted = crn_object_get(state, "init") != NULL; /* GradientBoosting */
    crn_array weights = CRN_ARRAY_INIT;
    double *one = crn_calloc((size_t)features, sizeof *one);
    crn_status status = one != NULL ? CRN_OK : crn_no_memory(err);
    if (status == CRN_OK && learning != NULL)
        status = crn_object_to_array(learning, &weights, err);
    for (size_t i = 0; i < crn_object_length(trees) && status == CRN_OK; i++) {
        bool grown = false;
        const bool weighted = (int64_t)i < crn_array_size(&weights) && weights.data != NULL;
        status =
            of_tree(tree_of(crn_object_item(trees, i)), !boosted, one, features, &grown, err);
        const double weight = weighted ? crn_array_get(&weights, (int64_t)i) : 1.0;
        for (int64_t j = 0; j < features && grown; j++)
            sums[j] += weight * one[j];
    }
    if (status == CRN_OK)
        normalise(sums, features);
    crn_array_free(&weights);
    free(one);
    return status;
}

static crn_status of_trees(const crn_estimator_base *self, crn_array *out, crn_error *err)
{
    const crn_object *tree = crn_object_get(self->state, "tree_");
    const int64_t features = self->n_features_in_;
    bool grown;
    if ((tree == NULL && trees_of(self->state) == NULL) || features < 1)
        return crn_fail(err, CRN_UNSUPPORTED,
                        "the feature importances of %s are not in the file", self->type->name);
    CRN_TRY(crn_array_create(CRN_FLOAT64, 0, 1, &features, out, err));
    crn_status status = tree != NULL ? of_tree(tree, true, out->data, features, &grown, err)
                                     : of_ensemble(self->state, out->data, features, err);
    if (status != CRN_OK)
        crn_array_free(out);
    return status;
}

/* ---- by name ---- */

/* The child that a part of a path names: "named_steps.model", "best_estimator_". */
static const crn_model *child_named(const crn_estimator_base *self, const char *name,
                                    size_t size)
{
    crn_child_place place = {0};
    while (crn_children_next(self, &place)) {
        const char *own = place.name != NULL ? place.name : place.field->name;
        if (strlen(own) == size && memcmp(own, name, size) == 0)
            return place.model;
    }
    return NULL;
}

static crn_status attribute(const crn_model *model, const char *name, crn_array *out,
                            crn_error *err)
{
    crn_array array = CRN_ARRAY_INIT;
    const crn_estimator_base *self = crn_model_estimator(model);
    if (crn_field_find(self->type->fields, name) == NULL &&
        strcmp(name, "feature_importances_") == 0)
        return of_trees(self, out, err);
    CRN_TRY(crn_model_get(model, name, &array, err));
    crn_status status = crn_array_astype(&array, CRN_FLOAT64, out, err);
    crn_array_free(&array);
    return status;
}

crn_status crn_feature_importances(const crn_model *model, const char *getter, crn_array *out,
                                   crn_error *err)
{
    for (const char *dot; (dot = strchr(getter, '.')) != NULL; getter = dot + 1) {
        const size_t size = (size_t)(dot - getter);
        const crn_estimator_base *self = model != NULL ? crn_model_estimator(model) : NULL;
        if (size == strlen("named_steps") && strncmp(getter, "named_steps", size) == 0)
            continue;
        model = self != NULL ? child_named(self, getter, size) : NULL;
    }
    const crn_estimator_base *self = model != NULL ? crn_model_estimator(model) : NULL;
    if (self == NULL || !self->fitted)
        return crn_fail(err, CRN_UNSUPPORTED,
                        "importance_getter='%s' leads to no fitted estimator", getter);
    if (strcmp(getter, "auto") != 0)
        return attribute(model, getter, out, err);
    const bool linear = crn_field_find(self->type->fields, "coef_") != NULL;
    return attribute(model, linear ? "coef_" : "feature_importances_", out, err);
}
