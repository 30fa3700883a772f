/* SPDX-License-Identifier: BSD-3-Clause */
/* TransformedTargetRegressor, as sklearn/compose/_target.py (1.9), and the files of versions
 * back to 0.20: what the regressor predicts goes back through the transformer of the target. */
#include "ops/elementwise.h"
#include "sklearn/children.h"

typedef struct transformed_target_regressor {
    crn_estimator_base base;
    crn_model *regressor, *transformer;
    const crn_object *func, *inverse_func;
    bool check_inverse;
    int64_t training_dim; /* axes of the target that fit saw */
    crn_model *transformer_;
    crn_model *regressor_;
} transformed_target_regressor;

/* clang-format off */
static const crn_field fields[] = {
    CRN_PARAM(transformed_target_regressor, regressor, MODEL, "None",
              "has fit and predict | None"),
    CRN_PARAM(transformed_target_regressor, transformer, MODEL, "None", "has transform | None"),
    CRN_PARAM(transformed_target_regressor, func, OBJECT, "None", "callable | None"),
    CRN_PARAM(transformed_target_regressor, inverse_func, OBJECT, "None", "callable | None"),
    CRN_PARAM(transformed_target_regressor, check_inverse, BOOL, "True", NULL),
    CRN_FEATURE_NAMES_FIELD,
    {.name = "_training_dim", .type = CRN_FIELD_INT, .flags = CRN_FIELD_FITTED,
     .offset = offsetof(transformed_target_regressor, training_dim)},
    CRN_FITTED(transformed_target_regressor, transformer_, MODEL),
    CRN_FITTED(transformed_target_regressor, regressor_, MODEL),
    CRN_FIELDS_END,
};
/* clang-format on */

static crn_value lower(const void *self, crn_method method, crn_graph *graph, crn_value x)
{
    const transformed_target_regressor *model = self;
    crn_value y =
        crn_cast(graph, crn_sklearn_lower(model->regressor_, method, graph, x), CRN_FLOAT64);
    if (crn_graph_type(graph, y)->ndim == 0)
        y = crn_as_column(graph, y);
    y = crn_sklearn_lower(model->transformer_, CRN_INVERSE_TRANSFORM, graph, y);
    const crn_type *type = crn_graph_type(graph, y);
    return model->training_dim == 1 && type->ndim == 1 && type->shape[0] == 1
               ? crn_as_vector(graph, y)
               : y;
}

static const crn_model *regressor(const void *self)
{
    return ((const transformed_target_regressor *)self)->regressor_;
}

static bool has_method(const void *self, crn_method method)
{
    const transformed_target_regressor *model = self;
    return crn_child_has(model->regressor_, method) &&
           crn_child_has(model->transformer_, CRN_INVERSE_TRANSFORM);
}

const crn_estimator crn_estimator_TransformedTargetRegressor = {
    .name = "TransformedTargetRegressor",
    .module = "sklearn.compose",
    .modules = "sklearn.compose._target",
    .size = sizeof(transformed_target_regressor),
    .fields = fields,
    .methods = 1u << CRN_PREDICT,
    .lower = lower,
    .delegate = regressor,
    .has_method = has_method,
};
