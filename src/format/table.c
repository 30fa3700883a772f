/* SPDX-License-Identifier: BSD-3-Clause */
/* Tables: named columns over counted memory. A table read from a matrix keeps the matrix, and
 * its columns are strided views of it. */
#include "format/table.h"

#include <stdlib.h>
#include <string.h>

typedef struct table_column {
    char *name;
    crn_array array; /* (rows,), or the whole array when that has more than two axes */
} table_column;

struct crn_table {
    table_column *columns;
    size_t count, capacity;
    int64_t rows;
    bool named;      /* some column has a name */
    bool fields;     /* texts may say that there is no value */
    crn_array array; /* what crn_table_array() answers; no data: none */
};

crn_status crn_table_create(crn_table **out, crn_error *err)
{
    crn_table *table = crn_calloc(1, sizeof *table);
    if (table == NULL)
        return crn_no_memory(err);
    *out = table;
    return CRN_OK;
}

void crn_table_destroy(crn_table *table)
{
    if (table == NULL)
        return;
    for (size_t i = 0; i < table->count; i++) {
        free(table->columns[i].name);
        crn_array_free(&table->columns[i].array);
    }
    free(table->columns);
    crn_array_free(&table->array);
    free(table);
}

/* ---- columns ---- */

static crn_status check_rows(const crn_table *table, const char *name, int64_t rows,
                             crn_error *err)
{
    if (table->count > 0 && rows != table->rows)
        return crn_fail(err, CRN_SHAPE, "column '%s' has %lld rows, but the table has %lld",
                        name, (long long)rows, (long long)table->rows);
    return CRN_OK;
}

static crn_status append(crn_table *table, char *name, const crn_array *array, crn_error *err)
{
    void *grown = table->columns;
    CRN_TRY(crn_grow(&grown, &table->capacity, table->count, sizeof *table->columns, err));
    table->columns = grown;
    table->columns[table->count++] = (table_column){name, *array};
    table->rows = array->shape[0];
    table->named = table->named || name[0] != '\0';
    return CRN_OK;
}

crn_status crn_table_adopt(crn_table *table, const char *name, size_t name_size,
                           crn_array *column, crn_error *err)
{
    crn_status status = CRN_OK;
    char *copy = crn_calloc(1, name_size + 1);
    if (copy == NULL) {
        status = crn_no_memory(err);
        goto done;
    }
    if (name_size > 0)
        memcpy(copy, name, name_size);
    CRN_TRY_OR_DONE(check_rows(table, copy, column->shape[0], err));
    CRN_TRY_OR_DONE(append(table, copy, column, err));
    *column = (crn_array)CRN_ARRAY_INIT;
    copy = NULL;
done:
    free(copy);
    crn_array_free(column);
    return status;
}

crn_status crn_table_add(crn_table *table, const char *name, const crn_array *column,
                         crn_error *err)
{
    if (column->data == NULL || column->ndim != 1)
        return crn_fail(err, CRN_SHAPE, "column '%s' has %d axes, but a column is a vector",
                        name, column->ndim);
    CRN_TRY(check_rows(table, name, column->shape[0], err));
    crn_array copy = CRN_ARRAY_INIT;
    CRN_TRY(crn_array_astype(column, column->dtype, &copy, err));
    CRN_TRY(crn_table_adopt(table, name, strlen(name), &copy, err));
    crn_array_free(&table->array); /* it is no longer all of the table */
    return CRN_OK;
}

/* Column i of a matrix, or the whole of any other array. */
static crn_array column_of(const crn_array *array, int64_t i)
{
    crn_array column = crn_array_share(array);
    if (array->ndim == 2) {
        column.data = (char *)array->data + i * array->strides[1];
        column.ndim = 1;
    } else if (array->ndim == 0) {
        column.ndim = 1;
        column.shape[0] = 1;
        column.strides[0] = array->itemsize;
    }
    return column;
}

