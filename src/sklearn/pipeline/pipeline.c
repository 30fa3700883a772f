/* SPDX-License-Identifier: BSD-3-Clause */
/* Pipeline, as sklearn/pipeline.py (1.9): named steps, each fed with the output of the one
 * before. */
#include <stdlib.h>
#include <string.h>

#include "model/expression.h"
#include "sklearn/pipeline/pipeline.h"

static const crn_field fields[] = {
    CRN_PARAM_SINCE(pipeline, transform_input, OBJECT, "None", "list | None", "1.6", NULL),
    CRN_PARAM(pipeline, memory, OBJECT, "None", "None | str | has cache"),
    CRN_PARAM(pipeline, verbose, BOOL, "False", NULL),
    CRN_FIELDS_END,
};

/* ---- steps ---- */

static crn_status make_room(pipeline *self, size_t count, crn_document *document,
                            crn_error *err)
{
    if (count == 0)
        return crn_fail(err, CRN_ARGUMENT, "The pipeline is empty. Please add steps.");
    if (count > 1000)
        return crn_fail(err, CRN_LIMIT, "a Pipeline of %zu steps; at most 1000 are taken",
                        count);
    self->names = crn_calloc(count, sizeof *self->names);
    self->models = crn_calloc(count, sizeof *self->models);
    if (self->names == NULL || self->models == NULL)
        return crn_no_memory(err);
    self->document = crn_document_retain(document);
    return CRN_OK;
}

static bool is_passthrough(const crn_object *step)
{
    return crn_object_is_none(step) || crn_object_is_str(step, "passthrough");
}

typedef crn_status make_model(const crn_object *object, crn_document *document, crn_model **out,
                              crn_error *err);

/* Appends the step that a (name, estimator) tuple says. */
static crn_status add_step(pipeline *self, const char *name, const crn_object *step,
                           make_model *make, crn_error *err)
{
    if (name == NULL)
        return crn_fail(err, CRN_FORMAT, "a step has no name");
    crn_model *model = NULL;
    if (!is_passthrough(step)) {
        crn_status status = make(step, self->document, &model, err);
        if (status != CRN_OK) {
            crn_where(err, "steps[%d]", self->count);
            return status;
        }
    }
    self->names[self->count] = name;
    self->models[self->count++] = model;
    return CRN_OK;
}

static crn_status add_steps(pipeline *self, const crn_object *steps, make_model *make,
                            crn_document *document, crn_error *err)
{
    if (!crn_object_is(steps, CRN_OBJ_LIST) && !crn_object_is(steps, CRN_OBJ_TUPLE))
        return crn_fail(err, CRN_ARGUMENT,
                        "The 'steps' parameter of Pipeline must be an instance of 'list'.");
    const size_t count = crn_object_length(steps);
    CRN_TRY(make_room(self, count, document, err));
    for (size_t i = 0; i < count; i++) {
        const crn_object *pair = crn_object_item(steps, i);
        if (crn_object_length(pair) != 2 || crn_object_is(pair, CRN_OBJ_DICT))
            return crn_fail(err, CRN_ARGUMENT, "steps[%zu] is not a (name, estimator) pair", i);
        CRN_TRY(add_step(self, crn_object_text(crn_object_item(pair, 0)),
                         crn_object_item(pair, 1), make, err));
    }
    return CRN_OK;
}

/* ---- from a file, from text ---- */

static crn_status read_object(const crn_object *object, crn_document *document, crn_model **out,
                              crn_error *err)
{
    return crn_sklearn_read(object, document, out, err);
}

/* A pipeline is fitted when all its steps are. */
static bool steps_are_fitted(const pipeline *self)
{
    for (int i = 0; i < self->count; i++) {
        const crn_estimator_base *step =
            self->models[i] ? crn_model_estimator(self->models[i]) : NULL;
        if (step != NULL && !step->fitted)
            return false;
    }
    return self->count > 0;
}

