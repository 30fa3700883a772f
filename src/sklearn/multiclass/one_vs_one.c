/* SPDX-License-Identifier: BSD-3-Clause */
/* OneVsOneClassifier and OutputCodeClassifier, as sklearn/multiclass.py (1.9), and the files of
 * versions back to 0.20: classes decided pair by pair, or by the nearest row of a code book. */
#include <string.h>

#include "format/pickle.h"
#include "ops/affine.h"
#include "ops/elementwise.h"
#include "ops/rows.h"
#include "sklearn/children.h"
#include "sklearn/versions.h"

typedef struct one_vs_one {
    crn_estimator_base base;
    crn_model *estimator;
    const crn_object *n_jobs;
    crn_array classes_;         /* (n_classes) */
    crn_model_list estimators_; /* pair (i, j), i < j, in the order (0, 1), (0, 2) ... (1, 2) */
    const crn_object *pairwise_indices_; /* columns of a precomputed kernel; None: all */
} one_vs_one;

static const crn_field fields[] = {
    CRN_PARAM(one_vs_one, estimator, MODEL, NULL, "has fit"),
    CRN_PARAM(one_vs_one, n_jobs, OBJECT, "None", "int | None"),
    CRN_BASE_FIELDS,
    CRN_FITTED_ARRAY(one_vs_one, classes_, NULL),
    CRN_FITTED(one_vs_one, estimators_, MODELS),
    {.name = "pairwise_indices_",
     .type = CRN_FIELD_OBJECT,
     .flags = CRN_FIELD_FITTED | CRN_FIELD_OPTIONAL,
     .offset = offsetof(one_vs_one, pairwise_indices_),
     .dflt = "None"},
    CRN_FIELDS_END,
};

static crn_status check(void *self, crn_error *err)
{
    one_vs_one *model = self;
    CRN_TRY(crn_classes_check(&model->classes_, 2, err));
    const int64_t n = model->classes_.shape[0], count = model->estimators_.count;
    if (n > INT16_MAX || count != n * (n - 1) / 2)
        return crn_fail(err, CRN_FORMAT, "%lld estimators_ for the pairs of %lld classes",
                        (long long)count, (long long)n);
    const crn_object *indices = model->pairwise_indices_;
    if (crn_object_is_none(indices))
        crn_children_lend_features(&model->estimators_, &model->base);
    else if (crn_object_length(indices) != (size_t)count)
        return crn_fail(err, CRN_FORMAT, "pairwise_indices_ is not a list of %lld arrays",
                        (long long)count);
    return CRN_OK;
}

/* What the estimator of pair k sees. */
static crn_value columns_of(const one_vs_one *self, int64_t k, crn_graph *graph, crn_value x)
{
    if (crn_object_is_none(self->pairwise_indices_))
        return x;
    crn_array given = CRN_ARRAY_INIT, indices = CRN_ARRAY_INIT;
    const crn_object *item = crn_object_item(self->pairwise_indices_, (size_t)k);
    crn_value value = CRN_NO_VALUE;
    if (crn_object_to_array(item, &given, &graph->error) == CRN_OK &&
        crn_array_astype(&given, CRN_INT64, &indices, &graph->error) == CRN_OK)
        value = crn_columns(graph, x, indices.data, crn_array_size(&indices));
    crn_array_free(&given);
    crn_array_free(&indices);
    return value;
}

/* (pairs, n): the value that pair (i, j) gives to i and to j. */
static crn_value pair_matrix(crn_graph *graph, int64_t n, double to_i, double to_j)
{
    const int64_t pairs = n * (n - 1) / 2;
    double *matrix = crn_arena_alloc(graph->arena, (size_t)(pairs * n), sizeof *matrix);
    if (matrix == NULL)
        return crn_graph_fail(graph, CRN_NO_MEMORY, "out of memory");
    double *row = matrix;
    for (int64_t i = 0; i < n; i++) {
        for (int64_t j = i + 1; j < n; j++, row += n) {
            row[i] = to_i;
            row[j] = to_j;
        }
    }
    return crn_graph_numbers(graph, CRN_FLOAT64, matrix, pairs * n, n);
}

