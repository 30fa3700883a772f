/* SPDX-License-Identifier: BSD-3-Clause */
/* Golden arrays and parsed objects for the tests of Keras's small classes. Include after
 * test.h. */
#ifndef CRN_TESTS_GOLDEN_KERAS_H
#define CRN_TESTS_GOLDEN_KERAS_H

#include "base/file.h"
#include "format/json.h"
#include "format/npy.h"
#include "model/expression.h"

/* tests/golden/training/<name>.npz; one reference. */
static inline crn_buffer *golden_keras(const char *name)
{
    char path[512];
    crn_error err = CRN_ERROR_INIT;
    crn_buffer *file = NULL;
    snprintf(path, sizeof path, "%s/training/%s.npz", CRN_GOLDEN_DIR, name);
    assert_ok(crn_file_read(path, 1 << 20, &file, &err));
    return file;
}

/* A member; false when there is none. */
static inline bool golden_find(crn_buffer *file, const char *key, crn_array *out)
{
    *out = (crn_array)CRN_ARRAY_INIT;
    return crn_npz_read(file, key, NULL, out, NULL) == CRN_OK;
}

static inline crn_array golden_array(crn_buffer *file, const char *key)
{
    crn_array out;
    if (!golden_find(file, key, &out))
        fail_msg("no array %s", key);
    return out;
}

static inline crn_document *new_document(void)
{
    crn_error err = CRN_ERROR_INIT;
    crn_document *document = NULL;
    assert_ok(crn_document_create(NULL, &document, &err));
    return document;
}

/* A constructor expression, or a bare name. */
static inline crn_object *parse(crn_document *document, const char *text)
{
    crn_error err = CRN_ERROR_INIT;
    crn_object *object = NULL;
    assert_ok(crn_expression_parse(document, text, strlen(text), &object, &err));
    return object;
}

/* The last failure's message holds this text. */
#define assert_says(text)                                                                      \
    do {                                                                                       \
        if (strstr(err.message, text) == NULL)                                                 \
            fail_msg("the message '%s' does not say '%s'", err.message, text);                 \
    } while (0)

#endif
