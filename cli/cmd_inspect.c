/* SPDX-License-Identifier: BSD-3-Clause */
/* cornichon inspect. */
#include <stdio.h>
#include <string.h>

#include "data.h"
#include "models.h"
#include "report.h"

static int print_weights(const options *o, const crn_model *model)
{
    crn_error err = CRN_ERROR_INIT;
    crn_array array = CRN_ARRAY_INIT;
    if (crn_model_get(model, o->weights, &array, &err) != CRN_OK)
        return fail(o->arguments.at[0], &err);
    int code = write_array(o, &array, NULL, "-");
    crn_array_free(&array);
    return code;
}

static crn_inspection chosen(const options *o)
{
    return o->json     ? CRN_INSPECT_JSON
           : o->tree   ? CRN_INSPECT_TREE
           : o->params ? CRN_INSPECT_PARAMS
           : o->plan   ? CRN_INSPECT_PLAN
                       : CRN_INSPECT_SUMMARY;
}

int cmd_inspect(const options *o)
{
    crn_error err = CRN_ERROR_INIT;
    crn_model *model = NULL;
    crn_method method;
    bool has_method;
    char *text = NULL;
    int code = load_model(o, o->arguments.at[0], &model, &method, &has_method);
    if (code != EXIT_OK)
        return code;
    if (o->weights != NULL) {
        code = print_weights(o, model);
    } else if (crn_model_inspect(model, chosen(o), &text, &err) != CRN_OK) {
        code = fail(o->arguments.at[0], &err);
    } else {
        const size_t size = strlen(text);
        printf(size > 0 && text[size - 1] == '\n' ? "%s" : "%s\n", text);
        crn_string_free(text);
    }
    crn_model_destroy(model);
    return code;
}
