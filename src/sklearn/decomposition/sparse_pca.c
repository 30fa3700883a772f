/* SPDX-License-Identifier: BSD-3-Clause */
/* SparsePCA and MiniBatchSparsePCA: sklearn/decomposition/_sparse_pca.py (1.9), and the files
 * of versions back to 0.20. */
#include <cblas.h>
#include <stdlib.h>

#include "ops/affine.h"
#include "ops/all_rows.h"
#include "sklearn/decomposition/projection.h"
#include "sklearn/fitted.h"
#include "sklearn/spelling.h"
#include "solve/decompose.h"
#include "solve/linear_system.h"

/* Parameters of both classes: each uses its own. */
typedef struct sparse_pca {
    crn_estimator_base base;
    const crn_object *n_components;
    double alpha;
    double ridge_alpha;
    const crn_object *max_iter;
    double tol;
    const char *method;
    const crn_object *n_jobs;
    const crn_object *U_init;
    const crn_object *V_init;
    const crn_object *verbose;
    const crn_object *random_state;
    const crn_object *normalize_components;
    const crn_object *callback;
    int64_t batch_size;
    bool shuffle;
    const crn_object *max_no_improvement;
    const crn_object *n_iter;
    crn_array components_; /* (n_components, n_features) */
    crn_array mean_;       /* (n_features) */
} sparse_pca;

static const crn_field sparse_fields[] = {
    CRN_PARAM(sparse_pca, n_components, OBJECT, "None", "None | int >= 1"),
    CRN_PARAM(sparse_pca, alpha, REAL, "1", "real >= 0.0"),
    CRN_PARAM(sparse_pca, ridge_alpha, REAL, "0.01", "real >= 0.0"),
    CRN_PARAM(sparse_pca, max_iter, OBJECT, "1000", "int >= 0"),
    CRN_PARAM(sparse_pca, tol, REAL, "1e-08", "real >= 0.0"),
    CRN_PARAM(sparse_pca, method, STRING, "'lars'", "'cd' | 'lars'"),
    CRN_PARAM(sparse_pca, n_jobs, OBJECT, "None", "int | None"),
    CRN_PARAM(sparse_pca, U_init, OBJECT, "None", "None | <numpy.ndarray>"),
    CRN_PARAM(sparse_pca, V_init, OBJECT, "None", "None | <numpy.ndarray>"),
    CRN_PARAM(sparse_pca, verbose, OBJECT, "False", "verbose"),
    CRN_PARAM(sparse_pca, random_state, OBJECT, "None", "random_state"),
    CRN_PARAM_SINCE(sparse_pca, normalize_components, OBJECT, "'deprecated'", NULL, NULL,
                    "0.24"),
    CRN_BASE_FIELDS,
    CRN_FITTED_ARRAY(sparse_pca, components_, NULL),
    CRN_FITTED_ARRAY_OPTIONAL(sparse_pca, mean_, NULL),
    CRN_FIELDS_END,
};

static const crn_field mini_batch_fields[] = {
    CRN_PARAM(sparse_pca, n_components, OBJECT, "None", "None | int >= 1"),
    CRN_PARAM(sparse_pca, alpha, REAL, "1", "real >= 0.0"),
    CRN_PARAM(sparse_pca, ridge_alpha, REAL, "0.01", "real >= 0.0"),
    CRN_PARAM_FOR_FIT_SINCE(sparse_pca, max_iter, OBJECT, "1000", "int >= 0", "1.2", NULL),
    CRN_PARAM(sparse_pca, callback, OBJECT, "None", "None | callable"),
    CRN_PARAM(sparse_pca, batch_size, INT, "3", "int >= 1"),
    CRN_PARAM(sparse_pca, verbose, OBJECT, "False", "verbose"),
    CRN_PARAM(sparse_pca, shuffle, BOOL, "True", NULL),
    CRN_PARAM(sparse_pca, n_jobs, OBJECT, "None", "int | None"),
    CRN_PARAM(sparse_pca, method, STRING, "'lars'", "'cd' | 'lars'"),
    CRN_PARAM(sparse_pca, random_state, OBJECT, "None", "random_state"),
    CRN_PARAM_FOR_FIT_SINCE(sparse_pca, tol, REAL, "0.001", "real >= 0.0", "1.2", NULL),
    CRN_PARAM_FOR_FIT_SINCE(sparse_pca, max_no_improvement, OBJECT, "10", "int >= 0 | None",
                            "1.2", NULL),
    CRN_PARAM_FOR_FIT_SINCE(sparse_pca, n_iter, OBJECT, "'deprecated'", NULL, NULL, "1.4"),
    CRN_PARAM_SINCE(sparse_pca, normalize_components, OBJECT, "'deprecated'", NULL, NULL,
                    "0.24"),
    CRN_BASE_FIELDS,
    CRN_FITTED_ARRAY(sparse_pca, components_, NULL),
    CRN_FITTED_ARRAY_OPTIONAL(sparse_pca, mean_, NULL),
    CRN_FIELDS_END,
};

static crn_status check(void *self, crn_error *err)
{
    sparse_pca *model = self;
    return crn_projection_check(&model->base, &model->components_, &model->mean_, err);
}

/* normalize_components=False, the default before 0.22: rows are not centred, and the columns of
 * the result are scaled to norm 1. */
static bool scales_columns(const sparse_pca *self)
{
    bool normalises;
    const char *version = self->base.sklearn_version;
    return version != NULL && crn_version_compare(version, "0.22") < 0 &&
           crn_object_as_bool(self->normalize_components, &normalises) && !normalises;
}

/* ---- the ridge regression on the components, as one matrix (n_features, n_components) ---- */

/* U diag(s / (s^2 + alpha)) V.T of the transposed components: what scikit-learn falls back
 * to. */
