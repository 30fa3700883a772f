/* SPDX-License-Identifier: BSD-3-Clause */
/* Which compression bytes are of, and inflating all of them within bounds. Magic numbers:
 * joblib's compressor.py. Each library is wrapped as a decoder that turns some input into some
 * output; one loop drives them all, so that the bounds are checked in one place. */
#include "format/codec.h"

#include <bzlib.h>
#include <lz4frame.h>
#include <lzma.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "base/limits.h"

const char *crn_codec_name(crn_codec codec)
{
    static const char *const names[] = {
        [CRN_CODEC_NONE] = "none", [CRN_CODEC_ZLIB] = "zlib",   [CRN_CODEC_GZIP] = "gzip",
        [CRN_CODEC_BZ2] = "bz2",   [CRN_CODEC_LZMA] = "lzma",   [CRN_CODEC_XZ] = "xz",
        [CRN_CODEC_LZ4] = "lz4",   [CRN_CODEC_ZFILE] = "zfile",
    };
    return (unsigned)codec < sizeof names / sizeof names[0] ? names[codec] : "?";
}

crn_codec crn_codec_sniff(const uint8_t *bytes, size_t size)
{
    static const struct {
        crn_codec codec;
        size_t size;
        const char *magic;
    } magics[] = {
        {CRN_CODEC_ZFILE, 2, "ZF"},
        {CRN_CODEC_GZIP, 2, "\x1f\x8b"},
        {CRN_CODEC_BZ2, 3, "BZh"},
        {CRN_CODEC_XZ, 6,
         "\xfd"
         "7zXZ\0"},
        {CRN_CODEC_LZMA, 3, "\x5d\0\0"},
        {CRN_CODEC_LZ4, 4, "\x04\x22\x4d\x18"},
    };
    for (size_t i = 0; i < sizeof magics / sizeof magics[0]; i++)
        if (size >= magics[i].size && memcmp(bytes, magics[i].magic, magics[i].size) == 0)
            return magics[i].codec;
    /* RFC 1950: method 8 with a 32 KiB window, and the two header bytes are a multiple of 31.
     */
    if (size >= 2 && bytes[0] == 0x78 && (bytes[0] << 8 | bytes[1]) % 31 == 0)
        return CRN_CODEC_ZLIB;
    return CRN_CODEC_NONE;
}

/* ---- the decoders ---- */

typedef struct decoder decoder;

/* Some input to be used up and some output to be filled by one call. */
typedef struct piece {
    const uint8_t *in;
    size_t in_size;
    uint8_t *out;
    size_t out_size;
    bool ended; /* the stream says that it is over */
} piece;

struct decoder {
    crn_codec codec;
    crn_status (*step)(decoder *d, piece *p, crn_error *err);
    union {
        z_stream zlib;
        bz_stream bz2;
        lzma_stream lzma;
        LZ4F_dctx *lz4;
    } as;
};

/* The libraries count in 32 bits. */
static unsigned at_most_1_gib(size_t size)
{
    return size < (1u << 30) ? (unsigned)size : 1u << 30;
}

static crn_status damaged(crn_error *err, crn_codec codec, const char *why)
{
    return crn_fail(err, CRN_FORMAT, "the %s data is damaged: %s", crn_codec_name(codec), why);
}

static crn_status step_zlib(decoder *d, piece *p, crn_error *err)
{
    z_stream *z = &d->as.zlib;
    unsigned in = at_most_1_gib(p->in_size), out = at_most_1_gib(p->out_size);
    z->next_in = (z_const Bytef *)(uintptr_t)p->in;
    z->avail_in = in;
    z->next_out = p->out;
    z->avail_out = out;
    int code = inflate(z, Z_NO_FLUSH);
    if (code == Z_MEM_ERROR)
        return crn_no_memory(err);
    if (code != Z_OK && code != Z_STREAM_END && code != Z_BUF_ERROR)
        return damaged(err, d->codec, z->msg != NULL ? z->msg : "it needs a dictionary");
    p->in_size = in - z->avail_in;
    p->out_size = out - z->avail_out;
    p->ended = code == Z_STREAM_END;
    return CRN_OK;
}

