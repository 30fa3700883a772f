/* SPDX-License-Identifier: BSD-3-Clause */
/* Models side by side: the mean of their numbers, or the class that most of them predict, as
 * sklearn/ensemble/_voting.py (1.9) with voting='soft' and 'hard'. */
#include <stdlib.h>
#include <string.h>

#include "model/steps.h"
#include "ops/elementwise.h"
#include "ops/rows.h"

typedef struct combination {
    crn_steps models;
    crn_combination how;
} combination;

static const combination *combination_of(const crn_model *model)
{
    return model->self;
}

static bool classes_of(const crn_model *model, crn_array *out)
{
    return model->type->classes != NULL && model->type->classes(model, out);
}

/* ---- classes ---- */

static bool same_classes(const crn_array *a, const crn_array *b)
{
    crn_text left = CRN_TEXT_INIT, right = CRN_TEXT_INIT;
    bool same = a->ndim == 1 && b->ndim == 1 && a->shape[0] == b->shape[0] &&
                (a->dtype == CRN_STRING) == (b->dtype == CRN_STRING);
    for (int64_t i = 0; same && i < a->shape[0]; i++) {
        crn_text_clear(&left);
        crn_text_clear(&right);
        crn_label_text(a, i, &left);
        crn_label_text(b, i, &right);
        same = left.status == CRN_OK && right.status == CRN_OK && left.size == right.size &&
               (left.size == 0 || memcmp(left.data, right.data, left.size) == 0);
    }
    crn_text_free(&left);
    crn_text_free(&right);
    return same;
}

/* The classes that all classifiers have; false when none of the models is one. */
static bool common_classes(const combination *self, crn_array *out)
{
    for (int i = 0; i < self->models.count; i++) {
        if (classes_of(self->models.models[i], out))
            return true;
    }
    return false;
}

static crn_status check_classes(const combination *self, crn_error *err)
{
    crn_array first, classes;
    if (!common_classes(self, &first))
        return CRN_OK;
    for (int i = 0; i < self->models.count; i++) {
        if (classes_of(self->models.models[i], &classes) && !same_classes(&first, &classes))
            return crn_fail(err, CRN_SHAPE,
                            "model %d (%s) has other classes than those before it", i,
                            self->models.models[i]->type->class_name(self->models.models[i]));
    }
    return CRN_OK;
}

/* ---- asking ---- */

static void destroy(crn_model *model)
{
    combination *self = model->self;
    crn_steps_release(&self->models, true);
    free(self);
}

static const char *class_name(const crn_model *model)
{
    (void)model;
    return "Combination";
}

/* What a model is asked so that the combination can answer `method`. */
static crn_method asked_of(const combination *self, const crn_model *model, crn_method method)
{
    crn_array classes;
    bool probabilities = self->how == CRN_COMBINE_MEAN && classes_of(model, &classes);
    return method == CRN_PREDICT && probabilities ? CRN_PREDICT_PROBA : CRN_PREDICT;
}

static bool has_method(const crn_model *model, crn_method method)
{
    const combination *self = combination_of(model);
    crn_array classes;
    bool mean_of_classes = self->how == CRN_COMBINE_MEAN && common_classes(self, &classes);
    if (method != CRN_PREDICT && !(method == CRN_PREDICT_PROBA && mean_of_classes))
        return false;
    for (int i = 0; i < self->models.count; i++) {
        const crn_model *one = self->models.models[i];
        if (!one->type->has_method(one, asked_of(self, one, CRN_PREDICT)))
            return false;
    }
    return true;
}

/* The inputs of the first model; of the wider type where the models compute in different ones.
 */
