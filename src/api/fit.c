/* SPDX-License-Identifier: BSD-3-Clause */
/* Fitting: options completed, then the family's own fit. */
#include <string.h>
#include <sys/random.h>

#include "api/options.h"
#include "model/model.h"

/* False when the model is, or has inside, one that takes Keras's options. */
static bool is_all_sklearn(const crn_model *model)
{
    int count = crn_model_step_count(model);
    if (strcmp(model->type->family, "cornichon") != 0)
        return strcmp(model->type->family, "scikit-learn") == 0;
    for (int i = 0; i < count; i++) {
        if (!is_all_sklearn(crn_model_step(model, i)))
            return false;
    }
    return true;
}

/* The name of a Keras option that is set; NULL when none is. */
static const char *keras_option(const crn_fit_options *options)
{
    const struct {
        bool set;
        const char *name;
    } all[] = {
        {options->optimizer != NULL, "optimizer"},
        {options->loss != NULL, "loss"},
        {options->metrics != NULL, "metrics"},
        {options->epochs != 0, "epochs"},
        {options->batch_size != 0, "batch_size"},
        {options->validation_split != 0.0, "validation_split"},
        {options->validation != NULL, "validation"},
        {options->callbacks != NULL, "callbacks"},
        {options->class_weight != NULL, "class_weight"},
        {options->no_shuffle, "no_shuffle"},
        {options->initial_epoch != 0, "initial_epoch"},
    };
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        if (all[i].set)
            return all[i].name;
    }
    return NULL;
}

/* A seed of the system where the caller gave none, so that families always find one. */
static crn_status complete_seed(crn_fit_options *options, crn_error *err)
{
    if (options->has_seed)
        return CRN_OK;
    if (getrandom(&options->seed, sizeof options->seed, 0) != (ssize_t)sizeof options->seed)
        return crn_fail(err, CRN_IO, "the system gives no random numbers");
    return CRN_OK;
}

static crn_status check_options(const crn_model *model, const crn_fit_options *options,
                                crn_error *err)
{
    const char *option = is_all_sklearn(model) ? keras_option(options) : NULL;
    if (option == NULL)
        return CRN_OK;
    return crn_fail(err, CRN_ARGUMENT,
                    "%s is an option of Keras models; %s takes what it needs as parameters",
                    option, model->type->class_name(model));
}

crn_status crn_model_fit(crn_model *model, const crn_data *given_data,
                         const crn_fit_options *given_options, crn_history **history,
                         crn_error *err)
{
    crn_data data = CRN_DATA_INIT;
    crn_fit_options options = CRN_FIT_OPTIONS_INIT;
    CRN_TRY(crn_options_take(&data, sizeof data, given_data, "crn_data", err));
    CRN_TRY(crn_options_take(&options, sizeof options, given_options, "crn_fit_options", err));
    crn_data validation = CRN_DATA_INIT;
    CRN_TRY(
        crn_options_take(&validation, sizeof validation, options.validation, "crn_data", err));
    if (options.validation != NULL)
        options.validation = &validation;
    if (model->type->fit == NULL)
        return crn_fail(err, CRN_UNSUPPORTED, "%s cannot be fitted",
                        model->type->class_name(model));
    CRN_TRY(check_options(model, &options, err));
    CRN_TRY(complete_seed(&options, err));
    crn_history *record = NULL;
    CRN_TRY(crn_history_create(&record, err));
    crn_status status = model->type->fit(model, &data, &options, record, err);
    if (status == CRN_OK)
        model->untouched = false;
    if (status == CRN_OK && history != NULL)
        *history = record;
    else
        crn_history_destroy(record);
    return status;
}
