/* SPDX-License-Identifier: BSD-3-Clause */
/* Filling a tree that is to be written: groups, datasets and attributes by path. */
#include "format/hdf5_reader.h"

static crn_status add_member(crn_h5 *h5, crn_h5_node *group, const char *name, size_t size,
                             crn_h5_node **out, crn_error *err)
{
    if (group->is_dataset)
        return crn_fail(err, CRN_ARGUMENT, "\"%s\" is a dataset: it cannot hold \"%.*s\"",
                        group->name, (int)size, name);
    CRN_TRY(crn_h5_node_create(h5, name, size, out, err));
    return crn_h5_node_adopt(group, *out, true, err);
}

crn_status crn_h5_group(crn_h5 *h5, crn_h5_node *from, const char *path, crn_h5_node **out,
                        crn_error *err)
{
    const char *part;
    size_t size;
    crn_h5_node *node = from;
    while (crn_h5_next_part(&path, &part, &size)) {
        crn_h5_node *member = crn_h5_member_find(node, part, size);
        if (member == NULL)
            CRN_TRY(add_member(h5, node, part, size, &member, err));
        node = member;
    }
    if (node->is_dataset)
        return crn_fail(err, CRN_ARGUMENT, "\"%s\" is a dataset, not a group", node->name);
    if (out != NULL)
        *out = node;
    return CRN_OK;
}

/* The array as a dense one of the tree's own reference. */
static crn_status keep_array(const crn_array *array, crn_array *out, crn_error *err)
{
    if (array->owner != NULL && crn_array_is_contiguous(array)) {
        *out = crn_array_share(array);
        return CRN_OK;
    }
    return crn_array_astype(array, array->dtype, out, err);
}

crn_status crn_h5_dataset(crn_h5 *h5, crn_h5_node *from, const char *path,
                          const crn_array *array, crn_h5_node **out, crn_error *err)
{
    const char *last = strrchr(path, '/');
    size_t parent_size = last != NULL ? (size_t)(last - path) : 0;
    const char *name = last != NULL ? last + 1 : path;
    if (!crn_dtype_is_number(array->dtype))
        return crn_fail(err, CRN_DTYPE, "HDF5 dataset \"%s\" cannot hold %s", path,
                        crn_dtype_name(array->dtype));
    if (*name == '\0')
        return crn_fail(err, CRN_ARGUMENT, "\"%s\" does not name an HDF5 dataset", path);

    char *parent_path = crn_arena_text(h5->arena, path, parent_size);
    if (parent_path == NULL)
        return crn_arena_fail(h5->arena, err);
    crn_h5_node *group, *node;
    CRN_TRY(crn_h5_group(h5, from, parent_path, &group, err));
    if (crn_h5_member_find(group, name, strlen(name)) != NULL)
        return crn_fail(err, CRN_ARGUMENT,
                        "unable to create dataset \"%s\": name already exists", path);
    CRN_TRY(add_member(h5, group, name, strlen(name), &node, err));
    node->is_dataset = true;
    CRN_TRY(keep_array(array, &node->array, err));
    if (array->dtype == CRN_BFLOAT16)
        CRN_TRY(crn_h5_set_text(h5, node, "dtype", "bfloat16", 8, true, err));
    if (out != NULL)
        *out = node;
    return CRN_OK;
}

/* ---- attributes ---- */

/* The attribute of that name, emptied, or a new one. */
static crn_status fresh_attribute(crn_h5 *h5, crn_h5_node *node, const char *name,
                                  crn_h5_attribute **out, crn_error *err)
{
    crn_h5_attribute *attribute = (crn_h5_attribute *)crn_h5_attribute_find(node, name);
    const char *copy = crn_arena_text(h5->arena, name, strlen(name));
    if (copy == NULL)
        return crn_arena_fail(h5->arena, err);
    if (attribute == NULL)
        CRN_TRY(crn_h5_attribute_add(node, &attribute, err));
    *attribute = (crn_h5_attribute){.name = copy};
    *out = attribute;
    return CRN_OK;
}

crn_status crn_h5_text_room(crn_h5 *h5, crn_h5_attribute *attribute, size_t count,
                            crn_error *err)
{
    attribute->is_text = true;
    attribute->text = crn_arena_alloc(h5->arena, count, sizeof *attribute->text);
    attribute->text_size = crn_arena_alloc(h5->arena, count, sizeof *attribute->text_size);
    if (attribute->text == NULL || attribute->text_size == NULL)
        return crn_arena_fail(h5->arena, err);
    attribute->text_count = count;
    return CRN_OK;
}

