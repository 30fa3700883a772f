/* SPDX-License-Identifier: BSD-3-Clause */
/* output_mode of the layers that give categories. */
#include "keras/layers/preprocessing/category_modes.h"

#include <string.h>

#include "base/cell.h"
#include "ops/encode.h"

crn_status crn_category_mode_read(const crn_layer *layer, const char *name, int modes,
                                  crn_category_mode *out, crn_error *err)
{
    static const struct {
        const char *name;
        crn_category_mode mode;
    } all[] = {{"int", CRN_CATEGORY_INT},
               {"one_hot", CRN_CATEGORY_ONE_HOT},
               {"multi_hot", CRN_CATEGORY_MULTI_HOT},
               {"binary", CRN_CATEGORY_MULTI_HOT},
               {"count", CRN_CATEGORY_COUNT},
               {"tf_idf", CRN_CATEGORY_TF_IDF},
               {"tf-idf", CRN_CATEGORY_TF_IDF}};
    for (size_t i = 0; name != NULL && i < sizeof all / sizeof *all; i++) {
        if (strcmp(all[i].name, name) == 0 && (all[i].mode & modes) != 0) {
            *out = all[i].mode;
            return CRN_OK;
        }
    }
    return crn_fail(err, CRN_ARGUMENT, "%s: Unknown arg for output_mode: %s",
                    layer->type->base.name, name != NULL ? name : "None");
}

crn_status crn_category_infer(const crn_layer *layer, const crn_type *in,
                              crn_category_mode mode, int64_t depth, crn_type *out,
                              crn_error *err)
{
    char shape[CRN_SHAPE_TEXT];
    *out = *in;
    out->dtype = mode == CRN_CATEGORY_INT ? CRN_INT64 : CRN_FLOAT32;
    out->itemsize = mode == CRN_CATEGORY_INT ? sizeof(int64_t) : sizeof(float);
    if (mode == CRN_CATEGORY_INT)
        return CRN_OK;
    if (in->ndim < 1 || in->ndim + 2 >= CRN_MAX_NDIM)
        return crn_fail(err, CRN_SHAPE,
                        "Layer \"%s\" expects a batch of samples, each with numbers along an "
                        "axis of its own. Received: %s",
                        layer->name, crn_layer_shape_text(in, shape, sizeof shape));
    if (mode == CRN_CATEGORY_ONE_HOT) {
        if (in->shape[in->ndim - 1] != 1)
            out->ndim++;
    } else {
        for (int32_t i = 1; i < in->ndim; i++)
            out->shape[i - 1] = in->shape[i];
    }
    out->shape[out->ndim - 1] = depth;
    return CRN_OK;
}

crn_value crn_category_lower(crn_graph *graph, crn_value indices, crn_value weights,
                             crn_category_mode mode, int64_t depth)
{
    const crn_bincount_attributes attributes = {.depth = depth,
                                                .binary = mode == CRN_CATEGORY_MULTI_HOT};
    if (mode == CRN_CATEGORY_INT)
        return indices;
    if (mode == CRN_CATEGORY_ONE_HOT)
        return crn_one_hot_index(graph, indices, depth);
    return crn_bincount(graph, indices, weights, &attributes);
}

crn_status crn_category_salt(const crn_layer *layer, const crn_object *salt,
                             crn_token_buckets *out, crn_error *err)
{
    int64_t first = 0, second = 0;
    const bool none = salt == NULL || crn_object_is_none(salt),
               one = crn_object_as_int(salt, &first);
    *out = (crn_token_buckets){.hash = none ? CRN_TOKEN_FARM : CRN_TOKEN_SIP};
    if (one)
        second = first;
    else if (!none && (crn_object_length(salt) != 2 ||
                       !crn_object_as_int(crn_object_item(salt, 0), &first) ||
                       !crn_object_as_int(crn_object_item(salt, 1), &second)))
        return crn_fail(err, CRN_ARGUMENT,
                        "The `salt` argument for `%s` can only be a tuple of size 2 integers, "
                        "or a single integer.",
                        layer->type->base.name);
    out->key[0] = (uint64_t)first;
    out->key[1] = (uint64_t)second;
    return CRN_OK;
}

crn_value crn_category_text(crn_graph *graph, const crn_object *text)
{
    const crn_cell cell = {
        CRN_CELL_TEXT, {.text = text->as.bytes.at}, (int64_t)text->as.bytes.size};
    crn_array cells = CRN_ARRAY_INIT;
    crn_arena *arena = NULL;
    crn_value value = CRN_NO_VALUE;
    if (crn_cells_create(0, NULL, &cells, &arena, &graph->error) == CRN_OK &&
        crn_cell_copy(arena, &cell, cells.data, &graph->error) == CRN_OK)
        value = crn_graph_constant(graph, &cells);
    crn_array_free(&cells);
    return value;
}
