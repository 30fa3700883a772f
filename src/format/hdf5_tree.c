/* SPDX-License-Identifier: BSD-3-Clause */
/* The tree of groups, datasets and attributes in memory: made, asked and taken down. */
#include <stdlib.h>

#include "format/hdf5_reader.h"

crn_status crn_h5_tree_create(uint64_t memory_bytes, crn_h5 **out, crn_error *err)
{
    crn_h5 *h5 = crn_calloc(1, sizeof *h5);
    if (h5 == NULL)
        return crn_no_memory(err);
    crn_h5_node *root;
    crn_status status = CRN_OK;
    h5->arena = crn_arena_create(memory_bytes);
    if (h5->arena == NULL)
        status = crn_no_memory(err);
    if (status == CRN_OK)
        status = crn_h5_node_create(h5, "", 0, &root, err);
    if (status == CRN_OK)
        *out = h5;
    else
        crn_h5_destroy(h5);
    return status;
}

crn_status crn_h5_create(crn_h5 **out, crn_error *err)
{
    return crn_h5_tree_create(0, out, err);
}

void crn_h5_destroy(crn_h5 *h5)
{
    if (h5 == NULL)
        return;
    for (size_t i = 0; i < h5->node_count; i++) {
        crn_array_free(&h5->nodes[i]->array);
        free(h5->nodes[i]->children);
        free(h5->nodes[i]->attributes);
    }
    free(h5->nodes);
    crn_arena_destroy(h5->arena);
    free(h5);
}

crn_status crn_h5_node_create(crn_h5 *h5, const char *name, size_t size, crn_h5_node **out,
                              crn_error *err)
{
    crn_h5_node *node = crn_arena_alloc(h5->arena, 1, sizeof *node);
    if (node == NULL)
        return crn_arena_fail(h5->arena, err);
    node->name = crn_arena_text(h5->arena, name, size);
    if (node->name == NULL)
        return crn_arena_fail(h5->arena, err);
    node->offset = CRN_NO_OFFSET;
    CRN_TRY(crn_grow((void **)&h5->nodes, &h5->node_capacity, h5->node_count, sizeof *h5->nodes,
                     err));
    node->index = h5->node_count;
    h5->nodes[h5->node_count++] = node;
    *out = node;
    return CRN_OK;
}

/* ---- asking ---- */

crn_h5_node *crn_h5_root(crn_h5 *h5)
{
    return h5->nodes[0];
}

/* The order of HDF5's names: bytes, the shorter first. */
static int compare_name(const crn_h5_node *node, const char *name, size_t size)
{
    int order = strncmp(node->name, name, size);
    return order != 0 ? order : node->name[size] != '\0';
}

/* The first member that is not before `name`. */
static size_t lower_bound(const crn_h5_node *group, const char *name, size_t size)
{
    size_t low = 0, high = group->child_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (compare_name(group->children[middle], name, size) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

crn_h5_node *crn_h5_member_find(const crn_h5_node *group, const char *name, size_t size)
{
    size_t i = lower_bound(group, name, size);
    bool found = i < group->child_count && compare_name(group->children[i], name, size) == 0;
    return found ? group->children[i] : NULL;
}

bool crn_h5_next_part(const char **path, const char **part, size_t *size)
{
    *part = *path + strspn(*path, "/");
    *size = strcspn(*part, "/");
    *path = *part + *size;
    return *size > 0;
}

crn_h5_node *crn_h5_find(const crn_h5_node *from, const char *path)
{
    const char *part;
    size_t size;
    crn_h5_node *node = (crn_h5_node *)from;
    while (node != NULL && crn_h5_next_part(&path, &part, &size))
        node = crn_h5_member_find(node, part, size);
    return node;
}

void crn_h5_path(const crn_h5_node *node, crn_text *out)
{
    if (node->parent == NULL) {
        crn_text_add_char(out, '/');
        return;
    }
    /* From the leaf up, each part is put before what is there: depth is small, names are short.
     */
    size_t size = 0;
    for (const crn_h5_node *at = node; at->parent != NULL; at = at->parent)
        size += strlen(at->name) + 1;
    char *path = malloc(size);
    if (path == NULL) {
        out->status = CRN_NO_MEMORY;
        return;
    }
    size_t end = size;
    for (const crn_h5_node *at = node; at->parent != NULL; at = at->parent) {
        size_t length = strlen(at->name);
        path[--end] = '/';
        end -= length;
        memcpy(path + end, at->name, length);
    }
    crn_text_add_bytes(out, path, size - 1);
    free(path);
}

crn_status crn_h5_where(const crn_h5_node *node, crn_status status, crn_error *err)
{
    crn_text path = CRN_TEXT_INIT;
    if (err == NULL || err->where[0] != '\0')
        return status;
    crn_h5_path(node, &path);
    if (path.status == CRN_OK)
        crn_where(err, "%s", path.data);
    crn_text_free(&path);
    return status;
}

const crn_h5_attribute *crn_h5_attribute_find(const crn_h5_node *node, const char *name)
{
    for (size_t i = 0; i < node->attribute_count; i++)
        if (strcmp(node->attributes[i].name, name) == 0)
            return &node->attributes[i];
    return NULL;
}

const char *crn_h5_attribute_text(const crn_h5_node *node, const char *name)
{
    const crn_h5_attribute *attribute = crn_h5_attribute_find(node, name);
    bool one = attribute != NULL && attribute->is_text && attribute->text_count == 1;
    return one ? attribute->text[0] : NULL;
}

crn_status crn_h5_dataset_array(const crn_h5_node *node, crn_array *out, crn_error *err)
{
    crn_status status;
    if (!node->is_dataset)
        status =
            crn_fail_at(err, CRN_FORMAT, node->offset, "a group where a dataset is expected");
    else if (node->refused != NULL)
        status = crn_fail_at(err, CRN_UNSUPPORTED, node->offset, "%s", node->refused);
    else if (node->text.is_text)
        status = crn_fail_at(err, CRN_DTYPE, node->offset, "text where numbers are expected");
    else {
        *out = crn_array_share(&node->array);
        return CRN_OK;
    }
    return crn_h5_where(node, status, err);
}

/* ---- growing ---- */

crn_status crn_h5_node_adopt(crn_h5_node *group, crn_h5_node *child, bool sorted,
                             crn_error *err)
{
    CRN_TRY(crn_grow((void **)&group->children, &group->child_capacity, group->child_count,
                     sizeof *group->children, err));
    size_t i =
        sorted ? lower_bound(group, child->name, strlen(child->name)) : group->child_count;
    memmove(group->children + i + 1, group->children + i,
            (group->child_count - i) * sizeof *group->children);
    group->children[i] = child;
    group->child_count++;
    child->parent = group;
    return CRN_OK;
}

crn_status crn_h5_attribute_add(crn_h5_node *node, crn_h5_attribute **out, crn_error *err)
{
    CRN_TRY(crn_grow((void **)&node->attributes, &node->attribute_capacity,
                     node->attribute_count, sizeof *node->attributes, err));
    *out = &node->attributes[node->attribute_count++];
    **out = (crn_h5_attribute){.name = ""};
    return CRN_OK;
}
