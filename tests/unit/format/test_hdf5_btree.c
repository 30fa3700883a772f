/* SPDX-License-Identifier: BSD-3-Clause */
/* Both B-trees put together by hand, and bent: cycles, wrong levels, impossible measures. */
#define SCENE_WITHOUT_CHECKSUMS
#include "h5_scene.h"

/* What the walk visited: children of version 1, first bytes of records of version 2. */
typedef struct visited {
    uint64_t at[16];
    size_t count;
} visited;

static crn_status visit(void *context, crn_bytes record, uint64_t child, crn_error *error)
{
    visited *all = context;
    if (all->count == 16)
        return crn_fail(error, CRN_LIMIT, "visited too many");
    all->at[all->count++] = child != 0 ? child : record.data[0];
    return CRN_OK;
}

/* ---- version 1: keys of 8 bytes ---- */

/* A node with these children; all keys are 0. */
static void put_node1(crn_text *out, uint8_t type, uint8_t level, size_t count,
                      const uint64_t *children)
{
    PUT(out, "TREE");
    crn_h5_put(out, type, 1);
    crn_h5_put(out, level, 1);
    crn_h5_put(out, count, 2);
    crn_h5_put_zeros(out, 16); /* siblings */
    for (size_t i = 0; i < count; i++) {
        crn_h5_put(out, 0, 8);
        crn_h5_put(out, children[i], 8);
    }
    crn_h5_put(out, 0, 8);
}

enum { NODE1_OF_2 = 24 + 2 * 16 + 8 };

static crn_status walk1(scene *it, visited *all)
{
    *all = (visited){.count = 0};
    crn_h5_reader *reader = scene_open(it);
    err = (crn_error)CRN_ERROR_INIT;
    return crn_h5_btree1_walk(reader, 0, 0, 8, visit, all, &err);
}

static void test_two_levels(void **state)
{
    (void)state;
    scene it = {.bytes = CRN_TEXT_INIT};
    visited all;
    put_node1(&it.bytes, 0, 1, 2, (uint64_t[]){NODE1_OF_2, 2 * NODE1_OF_2});
    put_node1(&it.bytes, 0, 0, 2, (uint64_t[]){1001, 1002});
    put_node1(&it.bytes, 0, 0, 2, (uint64_t[]){1003, 1004});
    assert_int_equal(walk1(&it, &all), CRN_OK);
    assert_int_equal(all.count, 4);
    uint64_t sum = 0;
    for (size_t i = 0; i < 4; i++)
        sum += all.at[i];
    assert_int_equal(sum, 4010);
    scene_close(&it);
}

static void test_levels_fall(void **state)
{
    (void)state;
    scene it = {.bytes = CRN_TEXT_INIT};
    visited all;
    put_node1(&it.bytes, 0, 1, 2, (uint64_t[]){0, 0}); /* its own child */
    assert_int_equal(walk1(&it, &all), CRN_FORMAT);
    assert_says("no HDF5 B-tree node of type 0 here");
    scene_close(&it);
    put_node1(&it.bytes, 0, 2, 2, (uint64_t[]){NODE1_OF_2, NODE1_OF_2});
    put_node1(&it.bytes, 0, 0, 2, (uint64_t[]){1, 2}); /* level 1 is left out */
    assert_int_equal(walk1(&it, &all), CRN_FORMAT);
    scene_close(&it);
    put_node1(&it.bytes, 1, 0, 2, (uint64_t[]){1, 2}); /* of chunks */
    assert_int_equal(walk1(&it, &all), CRN_FORMAT);
    scene_close(&it);
}

/* 30 levels of two children each, both the same: 2^30 visits without a budget. */
static void test_a_bush_uses_up_the_budget(void **state)
{
    (void)state;
    enum { LEVELS = 30 };
    scene it = {.bytes = CRN_TEXT_INIT};
    visited all;
    for (uint64_t level = LEVELS; level-- > 0;) {
        uint64_t next = (LEVELS - level) * NODE1_OF_2;
        put_node1(&it.bytes, 0, (uint8_t)level, level > 0 ? 2 : 0, (uint64_t[]){next, next});
    }
    assert_int_equal(walk1(&it, &all), CRN_FORMAT);
    assert_says("form a loop");
    assert_int_equal(all.count, 0);
    scene_close(&it);
}

static void test_a_failing_visit_ends_the_walk(void **state)
{
    (void)state;
    scene it = {.bytes = CRN_TEXT_INIT};
    visited all;
    put_node1(&it.bytes, 0, 0, 17,
              (uint64_t[]){1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17});
    assert_int_equal(walk1(&it, &all), CRN_LIMIT);
    assert_int_equal(all.count, 16);
    scene_close(&it);
}

/* ---- version 2: records of 4 bytes in nodes of 64 ---- */

enum { HEADER2 = 38, NODE2 = 64 };

