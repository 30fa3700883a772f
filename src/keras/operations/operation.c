/* SPDX-License-Identifier: BSD-3-Clause */
/* The operations as a kind of classes, which records are theirs, and their shapes. A shape is
 * what the lowering gives in a graph that is thrown away; for lengths that are open it is asked
 * twice, and what differs is open too, as compute_output_spec() of
 * keras/src/backend/tensorflow/core.py (3.15) does. */
#include "keras/operations/operation.h"

#include <string.h>

#include "ops/activation.h"

enum { MOST_ARGUMENTS = 4, MOST_ITEM = 1 << 28 };

typedef struct operation {
    crn_layer_config base;
    const crn_object *arguments[MOST_ARGUMENTS];
} operation;

/* ---- the types ---- */

static void lower_layer(const crn_layer *layer, crn_lowering *lowering, crn_layer_io *io);

bool crn_operation_takes_argument(const crn_layer *layer, const char *name)
{
    (void)layer, (void)name;
    return true; /* the families look for theirs */
}

#define NONE
#define ARGUMENT(i, name_, default_)                                                           \
    {.name = #name_,                                                                           \
     .type = CRN_FIELD_OBJECT,                                                                 \
     .flags = CRN_FIELD_PARAM,                                                                 \
     .offset = offsetof(operation, arguments) + (i) * sizeof(const crn_object *),              \
     .dflt = default_},
#define AXIS_KEEPDIMS ARGUMENT(0, axis, "None") ARGUMENT(1, keepdims, "False")
#define DATA_FORMAT   ARGUMENT(1, data_format, "'channels_last'")

#define CRN_OPERATION(module_, class_, family, kind_, arguments_)                              \
    static const crn_field fields_##class_[] = {                                               \
        arguments_ CRN_LAYER_KEYWORD(crn_layer_config, name, STRING, "None"),                  \
        CRN_FIELDS_END,                                                                        \
    };                                                                                         \
    static const crn_operation_type operation_##class_ = {                                     \
        .base = {.base = {.name = #class_,                                                     \
                          .module = "keras.src.ops." #module_,                                 \
                          .size = sizeof(operation),                                           \
                          .fields = fields_##class_},                                          \
                 .infer_many = crn_operation_infer,                                            \
                 .lower_many = lower_layer,                                                    \
                 .takes_argument = crn_operation_takes_argument},                              \
        .lower = crn_lower_##family,                                                           \
        .kind = kind_,                                                                         \
    };
#include "keras/operations/operations.def"
#undef CRN_OPERATION

static const crn_keras_class *const classes[] = {
#define CRN_OPERATION(module_, class_, family, kind_, arguments_) &operation_##class_.base.base,
#include "keras/operations/operations.def"
#undef CRN_OPERATION
    &crn_layer_TFOpLambda.base,
    &crn_layer_SlicingOpLambda.base,
};

const crn_keras_kind crn_operations = {"operation", classes, sizeof classes / sizeof *classes};

static bool has_prefix(const char *text, const char *prefix)
{
    return text != NULL && strncmp(text, prefix, strlen(prefix)) == 0;
}

const crn_operation_type *crn_operation_find(const char *class_name)
{
    const crn_keras_class *cls = crn_keras_class_find(&crn_operations, class_name);
    /* base.base is the first member of both */
    return cls != NULL && has_prefix(cls->module, "keras.src.ops.")
               ? (const crn_operation_type *)cls
               : NULL;
}

/* ---- records ---- */

/* A merging layer is called on a list, the operation of the same name on its operands. */
static bool is_called_on_operands(const crn_object *record)
{
    const crn_object *call = crn_object_item(crn_object_get(record, "inbound_nodes"), 0);
    const crn_object *args = crn_object_get(call, "args");
    return crn_object_length(args) > 0 &&
           !crn_object_is(crn_object_item(args, 0), CRN_OBJ_LIST);
}

bool crn_is_operation_record(const crn_object *record)
{
    const char *module = crn_object_text(crn_object_get(record, "module"));
    const char *name = crn_object_text(crn_object_get(record, "class_name"));
    if (name == NULL || module != NULL)
        return has_prefix(module, "keras.src.ops.") ||
               (name != NULL &&
                (strcmp(name, "TFOpLambda") == 0 || strcmp(name, "SlicingOpLambda") == 0));
    if (crn_keras_class_find(&crn_operations, name) == NULL)
        return false;
    if (crn_keras_class_find(&crn_layers, name) == NULL)
        return true;
    const crn_object *config = crn_object_get(record, "config");
    return strcmp(name, "Reshape") == 0
               ? crn_object_get(config, "newshape") != NULL
               : crn_object_get(config, "trainable") == NULL && is_called_on_operands(record);
}

bool crn_layer_is_operation(const crn_layer *layer)
{
    return has_prefix(layer->type->base.module, "keras.src.ops.");
}

