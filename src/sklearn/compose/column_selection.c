/* SPDX-License-Identifier: BSD-3-Clause */
#include "sklearn/compose/column_selection.h"

#include <string.h>

#include "format/cells.h"

const crn_object *crn_columns_plain(const crn_object *columns)
{
    const crn_object *cls =
        crn_object_is(columns, CRN_OBJ_INSTANCE) ? crn_object_class(columns) : NULL;
    const crn_object *data = NULL;
    if (cls != NULL && crn_object_is_str(cls->as.global.name, "_RemainderColsList"))
        data = crn_object_get(columns->as.instance->state, "data");
    else if (cls != NULL && crn_object_is_str(cls->as.global.name, "_new_Index"))
        data = crn_object_get(crn_object_item(columns->as.instance->args, 1), "data");
    return data != NULL ? data : columns;
}

/* ---- one column ---- */

static crn_status find_name(const crn_cell *name, int64_t features, const char *const *names,
                            int64_t *out, crn_error *err)
{
    for (int64_t i = 0; names != NULL && i < features; i++) {
        if (strlen(names[i]) == name->size &&
            memcmp(names[i], name->as.text, name->size) == 0) {
            *out = i;
            return CRN_OK;
        }
    }
    return crn_fail(err, CRN_FORMAT, "there is no column '%.*s'",
                    (int)(name->size < 100 ? name->size : 100), name->as.text);
}

/* A number, which may count from the end, or a name. */
static crn_status find_column(const crn_cell *column, int64_t features,
                              const char *const *names, int64_t *out, crn_error *err)
{
    if (column->kind == CRN_CELL_TEXT)
        return find_name(column, features, names, out, err);
    const int64_t index = column->kind != CRN_CELL_INT ? features
                          : column->as.integer < 0     ? column->as.integer + features
                                                       : column->as.integer;
    if (index < 0 || index >= features)
        return crn_fail(err, CRN_FORMAT, "no column of %lld features: %lld",
                        (long long)features, (long long)column->as.integer);
    *out = index;
    return CRN_OK;
}

/* ---- slices ---- */

static bool is_slice(const crn_object *object)
{
    return crn_object_is(object, CRN_OBJ_INSTANCE) &&
           crn_object_is_global(object->as.instance->callable, "builtins", "slice") &&
           crn_object_length(object->as.instance->args) == 3;
}

/* An end of a slice as Python's slice.indices() has it; the end by name is inclusive. */
static crn_status slice_end(const crn_object *end, int64_t fallback, bool is_stop,
                            int64_t features, const char *const *names, int64_t *out,
                            crn_error *err)
{
    int64_t number;
    *out = fallback;
    if (crn_object_is_none(end))
        return CRN_OK;
    if (crn_object_text(end) != NULL) {
        const crn_cell name = {CRN_CELL_TEXT, {.text = end->as.bytes.at}, end->as.bytes.size};
        CRN_TRY(find_name(&name, features, names, out, err));
        *out += is_stop;
        return CRN_OK;
    }
    if (!crn_object_as_int(end, &number))
        return crn_fail(err, CRN_FORMAT, "a slice of columns ends in a %s",
                        crn_object_kind_name(end));
    number += number < 0 ? features : 0;
    *out = number < 0 ? 0 : number > features ? features : number;
    return CRN_OK;
}

static crn_status select_slice(const crn_object *slice, int64_t features,
                               const char *const *names, crn_column_selection *out,
                               crn_error *err)
{
    const crn_object *args = slice->as.instance->args, *by = crn_object_item(args, 2);
    int64_t start, stop, step = 1;
    if (!crn_object_is_none(by) && (!crn_object_as_int(by, &step) || step < 1))
        return crn_fail(err, CRN_UNSUPPORTED, "a slice of columns with a step that is not > 0");
    CRN_TRY(slice_end(crn_object_item(args, 0), 0, false, features, names, &start, err));
    CRN_TRY(slice_end(crn_object_item(args, 1), features, true, features, names, &stop, err));
    for (int64_t i = start; i < stop; i += step < stop - i ? step : stop - i)
        out->at[out->count++] = i;
    return CRN_OK;
}

