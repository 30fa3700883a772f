/* SPDX-License-Identifier: BSD-3-Clause */
/* Models in a row: what the first gives, the second takes. The chain lowers by lowering its
 * steps into one graph, so that the plan can fuse across them. */
#include <stdlib.h>

#include "model/steps.h"

typedef struct chain {
    crn_steps steps;
    crn_method *methods; /* [count - 1]; NULL: whatever crn_model_step_method says */
} chain;

static const chain *chain_of(const crn_model *model)
{
    return model->self;
}

/* What a step before the last is asked. */
static crn_method method_of(const chain *self, int i)
{
    return self->methods != NULL ? self->methods[i]
                                 : crn_model_step_method(self->steps.models[i]);
}

static int last_of(const chain *self)
{
    return self->steps.count - 1;
}

/* ---- asking ---- */

static void destroy(crn_model *model)
{
    chain *self = model->self;
    crn_steps_release(&self->steps, true);
    free(self->methods);
    free(self);
}

static const char *class_name(const crn_model *model)
{
    (void)model;
    return "Chain";
}

/* The chain has the methods of its last step; inverse_transform goes back through all of them.
 */
static bool has_method(const crn_model *model, crn_method method)
{
    const chain *self = chain_of(model);
    for (int i = 0; i < last_of(self); i++) {
        const crn_model *step = self->steps.models[i];
        crn_method asked = method == CRN_INVERSE_TRANSFORM ? method : method_of(self, i);
        if (!step->type->has_method(step, asked))
            return false;
    }
    const crn_model *last = self->steps.models[last_of(self)];
    return last->type->has_method(last, method);
}

static int inputs(const crn_model *model, crn_method method, crn_port *out)
{
    const chain *self = chain_of(model);
    int first = method == CRN_INVERSE_TRANSFORM ? last_of(self) : 0;
    bool by_method = first == last_of(self);
    const crn_model *step = self->steps.models[first];
    int count = step->type->inputs(step, by_method ? method : method_of(self, first), out);
    /* NaN that one step lets through would reach the next: the strictest decides, up to one
     * behind which there is none. */
    for (int i = 0; i <= last_of(self); i++) {
        crn_port ports[CRN_MAX_PORTS];
        const crn_model *other = self->steps.models[i];
        if (i > 0 && crn_model_stops_nan(self->steps.models[i - 1]))
            break;
        int n =
            other->type->inputs(other, i == last_of(self) ? method : method_of(self, i), ports);
        for (int k = 0; k < count && n > 0; k++)
            out[k].admits = ports[0].admits > out[k].admits ? ports[0].admits : out[k].admits;
    }
    return count;
}

static int lower(const crn_model *model, crn_method method, crn_graph *graph,
                 const crn_value *in, crn_value *out)
{
    const chain *self = chain_of(model);
    bool backward = method == CRN_INVERSE_TRANSFORM;
    crn_port ports[CRN_MAX_PORTS];
    crn_value values[CRN_MAX_PORTS];
    int count = inputs(model, method, ports);
    for (int i = 0; i < count; i++)
        values[i] = in[i];
    for (int k = 0; k <= last_of(self); k++) {
        int i = backward ? last_of(self) - k : k;
        crn_method asked = backward || i == last_of(self) ? method : method_of(self, i);
        crn_value given[CRN_MAX_PORTS];
        count = crn_steps_lower(&self->steps, i, asked, graph, values, count, given);
        for (int j = 0; j < count; j++)
            values[j] = given[j];
    }
    for (int j = 0; j < count; j++)
        out[j] = values[j];
    return count;
}

static bool stops_nan(const crn_model *model)
{
    const chain *self = chain_of(model);
    bool stops = false;
    for (int i = 0; i <= last_of(self); i++)
        stops = stops || crn_model_stops_nan(self->steps.models[i]);
    return stops;
}

static crn_object *objects(const crn_model *model, crn_document *document, crn_error *err)
{
    return crn_steps_objects(&chain_of(model)->steps, document, err);
}

