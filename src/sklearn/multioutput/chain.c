/* SPDX-License-Identifier: BSD-3-Clause */
/* ClassifierChain and RegressorChain, as sklearn/multioutput.py (1.9), and the files of
 * versions back to 0.20: an estimator for each target, which sees what those before it
 * answered. */
#include <stdlib.h>

#include "ops/elementwise.h"
#include "ops/rows.h"
#include "sklearn/children.h"

typedef struct chain {
    crn_estimator_base base;
    crn_model *estimator;
    const crn_object *order, *cv, *chain_method, *random_state;
    bool verbose;
    crn_array order_;           /* (targets): the target of each estimator */
    crn_model_list estimators_; /* [targets] */
    const char *chain_method_;
} chain;

/* clang-format off */
#define ESTIMATOR                                                                             \
    {.name = "estimator", .type = CRN_FIELD_MODEL, .flags = CRN_FIELD_PARAM,                  \
     .offset = offsetof(chain, estimator), .constraint = "has fit and predict",               \
     .since = "1.7", .old_names = "base_estimator"}
#define ORDER CRN_PARAM(chain, order, OBJECT, "None", "array | 'random' | None")
#define CV CRN_PARAM(chain, cv, OBJECT, "None", "cv | 'prefit'")
#define RANDOM_STATE CRN_PARAM(chain, random_state, OBJECT, "None", "random_state")
#define VERBOSE CRN_PARAM_SINCE(chain, verbose, BOOL, "False", NULL, "1.2", NULL)
/* clang-format on */

static const crn_field classifier_fields[] = {
    ESTIMATOR,
    ORDER,
    CV,
    CRN_PARAM_SINCE(chain, chain_method, OBJECT, "'predict'",
                    "list | tuple | 'decision_function' | 'predict' | 'predict_log_proba' | "
                    "'predict_proba'",
                    "1.5", NULL),
    RANDOM_STATE,
    VERBOSE,
    CRN_BASE_FIELDS,
    CRN_FITTED_ARRAY(chain, order_, NULL),
    CRN_FITTED(chain, estimators_, MODELS),
    {.name = "chain_method_",
     .type = CRN_FIELD_STRING,
     .flags = CRN_FIELD_FITTED | CRN_FIELD_OPTIONAL,
     .offset = offsetof(chain, chain_method_),
     .dflt = "'predict'",
     .since = "1.5"},
    CRN_FIELDS_END,
};

static const crn_field regressor_fields[] = {
    ESTIMATOR,
    ORDER,
    CV,
    RANDOM_STATE,
    VERBOSE,
    CRN_BASE_FIELDS,
    CRN_FITTED_ARRAY(chain, order_, NULL),
    CRN_FITTED(chain, estimators_, MODELS),
    CRN_FIELDS_END,
};

/* order_ puts each target in one place. */
static crn_status check_order(const chain *self, crn_error *err)
{
    const int64_t n = self->estimators_.count;
    if (self->order_.ndim != 1 || !crn_dtype_is_integer(self->order_.dtype) ||
        self->order_.shape[0] != n || n < 1)
        return crn_fail(err, CRN_FORMAT, "order_ is not a list of %lld targets", (long long)n);
    bool *seen = crn_calloc((size_t)n, sizeof *seen);
    if (seen == NULL)
        return crn_no_memory(err);
    bool good = true;
    for (int64_t i = 0; i < n && good; i++) {
        const double target = crn_array_get(&self->order_, i);
        good = target >= 0 && target < (double)n && !seen[(int64_t)target];
        if (good)
            seen[(int64_t)target] = true;
    }
    free(seen);
    return good ? CRN_OK : crn_fail(err, CRN_FORMAT, "order_ is no order of the targets");
}

static crn_status check(void *self, crn_error *err)
{
    chain *model = self;
    crn_method method;
    if (model->base.n_features_in_ < 0)
        crn_child_lend_features(model->estimators_.count > 0 ? model->estimators_.at[0] : NULL,
                                &model->base);
    if (model->chain_method_ != NULL && !crn_method_find(model->chain_method_, &method))
        return crn_fail(err, CRN_FORMAT, "chain_method_ is no method");
    return check_order(model, err);
}

