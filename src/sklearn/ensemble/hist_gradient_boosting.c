/* SPDX-License-Identifier: BSD-3-Clause */
/* HistGradientBoostingClassifier and HistGradientBoostingRegressor, as
 * sklearn/ensemble/_hist_gradient_boosting/gradient_boosting.py (1.9), and the files of versions
 * back to 0.22. */
#include "sklearn/ensemble/hist_gradient_boosting.h"

#include <stdlib.h>
#include <string.h>

#include "format/pickle.h"
#include "ops/elementwise.h"
#include "ops/rows.h"

typedef crn_hist_gradient_boosting boosting;

/* Older versions than 0.24 do not know categorical_features, and write() sees to it that they do
 * not miss it. */
/* clang-format off */
#define SHARED_PARAMS                                                                          \
    CRN_PARAM(boosting, learning_rate, REAL, "0.1", "real > 0"),                               \
    CRN_PARAM(boosting, max_iter, OBJECT, "100", "int >= 1"),                                  \
    CRN_PARAM(boosting, max_leaf_nodes, OBJECT, "31", "int >= 2 | None"),                      \
    CRN_PARAM(boosting, max_depth, OBJECT, "None", "int >= 1 | None"),                         \
    CRN_PARAM(boosting, min_samples_leaf, OBJECT, "20", "int >= 1"),                           \
    CRN_PARAM(boosting, l2_regularization, REAL, "0.0", "real >= 0"),                          \
    CRN_PARAM_SINCE(boosting, max_features, REAL, "1.0", "float (0, 1]", "1.4", NULL),         \
    CRN_PARAM(boosting, max_bins, OBJECT, "255", "int [2, 255]"),                              \
    CRN_PARAM(boosting, categorical_features, OBJECT, "'from_dtype'",                          \
              "array | 'from_dtype' | None"),                                                  \
    CRN_PARAM_SINCE(boosting, monotonic_cst, OBJECT, "None", "array | dict | None", "0.23",    \
                    NULL),                                                                     \
    CRN_PARAM_SINCE(boosting, interaction_cst, OBJECT, "None",                                 \
                    "list | tuple | 'no_interactions' | 'pairwise' | None", "1.2", NULL),      \
    CRN_PARAM_SINCE(boosting, warm_start, BOOL, "False", NULL, "0.22", NULL),                  \
    CRN_PARAM_SINCE(boosting, early_stopping, OBJECT, "'auto'", "'auto' | bool", "0.23", NULL),\
    CRN_PARAM(boosting, scoring, OBJECT, "'loss'", "str | callable | None"),                   \
    CRN_PARAM(boosting, validation_fraction, OBJECT, "0.1", "float (0, 1) | int >= 1 | None"), \
    CRN_PARAM(boosting, n_iter_no_change, OBJECT, "10", "int >= 1"),                           \
    CRN_PARAM(boosting, tol, REAL, "1e-07", "real >= 0"),                                      \
    CRN_PARAM(boosting, verbose, OBJECT, "0", "verbose"),                                      \
    CRN_PARAM(boosting, random_state, OBJECT, "None", "random_state")

#define FITTED                                                                                 \
    {.name = "n_features_", .type = CRN_FIELD_INT,                                             \
     .flags = CRN_FIELD_FITTED | CRN_FIELD_OPTIONAL, .dflt = "-1",                             \
     .offset = offsetof(boosting, n_features_), .until = "0.24"},                              \
    {.name = "_preprocessor", .type = CRN_FIELD_OBJECT,                                        \
     .flags = CRN_FIELD_FITTED | CRN_FIELD_OPTIONAL, .dflt = "None",                           \
     .offset = offsetof(boosting, preprocessor), .since = "1.4"},                              \
    CRN_FITTED(boosting, n_trees_per_iteration_, INT),                                         \
    {.name = "_bin_mapper", .type = CRN_FIELD_MODEL,                                           \
     .flags = CRN_FIELD_FITTED | CRN_FIELD_OPTIONAL,                                           \
     .offset = offsetof(boosting, bin_mapper), .since = "0.24", .old_names = "bin_mapper_"},   \
    {.name = "_baseline_prediction", .type = CRN_FIELD_ARRAY, .flags = CRN_FIELD_FITTED,       \
     .offset = offsetof(boosting, baseline)},                                                  \
    {.name = "_predictors", .type = CRN_FIELD_OBJECT, .flags = CRN_FIELD_FITTED,               \
     .offset = offsetof(boosting, predictors)},                                                \
    CRN_FIELDS_END
/* clang-format on */

