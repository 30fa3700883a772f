/* SPDX-License-Identifier: BSD-3-Clause */
#include "sklearn/preprocessing/categories.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "format/cells.h"
#include "ops/category.h"
#include "ops/elementwise.h"

const crn_cell crn_infrequent_category = {
    CRN_CELL_TEXT, {.text = "infrequent_sklearn"}, sizeof "infrequent_sklearn" - 1};

/* ---- reading ---- */

/* numpy.result_type of two arrays' types, where OBJECT stands for everything but numbers. */
static crn_dtype promote(crn_dtype a, crn_dtype b)
{
    if (a == b || a == CRN_NO_DTYPE)
        return crn_dtype_is_number(b) ? b : CRN_OBJECT;
    if (!crn_dtype_is_number(a) || !crn_dtype_is_number(b))
        return CRN_OBJECT;
    return crn_dtype_is_float(a) || crn_dtype_is_float(b) ? CRN_FLOAT64 : CRN_INT64;
}

/* Whether float64 tells the value from all others. */
static bool is_real(const crn_cell *cell)
{
    const int64_t exact = (int64_t)1 << 53;
    if (cell->kind == CRN_CELL_FLOAT)
        return true;
    return crn_cell_is_number(cell) && cell->as.integer > -exact && cell->as.integer < exact;
}

/* Appends the categories of one feature, an array or a list. */
static crn_status append_feature(crn_categories *self, int64_t i, const crn_object *list,
                                 crn_arena *arena, int64_t capacity, crn_error *err)
{
    crn_array cells = CRN_ARRAY_INIT;
    const crn_array *array = crn_object_as_array(list);
    crn_status status;
    const int64_t start = self->starts[i];
    CRN_TRY_OR_DONE(crn_cells_of_object(list, &cells, err));
    if (cells.ndim != 1 || cells.shape[0] < 1 || cells.shape[0] > capacity - start)
        CRN_TRY_OR_DONE(crn_fail(err, CRN_FORMAT, "categories_[%lld] is no list of categories",
                                 (long long)i));
    for (int64_t k = 0; k < cells.shape[0]; k++) {
        crn_cell *value = &self->values[start + k];
        CRN_TRY_OR_DONE(crn_cell_copy(arena, (const crn_cell *)cells.data + k, value, err));
        self->are_numbers = self->are_numbers && is_real(value);
        self->group[start + k] = k;
    }
    self->groups[i] = cells.shape[0];
    self->starts[i + 1] = start + cells.shape[0];
    self->common = promote(self->common, array != NULL ? array->dtype : CRN_OBJECT);
done:
    crn_array_free(&cells);
    return status;
}

/* Elements of an array or a list; 0 for all else. */
static int64_t length_of(const crn_object *list)
{
    const crn_array *array = crn_object_as_array(list);
    if (array != NULL)
        return array->ndim == 1 ? array->shape[0] : 0;
    return crn_object_is(list, CRN_OBJ_LIST) || crn_object_is(list, CRN_OBJ_TUPLE)
               ? (int64_t)crn_object_length(list)
               : 0;
}

crn_status crn_categories_read(crn_categories *self, const crn_object *list, crn_arena *arena,
                               crn_error *err)
{
    int64_t total = 0;
    if (!crn_object_is(list, CRN_OBJ_LIST) || crn_object_length(list) == 0)
        return crn_fail(err, CRN_FORMAT, "categories_ is not a list of arrays");
    const int64_t features = (int64_t)crn_object_length(list);
    for (int64_t i = 0; i < features; i++)
        total += length_of(crn_object_item(list, (size_t)i));
    *self = (crn_categories){.features = features, .are_numbers = true};
    self->starts = crn_arena_alloc(arena, (size_t)features + 1, sizeof *self->starts);
    self->values = crn_arena_alloc(arena, (size_t)total, sizeof *self->values);
    self->group = crn_arena_alloc(arena, (size_t)total, sizeof *self->group);
    self->groups = crn_arena_alloc(arena, (size_t)features, sizeof *self->groups);
    self->has_rare = crn_arena_alloc(arena, (size_t)features, sizeof *self->has_rare);
    if (self->starts == NULL || self->values == NULL || self->group == NULL ||
        self->groups == NULL || self->has_rare == NULL)
        return crn_arena_fail(arena, err);
    for (int64_t i = 0; i < features; i++)
        CRN_TRY(append_feature(self, i, crn_object_item(list, (size_t)i), arena, total, err));
    return CRN_OK;
}

/* One feature's mapping from codes to those after grouping; the largest is the rare ones'. A
 * missing category that stands behind the mapping is left alone. */
static crn_status group_feature(crn_categories *self, int64_t i, const crn_object *mapping,
                                crn_error *err)
{
    crn_array codes = CRN_ARRAY_INIT;
    const int64_t start = self->starts[i], count = self->starts[i + 1] - start;
    crn_status status;
    int64_t most = 0;
    CRN_TRY_OR_DONE(crn_cells_of_object(mapping, &codes, err));
    const crn_cell *code = codes.data;
    bool sound = codes.ndim == 1 && codes.shape[0] >= 1 && codes.shape[0] <= count &&
                 codes.shape[0] >= count - 1;
    for (int64_t k = 0; sound && k < codes.shape[0]; k++) {
        sound = code[k].kind == CRN_CELL_INT && code[k].as.integer >= 0 &&
                code[k].as.integer < codes.shape[0];
        most = sound && code[k].as.integer > most ? code[k].as.integer : most;
    }
    if (!sound)
        CRN_TRY_OR_DONE(crn_fail(err, CRN_FORMAT,
                                 "_default_to_infrequent_mappings[%lld] does not fit the "
                                 "categories",
                                 (long long)i));
    for (int64_t k = 0; k < codes.shape[0]; k++)
        self->group[start + k] = code[k].as.integer;
    self->groups[i] = most + 1;
    self->has_rare[i] = true;
done:
    crn_array_free(&codes);
    return status;
}

