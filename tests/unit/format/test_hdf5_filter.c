/* SPDX-License-Identifier: BSD-3-Clause */
/* Filter pipelines: their message, and chunks unpacked. The stored chunks are what h5py wrote
 * for the numbers below. */
#include <zlib.h>

#include "h5_scene.h"

static void test_messages(void **state)
{
    (void)state;
    crn_h5_pipeline pipeline;
    /* Version 1 with names and padding; version 2 with a name for foreign filters only. */
    crn_bytes v1 = LITERAL("\1\2\0\0\0\0\0\0"
                           "\2\0\x08\0\1\0\1\0shuffle\0\4\0\0\0\0\0\0\0"
                           "\1\0\x08\0\1\0\1\0deflate\0\6\0\0\0\0\0\0\0"),
              v2 = LITERAL("\2\2\2\0\0\0\1\0\4\0\0\0\3\0\0\0\0\0");
    assert_ok(crn_h5_pipeline_read(&v1, &pipeline, &err));
    assert_int_equal(crn_bytes_left(&v1), 0);
    assert_int_equal(pipeline.count, 2);
    assert_int_equal(pipeline.filter[0], CRN_H5_SHUFFLE);
    assert_int_equal(pipeline.filter[1], CRN_H5_DEFLATE);
    assert_ok(crn_h5_pipeline_read(&v2, &pipeline, &err));
    assert_int_equal(crn_bytes_left(&v2), 0);
    assert_int_equal(pipeline.filter[1], CRN_H5_FLETCHER32);
}

static void test_filters_refused(void **state)
{
    (void)state;
    static const struct {
        uint16_t filter;
        const char *name;
    } refused[] = {{4, "szip"},      {5, "nbit"},       {6, "scaleoffset"},    {32000, "lzf"},
                   {32001, "blosc"}, {32004, "lz4"},    {32008, "bitshuffle"}, {32015, "zstd"},
                   {0, "unknown"},   {40000, "unknown"}};
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        crn_text message = CRN_TEXT_INIT;
        crn_h5_pipeline pipeline;
        PUT(&message, "\2\1");
        crn_h5_put(&message, refused[i].filter, 2);
        if (refused[i].filter >= 256)
            crn_h5_put(&message, 3, 2);
        crn_h5_put(&message, 0, 4); /* flags, no values */
        if (refused[i].filter >= 256)
            PUT(&message, "nam");
        crn_bytes in = crn_bytes_of(message.data, message.size);
        assert_status(CRN_UNSUPPORTED, crn_h5_pipeline_read(&in, &pipeline, &err));
        assert_says(refused[i].name);
        assert_says("h5repack");
        crn_text_free(&message);
    }
    crn_h5_pipeline pipeline;
    crn_bytes version = LITERAL("\3\1"), twice = LITERAL("\2\2\1\0\0\0\0\0\1\0\0\0\0\0"),
              cut = LITERAL("\2\1\1\0\0"),
              nine =
                  LITERAL("\2\x09\2\0\0\0\0\0\2\0\0\0\0\0\2\0\0\0\0\0\2\0\0\0\0\0\2\0\0\0\0\0"
                          "\2\0\0\0\0\0\2\0\0\0\0\0\2\0\0\0\0\0\2\0\0\0\0\0");
    assert_status(CRN_UNSUPPORTED, crn_h5_pipeline_read(&version, &pipeline, &err));
    assert_status(CRN_UNSUPPORTED, crn_h5_pipeline_read(&twice, &pipeline, &err));
    assert_status(CRN_UNSUPPORTED, crn_h5_pipeline_read(&nine, &pipeline, &err));
    assert_says("pipelines of 9 filters");
    assert_status(CRN_FORMAT, crn_h5_pipeline_read(&cut, &pipeline, &err));
}

enum { CHUNK = 12 };
static const uint8_t plain[CHUNK] = {0, 1, 0, 0, 1, 1, 0, 0, 2, 1, 0, 0}; /* 256, 257, 258 */
static const uint8_t shuffled[CHUNK] = {0, 1, 2, 1, 1, 1, 0, 0, 0, 0, 0, 0};
static const uint8_t summed[CHUNK + 4] = {0, 1, 0, 0, 1, 1, 0, 0, 2, 1, 0, 0, 3, 3, 12, 8};

static crn_status undo(const crn_h5_pipeline *pipeline, uint32_t mask, const void *stored,
                       size_t size, uint8_t out[CHUNK])
{
    uint8_t scratch[2 * (CHUNK + 4 * CRN_H5_MAX_FILTERS)];
    memset(out, 0xee, CHUNK);
    err = (crn_error)CRN_ERROR_INIT;
    return crn_h5_pipeline_undo(pipeline, mask, 4, crn_bytes_of(stored, size), scratch, out,
                                CHUNK, &err);
}

