/* SPDX-License-Identifier: BSD-3-Clause */
/* Tables from JSON: JSON lines (a row a line) and JSON lists (a row an item). A row is an
 * object, whose keys name the columns, a list, or a single value. */
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "format/cells.h"
#include "format/column.h"
#include "format/csv.h"
#include "format/json.h"
#include "format/python_int.h"
#include "format/table.h"

typedef struct json_rows {
    const char *what; /* "line" or "item", for messages */
    int64_t number;   /* of the row, from 1 */
    crn_limits limits;
    crn_object_kind shape; /* DICT, LIST, or NONE for single values: as the first row */
    size_t count;
    crn_column *columns; /* count; a cell of a text column is the index of its span */
    char **names;        /* count; "" for lists */
    crn_text pool;       /* the texts */
    crn_span *spans;     /* into the pool */
    size_t span_count, span_capacity;
    const char *text; /* all of it, for the columns of cells */
    size_t size;
    bool *mixed; /* count; whose values are no numbers alone and no strings alone: cells */
} json_rows;

static void free_rows(json_rows *rows)
{
    for (size_t i = 0; rows->names != NULL && i < rows->count; i++)
        free(rows->names[i]);
    free(rows->names);
    free(rows->mixed);
    crn_columns_destroy(rows->columns, rows->count);
    crn_text_free(&rows->pool);
    free(rows->spans);
}

static crn_object_kind shape_of(const crn_object *row)
{
    bool container = crn_object_is(row, CRN_OBJ_DICT) || crn_object_is(row, CRN_OBJ_LIST);
    return container ? row->kind : CRN_OBJ_NONE;
}

static size_t width_of(const crn_object *row)
{
    return shape_of(row) == CRN_OBJ_NONE ? 1 : crn_object_length(row);
}

/* The first row says how many columns there are, and their names. */
static crn_status begin_rows(json_rows *rows, const crn_object *row, crn_error *err)
{
    rows->shape = shape_of(row);
    size_t count = width_of(row);
    rows->names = crn_calloc(count, sizeof *rows->names);
    rows->columns = crn_columns_create(count, 0);
    rows->mixed = crn_calloc(count, sizeof *rows->mixed);
    rows->count = count;
    if (rows->names == NULL || rows->columns == NULL || rows->mixed == NULL)
        return crn_no_memory(err);
    for (size_t i = 0; i < count; i++) {
        const crn_object *key = rows->shape == CRN_OBJ_DICT ? row->as.items.at[2 * i] : NULL;
        size_t size = key != NULL ? key->as.bytes.size : 0;
        rows->names[i] = crn_calloc(size + 1, 1);
        if (rows->names[i] == NULL)
            return crn_no_memory(err);
        if (size > 0)
            memcpy(rows->names[i], key->as.bytes.at, size);
    }
    return CRN_OK;
}

/* ---- values ---- */

static crn_status keep_text(json_rows *rows, const crn_object *value, crn_column_cell *cell,
                            crn_error *err)
{
    void *spans = rows->spans;
    crn_status status =
        crn_grow(&spans, &rows->span_capacity, rows->span_count, sizeof(crn_span), err);
    rows->spans = spans;
    CRN_TRY(status);
    cell->whole = (int64_t)rows->span_count;
    rows->spans[rows->span_count++] =
        (crn_span){.begin = rows->pool.size, .size = value->as.bytes.size};
    crn_text_add_bytes(&rows->pool, value->as.bytes.at, value->as.bytes.size);
    return crn_text_status(&rows->pool, err);
}

/* An integer beyond int64, rounded once, through its digits. */
static crn_status read_long(const crn_object *value, crn_column_cell *cell, crn_error *err)
{
    crn_text digits = CRN_TEXT_INIT;
    const uint8_t *bytes = (const uint8_t *)value->as.bytes.at;
    bool read = crn_int_add_decimal(&digits, bytes, value->as.bytes.size) &&
                crn_parse_double(digits.data, digits.size, &cell->real);
    crn_text_free(&digits);
    return read ? CRN_OK : crn_fail(err, CRN_LIMIT, "an integer has too many digits");
}

