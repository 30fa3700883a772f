/* SPDX-License-Identifier: BSD-3-Clause */
/* lookup: the place of each element in a sorted table. Inputs: table, x. */
#include <stdio.h>

#include "ops/infer.h"
#include "ops/rows.h"

static crn_status lookup_infer(const void *attributes, const crn_type *in, int n_in, crn_type *out,
                               crn_error *err)
{
    (void)attributes;
    CRN_TRY(crn_infer_count("lookup", n_in, 2, 2, err));
    const crn_type *table = &in[0], *x = &in[1];
    const bool known = table->dtype == CRN_FLOAT64 || table->dtype == CRN_INT64 ||
                       table->dtype == CRN_STRING;
    if (!known || table->dtype != x->dtype)
        return crn_fail(err, CRN_DTYPE, "lookup: %s in a table of %s", crn_dtype_name(x->dtype),
                        crn_dtype_name(table->dtype));
    if (table->rows || table->ndim != 1)
        return crn_infer_misfit("lookup", table, x, err);
    out[0] = *x;
    out[0].dtype = CRN_INT64;
    out[0].itemsize = sizeof(int64_t);
    return CRN_OK;
}

/* Code points one by one; a shorter string is padded with 0, as NumPy pads it. */
static int compare_strings(const uint32_t *a, int64_t a_size, const uint32_t *b, int64_t b_size)
{
    const int64_t n = a_size > b_size ? a_size : b_size;
    for (int64_t i = 0; i < n; i++) {
        const uint32_t x = i < a_size ? a[i] : 0, y = i < b_size ? b[i] : 0;
        if (x != y)
            return x < y ? -1 : 1;
    }
    return 0;
}

/* The sign of (element - table[k]). */
static int compare(const crn_call *call, const void *element, int64_t k)
{
    const crn_type *table = &call->in_types[0];
    const char *entry = (const char *)call->in[0] + k * table->itemsize;
    if (table->dtype == CRN_STRING)
        return compare_strings(element, call->in_types[1].itemsize / 4, (const uint32_t *)entry,
                               table->itemsize / 4);
    if (table->dtype == CRN_INT64) {
        const int64_t x = *(const int64_t *)element, y = *(const int64_t *)entry;
        return (x > y) - (x < y);
    }
    const double x = *(const double *)element, y = *(const double *)entry;
    return x == y ? 0 : x < y ? -1 : 1; /* NaN is behind everything */
}

/* The place, or -1. */
static int64_t find(const crn_call *call, const void *element)
{
    int64_t low = 0, high = call->in_types[0].shape[0];
    while (low < high) {
        const int64_t middle = low + (high - low) / 2;
        const int order = compare(call, element, middle);
        if (order == 0)
            return middle;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return -1;
}

static void complain(const crn_call *call, const void *element)
{
    char label[128];
    const crn_type *x = &call->in_types[1];
    if (call->failure == NULL)
        return;
    if (x->dtype == CRN_INT64) {
        snprintf(label, sizeof label, "%lld", (long long)*(const int64_t *)element);
    } else if (x->dtype == CRN_FLOAT64) {
        snprintf(label, sizeof label, "%.17g", *(const double *)element);
    } else {
        const uint32_t *text = element;
        size_t used = 0;
        for (int64_t i = 0; i < x->itemsize / 4 && text[i] != 0 && used + 2 < sizeof label; i++)
            label[used++] = text[i] < 0x7f ? (char)text[i] : '?';
        label[used] = '\0';
    }
    crn_fail(call->failure, CRN_ARGUMENT, "y contains previously unseen labels: [%s]", label);
}

static void lookup_forward(const crn_call *call)
{
    const crn_type *x = &call->in_types[1];
    const int64_t n = crn_type_count(x, call->rows);
    int64_t *places = call->out[0];
    for (int64_t i = 0; i < n; i++) {
        const char *element = (const char *)call->in[1] + i * x->itemsize;
        const int64_t place = find(call, element);
        places[i] = place < 0 ? 0 : place;
        if (place < 0)
            complain(call, element);
    }
}

static void lookup_cost(const void *attributes, const crn_type *in, const crn_type *out,
                        crn_cost *cost)
{
    (void)attributes;
    int64_t steps = 1;
    for (int64_t n = in[0].shape[0]; n > 1; n /= 2)
        steps++;
    cost->multiply_adds = (double)(crn_type_size(&out[0]) * steps);
    cost->bytes = (double)(in[0].shape[0] * in[0].itemsize);
}

const crn_op crn_op_lookup = {
    .name = "lookup",
    .n_out = 1,
    .infer = lookup_infer,
    .forward = lookup_forward,
    .cost = lookup_cost,
};

crn_value crn_lookup(crn_graph *graph, crn_value table, crn_value x)
{
    return crn_graph_add(graph, &crn_op_lookup, NULL, (crn_value[]){table, x}, 2);
}
