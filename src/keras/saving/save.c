/* SPDX-License-Identifier: BSD-3-Clause */
/* From a network to a file. What is written is the oldest spelling of each format, which all
 * versions of Keras that know the format take (docs/formats/keras.md). */
#include <string.h>

#include "format/json.h"
#include "keras/saving/keras_file.h"
#include "keras/saving/legacy_h5.h"
#include "keras/saving/saving.h"
#include "keras/saving/weights_h5.h"

/* The Keras that a file says it is from, where the network does not come from one of that
 * generation. */
static const char *version_for(const crn_network *network, int target)
{
    static const char keras_2[] = "2.15.0", keras_3[] = "3.15.1";
    const char *own = network->keras_version;
    if (own != NULL && (target == 0 || target == network->keras))
        return own;
    return target == 2 ? keras_2 : keras_3;
}

/* One save. */
typedef struct saving {
    const crn_network *network;
    const crn_keras_source
        *source;            /* the file it came from, when it is saved unchanged; else NULL */
    const char *version;    /* keras_version of the file */
    int target;             /* the Keras that shall read it: 2, 3; 0: any that can */
    bool optimizer;         /* with the compilation and the optimizer's state */
    crn_document *document; /* for what is made on the way */
} saving;

/* ---- configs ---- */

/* A copy of a record with another compile_config, or without one. */
static crn_object *with_compilation(const saving *save, const crn_object *record,
                                    crn_object *compilation, crn_error *err)
{
    crn_object *copy = crn_object_new(save->document, CRN_OBJ_DICT);
    bool made = copy != NULL;
    for (size_t i = 0; made && i + 1 < record->as.items.count; i += 2) {
        crn_object *key = record->as.items.at[i];
        if (!crn_object_is_str(key, "compile_config"))
            made = crn_object_set_pair(save->document, copy, key, record->as.items.at[i + 1]);
    }
    if (made && compilation != NULL && !crn_object_is_none(compilation))
        made = crn_object_set(save->document, copy, "compile_config", compilation);
    if (!made) {
        crn_arena_fail(save->document->arena, err);
        return NULL;
    }
    return copy;
}

/* training_config or compile_config, in *out; None or NULL when there is none. */
static crn_status compilation_of(const saving *save, crn_keras_dialect dialect,
                                 const crn_object **out, crn_error *err)
{
    *out = NULL;
    if (!save->optimizer)
        return CRN_OK;
    if (save->source != NULL) {
        *out = save->source->compilation;
        return CRN_OK;
    }
    *out = crn_network_compile_config(save->network, save->document, dialect, err);
    return *out != NULL ? CRN_OK : err != NULL ? err->code : CRN_NO_MEMORY;
}

/* The model's record with its compile_config. */
static crn_status config_of(const saving *save, crn_keras_dialect dialect,
                            const crn_object **out, crn_error *err)
{
    const crn_object *compilation;
    CRN_TRY(compilation_of(save, dialect, &compilation, err));
    *out = save->source != NULL
               ? save->source->config
               : crn_network_config(save->network, save->document, dialect, save->target, err);
    if (*out != NULL)
        *out = with_compilation(save, *out, (crn_object *)compilation, err);
    return *out != NULL ? CRN_OK : err != NULL ? err->code : CRN_NO_MEMORY;
}

/* ---- legacy HDF5 ---- */

static crn_status set_text(crn_h5 *h5, const char *name, const char *text, crn_error *err)
{
    return crn_h5_set_text(h5, crn_h5_root(h5), name, text, strlen(text), true, err);
}

/* The character set is ASCII: h5py 2, which Keras 2.4 has, gives such texts as bytes, as it
 * expects. */
static crn_status set_json(crn_h5 *h5, const char *name, const crn_object *value,
                           crn_error *err)
{
    crn_text json = CRN_TEXT_INIT;
    crn_status status = crn_json_write(value, CRN_JSON_PYTHON, &json, err);
    if (status == CRN_OK)
        status = crn_h5_set_text(h5, crn_h5_root(h5), name, json.data, json.size, false, err);
    crn_text_free(&json);
    return status;
}

/* Keras 2.11 and later mark the optimizers that are not "legacy". */
static crn_optimizer_layout layout_of(const saving *save, const crn_object *compilation)
{
    if (save->source != NULL)
        return save->source->layout;
    const crn_object *optimizer = crn_object_get(compilation, "optimizer_config");
    const crn_object *legacy =
        crn_object_get(crn_object_get(optimizer, "config"), "is_legacy_optimizer");
    bool value = true;
    crn_object_as_bool(legacy, &value);
    return value ? CRN_OPTIMIZER_KERAS_2 : CRN_OPTIMIZER_KERAS_2_11;
}

/* The dialect of Keras 2, which Keras 3 reads, too. What it cannot say is said in that of
 * Keras 3, unless Keras 2 shall read it. */
static const crn_object *h5_config(const saving *save, crn_error *err)
{
    crn_error why = CRN_ERROR_INIT;
    if (save->source != NULL)
        return save->source->config;
    crn_object *config =
        crn_network_config(save->network, save->document, CRN_KERAS_2, save->target, &why);
    if (config == NULL && why.code == CRN_UNSUPPORTED && save->target != 2 &&
        save->network->keras == 3)
        return crn_network_config(save->network, save->document, CRN_KERAS_3, 3, err);
    if (config == NULL && err != NULL && err->code == CRN_OK)
        *err = why;
    return config;
}

