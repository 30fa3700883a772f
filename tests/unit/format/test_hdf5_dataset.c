/* SPDX-License-Identifier: BSD-3-Clause */
/* Datasets from messages put together by hand: layouts, fill values, chunks and what is wrong
 * with them. */
#define SCENE_WITHOUT_CHECKSUMS
#include "h5_scene.h"

#define INT32_TYPE "\x10\x08\0\0\4\0\0\0\0\0\x20\0"
#define FOUR       "\2\1\0\1\4\0\0\0\0\0\0\0"

/* The dataset of four int32 (unless another space is given) with these layout, fill value and
 * filters. */
typedef struct dataset_case {
    const char *layout;
    size_t layout_size;
    const char *fill;
    size_t fill_size;
    const char *space;
    size_t space_size;
    const char *filters;
    size_t filters_size;
} dataset_case;

#define LAYOUT(literal)  .layout = (literal), .layout_size = sizeof(literal) - 1
#define FILL(literal)    .fill = (literal), .fill_size = sizeof(literal) - 1
#define SPACE(literal)   .space = (literal), .space_size = sizeof(literal) - 1
#define FILTERS(literal) .filters = (literal), .filters_size = sizeof(literal) - 1

static crn_h5_message message(uint16_t type, const char *bytes, size_t size)
{
    return (crn_h5_message){.type = type, .body = crn_bytes_of(bytes, size)};
}

static crn_status read_dataset(scene *it, const dataset_case *data, crn_h5_node **node)
{
    crn_h5_message messages[5] = {
        message(CRN_H5_DATATYPE, INT32_TYPE, sizeof INT32_TYPE - 1),
        data->space != NULL ? message(CRN_H5_DATASPACE, data->space, data->space_size)
                            : message(CRN_H5_DATASPACE, FOUR, sizeof FOUR - 1),
        message(CRN_H5_LAYOUT, data->layout, data->layout_size),
    };
    crn_h5_header header = {messages, 3, 0};
    if (data->fill != NULL)
        messages[header.count++] = message(CRN_H5_FILL_VALUE, data->fill, data->fill_size);
    if (data->filters != NULL)
        messages[header.count++] = message(CRN_H5_FILTERS, data->filters, data->filters_size);
    err = (crn_error)CRN_ERROR_INIT;
    assert_int_equal(crn_h5_node_create(it->reader.h5, "data", 4, node, &err), CRN_OK);
    return crn_h5_dataset_read(&it->reader, &header, *node, &err);
}

static void check_values(const dataset_case *data, const int32_t want[4])
{
    scene it = {.bytes = CRN_TEXT_INIT};
    crn_h5_node *node;
    for (uint64_t i = 0; i < 8; i++)
        crn_h5_put(&it.bytes, 100 + i, 4); /* at 0: 100, 101 ... */
    scene_open(&it);
    if (read_dataset(&it, data, &node) != CRN_OK)
        fail_msg("%s", err.message);
    if (node->refused != NULL)
        fail_msg("%s", node->refused);
    assert_int_equal(node->array.dtype, CRN_INT32);
    assert_memory_equal(node->array.data, want, 16);
    scene_close(&it);
}

static void check_failure(const dataset_case *data, crn_status want, const char *says)
{
    scene it = {.bytes = CRN_TEXT_INIT};
    crn_h5_node *node;
    crn_h5_put_zeros(&it.bytes, 200);
    scene_open(&it);
    crn_status status = read_dataset(&it, data, &node);
    if (want == CRN_UNSUPPORTED) { /* kept, with the reason */
        assert_int_equal(status, CRN_OK);
        assert_non_null(node->refused);
        if (strstr(node->refused, says) == NULL)
            fail_msg("\"%s\" does not say \"%s\"", node->refused, says);
    } else {
        assert_int_equal(status, want);
        assert_says(says);
    }
    scene_close(&it);
}

