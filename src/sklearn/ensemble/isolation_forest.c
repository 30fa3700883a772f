/* SPDX-License-Identifier: BSD-3-Clause */
/* IsolationForest, as sklearn/ensemble/_iforest.py (1.9), and the files of versions back to
 * 0.20. */
#include <math.h>
#include <stdlib.h>

#include "format/pickle.h"
#include "ops/elementwise.h"
#include "ops/rows.h"
#include "sklearn/ensemble/forest.h"

typedef struct isolation_forest {
    crn_estimator_base base;
    const crn_object *n_estimators, *max_samples, *contamination, *max_features;
    bool bootstrap;
    const crn_object *n_jobs, *random_state, *verbose;
    bool warm_start;
    const crn_object *behaviour;
    int64_t n_features_;
    int64_t max_samples_;
    crn_model_list estimators_;
    const crn_object *estimators_features_;
    double offset_;
    double threshold;         /* _threshold_ of behaviour='old' */
    const crn_tree **trees;   /* [estimators_.count], borrowed */
    crn_array *columns;       /* [estimators_.count]: int64, the features of each tree */
    const int64_t **features; /* [estimators_.count]: their data; NULL: all trees have all */
} isolation_forest;

static const crn_field fields[] = {
    CRN_PARAM(isolation_forest, n_estimators, OBJECT, "100", "int >= 1"),
    CRN_PARAM(isolation_forest, max_samples, OBJECT, "'auto'",
              "'auto' | int >= 1 | float (0, 1]"),
    CRN_PARAM(isolation_forest, contamination, OBJECT, "'auto'", "'auto' | real (0, 0.5]"),
    CRN_PARAM(isolation_forest, max_features, OBJECT, "1.0", "int | real (0, 1]"),
    CRN_PARAM(isolation_forest, bootstrap, BOOL, "False", NULL),
    CRN_PARAM(isolation_forest, n_jobs, OBJECT, "None", "int | None"),
    CRN_PARAM(isolation_forest, random_state, OBJECT, "None", "random_state"),
    CRN_PARAM(isolation_forest, verbose, OBJECT, "0", "verbose"),
    CRN_PARAM_SINCE(isolation_forest, warm_start, BOOL, "False", NULL, "0.21", NULL),
    CRN_PARAM_SINCE(isolation_forest, behaviour, OBJECT, "'deprecated'", NULL, NULL, "0.24"),
    CRN_BASE_FIELDS,
    CRN_TREE_N_FEATURES(isolation_forest),
    CRN_FITTED(isolation_forest, max_samples_, INT),
    CRN_FITTED(isolation_forest, estimators_, MODELS),
    CRN_FITTED(isolation_forest, estimators_features_, OBJECT),
    CRN_FITTED(isolation_forest, offset_, REAL),
    {.name = "_threshold_",
     .type = CRN_FIELD_REAL,
     .flags = CRN_FIELD_FITTED | CRN_FIELD_OPTIONAL,
     .dflt = "0.0",
     .offset = offsetof(isolation_forest, threshold),
     .until = "0.22"},
    CRN_FIELDS_END,
};

/* ---- reading ---- */

/* The features of a tree, which are among the model's. */
static crn_status read_columns(const crn_object *object, int64_t count, int64_t features,
                               crn_array *out, crn_error *err)
{
    crn_array given = CRN_ARRAY_INIT;
    CRN_TRY(crn_object_to_array(object, &given, err));
    crn_status status = CRN_OK;
    if (given.ndim != 1 || given.shape[0] != count || !crn_dtype_is_number(given.dtype))
        status = crn_fail(err, CRN_FORMAT, "a tree of %lld features has other ones",
                          (long long)count);
    else
        status = crn_array_astype(&given, CRN_INT64, out, err);
    crn_array_free(&given);
    for (int64_t i = 0; status == CRN_OK && i < count; i++) {
        const int64_t column = ((const int64_t *)out->data)[i];
        if (column < 0 || column >= features)
            status = crn_fail(err, CRN_FORMAT, "a tree has the feature %lld of %lld",
                              (long long)column, (long long)features);
    }
    return status;
}

