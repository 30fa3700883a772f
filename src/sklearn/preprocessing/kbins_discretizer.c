/* SPDX-License-Identifier: BSD-3-Clause */
/* KBinsDiscretizer, as sklearn/preprocessing/_discretization.py (1.9). Its OneHotEncoder marks
 * the bins of each feature in order, so that the bins alone say where the ones stand. */
#include <string.h>

#include "format/pickle.h"
#include "ops/elementwise.h"
#include "ops/features.h"
#include "sklearn/estimator.h"

typedef struct kbins_discretizer {
    crn_estimator_base base;
    const crn_object *n_bins, *dtype, *subsample, *random_state;
    const char *encode, *strategy, *quantile_method;
    const crn_object *bin_edges_; /* array of objects (n_features_in_): the edges of each */
    crn_array n_bins_;            /* (n_features_in_) */
    crn_model *_encoder;          /* OneHotEncoder, unless encode='ordinal' */
    /* made of bin_edges_ */
    crn_array edges;  /* all of them, one feature after the other */
    crn_array starts; /* (n_features_in_ + 1): where each feature's begin */
} kbins_discretizer;

/* Edges of all features together; a file may name one long array many times. */
enum { MOST_EDGES = 1 << 24 };

static const crn_field fields[] = {
    CRN_PARAM(kbins_discretizer, n_bins, OBJECT, "5", "int >= 2 | array"),
    CRN_PARAM(kbins_discretizer, encode, STRING, "'onehot'",
              "'onehot' | 'onehot-dense' | 'ordinal'"),
    CRN_PARAM(kbins_discretizer, strategy, STRING, "'quantile'",
              "'kmeans' | 'quantile' | 'uniform'"),
    CRN_PARAM_SINCE(kbins_discretizer, quantile_method, STRING, "'averaged_inverted_cdf'",
                    "'averaged_inverted_cdf' | 'closest_observation' | 'hazen' | "
                    "'interpolated_inverted_cdf' | 'inverted_cdf' | 'linear' | "
                    "'median_unbiased' | 'normal_unbiased' | 'weibull' | ~'warn'",
                    "1.7", NULL),
    CRN_PARAM_SINCE(kbins_discretizer, dtype, OBJECT, "None",
                    "<class 'numpy.float32'> | <class 'numpy.float64'> | None", "0.24", NULL),
    CRN_PARAM_SINCE(kbins_discretizer, subsample, OBJECT, "200000", "int >= 1 | None", "1.1",
                    NULL),
    CRN_PARAM_SINCE(kbins_discretizer, random_state, OBJECT, "None", "random_state", "1.1",
                    NULL),
    CRN_BASE_FIELDS,
    CRN_FITTED(kbins_discretizer, bin_edges_, OBJECT),
    CRN_FITTED_ARRAY(kbins_discretizer, n_bins_, "n_features_in_"),
    CRN_FITTED_OPTIONAL(kbins_discretizer, _encoder, MODEL),
    CRN_FIELDS_END,
};

static void release(void *self)
{
    kbins_discretizer *model = self;
    crn_array_free(&model->edges);
    crn_array_free(&model->starts);
}

/* ---- the edges ---- */

static bool is_rising(const double *at, int64_t n)
{
    for (int64_t i = 1; i < n; i++) {
        if (!(at[i] >= at[i - 1]))
            return false;
    }
    return true;
}

/* The edges of feature j, which has a bin less than edges. */
static crn_status read_feature(const crn_object *object, int64_t j, double bins,
                               crn_array *edges, crn_error *err)
{
    crn_array array = CRN_ARRAY_INIT;
    crn_status status = CRN_OK;
    CRN_TRY_OR_DONE(crn_object_to_array(object, &array, err));
    if (array.ndim != 1 || array.shape[0] < 2 || !crn_dtype_is_number(array.dtype) ||
        (double)array.shape[0] != bins + 1.0)
        CRN_TRY_OR_DONE(
            crn_fail(err, CRN_FORMAT, "bin_edges_[%lld] does not fit n_bins_", (long long)j));
    CRN_TRY_OR_DONE(crn_array_astype(&array, CRN_FLOAT64, edges, err));
    if (!is_rising(edges->data, edges->shape[0]))
        CRN_TRY_OR_DONE(
            crn_fail(err, CRN_FORMAT, "bin_edges_[%lld] does not rise", (long long)j));
done:
    crn_array_free(&array);
    return status;
}

/* Room for what n_bins_ counts. */
static crn_status make_room(kbins_discretizer *self, int64_t features, crn_error *err)
{
    int64_t total = 0, length = features + 1;
    for (int64_t j = 0; j < features; j++) {
        const double bins = crn_array_get(&self->n_bins_, j);
        if (!(bins >= 1 && bins < MOST_EDGES) || (total += (int64_t)bins + 1) > MOST_EDGES)
            return crn_fail(err, CRN_LIMIT, "n_bins_ does not count 1 to %d bins", MOST_EDGES);
    }
    release(self);
    CRN_TRY(crn_array_create(CRN_FLOAT64, 0, 1, &total, &self->edges, err));
    return crn_array_create(CRN_INT64, 0, 1, &length, &self->starts, err);
}

