/* SPDX-License-Identifier: BSD-3-Clause */
/* IncrementalPCA, TruncatedSVD and FastICA, whose transform is one matrix product:
 * sklearn/decomposition/_incremental_pca.py, _truncated_svd.py and _fastica.py (1.9), and the
 * files of versions back to 0.20. */
#include "sklearn/decomposition/projection.h"

#include "ops/affine.h"
#include "sklearn/fitted.h"

/* ---- IncrementalPCA ---- */

typedef struct incremental_pca {
    crn_estimator_base base;
    const crn_object *n_components;
    bool whiten;
    bool copy;
    const crn_object *batch_size;
    crn_array components_, mean_, explained_variance_;
} incremental_pca;

static const crn_field incremental_pca_fields[] = {
    CRN_PARAM(incremental_pca, n_components, OBJECT, "None", "int >= 1 | None"),
    CRN_PARAM(incremental_pca, whiten, BOOL, "False", NULL),
    CRN_PARAM(incremental_pca, copy, BOOL, "True", NULL),
    CRN_PARAM(incremental_pca, batch_size, OBJECT, "None", "int >= 1 | None"),
    CRN_BASE_FIELDS,
    CRN_FITTED_ARRAY(incremental_pca, components_, "n_components_, n_features_in_"),
    CRN_FITTED_ARRAY(incremental_pca, mean_, "n_features_in_"),
    CRN_FITTED_ARRAY(incremental_pca, explained_variance_, "n_components_"),
    CRN_FIELDS_END,
};

static crn_status check_incremental_pca(void *self, crn_error *err)
{
    incremental_pca *model = self;
    CRN_TRY(crn_projection_check(&model->base, &model->components_, &model->mean_, err));
    return crn_fitted_vector(&model->explained_variance_, "explained_variance_",
                             model->components_.shape[0], err);
}

static crn_value lower_incremental_pca(const void *self, crn_method method, crn_graph *graph,
                                       crn_value x)
{
    const incremental_pca *model = self;
    const crn_projection how = {.components = &model->components_,
                                .mean = &model->mean_,
                                .variance = model->whiten ? &model->explained_variance_ : NULL};
    return method == CRN_INVERSE_TRANSFORM ? crn_projection_inverse(&how, graph, x)
                                           : crn_projection_transform(&how, graph, x);
}

static int64_t incremental_pca_width(const void *self, crn_method method)
{
    const incremental_pca *model = self;
    return method == CRN_INVERSE_TRANSFORM ? model->components_.shape[0]
                                           : model->base.n_features_in_;
}

const crn_estimator crn_estimator_IncrementalPCA = {
    .name = "IncrementalPCA",
    .module = "sklearn.decomposition",
    .modules = "sklearn.decomposition._incremental_pca sklearn.decomposition.incremental_pca",
    .size = sizeof(incremental_pca),
    .fields = incremental_pca_fields,
    .methods = 1u << CRN_TRANSFORM | 1u << CRN_INVERSE_TRANSFORM,
    .lower = lower_incremental_pca,
    .check = check_incremental_pca,
    .input_width = incremental_pca_width,
};

/* ---- TruncatedSVD ---- */

typedef struct truncated_svd {
    crn_estimator_base base;
    int64_t n_components;
    const char *algorithm;
    int64_t n_iter;
    int64_t n_oversamples;
    const char *power_iteration_normalizer;
    const crn_object *random_state;
    double tol;
    crn_array components_;
} truncated_svd;

static const crn_field truncated_svd_fields[] = {
    CRN_PARAM(truncated_svd, n_components, INT, "2", "int >= 1"),
    CRN_PARAM(truncated_svd, algorithm, STRING, "'randomized'", "'arpack' | 'randomized'"),
    CRN_PARAM(truncated_svd, n_iter, INT, "5", "int >= 0"),
    CRN_PARAM_FOR_FIT_SINCE(truncated_svd, n_oversamples, INT, "10", "int >= 1", "1.1", NULL),
    CRN_PARAM_FOR_FIT_SINCE(truncated_svd, power_iteration_normalizer, STRING, "'auto'",
                            "'LU' | 'QR' | 'auto' | 'none'", "1.1", NULL),
    CRN_PARAM(truncated_svd, random_state, OBJECT, "None", "random_state"),
    CRN_PARAM(truncated_svd, tol, REAL, "0.0", "real >= 0"),
    CRN_BASE_FIELDS,
    CRN_FITTED_ARRAY(truncated_svd, components_, NULL),
    CRN_FIELDS_END,
};

static crn_status check_truncated_svd(void *self, crn_error *err)
{
    truncated_svd *model = self;
    return crn_projection_check(&model->base, &model->components_, NULL, err);
}

static crn_value lower_truncated_svd(const void *self, crn_method method, crn_graph *graph,
                                     crn_value x)
{
    const crn_projection how = {.components = &((const truncated_svd *)self)->components_};
    return method == CRN_INVERSE_TRANSFORM ? crn_projection_inverse(&how, graph, x)
                                           : crn_projection_transform(&how, graph, x);
}

static int64_t truncated_svd_width(const void *self, crn_method method)
{
    const truncated_svd *model = self;
    return method == CRN_INVERSE_TRANSFORM ? model->components_.shape[0]
                                           : model->base.n_features_in_;
}

const crn_estimator crn_estimator_TruncatedSVD = {
    .name = "TruncatedSVD",
    .module = "sklearn.decomposition",
    .modules = "sklearn.decomposition._truncated_svd sklearn.decomposition.truncated_svd",
    .size = sizeof(truncated_svd),
    .fields = truncated_svd_fields,
    .methods = 1u << CRN_TRANSFORM | 1u << CRN_INVERSE_TRANSFORM,
    .lower = lower_truncated_svd,
    .check = check_truncated_svd,
    .input_width = truncated_svd_width,
};

