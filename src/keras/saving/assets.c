/* SPDX-License-Identifier: BSD-3-Clause */
/* Assets, as keras/src/saving/saving_lib.py (3.15) keeps them: the vocabulary of a lookup layer
 * is assets/<path of the layer>/vocabulary.txt, and the factors of tf_idf stand among the
 * weights, under a name instead of a number. Nothing is unpacked, and no other member is
 * read. */
#include "keras/saving/assets.h"

#include <stdio.h>
#include <string.h>

#include "keras/saving/names.h"

static const char vocabulary_name[] = "vocabulary.txt", idf_name[] = "idf_weights";

static crn_status read_vocabulary(const crn_zip *zip, const crn_saved_object *object,
                                  crn_layer *layer, crn_error *err)
{
    char name[512];
    const int size = snprintf(name, sizeof name, "assets/%s/%s", object->path, vocabulary_name);
    const int64_t member =
        size > 0 && (size_t)size < sizeof name ? crn_zip_find(zip, name) : -1;
    crn_buffer *bytes = NULL;
    if (member < 0)
        return CRN_OK;
    CRN_TRY(crn_zip_open(zip, (size_t)member, &bytes, err));
    const crn_status status = layer->type->load_asset(
        layer, vocabulary_name, crn_buffer_data(bytes), crn_buffer_size(bytes), err);
    crn_buffer_release(bytes);
    return status;
}

/* <path>/vars/idf_weights */
static const crn_h5_node *find_idf(const crn_h5_node *node, const char *path)
{
    char part[128];
    while (node != NULL && *path != '\0') {
        const size_t size = strcspn(path, "/");
        if (size >= sizeof part || node->is_dataset)
            return NULL;
        memcpy(part, path, size);
        part[size] = '\0';
        node = crn_h5_find(node, part);
        path += size + (path[size] == '/');
    }
    node = node != NULL && !node->is_dataset ? crn_h5_find(node, "vars") : NULL;
    return node != NULL && !node->is_dataset ? crn_h5_find(node, idf_name) : NULL;
}

static crn_status read_idf(crn_h5 *h5, const crn_saved_object *object, crn_layer *layer,
                           crn_error *err)
{
    const crn_h5_node *node = find_idf(crn_h5_root(h5), object->path);
    crn_array stored = CRN_ARRAY_INIT, numbers = CRN_ARRAY_INIT;
    crn_status status;
    if (node == NULL || !node->is_dataset)
        return CRN_OK;
    CRN_TRY_OR_DONE(crn_h5_dataset_array(node, &stored, err));
    CRN_TRY_OR_DONE(crn_array_create(CRN_FLOAT32, 0, stored.ndim, stored.shape, &numbers, err));
    CRN_TRY_OR_DONE(crn_array_copy_to(&stored, CRN_FLOAT32, 0, numbers.data, err));
    status = layer->type->load_asset(layer, idf_name, numbers.data,
                                     (size_t)crn_array_size(&numbers) * sizeof(float), err);
done:
    crn_array_free(&stored);
    crn_array_free(&numbers);
    return status;
}

typedef struct reader {
    const crn_keras_file *file;
} reader;

static crn_status read_object(void *context, const crn_saved_object *object, crn_error *err)
{
    const reader *r = context;
    crn_layer *layer = (crn_layer *)(uintptr_t)object->layer; /* the network is the caller's */
    if (layer->type == NULL || layer->type->load_asset == NULL)
        return CRN_OK;
    if (r->file->h5 != NULL)
        CRN_TRY(read_idf(r->file->h5, object, layer, err));
    return r->file->zip != NULL ? read_vocabulary(r->file->zip, object, layer, err) : CRN_OK;
}

crn_status crn_keras_file_read_assets(const crn_keras_file *file, crn_network *network,
                                      crn_error *err)
{
    reader r = {file};
    return crn_saved_objects_walk(network, read_object, &r, err);
}
