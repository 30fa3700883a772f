/* SPDX-License-Identifier: BSD-3-Clause */
/* interpolate: piecewise linear between points, in the order of operations of numpy.interp
 * (numpy/_core/src/multiarray/compiled_base.c, 2.4). Inputs: x, xp, yp. */
#include "ops/interpolate.h"

#include <math.h>
#include <stdio.h>

#include "ops/infer.h"

static crn_status interpolate_infer(const void *attributes, const crn_type *in, int n_in,
                                    crn_type *out, crn_error *err)
{
    (void)attributes;
    CRN_TRY(crn_infer_count("interpolate", n_in, 3, 3, err));
    for (int k = 0; k < 3; k++) {
        CRN_TRY(crn_infer_present("interpolate", &in[k], err));
        if (in[k].dtype != CRN_FLOAT64)
            return crn_fail(err, CRN_DTYPE, "interpolate: %s is no float64",
                            crn_dtype_name(in[k].dtype));
    }
    const crn_type *xp = &in[1], *yp = &in[2];
    if (xp->rows || xp->ndim != 1 || xp->shape[0] < 1 || !crn_type_equal(xp, yp))
        return crn_infer_misfit("interpolate", xp, yp, err);
    out[0] = in[0];
    return CRN_OK;
}

/* The last i with xp[i] <= x; xp[0] <= x < xp[n - 1]. */
static int64_t segment(const double *xp, int64_t n, double x)
{
    int64_t low = 0, high = n - 1;
    while (high - low > 1) {
        const int64_t middle = low + (high - low) / 2;
        if (xp[middle] <= x)
            low = middle;
        else
            high = middle;
    }
    return low;
}

static double between(const double *xp, const double *yp, int64_t i, double x)
{
    if (x == xp[i])
        return yp[i];
    const double slope = (yp[i + 1] - yp[i]) / (xp[i + 1] - xp[i]);
    double y = slope * (x - xp[i]) + yp[i];
    if (isnan(y)) {
        y = slope * (x - xp[i + 1]) + yp[i + 1];
        if (isnan(y) && yp[i] == yp[i + 1])
            y = yp[i];
    }
    return y;
}

static void refuse(const crn_call *call, bool below, double x, double edge)
{
    if (call->failure != NULL)
        (void)!crn_fail(call->failure, CRN_ARGUMENT,
                        "A value (%.17g) in x_new is %s the interpolation range's %s value "
                        "(%.17g).",
                        x, below ? "below" : "above", below ? "minimum" : "maximum", edge);
}

static double outside(const crn_call *call, const double *xp, const double *yp, int64_t n,
                      double x)
{
    const crn_interpolate_outside how = *(const crn_interpolate_outside *)call->attributes;
    const bool below = x < xp[0];
    if (how == CRN_INTERPOLATE_EDGE)
        return below ? yp[0] : yp[n - 1];
    if (how == CRN_INTERPOLATE_FAIL)
        refuse(call, below, x, below ? xp[0] : xp[n - 1]);
    return (double)NAN;
}

static void interpolate_forward(const crn_call *call)
{
    const double *x = call->in[0], *xp = call->in[1], *yp = call->in[2];
    const int64_t points = call->in_types[1].shape[0];
    const int64_t n = crn_type_count(&call->in_types[0], call->rows);
    double *y = call->out[0];
    for (int64_t i = 0; i < n; i++) {
        if (points == 1)
            y[i] = yp[0];
        else if (isnan(x[i]))
            y[i] = x[i];
        else if (x[i] < xp[0] || x[i] > xp[points - 1])
            y[i] = outside(call, xp, yp, points, x[i]);
        else if (x[i] == xp[points - 1])
            y[i] = yp[points - 1];
        else
            y[i] = between(xp, yp, segment(xp, points, x[i]), x[i]);
    }
}

static void interpolate_cost(const void *attributes, const crn_type *in, const crn_type *out,
                             crn_cost *cost)
{
    (void)attributes;
    cost->multiply_adds = 20.0 * (double)crn_type_size(&out[0]);
    cost->bytes = 16.0 * (double)crn_type_size(&in[1]);
}

static void interpolate_describe(const void *attributes, char *buffer, size_t size)
{
    static const char *const names[] = {"nan", "edge", "fail"};
    const unsigned how = *(const crn_interpolate_outside *)attributes;
    snprintf(buffer, size, "outside=%s", how < 3 ? names[how] : "?");
}

const crn_op crn_op_interpolate = {
    .name = "interpolate",
    .attributes_size = sizeof(crn_interpolate_outside),
    .flags = CRN_OP_ELEMENTWISE,
    .n_out = 1,
    .infer = interpolate_infer,
    .forward = interpolate_forward,
    .cost = interpolate_cost,
    .describe = interpolate_describe,
};

crn_value crn_interpolate(crn_graph *graph, crn_value x, crn_value xp, crn_value yp,
                          crn_interpolate_outside outside_)
{
    return crn_graph_add(graph, &crn_op_interpolate, &outside_, (crn_value[]){x, xp, yp}, 3);
}
