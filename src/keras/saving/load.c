/* SPDX-License-Identifier: BSD-3-Clause */
/* From a file to a network: config, weights, how it was compiled, the optimizer's state. */
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/limits.h"
#include "keras/saving/assets.h"
#include "keras/saving/keras_file.h"
#include "keras/saving/saving.h"

/* ---- weights and state ---- */

static crn_status read_weights(const crn_keras_file *file, crn_network *network, crn_error *err)
{
    crn_staged_weights staged = {0};
    CRN_TRY(crn_staged_weights_create(network, &staged, err));
    crn_status status = crn_keras_file_read_weights(file, &staged, err);
    if (status == CRN_OK)
        status = crn_staged_weights_commit(&staged, err);
    crn_staged_weights_free(&staged);
    return status;
}

static crn_status read_state(const crn_keras_file *file, crn_network *network,
                             const crn_load_options *options, crn_optimizer_layout *layout,
                             crn_error *err)
{
    crn_optimizer_state state;
    if (network->compiled.optimizer == NULL)
        return CRN_OK;
    CRN_TRY(crn_keras_file_read_optimizer(file, &state, err));
    *layout = state.layout;
    crn_status status = crn_optimizer_state_restore(&state, network, options, err);
    crn_optimizer_state_free(&state);
    return status;
}

crn_status crn_keras_load_weights(crn_network *network, crn_buffer *file,
                                  const crn_load_options *options, crn_error *err)
{
    crn_optimizer_layout layout;
    crn_keras_file opened;
    crn_document *configs = NULL;
    CRN_TRY(crn_document_create(options->limits, &configs, err));
    crn_status status = crn_keras_file_open(file, options->limits, configs, &opened, err);
    if (status == CRN_OK)
        status = read_weights(&opened, network, err);
    /* The legacy layouts restore no optimizer on load_weights(), the one of Keras 3 does. */
    if (status == CRN_OK && strcmp(opened.format, "h5") != 0)
        status = read_state(&opened, network, options, &layout, err);
    crn_keras_file_close(&opened);
    crn_document_release(configs);
    return status;
}

/* ---- whole models ---- */

/* What a model cannot be compiled with does not keep it from predicting. */
static crn_status compile(const crn_keras_file *file, crn_network *network,
                          const crn_load_options *options, crn_error *err)
{
    crn_error why = CRN_ERROR_INIT;
    char message[1024];
    if (file->compilation == NULL || crn_object_is_none(file->compilation))
        return CRN_OK;
    crn_status status =
        crn_network_read_compilation(network, network->document, file->compilation, &why);
    if (status == CRN_OK)
        return CRN_OK;
    if (status == CRN_NO_MEMORY || status == CRN_LIMIT)
        return crn_fail(err, status, "%s", why.message);
    if (options->warning == NULL)
        return CRN_OK;
    snprintf(
        message, sizeof message,
        "The model was not compiled, because its training configuration cannot be used: %s",
        why.message);
    options->warning(options->warning_context, message);
    return CRN_OK;
}

/* What the model needs to be saved as it is, as long as nobody changes it. */
static crn_status remember(const crn_keras_file *file, crn_buffer *bytes,
                           crn_optimizer_layout layout, crn_document *document, crn_error *err)
{
    crn_keras_source *source = crn_arena_alloc(document->arena, 1, sizeof *source);
    if (source == NULL)
        return crn_arena_fail(document->arena, err);
    CRN_TRY(crn_document_keep(document, crn_buffer_retain(bytes), err));
    *source = (crn_keras_source){.format = file->format,
                                 .bytes = bytes,
                                 .config = file->config,
                                 .compilation = file->compilation,
                                 .layout = layout};
    document->container = source;
    return CRN_OK;
}

/* A model that was saved before its input was known has neither shapes nor weights. */
static bool has_weights(const crn_keras_file *file, const crn_network *network)
{
    return file->h5 != NULL && (network->built || crn_keras_file_weight_bytes(file) > 0);
}

