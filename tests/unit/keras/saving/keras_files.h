/* SPDX-License-Identifier: BSD-3-Clause */
/* What the tests of Keras files share: golden files and their arrays, models that answer alike.
 * Include after test.h. */
#ifndef CRN_TESTS_KERAS_FILES_H
#define CRN_TESTS_KERAS_FILES_H

#include <stdlib.h>

#include "base/file.h"
#include "format/npy.h"
#include "keras/models/network.h"
#include "keras/saving/saving.h"

/* Warnings heard, the last one kept. */
typedef struct heard {
    int count;
    char last[512];
} heard;

static inline void hear(void *context, const char *message)
{
    heard *to = context;
    to->count++;
    snprintf(to->last, sizeof to->last, "%s", message);
}

static inline const char *golden(const char *name)
{
    static char paths[4][512];
    static int next;
    char *path = paths[next++ % 4];
    snprintf(path, sizeof paths[0], "%s/keras/%s", CRN_GOLDEN_DIR, name);
    return path;
}

static inline crn_array golden_array(const char *name)
{
    crn_error err = CRN_ERROR_INIT;
    crn_buffer *file = NULL;
    crn_array array = CRN_ARRAY_INIT;
    assert_ok(crn_file_read(golden(name), 0, &file, &err));
    assert_ok(crn_npy_read(file, &array, &err));
    crn_buffer_release(file);
    return array;
}

/* A golden model; with an architecture for weights alone. */
static inline crn_model *golden_model(const char *name, const char *architecture)
{
    crn_error err = CRN_ERROR_INIT;
    crn_model *model = NULL;
    crn_load_options options = CRN_LOAD_OPTIONS_INIT;
    options.architecture = architecture;
    crn_status status = crn_model_load(golden(name), &options, &model, &err);
    if (status != CRN_OK)
        fail_msg("%s: %s: %s", name, crn_status_name(status), err.message);
    return model;
}

/* predict(x) is y. */
static inline void assert_predicts(const crn_model *model, const crn_array *x,
                                   const crn_array *y, double rtol, double atol)
{
    crn_error err = CRN_ERROR_INIT;
    crn_array got = CRN_ARRAY_INIT, wide = CRN_ARRAY_INIT, want = CRN_ARRAY_INIT;
    assert_ok(crn_model_predict(model, CRN_PREDICT, x, &got, &err));
    assert_int_equal(got.ndim, y->ndim);
    for (int32_t i = 0; i < y->ndim; i++)
        assert_int_equal(got.shape[i], y->shape[i]);
    assert_ok(crn_array_astype(&got, CRN_FLOAT64, &wide, &err));
    assert_ok(crn_array_astype(y, CRN_FLOAT64, &want, &err));
    assert_close(wide.data, want.data, (size_t)crn_array_size(y), rtol, atol);
    crn_array_free(&got);
    crn_array_free(&wide);
    crn_array_free(&want);
}

/* The file that the model is saved as. */
static inline crn_text saved(const crn_model *model, const char *format, bool optimizer)
{
    crn_error err = CRN_ERROR_INIT;
    crn_text bytes = CRN_TEXT_INIT;
    crn_save_options options = CRN_SAVE_OPTIONS_INIT;
    options.format = format;
    options.no_optimizer = !optimizer;
    assert_ok(crn_keras_save(model, &options, &bytes, &err));
    return bytes;
}

/* Loads bytes, which are freed; no warning is given. */
static inline crn_model *loaded(crn_text *bytes, const char *architecture)
{
    crn_error err = CRN_ERROR_INIT;
    crn_model *model = NULL;
    heard warnings = {0};
    crn_load_options options = CRN_LOAD_OPTIONS_INIT;
    options.architecture = architecture;
    options.warning = hear;
    options.warning_context = &warnings;
    assert_ok(crn_model_load_bytes(bytes->data, bytes->size, &options, &model, &err));
    if (warnings.count > 0)
        fail_msg("%s", warnings.last);
    crn_text_free(bytes);
    return model;
}

/* The message of the last failure holds this text. */
#define assert_message(text)                                                                   \
    do {                                                                                       \
        if (strstr(err.message, text) == NULL)                                                 \
            fail_msg("the message '%s' does not say '%s'", err.message, text);                 \
    } while (0)

#endif
