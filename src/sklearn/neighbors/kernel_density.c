/* SPDX-License-Identifier: BSD-3-Clause */
/* KernelDensity, as sklearn/neighbors/_kde.py (1.9), with the norms of
 * sklearn/neighbors/_binary_tree.pxi.tp. Sums are exact: atol and rtol only say how much less
 * exact scikit-learn may be. */
#include <math.h>
#include <string.h>

#include "ops/neighbors.h"
#include "sklearn/estimator.h"
#include "sklearn/neighbors/binary_tree.h"

typedef struct kernel_density {
    crn_estimator_base base;
    crn_object *bandwidth; /* a number, 'scott' or 'silverman' */
    const char *algorithm, *kernel, *metric;
    double atol, rtol;
    bool breadth_first;
    int64_t leaf_size;
    crn_object *metric_params;
    double bandwidth_; /* NaN in files before 1.2 */
    crn_object *tree_;

    /* made by check: */
    crn_neighbor_index index;
    crn_array sample_weight; /* (samples); none */
    crn_error unsupported;
} kernel_density;

static const crn_field fields[] = {
    CRN_PARAM(kernel_density, bandwidth, OBJECT, "1.0", "real > 0 | 'scott' | 'silverman'"),
    CRN_PARAM(kernel_density, algorithm, STRING, "'auto'", "'auto' | 'ball_tree' | 'kd_tree'"),
    CRN_PARAM(kernel_density, kernel, STRING, "'gaussian'",
              "'cosine' | 'epanechnikov' | 'exponential' | 'gaussian' | 'linear' | 'tophat'"),
    CRN_PARAM(kernel_density, metric, STRING, "'euclidean'",
              "'braycurtis' | 'canberra' | 'chebyshev' | 'cityblock' | 'dice' | 'euclidean' | "
              "'hamming' | 'haversine' | 'infinity' | 'jaccard' | 'l1' | 'l2' | 'mahalanobis' "
              "| 'manhattan' | 'minkowski' | 'p' | 'pyfunc' | 'rogerstanimoto' | 'russellrao' "
              "| 'seuclidean' | 'sokalmichener' | 'sokalsneath'"),
    CRN_PARAM(kernel_density, atol, REAL, "0", "real >= 0"),
    CRN_PARAM(kernel_density, rtol, REAL, "0", "real >= 0"),
    CRN_PARAM(kernel_density, breadth_first, BOOL, "True", NULL),
    CRN_PARAM(kernel_density, leaf_size, INT, "40", "int >= 1"),
    CRN_PARAM(kernel_density, metric_params, OBJECT, "None", "None | dict"),
    {.name = "bandwidth_",
     .type = CRN_FIELD_REAL,
     .flags = CRN_FIELD_FITTED | CRN_FIELD_OPTIONAL,
     .offset = offsetof(kernel_density, bandwidth_),
     .dflt = "nan",
     .since = "1.2"},
    CRN_BASE_FIELDS,
    CRN_FITTED(kernel_density, tree_, OBJECT),
    CRN_FIELDS_END,
};

static const char *const kernels[] = {"gaussian",    "tophat", "epanechnikov",
                                      "exponential", "linear", "cosine"};

static int kernel_of(const kernel_density *self)
{
    for (int i = 0; i <= CRN_KERNEL_COSINE; i++) {
        if (self->kernel != NULL && strcmp(self->kernel, kernels[i]) == 0)
            return i;
    }
    return -1;
}

static crn_status check(void *self, crn_error *err)
{
    kernel_density *model = self;
    crn_error why = CRN_ERROR_INIT;
    crn_status status =
        crn_binary_tree_read(model->tree_, &model->index, &model->sample_weight, &why);
    if (status == CRN_UNSUPPORTED)
        model->unsupported = why;
    else if (status != CRN_OK)
        return crn_fail(err, status, "%s", why.message);
    if (model->base.n_features_in_ < 0)
        model->base.n_features_in_ = model->index.features;
    if (isnan(model->bandwidth_) && !crn_object_as_double(model->bandwidth, &model->bandwidth_))
        return crn_fail(err, CRN_FORMAT, "bandwidth_ is missing");
    if (!(model->bandwidth_ > 0) || !isfinite(model->bandwidth_))
        return crn_fail(err, CRN_FORMAT, "bandwidth_ is not positive");
    if (kernel_of(model) < 0)
        return crn_fail(err, CRN_FORMAT, "kernel = '%s' not recognized",
                        model->kernel != NULL ? model->kernel : "None");
    if (status == CRN_OK && model->base.n_features_in_ != model->index.features)
        return crn_fail(err, CRN_FORMAT, "tree_ does not have %lld features",
                        (long long)model->base.n_features_in_);
    return CRN_OK;
}

