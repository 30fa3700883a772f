/* SPDX-License-Identifier: BSD-3-Clause */
/* Models from files: the family is found from the bytes, never from the name. */
#include <string.h>

#include "api/options.h"
#include "base/file.h"
#include "model/registry.h"

static const crn_family *family_of(const crn_buffer *file)
{
    const crn_family *family;
    for (size_t i = 0; (family = crn_family_at(i)) != NULL; i++) {
        if (family->sniff(crn_buffer_data(file), crn_buffer_size(file)))
            return family;
    }
    return NULL;
}

static crn_status load(crn_buffer *file, const char *path, const crn_load_options *options,
                       crn_model **out, crn_error *err)
{
    const crn_family *family = family_of(file);
    if (crn_buffer_size(file) == 0)
        return crn_fail(err, CRN_FORMAT, "the file is empty");
    if (family == NULL)
        return crn_fail_at(
            err, CRN_FORMAT, 0,
            "not a model: neither a joblib or pickle file nor a Keras .h5 or .keras");
    crn_model *model = NULL;
    CRN_TRY(family->load(file, path, options, &model, err));
    *out = model;
    return CRN_OK;
}

static crn_status take_options(const crn_load_options *given, crn_load_options *options,
                               crn_error *err)
{
    *options = (crn_load_options)CRN_LOAD_OPTIONS_INIT;
    return crn_options_take(options, sizeof *options, given, "crn_load_options", err);
}

static crn_status read_file(const char *path, const crn_load_options *options, crn_buffer **out,
                            crn_error *err)
{
    return crn_file_read(path, options->limits != NULL ? options->limits->file_bytes : 0, out,
                         err);
}

crn_status crn_model_load(const char *path, const crn_load_options *given, crn_model **out,
                          crn_error *err)
{
    crn_load_options options;
    crn_buffer *file = NULL;
    CRN_TRY(take_options(given, &options, err));
    CRN_TRY(read_file(path, &options, &file, err));
    crn_status status = load(file, path, &options, out, err);
    crn_buffer_release(file);
    return status;
}

crn_status crn_model_load_bytes(const void *bytes, size_t size, const crn_load_options *given,
                                crn_model **out, crn_error *err)
{
    crn_load_options options;
    CRN_TRY(take_options(given, &options, err));
    if (options.limits != NULL && options.limits->file_bytes > 0 &&
        size > options.limits->file_bytes)
        return crn_fail(err, CRN_LIMIT, "%zu bytes, and the limit file_bytes is %llu", size,
                        (unsigned long long)options.limits->file_bytes);
    crn_buffer *file = crn_buffer_create(size);
    if (file == NULL)
        return crn_no_memory(err);
    if (size > 0)
        memcpy(crn_buffer_data(file), bytes, size);
    crn_status status = load(file, NULL, &options, out, err);
    crn_buffer_release(file);
    return status;
}

crn_status crn_model_load_weights(crn_model *model, const char *path,
                                  const crn_load_options *given, crn_error *err)
{
    crn_load_options options;
    crn_buffer *file = NULL;
    if (model->type->load_weights == NULL)
        return crn_fail(err, CRN_UNSUPPORTED, "'%s' object has no attribute 'load_weights'",
                        model->type->class_name(model));
    CRN_TRY(take_options(given, &options, err));
    CRN_TRY(read_file(path, &options, &file, err));
    crn_status status = model->type->load_weights(model, file, path, &options, err);
    crn_buffer_release(file);
    if (status == CRN_OK)
        model->untouched = false;
    return status;
}
