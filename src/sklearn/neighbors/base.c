/* SPDX-License-Identifier: BSD-3-Clause */
/* NeighborsBase: samples, tree and metric of a file become an index to search in. */
#include "sklearn/neighbors/base.h"

#include <math.h>
#include <string.h>

#include "base/dtype.h"
#include "sklearn/neighbors/binary_tree.h"
#include "sklearn/neighbors/distance_metric.h"

/* ---- check ---- */

static bool is_before(const crn_neighbors *self, const char *version)
{
    const char *own = self->base.sklearn_version;
    return own != NULL && crn_version_compare(own, version) < 0;
}

static crn_status brute_index(crn_neighbors *self, crn_error *err)
{
    crn_neighbor_index *index = &self->index;
    const crn_array *samples = &self->_fit_X;
    if (samples->ndim != 2 || samples->shape[0] < 1 || samples->shape[1] < 1 ||
        !crn_dtype_is_number(samples->dtype))
        return crn_fail(err, CRN_FORMAT, "_fit_X is not a matrix of numbers");
    index->samples = samples->shape[0];
    index->features = samples->shape[1];
    if (crn_is_distance_metric(self->effective_metric_))
        CRN_TRY(crn_distance_metric_read(self->effective_metric_, index->features,
                                         &index->metric, &index->weights, err));
    else
        CRN_TRY(crn_distance_metric_by_name(crn_object_text(self->effective_metric_),
                                            self->effective_metric_params_, index->features,
                                            &index->metric, &index->weights, err));
    if (index->metric.kind == CRN_METRIC_BRAYCURTIS && is_before(self, "1.1"))
        index->metric.kind = CRN_METRIC_BRAYCURTIS_SIGNED; /* SciPy's */
    index->search =
        index->metric.kind <= CRN_METRIC_SQEUCLIDEAN ? CRN_SEARCH_PRODUCT : CRN_SEARCH_ALL;
    if (index->metric.kind == CRN_METRIC_PRECOMPUTED)
        return index->samples == index->features
                   ? CRN_OK
                   : crn_fail(err, CRN_FORMAT, "Precomputed matrix must be square.");
    return crn_array_astype(samples, CRN_FLOAT64, &index->data, err);
}

static crn_status make_index(crn_neighbors *self, crn_error *err)
{
    if (self->_fit_method != NULL && strcmp(self->_fit_method, "brute") == 0)
        return brute_index(self, err);
    return crn_binary_tree_read(self->_tree, &self->index, NULL, err);
}

/* A metric that there is no rule for keeps a file from predicting, not from being read. */
crn_status crn_neighbors_check(void *self, crn_error *err)
{
    crn_neighbors *model = self;
    crn_error why = CRN_ERROR_INIT;
    model->index.early = is_before(model, "1.9");
    crn_status status = make_index(model, &why);
    if (status == CRN_UNSUPPORTED) {
        model->unsupported = why;
        model->index.samples = model->_fit_X.ndim > 0 ? model->_fit_X.shape[0] : 0;
        model->index.features = model->_fit_X.ndim > 1 ? model->_fit_X.shape[1] : 0;
    } else if (status != CRN_OK) {
        return crn_fail(err, status, "%s", why.message);
    }
    if (model->n_samples_fit_ < 0)
        model->n_samples_fit_ = model->index.samples;
    if (model->base.n_features_in_ < 0)
        model->base.n_features_in_ = model->index.features;
    if (model->n_samples_fit_ != model->index.samples)
        return crn_fail(err, CRN_FORMAT, "n_samples_fit_ is %lld for %lld samples",
                        (long long)model->n_samples_fit_, (long long)model->index.samples);
    if (model->base.n_features_in_ != model->index.features)
        return crn_fail(err, CRN_FORMAT, "n_features_in_ is %lld for samples of %lld",
                        (long long)model->base.n_features_in_,
                        (long long)model->index.features);
    return CRN_OK;
}

void crn_neighbors_release(void *self)
{
    crn_neighbor_index_free(&((crn_neighbors *)self)->index);
}

const crn_neighbors *crn_neighbors_of(const crn_model *model)
{
    const crn_estimator_base *base = model != NULL ? crn_model_estimator(model) : NULL;
    const bool is = base != NULL && base->type == &crn_estimator_NearestNeighbors;
    return is && base->fitted ? (const crn_neighbors *)base : NULL;
}

