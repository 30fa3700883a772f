/* SPDX-License-Identifier: BSD-3-Clause */
/* kneighbors_tree: the k nearest samples by depth-first descent of a k-d tree or a ball tree,
 * nearer child first, as sklearn/neighbors/_binary_tree.pxi.tp (1.9), so that equal distances
 * come out as there. Inputs: x; the samples (n, features) in the tree's order; the metric's
 * weights, or absent; order (n); idx_start, idx_end, is_leaf (nodes); bounds; radius (nodes).
 * Outputs: distances, indices. The samples' intervals are inside by construction of the graph.
 */
#include <math.h>
#include <stdio.h>

#include "ops/infer.h"
#include "ops/neighbor_query.h"
#include "ops/neighbors.h"

/* A level of depth leaves one child waiting; nodes are numbered in int64. */
enum { MOST_WAITING = 128 };

static crn_status tree_infer(const void *attributes, const crn_type *in, int n_in,
                             crn_type *out, crn_error *err)
{
    const crn_kneighbors_tree_attributes *a = attributes;
    const char *op = "kneighbors_tree";
    CRN_TRY(crn_infer_count(op, n_in, 9, 9, err));
    const int64_t samples = in[1].ndim == 2 ? in[1].shape[0] : 0;
    CRN_TRY(crn_neighbor_query_infer(op, &in[0], a->k, samples, out, err));
    const int64_t features = in[0].shape[0];
    const int64_t nodes = in[4].ndim == 1 ? in[4].shape[0] : 0;
    const int64_t bounds[3] = {a->balls ? 1 : 2, nodes, features};
    CRN_TRY(
        crn_infer_constant(op, &in[1], CRN_FLOAT64, 2, (int64_t[]){samples, features}, err));
    CRN_TRY(crn_infer_constant(op, &in[3], CRN_INT64, 1, &samples, err));
    for (int i = 4; i < 7; i++)
        CRN_TRY(crn_infer_constant(op, &in[i], CRN_INT64, 1, &nodes, err));
    CRN_TRY(crn_infer_constant(op, &in[7], CRN_FLOAT64, 3, bounds, err));
    CRN_TRY(crn_infer_constant(op, &in[8], CRN_FLOAT64, 1, &nodes, err));
    if (nodes < 1)
        return crn_fail(err, CRN_SHAPE, "%s: the tree has no nodes", op);
    return crn_distance_metric_infer(&a->metric, &in[2], features, err);
}

static size_t tree_scratch(const void *attributes, const crn_type *in, int n_in, int64_t rows)
{
    (void)n_in, (void)rows;
    const crn_kneighbors_tree_attributes *a = attributes;
    return crn_neighbor_query_bytes(a->k, in[0].shape[0]);
}

typedef struct descent {
    const crn_kneighbors_tree_attributes *attributes;
    int64_t features, nodes;
    const double *data, *weights, *bounds, *radius;
    const int64_t *order, *idx_start, *idx_end, *is_leaf;
} descent;

/* The least reduced distance from x to the box of a node. */
static double box_bound(const descent *d, int64_t node, const double *x)
{
    const crn_distance_metric *metric = &d->attributes->metric;
    const double *low = d->bounds + node * d->features;
    const double *high = low + d->nodes * d->features;
    double sum = 0;
    for (int64_t j = 0; j < d->features; j++) {
        const double below = low[j] - x[j], above = x[j] - high[j];
        const double outside = 0.5 * ((below + fabs(below)) + (above + fabs(above)));
        switch (metric->kind) {
        case CRN_METRIC_CHEBYSHEV:
            sum = fmax(sum, outside);
            break;
        case CRN_METRIC_MANHATTAN:
            sum += outside;
            break;
        case CRN_METRIC_EUCLIDEAN:
            sum += outside * outside;
            break;
        default:
            sum += pow(outside, metric->p);
        }
    }
    return sum;
}

