/* SPDX-License-Identifier: BSD-3-Clause */
/* Zip archives: what CPython's zipfile writes is read, what contradicts itself is refused, and
 * what we write has the bytes that Keras's archives have. */
#include "test.h"

#include "format/zip.h"
#include "golden_data.h"

static crn_error err;

static crn_zip *open_golden(const char *name)
{
    crn_buffer *file = golden_data(name);
    crn_zip *zip = NULL;
    assert_ok(crn_zip_read(file, NULL, &zip, &err));
    crn_buffer_release(file);
    return zip;
}

static void assert_member(const crn_zip *zip, const char *name, const char *text)
{
    int64_t i = crn_zip_find(zip, name);
    assert_true(i >= 0);
    assert_string_equal(crn_zip_at(zip, (size_t)i)->name, name);
    crn_buffer *member = NULL;
    assert_ok(crn_zip_open(zip, (size_t)i, &member, &err));
    assert_int_equal(crn_buffer_size(member), strlen(text));
    assert_memory_equal(crn_buffer_data(member), text, strlen(text));
    crn_buffer_release(member);
}

static void test_sniff(void **state)
{
    (void)state;
    assert_true(crn_zip_sniff((const uint8_t *)"PK\3\4....", 8));
    assert_true(crn_zip_sniff((const uint8_t *)"PK\5\6....", 8));
    assert_false(crn_zip_sniff((const uint8_t *)"PK\3", 3));
    assert_false(crn_zip_sniff((const uint8_t *)"\x89HDF", 4));
}

static void test_stored_members(void **state)
{
    (void)state;
    crn_zip *zip = open_golden("stored.zip");
    assert_int_equal(crn_zip_count(zip), 3);
    assert_member(zip, "metadata.json", "{\"keras_version\": \"3.15.1\"}");
    assert_member(zip, "assets/", "");
    assert_member(zip, "assets/\xc3\xa9.txt", "UTF-8 name");
    assert_int_equal(crn_zip_find(zip, "config.json"), -1);
    assert_null(crn_zip_at(zip, 3));
    crn_zip_destroy(zip);
}

/* A stored member is a part of the file and keeps it alive. */
static void test_stored_member_is_in_place(void **state)
{
    (void)state;
    crn_buffer *file = golden_data("stored.zip"), *member = NULL;
    crn_zip *zip = NULL;
    const char *begin = crn_buffer_data(file), *end = begin + crn_buffer_size(file);
    assert_ok(crn_zip_read(file, NULL, &zip, &err));
    assert_ok(crn_zip_open(zip, 0, &member, &err));
    crn_zip_destroy(zip);
    crn_buffer_release(file);
    const char *data = crn_buffer_data(member);
    assert_true(data > begin && data < end);
    assert_int_equal(data[0], '{');
    crn_buffer_release(member);
}

static void test_deflated_members(void **state)
{
    (void)state;
    crn_zip *zip = open_golden("deflated.zip");
    assert_int_equal(crn_zip_at(zip, 0)->method, 8);
    assert_int_equal(crn_zip_at(zip, 0)->size, 5000);
    crn_buffer *member = NULL;
    assert_ok(crn_zip_open(zip, 0, &member, &err));
    assert_memory_equal((char *)crn_buffer_data(member) + 4990, "cornichon ", 10);
    crn_buffer_release(member);
    assert_member(zip, "b.txt", "");
    crn_zip_destroy(zip);
}

static void test_data_descriptors(void **state)
{
    (void)state;
    crn_zip *zip = open_golden("streamed.zip");
    assert_member(zip, "streamed.txt", "its sizes follow it");
    assert_member(zip, "wide.txt", "its sizes follow it in eight bytes each");
    crn_zip_destroy(zip);
}

static void test_zip64(void **state)
{
    (void)state;
    crn_zip *zip = open_golden("zip64.zip");
    assert_member(zip, "x.bin", "zip64");
    crn_zip_destroy(zip);
}