static crn_status fill(const crn_keras_file *file, crn_buffer *bytes, crn_network *network,
                       const crn_load_options *options, crn_document *document, crn_error *err)
{
    crn_optimizer_layout layout = CRN_OPTIMIZER_KERAS_3;
    CRN_TRY(crn_keras_file_read_assets(file, network, err));
    if (has_weights(file, network))
        CRN_TRY(read_weights(file, network, err));
    CRN_TRY(compile(file, network, options, err));
    if (network->has_weights)
        CRN_TRY(read_state(file, network, options, &layout, err));
    return remember(file, bytes, layout, document, err);
}

/* A file of weights has numbers for all of them; where there are none, the limit holds. */
static uint64_t weight_bytes(const crn_keras_file *file, const crn_load_options *options)
{
    if (file->h5 == NULL)
        return crn_limits_complete(options->limits).memory_bytes;
    const uint64_t bytes = crn_keras_file_weight_bytes(file);
    return bytes > 0 ? bytes : 1;
}

static crn_status load_model(const crn_keras_file *file, crn_buffer *bytes,
                             const crn_load_options *options, crn_document *document,
                             crn_model **out, crn_error *err)
{
    const crn_network_source source = {.keras_version = file->keras_version,
                                       .weight_bytes = weight_bytes(file, options)};
    crn_network *network = NULL;
    if (!crn_object_is(file->config, CRN_OBJ_DICT))
        return crn_fail(err, CRN_FORMAT, "not the config of a Keras model, but a %s",
                        crn_object_kind_name(file->config));
    CRN_TRY(crn_network_read(file->config, document, &source, &network, err));
    crn_status status = fill(file, bytes, network, options, document, err);
    if (status == CRN_OK)
        status = crn_network_wrap(network, out, err);
    if (status != CRN_OK) {
        crn_network_destroy(network);
        return status;
    }
    (*out)->untouched = true;
    return CRN_OK;
}

/* ---- weights alone ---- */

static crn_status load_whole(crn_buffer *bytes, const crn_load_options *options,
                             crn_model **out, crn_error *err)
{
    crn_keras_file file = {0};
    crn_document *document = NULL;
    CRN_TRY(crn_document_create(options->limits, &document, err));
    crn_status status = crn_keras_file_open(bytes, options->limits, document, &file, err);
    if (status == CRN_OK && file.config == NULL)
        status = crn_fail(err, CRN_ARGUMENT,
                          "it holds weights alone; an architecture is a model or its JSON");
    if (status == CRN_OK)
        status = load_model(&file, bytes, options, document, out, err);
    crn_keras_file_close(&file);
    crn_document_release(document);
    return status;
}

static crn_status load_architecture(const crn_load_options *options, crn_model **out,
                                    crn_error *err)
{
    crn_buffer *bytes = NULL;
    if (options->architecture == NULL)
        return crn_fail(
            err, CRN_ARGUMENT,
            "No model config found in the file: it holds weights alone and needs an "
            "architecture, a model file or a Keras JSON");
    const uint64_t limit = options->limits != NULL ? options->limits->file_bytes : 0;
    CRN_TRY(crn_file_read(options->architecture, limit, &bytes, err));
    crn_status status = load_whole(bytes, options, out, err);
    crn_buffer_release(bytes);
    if (status != CRN_OK)
        crn_where(err, "%s", options->architecture);
    return status;
}

static crn_status load_weights_alone(const crn_keras_file *file,
                                     const crn_load_options *options, crn_model **out,
                                     crn_error *err)
{
    crn_model *model = NULL;
    CRN_TRY(load_architecture(options, &model, err));
    crn_status status = read_weights(file, crn_model_network(model), err);
    if (status != CRN_OK) {
        crn_model_destroy(model);
        return status;
    }
    model->untouched = false;
    *out = model;
    return CRN_OK;
}

crn_status crn_keras_load(crn_buffer *bytes, const char *path, const crn_load_options *options,
                          crn_model **out, crn_error *err)
{
    crn_keras_file file = {0};
    crn_document *document = NULL;
    (void)path;
    CRN_TRY(crn_document_create(options->limits, &document, err));
    crn_status status = crn_keras_file_open(bytes, options->limits, document, &file, err);
    if (status == CRN_OK && file.config == NULL)
        status = load_weights_alone(&file, options, out, err);
    else if (status == CRN_OK)
        status = load_model(&file, bytes, options, document, out, err);
    crn_keras_file_close(&file);
    crn_document_release(document);
    return status;
}
