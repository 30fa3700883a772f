/* SPDX-License-Identifier: BSD-3-Clause */
/* Reading zip archives. Two readers that disagree about an archive are how files hide from
 * scanners, so everything that is said twice in a zip must be said the same way: the end record
 * is where the file ends, the central directory lies right before it, each local header repeats
 * its central entry, and no two members share a name or a byte. What occurs in practice:
 * CPython 3.11 zipfile.py, as Keras and NumPy drive it. The records themselves are read in
 * zip_records.c. */
#include "format/zip.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "base/limits.h"
#include "format/codec.h"
#include "format/zip_records.h"

typedef struct zip_entry {
    crn_zip_member member;
    uint16_t flags;
    uint64_t header; /* where the local header begins */
    uint64_t data;   /* where the member's bytes begin */
    uint64_t end;    /* behind them and their data descriptor */
} zip_entry;

struct crn_zip {
    crn_buffer *file;
    crn_arena *arena; /* entries, names and the index */
    size_t count;
    zip_entry *entries;
    const zip_entry **by_name; /* sorted, for crn_zip_find() */
    uint64_t inflated_bytes;
    uint64_t inflate_ratio;
};

bool crn_zip_sniff(const uint8_t *bytes, size_t size)
{
    if (size < 4)
        return false;
    uint32_t signature = crn_zip_peek_u32(bytes);
    return signature == CRN_ZIP_SIGNATURE_LOCAL || signature == CRN_ZIP_SIGNATURE_END;
}

/* ---- checks ---- */

/* A component of a path that is empty, "." or ".." says one thing to one reader and another to
 * the next. */
static bool component_is_odd(const char *component, size_t size)
{
    return size == 0 ||
           (component[0] == '.' && (size == 1 || (size == 2 && component[1] == '.')));
}

/* Names are relative and stay inside: no root, drive, backslash, control character or odd
 * component. */
static bool name_is_safe(const char *name, size_t size)
{
    if (size == 0 || (size >= 2 && name[1] == ':'))
        return false;
    size_t begin = 0;
    for (size_t i = 0; i < size; i++) {
        if ((unsigned char)name[i] < 0x20 || name[i] == 0x7f || name[i] == '\\')
            return false;
        if (name[i] != '/')
            continue;
        if (component_is_odd(name + begin, i - begin))
            return false;
        begin = i + 1;
    }
    return begin == size || !component_is_odd(name + begin, size - begin);
}

static bool name_is_ascii(const char *name, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        if ((unsigned char)name[i] >= 0x80)
            return false;
    }
    return true;
}

static crn_status check_name(const crn_zip_header *header, const char *name, uint64_t at,
                             crn_error *err)
{
    size_t size = header->name_size;
    bool text = (header->flags & CRN_ZIP_FLAG_UTF8) != 0 ? crn_utf8_is_valid(name, size)
                                                         : name_is_ascii(name, size);
    if (!text)
        return crn_fail_at(err, CRN_FORMAT, at,
                           "the name of a zip member is not UTF-8, or not marked so");
    if (!name_is_safe(name, size))
        return crn_fail_at(err, CRN_FORMAT, at,
                           "the name of a zip member does not stay inside the archive");
    if (name[size - 1] == '/' && header->size != 0)
        return crn_fail_at(err, CRN_FORMAT, at, "a directory in a zip archive has data");
    return CRN_OK;
}