/* Trees that have not all features say which; the others see the rows as they are, whatever
 * order estimators_features_ has. */
static crn_status read_features(isolation_forest *self, crn_error *err)
{
    const int64_t count = self->estimators_.count, features = self->base.n_features_in_;
    if (self->trees[0]->n_features == features)
        return CRN_OK;
    if ((int64_t)crn_object_length(self->estimators_features_) != count)
        return crn_fail(err, CRN_FORMAT, "estimators_features_ is not a list of %lld arrays",
                        (long long)count);
    self->columns = crn_calloc((size_t)count, sizeof *self->columns);
    self->features = crn_calloc((size_t)count, sizeof *self->features);
    if (self->columns == NULL || self->features == NULL)
        return crn_no_memory(err);
    for (int64_t i = 0; i < count; i++) {
        CRN_TRY(read_columns(crn_object_item(self->estimators_features_, (size_t)i),
                             self->trees[i]->n_features, features, &self->columns[i], err));
        self->features[i] = self->columns[i].data;
    }
    return CRN_OK;
}

static crn_status read(void *self, const crn_object *state, const crn_field_context *context,
                       crn_error *err)
{
    (void)state, (void)context;
    isolation_forest *model = self;
    if (!model->base.fitted)
        return CRN_OK;
    CRN_TRY(crn_forest_trees(&model->estimators_, 0, 1, &model->trees, err));
    if (model->base.n_features_in_ < 0)
        model->base.n_features_in_ =
            model->n_features_ > 0 ? model->n_features_ : model->trees[0]->n_features;
    if (model->n_features_ < 0)
        model->n_features_ = model->base.n_features_in_;
    const int64_t features = model->trees[0]->n_features;
    for (int64_t i = 0; i < model->estimators_.count; i++) {
        if (model->trees[i]->n_features != features || features > model->base.n_features_in_)
            return crn_fail(err, CRN_FORMAT, "estimators_[%lld] has %lld features, not %lld",
                            (long long)i, (long long)model->trees[i]->n_features,
                            (long long)features);
    }
    return read_features(model, err);
}

static void release(void *self)
{
    isolation_forest *model = self;
    for (int64_t i = 0; model->columns != NULL && i < model->estimators_.count; i++)
        crn_array_free(&model->columns[i]);
    free(model->columns);
    free(model->features);
    free(model->trees);
}

/* ---- scores ---- */

/* The mean length of an unsuccessful search among n samples (Liu, Ting, Zhou: Isolation Forest,
 * 2008). 0.20 had 1 where there is nothing to search. */
static double average_path_length(double n, bool before_0_21)
{
    const double euler_gamma = 0.57721566490153286061;
    if (n <= 1.0)
        return before_0_21 ? 1.0 : 0.0;
    if (n == 2.0 && !before_0_21)
        return 1.0;
    return 2.0 * (log(n - 1.0) + euler_gamma) - 2.0 * (n - 1.0) / n;
}

static bool is_before(const isolation_forest *self, const char *version)
{
    const char *mine = self->base.sklearn_version;
    return mine != NULL && crn_version_compare(mine, version) < 0;
}

/* For each leaf of each tree, one behind the other. */
typedef struct path_lengths {
    const isolation_forest *forest;
    double *depth; /* of all nodes of all trees: the nodes on the way, the root included */
    int64_t *first;
} path_lengths;

static double path_length(const void *context, int64_t tree, int64_t node)
{
    const path_lengths *paths = context;
    const crn_tree *t = paths->forest->trees[tree];
    const double samples = (double)crn_tree_int(&t->n_node_samples, node);
    return paths->depth[paths->first[tree] + node] +
           average_path_length(samples, is_before(paths->forest, "0.21")) - 1.0;
}