static crn_status inspect(const crn_model *model, crn_inspection what, crn_text *out,
                          crn_error *err)
{
    return crn_steps_inspect(&chain_of(model)->steps, "Chain", what, out, err);
}

static crn_status get(const crn_model *model, const char *path, crn_array *out, crn_error *err)
{
    return crn_steps_get(&chain_of(model)->steps, path, out, err);
}

static const char *feature_name(const crn_model *model, int64_t i)
{
    return crn_model_feature_name(chain_of(model)->steps.models[0], i);
}

static bool classes(const crn_model *model, crn_array *out)
{
    const chain *self = chain_of(model);
    const crn_model *last = self->steps.models[last_of(self)];
    return last->type->classes != NULL && last->type->classes(last, out);
}

static crn_object *expression(const crn_model *model, crn_document *document)
{
    return crn_steps_expression(&chain_of(model)->steps, "make_pipeline", document);
}

static int step_count(const crn_model *model)
{
    return chain_of(model)->steps.count;
}

static const crn_model *step(const crn_model *model, int i)
{
    return chain_of(model)->steps.models[i];
}

static crn_status save(const crn_model *model, const crn_save_options *options, crn_text *out,
                       crn_error *err)
{
    (void)out;
    return crn_fail(err, CRN_UNSUPPORTED,
                    "a chain of %d steps is saved step by step, not as one %s file",
                    chain_of(model)->steps.count, options->format);
}

/* ---- fitting ---- */

/* Replaces *x, which is freed, by what step i makes of it. */
static crn_status advance(const chain *self, int i, crn_array *x, crn_error *err)
{
    crn_array next = CRN_ARRAY_INIT;
    crn_status status =
        crn_model_predict(self->steps.models[i], method_of(self, i), x, &next, err);
    if (status != CRN_OK) {
        crn_where(err, "steps[%d]", i);
        return status;
    }
    crn_array_free(x);
    *x = next;
    return CRN_OK;
}

static crn_status fit_step(const chain *self, int i, const crn_data *data,
                           const crn_fit_options *options, crn_history *history, crn_error *err)
{
    crn_model *model = self->steps.models[i];
    if (model->type->fit == NULL)
        return crn_fail(err, CRN_UNSUPPORTED, "%s cannot be fitted",
                        model->type->class_name(model));
    const crn_fit_options own = crn_steps_fit_options(model, options);
    CRN_TRY(model->type->fit(model, data, &own, history, err));
    model->untouched = false;
    return CRN_OK;
}

/* Each step is fitted on what those before it make of the rows; sample_weight is for the last
 * one alone, as in scikit-learn's Pipeline. */
static crn_status fit(crn_model *model, const crn_data *data, const crn_fit_options *options,
                      crn_history *history, crn_error *err)
{
    const chain *self = chain_of(model);
    crn_data step_data = *data, validation = CRN_DATA_INIT;
    crn_fit_options step_options = *options;
    crn_status status = CRN_OK;
    step_data.x.owner = NULL;
    if (options->validation != NULL) {
        validation = *options->validation;
        validation.x.owner = NULL;
        step_options.validation = &validation;
    }
    for (int i = 0; i <= last_of(self); i++) {
        bool is_last = i == last_of(self);
        step_data.sample_weight = is_last ? data->sample_weight : (crn_array)CRN_ARRAY_INIT;
        step_data.feature_names = i == 0 ? data->feature_names : NULL;
        status = fit_step(self, i, &step_data, &step_options, history, err);
        if (status != CRN_OK)
            crn_where(err, "steps[%d]", i);
        if (status != CRN_OK || is_last)
            break;
        CRN_TRY_OR_DONE(advance(self, i, &step_data.x, err));
        if (validation.x.data != NULL)
            CRN_TRY_OR_DONE(advance(self, i, &validation.x, err));
    }
done:
    crn_array_free(&step_data.x);
    crn_array_free(&validation.x);
    return status;
}