/* ---- refusals: one field of a good archive is changed ---- */

static void assert_refused(const char *bytes, size_t size, crn_status status,
                           const char *message)
{
    crn_buffer *file = buffer_of(bytes, size), *member = NULL;
    crn_zip *zip = NULL;
    err = (crn_error)CRN_ERROR_INIT;
    crn_status got = crn_zip_read(file, NULL, &zip, &err);
    if (got == CRN_OK)
        got = crn_zip_open(zip, 0, &member, &err);
    assert_message(message);
    assert_int_equal(got, status);
    crn_zip_destroy(zip);
    crn_buffer_release(member);
    crn_buffer_release(file);
}

/* An archive of two small stored members: "a" = "AA", "b" = "BB". Local headers at 0 and 33,
 * entries at 66 and 113, end record at 160. */
static crn_text two_members(void)
{
    crn_zip_writer *writer = NULL;
    crn_text out = CRN_TEXT_INIT;
    assert_ok(crn_zip_writer_create(&writer, &err));
    assert_ok(crn_zip_writer_add(writer, "a", "AA", 2, false, &err));
    assert_ok(crn_zip_writer_add(writer, "b", "BB", 2, false, &err));
    assert_ok(crn_zip_writer_finish(writer, &out, &err));
    assert_int_equal(out.size, 182);
    return out;
}

static void test_contradictions(void **state)
{
    (void)state;
    static const struct {
        size_t at; /* the byte that becomes `value` */
        int value;
        crn_status status;
        const char *message;
    } cases[] = {
        {30, 'c', CRN_FORMAT, "disagrees"},                 /* local name */
        {66 + 46, 'b', CRN_FORMAT, "disagrees"},            /* central name */
        {14, 0, CRN_FORMAT, "disagrees"},                   /* local CRC */
        {18, 3, CRN_FORMAT, "disagrees"},                   /* local stored size */
        {22, 1, CRN_FORMAT, "disagrees"},                   /* local size */
        {8, 8, CRN_FORMAT, "disagrees"},                    /* local method */
        {7, 8, CRN_FORMAT, "disagrees"},                    /* local flags: UTF-8 */
        {0, 'Q', CRN_FORMAT, "no local header"},            /* local signature */
        {31, 'X', CRN_FORMAT, "CRC of the zip member 'a'"}, /* data */
        {66, 'Q', CRN_FORMAT, "entry"},                     /* central signature */
        {66 + 8, 1, CRN_UNSUPPORTED, "encrypted"},          /* flags */
        {66 + 8, 0x20, CRN_UNSUPPORTED, "flags 0x20"},      /* patched data */
        {66 + 6, 51, CRN_UNSUPPORTED, "version 5.1"},       /* version needed */
        {66 + 10, 12, CRN_UNSUPPORTED, "method 12"},        /* bzip2 */
        {66 + 20, 1, CRN_FORMAT, "two sizes"},              /* stored size */
        {66 + 34, 1, CRN_UNSUPPORTED, "several parts"},     /* disk */
        {113 + 42, 0, CRN_FORMAT, "disagrees"},             /* b's offset: a's header */
        {113 + 42, 182, CRN_FORMAT, ""},                    /* b's offset: outside */
        {160 + 8, 1, CRN_UNSUPPORTED, "several parts"},     /* members of this part */
        {160 + 12, 93, CRN_FORMAT, "should end"},           /* directory size */
        {160 + 16, 67, CRN_FORMAT, "should end"},           /* directory offset */
        {160 + 20, 1, CRN_FORMAT, "no end record"},         /* comment length */
        {160, 'Q', CRN_FORMAT, "no end record"},            /* end signature */
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        crn_text archive = two_members();
        archive.data[cases[i].at] = (char)cases[i].value;
        assert_refused(archive.data, archive.size, cases[i].status, cases[i].message);
        crn_text_free(&archive);
    }
}

