/* SPDX-License-Identifier: BSD-3-Clause */
/* dict_features: dicts of numbers and texts as rows, as
 * sklearn.feature_extraction.DictVectorizer.transform (1.9). Inputs: x, keys, columns. */
#include <math.h>
#include <string.h>

#include "base/cell.h"
#include "ops/infer.h"
#include "ops/records.h"

static crn_status dict_features_infer(const void *attributes, const crn_type *in, int n_in,
                                      crn_type *out, crn_error *err)
{
    (void)attributes;
    CRN_TRY(crn_infer_count("dict_features", n_in, 3, 3, err));
    const crn_type *x = &in[0], *keys = &in[1], *columns = &in[2];
    if (x->dtype != CRN_OBJECT || keys->dtype != CRN_OBJECT || columns->dtype != CRN_INT64)
        return crn_fail(err, CRN_DTYPE, "dict_features: %s, %s and %s",
                        crn_dtype_name(x->dtype), crn_dtype_name(keys->dtype),
                        crn_dtype_name(columns->dtype));
    if (!x->rows || x->ndim != 0 || keys->rows || keys->ndim != 1)
        return crn_infer_misfit("dict_features", x, keys, err);
    if (columns->rows || columns->ndim != 1 || columns->shape[0] != keys->shape[0])
        return crn_infer_misfit("dict_features", columns, keys, err);
    out[0] = crn_type_vector(CRN_FLOAT64, keys->shape[0]);
    return CRN_OK;
}

/* A name in three pieces, as key, separator and value are before they are joined. */
typedef struct joined {
    const char *at[3];
    size_t size[3];
} joined;

/* The sign of (text - name). */
static int compare_joined(const crn_cell *text, const joined *name)
{
    const char *at = text->as.text;
    size_t left = text->size;
    for (int i = 0; i < 3; i++) {
        const size_t size = left < name->size[i] ? left : name->size[i];
        const int order = size > 0 ? memcmp(at, name->at[i], size) : 0;
        if (order != 0)
            return order;
        if (size < name->size[i])
            return -1;
        at += size;
        left -= size;
    }
    return left > 0;
}

/* Adds to the column of a key that is a cell, or of a joined name; nothing where there is
 * none. */
static void add(const crn_call *call, const crn_cell *key, const joined *name, double value,
                double *row)
{
    const crn_cell *keys = call->in[1];
    const crn_cell text = {CRN_CELL_TEXT, {.text = ""}, 0};
    int64_t low = 0, high = call->in_types[1].shape[0];
    while (low < high) {
        const int64_t middle = low + (high - low) / 2;
        int order = crn_cell_compare(&keys[middle], name != NULL ? &text : key);
        if (name != NULL && keys[middle].kind == CRN_CELL_TEXT)
            order = compare_joined(&keys[middle], name);
        if (order == 0) {
            row[((const int64_t *)call->in[2])[middle]] += value;
            return;
        }
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
}

static void add_text(const crn_call *call, const crn_cell *key, const crn_cell *value,
                     double *row)
{
    const crn_dict_features_attributes *a = call->attributes;
    const joined name = {{key->as.text, a->separator, value->as.text},
                         {key->size, a->separator_size, value->size}};
    if (key->kind == CRN_CELL_TEXT)
        add(call, NULL, &name, 1.0, row);
}

static void refuse(const crn_call *call, const crn_cell *key, const crn_cell *value)
{
    crn_text said = {.cap = 200};
    if (call->failure == NULL)
        return;
    crn_text_add_cell(&said, key);
    crn_text_add_string(&said, ": ");
    crn_text_add_cell(&said, value);
    crn_fail(call->failure, CRN_ARGUMENT, "Unsupported value for %s",
             said.data != NULL ? said.data : "a key");
    crn_text_free(&said);
}

static void add_entry(const crn_call *call, const crn_cell *key, const crn_cell *value,
                      double *row)
{
    double number = (double)NAN;
    if (value->kind == CRN_CELL_TEXT) {
        add_text(call, key, value, row);
    } else if (value->kind == CRN_CELL_LIST) {
        for (uint64_t i = 0; i < value->size; i++) {
            if (value->as.items[i].kind == CRN_CELL_TEXT)
                add_text(call, key, &value->as.items[i], row);
            else
                refuse(call, key, value);
        }
    } else if (value->kind == CRN_CELL_NONE || crn_cell_as_double(value, &number)) {
        add(call, key, NULL, number, row);
    } else {
        refuse(call, key, value);
    }
}

static void dict_features_forward(const crn_call *call)
{
    const int64_t n = call->out_types[0].shape[0];
    const crn_cell *x = call->in[0]; /* (rows) */
    double *row = call->out[0];      /* (rows, n) */
    memset(row, 0, (size_t)(call->rows * n) * sizeof *row);
    for (int64_t i = 0; i < call->rows; i++, row += n) {
        if (x[i].kind != CRN_CELL_DICT && call->failure != NULL)
            crn_fail(call->failure, CRN_ARGUMENT, "a row is no dict of features");
        for (uint64_t k = 0; x[i].kind == CRN_CELL_DICT && k < x[i].size; k++)
            add_entry(call, &x[i].as.items[2 * k], &x[i].as.items[2 * k + 1], row);
    }
}

static void dict_features_cost(const void *attributes, const crn_type *in, const crn_type *out,
                               crn_cost *cost)
{
    (void)attributes, (void)in;
    cost->multiply_adds = (double)crn_type_size(&out[0]) + 200;
}

const crn_op crn_op_dict_features = {
    .name = "dict_features",
    .attributes_size = sizeof(crn_dict_features_attributes),
    .n_out = 1,
    .infer = dict_features_infer,
    .forward = dict_features_forward,
    .cost = dict_features_cost,
};

crn_value crn_dict_features(crn_graph *graph, crn_value x, crn_value keys, crn_value columns,
                            const char *separator, size_t separator_size)
{
    const crn_dict_features_attributes attributes = {
        .separator = crn_arena_text(graph->arena, separator, separator_size),
        .separator_size = separator_size};
    if (attributes.separator == NULL)
        return crn_graph_fail(graph, CRN_NO_MEMORY, "out of memory");
    return crn_graph_add(graph, &crn_op_dict_features, &attributes,
                         (crn_value[]){x, keys, columns}, 3);
}
