/* SPDX-License-Identifier: BSD-3-Clause */
/* lookup: the place of each element in a sorted table. Inputs: table, x. */
#include <math.h>
#include <string.h>

#include "base/text.h"
#include "ops/infer.h"
#include "ops/rows.h"

static crn_status lookup_infer(const void *attributes, const crn_type *in, int n_in,
                               crn_type *out, crn_error *err)
{
    (void)attributes;
    CRN_TRY(crn_infer_count("lookup", n_in, 2, 2, err));
    const crn_type *table = &in[0], *x = &in[1];
    const bool known =
        table->dtype == CRN_FLOAT64 || table->dtype == CRN_INT64 || table->dtype == CRN_STRING;
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

/* NaN is one value behind all others, as numpy.unique has it. */
static int compare_reals(double x, double y)
{
    if (isnan(x) || isnan(y))
        return (isnan(x) != 0) - (isnan(y) != 0);
    return (x > y) - (x < y);
}

/* The sign of (a - b), numbers of the same type. */
static int compare_numbers(crn_dtype dtype, const void *a, const void *b)
{
    if (dtype == CRN_FLOAT64)
        return compare_reals(*(const double *)a, *(const double *)b);
    const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* The sign of (element - table[k]). */
static int compare(const crn_call *call, const void *element, int64_t k)
{
    const crn_type *table = &call->in_types[0];
    const char *entry = (const char *)call->in[0] + k * table->itemsize;
    if (table->dtype == CRN_STRING)
        return compare_strings(element, call->in_types[1].itemsize / 4, (const uint32_t *)entry,
                               table->itemsize / 4);
    return compare_numbers(table->dtype, element, entry);
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

/* ---- what was not found: the words of sklearn.utils._encode._encode (1.9) ---- */

enum { MOST_LISTED = 10 };

/* Puts an element in its place among the sorted distinct ones, the largest of too many falls
 * out. */
static int insert(crn_dtype dtype, const void **listed, int count, const void *element)
{
    int at = 0;
    while (at < count && compare_numbers(dtype, listed[at], element) < 0)
        at++;
    if (at == MOST_LISTED || (at < count && compare_numbers(dtype, listed[at], element) == 0))
        return count;
    const int last = count < MOST_LISTED ? count : MOST_LISTED - 1;
    for (int i = last; i > at; i--)
        listed[i] = listed[i - 1];
    listed[at] = element;
    return count < MOST_LISTED ? count + 1 : count;
}

static void say_number(crn_dtype dtype, const void *element, crn_text *out)
{
    double real = 0.0;
    if (dtype == CRN_FLOAT64)
        memcpy(&real, element, sizeof real);
    if (dtype == CRN_INT64)
        crn_text_printf(out, "%lld", (long long)*(const int64_t *)element);
    else if (fabs(real) < 0x1p53 &&
             real == floor(real)) /* integers are looked up as float64, too */
        crn_text_printf(out, "%.0f", real);
    else
        crn_text_add_double(out, real);
}

/* All numbers that were not found among these rows: "[5, 9]". */
static void say_numbers(const crn_call *call, int64_t n, crn_text *out)
{
    const crn_type *x = &call->in_types[1];
    const void *listed[MOST_LISTED];
    int count = 0;
    for (int64_t i = 0; i < n; i++) {
        const char *element = (const char *)call->in[1] + i * x->itemsize;
        if (find(call, element) < 0)
            count = insert(x->dtype, listed, count, element);
    }
    for (int i = 0; i < count; i++) {
        crn_text_add_string(out, i > 0 ? ", " : "[");
        say_number(x->dtype, listed[i], out);
    }
    crn_text_add_char(out, ']');
}

/* A string, quoted as repr() does. */
static void say_string(const crn_type *type, const uint32_t *string, crn_text *out)
{
    crn_text text = CRN_TEXT_INIT;
    for (int64_t i = 0; i < type->itemsize / 4 && string[i] != 0; i++)
        crn_text_add_code_point(&text, string[i]);
    crn_text_add_python_string(out, text.data != NULL ? text.data : "", text.size);
    crn_text_free(&text);
}

/* `element` is the first that was not found. */
static void complain(const crn_call *call, int64_t n, const void *element)
{
    crn_text labels = CRN_TEXT_INIT;
    if (call->failure == NULL)
        return;
    if (call->in_types[1].dtype == CRN_STRING)
        say_string(&call->in_types[1], element, &labels);
    else
        say_numbers(call, n, &labels);
    crn_fail(call->failure, CRN_ARGUMENT, "y contains previously unseen labels: %s",
             labels.data != NULL ? labels.data : "");
    crn_text_free(&labels);
}

static void lookup_forward(const crn_call *call)
{
    const crn_type *x = &call->in_types[1];
    const int64_t n = crn_type_count(x, call->rows);
    int64_t *places = call->out[0];
    const void *unseen = NULL;
    for (int64_t i = 0; i < n; i++) {
        const char *element = (const char *)call->in[1] + i * x->itemsize;
        const int64_t place = find(call, element);
        places[i] = place < 0 ? 0 : place;
        if (place < 0 && unseen == NULL)
            unseen = element;
    }
    if (unseen != NULL)
        complain(call, n, unseen);
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
