/* SPDX-License-Identifier: BSD-3-Clause */
/* Global heap collections and fractal heaps put together by hand. */
#define SCENE_WITHOUT_CHECKSUMS
#include "h5_scene.h"

/* ---- global heap ---- */

static void put_object(crn_text *out, uint16_t index, const char *bytes, size_t size)
{
    crn_h5_put(out, index, 8);
    crn_h5_put(out, size, 8);
    crn_text_add_bytes(out, bytes, size);
    crn_h5_put_padding(out);
}

static void put_collection(crn_text *out, uint64_t size)
{
    PUT(out, "GCOL\1\0\0\0");
    crn_h5_put(out, size, 8);
}

static void test_global_heap(void **state)
{
    (void)state;
    scene it = {.bytes = CRN_TEXT_INIT};
    crn_bytes object;
    put_collection(&it.bytes, 128);
    put_object(&it.bytes, 3, "three", 5); /* in any order */
    put_object(&it.bytes, 1, "one", 3);
    put_object(&it.bytes, 2, "", 0);
    put_object(&it.bytes, 0, "free", 4);
    put_object(&it.bytes, 4, "behind", 6);
    crn_h5_put_zeros(&it.bytes, 128);
    crn_h5_reader *reader = scene_open(&it);
    assert_ok(crn_h5_global_heap_object(reader, 0, 1, &object, &err));
    assert_int_equal(object.size, 3);
    assert_memory_equal(object.data, "one", 3);
    const uint64_t budget = reader->budget;
    assert_ok(crn_h5_global_heap_object(reader, 0, 3, &object, &err));
    assert_memory_equal(object.data, "three", 5);
    assert_ok(crn_h5_global_heap_object(reader, 0, 2, &object, &err));
    assert_int_equal(object.size, 0);
    assert_int_equal(reader->budget, budget); /* the collection is read once */
    assert_status(CRN_FORMAT, crn_h5_global_heap_object(reader, 0, 4, &object, &err));
    assert_says("no object 4");
    assert_status(CRN_FORMAT, crn_h5_global_heap_object(reader, 0, 0, &object, &err));
    scene_close(&it);
}

static void test_damaged_global_heap(void **state)
{
    (void)state;
    scene it = {.bytes = CRN_TEXT_INIT};
    crn_bytes object;
    put_collection(&it.bytes, 4096); /* larger than the file */
    put_object(&it.bytes, 1, "one", 3);
    crn_h5_reader *reader = scene_open(&it);
    assert_status(CRN_FORMAT, crn_h5_global_heap_object(reader, 0, 1, &object, &err));
    assert_status(CRN_FORMAT, crn_h5_global_heap_object(reader, 16, 1, &object, &err));
    assert_says("no HDF5 GCOL structure here");
    scene_close(&it);
    put_collection(&it.bytes, 8); /* smaller than its own header */
    put_object(&it.bytes, 1, "one", 3);
    reader = scene_open(&it);
    assert_status(CRN_FORMAT, crn_h5_global_heap_object(reader, 0, 1, &object, &err));
    scene_close(&it);
    put_collection(&it.bytes, 40); /* the object is larger than the collection */
    put_object(&it.bytes, 1, "123456789", 9);
    reader = scene_open(&it);
    assert_status(CRN_FORMAT, crn_h5_global_heap_object(reader, 0, 1, &object, &err));
    assert_says("ends early");
    scene_close(&it);
}

/* ---- fractal heap ---- */

enum { FRACTAL_HEADER = 26 + 3 * 8 + 12 * 8 };

typedef struct measures {
    uint16_t id_size, filter_size;
    uint32_t most_managed;
    uint64_t huge_btree;
    uint16_t width;
    uint64_t start, most_direct;
    uint16_t most_bits;
    uint64_t root;
    uint16_t rows;
} measures;

/* The measures of h5py's link heaps, with blocks of 32 to 128 bytes and two in a row. */
static const measures usual = {.id_size = 7,
                               .most_managed = 4096,
                               .huge_btree = CRN_H5_UNDEFINED,
                               .width = 2,
                               .start = 32,
                               .most_direct = 128,
                               .most_bits = 32,
                               .root = FRACTAL_HEADER};

static void put_fractal_heap(crn_text *out, const measures *m)
{
    PUT(out, "FRHP\0");
    crn_h5_put(out, m->id_size, 2);
    crn_h5_put(out, m->filter_size, 2);
    crn_h5_put(out, 0, 1);
    crn_h5_put(out, m->most_managed, 4);
    crn_h5_put(out, 0, 8);
    crn_h5_put(out, m->huge_btree, 8);
    crn_h5_put_zeros(out, 10 * 8); /* free space and statistics */
    crn_h5_put(out, m->width, 2);
    crn_h5_put(out, m->start, 8);
    crn_h5_put(out, m->most_direct, 8);
    crn_h5_put(out, m->most_bits, 2);
    crn_h5_put(out, 1, 2);
    crn_h5_put(out, m->root, 8);
    crn_h5_put(out, m->rows, 2);
    crn_h5_put_zeros(out, 4); /* checksum */
}

