/* SPDX-License-Identifier: BSD-3-Clause */
/* Judging predictions: as the model itself does (a compiled Keras model), else by task. */
#include "api/options.h"
#include "model/model.h"

static crn_status evaluate_by_task(const crn_model *model, const crn_data *data, crn_scores *scores,
                                   crn_error *err)
{
    crn_array classes = CRN_ARRAY_INIT, predicted = CRN_ARRAY_INIT;
    CRN_TRY(crn_model_predict(model, CRN_PREDICT, &data->x, &predicted, err));
    bool classifier = model->type->classes != NULL && model->type->classes(model, &classes);
    crn_status status = classifier ? crn_scores_classification(scores, &data->y, &predicted, err)
                                   : crn_scores_regression(scores, &data->y, &predicted, err);
    crn_array_free(&predicted);
    return status;
}

crn_status crn_model_evaluate(const crn_model *model, const crn_data *given, int batch_size,
                              crn_pool *pool, crn_scores **out, crn_error *err)
{
    crn_data data = CRN_DATA_INIT;
    CRN_TRY(crn_options_take(&data, sizeof data, given, "crn_data", err));
    if (data.x.data == NULL || data.y.data == NULL)
        return crn_fail(err, CRN_ARGUMENT, "evaluating needs rows and what is true of them: %s is missing",
                        data.x.data == NULL ? "x" : "y");
    crn_scores *scores = NULL;
    CRN_TRY(crn_scores_create(&scores, err));
    crn_status status = model->type->evaluate != NULL
                            ? model->type->evaluate(model, &data, batch_size, pool, scores, err)
                            : evaluate_by_task(model, &data, scores, err);
    if (status == CRN_OK)
        *out = scores;
    else
        crn_scores_destroy(scores);
    return status;
}
