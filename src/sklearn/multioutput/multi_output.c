/* SPDX-License-Identifier: BSD-3-Clause */
/* MultiOutputClassifier and MultiOutputRegressor, as sklearn/multioutput.py (1.9), and the
 * files of versions back to 0.20: an estimator for each target. */
#include "ops/elementwise.h"
#include "ops/rows.h"
#include "sklearn/children.h"

typedef struct multi_output {
    crn_estimator_base base;
    crn_model *estimator;
    const crn_object *n_jobs;
    crn_model_list estimators_; /* [targets] */
} multi_output;

static const crn_field fields[] = {
    CRN_PARAM(multi_output, estimator, MODEL, NULL, "has fit and predict"),
    CRN_PARAM(multi_output, n_jobs, OBJECT, "None", "int | None"),
    CRN_BASE_FIELDS,
    CRN_FITTED(multi_output, estimators_, MODELS),
    CRN_FIELDS_END,
};

static crn_status check(void *self, crn_error *err)
{
    multi_output *model = self;
    if (model->estimators_.count < 1)
        return crn_fail(err, CRN_FORMAT, "estimators_ is empty");
    crn_children_lend_features(&model->estimators_, &model->base);
    return CRN_OK;
}

static int lower_many(const void *self, crn_method method, crn_graph *graph, crn_value x,
                      crn_value *out)
{
    const crn_model_list *list = &((const multi_output *)self)->estimators_;
    crn_value *each = crn_children_answers(list, method, graph, x);
    if (each == NULL)
        return -1;
    if (method == CRN_PREDICT) {
        out[0] = crn_stack_labels(graph, each, list->count);
        return out[0] == CRN_NO_VALUE ? -1 : 1;
    }
    for (int64_t i = 0; i < list->count; i++)
        out[i] = each[i];
    return (int)list->count;
}

/* Only a prediction is one array however many targets there are. */
static bool has_method(const void *self, crn_method method)
{
    const crn_model_list *list = &((const multi_output *)self)->estimators_;
    return crn_children_have(list, method) &&
           (method == CRN_PREDICT || list->count <= CRN_MAX_PORTS);
}

static crn_admitted admits(const void *self, crn_method method)
{
    (void)method;
    return crn_children_admit(&((const multi_output *)self)->estimators_);
}

static crn_type input_type(const void *self, crn_method method)
{
    (void)method;
    return crn_children_input_type(&((const multi_output *)self)->estimators_);
}

const crn_estimator crn_estimator_MultiOutputClassifier = {
    .name = "MultiOutputClassifier",
    .module = "sklearn.multioutput",
    .modules = "sklearn.multioutput",
    .size = sizeof(multi_output),
    .fields = fields,
    .methods = 1u << CRN_PREDICT | 1u << CRN_PREDICT_PROBA,
    .lower_many = lower_many,
    .check = check,
    .has_method = has_method,
    .admits = admits,
    .input_type = input_type,
};

const crn_estimator crn_estimator_MultiOutputRegressor = {
    .name = "MultiOutputRegressor",
    .module = "sklearn.multioutput",
    .modules = "sklearn.multioutput",
    .size = sizeof(multi_output),
    .fields = fields,
    .methods = 1u << CRN_PREDICT,
    .lower_many = lower_many,
    .check = check,
    .has_method = has_method,
    .admits = admits,
    .input_type = input_type,
};
