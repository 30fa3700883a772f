/* SPDX-License-Identifier: BSD-3-Clause */
/* spline_features: SplineTransformer.transform of sklearn/preprocessing/_polynomial.py (1.9)
 * over scipy.interpolate.BSpline. Inputs: x, knots (n, k).
 *
 * The basis at x are the degree + 1 splines that are not 0 there, by the recursion of C. de
 * Boor ("On calculating with B-splines", J. Approx. Theory 6, 1972). A periodic basis folds its
 * last `degree` splines onto the first ones. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "ops/features.h"
#include "ops/infer.h"

static int64_t spline_count(const crn_splines *a, int64_t knots)
{
    const int64_t all = knots - a->degree - 1;
    return a->extrapolation == CRN_EXTRAPOLATE_PERIODIC ? all - a->degree : all;
}

static crn_status spline_features_infer(const void *attributes, const crn_type *in, int n_in,
                                        crn_type *out, crn_error *err)
{
    const crn_splines *a = attributes;
    CRN_TRY(crn_infer_count("spline_features", n_in, 2, 2, err));
    const crn_type *x = &in[0], *knots = &in[1];
    if (x->dtype != CRN_FLOAT64 || x->ndim != 1 || knots->dtype != CRN_FLOAT64 || knots->rows ||
        knots->ndim != 2 || knots->shape[0] != x->shape[0])
        return crn_infer_misfit("spline_features", x, knots, err);
    if (a->degree < 0 || a->degree >= knots->shape[1] ||
        knots->shape[1] < 2 * (a->degree + 1) ||
        spline_count(a, knots->shape[1]) < (a->degree > 1 ? a->degree : 1))
        return crn_infer_misfit("spline_features", x, knots, err);
    out[0] = *x;
    out[0].shape[0] *= spline_count(a, knots->shape[1]) - (a->include_bias ? 0 : 1);
    return CRN_OK;
}

/* The knots of one feature, and room for a recursion. */
typedef struct basis {
    const double *t;
    int64_t knots, degree;
    double *h, *hh; /* [degree + 1] each: values, and those of the degree below */
} basis;

/* The interval [t[i], t[i+1]) of x between the inner knots; the first or last one for x beyond.
 */
static int64_t interval_of(const basis *b, double x)
{
    int64_t low = b->degree, high = b->knots - b->degree - 2;
    while (low < high) {
        const int64_t middle = low + (high - low + 1) / 2;
        if (b->t[middle] <= x)
            low = middle;
        else
            high = middle - 1;
    }
    return low;
}

/* Values at x (or slopes) of the splines interval - degree ... interval into b->h. */
static void evaluate(const basis *b, double x, int64_t interval, bool slopes)
{
    const double *t = b->t;
    double *h = b->h, *hh = b->hh;
    h[0] = slopes && b->degree == 0 ? 0.0 : 1.0;
    for (int64_t j = 1; j <= b->degree; j++) {
        const bool differs = slopes && j == b->degree;
        memcpy(hh, h, (size_t)j * sizeof *h);
        h[0] = 0.0;
        for (int64_t n = 1; n <= j; n++) {
            const double right = t[interval + n], left = t[interval + n - j];
            if (right == left) {
                h[n] = 0.0;
                continue;
            }
            const double w = (differs ? (double)j : 1.0) * hh[n - 1] / (right - left);
            h[n - 1] += differs ? -w : w * (right - x);
            h[n] = differs ? w : w * (x - left);
        }
    }
}

/* All splines at x, those of a period folded. */
static void spread(const basis *b, double x, int64_t count, double *out)
{
    const int64_t interval = interval_of(b, x);
    evaluate(b, x, interval, false);
    for (int64_t i = 0; i <= b->degree; i++)
        out[(interval - b->degree + i) % count] += b->h[i];
}

/* All splines (or their slopes) at a boundary. */
static void at_boundary(const basis *b, double x, int64_t count, bool slopes, double *out)
{
    const int64_t interval = interval_of(b, x), first = interval - b->degree;
    evaluate(b, x, interval, slopes);
    memset(out, 0, (size_t)count * sizeof *out);
    for (int64_t i = 0; i <= b->degree; i++)
        out[first + i] = b->h[i];
}

/* What lies beyond the boundaries of one feature. */
typedef struct bounds {
    double low, high;
    int64_t kept; /* outermost splines on each side that go on, constant or along a line */
} bounds;

/* The reference keeps `degree` splines, but two at least when it draws lines, and then takes
 * that for the degree of the features that follow: their boundaries lie further inside. */
static bounds bounds_of(const crn_splines *a, const basis *b, int64_t j)
{
    const bool shifts = a->extrapolation == CRN_EXTRAPOLATE_LINEAR && a->degree <= 1;
    int64_t degree = a->degree;
    if (shifts)
        degree += j < 2 - degree ? j : 2 - degree;
    const int64_t kept = shifts && degree <= 1 ? degree + 1 : degree;
    if (degree >= b->knots)
        degree = b->knots - 1;
    return (bounds){.low = b->t[degree], .high = b->t[b->knots - 1 - degree], .kept = kept};
}