#define CONTIGUOUS_AT_8 LAYOUT("\3\1\x08\0\0\0\0\0\0\0\x10\0\0\0\0\0\0\0")
#define NOT_ALLOCATED   LAYOUT("\3\1\xff\xff\xff\xff\xff\xff\xff\xff\x10\0\0\0\0\0\0\0")

static void test_plain_layouts(void **state)
{
    (void)state;
    check_values(&(dataset_case){CONTIGUOUS_AT_8}, (int32_t[]){102, 103, 104, 105});
    check_values(&(dataset_case){LAYOUT("\4\1\4\0\0\0\0\0\0\0\x20\0\0\0\0\0\0\0")},
                 (int32_t[]){101, 102, 103, 104});
    check_values(&(dataset_case){LAYOUT("\3\0\x10\0\1\0\0\0\2\0\0\0\3\0\0\0\4\0\0\0")},
                 (int32_t[]){1, 2, 3, 4});
}

/* The three versions of the message, defined and not; the size that is not the type's is passed
 * over. */
static void test_fill_values(void **state)
{
    (void)state;
    const int32_t seven[4] = {7, 7, 7, 7}, zero[4] = {0};
    check_values(&(dataset_case){NOT_ALLOCATED}, zero);
    check_values(&(dataset_case){NOT_ALLOCATED, FILL("\1\2\2\1\4\0\0\0\7\0\0\0")}, seven);
    check_values(&(dataset_case){NOT_ALLOCATED, FILL("\2\2\2\1\4\0\0\0\7\0\0\0")}, seven);
    check_values(&(dataset_case){NOT_ALLOCATED, FILL("\2\2\2\0")}, zero);
    check_values(&(dataset_case){NOT_ALLOCATED, FILL("\2\2\2\1\0\0\0\0")}, zero);
    check_values(&(dataset_case){NOT_ALLOCATED, FILL("\3\x2a\4\0\0\0\7\0\0\0")}, seven);
    check_values(&(dataset_case){NOT_ALLOCATED, FILL("\3\x0a")}, zero);
    check_values(&(dataset_case){NOT_ALLOCATED, FILL("\3\x2a\2\0\0\0\7\0")}, zero);
    check_failure(&(dataset_case){NOT_ALLOCATED, FILL("\4\x0a")}, CRN_UNSUPPORTED,
                  "fill value");
    check_failure(&(dataset_case){NOT_ALLOCATED, FILL("\3\x2a\4\0\0\0\7\0")}, CRN_FORMAT,
                  "ends early");
}

static void test_bent_layouts(void **state)
{
    (void)state;
    check_failure(&(dataset_case){LAYOUT("\2\1")}, CRN_UNSUPPORTED,
                  "version 2 of the HDF5 layout");
    check_failure(&(dataset_case){LAYOUT("\6\2")}, CRN_UNSUPPORTED,
                  "version 6 of the HDF5 layout");
    check_failure(&(dataset_case){LAYOUT("\3\4")}, CRN_FORMAT, "layout class 4");
    check_failure(&(dataset_case){LAYOUT("\3\1\x08\0\0\0\0\0\0\0\x0f\0\0\0\0\0\0\0")},
                  CRN_FORMAT, "16 bytes is stored in 15");
    check_failure(&(dataset_case){LAYOUT("\3\1\xc0\0\0\0\0\0\0\0\x10\0\0\0\0\0\0\0")},
                  CRN_FORMAT, "ends early");
    check_failure(&(dataset_case){LAYOUT("\3\0\x0f\0abcdabcdabcdabc")}, CRN_FORMAT,
                  "stored in 15");
    check_failure(&(dataset_case){LAYOUT("\3\0\x10\0abcd")}, CRN_FORMAT, "ends early");
    check_failure(&(dataset_case){CONTIGUOUS_AT_8, SPACE("\2\0\0\2")}, CRN_UNSUPPORTED,
                  "empty");
    /* A million million elements that nobody wrote. */
    check_failure(&(dataset_case){NOT_ALLOCATED, SPACE("\2\1\0\1\0\0\0\0\0\1\0\0")}, CRN_LIMIT,
                  "inflated_bytes");
}

