/* SPDX-License-Identifier: BSD-3-Clause */
/* The checksum behind the metadata of HDF5's newer structures: Bob Jenkins's lookup3
 * (hashlittle, initial value 0). It is alone in this file so that the hostile tests can put a
 * checksum_holds() in its place that never objects, and reach what lies behind. */
#include "format/hdf5_reader.h"

static uint32_t rotate(uint32_t x, unsigned bits)
{
    return x << bits | x >> (32 - bits);
}

/* Jenkins 2006: a reversible mix of three words. */
static void mix(uint32_t w[3])
{
    static const uint8_t bits[6] = {4, 6, 8, 16, 19, 4};
    for (unsigned i = 0; i < 6; i++) {
        uint32_t *a = &w[i % 3], *b = &w[(i + 1) % 3], *c = &w[(i + 2) % 3];
        *a -= *c;
        *a ^= rotate(*c, bits[i]);
        *c += *b;
    }
}

/* Jenkins 2006: the last mix, of words that differ into words that differ everywhere. */
static void mix_last(uint32_t w[3])
{
    static const uint8_t bits[7] = {14, 11, 25, 16, 4, 14, 24};
    for (unsigned i = 0; i < 7; i++) {
        uint32_t *to = &w[(i + 2) % 3], from = w[(i + 1) % 3];
        *to ^= from;
        *to -= rotate(from, bits[i]);
    }
}

static void add_block(uint32_t w[3], const uint8_t *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++)
        w[i / 4] += (uint32_t)bytes[i] << (8 * (i % 4));
}

static uint32_t lookup3(const uint8_t *bytes, size_t size)
{
    uint32_t start = UINT32_C(0xdeadbeef) + (uint32_t)size;
    uint32_t w[3] = {start, start, start};
    if (size == 0)
        return w[2];
    for (; size > 12; bytes += 12, size -= 12) {
        add_block(w, bytes, 12);
        mix(w);
    }
    add_block(w, bytes, size);
    mix_last(w);
    return w[2];
}

bool crn_h5_checksum_holds(const uint8_t *bytes, size_t size)
{
    if (size < 4)
        return false;
    const uint8_t *end = bytes + size - 4;
    uint32_t stored = (uint32_t)end[0] | (uint32_t)end[1] << 8 | (uint32_t)end[2] << 16 |
                      (uint32_t)end[3] << 24;
    return stored == lookup3(bytes, size - 4);
}
