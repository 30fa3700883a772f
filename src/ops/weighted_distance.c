/* SPDX-License-Identifier: BSD-3-Clause */
/* weighted_distance: squared distances to centres, each feature with a weight of its own: the
 * exponents of Gaussians with diagonal covariance. */
#include "ops/infer.h"
#include "ops/likelihood.h"

static bool is_matrix(const crn_type *type, int64_t columns)
{
    return type->dtype == CRN_FLOAT64 && !type->rows && type->ndim == 2 &&
           type->shape[1] == columns;
}

static crn_status weighted_distance_infer(const void *attributes, const crn_type *in, int n_in,
                                          crn_type *out, crn_error *err)
{
    (void)attributes;
    CRN_TRY(crn_infer_count("weighted_distance", n_in, 3, 3, err));
    if (in[0].dtype != CRN_FLOAT64 || !in[0].rows || in[0].ndim != 1 ||
        !is_matrix(&in[1], in[0].shape[0]))
        return crn_infer_misfit("weighted_distance", &in[0], &in[1], err);
    if (!crn_type_equal(&in[1], &in[2]))
        return crn_infer_misfit("weighted_distance", &in[1], &in[2], err);
    out[0] = crn_type_vector(CRN_FLOAT64, in[1].shape[0]);
    return CRN_OK;
}

static double distance(int64_t n, const double *x, const double *centre, const double *weight)
{
    enum { LANES = 8 }; /* sums side by side, which the compiler turns into vectors */
    double sums[LANES] = {0}, sum = 0.0;
    int64_t j = 0;
    for (; j + LANES <= n; j += LANES) {
        for (int lane = 0; lane < LANES; lane++) {
            const double d = x[j + lane] - centre[j + lane];
            sums[lane] += d * d * weight[j + lane];
        }
    }
    for (; j < n; j++) {
        const double d = x[j] - centre[j];
        sum += d * d * weight[j];
    }
    for (int lane = 0; lane < LANES; lane++)
        sum += sums[lane];
    return sum;
}

static void weighted_distance_forward(const crn_call *call)
{
    const int64_t k = call->in_types[1].shape[0], n = call->in_types[1].shape[1];
    const double *centres = call->in[1], *weights = call->in[2];
    for (int64_t row = 0; row < call->rows; row++) {
        const double *x = (const double *)call->in[0] + row * n;
        double *out = (double *)call->out[0] + row * k;
        for (int64_t i = 0; i < k; i++)
            out[i] = distance(n, x, centres + i * n, weights + i * n);
    }
}

static void weighted_distance_cost(const void *attributes, const crn_type *in,
                                   const crn_type *out, crn_cost *cost)
{
    (void)attributes, (void)out;
    cost->multiply_adds = 2.0 * (double)crn_type_size(&in[1]);
    cost->bytes = 16.0 * (double)crn_type_size(&in[1]);
}

const crn_op crn_op_weighted_distance = {
    .name = "weighted_distance",
    .n_out = 1,
    .infer = weighted_distance_infer,
    .forward = weighted_distance_forward,
    .cost = weighted_distance_cost,
};

crn_value crn_weighted_distance(crn_graph *graph, crn_value x, crn_value centres,
                                crn_value weights)
{
    return crn_graph_add(graph, &crn_op_weighted_distance, NULL,
                         (crn_value[]){x, centres, weights}, 3);
}
