/* SPDX-License-Identifier: BSD-3-Clause */
/* Groups from messages put together by hand: links of both styles, names, and what is
 * refused. */
#define SCENE_WITHOUT_CHECKSUMS
#include "h5_scene.h"

/* Reads a group of these messages into the root. */
static crn_status read_group(scene *it, const crn_h5_message *messages, size_t count)
{
    const crn_h5_header header = {(crn_h5_message *)messages, count, 0};
    crn_h5_node *root = crn_h5_root(it->reader.h5);
    root->child_count = 0;
    it->reader.budget = 1 << 20;
    err = (crn_error)CRN_ERROR_INIT;
    return crn_h5_group_read(&it->reader, &header, root, &err);
}

static crn_h5_message link_message(const char *bytes, size_t size)
{
    return (crn_h5_message){.type = CRN_H5_LINK, .body = crn_bytes_of(bytes, size)};
}

#define LINK(literal) link_message(literal, sizeof literal - 1)

static void test_links(void **state)
{
    (void)state;
    scene it = {.bytes = CRN_TEXT_INIT};
    crn_h5_put_zeros(&it.bytes, 16);
    scene_open(&it);
    /* Plain; with creation order and character set; with a type of its own and two bytes of
     * length. */
    const crn_h5_message links[] = {LINK("\1\0\1b\x20\0\0\0\0\0\0\0"),
                                    LINK("\1\x14........\1\1c\x30\0\0\0\0\0\0\0"),
                                    LINK("\1\x09\0\3\0a_1\x40\0\0\0\0\0\0\0")};
    assert_int_equal(read_group(&it, links, 3), CRN_OK);
    const crn_h5_node *root = crn_h5_root(it.reader.h5);
    assert_int_equal(root->child_count, 3);
    assert_string_equal(root->children[0]->name, "a_1"); /* in name order */
    assert_int_equal(root->children[0]->offset, 0x40);
    assert_int_equal(crn_h5_find(root, "c")->offset, 0x30);
    assert_ptr_equal(crn_h5_find(root, "b")->parent, root);
    scene_close(&it);
}

static void check_link(crn_h5_message link, crn_status status, const char *says,
                       const char *where)
{
    scene it = {.bytes = CRN_TEXT_INIT};
    crn_h5_put_zeros(&it.bytes, 16);
    scene_open(&it);
    assert_int_equal(read_group(&it, &link, 1), status);
    assert_says(says);
    assert_string_equal(err.where, where);
    scene_close(&it);
}

static void test_links_refused(void **state)
{
    (void)state;
    check_link(LINK("\1\x08\1\4soft\2\0/a"), CRN_UNSUPPORTED, "soft links", "soft");
    check_link(LINK("\1\x08\x40\3ext\6\0\0f.h5\0"), CRN_UNSUPPORTED, "external links", "ext");
    check_link(LINK("\1\x08\x41\3own"), CRN_UNSUPPORTED, "user-defined links", "own");
    check_link(LINK("\2\0\1b\x20\0\0\0\0\0\0\0"), CRN_UNSUPPORTED, "link message", "");
    check_link(LINK("\1\0\0\x20\0\0\0\0\0\0\0"), CRN_FORMAT, "name is empty", "");
    check_link(LINK("\1\0\3a/b\x20\0\0\0\0\0\0\0"), CRN_FORMAT, "'/'", "");
    check_link(LINK("\1\0\3a\0b\x20\0\0\0\0\0\0\0"), CRN_FORMAT, "NUL", "");
    check_link(LINK("\1\0\x7f"
                    "a"),
               CRN_FORMAT, "ends early", "");
    check_link(LINK("\1\3\xff\xff\xff\xff\xff\xff\xff\xff"
                    "a"),
               CRN_FORMAT, "ends early", "");
    check_link(LINK("\1\0\1b\x20\0\0"), CRN_FORMAT, "ends early", "");
}