static crn_status step_bz2(decoder *d, piece *p, crn_error *err)
{
    bz_stream *b = &d->as.bz2;
    unsigned in = at_most_1_gib(p->in_size), out = at_most_1_gib(p->out_size);
    b->next_in = (char *)(uintptr_t)p->in;
    b->avail_in = in;
    b->next_out = (char *)p->out;
    b->avail_out = out;
    int code = BZ2_bzDecompress(b);
    if (code == BZ_MEM_ERROR)
        return crn_no_memory(err);
    if (code != BZ_OK && code != BZ_STREAM_END)
        return damaged(err, d->codec, "a block or its checksum is wrong");
    p->in_size = in - b->avail_in;
    p->out_size = out - b->avail_out;
    p->ended = code == BZ_STREAM_END;
    return CRN_OK;
}

static crn_status step_lzma(decoder *d, piece *p, crn_error *err)
{
    lzma_stream *l = &d->as.lzma;
    l->next_in = p->in;
    l->avail_in = p->in_size;
    l->next_out = p->out;
    l->avail_out = p->out_size;
    lzma_ret code = lzma_code(l, LZMA_RUN);
    if (code == LZMA_MEM_ERROR)
        return crn_no_memory(err);
    if (code == LZMA_MEMLIMIT_ERROR)
        return crn_fail(err, CRN_LIMIT, "the %s data wants a dictionary of more than 256 MiB",
                        crn_codec_name(d->codec));
    if (code != LZMA_OK && code != LZMA_STREAM_END && code != LZMA_BUF_ERROR)
        return damaged(err, d->codec, "a header, a block or its checksum is wrong");
    p->in_size -= l->avail_in;
    p->out_size -= l->avail_out;
    p->ended = code == LZMA_STREAM_END;
    return CRN_OK;
}

static crn_status step_lz4(decoder *d, piece *p, crn_error *err)
{
    size_t hint = LZ4F_decompress(d->as.lz4, p->out, &p->out_size, p->in, &p->in_size, NULL);
    if (LZ4F_isError(hint))
        return damaged(err, d->codec, LZ4F_getErrorName(hint));
    p->ended = hint == 0;
    return CRN_OK;
}

static crn_status start(decoder *d, crn_codec codec, crn_error *err)
{
    const uint64_t lzma_memory = (uint64_t)256 << 20;
    bool made = false;
    *d = (decoder){.codec = codec};
    switch (codec) {
    case CRN_CODEC_ZLIB:
    case CRN_CODEC_GZIP:
    case CRN_CODEC_ZFILE:
        d->step = step_zlib;
        made = inflateInit2(&d->as.zlib, codec == CRN_CODEC_GZIP ? 31 : 15) == Z_OK;
        break;
    case CRN_CODEC_BZ2:
        d->step = step_bz2;
        made = BZ2_bzDecompressInit(&d->as.bz2, 0, 0) == BZ_OK;
        break;
    case CRN_CODEC_LZMA:
        d->step = step_lzma;
        made = lzma_alone_decoder(&d->as.lzma, lzma_memory) == LZMA_OK;
        break;
    case CRN_CODEC_XZ:
        d->step = step_lzma;
        made = lzma_stream_decoder(&d->as.lzma, lzma_memory, 0) == LZMA_OK;
        break;
    case CRN_CODEC_LZ4:
        d->step = step_lz4;
        made = !LZ4F_isError(LZ4F_createDecompressionContext(&d->as.lz4, LZ4F_VERSION));
        break;
    case CRN_CODEC_NONE:
        return crn_fail(err, CRN_ARGUMENT, "there is nothing to inflate");
    }
    return made ? CRN_OK : crn_no_memory(err);
}

