/* SPDX-License-Identifier: BSD-3-Clause */
/* Asking a model once. */
#include "api/predictor.h"

crn_status crn_model_predict(const crn_model *model, crn_method method, const crn_array *x,
                             crn_array *y, crn_error *err)
{
    CRN_TRY(crn_model_require(model, method, err));
    crn_port ports[CRN_MAX_PORTS];
    int inputs = model->type->inputs(model, method, ports);
    if (inputs != 1)
        return crn_fail(err, CRN_ARGUMENT, "%s has %d inputs: ask it through a crn_predictor",
                        model->type->class_name(model), inputs);
    crn_predictor *predictor = NULL;
    CRN_TRY(crn_predictor_create_for(model, method, x, NULL, &predictor, err));
    crn_status status = CRN_OK;
    if (crn_predictor_outputs(predictor) != 1)
        status = crn_fail(err, CRN_ARGUMENT,
                          "%s.%s gives %d outputs: ask it through a crn_predictor",
                          model->type->class_name(model), crn_method_name(method),
                          crn_predictor_outputs(predictor));
    if (status == CRN_OK)
        status = crn_predict(predictor, x, y, err);
    crn_predictor_destroy(predictor);
    return status;
}
