/* SPDX-License-Identifier: BSD-3-Clause */
/* DummyClassifier, as sklearn/dummy.py (1.9), and files back to 0.20: the same answer for every
 * row, or (strategies 'stratified' and 'uniform') what Python draws with the file's random_state.
 * Without one it draws other labels in each call, and there is nothing to answer. */
#include <stdlib.h>
#include <string.h>

#include "format/pickle.h"
#include "ops/all_rows.h"
#include "ops/elementwise.h"
#include "ops/rows.h"
#include "sklearn/random_state.h"

/* What is known of one output. */
typedef struct target {
    crn_array classes; /* (n_classes) */
    crn_array priors;  /* (n_classes) */
    int64_t choice;    /* the class that is answered; -1: drawn at random */
} target;

typedef struct dummy_classifier {
    crn_estimator_base base;
    const char *strategy, *_strategy; /* _strategy: what fit made of it, from 0.22 on */
    const crn_object *random_state, *constant;
    int64_t n_outputs_;
    const crn_object *classes_, *class_prior_; /* an array, or a list of them */
    target *targets;                           /* [n_targets]: the same, read */
    int64_t n_targets;
    bool listed;         /* several outputs, or a column of them: lists */
    bool sparse_output;  /* y was sparse, and what predict gives is, too */
    crn_array constants; /* (n_targets), of strategy 'constant' */
} dummy_classifier;

static const crn_field fields[] = {
    CRN_PARAM(dummy_classifier, strategy, STRING, "'prior'",
              "'constant' | 'most_frequent' | 'prior' | 'stratified' | 'uniform'"),
    CRN_PARAM(dummy_classifier, random_state, OBJECT, "None", "random_state"),
    CRN_PARAM(dummy_classifier, constant, OBJECT, "None", "int | str | array | None"),
    CRN_BASE_FIELDS,
    CRN_FITTED_OPTIONAL(dummy_classifier, _strategy, STRING),
    CRN_FITTED(dummy_classifier, n_outputs_, INT),
    CRN_FITTED(dummy_classifier, classes_, OBJECT),
    CRN_FITTED(dummy_classifier, class_prior_, OBJECT),
    CRN_FIELDS_END,
};

static bool follows(const dummy_classifier *self, const char *strategy)
{
    const char *chosen = self->_strategy != NULL ? self->_strategy : self->strategy;
    return chosen != NULL && strcmp(chosen, strategy) == 0;
}

/* ---- reading ---- */

static crn_status read_target(target *out, const crn_object *classes, const crn_object *priors,
                              crn_error *err)
{
    if (classes == NULL || priors == NULL)
        return crn_fail(err, CRN_FORMAT, "classes_ and class_prior_ do not fit each other");
    CRN_TRY(crn_object_to_array(classes, &out->classes, err));
    return crn_object_to_array(priors, &out->priors, err);
}

static crn_status read(void *self, const crn_object *state, const crn_field_context *context,
                       crn_error *err)
{
    dummy_classifier *model = self;
    const crn_object *classes = crn_object_get(state, "classes_");
    const crn_object *priors = crn_object_get(state, "class_prior_");
    const crn_object *constant = crn_object_get(state, "constant");
    (void)context;
    if (classes == NULL)
        return CRN_OK; /* not fitted */
    model->listed = crn_object_is(classes, CRN_OBJ_LIST);
    const size_t count = model->listed ? crn_object_length(classes) : 1;
    model->targets = crn_calloc(count > 0 ? count : 1, sizeof *model->targets);
    if (model->targets == NULL)
        return crn_no_memory(err);
    model->n_targets = (int64_t)count;
    crn_object_as_bool(crn_object_get(state, "sparse_output_"), &model->sparse_output);
    for (size_t k = 0; k < count; k++)
        CRN_TRY(read_target(&model->targets[k],
                            model->listed ? crn_object_item(classes, k) : classes,
                            model->listed ? crn_object_item(priors, k) : priors, err));
    return follows(model, "constant") && constant != NULL
               ? crn_object_to_array(constant, &model->constants, err)
               : CRN_OK;
}

static void release(void *self)
{
    dummy_classifier *model = self;
    for (int64_t k = 0; k < model->n_targets; k++) {
        crn_array_free(&model->targets[k].classes);
        crn_array_free(&model->targets[k].priors);
    }
    free(model->targets);
    crn_array_free(&model->constants);
}

static int64_t argmax(const crn_array *array)
{
    int64_t best = 0;
    for (int64_t i = 1; i < array->shape[0]; i++) {
        if (crn_array_get(array, i) > crn_array_get(array, best))
            best = i;
    }
    return best;
}

