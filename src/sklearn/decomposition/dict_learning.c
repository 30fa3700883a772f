/* SPDX-License-Identifier: BSD-3-Clause */
/* SparseCoder, DictionaryLearning and MiniBatchDictionaryLearning:
 * sklearn/decomposition/_dict_learning.py (1.9), and the files of versions back to 0.20. */
#include <cblas.h>
#include <stdlib.h>
#include <string.h>

#include "ops/affine.h"
#include "ops/elementwise.h"
#include "ops/rows.h"
#include "ops/sparse_code.h"
#include "sklearn/fitted.h"
#include "sklearn/spelling.h"

/* Most atoms of a dictionary, whose products with one another have to be kept. */
enum { CRN_MOST_ATOMS = 16384 };

/* Parameters of all three classes: each uses its own. */
typedef struct coder {
    crn_estimator_base base;
    const crn_object *n_components;
    double alpha;
    const crn_object *max_iter;
    const char *fit_algorithm;
    const crn_object *n_jobs;
    const crn_object *batch_size;
    bool shuffle;
    const crn_object *dict_init;
    const char *transform_algorithm;
    const crn_object *transform_n_nonzero_coefs;
    const crn_object *transform_alpha;
    const crn_object *verbose;
    bool split_sign;
    const crn_object *random_state;
    bool positive_code;
    bool positive_dict;
    int64_t transform_max_iter;
    const crn_object *callback;
    double tol;
    const crn_object *max_no_improvement;
    const crn_object *n_iter;
    const crn_object *code_init;
    const crn_object *dictionary;
    crn_array components_; /* (n_components, n_features): but for SparseCoder */
} coder;

static const crn_field mini_batch_fields[] = {
    CRN_PARAM(coder, n_components, OBJECT, "None", "int >= 1 | None"),
    CRN_PARAM(coder, alpha, REAL, "1", "real >= 0"),
    CRN_PARAM_FOR_FIT_SINCE(coder, max_iter, OBJECT, "1000", "int >= 0", "1.1", NULL),
    CRN_PARAM(coder, fit_algorithm, STRING, "'lars'", "'cd' | 'lars'"),
    CRN_PARAM(coder, n_jobs, OBJECT, "None", "None | int"),
    CRN_PARAM(coder, batch_size, OBJECT, "256", "int >= 1"),
    CRN_PARAM(coder, shuffle, BOOL, "True", NULL),
    CRN_PARAM(coder, dict_init, OBJECT, "None", "None | <numpy.ndarray>"),
    CRN_PARAM(coder, transform_algorithm, STRING, "'omp'",
              "'lars' | 'lasso_cd' | 'lasso_lars' | 'omp' | 'threshold'"),
    CRN_PARAM(coder, transform_n_nonzero_coefs, OBJECT, "None", "int >= 1 | None"),
    CRN_PARAM(coder, transform_alpha, OBJECT, "None", "real >= 0 | None"),
    CRN_PARAM(coder, verbose, OBJECT, "False", "verbose"),
    CRN_PARAM(coder, split_sign, BOOL, "False", NULL),
    CRN_PARAM(coder, random_state, OBJECT, "None", "random_state"),
    CRN_PARAM(coder, positive_code, BOOL, "False", NULL),
    CRN_PARAM(coder, positive_dict, BOOL, "False", NULL),
    CRN_PARAM_SINCE(coder, transform_max_iter, INT, "1000", "int >= 0", "0.22", NULL),
    CRN_PARAM_FOR_FIT_SINCE(coder, callback, OBJECT, "None", "None | callable", "1.1", NULL),
    CRN_PARAM_FOR_FIT_SINCE(coder, tol, REAL, "0.001", "real >= 0", "1.1", NULL),
    CRN_PARAM_FOR_FIT_SINCE(coder, max_no_improvement, OBJECT, "10", "int >= 0 | None", "1.1",
                            NULL),
    CRN_PARAM_FOR_FIT_SINCE(coder, n_iter, OBJECT, "'deprecated'", NULL, NULL, "1.4"),
    CRN_BASE_FIELDS,
    CRN_FITTED_ARRAY(coder, components_, NULL),
    CRN_FIELDS_END,
};