/* What the next estimators see. */
static crn_method chain_method(const chain *self)
{
    crn_method method = CRN_PREDICT;
    if (self->chain_method_ != NULL)
        (void)crn_method_find(self->chain_method_, &method);
    return method;
}

/* One number a row: of probabilities, the second class's. */
static crn_value respond(const chain *self, int64_t i, crn_method method, crn_graph *graph,
                         crn_value x)
{
    const crn_value value = crn_children_lower(&self->estimators_, i, method, graph, x);
    if (method == CRN_PREDICT_PROBA || method == CRN_PREDICT_LOG_PROBA)
        return crn_one_column(graph, value, 1);
    return crn_as_vector(graph, crn_cast(graph, value, CRN_FLOAT64));
}

/* The answers in the order of the targets. */
static crn_value in_order(const chain *self, crn_graph *graph, const crn_value *answers)
{
    const int64_t n = self->estimators_.count;
    crn_value *targets = crn_arena_alloc(graph->arena, (size_t)n, sizeof *targets);
    if (targets == NULL)
        return crn_graph_fail(graph, CRN_NO_MEMORY, "out of memory");
    for (int64_t i = 0; i < n; i++)
        targets[(int64_t)crn_array_get(&self->order_, i)] = answers[i];
    return crn_stack(graph, targets, n);
}

static crn_value run(const chain *self, crn_method method, crn_graph *graph, crn_value x)
{
    const int64_t n = self->estimators_.count;
    const crn_method between = chain_method(self);
    crn_value *answers = crn_arena_alloc(graph->arena, 2 * (size_t)n + 1, sizeof *answers);
    if (answers == NULL)
        return crn_graph_fail(graph, CRN_NO_MEMORY, "out of memory");
    crn_value *seen = answers + n; /* x, then a column for each estimator before */
    seen[0] = x;
    for (int64_t i = 0; i < n; i++) {
        const crn_value wider = crn_concat(graph, seen, (int)i + 1, -1);
        answers[i] = respond(self, i, method, graph, wider);
        const crn_value next = between == method || i == n - 1
                                   ? answers[i]
                                   : respond(self, i, between, graph, wider);
        seen[i + 1] = crn_as_column(graph, next);
    }
    return in_order(self, graph, answers);
}

static crn_value lower(const void *self, crn_method method, crn_graph *graph, crn_value x)
{
    if (method == CRN_PREDICT_LOG_PROBA)
        return crn_unary(graph, run(self, CRN_PREDICT_PROBA, graph, x), CRN_UNARY_LOG);
    return run(self, method, graph, x);
}

static bool has_method(const void *self, crn_method method)
{
    const chain *model = self;
    const crn_method own = method == CRN_PREDICT_LOG_PROBA ? CRN_PREDICT_PROBA : method;
    return crn_children_have(&model->estimators_, own) &&
           crn_children_have(&model->estimators_, chain_method(model));
}

static crn_status write(const void *self, crn_document *document, crn_object *state,
                        const char *sklearn, crn_error *err)
{
    (void)self;
    return crn_write_deprecated(document, state, sklearn, "base_estimator", "1.7", "1.9", err);
}

const crn_estimator crn_estimator_ClassifierChain = {
    .name = "ClassifierChain",
    .module = "sklearn.multioutput",
    .modules = "sklearn.multioutput",
    .size = sizeof(chain),
    .fields = classifier_fields,
    .methods = 1u << CRN_PREDICT | 1u << CRN_PREDICT_PROBA | 1u << CRN_PREDICT_LOG_PROBA |
               1u << CRN_DECISION_FUNCTION,
    .lower = lower,
    .check = check,
    .has_method = has_method,
    .write = write,
};

const crn_estimator crn_estimator_RegressorChain = {
    .name = "RegressorChain",
    .module = "sklearn.multioutput",
    .modules = "sklearn.multioutput",
    .size = sizeof(chain),
    .fields = regressor_fields,
    .methods = 1u << CRN_PREDICT,
    .lower = lower,
    .check = check,
    .has_method = has_method,
    .write = write,
};