void crn_pipeline_note_features(pipeline *self)
{
    for (int i = 0; i < self->count; i++) {
        const crn_estimator_base *step =
            self->models[i] ? crn_model_estimator(self->models[i]) : NULL;
        if (step == NULL)
            continue;
        self->base.n_features_in_ = step->n_features_in_;
        self->base.feature_names = step->feature_names;
        return;
    }
}

static crn_status read(void *self, const crn_object *state, const crn_field_context *context,
                       crn_error *err)
{
    pipeline *pipe = self;
    CRN_TRY(
        add_steps(pipe, crn_object_get(state, "steps"), read_object, context->document, err));
    pipe->base.fitted = steps_are_fitted(pipe);
    crn_pipeline_note_features(pipe);
    return CRN_OK;
}

static crn_status parse_object(const crn_object *object, crn_document *document,
                               crn_model **out, crn_error *err)
{
    return crn_sklearn_parse(document, object, out, err);
}

/* What make_pipeline names a step after: its class, or the string that stands for it. */
static const char *name_of_kind(const crn_object *step)
{
    const char *cls = crn_expression_name(step);
    if (cls == NULL)
        cls = crn_object_is_none(step) ? "NoneType" : crn_object_text(step);
    if (cls == NULL)
        return "";
    return strcmp(cls, "make_pipeline") == 0 ? "Pipeline" : cls;
}

/* make_pipeline's names: in lower case, with -1, -2 ... where one occurs more than once
 * (sklearn.pipeline._name_estimators). */
static const char *automatic_name(const crn_object *args, size_t i, crn_document *document)
{
    const char *kind = name_of_kind(crn_object_item(args, i));
    size_t same = 0, before = 0;
    for (size_t k = 0; k < crn_object_length(args); k++) {
        const bool equal = strcmp(name_of_kind(crn_object_item(args, k)), kind) == 0;
        same += equal;
        before += k < i && equal;
    }
    crn_text text = CRN_TEXT_INIT;
    for (const char *c = kind; *c != '\0'; c++)
        crn_text_add_char(&text, *c >= 'A' && *c <= 'Z' ? (char)(*c - 'A' + 'a') : *c);
    if (same > 1)
        crn_text_printf(&text, "-%zu", before + 1);
    const char *name =
        crn_text_status(&text, NULL) == CRN_OK
            ? crn_arena_text(document->arena, text.size > 0 ? text.data : "", text.size)
            : NULL;
    crn_text_free(&text);
    return name;
}

static crn_status parse_make_pipeline(pipeline *self, const crn_object *args,
                                      crn_document *document, crn_error *err)
{
    const size_t count = crn_object_length(args);
    CRN_TRY(make_room(self, count, document, err));
    for (size_t i = 0; i < count; i++) {
        const char *name = automatic_name(args, i, document);
        if (name == NULL)
            return crn_arena_fail(document->arena, err);
        CRN_TRY(add_step(self, name, crn_object_item(args, i), parse_object, err));
    }
    return CRN_OK;
}

/* The keyword arguments but steps, as a call of their own for the rows. */
static crn_status parse_keywords(pipeline *self, const crn_object *call,
                                 const crn_field_context *context, crn_error *err)
{
    crn_document *document = context->document;
    crn_object *rest = crn_object_instance(document, CRN_BY_CALL, call->as.instance->callable);
    crn_object *kwargs = crn_object_new(document, CRN_OBJ_DICT);
    if (rest == NULL || kwargs == NULL)
        return crn_arena_fail(document->arena, err);
    const crn_object *given = call->as.instance->kwargs;
    for (size_t i = 0; given != NULL && i + 1 < given->as.items.count; i += 2) {
        crn_object *key = given->as.items.at[i];
        if (!crn_object_is_str(key, "steps") &&
            !crn_object_set_pair(document, kwargs, key, given->as.items.at[i + 1]))
            return crn_arena_fail(document->arena, err);
    }
    rest->offset = call->offset;
    rest->as.instance->kwargs = kwargs;
    return crn_fields_from_call(fields, self, rest, context, err);
}