static void release(void *self)
{
    kernel_density *model = self;
    crn_neighbor_index_free(&model->index);
    crn_array_free(&model->sample_weight);
}

/* ---- norms: volume and surface of the unit ball ---- */

static double log_volume(double n)
{
    return 0.5 * n * log(3.141592653589793) - lgamma(0.5 * n + 1);
}

static double log_surface(double n)
{
    return log(2 * 3.141592653589793) + log_volume(n - 1);
}

/* From integrating r^(d - 1) cos(pi r / 2) by parts. */
static double cosine_factor(int64_t features)
{
    const double two_over_pi = 2 / 3.141592653589793, d = (double)features;
    double factor = 0, term = two_over_pi;
    for (int64_t k = 1; k <= features; k += 2) {
        const double left = d - (double)k;
        factor += term;
        term *= -left * (left - 1) * two_over_pi * two_over_pi;
    }
    return log(factor) + log_surface(d - 1);
}

static double log_kernel_norm(int kernel, int64_t features, double bandwidth)
{
    const double d = (double)features;
    double factor;
    switch (kernel) {
    case CRN_KERNEL_GAUSSIAN:
        factor = 0.5 * d * log(2 * 3.141592653589793);
        break;
    case CRN_KERNEL_TOPHAT:
        factor = log_volume(d);
        break;
    case CRN_KERNEL_EPANECHNIKOV:
        factor = log_volume(d) + log(2.0 / (d + 2.0));
        break;
    case CRN_KERNEL_EXPONENTIAL:
        factor = log_surface(d - 1) + lgamma(d);
        break;
    case CRN_KERNEL_LINEAR:
        factor = log_volume(d) - log(d + 1.0);
        break;
    default:
        factor = cosine_factor(features);
    }
    return -factor - d * log(bandwidth);
}

/* ---- lower ---- */

/* The logarithms of the samples' weights; *total gets their sum. */
static crn_value log_weights(const kernel_density *self, crn_graph *graph, double *total)
{
    crn_array logs = CRN_ARRAY_INIT;
    *total = (double)self->index.samples;
    if (self->sample_weight.data == NULL)
        return CRN_NO_VALUE;
    if (crn_array_astype(&self->sample_weight, CRN_FLOAT64, &logs, &graph->error) != CRN_OK)
        return CRN_NO_VALUE;
    *total = 0;
    for (int64_t i = 0; i < self->index.samples; i++) {
        double *weight = (double *)logs.data + i;
        *total += *weight;
        *weight = log(*weight);
    }
    const crn_value value = crn_graph_constant(graph, &logs);
    crn_array_free(&logs);
    return value;
}

static crn_value lower(const void *self, crn_method method, crn_graph *graph, crn_value x)
{
    (void)method;
    const kernel_density *model = self;
    if (model->unsupported.code != CRN_OK)
        return crn_graph_fail(graph, model->unsupported.code, "%s", model->unsupported.message);
    double total;
    const crn_value logs = log_weights(model, graph, &total);
    const int kernel = kernel_of(model);
    const crn_kernel_density_attributes how = {
        .metric = model->index.metric,
        .kernel = (crn_density_kernel)kernel,
        .bandwidth = model->bandwidth_,
        .log_norm =
            log_kernel_norm(kernel, model->index.features, model->bandwidth_) - log(total)};
    const crn_value samples = crn_graph_constant(graph, &model->index.data);
    const crn_value weights = model->index.weights.data != NULL
                                  ? crn_graph_constant(graph, &model->index.weights)
                                  : CRN_NO_VALUE;
    return crn_kernel_density(graph, x, samples, weights, logs, &how);
}

static crn_status write(const void *self, crn_document *document, crn_object *state,
                        const char *sklearn, crn_error *err)
{
    const kernel_density *model = self;
    if (!model->base.fitted || model->unsupported.code != CRN_OK)
        return CRN_OK;
    return crn_binary_tree_adapt(crn_object_get(state, "tree_"), document, sklearn,
                                 &model->index, err);
}

const crn_estimator crn_estimator_KernelDensity = {
    .name = "KernelDensity",
    .module = "sklearn.neighbors",
    .modules = "sklearn.neighbors._kde sklearn.neighbors.kde",
    .size = sizeof(kernel_density),
    .fields = fields,
    .methods = 1u << CRN_SCORE_SAMPLES,
    .lower = lower,
    .check = check,
    .write = write,
    .release = release,
};
