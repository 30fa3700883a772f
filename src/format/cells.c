/* SPDX-License-Identifier: BSD-3-Clause */
/* Cells from Python objects and from JSON. */
#include "format/cells.h"

#include <math.h>
#include <string.h>

#include "base/limits.h"
#include "format/json.h"
#include "format/python_int.h"

/* ---- from objects ---- */

static crn_status cell_of(const crn_object *object, int depth, crn_arena *arena, crn_cell *out,
                          crn_error *err);

/* Recursion as deep as CRN_CELL_MAX_DEPTH. */
static crn_status cell_of_items(const crn_object *object, int depth, crn_arena *arena,
                                crn_cell *out, crn_error *err)
{
    const bool dict = object->kind == CRN_OBJ_DICT;
    const crn_object_items *items = &object->as.items;
    if (depth >= CRN_CELL_MAX_DEPTH)
        return crn_fail(err, CRN_LIMIT, "lists are nested deeper than %d", CRN_CELL_MAX_DEPTH);
    crn_cell *cells = crn_arena_alloc(arena, items->count, sizeof *cells);
    if (cells == NULL)
        return crn_arena_fail(arena, err);
    for (size_t i = 0; i < items->count; i++)
        CRN_TRY(cell_of(items->at[i], depth + 1, arena, &cells[i], err));
    *out = (crn_cell){dict ? CRN_CELL_DICT : CRN_CELL_LIST,
                      {.items = cells},
                      dict ? items->count / 2 : items->count};
    return CRN_OK;
}

/* An integer beyond int64, rounded once, through its digits. */
static crn_status cell_of_long(const crn_object *object, crn_cell *out, crn_error *err)
{
    crn_text digits = CRN_TEXT_INIT;
    const uint8_t *bytes = (const uint8_t *)object->as.bytes.at;
    out->kind = CRN_CELL_FLOAT;
    const bool read = crn_int_add_decimal(&digits, bytes, object->as.bytes.size) &&
                      crn_parse_double(digits.data, digits.size, &out->as.real);
    crn_text_free(&digits);
    return read ? CRN_OK : crn_fail(err, CRN_LIMIT, "an integer has too many digits");
}

static crn_status cell_of_text(const crn_object *object, crn_arena *arena, crn_cell *out,
                               crn_error *err)
{
    const crn_cell cell = {CRN_CELL_TEXT, {.text = object->as.bytes.at}, object->as.bytes.size};
    return crn_cell_copy(arena, &cell, out, err);
}

/* Python's scalars and NumPy's. */
static bool cell_of_scalar(const crn_object *object, crn_cell *out)
{
    bool boolean;
    *out = (crn_cell){.kind = CRN_CELL_NONE};
    if (crn_object_is_none(object))
        return true;
    if (crn_object_as_bool(object, &boolean)) {
        *out = (crn_cell){CRN_CELL_BOOL, {.integer = boolean}, 0};
        return true;
    }
    out->kind = CRN_CELL_INT;
    if (crn_object_as_int(object, &out->as.integer))
        return true;
    out->kind = CRN_CELL_FLOAT;
    return object->kind != CRN_OBJ_LONG && crn_object_as_double(object, &out->as.real);
}

/* numpy.str_, which pickles as a scalar of a dtype, reads as an array without axes. */
static bool cell_of_numpy_text(const crn_object *object, crn_arena *arena, crn_cell *out,
                               crn_status *status, crn_error *err)
{
    const crn_array *array = crn_object_as_array(object);
    crn_array cells = CRN_ARRAY_INIT;
    if (array == NULL || array->ndim != 0 || array->dtype != CRN_STRING)
        return false;
    *status = crn_cells_of_array(array, &cells, err);
    if (*status == CRN_OK)
        *status = crn_cell_copy(arena, cells.data, out, err);
    crn_array_free(&cells);
    return true;
}

static crn_status cell_of(const crn_object *object, int depth, crn_arena *arena, crn_cell *out,
                          crn_error *err)
{
    crn_status status;
    if (object == NULL)
        return crn_fail(err, CRN_FORMAT, "a value is missing");
    switch (object->kind) {
    case CRN_OBJ_STR:
        return cell_of_text(object, arena, out, err);
    case CRN_OBJ_LONG:
        return cell_of_long(object, out, err);
    case CRN_OBJ_LIST:
    case CRN_OBJ_TUPLE:
    case CRN_OBJ_DICT:
        return cell_of_items(object, depth, arena, out, err);
    default:
        if (cell_of_scalar(object, out))
            return CRN_OK;
        if (cell_of_numpy_text(object, arena, out, &status, err))
            return status;
        return crn_fail_at(err, CRN_UNSUPPORTED, object->offset, "%s is no value of a row",
                           crn_object_kind_name(object));
    }
}

crn_status crn_cell_of_object(const crn_object *object, crn_arena *arena, crn_cell *out,
                              crn_error *err)
{
    return cell_of(object, 0, arena, out, err);
}

/* The items of a list, as cells of a shape that they fill. */
static crn_status cells_of_items(const crn_object *items, int32_t ndim, const int64_t *shape,
                                 crn_array *out, crn_error *err)
{
    crn_array cells = CRN_ARRAY_INIT;
    crn_arena *arena = NULL;
    crn_status status = CRN_OK;
    CRN_TRY(crn_cells_create(ndim, shape, &cells, &arena, err));
    const int64_t count = crn_array_size(&cells);
    if (count != (int64_t)crn_object_length(items))
        CRN_TRY_OR_DONE(crn_fail(err, CRN_FORMAT,
                                 "an array has another number of objects"
                                 " than its shape says"));
    for (int64_t i = 0; i < count; i++)
        CRN_TRY_OR_DONE(
            crn_cell_of_object(items->as.items.at[i], arena, (crn_cell *)cells.data + i, err));
    *out = cells;
    cells.owner = NULL;
done:
    crn_array_free(&cells);
    return status;
}

