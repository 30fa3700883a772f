/* SPDX-License-Identifier: BSD-3-Clause */
/* BayesianRidge and ARDRegression, as sklearn/linear_model/_bayes.py (1.9), and files back to
 * 0.20. */
#include <string.h>

#include "ops/affine.h"
#include "ops/elementwise.h"
#include "ops/rows.h"
#include "sklearn/linear_model/linear_model.h"

typedef struct bayes {
    crn_linear_model linear;
    const crn_object *max_iter, *tol, *alpha_1, *alpha_2, *lambda_1, *lambda_2, *alpha_init,
        *lambda_init, *compute_score, *fit_intercept, *copy_X, *verbose, *normalize;
    double threshold_lambda;
    crn_array X_offset_, X_scale_; /* (n_features_in_) */
    crn_array alpha_;              /* a number: precision of the noise */
    crn_array lambda_;             /* a number; ARDRegression: (n_features_in_) */
    crn_array sigma_;              /* square, of the features that are not pruned */
    bool _normalize;               /* of 1.0 and 1.1 */
} bayes;

#define BAYES_FIELDS                                                                           \
    CRN_LINEAR_MODEL_FIELDS, CRN_FITTED_ARRAY_OPTIONAL(bayes, X_offset_, NULL),                \
        CRN_FITTED_ARRAY_OPTIONAL(bayes, X_scale_, NULL),                                      \
        CRN_FITTED_ARRAY_OPTIONAL(bayes, alpha_, NULL),                                        \
        CRN_FITTED_ARRAY_OPTIONAL(bayes, lambda_, NULL),                                       \
        CRN_FITTED_ARRAY_OPTIONAL(bayes, sigma_, NULL), NORMALIZE_FIELD, CRN_FIELDS_END

#define NORMALIZE_FIELD                                                                        \
    {                                                                                          \
        .name = "_normalize", .type = CRN_FIELD_BOOL,                                          \
        .flags = CRN_FIELD_FITTED | CRN_FIELD_OPTIONAL, .dflt = "False",                       \
        .offset = offsetof(bayes, _normalize), .since = "1.0", .until = "1.2"                  \
    }

static const crn_field bayesian_ridge[] = {
    CRN_PARAM_RENAMED(bayes, max_iter, OBJECT, "300", "int >= 1", "1.3", "n_iter"),
    CRN_PARAM(bayes, tol, OBJECT, "0.001", "real > 0"),
    CRN_PARAM(bayes, alpha_1, OBJECT, "1e-06", "real >= 0"),
    CRN_PARAM(bayes, alpha_2, OBJECT, "1e-06", "real >= 0"),
    CRN_PARAM(bayes, lambda_1, OBJECT, "1e-06", "real >= 0"),
    CRN_PARAM(bayes, lambda_2, OBJECT, "1e-06", "real >= 0"),
    CRN_PARAM_SINCE(bayes, alpha_init, OBJECT, "None", "None | real >= 0", "0.22", NULL),
    CRN_PARAM_SINCE(bayes, lambda_init, OBJECT, "None", "None | real >= 0", "0.22", NULL),
    CRN_PARAM(bayes, compute_score, OBJECT, "False", "bool"),
    CRN_PARAM(bayes, fit_intercept, OBJECT, "True", "bool"),
    CRN_PARAM(bayes, copy_X, OBJECT, "True", "bool"),
    CRN_PARAM(bayes, verbose, OBJECT, "False", "verbose"),
    CRN_PARAM_SINCE(bayes, normalize, OBJECT, "'deprecated'", NULL, NULL, "1.2"),
    BAYES_FIELDS,
};

static const crn_field ard_regression[] = {
    CRN_PARAM_RENAMED(bayes, max_iter, OBJECT, "300", "int >= 1", "1.3", "n_iter"),
    CRN_PARAM(bayes, tol, OBJECT, "0.001", "real >= 0"),
    CRN_PARAM(bayes, alpha_1, OBJECT, "1e-06", "real >= 0"),
    CRN_PARAM(bayes, alpha_2, OBJECT, "1e-06", "real >= 0"),
    CRN_PARAM(bayes, lambda_1, OBJECT, "1e-06", "real >= 0"),
    CRN_PARAM(bayes, lambda_2, OBJECT, "1e-06", "real >= 0"),
    CRN_PARAM(bayes, compute_score, OBJECT, "False", "bool"),
    CRN_PARAM(bayes, threshold_lambda, REAL, "10000.0", "real >= 0"),
    CRN_PARAM(bayes, fit_intercept, OBJECT, "True", "bool"),
    CRN_PARAM(bayes, copy_X, OBJECT, "True", "bool"),
    CRN_PARAM(bayes, verbose, OBJECT, "False", "verbose"),
    CRN_PARAM_SINCE(bayes, normalize, OBJECT, "'deprecated'", NULL, NULL, "1.2"),
    BAYES_FIELDS,
};