crn_admitted crn_neighbors_admits(const void *self, crn_method method)
{
    (void)method;
    const crn_neighbors *model = self;
    return model->index.metric.kind == CRN_METRIC_NAN_EUCLIDEAN ? CRN_ADMITS_NAN
                                                                : CRN_ADMITS_FINITE;
}

/* ---- lower ---- */

static bool is_supported(const crn_neighbors *self, crn_graph *graph)
{
    if (self->unsupported.code == CRN_OK)
        return true;
    crn_graph_fail(graph, self->unsupported.code, "%s", self->unsupported.message);
    return false;
}

bool crn_neighbors_search(const crn_neighbors *self, crn_graph *graph, crn_value x, int64_t k,
                          crn_value *distances, crn_value *indices)
{
    *distances = *indices = CRN_NO_VALUE;
    if (!is_supported(self, graph))
        return false;
    if (k < 0 && !crn_object_as_int(self->n_neighbors, &k)) {
        crn_graph_fail(graph, CRN_ARGUMENT, "n_neighbors does not say how many neighbors");
        return false;
    }
    if (k < 1) {
        crn_graph_fail(graph, CRN_ARGUMENT, "Expected n_neighbors > 0. Got %lld", (long long)k);
        return false;
    }
    if (k > self->n_samples_fit_) {
        crn_graph_fail(graph, CRN_ARGUMENT,
                       "Expected n_neighbors <= n_samples_fit, but n_neighbors = %lld, "
                       "n_samples_fit = %lld",
                       (long long)k, (long long)self->n_samples_fit_);
        return false;
    }
    crn_kneighbors(graph, x, &self->index, k, distances, indices);
    return *distances != CRN_NO_VALUE;
}

crn_value crn_neighbors_within_radius(const crn_neighbors *self, crn_graph *graph, crn_value x)
{
    double radius;
    if (!is_supported(self, graph))
        return CRN_NO_VALUE;
    if (!crn_object_as_double(self->radius, &radius) || isnan(radius))
        return crn_graph_fail(graph, CRN_ARGUMENT, "radius does not say how far");
    return crn_distances(graph, x, &self->index, radius);
}

crn_value crn_neighbors_weigh(const crn_neighbors *self, crn_graph *graph, crn_value distances)
{
    const bool uniform =
        crn_object_is_none(self->weights) || crn_object_is_str(self->weights, "uniform");
    if (!uniform && !crn_object_is_str(self->weights, "distance"))
        return crn_graph_fail(graph, CRN_UNSUPPORTED, "weights=<callable> is not supported");
    return crn_neighbor_weights(graph, distances, !uniform);
}

/* ---- write ---- */

/* wminkowski, which 1.3 has no more, is minkowski with other weights. */
static bool write_minkowski(const crn_neighbors *self, crn_document *document,
                            crn_object *state)
{
    crn_object *weights =
        crn_wminkowski_weights(&self->index.metric, &self->index.weights, document);
    crn_object *params = crn_object_new(document, CRN_OBJ_DICT);
    crn_object *effective = crn_object_new(document, CRN_OBJ_DICT);
    crn_object *p = crn_object_float(document, self->index.metric.p);
    crn_object *name = crn_object_str(document, "minkowski");
    return crn_object_set(document, params, "w", weights) &&
           crn_object_set(document, effective, "p", p) &&
           crn_object_set(document, effective, "w", weights) &&
           crn_object_set(document, state, "p", p) &&
           crn_object_set(document, state, "metric", name) &&
           crn_object_set(document, state, "metric_params", params) &&
           crn_object_set(document, state, "effective_metric_", name) &&
           crn_object_set(document, state, "effective_metric_params_", effective);
}

crn_status crn_neighbors_write(const void *self, crn_document *document, crn_object *state,
                               const char *sklearn, crn_error *err)
{
    const crn_neighbors *model = self;
    const bool since_1_3 = crn_version_compare(sklearn, "1.3") >= 0;
    if (crn_is_distance_metric(model->metric) && !since_1_3)
        return crn_fail(err, CRN_UNSUPPORTED,
                        "scikit-learn %s takes no DistanceMetric as metric: that came with 1.3",
                        sklearn);
    if (!model->base.fitted || model->unsupported.code != CRN_OK)
        return CRN_OK;
    CRN_TRY(crn_binary_tree_adapt(crn_object_get(state, "_tree"), document, sklearn,
                                  &model->index, err));
    if (model->index.metric.kind == CRN_METRIC_WMINKOWSKI && since_1_3 &&
        !write_minkowski(model, document, state))
        return crn_arena_fail(document->arena, err);
    return CRN_OK;
}
