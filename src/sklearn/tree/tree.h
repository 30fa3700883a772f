/* SPDX-License-Identifier: BSD-3-Clause */
/* sklearn.tree._tree.Tree, which trees and forests keep as tree_: the arrays of its nodes, as
 * views of the file, checked once so that whoever goes down a tree needs no checks. */
#ifndef CRN_SKLEARN_TREE_TREE_H
#define CRN_SKLEARN_TREE_TREE_H

#include "ops/tree_pack.h"
#include "sklearn/estimator.h"

typedef struct crn_tree {
    int64_t n_features, n_outputs, max_n_classes, max_depth, node_count;
    crn_array n_classes; /* int64 (n_outputs) */
    /* (node_count) each, strided views of records: */
    crn_array left_child, right_child, feature; /* int64 */
    crn_array threshold, impurity;              /* float64 */
    crn_array n_node_samples;                   /* int64 */
    crn_array weighted_n_node_samples;          /* float64 */
    crn_array missing_go_to_left;               /* uint8, from 1.3 on; else no data */
    crn_array values; /* float64 (node_count, n_outputs, max_n_classes) */
} crn_tree;

/* From the recorded call Tree(n_features, n_classes, n_outputs) and its state. */
crn_status crn_tree_read(const crn_object *object, crn_tree *tree, crn_error *err);
void crn_tree_free(crn_tree *tree);
/* The call and the state that scikit-learn `sklearn` loads; NULL with an error: CRN_UNSUPPORTED
 * where the version cannot say where missing values go. */
crn_object *crn_tree_write(const crn_tree *tree, bool classifier, crn_document *document,
                           const char *sklearn, crn_error *err);
/* criterion and max_features, already in `state`, in the words of that version. */
crn_status crn_tree_write_params(bool classifier, crn_document *document, crn_object *state,
                                 const char *sklearn, crn_error *err);

/* Files before 1.3 hold counts of each class in a classifier's values, later ones fractions. */
bool crn_tree_has_counts(const crn_tree *tree);

static inline int64_t crn_tree_int(const crn_array *array, int64_t node)
{
    return *(const int64_t *)((const char *)array->data + node * array->strides[0]);
}

static inline double crn_tree_real(const crn_array *array, int64_t node)
{
    return *(const double *)((const char *)array->data + node * array->strides[0]);
}

static inline bool crn_tree_is_leaf(const crn_tree *tree, int64_t node)
{
    return crn_tree_int(&tree->left_child, node) < 0;
}

/* (n_outputs, max_n_classes) of a node. */
static inline const double *crn_tree_values(const crn_tree *tree, int64_t node)
{
    return (const double *)tree->values.data + node * tree->n_outputs * tree->max_n_classes;
}

/* What a leaf says. */
typedef enum crn_tree_says {
    CRN_TREE_SAYS_NODE,         /* its number */
    CRN_TREE_SAYS_VALUES,       /* an output's values, or those of all outputs */
    CRN_TREE_SAYS_PROBABILITIES /* an output's fractions of the classes */
} crn_tree_says;

enum { CRN_TREE_ALL_OUTPUTS = -1 };

/* Trees of one ensemble, and what is wanted of them. */
typedef struct crn_tree_question {
    const crn_tree *const *trees;
    int64_t count;
    const int64_t *const
        *features;      /* [count]: which columns of the rows a tree has; NULL: all */
    int64_t n_features; /* of the rows */
    crn_tree_says says;
    int64_t output; /* or CRN_TREE_ALL_OUTPUTS, with one value each */
    double scale;   /* values are multiplied by it */
    bool nan_right; /* whatever the nodes say of missing values */
    /* in place of `says`, one number for each leaf; NULL: none */
    double (*number)(const void *context, int64_t tree, int64_t node);
    const void *context;
} crn_tree_question;

/* Packs the trees for the question. */
void crn_trees_pack(crn_graph *graph, const crn_tree_question *question, crn_tree_ensemble *out,
                    crn_tree_ensemble_attributes *attributes);

/* (rows, columns) sums, divided by the number of trees where `mean` is true. */
crn_value crn_trees_sum(crn_graph *graph, crn_value x, const crn_tree_question *question,
                        bool mean);
/* int64 (rows, trees): leaves by the numbers of their nodes. */
crn_value crn_trees_apply(crn_graph *graph, crn_value x, const crn_tree *const *trees,
                          int64_t count, int64_t n_features);
/* Sparse int64 (rows, nodes of all trees): 1 for the nodes that a row passes in that version. */
crn_value crn_trees_path(crn_graph *graph, crn_value x, const crn_tree *const *trees,
                         int64_t count, int64_t n_features, const char *sklearn);

#endif