/* ---- the standard deviation ---- */

static bool is_vector(const crn_array *array, int64_t length)
{
    return array->data != NULL && crn_dtype_is_number(array->dtype) && array->ndim == 1 &&
           array->shape[0] == length;
}

/* Is feature j among those of sigma_? ARDRegression prunes the others. */
static bool is_kept(const bayes *self, int64_t j)
{
    return self->lambda_.ndim == 0 || crn_array_get(&self->lambda_, j) < self->threshold_lambda;
}

static int64_t count_kept(const bayes *self)
{
    int64_t count = 0;
    for (int64_t j = 0; j < self->linear.base.n_features_in_; j++)
        count += is_kept(self, j);
    return count;
}

/* What is subtracted from x and what it is divided by differ between the versions; which one
 * the file is of decides. */
typedef enum centring {
    AS_IT_IS,      /* 1.2 to 1.8, and before without normalize */
    NORMALIZED,    /* before 1.2 with normalize */
    WITHOUT_OFFSET /* 1.9: fit has always centred, now predict does, too */
} centring;

static centring centring_of(const bayes *self)
{
    const char *version = self->linear.base.sklearn_version;
    bool normalize = self->_normalize;
    if (version == NULL || crn_version_compare(version, "1.9") >= 0)
        return WITHOUT_OFFSET;
    if (crn_version_compare(version, "1.0") < 0)
        crn_object_as_bool(self->normalize, &normalize);
    return normalize && crn_version_compare(version, "1.2") < 0 ? NORMALIZED : AS_IT_IS;
}

static bool has_method(const void *self, crn_method method)
{
    const bayes *model = self;
    const int64_t features = model->linear.base.n_features_in_;
    if (method != CRN_PREDICT_STD)
        return true;
    const crn_array *sigma = &model->sigma_, *lambda = &model->lambda_;
    if (sigma->ndim != 2 || !crn_dtype_is_number(sigma->dtype) || model->alpha_.data == NULL ||
        !crn_dtype_is_number(model->alpha_.dtype) || model->alpha_.ndim != 0 ||
        (lambda->ndim != 0 && !is_vector(lambda, features)))
        return false;
    const centring how = centring_of(model);
    if ((how != AS_IT_IS && !is_vector(&model->X_offset_, features)) ||
        (how == NORMALIZED && !is_vector(&model->X_scale_, features)))
        return false;
    const int64_t kept = count_kept(model);
    return kept > 0 && sigma->shape[0] == kept && sigma->shape[1] == kept;
}

static crn_value centred(const bayes *self, crn_graph *graph, crn_value x)
{
    const centring how = centring_of(self);
    if (how == AS_IT_IS)
        return x;
    return crn_scale(
        graph, x, CRN_SCALE_SUBTRACT_DIVIDE, crn_constant_float64(graph, &self->X_offset_),
        how == NORMALIZED ? crn_constant_float64(graph, &self->X_scale_) : CRN_NO_VALUE);
}

/* The columns of x that sigma_ is about. */
static crn_value kept_columns(const bayes *self, crn_graph *graph, crn_value x)
{
    const int64_t kept = count_kept(self);
    if (kept == self->linear.base.n_features_in_)
        return x;
    int64_t *columns = crn_arena_alloc(graph->arena, (size_t)kept, sizeof *columns);
    if (columns == NULL)
        return crn_graph_fail(graph, CRN_NO_MEMORY, "no memory for %lld columns",
                              (long long)kept);
    for (int64_t j = 0, k = 0; j < self->linear.base.n_features_in_; j++) {
        if (is_kept(self, j))
            columns[k++] = j;
    }
    return crn_columns(graph, x, columns, kept);
}

/* sqrt(x sigma_ x' + 1 / alpha_) */
static crn_value deviation(const bayes *self, crn_graph *graph, crn_value x)
{
    const double noise = 1.0 / crn_array_get(&self->alpha_, 0);
    x = kept_columns(self, graph, centred(self, graph, x));
    crn_value spread =
        crn_affine(graph, x, crn_constant_float64(graph, &self->sigma_), false, CRN_NO_VALUE);
    crn_value variance =
        crn_reduce(graph, crn_binary(graph, spread, x, CRN_BINARY_MULTIPLY), CRN_REDUCE_SUM);
    variance = crn_binary(graph, variance, crn_graph_numbers(graph, CRN_FLOAT64, &noise, 1, 0),
                          CRN_BINARY_ADD);
    return crn_reshape(graph, crn_unary(graph, variance, CRN_UNARY_SQRT), 0, NULL);
}

static int lower_many(const void *self, crn_method method, crn_graph *graph, crn_value x,
                      crn_value *out)
{
    out[0] = crn_linear_model_lower(self, CRN_PREDICT, graph, x);
    if (method != CRN_PREDICT_STD)
        return out[0] == CRN_NO_VALUE ? -1 : 1;
    out[1] = deviation(self, graph, x);
    return out[1] == CRN_NO_VALUE ? -1 : 2;
}

