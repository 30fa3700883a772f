/* SPDX-License-Identifier: BSD-3-Clause */
/* Writing zip archives with the headers that Keras's save gives them: CPython's zipfile with
 * stored members, a ZipInfo of the zip epoch, mode 0600, no extra fields (Keras 3
 * saving_lib.py, CPython 3.11 zipfile.py). zip64 fields appear only where a size or an offset
 * needs them, so that equal contents always give equal bytes. */
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "format/codec.h"
#include "format/zip.h"

enum {
    VERSION = 20,
    VERSION_ZIP64 = 45,
    MADE_ON_UNIX = 3 << 8,
    DATE = 1 << 5 | 1, /* 1980-01-01, the first day a zip can name */
    FLAG_UTF8 = 0x0800,
    METHOD_STORED = 0,
    METHOD_DEFLATED = 8,
    EXTRA_ZIP64 = 0x0001,
    END64_BYTES = 56,
};

#define MODE_0600 ((uint32_t)0600 << 16)

struct crn_zip_writer {
    crn_text body;      /* local headers and data */
    crn_text directory; /* central directory, as far as it is known */
    uint64_t count;
};

static void add_u16(crn_text *out, uint16_t value)
{
    uint8_t bytes[] = {(uint8_t)value, (uint8_t)(value >> 8)};
    crn_text_add_bytes(out, bytes, sizeof bytes);
}

static void add_u32(crn_text *out, uint32_t value)
{
    add_u16(out, (uint16_t)value);
    add_u16(out, (uint16_t)(value >> 16));
}

static void add_u64(crn_text *out, uint64_t value)
{
    add_u32(out, (uint32_t)value);
    add_u32(out, (uint32_t)(value >> 32));
}

/* The value, or all ones, which mean "in the zip64 field". */
static void add_u32_or_ones(crn_text *out, uint64_t value)
{
    add_u32(out, value < UINT32_MAX ? (uint32_t)value : UINT32_MAX);
}

crn_status crn_zip_writer_create(crn_zip_writer **out, crn_error *err)
{
    crn_zip_writer *writer = crn_calloc(1, sizeof *writer);
    if (writer == NULL)
        return crn_no_memory(err);
    writer->body.cap = SIZE_MAX / 2;
    writer->directory.cap = SIZE_MAX / 2;
    *out = writer;
    return CRN_OK;
}

void crn_zip_writer_discard(crn_zip_writer *writer)
{
    if (writer == NULL)
        return;
    crn_text_free(&writer->body);
    crn_text_free(&writer->directory);
    free(writer);
}

static bool is_ascii(const char *name)
{
    for (; *name != '\0'; name++) {
        if ((unsigned char)*name >= 0x80)
            return false;
    }
    return true;
}

/* What goes to the zip64 field: both sizes when one of them needs it (APPNOTE 4.5.3 asks for
 * both in local headers), then, in the central directory, the offset when it needs it. */
typedef struct zip64_values {
    uint64_t values[3];
    uint16_t count;
    bool sizes;
} zip64_values;

static zip64_values zip64_of(const crn_zip_member *member, uint64_t offset)
{
    zip64_values wide = {.sizes =
                             member->size >= UINT32_MAX || member->stored_size >= UINT32_MAX};
    if (wide.sizes) {
        wide.values[wide.count++] = member->size;
        wide.values[wide.count++] = member->stored_size;
    }
    if (offset >= UINT32_MAX)
        wide.values[wide.count++] = offset;
    return wide;
}

/* The fields of both headers from the version to the length of the extra fields. */
static void add_common(crn_text *out, const crn_zip_member *member, const zip64_values *wide)
{
    add_u16(out, wide->count > 0 ? VERSION_ZIP64 : VERSION);
    add_u16(out, is_ascii(member->name) ? 0 : FLAG_UTF8);
    add_u16(out, member->method);
    add_u16(out, 0); /* midnight */
    add_u16(out, DATE);
    add_u32(out, member->crc);
    add_u32_or_ones(out, wide->sizes ? UINT32_MAX : member->stored_size);
    add_u32_or_ones(out, wide->sizes ? UINT32_MAX : member->size);
    add_u16(out, (uint16_t)strlen(member->name));
    add_u16(out, (uint16_t)(wide->count > 0 ? 4 + 8 * wide->count : 0));
}

