/* SPDX-License-Identifier: BSD-3-Clause */
/* compile(): which optimizer, loss and metrics a network trains with, from the options of a fit
 * or from what a file says (keras/src/trainers/trainer.py, 3.15; training_config of Keras 2).
 * A compilation is made apart and put in place only when all of it could be read. */
#include <stdlib.h>
#include <string.h>

#include "keras/models/network.h"
#include "model/expression.h"

void crn_compilation_free(crn_compilation *compilation)
{
    crn_optimizer_destroy(compilation->optimizer);
    for (size_t i = 0; i < compilation->metric_count; i++)
        crn_metric_destroy(compilation->metrics[i]);
    free(compilation->metrics);
    *compilation = (crn_compilation){0};
}

/* ---- the three parts ---- */

/* A name is kept as the function's full one, which every version of Keras knows; a call or a
 * record as it is. */
static crn_status read_loss(const crn_object *object, crn_document *document,
                            crn_compilation *out, crn_error *err)
{
    CRN_TRY(crn_loss_read(object, document, &out->loss, err));
    out->loss_object = object;
    if (crn_object_text(object) == NULL && !crn_object_is(object, CRN_OBJ_GLOBAL))
        return CRN_OK;
    out->loss_object = crn_object_str(document, out->loss.cls->function);
    return out->loss_object != NULL ? CRN_OK : crn_arena_fail(document->arena, err);
}

static crn_status add_metric(const crn_object *object, crn_document *document,
                             crn_compilation *out, crn_error *err)
{
    size_t capacity = out->metric_count; /* a list of a few */
    if (out->metric_count >= CRN_MOST_METRICS)
        return crn_fail(err, CRN_LIMIT, "a model has at most %d metrics", CRN_MOST_METRICS);
    CRN_TRY(crn_grow((void **)&out->metrics, &capacity, out->metric_count, sizeof(crn_metric *),
                     err));
    CRN_TRY(crn_metric_read(object, document, &out->metrics[out->metric_count], err));
    out->metric_count++;
    return CRN_OK;
}

/* What a list or a dict by output name holds for the only output. */
static const crn_object *only_item(const crn_object *object)
{
    if (crn_object_is(object, CRN_OBJ_DICT) && crn_object_get(object, "class_name") == NULL)
        return crn_object_length(object) == 1 ? object->as.items.at[1] : object;
    bool list = crn_object_is(object, CRN_OBJ_LIST) || crn_object_is(object, CRN_OBJ_TUPLE);
    return list && crn_object_length(object) == 1 ? crn_object_item(object, 0) : object;
}

/* "accuracy", ["accuracy", "mae"], [["accuracy"]], {"dense": ["accuracy"]}, records. */
static crn_status add_metrics(const crn_object *object, crn_document *document,
                              crn_compilation *out, crn_error *err)
{
    enum { LEVELS = 3 };
    for (int level = 0; level < LEVELS; level++) {
        const crn_object *inner = only_item(object);
        bool more = crn_object_is(inner, CRN_OBJ_LIST) || crn_object_is(inner, CRN_OBJ_TUPLE);
        if (inner == object || !more)
            break;
        object = inner;
    }
    if (object == NULL || crn_object_is_none(object))
        return CRN_OK;
    if (!crn_object_is(object, CRN_OBJ_LIST) && !crn_object_is(object, CRN_OBJ_TUPLE))
        return add_metric(only_item(object), document, out, err);
    for (size_t i = 0; i < crn_object_length(object); i++)
        CRN_TRY(add_metric(crn_object_item(object, i), document, out, err));
    return CRN_OK;
}

static crn_status read_optimizer(const crn_object *object, crn_document *document,
                                 crn_optimizer **out, crn_error *err)
{
    crn_object *usual = NULL;
    if (object == NULL || crn_object_is_none(object)) {
        usual = crn_object_str(document, "rmsprop"); /* compile(optimizer="rmsprop", ...) */
        if (usual == NULL)
            return crn_arena_fail(document->arena, err);
        object = usual;
    }
    return crn_optimizer_read(object, document, out, err);
}

/* ---- from the options of a fit ---- */

static crn_status parse(crn_document *document, const char *option, const char *text,
                        crn_object **out, crn_error *err)
{
    crn_status status = crn_expression_parse(document, text, strlen(text), out, err);
    if (status != CRN_OK)
        crn_where(err, "%s", option);
    return status;
}