static crn_status check_header(const crn_zip *zip, const crn_zip_header *header,
                               const char *name, crn_error *err)
{
    enum { KNOWN = CRN_ZIP_FLAG_DEFLATE_LEVEL | CRN_ZIP_FLAG_DESCRIPTOR | CRN_ZIP_FLAG_UTF8 };
    enum { RATIO_FROM = 1 << 20 };
    if ((header->flags & CRN_ZIP_FLAG_ENCRYPTED) != 0)
        return crn_fail(err, CRN_UNSUPPORTED, "the zip member '%s' is encrypted", name);
    if ((header->flags & ~KNOWN) != 0 || (header->version & 0xff) > CRN_ZIP_VERSION_ZIP64)
        return crn_fail(
            err, CRN_UNSUPPORTED, "the zip member '%s' needs version %u.%u and flags 0x%x",
            name, (header->version & 0xff) / 10, (header->version & 0xff) % 10, header->flags);
    if (header->method != CRN_ZIP_STORED && header->method != CRN_ZIP_DEFLATED)
        return crn_fail(err, CRN_UNSUPPORTED,
                        "the zip member '%s' is compressed with method %u; stored and deflated "
                        "are supported",
                        name, header->method);
    if (header->method == CRN_ZIP_STORED && header->size != header->stored_size)
        return crn_fail(err, CRN_FORMAT, "the stored zip member '%s' has two sizes", name);
    if (header->size > RATIO_FROM && header->size / zip->inflate_ratio > header->stored_size)
        return crn_fail(err, CRN_LIMIT,
                        "the zip member '%s' inflates %llu bytes to %llu: limit "
                        "inflate_ratio = %llu",
                        name, (unsigned long long)header->stored_size,
                        (unsigned long long)header->size,
                        (unsigned long long)zip->inflate_ratio);
    return CRN_OK;
}

/* The data descriptor behind the data: an optional signature, the CRC, the sizes in 4 or 8
 * bytes each. *size becomes its length, 0 when none of the four forms is there. */
static void match_descriptor(const crn_bytes *in, const crn_zip_member *member, size_t *size)
{
    *size = 0;
    for (int form = 0; form < 4 && *size == 0; form++) {
        bool marked = form < 2, wide = form % 2 == 1;
        uint8_t want[24];
        size_t n = 0;
        uint64_t values[] = {CRN_ZIP_SIGNATURE_DESCRIPTOR, member->crc, member->stored_size,
                             member->size};
        for (int i = marked ? 0 : 1; i < 4; i++) {
            for (int byte = 0; byte < (wide && i > 1 ? 8 : 4); byte++)
                want[n++] = (uint8_t)(values[i] >> 8 * byte);
        }
        bool fits = wide || (member->size <= UINT32_MAX && member->stored_size <= UINT32_MAX);
        if (fits && crn_bytes_left(in) >= n && memcmp(in->data + in->position, want, n) == 0)
            *size = n;
    }
}

static bool sizes_agree(const crn_zip_header *local, const zip_entry *entry)
{
    const crn_zip_member *member = &entry->member;
    if ((entry->flags & CRN_ZIP_FLAG_DESCRIPTOR) != 0 && local->crc == 0 && local->size == 0 &&
        local->stored_size == 0)
        return true; /* not known yet when the header was written: they follow the data */
    return local->crc == member->crc && local->size == member->size &&
           local->stored_size == member->stored_size;
}

/* Reads the local header of an entry, compares it, and finds where the data lies. */
static crn_status read_local(crn_bytes *in, zip_entry *entry, crn_error *err)
{
    crn_zip_member *member = &entry->member;
    crn_zip_header local = {0};
    const char *name;
    CRN_TRY(crn_bytes_seek(in, entry->header, err));
    CRN_TRY(crn_zip_read_local(in, &local, &name, err));
    if (local.name_size != strlen(member->name) ||
        memcmp(name, member->name, local.name_size) != 0 || local.flags != entry->flags ||
        local.method != member->method || !sizes_agree(&local, entry))
        return crn_fail_at(
            err, CRN_FORMAT, entry->header,
            "the local header of the zip member '%s' disagrees with the central directory",
            member->name);

    entry->data = in->position;
    if (crn_bytes_take(in, member->stored_size, err) == NULL)
        return CRN_FORMAT;
    entry->end = in->position;
    if ((entry->flags & CRN_ZIP_FLAG_DESCRIPTOR) == 0)
        return CRN_OK;
    size_t descriptor;
    match_descriptor(in, member, &descriptor);
    if (descriptor == 0)
        return crn_fail_at(err, CRN_FORMAT, entry->end,
                           "the zip member '%s' lacks its data descriptor", member->name);
    entry->end += descriptor;
    return CRN_OK;
}

static int compare_names(const void *a, const void *b)
{
    return strcmp((*(const zip_entry *const *)a)->member.name,
                  (*(const zip_entry *const *)b)->member.name);
}

