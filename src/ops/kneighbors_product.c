/* SPDX-License-Identifier: BSD-3-Clause */
/* kneighbors_product: the k nearest of all samples in the euclidean metric, where squared
 * distances come from matrix products as |x|^2 - 2 x y + |y|^2 (ArgKmin of
 * sklearn/metrics/_pairwise_distances_reduction, 1.9). Inputs: x; the samples times -2 in
 * panels (panels, features, CRN_NEIGHBOR_PANEL); their squared norms (panels,
 * CRN_NEIGHBOR_PANEL), infinite where a panel has no sample. Outputs: distances, indices. */
#include <stdio.h>

#include "ops/infer.h"
#include "ops/neighbor_query.h"
#include "ops/neighbors.h"

/* Rows that share a panel while it is in the cache; one at a time when their heaps are large.
 */
enum { ROWS = 128, LARGE = 1024, PANEL = CRN_NEIGHBOR_PANEL };

static crn_status product_infer(const void *attributes, const crn_type *in, int n_in,
                                crn_type *out, crn_error *err)
{
    const crn_kneighbors_attributes *a = attributes;
    const char *op = "kneighbors_product";
    CRN_TRY(crn_infer_count(op, n_in, 3, 3, err));
    CRN_TRY(crn_neighbor_query_infer(op, &in[0], a->k, a->samples, out, err));
    const int64_t panels = (a->samples - 1) / PANEL + 1;
    const int64_t shape[3] = {panels, in[0].shape[0], PANEL};
    CRN_TRY(crn_infer_constant(op, &in[1], CRN_FLOAT64, 3, shape, err));
    return crn_infer_constant(op, &in[2], CRN_FLOAT64, 2, (int64_t[]){panels, PANEL}, err);
}

static int64_t rows_at_once(int64_t k)
{
    return k > LARGE ? 1 : ROWS;
}

/* The product's own scratch, a tile of distances, candidates, queries. */
static size_t product_scratch(const void *attributes, const crn_type *in, int n_in,
                              int64_t rows)
{
    (void)in, (void)n_in, (void)rows;
    const crn_kneighbors_attributes *a = attributes;
    const size_t at_once = (size_t)rows_at_once(a->k);
    return CRN_AFFINE_SCRATCH + (at_once * PANEL + ROWS) * sizeof(double) +
           PANEL * sizeof(int64_t) + at_once * crn_neighbor_query_bytes(a->k, 0);
}

typedef struct product_scratch_parts {
    void *affine;
    double *tile;        /* (rows, PANEL) */
    double *norms;       /* (rows) of x */
    int64_t *candidates; /* [PANEL] */
    char *queries;
} product_scratch_parts;

static product_scratch_parts lay_out(const crn_call *call, int64_t at_once)
{
    product_scratch_parts parts = {.affine = call->scratch};
    parts.tile = (double *)((char *)call->scratch + CRN_AFFINE_SCRATCH);
    parts.norms = parts.tile + at_once * PANEL;
    parts.candidates = (int64_t *)(parts.norms + ROWS);
    parts.queries = (char *)(parts.candidates + PANEL);
    return parts;
}

/* One panel against some rows. */
static void search_panel(const crn_call *call, int64_t panel, int64_t rows, const double *x,
                         const product_scratch_parts *parts, crn_neighbor_query *queries)
{
    const int64_t features = call->in_types[0].shape[0];
    const double *samples = (const double *)call->in[1] + panel * features * PANEL;
    const double *norms = (const double *)call->in[2] + panel * PANEL;
    call->kernels->affine_f64(rows, features, PANEL, x, samples, 0, NULL, parts->tile,
                              parts->affine);
    for (int64_t row = 0; row < rows; row++) {
        double *reduced = parts->tile + row * PANEL;
        const int64_t count =
            call->kernels->below_f64(PANEL, parts->norms[row], norms, queries[row].values[0],
                                     reduced, parts->candidates);
        for (int64_t i = 0; i < count; i++)
            crn_neighbor_query_offer(&queries[row], reduced[parts->candidates[i]],
                                     panel * PANEL + parts->candidates[i]);
    }
}

static void search_rows(const crn_call *call, int64_t first, int64_t rows,
                        const product_scratch_parts *parts)
{
    const crn_kneighbors_attributes *a = call->attributes;
    const int64_t features = call->in_types[0].shape[0];
    const int64_t panels = call->in_types[1].shape[0];
    const double *x = (const double *)call->in[0] + first * features;
    crn_neighbor_query queries[ROWS];
    for (int64_t row = 0; row < rows; row++) {
        double *unused;
        char *memory = parts->queries + (size_t)row * crn_neighbor_query_bytes(a->k, 0);
        crn_neighbor_query_begin(&queries[row], a->k, memory, &unused);
        parts->norms[row] = crn_product_norm(call->kernels, features, x + row * features);
    }
    for (int64_t panel = 0; panel < panels; panel++)
        search_panel(call, panel, rows, x, parts, queries);
    for (int64_t row = 0; row < rows; row++) {
        const int64_t at = (first + row) * a->k;
        crn_neighbor_query_merge(&queries[row]);
        crn_neighbor_query_finish(&queries[row], &a->metric, a->early,
                                  call->out[0] != NULL ? (double *)call->out[0] + at : NULL,
                                  call->out[1] != NULL ? (int64_t *)call->out[1] + at : NULL);
    }
}

static void product_forward(const crn_call *call)
{
    const crn_kneighbors_attributes *a = call->attributes;
    const int64_t rows = call->in_types[0].rows ? call->rows : 1;
    const int64_t at_once = rows_at_once(a->k);
    const product_scratch_parts parts = lay_out(call, at_once);
    for (int64_t first = 0; first < rows; first += at_once) {
        const int64_t left = rows - first;
        search_rows(call, first, left < at_once ? left : at_once, &parts);
    }
}

static void product_cost(const void *attributes, const crn_type *in, const crn_type *out,
                         crn_cost *cost)
{
    (void)out;
    const crn_kneighbors_attributes *a = attributes;
    cost->multiply_adds = (double)a->samples * (double)(crn_type_last(&in[0]) + 1);
    cost->bytes = 8 * cost->multiply_adds;
}

static void product_describe(const void *attributes, char *buffer, size_t size)
{
    const crn_kneighbors_attributes *a = attributes;
    snprintf(buffer, size, "k=%lld of %lld", (long long)a->k, (long long)a->samples);
}

const crn_op crn_op_kneighbors_product = {
    .name = "kneighbors_product",
    .attributes_size = sizeof(crn_kneighbors_attributes),
    .n_out = 2,
    .infer = product_infer,
    .scratch = product_scratch,
    .forward = product_forward,
    .cost = product_cost,
    .describe = product_describe,
};