/* ---- chunks: version 4 of the layout, shape {2}, four bytes an element ---- */

#define V4(flags, index) "\4\2" flags "\2\1\2\4" index
#define AT(address)      address "\0\0\0\0\0\0\0"

static void test_chunk_layouts(void **state)
{
    (void)state;
    const int32_t plain[4] = {101, 102, 103, 104}, none[4] = {0};
    /* One chunk of four; an implicit index of two chunks; indexes that are not there. */
    check_values(&(dataset_case){LAYOUT("\4\2\0\2\1\4\4\1" AT("\4"))}, plain);
    check_values(&(dataset_case){LAYOUT(V4("\0", "\2") AT("\4"))}, plain);
    check_values(&(dataset_case){LAYOUT("\4\2\0\2\1\4\4\1\xff\xff\xff\xff\xff\xff\xff\xff")},
                 none);
    check_values(&(dataset_case){LAYOUT(V4("\0", "\2") "\xff\xff\xff\xff\xff\xff\xff\xff")},
                 none);
    check_values(
        &(dataset_case){LAYOUT("\3\2\2\xff\xff\xff\xff\xff\xff\xff\xff\2\0\0\0\4\0\0\0")},
        none);
    /* A single chunk whose only filter was not applied. */
    check_values(&(dataset_case){LAYOUT("\4\2\2\2\1\4\4\1\x10\0\0\0\0\0\0\0\1\0\0\0" AT("\4")),
                                 FILTERS("\2\1\1\0\0\0\0\0")},
                 plain);
}

static void test_bent_chunks(void **state)
{
    (void)state;
    check_failure(&(dataset_case){LAYOUT("\4\2\0\3\1\4\4\1" AT("\4"))}, CRN_FORMAT,
                  "chunks of 2 axes");
    check_failure(&(dataset_case){LAYOUT("\4\2\0\1\1\4\1" AT("\4")), SPACE("\2\0\0\0")},
                  CRN_FORMAT, "in a dataset of 0 axes");
    check_failure(&(dataset_case){LAYOUT("\4\2\0\2\1\0\4\1" AT("\4"))}, CRN_FORMAT,
                  "impossible");
    check_failure(
        &(dataset_case){LAYOUT("\4\2\0\2\x08\0\0\0\0\0\0\0\xff" AT("\4") "\1" AT("\4"))},
        CRN_FORMAT, "impossible");
    check_failure(&(dataset_case){LAYOUT("\4\2\0\2\1\4\x08\1" AT("\4"))}, CRN_FORMAT,
                  "elements of another size");
    check_failure(&(dataset_case){LAYOUT("\4\2\0\2\x09\4\4\1" AT("\4"))}, CRN_FORMAT,
                  "9 bytes");
    check_failure(&(dataset_case){LAYOUT(V4("\0", "\0"))}, CRN_UNSUPPORTED, "chunk index 0");
    check_failure(&(dataset_case){LAYOUT(V4("\0", "\6"))}, CRN_UNSUPPORTED, "chunk index 6");
    check_failure(&(dataset_case){LAYOUT(V4("\0", "\2") AT("\xc0"))}, CRN_FORMAT, "ends early");
    check_failure(
        &(dataset_case){LAYOUT(V4("\0", "\2") AT("\4")), SPACE("\2\1\0\1\0\0\1\0\0\0\0\0")},
        CRN_FORMAT, "larger than the file");
    check_failure(
        &(dataset_case){LAYOUT("\4\2\2\2\1\4\4\1\x0f\0\0\0\0\0\0\0\0\0\0\0" AT("\4"))},
        CRN_FORMAT, "15 bytes where 16");
    check_failure(
        &(dataset_case){LAYOUT("\4\2\0\2\1\4\4\1" AT("\4")), FILTERS("\2\1\4\0\0\0\0\0")},
        CRN_UNSUPPORTED, "szip");
}

/* ---- chunk indexes in the file ---- */

