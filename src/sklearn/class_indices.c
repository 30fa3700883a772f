/* SPDX-License-Identifier: BSD-3-Clause */
/* Labels as indices into the classes of a whole ensemble. A classifier ends in a `take` of its
 * own classes_: what it takes from is mapped once, instead of each row's label. */
#include <string.h>

#include "model/model.h"
#include "ops/elementwise.h"
#include "ops/rows.h"
#include "sklearn/children.h"

/* The kinds that labels are compared in. */
static crn_dtype kind_of(crn_dtype dtype)
{
    if (dtype == CRN_STRING)
        return CRN_STRING;
    return crn_dtype_is_float(dtype) ? CRN_FLOAT64 : CRN_INT64;
}

/* Labels and classes as one kind: numbers as float64 where one of them is. */
static crn_status as_kind(const crn_array *labels, crn_dtype kind, crn_array *out,
                          crn_error *err)
{
    if (kind == CRN_STRING) {
        *out = crn_array_share(labels);
        return CRN_OK;
    }
    return crn_array_astype(labels, kind, out, err);
}

static uint32_t code_point(const crn_array *strings, int64_t i, int64_t k)
{
    uint32_t value = 0;
    if (k < strings->itemsize / (int64_t)sizeof value)
        memcpy(&value,
               (const char *)strings->data + i * strings->strides[0] +
                   k * (int64_t)sizeof value,
               sizeof value);
    return value;
}

/* The sign of a[i] - b[j]: strings by code point, the shorter padded with 0. */
static int compare(const crn_array *a, int64_t i, const crn_array *b, int64_t j)
{
    if (a->dtype == CRN_STRING) {
        const int64_t longest = a->itemsize > b->itemsize ? a->itemsize : b->itemsize;
        for (int64_t k = 0; k < longest / (int64_t)sizeof(uint32_t); k++) {
            const uint32_t x = code_point(a, i, k), y = code_point(b, j, k);
            if (x != y)
                return x < y ? -1 : 1;
        }
        return 0;
    }
    if (a->dtype == CRN_INT64) {
        const int64_t x = ((const int64_t *)a->data)[i], y = ((const int64_t *)b->data)[j];
        return (x > y) - (x < y);
    }
    const double x = ((const double *)a->data)[i], y = ((const double *)b->data)[j];
    return (x > y) - (x < y);
}