/* How many pairs class i is the first of: it has their votes until the second gets them. */
static crn_value first_votes(crn_graph *graph, int64_t n)
{
    double *votes = crn_arena_alloc(graph->arena, (size_t)n, sizeof *votes);
    if (votes == NULL)
        return crn_graph_fail(graph, CRN_NO_MEMORY, "out of memory");
    for (int64_t i = 0; i < n; i++)
        votes[i] = (double)(n - 1 - i);
    return crn_graph_numbers(graph, CRN_FLOAT64, votes, n, 0);
}

/* _ovr_decision_function: votes, and the sums of confidences brought between -1/3 and 1/3. */
static crn_value decisions(const one_vs_one *self, crn_graph *graph, crn_value x)
{
    const double one = 1.0;
    const int64_t count = self->estimators_.count, n = self->classes_.shape[0];
    crn_value *seconds = crn_arena_alloc(graph->arena, 2 * (size_t)count, sizeof *seconds);
    if (seconds == NULL)
        return crn_graph_fail(graph, CRN_NO_MEMORY, "out of memory");
    crn_value *confidences = seconds + count;
    for (int64_t k = 0; k < count; k++) {
        const crn_value own = columns_of(self, k, graph, x);
        const crn_value label =
            crn_children_lower(&self->estimators_, k, CRN_PREDICT, graph, own);
        seconds[k] = crn_cast(graph, crn_class_codes(graph, label, 2), CRN_FLOAT64);
        confidences[k] = crn_child_binary_score(self->estimators_.at[k], graph, own);
    }
    const crn_value votes =
        crn_affine(graph, crn_stack(graph, seconds, count), pair_matrix(graph, n, -1.0, 1.0),
                   false, first_votes(graph, n));
    const crn_value sums = crn_affine(graph, crn_stack(graph, confidences, count),
                                      pair_matrix(graph, n, -1.0, 1.0), false, CRN_NO_VALUE);
    const crn_value size =
        crn_binary(graph, crn_unary(graph, sums, CRN_UNARY_ABS),
                   crn_graph_numbers(graph, CRN_FLOAT64, &one, 1, 0), CRN_BINARY_ADD);
    return crn_binary(graph, votes,
                      crn_binary(graph, sums, crn_times(graph, size, 3.0), CRN_BINARY_DIVIDE),
                      CRN_BINARY_ADD);
}

/* Before 1.1 the threshold of two classes was 0 for all estimators. */
static double threshold_of(const one_vs_one *self, const char *sklearn)
{
    if (sklearn != NULL && crn_version_compare(sklearn, "1.1") < 0)
        return 0.0;
    return crn_child_binary_threshold(self->estimators_.at[0]);
}

static crn_value lower(const void *self, crn_method method, crn_graph *graph, crn_value x)
{
    const one_vs_one *model = self;
    const bool binary = model->classes_.shape[0] == 2;
    crn_value y = decisions(model, graph, x);
    if (binary)
        y = crn_one_column(graph, y, 1);
    if (method == CRN_DECISION_FUNCTION)
        return y;
    return crn_take(graph, crn_graph_constant(graph, &model->classes_),
                    binary
                        ? crn_step(graph, y, threshold_of(model, model->base.sklearn_version))
                        : crn_argmax(graph, y));
}

static bool has_method(const void *self, crn_method method)
{
    (void)method;
    return crn_children_have(&((const one_vs_one *)self)->estimators_, CRN_PREDICT);
}

static crn_admitted admits(const void *self, crn_method method)
{
    (void)method;
    return crn_children_admit(&((const one_vs_one *)self)->estimators_);
}

static crn_status write(const void *self, crn_document *document, crn_object *state,
                        const char *sklearn, crn_error *err)
{
    const one_vs_one *model = self;
    const char *own = model->base.sklearn_version;
    (void)document, (void)state;
    if (!model->base.fitted || model->classes_.shape[0] != 2 ||
        threshold_of(model, own) == threshold_of(model, sklearn))
        return CRN_OK;
    return crn_fail(err, CRN_UNSUPPORTED,
                    "scikit-learn %s decides otherwise between two classes of "
                    "OneVsOneClassifier than %s does",
                    sklearn, own != NULL ? own : CRN_SKLEARN_NEWEST);
}

const crn_estimator crn_estimator_OneVsOneClassifier = {
    .name = "OneVsOneClassifier",
    .module = "sklearn.multiclass",
    .modules = "sklearn.multiclass",
    .size = sizeof(one_vs_one),
    .fields = fields,
    .methods = 1u << CRN_PREDICT | 1u << CRN_DECISION_FUNCTION,
    .lower = lower,
    .check = check,
    .has_method = has_method,
    .admits = admits,
    .write = write,
};