/* ---- lists ---- */

static crn_status select_list(const crn_array *cells, int64_t features,
                              const char *const *names, crn_arena *arena,
                              crn_column_selection *out, crn_error *err)
{
    const crn_cell *cell = cells->data;
    const int64_t n = crn_array_size(cells);
    const bool mask = n > 0 && cell[0].kind == CRN_CELL_BOOL;
    if (cells->ndim > 1 || (mask && n != features))
        return crn_fail(err, CRN_FORMAT, "columns are no list of %lld features",
                        (long long)features);
    out->at = crn_arena_alloc(arena, (size_t)n, sizeof *out->at);
    if (out->at == NULL)
        return crn_arena_fail(arena, err);
    for (int64_t i = 0; i < n; i++) {
        if (mask && cell[i].as.integer != 0)
            out->at[out->count++] = i;
        else if (!mask)
            CRN_TRY(find_column(&cell[i], features, names, &out->at[out->count++], err));
    }
    return CRN_OK;
}

/* A number or a name alone is a list of one. */
static crn_status cells_of_columns(const crn_object *columns, crn_array *out, bool *is_scalar,
                                   crn_error *err)
{
    const crn_array *array = crn_object_as_array(columns);
    crn_arena *arena = NULL;
    *is_scalar = array != NULL ? array->ndim == 0
                               : !crn_object_is(columns, CRN_OBJ_LIST) &&
                                     !crn_object_is(columns, CRN_OBJ_TUPLE);
    if (!*is_scalar || array != NULL)
        return crn_cells_of_object(columns, out, err);
    CRN_TRY(crn_cells_create(0, NULL, out, &arena, err));
    crn_status status = crn_cell_of_object(columns, arena, out->data, err);
    if (status != CRN_OK)
        crn_array_free(out);
    return status;
}

crn_status crn_columns_select(const crn_object *columns, int64_t features,
                              const char *const *names, crn_arena *arena,
                              crn_column_selection *out, crn_error *err)
{
    crn_array cells = CRN_ARRAY_INIT;
    crn_status status;
    columns = crn_columns_plain(columns);
    *out = (crn_column_selection){0};
    if (columns == NULL || crn_object_is_none(columns))
        return CRN_OK; /* a remainder of 0.20 without columns */
    if (is_slice(columns)) {
        out->at = crn_arena_alloc(arena, (size_t)features, sizeof *out->at);
        if (out->at == NULL)
            return crn_arena_fail(arena, err);
        return select_slice(columns, features, names, out, err);
    }
    if (crn_object_is(columns, CRN_OBJ_GLOBAL) ||
        (crn_object_is(columns, CRN_OBJ_INSTANCE) && crn_object_as_array(columns) == NULL))
        return crn_fail(err, CRN_UNSUPPORTED, "columns=<callable> is not supported");
    CRN_TRY_OR_DONE(cells_of_columns(columns, &cells, &out->is_vector, err));
    CRN_TRY_OR_DONE(select_list(&cells, features, names, arena, out, err));
done:
    crn_array_free(&cells);
    return status;
}

int64_t crn_columns_largest(const crn_object *columns)
{
    crn_array cells = CRN_ARRAY_INIT;
    bool is_scalar;
    int64_t largest = -1;
    columns = crn_columns_plain(columns);
    if (columns == NULL || is_slice(columns) ||
        cells_of_columns(columns, &cells, &is_scalar, NULL) != CRN_OK)
        return -1;
    const crn_cell *cell = cells.data;
    for (int64_t i = 0; i < crn_array_size(&cells); i++) {
        const int64_t index = cell[i].kind == CRN_CELL_BOOL  ? i
                              : cell[i].kind == CRN_CELL_INT ? cell[i].as.integer
                                                             : -1;
        largest = index > largest ? index : largest;
    }
    crn_array_free(&cells);
    return largest;
}
