/* SPDX-License-Identifier: BSD-3-Clause */
/* MurmurHash3_x86_32 and its use in sklearn/feature_extraction/_hashing_fast.pyx (1.9). */
#include <string.h>

#include "ops/text.h"

static uint32_t rotate(uint32_t value, int bits)
{
    return value << bits | value >> (32 - bits);
}

static uint32_t scramble(uint32_t block)
{
    return rotate(block * 0xCC9E2D51u, 15) * 0x1B873593u;
}

static uint32_t add_block(uint32_t hash, uint32_t block)
{
    return rotate(hash ^ scramble(block), 13) * 5 + 0xE6546B64u;
}

/* The last up to 3 bytes, as a number, and the final mixing. */
static int32_t finish(uint32_t hash, uint32_t rest, size_t size)
{
    int32_t signed_hash;
    hash ^= scramble(rest);
    hash ^= (uint32_t)size;
    hash = (hash ^ hash >> 16) * 0x85EBCA6Bu;
    hash = (hash ^ hash >> 13) * 0xC2B2AE35u;
    hash ^= hash >> 16;
    memcpy(&signed_hash, &hash, sizeof signed_hash);
    return signed_hash;
}

int32_t crn_murmurhash3(const char *bytes, size_t size)
{
    uint32_t hash = 0, block;
    size_t at = 0;
    for (; at + sizeof block <= size; at += sizeof block) {
        memcpy(&block, bytes + at, sizeof block);
        hash = add_block(hash, block);
    }
    block = 0;
    for (size_t i = size; i > at; i--)
        block = block << 8 | (unsigned char)bytes[i - 1];
    return finish(hash, block, size);
}

int32_t crn_murmurhash3_of_pair(const char *name, size_t name_size, const char *value,
                                size_t value_size)
{
    uint32_t hash = 0, block = 0;
    const size_t size = name_size + 1 + value_size;
    for (size_t i = 0; i < size; i++) {
        const char c = i < name_size    ? name[i]
                       : i == name_size ? '='
                                        : value[i - name_size - 1];
        block |= (uint32_t)(unsigned char)c << (8 * (i % 4));
        if (i % 4 == 3) {
            hash = add_block(hash, block);
            block = 0;
        }
    }
    return finish(hash, block, size);
}

int64_t crn_hashed_column(int32_t hash, int64_t n_features)
{
    if (hash == INT32_MIN) /* abs() of it is no int32 */
        return (INT32_MAX - (n_features - 1)) % n_features;
    const uint32_t size = (uint32_t)(hash < 0 ? -hash : hash), n = (uint32_t)n_features;
    return (n & (n - 1)) == 0 ? size & (n - 1) : size % n;
}