/* value NULL: the key is missing. */
static crn_status read_value(json_rows *rows, const crn_object *value, crn_column_kind *kind,
                             crn_column_cell *cell, crn_error *err)
{
    cell->real = (double)NAN;
    *kind = CRN_COLUMN_MISSING;
    if (value == NULL || crn_object_is_none(value))
        return CRN_OK;
    switch (value->kind) {
    case CRN_OBJ_BOOL:
        *kind = CRN_COLUMN_BOOL;
        cell->whole = value->as.boolean;
        return CRN_OK;
    case CRN_OBJ_INT:
        *kind = CRN_COLUMN_WHOLE;
        cell->whole = value->as.integer;
        return CRN_OK;
    case CRN_OBJ_FLOAT:
        *kind = CRN_COLUMN_REAL;
        cell->real = value->as.real;
        return CRN_OK;
    case CRN_OBJ_LONG:
        *kind = CRN_COLUMN_REAL;
        return read_long(value, cell, err);
    case CRN_OBJ_STR:
        *kind = CRN_COLUMN_TEXT;
        return keep_text(rows, value, cell, err);
    default:
        return CRN_OK; /* a list or a dict: see append_value() */
    }
}

/* A column that holds strings and something else, or lists, is one of cells: what it holds is
 * read again when all rows are known. */
static crn_status append_value(json_rows *rows, const crn_object *value, size_t i,
                               crn_error *err)
{
    crn_column *column = &rows->columns[i];
    crn_column_kind kind, before = column->kind;
    crn_column_cell cell;
    CRN_TRY(read_value(rows, value, &kind, &cell, err));
    if (shape_of(value) != CRN_OBJ_NONE ||
        (column->end > 0 && (kind == CRN_COLUMN_TEXT) != (before == CRN_COLUMN_TEXT)))
        rows->mixed[i] = true;
    if (rows->mixed[i]) {
        kind = CRN_COLUMN_MISSING;
        cell.real = (double)NAN;
    }
    crn_column_append(column, kind, cell);
    return CRN_OK;
}

/* ---- rows ---- */

/* Every key must be a column; the columns usually come in their order. */
static crn_status check_keys(const json_rows *rows, const crn_object *row, crn_error *err)
{
    for (size_t i = 0; i < crn_object_length(row); i++) {
        const char *key = crn_object_text(row->as.items.at[2 * i]);
        size_t column = 0;
        if (i < rows->count && strcmp(rows->names[i], key) == 0)
            continue;
        while (column < rows->count && strcmp(rows->names[column], key) != 0)
            column++;
        if (column == rows->count)
            return crn_fail(err, CRN_FORMAT,
                            "%s %lld has a key '%s' that the first does not have", rows->what,
                            (long long)rows->number, key);
    }
    return CRN_OK;
}

static const crn_object *value_at(const json_rows *rows, const crn_object *row, size_t i)
{
    if (rows->shape == CRN_OBJ_NONE)
        return row;
    if (rows->shape == CRN_OBJ_LIST)
        return crn_object_item(row, i);
    const crn_object_items *items = &row->as.items;
    if (2 * i < items->count && crn_object_is_str(items->at[2 * i], rows->names[i]))
        return items->at[2 * i + 1];
    return crn_object_get(row, rows->names[i]);
}

static crn_status add_row(json_rows *rows, const crn_object *row, crn_error *err)
{
    uint64_t memory = rows->limits.memory_bytes;
    if (rows->columns == NULL)
        CRN_TRY(begin_rows(rows, row, err));
    if (shape_of(row) != rows->shape)
        return crn_fail(err, CRN_FORMAT, "%s %lld is a %s, the first is not", rows->what,
                        (long long)rows->number, crn_object_kind_name(row));
    if (rows->shape == CRN_OBJ_LIST && width_of(row) != rows->count)
        return crn_fail(err, CRN_FORMAT, "%s %lld has %zu values, the first has %zu",
                        rows->what, (long long)rows->number, width_of(row), rows->count);
    if (rows->shape == CRN_OBJ_DICT)
        CRN_TRY(check_keys(rows, row, err));
    CRN_TRY(crn_columns_grow(rows->columns, rows->count, memory, err));
    for (size_t i = 0; i < rows->count; i++)
        CRN_TRY(append_value(rows, value_at(rows, row, i), i, err));
    return CRN_OK;
}

/* The strings of a text column. The bits of a missing cell (a NaN) are the index of no span. */
static crn_status take_texts(const json_rows *rows, const crn_column *column, crn_array *out,
                             crn_error *err)
{
    crn_span *spans = crn_calloc((size_t)column->end, sizeof *spans);
    if (spans == NULL)
        return crn_no_memory(err);
    for (int64_t i = 0; i < column->end; i++) {
        uint64_t index = (uint64_t)column->cells[i].whole;
        if (index < rows->span_count)
            spans[i] = rows->spans[index];
    }
    crn_status status =
        crn_strings_of_spans(rows->pool.data != NULL ? rows->pool.data : "", spans, column->end,
                             rows->limits.memory_bytes, out, err);
    free(spans);
    return status;
}