/* ---- other versions ---- */

/* None was max_iter's default in 1.3 and 1.4, which still knew n_iter. */
static bool write_max_iter(crn_document *document, crn_object *state, const char *sklearn)
{
    const char *name = crn_version_compare(sklearn, "1.3") < 0 ? "n_iter" : "max_iter";
    const bool both =
        crn_version_compare(sklearn, "1.3") >= 0 && crn_version_compare(sklearn, "1.5") < 0;
    if (crn_object_is_none(crn_object_get(state, name)) &&
        !crn_object_set(document, state, name, crn_object_int(document, 300)))
        return false;
    return !both ||
           crn_object_set(document, state, "n_iter", crn_object_str(document, "deprecated"));
}

/* A vector with the same number in each place. */
static crn_object *filled(crn_document *document, int64_t count, double number)
{
    crn_array array = CRN_ARRAY_INIT;
    if (crn_array_create(CRN_FLOAT64, 0, 1, &count, &array, NULL) != CRN_OK)
        return NULL;
    for (int64_t i = 0; i < count; i++)
        ((double *)array.data)[i] = number;
    crn_object *object = crn_object_array(document, &array);
    crn_array_free(&array);
    return object;
}

/* sigma_ for features that are not divided by X_scale_. */
static crn_object *unscaled_sigma(const bayes *self, crn_document *document)
{
    crn_array sigma = CRN_ARRAY_INIT;
    crn_object *object = NULL;
    if (crn_array_create(CRN_FLOAT64, 0, 2, self->sigma_.shape, &sigma, NULL) == CRN_OK &&
        crn_array_copy_to(&self->sigma_, CRN_FLOAT64, 8, sigma.data, NULL) == CRN_OK) {
        double *s = sigma.data; /* (kept, kept) */
        const int64_t features = self->linear.base.n_features_in_, kept = sigma.shape[0];
        for (int64_t j = 0, k = 0; j < features; j++) {
            if (!is_kept(self, j))
                continue;
            const double scale = crn_array_get(&self->X_scale_, j);
            for (int64_t i = 0; i < kept; i++) {
                s[k * kept + i] /= scale;
                s[i * kept + k] /= scale;
            }
            k++;
        }
        object = crn_object_array(document, &sigma);
    }
    crn_array_free(&sigma);
    return object;
}

/* The target's own formula shall give this model's standard deviations. Those of 1.2 to 1.8,
 * which know no offset, cannot always: there predict alone stays the same. */
static bool write_centring(const bayes *self, crn_document *document, crn_object *state,
                           const char *sklearn)
{
    const int64_t features = self->linear.base.n_features_in_;
    const centring how = centring_of(self);
    bool normalize = how == NORMALIZED;
    if (crn_version_compare(sklearn, "1.9") >= 0) {
        if (how == AS_IT_IS)
            return crn_object_set(document, state, "X_offset_",
                                  filled(document, features, 0.0));
        return how != NORMALIZED || !has_method(self, CRN_PREDICT_STD) ||
               crn_object_set(document, state, "sigma_", unscaled_sigma(self, document));
    }
    if (crn_version_compare(sklearn, "1.2") >= 0)
        return true;
    if (how == WITHOUT_OFFSET) {
        normalize = true;
        if (!crn_object_set(document, state, "X_scale_", filled(document, features, 1.0)))
            return false;
    }
    return (!normalize ||
            crn_object_set(document, state, "normalize", crn_object_bool(document, true))) &&
           crn_object_set(document, state, "_normalize", crn_object_bool(document, normalize));
}

static crn_status write(const void *self, crn_document *document, crn_object *state,
                        const char *sklearn, crn_error *err)
{
    const bayes *model = self;
    CRN_TRY(crn_linear_model_write(self, document, state, sklearn, err));
    const bool ok =
        write_max_iter(document, state, sklearn) &&
        (!model->linear.base.fitted || write_centring(model, document, state, sklearn));
    return ok ? CRN_OK : crn_arena_fail(document->arena, err);
}

#define BAYES                                                                                  \
    .module = "sklearn.linear_model",                                                          \
    .modules = "sklearn.linear_model._bayes sklearn.linear_model.bayes",                       \
    .size = sizeof(bayes), .methods = 1u << CRN_PREDICT | 1u << CRN_PREDICT_STD,               \
    .flags = CRN_NEEDS_Y, .lower_many = lower_many, .check = crn_linear_model_check,           \
    .has_method = has_method, .write = write

const crn_estimator crn_estimator_BayesianRidge = {
    .name = "BayesianRidge",
    .fields = bayesian_ridge,
    BAYES,
};

const crn_estimator crn_estimator_ARDRegression = {
    .name = "ARDRegression",
    .fields = ard_regression,
    BAYES,
};