/* Where label i stands in the sorted classes; -1: nowhere. */
static int64_t find(const crn_array *some, int64_t i, const crn_array *all)
{
    int64_t low = 0, high = all->shape[0];
    while (low < high) {
        const int64_t middle = low + (high - low) / 2;
        const int sign = compare(some, i, all, middle);
        if (sign == 0)
            return middle;
        if (sign < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return -1;
}

static bool is_labels(const crn_array *labels)
{
    return labels->data != NULL && labels->ndim == 1 &&
           (labels->dtype == CRN_STRING || crn_dtype_is_number(labels->dtype));
}

/* The kind for both; CRN_NO_DTYPE where strings meet numbers. */
static crn_dtype common_kind(crn_dtype a, crn_dtype b)
{
    const crn_dtype one = kind_of(a), other = kind_of(b);
    if (one == other)
        return one;
    return one == CRN_STRING || other == CRN_STRING ? CRN_NO_DTYPE : CRN_FLOAT64;
}

crn_status crn_classes_find(const crn_array *some, const crn_array *all, int64_t *places,
                            crn_error *err)
{
    crn_array labels = CRN_ARRAY_INIT, classes = CRN_ARRAY_INIT;
    crn_status status = CRN_OK;
    if (!is_labels(some) || !is_labels(all))
        return crn_fail(err, CRN_FORMAT, "classes_ is not a vector of numbers or strings");
    const crn_dtype kind = common_kind(some->dtype, all->dtype);
    if (kind == CRN_NO_DTYPE)
        return crn_fail(err, CRN_FORMAT, "classes of %s among classes of %s",
                        crn_dtype_name(some->dtype), crn_dtype_name(all->dtype));
    CRN_TRY_OR_DONE(as_kind(some, kind, &labels, err));
    CRN_TRY_OR_DONE(as_kind(all, kind, &classes, err));
    for (int64_t i = 0; i < labels.shape[0]; i++) {
        places[i] = find(&labels, i, &classes);
        if (places[i] < 0)
            CRN_TRY_OR_DONE(crn_fail(err, CRN_FORMAT,
                                     "class %lld of an estimator is none of classes_",
                                     (long long)i));
    }
done:
    crn_array_free(&labels);
    crn_array_free(&classes);
    return status;
}

crn_status crn_classes_check(const crn_array *classes, int64_t least, crn_error *err)
{
    if (!is_labels(classes) || classes->shape[0] < least)
        return crn_fail(err, CRN_FORMAT, "classes_ is not a list of at least %lld classes",
                        (long long)least);
    crn_array sorted = CRN_ARRAY_INIT;
    CRN_TRY(as_kind(classes, kind_of(classes->dtype), &sorted, err));
    bool rising = true;
    for (int64_t i = 1; i < sorted.shape[0]; i++)
        rising = rising && compare(&sorted, i - 1, &sorted, i) < 0;
    crn_array_free(&sorted);
    return rising ? CRN_OK : crn_fail(err, CRN_FORMAT, "classes_ is not sorted");
}

/* ---- in the graph ---- */

/* The constant vector that a classifier's labels are taken from; NULL: they come otherwise. */
static const crn_array *table_of(const crn_graph *graph, crn_value labels, crn_value *index)
{
    const crn_value_info *info = &graph->values[labels];
    if (info->role != CRN_VALUE_NODE || graph->nodes[info->node].op != &crn_op_take)
        return NULL;
    const crn_graph_node *node = &graph->nodes[info->node];
    const crn_value_info *table = &graph->values[node->in[0]];
    *index = node->in[1];
    return table->role == CRN_VALUE_CONSTANT && table->array.ndim == 1 ? &table->array : NULL;
}

/* index -> places[index]; the index itself where that is the same. */
static crn_value mapped(crn_graph *graph, crn_value index, const int64_t *places, int64_t n)
{
    bool same = true;
    crn_array table = CRN_ARRAY_INIT;
    for (int64_t i = 0; i < n; i++)
        same = same && places[i] == i;
    if (same)
        return index;
    if (crn_array_create(CRN_INT64, 0, 1, &n, &table, &graph->error) != CRN_OK)
        return CRN_NO_VALUE;
    memcpy(table.data, places, (size_t)n * sizeof *places);
    const crn_value constant = crn_graph_constant(graph, &table);
    crn_array_free(&table);
    return crn_take(graph, constant, index);
}

/* Labels that are no child's classes: looked up one by one. */
static crn_value looked_up(crn_graph *graph, crn_value labels, const crn_array *classes)
{
    const crn_dtype kind = common_kind(crn_graph_type(graph, labels)->dtype, classes->dtype);
    if (kind == CRN_NO_DTYPE)
        return crn_graph_fail(graph, CRN_FORMAT, "labels and classes_ are of different kinds");
    crn_array table = CRN_ARRAY_INIT;
    if (as_kind(classes, kind, &table, &graph->error) != CRN_OK)
        return CRN_NO_VALUE;
    const crn_value constant = crn_graph_constant(graph, &table);
    crn_array_free(&table);
    if (kind != CRN_STRING)
        labels = crn_cast(graph, labels, kind);
    return crn_lookup(graph, constant, labels);
}

crn_value crn_class_indices(crn_graph *graph, crn_value labels, const crn_array *classes)
{
    if (graph->error.code != CRN_OK || labels == CRN_NO_VALUE)
        return CRN_NO_VALUE;
    crn_value index = CRN_NO_VALUE;
    const crn_array *table = table_of(graph, labels, &index);
    if (table == NULL)
        return looked_up(graph, labels, classes);
    const int64_t n = table->shape[0];
    int64_t *places = crn_arena_alloc(graph->arena, (size_t)n, sizeof *places);
    if (places == NULL)
        return crn_graph_fail(graph, CRN_NO_MEMORY, "out of memory");
    if (crn_classes_find(table, classes, places, &graph->error) != CRN_OK)
        return CRN_NO_VALUE;
    return mapped(graph, index, places, n);
}

crn_value crn_class_codes(crn_graph *graph, crn_value labels, int64_t n)
{
    crn_array codes = CRN_ARRAY_INIT;
    if (crn_array_create(CRN_INT64, 0, 1, &n, &codes, &graph->error) != CRN_OK)
        return CRN_NO_VALUE;
    for (int64_t i = 0; i < n; i++)
        ((int64_t *)codes.data)[i] = i;
    const crn_value indices = crn_class_indices(graph, labels, &codes);
    crn_array_free(&codes);
    return indices;
}

/* ---- labels of several targets ---- */

/* Strings that are taken from a table, taken from a wider one. */
static crn_value widened(crn_graph *graph, crn_value labels, int64_t itemsize)
{
    crn_value index = CRN_NO_VALUE;
    const crn_array *narrow = table_of(graph, labels, &index);
    if (crn_graph_type(graph, labels)->itemsize == itemsize)
        return labels;
    if (narrow == NULL)
        return crn_graph_fail(graph, CRN_UNSUPPORTED, "strings of different widths");
    crn_array wide = CRN_ARRAY_INIT;
    if (crn_array_create(CRN_STRING, itemsize, 1, narrow->shape, &wide, &graph->error) !=
        CRN_OK)
        return CRN_NO_VALUE;
    for (int64_t i = 0; i < narrow->shape[0]; i++)
        memcpy((char *)wide.data + i * itemsize,
               (const char *)narrow->data + i * narrow->strides[0], (size_t)narrow->itemsize);
    const crn_value table = crn_graph_constant(graph, &wide);
    crn_array_free(&wide);
    return crn_take(graph, table, index);
}

crn_value crn_stack_labels(crn_graph *graph, crn_value *values, int64_t count)
{
    bool same = true;
    int64_t widest = 0;
    crn_dtype kind = kind_of(crn_graph_type(graph, values[0])->dtype);
    for (int64_t i = 0; i < count; i++) {
        const crn_type *type = crn_graph_type(graph, values[i]);
        same = same && type->dtype == crn_graph_type(graph, values[0])->dtype;
        kind = common_kind(kind, type->dtype);
        widest = type->itemsize > widest ? type->itemsize : widest;
        if (kind == CRN_NO_DTYPE)
            return crn_graph_fail(graph, CRN_UNSUPPORTED, "strings and numbers as labels");
    }
    for (int64_t i = 0; i < count; i++) {
        if (kind == CRN_STRING)
            values[i] = widened(graph, values[i], widest);
        else if (!same)
            values[i] = crn_cast(graph, values[i], kind);
    }
    return crn_stack(graph, values, count);
}
