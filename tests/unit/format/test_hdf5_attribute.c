/* SPDX-License-Identifier: BSD-3-Clause */
/* Attribute messages of the three versions, text in all its paddings, and damage. */
#define SCENE_WITHOUT_CHECKSUMS
#include "h5_scene.h"

/* Reads one attribute message; the node keeps it. */
static crn_status read_one(scene *it, crn_bytes body, uint8_t flags, crn_h5_attribute **out)
{
    crn_h5_message message = {.type = CRN_H5_ATTRIBUTE, .flags = flags, .body = body};
    const crn_h5_header header = {&message, 1, 0};
    crn_h5_node *root = crn_h5_root(it->reader.h5);
    root->attribute_count = 0;
    err = (crn_error)CRN_ERROR_INIT;
    it->reader.budget = 1 << 20;
    crn_status status = crn_h5_attributes_read(&it->reader, &header, root, &err);
    *out = root->attributes;
    return status;
}

static scene empty_scene(void)
{
    scene it = {.bytes = CRN_TEXT_INIT};
    crn_h5_put_zeros(&it.bytes, 64);
    scene_open(&it);
    return it;
}

#define UINT8_TYPE "\x10\0\0\0\1\0\0\0\0\0\x08\0"
#define SCALAR     "\2\0\0\0"
#define TWO        "\2\1\0\1\2\0\0\0\0\0\0\0"

static void test_versions(void **state)
{
    (void)state;
    scene it = empty_scene();
    crn_h5_attribute *got;
    /* Version 1 pads name, type and space to 8 bytes; 2 does not; 3 has the name's character
     * set. */
    const crn_bytes messages[] = {
        LITERAL("\1\0\4\0\x0c\0\4\0abc\0\0\0\0\0" UINT8_TYPE "\0\0\0\0" SCALAR "\0\0\0\0\x2a"),
        LITERAL("\2\0\4\0\x0c\0\4\0abc\0" UINT8_TYPE SCALAR "\x2a"),
        LITERAL("\3\0\4\0\x0c\0\4\0\1abc\0" UINT8_TYPE SCALAR "\x2a")};
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(read_one(&it, messages[i], 0, &got), CRN_OK);
        assert_null(got->refused);
        assert_string_equal(got->name, "abc");
        assert_int_equal(got->array.dtype, CRN_UINT8);
        assert_int_equal(got->array.ndim, 0);
        assert_int_equal(*(uint8_t *)got->array.data, 42);
    }
    scene_close(&it);
}

static void check_refused(scene *it, crn_bytes body, uint8_t flags, const char *says)
{
    crn_h5_attribute *got;
    assert_int_equal(read_one(it, body, flags, &got), CRN_OK);
    assert_string_equal(got->name, "a");
    assert_non_null(got->refused);
    if (strstr(got->refused, says) == NULL)
        fail_msg("\"%s\" does not say \"%s\"", got->refused, says);
}

static void test_values_refused(void **state)
{
    (void)state;
    scene it = empty_scene();
    check_refused(&it, LITERAL("\2\0\2\0\x0c\0\4\0a\0" UINT8_TYPE "\2\0\0\2"), 0,
                  "null dataspace");
    check_refused(&it, LITERAL("\2\0\2\0\x08\0\4\0a\0\x15\0\0\0\2\0\0\0" SCALAR "xx"), 0,
                  "opaque");
    check_refused(&it, LITERAL("\2\0\2\0\x08\0\4\0a\0\x16\0\0\0\2\0\0\0" SCALAR "xx"), 0,
                  "compound");
    check_refused(&it, LITERAL("\2\2\2\0\x0c\0\4\0a\0" UINT8_TYPE SCALAR "x"), 0, "shared");
    check_refused(&it, LITERAL("\2\1\2\0\x0a\0\4\0a\0\3\1\0\0\0\0\0\0\0\0" SCALAR "x"), 0,
                  "shared");
    scene_close(&it);
}

