/* SPDX-License-Identifier: BSD-3-Clause */
/* Going down the trees of an ensemble: Tree.predict, apply and decision_path of
 * sklearn/tree/_tree.pyx (1.9), and predict_proba of sklearn/tree/_classes.py. */
#include <stdlib.h>

#include "ops/tree_path.h"
#include "sklearn/tree/tree.h"

static int64_t nodes_of(const void *context, int64_t tree)
{
    return ((const crn_tree_question *)context)->trees[tree]->node_count;
}

static crn_tree_split split_of(const crn_tree *tree, int64_t node)
{
    const crn_array *missing = &tree->missing_go_to_left;
    return (crn_tree_split){
        .left = crn_tree_int(&tree->left_child, node),
        .right = crn_tree_int(&tree->right_child, node),
        .feature = crn_tree_int(&tree->feature, node),
        .threshold = crn_tree_real(&tree->threshold, node),
        .nan_right = missing->data != NULL &&
                     *((const uint8_t *)missing->data + node * missing->strides[0]) == 0,
        .set = -1};
}

static void splits_of(const void *context, int64_t tree, int64_t first, int64_t count,
                      crn_tree_split *out)
{
    const crn_tree_question *q = context;
    for (int64_t i = 0; i < count; i++) {
        out[i] = split_of(q->trees[tree], first + i);
        out[i].nan_right |= q->nan_right;
        if (q->features != NULL && out[i].left >= 0)
            out[i].feature = q->features[tree][out[i].feature];
    }
}

/* What divides counts into fractions, as predict_proba of versions before 1.3 does. */
static double divisor_of(const crn_tree *tree, const double *values, int64_t classes)
{
    double sum = 0.0;
    if (!crn_tree_has_counts(tree))
        return 1.0;
    for (int64_t j = 0; j < classes; j++)
        sum += values[j];
    return sum == 0.0 ? 1.0 : sum;
}

static void leaf_of(const void *context, int64_t tree, int64_t node, double *out)
{
    const crn_tree_question *q = context;
    const crn_tree *t = q->trees[tree];
    const double *values = crn_tree_values(t, node);
    if (q->number != NULL) {
        out[0] = q->number(q->context, tree, node);
        return;
    }
    if (q->output == CRN_TREE_ALL_OUTPUTS) {
        for (int64_t k = 0; k < t->n_outputs; k++)
            out[k] = values[k * t->max_n_classes] * q->scale;
        return;
    }
    const int64_t classes = crn_tree_int(&t->n_classes, q->output);
    values += q->output * t->max_n_classes;
    const double divisor =
        q->says == CRN_TREE_SAYS_PROBABILITIES ? divisor_of(t, values, classes) : 1.0;
    for (int64_t j = 0; j < classes; j++)
        out[j] = values[j] * q->scale / divisor;
}

/* Pages of a large file need not stay in memory once they are packed. */
static void tree_is_read(const void *context, int64_t tree)
{
    const crn_tree *t = ((const crn_tree_question *)context)->trees[tree];
    const crn_array *nodes = &t->left_child, *values = &t->values;
    crn_buffer_rest(nodes->owner, nodes->data, (size_t)(t->node_count * nodes->strides[0]));
    crn_buffer_rest(values->owner, values->data, (size_t)(t->node_count * values->strides[0]));
}

static int64_t width_of(const crn_tree_question *q)
{
    if (q->number != NULL)
        return 1;
    if (q->says == CRN_TREE_SAYS_NODE)
        return 0;
    return q->output == CRN_TREE_ALL_OUTPUTS ? q->trees[0]->n_outputs
                                             : crn_tree_int(&q->trees[0]->n_classes, q->output);
}

void crn_trees_pack(crn_graph *graph, const crn_tree_question *question, crn_tree_ensemble *out,
                    crn_tree_ensemble_attributes *attributes)
{
    const crn_tree_source source = {.context = question,
                                    .trees = question->count,
                                    .features = question->n_features,
                                    .single = true,
                                    .width = width_of(question),
                                    .nodes = nodes_of,
                                    .splits = splits_of,
                                    .leaf = leaf_of,
                                    .read = tree_is_read};
    *attributes = (crn_tree_ensemble_attributes){
        .output = source.width > 0 ? CRN_TREE_SUM : CRN_TREE_LEAVES, .columns = source.width};
    crn_tree_pack(graph, &source, out, attributes);
}

crn_value crn_trees_sum(crn_graph *graph, crn_value x, const crn_tree_question *question,
                        bool mean)
{
    crn_tree_ensemble packed;
    crn_tree_ensemble_attributes attributes;
    crn_trees_pack(graph, question, &packed, &attributes);
    attributes.divided = mean;
    return crn_tree_ensemble_run(graph, x, &packed, &attributes);
}

crn_value crn_trees_apply(crn_graph *graph, crn_value x, const crn_tree *const *trees,
                          int64_t count, int64_t n_features)
{
    return crn_trees_sum(graph, x,
                         &(crn_tree_question){.trees = trees,
                                              .count = count,
                                              .n_features = n_features,
                                              .says = CRN_TREE_SAYS_NODE},
                         false);
}

/* ---- ways ---- */

/* The column of each tree's first node, and of each node's parent. */
static crn_status list_parents(const crn_tree *const *trees, int64_t count, crn_array *first,
                               crn_array *parents, crn_error *err)
{
    int64_t total = 0;
    CRN_TRY(crn_array_create(CRN_INT64, 0, 1, &count, first, err));
    for (int64_t t = 0; t < count; t++) {
        ((int64_t *)first->data)[t] = total;
        total += trees[t]->node_count;
    }
    CRN_TRY(crn_array_create(CRN_INT64, 0, 1, &total, parents, err));
    for (int64_t t = 0; t < count; t++) {
        const int64_t begin = ((const int64_t *)first->data)[t];
        int64_t *mine = (int64_t *)parents->data + begin;
        for (int64_t i = 0; i < trees[t]->node_count; i++)
            mine[i] = -1;
        for (int64_t i = 0; i < trees[t]->node_count; i++) {
            if (crn_tree_is_leaf(trees[t], i))
                continue;
            mine[crn_tree_int(&trees[t]->left_child, i)] = begin + i;
            mine[crn_tree_int(&trees[t]->right_child, i)] = begin + i;
        }
    }
    return CRN_OK;
}

/* Until 1.7 decision_path sent missing values to the right, whatever the nodes said. */
crn_value crn_trees_path(crn_graph *graph, crn_value x, const crn_tree *const *trees,
                         int64_t count, int64_t n_features, const char *sklearn)
{
    crn_array first = CRN_ARRAY_INIT, parents = CRN_ARRAY_INIT;
    crn_value path = CRN_NO_VALUE;
    const crn_value leaves = crn_trees_sum(
        graph, x,
        &(crn_tree_question){.trees = trees,
                             .count = count,
                             .n_features = n_features,
                             .says = CRN_TREE_SAYS_NODE,
                             .nan_right =
                                 sklearn != NULL && crn_version_compare(sklearn, "1.8") < 0},
        false);
    if (graph->error.code == CRN_OK &&
        list_parents(trees, count, &first, &parents, &graph->error) == CRN_OK)
        path = crn_tree_path(graph, leaves, crn_graph_constant(graph, &first),
                             crn_graph_constant(graph, &parents));
    crn_array_free(&first);
    crn_array_free(&parents);
    return path;
}