static const crn_field dictionary_fields[] = {
    CRN_PARAM(coder, n_components, OBJECT, "None", "int >= 1 | None"),
    CRN_PARAM(coder, alpha, REAL, "1", "real >= 0"),
    CRN_PARAM(coder, max_iter, OBJECT, "1000", "int >= 0"),
    CRN_PARAM(coder, tol, REAL, "1e-08", "real >= 0"),
    CRN_PARAM(coder, fit_algorithm, STRING, "'lars'", "'cd' | 'lars'"),
    CRN_PARAM(coder, transform_algorithm, STRING, "'omp'",
              "'lars' | 'lasso_cd' | 'lasso_lars' | 'omp' | 'threshold'"),
    CRN_PARAM(coder, transform_n_nonzero_coefs, OBJECT, "None", "int >= 1 | None"),
    CRN_PARAM(coder, transform_alpha, OBJECT, "None", "real >= 0 | None"),
    CRN_PARAM(coder, n_jobs, OBJECT, "None", "int | None"),
    CRN_PARAM(coder, code_init, OBJECT, "None", "<numpy.ndarray> | None"),
    CRN_PARAM(coder, dict_init, OBJECT, "None", "<numpy.ndarray> | None"),
    CRN_PARAM_FOR_FIT_SINCE(coder, callback, OBJECT, "None", "callable | None", "1.3", NULL),
    CRN_PARAM(coder, verbose, OBJECT, "False", "verbose"),
    CRN_PARAM(coder, split_sign, BOOL, "False", NULL),
    CRN_PARAM(coder, random_state, OBJECT, "None", "random_state"),
    CRN_PARAM(coder, positive_code, BOOL, "False", NULL),
    CRN_PARAM(coder, positive_dict, BOOL, "False", NULL),
    CRN_PARAM_SINCE(coder, transform_max_iter, INT, "1000", "int >= 0", "0.22", NULL),
    CRN_BASE_FIELDS,
    CRN_FITTED_ARRAY(coder, components_, NULL),
    CRN_FIELDS_END,
};

static const crn_field coder_fields[] = {
    {.name = "dictionary",
     .type = CRN_FIELD_OBJECT,
     .flags = CRN_FIELD_PARAM,
     .offset = offsetof(coder, dictionary),
     .constraint = "array",
     .since = "0.24",
     .old_names = "components_"},
    CRN_PARAM(coder, transform_algorithm, STRING, "'omp'",
              "'lars' | 'lasso_cd' | 'lasso_lars' | 'omp' | 'threshold'"),
    CRN_PARAM(coder, transform_n_nonzero_coefs, OBJECT, "None", "int >= 1 | None"),
    CRN_PARAM(coder, transform_alpha, OBJECT, "None", "real >= 0 | None"),
    CRN_PARAM(coder, split_sign, BOOL, "False", NULL),
    CRN_PARAM(coder, n_jobs, OBJECT, "None", "int | None"),
    CRN_PARAM(coder, positive_code, BOOL, "False", NULL),
    CRN_PARAM_SINCE(coder, transform_max_iter, INT, "1000", "int >= 0", "0.22", NULL),
    CRN_BASE_FIELDS,
    CRN_FIELDS_END,
};

/* ---- parameters ---- */

/* The atoms, one a row. */
static const crn_array *atoms(const coder *self)
{
    return self->components_.data != NULL ? &self->components_
                                          : crn_object_as_array(self->dictionary);
}

/* False: unknown. */
static bool find_kind(const char *algorithm, crn_sparse_code_kind *out)
{
    static const char *const names[] = {[CRN_CODE_THRESHOLD] = "threshold",
                                        [CRN_CODE_OMP] = "omp",
                                        [CRN_CODE_LASSO_CD] = "lasso_cd",
                                        [CRN_CODE_LASSO_LARS] = "lasso_lars",
                                        [CRN_CODE_LARS] = "lars"};
    for (int kind = CRN_CODE_THRESHOLD; kind <= CRN_CODE_LARS; kind++) {
        if (algorithm != NULL && strcmp(algorithm, names[kind]) == 0) {
            *out = (crn_sparse_code_kind)kind;
            return true;
        }
    }
    return false;
}

static bool is_since(const coder *self, const char *version)
{
    const char *own = self->base.sklearn_version;
    return own == NULL || crn_version_compare(own, version) >= 0;
}

