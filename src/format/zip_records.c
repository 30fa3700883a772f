/* SPDX-License-Identifier: BSD-3-Clause */
/* The records of a zip archive, read one at a time: end records, central entries, local
 * headers. What they must have in common is checked in zip.c. Layout: PKWARE's
 * APPNOTE.TXT 6.3.10, 4.3 to 4.5. */
#include "format/zip_records.h"

#include "base/text.h"

/* ---- end records ---- */

/* The end record is followed by a comment of at most 64 KiB and then by nothing. A comment that
 * holds a second record which would fit as well is a trick, not a comment. */
static crn_status find_end(const uint8_t *bytes, size_t size, size_t *at, crn_error *err)
{
    if (size < CRN_ZIP_END_BYTES)
        return crn_fail(err, CRN_FORMAT, "the zip archive ends early: %zu bytes", size);
    size_t found = 0;
    size_t reach =
        size - CRN_ZIP_END_BYTES < UINT16_MAX ? size - CRN_ZIP_END_BYTES : UINT16_MAX;
    for (size_t comment = 0; comment <= reach; comment++) {
        const uint8_t *record = bytes + size - CRN_ZIP_END_BYTES - comment;
        if (crn_zip_peek_u32(record) != CRN_ZIP_SIGNATURE_END ||
            (record[20] | record[21] << 8) != (int)comment)
            continue;
        *at = size - CRN_ZIP_END_BYTES - comment;
        found++;
    }
    if (found == 0)
        return crn_fail(err, CRN_FORMAT,
                        "the zip archive has no end record: it is cut short, or bytes "
                        "follow it");
    if (found > 1)
        return crn_fail_at(err, CRN_FORMAT, *at, "the zip archive has %zu end records", found);
    return CRN_OK;
}

/* A value of the old end record must be the new one's, or all ones: "see there". */
static bool agrees(uint64_t old, uint64_t ones, uint64_t new)
{
    return old == ones || old == new;
}

/* The zip64 end record, right before its locator, which lies right before the end record. */
static crn_status read_end64(crn_bytes *in, uint64_t locator, crn_zip_end *end, crn_error *err)
{
    uint32_t signature, disk, disks, this_disk, start_disk;
    uint64_t at, record_size, count_here;
    uint16_t version_by, version;
    crn_zip_end wide;

    CRN_TRY(crn_bytes_seek(in, locator, err));
    CRN_TRY(crn_bytes_u32(in, &signature, err));
    CRN_TRY(crn_bytes_u32(in, &disk, err));
    CRN_TRY(crn_bytes_u64(in, &at, err));
    CRN_TRY(crn_bytes_u32(in, &disks, err));
    if (at > locator || locator - at < CRN_ZIP_END64_BYTES)
        return crn_fail_at(err, CRN_FORMAT, locator,
                           "the zip64 end record lies outside the archive");

    CRN_TRY(crn_bytes_seek(in, at, err));
    CRN_TRY(crn_bytes_u32(in, &signature, err));
    CRN_TRY(crn_bytes_u64(in, &record_size, err));
    CRN_TRY(crn_bytes_u16(in, &version_by, err));
    CRN_TRY(crn_bytes_u16(in, &version, err));
    CRN_TRY(crn_bytes_u32(in, &this_disk, err));
    CRN_TRY(crn_bytes_u32(in, &start_disk, err));
    CRN_TRY(crn_bytes_u64(in, &count_here, err));
    CRN_TRY(crn_bytes_u64(in, &wide.count, err));
    CRN_TRY(crn_bytes_u64(in, &wide.size, err));
    CRN_TRY(crn_bytes_u64(in, &wide.offset, err));
    if (signature != CRN_ZIP_SIGNATURE_END64 || record_size != locator - at - 12)
        return crn_fail_at(err, CRN_FORMAT, at,
                           "the zip64 locator does not point at an end record");
    if (disk != 0 || disks > 1 || this_disk != 0 || start_disk != 0 || count_here != wide.count)
        return crn_fail_at(err, CRN_UNSUPPORTED, at,
                           "zip archives of several parts are not supported");
    if (!agrees(end->count, UINT16_MAX, wide.count) ||
        !agrees(end->size, UINT32_MAX, wide.size) ||
        !agrees(end->offset, UINT32_MAX, wide.offset))
        return crn_fail_at(err, CRN_FORMAT, at,
                           "the two end records of the zip archive disagree");
    wide.begin = at;
    *end = wide;
    return CRN_OK;
}