static crn_status evaluate(const crn_model *model, const crn_data *data, int batch_size,
                           crn_pool *pool, crn_scores *scores, crn_error *err)
{
    const chain *self = chain_of(model);
    crn_data rows = *data;
    crn_status status = CRN_OK;
    rows.x.owner = NULL;
    rows.feature_names = NULL;
    for (int i = 0; i < last_of(self); i++)
        CRN_TRY_OR_DONE(advance(self, i, &rows.x, err));
    CRN_TRY_OR_DONE(crn_scores_add_model(scores, self->steps.models[last_of(self)], &rows,
                                         batch_size, pool, err));
done:
    crn_array_free(&rows.x);
    return status;
}

static const crn_model_type chain_type = {
    .family = "cornichon",
    .destroy = destroy,
    .class_name = class_name,
    .has_method = has_method,
    .inputs = inputs,
    .lower = lower,
    .inspect = inspect,
    .objects = objects,
    .fit = fit,
    .save = save,
    .evaluate = evaluate,
    .get = get,
    .stops_nan = stops_nan,
    .feature_name = feature_name,
    .classes = classes,
    .expression = expression,
    .step_count = step_count,
    .step = step,
};

/* ---- making ---- */

/* "step 1 (Sequential) expects 4 features, step 0 (PCA) gives 2" */
static crn_status wrong_width(const chain *self, int i, const crn_type *wants,
                              const crn_type *gives, crn_error *err)
{
    const crn_model *model = self->steps.models[i], *before = self->steps.models[i - 1];
    if (wants->ndim == 1 && gives->ndim == 1)
        return crn_fail(err, CRN_SHAPE,
                        "step %d (%s) expects %lld features, step %d (%s) gives %lld", i,
                        model->type->class_name(model), (long long)wants->shape[0], i - 1,
                        before->type->class_name(before), (long long)gives->shape[0]);
    char expected[96], given[96];
    return crn_fail(
        err, CRN_SHAPE, "step %d (%s) expects %s, step %d (%s) gives %s", i,
        model->type->class_name(model), crn_type_text(wants, expected, sizeof expected), i - 1,
        before->type->class_name(before), crn_type_text(gives, given, sizeof given));
}

/* Whether values of these types can be the inputs of step i. */
static crn_status check_joint(const chain *self, int i, crn_method method,
                              const crn_graph *graph, const crn_value *values, int count,
                              crn_error *err)
{
    crn_port ports[CRN_MAX_PORTS];
    const crn_model *model = self->steps.models[i], *before = self->steps.models[i - 1];
    int expected = model->type->inputs(model, method, ports);
    if (expected != count)
        return crn_fail(err, CRN_SHAPE,
                        "step %d (%s) has %d inputs, step %d (%s) gives %d outputs", i,
                        model->type->class_name(model), expected, i - 1,
                        before->type->class_name(before), count);
    for (int k = 0; k < count; k++) {
        const crn_type *wants = &ports[k].type, *gives = crn_graph_type(graph, values[k]);
        if (!crn_dtype_is_number(gives->dtype) && wants->dtype != gives->dtype)
            return crn_fail(err, CRN_DTYPE, "step %d (%s) takes numbers, step %d (%s) gives %s",
                            i, model->type->class_name(model), i - 1,
                            before->type->class_name(before), crn_dtype_name(gives->dtype));
        bool same = wants->ndim == gives->ndim;
        for (int32_t axis = 0; same && axis < wants->ndim; axis++)
            same = wants->shape[axis] < 0 || wants->shape[axis] == gives->shape[axis];
        if (!same)
            return wrong_width(self, i, wants, gives, err);
    }
    return CRN_OK;
}

/* The inputs of the first step as graph values; false when a length is open, so that nothing
 * can be checked. */