static const crn_field classifier[] = {CRN_PARAM(boosting, loss, OBJECT, "'log_loss'",
                                                 "'log_loss' | <sklearn._loss.loss.BaseLoss>"),
                                       SHARED_PARAMS,
                                       CRN_PARAM_SINCE(boosting, class_weight, OBJECT, "None",
                                                       "dict | 'balanced' | None", "1.2", NULL),
                                       CRN_BASE_FIELDS,
                                       CRN_FITTED_ARRAY(boosting, classes_, NULL),
                                       FITTED};
static const crn_field regressor[] = {
    CRN_PARAM(boosting, loss, OBJECT, "'squared_error'",
              "'absolute_error' | 'gamma' | 'poisson' | 'quantile' | 'squared_error' | "
              "<sklearn._loss.loss.BaseLoss>"),
    CRN_PARAM_SINCE(boosting, quantile, OBJECT, "None", "real [0, 1] | None", "1.1", NULL),
    SHARED_PARAMS, CRN_BASE_FIELDS, FITTED};

bool crn_hist_is_classifier(const crn_hist_gradient_boosting *self)
{
    return self->base.type->methods & 1u << CRN_PREDICT_PROBA;
}

const char *crn_hist_loss(const crn_hist_gradient_boosting *self)
{
    static const char *const renamed[][2] = {{"least_squares", "squared_error"},
                                             {"least_absolute_deviation", "absolute_error"},
                                             {"auto", "log_loss"},
                                             {"binary_crossentropy", "log_loss"},
                                             {"categorical_crossentropy", "log_loss"}};
    const char *name = crn_object_text(self->loss);
    for (size_t i = 0; name != NULL && i < sizeof renamed / sizeof *renamed; i++) {
        if (strcmp(name, renamed[i][0]) == 0)
            return renamed[i][1];
    }
    return name != NULL ? name : "";
}

/* ---- reading ---- */

/* The features that trees ask are those behind the preprocessor, which only reorders them. */
static crn_status find_width(boosting *self, crn_error *err)
{
    const crn_array *categorical;
    const crn_object *values;
    if (self->base.n_features_in_ < 0)
        self->base.n_features_in_ = self->n_features_;
    if (self->base.n_features_in_ < 0 &&
        crn_bin_mapper_categories(self->bin_mapper, &categorical, &values))
        self->base.n_features_in_ = (int64_t)crn_object_length(values);
    if (self->base.n_features_in_ < 1)
        return crn_fail(err, CRN_FORMAT, "the number of features is not known");
    if (self->n_features_ < 0)
        self->n_features_ = self->base.n_features_in_;
    self->width = self->base.n_features_in_;
    return CRN_OK;
}

static crn_status read_trees(boosting *self, crn_error *err)
{
    const int64_t columns = self->n_trees_per_iteration_;
    const int64_t iterations = (int64_t)crn_object_length(self->predictors);
    if (columns < 1 || iterations < 1)
        return crn_fail(err, CRN_FORMAT, "_predictors is empty");
    for (int64_t i = 0; i < iterations; i++) {
        const crn_object *round = crn_object_item(self->predictors, (size_t)i);
        if ((int64_t)crn_object_length(round) != columns)
            return crn_fail(err, CRN_FORMAT, "_predictors[%lld] has not %lld trees",
                            (long long)i, (long long)columns);
    }
    self->trees = crn_calloc((size_t)(iterations * columns), sizeof *self->trees);
    self->first_set = crn_calloc((size_t)(iterations * columns), sizeof *self->first_set);
    if (self->trees == NULL || self->first_set == NULL)
        return crn_no_memory(err);
    for (; self->count < iterations * columns; self->count++) {
        const crn_object *round =
            crn_object_item(self->predictors, (size_t)(self->count / columns));
        const crn_object *predictor = crn_object_item(round, (size_t)(self->count % columns));
        if (crn_hist_tree_read(predictor, self->width, &self->trees[self->count], err) !=
            CRN_OK) {
            crn_hist_tree_free(&self->trees[self->count]);
            return crn_where(err, "_predictors[%lld]", (long long)(self->count / columns));
        }
    }
    return CRN_OK;
}

/* All trees' sets behind one another. */
static crn_status join_sets(boosting *self, crn_error *err)
{
    int64_t total = 0;
    for (int64_t t = 0; t < self->count; t++) {
        const crn_array *sets = &self->trees[t].raw_left_cat_bitsets;
        self->first_set[t] = total;
        total += sets->data != NULL ? sets->shape[0] : 0;
    }
    if (total == 0)
        return CRN_OK;
    CRN_TRY(crn_array_create(CRN_UINT32, 0, 2, (int64_t[]){total, CRN_CATEGORY_WORDS},
                             &self->sets, err));
    for (int64_t t = 0; t < self->count; t++) {
        const crn_array *sets = &self->trees[t].raw_left_cat_bitsets;
        if (sets->data != NULL)
            memcpy((uint32_t *)self->sets.data + self->first_set[t] * CRN_CATEGORY_WORDS,
                   sets->data, (size_t)crn_array_size(sets) * sizeof(uint32_t));
    }
    return CRN_OK;
}

