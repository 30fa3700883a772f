/* SPDX-License-Identifier: BSD-3-Clause */
/* What can be asked of a model without running it. */
#include "model/model.h"

bool crn_model_has_method(const crn_model *model, crn_method method)
{
    bool exists = (int)method >= 0 && method < CRN_METHOD_COUNT;
    return exists && model->type->has_method(model, method);
}

const char *crn_model_class(const crn_model *model)
{
    return model->type->class_name(model);
}

int64_t crn_model_features(const crn_model *model)
{
    crn_port ports[CRN_MAX_PORTS];
    int count = model->type->inputs(model, crn_model_main_method(model), ports);
    int64_t features = 0;
    for (int i = 0; i < count; i++) {
        const crn_type *type = &ports[i].type;
        for (int32_t axis = 0; axis < type->ndim; axis++) {
            if (type->shape[axis] < 0)
                return -1;
        }
        features += crn_type_size(type);
    }
    return count > 0 ? features : -1;
}

crn_array crn_model_input(const crn_model *model, crn_method method, int i)
{
    crn_port ports[CRN_MAX_PORTS];
    crn_array input = CRN_ARRAY_INIT;
    if (!crn_model_has_method(model, method) || i < 0 ||
        i >= model->type->inputs(model, method, ports))
        return input;
    const crn_type *type = &ports[i].type;
    input =
        (crn_array){.dtype = type->dtype, .itemsize = type->itemsize, .ndim = type->ndim + 1};
    for (int32_t axis = 0; axis < type->ndim; axis++)
        input.shape[axis + 1] = type->shape[axis];
    return input;
}

const char *crn_model_feature_name(const crn_model *model, int64_t i)
{
    return model->type->feature_name != NULL ? model->type->feature_name(model, i) : NULL;
}

char *crn_model_class_label(const crn_model *model, int64_t i)
{
    crn_array classes;
    crn_text text = CRN_TEXT_INIT;
    if (model->type->classes == NULL || !model->type->classes(model, &classes) || i < 0 ||
        i >= classes.shape[0])
        return NULL;
    crn_label_text(&classes, i, &text);
    return crn_text_take(&text, NULL);
}

crn_status crn_model_get(const crn_model *model, const char *path, crn_array *out,
                         crn_error *err)
{
    if (model->type->get == NULL)
        return crn_fail(err, CRN_UNSUPPORTED, "%s has no attributes that can be read",
                        model->type->class_name(model));
    crn_array found = CRN_ARRAY_INIT;
    CRN_TRY(model->type->get(model, path, &found, err));
    *out = found;
    return CRN_OK;
}

int crn_model_step_count(const crn_model *model)
{
    return model->type->step_count != NULL ? model->type->step_count(model) : 0;
}

const crn_model *crn_model_step(const crn_model *model, int i)
{
    if (i < 0 || i >= crn_model_step_count(model))
        return NULL;
    return model->type->step(model, i);
}