/* ---- OutputCodeClassifier ---- */

typedef struct output_code {
    crn_estimator_base base;
    crn_model *estimator;
    double code_size;
    const crn_object *random_state, *n_jobs;
    crn_array classes_;         /* (n_classes) */
    crn_array code_book_;       /* (n_classes, estimators_) */
    crn_model_list estimators_; /* one for each place of a code */
} output_code;

static const crn_field output_code_fields[] = {
    CRN_PARAM(output_code, estimator, MODEL, NULL,
              "has fit and decision_function | has fit and predict_proba"),
    CRN_PARAM(output_code, code_size, REAL, "1.5", "real > 0"),
    CRN_PARAM(output_code, random_state, OBJECT, "None", "random_state"),
    CRN_PARAM(output_code, n_jobs, OBJECT, "None", "int | None"),
    CRN_BASE_FIELDS,
    CRN_FITTED_ARRAY(output_code, classes_, "n_classes"),
    CRN_FITTED_ARRAY(output_code, code_book_, "n_classes, n_estimators"),
    CRN_FITTED(output_code, estimators_, MODELS),
    CRN_FIELDS_END,
};

static crn_status output_code_check(void *self, crn_error *err)
{
    output_code *model = self;
    CRN_TRY(crn_classes_check(&model->classes_, 1, err));
    if (!crn_dtype_is_number(model->code_book_.dtype) ||
        model->code_book_.shape[1] != model->estimators_.count || model->estimators_.count < 1)
        return crn_fail(err, CRN_FORMAT, "code_book_ is not a row of %lld numbers a class",
                        (long long)model->estimators_.count);
    crn_children_lend_features(&model->estimators_, &model->base);
    return CRN_OK;
}

/* The nearest code: the largest of 2 x c - c c. */
static crn_value output_code_lower(const void *self, crn_method method, crn_graph *graph,
                                   crn_value x)
{
    const output_code *model = self;
    const int64_t n = model->classes_.shape[0], width = model->estimators_.count;
    (void)method;
    crn_value *each = crn_arena_alloc(graph->arena, (size_t)width, sizeof *each);
    double *squares = crn_arena_alloc(graph->arena, (size_t)n, sizeof *squares);
    if (each == NULL || squares == NULL)
        return crn_graph_fail(graph, CRN_NO_MEMORY, "out of memory");
    for (int64_t k = 0; k < width; k++)
        each[k] = crn_child_binary_score(model->estimators_.at[k], graph, x);
    for (int64_t i = 0; i < n * width; i++) {
        const double code = crn_array_get(&model->code_book_, i);
        squares[i / width] -= code * code;
    }
    const crn_value twice = crn_times(graph, crn_stack(graph, each, width), 2.0);
    const crn_value nearness =
        crn_affine(graph, twice, crn_constant_float64(graph, &model->code_book_), true,
                   crn_graph_numbers(graph, CRN_FLOAT64, squares, n, 0));
    return crn_take(graph, crn_graph_constant(graph, &model->classes_),
                    crn_argmax(graph, nearness));
}

static bool output_code_has_method(const void *self, crn_method method)
{
    const output_code *model = self;
    (void)method;
    for (int64_t k = 0; k < model->estimators_.count; k++) {
        if (!crn_child_has_binary_score(model->estimators_.at[k]))
            return false;
    }
    return true;
}

static crn_admitted output_code_admits(const void *self, crn_method method)
{
    (void)method;
    return crn_children_admit(&((const output_code *)self)->estimators_);
}

static crn_type output_code_input_type(const void *self, crn_method method)
{
    (void)method;
    return crn_children_input_type(&((const output_code *)self)->estimators_);
}

const crn_estimator crn_estimator_OutputCodeClassifier = {
    .name = "OutputCodeClassifier",
    .module = "sklearn.multiclass",
    .modules = "sklearn.multiclass",
    .size = sizeof(output_code),
    .fields = output_code_fields,
    .methods = 1u << CRN_PREDICT,
    .lower = output_code_lower,
    .check = output_code_check,
    .has_method = output_code_has_method,
    .admits = output_code_admits,
    .input_type = output_code_input_type,
};
