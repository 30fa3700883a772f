/* SPDX-License-Identifier: BSD-3-Clause */
/* The files of tests/golden/data, for the tests of the table formats. Include after test.h. */
#ifndef CRN_TESTS_GOLDEN_DATA_H
#define CRN_TESTS_GOLDEN_DATA_H

#include <stdlib.h>

#include "base/file.h"

/* A file of tests/golden/data; one reference. */
static inline crn_buffer *golden_data(const char *name)
{
    char path[512];
    crn_error err = CRN_ERROR_INIT;
    crn_buffer *file = NULL;
    snprintf(path, sizeof path, "%s/data/%s", CRN_GOLDEN_DIR, name);
    assert_ok(crn_file_read(path, 0, &file, &err));
    return file;
}

/* A copy of bytes in memory of exactly their size, so that the sanitizer sees a read beyond
 * them. */
static inline crn_buffer *buffer_of(const void *bytes, size_t size)
{
    uint8_t *copy = malloc(size > 0 ? size : 1);
    assert_non_null(copy);
    if (size > 0)
        memcpy(copy, bytes, size);
    crn_buffer *buffer = crn_buffer_wrap(copy, size, free, copy);
    assert_non_null(buffer);
    return buffer;
}

/* The message of the last failure holds this text. */
#define assert_message(text)                                                                   \
    do {                                                                                       \
        if (strstr(err.message, text) == NULL)                                                 \
            fail_msg("the message '%s' does not say '%s'", err.message, text);                 \
    } while (0)

#endif
