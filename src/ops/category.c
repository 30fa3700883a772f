/* SPDX-License-Identifier: BSD-3-Clause */
/* category: the slot of each feature's value among its categories, which
 * sklearn.preprocessing._encoders._BaseEncoder._transform (1.9) finds with numpy.isin and
 * searchsorted. Inputs: x, keys, slots, starts. */
#include "ops/category.h"

#include <math.h>

#include "base/cell.h"
#include "ops/infer.h"

static bool is_index(const crn_type *type)
{
    return type->dtype == CRN_INT64 && !type->rows && type->ndim == 1;
}

static crn_status category_infer(const void *attributes, const crn_type *in, int n_in,
                                 crn_type *out, crn_error *err)
{
    (void)attributes;
    CRN_TRY(crn_infer_count("category", n_in, 4, 4, err));
    const crn_type *x = &in[0], *keys = &in[1];
    if ((x->dtype != CRN_FLOAT64 && x->dtype != CRN_OBJECT) || x->dtype != keys->dtype)
        return crn_fail(err, CRN_DTYPE, "category: %s among keys of %s",
                        crn_dtype_name(x->dtype), crn_dtype_name(keys->dtype));
    if (!x->rows || x->ndim != 1 || keys->rows || keys->ndim != 1)
        return crn_infer_misfit("category", x, keys, err);
    if (!is_index(&in[2]) || in[2].shape[0] != keys->shape[0])
        return crn_infer_misfit("category", &in[2], keys, err);
    if (!is_index(&in[3]) || in[3].shape[0] != x->shape[0] + 1)
        return crn_infer_misfit("category", &in[3], x, err);
    out[0] = crn_type_vector(CRN_INT64, x->shape[0]);
    return CRN_OK;
}

static int compare_reals(double x, double y)
{
    if (isnan(x) || isnan(y))
        return (isnan(x) != 0) - (isnan(y) != 0);
    return (x > y) - (x < y);
}

/* The first of keys [low, high) that is not less than the value. */
static int64_t search_reals(const double *keys, int64_t low, int64_t high, double value)
{
    while (low < high) {
        const int64_t middle = low + (high - low) / 2;
        if (compare_reals(keys[middle], value) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static int64_t search_cells(const crn_cell *keys, int64_t low, int64_t high,
                            const crn_cell *value)
{
    while (low < high) {
        const int64_t middle = low + (high - low) / 2;
        if (crn_cell_compare(&keys[middle], value) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* "Found unknown categories ['x'] in column 2 during transform" */
static void complain(const crn_call *call, int64_t at, int64_t column)
{
    const bool cells = call->in_types[0].dtype == CRN_OBJECT;
    const double *reals = call->in[0];
    const crn_cell number = {CRN_CELL_FLOAT, {.real = cells ? 0 : reals[at]}, 0};
    const crn_cell list = {
        CRN_CELL_LIST, {.items = cells ? (const crn_cell *)call->in[0] + at : &number}, 1};
    crn_text said = {.cap = 300};
    if (call->failure == NULL)
        return;
    crn_text_add_cell(&said, &list);
    crn_fail(call->failure, CRN_ARGUMENT,
             "Found unknown categories %s in column %lld during transform",
             said.data != NULL ? said.data : "[...]", (long long)column);
    crn_text_free(&said);
}

/* The place of value `at` of x, which belongs to feature i, among the keys; -1: nowhere. */
static int64_t find(const crn_call *call, int64_t at, int64_t low, int64_t high)
{
    if (call->in_types[0].dtype == CRN_FLOAT64) {
        const double value = ((const double *)call->in[0])[at], *keys = call->in[1];
        const int64_t place = search_reals(keys, low, high, value);
        return place < high && compare_reals(keys[place], value) == 0 ? place : -1;
    }
    const crn_cell *value = (const crn_cell *)call->in[0] + at, *keys = call->in[1];
    const int64_t place = search_cells(keys, low, high, value);
    return place < high && crn_cell_compare(&keys[place], value) == 0 ? place : -1;
}

static void category_forward(const crn_call *call)
{
    const crn_category_attributes *attributes = call->attributes;
    const int64_t n = call->in_types[0].shape[0], total = call->in_types[1].shape[0];
    const int64_t *slots = call->in[2], *starts = call->in[3];
    int64_t *out = call->out[0]; /* (rows, n) */
    bool refused = false;
    for (int64_t row = 0; row < call->rows; row++) {
        for (int64_t i = 0; i < n; i++) {
            const int64_t at = row * n + i;
            const int64_t place = find(call, at, starts[i], starts[i + 1]);
            out[at] = place >= 0 ? slots[place] : total + i;
            if (place < 0 && attributes->refuse_unknown && !refused) {
                complain(call, at, i);
                refused = true;
            }
        }
    }
}

static void category_cost(const void *attributes, const crn_type *in, const crn_type *out,
                          crn_cost *cost)
{
    (void)attributes;
    int64_t steps = 1;
    for (int64_t n = in[1].shape[0]; n > 1; n /= 2)
        steps++;
    cost->multiply_adds = (double)(crn_type_size(&out[0]) * steps);
    cost->bytes = (double)(in[1].shape[0] * in[1].itemsize);
}

const crn_op crn_op_category = {
    .name = "category",
    .attributes_size = sizeof(crn_category_attributes),
    .n_out = 1,
    .infer = category_infer,
    .forward = category_forward,
    .cost = category_cost,
};

crn_value crn_category(crn_graph *graph, crn_value x, crn_value keys, crn_value slots,
                       crn_value starts, bool refuse_unknown)
{
    const crn_category_attributes attributes = {.refuse_unknown = refuse_unknown};
    return crn_graph_add(graph, &crn_op_category, &attributes,
                         (crn_value[]){x, keys, slots, starts}, 4);
}
