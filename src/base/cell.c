/* SPDX-License-Identifier: BSD-3-Clause */
/* Cells: order, copies, conversions. What they do to numbers and texts is what NumPy's object
 * arrays do (2.4): equality of dict keys, float() for numbers. */
#include "base/cell.h"

#include <math.h>
#include <string.h>

_Static_assert(sizeof(crn_cell) == 24, "the size of CRN_OBJECT's elements in CRN_DTYPE_MAP");

/* ---- order ---- */

bool crn_cell_is_number(const crn_cell *cell)
{
    return cell->kind >= CRN_CELL_BOOL && cell->kind <= CRN_CELL_FLOAT;
}

bool crn_cell_is_nan(const crn_cell *cell)
{
    return cell->kind == CRN_CELL_FLOAT && isnan(cell->as.real);
}

/* Place of the kind in the order; all numbers share one. */
static int rank(const crn_cell *cell)
{
    static const int ranks[] = {
        [CRN_CELL_NONE] = 3, [CRN_CELL_BOOL] = 0, [CRN_CELL_INT] = 0, [CRN_CELL_FLOAT] = 0,
        [CRN_CELL_TEXT] = 2, [CRN_CELL_LIST] = 4, [CRN_CELL_DICT] = 5};
    if (crn_cell_is_nan(cell))
        return 1;
    return (unsigned)cell->kind < sizeof ranks / sizeof *ranks ? ranks[cell->kind] : 6;
}

static double real_of(const crn_cell *cell)
{
    return cell->kind == CRN_CELL_FLOAT ? cell->as.real : (double)cell->as.integer;
}

static int compare_numbers(const crn_cell *a, const crn_cell *b)
{
    if (a->kind != CRN_CELL_FLOAT && b->kind != CRN_CELL_FLOAT)
        return (a->as.integer > b->as.integer) - (a->as.integer < b->as.integer);
    const double x = real_of(a), y = real_of(b);
    return (x > y) - (x < y);
}

/* UTF-8 sorts as its code points do. */
static int compare_texts(const crn_cell *a, const crn_cell *b)
{
    const uint64_t shorter = a->size < b->size ? a->size : b->size;
    const int order = shorter > 0 ? memcmp(a->as.text, b->as.text, shorter) : 0;
    return order != 0 ? order : (a->size > b->size) - (a->size < b->size);
}

static int compare_scalars(const crn_cell *a, const crn_cell *b)
{
    const int x = rank(a), y = rank(b);
    if (x != y)
        return x < y ? -1 : 1;
    if (x == 0)
        return compare_numbers(a, b);
    return a->kind == CRN_CELL_TEXT ? compare_texts(a, b) : 0;
}

/* Lists and dicts are compared by their scalars on one level; deeper ones by length alone. */
int crn_cell_compare(const crn_cell *a, const crn_cell *b)
{
    const int order = compare_scalars(a, b);
    if (order != 0 || (a->kind != CRN_CELL_LIST && a->kind != CRN_CELL_DICT))
        return order;
    const uint64_t width = a->kind == CRN_CELL_DICT ? 2 : 1;
    for (uint64_t i = 0; i < width * a->size && i < width * b->size; i++) {
        const int item = compare_scalars(&a->as.items[i], &b->as.items[i]);
        if (item != 0)
            return item;
    }
    return (a->size > b->size) - (a->size < b->size);
}

/* ---- one cell ---- */

bool crn_cell_as_double(const crn_cell *cell, double *out)
{
    const char *at = cell->as.text;
    uint64_t size = cell->size;
    if (crn_cell_is_number(cell) || cell->kind == CRN_CELL_NONE) {
        *out = cell->kind == CRN_CELL_NONE ? (double)NAN : real_of(cell);
        return true;
    }
    if (cell->kind != CRN_CELL_TEXT)
        return false;
    for (; size > 0 && strchr(" \t\n\r\f\v", *at) != NULL && *at != '\0'; size--)
        at++;
    while (size > 0 && strchr(" \t\n\r\f\v", at[size - 1]) != NULL && at[size - 1] != '\0')
        size--;
    return crn_parse_double(at, size, out);
}

