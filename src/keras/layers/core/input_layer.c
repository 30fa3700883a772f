/* SPDX-License-Identifier: BSD-3-Clause */
/* InputLayer, as keras/src/layers/core/input_layer.py (3.15): the shape of what goes in. In an
 * expression it is also called Input. */
#include "keras/layers/core/input_layer.h"

#include <string.h>

typedef struct input_layer {
    crn_layer_config base;
    const crn_object *shape, *batch_size;
    const crn_object *batch_shape;                         /* once checked: [None, 4] */
    const crn_object *sparse, *ragged, *tensor, *optional; /* refused unless None or False */
} input_layer;

/* An argument that may stand without its name, and that no config gets. */
#define POSITIONAL(member)                                                                     \
    {                                                                                          \
        .name = #member, .type = CRN_FIELD_OBJECT,                                             \
        .flags = CRN_FIELD_PARAM | CRN_FIELD_UNWRITTEN,                                        \
        .offset = offsetof(input_layer, member), .dflt = "None"                                \
    }

/* In the order of Input(). */
static const crn_field fields[] = {
    POSITIONAL(shape),
    POSITIONAL(batch_size),
    CRN_PARAM(crn_layer_config, dtype, OBJECT, "'float32'", NULL),
    CRN_PARAM(input_layer, sparse, OBJECT, "False", NULL),
    CRN_PARAM_SINCE(input_layer, ragged, OBJECT, "False", NULL, "3.8", NULL),
    CRN_LAYER_RENAMED(input_layer, batch_shape, OBJECT, "None", "batch_input_shape"),
    CRN_LAYER_KEYWORD(crn_layer_config, name, STRING, "None"),
    CRN_LAYER_ARGUMENT(input_layer, tensor),
    CRN_PARAM_SINCE(input_layer, optional, OBJECT, "False", NULL, "3.5", NULL),
    CRN_LAYER_ARGUMENT(crn_layer_config, input_shape),
    CRN_FIELDS_END,
};

static bool is_given(const crn_object *value)
{
    return value != NULL && !crn_object_is_none(value);
}

/* ---- shapes ---- */

/* -1 for None; false for what is neither None nor an int that is at least 0. */
static bool read_length(const crn_object *object, int64_t *out)
{
    *out = -1;
    if (crn_object_is_none(object))
        return true;
    return crn_object_as_int(object, out) && *out >= 0;
}

/* What predict takes for a dtype of Keras: half precision as float32, whole numbers of all
 * widths as int64, texts as cells. CRN_NO_DTYPE: not known. */
static crn_dtype dtype_named(const char *name)
{
    static const struct {
        const char *name;
        crn_dtype dtype;
    } dtypes[] = {{"float32", CRN_FLOAT32}, {"float16", CRN_FLOAT32}, {"bfloat16", CRN_FLOAT32},
                  {"float64", CRN_FLOAT64}, {"int64", CRN_INT64},     {"int32", CRN_INT64},
                  {"int16", CRN_INT64},     {"int8", CRN_INT64},      {"uint8", CRN_INT64},
                  {"uint16", CRN_INT64},    {"uint32", CRN_INT64},    {"bool", CRN_BOOL},
                  {"string", CRN_OBJECT}};
    for (size_t i = 0; i < sizeof dtypes / sizeof *dtypes; i++) {
        if (strcmp(dtypes[i].name, name) == 0)
            return dtypes[i].dtype;
    }
    return CRN_NO_DTYPE;
}

static crn_status read_dtype(const crn_layer *layer, crn_dtype *out, crn_error *err)
{
    const crn_object *dtype = ((const crn_layer_config *)layer->config)->dtype;
    if (crn_object_is(dtype, CRN_OBJ_DICT))
        dtype = crn_object_get(crn_object_get(dtype, "config"), "name");
    const char *name = is_given(dtype) ? crn_object_text(dtype) : "float32";
    *out = name != NULL ? dtype_named(name) : CRN_NO_DTYPE;
    if (*out != CRN_NO_DTYPE)
        return CRN_OK;
    return crn_fail(err, CRN_UNSUPPORTED, "InputLayer: the dtype %s is not supported",
                    name != NULL ? name : "of this record");
}

/* [None, 4] as the type of one item. */
static crn_status read_shape(const crn_object *batch_shape, crn_dtype dtype, crn_type *out,
                             crn_error *err)
{
    int64_t shape[CRN_MAX_NDIM + 1];
    size_t count = crn_object_length(batch_shape);
    bool fits =
        crn_object_is(batch_shape, CRN_OBJ_LIST) || crn_object_is(batch_shape, CRN_OBJ_TUPLE);
    fits = fits && count >= 1 && count <= CRN_MAX_NDIM;
    for (size_t i = 0; i < count && fits; i++)
        fits = read_length(crn_object_item(batch_shape, i), &shape[i]);
    if (!fits)
        return crn_fail(
            err, CRN_SHAPE,
            "the shape of an input must be a tuple of at most %d elements, each None "
            "or an int that is at least 0",
            CRN_MAX_NDIM - 1);
    *out = crn_type_rows(dtype, (int32_t)count - 1, shape + 1);
    return CRN_OK;
}