/* The known categories of one feature: 0..255. */
static crn_status mark_known(const crn_object *values, uint32_t *words, crn_error *err)
{
    crn_array given = CRN_ARRAY_INIT;
    CRN_TRY(crn_object_to_array(values, &given, err));
    const int64_t n = crn_dtype_is_number(given.dtype) ? crn_array_size(&given) : 0;
    words[0] = 1;
    for (int64_t i = 0; i < n; i++) {
        const double value = crn_array_get(&given, i);
        if (value >= 0.0 && value < 256.0)
            words[1 + (int)value / 32] |= 1u << (int)value % 32;
    }
    crn_array_free(&given);
    return CRN_OK;
}

static crn_status read_known(boosting *self, crn_error *err)
{
    const crn_array *categorical = NULL;
    const crn_object *values = NULL;
    if (self->sets.data == NULL)
        return CRN_OK;
    if (!crn_bin_mapper_categories(self->bin_mapper, &categorical, &values) ||
        categorical->data == NULL || categorical->shape[0] != self->width ||
        (int64_t)crn_object_length(values) != self->width)
        return crn_fail(err, CRN_FORMAT, "_bin_mapper does not know %lld features",
                        (long long)self->width);
    CRN_TRY(crn_array_create(CRN_UINT32, 0, 2, (int64_t[]){self->width, CRN_TREE_KNOWN_WORDS},
                             &self->known, err));
    for (int64_t j = 0; j < self->width; j++) {
        uint32_t *words = (uint32_t *)self->known.data + j * CRN_TREE_KNOWN_WORDS;
        if (crn_array_get(categorical, j) != 0.0)
            CRN_TRY(mark_known(crn_object_item(values, (size_t)j), words, err));
    }
    return CRN_OK;
}

/* The encoder of categories, and which features it encodes: they come first in the rows that the
 * trees see. The other step of the ColumnTransformer only checks numbers. */
static crn_status read_encoder(boosting *self, const crn_field_context *context, crn_error *err)
{
    if (!crn_object_is(self->preprocessor, CRN_OBJ_INSTANCE))
        return CRN_OK;
    const crn_object *state = self->preprocessor->as.instance->state;
    const crn_object *step = crn_object_item(crn_object_get(state, "transformers_"), 0);
    if (!crn_object_is_str(crn_object_item(step, 0), "encoder"))
        return crn_fail(err, CRN_FORMAT, "_preprocessor does not begin with an encoder");
    CRN_TRY(crn_object_to_array(crn_object_item(step, 2), &self->encoded, err));
    if (self->encoded.ndim != 1 || self->encoded.dtype != CRN_BOOL ||
        self->encoded.shape[0] != self->width)
        return crn_fail(err, CRN_FORMAT,
                        "_preprocessor does not say which features it encodes");
    return context->read_model(context->context, crn_object_item(step, 1), &self->encoder, err);
}

static crn_status read(void *self, const crn_object *state, const crn_field_context *context,
                       crn_error *err)
{
    (void)state;
    boosting *model = self;
    if (!model->base.fitted)
        return CRN_OK;
    CRN_TRY(find_width(model, err));
    CRN_TRY(read_encoder(model, context, err));
    CRN_TRY(read_trees(model, err));
    CRN_TRY(join_sets(model, err));
    return read_known(model, err);
}

static void release(void *self)
{
    boosting *model = self;
    for (int64_t t = 0; t < model->count; t++)
        crn_hist_tree_free(&model->trees[t]);
    free(model->trees);
    free(model->first_set);
    crn_model_destroy(model->encoder);
    crn_array_free(&model->encoded);
    crn_array_free(&model->known);
    crn_array_free(&model->sets);
}

static crn_status check(void *self, crn_error *err)
{
    boosting *model = self;
    const int64_t columns = model->n_trees_per_iteration_;
    if (!crn_dtype_is_number(model->baseline.dtype) ||
        crn_array_size(&model->baseline) != columns)
        return crn_fail(err, CRN_FORMAT, "_baseline_prediction has not %lld numbers",
                        (long long)columns);
    if (!crn_hist_is_classifier(model))
        return columns == 1 ? CRN_OK : crn_fail(err, CRN_FORMAT, "a regressor of many outputs");
    if (model->classes_.ndim != 1 || model->classes_.shape[0] < 1 ||
        columns != (model->classes_.shape[0] <= 2 ? 1 : model->classes_.shape[0]))
        return crn_fail(err, CRN_FORMAT, "%lld trees an iteration do not fit classes_",
                        (long long)columns);
    return CRN_OK;
}