crn_status crn_h5_text_put(crn_h5 *h5, crn_h5_attribute *attribute, size_t i, const char *text,
                           size_t size, crn_error *err)
{
    attribute->text[i] = crn_arena_text(h5->arena, text, size);
    if (attribute->text[i] == NULL)
        return crn_arena_fail(h5->arena, err);
    attribute->text_size[i] = size;
    return CRN_OK;
}

crn_status crn_h5_set_text(crn_h5 *h5, crn_h5_node *node, const char *name, const char *text,
                           size_t size, bool utf8, crn_error *err)
{
    crn_h5_attribute *attribute;
    if (memchr(text, '\0', size) != NULL)
        return crn_fail(err, CRN_ARGUMENT,
                        "VLEN strings do not support embedded NULLs (attribute \"%s\")", name);
    CRN_TRY(fresh_attribute(h5, node, name, &attribute, err));
    attribute->is_scalar = true;
    attribute->variable = true;
    attribute->utf8 = utf8;
    CRN_TRY(crn_h5_text_room(h5, attribute, 1, err));
    return crn_h5_text_put(h5, attribute, 0, text, size, err);
}

crn_status crn_h5_set_number(crn_h5 *h5, crn_h5_node *node, const char *name,
                             const crn_array *array, crn_error *err)
{
    crn_h5_attribute *attribute;
    size_t bytes;
    if (!crn_dtype_is_number(array->dtype) || array->dtype == CRN_BFLOAT16)
        return crn_fail(err, CRN_DTYPE, "HDF5 attribute \"%s\" cannot hold %s", name,
                        crn_dtype_name(array->dtype));
    CRN_TRY(crn_shape_bytes(array->itemsize, array->ndim, array->shape, &bytes, err));
    CRN_TRY(fresh_attribute(h5, node, name, &attribute, err));
    void *data = crn_arena_alloc(h5->arena, bytes, 1);
    if (data == NULL)
        return crn_arena_fail(h5->arena, err);
    CRN_TRY(crn_array_copy_to(array, array->dtype, array->itemsize, data, err));
    attribute->array =
        (crn_array){.data = data, .dtype = array->dtype, .itemsize = array->itemsize};
    crn_array_set_shape(&attribute->array, array->ndim, array->shape);
    return CRN_OK;
}

/* One fixed-length list, as wide on disk as its longest name. */
static crn_status set_part(crn_h5 *h5, crn_h5_node *node, const char *name,
                           const char *const *names, size_t count, crn_error *err)
{
    crn_h5_attribute *attribute;
    CRN_TRY(fresh_attribute(h5, node, name, &attribute, err));
    CRN_TRY(crn_h5_text_room(h5, attribute, count, err));
    for (size_t i = 0; i < count; i++)
        CRN_TRY(crn_h5_text_put(h5, attribute, i, names[i], strlen(names[i]), err));
    return CRN_OK;
}

/* keras/src/legacy/saving/legacy_h5_format.py (3.15), save_attributes_to_hdf5_group: the least
 * number of parts, as numpy.array_split cuts them, of which none is over the limit. */
static crn_status set_split(crn_h5 *h5, crn_h5_node *node, const char *name,
                            const char *const *names, size_t count, size_t most, crn_error *err)
{
    size_t parts = (count + most - 1) / most, first = 0;
    crn_text part_name = CRN_TEXT_INIT;
    crn_status status = CRN_OK;
    for (size_t i = 0; i < parts && status == CRN_OK; i++) {
        size_t length = count / parts + (i < count % parts ? 1 : 0);
        crn_text_clear(&part_name);
        crn_text_printf(&part_name, "%s%zu", name, i);
        status = crn_text_status(&part_name, err);
        if (status == CRN_OK)
            status = set_part(h5, node, part_name.data, names + first, length, err);
        first += length;
    }
    crn_text_free(&part_name);
    return status;
}

crn_status crn_h5_set_names(crn_h5 *h5, crn_h5_node *node, const char *name,
                            const char *const *names, size_t count, crn_error *err)
{
    enum { HDF5_OBJECT_HEADER_LIMIT = 64512 };
    if (count == 0) {
        crn_array empty = crn_array_view_1d("", CRN_FLOAT64, 0);
        return crn_h5_set_number(h5, node, name, &empty, err);
    }
    size_t width = 1;
    for (size_t i = 0; i < count; i++)
        width = strlen(names[i]) > width ? strlen(names[i]) : width;
    if (width > HDF5_OBJECT_HEADER_LIMIT)
        return crn_fail(err, CRN_ARGUMENT,
                        "a name in \"%s\" has %zu bytes; HDF5 attributes hold at most %d", name,
                        width, HDF5_OBJECT_HEADER_LIMIT);
    size_t most = HDF5_OBJECT_HEADER_LIMIT / width;
    if (count <= most)
        return set_part(h5, node, name, names, count, err);
    return set_split(h5, node, name, names, count, most, err);
}