static crn_status parse(void *self, const crn_object *call, const crn_field_context *context,
                        crn_error *err)
{
    const crn_instance *instance = call->as.instance;
    CRN_TRY(parse_keywords(self, call, context, err));
    if (strcmp(crn_expression_name(call), "make_pipeline") == 0)
        return parse_make_pipeline(self, instance->args, context->document, err);
    const crn_object *steps = crn_object_item(instance->args, 0);
    if (steps == NULL)
        steps = crn_object_get(instance->kwargs, "steps");
    if (steps == NULL)
        return crn_fail_at(err, CRN_ARGUMENT, call->offset, "Pipeline needs its steps");
    return add_steps(self, steps, parse_object, context->document, err);
}

static crn_status write(const void *self, crn_document *document, crn_object *state,
                        const char *sklearn, crn_error *err)
{
    const pipeline *pipe = self;
    crn_object *steps = crn_object_new(document, CRN_OBJ_LIST);
    for (int i = 0; i < pipe->count; i++) {
        crn_object *step = pipe->models[i] == NULL
                               ? crn_object_str(document, "passthrough")
                               : crn_sklearn_write(pipe->models[i], document, sklearn, err);
        crn_object *pair = crn_object_new(document, CRN_OBJ_TUPLE);
        if (step == NULL && err != NULL && err->code != CRN_OK)
            return crn_where(err, "steps[%d]", i);
        if (!crn_object_append(document, pair, crn_object_str(document, pipe->names[i])) ||
            !crn_object_append(document, pair, step) ||
            !crn_object_append(document, steps, pair))
            return crn_arena_fail(document->arena, err);
    }
    return crn_object_set(document, state, "steps", steps)
               ? CRN_OK
               : crn_arena_fail(document->arena, err);
}

static crn_status clone(const void *self, void *fresh, crn_error *err)
{
    const pipeline *from = self;
    pipeline *to = fresh;
    CRN_TRY(make_room(to, (size_t)from->count, from->document, err));
    for (int i = 0; i < from->count; i++) {
        if (from->models[i] != NULL)
            CRN_TRY(crn_sklearn_clone(from->models[i], &to->models[i], err));
        to->names[i] = from->names[i];
        to->count = i + 1;
    }
    return CRN_OK;
}

static void release(void *self)
{
    pipeline *pipe = self;
    for (int i = 0; i < pipe->count; i++)
        crn_model_destroy(pipe->models[i]);
    free(pipe->models);
    free(pipe->names);
    crn_document_release(pipe->document);
}

/* ---- asking ---- */

static bool step_has(const pipeline *self, int i, crn_method method)
{
    const crn_model *model = self->models[i];
    if (model == NULL)
        return method == CRN_TRANSFORM || method == CRN_INVERSE_TRANSFORM;
    return model->type->has_method(model, method);
}

static bool has_method(const void *self, crn_method method)
{
    const pipeline *pipe = self;
    const crn_method before = method == CRN_INVERSE_TRANSFORM ? method : CRN_TRANSFORM;
    for (int i = 0; i < pipe->count - 1; i++) {
        if (!step_has(pipe, i, before))
            return false;
    }
    return step_has(pipe, pipe->count - 1, method);
}

static crn_value lower_step(const pipeline *self, int i, crn_method method, crn_graph *graph,
                            crn_value x)
{
    return self->models[i] == NULL ? x : crn_sklearn_lower(self->models[i], method, graph, x);
}