/* The place of constant k among the classes of its output; -1: it is none of them. */
static crn_status find_constant(const dummy_classifier *self, int64_t k, int64_t *out,
                                crn_error *err)
{
    const crn_array *classes = &self->targets[k].classes;
    const bool strings = classes->dtype == CRN_STRING;
    crn_text wanted = CRN_TEXT_INIT, label = CRN_TEXT_INIT;
    crn_status status = CRN_OK;
    *out = -1;
    if (strings != (self->constants.dtype == CRN_STRING))
        return CRN_OK;
    if (strings)
        crn_label_text(&self->constants, k, &wanted);
    for (int64_t i = 0; i < classes->shape[0] && *out < 0; i++) {
        crn_text_clear(&label);
        if (strings)
            crn_label_text(classes, i, &label);
        const bool same =
            strings
                ? wanted.size == label.size && memcmp(wanted.data, label.data, label.size) == 0
                : crn_array_get(classes, i) == crn_array_get(&self->constants, k);
        if (same)
            *out = i;
    }
    if (wanted.status != CRN_OK || label.status != CRN_OK)
        status = crn_no_memory(err);
    crn_text_free(&wanted);
    crn_text_free(&label);
    return status;
}

static crn_status check_target(dummy_classifier *self, int64_t k, crn_error *err)
{
    target *t = &self->targets[k];
    if (t->classes.ndim != 1 || t->priors.ndim != 1 || t->classes.shape[0] < 1 ||
        t->classes.shape[0] != t->priors.shape[0] || !crn_dtype_is_number(t->priors.dtype))
        return crn_fail(err, CRN_FORMAT, "classes_ and class_prior_ do not fit each other");
    t->choice = argmax(&t->priors);
    if (!follows(self, "constant"))
        return CRN_OK;
    if (self->constants.data == NULL || crn_array_size(&self->constants) != self->n_targets)
        return crn_fail(err, CRN_FORMAT, "constant does not have %lld elements",
                        (long long)self->n_targets);
    CRN_TRY(find_constant(self, k, &t->choice, err));
    if (t->choice < 0)
        return crn_fail(err, CRN_FORMAT, "constant is none of the classes");
    return CRN_OK;
}

static crn_status check(void *self, crn_error *err)
{
    dummy_classifier *model = self;
    static const char *const strategies[] = {"most_frequent", "prior", "stratified", "uniform",
                                             "constant"};
    bool known = false;
    for (size_t i = 0; i < sizeof strategies / sizeof *strategies; i++)
        known |= follows(model, strategies[i]);
    if (!known)
        return crn_fail(err, CRN_FORMAT, "strategy is none that DummyClassifier knows");
    if (model->n_targets < 1 || model->n_targets > CRN_MAX_PORTS)
        return crn_fail(err, CRN_LIMIT, "DummyClassifier of %lld outputs is not supported",
                        (long long)model->n_targets);
    for (int64_t k = 0; k < model->n_targets; k++)
        CRN_TRY(check_target(model, k, err));
    return CRN_OK;
}

/* ---- operations ---- */

static crn_value label(const target *t, crn_graph *graph, crn_value x)
{
    const double choice = (double)t->choice;
    crn_value index = crn_graph_numbers(graph, CRN_INT64, &choice, 1, 0);
    crn_value repeated = crn_reshape(graph, crn_repeat(graph, x, index), 0, NULL);
    return crn_take(graph, crn_graph_constant(graph, &t->classes), repeated);
}

/* What draws have to do with strategy 'name', as far as it can be told. */
static crn_status check_draws(const dummy_classifier *self, crn_error *err)
{
    const char *name = follows(self, "uniform") ? "uniform" : "stratified";
    if (crn_object_is_none(self->random_state))
        return crn_fail(err, CRN_UNSUPPORTED,
                        "DummyClassifier with strategy='%s' and random_state=None draws other "
                        "labels in each call, which is not supported",
                        name);
    if (self->sparse_output)
        return crn_fail(err, CRN_UNSUPPORTED,
                        "DummyClassifier with strategy='%s' fitted on a sparse y is not "
                        "supported",
                        name);
    return CRN_OK;
}

/* The classes that are drawn, as ones in the columns of all targets: (rows, sum of n_classes). */
static crn_value draws(const dummy_classifier *self, crn_graph *graph, crn_value x)
{
    double starts[CRN_MAX_PORTS + 1] = {0};
    crn_random_state random;
    if (check_draws(self, &graph->error) != CRN_OK ||
        crn_stored_random_state(self->random_state, &random, &graph->error) != CRN_OK)
        return CRN_NO_VALUE;
    for (int64_t k = 0; k < self->n_targets; k++)
        starts[k + 1] = starts[k] + (double)self->targets[k].classes.shape[0];
    const int64_t n = (int64_t)starts[self->n_targets];
    double *p = crn_arena_alloc(graph->arena, (size_t)n, sizeof *p);
    if (p == NULL)
        return crn_graph_fail(graph, CRN_NO_MEMORY, "no memory for %lld classes", (long long)n);
    for (int64_t k = 0; k < self->n_targets; k++) {
        for (int64_t i = 0; i < self->targets[k].classes.shape[0]; i++)
            p[(int64_t)starts[k] + i] = crn_array_get(&self->targets[k].priors, i);
    }
    return crn_random_choice(
        graph, x, crn_graph_numbers(graph, CRN_FLOAT64, p, n, 0),
        crn_graph_numbers(graph, CRN_INT64, starts, self->n_targets + 1, 0),
        follows(self, "uniform"), &random);
}