static bool add_inputs(const chain *self, crn_graph *graph, crn_value *values, int *count)
{
    crn_port ports[CRN_MAX_PORTS];
    const crn_model *first = self->steps.models[0];
    *count = first->type->inputs(first, method_of(self, 0), ports);
    for (int k = 0; k < *count; k++) {
        for (int32_t axis = 0; axis < ports[k].type.ndim; axis++) {
            if (ports[k].type.shape[axis] < 0)
                return false;
        }
        values[k] = crn_graph_input(graph, ports[k].name, &ports[k].type);
    }
    return true;
}

/* Lowers the steps one after the other as far as they are fitted, and looks at what passes
 * between them. */
static crn_status check_steps(const chain *self, crn_error *err)
{
    crn_graph *graph = NULL;
    crn_value values[CRN_MAX_PORTS], given[CRN_MAX_PORTS];
    int count = 0;
    crn_status status = CRN_OK;
    CRN_TRY_OR_DONE(crn_graph_create(&graph, err));
    bool known = add_inputs(self, graph, values, &count);
    for (int i = 0; known && i < last_of(self); i++) {
        const crn_model *next = self->steps.models[i + 1];
        const crn_model *model = self->steps.models[i];
        crn_method next_method =
            i + 1 < last_of(self) ? method_of(self, i + 1) : crn_model_main_method(next);
        if (!model->type->has_method(model, method_of(self, i)))
            break;
        count =
            crn_steps_lower(&self->steps, i, method_of(self, i), graph, values, count, given);
        CRN_TRY_OR_DONE(crn_graph_status(graph, err));
        for (int k = 0; k < count; k++)
            values[k] = given[k];
        if (next->type->has_method(next, next_method))
            CRN_TRY_OR_DONE(check_joint(self, i + 1, next_method, graph, values, count, err));
    }
done:
    crn_graph_destroy(graph);
    return status;
}

static crn_status take_methods(chain *self, const crn_method *methods, int count,
                               crn_error *err)
{
    if (methods == NULL)
        return CRN_OK;
    self->methods = crn_calloc((size_t)count, sizeof *methods);
    if (self->methods == NULL)
        return crn_no_memory(err);
    for (int i = 0; i < count; i++)
        self->methods[i] = methods[i];
    return CRN_OK;
}

/* A step that can never be asked its method: its class is not supported, or has no such method.
 * A step that is only not fitted yet is fine. */
static crn_status check_methods(const chain *self, crn_error *err)
{
    for (int i = 0; i < last_of(self); i++) {
        crn_error why = CRN_ERROR_INIT;
        if (crn_model_require(self->steps.models[i], method_of(self, i), &why) !=
            CRN_UNSUPPORTED)
            continue;
        crn_fail(err, CRN_UNSUPPORTED, "%s", why.message);
        crn_where(err, "steps[%d]", i);
        return CRN_UNSUPPORTED;
    }
    return CRN_OK;
}

crn_status crn_chain_create_with_methods(crn_model *const *steps, const crn_method *methods,
                                         int count, crn_model **out, crn_error *err)
{
    CRN_TRY(crn_steps_check(steps, count, "step", err));
    chain *self = crn_calloc(1, sizeof *self);
    if (self == NULL)
        return crn_no_memory(err);
    crn_status status = CRN_OK;
    CRN_TRY_OR_DONE(crn_steps_take(&self->steps, steps, count, "step", err));
    CRN_TRY_OR_DONE(take_methods(self, methods, count, err));
    CRN_TRY_OR_DONE(check_methods(self, err));
    CRN_TRY_OR_DONE(check_steps(self, err));
    CRN_TRY_OR_DONE(crn_model_create(&chain_type, self, NULL, out, err));
done:
    if (status != CRN_OK) {
        crn_steps_release(&self->steps, false);
        free(self->methods);
        free(self);
    }
    return status;
}

crn_status crn_chain_create(crn_model *const *steps, int count, crn_model **out, crn_error *err)
{
    return crn_chain_create_with_methods(steps, NULL, count, out, err);
}