static void test_member_counts(void **state)
{
    (void)state;
    crn_text archive = two_members();
    archive.data[160 + 8] = archive.data[160 + 10] = 1;
    assert_refused(archive.data, archive.size, CRN_FORMAT, "more entries");
    archive.data[160 + 8] = archive.data[160 + 10] = 3;
    assert_refused(archive.data, archive.size, CRN_FORMAT, "do not fit");
    crn_text_free(&archive);
}

static void test_overlaps_and_duplicates(void **state)
{
    (void)state;
    crn_text archive = two_members();
    /* "b" is renamed in both places: two members "a" that share no byte. */
    archive.data[33 + 30] = archive.data[113 + 46] = 'a';
    assert_refused(archive.data, archive.size, CRN_FORMAT, "two members 'a'");
    crn_text_free(&archive);

    archive = two_members();
    memcpy(archive.data + 113, archive.data + 66, 47);
    assert_refused(archive.data, archive.size, CRN_FORMAT, "overlap");
    crn_text_free(&archive);
}

static void test_unsafe_names(void **state)
{
    (void)state;
    static const char *const names[] = {"/a",   "..",  "../a", "a/../b", "a\\b", "C:a",
                                        "a//b", "./a", "a/.",  "a\nb",   "a/.."};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        crn_zip_writer *writer = NULL;
        crn_text out = CRN_TEXT_INIT;
        assert_ok(crn_zip_writer_create(&writer, &err));
        assert_ok(crn_zip_writer_add(writer, names[i], "", 0, false, &err));
        assert_ok(crn_zip_writer_finish(writer, &out, &err));
        assert_refused(out.data, out.size, CRN_FORMAT, "stay inside");
        crn_text_free(&out);
    }
}

