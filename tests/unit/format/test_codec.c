/* SPDX-License-Identifier: BSD-3-Clause */
/* Inflating and deflating. The constants are what Python 3.11's zlib, gzip, bz2, lzma and
 * lz4.frame make of the same text. */
#include "format/codec.h"

#include "test.h"

#include <stdlib.h>

static const char text[] =
    "the quick brown fox jumps over the lazy dog, the quick brown fox jumps";
static const crn_codec all_codecs[] = {CRN_CODEC_ZLIB, CRN_CODEC_GZIP, CRN_CODEC_BZ2,
                                       CRN_CODEC_LZMA, CRN_CODEC_XZ,   CRN_CODEC_LZ4,
                                       CRN_CODEC_ZFILE};
enum { CODECS = sizeof all_codecs / sizeof all_codecs[0] };

static uint8_t *noise(size_t size)
{
    uint8_t *bytes = malloc(size);
    uint32_t x = 1;
    for (size_t i = 0; bytes != NULL && i < size; i++) {
        x = x * 1664525u + 1013904223u;
        bytes[i] = (uint8_t)(x >> 29);
    }
    return bytes;
}

static void check_round_trip(crn_codec codec, int level, const void *bytes, size_t size)
{
    crn_error err = CRN_ERROR_INIT;
    crn_text out = CRN_TEXT_INIT;
    crn_buffer *back = NULL;
    assert_ok(crn_codec_deflate(codec, level, bytes, size, &out, &err));
    assert_int_equal(crn_codec_sniff((const uint8_t *)out.data, out.size), codec);
    assert_ok(crn_codec_inflate(codec, (const uint8_t *)out.data, out.size, NULL, &back, &err));
    assert_int_equal(crn_buffer_size(back), size);
    if (size > 0)
        assert_memory_equal(crn_buffer_data(back), bytes, size);
    crn_buffer_release(back);
    crn_text_free(&out);
}

static void test_round_trips(void **state)
{
    (void)state;
    const size_t sizes[] = {0, 1, 70, 65536, 65537, 3u << 20};
    uint8_t *bytes = noise(3u << 20);
    assert_non_null(bytes);
    for (int i = 0; i < CODECS; i++)
        for (size_t k = 0; k < sizeof sizes / sizeof sizes[0]; k++)
            check_round_trip(all_codecs[i], k % 2 == 0 ? -1 : 3, bytes, sizes[k]);
    free(bytes);
}

static void check_deflated(crn_codec codec, int level, const char *hex)
{
    crn_error err = CRN_ERROR_INIT;
    crn_text out = CRN_TEXT_INIT, got = CRN_TEXT_INIT;
    assert_ok(crn_codec_deflate(codec, level, text, sizeof text - 1, &out, &err));
    for (size_t i = 0; i < out.size; i++)
        crn_text_printf(&got, "%02x", (uint8_t)out.data[i]);
    assert_string_equal(got.data, hex);
    crn_text_free(&out);
    crn_text_free(&got);
}

static void test_same_bytes_as_python(void **state)
{
    (void)state;
    check_deflated(
        CRN_CODEC_LZ4, 3,
        "04224d184040c037000000f01074686520717569636b2062726f776e20666f78206a756d7073206f"
        "766572201f00af6c617a7920646f672c202d0001506a756d707300000000");
    check_deflated(
        CRN_CODEC_ZLIB, 3,
        "785e2bc94855282ccd4cce56482aca2fcf5348cbaf50c82acd2d2856c82f4b2d5228014ae7245655"
        "2aa4e4a7eb807958150300928919c8");
    check_deflated(
        CRN_CODEC_ZLIB, 9,
        "78da2bc94855282ccd4cce56482aca2fcf5348cbaf50c82acd2d2856c82f4b2d5228014ae7245655"
        "2aa4e4a7eb807958150300928919c8");
    check_deflated(
        CRN_CODEC_GZIP, 3,
        "1f8b08000000000000032bc94855282ccd4cce56482aca2fcf5348cbaf50c82acd2d2856c82f4b2d"
        "5228014ae72456552aa4e4a7eb8079581503008b4aab6c46000000");
    check_deflated(
        CRN_CODEC_BZ2, 3,
        "425a6833314159265359db2c3f6c00001c918040043ffffff0200050a34340000009534d40681934"
        "c99a8dc688c42a8574e7b812124ebbca59d714988f18a2f054b0a47d2e2cd1863a71f7df8bb9229c"
        "28486d961fb600");
    check_deflated(
        CRN_CODEC_LZMA, 3,
        "5d00004000ffffffffffffffff003a1a08ce76c7e5e9d60734c3d10ebfce55e1aabde0e48f9801dd"
        "8de507549e65255f273a6a7eb4d34903384028c10d08b3ffffed748000");
    check_deflated(
        CRN_CODEC_XZ, 3,
        "fd377a585a000004e6d6b4460200210114000000ffe7ec09e0004500325d003a1a08ce76c7e5e9d6"
        "0734c3d10ebfce55e1aabde0e48f9801dd8de507549e65255f273a6a7eb4d34903384028c0e6c000"
        "000000000caeb2ae5c85e24b00014e460533c3d11fb6f37d010000000004595a");
    check_deflated(
        CRN_CODEC_XZ, -1,
        "fd377a585a000004e6d6b4460200210116000000742fe5a3e0004500325d003a1a08ce76c7e5e9d6"
        "0734c3d10ebfce55e1aabde0e48f9801dd8de507549e65255f273a6a7eb4d34903384028c0e6c000"
        "000000000caeb2ae5c85e24b00014e460533c3d11fb6f37d010000000004595a");
}

