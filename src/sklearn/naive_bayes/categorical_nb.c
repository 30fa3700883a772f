/* SPDX-License-Identifier: BSD-3-Clause */
/* CategoricalNB, as sklearn/naive_bayes.py (1.9), and the files of versions back to 0.22. */
#include <stdlib.h>

#include "ops/elementwise.h"
#include "ops/likelihood.h"
#include "sklearn/fitted.h"
#include "sklearn/naive_bayes/naive_bayes.h"

typedef struct categorical_nb {
    crn_estimator_base base;
    double alpha;
    const crn_object *force_alpha;
    bool fit_prior;
    const crn_object *class_prior;
    const crn_object *min_categories;
    crn_array classes_;
    const crn_object *feature_log_prob_; /* [n_features] of (n_classes, n_categories) */
    crn_array class_log_prior_;          /* (n_classes) */
} categorical_nb;

static const crn_field fields[] = {
    CRN_PARAM(categorical_nb, alpha, REAL, "1.0", "real >= 0"),
    CRN_PARAM_FOR_FIT_SINCE(categorical_nb, force_alpha, OBJECT, "True", "bool", "1.2", NULL),
    CRN_PARAM(categorical_nb, fit_prior, BOOL, "True", NULL),
    CRN_PARAM(categorical_nb, class_prior, OBJECT, "None", "array | None"),
    CRN_PARAM_FOR_FIT_SINCE(categorical_nb, min_categories, OBJECT, "None",
                            "None | array | int >= 1", "0.24", NULL),
    CRN_BASE_FIELDS,
    CRN_FITTED_ARRAY(categorical_nb, classes_, "classes"),
    CRN_FITTED(categorical_nb, feature_log_prob_, OBJECT),
    CRN_FITTED_ARRAY(categorical_nb, class_log_prior_, "classes"),
    CRN_FIELDS_END,
};

static crn_status check(void *self, crn_error *err)
{
    categorical_nb *model = self;
    CRN_TRY(crn_fitted_classes(&model->classes_, err));
    const int64_t classes = model->classes_.shape[0];
    CRN_TRY(crn_fitted_vector(&model->class_log_prior_, "class_log_prior_", classes, err));
    const int64_t features = (int64_t)crn_object_length(model->feature_log_prob_);
    CRN_TRY(crn_fitted_features(&model->base, "feature_log_prob_", features, err));
    for (int64_t j = 0; j < features; j++) {
        const crn_array table = crn_fitted_item(model->feature_log_prob_, j);
        CRN_TRY(crn_fitted_matrix(&table, "feature_log_prob_", classes, -1, err));
    }
    return CRN_OK;
}

/* Where each feature's categories begin in the joined table; returns their number. */
static int64_t count_categories(const categorical_nb *self, double *offsets)
{
    int64_t total = 0;
    for (int64_t j = 0; j < self->base.n_features_in_; j++) {
        offsets[j] = (double)total;
        total += crn_fitted_item(self->feature_log_prob_, j).shape[1];
    }
    offsets[self->base.n_features_in_] = (double)total;
    return total;
}

/* The transposed tables of the features, one below the other: (categories, classes). */
static void join_tables(const categorical_nb *self, double *out)
{
    const int64_t classes = self->classes_.shape[0];
    for (int64_t j = 0; j < self->base.n_features_in_; j++) {
        const crn_array table = crn_fitted_item(self->feature_log_prob_, j);
        for (int64_t i = 0; i < table.shape[1]; i++) {
            for (int64_t c = 0; c < classes; c++)
                *out++ = crn_array_get(&table, c * table.shape[1] + i);
        }
    }
}

static crn_value joint_log_likelihood(const categorical_nb *self, crn_graph *graph, crn_value x,
                                      double *offsets)
{
    const int64_t classes = self->classes_.shape[0], features = self->base.n_features_in_;
    const int64_t categories = count_categories(self, offsets);
    double *table = crn_calloc((size_t)(categories * classes), sizeof *table);
    if (table == NULL)
        return crn_graph_fail(graph, CRN_NO_MEMORY, "out of memory");
    join_tables(self, table);
    crn_value sum = crn_category_sum(
        graph, x, crn_graph_numbers(graph, CRN_INT64, offsets, features + 1, 0),
        crn_graph_numbers(graph, CRN_FLOAT64, table, categories * classes, classes));
    free(table);
    return crn_binary(graph, sum, crn_constant_float64(graph, &self->class_log_prior_),
                      CRN_BINARY_ADD);
}

static crn_value lower(const void *self, crn_method method, crn_graph *graph, crn_value x)
{
    const categorical_nb *model = self;
    double *offsets = crn_calloc((size_t)model->base.n_features_in_ + 1, sizeof *offsets);
    crn_value joint = offsets != NULL ? joint_log_likelihood(model, graph, x, offsets)
                                      : crn_graph_fail(graph, CRN_NO_MEMORY, "out of memory");
    free(offsets);
    return crn_naive_bayes_answer(graph, method, joint, &model->classes_);
}

/* Versions before 1.0 loop over n_features_. */
static crn_status write(const void *self, crn_document *document, crn_object *state,
                        const char *sklearn, crn_error *err)
{
    const categorical_nb *model = self;
    const bool counts = model->base.fitted && crn_version_compare(sklearn, "1.0") < 0;
    if (counts && !crn_object_set(document, state, "n_features_",
                                  crn_object_int(document, model->base.n_features_in_)))
        return crn_arena_fail(document->arena, err);
    return crn_naive_bayes_write(document, state, sklearn, err);
}

const crn_estimator crn_estimator_CategoricalNB = {
    .name = "CategoricalNB",
    .module = "sklearn.naive_bayes",
    .modules = "sklearn.naive_bayes",
    .size = sizeof(categorical_nb),
    .fields = fields,
    .methods = CRN_NAIVE_BAYES_METHODS,
    .lower = lower,
    .check = check,
    .write = write,
};
