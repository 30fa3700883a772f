/* SPDX-License-Identifier: BSD-3-Clause */
/* One query for k neighbors: a heap, and the checks that its operations share. */
#include "ops/neighbor_query.h"

#include <math.h>
#include <string.h>

#include "ops/infer.h"
#include "ops/neighbor_heap.h"

size_t crn_neighbor_query_bytes(int64_t k, int64_t n)
{
    return (size_t)k * (3 * sizeof(double) + 2 * sizeof(int64_t)) + (size_t)n * sizeof(double);
}

void crn_neighbor_query_begin(crn_neighbor_query *query, int64_t k, void *memory,
                              double **prepared)
{
    query->k = k;
    query->values = memory;
    query->indices = (int64_t *)(query->values + k);
    query->spare = query->indices + k;
    query->spares = 0;
    query->merging = (double *)(query->spare + k);
    *prepared = query->merging + 2 * k;
    crn_neighbor_heap_clear(k, query->values, query->indices);
}

void crn_neighbor_query_offer(crn_neighbor_query *query, double reduced, int64_t index)
{
    if (reduced < (double)INFINITY)
        crn_neighbor_heap_push(query->k, query->values, query->indices, reduced, index);
    else if (query->spares < query->k)
        query->spare[query->spares++] = index;
}

void crn_neighbor_query_merge(crn_neighbor_query *query)
{
    const int64_t k = query->k;
    double *values = query->merging;
    int64_t *indices = (int64_t *)(query->merging + k);
    memcpy(values, query->values, (size_t)k * sizeof *values);
    memcpy(indices, query->indices, (size_t)k * sizeof *indices);
    crn_neighbor_heap_clear(k, query->values, query->indices);
    for (int64_t i = 0; i < k; i++)
        crn_neighbor_heap_push(k, query->values, query->indices, values[i], indices[i]);
}

/* Places that no finite distance took come last: NumPy sorts NaN behind infinity. */
void crn_neighbor_query_finish(crn_neighbor_query *query, const crn_distance_metric *metric,
                               bool early, double *distances, int64_t *indices)
{
    const double missing =
        metric->kind == CRN_METRIC_NAN_EUCLIDEAN || metric->kind == CRN_METRIC_CORRELATION
            ? (double)NAN
            : (double)INFINITY;
    int64_t next = 0;
    crn_neighbor_heap_sort(query->k, early, query->values, query->indices);
    for (int64_t i = 0; i < query->k; i++) {
        const bool empty = query->indices[i] < 0;
        if (indices != NULL)
            indices[i] = !empty                 ? query->indices[i]
                         : next < query->spares ? query->spare[next++]
                                                : 0;
        if (distances != NULL)
            distances[i] =
                empty ? missing : crn_distance_metric_distance(metric, query->values[i]);
    }
}

crn_status crn_neighbor_query_infer(const char *op, const crn_type *x, int64_t k,
                                    int64_t samples, crn_type *out, crn_error *err)
{
    if (x->dtype != CRN_FLOAT64 || x->ndim != 1)
        return crn_fail(err, CRN_SHAPE, "%s: takes float64 (rows, features)", op);
    if (k < 1 || k > samples)
        return crn_fail(err, CRN_ARGUMENT, "%s: %lld neighbors of %lld samples", op,
                        (long long)k, (long long)samples);
    out[0] = *x;
    out[0].shape[0] = k;
    out[1] = out[0];
    out[1].dtype = CRN_INT64;
    out[1].itemsize = sizeof(int64_t);
    return CRN_OK;
}

crn_status crn_infer_constant(const char *op, const crn_type *type, crn_dtype dtype,
                              int32_t ndim, const int64_t *shape, crn_error *err)
{
    bool fits = type->dtype == dtype && !type->rows && type->ndim == ndim;
    for (int32_t i = 0; fits && i < ndim; i++)
        fits = shape[i] < 0 || type->shape[i] == shape[i];
    if (fits)
        return CRN_OK;
    crn_type wanted = crn_type_rows(dtype, ndim, shape);
    wanted.rows = false;
    return crn_infer_misfit(op, type, &wanted, err);
}
