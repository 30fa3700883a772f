/* SPDX-License-Identifier: BSD-3-Clause */
/* A document whose class no family describes. */
#include "model/opaque.h"

#include <stdlib.h>
#include <string.h>

#include "format/json.h"
#include "model/pickle_file.h"
#include "model/registry.h"
#include "model/tree.h"

typedef struct opaque {
    const crn_object *object;
    const char *module, *name; /* of its class; "" and Python's type where it has none */
} opaque;

static void destroy(crn_model *model)
{
    free(model->self);
}

static const char *class_name(const crn_model *model)
{
    return ((const opaque *)model->self)->name;
}

static bool has_method(const crn_model *model, crn_method method)
{
    (void)model;
    (void)method;
    return false;
}

static int inputs(const crn_model *model, crn_method method, crn_port *out)
{
    (void)model;
    (void)method;
    (void)out;
    return 0;
}

/* ---- what is not supported ---- */

/* The i-th estimator of all families. */
static const char *estimator_at(const void *unused, size_t i)
{
    crn_listing listing;
    (void)unused;
    return crn_list(CRN_KIND_ESTIMATOR, i, &listing) ? listing.name : NULL;
}

static const char *nearest_class(const char *name)
{
    size_t count = 0;
    while (estimator_at(NULL, count) != NULL)
        count++;
    return crn_nearest_name(name, count, estimator_at, NULL);
}

static crn_status refuse(const crn_model *model, crn_method method, crn_error *err)
{
    const opaque *self = model->self;
    if (!crn_object_is(self->object, CRN_OBJ_INSTANCE) || self->module[0] == '\0')
        return crn_fail_at(err, CRN_UNSUPPORTED, self->object->offset,
                           "the file holds an object of type %s, which has no method %s",
                           self->name, crn_method_name(method));
    const char *nearest = nearest_class(self->name);
    if (nearest == NULL)
        return crn_fail_at(err, CRN_UNSUPPORTED, self->object->offset, "%s.%s is not supported",
                           self->module, self->name);
    return crn_fail_at(err, CRN_UNSUPPORTED, self->object->offset,
                       "%s.%s is not supported; the nearest class that is: %s", self->module,
                       self->name, nearest);
}

static int lower(const crn_model *model, crn_method method, crn_graph *graph,
                 const crn_value *in, crn_value *out)
{
    (void)in;
    (void)out;
    refuse(model, method, &graph->error);
    return -1;
}

/* ---- inspection ---- */

enum { LONGEST_VALUE = 100 };

/* What the object's state says, one entry a line. */
static void params(const opaque *self, crn_text *out)
{
    if (!crn_object_is(self->object, CRN_OBJ_INSTANCE))
        return;
    const crn_object *state = self->object->as.instance->state;
    for (size_t i = 0; crn_object_is(state, CRN_OBJ_DICT) && i + 1 < state->as.items.count;
         i += 2) {
        const char *key = crn_object_text(state->as.items.at[i]);
        crn_text_printf(out, "%-26s ", key != NULL ? key : "?");
        crn_object_repr(state->as.items.at[i + 1], LONGEST_VALUE, out);
        crn_text_add_char(out, '\n');
    }
}

static void summary(const crn_model *model, crn_text *out)
{
    const opaque *self = model->self;
    crn_error why = CRN_ERROR_INIT;
    refuse(model, CRN_PREDICT, &why);
    crn_text_printf(out, "%s\n", self->name);
    if (self->module[0] != '\0')
        crn_text_printf(out, "module:   %s\n", self->module);
    crn_text_printf(out, "state:    %s\n", why.message);
}

static crn_status json(const opaque *self, crn_text *out, crn_error *err)
{
    crn_document *document = NULL;
    CRN_TRY(crn_document_create(NULL, &document, err));
    crn_object *all = crn_object_new(document, CRN_OBJ_DICT);
    bool made =
        crn_object_set(document, all, "class", crn_object_str(document, self->name)) &&
        crn_object_set(document, all, "module", crn_object_str(document, self->module)) &&
        crn_object_set(document, all, "supported", crn_object_bool(document, false));
    crn_status status = made ? crn_json_write(all, CRN_JSON_INDENT, out, err)
                             : crn_arena_fail(document->arena, err);
    crn_text_add_char(out, '\n');
    crn_document_release(document);
    return status;
}

static crn_status inspect(const crn_model *model, crn_inspection what, crn_text *out,
                          crn_error *err)
{
    const opaque *self = model->self;
    switch (what) {
    case CRN_INSPECT_SUMMARY:
    case CRN_INSPECT_PLAN:
        summary(model, out);
        return CRN_OK;
    case CRN_INSPECT_PARAMS:
        params(self, out);
        return CRN_OK;
    case CRN_INSPECT_TREE:
        return crn_object_tree(self->object, out, err);
    case CRN_INSPECT_JSON:
        return json(self, out, err);
    }
    return crn_fail(err, CRN_ARGUMENT, "there is no inspection number %d", (int)what);
}

/* Its objects as they are: nothing else is known about the class. */
static crn_status save(const crn_model *model, const crn_save_options *options, crn_text *out,
                       crn_error *err)
{
    const opaque *self = model->self;
    if (options->sklearn != NULL)
        return crn_fail(err, CRN_UNSUPPORTED,
                        "%s is not supported: how other versions say it is not known",
                        self->name);
    return crn_pickle_file_rewrite(model->document, self->name, options, out, err);
}

/* A plain value is its own expression; an instance shows its class alone. */
static crn_object *expression(const crn_model *model, crn_document *document)
{
    const opaque *self = model->self;
    if (self->module[0] == '\0' && !crn_object_is(self->object, CRN_OBJ_INSTANCE))
        return (crn_object *)self->object;
    crn_object *callable = crn_object_global(document, "", self->name);
    return callable != NULL ? crn_object_instance(document, CRN_BY_CALL, callable) : NULL;
}

static crn_object *objects(const crn_model *model, crn_document *document, crn_error *err)
{
    (void)document;
    (void)err;
    return (crn_object *)((const opaque *)model->self)->object;
}

static const crn_model_type opaque_type = {
    .family = "unknown",
    .destroy = destroy,
    .class_name = class_name,
    .has_method = has_method,
    .inputs = inputs,
    .lower = lower,
    .inspect = inspect,
    .save = save,
    .refuse = refuse,
    .expression = expression,
    .objects = objects,
};

const crn_object *crn_opaque_object(const crn_model *model)
{
    return model->type == &opaque_type ? ((const opaque *)model->self)->object : NULL;
}

bool crn_opaque_is_str(const crn_model *model, const char *text)
{
    return crn_object_is_str(crn_opaque_object(model), text);
}

crn_status crn_opaque_create(crn_document *document, const crn_object *object, crn_model **out,
                             crn_error *err)
{
    opaque *self = crn_calloc(1, sizeof *self);
    if (self == NULL)
        return crn_no_memory(err);
    const crn_object *class = crn_object_class(object);
    *self = (opaque){.object = object, .module = "", .name = crn_object_kind_name(object)};
    if (class != NULL) {
        self->module = crn_object_text(class->as.global.module);
        self->name = crn_object_text(class->as.global.name);
    }
    crn_status status = crn_model_create(&opaque_type, self, document, out, err);
    if (status != CRN_OK)
        free(self);
    else
        (*out)->untouched = true;
    return status;
}
