/* SPDX-License-Identifier: BSD-3-Clause */
/* Operations that make one number of axes, or go along one: sum, mean, var, norm, cumsum, sort
 * (keras/src/ops/numpy.py, math.py, linalg.py, 3.15). */
#include <math.h>
#include <string.h>

#include "keras/operations/operation.h"
#include "ops/elementwise.h"

/* The axes that are reduced, and the shape with axes of 1 in their places. */
typedef struct reduced {
    int32_t axes[CRN_MAX_NDIM], count, ndim;
    int64_t kept[CRN_MAX_NDIM];
} reduced;

static bool read_axes(crn_operation_call *call, crn_value x, const crn_object *axes,
                      reduced *out)
{
    const crn_type type = *crn_graph_type(call->graph, x);
    if (call->graph->error.code != CRN_OK)
        return false;
    out->ndim = type.ndim;
    memcpy(out->kept, type.shape, sizeof out->kept);
    out->count = crn_operation_axes(call, axes, type.ndim, out->axes);
    for (int32_t i = 0; i < out->count; i++)
        out->kept[out->axes[i]] = 1;
    return out->count > 0;
}

static crn_value reduce(crn_graph *graph, crn_value x, const reduced *r,
                        crn_reduce_axis_kind kind)
{
    if (r->count == 1)
        return crn_reduce_axis(graph, x, kind, r->axes[0]);
    x = crn_join_axes(graph, x, r->axes, r->count, NULL);
    return crn_reduce_axis(graph, x, kind, r->ndim - r->count);
}

static crn_value keep(crn_graph *graph, crn_value x, const reduced *r)
{
    return crn_reshape(graph, x, r->ndim, r->kept);
}

static crn_value square(crn_graph *graph, crn_value x)
{
    return crn_binary(graph, x, x, CRN_BINARY_MULTIPLY);
}

/* The mean of the squared distances from the mean. */
static crn_value variance(crn_graph *graph, crn_value x, const reduced *r)
{
    const crn_value mean = keep(graph, reduce(graph, x, r, CRN_AXIS_MEAN), r);
    return reduce(graph, square(graph, crn_binary(graph, x, mean, CRN_BINARY_SUBTRACT)), r,
                  CRN_AXIS_MEAN);
}

static crn_value logsumexp(crn_graph *graph, crn_value x, const reduced *r)
{
    const crn_value most = reduce(graph, x, r, CRN_AXIS_MAX);
    const crn_value rest = crn_unary(
        graph, crn_binary(graph, x, keep(graph, most, r), CRN_BINARY_SUBTRACT), CRN_UNARY_EXP);
    return crn_binary(graph,
                      crn_unary(graph, reduce(graph, rest, r, CRN_AXIS_SUM), CRN_UNARY_LOG),
                      most, CRN_BINARY_ADD);
}

/* The middle one, or the mean of the two in the middle. */
static crn_value median(crn_graph *graph, crn_value x, const reduced *r)
{
    const int32_t last = r->ndim - r->count;
    x = crn_reduce_axis(graph, crn_join_axes(graph, x, r->axes, r->count, NULL), CRN_AXIS_SORT,
                        last);
    const crn_type type = *crn_graph_type(graph, x);
    const int64_t n = graph->error.code == CRN_OK ? type.shape[last] : 1;
    return crn_reduce_axis(graph, crn_slice(graph, x, last, (n - 1) / 2, n % 2 == 1 ? 1 : 2, 1),
                           CRN_AXIS_MEAN, last);
}

static crn_value reduce_float(crn_graph *graph, crn_value x, const reduced *r, int kind)
{
    switch (kind) {
    case REDUCE_VAR:
        return variance(graph, x, r);
    case REDUCE_STD:
        return crn_unary(graph, variance(graph, x, r), CRN_UNARY_SQRT);
    case REDUCE_LOGSUMEXP:
        return logsumexp(graph, x, r);
    case REDUCE_MEDIAN:
        return median(graph, x, r);
    default:
        return reduce(graph, x, r, CRN_AXIS_MEAN);
    }
}

static crn_value reduce_any(crn_graph *graph, crn_value x, const reduced *r, int kind)
{
    static const crn_reduce_axis_kind kinds[] = {
        [REDUCE_SUM] = CRN_AXIS_SUM,       [REDUCE_PROD] = CRN_AXIS_PROD,
        [REDUCE_MAX] = CRN_AXIS_MAX,       [REDUCE_MIN] = CRN_AXIS_MIN,
        [REDUCE_ARGMAX] = CRN_AXIS_ARGMAX, [REDUCE_ARGMIN] = CRN_AXIS_ARGMIN};
    if (crn_graph_type(graph, x)->dtype == CRN_BOOL)
        x = crn_cast(graph, x, CRN_INT64);
    return reduce(graph, x, r, kinds[kind]);
}