/* scratch: 4 count numbers. */
static void extrapolate(const crn_splines *a, const basis *b, const bounds *limits, double x,
                        int64_t count, double *scratch, double *out)
{
    const bool linear = a->extrapolation == CRN_EXTRAPOLATE_LINEAR;
    double *low = scratch, *low_slope = low + count;
    double *high = low_slope + count, *high_slope = high + count;
    at_boundary(b, limits->low, count, false, low);
    at_boundary(b, limits->low, count, true, low_slope);
    at_boundary(b, limits->high, count, false, high);
    at_boundary(b, limits->high, count, true, high_slope);
    for (int64_t j = 0; j < limits->kept && j < count; j++) {
        const int64_t k = count - 1 - j;
        if (x < limits->low)
            out[j] = low[j] + (linear ? (x - limits->low) * low_slope[j] : 0.0);
        if (x > limits->high)
            out[k] = high[k] + (linear ? (x - limits->high) * high_slope[k] : 0.0);
    }
}

/* x moved by whole periods into the inner knots. */
static double wrapped(const basis *b, double x)
{
    const double begin = b->t[b->degree], period = b->t[b->knots - b->degree - 1] - begin;
    if (!(period > 0))
        return 0.0;
    double rest = fmod(x - begin, period);
    if (rest < 0)
        rest += period;
    return begin + rest;
}

/* Feature j of a row; false when x lies where it must not. */
static bool feature(const crn_splines *a, const basis *b, int64_t j, double x, int64_t count,
                    double *scratch, double *out)
{
    const bounds limits = bounds_of(a, b, j);
    const bool outside = !(x >= limits.low && x <= limits.high);
    memset(out, 0, (size_t)count * sizeof *out);
    if (isnan(x))
        return true;
    if (a->extrapolation == CRN_EXTRAPOLATE_PERIODIC)
        spread(b, wrapped(b, x), count, out);
    else if (!outside || a->extrapolation == CRN_EXTRAPOLATE_CONTINUE)
        spread(b, x, count, out);
    else if (a->extrapolation != CRN_EXTRAPOLATE_ERROR)
        extrapolate(a, b, &limits, x, count, scratch, out);
    return !outside || a->extrapolation != CRN_EXTRAPOLATE_ERROR;
}

static void spline_features_forward(const crn_call *call)
{
    const crn_splines *a = call->attributes;
    const int64_t n = call->in_types[1].shape[0], knots = call->in_types[1].shape[1];
    const int64_t count = spline_count(a, knots), kept = count - (a->include_bias ? 0 : 1);
    double *values = call->scratch, *scratch = values + count, *h = scratch + 4 * count;
    double *out = call->out[0];
    const double *x = call->in[0];
    bool inside = true;
    for (int64_t i = 0; i < call->rows * n; i++, out += kept) {
        const basis b = {.t = (const double *)call->in[1] + i % n * knots,
                         .knots = knots,
                         .degree = a->degree,
                         .h = h,
                         .hh = h + a->degree + 1};
        inside &= feature(a, &b, i % n, x[i], count, scratch, values);
        memcpy(out, values, (size_t)kept * sizeof *out);
    }
    if (!inside)
        crn_fail(call->failure, CRN_ARGUMENT,
                 "`X` contains values beyond the limits of the knots.");
}

static size_t spline_features_scratch(const void *attributes, const crn_type *in, int n_in,
                                      int64_t rows)
{
    (void)n_in, (void)rows;
    const crn_splines *a = attributes;
    return (5 * (size_t)in[1].shape[1] + 2 * ((size_t)a->degree + 1)) * sizeof(double);
}

static void spline_features_cost(const void *attributes, const crn_type *in,
                                 const crn_type *out, crn_cost *cost)
{
    const double degree = (double)((const crn_splines *)attributes)->degree;
    cost->multiply_adds = (double)crn_type_size(&in[0]) * (degree + 1.0) * (degree + 1.0) +
                          (double)crn_type_size(&out[0]);
}

static void spline_features_describe(const void *attributes, char *buffer, size_t size)
{
    static const char *const names[] = {"error", "constant", "linear", "continue", "periodic"};
    const crn_splines *a = attributes;
    snprintf(buffer, size, "degree=%lld %s", (long long)a->degree, names[a->extrapolation]);
}

const crn_op crn_op_spline_features = {
    .name = "spline_features",
    .attributes_size = sizeof(crn_splines),
    .n_out = 1,
    .infer = spline_features_infer,
    .forward = spline_features_forward,
    .scratch = spline_features_scratch,
    .cost = spline_features_cost,
    .describe = spline_features_describe,
};

crn_value crn_spline_features(crn_graph *graph, crn_value x, const crn_splines *splines,
                              crn_value knots)
{
    return crn_graph_add(graph, &crn_op_spline_features, splines, (crn_value[]){x, knots}, 2);
}