/* The columns of target k of the draws. */
static crn_value drawn(const dummy_classifier *self, int64_t k, crn_graph *graph, crn_value all)
{
    const int64_t n = self->targets[k].classes.shape[0];
    int64_t begin = 0;
    int64_t *index = crn_arena_alloc(graph->arena, (size_t)n, sizeof *index);
    if (index == NULL)
        return crn_graph_fail(graph, CRN_NO_MEMORY, "no memory for %lld classes", (long long)n);
    for (int64_t i = 0; i < k; i++)
        begin += self->targets[i].classes.shape[0];
    for (int64_t i = 0; i < n; i++)
        index[i] = begin + i;
    return crn_columns(graph, all, index, n);
}

static bool is_drawn(const dummy_classifier *self)
{
    return follows(self, "stratified") || follows(self, "uniform");
}

/* (rows), or a column for each output. */
static crn_value predict(const dummy_classifier *self, crn_graph *graph, crn_value x)
{
    crn_value columns[CRN_MAX_PORTS];
    const int64_t one = 1;
    crn_value all = is_drawn(self) ? draws(self, graph, x) : CRN_NO_VALUE;
    for (int64_t k = 0; k < self->n_targets; k++) {
        const target *t = &self->targets[k];
        columns[k] = !is_drawn(self) ? label(t, graph, x)
                                     : crn_take(graph, crn_graph_constant(graph, &t->classes),
                                                crn_argmax(graph, drawn(self, k, graph, all)));
        if (!self->listed)
            return columns[k];
        columns[k] = crn_reshape(graph, columns[k], 1, &one);
    }
    return crn_concat(graph, columns, (int)self->n_targets, 0);
}

static crn_value probabilities(const dummy_classifier *self, const target *t, crn_graph *graph,
                               crn_value x)
{
    const int64_t n = t->classes.shape[0];
    double *p = crn_arena_alloc(graph->arena, (size_t)n, sizeof *p);
    if (p == NULL)
        return crn_graph_fail(graph, CRN_NO_MEMORY, "no memory for %lld classes", (long long)n);
    for (int64_t i = 0; i < n; i++)
        p[i] = follows(self, "prior")     ? crn_array_get(&t->priors, i)
               : follows(self, "uniform") ? 1.0 / (double)n
                                          : (double)(i == t->choice);
    return crn_repeat(graph, x, crn_graph_numbers(graph, CRN_FLOAT64, p, n, 0));
}

static int lower_many(const void *self, crn_method method, crn_graph *graph, crn_value x,
                      crn_value *out)
{
    const dummy_classifier *model = self;
    if (method == CRN_PREDICT) {
        out[0] = predict(model, graph, x);
        return out[0] == CRN_NO_VALUE ? -1 : 1;
    }
    const bool random = follows(model, "stratified");
    crn_value all = random ? draws(model, graph, x) : CRN_NO_VALUE;
    for (int64_t k = 0; k < model->n_targets; k++) {
        out[k] = random ? drawn(model, k, graph, all)
                        : probabilities(model, &model->targets[k], graph, x);
        if (method == CRN_PREDICT_LOG_PROBA)
            out[k] = crn_unary(graph, out[k], CRN_UNARY_LOG);
        if (out[k] == CRN_NO_VALUE)
            return -1;
    }
    return (int)model->n_targets;
}

static crn_admitted admits(const void *self, crn_method method)
{
    (void)self, (void)method;
    return CRN_ADMITS_ALL;
}

static bool classes(const void *self, crn_array *out)
{
    const dummy_classifier *model = self;
    if (model->listed)
        return false;
    *out = model->targets[0].classes;
    return true;
}

/* _strategy came with 0.22. */
static crn_status write(const void *self, crn_document *document, crn_object *state,
                        const char *sklearn, crn_error *err)
{
    const dummy_classifier *model = self;
    (void)sklearn;
    if (!model->base.fitted || model->_strategy != NULL || model->strategy == NULL)
        return CRN_OK;
    return crn_object_set(document, state, "_strategy",
                          crn_object_str(document, model->strategy))
               ? CRN_OK
               : crn_arena_fail(document->arena, err);
}

const crn_estimator crn_estimator_DummyClassifier = {
    .name = "DummyClassifier",
    .module = "sklearn.dummy",
    .modules = "sklearn.dummy",
    .size = sizeof(dummy_classifier),
    .fields = fields,
    .methods = 1u << CRN_PREDICT | 1u << CRN_PREDICT_PROBA | 1u << CRN_PREDICT_LOG_PROBA,
    .flags = CRN_NEEDS_Y | CRN_TAKES_WEIGHT,
    .lower_many = lower_many,
    .check = check,
    .admits = admits,
    .classes = classes,
    .read = read,
    .write = write,
    .release = release,
};