static crn_status ridge_by_svd(const double *transposed, int64_t n, int64_t k, double alpha,
                               double *out, crn_error *err)
{
    static const double least = 1e-15;
    const int64_t rank = n < k ? n : k;
    double *u = crn_calloc((size_t)(n * rank), sizeof *u);
    double *vt = crn_calloc((size_t)(rank * k), sizeof *vt);
    double *s = crn_calloc((size_t)rank, sizeof *s);
    crn_status status = u != NULL && vt != NULL && s != NULL
                            ? crn_svd(transposed, n, k, u, s, vt, err)
                            : crn_no_memory(err);
    for (int64_t i = 0; status == CRN_OK && i < n * rank; i++) {
        const double value = s[i % rank];
        u[i] *= value > least ? value / (value * value + alpha) : 0.0;
    }
    if (status == CRN_OK)
        cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, (int)n, (int)k, (int)rank, 1.0,
                    u, (int)rank, vt, (int)k, 0.0, out, (int)k);
    free(u);
    free(vt);
    free(s);
    return status;
}

/* `transposed` (n, k) becomes transposed (C C.T + alpha)^-1. */
static crn_status ridge(double *transposed, int64_t n, int64_t k, double alpha, crn_error *err)
{
    bool definite = false;
    size_t size;
    if (n > INT32_MAX || k > INT32_MAX || !crn_mul_size((size_t)k, (size_t)k, &size))
        return crn_fail(err, CRN_LIMIT, "components_ is too large");
    double *gram = crn_calloc(size, sizeof *gram);
    double *kept = crn_calloc((size_t)(n * k), sizeof *kept);
    crn_status status = gram != NULL && kept != NULL ? CRN_OK : crn_no_memory(err);
    if (status == CRN_OK) {
        for (int64_t i = 0; i < n * k; i++)
            kept[i] = transposed[i];
        cblas_dgemm(CblasRowMajor, CblasTrans, CblasNoTrans, (int)k, (int)k, (int)n, 1.0,
                    transposed, (int)k, transposed, (int)k, 0.0, gram, (int)k);
        for (int64_t i = 0; i < k; i++)
            gram[i * k + i] += alpha;
        status = crn_cholesky_solve(gram, k, transposed, n, &definite, err);
    }
    if (status == CRN_OK && !definite)
        status = ridge_by_svd(kept, n, k, alpha, transposed, err);
    free(gram);
    free(kept);
    return status;
}

static crn_value weights(const sparse_pca *self, crn_graph *graph)
{
    const int64_t k = self->components_.shape[0], n = self->components_.shape[1];
    crn_array components = CRN_ARRAY_INIT, solved = CRN_ARRAY_INIT;
    crn_value value = CRN_NO_VALUE;
    crn_error *err = &graph->error;
    if (crn_array_astype(&self->components_, CRN_FLOAT64, &components, err) == CRN_OK &&
        crn_array_create(CRN_FLOAT64, 0, 2, (int64_t[]){n, k}, &solved, err) == CRN_OK) {
        crn_transpose(components.data, k, n, solved.data);
        if (ridge(solved.data, n, k, self->ridge_alpha, err) == CRN_OK)
            value = crn_graph_constant(graph, &solved);
    }
    crn_array_free(&components);
    crn_array_free(&solved);
    return value;
}

/* ---- lower ---- */

static crn_value lower(const void *self, crn_method method, crn_graph *graph, crn_value x)
{
    const sparse_pca *model = self;
    const crn_projection how = {.components = &model->components_, .mean = &model->mean_};
    if (method == CRN_INVERSE_TRANSFORM)
        return crn_projection_inverse(&how, graph, x);
    const bool scales = scales_columns(model);
    x = crn_centred(graph, x, scales ? NULL : &model->mean_);
    x = crn_affine(graph, x, weights(model, graph), false, CRN_NO_VALUE);
    return scales ? crn_unit_columns(graph, x) : x;
}

static int64_t input_width(const void *self, crn_method method)
{
    const sparse_pca *model = self;
    return method == CRN_INVERSE_TRANSFORM ? model->components_.shape[0]
                                           : model->base.n_features_in_;
}

static crn_status write(const void *self, crn_document *document, crn_object *state,
                        const char *sklearn, crn_error *err)
{
    const sparse_pca *model = self;
    if (model->base.fitted && scales_columns(model) &&
        crn_version_compare(sklearn, "0.22") >= 0)
        return crn_fail(
            err, CRN_UNSUPPORTED,
            "scikit-learn %s does not do what normalize_components=False did before "
            "0.22",
            sklearn);
    CRN_TRY(crn_spell_instead(document, state, sklearn, "max_iter", NULL, "1.4", NULL,
                              crn_object_int(document, 1000), err));
    return crn_spell_instead(document, state, sklearn, "n_iter", "deprecated", NULL, "1.2",
                             crn_object_int(document, 100), err);
}

#define SPARSE_PCA(class_, fields_)                                                            \
    const crn_estimator crn_estimator_##class_ = {                                             \
        .name = #class_,                                                                       \
        .module = "sklearn.decomposition",                                                     \
        .modules = "sklearn.decomposition._sparse_pca sklearn.decomposition.sparse_pca",       \
        .size = sizeof(sparse_pca),                                                            \
        .fields = fields_,                                                                     \
        .methods = 1u << CRN_TRANSFORM | 1u << CRN_INVERSE_TRANSFORM,                          \
        .lower = lower,                                                                        \
        .check = check,                                                                        \
        .input_width = input_width,                                                            \
        .write = write,                                                                        \
    }

SPARSE_PCA(SparsePCA, sparse_fields);
SPARSE_PCA(MiniBatchSparsePCA, mini_batch_fields);
