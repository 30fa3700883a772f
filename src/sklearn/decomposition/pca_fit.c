/* SPDX-License-Identifier: BSD-3-Clause */
/* PCA.fit, as sklearn/decomposition/_pca.py (1.9): all its solvers. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sklearn/decomposition/pca.h"
#include "sklearn/random_state.h"
#include "solve/decompose.h"
#include "solve/infer_dimension.h"
#include "solve/randomized_svd.h"
#include "solve/statistics.h"
#include "solve/sum.h"

/* What the user asked for, once the kinds of n_components are told apart. */
typedef struct request {
    bool mle;      /* n_components='mle' */
    bool fraction; /* a share of the variance, in (0, 1) */
    int64_t count; /* else: this many */
    double share;
} request;

/* A decomposition of the centred rows, before it is cut. */
typedef struct spectrum {
    int64_t size;     /* components found */
    double *vt;       /* (size, features) */
    double *singular; /* (size) */
    double *variance; /* (size) */
    double total_variance;
} spectrum;

static int64_t min_axis(const crn_fit_data *data)
{
    return data->rows < data->features ? data->rows : data->features;
}

static crn_status bad_n_components(const crn_object *given, crn_error *err)
{
    crn_text text = CRN_TEXT_INIT;
    crn_object_repr(given, 60, &text);
    crn_fail(err, CRN_ARGUMENT,
             "The 'n_components' parameter of PCA must be an int in the range [0, inf), a "
             "float in the "
             "range (0.0, 1.0), a str among {'mle'} or None. Got %s instead.",
             text.data != NULL ? text.data : "?");
    crn_text_free(&text);
    return CRN_ARGUMENT;
}

static crn_status read_request(const pca *self, const crn_fit_data *data, request *out,
                               crn_error *err)
{
    const crn_object *given = self->n_components;
    *out = (request){.count = min_axis(data) - (strcmp(self->svd_solver, "arpack") == 0)};
    if (crn_object_is_none(given))
        return CRN_OK;
    out->mle = crn_object_is_str(given, "mle");
    if (out->mle)
        return CRN_OK;
    if (crn_object_is(given, CRN_OBJ_FLOAT)) {
        out->fraction = true;
        out->share = given->as.real;
        return out->share > 0.0 && out->share < 1.0 ? CRN_OK : bad_n_components(given, err);
    }
    if (!crn_object_as_int(given, &out->count) || out->count < 0)
        return bad_n_components(given, err);
    return CRN_OK;
}

static const char *choose_solver(const pca *self, const request *want, const crn_fit_data *data)
{
    if (strcmp(self->svd_solver, "auto") != 0)
        return self->svd_solver;
    if (data->features <= 1000 && data->rows >= 10 * data->features)
        return "covariance_eigh";
    const int64_t longest = data->rows > data->features ? data->rows : data->features;
    if (longest <= 500 || want->mle)
        return "full";
    if (!want->fraction && want->count >= 1 &&
        (double)want->count < 0.8 * (double)min_axis(data))
        return "randomized";
    return "full";
}

/* Solvers that find a number of components, not all. */
static bool is_truncated(const char *solver)
{
    return strcmp(solver, "randomized") == 0 || strcmp(solver, "arpack") == 0;
}

static crn_status fraction_with_truncated(double share, int64_t most, const char *solver,
                                          crn_error *err)
{
    crn_text text = CRN_TEXT_INIT;
    crn_text_add_double(&text, share);
    crn_fail(err, CRN_ARGUMENT,
             "n_components=%s must be between 1 and min(n_samples, n_features)=%lld with "
             "svd_solver='%s'",
             text.data != NULL ? text.data : "?", (long long)most, solver);
    crn_text_free(&text);
    return CRN_ARGUMENT;
}

static crn_status check_request(const request *want, const char *solver,
                                const crn_fit_data *data, crn_error *err)
{
    const bool truncated = is_truncated(solver);
    if (truncated && want->mle)
        return crn_fail(err, CRN_ARGUMENT,
                        "n_components='mle' cannot be a string with svd_solver='%s'", solver);
    if (want->mle && data->rows < data->features)
        return crn_fail(err, CRN_ARGUMENT,
                        "n_components='mle' is only supported if n_samples >= n_features");
    if (truncated && want->fraction)
        return fraction_with_truncated(want->share, min_axis(data), solver, err);
    if (!want->mle && !want->fraction &&
        (want->count > min_axis(data) || want->count < (truncated ? 1 : 0)))
        return crn_fail(
            err, CRN_ARGUMENT,
            "n_components=%lld must be between %d and min(n_samples, n_features)=%lld with "
            "svd_solver='%s'",
            (long long)want->count, truncated, (long long)min_axis(data), solver);
    if (strcmp(solver, "arpack") == 0 && want->count == min_axis(data))
        return crn_fail(
            err, CRN_ARGUMENT,
            "n_components=%lld must be strictly less than min(n_samples, n_features)=%lld with "
            "svd_solver='arpack'",
            (long long)want->count, (long long)want->count);
    return CRN_OK;
}