/* ---- shapes ---- */

static void start_call(const crn_layer_shapes *call, crn_graph *graph, int64_t open,
                       crn_value *in)
{
    for (int i = 0; i < call->n_in; i++) {
        crn_type type = call->in[i];
        for (int32_t k = 0; k < type.ndim; k++)
            type.shape[k] = type.shape[k] < 0 ? open : type.shape[k];
        type.itemsize = (int64_t)crn_dtype_size(type.dtype);
        type.rows = true;
        in[i] = crn_graph_input(graph, "", &type);
    }
}

/* Every value on the way, as network.c does for those between layers. */
static crn_status check_sizes(const crn_layer *layer, const crn_graph *graph, crn_error *err)
{
    for (size_t i = 0; i < graph->value_count; i++) {
        const crn_type *type = &graph->values[i].type;
        int64_t size = 1;
        for (int32_t k = 0; k < type->ndim; k++) {
            if (__builtin_mul_overflow(size, type->shape[k], &size) || size > MOST_ITEM)
                return crn_fail(err, CRN_LIMIT,
                                "the operation \"%s\" would hold more than %d numbers a row",
                                layer->name, MOST_ITEM);
        }
    }
    return CRN_OK;
}

static crn_status infer_for(const crn_layer *layer, const crn_layer_shapes *call, int64_t open,
                            crn_type *out, int *n_out, crn_error *err)
{
    crn_value in[CRN_MOST_TENSORS], masks[CRN_MOST_TENSORS];
    crn_value made[CRN_MOST_TENSORS], made_masks[CRN_MOST_TENSORS];
    crn_graph *graph = NULL;
    crn_layer_io io = {.arguments = call->arguments,
                       .n_in = call->n_in,
                       .in = in,
                       .in_masks = masks,
                       .out = made,
                       .out_masks = made_masks};
    CRN_TRY(crn_graph_create(&graph, err));
    crn_lowering lowering = {.graph = graph};
    start_call(call, graph, open, in);
    for (int i = 0; i < CRN_MOST_TENSORS; i++)
        masks[i] = CRN_NO_VALUE;
    crn_layer_lower(layer, &lowering, &io);
    crn_status status = crn_graph_status(graph, err);
    if (status == CRN_OK && open == 1)
        status = check_sizes(layer, graph, err);
    for (int i = 0; i < io.n_out && status == CRN_OK; i++)
        out[i] = *crn_graph_type(graph, made[i]);
    *n_out = io.n_out;
    crn_graph_destroy(graph);
    return status;
}

/* Lengths that halves, thirds and small factors divide. */
enum { SHORT = 840, LONG = 1680 };

crn_status crn_operation_infer(const crn_layer *layer, crn_layer_shapes *call, crn_error *err)
{
    crn_type other[CRN_MOST_TENSORS] = {{0}};
    bool open = false;
    int n_other;
    for (int i = 0; i < call->n_in; i++) {
        for (int32_t k = 0; k < call->in[i].ndim; k++)
            open = open || call->in[i].shape[k] < 0;
    }
    if (!open)
        return infer_for(layer, call, 1, call->out, &call->n_out, err);
    CRN_TRY(infer_for(layer, call, SHORT, call->out, &call->n_out, err));
    CRN_TRY(infer_for(layer, call, LONG, other, &n_other, err));
    if (call->n_out != n_other)
        return crn_fail(err, CRN_UNSUPPORTED,
                        "the operation \"%s\" gives a number of tensors that depends on its "
                        "input's length",
                        layer->name);
    for (int i = 0; i < n_other; i++) {
        for (int32_t k = 0; k < other[i].ndim && k < call->out[i].ndim; k++) {
            if (other[i].shape[k] != call->out[i].shape[k])
                call->out[i].shape[k] = -1;
        }
    }
    return CRN_OK;
}

/* ---- lowering ---- */

static void lower_layer(const crn_layer *layer, crn_lowering *lowering, crn_layer_io *io)
{
    const crn_operation_type *type = (const crn_operation_type *)layer->type;
    crn_operation_call call = {.layer = layer,
                               .name = type->base.base.name,
                               .kind = type->kind,
                               .graph = lowering->graph,
                               .io = io};
    crn_lower_operation(&call, type);
}

void crn_lower_operation(crn_operation_call *call, const crn_operation_type *type)
{
    crn_graph *graph = call->graph;
    if (call->io->n_in < 1) {
        crn_operation_refuse(call, "a call without a tensor");
        return;
    }
    type->lower(call);
    for (int i = 0; i < call->io->n_out && graph->error.code == CRN_OK; i++) {
        if (!crn_graph_type(graph, call->io->out[i])->rows) /* no row changes it */
            call->io->out[i] = crn_repeat(graph, call->io->in[0], call->io->out[i]);
    }
}