static int compare_headers(const void *a, const void *b)
{
    uint64_t x = (*(const zip_entry *const *)a)->header,
             y = (*(const zip_entry *const *)b)->header;
    return (x > y) - (x < y);
}

/* No byte belongs to two members, no name either. Leaves by_name sorted. */
static crn_status check_members(crn_zip *zip, crn_error *err)
{
    const zip_entry **sorted = zip->by_name;
    qsort(sorted, zip->count, sizeof(const zip_entry *), compare_headers);
    for (size_t i = 1; i < zip->count; i++) {
        if (sorted[i]->header < sorted[i - 1]->end)
            return crn_fail_at(err, CRN_FORMAT, sorted[i]->header,
                               "the zip members '%s' and '%s' overlap",
                               sorted[i - 1]->member.name, sorted[i]->member.name);
    }
    qsort(sorted, zip->count, sizeof(const zip_entry *), compare_names);
    for (size_t i = 1; i < zip->count; i++) {
        if (compare_names(&sorted[i - 1], &sorted[i]) == 0)
            return crn_fail_at(err, CRN_FORMAT, sorted[i]->header,
                               "the zip archive has two members '%s'", sorted[i]->member.name);
    }
    return CRN_OK;
}

/* ---- the archive ---- */

/* Reads one entry of the directory and the local header it points at. `members` is a reader
 * over the bytes before the directory. */
static crn_status read_entry(crn_zip *zip, crn_bytes *directory, crn_bytes *members,
                             zip_entry *entry, crn_error *err)
{
    crn_zip_header header = {0};
    const char *name;
    uint64_t at = crn_bytes_offset(directory);
    CRN_TRY(crn_zip_read_central(directory, &header, &name, err));
    CRN_TRY(check_name(&header, name, at, err));
    char *copy = crn_arena_text(zip->arena, name, header.name_size);
    if (copy == NULL)
        return crn_arena_fail(zip->arena, err);
    CRN_TRY(check_header(zip, &header, copy, err));
    *entry = (zip_entry){
        .member = {copy, header.size, header.stored_size, header.method, header.crc},
        .flags = header.flags,
        .header = header.offset,
    };
    return read_local(members, entry, err);
}

static crn_status read_directory(crn_zip *zip, const crn_zip_end *end, crn_error *err)
{
    const uint8_t *bytes = crn_buffer_data(zip->file);
    crn_bytes members = crn_bytes_of(bytes, (size_t)end->offset);
    crn_bytes directory = crn_bytes_of(bytes + end->offset, (size_t)end->size);
    directory.base = end->offset;

    uint64_t inflated = 0;
    for (size_t i = 0; i < zip->count; i++) {
        zip_entry *entry = &zip->entries[i];
        CRN_TRY(read_entry(zip, &directory, &members, entry, err));
        zip->by_name[i] = entry;
        if (entry->member.method == CRN_ZIP_STORED)
            continue;
        if (entry->member.size > zip->inflated_bytes - inflated)
            return crn_fail(err, CRN_LIMIT,
                            "the zip archive inflates to more than the limit "
                            "inflated_bytes = %llu",
                            (unsigned long long)zip->inflated_bytes);
        inflated += entry->member.size;
    }
    if (crn_bytes_left(&directory) != 0)
        return crn_fail_at(
            err, CRN_FORMAT, crn_bytes_offset(&directory),
            "the zip archive's directory has more entries than its end record says");
    return check_members(zip, err);
}

static crn_status read_archive(crn_zip *zip, const crn_limits *limits, crn_error *err)
{
    crn_limits bounds = crn_limits_complete(limits);
    zip->inflated_bytes = bounds.inflated_bytes;
    zip->inflate_ratio = bounds.inflate_ratio;

    crn_bytes in = crn_bytes_of(crn_buffer_data(zip->file), crn_buffer_size(zip->file));
    crn_zip_end end;
    CRN_TRY(crn_zip_read_end(&in, &end, err));
    if (end.count > bounds.objects)
        return crn_fail(err, CRN_LIMIT,
                        "the zip archive has %llu members: limit objects = %llu",
                        (unsigned long long)end.count, (unsigned long long)bounds.objects);
    zip->count = (size_t)end.count;
    zip->arena = crn_arena_create(bounds.memory_bytes);
    if (zip->arena == NULL)
        return crn_no_memory(err);
    zip->entries = crn_arena_alloc(zip->arena, zip->count, sizeof *zip->entries);
    zip->by_name = crn_arena_alloc(zip->arena, zip->count, sizeof *zip->by_name);
    if (zip->entries == NULL || zip->by_name == NULL)
        return crn_arena_fail(zip->arena, err);
    return read_directory(zip, &end, err);
}