static void test_second_end_record(void **state)
{
    (void)state;
    crn_text archive = two_members();
    /* The old end record says that 22 bytes of comment follow: they are another end record. */
    archive.data[160 + 20] = 22;
    crn_text_add_bytes(&archive, "PK\5\6\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 22);
    assert_refused(archive.data, archive.size, CRN_FORMAT, "2 end records");
    crn_text_free(&archive);
}

static void test_limits(void **state)
{
    (void)state;
    crn_buffer *file = golden_data("deflated.zip");
    crn_zip *zip = NULL;
    crn_limits limits = CRN_LIMITS_INIT;
    limits.inflated_bytes = 4999;
    assert_status(CRN_LIMIT, crn_zip_read(file, &limits, &zip, &err));
    assert_message("inflated_bytes");
    limits = (crn_limits)CRN_LIMITS_INIT;
    limits.objects = 1;
    assert_status(CRN_LIMIT, crn_zip_read(file, &limits, &zip, &err));
    assert_message("objects");
    crn_buffer_release(file);
}

/* Two mebibytes of zeros deflate to two kilobytes: 1000 to 1. */
static void test_inflate_ratio(void **state)
{
    (void)state;
    static const char zeros[2 << 20];
    crn_zip_writer *writer = NULL;
    crn_text out = CRN_TEXT_INIT;
    assert_ok(crn_zip_writer_create(&writer, &err));
    assert_ok(crn_zip_writer_add(writer, "zeros", zeros, sizeof zeros, true, &err));
    assert_ok(crn_zip_writer_finish(writer, &out, &err));
    crn_buffer *file = buffer_of(out.data, out.size), *member = NULL;
    crn_zip *zip = NULL;
    crn_limits limits = CRN_LIMITS_INIT;
    limits.inflate_ratio = 500;
    assert_status(CRN_LIMIT, crn_zip_read(file, &limits, &zip, &err));
    assert_message("inflate_ratio = 500");
    assert_ok(crn_zip_read(file, NULL, &zip, &err));
    assert_ok(crn_zip_open(zip, 0, &member, &err));
    assert_int_equal(crn_buffer_size(member), sizeof zeros);
    crn_buffer_release(member);
    crn_zip_destroy(zip);
    crn_buffer_release(file);
    crn_text_free(&out);
}

/* ---- writing ---- */

/* stored.zip was made by zipfile.writestr(ZipInfo(name), ...), as Keras makes its archives. */
static void test_writes_zipfiles_bytes(void **state)
{
    (void)state;
    static const char json[] = "{\"keras_version\": \"3.15.1\"}";
    crn_zip_writer *writer = NULL;
    crn_text out = CRN_TEXT_INIT;
    assert_ok(crn_zip_writer_create(&writer, &err));
    assert_ok(crn_zip_writer_add(writer, "metadata.json", json, strlen(json), false, &err));
    assert_ok(crn_zip_writer_add(writer, "assets/", "", 0, false, &err));
    assert_ok(crn_zip_writer_add(writer, "assets/\xc3\xa9.txt", "UTF-8 name", 10, false, &err));
    assert_ok(crn_zip_writer_finish(writer, &out, &err));
    crn_buffer *file = golden_data("stored.zip");
    assert_int_equal(out.size, crn_buffer_size(file));
    assert_memory_equal(out.data, crn_buffer_data(file), out.size);
    crn_buffer_release(file);
    crn_text_free(&out);
}

static void test_empty_archive(void **state)
{
    (void)state;
    crn_zip_writer *writer = NULL;
    crn_text out = CRN_TEXT_INIT;
    crn_zip *zip = NULL;
    assert_ok(crn_zip_writer_create(&writer, &err));
    assert_ok(crn_zip_writer_finish(writer, &out, &err));
    crn_buffer *file = buffer_of(out.data, out.size);
    assert_ok(crn_zip_read(file, NULL, &zip, &err));
    assert_int_equal(crn_zip_count(zip), 0);
    assert_int_equal(crn_zip_find(zip, "a"), -1);
    crn_zip_destroy(zip);
    crn_buffer_release(file);
    crn_text_free(&out);
    crn_zip_writer_discard(NULL);
}

/* From 65535 members on, the count needs a zip64 end record. */
static void test_many_members_need_zip64(void **state)
{
    (void)state;
    enum { MEMBERS = 65535 };
    crn_zip_writer *writer = NULL;
    crn_text out = CRN_TEXT_INIT;
    crn_zip *zip = NULL;
    assert_ok(crn_zip_writer_create(&writer, &err));
    for (int i = 0; i < MEMBERS; i++) {
        char name[16];
        snprintf(name, sizeof name, "%d", i);
        assert_ok(crn_zip_writer_add(writer, name, NULL, 0, false, &err));
    }
    assert_ok(crn_zip_writer_finish(writer, &out, &err));
    assert_memory_equal(out.data + out.size - 22 - 20, "PK\6\7", 4);
    crn_buffer *file = buffer_of(out.data, out.size);
    assert_ok(crn_zip_read(file, NULL, &zip, &err));
    assert_int_equal(crn_zip_count(zip), MEMBERS);
    assert_int_equal(crn_zip_find(zip, "65534"), 65534);
    crn_zip_destroy(zip);
    crn_buffer_release(file);
    crn_text_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sniff),
        cmocka_unit_test(test_stored_members),
        cmocka_unit_test(test_stored_member_is_in_place),
        cmocka_unit_test(test_deflated_members),
        cmocka_unit_test(test_data_descriptors),
        cmocka_unit_test(test_zip64),
        cmocka_unit_test(test_contradictions),
        cmocka_unit_test(test_member_counts),
        cmocka_unit_test(test_overlaps_and_duplicates),
        cmocka_unit_test(test_unsafe_names),
        cmocka_unit_test(test_second_end_record),
        cmocka_unit_test(test_limits),
        cmocka_unit_test(test_inflate_ratio),
        cmocka_unit_test(test_writes_zipfiles_bytes),
        cmocka_unit_test(test_empty_archive),
        cmocka_unit_test(test_many_members_need_zip64),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
