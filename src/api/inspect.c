/* SPDX-License-Identifier: BSD-3-Clause */
/* What is in a model as text, and what cornichon knows. */
#include <stdlib.h>

#include "api/predictor.h"
#include "cornichon/table.h"
#include "model/registry.h"
#include "plan/plan.h"

/* The operations of the main method. A model that cannot run says why instead. */
static crn_status describe_plan(const crn_model *model, crn_text *out)
{
    crn_error why = CRN_ERROR_INIT;
    crn_graph *graph = NULL;
    crn_plan *plan = NULL;
    crn_method method = crn_model_main_method(model);
    crn_status status = crn_model_graph(model, method, NULL, false, &graph, &why);
    if (status == CRN_OK)
        status = crn_plan_create(graph, NULL, &plan, &why);
    if (status == CRN_NO_MEMORY)
        return status;
    if (status != CRN_OK) {
        crn_text_printf(out, "no plan: %s\n", why.message);
        return CRN_OK;
    }
    crn_text_printf(out, "%s\n", crn_method_name(method));
    crn_plan_describe(plan, out);
    crn_plan_release(plan);
    return CRN_OK;
}

crn_status crn_model_inspect(const crn_model *model, crn_inspection what, char **text,
                             crn_error *err)
{
    crn_text out = CRN_TEXT_INIT;
    char *taken = NULL;
    crn_status status;
    if (what == CRN_INSPECT_PLAN)
        status = describe_plan(model, &out) == CRN_OK ? CRN_OK : crn_no_memory(err);
    else
        status = model->type->inspect(model, what, &out, err);
    if (status == CRN_OK && (taken = crn_text_take(&out, err)) == NULL)
        status = crn_text_status(&out, err);
    crn_text_free(&out);
    if (status == CRN_OK)
        *text = taken;
    return status;
}

void crn_string_free(char *text)
{
    free(text);
}

static bool list_dataset(size_t i, crn_listing *out)
{
    const char *name = crn_dataset_name(i);
    if (name == NULL)
        return false;
    *out = (crn_listing){.name = name, .module = "", .summary = crn_dataset_summary(name)};
    return true;
}

bool crn_list(crn_kind kind, size_t i, crn_listing *out)
{
    if (kind == CRN_KIND_DATASET)
        return list_dataset(i, out);
    const crn_family *family;
    for (size_t k = 0; (family = crn_family_at(k)) != NULL; k++) {
        size_t count = 0;
        while (count < i && family->list(kind, count, out))
            count++;
        if (count == i && family->list(kind, i, out))
            return true;
        i -= count;
    }
    return false;
}