/* All rows as cells, when a column needs them. */
static crn_status read_cells(const json_rows *rows, crn_array *cells, crn_error *err)
{
    for (size_t i = 0; i < rows->count; i++) {
        if (rows->mixed[i])
            return crn_json_cells(rows->text, rows->size, rows->what[0] == 'l', &rows->limits,
                                  cells, err);
    }
    return CRN_OK;
}

static crn_status take_column(json_rows *rows, size_t i, const crn_array *cells, crn_array *out,
                              crn_error *err)
{
    if (rows->mixed[i])
        return crn_cells_column(cells, i, rows->names[i], out, err);
    if (rows->columns[i].kind == CRN_COLUMN_TEXT)
        return take_texts(rows, &rows->columns[i], out, err);
    return crn_column_take(&rows->columns[i], out, err);
}

static crn_status make_table(json_rows *rows, crn_table **out, crn_error *err)
{
    if (rows->columns == NULL)
        return crn_fail(err, CRN_FORMAT, "the table is empty");
    crn_table *table = NULL;
    crn_array cells = CRN_ARRAY_INIT;
    crn_status status = read_cells(rows, &cells, err);
    if (status == CRN_OK)
        status = crn_table_create(&table, err);
    for (size_t i = 0; i < rows->count && status == CRN_OK; i++) {
        crn_array array = CRN_ARRAY_INIT;
        status = take_column(rows, i, &cells, &array, err);
        if (status == CRN_OK)
            status =
                crn_table_adopt(table, rows->names[i], strlen(rows->names[i]), &array, err);
    }
    crn_array_free(&cells);
    if (status != CRN_OK) {
        crn_table_destroy(table);
        return status;
    }
    *out = table;
    return CRN_OK;
}

static json_rows rows_of(const char *what, const char *text, size_t size,
                         const crn_limits *limits)
{
    json_rows rows = {
        .what = what, .text = text, .size = size, .limits = crn_limits_complete(limits)};
    rows.pool.cap = SIZE_MAX / 2; /* never more than the text it comes from */
    return rows;
}

/* A document of its own for each line, so that the memory is that of the longest. */
static crn_status read_line(json_rows *rows, const char *line, size_t size, crn_error *err)
{
    crn_document *document = NULL;
    crn_object *row = NULL;
    crn_status status;
    CRN_TRY_OR_DONE(crn_document_create(&rows->limits, &document, err));
    status = crn_json_read(document, line, size, &rows->limits, &row, err);
    if (status != CRN_OK)
        crn_where(err, "line %lld", (long long)rows->number);
    CRN_TRY_OR_DONE(status);
    CRN_TRY_OR_DONE(add_row(rows, row, err));
done:
    crn_document_release(document);
    return status;
}

static bool is_blank(const char *line, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        if (line[i] != ' ' && line[i] != '\t' && line[i] != '\r')
            return false;
    }
    return true;
}

crn_status crn_jsonl_read(const char *text, size_t size, const crn_limits *limits,
                          crn_table **out, crn_error *err)
{
    json_rows rows = rows_of("line", text, size, limits);
    crn_status status = CRN_OK;
    for (size_t at = 0; at < size && status == CRN_OK;) {
        const char *line = text + at, *end = memchr(line, '\n', size - at);
        size_t length = end != NULL ? (size_t)(end - line) : size - at;
        rows.number++;
        if (!is_blank(line, length))
            status = read_line(&rows, line, length, err);
        at += length + 1;
    }
    if (status == CRN_OK)
        status = make_table(&rows, out, err);
    free_rows(&rows);
    return status;
}

crn_status crn_json_table_read(const char *text, size_t size, const crn_limits *limits,
                               crn_table **out, crn_error *err)
{
    json_rows rows = rows_of("item", text, size, limits);
    crn_document *document = NULL;
    crn_object *list = NULL;
    crn_status status;
    CRN_TRY_OR_DONE(crn_document_create(limits, &document, err));
    CRN_TRY_OR_DONE(crn_json_read(document, text, size, limits, &list, err));
    if (!crn_object_is(list, CRN_OBJ_LIST)) {
        status = crn_fail(err, CRN_FORMAT, "a JSON table is a list of rows, not a %s",
                          crn_object_kind_name(list));
        goto done;
    }
    for (size_t i = 0; i < crn_object_length(list); i++) {
        rows.number++;
        CRN_TRY_OR_DONE(add_row(&rows, crn_object_item(list, i), err));
    }
    status = make_table(&rows, out, err);
done:
    free_rows(&rows);
    crn_document_release(document);
    return status;
}