static void stop(decoder *d)
{
    if (d->step == step_zlib)
        inflateEnd(&d->as.zlib);
    else if (d->step == step_bz2)
        BZ2_bzDecompressEnd(&d->as.bz2);
    else if (d->step == step_lzma)
        lzma_end(&d->as.lzma);
    else if (d->step == step_lz4)
        LZ4F_freeDecompressionContext(d->as.lz4);
}

/* ---- the loop ---- */

enum { FIRST_MIB = 1 << 20 };

/* What has come out so far; malloc'd. */
typedef struct inflated {
    uint8_t *data;
    size_t size, capacity;
    uint64_t most;       /* inflated_bytes */
    uint64_t most_ratio; /* what inflate_ratio allows for this input */
} inflated;

static crn_status check_bounds(const inflated *out, crn_error *err)
{
    if (out->size > out->most)
        return crn_fail(err, CRN_LIMIT, "inflates to more than the limit inflated_bytes = %llu",
                        (unsigned long long)out->most);
    if (out->size > FIRST_MIB && out->size > out->most_ratio)
        return crn_fail(err, CRN_LIMIT,
                        "inflates to over %llu bytes, more than the limit inflate_ratio allows",
                        (unsigned long long)out->most_ratio);
    return CRN_OK;
}

static crn_status make_room(inflated *out, crn_error *err)
{
    if (out->size < out->capacity)
        return CRN_OK;
    size_t wanted = out->capacity > 0 ? out->capacity * 2 : 64 * 1024;
    if (wanted < out->capacity)
        return crn_no_memory(err);
    uint8_t *grown = realloc(out->data, wanted);
    if (grown == NULL)
        return crn_no_memory(err);
    out->data = grown;
    out->capacity = wanted;
    return CRN_OK;
}

/* Inflates one stream and moves `in` behind it. */
static crn_status inflate_stream(decoder *d, crn_bytes *in, inflated *out, crn_error *err)
{
    piece p = {.ended = false};
    while (!p.ended) {
        CRN_TRY(make_room(out, err));
        p = (piece){.in = in->data + in->position,
                    .in_size = crn_bytes_left(in),
                    .out = out->data + out->size,
                    .out_size = out->capacity - out->size};
        CRN_TRY(d->step(d, &p, err));
        in->position += p.in_size;
        out->size += p.out_size;
        CRN_TRY(check_bounds(out, err));
        if (p.in_size == 0 && p.out_size == 0 && !p.ended)
            return crn_fail_at(err, CRN_FORMAT, crn_bytes_offset(in), "the %s data ends early",
                               crn_codec_name(d->codec));
    }
    return CRN_OK;
}

static crn_status inflate_streams(crn_codec codec, crn_bytes *in, inflated *out, crn_error *err)
{
    do {
        decoder d;
        crn_status status = start(&d, codec, err);
        if (status == CRN_OK)
            status = inflate_stream(&d, in, out, err);
        stop(&d);
        CRN_TRY(status);
    } while (crn_codec_sniff(in->data + in->position, crn_bytes_left(in)) == codec);
    return CRN_OK;
}

/* joblib <= 0.9 (numpy_pickle_compat.py): "ZF", the length in hexadecimal digits behind "0x" in
 * 19 characters padded with blanks, one more blank in files of Python 2, then zlib data. */
static crn_status read_zfile_length(crn_bytes *in, uint64_t *length, crn_error *err)
{
    const uint8_t *head = crn_bytes_take(in, 21, err);
    if (head == NULL)
        return CRN_FORMAT;
    const uint8_t *digits = head + 4;
    size_t n = 0;
    *length = 0;
    for (; n < 17 && digits[n] != ' ' && digits[n] != 'L'; n++) {
        const char *hex = "0123456789abcdef";
        const char *digit = digits[n] != 0 ? strchr(hex, digits[n]) : NULL;
        if (digit == NULL || *length >> 60 != 0)
            break;
        *length = *length << 4 | (uint64_t)(digit - hex);
    }
    if (memcmp(head + 2, "0x", 2) != 0 || n == 0 ||
        (n < 17 && digits[n] != ' ' && digits[n] != 'L'))
        return crn_fail_at(err, CRN_FORMAT, 2,
                           "the ZF header's length is not a hexadecimal number");
    if (crn_bytes_left(in) > 0 && in->data[in->position] == ' ')
        in->position++;
    return CRN_OK;
}

