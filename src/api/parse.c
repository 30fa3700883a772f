/* SPDX-License-Identifier: BSD-3-Clause */
/* Models from constructor expressions. A Pipeline that ends in networks becomes a chain:
 * scikit-learn's steps, then each network. */
#include <stdlib.h>
#include <string.h>

#include "cornichon/chain.h"
#include "model/expression.h"
#include "model/registry.h"

enum { MAX_STEPS = 64 };

/* The family that knows a class; NULL when none does. */
static const crn_family *family_of(const char *class_name)
{
    const crn_family *family;
    for (size_t i = 0; (family = crn_family_at(i)) != NULL; i++) {
        if (family->knows(class_name))
            return family;
    }
    return NULL;
}

/* ---- unknown classes ---- */

/* Names that no list has. */
static const char *const spoken_names[] = {"make_pipeline", "Sequential"};

/* The i-th class that some family lists. */
static const char *class_name_at(const void *unused, size_t i)
{
    (void)unused;
    const size_t spoken = sizeof spoken_names / sizeof spoken_names[0];
    if (i < spoken)
        return spoken_names[i];
    i -= spoken;
    const crn_family *family;
    crn_listing listing;
    for (size_t k = 0; (family = crn_family_at(k)) != NULL; k++) {
        size_t count = 0;
        while (family->list(CRN_KIND_ESTIMATOR, count, &listing))
            count++;
        if (i < count && family->list(CRN_KIND_ESTIMATOR, i, &listing))
            return listing.name;
        i -= count;
    }
    return NULL;
}

static crn_status unknown_class(const crn_object *call, const char *name, crn_error *err)
{
    size_t count = 0;
    while (class_name_at(NULL, count) != NULL)
        count++;
    const char *nearest = crn_nearest_name(name, count, class_name_at, NULL);
    if (nearest == NULL)
        return crn_fail_at(err, CRN_NOT_FOUND, call->offset, "there is no model class '%s'",
                           name);
    return crn_fail_at(err, CRN_NOT_FOUND, call->offset,
                       "there is no model class '%s'; did you mean '%s'?", name, nearest);
}

static crn_status parse_call(crn_document *document, const crn_object *call, crn_model **out,
                             crn_error *err)
{
    const char *name = crn_expression_name(call);
    if (name == NULL)
        return crn_fail_at(err, CRN_FORMAT, call->offset,
                           "expected a model such as PCA(n_components=2), got %s",
                           crn_object_kind_name(call));
    const crn_family *family = family_of(name);
    if (family == NULL)
        return unknown_class(call, name, err);
    return family->parse(document, call, out, err);
}

/* ---- pipelines with networks ---- */

/* The steps of make_pipeline(...) or Pipeline([...]): estimators, or (name, estimator) pairs.
 * NULL for other calls. */
static const crn_object *steps_of(const crn_object *call)
{
    const char *name = crn_expression_name(call);
    if (name == NULL || !crn_object_is(call, CRN_OBJ_INSTANCE))
        return NULL;
    const crn_instance *instance = call->as.instance;
    if (strcmp(name, "make_pipeline") == 0)
        return instance->args;
    if (strcmp(name, "Pipeline") != 0)
        return NULL;
    const crn_object *steps = crn_object_get(instance->kwargs, "steps");
    return steps != NULL ? steps : crn_object_item(instance->args, 0);
}

/* The estimator of a step, without its name. */
static const crn_object *estimator_of(const crn_object *step)
{
    return crn_object_is(step, CRN_OBJ_TUPLE) ? crn_object_item(step, 1) : step;
}

/* Index of the first step that is not of the Pipeline's own family; the number of steps when
 * there is none. */
static size_t first_foreign(const crn_object *call, const crn_object *steps)
{
    const crn_family *home = family_of(crn_expression_name(call));
    size_t count = crn_object_length(steps);
    for (size_t i = 0; i < count; i++) {
        const char *name = crn_expression_name(estimator_of(crn_object_item(steps, i)));
        const crn_family *family = name != NULL ? family_of(name) : NULL;
        if (family != NULL && family != home && !home->knows(name))
            return i;
    }
    return count;
}

/* The same call with its first `count` steps alone; a single one without a name stands for
 * itself. */
static const crn_object *head_of(crn_document *document, const crn_object *call,
                                 const crn_object *steps, size_t count)
{
    if (count == 1)
        return estimator_of(crn_object_item(steps, 0));
    crn_object *head = crn_object_instance(document, CRN_BY_CALL, call->as.instance->callable);
    bool make_pipeline = steps == call->as.instance->args;
    crn_object *list = make_pipeline ? head != NULL ? head->as.instance->args : NULL
                                     : crn_object_new(document, CRN_OBJ_LIST);
    for (size_t i = 0; i < count; i++) {
        if (head == NULL || !crn_object_append(document, list, crn_object_item(steps, i)))
            return NULL;
    }
    if (head == NULL ||
        (!make_pipeline && !crn_object_append(document, head->as.instance->args, list)))
        return NULL;
    head->as.instance->kwargs = crn_object_new(document, CRN_OBJ_DICT);
    head->offset = call->offset;
    return head->as.instance->kwargs != NULL ? head : NULL;
}

/* steps[0 .. foreign) as one model, each of the others as one. */
static crn_status parse_chain(crn_document *document, const crn_object *call,
                              const crn_object *steps, size_t foreign, crn_model **out,
                              crn_error *err)
{
    crn_model *models[MAX_STEPS];
    int count = 0;
    crn_status status = CRN_OK;
    size_t total = crn_object_length(steps);
    if (total - foreign >= MAX_STEPS)
        return crn_fail_at(err, CRN_LIMIT, call->offset, "a chain has at most %d models",
                           MAX_STEPS);
    if (foreign > 0) {
        const crn_object *head = head_of(document, call, steps, foreign);
        if (head == NULL)
            return crn_arena_fail(document->arena, err);
        CRN_TRY_OR_DONE(parse_call(document, head, &models[count], err));
        count++;
    }
    for (size_t i = foreign; i < total; i++) {
        const crn_object *step = estimator_of(crn_object_item(steps, i));
        CRN_TRY_OR_DONE(parse_call(document, step, &models[count], err));
        count++;
    }
    CRN_TRY_OR_DONE(crn_chain_create(models, count, out, err));
done:
    while (status != CRN_OK && count > 0)
        crn_model_destroy(models[--count]);
    return status;
}

crn_status crn_model_parse(const char *expression, crn_model **out, crn_error *err)
{
    crn_document *document = NULL;
    crn_object *call = NULL;
    crn_model *model = NULL;
    crn_status status = CRN_OK;
    CRN_TRY_OR_DONE(crn_document_create(NULL, &document, err));
    CRN_TRY_OR_DONE(crn_expression_parse(document, expression, strlen(expression), &call, err));
    const crn_object *steps = steps_of(call);
    size_t count = crn_object_length(steps);
    size_t foreign = steps != NULL ? first_foreign(call, steps) : count;
    if (foreign == 0 && count == 1)
        status = parse_call(document, estimator_of(crn_object_item(steps, 0)), &model, err);
    else if (foreign < count)
        status = parse_chain(document, call, steps, foreign, &model, err);
    else
        status = parse_call(document, call, &model, err);
    if (status == CRN_OK)
        *out = model;
done:
    crn_document_release(document);
    return status;
}
