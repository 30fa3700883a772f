/* SPDX-License-Identifier: BSD-3-Clause */
/* A reader over bytes that a test puts together, without a superblock: for the parts of the
 * HDF5 reader alone. */
#ifndef CRN_TESTS_H5_SCENE_H
#define CRN_TESTS_H5_SCENE_H

#include "format/hdf5_reader.h"
#include "format/hdf5_writer.h"
#include "test.h"

#include <stdlib.h>

static crn_error err;

/* Stands in for the library's where a test puts structures together whose checksums it does not
 * compute. */
#ifdef SCENE_WITHOUT_CHECKSUMS
bool crn_h5_checksum_holds(const uint8_t *bytes, size_t size)
{
    return bytes != NULL && size >= 4;
}
#endif

typedef struct scene {
    crn_text bytes; /* put here what the file holds, then scene_open() */
    crn_h5_reader reader;
} scene;

/* 8-byte addresses and lengths, generous limits, a budget of four times the bytes. */
static inline crn_h5_reader *scene_open(scene *it)
{
    crn_h5_reader *reader = &it->reader;
    *reader = (crn_h5_reader){.offset_size = 8, .length_size = 8};
    reader->limits = (crn_limits){.file_bytes = 1 << 30,
                                  .inflated_bytes = 1 << 30,
                                  .inflate_ratio = 2000,
                                  .memory_bytes = 1 << 26,
                                  .objects = 1000,
                                  .nesting = 10,
                                  .text_bytes = 1000};
    assert_int_equal(it->bytes.status, CRN_OK);
    reader->bytes = crn_bytes_of(it->bytes.data, it->bytes.size);
    reader->budget = 4 * it->bytes.size;
    reader->file = crn_buffer_wrap(it->bytes.data, it->bytes.size, NULL, NULL);
    assert_non_null(reader->file);
    assert_ok(crn_h5_tree_create(1 << 26, &reader->h5, &err));
    return reader;
}

static inline void scene_close(scene *it)
{
    free(it->reader.nodes.slots);
    free(it->reader.heaps.slots);
    crn_h5_destroy(it->reader.h5);
    crn_buffer_release(it->reader.file);
    crn_text_free(&it->bytes);
    *it = (scene){.bytes = CRN_TEXT_INIT};
}

#define PUT(out, literal) crn_text_add_bytes(out, literal, sizeof literal - 1)

/* Bytes of a literal as a reader. */
#define LITERAL(literal) crn_bytes_of(literal, sizeof literal - 1)

/* The recorded message must contain this. */
#define assert_says(part)                                                                      \
    do {                                                                                       \
        if (strstr(err.message, part) == NULL)                                                 \
            fail_msg("\"%s\" does not say \"%s\"", err.message, part);                         \
    } while (0)

#endif
