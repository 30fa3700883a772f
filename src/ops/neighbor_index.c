/* SPDX-License-Identifier: BSD-3-Clause */
/* From samples to the operation that searches among them: the layouts that the operations want
 * are made here, once. */
#include <math.h>
#include <string.h>

#include "ops/affine.h"
#include "ops/elementwise.h"
#include "ops/neighbors.h"
#include "ops/sparse.h"
#include "ops/rows.h"

/* An array that the graph shall own: its constant, and the reference dropped. */
static crn_value keep(crn_graph *graph, crn_array *array)
{
    const crn_value value =
        array->data != NULL ? crn_graph_constant(graph, array) : CRN_NO_VALUE;
    crn_array_free(array);
    return value;
}

static crn_value constant_or_none(crn_graph *graph, const crn_array *array)
{
    return array->data != NULL ? crn_graph_constant(graph, array) : CRN_NO_VALUE;
}

/* The samples as the metric compares them; shared where it compares them as they are. */
static crn_value prepared_samples(crn_graph *graph, const crn_neighbor_index *index)
{
    if (!crn_distance_metric_prepares(&index->metric))
        return constant_or_none(graph, &index->data);
    crn_array made = CRN_ARRAY_INIT;
    if (crn_array_astype(&index->data, CRN_FLOAT64, &made, &graph->error) != CRN_OK)
        return CRN_NO_VALUE;
    double *rows = made.data;
    for (int64_t i = 0; i < index->samples; i++, rows += index->features)
        crn_distance_metric_prepare(&index->metric, index->features, rows, rows);
    return keep(graph, &made);
}

/* The samples in the order of a tree's leaves. */
static crn_value ordered_samples(crn_graph *graph, const crn_neighbor_index *index)
{
    crn_array made = CRN_ARRAY_INIT;
    const int64_t shape[2] = {index->samples, index->features};
    if (crn_array_create(CRN_FLOAT64, 0, 2, shape, &made, &graph->error) != CRN_OK)
        return CRN_NO_VALUE;
    const double *from = index->data.data;
    const int64_t *order = index->order.data;
    const size_t bytes = (size_t)index->features * sizeof(double);
    for (int64_t i = 0; i < index->samples; i++)
        memcpy((double *)made.data + i * index->features, from + order[i] * index->features,
               bytes);
    return keep(graph, &made);
}

double crn_product_norm(const crn_kernels *kernels, int64_t n, const double *x)
{
    double norm = 0;
    kernels->affine_f64(1, n, 1, x, x, 0, NULL, &norm, NULL);
    return norm;
}

/* Sample i stands in column i % PANEL of panel i / PANEL, times -2; places without a sample are
 * infinitely far. */
static void fill_panels(const crn_neighbor_index *index, double *panels, double *norms)
{
    enum { PANEL = CRN_NEIGHBOR_PANEL };
    const int64_t n = index->features;
    const double *samples = index->data.data;
    const int64_t places = ((index->samples - 1) / PANEL + 1) * PANEL;
    for (int64_t i = 0; i < places; i++) {
        norms[i] = i < index->samples ? crn_product_norm(crn_kernels_best(), n, samples + i * n)
                                      : (double)INFINITY;
        for (int64_t j = 0; i < index->samples && j < n; j++)
            panels[(i / PANEL * n + j) * PANEL + i % PANEL] = -2 * samples[i * n + j];
    }
}

static void search_by_product(crn_graph *graph, crn_value x, const crn_neighbor_index *index,
                              const crn_kneighbors_attributes *attributes, crn_value *first)
{
    const int64_t panels = (index->samples - 1) / CRN_NEIGHBOR_PANEL + 1;
    const int64_t shape[3] = {panels, index->features, CRN_NEIGHBOR_PANEL};
    const int64_t norm_shape[2] = {panels, CRN_NEIGHBOR_PANEL};
    crn_array samples = CRN_ARRAY_INIT, norms = CRN_ARRAY_INIT;
    if (crn_array_create(CRN_FLOAT64, 0, 3, shape, &samples, &graph->error) == CRN_OK &&
        crn_array_create(CRN_FLOAT64, 0, 2, norm_shape, &norms, &graph->error) == CRN_OK)
        fill_panels(index, samples.data, norms.data);
    const crn_value in[3] = {x, keep(graph, &samples), keep(graph, &norms)};
    *first = crn_graph_add(graph, &crn_op_kneighbors_product, attributes, in, 3);
}