/* The index `literal` at 0 of a file, for four int32 in chunks of two. */
static crn_status read_index(crn_h5_chunk_index read, const char *index, size_t size,
                             crn_h5_chunks *chunks)
{
    static const crn_h5_space space = {.ndim = 1, .shape = {4}, .most = {4}, .count = 4};
    scene it = {.bytes = CRN_TEXT_INIT};
    *chunks = (crn_h5_chunks){.space = &space, .element = 4, .shape = {2}, .bytes = 8};
    crn_text_add_bytes(&it.bytes, index, size);
    crn_h5_put_zeros(&it.bytes, 64);
    crn_h5_reader *reader = scene_open(&it);
    err = (crn_error)CRN_ERROR_INIT;
    crn_status status = read(reader, 0, chunks, &err);
    scene_close(&it);
    return status;
}

#define INDEX(read, literal) read_index(read, literal, sizeof literal - 1, &chunks)

static void test_btree1_of_chunks(void **state)
{
    (void)state;
    crn_h5_chunks chunks;
    /* Three chunks: at 2, at 4 (outside: passed over), at 1 (not on the grid). */
    assert_int_equal(INDEX(crn_h5_chunks_in_btree1,
                           "TREE\1\0\3\0................"
                           "\x08\0\0\0\5\0\0\0" AT("\2") AT("\0")
                               AT("\x10") "\x08\0\0\0\0\0\0\0" AT("\4") AT("\0")
                                   AT("\x20") "\x08\0\0\0\0\0\0\0" AT("\1") AT("\0")
                                       AT("\x30") "\0\0\0\0\0\0\0\0" AT("\6") AT("\0")),
                     CRN_FORMAT);
    assert_says("grid of chunks");
    assert_int_equal(chunks.count, 1);
    assert_int_equal(chunks.at[0].address, 0x10);
    assert_int_equal(chunks.at[0].origin[0], 2);
    assert_int_equal(chunks.at[0].mask, 5);
    assert_int_equal(chunks.stored, 8);
    free(chunks.at);
}

#define FAHD "FAHD\0\0\x08\x0a\2\0\0\0\0\0\0\0" AT("\x1c") "sum!"

static void test_fixed_array(void **state)
{
    (void)state;
    crn_h5_chunks chunks;
    assert_int_equal(INDEX(crn_h5_chunks_in_fixed_array, FAHD
                           "FADB\0\0" AT("\0") AT("\x10") "\xff\xff\xff\xff\xff\xff\xff\xff"
                                                          "sum!"),
                     CRN_OK);
    assert_int_equal(chunks.count, 1); /* the second is not there */
    assert_int_equal(chunks.at[0].address, 0x10);
    free(chunks.at);
    assert_int_equal(INDEX(crn_h5_chunks_in_fixed_array, FAHD "FADX\0\0"), CRN_FORMAT);
    assert_says("no HDF5 FADB structure here");
    assert_int_equal(INDEX(crn_h5_chunks_in_fixed_array, FAHD "FADB\0\1"), CRN_FORMAT);
    assert_says("do not agree");
    assert_int_equal(
        INDEX(crn_h5_chunks_in_fixed_array, "FAHD\0\0\0\x0a" AT("\2") AT("\x1c") "sum!"),
        CRN_FORMAT);
    assert_says("impossible measures");
    assert_int_equal(
        INDEX(crn_h5_chunks_in_fixed_array, "FAHD\0\0\x08\x21" AT("\2") AT("\x1c") "sum!"),
        CRN_FORMAT);
    assert_int_equal(
        INDEX(crn_h5_chunks_in_fixed_array, "FAHD\0\0\x08\x0a" AT("\x7f") AT("\x1c") "sum!"),
        CRN_FORMAT);
    assert_int_equal(INDEX(crn_h5_chunks_in_fixed_array,
                           "FAHD\0\0\x08\x0a" AT("\2") "\xff\xff\xff\xff\xff\xff\xff\xffsum!"),
                     CRN_OK);
    assert_int_equal(chunks.count, 0);
    assert_int_equal(INDEX(crn_h5_chunks_in_fixed_array, "FAHD\0\1"), CRN_FORMAT);
    assert_says("do not agree");
}