crn_status crn_cell_not_a_number(const crn_cell *cell, crn_error *err)
{
    if (cell->kind != CRN_CELL_TEXT)
        return crn_fail(err, CRN_DTYPE, "setting an array element with a sequence.");
    crn_text said = {.cap = 200};
    crn_text_add_python_string(&said, cell->as.text, cell->size < 100 ? cell->size : 100);
    crn_fail(err, CRN_ARGUMENT, "could not convert string to float: %s",
             said.data != NULL ? said.data : "");
    crn_text_free(&said);
    return CRN_ARGUMENT;
}

static void add_cell(crn_text *out, const crn_cell *cell, bool quoted, int depth);

static void add_items(crn_text *out, const crn_cell *cell, int depth)
{
    const bool dict = cell->kind == CRN_CELL_DICT;
    crn_text_add_char(out, dict ? '{' : '[');
    for (uint64_t i = 0; i < (dict ? 2 : 1) * cell->size; i++) {
        crn_text_add_string(out, i == 0 ? "" : dict && i % 2 == 1 ? ": " : ", ");
        add_cell(out, &cell->as.items[i], true, depth + 1);
    }
    crn_text_add_char(out, dict ? '}' : ']');
}

/* Recursion as deep as CRN_CELL_MAX_DEPTH. */
static void add_cell(crn_text *out, const crn_cell *cell, bool quoted, int depth)
{
    switch (cell->kind) {
    case CRN_CELL_NONE:
        crn_text_add_string(out, "None");
        break;
    case CRN_CELL_BOOL:
        crn_text_add_string(out, cell->as.integer != 0 ? "True" : "False");
        break;
    case CRN_CELL_INT:
        crn_text_printf(out, "%lld", (long long)cell->as.integer);
        break;
    case CRN_CELL_FLOAT:
        crn_text_add_double(out, cell->as.real);
        break;
    case CRN_CELL_TEXT:
        if (quoted)
            crn_text_add_python_string(out, cell->as.text, cell->size);
        else
            crn_text_add_bytes(out, cell->as.text, cell->size);
        break;
    default:
        if (depth < CRN_CELL_MAX_DEPTH)
            add_items(out, cell, depth);
        else
            crn_text_add_string(out, "...");
    }
}

void crn_text_add_cell(crn_text *out, const crn_cell *cell)
{
    add_cell(out, cell, false, 0);
}

/* Recursion as deep as CRN_CELL_MAX_DEPTH. */
static crn_status copy_cell(crn_arena *arena, const crn_cell *from, int depth, crn_cell *to,
                            crn_error *err)
{
    *to = *from;
    if (from->kind == CRN_CELL_TEXT) {
        to->as.text = crn_arena_text(arena, from->as.text, from->size);
        return to->as.text != NULL ? CRN_OK : crn_arena_fail(arena, err);
    }
    if (from->kind != CRN_CELL_LIST && from->kind != CRN_CELL_DICT)
        return CRN_OK;
    if (depth >= CRN_CELL_MAX_DEPTH)
        return crn_fail(err, CRN_LIMIT, "lists are nested deeper than %d", CRN_CELL_MAX_DEPTH);
    size_t count = from->size;
    if (from->kind == CRN_CELL_DICT && !crn_mul_size(count, 2, &count))
        return crn_no_memory(err);
    crn_cell *items = crn_arena_alloc(arena, count, sizeof *items);
    if (items == NULL)
        return crn_arena_fail(arena, err);
    for (size_t i = 0; i < count; i++)
        CRN_TRY(copy_cell(arena, &from->as.items[i], depth + 1, &items[i], err));
    to->as.items = items;
    return CRN_OK;
}

crn_status crn_cell_copy(crn_arena *arena, const crn_cell *from, crn_cell *to, crn_error *err)
{
    return copy_cell(arena, from, 0, to, err);
}

/* ---- arrays ---- */