/* ---- lowering ---- */

static int64_t nodes_of(const void *context, int64_t tree)
{
    return ((const boosting *)context)->trees[tree].nodes;
}

static void split_of(const boosting *self, int64_t tree, int64_t node, crn_tree_split *out)
{
    const crn_hist_tree *t = &self->trees[tree];
    const uint8_t *category = t->is_categorical.data;
    *out = (crn_tree_split){.left = -1, .set = -1};
    if (((const uint8_t *)t->is_leaf.data)[node])
        return;
    out->left = ((const uint32_t *)t->left.data)[node];
    out->right = ((const uint32_t *)t->right.data)[node];
    out->feature = ((const int64_t *)t->feature.data)[node];
    out->threshold = ((const double *)t->threshold.data)[node];
    out->nan_right = ((const uint8_t *)t->missing_go_to_left.data)[node] == 0;
    if (category != NULL && category[node])
        out->set = self->first_set[tree] + ((const uint32_t *)t->bitset_idx.data)[node];
}

static void splits_of(const void *context, int64_t tree, int64_t first, int64_t count,
                      crn_tree_split *out)
{
    for (int64_t i = 0; i < count; i++)
        split_of(context, tree, first + i, &out[i]);
}

static void leaf_of(const void *context, int64_t tree, int64_t node, double *out)
{
    out[0] = ((const double *)((const boosting *)context)->trees[tree].value.data)[node];
}

static crn_value baseline(const boosting *self, crn_graph *graph)
{
    crn_array numbers = CRN_ARRAY_INIT;
    if (graph->error.code != CRN_OK ||
        crn_array_astype(&self->baseline, CRN_FLOAT64, &numbers, &graph->error) != CRN_OK)
        return CRN_NO_VALUE;
    crn_array_set_shape(&numbers, 1, &self->n_trees_per_iteration_);
    const crn_value value = crn_graph_constant(graph, &numbers);
    crn_array_free(&numbers);
    return value;
}

/* Encoded features first, then the others. */
static crn_value preprocessed(const boosting *self, crn_graph *graph, crn_value x)
{
    if (self->encoder == NULL)
        return crn_cast(graph, x, CRN_FLOAT64);
    int64_t *order = crn_calloc((size_t)self->width, sizeof *order), encoded = 0, at;
    if (order == NULL)
        return crn_graph_fail(graph, CRN_NO_MEMORY, "out of memory");
    for (int64_t j = 0; j < self->width; j++) {
        if (((const bool *)self->encoded.data)[j])
            order[encoded++] = j;
    }
    at = encoded;
    for (int64_t j = 0; j < self->width; j++) {
        if (!((const bool *)self->encoded.data)[j])
            order[at++] = j;
    }
    crn_value codes = crn_columns(graph, x, order, encoded);
    codes = crn_cast(graph, crn_sklearn_lower(self->encoder, CRN_TRANSFORM, graph, codes),
                     CRN_FLOAT64);
    if (encoded < self->width) {
        const crn_value rest = crn_columns(graph, x, order + encoded, self->width - encoded);
        codes =
            crn_concat(graph, (crn_value[]){codes, crn_cast(graph, rest, CRN_FLOAT64)}, 2, 0);
    }
    free(order);
    return codes;
}

/* (rows, columns), or (rows, iterations, columns). */
static crn_value raw_predictions(const boosting *self, crn_graph *graph, crn_value x,
                                 bool staged)
{
    const crn_tree_source source = {.context = self,
                                    .trees = self->count,
                                    .features = self->width,
                                    .width = 1,
                                    .nodes = nodes_of,
                                    .splits = splits_of,
                                    .leaf = leaf_of};
    crn_tree_ensemble packed;
    crn_tree_ensemble_attributes attributes = {.output =
                                                   staged ? CRN_TREE_STAGES : CRN_TREE_SUM,
                                               .columns = self->n_trees_per_iteration_};
    x = preprocessed(self, graph, x);
    crn_tree_pack(graph, &source, &packed, &attributes);
    packed.base = baseline(self, graph);
    if (self->known.data != NULL) {
        packed.known = crn_graph_constant(graph, &self->known);
        packed.sets = crn_graph_constant(graph, &self->sets);
    }
    return crn_tree_ensemble_run(graph, x, &packed, &attributes);
}