/* ---- FastICA ---- */

typedef struct fast_ica {
    crn_estimator_base base;
    const crn_object *n_components;
    const char *algorithm;
    const crn_object *whiten;
    const crn_object *fun;
    const crn_object *fun_args;
    int64_t max_iter;
    double tol;
    const crn_object *w_init;
    const char *whiten_solver;
    const crn_object *random_state;
    crn_array components_; /* (n_components, n_features) */
    crn_array mean_;       /* (n_features): whitened only */
    crn_array mixing_;     /* (n_features, n_components) */
} fast_ica;

static const crn_field fast_ica_fields[] = {
    CRN_PARAM(fast_ica, n_components, OBJECT, "None", "int >= 1 | None"),
    CRN_PARAM(fast_ica, algorithm, STRING, "'parallel'", "'deflation' | 'parallel'"),
    CRN_PARAM(fast_ica, whiten, OBJECT, "'unit-variance'",
              "'arbitrary-variance' | 'unit-variance' | False"),
    CRN_PARAM(fast_ica, fun, OBJECT, "'logcosh'", "'cube' | 'exp' | 'logcosh' | callable"),
    CRN_PARAM(fast_ica, fun_args, OBJECT, "None", "dict | None"),
    CRN_PARAM(fast_ica, max_iter, INT, "200", "int >= 1"),
    CRN_PARAM(fast_ica, tol, REAL, "0.0001", "real >= 0.0"),
    CRN_PARAM(fast_ica, w_init, OBJECT, "None", "array | None"),
    CRN_PARAM_FOR_FIT_SINCE(fast_ica, whiten_solver, STRING, "'svd'", "'eigh' | 'svd'", "1.2",
                            NULL),
    CRN_PARAM(fast_ica, random_state, OBJECT, "None", "random_state"),
    CRN_BASE_FIELDS,
    CRN_FITTED_ARRAY(fast_ica, components_, "components, n_features_in_"),
    CRN_FITTED_ARRAY_OPTIONAL(fast_ica, mean_, "n_features_in_"),
    CRN_FITTED_ARRAY(fast_ica, mixing_, "n_features_in_, components"),
    CRN_FIELDS_END,
};

/* whiten is False, or True or the name of a way of whitening. */
static bool is_whitened(const fast_ica *self)
{
    bool whiten;
    return !crn_object_as_bool(self->whiten, &whiten) || whiten;
}

static crn_status check_fast_ica(void *self, crn_error *err)
{
    fast_ica *model = self;
    CRN_TRY(crn_projection_check(&model->base, &model->components_, &model->mean_, err));
    if (is_whitened(model) && model->mean_.data == NULL)
        return crn_fail(err, CRN_FORMAT, "FastICA has no attribute 'mean_'");
    return crn_fitted_matrix(&model->mixing_, "mixing_", model->components_.shape[1],
                             model->components_.shape[0], err);
}

static crn_value lower_fast_ica(const void *self, crn_method method, crn_graph *graph,
                                crn_value x)
{
    const fast_ica *model = self;
    const crn_array *mean = is_whitened(model) ? &model->mean_ : NULL;
    if (method == CRN_INVERSE_TRANSFORM)
        return crn_affine(graph, x, crn_constant_float64(graph, &model->mixing_), true,
                          mean != NULL ? crn_constant_float64(graph, mean) : CRN_NO_VALUE);
    return crn_affine(graph, crn_centred(graph, x, mean),
                      crn_constant_float64(graph, &model->components_), true, CRN_NO_VALUE);
}

static int64_t fast_ica_width(const void *self, crn_method method)
{
    const fast_ica *model = self;
    return method == CRN_INVERSE_TRANSFORM ? model->components_.shape[0]
                                           : model->base.n_features_in_;
}

/* whiten=True is 'arbitrary-variance' since 1.1; versions before take any name for True. */
static crn_status write_fast_ica(const void *self, crn_document *document, crn_object *state,
                                 const char *sklearn, crn_error *err)
{
    const fast_ica *model = self;
    const bool is_old = crn_version_compare(sklearn, "1.1") < 0;
    const bool is_name =
        crn_object_text(model->whiten) != NULL && !crn_object_is_str(model->whiten, "warn");
    bool ok = true;
    if (is_whitened(model) && is_name != !is_old) {
        crn_object *whiten = is_old ? crn_object_bool(document, true)
                                    : crn_object_str(document, "arbitrary-variance");
        ok = crn_object_set(document, state, "whiten", whiten);
    }
    /* 1.1 and 1.2 ask for what fit made of whiten. */
    if (ok && !is_old && model->base.fitted)
        ok = crn_object_set(document, state, "_whiten", crn_object_get(state, "whiten"));
    return ok ? CRN_OK : crn_arena_fail(document->arena, err);
}

const crn_estimator crn_estimator_FastICA = {
    .name = "FastICA",
    .module = "sklearn.decomposition",
    .modules = "sklearn.decomposition._fastica sklearn.decomposition.fastica_",
    .size = sizeof(fast_ica),
    .fields = fast_ica_fields,
    .methods = 1u << CRN_TRANSFORM | 1u << CRN_INVERSE_TRANSFORM,
    .lower = lower_fast_ica,
    .check = check_fast_ica,
    .input_width = fast_ica_width,
    .write = write_fast_ica,
};
