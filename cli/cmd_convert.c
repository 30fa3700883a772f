/* SPDX-License-Identifier: BSD-3-Clause */
/* cornichon convert: the same model for another scikit-learn, Keras, NumPy, pickle protocol or
 * codec, or in another format. */
#include "models.h"
#include "report.h"

int cmd_convert(const options *o)
{
    crn_error err = CRN_ERROR_INIT;
    crn_model *model = NULL;
    crn_method method;
    bool has_method;
    crn_save_options save = CRN_SAVE_OPTIONS_INIT;
    save.format = o->format;
    save.sklearn = o->sklearn;
    save.compress = o->compress;
    save.protocol = (int)o->protocol;
    save.numpy = (int)o->numpy;
    save.keras = (int)o->keras;
    int code = load_model(o, o->arguments.at[0], &model, &method, &has_method);
    if (code != EXIT_OK)
        return code;
    if (has_method)
        code = usage(o, "a whole model is converted, not its method");
    else if (crn_model_save(model, o->arguments.at[1], &save, &err) != CRN_OK)
        code = fail(o->arguments.at[0], &err);
    crn_model_destroy(model);
    return code;
}