crn_status crn_zip_read(crn_buffer *file, const crn_limits *limits, crn_zip **out,
                        crn_error *err)
{
    crn_zip *zip = crn_calloc(1, sizeof *zip);
    if (zip == NULL)
        return crn_no_memory(err);
    zip->file = crn_buffer_retain(file);
    crn_status status = read_archive(zip, limits, err);
    if (status != CRN_OK) {
        crn_zip_destroy(zip);
        return status;
    }
    *out = zip;
    return CRN_OK;
}

void crn_zip_destroy(crn_zip *zip)
{
    if (zip == NULL)
        return;
    crn_arena_destroy(zip->arena);
    crn_buffer_release(zip->file);
    free(zip);
}

size_t crn_zip_count(const crn_zip *zip)
{
    return zip->count;
}

const crn_zip_member *crn_zip_at(const crn_zip *zip, size_t i)
{
    return i < zip->count ? &zip->entries[i].member : NULL;
}

int64_t crn_zip_find(const crn_zip *zip, const char *name)
{
    zip_entry key = {.member.name = name};
    const zip_entry *wanted = &key;
    const zip_entry **found =
        bsearch(&wanted, zip->by_name, zip->count, sizeof(const zip_entry *), compare_names);
    return found != NULL ? *found - zip->entries : -1;
}

/* ---- members ---- */

static void release_file(void *context)
{
    crn_buffer_release(context);
}

/* A part of the file's buffer that keeps the whole alive. */
static crn_buffer *view_of(crn_buffer *file, uint64_t offset, uint64_t size)
{
    char *data = (char *)crn_buffer_data(file) + offset;
    crn_buffer *view = crn_buffer_wrap(data, (size_t)size, release_file, file);
    if (view != NULL)
        crn_buffer_retain(file);
    return view;
}

static crn_status inflate_member(const uint8_t *bytes, const crn_zip_member *member,
                                 crn_buffer **out, crn_error *err)
{
    if (member->size > SIZE_MAX)
        return crn_no_memory(err);
    crn_buffer *buffer = crn_buffer_create((size_t)member->size);
    if (buffer == NULL)
        return crn_no_memory(err);
    crn_status status = crn_inflate_raw(bytes, (size_t)member->stored_size,
                                        crn_buffer_data(buffer), (size_t)member->size, err);
    if (status != CRN_OK) {
        crn_buffer_release(buffer);
        return status;
    }
    *out = buffer;
    return CRN_OK;
}

crn_status crn_zip_open(const crn_zip *zip, size_t i, crn_buffer **out, crn_error *err)
{
    if (i >= zip->count)
        return crn_fail(err, CRN_NOT_FOUND, "the zip archive has no member %zu", i);
    const zip_entry *entry = &zip->entries[i];
    const crn_zip_member *member = &entry->member;
    crn_buffer *buffer = NULL;
    if (member->method == CRN_ZIP_STORED) {
        buffer = view_of(zip->file, entry->data, member->size);
        if (buffer == NULL)
            return crn_no_memory(err);
    } else {
        CRN_TRY(inflate_member((const uint8_t *)crn_buffer_data(zip->file) + entry->data,
                               member, &buffer, err));
    }
    uint32_t crc = (uint32_t)crc32_z(0, crn_buffer_data(buffer), crn_buffer_size(buffer));
    if (crc != member->crc) {
        crn_buffer_release(buffer);
        return crn_fail_at(err, CRN_FORMAT, entry->data,
                           "the CRC of the zip member '%s' is wrong", member->name);
    }
    *out = buffer;
    return CRN_OK;
}