static void drop_arena(void *arena)
{
    crn_arena_destroy(arena);
}

crn_status crn_cells_create(int32_t ndim, const int64_t *shape, crn_array *out,
                            crn_arena **arena, crn_error *err)
{
    size_t bytes;
    CRN_TRY(crn_shape_bytes(sizeof(crn_cell), ndim, shape, &bytes, err));
    crn_arena *own = crn_arena_create(0);
    void *cells = own != NULL ? crn_arena_alloc(own, bytes, 1) : NULL;
    crn_buffer *owner = cells != NULL ? crn_buffer_wrap(cells, bytes, drop_arena, own) : NULL;
    if (owner == NULL) {
        crn_arena_destroy(own);
        return crn_no_memory(err);
    }
    *out = (crn_array){
        .data = cells, .dtype = CRN_OBJECT, .itemsize = sizeof(crn_cell), .owner = owner};
    crn_array_set_shape(out, ndim, shape);
    *arena = own;
    return CRN_OK;
}

/* Where element i of a walk in C order stands. */
static const char *element(const crn_array *array, int64_t i)
{
    const char *at = array->data;
    for (int32_t axis = array->ndim - 1; axis >= 0; axis--) {
        at += i % array->shape[axis] * array->strides[axis];
        i /= array->shape[axis];
    }
    return at;
}

static crn_array element_view(const crn_array *array, int64_t i)
{
    crn_array view = {.dtype = array->dtype, .itemsize = array->itemsize};
    view.data = (void *)(uintptr_t)element(array, i);
    return view;
}

static crn_cell cell_of_number(const crn_array *array, int64_t i)
{
    const crn_array one = element_view(array, i);
    crn_cell cell = {.kind = CRN_CELL_FLOAT};
    uint64_t wide;
    if (array->dtype == CRN_UINT64) {
        memcpy(&wide, one.data, sizeof wide);
        cell.as.real = (double)wide;
        if (wide > INT64_MAX)
            return cell;
    }
    /* Numbers always convert to numbers. */
    if (crn_dtype_is_float(array->dtype)) {
        (void)!crn_array_copy_to(&one, CRN_FLOAT64, 8, &cell.as.real, NULL);
        return cell;
    }
    cell.kind = array->dtype == CRN_BOOL ? CRN_CELL_BOOL : CRN_CELL_INT;
    (void)!crn_array_copy_to(&one, CRN_INT64, 8, &cell.as.integer, NULL);
    return cell;
}

void crn_cells_of_numbers(const crn_array *in, crn_cell *out)
{
    const int64_t n = crn_array_size(in);
    if (in->dtype == CRN_FLOAT64) {
        for (int64_t i = 0; i < n; i++) {
            out[i] = (crn_cell){.kind = CRN_CELL_FLOAT};
            memcpy(&out[i].as.real, element(in, i), sizeof(double));
        }
        return;
    }
    for (int64_t i = 0; i < n; i++)
        out[i] = cell_of_number(in, i);
}

crn_status crn_cells_to_numbers(const crn_array *in, crn_dtype dtype, void *out, crn_error *err)
{
    const int64_t n = crn_array_size(in), width = (int64_t)crn_dtype_size(dtype);
    for (int64_t i = 0; i < n; i++) {
        const crn_cell *cell = (const crn_cell *)element(in, i);
        const bool whole = cell->kind == CRN_CELL_BOOL || cell->kind == CRN_CELL_INT;
        double real = 0;
        if (!whole && !crn_cell_as_double(cell, &real))
            return crn_cell_not_a_number(cell, err);
        const crn_array one = whole ? crn_array_view_1d(&cell->as.integer, CRN_INT64, 1)
                                    : crn_array_view_1d(&real, CRN_FLOAT64, 1);
        CRN_TRY(crn_array_copy_to(&one, dtype, width, (char *)out + i * width, err));
    }
    return CRN_OK;
}