/* A child stands behind its parent. */
static void fill_depths(const crn_tree *tree, double *depth)
{
    for (int64_t i = 0; i < tree->node_count; i++)
        depth[i] = 1.0;
    for (int64_t i = 0; i < tree->node_count; i++) {
        if (crn_tree_is_leaf(tree, i))
            continue;
        depth[crn_tree_int(&tree->left_child, i)] = depth[i] + 1.0;
        depth[crn_tree_int(&tree->right_child, i)] = depth[i] + 1.0;
    }
}

static crn_status find_depths(path_lengths *paths, crn_error *err)
{
    const isolation_forest *self = paths->forest;
    const int64_t count = self->estimators_.count;
    int64_t total = 0;
    paths->first = crn_calloc((size_t)count, sizeof *paths->first);
    if (paths->first == NULL)
        return crn_no_memory(err);
    for (int64_t i = 0; i < count; i++) {
        paths->first[i] = total;
        total += self->trees[i]->node_count;
    }
    paths->depth = crn_calloc((size_t)total, sizeof *paths->depth);
    if (paths->depth == NULL)
        return crn_no_memory(err);
    for (int64_t i = 0; i < count; i++)
        fill_depths(self->trees[i], paths->depth + paths->first[i]);
    return CRN_OK;
}

/* (rows, 1): the sum of the path lengths in all trees. */
static crn_value depths(const isolation_forest *self, crn_graph *graph, crn_value x)
{
    path_lengths paths = {.forest = self};
    crn_value sum = CRN_NO_VALUE;
    if (graph->error.code == CRN_OK && find_depths(&paths, &graph->error) == CRN_OK)
        sum = crn_trees_sum(graph, x,
                            &(crn_tree_question){.trees = self->trees,
                                                 .count = self->estimators_.count,
                                                 .features = self->features,
                                                 .n_features = self->base.n_features_in_,
                                                 .number = path_length,
                                                 .context = &paths},
                            false);
    free(paths.first);
    free(paths.depth);
    return sum;
}

/* -2 ** -(depths / denominator), (rows). Of a forest on single samples, whose depths and
 * denominator are 0, the quotient is 1. */
static crn_value score_samples(const isolation_forest *self, crn_graph *graph, crn_value x)
{
    const double log_2 = 0.69314718055994530942;
    const double denominator =
        (double)self->estimators_.count *
        average_path_length((double)self->max_samples_, is_before(self, "0.21"));
    const double scale = denominator != 0.0 ? -log_2 / denominator : 0.0;
    const double shift = denominator != 0.0 ? 0.0 : -log_2;
    x = crn_scale(graph, depths(self, graph, x), CRN_SCALE_MULTIPLY_ADD,
                  crn_graph_numbers(graph, CRN_FLOAT64, &scale, 1, 0),
                  crn_graph_numbers(graph, CRN_FLOAT64, &shift, 1, 0));
    x = crn_unary(graph, crn_unary(graph, x, CRN_UNARY_EXP), CRN_UNARY_NEGATE);
    return crn_reshape(graph, x, 0, NULL);
}

/* 1 for an inlier, -1 for an outlier, whose decision lies below the threshold. */
static crn_value predict(const isolation_forest *self, crn_graph *graph, crn_value decision)
{
    const double sides[] = {1.0, -1.0};
    const bool old = crn_object_is_str(self->behaviour, "old");
    const double threshold = old ? self->threshold : 0.0;
    const crn_value below =
        crn_step(graph, crn_unary(graph, decision, CRN_UNARY_NEGATE), -threshold);
    return crn_take(graph, crn_graph_numbers(graph, CRN_INT64, sides, 2, 0), below);
}

