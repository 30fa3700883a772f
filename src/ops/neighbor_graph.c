/* SPDX-License-Identifier: BSD-3-Clause */
/* neighbor_graph: neighbors as a sparse matrix of rows and samples, as kneighbors_graph() and
 * radius_neighbors_graph() of sklearn/neighbors/_base.py (1.9). Inputs: distances; indices, or
 * absent when neighbor j is sample j. Indices are inside by construction of the graph. */
#include <math.h>
#include <stdio.h>

#include "ops/infer.h"
#include "ops/neighbors.h"
#include "ops/sparse.h"

static crn_status graph_infer(const void *attributes, const crn_type *in, int n_in,
                              crn_type *out, crn_error *err)
{
    const crn_neighbor_graph_attributes *a = attributes;
    CRN_TRY(crn_infer_count("neighbor_graph", n_in, 2, 2, err));
    if (in[0].dtype != CRN_FLOAT64 || in[0].ndim != 1 || !in[0].rows)
        return crn_fail(err, CRN_SHAPE, "neighbor_graph: takes float64 (rows, k)");
    const bool all = in[1].dtype == CRN_NO_DTYPE;
    if (all ? in[0].shape[0] != a->samples
            : in[1].dtype != CRN_INT64 || in[1].ndim != 1 || !in[1].rows ||
                  in[1].shape[0] != in[0].shape[0])
        return crn_infer_misfit("neighbor_graph", &in[0], &in[1], err);
    if (a->samples < 1 || a->samples > INT32_MAX)
        return crn_fail(err, CRN_SHAPE, "neighbor_graph: %lld samples", (long long)a->samples);
    out[0] = crn_type_sparse(a->entry == CRN_ENTRY_INDEX ? CRN_INT64 : CRN_FLOAT64, a->samples);
    return CRN_OK;
}

static void put(crn_sparse *block, int64_t at, crn_neighbor_entry entry, int64_t sample,
                double distance)
{
    block->indices[at] = (int32_t)sample;
    if (entry == CRN_ENTRY_INDEX)
        ((int64_t *)block->values)[at] = sample;
    else
        ((double *)block->values)[at] = entry == CRN_ENTRY_ONE ? 1 : distance;
}

/* Neighbors come nearest first; a sparse row has rising columns. The next column is looked for
 * among all: k is small. */
static int64_t put_some(crn_sparse *block, int64_t at, crn_neighbor_entry entry, int64_t k,
                        const double *distances, const int64_t *indices)
{
    int64_t last = -1;
    for (;;) {
        int64_t next = -1;
        for (int64_t i = 0; i < k; i++) {
            if (indices[i] > last && distances[i] < (double)INFINITY &&
                (next < 0 || indices[i] < indices[next]))
                next = i;
        }
        if (next < 0)
            return at;
        put(block, at++, entry, indices[next], distances[next]);
        last = indices[next];
    }
}

static int64_t put_all(crn_sparse *block, int64_t at, crn_neighbor_entry entry, int64_t k,
                       const double *distances)
{
    for (int64_t j = 0; j < k; j++) {
        if (distances[j] < (double)INFINITY)
            put(block, at++, entry, j, distances[j]);
    }
    return at;
}

static int64_t count_entries(int64_t n, const double *distances)
{
    int64_t count = 0;
    for (int64_t i = 0; i < n; i++)
        count += distances[i] < (double)INFINITY;
    return count;
}

static void graph_forward(const crn_call *call)
{
    const crn_neighbor_graph_attributes *a = call->attributes;
    const int64_t k = call->in_types[0].shape[0];
    const double *distances = call->in[0];
    const int64_t *indices = call->in[1];
    crn_sparse *block = call->out[0];
    if (block == NULL || !crn_sparse_reserve(call, 0, count_entries(call->rows * k, distances)))
        return;
    block->starts[0] = 0;
    for (int64_t row = 0; row < call->rows; row++, distances += k) {
        const int64_t at = block->starts[row];
        block->starts[row + 1] =
            indices != NULL ? put_some(block, at, a->entry, k, distances, indices + row * k)
                            : put_all(block, at, a->entry, k, distances);
    }
}

static void graph_cost(const void *attributes, const crn_type *in, const crn_type *out,
                       crn_cost *cost)
{
    (void)attributes, (void)out;
    cost->multiply_adds = 4.0 * (double)crn_type_size(&in[0]);
}

static void graph_describe(const void *attributes, char *buffer, size_t size)
{
    static const char *const names[] = {"distance", "connectivity", "index"};
    const crn_neighbor_graph_attributes *a = attributes;
    snprintf(buffer, size, "%s", names[a->entry]);
}

const crn_op crn_op_neighbor_graph = {
    .name = "neighbor_graph",
    .attributes_size = sizeof(crn_neighbor_graph_attributes),
    .n_out = 1,
    .infer = graph_infer,
    .forward = graph_forward,
    .cost = graph_cost,
    .describe = graph_describe,
};

crn_value crn_neighbor_graph(crn_graph *graph, crn_value distances, crn_value indices,
                             int64_t samples, crn_neighbor_entry entry)
{
    const crn_neighbor_graph_attributes attributes = {.samples = samples, .entry = entry};
    const crn_value in[2] = {distances, indices};
    return crn_graph_add(graph, &crn_op_neighbor_graph, &attributes, in, 2);
}