static crn_value lower(const void *self, crn_method method, crn_graph *graph, crn_value x)
{
    const pipeline *pipe = self;
    if (method == CRN_INVERSE_TRANSFORM) {
        for (int i = pipe->count - 1; i >= 0; i--)
            x = lower_step(pipe, i, method, graph, x);
        return x;
    }
    for (int i = 0; i < pipe->count - 1; i++)
        x = lower_step(pipe, i, CRN_TRANSFORM, graph, x);
    return lower_step(pipe, pipe->count - 1, method, graph, x);
}

/* The step that the rows come to: the first, or from behind the last, that is an estimator. */
static const crn_model *entrance(const pipeline *pipe, crn_method method)
{
    const bool inverse = method == CRN_INVERSE_TRANSFORM;
    for (int i = 0; i < pipe->count; i++) {
        const crn_model *model = pipe->models[inverse ? pipe->count - 1 - i : i];
        if (model != NULL)
            return model;
    }
    return NULL;
}

/* What that step takes: numbers, texts, mixed values. */
static crn_type input_type(const void *self, crn_method method)
{
    const pipeline *pipe = self;
    const bool inverse = method == CRN_INVERSE_TRANSFORM;
    const crn_model *model = entrance(pipe, method);
    crn_port port[CRN_MAX_PORTS];
    if (model == NULL)
        return crn_type_vector(CRN_FLOAT64, pipe->base.n_features_in_);
    const bool is_last = model == pipe->models[pipe->count - 1];
    if (model->type->inputs(model, is_last || inverse ? method : CRN_TRANSFORM, port) != 1)
        return crn_type_vector(CRN_FLOAT64, pipe->base.n_features_in_);
    crn_type *type = &port[0].type;
    if (!inverse && type->ndim == 1 && type->shape[0] < 0)
        type->shape[0] = pipe->base.n_features_in_;
    return *type;
}

/* As narrow as the narrowest step: what passes one step as NaN comes to the next as NaN, up to
 * one that lets none pass. */
static crn_admitted admits(const void *self, crn_method method)
{
    const pipeline *pipe = self;
    crn_admitted narrowest = CRN_ADMITS_NAN;
    for (int i = 0; i < pipe->count; i++) {
        crn_port port[CRN_MAX_PORTS];
        const crn_model *model = pipe->models[i];
        if (model == NULL || model->type->inputs(model, method, port) != 1)
            continue;
        if (port[0].admits > narrowest)
            narrowest = port[0].admits;
        if (method != CRN_INVERSE_TRANSFORM && crn_model_stops_nan(model))
            break;
    }
    return narrowest;
}

static bool stops_nan(const void *self)
{
    const pipeline *pipe = self;
    bool stops = false;
    for (int i = 0; i < pipe->count; i++)
        stops = stops || (pipe->models[i] != NULL && crn_model_stops_nan(pipe->models[i]));
    return stops;
}

static bool classes(const void *self, crn_array *out)
{
    const pipeline *pipe = self;
    const crn_model *last = pipe->models[pipe->count - 1];
    return last != NULL && last->type->classes != NULL && last->type->classes(last, out);
}

static int step_count(const void *self)
{
    return ((const pipeline *)self)->count;
}

static const crn_model *step(const void *self, int i, const char **name)
{
    const pipeline *pipe = self;
    *name = pipe->names[i];
    return pipe->models[i];
}

const crn_estimator crn_estimator_Pipeline = {
    .name = "Pipeline",
    .module = "sklearn.pipeline",
    .modules = "sklearn.pipeline",
    .size = sizeof(pipeline),
    .fields = fields,
    .methods = ~0u,
    .flags = CRN_DELEGATES_NAMES | CRN_ALLOWS_NAN | CRN_TAKES_WEIGHT, /* the steps check */
    .lower = lower,
    .fit = crn_pipeline_fit,
    .has_method = has_method,
    .admits = admits,
    .stops_nan = stops_nan,
    .input_type = input_type,
    .classes = classes,
    .parse = parse,
    .read = read,
    .write = write,
    .clone = clone,
    .release = release,
    .step_count = step_count,
    .step = step,
};
