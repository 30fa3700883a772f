/* SPDX-License-Identifier: BSD-3-Clause */
/* BaseEnsemble of sklearn/ensemble/_base.py (0.20 to 1.9). */
#include "sklearn/ensemble/forest.h"

#include <stdlib.h>
#include <string.h>

#include "model/expression.h"

crn_status crn_forest_trees(const crn_model_list *estimators, int64_t features, int64_t outputs,
                            const crn_tree ***out, crn_error *err)
{
    if (estimators->count < 1)
        return crn_fail(err, CRN_FORMAT, "estimators_ is empty");
    const crn_tree **trees = crn_calloc((size_t)estimators->count, sizeof *trees);
    crn_status status = trees != NULL ? CRN_OK : crn_no_memory(err);
    for (int64_t i = 0; status == CRN_OK && i < estimators->count; i++) {
        trees[i] = crn_decision_tree_of(estimators->at[i]);
        if (trees[i] == NULL)
            status =
                crn_fail(err, CRN_FORMAT, "estimators_[%lld] is %s, not a fitted tree",
                         (long long)i, estimators->at[i]->type->class_name(estimators->at[i]));
        else if ((features > 0 && trees[i]->n_features != features) ||
                 trees[i]->n_outputs != outputs)
            status = crn_fail(
                err, CRN_FORMAT,
                "estimators_[%lld] has %lld features and %lld outputs, not %lld and "
                "%lld",
                (long long)i, (long long)trees[i]->n_features, (long long)trees[i]->n_outputs,
                (long long)features, (long long)outputs);
    }
    if (status != CRN_OK) {
        free(trees);
        return status;
    }
    *out = trees;
    return CRN_OK;
}

/* A new estimator, as BaseEnsemble's constructor makes it; NULL with an error. */
static crn_object *made(const char *call, crn_document *document, const char *sklearn,
                        crn_error *err)
{
    crn_object *parsed = NULL, *written = NULL;
    crn_model *model = NULL;
    if (crn_expression_parse(document, call, strlen(call), &parsed, err) != CRN_OK ||
        crn_sklearn_parse(document, parsed, &model, err) != CRN_OK)
        return NULL;
    written = crn_sklearn_write(model, document, sklearn, err);
    crn_model_destroy(model);
    return written;
}

static bool copy_entry(crn_document *document, crn_object *state, const char *from,
                       const char *to)
{
    crn_object *value = crn_object_get(state, from);
    if (!crn_object_is(value, CRN_OBJ_INSTANCE) || crn_object_get(state, to) == value)
        return true;
    return crn_object_set(document, state, to, value);
}

crn_status crn_forest_write_estimator(const char *call, crn_document *document,
                                      crn_object *state, const char *sklearn, crn_error *err)
{
    const bool old = crn_version_compare(sklearn, "1.2") < 0;
    const bool between = !old && crn_version_compare(sklearn, "1.4") < 0;
    const char *const now[] = {"estimator", "estimator_"};
    const char *const before[] = {"base_estimator", "base_estimator_"};
    bool ok = true;
    for (int i = 0; i < 2; i++)
        ok = ok &&
             copy_entry(document, state, old ? now[i] : before[i], old ? before[i] : now[i]);
    const char *name = old ? before[0] : now[0];
    if (ok && crn_object_get(state, name) == NULL) {
        crn_object *estimator = made(call, document, sklearn, err);
        if (estimator == NULL)
            return crn_where(err, "%s", name);
        ok = crn_object_set(document, state, name, estimator);
    }
    if (between)
        ok = ok &&
             crn_object_set(document, state, before[0], crn_object_str(document, "deprecated"));
    return ok ? CRN_OK : crn_arena_fail(document->arena, err);
}
