/* SPDX-License-Identifier: BSD-3-Clause */
/* Judging predictions. */
#include "api/options.h"
#include "model/model.h"

crn_status crn_model_evaluate(const crn_model *model, const crn_data *given, int batch_size,
                              crn_pool *pool, crn_scores **out, crn_error *err)
{
    crn_data data = CRN_DATA_INIT;
    CRN_TRY(crn_options_take(&data, sizeof data, given, "crn_data", err));
    if (data.x.data == NULL || data.y.data == NULL)
        return crn_fail(err, CRN_ARGUMENT,
                        "evaluating needs rows and what is true of them: %s is missing",
                        data.x.data == NULL ? "x" : "y");
    crn_scores *scores = NULL;
    CRN_TRY(crn_scores_create(&scores, err));
    crn_status status = crn_scores_add_model(scores, model, &data, batch_size, pool, err);
    if (status == CRN_OK)
        *out = scores;
    else
        crn_scores_destroy(scores);
    return status;
}
