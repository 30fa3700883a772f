/* SPDX-License-Identifier: BSD-3-Clause */
/* Models into files. The suffix tells the format, and for joblib's own suffixes the
 * compression, as joblib.dump reads them (joblib/numpy_pickle.py, 1.6). */
#include <string.h>

#include "api/options.h"
#include "base/file.h"
#include "model/model.h"

typedef struct suffix_rule {
    const char *suffix, *format, *compress;
} suffix_rule;

/* The first that fits counts. */
static const suffix_rule suffixes[] = {
    {".weights.h5", "weights.h5", NULL},
    {"_weights.h5", "legacy_weights.h5", NULL},
    {".h5", "h5", NULL},
    {".hdf5", "h5", NULL},
    {".keras", "keras", NULL},
    {".json", "json", NULL},
    {".joblib", "joblib", NULL},
    {".pkl", "pickle", NULL},
    {".pickle", "pickle", NULL},
    {".joblib.z", "joblib", "zlib"},
    {".joblib.gz", "joblib", "gzip"},
    {".joblib.bz2", "joblib", "bz2"},
    {".joblib.xz", "joblib", "xz"},
    {".joblib.lzma", "joblib", "lzma"},
    {".joblib.lz4", "joblib", "lz4"},
};

static const char *const formats[] = {
    "joblib", "pickle", "h5", "keras", "weights.h5", "legacy_weights.h5", "json"};

static bool ends_with(const char *path, const char *suffix)
{
    size_t size = strlen(path), length = strlen(suffix);
    return size >= length && strcmp(path + size - length, suffix) == 0;
}

static crn_status check_format(const char *format, crn_error *err)
{
    for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++) {
        if (strcmp(formats[i], format) == 0)
            return CRN_OK;
    }
    return crn_fail(err, CRN_ARGUMENT,
                    "unknown format '%s'; known are joblib, pickle, h5, keras, weights.h5, "
                    "legacy_weights.h5 and json",
                    format);
}

static crn_status format_by_suffix(const char *path, crn_save_options *options, crn_error *err)
{
    for (size_t i = 0; i < sizeof suffixes / sizeof suffixes[0]; i++) {
        if (!ends_with(path, suffixes[i].suffix))
            continue;
        options->format = suffixes[i].format;
        if (options->compress == NULL)
            options->compress = suffixes[i].compress;
        return CRN_OK;
    }
    return crn_fail(
        err, CRN_ARGUMENT,
        "the suffix of '%s' names no format: use .joblib, .pkl, .h5, .keras, .weights.h5 "
        "or .json, or say the format",
        path);
}

static crn_status write_model(const crn_model *model, const crn_save_options *options,
                              crn_text *out, crn_error *err)
{
    if (model->type->save == NULL)
        return crn_fail(err, CRN_UNSUPPORTED, "%s cannot be saved",
                        model->type->class_name(model));
    CRN_TRY(model->type->save(model, options, out, err));
    return crn_text_status(out, err);
}

crn_status crn_model_save(const crn_model *model, const char *path,
                          const crn_save_options *given, crn_error *err)
{
    crn_save_options options = CRN_SAVE_OPTIONS_INIT;
    CRN_TRY(crn_options_take(&options, sizeof options, given, "crn_save_options", err));
    CRN_TRY(options.format != NULL ? check_format(options.format, err)
                                   : format_by_suffix(path, &options, err));
    crn_text bytes = {.cap = SIZE_MAX / 2};
    crn_status status = write_model(model, &options, &bytes, err);
    if (status == CRN_OK)
        status = crn_file_write(path, bytes.data, bytes.size, err);
    crn_text_free(&bytes);
    return status;
}

crn_status crn_model_to_json(const crn_model *model, char **text, crn_error *err)
{
    crn_save_options options = CRN_SAVE_OPTIONS_INIT;
    options.format = "json";
    crn_text json = CRN_TEXT_INIT;
    char *taken = NULL;
    crn_status status = write_model(model, &options, &json, err);
    if (status == CRN_OK && (taken = crn_text_take(&json, err)) == NULL)
        status = crn_no_memory(err);
    crn_text_free(&json);
    if (status == CRN_OK)
        *text = taken;
    return status;
}
