/* SPDX-License-Identifier: BSD-3-Clause */
/* feature_hash: rows of named features in the columns of the names' hashes, as
 * sklearn/feature_extraction/_hashing_fast.pyx (1.9). Input: dicts or lists. */
#include <math.h>
#include <string.h>

#include "ops/infer.h"
#include "ops/text.h"

static crn_status feature_hash_infer(const void *attributes, const crn_type *in, int n_in,
                                     crn_type *out, crn_error *err)
{
    const crn_feature_hash_attributes *a = attributes;
    CRN_TRY(crn_infer_count("feature_hash", n_in, 1, 1, err));
    if (in[0].dtype != CRN_OBJECT || !in[0].rows || in[0].ndim != 0)
        return crn_fail(err, CRN_DTYPE, "feature_hash: takes a vector of dicts or lists");
    if (a->n_features < 1 || a->n_features > INT32_MAX)
        return crn_fail(err, CRN_ARGUMENT, "feature_hash: no such number of columns");
    out[0] = crn_type_sparse(CRN_FLOAT64, a->n_features);
    return CRN_OK;
}

/* ---- a feature ---- */

static bool number_of(const crn_cell *cell, double *out)
{
    if (cell->kind == CRN_CELL_FLOAT)
        *out = cell->as.real;
    else if (cell->kind == CRN_CELL_INT || cell->kind == CRN_CELL_BOOL)
        *out = (double)cell->as.integer;
    else
        return false;
    return true;
}

/* The k-th name of a row, and its value (NULL: 1). */
static crn_status feature_at(const crn_cell *row, crn_features_form form, uint64_t k,
                             const crn_cell **name, const crn_cell **value, crn_error *err)
{
    *value = NULL;
    *name = row->as.items + (form == CRN_FEATURES_DICT ? 2 * k : k);
    if (form == CRN_FEATURES_DICT)
        *value = *name + 1;
    if (form == CRN_FEATURES_PAIRS) {
        if ((*name)->kind != CRN_CELL_LIST || (*name)->size != 2)
            return crn_fail(err, CRN_ARGUMENT, "a feature is no pair of a name and a value");
        *value = (*name)->as.items + 1;
        *name = (*name)->as.items;
    }
    if ((*name)->kind != CRN_CELL_TEXT)
        return crn_fail(err, CRN_ARGUMENT, "feature names must be strings");
    return CRN_OK;
}

/* Adds one entry behind the `count` that are there, unless its value is 0. */
static crn_status add_feature(const crn_feature_hash_attributes *a, const crn_cell *name,
                              const crn_cell *value, crn_sparse *out, int64_t *count,
                              crn_error *err)
{
    double number = 1;
    int32_t hash;
    if (value != NULL && value->kind == CRN_CELL_TEXT) {
        hash = crn_murmurhash3_of_pair(name->as.text, (size_t)name->size, value->as.text,
                                       (size_t)value->size);
    } else {
        if (value != NULL && !number_of(value, &number))
            return crn_fail(err, CRN_ARGUMENT, "the value of the feature '%.*s' is no number",
                            (int)(name->size < 60 ? name->size : 60), name->as.text);
        hash = crn_murmurhash3(name->as.text, (size_t)name->size);
    }
    if (number == 0)
        return CRN_OK;
    number = a->alternate_sign && hash < 0 ? -number : number;
    out->indices[*count] = (int32_t)crn_hashed_column(hash, a->n_features);
    ((double *)out->values)[(*count)++] = a->whole ? trunc(number) : number;
    return CRN_OK;
}

/* ---- a row ---- */

static void swap(int32_t *columns, double *values, int64_t a, int64_t b)
{
    const int32_t column = columns[a];
    const double value = values[a];
    columns[a] = columns[b];
    values[a] = values[b];
    columns[b] = column;
    values[b] = value;
}

static void sift(int32_t *columns, double *values, int64_t at, int64_t count)
{
    for (int64_t child; (child = 2 * at + 1) < count; at = child) {
        if (child + 1 < count && columns[child + 1] > columns[child])
            child++;
        if (columns[child] <= columns[at])
            return;
        swap(columns, values, at, child);
    }
}

/* A heap sort, in place and without bad cases. */
static void sort_columns(int32_t *columns, double *values, int64_t count)
{
    for (int64_t i = count / 2; i-- > 0;)
        sift(columns, values, i, count);
    for (int64_t end = count - 1; end > 0; end--) {
        swap(columns, values, 0, end);
        sift(columns, values, 0, end);
    }
}

/* Equal columns, which stand together, become one. Returns how many are left. */
static int64_t add_up(int32_t *columns, double *values, int64_t count, bool absolute)
{
    int64_t kept = 0;
    for (int64_t i = 0; i < count; kept++) {
        const int32_t column = columns[i];
        double sum = 0;
        for (; i < count && columns[i] == column; i++)
            sum += values[i];
        columns[kept] = column;
        values[kept] = absolute ? fabs(sum) : sum;
    }
    return kept;
}

static crn_status hash_row(const crn_call *call, const crn_cell *row, int64_t *entries)
{
    const crn_feature_hash_attributes *a = call->attributes;
    crn_sparse *out = call->out[0];
    const crn_cell_kind kind = a->form == CRN_FEATURES_DICT ? CRN_CELL_DICT : CRN_CELL_LIST;
    if (row->kind != kind)
        return crn_fail(call->failure, CRN_ARGUMENT, "a row is no %s of features",
                        kind == CRN_CELL_DICT ? "dict" : "list");
    if (!crn_sparse_reserve(call, 0, *entries + (int64_t)row->size + 1))
        return CRN_NO_MEMORY;
    int64_t end = *entries;
    for (uint64_t k = 0; k < row->size; k++) {
        const crn_cell *name, *value;
        CRN_TRY(feature_at(row, a->form, k, &name, &value, call->failure));
        CRN_TRY(add_feature(a, name, value, out, &end, call->failure));
    }
    int32_t *columns = out->indices + *entries;
    double *values = (double *)out->values + *entries;
    sort_columns(columns, values, end - *entries);
    *entries += add_up(columns, values, end - *entries, a->absolute);
    return CRN_OK;
}

static void feature_hash_forward(const crn_call *call)
{
    const crn_cell *rows = call->in[0];
    crn_sparse *out = call->out[0];
    int64_t entries = 0;
    out->starts[0] = 0;
    for (int64_t i = 0; i < call->rows; i++) {
        if (hash_row(call, &rows[i], &entries) != CRN_OK) {
            memset(out->starts, 0, (size_t)(call->rows + 1) * sizeof *out->starts);
            return;
        }
        out->starts[i + 1] = entries;
    }
}

static void feature_hash_cost(const void *attributes, const crn_type *in, const crn_type *out,
                              crn_cost *cost)
{
    (void)attributes, (void)in, (void)out;
    cost->multiply_adds = 5000; /* a row of common length */
}

const crn_op crn_op_feature_hash = {
    .name = "feature_hash",
    .attributes_size = sizeof(crn_feature_hash_attributes),
    .n_out = 1,
    .infer = feature_hash_infer,
    .forward = feature_hash_forward,
    .cost = feature_hash_cost,
};

crn_value crn_feature_hash(crn_graph *graph, crn_value x,
                           const crn_feature_hash_attributes *attributes)
{
    return crn_graph_add(graph, &crn_op_feature_hash, attributes, &x, 1);
}