/* A direct block: 17 bytes of prefix, then the alphabet. */
static void put_direct(crn_text *out, size_t size)
{
    size_t start = out->size;
    PUT(out, "FHDB\0");
    crn_h5_put_zeros(out, 12); /* heap, place in the heap */
    while (out->size - start < size)
        crn_text_add_char(out, (char)('a' + (out->size - start - 17) % 26));
}

static crn_status object(scene *it, const char *id, size_t id_size, char *text)
{
    crn_h5_fractal_heap heap;
    crn_bytes out;
    text[0] = '\0';
    it->reader.budget = 1 << 20; /* the header is read anew each time */
    CRN_TRY(crn_h5_fractal_heap_read(&it->reader, 0, &heap, &err));
    CRN_TRY(
        crn_h5_fractal_heap_object(&it->reader, &heap, crn_bytes_of(id, id_size), &out, &err));
    if (out.size < 16) {
        memcpy(text, out.data, out.size);
        text[out.size] = '\0';
    }
    return CRN_OK;
}

#define OBJECT(id) object(&it, id, sizeof id - 1, text)

static void test_one_direct_block(void **state)
{
    (void)state;
    scene it = {.bytes = CRN_TEXT_INIT};
    char text[16];
    put_fractal_heap(&it.bytes, &usual);
    put_direct(&it.bytes, 32);
    scene_open(&it);
    assert_ok(OBJECT("\0\x11\0\0\0\3")); /* managed: offset 17, length 3 */
    assert_string_equal(text, "abc");
    assert_ok(OBJECT("\0\x1f\0\0\0\1")); /* the last byte */
    assert_string_equal(text, "o");
    assert_status(CRN_FORMAT, OBJECT("\0\x1f\0\0\0\2"));
    assert_says("outside its block");
    assert_status(CRN_FORMAT, OBJECT("\0\x21\0\0\0\0"));
    assert_status(CRN_FORMAT, OBJECT("\x30\x11\0\0\0\3"));
    assert_says("of unknown type");
    assert_status(CRN_FORMAT, OBJECT("\x40\x11\0\0\0\3")); /* version 1 of IDs */
    assert_ok(OBJECT("\x22pqr   "));                       /* tiny: 3 bytes in the ID itself */
    assert_string_equal(text, "pqr");
    assert_status(CRN_FORMAT, OBJECT("\x2fpqr   "));
    scene_close(&it);
}

static void put_indirect(crn_text *out, size_t count, const uint64_t *children)
{
    PUT(out, "FHIB\0");
    crn_h5_put_zeros(out, 12); /* heap, place in the heap */
    for (size_t i = 0; i < count; i++)
        crn_h5_put(out, children[i], 8);
    crn_h5_put_zeros(out, 4); /* checksum */
}

/* Rows of 2 x 32, 2 x 32, 2 x 64, 2 x 128 bytes in direct blocks; then 2 x 256 in indirect ones
 * of 3 rows. */
static void test_indirect_blocks(void **state)
{
    (void)state;
    enum { ROOT = FRACTAL_HEADER, BLOCKS = 10 };
    enum { INNER = ROOT + 17 + 8 * BLOCKS + 4, DIRECT = INNER + 17 + 8 * 6 + 4 };
    scene it = {.bytes = CRN_TEXT_INIT};
    char text[16];
    measures m = usual;
    m.rows = 5;
    put_fractal_heap(&it.bytes, &m);
    put_indirect(
        &it.bytes, BLOCKS,
        (uint64_t[]){DIRECT, 0, 0, DIRECT, 0, DIRECT, 0, CRN_H5_UNDEFINED, INNER, ROOT});
    put_indirect(&it.bytes, 6, (uint64_t[]){DIRECT, 0, 0, 0, 0, DIRECT});
    put_direct(&it.bytes, 128);
    scene_open(&it);
    assert_ok(OBJECT("\0\x11\0\0\0\3")); /* the first block */
    assert_string_equal(text, "abc");
    assert_ok(OBJECT("\0\x72\0\0\0\3")); /* 96 + 18: the fourth */
    assert_string_equal(text, "bcd");
    assert_ok(OBJECT("\0\xd3\0\0\0\3")); /* 128 + 64 + 19: the second of the third row */
    assert_string_equal(text, "cde");
    assert_ok(OBJECT("\0\x11\2\0\0\3")); /* 512 + 17: the first of the inner block */
    assert_string_equal(text, "abc");
    assert_ok(OBJECT("\0\xd1\2\0\0\3")); /* 512 + 128 + 64 + 17: its last */
    assert_string_equal(text, "abc");
    assert_status(CRN_FORMAT, OBJECT("\0\x11\0\1\0\3")); /* 65536: behind the heap */
    assert_says("outside its heap");
    assert_status(CRN_FORMAT,
                  OBJECT("\0\x91\1\0\0\3")); /* 384 + 17: a block that is not there */
    assert_status(CRN_FORMAT, OBJECT("\0\x31\0\0\0\3")); /* a child at 0, which is no block */
    scene_close(&it);
}