static crn_status fill_h5(const saving *save, crn_h5 *h5, crn_error *err)
{
    const crn_object *config, *compilation;
    crn_h5_node *group;
    CRN_TRY(compilation_of(save, CRN_KERAS_2, &compilation, err));
    config = h5_config(save, err);
    if (config == NULL)
        return err != NULL ? err->code : CRN_NO_MEMORY;
    CRN_TRY(set_text(h5, "keras_version", save->version, err));
    CRN_TRY(set_text(h5, "backend", "tensorflow", err));
    CRN_TRY(set_json(h5, "model_config", config, err));
    CRN_TRY(crn_h5_group(h5, crn_h5_root(h5), "model_weights", &group, err));
    CRN_TRY(crn_legacy_h5_write_weights(h5, group, save->network, save->version, err));
    if (compilation == NULL || crn_object_is_none(compilation))
        return CRN_OK;
    CRN_TRY(set_json(h5, "training_config", compilation, err));
    return crn_legacy_h5_write_optimizer(h5, save->network, layout_of(save, compilation), err);
}

static crn_status fill_legacy_weights(const saving *save, crn_h5 *h5, crn_error *err)
{
    return crn_legacy_h5_write_weights(h5, crn_h5_root(h5), save->network, save->version, err);
}

static crn_status write_h5(const saving *save, crn_text *out,
                           crn_status (*fill)(const saving *, crn_h5 *, crn_error *),
                           crn_error *err)
{
    crn_h5 *h5 = NULL;
    CRN_TRY(crn_h5_create(&h5, err));
    crn_status status = fill(save, h5, err);
    if (status == CRN_OK)
        status = crn_h5_write(h5, out, err);
    crn_h5_destroy(h5);
    return status;
}

/* ---- by format ---- */

static crn_status save_keras(const saving *save, crn_text *out, crn_error *err)
{
    const crn_object *config;
    if (save->target == 2)
        return crn_fail(err, CRN_UNSUPPORTED,
                        "a .keras archive is written for Keras 3; whole models for Keras 2 are "
                        ".h5 files, which all its versions read");
    CRN_TRY(config_of(save, CRN_KERAS_3, &config, err));
    return crn_keras_zip_write(save->network, config, save->version, save->optimizer,
                               save->document, out, err);
}

static crn_status save_json(const saving *save, crn_text *out, crn_error *err)
{
    const crn_object *config;
    CRN_TRY(config_of(save, save->target == 2 ? CRN_KERAS_2 : CRN_KERAS_NEWEST, &config, err));
    return crn_json_write(config, CRN_JSON_PYTHON, out, err);
}

static crn_status save_weights_h5(const saving *save, crn_text *out, crn_error *err)
{
    return crn_weights_h5_write(save->network, save->optimizer, out, err);
}

static crn_status save_h5(const saving *save, crn_text *out, crn_error *err)
{
    return write_h5(save, out, fill_h5, err);
}

static crn_status save_legacy_weights(const saving *save, crn_text *out, crn_error *err)
{
    return write_h5(save, out, fill_legacy_weights, err);
}

typedef struct format {
    const char *name;
    bool weights; /* the file has weights */
    crn_status (*save)(const saving *save, crn_text *out, crn_error *err);
} format;

static const format formats[] = {
    {"h5", true, save_h5},
    {"keras", true, save_keras},
    {"weights.h5", true, save_weights_h5},
    {"legacy_weights.h5", true, save_legacy_weights},
    {"json", false, save_json},
};

static crn_status find_format(const crn_network *network, const char *name, const format **out,
                              crn_error *err)
{
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
        if (strcmp(formats[i].name, name) != 0)
            continue;
        *out = &formats[i];
        if (!formats[i].weights || network->has_weights)
            return CRN_OK;
        return crn_fail(err, CRN_STATE,
                        "This %s model has no weights yet. Call 'fit', or load weights, before "
                        "saving it",
                        network->class_name);
    }
    return crn_fail(
        err, CRN_UNSUPPORTED,
        "%s is saved as h5, keras, weights.h5, legacy_weights.h5 or json, not as %s",
        network->class_name, name);
}

crn_status crn_keras_save(const crn_model *model, const crn_save_options *options,
                          crn_text *out, crn_error *err)
{
    const format *kind = NULL;
    const crn_network *network = crn_model_network(model);
    if (options->keras != 0 && options->keras != 2 && options->keras != 3)
        return crn_fail(err, CRN_ARGUMENT, "keras must be 2 or 3, not %d", options->keras);
    CRN_TRY(find_format(network, options->format, &kind, err));
    const crn_keras_source *source =
        model->untouched && model->document != NULL ? model->document->container : NULL;
    if (source != NULL && (strcmp(source->format, options->format) != 0 ||
                           (options->keras != 0 && options->keras != network->keras)))
        source = NULL; /* it becomes another file */
    if (source != NULL && !options->no_optimizer) {
        crn_text_add_bytes(out, crn_buffer_data(source->bytes), crn_buffer_size(source->bytes));
        return crn_text_status(out, err);
    }
    saving save = {.network = network,
                   .source = source,
                   .version = version_for(network, options->keras),
                   .target = options->keras,
                   .optimizer = !options->no_optimizer};
    CRN_TRY(crn_document_create(NULL, &save.document, err));
    crn_status status = kind->save(&save, out, err);
    crn_document_release(save.document);
    return status;
}