static void test_levels_are_checked(void **state)
{
    (void)state;
    crn_error err = CRN_ERROR_INIT;
    crn_text out = CRN_TEXT_INIT;
    assert_status(CRN_ARGUMENT, crn_codec_deflate(CRN_CODEC_ZLIB, 10, "x", 1, &out, &err));
    assert_string_equal(err.message, "the level of zlib must be from 1 to 9. Got 10 instead.");
    assert_status(CRN_ARGUMENT, crn_codec_deflate(CRN_CODEC_BZ2, 0, "x", 1, &out, &err));
    crn_text_free(&out);
}

/* Cut at any byte, a stream is an error, and never more than that. */
static void test_truncation(void **state)
{
    (void)state;
    crn_error err = CRN_ERROR_INIT;
    for (int i = 0; i < CODECS; i++) {
        crn_text out = CRN_TEXT_INIT;
        assert_ok(crn_codec_deflate(all_codecs[i], -1, text, sizeof text - 1, &out, &err));
        for (size_t size = 0; size < out.size; size++) {
            crn_buffer *back = NULL;
            assert_status(CRN_FORMAT,
                          crn_codec_inflate(all_codecs[i], (const uint8_t *)out.data, size,
                                            NULL, &back, &err));
            assert_null(back);
        }
        crn_text_free(&out);
    }
}

static void test_bounds(void **state)
{
    (void)state;
    enum { SIZE = 8 << 20 };
    crn_error err = CRN_ERROR_INIT;
    uint8_t *zeros = calloc(SIZE, 1);
    assert_non_null(zeros);
    for (int i = 0; i < CODECS; i++) {
        crn_text out = CRN_TEXT_INIT;
        crn_buffer *back = NULL;
        crn_limits limits = CRN_LIMITS_INIT;
        assert_ok(crn_codec_deflate(all_codecs[i], -1, zeros, SIZE, &out, &err));
        const uint8_t *bytes = (const uint8_t *)out.data;
        limits.inflate_ratio = 10;
        assert_status(CRN_LIMIT,
                      crn_codec_inflate(all_codecs[i], bytes, out.size, &limits, &back, &err));
        assert_non_null(strstr(err.message, "inflate_ratio"));
        limits.inflate_ratio = 1u << 30;
        limits.inflated_bytes = SIZE - 1;
        assert_status(CRN_LIMIT,
                      crn_codec_inflate(all_codecs[i], bytes, out.size, &limits, &back, &err));
        assert_non_null(strstr(err.message, "inflated_bytes"));
        limits.inflated_bytes = SIZE;
        assert_ok(crn_codec_inflate(all_codecs[i], bytes, out.size, &limits, &back, &err));
        crn_buffer_release(back);
        crn_text_free(&out);
    }
    free(zeros);
}

static void test_further_streams_are_read_on(void **state)
{
    (void)state;
    crn_error err = CRN_ERROR_INIT;
    for (int i = 0; i < CODECS - 1; i++) {
        crn_text out = CRN_TEXT_INIT;
        crn_buffer *back = NULL;
        assert_ok(crn_codec_deflate(all_codecs[i], -1, "one ", 4, &out, &err));
        assert_ok(crn_codec_deflate(all_codecs[i], -1, "two", 3, &out, &err));
        crn_text_add_string(&out, "\n");
        assert_ok(crn_codec_inflate(all_codecs[i], (const uint8_t *)out.data, out.size, NULL,
                                    &back, &err));
        assert_int_equal(crn_buffer_size(back), 7);
        assert_memory_equal(crn_buffer_data(back), "one two", 7);
        crn_buffer_release(back);
        crn_text_free(&out);
    }
}

