/* SPDX-License-Identifier: BSD-3-Clause */
/* The frame around every model, and the numbers that go in and out of families. */
#include "model/model.h"

#include <stdlib.h>

crn_status crn_model_create(const crn_model_type *type, void *self, crn_document *document,
                            crn_model **out, crn_error *err)
{
    crn_model *model = crn_calloc(1, sizeof *model);
    if (model == NULL)
        return crn_no_memory(err);
    *model = (crn_model){.type = type, .self = self, .document = crn_document_retain(document)};
    *out = model;
    return CRN_OK;
}

void crn_model_destroy(crn_model *model)
{
    if (model == NULL)
        return;
    model->type->destroy(model);
    crn_document_release(model->document);
    free(model);
}

crn_object *crn_model_expression(const crn_model *model, crn_document *document)
{
    if (model->type->expression != NULL)
        return model->type->expression(model, document);
    crn_object *callable = crn_object_global(document, "", model->type->class_name(model));
    return callable != NULL ? crn_object_instance(document, CRN_BY_CALL, callable) : NULL;
}

/* ---- methods ---- */

enum { METHODS = CRN_METHOD_COUNT };

static bool has_any_method(const crn_model *model)
{
    for (int method = 0; method < METHODS; method++) {
        if (model->type->has_method(model, (crn_method)method))
            return true;
    }
    return false;
}

/* "'PCA' object has no attribute 'predict'; it has transform, inverse_transform" */
static crn_status no_such_method(const crn_model *model, crn_method method, crn_error *err)
{
    crn_text known = CRN_TEXT_INIT;
    for (int other = 0; other < METHODS; other++) {
        if (model->type->has_method(model, (crn_method)other))
            crn_text_printf(&known, "%s%s", known.size > 0 ? ", " : "",
                            crn_method_name((crn_method)other));
    }
    crn_status status = crn_text_status(&known, err);
    if (status == CRN_OK)
        status = crn_fail(err, CRN_UNSUPPORTED, "'%s' object has no attribute '%s'; it has %s",
                          model->type->class_name(model), crn_method_name(method), known.data);
    crn_text_free(&known);
    return status;
}

/* The first step, at any depth, that can say why; CRN_OK when there is none. */
static crn_status refuse_step(const crn_model *model, crn_method method, crn_error *err)
{
    if (model->type->refuse != NULL)
        CRN_TRY(model->type->refuse(model, method, err));
    int count = model->type->step_count != NULL ? model->type->step_count(model) : 0;
    for (int i = 0; i < count; i++) {
        const crn_model *step = model->type->step(model, i);
        crn_status status = step != NULL ? refuse_step(step, method, err) : CRN_OK;
        if (status != CRN_OK) {
            crn_where(err, "steps[%d]", i);
            return status;
        }
    }
    return CRN_OK;
}

crn_object *crn_model_objects(const crn_model *model, crn_document *document, crn_error *err)
{
    if (model->type->objects != NULL)
        return model->type->objects(model, document, err);
    crn_object *expression = crn_model_expression(model, document);
    if (expression == NULL)
        crn_arena_fail(document->arena, err);
    return expression;
}

crn_status crn_model_require(const crn_model *model, crn_method method, crn_error *err)
{
    if ((int)method < 0 || (int)method >= METHODS)
        return crn_fail(err, CRN_ARGUMENT, "there is no method number %d", (int)method);
    if (model->type->has_method(model, method))
        return CRN_OK;
    if (has_any_method(model))
        return no_such_method(model, method, err);
    CRN_TRY(refuse_step(model, method, err));
    return crn_fail(err, CRN_STATE,
                    "This %s instance is not fitted yet. Call 'fit' with appropriate arguments "
                    "before using this estimator.",
                    model->type->class_name(model));
}

crn_method crn_model_main_method(const crn_model *model)
{
    static const crn_method order[METHODS] = {
        CRN_PREDICT,       CRN_TRANSFORM,         CRN_PREDICT_PROBA,    CRN_DECISION_FUNCTION,
        CRN_SCORE_SAMPLES, CRN_PREDICT_LOG_PROBA, CRN_INVERSE_TRANSFORM};
    for (int i = 0; i < METHODS; i++) {
        if (model->type->has_method(model, order[i]))
            return order[i];
    }
    return CRN_PREDICT;
}

crn_method crn_model_step_method(const crn_model *model)
{
    if (model->type->has_method(model, CRN_TRANSFORM))
        return CRN_TRANSFORM;
    return model->type->has_method(model, CRN_PREDICT_PROBA) ? CRN_PREDICT_PROBA : CRN_PREDICT;
}

bool crn_model_stops_nan(const crn_model *model)
{
    return model->type->stops_nan != NULL && model->type->stops_nan(model);
}

/* ---- numbers ---- */

static crn_status as_dtype(const crn_array *in, crn_dtype dtype, crn_array *out, crn_error *err)
{
    if (in->dtype != dtype || !crn_array_is_contiguous(in))
        return crn_array_astype(in, dtype, out, err);
    *out = crn_array_share(in);
    return CRN_OK;
}

crn_status crn_as_float64(const crn_array *in, crn_array *out, crn_error *err)
{
    return as_dtype(in, CRN_FLOAT64, out, err);
}

crn_status crn_as_float32(const crn_array *in, crn_array *out, crn_error *err)
{
    return as_dtype(in, CRN_FLOAT32, out, err);
}
