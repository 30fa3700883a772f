/* SPDX-License-Identifier: BSD-3-Clause */
/* geodesic: the shortest way from each row to each sample through one of its neighbors. Inputs:
 * distances; indices, or absent; ways. Indices are inside by construction of the graph. */
#include <math.h>

#include "ops/infer.h"
#include "ops/manifold.h"
#include "ops/neighbor_query.h"

static crn_status geodesic_infer(const void *attributes, const crn_type *in, int n_in,
                                 crn_type *out, crn_error *err)
{
    (void)attributes;
    CRN_TRY(crn_infer_count("geodesic", n_in, 3, 3, err));
    if (in[0].dtype != CRN_FLOAT64 || in[0].ndim != 1)
        return crn_fail(err, CRN_SHAPE, "geodesic: takes float64 (rows, k)");
    const bool all = in[1].dtype == CRN_NO_DTYPE;
    if (!all && (in[1].dtype != CRN_INT64 || in[1].ndim != 1 || in[1].rows != in[0].rows ||
                 in[1].shape[0] != in[0].shape[0]))
        return crn_infer_misfit("geodesic", &in[0], &in[1], err);
    const int64_t samples = all ? in[0].shape[0] : in[2].shape[0];
    CRN_TRY(crn_infer_constant("geodesic", &in[2], CRN_FLOAT64, 2,
                               (int64_t[]){samples, samples}, err));
    out[0] = in[0];
    out[0].shape[0] = samples;
    return CRN_OK;
}

static void shorten(int64_t samples, double distance, const double *ways, double *y)
{
    for (int64_t j = 0; j < samples; j++) {
        const double way = ways[j] + distance;
        y[j] = way < y[j] ? way : y[j];
    }
}

static void geodesic_forward(const crn_call *call)
{
    const int64_t k = call->in_types[0].shape[0], samples = call->out_types[0].shape[0];
    const int64_t rows = call->in_types[0].rows ? call->rows : 1;
    const double *distances = call->in[0], *ways = call->in[2];
    const int64_t *indices = call->in[1];
    double *y = call->out[0];
    for (int64_t row = 0; row < rows; row++, distances += k, y += samples) {
        bool any = false;
        for (int64_t j = 0; j < samples; j++)
            y[j] = (double)INFINITY;
        for (int64_t i = 0; i < k; i++) {
            const int64_t neighbor = indices != NULL ? indices[row * k + i] : i;
            if (distances[i] == (double)INFINITY)
                continue;
            any = true;
            shorten(samples, distances[i], ways + neighbor * samples, y);
        }
        if (!any)
            crn_fail(call->failure, CRN_ARGUMENT,
                     "a row has no neighbor within the radius: it cannot be embedded");
    }
}

static void geodesic_cost(const void *attributes, const crn_type *in, const crn_type *out,
                          crn_cost *cost)
{
    (void)attributes;
    cost->multiply_adds = 2.0 * (double)crn_type_size(&in[0]) * (double)crn_type_size(&out[0]);
    cost->bytes = 4 * cost->multiply_adds;
}

const crn_op crn_op_geodesic = {
    .name = "geodesic",
    .n_out = 1,
    .infer = geodesic_infer,
    .forward = geodesic_forward,
    .cost = geodesic_cost,
};

crn_value crn_geodesic(crn_graph *graph, crn_value distances, crn_value indices, crn_value ways)
{
    return crn_graph_add(graph, &crn_op_geodesic, NULL, (crn_value[]){distances, indices, ways},
                         3);
}