static void test_damage(void **state)
{
    (void)state;
    scene it = empty_scene();
    crn_h5_attribute *got;
    assert_int_equal(read_one(&it, LITERAL("\4\0\2\0\x0c\0\4\0a\0"), 0, &got), CRN_UNSUPPORTED);
    assert_says("version 4 of the HDF5 attribute");
    assert_int_equal(read_one(&it, LITERAL("xx"), CRN_H5_SHARED, &got), CRN_UNSUPPORTED);
    assert_says("shared through a heap");
    assert_int_equal(read_one(&it, LITERAL("\2\0\2\0\x0c\0\4\0a\0" UINT8_TYPE SCALAR), 0, &got),
                     CRN_FORMAT);
    assert_says("attribute \"a\": ends early");
    assert_int_equal(read_one(&it, LITERAL("\2\0\xff\xff\x0c\0\4\0a\0"), 0, &got), CRN_FORMAT);
    assert_int_equal(read_one(&it, LITERAL("\2\0\2\0\x0c\0\4\0a\0\x10"), 0, &got), CRN_FORMAT);
    assert_int_equal(read_one(&it, LITERAL("\1\0\2\0\x0c\0\4\0a\0"), 0, &got), CRN_FORMAT);
    scene_close(&it);
}

/* A fixed-length text attribute of two strings of 6 bytes. */
static void check_text(uint8_t padding, const char *stored, const char *first,
                       const char *second)
{
    scene it = empty_scene();
    crn_text body = CRN_TEXT_INIT;
    crn_h5_attribute *got;
    PUT(&body, "\2\0\2\0\x08\0\x0c\0a\0\x13");
    crn_h5_put(&body, padding, 3);
    PUT(&body, "\6\0\0\0" TWO);
    crn_text_add_bytes(&body, stored, 12);
    assert_int_equal(read_one(&it, crn_bytes_of(body.data, body.size), 0, &got), CRN_OK);
    assert_true(got->is_text);
    assert_false(got->variable);
    assert_false(got->is_scalar);
    assert_int_equal(got->text_count, 2);
    assert_string_equal(got->text[0], first);
    assert_int_equal(got->text_size[0], strlen(first));
    assert_string_equal(got->text[1], second);
    crn_text_free(&body);
    scene_close(&it);
}

static void test_paddings(void **state)
{
    (void)state;
    check_text(CRN_H5_NULL_TERMINATED, "ab\0xyzabcdef", "ab", "abcdef");
    check_text(CRN_H5_NULL_PADDED, "ab\0\0\0\0 cdef ", "ab", " cdef ");
    check_text(CRN_H5_SPACE_PADDED, "ab    abcdef", "ab", "abcdef");
    check_text(CRN_H5_SPACE_PADDED, "      a b   ", "", "a b");
    check_text(CRN_H5_NULL_PADDED, "\0\0\0\0\0\0abcdef", "", "abcdef");
}

/* A variable-length string: `size` bytes of object `index` in the collection at 0. */
static crn_status read_variable(uint32_t size, uint64_t collection, uint32_t index, char *text)
{
    scene it = {.bytes = CRN_TEXT_INIT};
    crn_text body = CRN_TEXT_INIT;
    crn_h5_attribute *got;
    PUT(&it.bytes,
        "................GCOL\1\0\0\0\x38\0\0\0\0\0\0\0"
        "\1\0\0\0\0\0\0\0\6\0\0\0\0\0\0\0ab\0cde\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0");
    scene_open(&it);
    PUT(&body, "\2\0\2\0\x14\0\4\0a\0\x19\1\1\0\x10\0\0\0\x10\0\0\0\1\0\0\0\0\0\x08\0" SCALAR);
    crn_h5_put(&body, size, 4);
    crn_h5_put(&body, collection, 8);
    crn_h5_put(&body, index, 4);
    crn_status status = read_one(&it, crn_bytes_of(body.data, body.size), 0, &got);
    if (status == CRN_OK) {
        assert_true(got->variable && got->utf8 && got->is_scalar);
        assert_true(got->text_size[0] < 16);
        memcpy(text, got->text[0], got->text_size[0] + 1);
    }
    crn_text_free(&body);
    scene_close(&it);
    return status;
}

