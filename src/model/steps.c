/* SPDX-License-Identifier: BSD-3-Clause */
#include "model/steps.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_STEPS = 1000 };

crn_status crn_steps_check(crn_model *const *models, int count, const char *noun,
                           crn_error *err)
{
    if (models == NULL || count < 1)
        return crn_fail(err, CRN_ARGUMENT, "at least one %s is needed", noun);
    if (count > MOST_STEPS)
        return crn_fail(err, CRN_LIMIT, "%d %ss; at most %d are taken", count, noun,
                        MOST_STEPS);
    for (int i = 0; i < count; i++) {
        if (models[i] == NULL)
            return crn_fail(err, CRN_ARGUMENT, "%s %d is NULL", noun, i);
        for (int j = 0; j < i; j++) {
            if (models[j] == models[i])
                return crn_fail(err, CRN_ARGUMENT, "%s %d is %s %d again", noun, i, noun, j);
        }
    }
    return CRN_OK;
}

crn_status crn_steps_take(crn_steps *steps, crn_model *const *models, int count,
                          const char *noun, crn_error *err)
{
    steps->models = crn_calloc((size_t)count, sizeof *steps->models);
    if (steps->models == NULL)
        return crn_no_memory(err);
    memcpy(steps->models, models, (size_t)count * sizeof *steps->models);
    steps->count = count;
    steps->noun = noun;
    return CRN_OK;
}

void crn_steps_release(crn_steps *steps, bool owned)
{
    for (int i = 0; owned && i < steps->count; i++)
        crn_model_destroy(steps->models[i]);
    free(steps->models);
    *steps = (crn_steps){.noun = steps->noun};
}

/* ---- inspection ---- */

static crn_status inspect_each(const crn_steps *steps, const char *class_name,
                               crn_inspection what, crn_text *out, crn_error *err)
{
    crn_text_printf(out, "%s of %d %s%s\n", class_name, steps->count, steps->noun,
                    steps->count == 1 ? "" : "s");
    for (int i = 0; i < steps->count; i++) {
        const crn_model *model = steps->models[i];
        crn_text_printf(out, "\nsteps[%d] %s\n", i, model->type->class_name(model));
        CRN_TRY(model->type->inspect(model, what, out, err));
    }
    return CRN_OK;
}

crn_status crn_steps_inspect(const crn_steps *steps, const char *class_name,
                             crn_inspection what, crn_text *out, crn_error *err)
{
    if (what != CRN_INSPECT_JSON)
        return inspect_each(steps, class_name, what, out, err);
    crn_text_printf(out, "{\"class\": \"%s\", \"steps\": [", class_name);
    for (int i = 0; i < steps->count; i++) {
        const crn_model *model = steps->models[i];
        crn_text_add_string(out, i > 0 ? ", " : "");
        CRN_TRY(model->type->inspect(model, what, out, err));
        while (out->size > 0 && out->data[out->size - 1] == '\n')
            out->size--;
    }
    crn_text_add_string(out, "]}\n");
    return CRN_OK;
}

crn_object *crn_steps_objects(const crn_steps *steps, crn_document *document, crn_error *err)
{
    crn_object *all = crn_object_new(document, CRN_OBJ_DICT);
    crn_object *list = crn_object_new(document, CRN_OBJ_LIST);
    for (int i = 0; i < steps->count; i++) {
        crn_object *one = crn_model_objects(steps->models[i], document, err);
        if (one == NULL)
            return NULL;
        if (!crn_object_append(document, list, one))
            break;
    }
    if (!crn_object_set(document, all, "steps", list)) {
        crn_arena_fail(document->arena, err);
        return NULL;
    }
    return all;
}

crn_status crn_steps_get(const crn_steps *steps, const char *path, crn_array *out,
                         crn_error *err)
{
    static const char prefix[] = "steps[";
    const char *number = path + sizeof prefix - 1;
    const char *end =
        strncmp(path, prefix, sizeof prefix - 1) == 0 ? strchr(number, ']') : NULL;
    int64_t i;
    if (end == NULL || end[1] != '.' || !crn_parse_int(number, (size_t)(end - number), &i) ||
        i < 0 || i >= steps->count)
        return crn_fail(err, CRN_NOT_FOUND,
                        "there is no '%s': begin with steps[0]. to steps[%d].", path,
                        steps->count - 1);
    crn_status status = crn_model_get(steps->models[i], end + 2, out, err);
    if (status != CRN_OK)
        crn_where(err, "steps[%d]", (int)i);
    return status;
}

crn_object *crn_steps_expression(const crn_steps *steps, const char *name,
                                 crn_document *document)
{
    crn_object *callable = crn_object_global(document, "", name);
    crn_object *call =
        callable != NULL ? crn_object_instance(document, CRN_BY_CALL, callable) : NULL;
    for (int i = 0; i < steps->count && call != NULL; i++) {
        crn_object *step = crn_model_expression(steps->models[i], document);
        if (!crn_object_append(document, call->as.instance->args, step))
            return NULL;
    }
    return call;
}

/* ---- fitting and lowering ---- */

crn_fit_options crn_steps_fit_options(const crn_model *model, const crn_fit_options *options)
{
    if (strcmp(model->type->family, "scikit-learn") != 0)
        return *options;
    return (crn_fit_options){.struct_size = options->struct_size,
                             .seed = options->seed,
                             .has_seed = options->has_seed,
                             .pool = options->pool,
                             .progress = options->progress,
                             .progress_context = options->progress_context,
                             .warning = options->warning,
                             .warning_context = options->warning_context};
}

int crn_steps_lower(const crn_steps *steps, int i, crn_method method, crn_graph *graph,
                    const crn_value *in, int n_in, crn_value *out)
{
    const crn_model *model = steps->models[i];
    crn_port ports[CRN_MAX_PORTS];
    if (crn_model_require(model, method, &graph->error) != CRN_OK)
        return -1;
    int expected = model->type->inputs(model, method, ports);
    if (expected != n_in) {
        crn_graph_fail(graph, CRN_SHAPE, "%s %d (%s) has %d inputs, and gets %d values",
                       steps->noun, i, model->type->class_name(model), expected, n_in);
        return -1;
    }
    return model->type->lower(model, method, graph, in, out);
}
