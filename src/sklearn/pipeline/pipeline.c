/* SPDX-License-Identifier: BSD-3-Clause */
/* Pipeline, as sklearn/pipeline.py (1.9): named steps, each fed with the output of the one
 * before. */
#include <string.h>

#include "model/expression.h"
#include "model/opaque.h"
#include "sklearn/children.h"
#include "ops/elementwise.h"
#include "ops/require.h"
#include "sklearn/pipeline/pipeline.h"

static const crn_field fields[] = {
    CRN_PARAM(pipeline, steps, MODELS, NULL, "list"),
    CRN_PARAM_SINCE(pipeline, transform_input, OBJECT, "None", "list | None", "1.6", NULL),
    CRN_PARAM(pipeline, memory, OBJECT, "None", "None | str | has cache"),
    CRN_PARAM(pipeline, verbose, BOOL, "False", NULL),
    CRN_FIELDS_END,
};

/* ---- steps ---- */

crn_model *crn_pipeline_step(const pipeline *self, int64_t i)
{
    crn_model *model = self->steps.at[i];
    const bool passes =
        crn_opaque_is_str(model, "passthrough") || crn_object_is_none(crn_opaque_object(model));
    return passes ? NULL : model;
}

static crn_status check_steps(const pipeline *self, crn_error *err)
{
    if (self->steps.kind == CRN_MODELS_NONE)
        return crn_fail(err, CRN_ARGUMENT,
                        "The 'steps' parameter of Pipeline must be an instance of 'list'.");
    if (self->steps.count == 0)
        return crn_fail(err, CRN_ARGUMENT, "The pipeline is empty. Please add steps.");
    if (self->steps.count > 1000)
        return crn_fail(err, CRN_LIMIT, "a Pipeline of %lld steps; at most 1000 are taken",
                        (long long)self->steps.count);
    if (self->steps.kind != CRN_MODELS_PAIRS)
        return crn_fail(err, CRN_ARGUMENT, "steps[0] is not a (name, estimator) pair");
    return CRN_OK;
}

/* A pipeline is fitted when all its steps are. */
static bool steps_are_fitted(const pipeline *self)
{
    for (int64_t i = 0; i < self->steps.count; i++) {
        const crn_estimator_base *step = crn_model_estimator(self->steps.at[i]);
        if (step != NULL && !step->fitted)
            return false;
    }
    return true;
}