crn_status crn_cells_of_object(const crn_object *object, crn_array *out, crn_error *err)
{
    const crn_array *array = crn_object_as_array(object);
    if (array != NULL && array->dtype == CRN_OBJECT)
        return cells_of_items(object->as.instance->elements, array->ndim, array->shape, out,
                              err);
    if (array != NULL)
        return crn_cells_of_array(array, out, err);
    if (!crn_object_is(object, CRN_OBJ_LIST) && !crn_object_is(object, CRN_OBJ_TUPLE))
        return crn_fail(err, CRN_FORMAT, "expected an array or a list, got %s",
                        object != NULL ? crn_object_kind_name(object) : "nothing");
    const int64_t count = (int64_t)crn_object_length(object);
    return cells_of_items(object, 1, &count, out, err);
}

/* ---- from JSON ---- */

static crn_status list_cells(const char *text, size_t size, const crn_limits *limits,
                             crn_array *out, crn_error *err)
{
    crn_document *document = NULL;
    crn_object *list = NULL;
    crn_status status;
    CRN_TRY_OR_DONE(crn_document_create(limits, &document, err));
    CRN_TRY_OR_DONE(crn_json_read(document, text, size, limits, &list, err));
    if (!crn_object_is(list, CRN_OBJ_LIST))
        CRN_TRY_OR_DONE(crn_fail(err, CRN_FORMAT, "a JSON table is a list of rows, not a %s",
                                 crn_object_kind_name(list)));
    CRN_TRY_OR_DONE(crn_cells_of_object(list, out, err));
done:
    crn_document_release(document);
    return status;
}

/* The next line that is not blank, without its end; false at the end. */
static bool next_line(const char **at, const char *end, const char **line, size_t *size)
{
    while (*at < end) {
        const char *stop = memchr(*at, '\n', (size_t)(end - *at));
        *line = *at;
        *size = (size_t)((stop != NULL ? stop : end) - *at);
        *at += *size + (stop != NULL);
        for (size_t i = 0; i < *size; i++) {
            if (strchr(" \t\r", (*line)[i]) == NULL)
                return true;
        }
    }
    return false;
}

static crn_status read_line(const char *line, size_t size, const crn_limits *limits,
                            crn_arena *arena, crn_cell *out, crn_error *err)
{
    crn_document *document = NULL;
    crn_object *row = NULL;
    crn_status status;
    CRN_TRY_OR_DONE(crn_document_create(limits, &document, err));
    CRN_TRY_OR_DONE(crn_json_read(document, line, size, limits, &row, err));
    CRN_TRY_OR_DONE(crn_cell_of_object(row, arena, out, err));
done:
    crn_document_release(document);
    return status;
}

static crn_status line_cells(const char *text, size_t size, const crn_limits *limits,
                             crn_array *out, crn_error *err)
{
    const char *at = text, *line;
    size_t length;
    int64_t count = 0;
    crn_array cells = CRN_ARRAY_INIT;
    crn_arena *arena = NULL;
    crn_status status = CRN_OK;
    while (next_line(&at, text + size, &line, &length))
        count++;
    CRN_TRY(crn_cells_create(1, &count, &cells, &arena, err));
    at = text;
    for (crn_cell *cell = cells.data; next_line(&at, text + size, &line, &length); cell++)
        CRN_TRY_OR_DONE(read_line(line, length, limits, arena, cell, err));
    *out = cells;
    cells.owner = NULL;
done:
    crn_array_free(&cells);
    return status;
}

crn_status crn_json_cells(const char *text, size_t size, bool lines, const crn_limits *limits,
                          crn_array *out, crn_error *err)
{
    const crn_limits bounds = crn_limits_complete(limits);
    return lines ? line_cells(text, size, &bounds, out, err)
                 : list_cells(text, size, &bounds, out, err);
}

/* ---- rows of lists and dicts ---- */

static bool is_key(const crn_cell *key, const char *name)
{
    const size_t size = strlen(name);
    return key->kind == CRN_CELL_TEXT && key->size == size &&
           memcmp(key->as.text, name, size) == 0;
}

/* NULL: the row has no such item. */
static const crn_cell *item_of(const crn_cell *row, size_t at, const char *name)
{
    if (row->kind == CRN_CELL_LIST)
        return at < row->size ? &row->as.items[at] : NULL;
    if (row->kind != CRN_CELL_DICT)
        return at == 0 ? row : NULL;
    for (uint64_t i = 0; i < row->size; i++) {
        if (is_key(&row->as.items[2 * i], name))
            return &row->as.items[2 * i + 1];
    }
    return NULL;
}

crn_status crn_cells_column(const crn_array *rows, size_t at, const char *name, crn_array *out,
                            crn_error *err)
{
    crn_array column = CRN_ARRAY_INIT;
    crn_arena *arena = NULL;
    crn_status status = CRN_OK;
    CRN_TRY(crn_cells_create(1, rows->shape, &column, &arena, err));
    for (int64_t i = 0; i < rows->shape[0]; i++) {
        const crn_cell *item = item_of((const crn_cell *)rows->data + i, at, name);
        const crn_cell missing = {CRN_CELL_FLOAT, {.real = (double)NAN}, 0};
        CRN_TRY_OR_DONE(crn_cell_copy(arena, item != NULL ? item : &missing,
                                      (crn_cell *)column.data + i, err));
    }
    *out = column;
    column.owner = NULL;
done:
    crn_array_free(&column);
    return status;
}
