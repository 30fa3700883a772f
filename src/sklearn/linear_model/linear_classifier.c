/* SPDX-License-Identifier: BSD-3-Clause */
/* Linear classifiers: sklearn/linear_model/_base.py (1.9), LinearClassifierMixin. */
#include "ops/elementwise.h"
#include "ops/rows.h"
#include "sklearn/linear_model/linear_model.h"

crn_status crn_linear_check_classes(const crn_array *classes, const crn_array *coef,
                                    crn_error *err)
{
    if (classes->ndim != 1 || classes->shape[0] < 1)
        return crn_fail(err, CRN_FORMAT, "classes_ is not a list of classes");
    const int64_t rows = classes->shape[0] == 2 ? 1 : classes->shape[0];
    const int64_t has = coef->ndim == 1 ? 1 : coef->ndim == 2 ? coef->shape[0] : 0;
    if (has != rows)
        return crn_fail(err, CRN_FORMAT, "coef_ does not have %lld rows", (long long)rows);
    return CRN_OK;
}

crn_status crn_linear_classifier_check(void *self, crn_error *err)
{
    crn_linear_classifier *model = self;
    CRN_TRY(crn_linear_check_classes(&model->classes_, &model->coef_, err));
    return crn_linear_check(&model->base, &model->coef_, &model->intercept_, err);
}

/* One score a row: of two classes, the second one's. */
static bool is_single(const crn_graph *graph, crn_value scores)
{
    return crn_type_size(crn_graph_type(graph, scores)) == 1;
}

crn_value crn_linear_decision(crn_graph *graph, crn_value scores)
{
    return is_single(graph, scores) ? crn_reshape(graph, scores, 0, NULL) : scores;
}

crn_value crn_linear_labels(crn_graph *graph, crn_value scores, const crn_array *classes)
{
    const bool binary = is_single(graph, scores) && classes->shape[0] == 2;
    crn_value index = binary ? crn_reshape(graph, crn_step(graph, scores, 0.0), 0, NULL)
                             : crn_argmax(graph, scores);
    return crn_take(graph, crn_graph_constant(graph, classes), index);
}

crn_value crn_linear_beside(crn_graph *graph, crn_value left, crn_value right)
{
    const int64_t one = 1;
    return crn_concat(
        graph,
        (crn_value[]){crn_reshape(graph, left, 1, &one), crn_reshape(graph, right, 1, &one)}, 2,
        0);
}

crn_value crn_linear_one_vs_rest(crn_graph *graph, crn_value scores)
{
    crn_value p = crn_unary(graph, scores, CRN_UNARY_EXPIT);
    if (is_single(graph, scores))
        return crn_linear_beside(graph, crn_unary(graph, p, CRN_UNARY_COMPLEMENT), p);
    const int64_t one = 1;
    crn_value sum = crn_reshape(graph, crn_reduce(graph, p, CRN_REDUCE_SUM), 1, &one);
    return crn_binary(graph, p, sum, CRN_BINARY_DIVIDE);
}

crn_value crn_linear_classifier_lower(const void *self, crn_method method, crn_graph *graph,
                                      crn_value x)
{
    const crn_linear_classifier *model = self;
    crn_value scores = crn_linear_scores(graph, x, &model->coef_, &model->intercept_);
    return method == CRN_DECISION_FUNCTION ? crn_linear_decision(graph, scores)
                                           : crn_linear_labels(graph, scores, &model->classes_);
}
