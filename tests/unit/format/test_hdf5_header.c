/* SPDX-License-Identifier: BSD-3-Clause */
/* Object headers put together by hand: both versions, continuations, and what is wrong with
 * them. */
#define SCENE_WITHOUT_CHECKSUMS
#include "h5_scene.h"

/* The header at 0 of these bytes. */
static crn_status read_header(const char *bytes, size_t size, crn_h5_header *out)
{
    scene it = {.bytes = CRN_TEXT_INIT};
    crn_text_add_bytes(&it.bytes, bytes, size);
    crn_h5_reader *reader = scene_open(&it);
    err = (crn_error)CRN_ERROR_INIT;
    crn_status status = crn_h5_header_read(reader, 0, out, &err);
    for (size_t i = 0; i < out->count; i++) /* the bytes go */
        out->messages[i].body.data = NULL;
    scene_close(&it);
    return status;
}

#define READ(literal, out) read_header(literal, sizeof literal - 1, out)

static void test_version_1(void **state)
{
    (void)state;
    crn_h5_header header = {0};
    /* Three messages: one here, one in the block at 48 that a continuation points to. */
    assert_int_equal(READ("\1\0\3\0\1\0\0\0\x20\0\0\0\0\0\0\0"
                          "\x10\0\x10\0\0\0\0\0\x30\0\0\0\0\0\0\0\x10\0\0\0\0\0\0\0"
                          "\1\0\0\0\0\0\0\0"
                          "\3\0\x08\0\1\0\0\0abcdefgh",
                          &header),
                     CRN_OK);
    assert_int_equal(header.count, 3);
    assert_int_equal(header.messages[1].type, CRN_H5_DATASPACE);
    assert_int_equal(header.messages[2].type, CRN_H5_DATATYPE);
    assert_int_equal(header.messages[2].flags, 1);
    assert_int_equal(header.messages[2].body.size, 8);
    assert_int_equal(header.messages[2].body.base, 56);
    assert_ptr_equal(crn_h5_message_find(&header, CRN_H5_DATATYPE), &header.messages[2]);
    assert_null(crn_h5_message_find(&header, CRN_H5_LAYOUT));
    crn_h5_header_free(&header);
}

static void test_version_1_stops_at_its_count(void **state)
{
    (void)state;
    crn_h5_header header = {0};
    assert_int_equal(READ("\1\0\1\0\1\0\0\0\x10\0\0\0\0\0\0\0"
                          "\1\0\0\0\0\0\0\0\3\0\xff\xff\0\0\0\0",
                          &header),
                     CRN_OK);
    assert_int_equal(header.count, 1);
    crn_h5_header_free(&header);
}

static void test_version_2(void **state)
{
    (void)state;
    crn_h5_header header = {0};
    /* Times, phase change values, creation order and two bytes of size; a gap of 3 bytes. */
    assert_int_equal(READ("OHDR\2\x35"
                          "tttttttttttttttt"
                          "pppp"
                          "\x12\0"
                          "\1\1\0\0\0\0x"
                          "\3\2\0\1\1\0yz"
                          "ggg"
                          "sum!",
                          &header),
                     CRN_OK);
    assert_int_equal(header.count, 2);
    assert_int_equal(header.messages[0].body.size, 1);
    assert_int_equal(header.messages[1].type, CRN_H5_DATATYPE);
    assert_int_equal(header.messages[1].body.size, 2);
    crn_h5_header_free(&header);
}

static void test_version_2_continued(void **state)
{
    (void)state;
    crn_h5_header header = {0};
    assert_int_equal(READ("OHDR\2\0\x14"
                          "\x10\x10\0\0\x1f\0\0\0\0\0\0\0\x0d\0\0\0\0\0\0\0"
                          "sum!"
                          "OCHK\3\1\0\0z"
                          "sum!",
                          &header),
                     CRN_OK);
    assert_int_equal(header.count, 2);
    assert_int_equal(header.messages[1].type, CRN_H5_DATATYPE);
    crn_h5_header_free(&header);
    assert_int_equal(READ("OHDR\2\0\x14"
                          "\x10\x10\0\0\x1f\0\0\0\0\0\0\0\x0d\0\0\0\0\0\0\0"
                          "sum!"
                          "OCHX\3\1\0\0z"
                          "sum!",
                          &header),
                     CRN_FORMAT);
    assert_says("continuation");
    crn_h5_header_free(&header);
}

static void test_loops(void **state)
{
    (void)state;
    crn_h5_header header = {0};
    /* A continuation that continues with itself: its own 24 bytes at 16. */
    assert_int_equal(READ("\1\0\xff\xff\1\0\0\0\x18\0\0\0\0\0\0\0"
                          "\x10\0\x10\0\0\0\0\0\x10\0\0\0\0\0\0\0\x18\0\0\0\0\0\0\0",
                          &header),
                     CRN_FORMAT);
    assert_says("form a loop");
    crn_h5_header_free(&header);
}

static void test_too_many_messages(void **state)
{
    (void)state;
    enum { MESSAGES = 70000 };
    scene it = {.bytes = CRN_TEXT_INIT};
    crn_h5_header header = {0};
    PUT(&it.bytes, "OHDR\2\2");
    crn_h5_put(&it.bytes, 4 * MESSAGES, 4);
    crn_h5_put_zeros(&it.bytes, 4 * MESSAGES + 4);
    crn_h5_reader *reader = scene_open(&it);
    assert_status(CRN_LIMIT, crn_h5_header_read(reader, 0, &header, &err));
    assert_says("over 65535 messages");
    crn_h5_header_free(&header);
    scene_close(&it);
}

static void test_damage(void **state)
{
    (void)state;
    crn_h5_header header = {0};
    assert_int_equal(READ("\2\0\1\0\1\0\0\0\x10\0\0\0\0\0\0\0", &header), CRN_FORMAT);
    assert_says("no HDF5 object header here");
    assert_int_equal(READ("OHDR\3\0\0sum!", &header), CRN_UNSUPPORTED);
    assert_int_equal(READ("OHDR\2\3\xff\xff\xff\xff\xff\xff\xff\xff", &header), CRN_FORMAT);
    assert_says("larger than the file");
    assert_int_equal(
        READ("\1\0\1\0\1\0\0\0\x10\0\0\0\0\0\0\0\1\0\x09\0\0\0\0\0abcdefgh", &header),
        CRN_FORMAT);
    assert_says("ends early");
    /* A message of type 0x18 is skipped, unless it says that it must be understood. */
    assert_int_equal(READ("\1\0\1\0\1\0\0\0\x08\0\0\0\0\0\0\0\x18\0\0\0\0\0\0\0", &header),
                     CRN_OK);
    crn_h5_header_free(&header);
    assert_int_equal(READ("\1\0\1\0\1\0\0\0\x08\0\0\0\0\0\0\0\x18\0\0\0\x80\0\0\0", &header),
                     CRN_UNSUPPORTED);
    assert_says("header message 0x18");
    crn_h5_header_free(&header);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_version_1), cmocka_unit_test(test_version_1_stops_at_its_count),
        cmocka_unit_test(test_version_2), cmocka_unit_test(test_version_2_continued),
        cmocka_unit_test(test_loops),     cmocka_unit_test(test_too_many_messages),
        cmocka_unit_test(test_damage),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
