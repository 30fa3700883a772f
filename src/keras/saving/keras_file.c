/* SPDX-License-Identifier: BSD-3-Clause */
/* What a file is, from its bytes: HDF5 with a model_config is a whole model, with layer_names
 * the legacy layout of weights, with layers/ the one of Keras 3; a zip archive is a .keras. */
#include "keras/saving/keras_file.h"

#include <string.h>

#include "format/json.h"
#include "keras/saving/legacy_h5.h"
#include "keras/saving/saving.h"
#include "keras/saving/weights_h5.h"

/* A model's JSON names its class near the start. */
enum { JSON_SEARCHED = 1 << 16 };

static bool is_json_of_a_model(const uint8_t *bytes, size_t size)
{
    static const char key[] = "\"class_name\"";
    const size_t length = strlen(key);
    size_t i = 0;
    while (i < size &&
           (bytes[i] == ' ' || bytes[i] == '\n' || bytes[i] == '\t' || bytes[i] == '\r'))
        i++;
    if (i == size || bytes[i] != '{')
        return false;
    for (const size_t end = size < JSON_SEARCHED ? size : JSON_SEARCHED; i + length <= end;
         i++) {
        if (memcmp(bytes + i, key, length) == 0)
            return true;
    }
    return false;
}

bool crn_keras_sniff(const uint8_t *bytes, size_t size)
{
    return crn_h5_sniff(bytes, size) || crn_zip_sniff(bytes, size) ||
           is_json_of_a_model(bytes, size);
}

/* ---- opening ---- */

/* A config in an attribute of the root; *out NULL when there is none. */
static crn_status read_config(const crn_h5_node *root, const char *name,
                              const crn_limits *limits, crn_document *document,
                              const crn_object **out, crn_error *err)
{
    crn_object *object;
    *out = NULL;
    if (crn_h5_attribute_find(root, name) == NULL)
        return CRN_OK;
    const char *text = crn_h5_attribute_text(root, name);
    if (text == NULL)
        return crn_fail_at(err, CRN_FORMAT, root->offset, "the attribute %s is not a text",
                           name);
    crn_status status = crn_json_read(document, text, strlen(text), limits, &object, err);
    if (status != CRN_OK)
        return crn_where(err, "%s", name);
    *out = object;
    return CRN_OK;
}

static crn_status open_h5(crn_buffer *bytes, const crn_limits *limits, crn_document *document,
                          crn_keras_file *out, crn_error *err)
{
    CRN_TRY(crn_h5_read(bytes, limits, &out->h5, err));
    const crn_h5_node *root = crn_h5_root(out->h5);
    const char *version = crn_h5_attribute_text(root, "keras_version");
    if (version != NULL)
        out->keras_version = crn_arena_text(document->arena, version, strlen(version));
    CRN_TRY(read_config(root, "model_config", limits, document, &out->config, err));
    CRN_TRY(read_config(root, "training_config", limits, document, &out->compilation, err));
    if (out->config != NULL)
        out->format = "h5";
    else if (crn_legacy_h5_is_weights(root))
        out->format = "legacy_weights.h5";
    else if (crn_weights_h5_is_weights(root))
        out->format = "weights.h5";
    else
        return crn_fail(err, CRN_FORMAT,
                        "No model config found in the file, and no weights of a Keras model");
    return CRN_OK;
}

static crn_status open_json(crn_buffer *bytes, const crn_limits *limits, crn_document *document,
                            crn_keras_file *out, crn_error *err)
{
    crn_object *object;
    CRN_TRY(crn_json_read(document, crn_buffer_data(bytes), crn_buffer_size(bytes), limits,
                          &object, err));
    out->format = "json";
    out->config = object;
    out->keras_version = crn_object_text(crn_object_get(object, "keras_version"));
    out->compilation = crn_object_get(object, "compile_config");
    return CRN_OK;
}

crn_status crn_keras_file_open(crn_buffer *bytes, const crn_limits *limits,
                               crn_document *document, crn_keras_file *out, crn_error *err)
{
    const uint8_t *data = crn_buffer_data(bytes);
    const size_t size = crn_buffer_size(bytes);
    *out = (crn_keras_file){0};
    if (crn_h5_sniff(data, size))
        return open_h5(bytes, limits, document, out, err);
    if (crn_zip_sniff(data, size))
        return crn_keras_zip_open(bytes, limits, document, out, err);
    if (is_json_of_a_model(data, size))
        return open_json(bytes, limits, document, out, err);
    return crn_fail_at(
        err, CRN_FORMAT, 0,
        "not a Keras file: neither HDF5 nor a .keras archive nor a model's JSON");
}

void crn_keras_file_close(crn_keras_file *file)
{
    crn_h5_destroy(file->h5);
    file->h5 = NULL;
    crn_zip_destroy(file->zip);
    file->zip = NULL;
}

/* ---- contents ---- */

/* The reader has bounded the depth by limits.nesting. An element of less than a float32 may
 * become one. */
static void add_bytes(const crn_h5_node *node, uint64_t *bytes)
{
    uint64_t array, element = sizeof(float);
    for (size_t i = 0; i < node->child_count; i++)
        add_bytes(node->children[i], bytes);
    if (node->array.data == NULL)
        return;
    if (node->array.itemsize > (int64_t)element)
        element = (uint64_t)node->array.itemsize;
    if (__builtin_mul_overflow((uint64_t)crn_array_size(&node->array), element, &array) ||
        __builtin_add_overflow(*bytes, array, bytes))
        *bytes = UINT64_MAX;
}

uint64_t crn_keras_file_weight_bytes(const crn_keras_file *file)
{
    uint64_t bytes = 0;
    if (file->h5 != NULL)
        add_bytes(crn_h5_root(file->h5), &bytes);
    return bytes;
}

crn_status crn_keras_file_read_weights(const crn_keras_file *file, crn_staged_weights *out,
                                       crn_error *err)
{
    if (file->h5 == NULL)
        return crn_fail(err, CRN_FORMAT, "the file is a model's JSON: it has no weights");
    const crn_h5_node *root = crn_h5_root(file->h5);
    if (strcmp(file->format, "legacy_weights.h5") == 0)
        return crn_legacy_h5_read_weights(root, out, err);
    if (strcmp(file->format, "h5") != 0)
        return crn_weights_h5_read_weights(root, out, err);
    const crn_h5_node *group = crn_h5_find(root, "model_weights");
    if (group == NULL)
        return crn_fail(err, CRN_FORMAT, "the file has no group 'model_weights'");
    return crn_legacy_h5_read_weights(group, out, err);
}

crn_status crn_keras_file_read_optimizer(const crn_keras_file *file, crn_optimizer_state *out,
                                         crn_error *err)
{
    *out = (crn_optimizer_state){0};
    if (file->h5 == NULL || strcmp(file->format, "legacy_weights.h5") == 0)
        return CRN_OK;
    const crn_h5_node *root = crn_h5_root(file->h5);
    if (strcmp(file->format, "h5") == 0)
        return crn_legacy_h5_read_optimizer(root, out, err);
    return crn_weights_h5_read_optimizer(root, out, err);
}
