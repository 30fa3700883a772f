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

crn_method crn_model_step_method(const crn_model *model)
{
    if (model->type->has_method(model, CRN_TRANSFORM))
        return CRN_TRANSFORM;
    return model->type->has_method(model, CRN_PREDICT_PROBA) ? CRN_PREDICT_PROBA : CRN_PREDICT;
}

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