/* An indirect block that is its own child ends when the rows do. */
static void test_a_block_inside_itself(void **state)
{
    (void)state;
    scene it = {.bytes = CRN_TEXT_INIT};
    char text[16];
    measures m = usual;
    m.rows = 3;
    m.width = 1;
    m.most_direct = 32;
    put_fractal_heap(&it.bytes, &m);
    put_indirect(&it.bytes, 3, (uint64_t[]){FRACTAL_HEADER, FRACTAL_HEADER, FRACTAL_HEADER});
    scene_open(&it);
    assert_status(CRN_FORMAT, OBJECT("\0\x41\0\0\0\3"));
    assert_says("no HDF5 FHDB structure here");
    scene_close(&it);
}

static void test_huge_objects(void **state)
{
    (void)state;
    enum { BTREE = FRACTAL_HEADER, LEAF = BTREE + 38, DATA = LEAF + 64 };
    scene it = {.bytes = CRN_TEXT_INIT};
    char text[16];
    measures m = usual;
    m.huge_btree = BTREE;
    put_fractal_heap(&it.bytes, &m);
    PUT(&it.bytes, "BTHD\0\1\x40\0\0\0\x18\0\0\0\0\0"); /* nodes of 64, records of 24 bytes */
    crn_h5_put(&it.bytes, LEAF, 8);
    crn_h5_put(&it.bytes, 2, 2);
    crn_h5_put_zeros(&it.bytes, 12);
    PUT(&it.bytes, "BTLF\0\1");
    for (uint64_t id = 5; id < 7; id++) {
        crn_h5_put(&it.bytes, DATA + (id - 5) * 3, 8);
        crn_h5_put(&it.bytes, 3, 8);
        crn_h5_put(&it.bytes, id, 8);
    }
    crn_h5_put_zeros(&it.bytes, 10);
    PUT(&it.bytes, "fivesix");
    scene_open(&it);
    assert_ok(OBJECT("\x10\5\0\0\0\0\0")); /* through the B-tree, by number */
    assert_string_equal(text, "fiv");
    assert_ok(OBJECT("\x10\6\0\0\0\0\0"));
    assert_string_equal(text, "esi");
    assert_status(CRN_FORMAT, OBJECT("\x10\7\0\0\0\0\0"));
    assert_says("no object of this ID");
    scene_close(&it);
    m.id_size = 17; /* room for address and length in the ID */
    put_fractal_heap(&it.bytes, &m);
    PUT(&it.bytes, "direct");
    scene_open(&it);
    assert_ok(OBJECT("\x10\x92\0\0\0\0\0\0\0\6\0\0\0\0\0\0\0"));
    assert_string_equal(text, "direct");
    assert_status(CRN_FORMAT, OBJECT("\x10\x92\0\0\0\0\0\0\0\7\0\0\0\0\0\0\0"));
    scene_close(&it);
    m.id_size = 20; /* longer tiny objects have 12 bits of length */
    put_fractal_heap(&it.bytes, &m);
    scene_open(&it);
    assert_ok(OBJECT("\x20\4hello"));
    assert_string_equal(text, "hello");
    scene_close(&it);
}

static void test_impossible_measures(void **state)
{
    (void)state;
    measures bent[] = {usual, usual, usual, usual, usual, usual, usual};
    bent[0].width = 0;
    bent[1].start = 0;
    bent[2].most_direct = 16;
    bent[3].most_direct = UINT64_C(1) << 32;
    bent[4].most_bits = 0;
    bent[5].most_bits = 65;
    bent[6].filter_size = 1;
    for (size_t i = 0; i < sizeof bent / sizeof bent[0]; i++) {
        scene it = {.bytes = CRN_TEXT_INIT};
        crn_h5_fractal_heap heap;
        put_fractal_heap(&it.bytes, &bent[i]);
        scene_open(&it);
        assert_status(i == 6 ? CRN_UNSUPPORTED : CRN_FORMAT,
                      crn_h5_fractal_heap_read(&it.reader, 0, &heap, &err));
        assert_says(i == 6 ? "filtered" : "impossible measures");
        scene_close(&it);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_global_heap),
        cmocka_unit_test(test_damaged_global_heap),
        cmocka_unit_test(test_one_direct_block),
        cmocka_unit_test(test_indirect_blocks),
        cmocka_unit_test(test_a_block_inside_itself),
        cmocka_unit_test(test_huge_objects),
        cmocka_unit_test(test_impossible_measures),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
