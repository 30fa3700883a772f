/* SPDX-License-Identifier: BSD-3-Clause */
/* GaussianRandomProjection and SparseRandomProjection: sklearn/random_projection.py (1.9), and
 * the files of versions back to 0.20. */
#include "ops/affine.h"
#include "sklearn/fitted.h"
#include "solve/pseudo_inverse.h"

/* Parameters of both classes: each uses its own. */
typedef struct random_projection {
    crn_estimator_base base;
    const crn_object *n_components;
    double eps;
    bool compute_inverse_components;
    const crn_object *random_state;
    const crn_object *density;
    bool dense_output;
    crn_array components_;         /* (n_components, n_features), sparse in the file or not */
    crn_array inverse_components_; /* (n_features, n_components) */
} random_projection;

#define FITTED_FIELDS                                                                          \
    CRN_BASE_FIELDS,                                                                           \
        CRN_FITTED_ARRAY(random_projection, components_, "components, n_features_in_"),        \
        {.name = "inverse_components_",                                                        \
         .type = CRN_FIELD_ARRAY,                                                              \
         .flags = CRN_FIELD_FITTED | CRN_FIELD_OPTIONAL,                                       \
         .shape = "n_features_in_, components",                                                \
         .offset = offsetof(random_projection, inverse_components_),                           \
         .since = "1.1"},                                                                      \
        CRN_FIELDS_END

static const crn_field gaussian_fields[] = {
    CRN_PARAM(random_projection, n_components, OBJECT, "'auto'", "int >= 1 | 'auto'"),
    CRN_PARAM(random_projection, eps, REAL, "0.1", "real > 0"),
    CRN_PARAM_FOR_FIT_SINCE(random_projection, compute_inverse_components, BOOL, "False", NULL,
                            "1.1", NULL),
    CRN_PARAM(random_projection, random_state, OBJECT, "None", "random_state"),
    FITTED_FIELDS,
};

static const crn_field sparse_fields[] = {
    CRN_PARAM(random_projection, n_components, OBJECT, "'auto'", "int >= 1 | 'auto'"),
    CRN_PARAM(random_projection, density, OBJECT, "'auto'", "real (0.0, 1.0] | 'auto'"),
    CRN_PARAM(random_projection, eps, REAL, "0.1", "real > 0"),
    CRN_PARAM(random_projection, dense_output, BOOL, "False", NULL),
    CRN_PARAM_FOR_FIT_SINCE(random_projection, compute_inverse_components, BOOL, "False", NULL,
                            "1.1", NULL),
    CRN_PARAM(random_projection, random_state, OBJECT, "None", "random_state"),
    FITTED_FIELDS,
};

static crn_status check(void *self, crn_error *err)
{
    random_projection *model = self;
    const crn_array *components = &model->components_;
    CRN_TRY(crn_fitted_matrix(components, "components_", -1, -1, err));
    if (components->shape[0] < 1)
        return crn_fail(err, CRN_FORMAT, "components_ has no rows");
    CRN_TRY(crn_fitted_features(&model->base, "components_", components->shape[1], err));
    if (model->inverse_components_.data == NULL)
        return CRN_OK;
    return crn_fitted_matrix(&model->inverse_components_, "inverse_components_",
                             components->shape[1], components->shape[0], err);
}

/* pinv(components_), where fit has not kept it. */
static crn_value pseudo_inverse(const random_projection *self, crn_graph *graph)
{
    const int64_t shape[] = {self->components_.shape[1], self->components_.shape[0]};
    crn_array components = CRN_ARRAY_INIT, inverse = CRN_ARRAY_INIT;
    crn_value value = CRN_NO_VALUE;
    if (crn_array_astype(&self->components_, CRN_FLOAT64, &components, &graph->error) ==
            CRN_OK &&
        crn_array_create(CRN_FLOAT64, 0, 2, shape, &inverse, &graph->error) == CRN_OK &&
        crn_pinv(components.data, shape[1], shape[0], inverse.data, &graph->error) == CRN_OK)
        value = crn_graph_constant(graph, &inverse);
    crn_array_free(&components);
    crn_array_free(&inverse);
    return value;
}

static crn_value lower(const void *self, crn_method method, crn_graph *graph, crn_value x)
{
    const random_projection *model = self;
    crn_value weights;
    if (method == CRN_TRANSFORM)
        weights = crn_constant_float64(graph, &model->components_);
    else if (model->compute_inverse_components && model->inverse_components_.data != NULL)
        weights = crn_constant_float64(graph, &model->inverse_components_);
    else
        weights = pseudo_inverse(model, graph);
    return crn_affine(graph, x, weights, true, CRN_NO_VALUE);
}

static int64_t input_width(const void *self, crn_method method)
{
    const random_projection *model = self;
    return method == CRN_INVERSE_TRANSFORM ? model->components_.shape[0]
                                           : model->base.n_features_in_;
}

/* Versions before 1.1 ask the Gaussian class too whether it gives dense rows. */
static crn_status write(const void *self, crn_document *document, crn_object *state,
                        const char *sklearn, crn_error *err)
{
    (void)self;
    if (crn_version_compare(sklearn, "1.1") >= 0 ||
        crn_object_get(state, "dense_output") != NULL)
        return CRN_OK;
    return crn_object_set(document, state, "dense_output", crn_object_bool(document, true))
               ? CRN_OK
               : crn_arena_fail(document->arena, err);
}

#define RANDOM_PROJECTION(class_, fields_)                                                     \
    const crn_estimator crn_estimator_##class_ = {                                             \
        .name = #class_,                                                                       \
        .module = "sklearn.random_projection",                                                 \
        .modules = "sklearn.random_projection",                                                \
        .size = sizeof(random_projection),                                                     \
        .fields = fields_,                                                                     \
        .methods = 1u << CRN_TRANSFORM | 1u << CRN_INVERSE_TRANSFORM,                          \
        .lower = lower,                                                                        \
        .check = check,                                                                        \
        .input_width = input_width,                                                            \
        .write = write,                                                                        \
    }

RANDOM_PROJECTION(GaussianRandomProjection, gaussian_fields);
RANDOM_PROJECTION(SparseRandomProjection, sparse_fields);