static crn_status inflate_zfile(crn_bytes *in, inflated *out, crn_error *err)
{
    uint64_t length;
    decoder d;
    CRN_TRY(read_zfile_length(in, &length, err));
    crn_status status = start(&d, CRN_CODEC_ZFILE, err);
    if (status == CRN_OK)
        status = inflate_stream(&d, in, out, err);
    stop(&d);
    CRN_TRY(status);
    if (out->size != length)
        return crn_fail(err, CRN_FORMAT, "the ZF header says %llu bytes, but %zu came out",
                        (unsigned long long)length, out->size);
    return CRN_OK;
}

crn_status crn_codec_inflate(crn_codec codec, const uint8_t *bytes, size_t size,
                             const crn_limits *limits, crn_buffer **out, crn_error *err)
{
    const crn_limits complete = crn_limits_complete(limits);
    inflated result = {.most = complete.inflated_bytes};
    if (__builtin_mul_overflow(complete.inflate_ratio, size, &result.most_ratio))
        result.most_ratio = UINT64_MAX;
    *out = NULL;

    crn_bytes in = crn_bytes_of(bytes, size);
    crn_status status = codec == CRN_CODEC_ZFILE ? inflate_zfile(&in, &result, err)
                                                 : inflate_streams(codec, &in, &result, err);
    if (status == CRN_OK) {
        *out = crn_buffer_wrap(result.data, result.size, free, result.data);
        if (*out == NULL)
            status = crn_no_memory(err);
    }
    if (status != CRN_OK)
        free(result.data);
    return status;
}

/* ---- to exactly so many bytes ---- */

static crn_status inflate_exactly(int window_bits, const uint8_t *bytes, size_t size, void *out,
                                  size_t out_size, crn_error *err)
{
    decoder d = {.codec = CRN_CODEC_ZLIB, .step = step_zlib};
    if (bytes == NULL) /* no input: an address all the same, to count from */
        bytes = (const uint8_t *)"";
    if (inflateInit2(&d.as.zlib, window_bits) != Z_OK)
        return crn_no_memory(err);
    crn_status status = CRN_OK;
    size_t used = 0, made = 0;
    piece p = {.ended = false};
    while (!p.ended) {
        uint8_t spare; /* shows that there is more than there should be */
        bool full = made == out_size;
        p = (piece){.in = bytes + used,
                    .in_size = size - used,
                    .out = full ? &spare : (uint8_t *)out + made,
                    .out_size = full ? 1 : out_size - made};
        CRN_TRY_OR_DONE(step_zlib(&d, &p, err));
        used += p.in_size;
        made += p.out_size;
        if (made > out_size || (p.in_size == 0 && p.out_size == 0 && !p.ended))
            break;
    }
    if (!p.ended || made != out_size || used != size)
        status =
            crn_fail(err, CRN_FORMAT,
                     "deflated data of %zu bytes should give %zu bytes; it gives %s, and %zu "
                     "bytes of it are left over",
                     size, out_size,
                     made > out_size   ? "more"
                     : made < out_size ? "fewer"
                     : p.ended         ? "as many"
                                       : "them without an end",
                     size - used);
done:
    inflateEnd(&d.as.zlib);
    return status;
}

crn_status crn_inflate_raw(const uint8_t *bytes, size_t size, void *out, size_t out_size,
                           crn_error *err)
{
    return inflate_exactly(-15, bytes, size, out, out_size, err);
}

crn_status crn_inflate_zlib(const uint8_t *bytes, size_t size, void *out, size_t out_size,
                            crn_error *err)
{
    return inflate_exactly(15, bytes, size, out, out_size, err);
}