static void add_zip64(crn_text *out, const zip64_values *wide)
{
    if (wide->count == 0)
        return;
    add_u16(out, EXTRA_ZIP64);
    add_u16(out, (uint16_t)(8 * wide->count));
    for (uint16_t i = 0; i < wide->count; i++)
        add_u64(out, wide->values[i]);
}

static void add_local(crn_text *out, const crn_zip_member *member)
{
    zip64_values wide = zip64_of(member, 0);
    add_u32(out, 0x04034b50);
    add_common(out, member, &wide);
    crn_text_add_string(out, member->name);
    add_zip64(out, &wide);
}

static void add_central(crn_text *out, const crn_zip_member *member, uint64_t offset)
{
    zip64_values wide = zip64_of(member, offset);
    add_u32(out, 0x02014b50);
    add_u16(out, (uint16_t)(MADE_ON_UNIX | (wide.count > 0 ? VERSION_ZIP64 : VERSION)));
    add_common(out, member, &wide);
    add_u16(out, 0); /* comment */
    add_u16(out, 0); /* disk */
    add_u16(out, 0); /* internal attributes */
    add_u32(out, MODE_0600);
    add_u32_or_ones(out, offset);
    crn_text_add_string(out, member->name);
    add_zip64(out, &wide);
}

crn_status crn_zip_writer_add(crn_zip_writer *writer, const char *name, const void *bytes,
                              size_t size, bool deflate, crn_error *err)
{
    if (strlen(name) > UINT16_MAX)
        return crn_fail(err, CRN_ARGUMENT, "a zip member's name has at most 65535 bytes");
    crn_text packed = {.cap = SIZE_MAX / 2};
    crn_status status = CRN_OK;
    if (deflate)
        CRN_TRY_OR_DONE(crn_deflate_raw(bytes, size, &packed, err));

    crn_zip_member member = {
        .name = name,
        .size = size,
        .stored_size = deflate ? packed.size : size,
        .method = deflate ? METHOD_DEFLATED : METHOD_STORED,
        .crc = (uint32_t)crc32_z(0, bytes, size),
    };
    add_central(&writer->directory, &member, writer->body.size);
    add_local(&writer->body, &member);
    crn_text_add_bytes(&writer->body, deflate ? packed.data : bytes,
                       (size_t)member.stored_size);
    writer->count++;
    CRN_TRY_OR_DONE(crn_text_status(&writer->body, err));
    CRN_TRY_OR_DONE(crn_text_status(&writer->directory, err));
done:
    crn_text_free(&packed);
    return status;
}

static void add_end64(crn_text *out, uint64_t count, uint64_t size, uint64_t offset)
{
    uint64_t at = out->size;
    add_u32(out, 0x06064b50);
    add_u64(out, END64_BYTES - 12);
    add_u16(out, MADE_ON_UNIX | VERSION_ZIP64);
    add_u16(out, VERSION_ZIP64);
    add_u32(out, 0);
    add_u32(out, 0);
    add_u64(out, count);
    add_u64(out, count);
    add_u64(out, size);
    add_u64(out, offset);
    add_u32(out, 0x07064b50);
    add_u32(out, 0);
    add_u64(out, at);
    add_u32(out, 1);
}

static void add_end(crn_text *out, uint64_t count, uint64_t size, uint64_t offset)
{
    uint16_t short_count = count < UINT16_MAX ? (uint16_t)count : UINT16_MAX;
    if (count >= UINT16_MAX || size >= UINT32_MAX || offset >= UINT32_MAX)
        add_end64(out, count, size, offset);
    add_u32(out, 0x06054b50);
    add_u16(out, 0);
    add_u16(out, 0);
    add_u16(out, short_count);
    add_u16(out, short_count);
    add_u32_or_ones(out, size);
    add_u32_or_ones(out, offset);
    add_u16(out, 0);
}

crn_status crn_zip_writer_finish(crn_zip_writer *writer, crn_text *out, crn_error *err)
{
    uint64_t offset = writer->body.size, size = writer->directory.size;
    crn_text_add_bytes(&writer->body, writer->directory.data, writer->directory.size);
    add_end(&writer->body, writer->count, size, offset);
    crn_status status = crn_text_status(&writer->body, err);
    if (status == CRN_OK) {
        crn_text_free(out);
        *out = writer->body;
        writer->body = (crn_text)CRN_TEXT_INIT;
    }
    crn_zip_writer_discard(writer);
    return status;
}
