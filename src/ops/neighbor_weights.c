/* SPDX-License-Identifier: BSD-3-Clause */
/* neighbor_weights: what each neighbor counts, from its distance (_get_weights of
 * sklearn/neighbors/_base.py, 1.9). A neighbor at infinity is none. */
#include <math.h>
#include <stdio.h>

#include "ops/infer.h"
#include "ops/neighbors.h"

static crn_status weights_infer(const void *attributes, const crn_type *in, int n_in,
                                crn_type *out, crn_error *err)
{
    (void)attributes;
    CRN_TRY(crn_infer_count("neighbor_weights", n_in, 1, 1, err));
    if (in[0].dtype != CRN_FLOAT64 || in[0].ndim != 1)
        return crn_fail(err, CRN_SHAPE, "neighbor_weights: takes float64 (rows, k)");
    out[0] = in[0];
    return CRN_OK;
}

/* Where a neighbor is at distance 0, those at distance 0 count 1 and the others nothing. */
static void inverse_weights(int64_t k, const double *d, double *w)
{
    bool touches = false;
    for (int64_t i = 0; i < k; i++) {
        const double weight = 1.0 / d[i];
        touches = touches || isinf(weight);
        w[i] = weight;
    }
    for (int64_t i = 0; touches && i < k; i++)
        w[i] = isinf(w[i]) ? 1 : 0;
}

static void weights_forward(const crn_call *call)
{
    const crn_neighbor_weights_attributes *a = call->attributes;
    const int64_t k = call->in_types[0].shape[0];
    const int64_t rows = call->in_types[0].rows ? call->rows : 1;
    const double *d = call->in[0];
    double *w = call->out[0];
    if (!a->inverse) {
        for (int64_t i = 0; i < rows * k; i++)
            w[i] = d[i] == (double)INFINITY ? 0 : 1;
        return;
    }
    for (int64_t row = 0; row < rows; row++)
        inverse_weights(k, d + row * k, w + row * k);
}

static void weights_cost(const void *attributes, const crn_type *in, const crn_type *out,
                         crn_cost *cost)
{
    (void)attributes, (void)in;
    cost->multiply_adds = 4.0 * (double)crn_type_size(&out[0]);
}

static void weights_describe(const void *attributes, char *buffer, size_t size)
{
    const crn_neighbor_weights_attributes *a = attributes;
    snprintf(buffer, size, "%s", a->inverse ? "distance" : "uniform");
}

const crn_op crn_op_neighbor_weights = {
    .name = "neighbor_weights",
    .attributes_size = sizeof(crn_neighbor_weights_attributes),
    .flags = CRN_OP_ELEMENTWISE,
    .n_out = 1,
    .infer = weights_infer,
    .forward = weights_forward,
    .cost = weights_cost,
    .describe = weights_describe,
};

crn_value crn_neighbor_weights(crn_graph *graph, crn_value distances, bool inverse)
{
    const crn_neighbor_weights_attributes attributes = {.inverse = inverse};
    return crn_graph_add(graph, &crn_op_neighbor_weights, &attributes, &distances, 1);
}