/* Drops the axis of the only column. */
static crn_value flat(const boosting *self, crn_graph *graph, crn_value raw, bool staged)
{
    const int64_t iterations = self->count / self->n_trees_per_iteration_;
    if (self->n_trees_per_iteration_ > 1)
        return raw;
    return crn_reshape(graph, raw, staged ? 1 : 0, &iterations);
}

static crn_value probabilities(const boosting *self, crn_graph *graph, crn_value raw)
{
    if (self->n_trees_per_iteration_ > 1)
        return crn_softmax(graph, raw, CRN_SOFTMAX, -1);
    const crn_value p = crn_unary(graph, raw, CRN_UNARY_EXPIT);
    return crn_concat(graph, (crn_value[]){crn_unary(graph, p, CRN_UNARY_COMPLEMENT), p}, 2,
                      -1);
}

static crn_value predict(const boosting *self, crn_graph *graph, crn_value raw, bool staged)
{
    if (!crn_hist_is_classifier(self)) {
        const char *loss = crn_hist_loss(self);
        raw = flat(self, graph, raw, staged);
        const bool log_link = strcmp(loss, "poisson") == 0 || strcmp(loss, "gamma") == 0;
        return log_link ? crn_unary(graph, raw, CRN_UNARY_EXP) : raw;
    }
    const crn_value index = self->n_trees_per_iteration_ > 1
                                ? crn_argmax(graph, raw)
                                : crn_step(graph, flat(self, graph, raw, staged), 0.0);
    return crn_take(graph, crn_graph_constant(graph, &self->classes_), index);
}

static crn_value lower(const void *self, crn_method method, crn_graph *graph, crn_value x)
{
    const boosting *model = self;
    const bool staged = method == CRN_STAGED_PREDICT || method == CRN_STAGED_PREDICT_PROBA ||
                        method == CRN_STAGED_DECISION_FUNCTION;
    const crn_value raw = raw_predictions(model, graph, x, staged);
    switch (method) {
    case CRN_PREDICT_PROBA:
    case CRN_STAGED_PREDICT_PROBA:
        return probabilities(model, graph, raw);
    case CRN_DECISION_FUNCTION:
    case CRN_STAGED_DECISION_FUNCTION:
        return flat(model, graph, raw, staged);
    default:
        return predict(model, graph, raw, staged);
    }
}

/* The type of what the encoder takes, which may be text, or rows of numbers. */
static crn_type input_type(const void *self, crn_method method)
{
    const boosting *model = self;
    crn_port ports[CRN_MAX_PORTS];
    crn_type type = crn_type_vector(CRN_FLOAT64, model->base.n_features_in_);
    (void)method;
    if (model->encoder != NULL &&
        model->encoder->type->inputs(model->encoder, CRN_TRANSFORM, ports) == 1) {
        type.dtype = ports[0].type.dtype;
        type.itemsize = ports[0].type.itemsize;
    }
    return type;
}

static crn_admitted admits(const void *self, crn_method method)
{
    (void)self, (void)method;
    return CRN_ADMITS_ALL;
}

enum {
    REGRESSOR_METHODS = 1u << CRN_PREDICT | 1u << CRN_STAGED_PREDICT,
    CLASSIFIER_METHODS = REGRESSOR_METHODS | 1u << CRN_PREDICT_PROBA |
                         1u << CRN_DECISION_FUNCTION | 1u << CRN_STAGED_PREDICT_PROBA |
                         1u << CRN_STAGED_DECISION_FUNCTION
};

#define BOOSTING(name_, fields_, methods_)                                                     \
    const crn_estimator crn_estimator_##name_ = {                                              \
        .name = #name_,                                                                        \
        .module = "sklearn.ensemble",                                                          \
        .modules = "sklearn.ensemble._hist_gradient_boosting.gradient_boosting",               \
        .size = sizeof(boosting),                                                              \
        .fields = fields_,                                                                     \
        .methods = methods_,                                                                   \
        .flags = CRN_NEEDS_Y | CRN_ALLOWS_NAN | CRN_TAKES_WEIGHT,                              \
        .lower = lower,                                                                        \
        .check = check,                                                                        \
        .admits = admits,                                                                      \
        .input_type = input_type,                                                              \
        .read = read,                                                                          \
        .write = crn_hist_gradient_boosting_write,                                             \
        .release = release}

BOOSTING(HistGradientBoostingClassifier, classifier, CLASSIFIER_METHODS);
BOOSTING(HistGradientBoostingRegressor, regressor, REGRESSOR_METHODS);