void crn_pipeline_note_features(pipeline *self)
{
    for (int64_t i = 0; i < self->steps.count; i++) {
        const crn_estimator_base *step = crn_model_estimator(self->steps.at[i]);
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
    (void)state, (void)context;
    CRN_TRY(check_steps(pipe, err));
    pipe->base.fitted = steps_are_fitted(pipe);
    crn_pipeline_note_features(pipe);
    return CRN_OK;
}

/* ---- from text ---- */

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

/* make_pipeline(a, b, memory=c) as Pipeline([("a", a), ("b", b)], memory=c); NULL: out of
 * memory. */
static crn_object *as_pipeline(const crn_object *call, crn_document *document)
{
    const crn_instance *given = call->as.instance;
    crn_object *made = crn_object_instance(document, CRN_BY_CALL, given->callable);
    crn_object *steps = crn_object_new(document, CRN_OBJ_LIST);
    if (made == NULL || steps == NULL)
        return NULL;
    for (size_t i = 0; i < crn_object_length(given->args); i++) {
        const char *name = automatic_name(given->args, i, document);
        crn_object *pair = crn_object_new(document, CRN_OBJ_TUPLE);
        if (name == NULL ||
            !crn_object_append(document, pair, crn_object_str(document, name)) ||
            !crn_object_append(document, pair, crn_object_item(given->args, i)) ||
            !crn_object_append(document, steps, pair))
            return NULL;
    }
    made->offset = call->offset;
    made->as.instance->kwargs = given->kwargs;
    return crn_object_append(document, made->as.instance->args, steps) ? made : NULL;
}

static crn_status parse(void *self, const crn_object *call, const crn_field_context *context,
                        crn_error *err)
{
    if (crn_object_is(call, CRN_OBJ_INSTANCE) &&
        strcmp(crn_expression_name(call), "make_pipeline") == 0)
        call = as_pipeline(call, context->document);
    if (call == NULL)
        return crn_arena_fail(context->document->arena, err);
    CRN_TRY(crn_fields_from_call(fields, self, call, context, err));
    return check_steps(self, err);
}

/* ---- asking ---- */

static bool step_has(const pipeline *self, int64_t i, crn_method method)
{
    const crn_model *model = crn_pipeline_step(self, i);
    if (model == NULL)
        return method == CRN_TRANSFORM || method == CRN_INVERSE_TRANSFORM;
    return model->type->has_method(model, method);
}

static bool has_method(const void *self, crn_method method)
{
    const pipeline *pipe = self;
    const crn_method before = method == CRN_INVERSE_TRANSFORM ? method : CRN_TRANSFORM;
    for (int64_t i = 0; i < pipe->steps.count - 1; i++) {
        if (!step_has(pipe, i, before))
            return false;
    }
    return step_has(pipe, pipe->steps.count - 1, method);
}

static crn_value lower_step(const pipeline *self, int64_t i, crn_method method,
                            crn_graph *graph, crn_value x)
{
    const crn_model *model = crn_pipeline_step(self, i);
    return model == NULL ? x : crn_sklearn_lower(model, method, graph, x);
}

static bool sorts_nan(const crn_model *model)
{
    const crn_estimator_base *self = model != NULL ? crn_model_estimator(model) : NULL;
    return self != NULL && (self->type->flags & CRN_SORTS_NAN) != 0;
}

/* What step i gives, for the next one: checked where NaN may be in it that nobody has looked
 * at. */
static crn_value hand_on(const pipeline *self, int64_t i, crn_method next_method,
                         crn_graph *graph, crn_value x)
{
    const crn_model *model = crn_pipeline_step(self, i), *next = crn_pipeline_step(self, i + 1);
    if (!sorts_nan(model) || crn_model_stops_nan(model) || next == NULL ||
        crn_child_input_type(next, next_method).dtype != CRN_FLOAT64)
        return x;
    const crn_admitted admitted = crn_child_admits(next, next_method);
    if (admitted == CRN_ADMITS_ALL)
        return x;
    return crn_require_finite(graph, crn_cast(graph, x, CRN_FLOAT64),
                              admitted == CRN_ADMITS_NAN);
}

/* Only the last step may have several outputs. */
static int lower_many(const void *self, crn_method method, crn_graph *graph, crn_value x,
                      crn_value *out)
{
    const pipeline *pipe = self;
    const int64_t last = pipe->steps.count - 1;
    if (method == CRN_INVERSE_TRANSFORM) {
        for (int64_t i = last; i >= 0; i--)
            x = lower_step(pipe, i, method, graph, x);
    } else {
        for (int64_t i = 0; i < last; i++) {
            x = lower_step(pipe, i, CRN_TRANSFORM, graph, x);
            x = hand_on(pipe, i, i + 1 < last ? CRN_TRANSFORM : method, graph, x);
        }
        if (crn_pipeline_step(pipe, last) != NULL)
            return crn_sklearn_lower_many(crn_pipeline_step(pipe, last), method, graph, x, out);
    }
    out[0] = x;
    return x == CRN_NO_VALUE ? -1 : 1;
}

/* The step that the rows come to: the first, or from behind the last, that is an estimator. */
static const crn_model *entrance(const pipeline *pipe, crn_method method)
{
    const bool inverse = method == CRN_INVERSE_TRANSFORM;
    for (int64_t i = 0; i < pipe->steps.count; i++) {
        const crn_model *model =
            crn_pipeline_step(pipe, inverse ? pipe->steps.count - 1 - i : i);
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
    if (model == NULL)
        return crn_type_vector(CRN_FLOAT64, pipe->base.n_features_in_);
    const bool is_last = model == crn_pipeline_step(pipe, pipe->steps.count - 1);
    crn_type type = crn_child_input_type(model, is_last || inverse ? method : CRN_TRANSFORM);
    if (!inverse && type.ndim == 1 && type.shape[0] < 0)
        type.shape[0] = pipe->base.n_features_in_;
    return type;
}

/* As narrow as the narrowest step: what passes one step as NaN comes to the next as NaN, up to
 * one that lets none pass, or behind which hand_on() looks. */
static crn_admitted admits(const void *self, crn_method method)
{
    const pipeline *pipe = self;
    crn_admitted narrowest = CRN_ADMITS_NAN;
    for (int64_t i = 0; i < pipe->steps.count; i++) {
        const crn_model *model = crn_pipeline_step(pipe, i);
        if (model == NULL)
            continue;
        const crn_admitted admitted = crn_child_admits(model, method);
        if (admitted > narrowest)
            narrowest = admitted;
        if (method != CRN_INVERSE_TRANSFORM && (crn_model_stops_nan(model) || sorts_nan(model)))
            break;
    }
    return narrowest;
}

static bool stops_nan(const void *self)
{
    const pipeline *pipe = self;
    bool stops = false;
    for (int64_t i = 0; i < pipe->steps.count; i++)
        stops = stops || (crn_pipeline_step(pipe, i) != NULL &&
                          crn_model_stops_nan(crn_pipeline_step(pipe, i)));
    return stops;
}

static bool classes(const void *self, crn_array *out)
{
    const pipeline *pipe = self;
    const crn_model *last = crn_pipeline_step(pipe, pipe->steps.count - 1);
    return last != NULL && last->type->classes != NULL && last->type->classes(last, out);
}

static int step_count(const void *self)
{
    return (int)((const pipeline *)self)->steps.count;
}

static const crn_model *step(const void *self, int i, const char **name)
{
    const pipeline *pipe = self;
    *name = pipe->steps.names[i];
    return crn_pipeline_step(pipe, i);
}

const crn_estimator crn_estimator_Pipeline = {
    .name = "Pipeline",
    .module = "sklearn.pipeline",
    .modules = "sklearn.pipeline",
    .size = sizeof(pipeline),
    .fields = fields,
    .methods = ~0u,
    .flags = CRN_DELEGATES_NAMES | CRN_ALLOWS_NAN | CRN_TAKES_WEIGHT, /* the steps check */
    .lower_many = lower_many,
    .fit = crn_pipeline_fit,
    .has_method = has_method,
    .admits = admits,
    .stops_nan = stops_nan,
    .input_type = input_type,
    .classes = classes,
    .parse = parse,
    .read = read,
    .step_count = step_count,
    .step = step,
};
