/* SPDX-License-Identifier: BSD-3-Clause */
/* The records that zip archives consist of, shared by the reader's two halves and the writer.
 */
#ifndef CRN_FORMAT_ZIP_RECORDS_H
#define CRN_FORMAT_ZIP_RECORDS_H

#include "base/bytes.h"

enum {
    CRN_ZIP_SIGNATURE_LOCAL = 0x04034b50,
    CRN_ZIP_SIGNATURE_CENTRAL = 0x02014b50,
    CRN_ZIP_SIGNATURE_END = 0x06054b50,
    CRN_ZIP_SIGNATURE_END64 = 0x06064b50,
    CRN_ZIP_SIGNATURE_LOCATOR64 = 0x07064b50,
    CRN_ZIP_SIGNATURE_DESCRIPTOR = 0x08074b50,
};

enum {
    CRN_ZIP_END_BYTES = 22,
    CRN_ZIP_END64_BYTES = 56,
    CRN_ZIP_LOCATOR64_BYTES = 20,
    CRN_ZIP_CENTRAL_BYTES = 46,
    CRN_ZIP_EXTRA_ZIP64 = 0x0001,
    CRN_ZIP_VERSION = 20,
    CRN_ZIP_VERSION_ZIP64 = 45,
};

enum {
    CRN_ZIP_FLAG_ENCRYPTED = 0x0001,
    CRN_ZIP_FLAG_DEFLATE_LEVEL = 0x0006,
    CRN_ZIP_FLAG_DESCRIPTOR = 0x0008,
    CRN_ZIP_FLAG_UTF8 = 0x0800,
};

enum { CRN_ZIP_STORED = 0, CRN_ZIP_DEFLATED = 8 };

/* What the end records say. */
typedef struct crn_zip_end {
    uint64_t count;
    uint64_t size;   /* of the central directory */
    uint64_t offset; /* of the central directory */
    uint64_t begin;  /* where the end records themselves begin */
} crn_zip_end;

/* The fields that local headers and central entries have in common. */
typedef struct crn_zip_header {
    uint16_t version;
    uint16_t flags;
    uint16_t method;
    uint32_t crc;
    uint64_t stored_size;
    uint64_t size;
    uint16_t name_size;
    uint16_t extra_size;
    uint64_t offset; /* central entries only */
} crn_zip_header;

static inline uint32_t crn_zip_peek_u32(const uint8_t *bytes)
{
    return (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 |
           (uint32_t)bytes[3] << 24;
}

/* Finds and reads the end records. Afterwards the directory is known to lie inside the file,
 * right before them, and to be long enough for `count` entries. */
crn_status crn_zip_read_end(crn_bytes *in, crn_zip_end *end, crn_error *err);

/* One entry of the central directory, with its zip64 values put in; *name points into the file.
 */
crn_status crn_zip_read_central(crn_bytes *in, crn_zip_header *header, const char **name,
                                crn_error *err);

/* A local header, likewise. The position is then that of the member's data. */
crn_status crn_zip_read_local(crn_bytes *in, crn_zip_header *header, const char **name,
                              crn_error *err);

#endif