static crn_value reduce_by(crn_operation_call *call, crn_value x, const reduced *r)
{
    crn_graph *graph = call->graph;
    switch (call->kind) {
    case REDUCE_MEAN:
    case REDUCE_VAR:
    case REDUCE_STD:
    case REDUCE_LOGSUMEXP:
    case REDUCE_MEDIAN:
        return reduce_float(graph, crn_operation_float(call, x), r, call->kind);
    case REDUCE_ANY:
    case REDUCE_ALL:
        return reduce(graph, crn_cast(graph, x, CRN_BOOL), r,
                      call->kind == REDUCE_ANY ? CRN_AXIS_ANY : CRN_AXIS_ALL);
    case REDUCE_COUNT:
        x = crn_cast(graph, crn_cast(graph, x, CRN_BOOL), CRN_INT64);
        return reduce(graph, x, r, CRN_AXIS_SUM);
    case REDUCE_RANGE:
        return crn_binary(graph, reduce(graph, x, r, CRN_AXIS_MAX),
                          reduce(graph, x, r, CRN_AXIS_MIN), CRN_BINARY_SUBTRACT);
    default:
        return reduce_any(graph, x, r, call->kind);
    }
}

void crn_lower_reduction(crn_operation_call *call)
{
    reduced r;
    crn_graph *graph = call->graph;
    const crn_value x = crn_operation_tensor(call, "x input_tensor input", 0);
    if (crn_operation_argument(call, "initial", -1) != NULL) {
        crn_operation_refuse(call, "initial");
        return;
    }
    if (!read_axes(call, x, crn_operation_argument(call, "axis", -1), &r))
        return;
    call->io->out[0] = reduce_by(call, x, &r);
    if (crn_operation_flag(call, "keepdims keep_dims", false))
        call->io->out[0] = keep(graph, call->io->out[0], &r);
}

/* numpy.average, with weights along the axis or none. */
void crn_lower_average(crn_operation_call *call)
{
    call->kind = REDUCE_MEAN;
    if (crn_operation_argument(call, "weights", 1) != NULL)
        crn_operation_refuse(call, "an average with weights");
    else
        crn_lower_reduction(call);
}

void crn_lower_scan(crn_operation_call *call)
{
    int32_t axis;
    crn_graph *graph = call->graph;
    crn_value x = crn_operation_tensor(call, "x values", 0);
    if (graph->error.code != CRN_OK ||
        !crn_operation_axis(call, crn_operation_argument(call, "axis", -1),
                            crn_graph_type(graph, x)->ndim, &axis))
        return;
    if (crn_graph_type(graph, x)->dtype == CRN_BOOL)
        x = crn_cast(graph, x, CRN_INT64);
    call->io->out[0] = crn_reduce_axis(graph, x, (crn_reduce_axis_kind)call->kind, axis);
}

/* The k largest of the last axis, and their places. */
void crn_lower_top_k(crn_operation_call *call)
{
    crn_graph *graph = call->graph;
    const crn_value x = crn_operation_float(call, crn_operation_tensor(call, "x input", 0));
    const crn_type type = *crn_graph_type(graph, x);
    const int32_t last = type.ndim - 1;
    const int64_t k = crn_operation_int(call, "k", -1, 1);
    if (graph->error.code != CRN_OK)
        return;
    if (last < 0 || k < 1 || k > type.shape[last]) {
        crn_operation_refuse(call, "a k that is not between 1 and the last axis's length");
        return;
    }
    const crn_value down = crn_unary(graph, x, CRN_UNARY_NEGATE);
    const crn_value order = crn_reduce_axis(graph, down, CRN_AXIS_ARGSORT, last);
    const crn_value sorted = crn_reduce_axis(graph, down, CRN_AXIS_SORT, last);
    call->io->n_out = 2;
    call->io->out[0] =
        crn_unary(graph, crn_slice(graph, sorted, last, 0, k, 1), CRN_UNARY_NEGATE);
    call->io->out[1] = crn_slice(graph, order, last, 0, k, 1);
}

/* ---- norms ---- */

static crn_value norm_of(crn_operation_call *call, crn_value x, const reduced *r, double order)
{
    crn_graph *graph = call->graph;
    const crn_value size = crn_unary(graph, x, CRN_UNARY_ABS);
    if (order == 2.0)
        return crn_unary(graph, reduce(graph, square(graph, x), r, CRN_AXIS_SUM),
                         CRN_UNARY_SQRT);
    if (order == 1.0)
        return reduce(graph, size, r, CRN_AXIS_SUM);
    if (isinf(order))
        return reduce(graph, size, r, order > 0 ? CRN_AXIS_MAX : CRN_AXIS_MIN);
    const crn_value power =
        crn_pairwise(graph, size, crn_number(graph, CRN_FLOAT32, order), CRN_PAIR_POWER);
    return crn_pairwise(graph, reduce(graph, power, r, CRN_AXIS_SUM),
                        crn_number(graph, CRN_FLOAT32, 1.0 / order), CRN_PAIR_POWER);
}