static int inputs(const crn_model *model, crn_method method, crn_port *out)
{
    const combination *self = combination_of(model);
    (void)method;
    const crn_model *first = self->models.models[0];
    int count = first->type->inputs(first, asked_of(self, first, CRN_PREDICT), out);
    for (int i = 1; i < self->models.count; i++) {
        crn_port ports[CRN_MAX_PORTS];
        const crn_model *one = self->models.models[i];
        int more = one->type->inputs(one, asked_of(self, one, CRN_PREDICT), ports);
        for (int k = 0; k < count && k < more; k++) {
            if (ports[k].admits > out[k].admits)
                out[k].admits = ports[k].admits;
            if (out[k].type.dtype == ports[k].type.dtype)
                continue;
            out[k].type.dtype = CRN_FLOAT64;
            out[k].type.itemsize = (int64_t)sizeof(double);
        }
    }
    return count;
}

/* ---- lowering ---- */

static crn_value fail(const combination *self, crn_graph *graph, int i, const char *what)
{
    const crn_model *one = self->models.models[i];
    return crn_graph_fail(graph, CRN_UNSUPPORTED, "model %d (%s) %s", i,
                          one->type->class_name(one), what);
}

/* The answer of model i as numbers: (rows, n) float64. */
static crn_value lower_one(const combination *self, int i, crn_graph *graph,
                           const crn_value *in, int n_in)
{
    crn_value out[CRN_MAX_PORTS];
    crn_method method = asked_of(self, self->models.models[i], CRN_PREDICT);
    if (crn_steps_lower(&self->models, i, method, graph, in, n_in, out) != 1)
        return fail(self, graph, i, "gives several outputs, which cannot be combined");
    return out[0];
}

static crn_value lower_mean(const combination *self, crn_graph *graph, const crn_value *in,
                            int n_in)
{
    crn_value sum = CRN_NO_VALUE;
    const double part = 1.0 / self->models.count;
    bool same = true;
    for (int i = 0; i < self->models.count; i++) {
        crn_value one = lower_one(self, i, graph, in, n_in);
        if (!crn_dtype_is_float(crn_graph_type(graph, one)->dtype))
            return fail(self, graph, i, "gives labels, of which there is no mean");
        one = crn_cast(graph, one, CRN_FLOAT64);
        same = sum == CRN_NO_VALUE ||
               crn_type_equal(crn_graph_type(graph, sum), crn_graph_type(graph, one));
        if (!same)
            return crn_graph_fail(
                graph, CRN_SHAPE,
                "model %d (%s) gives another number of outputs than "
                "those before it",
                i, self->models.models[i]->type->class_name(self->models.models[i]));
        sum = sum == CRN_NO_VALUE ? one : crn_binary(graph, sum, one, CRN_BINARY_ADD);
    }
    return crn_binary(graph, sum, crn_graph_numbers(graph, CRN_FLOAT64, &part, 1, 0),
                      CRN_BINARY_MULTIPLY);
}

/* The index behind a label: a classifier's predict is lowered to crn_take(classes, index). */
static crn_value index_of_label(const crn_graph *graph, crn_value label)
{
    if (label < 0 || graph->values[label].role != CRN_VALUE_NODE)
        return CRN_NO_VALUE;
    const crn_graph_node *node = &graph->nodes[graph->values[label].node];
    return node->op == &crn_op_take ? node->in[1] : CRN_NO_VALUE;
}

/* A network's vote: the largest of n outputs; one output is the probability of the second
 * class. */
static crn_value vote_of_outputs(const combination *self, int i, crn_graph *graph,
                                 crn_value outputs, int64_t classes)
{
    const crn_type *type = crn_graph_type(graph, outputs);
    if (!crn_dtype_is_float(type->dtype) || type->ndim != 1)
        return fail(self, graph, i, "is no classifier");
    if (type->shape[0] == 1 && classes == 2) {
        const int64_t scalar[1] = {0};
        return crn_step(graph, crn_reshape(graph, outputs, 0, scalar), 0.5);
    }
    if (type->shape[0] != classes)
        return fail(self, graph, i, "does not have one output for each class");
    return crn_argmax(graph, outputs);
}

