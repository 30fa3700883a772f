/* SPDX-License-Identifier: BSD-3-Clause */
/* Reading golden pickles, and pickles given as literals. */
#ifndef CRN_TESTS_PICKLE_GOLDEN_H
#define CRN_TESTS_PICKLE_GOLDEN_H

#include <stdlib.h>

#include "base/file.h"
#include "format/pickle.h"
#include "test.h"

/* A copy on the heap of exactly that size, so that the sanitizer sees every step outside. */
static inline crn_buffer *copy_of(const void *bytes, size_t size)
{
    void *copy = malloc(size > 0 ? size : 1);
    assert_non_null(copy);
    if (size > 0)
        memcpy(copy, bytes, size);
    crn_buffer *buffer = crn_buffer_wrap(copy, size, free, copy);
    assert_non_null(buffer);
    return buffer;
}

/* A file below tests/golden. */
static inline crn_buffer *golden_file(const char *path)
{
    crn_error err = CRN_ERROR_INIT;
    crn_buffer *file = NULL;
    char whole[1024];
    assert_true(snprintf(whole, sizeof whole, "%s/%s", CRN_GOLDEN_DIR, path) <
                (int)sizeof whole);
    assert_ok(crn_file_read(whole, UINT64_C(1) << 30, &file, &err));
    return file;
}

/* The document of such a file. Companion files are looked for beside it. */
static inline crn_document *golden_document(const char *path)
{
    crn_error err = CRN_ERROR_INIT;
    crn_document *document = NULL;
    char directory[1024];
    assert_true(snprintf(directory, sizeof directory, "%s/%s", CRN_GOLDEN_DIR, path) <
                (int)sizeof directory);
    *strrchr(directory, '/') = '\0';
    crn_buffer *file = golden_file(path);
    assert_ok(crn_pickle_read(file, directory, NULL, &document, &err));
    crn_buffer_release(file);
    return document;
}

/* An attribute of the estimator that a document holds. */
static inline crn_object *attribute(const crn_document *document, const char *name)
{
    assert_true(crn_object_is(document->root, CRN_OBJ_INSTANCE));
    crn_object *value = crn_object_get(document->root->as.instance->state, name);
    assert_non_null(value);
    return value;
}

static inline crn_status read_bytes(const void *bytes, size_t size, const crn_limits *limits,
                                    crn_document **document, crn_error *err)
{
    crn_buffer *file = copy_of(bytes, size);
    crn_status status = crn_pickle_read(file, NULL, limits, document, err);
    crn_buffer_release(file);
    return status;
}

#endif