static crn_value lower(const void *self, crn_method method, crn_graph *graph, crn_value x)
{
    const isolation_forest *model = self;
    const crn_value scores = score_samples(model, graph, x);
    if (method == CRN_SCORE_SAMPLES)
        return scores;
    const crn_value offset = crn_graph_numbers(graph, CRN_FLOAT64, &model->offset_, 1, 0);
    const crn_value decision =
        crn_reshape(graph, crn_binary(graph, scores, offset, CRN_BINARY_SUBTRACT), 0, NULL);
    return method == CRN_DECISION_FUNCTION ? decision : predict(model, graph, decision);
}

/* Since 1.6 nothing is checked: the trees know what to do with missing values. */
static crn_admitted admits(const void *self, crn_method method)
{
    (void)method;
    return is_before(self, "1.6") ? CRN_ADMITS_FINITE : CRN_ADMITS_ALL;
}

/* ---- writing ---- */

/* What versions from 1.3 on compute once: tuples of an array for each tree. */
static bool write_paths(const isolation_forest *self, crn_document *document, crn_object *state,
                        crn_error *err)
{
    crn_object *depths_of = crn_object_new(document, CRN_OBJ_TUPLE);
    crn_object *averages = crn_object_new(document, CRN_OBJ_TUPLE);
    for (int64_t i = 0; i < self->estimators_.count; i++) {
        const crn_tree *tree = self->trees[i];
        crn_array depth = CRN_ARRAY_INIT, counts = CRN_ARRAY_INIT, average = CRN_ARRAY_INIT;
        bool ok =
            crn_array_create(CRN_FLOAT64, 0, 1, &tree->node_count, &depth, err) == CRN_OK &&
            crn_array_create(CRN_FLOAT64, 0, 1, &tree->node_count, &average, err) == CRN_OK;
        if (ok) {
            fill_depths(tree, depth.data);
            for (int64_t k = 0; k < tree->node_count; k++)
                ((double *)average.data)[k] =
                    average_path_length((double)crn_tree_int(&tree->n_node_samples, k), false);
            ok = crn_array_astype(&depth, CRN_INT64, &counts, err) == CRN_OK &&
                 crn_object_append(document, depths_of, crn_object_array(document, &counts)) &&
                 crn_object_append(document, averages, crn_object_array(document, &average));
        }
        crn_array_free(&depth);
        crn_array_free(&counts);
        crn_array_free(&average);
        if (!ok)
            return false;
    }
    return crn_object_set(document, state, "_decision_path_lengths", depths_of) &&
           crn_object_set(document, state, "_average_path_length_per_tree", averages);
}

static crn_status write(const void *self, crn_document *document, crn_object *state,
                        const char *sklearn, crn_error *err)
{
    const isolation_forest *model = self;
    const char *call = "ExtraTreeRegressor(max_features=1)";
    CRN_TRY(crn_forest_write_estimator(call, document, state, sklearn, err));
    bool ok = crn_object_set(document, state, "estimator_params",
                             crn_object_new(document, CRN_OBJ_TUPLE));
    if (ok && model->base.fitted) {
        const int64_t features = model->trees[0]->n_features;
        ok = crn_object_set(document, state, "_max_features",
                            crn_object_int(document, features)) &&
             crn_object_set(document, state, "_max_samples",
                            crn_object_int(document, model->max_samples_)) &&
             (crn_version_compare(sklearn, "1.3") < 0 ||
              write_paths(model, document, state, err));
    }
    return ok ? CRN_OK : crn_arena_fail(document->arena, err);
}

const crn_estimator crn_estimator_IsolationForest = {
    .name = "IsolationForest",
    .module = "sklearn.ensemble",
    .modules = "sklearn.ensemble.iforest sklearn.ensemble._iforest",
    .size = sizeof(isolation_forest),
    .fields = fields,
    .methods = 1u << CRN_PREDICT | 1u << CRN_DECISION_FUNCTION | 1u << CRN_SCORE_SAMPLES,
    .flags = CRN_TAKES_WEIGHT,
    .lower = lower,
    .admits = admits,
    .read = read,
    .write = write,
    .release = release,
};
