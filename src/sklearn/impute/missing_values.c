/* SPDX-License-Identifier: BSD-3-Clause */
#include "sklearn/impute/missing_values.h"

#include <math.h>

#include "ops/elementwise.h"
#include "ops/rows.h"

crn_status crn_missing_values(const crn_object *value, crn_cell *out, crn_error *err)
{
    int64_t integer;
    double real;
    *out = (crn_cell){.kind = CRN_CELL_NONE};
    if (value == NULL || crn_object_is_none(value))
        return CRN_OK;
    if (crn_object_text(value) != NULL) {
        *out = (crn_cell){CRN_CELL_TEXT, {.text = value->as.bytes.at}, value->as.bytes.size};
        return CRN_OK;
    }
    if (crn_object_as_int(value, &integer)) {
        *out = (crn_cell){CRN_CELL_INT, {.integer = integer}, 0};
        return CRN_OK;
    }
    if (!crn_object_as_double(value, &real)) {
        const crn_object *cls = crn_object_class(value);
        /* pandas.NA, which pickles as a call of its class. */
        if (cls == NULL || !crn_object_is_str(cls->as.global.name, "NAType"))
            return crn_fail(err, CRN_UNSUPPORTED, "missing_values is a %s",
                            crn_object_kind_name(value));
        real = (double)NAN;
    }
    *out = (crn_cell){CRN_CELL_FLOAT, {.real = real}, 0};
    return CRN_OK;
}

bool crn_missing_is_number(const crn_cell *missing)
{
    return crn_cell_is_number(missing);
}

crn_admitted crn_missing_admits(const crn_cell *missing)
{
    return crn_cell_is_nan(missing) ? CRN_ADMITS_NAN : CRN_ADMITS_FINITE;
}

crn_value crn_missing_constant(crn_graph *graph, const crn_cell *missing, crn_dtype dtype)
{
    const crn_array cell = crn_array_view_1d(missing, CRN_OBJECT, 1);
    crn_array copy = CRN_ARRAY_INIT;
    if (graph->error.code != CRN_OK ||
        crn_array_astype(&cell, dtype, &copy, &graph->error) != CRN_OK)
        return CRN_NO_VALUE;
    const crn_value value = crn_graph_constant(graph, &copy);
    crn_array_free(&copy);
    return value;
}

crn_value crn_join_indicator(crn_graph *graph, crn_value imputed, crn_value mask)
{
    mask = crn_cast(graph, mask, crn_graph_type(graph, imputed)->dtype);
    return crn_concat(graph, (crn_value[]){imputed, mask}, 2, 0);
}

crn_status crn_read_indices(const crn_array *array, int64_t n, const char *name,
                            crn_arena *arena, int64_t **out, crn_error *err)
{
    if (array->data == NULL || array->ndim != 1 || !crn_dtype_is_number(array->dtype))
        return crn_fail(err, CRN_FORMAT, "%s is no list of indices", name);
    *out = crn_arena_alloc(arena, (size_t)array->shape[0], sizeof **out);
    if (*out == NULL)
        return crn_arena_fail(arena, err);
    for (int64_t i = 0; i < array->shape[0]; i++) {
        const double index = crn_array_get(array, i);
        if (!(index >= 0 && index < (double)n))
            return crn_fail(err, CRN_FORMAT, "%s[%lld] is no index of %lld features", name,
                            (long long)i, (long long)n);
        (*out)[i] = (int64_t)index;
    }
    return CRN_OK;
}