crn_status crn_zip_read_end(crn_bytes *in, crn_zip_end *end, crn_error *err)
{
    size_t at = 0;
    uint16_t disk, start_disk, count_here, count;
    uint32_t signature, size, offset;

    CRN_TRY(find_end(in->data, in->size, &at, err));
    CRN_TRY(crn_bytes_seek(in, at, err));
    CRN_TRY(crn_bytes_u32(in, &signature, err));
    CRN_TRY(crn_bytes_u16(in, &disk, err));
    CRN_TRY(crn_bytes_u16(in, &start_disk, err));
    CRN_TRY(crn_bytes_u16(in, &count_here, err));
    CRN_TRY(crn_bytes_u16(in, &count, err));
    CRN_TRY(crn_bytes_u32(in, &size, err));
    CRN_TRY(crn_bytes_u32(in, &offset, err));
    if (disk != 0 || start_disk != 0 || count_here != count)
        return crn_fail_at(err, CRN_UNSUPPORTED, at,
                           "zip archives of several parts are not supported");

    *end = (crn_zip_end){.count = count, .size = size, .offset = offset, .begin = at};
    if (at >= CRN_ZIP_LOCATOR64_BYTES &&
        crn_zip_peek_u32(in->data + at - CRN_ZIP_LOCATOR64_BYTES) ==
            CRN_ZIP_SIGNATURE_LOCATOR64)
        CRN_TRY(read_end64(in, at - CRN_ZIP_LOCATOR64_BYTES, end, err));
    if (end->offset > end->begin || end->begin - end->offset != end->size)
        return crn_fail_at(
            err, CRN_FORMAT, at,
            "the central directory of the zip archive should end at byte %llu, where its "
            "end record begins",
            (unsigned long long)end->begin);
    if (end->count > end->size / CRN_ZIP_CENTRAL_BYTES)
        return crn_fail_at(err, CRN_FORMAT, at,
                           "%llu members do not fit a central directory of %llu bytes",
                           (unsigned long long)end->count, (unsigned long long)end->size);
    return CRN_OK;
}

/* ---- headers ---- */

/* The zip64 extra field: 64-bit values, in the order of `fields`, of those that are all ones
 * there. CPython's zipfile, and so NumPy, may give all of them in any case: then the others
 * must say the same. */
static crn_status read_zip64(crn_bytes *extra, uint16_t size, uint64_t *const *fields,
                             size_t count, crn_error *err)
{
    uint64_t at = crn_bytes_offset(extra);
    bool all = size == 8 * count;
    for (size_t i = 0; i < count; i++) {
        uint64_t value;
        if (!all && *fields[i] != UINT32_MAX)
            continue;
        if (size < 8)
            return crn_fail_at(err, CRN_FORMAT, at, "a zip64 field lacks a size");
        CRN_TRY(crn_bytes_u64(extra, &value, err));
        size = (uint16_t)(size - 8);
        if (*fields[i] != UINT32_MAX && *fields[i] != value)
            return crn_fail_at(err, CRN_FORMAT, at, "a zip64 field contradicts its header");
        *fields[i] = value;
    }
    if (size != 0)
        return crn_fail_at(err, CRN_FORMAT, at, "a zip64 field has %u bytes too many", size);
    return CRN_OK;
}

/* Walks the extra fields: zip64 replaces the values that are all ones; the others say nothing
 * we need. */