/* ---- decompositions ---- */

static void spectrum_free(spectrum *s)
{
    free(s->vt);
    free(s->singular);
    free(s->variance);
}

static crn_status spectrum_allocate(spectrum *s, int64_t size, int64_t features, crn_error *err)
{
    size_t cells;
    s->size = size;
    if (!crn_mul_size((size_t)size, (size_t)features, &cells))
        return crn_no_memory(err);
    s->vt = crn_calloc(cells, sizeof *s->vt);
    s->singular = crn_calloc((size_t)size, sizeof *s->singular);
    s->variance = crn_calloc((size_t)size, sizeof *s->variance);
    return s->vt != NULL && s->singular != NULL && s->variance != NULL ? CRN_OK
                                                                       : crn_no_memory(err);
}

/* x - mean, for free(). */
static double *centred_rows(const crn_fit_data *data, const double *mean)
{
    size_t cells;
    if (!crn_mul_size((size_t)data->rows, (size_t)data->features, &cells))
        return NULL;
    double *centred = crn_calloc(cells, sizeof *centred);
    if (centred == NULL)
        return NULL;
    for (int64_t i = 0; i < data->rows; i++) {
        const double *row = data->x + i * data->features;
        for (int64_t j = 0; j < data->features; j++)
            centred[i * data->features + j] = row[j] - mean[j];
    }
    return centred;
}

static void variance_of_singular(spectrum *s, int64_t rows)
{
    for (int64_t k = 0; k < s->size; k++)
        s->variance[k] = s->singular[k] * s->singular[k] / (double)(rows - 1);
}

/* The variance of all features together; spoils the centred rows. */
static double total_variance(double *centred, const crn_fit_data *data)
{
    const int64_t n = data->rows * data->features;
    for (int64_t i = 0; i < n; i++)
        centred[i] *= centred[i];
    return crn_sum(centred, n) / (double)(data->rows - 1);
}

/* svd_solver='full', and 'arpack', whose leading singular vectors are the same numbers. */
static crn_status decompose_svd(const crn_fit_data *data, const double *mean, bool truncated,
                                spectrum *s, crn_error *err)
{
    CRN_TRY(spectrum_allocate(s, min_axis(data), data->features, err));
    double *centred = centred_rows(data, mean);
    if (centred == NULL)
        return crn_no_memory(err);
    crn_status status =
        crn_svd(centred, data->rows, data->features, NULL, s->singular, s->vt, err);
    variance_of_singular(s, data->rows);
    s->total_variance =
        truncated ? total_variance(centred, data) : crn_sum(s->variance, s->size);
    free(centred);
    return status;
}

/* Eigenvectors of the covariance, largest first; negative eigenvalues are rounding and become
 * 0. */
static crn_status decompose_covariance(const crn_fit_data *data, const double *mean,
                                       spectrum *s, crn_error *err)
{
    const int64_t n = data->features;
    CRN_TRY(spectrum_allocate(s, n, n, err));
    double *covariance = crn_calloc((size_t)(n * n), sizeof *covariance);
    if (covariance == NULL)
        return crn_no_memory(err);
    crn_status status = crn_covariance(data->x, data->rows, n, mean, covariance, err);
    if (status == CRN_OK)
        status = crn_eigh(covariance, n, s->singular, err);
    if (status == CRN_OK) {
        for (int64_t k = 0; k < n; k++) {
            const double value = s->singular[n - 1 - k];
            s->variance[k] = value < 0.0 ? 0.0 : value;
            memcpy(s->vt + k * n, covariance + (n - 1 - k) * n, (size_t)n * sizeof *s->vt);
        }
        for (int64_t k = 0; k < n; k++)
            s->singular[k] = sqrt(s->variance[k] * (double)(data->rows - 1));
        s->total_variance = crn_sum(s->variance, n);
    }
    free(covariance);
    return status;
}

static crn_status randomized_options(const pca *self, int64_t count,
                                     crn_randomized_svd_options *out, crn_error *err)
{
    static const char *const names[] = {"auto", "QR", "LU",
                                        "none"}; /* as crn_normalizer counts */
    *out = (crn_randomized_svd_options)CRN_RANDOMIZED_SVD_OPTIONS_INIT;
    out->n_components = count;
    out->n_oversamples = self->n_oversamples;
    out->flip_sign = false;
    if (!crn_object_is_str(self->iterated_power, "auto") &&
        (!crn_object_as_int(self->iterated_power, &out->n_iter) || out->n_iter < 0))
        return crn_fail(
            err, CRN_ARGUMENT,
            "The 'iterated_power' parameter of PCA must be a str among {'auto'} or an int "
            "in the range [0, inf).");
    for (int i = 0; i < 4; i++) {
        if (strcmp(self->power_iteration_normalizer, names[i]) == 0)
            out->normalizer = (crn_normalizer)i;
    }
    return CRN_OK;
}