/* What a header tells of the level: all of it for bz2, something for zlib, xz and lzma. */
static void test_levels_are_found(void **state)
{
    (void)state;
    static const struct {
        crn_codec codec;
        int level, found;
    } cases[] = {
        {CRN_CODEC_ZLIB, 1, 1},  {CRN_CODEC_ZLIB, 3, 3},  {CRN_CODEC_ZLIB, 6, 6},
        {CRN_CODEC_ZLIB, 9, 9},  {CRN_CODEC_ZFILE, 1, 1}, {CRN_CODEC_BZ2, 3, 3},
        {CRN_CODEC_BZ2, 9, 9},   {CRN_CODEC_XZ, 0, 0},    {CRN_CODEC_XZ, 3, 3},
        {CRN_CODEC_XZ, 6, 6},    {CRN_CODEC_XZ, 9, 9},    {CRN_CODEC_LZMA, 1, 1},
        {CRN_CODEC_LZMA, 3, 3},  {CRN_CODEC_LZMA, 6, 6},  {CRN_CODEC_LZMA, 7, 7},
        {CRN_CODEC_GZIP, 3, -1}, {CRN_CODEC_LZ4, 3, -1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        crn_error err = CRN_ERROR_INIT;
        crn_text out = CRN_TEXT_INIT;
        assert_ok(crn_codec_deflate(cases[i].codec, cases[i].level, text, sizeof text - 1, &out,
                                    &err));
        assert_int_equal(crn_codec_level(cases[i].codec, (const uint8_t *)out.data, out.size),
                         cases[i].found);
        crn_text_free(&out);
    }
    assert_int_equal(crn_codec_level(CRN_CODEC_XZ, NULL, 0), -1);
}

static void test_damage_is_named(void **state)
{
    (void)state;
    crn_error err = CRN_ERROR_INIT;
    crn_buffer *back = NULL;
    const uint8_t bad_zlib[] = {0x78, 0x9c, 0xff, 0xff, 0xff, 0xff};
    assert_status(CRN_FORMAT, crn_codec_inflate(CRN_CODEC_ZLIB, bad_zlib, sizeof bad_zlib, NULL,
                                                &back, &err));
    assert_string_equal(err.message, "the zlib data is damaged: invalid block type");
    const uint8_t bad_length[] = "ZF0xzz                x";
    assert_status(CRN_FORMAT, crn_codec_inflate(CRN_CODEC_ZFILE, bad_length, sizeof bad_length,
                                                NULL, &back, &err));
    crn_text out = CRN_TEXT_INIT;
    assert_ok(crn_codec_deflate(CRN_CODEC_ZFILE, 3, text, sizeof text - 1, &out, &err));
    out.data[5] ^= 1;
    assert_status(CRN_FORMAT, crn_codec_inflate(CRN_CODEC_ZFILE, (const uint8_t *)out.data,
                                                out.size, NULL, &back, &err));
    assert_string_equal(err.message, "the ZF header says 71 bytes, but 70 came out");
    crn_text_free(&out);
}

static void test_raw_deflate(void **state)
{
    (void)state;
    crn_error err = CRN_ERROR_INIT;
    crn_text out = CRN_TEXT_INIT;
    char back[sizeof text];
    size_t size = sizeof text - 1;
    assert_ok(crn_deflate_raw(text, size, &out, &err));
    const uint8_t *bytes = (const uint8_t *)out.data;
    assert_ok(crn_inflate_raw(bytes, out.size, back, size, &err));
    assert_memory_equal(back, text, size);
    assert_status(CRN_FORMAT, crn_inflate_raw(bytes, out.size, back, size - 1, &err));
    assert_non_null(strstr(err.message, "gives more"));
    assert_status(CRN_FORMAT, crn_inflate_raw(bytes, out.size, back, size + 1, &err));
    assert_non_null(strstr(err.message, "gives fewer"));
    assert_status(CRN_FORMAT, crn_inflate_raw(bytes, out.size - 1, back, size, &err));
    crn_text_add_char(&out, 'x');
    assert_status(CRN_FORMAT,
                  crn_inflate_raw((const uint8_t *)out.data, out.size, back, size, &err));
    assert_non_null(strstr(err.message, "1 bytes of it are left over"));
    crn_text_free(&out);

    const uint8_t empty[] = {0x78, 0x9c, 0x03, 0, 0, 0, 0, 1};
    assert_ok(crn_inflate_zlib(empty, sizeof empty, back, 0, &err));
    assert_ok(crn_inflate_zlib(empty, sizeof empty, NULL, 0, &err));
    assert_status(CRN_FORMAT, crn_inflate_zlib(NULL, 0, NULL, 0, &err));
    out = (crn_text)CRN_TEXT_INIT;
    assert_ok(crn_deflate_raw(NULL, 0, &out, &err));
    assert_ok(crn_inflate_raw((const uint8_t *)out.data, out.size, NULL, 0, &err));
    crn_text_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_round_trips),
        cmocka_unit_test(test_same_bytes_as_python),
        cmocka_unit_test(test_levels_are_checked),
        cmocka_unit_test(test_truncation),
        cmocka_unit_test(test_bounds),
        cmocka_unit_test(test_further_streams_are_read_on),
        cmocka_unit_test(test_levels_are_found),
        cmocka_unit_test(test_damage_is_named),
        cmocka_unit_test(test_raw_deflate),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