static crn_status read_extra(crn_bytes *in, uint16_t size, uint64_t *const *fields,
                             size_t count, crn_error *err)
{
    uint64_t at = crn_bytes_offset(in);
    const uint8_t *bytes = crn_bytes_take(in, size, err);
    if (bytes == NULL)
        return CRN_FORMAT;
    crn_bytes extra = crn_bytes_of(bytes, size);
    extra.base = at;

    bool wide = false;
    while (crn_bytes_left(&extra) > 0) {
        uint16_t id, length;
        CRN_TRY(crn_bytes_u16(&extra, &id, err));
        CRN_TRY(crn_bytes_u16(&extra, &length, err));
        if (id == CRN_ZIP_EXTRA_ZIP64 && !wide && length <= crn_bytes_left(&extra)) {
            CRN_TRY(read_zip64(&extra, length, fields, count, err));
            wide = true;
        } else if (id == CRN_ZIP_EXTRA_ZIP64 || crn_bytes_take(&extra, length, err) == NULL) {
            return crn_fail_at(err, CRN_FORMAT, at,
                               "the extra fields of a zip member are malformed");
        }
    }
    for (size_t i = 0; i < count; i++) {
        if (!wide && *fields[i] == UINT32_MAX)
            return crn_fail_at(err, CRN_FORMAT, at,
                               "a zip member needs a zip64 field and has none");
    }
    return CRN_OK;
}

/* From the version to the length of the extra fields: the same in both kinds of header. */
static crn_status read_common(crn_bytes *in, crn_zip_header *header, crn_error *err)
{
    uint16_t time, date;
    uint32_t stored_size, size;
    CRN_TRY(crn_bytes_u16(in, &header->version, err));
    CRN_TRY(crn_bytes_u16(in, &header->flags, err));
    CRN_TRY(crn_bytes_u16(in, &header->method, err));
    CRN_TRY(crn_bytes_u16(in, &time, err));
    CRN_TRY(crn_bytes_u16(in, &date, err));
    CRN_TRY(crn_bytes_u32(in, &header->crc, err));
    CRN_TRY(crn_bytes_u32(in, &stored_size, err));
    CRN_TRY(crn_bytes_u32(in, &size, err));
    CRN_TRY(crn_bytes_u16(in, &header->name_size, err));
    CRN_TRY(crn_bytes_u16(in, &header->extra_size, err));
    header->stored_size = stored_size;
    header->size = size;
    return CRN_OK;
}

crn_status crn_zip_read_central(crn_bytes *in, crn_zip_header *header, const char **name,
                                crn_error *err)
{
    uint64_t at = crn_bytes_offset(in);
    uint32_t signature, external, offset;
    uint16_t version_by, comment, disk, internal;
    CRN_TRY(crn_bytes_u32(in, &signature, err));
    if (signature != CRN_ZIP_SIGNATURE_CENTRAL)
        return crn_fail_at(err, CRN_FORMAT, at,
                           "an entry of the zip archive's directory is malformed");
    CRN_TRY(crn_bytes_u16(in, &version_by, err));
    CRN_TRY(read_common(in, header, err));
    CRN_TRY(crn_bytes_u16(in, &comment, err));
    CRN_TRY(crn_bytes_u16(in, &disk, err));
    CRN_TRY(crn_bytes_u16(in, &internal, err));
    CRN_TRY(crn_bytes_u32(in, &external, err));
    CRN_TRY(crn_bytes_u32(in, &offset, err));
    if (disk != 0)
        return crn_fail_at(err, CRN_UNSUPPORTED, at,
                           "zip archives of several parts are not supported");
    *name = (const char *)crn_bytes_take(in, header->name_size, err);
    if (*name == NULL)
        return CRN_FORMAT;
    header->offset = offset;
    uint64_t *fields[] = {&header->size, &header->stored_size, &header->offset};
    CRN_TRY(read_extra(in, header->extra_size, fields, 3, err));
    return crn_bytes_take(in, comment, err) != NULL ? CRN_OK : CRN_FORMAT;
}

crn_status crn_zip_read_local(crn_bytes *in, crn_zip_header *header, const char **name,
                              crn_error *err)
{
    uint64_t at = crn_bytes_offset(in);
    uint32_t signature;
    CRN_TRY(crn_bytes_u32(in, &signature, err));
    if (signature != CRN_ZIP_SIGNATURE_LOCAL)
        return crn_fail_at(err, CRN_FORMAT, at, "a zip member has no local header");
    CRN_TRY(read_common(in, header, err));
    *name = (const char *)crn_bytes_take(in, header->name_size, err);
    if (*name == NULL)
        return CRN_FORMAT;
    uint64_t *fields[] = {&header->size, &header->stored_size};
    return read_extra(in, header->extra_size, fields, 2, err);
}