/* Number of classes when there are only networks: the outputs of the first. */
static int64_t class_count(const combination *self, const crn_graph *graph, crn_value first)
{
    crn_array classes;
    if (common_classes(self, &classes))
        return classes.shape[0];
    const crn_type *type = crn_graph_type(graph, first);
    return type->ndim != 1 ? 0 : type->shape[0] == 1 ? 2 : type->shape[0];
}

static crn_value lower_vote(const combination *self, crn_graph *graph, const crn_value *in,
                            int n_in)
{
    crn_array classes;
    const size_t size = (size_t)self->models.count;
    crn_value *votes = crn_calloc(size, sizeof *votes);
    if (votes == NULL)
        return crn_graph_fail(graph, CRN_NO_MEMORY, "out of memory");
    int64_t count = 0;
    for (int i = 0; i < self->models.count; i++) {
        crn_value answer = lower_one(self, i, graph, in, n_in);
        count = i == 0 ? class_count(self, graph, answer) : count;
        if (classes_of(self->models.models[i], &classes))
            votes[i] = index_of_label(graph, answer);
        else
            votes[i] = vote_of_outputs(self, i, graph, answer, count);
        if (votes[i] == CRN_NO_VALUE)
            fail(self, graph, i, "does not say by which index it chose");
    }
    crn_value winner = crn_vote(graph, votes, self->models.count, count);
    free(votes);
    if (!common_classes(self, &classes))
        return winner;
    return crn_take(graph, crn_graph_constant(graph, &classes), winner);
}

static int lower(const crn_model *model, crn_method method, crn_graph *graph,
                 const crn_value *in, crn_value *out)
{
    const combination *self = combination_of(model);
    crn_port ports[CRN_MAX_PORTS];
    crn_array classes;
    int n_in = inputs(model, method, ports);
    if (self->how == CRN_COMBINE_VOTE) {
        out[0] = lower_vote(self, graph, in, n_in);
        return out[0] == CRN_NO_VALUE ? -1 : 1;
    }
    out[0] = lower_mean(self, graph, in, n_in);
    if (method == CRN_PREDICT && common_classes(self, &classes))
        out[0] =
            crn_take(graph, crn_graph_constant(graph, &classes), crn_argmax(graph, out[0]));
    return out[0] == CRN_NO_VALUE ? -1 : 1;
}

/* ---- the rest ---- */

static crn_object *objects(const crn_model *model, crn_document *document, crn_error *err)
{
    return crn_steps_objects(&combination_of(model)->models, document, err);
}

static crn_status inspect(const crn_model *model, crn_inspection what, crn_text *out,
                          crn_error *err)
{
    return crn_steps_inspect(&combination_of(model)->models, "Combination", what, out, err);
}

static crn_status get(const crn_model *model, const char *path, crn_array *out, crn_error *err)
{
    return crn_steps_get(&combination_of(model)->models, path, out, err);
}

static const char *feature_name(const crn_model *model, int64_t i)
{
    return crn_model_feature_name(combination_of(model)->models.models[0], i);
}

static bool classes(const crn_model *model, crn_array *out)
{
    return common_classes(combination_of(model), out);
}

static int step_count(const crn_model *model)
{
    return combination_of(model)->models.count;
}

static const crn_model *step(const crn_model *model, int i)
{
    return combination_of(model)->models.models[i];
}

/* All on the same rows, one after the other. */
static crn_status fit(crn_model *model, const crn_data *data, const crn_fit_options *options,
                      crn_history *history, crn_error *err)
{
    const combination *self = combination_of(model);
    for (int i = 0; i < self->models.count; i++) {
        crn_model *one = self->models.models[i];
        const crn_fit_options own = crn_steps_fit_options(one, options);
        crn_status status = one->type->fit != NULL
                                ? one->type->fit(one, data, &own, history, err)
                                : crn_fail(err, CRN_UNSUPPORTED, "%s cannot be fitted",
                                           one->type->class_name(one));
        if (status != CRN_OK) {
            crn_where(err, "steps[%d]", i);
            return status;
        }
        one->untouched = false;
    }
    return check_classes(self, err);
}