/* "accuracy, BinaryAccuracy(threshold=0.3)" as the inside of a list. */
static crn_status parse_metrics(crn_document *document, const char *text, crn_object **out,
                                crn_error *err)
{
    crn_error why = CRN_ERROR_INIT;
    crn_text list = CRN_TEXT_INIT;
    crn_text_printf(&list, "[%s]", text);
    crn_status status = crn_text_status(&list, err);
    if (status == CRN_OK)
        status = parse(document, "metrics", list.data, out, &why);
    crn_text_free(&list);
    if (why.offset != CRN_NO_OFFSET && why.offset > 0)
        why.offset--; /* the bracket is ours */
    if (why.code != CRN_OK && err != NULL && err->code == CRN_OK)
        *err = why;
    return status;
}

/* The parts that the options give; the others stay empty. */
static crn_status read_options(crn_document *document, const crn_fit_options *options,
                               crn_compilation *out, crn_error *err)
{
    crn_object *object;
    if (options->optimizer != NULL) {
        CRN_TRY(parse(document, "optimizer", options->optimizer, &object, err));
        CRN_TRY(crn_optimizer_read(object, document, &out->optimizer, err));
    }
    if (options->loss != NULL) {
        CRN_TRY(parse(document, "loss", options->loss, &object, err));
        CRN_TRY(read_loss(object, document, out, err));
    }
    if (options->metrics != NULL) {
        CRN_TRY(parse_metrics(document, options->metrics, &object, err));
        CRN_TRY(add_metrics(object, document, out, err));
    }
    return CRN_OK;
}

/* Puts the new parts in the place of the old ones. */
static void take_over(crn_compilation *compiled, crn_compilation *fresh, bool metrics)
{
    if (fresh->optimizer != NULL) {
        crn_optimizer_destroy(compiled->optimizer);
        compiled->optimizer = fresh->optimizer;
        fresh->optimizer = NULL;
    }
    if (fresh->loss.cls != NULL) {
        compiled->loss = fresh->loss;
        compiled->loss_object = fresh->loss_object;
    }
    if (metrics) {
        crn_compilation old = {.metrics = compiled->metrics,
                               .metric_count = compiled->metric_count};
        compiled->metrics = fresh->metrics;
        compiled->metric_count = fresh->metric_count;
        crn_compilation_free(&old);
        fresh->metrics = NULL;
        fresh->metric_count = 0;
    }
    crn_compilation_free(fresh);
}

crn_status crn_network_compile(crn_network *network, crn_document *document,
                               const crn_fit_options *options, crn_error *err)
{
    crn_compilation *compiled = &network->compiled;
    crn_compilation fresh = {0};
    crn_status status = read_options(document, options, &fresh, err);
    if (status == CRN_OK && fresh.loss.cls == NULL && compiled->loss.cls == NULL)
        status = crn_fail(err, CRN_STATE,
                          "No loss to compute. Provide a `loss` argument in `compile()`.");
    if (status == CRN_OK && fresh.optimizer == NULL && compiled->optimizer == NULL)
        status = read_optimizer(NULL, document, &fresh.optimizer, err);
    if (status == CRN_OK)
        take_over(compiled, &fresh, options->metrics != NULL);
    else
        crn_compilation_free(&fresh);
    return status;
}

/* ---- from a file ---- */

/* Options of compile() that would change the loss. */
static crn_status refuse_options(const crn_object *config, crn_error *err)
{
    static const char *const names[] = {"loss_weights", "weighted_metrics"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const crn_object *value = crn_object_get(config, names[i]);
        if (value == NULL || crn_object_is_none(value) || crn_object_length(value) == 0)
            continue;
        double weight;
        if (i == 0 && crn_object_as_double(only_item(value), &weight) && weight == 1.0)
            continue;
        return crn_fail(err, CRN_UNSUPPORTED, "%s is not supported", names[i]);
    }
    return CRN_OK;
}

static crn_status read_config(const crn_object *config, crn_document *document,
                              crn_compilation *out, crn_error *err)
{
    const crn_object *optimizer = crn_object_get(config, "optimizer_config");
    const crn_object *loss = only_item(crn_object_get(config, "loss"));
    if (loss == NULL || crn_object_is_none(loss))
        return CRN_OK; /* {}, or metrics alone: nothing to train with */
    if (optimizer == NULL)
        optimizer = crn_object_get(config, "optimizer");
    CRN_TRY(refuse_options(config, err));
    CRN_TRY(read_optimizer(optimizer, document, &out->optimizer, err));
    CRN_TRY(read_loss(loss, document, out, err));
    return add_metrics(crn_object_get(config, "metrics"), document, out, err);
}

crn_status crn_network_read_compilation(crn_network *network, crn_document *document,
                                        const crn_object *config, crn_error *err)
{
    crn_compilation fresh = {0};
    crn_compilation_free(&network->compiled);
    crn_status status = read_config(config, document, &fresh, err);
    if (status == CRN_OK && fresh.loss.cls != NULL)
        network->compiled = fresh;
    else
        crn_compilation_free(&fresh);
    return status;
}