crn_status crn_table_of_array(crn_array *array, crn_table **out, crn_error *err)
{
    crn_table *table = NULL;
    crn_status status = crn_table_create(&table, err);
    if (status != CRN_OK)
        goto done;
    int64_t count = array->dtype == CRN_CSR ? 0 : array->ndim == 2 ? array->shape[1] : 1;
    for (int64_t i = 0; i < count && status == CRN_OK; i++) {
        crn_array column = column_of(array, i);
        status = crn_table_adopt(table, "", 0, &column, err);
    }
    if (status == CRN_OK) {
        table->rows = array->ndim > 0 ? array->shape[0] : 1;
        table->array = crn_array_share(array);
        *out = table;
        table = NULL;
    }
done:
    crn_table_destroy(table);
    crn_array_free(array);
    return status;
}

/* The columns' names, which the caller knows. */
static crn_status name_all(crn_table *table, const char *const *names, crn_error *err)
{
    for (size_t i = 0; i < table->count; i++) {
        const size_t size = strlen(names[i]) + 1;
        char *copy = crn_calloc(1, size);
        if (copy == NULL)
            return crn_no_memory(err);
        memcpy(copy, names[i], size);
        free(table->columns[i].name);
        table->columns[i].name = copy;
        table->named = table->named || copy[0] != '\0';
    }
    return CRN_OK;
}

crn_status crn_table_from_array(const crn_array *array, const char *const *names,
                                crn_table **out, crn_error *err)
{
    crn_array copy = CRN_ARRAY_INIT;
    crn_table *table = NULL;
    CRN_TRY(crn_array_astype(array, array->dtype, &copy, err));
    CRN_TRY(crn_table_of_array(&copy, &table, err));
    crn_status status = names != NULL ? name_all(table, names, err) : CRN_OK;
    if (status != CRN_OK) {
        crn_table_destroy(table);
        return status;
    }
    *out = table;
    return CRN_OK;
}

void crn_table_mark_fields(crn_table *table)
{
    table->fields = true;
}

bool crn_table_has_fields(const crn_table *table)
{
    return table->fields;
}

int64_t crn_table_rows(const crn_table *table)
{
    return table->rows;
}

int64_t crn_table_columns(const crn_table *table)
{
    return (int64_t)table->count;
}

bool crn_table_has_names(const crn_table *table)
{
    return table->named;
}

const char *crn_table_name(const crn_table *table, int64_t column)
{
    return column >= 0 && column < crn_table_columns(table) ? table->columns[column].name
                                                            : NULL;
}

int64_t crn_table_find(const crn_table *table, const char *name_or_number)
{
    int64_t columns = crn_table_columns(table), number;
    if (name_or_number[0] == '\0')
        return -1;
    for (int64_t i = 0; i < columns; i++) {
        if (strcmp(table->columns[i].name, name_or_number) == 0)
            return i;
    }
    if (!crn_parse_int(name_or_number, strlen(name_or_number), &number))
        return -1;
    if (number < 0)
        number += columns;
    return number >= 0 && number < columns ? number : -1;
}

bool crn_table_column(const crn_table *table, int64_t column, crn_array *out)
{
    if (column < 0 || column >= crn_table_columns(table))
        return false;
    *out = table->columns[column].array;
    out->owner = NULL;
    return true;
}

bool crn_table_array(const crn_table *table, crn_array *out)
{
    if (table->array.data == NULL)
        return false;
    *out = table->array;
    out->owner = NULL;
    return true;
}

/* ---- the matrix ---- */

static crn_status not_a_number(const crn_table *table, int64_t column, crn_error *err)
{
    const table_column *bad = &table->columns[column];
    const char *what = bad->array.dtype == CRN_STRING || bad->array.dtype == CRN_BYTES
                           ? "strings"
                           : crn_dtype_name(bad->array.dtype);
    if (bad->name[0] == '\0')
        return crn_fail(err, CRN_DTYPE, "column %lld holds %s, not numbers", (long long)column,
                        what);
    return crn_fail(err, CRN_DTYPE, "column '%s' holds %s, not numbers", bad->name, what);
}