static double order_of(const crn_object *given)
{
    double order = 2.0;
    const char *name = crn_object_text(given);
    if (name != NULL)
        return strcmp(name, "inf") == 0 ? INFINITY : 2.0; /* "fro", "euclidean" */
    (void)crn_object_as_double(given, &order);
    return order;
}

/* Of vectors; of matrices only Frobenius's, which is that of all their elements. */
void crn_lower_norm(crn_operation_call *call)
{
    reduced r;
    const crn_value x = crn_operation_float(call, crn_operation_tensor(call, "x tensor", 0));
    const double order = order_of(crn_operation_argument(call, "ord", -1));
    if (!read_axes(call, x, crn_operation_argument(call, "axis", -1), &r))
        return;
    if (order == 0.0 || (r.count > 1 && order != 2.0) ||
        (r.count > 1 && crn_operation_argument(call, "ord", -1) != NULL &&
         crn_object_text(crn_operation_argument(call, "ord", -1)) == NULL)) {
        crn_operation_refuse(call, "this norm");
        return;
    }
    call->io->out[0] = norm_of(call, x, &r, order);
    if (crn_operation_flag(call, "keepdims", false))
        call->io->out[0] = keep(call->graph, call->io->out[0], &r);
}

void crn_lower_normalize(crn_operation_call *call)
{
    reduced r;
    crn_graph *graph = call->graph;
    const crn_value x = crn_operation_float(call, crn_operation_tensor(call, "x", 0));
    const double order = crn_operation_real(call, "order", -1, 2.0);
    const double epsilon =
        crn_operation_real(call, "epsilon", -1, call->layer->keras == 2 ? 1e-12 : 1e-7);
    if (!read_axes(call, x, crn_operation_argument(call, "axis dim", -1), &r))
        return;
    crn_value norm = keep(graph, norm_of(call, x, &r, order), &r);
    const double least = call->layer->keras == 2 ? sqrt(epsilon) : epsilon;
    norm = crn_binary(graph, norm, crn_number(graph, CRN_FLOAT32, least), CRN_BINARY_MAXIMUM);
    call->io->out[0] = crn_binary(graph, x, norm, CRN_BINARY_DIVIDE);
}

/* ---- normalizations ---- */

static crn_value scaled(crn_operation_call *call, crn_value x, const char *name, int place,
                        crn_binary_kind kind)
{
    const crn_object *given = crn_operation_argument(call, name, place);
    if (given == NULL || call->graph->error.code != CRN_OK)
        return x;
    crn_value pair[] = {x, crn_operation_value(call, given)};
    return crn_operation_promote(call, pair, 2, true)
               ? crn_binary(call->graph, pair[0], pair[1], kind)
               : CRN_NO_VALUE;
}

static crn_value divide_by_root(crn_graph *graph, crn_value x, crn_value squares,
                                double epsilon)
{
    squares =
        crn_binary(graph, squares, crn_number(graph, CRN_FLOAT32, epsilon), CRN_BINARY_ADD);
    const crn_value root =
        crn_unary(graph, crn_unary(graph, squares, CRN_UNARY_SQRT), CRN_UNARY_RECIPROCAL);
    return crn_binary(graph, x, root, CRN_BINARY_MULTIPLY);
}

void crn_lower_rms_norm(crn_operation_call *call)
{
    reduced r;
    crn_graph *graph = call->graph;
    const crn_value x = crn_operation_float(call, crn_operation_tensor(call, "x", 0));
    if (!read_axes(call, x, crn_operation_argument(call, "axis", -1), &r))
        return;
    const crn_value squares =
        keep(graph, reduce(graph, square(graph, x), &r, CRN_AXIS_MEAN), &r);
    const crn_value out =
        divide_by_root(graph, x, squares, crn_operation_real(call, "epsilon", -1, 1e-7));
    call->io->out[0] = scaled(call, out, "scale", 1, CRN_BINARY_MULTIPLY);
}

void crn_lower_layer_norm(crn_operation_call *call)
{
    reduced r;
    crn_graph *graph = call->graph;
    crn_value x = crn_operation_float(call, crn_operation_tensor(call, "x", 0));
    if (!read_axes(call, x, crn_operation_argument(call, "axis", -1), &r))
        return;
    const crn_value squares = keep(graph, variance(graph, x, &r), &r);
    if (!crn_operation_flag(call, "rms_scaling", false))
        x = crn_binary(graph, x, keep(graph, reduce(graph, x, &r, CRN_AXIS_MEAN), &r),
                       CRN_BINARY_SUBTRACT);
    x = divide_by_root(graph, x, squares, crn_operation_real(call, "epsilon", -1, 1e-7));
    x = scaled(call, x, "gamma", 1, CRN_BINARY_MULTIPLY);
    call->io->out[0] = scaled(call, x, "beta", 2, CRN_BINARY_ADD);
}