static void put_header2(crn_text *out, uint8_t type, uint32_t node_size, uint16_t record_size,
                        uint16_t depth, uint64_t root, uint16_t records)
{
    PUT(out, "BTHD\0");
    crn_h5_put(out, type, 1);
    crn_h5_put(out, node_size, 4);
    crn_h5_put(out, record_size, 2);
    crn_h5_put(out, depth, 2);
    crn_h5_put(out, 0, 2);
    crn_h5_put(out, root, 8);
    crn_h5_put(out, records, 2);
    crn_h5_put_zeros(out, 8 + 4); /* number of all records, checksum */
}

/* A leaf of two records that begin with `first` and first + 1. */
static void put_leaf2(crn_text *out, uint8_t type, uint8_t first)
{
    size_t start = out->size;
    PUT(out, "BTLF\0");
    crn_h5_put(out, type, 1);
    crn_h5_put(out, first, 4);
    crn_h5_put(out, first + 1U, 4);
    crn_h5_put_zeros(out, NODE2 - (out->size - start));
}

static crn_status walk2(scene *it, size_t record_size, visited *all)
{
    *all = (visited){.count = 0};
    crn_h5_reader *reader = scene_open(it);
    err = (crn_error)CRN_ERROR_INIT;
    return crn_h5_btree2_walk(reader, 0, 5, record_size, visit, all, &err);
}

/* 13 records fit into a leaf of 64 bytes: child counts take one byte. */
static void put_internal2(crn_text *out, uint8_t record, uint64_t left, uint64_t right)
{
    size_t start = out->size;
    PUT(out, "BTIN\0\5");
    crn_h5_put(out, record, 4);
    crn_h5_put(out, left, 8);
    crn_h5_put(out, 2, 1);
    crn_h5_put(out, right, 8);
    crn_h5_put(out, 2, 1);
    crn_h5_put_zeros(out, NODE2 - (out->size - start));
}

static void test_version_2(void **state)
{
    (void)state;
    scene it = {.bytes = CRN_TEXT_INIT};
    visited all;
    put_header2(&it.bytes, 5, NODE2, 4, 1, HEADER2, 1);
    put_internal2(&it.bytes, 30, HEADER2 + NODE2, HEADER2 + 2 * NODE2);
    put_leaf2(&it.bytes, 5, 10);
    put_leaf2(&it.bytes, 5, 50);
    assert_int_equal(walk2(&it, 4, &all), CRN_OK);
    assert_int_equal(all.count, 5);
    assert_int_equal(all.at[0], 30);
    scene_close(&it);
    put_header2(&it.bytes, 5, NODE2, 4, 0, CRN_H5_UNDEFINED, 0);
    assert_int_equal(walk2(&it, 0, &all), CRN_OK); /* empty, records of any size */
    assert_int_equal(all.count, 0);
    scene_close(&it);
}

static void test_version_2_bent(void **state)
{
    (void)state;
    static const struct {
        uint32_t node_size;
        uint16_t record_size, depth;
        const char *message;
    } impossible[] = {
        {13, 4, 0, "impossible measures"},  {64, 0, 0, "not expected here"},
        {64, 4, 32, "impossible measures"}, {16, 4, 1, "impossible measures"},
        {64, 5, 0, "not expected here"},    {1 << 30, 4, 31, "impossible measures"}};
    scene it = {.bytes = CRN_TEXT_INIT};
    visited all;
    for (size_t i = 0; i < sizeof impossible / sizeof impossible[0]; i++) {
        put_header2(&it.bytes, 5, impossible[i].node_size, impossible[i].record_size,
                    impossible[i].depth, HEADER2, 1);
        put_leaf2(&it.bytes, 5, 10);
        assert_int_equal(walk2(&it, 4, &all), CRN_FORMAT);
        assert_says(impossible[i].message);
        scene_close(&it);
    }
    put_header2(&it.bytes, 6, NODE2, 4, 0, HEADER2, 2); /* another type in the header */
    put_leaf2(&it.bytes, 5, 10);
    assert_int_equal(walk2(&it, 4, &all), CRN_FORMAT);
    scene_close(&it);
    put_header2(&it.bytes, 5, NODE2, 4, 0, HEADER2, 2); /* another type in the leaf */
    put_leaf2(&it.bytes, 6, 10);
    assert_int_equal(walk2(&it, 4, &all), CRN_FORMAT);
    assert_says("of type 6, not 5");
    scene_close(&it);
    put_header2(&it.bytes, 5, NODE2, 4, 0, HEADER2, 60000); /* more records than bytes */
    put_leaf2(&it.bytes, 5, 10);
    assert_int_equal(walk2(&it, 4, &all), CRN_FORMAT);
    assert_says("larger than the file");
    scene_close(&it);
    put_header2(&it.bytes, 5, NODE2, 4, 2, HEADER2,
                1); /* its own child: a leaf is expected in the end */
    put_internal2(&it.bytes, 30, HEADER2, HEADER2);
    assert_int_equal(walk2(&it, 4, &all), CRN_FORMAT);
    scene_close(&it);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_two_levels),
        cmocka_unit_test(test_levels_fall),
        cmocka_unit_test(test_a_bush_uses_up_the_budget),
        cmocka_unit_test(test_a_failing_visit_ends_the_walk),
        cmocka_unit_test(test_version_2),
        cmocka_unit_test(test_version_2_bent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