static void search_tree(crn_graph *graph, crn_value x, const crn_neighbor_index *index,
                        int64_t k, crn_value *first)
{
    const crn_kneighbors_tree_attributes attributes = {.metric = index->metric,
                                                       .k = k,
                                                       .balls = index->search ==
                                                                CRN_SEARCH_BALL_TREE,
                                                       .early = index->early};
    const crn_value in[9] = {x,
                             ordered_samples(graph, index),
                             constant_or_none(graph, &index->weights),
                             constant_or_none(graph, &index->order),
                             constant_or_none(graph, &index->idx_start),
                             constant_or_none(graph, &index->idx_end),
                             constant_or_none(graph, &index->is_leaf),
                             constant_or_none(graph, &index->bounds),
                             constant_or_none(graph, &index->radius)};
    *first = crn_graph_add(graph, &crn_op_kneighbors_tree, &attributes, in, 9);
}

void crn_kneighbors(crn_graph *graph, crn_value x, const crn_neighbor_index *index, int64_t k,
                    crn_value *distances, crn_value *indices)
{
    const crn_kneighbors_attributes attributes = {
        .metric = index->metric, .k = k, .samples = index->samples, .early = index->early};
    crn_value first = CRN_NO_VALUE;
    if (index->search == CRN_SEARCH_PRODUCT && index->samples > 0) {
        search_by_product(graph, x, index, &attributes, &first);
    } else if (index->search == CRN_SEARCH_KD_TREE || index->search == CRN_SEARCH_BALL_TREE) {
        search_tree(graph, x, index, k, &first);
    } else {
        const bool given = index->metric.kind == CRN_METRIC_PRECOMPUTED;
        const crn_value in[3] = {given ? x : crn_densify(graph, x),
                                 prepared_samples(graph, index),
                                 constant_or_none(graph, &index->weights)};
        first = crn_graph_add(graph, &crn_op_kneighbors, &attributes, in, 3);
    }
    *distances = first;
    *indices = crn_graph_output_of(graph, first, 1);
}

/* The squared norms of the samples (samples). */
static crn_value squared_norms(crn_graph *graph, const crn_array *samples, double scale)
{
    crn_array made = CRN_ARRAY_INIT;
    const int64_t n = samples->shape[1];
    if (crn_array_create(CRN_FLOAT64, 0, 1, samples->shape, &made, &graph->error) != CRN_OK)
        return CRN_NO_VALUE;
    for (int64_t i = 0; i < samples->shape[0]; i++)
        ((double *)made.data)[i] =
            scale *
            crn_product_norm(crn_kernels_best(), n, (const double *)samples->data + i * n);
    return keep(graph, &made);
}

crn_value crn_distances(crn_graph *graph, crn_value x, const crn_neighbor_index *index,
                        double radius)
{
    const bool product = index->search == CRN_SEARCH_PRODUCT;
    const crn_distance_attributes attributes = {.metric = index->metric,
                                                .product = product,
                                                .limited = !isnan(radius),
                                                .radius = radius};
    const crn_value in[4] = {x, prepared_samples(graph, index),
                             constant_or_none(graph, &index->weights),
                             product ? squared_norms(graph, &index->data, 1) : CRN_NO_VALUE};
    return crn_graph_add(graph, &crn_op_distance, &attributes, in, 4);
}

crn_value crn_euclidean_distances(crn_graph *graph, crn_value x, const crn_array *centers)
{
    const crn_neighbor_index index = {.search = CRN_SEARCH_PRODUCT,
                                      .samples = centers->shape[0],
                                      .features = centers->shape[1],
                                      .data = *centers};
    return crn_distances(graph, x, &index, (double)NAN);
}

crn_value crn_center_scores(crn_graph *graph, crn_value x, const crn_array *centers)
{
    crn_array twice = CRN_ARRAY_INIT;
    if (crn_array_astype(centers, CRN_FLOAT64, &twice, &graph->error) != CRN_OK)
        return CRN_NO_VALUE;
    for (int64_t i = 0; i < crn_array_size(&twice); i++)
        ((double *)twice.data)[i] *= 2;
    return crn_affine(graph, x, keep(graph, &twice), true, squared_norms(graph, centers, -1));
}

crn_value crn_nearest_center(crn_graph *graph, crn_value x, const crn_array *centers)
{
    return crn_argmax(graph, crn_center_scores(graph, x, centers));
}