/* Checks the chosen columns; *dtype becomes that of their matrix. */
static crn_status check_columns(const crn_table *table, const int64_t *columns, int64_t count,
                                crn_dtype *dtype, crn_error *err)
{
    if (count < 0 || (columns == NULL && count > crn_table_columns(table)))
        return crn_fail(err, CRN_ARGUMENT, "%lld columns are asked for, the table has %lld",
                        (long long)count, (long long)crn_table_columns(table));
    *dtype = count > 0 ? CRN_FLOAT32 : CRN_FLOAT64;
    for (int64_t i = 0; i < count; i++) {
        int64_t column = columns != NULL ? columns[i] : i;
        if (column < 0 || column >= crn_table_columns(table))
            return crn_fail(err, CRN_ARGUMENT, "there is no column %lld: the table has %lld",
                            (long long)column, (long long)crn_table_columns(table));
        const crn_array *array = &table->columns[column].array;
        if (array->ndim != 1)
            return crn_fail(err, CRN_ARGUMENT, "an array of %d axes is not a matrix",
                            array->ndim);
        if (!crn_dtype_is_number(array->dtype))
            return not_a_number(table, column, err);
        if (array->dtype != CRN_FLOAT32)
            *dtype = CRN_FLOAT64;
    }
    return CRN_OK;
}

/* True when the table's own array is the matrix that is asked for. */
static bool is_own_array(const crn_table *table, const int64_t *columns, int64_t count,
                         crn_dtype dtype)
{
    return columns == NULL && count == crn_table_columns(table) && table->array.data != NULL &&
           table->array.ndim == 2 && table->array.dtype == dtype;
}

enum { BLOCK_ROWS = 256 };

/* Dense elements of one block of one column, in the matrix's type. */
typedef union block {
    float single[BLOCK_ROWS];
    double real[BLOCK_ROWS];
} block;

/* Rows [begin, end) of one column into column j of `out`, a (rows, width) matrix. */
static crn_status fill_block(const crn_array *column, int64_t begin, int64_t end, int64_t j,
                             crn_array *out, crn_error *err)
{
    block dense;
    crn_array rows = crn_array_rows(column, begin, end);
    CRN_TRY(crn_array_copy_to(&rows, out->dtype, out->itemsize, &dense, err));
    int64_t width = out->shape[1], first = begin * width + j;
    if (out->dtype == CRN_FLOAT32) {
        for (int64_t i = 0; i < end - begin; i++)
            ((float *)out->data)[first + i * width] = dense.single[i];
    } else {
        for (int64_t i = 0; i < end - begin; i++)
            ((double *)out->data)[first + i * width] = dense.real[i];
    }
    return CRN_OK;
}

/* In blocks of rows, so that the lines of the matrix stay in the cache from column to column.
 */
static crn_status fill_matrix(const crn_table *table, const int64_t *columns, crn_array *out,
                              crn_error *err)
{
    for (int64_t begin = 0; begin < table->rows; begin += BLOCK_ROWS) {
        int64_t end = table->rows - begin < BLOCK_ROWS ? table->rows : begin + BLOCK_ROWS;
        for (int64_t j = 0; j < out->shape[1]; j++) {
            int64_t column = columns != NULL ? columns[j] : j;
            CRN_TRY(fill_block(&table->columns[column].array, begin, end, j, out, err));
        }
    }
    return CRN_OK;
}

crn_status crn_table_matrix(const crn_table *table, const int64_t *columns, int64_t count,
                            crn_array *out, crn_error *err)
{
    crn_dtype dtype = CRN_FLOAT64;
    if (columns == NULL && count == 0)
        count = crn_table_columns(table);
    CRN_TRY(check_columns(table, columns, count, &dtype, err));
    if (is_own_array(table, columns, count, dtype)) {
        *out = crn_array_share(&table->array);
        return CRN_OK;
    }
    crn_array matrix = CRN_ARRAY_INIT;
    CRN_TRY(crn_array_create(dtype, 0, 2, (const int64_t[]){table->rows, count}, &matrix, err));
    crn_status status = fill_matrix(table, columns, &matrix, err);
    if (status != CRN_OK) {
        crn_array_free(&matrix);
        return status;
    }
    *out = matrix;
    return CRN_OK;
}
