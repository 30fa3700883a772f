/* SPDX-License-Identifier: BSD-3-Clause */
/* NeighborhoodComponentsAnalysis, as sklearn/neighbors/_nca.py (1.9): a linear map. */
#include "base/dtype.h"
#include "ops/affine.h"
#include "sklearn/estimator.h"

typedef struct neighborhood_components_analysis {
    crn_estimator_base base;
    crn_object *n_components, *init;
    bool warm_start;
    int64_t max_iter;
    double tol;
    crn_object *callback, *verbose, *random_state;
    int64_t n_iter_;
    crn_array components_; /* (components, n_features_in_) */
} neighborhood_components_analysis;

static const crn_field fields[] = {
    CRN_PARAM(neighborhood_components_analysis, n_components, OBJECT, "None",
              "int >= 1 | None"),
    CRN_PARAM(neighborhood_components_analysis, init, OBJECT, "'auto'",
              "'auto' | 'identity' | 'lda' | 'pca' | 'random' | <numpy.ndarray>"),
    CRN_PARAM(neighborhood_components_analysis, warm_start, BOOL, "False", NULL),
    CRN_PARAM(neighborhood_components_analysis, max_iter, INT, "50", "int >= 1"),
    CRN_PARAM(neighborhood_components_analysis, tol, REAL, "1e-05", "real >= 0"),
    CRN_PARAM(neighborhood_components_analysis, callback, OBJECT, "None", "callable | None"),
    CRN_PARAM(neighborhood_components_analysis, verbose, OBJECT, "0", "verbose"),
    CRN_PARAM(neighborhood_components_analysis, random_state, OBJECT, "None", "random_state"),
    CRN_BASE_FIELDS,
    CRN_FITTED(neighborhood_components_analysis, n_iter_, INT),
    CRN_FITTED_ARRAY(neighborhood_components_analysis, components_,
                     "n_components, n_features_in_"),
    CRN_FIELDS_END,
};

static crn_status check(void *self, crn_error *err)
{
    neighborhood_components_analysis *model = self;
    const crn_array *components = &model->components_;
    if (components->ndim != 2 || components->shape[1] < 1 ||
        !crn_dtype_is_number(components->dtype))
        return crn_fail(err, CRN_FORMAT, "components_ is not a matrix of numbers");
    if (model->base.n_features_in_ < 0)
        model->base.n_features_in_ = components->shape[1];
    return CRN_OK;
}

static crn_value lower(const void *self, crn_method method, crn_graph *graph, crn_value x)
{
    (void)method;
    const neighborhood_components_analysis *model = self;
    return crn_affine(graph, x, crn_constant_float64(graph, &model->components_), true,
                      CRN_NO_VALUE);
}

const crn_estimator crn_estimator_NeighborhoodComponentsAnalysis = {
    .name = "NeighborhoodComponentsAnalysis",
    .module = "sklearn.neighbors",
    .modules = "sklearn.neighbors._nca sklearn.neighbors.nca",
    .size = sizeof(neighborhood_components_analysis),
    .fields = fields,
    .methods = 1u << CRN_TRANSFORM,
    .lower = lower,
    .check = check,
};