/* The least reduced distance from x to the ball of a node. */
static double ball_bound(const descent *d, int64_t node, const double *x)
{
    const crn_distance_metric *metric = &d->attributes->metric;
    const double reduced = crn_distance_metric_reduced(metric, d->weights, d->features, x,
                                                       d->bounds + node * d->features);
    const double outside = crn_distance_metric_distance(metric, reduced) - d->radius[node];
    return crn_distance_metric_reduce(metric, fmax(0, outside));
}

static double bound_of(const descent *d, int64_t node, const double *x)
{
    return d->attributes->balls ? ball_bound(d, node, x) : box_bound(d, node, x);
}

static void offer_leaf(const descent *d, int64_t node, const double *x,
                       crn_neighbor_query *query)
{
    for (int64_t i = d->idx_start[node]; i < d->idx_end[node]; i++) {
        const double reduced = crn_distance_metric_reduced(
            &d->attributes->metric, d->weights, d->features, x, d->data + i * d->features);
        crn_neighbor_query_offer(query, reduced, d->order[i]);
    }
}

typedef struct waiting_node {
    int64_t node;
    double bound;
} waiting_node;

static void descend(const descent *d, const double *x, crn_neighbor_query *query)
{
    waiting_node waiting[MOST_WAITING];
    int count = 0;
    waiting[count++] = (waiting_node){.node = 0, .bound = bound_of(d, 0, x)};
    while (count > 0) {
        const waiting_node now = waiting[--count];
        if (now.bound > query->values[0])
            continue;
        if (d->is_leaf[now.node]) {
            offer_leaf(d, now.node, x, query);
            continue;
        }
        waiting_node left = {.node = 2 * now.node + 1}, right = {.node = 2 * now.node + 2};
        left.bound = bound_of(d, left.node, x);
        right.bound = bound_of(d, right.node, x);
        const bool left_first = left.bound <= right.bound;
        waiting[count++] = left_first ? right : left;
        waiting[count++] = left_first ? left : right;
    }
}

static void tree_forward(const crn_call *call)
{
    const crn_kneighbors_tree_attributes *a = call->attributes;
    const descent d = {.attributes = a,
                       .features = call->in_types[0].shape[0],
                       .nodes = call->in_types[4].shape[0],
                       .data = call->in[1],
                       .weights = call->in[2],
                       .order = call->in[3],
                       .idx_start = call->in[4],
                       .idx_end = call->in[5],
                       .is_leaf = call->in[6],
                       .bounds = call->in[7],
                       .radius = call->in[8]};
    const int64_t rows = call->in_types[0].rows ? call->rows : 1;
    double *distances = call->out[0];
    int64_t *indices = call->out[1];
    for (int64_t row = 0; row < rows; row++) {
        crn_neighbor_query query;
        double *unused;
        crn_neighbor_query_begin(&query, a->k, call->scratch, &unused);
        descend(&d, (const double *)call->in[0] + row * d.features, &query);
        crn_neighbor_query_finish(&query, &a->metric, a->early,
                                  distances != NULL ? distances + row * a->k : NULL,
                                  indices != NULL ? indices + row * a->k : NULL);
    }
}

/* A guess: a few leaves of some 30 samples, and the way down to them. */
static void tree_cost(const void *attributes, const crn_type *in, const crn_type *out,
                      crn_cost *cost)
{
    (void)out;
    const crn_kneighbors_tree_attributes *a = attributes;
    cost->multiply_adds = (200.0 + (double)a->k) * (double)crn_type_last(&in[0]);
    cost->bytes = 8 * cost->multiply_adds;
}

static void tree_describe(const void *attributes, char *buffer, size_t size)
{
    const crn_kneighbors_tree_attributes *a = attributes;
    snprintf(buffer, size, "k=%lld %s %s", (long long)a->k,
             crn_distance_metric_name(a->metric.kind), a->balls ? "balls" : "boxes");
}

const crn_op crn_op_kneighbors_tree = {
    .name = "kneighbors_tree",
    .attributes_size = sizeof(crn_kneighbors_tree_attributes),
    .n_out = 2,
    .infer = tree_infer,
    .scratch = tree_scratch,
    .forward = tree_forward,
    .cost = tree_cost,
    .describe = tree_describe,
};
