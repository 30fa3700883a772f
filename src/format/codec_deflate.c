/* SPDX-License-Identifier: BSD-3-Clause */
/* Compressing as joblib's writers do: the same library calls with the same settings as Python's
 * zlib, bz2 and lzma modules and python-lz4, so that equal versions of the libraries give equal
 * bytes. */
#include "format/codec.h"

#include <bzlib.h>
#include <lz4frame.h>
#include <lzma.h>
#include <stdio.h>
#include <stdlib.h>
#include <zlib.h>

enum { CHUNK = 64 * 1024 };

static unsigned at_most_1_gib(size_t size)
{
    return size < (1u << 30) ? (unsigned)size : 1u << 30;
}

/* window_bits as zlib's deflateInit2 wants it: 15 zlib, 31 gzip (mtime 0, OS 3), -15 raw. */
static crn_status deflate_zlib(int window_bits, int level, const uint8_t *bytes, size_t size,
                               crn_text *out, crn_error *err)
{
    z_stream z = {0};
    uint8_t chunk[CHUNK];
    if (deflateInit2(&z, level, Z_DEFLATED, window_bits, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        return crn_no_memory(err);
    int code = Z_OK;
    while (code == Z_OK && out->status == CRN_OK) {
        unsigned in = at_most_1_gib(size);
        z.next_in = (z_const Bytef *)(uintptr_t)bytes;
        z.avail_in = in;
        z.next_out = chunk;
        z.avail_out = CHUNK;
        code = deflate(&z, in == size ? Z_FINISH : Z_NO_FLUSH);
        crn_text_add_bytes(out, chunk, CHUNK - z.avail_out);
        bytes += in - z.avail_in;
        size -= in - z.avail_in;
    }
    deflateEnd(&z);
    return crn_text_status(out, err);
}

static crn_status deflate_bz2(int level, const uint8_t *bytes, size_t size, crn_text *out,
                              crn_error *err)
{
    bz_stream b = {0};
    char chunk[CHUNK];
    if (BZ2_bzCompressInit(&b, level, 0, 0) != BZ_OK)
        return crn_no_memory(err);
    int code = BZ_RUN_OK;
    while (code >= BZ_OK && code != BZ_STREAM_END && out->status == CRN_OK) {
        unsigned in = at_most_1_gib(size);
        b.next_in = (char *)(uintptr_t)bytes;
        b.avail_in = in;
        b.next_out = chunk;
        b.avail_out = CHUNK;
        code = BZ2_bzCompress(&b, in == size ? BZ_FINISH : BZ_RUN);
        crn_text_add_bytes(out, chunk, CHUNK - b.avail_out);
        bytes += in - b.avail_in;
        size -= in - b.avail_in;
    }
    BZ2_bzCompressEnd(&b);
    if (code != BZ_STREAM_END && out->status == CRN_OK)
        return crn_no_memory(err);
    return crn_text_status(out, err);
}

static crn_status deflate_lzma(crn_codec codec, int level, const uint8_t *bytes, size_t size,
                               crn_text *out, crn_error *err)
{
    lzma_stream l = LZMA_STREAM_INIT;
    lzma_options_lzma options;
    uint8_t chunk[CHUNK];
    lzma_ret code = LZMA_OPTIONS_ERROR;
    if (codec == CRN_CODEC_XZ)
        code = lzma_easy_encoder(&l, (uint32_t)level, LZMA_CHECK_CRC64);
    else if (!lzma_lzma_preset(&options, (uint32_t)level))
        code = lzma_alone_encoder(&l, &options);
    l.next_in = bytes;
    l.avail_in = size;
    while (code == LZMA_OK && out->status == CRN_OK) {
        l.next_out = chunk;
        l.avail_out = CHUNK;
        code = lzma_code(&l, LZMA_FINISH);
        crn_text_add_bytes(out, chunk, CHUNK - l.avail_out);
    }
    lzma_end(&l);
    if (code != LZMA_STREAM_END && out->status == CRN_OK)
        return crn_no_memory(err);
    return crn_text_status(out, err);
}

/* python-lz4's LZ4FrameFile: linked blocks of 64 KiB, no checksums, no content size. It is fed
 * by a buffered writer of 1 MiB. */
static crn_status deflate_lz4(int level, const uint8_t *bytes, size_t size, crn_text *out,
                              crn_error *err)
{
    enum { FED_AT_ONCE = 1 << 20 };
    LZ4F_preferences_t preferences = {.frameInfo = {.blockMode = LZ4F_blockLinked},
                                      .compressionLevel = level};
    size_t room = LZ4F_compressBound(FED_AT_ONCE, &preferences) + LZ4F_HEADER_SIZE_MAX;
    uint8_t *chunk = crn_calloc(room, 1);
    LZ4F_cctx *context = NULL;
    if (chunk == NULL || LZ4F_isError(LZ4F_createCompressionContext(&context, LZ4F_VERSION))) {
        free(chunk);
        return crn_no_memory(err);
    }
    size_t made = LZ4F_compressBegin(context, chunk, room, &preferences);
    while (!LZ4F_isError(made) && size > 0 && out->status == CRN_OK) {
        crn_text_add_bytes(out, chunk, made);
        size_t in = size < FED_AT_ONCE ? size : FED_AT_ONCE;
        made = LZ4F_compressUpdate(context, chunk, room, bytes, in, NULL);
        bytes += in;
        size -= in;
    }
    if (!LZ4F_isError(made)) {
        crn_text_add_bytes(out, chunk, made);
        made = LZ4F_compressEnd(context, chunk, room, NULL);
    }
    bool failed = LZ4F_isError(made);
    if (!failed)
        crn_text_add_bytes(out, chunk, made);
    LZ4F_freeCompressionContext(context);
    free(chunk);
    return failed ? crn_no_memory(err) : crn_text_status(out, err);
}

/* The levels that joblib.dump takes, and its default when only the method is named. */
static crn_status choose_level(crn_codec codec, int *level, crn_error *err)
{
    static const struct {
        int least, standard;
    } levels[] = {
        [CRN_CODEC_NONE] = {0, 0}, [CRN_CODEC_ZLIB] = {1, 3},  [CRN_CODEC_GZIP] = {1, 3},
        [CRN_CODEC_BZ2] = {1, 9},  [CRN_CODEC_LZMA] = {0, 6},  [CRN_CODEC_XZ] = {0, 6},
        [CRN_CODEC_LZ4] = {0, 0},  [CRN_CODEC_ZFILE] = {1, 3},
    };
    if (*level == -1)
        *level = levels[codec].standard;
    if (*level < levels[codec].least || *level > 9)
        return crn_fail(err, CRN_ARGUMENT,
                        "the level of %s must be from %d to 9. Got %d instead.",
                        crn_codec_name(codec), levels[codec].least, *level);
    return CRN_OK;
}

/* liblzma's presets by the size of their dictionary. 4 MiB is 3 or 4, and 8 MiB 5 or 6, the
 * default. */
static int lzma_level(uint64_t dictionary)
{
    static const int presets[] = {
        [0] = 0, [2] = 1, [3] = 2, [4] = 3, [5] = 6, [6] = 7, [7] = 8, [8] = 9};
    for (int i = 0; i <= 8; i++)
        if (i != 1 && dictionary == UINT64_C(1) << (18 + i))
            return presets[i];
    return -1;
}

int crn_codec_level(crn_codec codec, const uint8_t *bytes, size_t size)
{
    enum { ZFILE_HEADER = 21 };
    if (codec == CRN_CODEC_ZFILE && size > ZFILE_HEADER)
        return crn_codec_level(CRN_CODEC_ZLIB, bytes + ZFILE_HEADER, size - ZFILE_HEADER);
    if (codec == CRN_CODEC_BZ2 && size > 3)
        return bytes[3] - '0';
    if (codec == CRN_CODEC_ZLIB && size > 1) /* RFC 1950's FLEVEL: 1, 2-5, 6, 7-9 */
        return (const int[]){1, 3, 6, 9}[bytes[1] >> 6];
    if (codec == CRN_CODEC_LZMA && size > 4)
        return lzma_level((uint64_t)bytes[1] | (uint64_t)bytes[2] << 8 |
                          (uint64_t)bytes[3] << 16 | (uint64_t)bytes[4] << 24);
    /* The xz file format 1.0.4: a block whose only filter is LZMA2 (0x21) with one byte of
     * properties. */
    if (codec == CRN_CODEC_XZ && size > 16 && bytes[13] == 0 && bytes[14] == 0x21 &&
        bytes[15] == 1 && bytes[16] % 2 == 0 && bytes[16] < 40)
        return lzma_level(UINT64_C(1) << (12 + bytes[16] / 2));
    return -1;
}

crn_status crn_codec_deflate(crn_codec codec, int level, const void *bytes, size_t size,
                             crn_text *out, crn_error *err)
{
    CRN_TRY(choose_level(codec, &level, err));
    if (bytes == NULL) /* no input: an address all the same, to count from */
        bytes = "";
    switch (codec) {
    case CRN_CODEC_NONE:
        crn_text_add_bytes(out, bytes, size);
        return crn_text_status(out, err);
    case CRN_CODEC_ZLIB:
        return deflate_zlib(15, level, bytes, size, out, err);
    case CRN_CODEC_GZIP:
        return deflate_zlib(31, level, bytes, size, out, err);
    case CRN_CODEC_BZ2:
        return deflate_bz2(level, bytes, size, out, err);
    case CRN_CODEC_LZMA:
    case CRN_CODEC_XZ:
        return deflate_lzma(codec, level, bytes, size, out, err);
    case CRN_CODEC_LZ4:
        return deflate_lz4(level, bytes, size, out, err);
    case CRN_CODEC_ZFILE: {
        char length[24];
        snprintf(length, sizeof length, "0x%zx", size);
        crn_text_printf(out, "ZF%-19s", length);
        return deflate_zlib(15, level, bytes, size, out, err);
    }
    }
    return crn_fail(err, CRN_ARGUMENT, "%d is not a codec", (int)codec);
}

crn_status crn_deflate_raw(const void *bytes, size_t size, crn_text *out, crn_error *err)
{
    return deflate_zlib(-15, 6, bytes != NULL ? bytes : "", size, out, err);
}