/* transform_alpha; where it is None, what fit used (since 1.2), or 1. */
static double penalty(const coder *self)
{
    double given;
    if (crn_object_as_double(self->transform_alpha, &given))
        return given;
    return is_since(self, "1.2") && self->components_.data != NULL ? self->alpha : 1.0;
}

/* transform_n_nonzero_coefs; where it is None, a tenth of the features. */
static int64_t nonzero(const coder *self, int64_t n, int64_t k)
{
    int64_t given;
    if (crn_object_as_int(self->transform_n_nonzero_coefs, &given))
        return given;
    const int64_t tenth = n / 10 > 1 ? n / 10 : 1;
    return tenth < k ? tenth : k;
}

/* ---- check ---- */

static crn_status check(void *self, crn_error *err)
{
    coder *model = self;
    crn_sparse_code_kind kind;
    const crn_array *dictionary = atoms(model);
    if (dictionary == NULL)
        return crn_fail(err, CRN_FORMAT, "dictionary is not an array");
    CRN_TRY(crn_fitted_matrix(dictionary, "the dictionary", -1, -1, err));
    CRN_TRY(crn_fitted_features(&model->base, "the dictionary", dictionary->shape[1], err));
    CRN_TRY(crn_fitted_finite(dictionary, "the dictionary", err));
    CRN_TRY(crn_fitted_rounds("transform_max_iter", model->transform_max_iter, err));
    if (dictionary->shape[0] < 1 || dictionary->shape[0] > CRN_MOST_ATOMS)
        return crn_fail(err, CRN_LIMIT, "a dictionary of %lld atoms; 1 to %d are supported",
                        (long long)dictionary->shape[0], CRN_MOST_ATOMS);
    if (!find_kind(model->transform_algorithm, &kind))
        return crn_fail(err, CRN_UNSUPPORTED, "transform_algorithm='%s' is not supported",
                        model->transform_algorithm != NULL ? model->transform_algorithm
                                                           : "None");
    return CRN_OK;
}

/* ---- lower ---- */

/* D D.T, for the solvers that take it. */
static crn_value gram_of(crn_graph *graph, const crn_array *dictionary)
{
    const int64_t k = dictionary->shape[0], n = dictionary->shape[1];
    crn_array dense = CRN_ARRAY_INIT, gram = CRN_ARRAY_INIT;
    crn_value value = CRN_NO_VALUE;
    if (crn_array_astype(dictionary, CRN_FLOAT64, &dense, &graph->error) == CRN_OK &&
        crn_array_create(CRN_FLOAT64, 0, 2, (int64_t[]){k, k}, &gram, &graph->error) ==
            CRN_OK) {
        cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasTrans, (int)k, (int)k, (int)n, 1.0,
                    dense.data, (int)n, dense.data, (int)n, 0.0, gram.data, (int)k);
        value = crn_graph_constant(graph, &gram);
    }
    crn_array_free(&dense);
    crn_array_free(&gram);
    return value;
}

/* The positive parts beside the negative ones. */
static crn_value split_signs(crn_graph *graph, crn_value code)
{
    const double zero = 0.0;
    crn_value zeros = crn_graph_numbers(graph, CRN_FLOAT64, &zero, 1, 0);
    crn_value positive = crn_binary(graph, code, zeros, CRN_BINARY_MAXIMUM);
    crn_value negative = crn_binary(graph, code, zeros, CRN_BINARY_MINIMUM);
    negative = crn_unary(graph, negative, CRN_UNARY_NEGATE);
    return crn_concat(graph, (crn_value[]){positive, negative}, 2, 0);
}

static crn_value transform(const coder *self, crn_graph *graph, crn_value x)
{
    const crn_array *dictionary = atoms(self);
    crn_sparse_code_attributes attributes = {
        .positive = self->positive_code,
        .alpha = penalty(self),
        .tol = is_since(self, "1.8") ? 1e-8 : 1e-4,
        .nonzero = nonzero(self, dictionary->shape[1], dictionary->shape[0]),
        .max_iter = self->transform_max_iter};
    (void)find_kind(self->transform_algorithm, &attributes.kind);
    if (self->positive_code &&
        (attributes.kind == CRN_CODE_OMP || attributes.kind == CRN_CODE_LARS))
        return crn_graph_fail(graph, CRN_ARGUMENT,
                              "Positive constraint not supported for '%s' coding method.",
                              self->transform_algorithm);
    crn_value gram =
        attributes.kind != CRN_CODE_THRESHOLD ? gram_of(graph, dictionary) : CRN_NO_VALUE;
    crn_value code =
        crn_sparse_code(graph, x, crn_constant_float64(graph, dictionary), gram, &attributes);
    return self->split_sign ? split_signs(graph, code) : code;
}

