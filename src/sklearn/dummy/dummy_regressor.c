/* SPDX-License-Identifier: BSD-3-Clause */
/* DummyRegressor, as sklearn/dummy.py (1.9), and files back to 0.20: the same numbers for every
 * row, whatever the strategy was that found them. */
#include <string.h>

#include "ops/rows.h"
#include "sklearn/estimator.h"

typedef struct dummy_regressor {
    crn_estimator_base base;
    const crn_object *strategy, *constant, *quantile;
    crn_array constant_; /* (1, n_outputs_) */
    int64_t n_outputs_;
    bool output_2d_; /* of 0.20 and 0.21, where a column stays a column */
} dummy_regressor;

static const crn_field fields[] = {
    CRN_PARAM(dummy_regressor, strategy, OBJECT, "'mean'",
              "'constant' | 'mean' | 'median' | 'quantile'"),
    CRN_PARAM(dummy_regressor, constant, OBJECT, "None", "real (-inf, inf) | array | None"),
    CRN_PARAM(dummy_regressor, quantile, OBJECT, "None", "real [0.0, 1.0] | None"),
    CRN_BASE_FIELDS,
    CRN_FITTED_ARRAY(dummy_regressor, constant_, NULL),
    CRN_FITTED(dummy_regressor, n_outputs_, INT),
    {.name = "output_2d_",
     .type = CRN_FIELD_BOOL,
     .dflt = "False",
     .since = "0.20",
     .until = "0.22",
     .flags = CRN_FIELD_FITTED | CRN_FIELD_OPTIONAL | CRN_FIELD_UNWRITTEN,
     .offset = offsetof(dummy_regressor, output_2d_)},
    CRN_FIELDS_END,
};

static crn_status check(void *self, crn_error *err)
{
    dummy_regressor *model = self;
    const crn_array *constant = &model->constant_;
    if (!crn_dtype_is_number(constant->dtype))
        return crn_fail(err, CRN_FORMAT, "constant_ must hold numbers");
    if (model->n_outputs_ < 1 || crn_array_size(constant) != model->n_outputs_)
        return crn_fail(err, CRN_FORMAT, "constant_ does not have %lld elements",
                        (long long)model->n_outputs_);
    return CRN_OK;
}

static crn_value shaped(const dummy_regressor *self, crn_graph *graph, crn_value item,
                        crn_value x)
{
    const bool vector = self->n_outputs_ == 1 && !self->output_2d_;
    return crn_reshape(graph, crn_repeat(graph, x, item), vector ? 0 : 1, &self->n_outputs_);
}

static int lower_many(const void *self, crn_method method, crn_graph *graph, crn_value x,
                      crn_value *out)
{
    const dummy_regressor *model = self;
    out[0] = shaped(model, graph, crn_constant_float64(graph, &model->constant_), x);
    if (method != CRN_PREDICT_STD)
        return out[0] == CRN_NO_VALUE ? -1 : 1;
    const size_t count = (size_t)model->n_outputs_;
    double *zeros = crn_arena_alloc(graph->arena, count, sizeof *zeros);
    if (zeros == NULL) {
        crn_graph_fail(graph, CRN_NO_MEMORY, "no memory for %zu outputs", count);
        return -1;
    }
    memset(zeros, 0, count * sizeof *zeros);
    out[1] = shaped(model, graph,
                    crn_graph_numbers(graph, CRN_FLOAT64, zeros, model->n_outputs_, 0), x);
    return out[1] == CRN_NO_VALUE ? -1 : 2;
}

static crn_admitted admits(const void *self, crn_method method)
{
    (void)self, (void)method;
    return CRN_ADMITS_ALL;
}

const crn_estimator crn_estimator_DummyRegressor = {
    .name = "DummyRegressor",
    .module = "sklearn.dummy",
    .modules = "sklearn.dummy",
    .size = sizeof(dummy_regressor),
    .fields = fields,
    .methods = 1u << CRN_PREDICT | 1u << CRN_PREDICT_STD,
    .flags = CRN_NEEDS_Y | CRN_TAKES_WEIGHT,
    .lower_many = lower_many,
    .check = check,
    .admits = admits,
};
