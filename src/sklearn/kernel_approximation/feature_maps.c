/* SPDX-License-Identifier: BSD-3-Clause */
/* AdditiveChi2Sampler and PolynomialCountSketch: sklearn/kernel_approximation.py (1.9), and the
 * files of versions back to 0.20. */
#include <math.h>
#include <stdlib.h>

#include "ops/affine.h"
#include "ops/elementwise.h"
#include "ops/feature_maps.h"
#include "ops/require.h"
#include "ops/rows.h"
#include "sklearn/fitted.h"

/* ---- AdditiveChi2Sampler ---- */

typedef struct additive_chi2_sampler {
    crn_estimator_base base;
    int64_t sample_steps;
    const crn_object *sample_interval;
    double sample_interval_; /* until 1.2; negative: not there */
} additive_chi2_sampler;

static const crn_field additive_chi2_fields[] = {
    CRN_PARAM(additive_chi2_sampler, sample_steps, INT, "2", "int >= 1"),
    CRN_PARAM(additive_chi2_sampler, sample_interval, OBJECT, "None", "real >= 0 | None"),
    CRN_BASE_FIELDS,
    {.name = "sample_interval_",
     .type = CRN_FIELD_REAL,
     .flags = CRN_FIELD_FITTED | CRN_FIELD_OPTIONAL,
     .offset = offsetof(additive_chi2_sampler, sample_interval_),
     .dflt = "-1.0",
     .until = "1.3"},
    CRN_FIELDS_END,
};

/* What fit chose until 1.2, and transform chooses since 1.3. Negative: nothing fits. */
static double sample_interval(const additive_chi2_sampler *self)
{
    static const double usual[] = {0.8, 0.5, 0.4};
    double given;
    if (self->sample_interval_ >= 0.0)
        return self->sample_interval_;
    if (crn_object_as_double(self->sample_interval, &given))
        return given;
    return self->sample_steps >= 1 && self->sample_steps <= 3 ? usual[self->sample_steps - 1]
                                                              : -1.0;
}

static crn_status check_additive_chi2(void *self, crn_error *err)
{
    additive_chi2_sampler *model = self;
    if (model->sample_steps < 1 || model->sample_steps > CRN_MAX_SAMPLE_STEPS)
        return crn_fail(err, CRN_LIMIT, "sample_steps=%lld is not in [1, %d]",
                        (long long)model->sample_steps, CRN_MAX_SAMPLE_STEPS);
    if (!(sample_interval(model) >= 0.0))
        return crn_fail(err, CRN_FORMAT,
                        "If sample_steps is not in [1, 2, 3], you need to "
                        "provide sample_interval");
    return CRN_OK;
}

static crn_value lower_additive_chi2(const void *self, crn_method method, crn_graph *graph,
                                     crn_value x)
{
    (void)method;
    const additive_chi2_sampler *model = self;
    x = crn_require_non_negative(graph, x, "AdditiveChi2Sampler");
    return crn_additive_chi2(graph, x, model->sample_steps, sample_interval(model));
}

/* Versions until 1.2 read what fit chose. */
static crn_status write_additive_chi2(const void *self, crn_document *document,
                                      crn_object *state, const char *sklearn, crn_error *err)
{
    const additive_chi2_sampler *model = self;
    if (!model->base.fitted || crn_version_compare(sklearn, "1.3") >= 0)
        return CRN_OK;
    return crn_object_set(document, state, "sample_interval_",
                          crn_object_float(document, sample_interval(model)))
               ? CRN_OK
               : crn_arena_fail(document->arena, err);
}

const crn_estimator crn_estimator_AdditiveChi2Sampler = {
    .name = "AdditiveChi2Sampler",
    .module = "sklearn.kernel_approximation",
    .modules = "sklearn.kernel_approximation",
    .size = sizeof(additive_chi2_sampler),
    .fields = additive_chi2_fields,
    .methods = 1u << CRN_TRANSFORM,
    .lower = lower_additive_chi2,
    .check = check_additive_chi2,
    .write = write_additive_chi2,
};

/* ---- PolynomialCountSketch ---- */

typedef struct polynomial_count_sketch {
    crn_estimator_base base;
    double gamma;
    int64_t degree;
    double coef0;
    int64_t n_components;
    const crn_object *random_state;
    crn_array indexHash_, bitHash_; /* (degree, n_features, and one more when coef0 is not 0) */
} polynomial_count_sketch;

