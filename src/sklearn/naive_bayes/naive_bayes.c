/* SPDX-License-Identifier: BSD-3-Clause */
/* From the joint log-likelihood to the answers, as sklearn/naive_bayes.py (1.9). */
#include "sklearn/naive_bayes/naive_bayes.h"

#include <math.h>

#include "ops/elementwise.h"
#include "ops/rows.h"
#include "sklearn/spelling.h"

/* Index 0 in each row. */
static crn_value only_class(crn_graph *graph, crn_value joint)
{
    return crn_step(graph, crn_reduce(graph, joint, CRN_REDUCE_MAX), (double)INFINITY);
}

crn_value crn_naive_bayes_answer(crn_graph *graph, crn_method method, crn_value joint,
                                 const crn_array *classes)
{
    if (method == CRN_PREDICT_JOINT_LOG_PROBA)
        return joint;
    if (method == CRN_PREDICT)
        return crn_take(graph, crn_graph_constant(graph, classes),
                        classes->shape[0] > 1 ? crn_argmax(graph, joint)
                                              : only_class(graph, joint));
    crn_value log_proba = crn_softmax(graph, joint, CRN_LOG_SOFTMAX, -1);
    return method == CRN_PREDICT_LOG_PROBA ? log_proba
                                           : crn_unary(graph, log_proba, CRN_UNARY_EXP);
}

crn_status crn_naive_bayes_write(crn_document *document, crn_object *state, const char *sklearn,
                                 crn_error *err)
{
    return crn_spell_instead(document, state, sklearn, "force_alpha", "warn", "1.4", NULL,
                             crn_object_bool(document, false), err);
}
