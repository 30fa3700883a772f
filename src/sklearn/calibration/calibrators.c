/* SPDX-License-Identifier: BSD-3-Clause */
/* _SigmoidCalibration and _TemperatureScaling, as sklearn/calibration.py (1.9) has them. */
#include "sklearn/calibration/calibrators.h"

#include "ops/elementwise.h"
#include "ops/rows.h"
#include "sklearn/children.h"

typedef struct sigmoid_calibration {
    crn_estimator_base base;
    double a_, b_;
} sigmoid_calibration;

static const crn_field sigmoid_fields[] = {
    CRN_FITTED(sigmoid_calibration, a_, REAL),
    CRN_FITTED(sigmoid_calibration, b_, REAL),
    CRN_FIELDS_END,
};

/* One score a row. */
static int64_t one_score(const void *self, crn_method method)
{
    (void)self, (void)method;
    return 1;
}

/* expit(-(a T + b)) */
static crn_value sigmoid_lower(const void *self, crn_method method, crn_graph *graph,
                               crn_value x)
{
    const sigmoid_calibration *model = self;
    (void)method;
    x = crn_scale(graph, x, CRN_SCALE_MULTIPLY_ADD,
                  crn_graph_numbers(graph, CRN_FLOAT64, &model->a_, 1, 0),
                  crn_graph_numbers(graph, CRN_FLOAT64, &model->b_, 1, 0));
    x = crn_unary(graph, crn_unary(graph, x, CRN_UNARY_NEGATE), CRN_UNARY_EXPIT);
    return crn_as_vector(graph, x);
}

const crn_estimator crn_estimator__SigmoidCalibration = {
    .name = "_SigmoidCalibration",
    .module = "sklearn.calibration",
    .modules = "sklearn.calibration",
    .size = sizeof(sigmoid_calibration),
    .fields = sigmoid_fields,
    .methods = 1u << CRN_PREDICT,
    .flags = CRN_PRIVATE,
    .lower = sigmoid_lower,
    .input_width = one_score,
};

typedef struct temperature_scaling {
    crn_estimator_base base;
    double beta_; /* 1 / temperature */
} temperature_scaling;

static const crn_field temperature_fields[] = {
    CRN_FITTED(temperature_scaling, beta_, REAL),
    CRN_FIELDS_END,
};

/* x are logits. */
static crn_value temperature_lower(const void *self, crn_method method, crn_graph *graph,
                                   crn_value x)
{
    const temperature_scaling *model = self;
    (void)method;
    return crn_softmax(graph, crn_times(graph, x, model->beta_), CRN_SOFTMAX, -1);
}

/* As many logits as there are classes. */
static int64_t any_width(const void *self, crn_method method)
{
    (void)self, (void)method;
    return -1;
}

const crn_estimator crn_estimator__TemperatureScaling = {
    .name = "_TemperatureScaling",
    .module = "sklearn.calibration",
    .modules = "sklearn.calibration",
    .size = sizeof(temperature_scaling),
    .fields = temperature_fields,
    .methods = 1u << CRN_PREDICT,
    .flags = CRN_PRIVATE,
    .lower = temperature_lower,
    .input_width = any_width,
};

crn_value crn_temperature_scale(const crn_model *scaling, crn_graph *graph, crn_value scores,
                                bool are_probabilities)
{
    static const double eps = 1e-12; /* _convert_to_logits */
    if (crn_graph_type(graph, scores)->shape[0] == 1) {
        const crn_unary_kind other =
            are_probabilities ? CRN_UNARY_COMPLEMENT : CRN_UNARY_NEGATE;
        const crn_value both[2] = {crn_unary(graph, scores, other), scores};
        scores = crn_concat(graph, both, 2, -1);
    }
    if (are_probabilities) {
        const crn_value small = crn_graph_numbers(graph, CRN_FLOAT64, &eps, 1, 0);
        scores =
            crn_unary(graph, crn_binary(graph, scores, small, CRN_BINARY_ADD), CRN_UNARY_LOG);
    }
    return crn_sklearn_lower(scaling, CRN_PREDICT, graph, scores);
}