static crn_status decompose_randomized(const pca *self, const crn_fit_data *data, int64_t count,
                                       const double *mean, spectrum *s, crn_error *err)
{
    crn_randomized_svd_options options;
    crn_random_state random;
    CRN_TRY(randomized_options(self, count, &options, err));
    CRN_TRY(crn_random_state_of(self->random_state, data->options, &random, err));
    CRN_TRY(spectrum_allocate(s, count, data->features, err));
    double *centred = centred_rows(data, mean);
    if (centred == NULL)
        return crn_no_memory(err);
    crn_status status = crn_randomized_svd(centred, data->rows, data->features, &options,
                                           &random, NULL, s->singular, s->vt, err);
    variance_of_singular(s, data->rows);
    s->total_variance = total_variance(centred, data);
    free(centred);
    return status;
}

/* ---- what is kept ---- */

/* How many components: the count, the smallest number whose share of the variance exceeds the
 * one asked for, or Minka's estimate. */
static int64_t kept_components(const request *want, const spectrum *s, const crn_fit_data *data)
{
    if (want->mle)
        return crn_infer_dimension(s->variance, data->features, data->rows);
    if (!want->fraction)
        return want->count;
    double cumulated = 0.0;
    int64_t k = 0;
    while (k < s->size) {
        cumulated += s->variance[k] / s->total_variance;
        if (!(cumulated <= want->share)) /* NaN, of constant rows, comes behind every number */
            break;
        k++;
    }
    return k < s->size ? k + 1 : s->size;
}

static double noise_variance(const spectrum *s, int64_t kept, bool truncated,
                             const crn_fit_data *data)
{
    const int64_t most = min_axis(data);
    if (kept >= most)
        return 0.0;
    if (truncated)
        return (s->total_variance - crn_sum(s->variance, kept)) / (double)(most - kept);
    return crn_sum(s->variance + kept, s->size - kept) / (double)(s->size - kept);
}

static crn_status store_vector(const double *values, int64_t n, double divisor, crn_array *out,
                               crn_error *err)
{
    CRN_TRY(crn_array_create(CRN_FLOAT64, 0, 1, &n, out, err));
    for (int64_t k = 0; k < n; k++)
        ((double *)out->data)[k] = values[k] / divisor;
    return CRN_OK;
}

static crn_status store(pca *self, const spectrum *s, int64_t kept, const crn_fit_data *data,
                        crn_error *err)
{
    self->n_components_ = kept;
    self->n_samples_ = data->rows;
    CRN_TRY(crn_array_create(CRN_FLOAT64, 0, 2, (int64_t[]){kept, data->features},
                             &self->components_, err));
    memcpy(self->components_.data, s->vt, (size_t)(kept * data->features) * sizeof *s->vt);
    CRN_TRY(store_vector(s->variance, kept, 1.0, &self->explained_variance_, err));
    CRN_TRY(store_vector(s->variance, kept, s->total_variance, &self->explained_variance_ratio_,
                         err));
    return store_vector(s->singular, kept, 1.0, &self->singular_values_, err);
}

static crn_status decompose(const pca *self, const request *want, const char *solver,
                            const crn_fit_data *data, spectrum *s, crn_error *err)
{
    const double *mean = self->mean_.data;
    if (strcmp(solver, "full") == 0 || strcmp(solver, "arpack") == 0)
        return decompose_svd(data, mean, is_truncated(solver), s, err);
    if (strcmp(solver, "covariance_eigh") == 0)
        return decompose_covariance(data, mean, s, err);
    return decompose_randomized(self, data, want->count, mean, s, err);
}

crn_status crn_pca_fit(void *self, const crn_fit_data *data, crn_error *err)
{
    pca *model = self;
    request want;
    CRN_TRY(read_request(model, data, &want, err));
    model->_fit_svd_solver = choose_solver(model, &want, data);
    CRN_TRY(check_request(&want, model->_fit_svd_solver, data, err));
    CRN_TRY(crn_array_create(CRN_FLOAT64, 0, 1, &data->features, &model->mean_, err));
    crn_column_means(data->x, data->rows, data->features, model->mean_.data);

    spectrum s = {0};
    crn_status status = CRN_OK;
    CRN_TRY_OR_DONE(decompose(model, &want, model->_fit_svd_solver, data, &s, err));
    crn_svd_flip(NULL, data->rows, s.vt, data->features, s.size, false);
    const int64_t kept = kept_components(&want, &s, data);
    model->noise_variance_ =
        noise_variance(&s, kept, is_truncated(model->_fit_svd_solver), data);
    CRN_TRY_OR_DONE(store(model, &s, kept, data, err));
done:
    spectrum_free(&s);
    return status;
}
