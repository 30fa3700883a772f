/* SPDX-License-Identifier: BSD-3-Clause */
/* Scores of a model on rows whose truth is known: as the model itself judges (a compiled Keras
 * model), else by task. */
#include "cornichon/predictor.h"
#include "model/model.h"

static crn_status predict(const crn_model *model, const crn_array *x, crn_pool *pool,
                          crn_array *y, crn_error *err)
{
    if (pool == NULL || crn_model_features(model) < 0)
        return crn_model_predict(model, CRN_PREDICT, x, y, err);
    crn_predictor_options options = CRN_PREDICTOR_OPTIONS_INIT;
    crn_predictor *predictor = NULL;
    options.pool = pool;
    CRN_TRY(crn_predictor_create(model, CRN_PREDICT, &options, &predictor, err));
    crn_status status = CRN_OK;
    if (crn_predictor_inputs(predictor) != 1 || crn_predictor_outputs(predictor) != 1)
        status = crn_fail(err, CRN_UNSUPPORTED,
                          "a model with several inputs or outputs is not judged");
    if (status == CRN_OK)
        status = crn_predict(predictor, x, y, err);
    crn_predictor_destroy(predictor);
    return status;
}

static crn_status judge_by_task(const crn_model *model, const crn_data *data, crn_pool *pool,
                                crn_scores *scores, crn_error *err)
{
    crn_array classes = CRN_ARRAY_INIT, predicted = CRN_ARRAY_INIT;
    if (data->sample_weight.data != NULL)
        return crn_fail(err, CRN_UNSUPPORTED, "%s is judged without sample_weight",
                        model->type->class_name(model));
    CRN_TRY(predict(model, &data->x, pool, &predicted, err));
    bool classifier = model->type->classes != NULL && model->type->classes(model, &classes);
    crn_status status = classifier
                            ? crn_scores_classification(scores, &data->y, &predicted, err)
                            : crn_scores_regression(scores, &data->y, &predicted, err);
    crn_array_free(&predicted);
    return status;
}

crn_status crn_scores_add_model(crn_scores *scores, const crn_model *model,
                                const crn_data *data, int batch_size, crn_pool *pool,
                                crn_error *err)
{
    if (model->type->evaluate != NULL)
        return model->type->evaluate(model, data, batch_size, pool, scores, err);
    return judge_by_task(model, data, pool, scores, err);
}