/* Header with these measures, an index block at 0x48 that is not there. */
#define EAHD(measures)                                                                         \
    "EAHD\0\0" measures "................................................" AT("\x48") "sum!"

static void test_extensible_array(void **state)
{
    (void)state;
    static const char *const bent[] = {"\0\x20\4\x10\4\x0a",   "\x08\x20\4\0\4\x0a",
                                       "\x08\x20\4\3\4\x0a",   "\x08\x20\4\x10\0\x0a",
                                       "\x08\x20\4\x10\3\x0a", "\x08\x40\4\x10\4\x0a",
                                       "\x08\2\4\x10\4\x0a",   "\x08\x20\4\x10\4\x21"};
    crn_h5_chunks chunks;
    for (size_t i = 0; i < sizeof bent / sizeof bent[0]; i++) {
        crn_text bytes = CRN_TEXT_INIT;
        PUT(&bytes, EAHD("......"));
        memcpy(bytes.data + 6, bent[i], 6);
        assert_int_equal(
            read_index(crn_h5_chunks_in_extensible_array, bytes.data, bytes.size, &chunks),
            CRN_FORMAT);
        assert_says("impossible measures");
        crn_text_free(&bytes);
    }
    assert_int_equal(
        INDEX(crn_h5_chunks_in_extensible_array, EAHD("\x08\x20\4\x10\4\x0a") "EAIX"),
        CRN_FORMAT);
    assert_says("ends early");
}

/* Pages of two elements: a data block of four, listed in the index block, has two of them. */
static void test_paged_extensible_array(void **state)
{
    (void)state;
    crn_h5_chunks chunks;
    assert_int_equal(INDEX(crn_h5_chunks_in_extensible_array,
                           EAHD("\x08\4\0\4\2\1")         /* 72 bytes */
                           "EAIB\0\0" AT("\0") AT("\x72") /* 42 bytes */
                           "\xff\xff\xff\xff\xff\xff\xff\xff"
                           "\xff\xff\xff\xff\xff\xff\xff\xff"
                           "sum!"
                           "EADB\0\0" AT("\0") "\0"
                                               "sum!" AT("\x10") AT("\x18") "sum!" AT("\x20")
                                                   AT("\x28") "sum!"),
                     CRN_OK);
    assert_int_equal(chunks.count, 2); /* the others are outside the shape */
    assert_int_equal(chunks.at[1].address, 0x18);
    assert_int_equal(chunks.at[1].origin[0], 2);
    free(chunks.at);
}

static void test_unpacking_is_limited(void **state)
{
    (void)state;
    crn_h5_reader reader = {.limits = {.inflated_bytes = 100 << 20, .inflate_ratio = 10}};
    assert_ok(crn_h5_unpack(&reader, 0, 1 << 20, &err)); /* the first MiB is free */
    assert_status(CRN_LIMIT, crn_h5_unpack(&reader, 0, 1, &err));
    assert_says("inflate_ratio = 10");
    assert_ok(crn_h5_unpack(&reader, 1 << 20, 9 << 20, &err));
    assert_status(CRN_LIMIT, crn_h5_unpack(&reader, 10 << 20, 91 << 20, &err));
    assert_says("inflated_bytes");
    assert_status(CRN_LIMIT, crn_h5_unpack(&reader, 0, UINT64_MAX, &err));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_plain_layouts),
        cmocka_unit_test(test_fill_values),
        cmocka_unit_test(test_bent_layouts),
        cmocka_unit_test(test_chunk_layouts),
        cmocka_unit_test(test_bent_chunks),
        cmocka_unit_test(test_btree1_of_chunks),
        cmocka_unit_test(test_fixed_array),
        cmocka_unit_test(test_extensible_array),
        cmocka_unit_test(test_paged_extensible_array),
        cmocka_unit_test(test_unpacking_is_limited),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