crn_object *crn_input_layer_join(crn_document *document, const crn_object *batch,
                                 const crn_object *shape)
{
    int64_t size;
    crn_object *out = crn_object_new(document, CRN_OBJ_LIST);
    crn_object *first = crn_object_as_int(batch, &size) ? crn_object_int(document, size)
                                                        : crn_object_none(document);
    if (!crn_object_append(document, out, first))
        return NULL;
    for (size_t i = 0; i < crn_object_length(shape); i++) {
        if (!crn_object_append(document, out, crn_object_item(shape, i)))
            return NULL;
    }
    return out;
}

crn_object *crn_input_layer_batch_shape(crn_document *document, const crn_type *type)
{
    crn_object *out = crn_object_new(document, CRN_OBJ_LIST);
    if (!crn_object_append(document, out, crn_object_none(document)))
        return NULL;
    for (int32_t i = 0; i < type->ndim; i++) {
        crn_object *length = type->shape[i] < 0 ? crn_object_none(document)
                                                : crn_object_int(document, type->shape[i]);
        if (!crn_object_append(document, out, length))
            return NULL;
    }
    return out;
}

/* ---- the layer ---- */

/* The one of the four spellings that was given, with the batch. */
static crn_status find_shape(const crn_layer *layer, const crn_object **out, crn_error *err)
{
    const input_layer *config = layer->config;
    const crn_object *item = is_given(config->shape) ? config->shape : config->base.input_shape;
    *out = config->batch_shape;
    if (is_given(item) && is_given(*out))
        return crn_fail(err, CRN_ARGUMENT,
                        "You cannot pass both `shape` and `batch_shape` at the same time.");
    if (is_given(config->batch_size) && is_given(*out))
        return crn_fail(
            err, CRN_ARGUMENT,
            "You cannot pass both `batch_size` and `batch_shape` at the same time.");
    if (is_given(*out))
        return CRN_OK;
    if (!is_given(item))
        return crn_fail(err, CRN_ARGUMENT, "You must pass a `shape` argument.");
    if (!crn_object_is(item, CRN_OBJ_LIST) && !crn_object_is(item, CRN_OBJ_TUPLE))
        return crn_fail(err, CRN_ARGUMENT, "Cannot convert '%s' to a shape.",
                        crn_object_kind_name(item));
    *out = crn_input_layer_join(layer->document, config->batch_size, item);
    return *out != NULL ? CRN_OK : crn_arena_fail(layer->document->arena, err);
}

static crn_status check(crn_layer *layer, crn_error *err)
{
    input_layer *config = layer->config;
    crn_dtype dtype;
    CRN_TRY(crn_layer_refuse(layer, "sparse", config->sparse, err));
    CRN_TRY(crn_layer_refuse(layer, "ragged", config->ragged, err));
    CRN_TRY(crn_layer_refuse(layer, "tensor", config->tensor, err));
    CRN_TRY(crn_layer_refuse(layer, "optional", config->optional, err));
    CRN_TRY(find_shape(layer, &config->batch_shape, err));
    config->shape = config->batch_size = config->base.input_shape =
        NULL; /* batch_shape says it */
    CRN_TRY(read_dtype(layer, &dtype, err));
    CRN_TRY(read_shape(config->batch_shape, dtype, &layer->output, err));
    layer->input = layer->output;
    return CRN_OK;
}

static crn_status infer(const crn_layer *layer, const crn_type *in, int n_in, crn_type *out,
                        crn_error *err)
{
    (void)in;
    if (n_in != 0)
        return crn_fail(err, CRN_SHAPE, "InputLayer \"%s\" takes no input", layer->name);
    *out = layer->output;
    return CRN_OK;
}

static crn_value lower(const crn_layer *layer, crn_lowering *lowering, const crn_value *in,
                       int n_in)
{
    (void)layer;
    (void)lowering;
    return n_in == 1 ? in[0] : CRN_NO_VALUE; /* the model's input */
}

const crn_layer_type crn_layer_InputLayer = {
    .base = {.name = "InputLayer",
             .other_names = "Input",
             .module = "keras.layers",
             .size = sizeof(input_layer),
             .fields = fields},
    .infer = infer,
    .lower = lower,
    .trains = true,
    .check = check,
};

bool crn_layer_is_input(const crn_layer *layer)
{
    return layer->type == &crn_layer_InputLayer;
}

int64_t crn_input_layer_batch(const crn_layer *layer)
{
    const input_layer *config = layer->config;
    int64_t rows = 0;
    return crn_object_as_int(crn_object_item(config->batch_shape, 0), &rows) && rows > 0 ? rows
                                                                                         : 0;
}

crn_status crn_input_layer_create(crn_document *document, crn_object *batch_shape,
                                  const char *name, crn_layer **out, crn_error *err)
{
    crn_object *record = crn_object_new(document, CRN_OBJ_DICT);
    crn_object *config = crn_object_new(document, CRN_OBJ_DICT);
    crn_object *cls = crn_object_str(document, "InputLayer");
    bool made = crn_object_set(document, config, "batch_shape", batch_shape) &&
                crn_object_set(document, record, "class_name", cls) &&
                crn_object_set(document, record, "config", config);
    if (made && name != NULL)
        made = crn_object_set(document, config, "name", crn_object_str(document, name));
    if (!made)
        return crn_arena_fail(document->arena, err);
    return crn_layer_read(record, document, out, err);
}