/* A string's characters up to the NULs that pad it. */
static crn_status cell_of_string(const crn_array *array, int64_t i, crn_arena *arena,
                                 crn_text *scratch, crn_cell *out, crn_error *err)
{
    const char *at = element(array, i);
    crn_text_clear(scratch);
    if (array->dtype == CRN_BYTES) {
        crn_text_add_bytes(scratch, at, strnlen(at, (size_t)array->itemsize));
    } else {
        for (int64_t k = 0; k < array->itemsize / 4; k++) {
            uint32_t code_point;
            memcpy(&code_point, at + 4 * k, 4);
            if (code_point == 0)
                break;
            crn_text_add_code_point(scratch, code_point);
        }
    }
    CRN_TRY(crn_text_status(scratch, err));
    const crn_cell cell = {
        CRN_CELL_TEXT, {.text = scratch->data != NULL ? scratch->data : ""}, scratch->size};
    return crn_cell_copy(arena, &cell, out, err);
}

crn_status crn_cells_of_array(const crn_array *in, crn_array *out, crn_error *err)
{
    const int64_t n = crn_array_size(in);
    const bool is_string = in->dtype == CRN_STRING || in->dtype == CRN_BYTES;
    crn_array cells = CRN_ARRAY_INIT;
    crn_arena *arena = NULL;
    crn_text scratch = CRN_TEXT_INIT;
    crn_status status = CRN_OK;
    if ((!is_string && !crn_dtype_is_number(in->dtype) && in->dtype != CRN_OBJECT) ||
        (in->data == NULL && n > 0))
        return crn_fail(err, CRN_DTYPE, "cannot convert an array of %s to object",
                        crn_dtype_name(in->dtype));
    CRN_TRY(crn_cells_create(in->ndim, in->shape, &cells, &arena, err));
    crn_cell *at = cells.data;
    if (crn_dtype_is_number(in->dtype))
        crn_cells_of_numbers(in, at);
    for (int64_t i = 0; is_string && i < n; i++)
        CRN_TRY_OR_DONE(cell_of_string(in, i, arena, &scratch, &at[i], err));
    for (int64_t i = 0; in->dtype == CRN_OBJECT && i < n; i++)
        CRN_TRY_OR_DONE(crn_cell_copy(arena, (const crn_cell *)element(in, i), &at[i], err));
    *out = cells;
    cells.owner = NULL;
done:
    crn_array_free(&cells);
    crn_text_free(&scratch);
    return status;
}

/* The code points of str() of a cell; out NULL: only their number. */
static size_t spell(const crn_cell *cell, crn_text *scratch, uint32_t *out)
{
    size_t position = 0, count = 0;
    uint32_t code_point;
    crn_text_clear(scratch);
    crn_text_add_cell(scratch, cell);
    while (position < scratch->size) {
        if (!crn_utf8_next(scratch->data, scratch->size, &position, &code_point)) {
            code_point = 0xfffd;
            position++;
        }
        if (out != NULL)
            out[count] = code_point;
        count++;
    }
    return count;
}

crn_status crn_cells_as_strings(const crn_array *in, crn_array *out, crn_error *err)
{
    const int64_t n = crn_array_size(in);
    crn_text scratch = CRN_TEXT_INIT;
    crn_array strings = CRN_ARRAY_INIT;
    size_t longest = 1;
    for (int64_t i = 0; i < n; i++) {
        const size_t length = spell((const crn_cell *)element(in, i), &scratch, NULL);
        longest = length > longest ? length : longest;
    }
    crn_status status = crn_text_status(&scratch, err);
    if (status == CRN_OK)
        status = crn_array_create(CRN_STRING, 4 * (int64_t)longest, in->ndim, in->shape,
                                  &strings, err);
    for (int64_t i = 0; status == CRN_OK && i < n; i++)
        spell((const crn_cell *)element(in, i), &scratch,
              (uint32_t *)strings.data + (size_t)i * longest);
    if (status == CRN_OK)
        status = crn_text_status(&scratch, err);
    crn_text_free(&scratch);
    if (status != CRN_OK)
        crn_array_free(&strings);
    else
        *out = strings;
    return status;
}
