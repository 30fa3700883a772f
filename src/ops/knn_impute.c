/* SPDX-License-Identifier: BSD-3-Clause */
/* knn_impute: each missing number of a row becomes the mean over the k nearest samples that
 * have it, nearest in the nan_euclidean metric (sklearn/impute/_knn.py, 1.9). Inputs: x;
 * samples; means. */
#include "ops/knn_impute.h"

#include <math.h>
#include <stdio.h>

#include "ops/infer.h"
#include "ops/neighbor_heap.h"
#include "ops/neighbor_query.h"

static crn_status impute_infer(const void *attributes, const crn_type *in, int n_in,
                               crn_type *out, crn_error *err)
{
    const crn_knn_impute_attributes *a = attributes;
    CRN_TRY(crn_infer_count("knn_impute", n_in, 3, 3, err));
    if (in[0].dtype != CRN_FLOAT64 || in[0].ndim != 1)
        return crn_fail(err, CRN_SHAPE, "knn_impute: takes float64 (rows, features)");
    const int64_t features = in[0].shape[0];
    const int64_t shape[2] = {-1, features};
    CRN_TRY(crn_infer_constant("knn_impute", &in[1], CRN_FLOAT64, 2, shape, err));
    CRN_TRY(crn_infer_constant("knn_impute", &in[2], CRN_FLOAT64, 1, &features, err));
    if (a->k < 1 || a->k > in[1].shape[0])
        return crn_fail(err, CRN_ARGUMENT, "knn_impute: %lld neighbors of %lld samples",
                        (long long)a->k, (long long)in[1].shape[0]);
    out[0] = in[0];
    return CRN_OK;
}

/* The row with NaN for what is missing, its distances, and the k nearest. */
static size_t impute_scratch(const void *attributes, const crn_type *in, int n_in, int64_t rows)
{
    (void)n_in, (void)rows;
    const crn_knn_impute_attributes *a = attributes;
    return ((size_t)in[0].shape[0] + (size_t)in[1].shape[0] + (size_t)a->k) * sizeof(double) +
           (size_t)a->k * sizeof(int64_t);
}

typedef struct imputation {
    const crn_knn_impute_attributes *how;
    int64_t features, samples;
    const double *data, *means;
    double *row;       /* (features) */
    double *distances; /* (samples), squared */
    double *nearest;   /* (k) */
    int64_t *indices;  /* (k) */
} imputation;

/* Fills in->row; is there a number to find? */
static bool take_row(const imputation *in, const double *x)
{
    bool any = false;
    for (int64_t j = 0; j < in->features; j++) {
        const bool missing = isnan(in->how->missing) ? isnan(x[j]) : x[j] == in->how->missing;
        in->row[j] = missing ? (double)NAN : x[j];
        any = any || (missing && !isnan(in->means[j]));
    }
    return any;
}

static void measure(const imputation *in)
{
    const crn_distance_metric metric = {.kind = CRN_METRIC_NAN_EUCLIDEAN};
    for (int64_t i = 0; i < in->samples; i++)
        in->distances[i] = crn_distance_metric_reduced(&metric, NULL, in->features, in->row,
                                                       in->data + i * in->features);
}

/* The mean of the neighbors' numbers; those at distance 0 outweigh all others. */
static double mean_of(const imputation *in, int64_t feature, int64_t found)
{
    const bool touches = in->nearest[0] == 0;
    double sum = 0, total = 0;
    for (int64_t i = 0; i < found; i++) {
        const double value = in->data[in->indices[i] * in->features + feature];
        double weight = 1;
        if (in->how->inverse)
            weight = touches ? (in->nearest[i] == 0 ? 1 : 0) : 1 / sqrt(in->nearest[i]);
        sum += weight * value;
        total += weight;
    }
    return sum / total;
}

static double impute(const imputation *in, int64_t feature)
{
    const int64_t k = in->how->k;
    int64_t found = 0;
    crn_neighbor_heap_clear(k, in->nearest, in->indices);
    for (int64_t i = 0; i < in->samples; i++) {
        if (isnan(in->data[i * in->features + feature]) || isnan(in->distances[i]))
            continue;
        crn_neighbor_heap_push(k, in->nearest, in->indices, in->distances[i], i);
    }
    crn_neighbor_heap_sort(k, false, in->nearest, in->indices);
    while (found < k && in->indices[found] >= 0)
        found++;
    return found > 0 ? mean_of(in, feature, found) : in->means[feature];
}

static void impute_forward(const crn_call *call)
{
    imputation in = {.how = call->attributes,
                     .features = call->in_types[0].shape[0],
                     .samples = call->in_types[1].shape[0],
                     .data = call->in[1],
                     .means = call->in[2],
                     .row = call->scratch};
    in.distances = in.row + in.features;
    in.nearest = in.distances + in.samples;
    in.indices = (int64_t *)(in.nearest + in.how->k);
    const int64_t rows = call->in_types[0].rows ? call->rows : 1;
    const double *x = call->in[0];
    double *y = call->out[0];
    for (int64_t row = 0; row < rows; row++, x += in.features, y += in.features) {
        if (take_row(&in, x))
            measure(&in);
        for (int64_t j = 0; j < in.features; j++) {
            if (isnan(in.means[j]))
                y[j] = in.how->keep_empty ? 0 : x[j];
            else
                y[j] = isnan(in.row[j]) ? impute(&in, j) : x[j];
        }
    }
}

static void impute_cost(const void *attributes, const crn_type *in, const crn_type *out,
                        crn_cost *cost)
{
    (void)attributes, (void)out;
    cost->multiply_adds = 4.0 * (double)crn_type_size(&in[1]);
    cost->bytes = 8.0 * (double)crn_type_size(&in[1]);
}

static void impute_describe(const void *attributes, char *buffer, size_t size)
{
    const crn_knn_impute_attributes *a = attributes;
    snprintf(buffer, size, "k=%lld%s", (long long)a->k, a->inverse ? " by distance" : "");
}

const crn_op crn_op_knn_impute = {
    .name = "knn_impute",
    .attributes_size = sizeof(crn_knn_impute_attributes),
    .n_out = 1,
    .infer = impute_infer,
    .scratch = impute_scratch,
    .forward = impute_forward,
    .cost = impute_cost,
    .describe = impute_describe,
};

crn_value crn_knn_impute(crn_graph *graph, crn_value x, crn_value samples, crn_value means,
                         const crn_knn_impute_attributes *how)
{
    return crn_graph_add(graph, &crn_op_knn_impute, how, (crn_value[]){x, samples, means}, 3);
}