/* code D; split codes count their second half negatively. */
static crn_value inverse_transform(const coder *self, crn_graph *graph, crn_value code)
{
    const crn_array *dictionary = atoms(self);
    const int64_t size = crn_array_size(dictionary);
    if (!self->split_sign)
        return crn_affine(graph, code, crn_constant_float64(graph, dictionary), false,
                          CRN_NO_VALUE);
    double *both = crn_calloc((size_t)size * 2, sizeof *both);
    if (both == NULL)
        return crn_graph_fail(graph, CRN_NO_MEMORY, "out of memory");
    for (int64_t i = 0; i < size; i++) {
        both[i] = crn_array_get(dictionary, i);
        both[size + i] = -both[i];
    }
    crn_value weights =
        crn_graph_numbers(graph, CRN_FLOAT64, both, 2 * size, dictionary->shape[1]);
    free(both);
    return crn_affine(graph, code, weights, false, CRN_NO_VALUE);
}

static crn_value lower(const void *self, crn_method method, crn_graph *graph, crn_value x)
{
    return method == CRN_INVERSE_TRANSFORM ? inverse_transform(self, graph, x)
                                           : transform(self, graph, x);
}

static int64_t input_width(const void *self, crn_method method)
{
    const coder *model = self;
    return method == CRN_INVERSE_TRANSFORM
               ? atoms(model)->shape[0] * (model->split_sign ? 2 : 1)
               : model->base.n_features_in_;
}

/* What the versions disagree on: the penalty that None stands for, and how far lasso_cd
 * goes. */
static crn_status write(const void *self, crn_document *document, crn_object *state,
                        const char *sklearn, crn_error *err)
{
    const coder *model = self;
    crn_sparse_code_kind kind = CRN_CODE_OMP;
    (void)find_kind(model->transform_algorithm, &kind);
    if (model->base.fitted && kind == CRN_CODE_LASSO_CD &&
        is_since(model, "1.8") != (crn_version_compare(sklearn, "1.8") >= 0))
        return crn_fail(err, CRN_UNSUPPORTED,
                        "scikit-learn %s solves lasso_cd to another tolerance: 1e-8 since 1.8, "
                        "1e-4 before",
                        sklearn);
    if (model->components_.data != NULL &&
        is_since(model, "1.2") != (crn_version_compare(sklearn, "1.2") >= 0))
        CRN_TRY(crn_spell_instead(document, state, sklearn, "transform_alpha", NULL, NULL, NULL,
                                  crn_object_float(document, penalty(model)), err));
    CRN_TRY(crn_spell_instead(document, state, sklearn, "batch_size", "warn", "1.3", NULL,
                              crn_object_int(document, 3), err));
    CRN_TRY(crn_spell_instead(document, state, sklearn, "max_iter", NULL, "1.4", NULL,
                              crn_object_int(document, 1000), err));
    return crn_spell_instead(document, state, sklearn, "n_iter", "deprecated", NULL, "1.1",
                             crn_object_int(document, 1000), err);
}

#define CODER(class_, fields_)                                                                 \
    const crn_estimator crn_estimator_##class_ = {                                             \
        .name = #class_,                                                                       \
        .module = "sklearn.decomposition",                                                     \
        .modules = "sklearn.decomposition._dict_learning sklearn.decomposition.dict_learning", \
        .size = sizeof(coder),                                                                 \
        .fields = fields_,                                                                     \
        .methods = 1u << CRN_TRANSFORM | 1u << CRN_INVERSE_TRANSFORM,                          \
        .lower = lower,                                                                        \
        .check = check,                                                                        \
        .input_width = input_width,                                                            \
        .write = write,                                                                        \
    }

CODER(SparseCoder, coder_fields);
CODER(DictionaryLearning, dictionary_fields);
CODER(MiniBatchDictionaryLearning, mini_batch_fields);
