/* SPDX-License-Identifier: BSD-3-Clause */
#include "sklearn/pipeline/join.h"

#include "ops/elementwise.h"
#include "ops/rows.h"
#include "ops/sparse.h"
#include "sklearn/children.h"

/* numpy.result_type of two. */
static crn_dtype promote(crn_dtype a, crn_dtype b)
{
    if (a == b)
        return a;
    if (!crn_dtype_is_number(a) || !crn_dtype_is_number(b))
        return CRN_OBJECT;
    if (a == CRN_BOOL || b == CRN_BOOL)
        return a == CRN_BOOL ? b : a;
    return crn_dtype_is_float(a) || crn_dtype_is_float(b) ? CRN_FLOAT64 : CRN_INT64;
}

crn_value crn_join_columns(crn_graph *graph, crn_value *values, int count, bool sparse)
{
    if (graph->error.code != CRN_OK)
        return CRN_NO_VALUE;
    crn_dtype dtype = crn_graph_type(graph, values[0])->dtype;
    for (int i = 0; i < count; i++) {
        const crn_type *type = crn_graph_type(graph, values[i]);
        if (type->ndim != 1)
            return crn_graph_fail(graph, CRN_SHAPE,
                                  "The output of a transformer should be 2D, but it has %d "
                                  "axes",
                                  type->ndim + 1);
        dtype = promote(dtype, type->dtype);
    }
    if (sparse && !crn_dtype_is_number(dtype))
        dtype = CRN_FLOAT64;
    for (int i = 0; i < count; i++) {
        values[i] = crn_cast(graph, values[i], dtype);
        values[i] = sparse ? crn_sparsify(graph, values[i]) : crn_densify(graph, values[i]);
    }
    return count == 1 ? values[0] : crn_concat(graph, values, count, 0);
}

crn_value crn_weigh(crn_graph *graph, const crn_object *weights, const char *name, crn_value x)
{
    double weight;
    const crn_object *given =
        crn_object_is(weights, CRN_OBJ_DICT) ? crn_object_get(weights, name) : NULL;
    if (given == NULL || crn_object_is_none(given))
        return x;
    if (!crn_object_as_double(given, &weight))
        return crn_graph_fail(graph, CRN_FORMAT, "transformer_weights['%s'] is no number",
                              name);
    if (crn_graph_type(graph, x)->dtype != CRN_FLOAT32)
        x = crn_cast(graph, x, CRN_FLOAT64);
    return crn_times(graph, x, weight);
}