static void test_variable_strings(void **state)
{
    (void)state;
    char text[16];
    assert_int_equal(read_variable(6, 16, 1, text), CRN_OK);
    assert_string_equal(text, "ab"); /* ends at the NUL, as in h5py */
    assert_int_equal(read_variable(1, 16, 1, text), CRN_OK);
    assert_string_equal(text, "a");
    assert_int_equal(read_variable(0, 16, 1, text), CRN_OK);
    assert_string_equal(text, "");
    assert_int_equal(read_variable(6, 0, 1, text), CRN_OK); /* never written */
    assert_string_equal(text, "");
    assert_int_equal(read_variable(6, CRN_H5_UNDEFINED, 1, text), CRN_OK);
    assert_string_equal(text, "");
    assert_int_equal(read_variable(7, 16, 1, text), CRN_FORMAT);
    assert_says("an HDF5 string of 7 bytes is stored in 6");
    assert_int_equal(read_variable(6, 16, 2, text), CRN_FORMAT);
    assert_int_equal(read_variable(6, 17, 1, text), CRN_FORMAT);
}

static void test_text_is_bounded(void **state)
{
    (void)state;
    scene it = empty_scene();
    crn_h5_attribute *got;
    /* A million strings in four bytes; a variable-length type of 8 bytes. */
    assert_int_equal(read_one(&it,
                              LITERAL("\2\0\2\0\x08\0\x0c\0a\0\x13\0\0\0\1\0\0\0"
                                      "\2\1\0\1\0\0\x10\0\0\0\0\0abcd"),
                              0, &got),
                     CRN_FORMAT);
    assert_says("ends early");
    assert_int_equal(
        read_one(&it, LITERAL("\2\0\2\0\x08\0\4\0a\0\x19\1\0\0\x08\0\0\0" SCALAR "abcdefgh"), 0,
                 &got),
        CRN_FORMAT);
    it.reader.limits.text_bytes = 3;
    assert_int_equal(read_one(&it,
                              LITERAL("\2\0\2\0\x08\0\4\0a\0\x13\0\0\0\4\0\0\0" SCALAR "abcd"),
                              0, &got),
                     CRN_LIMIT);
    assert_says("text_bytes = 3");
    scene_close(&it);
}

static void test_dense_info(void **state)
{
    (void)state;
    scene it = empty_scene();
    crn_h5_message message = {.type = CRN_H5_ATTRIBUTE_INFO,
                              .body = LITERAL("\0\0\xff\xff\xff\xff\xff\xff\xff\xff"
                                              "\xff\xff\xff\xff\xff\xff\xff\xff")};
    const crn_h5_header header = {&message, 1, 0};
    crn_h5_node *root = crn_h5_root(it.reader.h5);
    assert_ok(crn_h5_attributes_read(&it.reader, &header, root, &err)); /* none are dense */
    assert_int_equal(root->attribute_count, 0);
    message.body = LITERAL("\1\0");
    assert_status(CRN_UNSUPPORTED, crn_h5_attributes_read(&it.reader, &header, root, &err));
    assert_says("attribute info");
    message.body = LITERAL("\0\1\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"); /* a heap at 0 */
    assert_status(CRN_FORMAT, crn_h5_attributes_read(&it.reader, &header, root, &err));
    scene_close(&it);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_versions),         cmocka_unit_test(test_values_refused),
        cmocka_unit_test(test_damage),           cmocka_unit_test(test_paddings),
        cmocka_unit_test(test_variable_strings), cmocka_unit_test(test_text_is_bounded),
        cmocka_unit_test(test_dense_info),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