crn_status crn_categories_group(crn_categories *self, const crn_object *state, crn_error *err)
{
    bool enabled = true;
    const crn_object *mappings = crn_object_get(state, "_default_to_infrequent_mappings");
    crn_object_as_bool(crn_object_get(state, "_infrequent_enabled"), &enabled);
    if (!enabled || mappings == NULL)
        return CRN_OK;
    if (!crn_object_is(mappings, CRN_OBJ_LIST) ||
        (int64_t)crn_object_length(mappings) != self->features)
        return crn_fail(err, CRN_FORMAT,
                        "_default_to_infrequent_mappings is not a list of %lld mappings",
                        (long long)self->features);
    for (int64_t i = 0; i < self->features; i++) {
        const crn_object *mapping = crn_object_item(mappings, (size_t)i);
        if (!crn_object_is_none(mapping))
            CRN_TRY(group_feature(self, i, mapping, err));
    }
    return CRN_OK;
}

/* ---- lowering ---- */

crn_type crn_categories_type(const crn_categories *self)
{
    return crn_type_vector(self->are_numbers ? CRN_FLOAT64 : CRN_OBJECT, self->features);
}

crn_value crn_graph_integers(crn_graph *graph, const int64_t *numbers, int64_t count)
{
    crn_array array = CRN_ARRAY_INIT;
    if (graph->error.code != CRN_OK ||
        crn_array_create(CRN_INT64, 0, 1, &count, &array, &graph->error) != CRN_OK)
        return CRN_NO_VALUE;
    if (count > 0)
        memcpy(array.data, numbers, (size_t)count * sizeof *numbers);
    const crn_value value = crn_graph_constant(graph, &array);
    crn_array_free(&array);
    return value;
}

static crn_status make_table(const crn_cell *const *cells, int64_t count, crn_dtype dtype,
                             crn_array *out, crn_error *err)
{
    crn_array table = CRN_ARRAY_INIT;
    crn_arena *arena = NULL;
    crn_status status;
    CRN_TRY_OR_DONE(crn_cells_create(1, &count, &table, &arena, err));
    for (int64_t i = 0; i < count; i++)
        CRN_TRY_OR_DONE(crn_cell_copy(arena, cells[i], (crn_cell *)table.data + i, err));
    CRN_TRY_OR_DONE(crn_array_astype(&table, dtype, out, err));
done:
    crn_array_free(&table);
    return status;
}

crn_value crn_categories_table(crn_graph *graph, const crn_cell *const *cells, int64_t count,
                               crn_dtype dtype)
{
    crn_array table = CRN_ARRAY_INIT;
    if (graph->error.code != CRN_OK ||
        make_table(cells, count, dtype, &table, &graph->error) != CRN_OK)
        return CRN_NO_VALUE;
    const crn_value value = crn_graph_constant(graph, &table);
    crn_array_free(&table);
    return value;
}

crn_value crn_categories_names(const crn_categories *self, crn_graph *graph)
{
    const int64_t total = self->starts[self->features];
    const crn_cell **cells = crn_calloc((size_t)total + 1, sizeof *cells);
    if (cells == NULL)
        return crn_graph_fail(graph, CRN_NO_MEMORY, "no memory for %lld categories",
                              (long long)total);
    for (int64_t i = 0; i < total; i++)
        cells[i] = &self->values[i];
    const crn_value names = crn_categories_table(graph, cells, total, CRN_OBJECT);
    free(cells);
    return names;
}

static int compare_places(const void *a, const void *b)
{
    return crn_cell_compare(*(const crn_cell *const *)a, *(const crn_cell *const *)b);
}

void crn_categories_sorted(const crn_categories *self, crn_graph *graph, crn_dtype dtype,
                           crn_value *keys, crn_value *slots)
{
    const int64_t total = self->starts[self->features];
    const crn_cell **sorted = crn_calloc((size_t)total, sizeof *sorted);
    int64_t *places = crn_calloc((size_t)total, sizeof *places);
    *keys = *slots = CRN_NO_VALUE;
    if (sorted == NULL || places == NULL) {
        crn_no_memory(&graph->error);
        goto done;
    }
    for (int64_t k = 0; k < total; k++)
        sorted[k] = &self->values[k];
    for (int64_t i = 0; i < self->features; i++)
        qsort(sorted + self->starts[i], (size_t)(self->starts[i + 1] - self->starts[i]),
              sizeof *sorted, compare_places);
    for (int64_t k = 0; k < total; k++)
        places[k] = sorted[k] - self->values;
    *keys = crn_categories_table(graph, sorted, total, dtype);
    *slots = crn_graph_integers(graph, places, total);
done:
    free(sorted);
    free(places);
}

crn_value crn_categories_slots(const crn_categories *self, crn_graph *graph, crn_value x,
                               bool refuse_unknown)
{
    const crn_dtype dtype = self->are_numbers ? CRN_FLOAT64 : CRN_OBJECT;
    crn_value keys, slots;
    crn_categories_sorted(self, graph, dtype, &keys, &slots);
    return crn_category(graph, crn_cast(graph, x, dtype), keys, slots,
                        crn_graph_integers(graph, self->starts, self->features + 1),
                        refuse_unknown);
}
