/* SPDX-License-Identifier: BSD-3-Clause */
/* Blocks, numbers, the budget and the map of the HDF5 reader. */
#include "h5_scene.h"

static void test_numbers(void **state)
{
    (void)state;
    crn_bytes in = LITERAL("\x01\x02\x03\x04\x05\x06\x07\x08\x09");
    uint64_t value;
    assert_ok(crn_h5_number(&in, 3, &value, &err));
    assert_int_equal(value, 0x030201);
    assert_ok(crn_h5_number(&in, 1, &value, &err));
    assert_int_equal(value, 4);
    in.position = 0;
    assert_ok(crn_h5_number(&in, 8, &value, &err));
    assert_true(value == UINT64_C(0x0807060504030201));
    assert_status(CRN_FORMAT, crn_h5_number(&in, 2, &value, &err));
    assert_status(CRN_FORMAT, crn_h5_number(&in, 0, &value, &err));
    assert_status(CRN_FORMAT, crn_h5_number(&in, 9, &value, &err));
}

static void test_undefined_addresses(void **state)
{
    (void)state;
    crn_h5_reader reader = {.length_size = 2};
    for (uint8_t size = 2; size <= 8; size *= 2) {
        crn_bytes in = LITERAL("\xff\xff\xff\xff\xff\xff\xff\xff");
        uint64_t value;
        reader.offset_size = size;
        assert_ok(crn_h5_offset(&reader, &in, &value, &err));
        assert_true(value == CRN_H5_UNDEFINED);
        assert_int_equal(in.position, size);
    }
    crn_bytes in = LITERAL("\xff\xff");
    uint64_t value;
    assert_ok(crn_h5_length(&reader, &in, &value, &err));
    assert_int_equal(value, 0xffff); /* a length is never undefined */
}

static void test_blocks_end_with_the_file(void **state)
{
    (void)state;
    scene it = {.bytes = CRN_TEXT_INIT};
    crn_bytes block;
    crn_h5_put_zeros(&it.bytes, 100);
    crn_h5_reader *reader = scene_open(&it);
    reader->bytes.base = 512;
    assert_ok(crn_h5_at(reader, 90, 10, &block, &err));
    assert_int_equal(block.size, 10);
    assert_int_equal(block.base, 602);
    assert_ok(crn_h5_at(reader, 100, 0, &block, &err));
    assert_status(CRN_FORMAT, crn_h5_at(reader, 90, 11, &block, &err));
    assert_says("ends early");
    assert_status(CRN_FORMAT, crn_h5_at(reader, 101, 0, &block, &err));
    assert_status(CRN_FORMAT, crn_h5_at(reader, 1, UINT64_MAX, &block, &err));
    assert_status(CRN_FORMAT, crn_h5_at(reader, UINT64_MAX, 1, &block, &err));
    scene_close(&it);
}

static void test_budget(void **state)
{
    (void)state;
    scene it = {.bytes = CRN_TEXT_INIT};
    crn_bytes block;
    crn_h5_put_zeros(&it.bytes, 100);
    crn_h5_reader *reader = scene_open(&it);
    for (int i = 0; i < 4; i++)
        assert_ok(crn_h5_block(reader, 0, 100, &block, &err));
    assert_ok(crn_h5_block(reader, 0, 0, &block, &err));
    assert_status(CRN_FORMAT, crn_h5_block(reader, 0, 1, &block, &err));
    assert_says("overlap or form a loop");
    scene_close(&it);
}

static void test_structures(void **state)
{
    (void)state;
    scene it = {.bytes = CRN_TEXT_INIT};
    crn_bytes in;
    PUT(&it.bytes, "SNOD\1\0\0\0");
    crn_h5_reader *reader = scene_open(&it);
    assert_ok(crn_h5_structure(reader, 0, 8, "SNOD", 1, &in, &err));
    assert_int_equal(in.position, 5);
    assert_status(CRN_FORMAT, crn_h5_structure(reader, 0, 8, "HEAP", 1, &in, &err));
    assert_says("no HDF5 HEAP structure here");
    assert_status(CRN_UNSUPPORTED, crn_h5_structure(reader, 0, 8, "SNOD", 2, &in, &err));
    assert_says("version 1 of the HDF5 SNOD structure");
    assert_status(CRN_FORMAT, crn_h5_structure(reader, 0, 3, "SNOD", 1, &in, &err));
    assert_status(CRN_FORMAT, crn_h5_structure(reader, 0, 4, "SNOD", 1, &in, &err));
    scene_close(&it);
}

/* hashlittle() of "" is 0xdeadbeef, and of "Four score and seven years ago" 0x17770551:
 * lookup3.c, driver5(). */
static void test_checksum(void **state)
{
    (void)state;
    static const uint8_t known[] = "Four score and seven years ago\x51\x05\x77\x17";
    assert_true(crn_h5_checksum_holds(known, 34));
    assert_false(crn_h5_checksum_holds(known, 33));
    assert_true(crn_h5_checksum_holds((const uint8_t *)"\xef\xbe\xad\xde", 4));
    assert_false(crn_h5_checksum_holds(known, 3));
    uint8_t changed[sizeof known];
    for (size_t bit = 0; bit < 34 * 8; bit++) {
        memcpy(changed, known, sizeof known);
        changed[bit / 8] ^= (uint8_t)(1U << bit % 8);
        assert_false(crn_h5_checksum_holds(changed, 34));
    }
}

static void test_swap_and_log2(void **state)
{
    (void)state;
    uint8_t bytes[8] = {1, 2, 3, 4, 5, 6, 7, 8};
    crn_h5_swap(bytes, 2, 4);
    assert_memory_equal(bytes, "\4\3\2\1\x8\7\6\5", 8);
    crn_h5_swap(bytes, 8, 1);
    assert_memory_equal(bytes, "\4\3\2\1\x8\7\6\5", 8);
    assert_int_equal(crn_h5_log2(0), 0);
    assert_int_equal(crn_h5_log2(1), 0);
    assert_int_equal(crn_h5_log2(4095), 11);
    assert_int_equal(crn_h5_log2(4096), 12);
    assert_int_equal(crn_h5_log2(UINT64_MAX), 63);
}

static void test_map(void **state)
{
    (void)state;
    enum { COUNT = 5000 };
    static char values[COUNT];
    crn_h5_map map = {0};
    assert_null(crn_h5_map_get(&map, 8));
    for (uint64_t i = 0; i < COUNT; i++)
        assert_ok(crn_h5_map_put(&map, i * 8, &values[i], &err));
    for (uint64_t i = 0; i < COUNT; i++)
        assert_ptr_equal(crn_h5_map_get(&map, i * 8), &values[i]);
    assert_null(crn_h5_map_get(&map, 4));
    assert_null(crn_h5_map_get(&map, COUNT * 8));
    free(map.slots);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_undefined_addresses),
        cmocka_unit_test(test_blocks_end_with_the_file),
        cmocka_unit_test(test_budget),
        cmocka_unit_test(test_structures),
        cmocka_unit_test(test_checksum),
        cmocka_unit_test(test_swap_and_log2),
        cmocka_unit_test(test_map),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