static const crn_model_type combination_type = {
    .family = "cornichon",
    .destroy = destroy,
    .class_name = class_name,
    .has_method = has_method,
    .inputs = inputs,
    .lower = lower,
    .inspect = inspect,
    .objects = objects,
    .fit = fit,
    .get = get,
    .feature_name = feature_name,
    .classes = classes,
    .step_count = step_count,
    .step = step,
};

static bool same_shape(const crn_type *a, const crn_type *b)
{
    bool same = a->ndim == b->ndim;
    for (int32_t axis = 0; same && axis < a->ndim; axis++)
        same = a->shape[axis] < 0 || b->shape[axis] < 0 || a->shape[axis] == b->shape[axis];
    return same;
}

/* All models take the same rows. */
static crn_status check_inputs(const combination *self, crn_error *err)
{
    crn_port first[CRN_MAX_PORTS], ports[CRN_MAX_PORTS];
    const crn_model *model = self->models.models[0];
    int count = model->type->inputs(model, asked_of(self, model, CRN_PREDICT), first);
    for (int i = 1; i < self->models.count; i++) {
        const crn_model *one = self->models.models[i];
        bool same = one->type->inputs(one, asked_of(self, one, CRN_PREDICT), ports) == count;
        for (int k = 0; same && k < count; k++)
            same = same_shape(&first[k].type, &ports[k].type);
        if (!same)
            return crn_fail(err, CRN_SHAPE,
                            "model %d (%s) takes other inputs than model 0 (%s)", i,
                            one->type->class_name(one), model->type->class_name(model));
    }
    return CRN_OK;
}

/* Lowers once, so that what cannot be combined is known now. Models that are not fitted yet are
 * fine. */
static crn_status check_answers(const crn_model *model, crn_error *err)
{
    crn_graph *graph = NULL;
    crn_port ports[CRN_MAX_PORTS];
    crn_value in[CRN_MAX_PORTS], out[CRN_MAX_PORTS];
    if (!has_method(model, CRN_PREDICT) || crn_model_features(model) < 0)
        return CRN_OK;
    CRN_TRY(crn_graph_create(&graph, err));
    int count = inputs(model, CRN_PREDICT, ports);
    for (int k = 0; k < count; k++)
        in[k] = crn_graph_input(graph, ports[k].name, &ports[k].type);
    lower(model, CRN_PREDICT, graph, in, out);
    crn_status status = crn_graph_status(graph, err);
    crn_graph_destroy(graph);
    return status;
}

crn_status crn_combination_create(crn_model *const *models, int count, crn_combination how,
                                  crn_model **out, crn_error *err)
{
    CRN_TRY(crn_steps_check(models, count, "model", err));
    if (how != CRN_COMBINE_MEAN && how != CRN_COMBINE_VOTE)
        return crn_fail(err, CRN_ARGUMENT, "there is no combination number %d", (int)how);
    combination *self = crn_calloc(1, sizeof *self);
    if (self == NULL)
        return crn_no_memory(err);
    self->how = how;
    crn_status status = CRN_OK;
    crn_model frame = {.type = &combination_type, .self = self};
    CRN_TRY_OR_DONE(crn_steps_take(&self->models, models, count, "model", err));
    CRN_TRY_OR_DONE(check_inputs(self, err));
    CRN_TRY_OR_DONE(check_classes(self, err));
    CRN_TRY_OR_DONE(check_answers(&frame, err));
    CRN_TRY_OR_DONE(crn_model_create(&combination_type, self, NULL, out, err));
done:
    if (status != CRN_OK) {
        crn_steps_release(&self->models, false);
        free(self);
    }
    return status;
}