static crn_status read_edges(kbins_discretizer *self, crn_error *err)
{
    int32_t ndim = 0;
    int64_t shape[CRN_MAX_NDIM];
    const crn_object *all = crn_object_array_elements(self->bin_edges_, &ndim, shape);
    const int64_t features = self->n_bins_.shape[0];
    if (all == NULL || ndim != 1 || shape[0] != features)
        return crn_fail(err, CRN_FORMAT, "bin_edges_ is not an array of %lld arrays",
                        (long long)features);
    CRN_TRY(make_room(self, features, err));
    int64_t *starts = self->starts.data;
    for (int64_t j = 0; j < features; j++) {
        crn_array edges = CRN_ARRAY_INIT;
        const double bins = crn_array_get(&self->n_bins_, j);
        crn_status status = read_feature(crn_object_item(all, (size_t)j), j, bins, &edges, err);
        if (status == CRN_OK)
            memcpy((double *)self->edges.data + starts[j], edges.data,
                   (size_t)edges.shape[0] * sizeof(double));
        starts[j + 1] = starts[j] + edges.shape[0];
        crn_array_free(&edges);
        CRN_TRY(status);
    }
    return CRN_OK;
}

static crn_status check(void *self, crn_error *err)
{
    kbins_discretizer *model = self;
    const char *encode = model->encode;
    if (encode == NULL ||
        (strcmp(encode, "onehot") != 0 && strcmp(encode, "onehot-dense") != 0 &&
         strcmp(encode, "ordinal") != 0))
        return crn_fail(err, CRN_UNSUPPORTED, "encode='%s' is not supported",
                        encode != NULL ? encode : "None");
    if (model->n_bins_.ndim != 1 || !crn_dtype_is_number(model->n_bins_.dtype))
        return crn_fail(err, CRN_FORMAT, "n_bins_ must hold numbers");
    if (model->base.n_features_in_ < 0)
        model->base.n_features_in_ = model->n_bins_.shape[0];
    return read_edges(model, err);
}

/* ---- operations ---- */

static bool is_one_hot(const kbins_discretizer *self)
{
    return strcmp(self->encode, "ordinal") != 0;
}

static bool is_float32(const kbins_discretizer *self)
{
    return crn_object_is_global(self->dtype, "numpy", "float32");
}

static crn_value lower(const void *self, crn_method method, crn_graph *graph, crn_value x)
{
    const kbins_discretizer *model = self;
    const char *version = model->base.sklearn_version;
    const crn_bins bins = {.one_hot = is_one_hot(model),
                           .inverse = method == CRN_INVERSE_TRANSFORM,
                           .nudged =
                               version != NULL && crn_version_compare(version, "1.1") < 0};
    if (is_float32(model) && !bins.inverse)
        x = crn_cast(graph, crn_cast(graph, x, CRN_FLOAT32), CRN_FLOAT64);
    x = crn_bin(graph, x, &bins, crn_graph_constant(graph, &model->edges),
                crn_graph_constant(graph, &model->starts));
    return is_float32(model) ? crn_cast(graph, x, CRN_FLOAT32) : x;
}

static int64_t input_width(const void *self, crn_method method)
{
    const kbins_discretizer *model = self;
    const int64_t features = model->base.n_features_in_;
    return method == CRN_INVERSE_TRANSFORM && is_one_hot(model)
               ? model->edges.shape[0] - features
               : features;
}

/* 'warn' stood for the defaults of subsample (1.1 to 1.4) and quantile_method (1.7, 1.8). */
static crn_status write(const void *self, crn_document *document, crn_object *state,
                        const char *sklearn, crn_error *err)
{
    const kbins_discretizer *model = self;
    bool ok = true;
    if (crn_version_compare(sklearn, "1.7") >= 0 && model->quantile_method != NULL &&
        strcmp(model->quantile_method, "warn") == 0)
        ok = crn_object_set(document, state, "quantile_method",
                            crn_object_str(document, "linear"));
    if (ok && crn_version_compare(sklearn, "1.1") >= 0 &&
        crn_object_is_str(model->subsample, "warn"))
        ok = crn_object_set(document, state, "subsample", crn_object_int(document, 200000));
    return ok ? CRN_OK : crn_arena_fail(document->arena, err);
}

const crn_estimator crn_estimator_KBinsDiscretizer = {
    .name = "KBinsDiscretizer",
    .module = "sklearn.preprocessing",
    .modules = "sklearn.preprocessing._discretization",
    .size = sizeof(kbins_discretizer),
    .fields = fields,
    .methods = 1u << CRN_TRANSFORM | 1u << CRN_INVERSE_TRANSFORM,
    .lower = lower,
    .check = check,
    .input_width = input_width,
    .write = write,
    .release = release,
};
