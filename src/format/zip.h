/* SPDX-License-Identifier: BSD-3-Clause */
/* Zip archives as Keras (.keras) and NumPy (.npz) write them. Strict: the central directory
 * must agree with the local headers; no encryption, no duplicates, no overlaps, no names that
 * leave the archive. */
#ifndef CRN_FORMAT_ZIP_H
#define CRN_FORMAT_ZIP_H

#include "base/memory.h"
#include "base/text.h"
#include "cornichon/limits.h"

typedef struct crn_zip crn_zip;

typedef struct crn_zip_member {
    const char *name;
    uint64_t size;        /* inflated */
    uint64_t stored_size; /* in the archive */
    uint16_t method;      /* 0 stored, 8 deflated */
    uint32_t crc;
} crn_zip_member;

bool crn_zip_sniff(const uint8_t *bytes, size_t size);
crn_status crn_zip_read(crn_buffer *file, const crn_limits *limits, crn_zip **out,
                        crn_error *err);
void crn_zip_destroy(crn_zip *zip); /* NULL is fine */
size_t crn_zip_count(const crn_zip *zip);
const crn_zip_member *crn_zip_at(const crn_zip *zip, size_t i);
/* Index by exact name, or -1. */
int64_t crn_zip_find(const crn_zip *zip, const char *name);
/* The member's bytes: a part of the file's buffer when stored (in place, no copy), else
 * inflated. The CRC is checked. *out is one reference. */
crn_status crn_zip_open(const crn_zip *zip, size_t i, crn_buffer **out, crn_error *err);

/* Writing: members are stored, or deflated on request, in the order they are added, with the
 * headers that Keras's save gives them (1980-01-01, no extra fields; zip64 only where a size
 * needs it). */
typedef struct crn_zip_writer crn_zip_writer;
crn_status crn_zip_writer_create(crn_zip_writer **out, crn_error *err);
crn_status crn_zip_writer_add(crn_zip_writer *writer, const char *name, const void *bytes,
                              size_t size, bool deflate, crn_error *err);
/* Puts the whole archive in *out (what was there is freed) and frees the writer, whatever comes
 * of it. */
crn_status crn_zip_writer_finish(crn_zip_writer *writer, crn_text *out, crn_error *err);
void crn_zip_writer_discard(crn_zip_writer *writer); /* NULL is fine */

#endif