static void test_each_filter(void **state)
{
    (void)state;
    const crn_h5_pipeline none = {0}, shuffle = {1, {CRN_H5_SHUFFLE}},
                          fletcher32 = {1, {CRN_H5_FLETCHER32}};
    uint8_t out[CHUNK];
    assert_int_equal(undo(&none, 0, plain, CHUNK, out), CRN_OK);
    assert_memory_equal(out, plain, CHUNK);
    assert_int_equal(undo(&shuffle, 0, shuffled, CHUNK, out), CRN_OK);
    assert_memory_equal(out, plain, CHUNK);
    assert_int_equal(undo(&shuffle, 1, plain, CHUNK, out), CRN_OK); /* masked */
    assert_memory_equal(out, plain, CHUNK);
    if (undo(&fletcher32, 0, summed, sizeof summed, out) != CRN_OK)
        fail_msg("%s", err.message);
    assert_memory_equal(out, plain, CHUNK);
}

static void test_pipelines(void **state)
{
    (void)state;
    const crn_h5_pipeline usual = {2, {CRN_H5_SHUFFLE, CRN_H5_DEFLATE}},
                          inside = {3, {CRN_H5_FLETCHER32, CRN_H5_SHUFFLE, CRN_H5_DEFLATE}};
    uint8_t packed[64], out[CHUNK], shuffled_sum[CHUNK + 4];
    uLongf size = sizeof packed;
    assert_int_equal(compress(packed, &size, shuffled, CHUNK), Z_OK);
    assert_int_equal(undo(&usual, 0, packed, size, out), CRN_OK);
    assert_memory_equal(out, plain, CHUNK);
    assert_int_equal(undo(&usual, 2, shuffled, CHUNK, out),
                     CRN_OK); /* was not worth deflating */
    assert_memory_equal(out, plain, CHUNK);
    assert_int_equal(undo(&usual, UINT32_MAX, plain, CHUNK, out), CRN_OK);
    assert_memory_equal(out, plain, CHUNK);
    /* The sum is shuffled and deflated with the numbers. */
    for (int i = 0; i < CHUNK + 4; i++)
        shuffled_sum[i % 4 * 4 + i / 4] = summed[i];
    size = sizeof packed;
    assert_int_equal(compress(packed, &size, shuffled_sum, sizeof shuffled_sum), Z_OK);
    assert_int_equal(undo(&inside, 0, packed, size, out), CRN_OK);
    assert_memory_equal(out, plain, CHUNK);
}

static void test_damaged_chunks(void **state)
{
    (void)state;
    const crn_h5_pipeline none = {0}, shuffle = {1, {CRN_H5_SHUFFLE}},
                          deflate = {1, {CRN_H5_DEFLATE}},
                          fletcher32 = {1, {CRN_H5_FLETCHER32}};
    uint8_t packed[64], out[CHUNK], wrong[CHUNK + 4];
    uLongf size = sizeof packed;
    assert_int_equal(undo(&none, 0, plain, CHUNK - 1, out), CRN_FORMAT);
    assert_says("11 bytes where 12 are expected");
    assert_int_equal(undo(&shuffle, 0, plain, CHUNK + 1, out), CRN_FORMAT);
    assert_says("13 bytes where 12 are expected");
    assert_int_equal(undo(&fletcher32, 0, summed, 3, out), CRN_FORMAT);
    assert_int_equal(undo(&fletcher32, 0, summed, CHUNK, out), CRN_FORMAT);
    for (int i = 0; i < CHUNK + 4; i++) {
        memcpy(wrong, summed, sizeof wrong);
        wrong[i] ^= 1;
        assert_int_equal(undo(&fletcher32, 0, wrong, sizeof wrong, out), CRN_FORMAT);
        assert_says("fletcher32 checksum");
    }
    assert_int_equal(compress(packed, &size, plain, CHUNK - 1), Z_OK);
    assert_int_not_equal(undo(&deflate, 0, packed, size, out), CRN_OK); /* too little */
    size = sizeof packed;
    assert_int_equal(compress(packed, &size, summed, CHUNK + 4), Z_OK);
    assert_int_not_equal(undo(&deflate, 0, packed, size, out), CRN_OK); /* too much */
    assert_int_not_equal(undo(&deflate, 0, plain, CHUNK, out), CRN_OK); /* no zlib stream */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_messages),       cmocka_unit_test(test_filters_refused),
        cmocka_unit_test(test_each_filter),    cmocka_unit_test(test_pipelines),
        cmocka_unit_test(test_damaged_chunks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