static const crn_field count_sketch_fields[] = {
    CRN_PARAM(polynomial_count_sketch, gamma, REAL, "1.0", "real >= 0"),
    CRN_PARAM(polynomial_count_sketch, degree, INT, "2", "int >= 1"),
    CRN_PARAM(polynomial_count_sketch, coef0, REAL, "0.0", "real (-inf, inf)"),
    CRN_PARAM(polynomial_count_sketch, n_components, INT, "100", "int >= 1"),
    CRN_PARAM(polynomial_count_sketch, random_state, OBJECT, "None", "random_state"),
    CRN_BASE_FIELDS,
    CRN_FITTED_ARRAY(polynomial_count_sketch, indexHash_, "degree, hashed"),
    CRN_FITTED_ARRAY(polynomial_count_sketch, bitHash_, "degree, hashed"),
    CRN_FIELDS_END,
};

static crn_status check_count_sketch(void *self, crn_error *err)
{
    polynomial_count_sketch *model = self;
    const crn_array *index = &model->indexHash_;
    CRN_TRY(crn_fitted_matrix(index, "indexHash_", model->degree, -1, err));
    CRN_TRY(
        crn_fitted_matrix(&model->bitHash_, "bitHash_", model->degree, index->shape[1], err));
    const int64_t features = index->shape[1] - (model->coef0 != 0.0 ? 1 : 0);
    CRN_TRY(crn_fitted_features(&model->base, "indexHash_", features, err));
    if (model->degree < 1 || model->n_components < 1 || model->n_components > INT32_MAX)
        return crn_fail(err, CRN_FORMAT, "degree and n_components must be at least 1");
    for (int64_t i = 0; i < crn_array_size(index); i++) {
        const double place = crn_array_get(index, i);
        if (!(place >= 0.0 && place < (double)model->n_components))
            return crn_fail(err, CRN_FORMAT, "indexHash_ has an index out of [0, %lld)",
                            (long long)model->n_components);
    }
    return CRN_OK;
}

/* bitHash_ times what the columns of X are multiplied by: sqrt(gamma), and sqrt(coef0) for the
 * column of ones behind them. */
static crn_value signs(const polynomial_count_sketch *self, crn_graph *graph)
{
    const int64_t size = crn_array_size(&self->bitHash_), n = self->bitHash_.shape[1];
    double *values = crn_calloc((size_t)size, sizeof *values);
    if (values == NULL)
        return crn_graph_fail(graph, CRN_NO_MEMORY, "out of memory");
    for (int64_t i = 0; i < size; i++)
        values[i] = crn_array_get(&self->bitHash_, i) *
                    sqrt(i % n < self->base.n_features_in_ ? self->gamma : self->coef0);
    crn_value value = crn_graph_numbers(graph, CRN_FLOAT64, values, size, n);
    free(values);
    return value;
}

/* x with a column of ones behind it: (rows, n + 1). */
static crn_value with_ones(crn_graph *graph, crn_value x, int64_t n)
{
    double *weights = crn_calloc((size_t)n, sizeof *weights); /* of no input */
    const double one = 1.0;
    if (weights == NULL)
        return crn_graph_fail(graph, CRN_NO_MEMORY, "out of memory");
    crn_value ones = crn_affine(graph, x, crn_graph_numbers(graph, CRN_FLOAT64, weights, n, n),
                                true, crn_graph_numbers(graph, CRN_FLOAT64, &one, 1, 0));
    free(weights);
    return crn_concat(graph, (crn_value[]){x, ones}, 2, 0);
}

static crn_value lower_count_sketch(const void *self, crn_method method, crn_graph *graph,
                                    crn_value x)
{
    (void)method;
    const polynomial_count_sketch *model = self;
    crn_array index = CRN_ARRAY_INIT;
    if (crn_array_astype(&model->indexHash_, CRN_INT64, &index, &graph->error) != CRN_OK)
        return CRN_NO_VALUE;
    if (model->coef0 != 0.0)
        x = with_ones(graph, x, model->base.n_features_in_);
    x = crn_count_sketch(graph, x, crn_graph_constant(graph, &index), signs(model, graph),
                         model->n_components);
    crn_array_free(&index);
    return x;
}

const crn_estimator crn_estimator_PolynomialCountSketch = {
    .name = "PolynomialCountSketch",
    .module = "sklearn.kernel_approximation",
    .modules = "sklearn.kernel_approximation",
    .size = sizeof(polynomial_count_sketch),
    .fields = count_sketch_fields,
    .methods = 1u << CRN_TRANSFORM,
    .lower = lower_count_sketch,
    .check = check_count_sketch,
};