static void test_names_are_unique(void **state)
{
    (void)state;
    scene it = {.bytes = CRN_TEXT_INIT};
    crn_h5_put_zeros(&it.bytes, 16);
    scene_open(&it);
    const crn_h5_message links[] = {LINK("\1\0\1b\x20\0\0\0\0\0\0\0"),
                                    LINK("\1\0\1a\x20\0\0\0\0\0\0\0"),
                                    LINK("\1\0\1b\x30\0\0\0\0\0\0\0")};
    assert_int_equal(read_group(&it, links, 3), CRN_FORMAT);
    assert_says("two HDF5 links are called \"b\"");
    scene_close(&it);
}

static void test_link_info(void **state)
{
    (void)state;
    scene it = {.bytes = CRN_TEXT_INIT};
    crn_h5_put_zeros(&it.bytes, 16);
    scene_open(&it);
    crn_h5_message info = {.type = CRN_H5_LINK_INFO,
                           .body = LITERAL("\0\1........\xff\xff\xff\xff\xff\xff\xff\xff"
                                           "\xff\xff\xff\xff\xff\xff\xff\xff")};
    assert_int_equal(read_group(&it, &info, 1), CRN_OK); /* no dense links */
    info.body = LITERAL("\1\0");
    assert_int_equal(read_group(&it, &info, 1), CRN_UNSUPPORTED);
    assert_says("link info");
    info.body = LITERAL("\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"); /* a heap at 0 */
    assert_int_equal(read_group(&it, &info, 1), CRN_FORMAT);
    scene_close(&it);
}

/* ---- symbol table: B-tree at 0, heap at 48 with its names at 80, symbol node at 96 ---- */

static void put_symbol_table(scene *it, const char names[16], uint64_t name_at,
                             uint32_t cache_type)
{
    PUT(&it->bytes,
        "TREE\0\0\1\0................\0\0\0\0\0\0\0\0\x60\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0");
    PUT(&it->bytes, "HEAP\0\0\0\0\x10\0\0\0\0\0\0\0\1\0\0\0\0\0\0\0\x50\0\0\0\0\0\0\0");
    crn_text_add_bytes(&it->bytes, names, 16);
    PUT(&it->bytes, "SNOD\1\0\1\0");
    crn_h5_put(&it->bytes, name_at, 8);
    crn_h5_put(&it->bytes, 0x1234, 8);
    crn_h5_put(&it->bytes, cache_type, 4);
    crn_h5_put_zeros(&it->bytes, 20);
}

static void test_symbol_table(void **state)
{
    (void)state;
    static const struct {
        const char *names;
        uint64_t name_at;
        uint32_t cache_type;
        crn_status status;
        const char *says;
    } cases[] = {{"\0\0\0\0\0\0\0\0dense\0\0", 8, 0, CRN_OK, ""},
                 {"\0\0\0\0\0\0\0\0dense\0\0", 8, 1, CRN_OK, ""},
                 {"\0\0\0\0\0\0\0\0dense\0\0", 8, 2, CRN_UNSUPPORTED, "soft links"},
                 {"\0\0\0\0\0\0\0\0dense\0\0", 17, 0, CRN_FORMAT, "behind the end"},
                 {"\0\0\0\0\0\0\0\0dense\0\0", 0, 0, CRN_FORMAT, "name is empty"},
                 {"\0\0\0\0\0\0\0\0densedense", 8, 0, CRN_FORMAT, "does not end"}};
    const crn_h5_message table = {.type = CRN_H5_SYMBOL_TABLE,
                                  .body = LITERAL("\0\0\0\0\0\0\0\0\x30\0\0\0\0\0\0\0")};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        scene it = {.bytes = CRN_TEXT_INIT};
        put_symbol_table(&it, cases[i].names, cases[i].name_at, cases[i].cache_type);
        scene_open(&it);
        assert_int_equal(read_group(&it, &table, 1), cases[i].status);
        if (cases[i].status == CRN_OK)
            assert_int_equal(crn_h5_find(crn_h5_root(it.reader.h5), "dense")->offset, 0x1234);
        else
            assert_says(cases[i].says);
        scene_close(&it);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_links),
        cmocka_unit_test(test_links_refused),
        cmocka_unit_test(test_names_are_unique),
        cmocka_unit_test(test_link_info),
        cmocka_unit_test(test_symbol_table),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
