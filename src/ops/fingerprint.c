/* SPDX-License-Identifier: BSD-3-Clause */
/* FarmHash's 64-bit fingerprint and SipHash-2-4, bit for bit. The arithmetic and the constants
 * of the former are those of farmhash.h 1.1 (MIT licence, Google); numbers in the bytes are
 * little endian. */
#include "ops/fingerprint.h"

#include <string.h>

static const uint64_t k0 = UINT64_C(0xc3a5c85c97cb3127), k1 = UINT64_C(0xb492b66fbe98f273),
                      k2 = UINT64_C(0x9ae16a3b2f90404f);

static uint64_t load(const char *bytes, size_t size)
{
    uint64_t value = 0;
    for (size_t i = 0; i < size; i++)
        value |= (uint64_t)(uint8_t)bytes[i] << (8 * i);
    return value;
}

static uint64_t word(const char *bytes)
{
    return load(bytes, 8);
}

static uint64_t rotate(uint64_t value, int by)
{
    return value >> by | value << (64 - by);
}

static uint64_t mix(uint64_t value)
{
    return value ^ value >> 47;
}

static uint64_t hash_pair(uint64_t u, uint64_t v, uint64_t factor)
{
    const uint64_t a = mix((u ^ v) * factor), b = mix((v ^ a) * factor);
    return b * factor;
}

static uint64_t hash_short(const char *s, size_t n)
{
    const uint64_t factor = k2 + n * 2;
    if (n >= 8) {
        const uint64_t a = word(s) + k2, b = word(s + n - 8);
        return hash_pair(rotate(b, 37) * factor + a, (rotate(a, 25) + b) * factor, factor);
    }
    if (n >= 4)
        return hash_pair(n + (load(s, 4) << 3), load(s + n - 4, 4), factor);
    if (n == 0)
        return k2;
    const uint64_t y = load(s, 1) + (load(s + n / 2, 1) << 8);
    const uint64_t z = n + (load(s + n - 1, 1) << 2);
    return mix(y * k2 ^ z * k0) * k2;
}

static uint64_t hash_to_32(const char *s, size_t n)
{
    const uint64_t factor = k2 + n * 2;
    const uint64_t a = word(s) * k1, b = word(s + 8);
    const uint64_t c = word(s + n - 8) * factor, d = word(s + n - 16) * k2;
    return hash_pair(rotate(a + b, 43) + rotate(c, 30) + d, a + rotate(b + k2, 18) + c, factor);
}

static uint64_t hash_to_64(const char *s, size_t n)
{
    const uint64_t factor = k2 + n * 2;
    const uint64_t a = word(s) * k2, b = word(s + 8);
    const uint64_t c = word(s + n - 8) * factor, d = word(s + n - 16) * k2;
    const uint64_t y = rotate(a + b, 43) + rotate(c, 30) + d;
    const uint64_t z = hash_pair(y, a + rotate(b + k2, 18) + c, factor);
    const uint64_t e = word(s + 16) * factor, f = word(s + 24);
    const uint64_t g = (y + word(s + n - 32)) * factor, h = (z + word(s + n - 24)) * factor;
    return hash_pair(rotate(e + f, 43) + rotate(g, 30) + h, e + rotate(f + a, 18) + g, factor);
}

typedef struct state {
    uint64_t x, y, z, v[2], w[2];
} state;

/* Two sums over 32 bytes. */
static void weak_hash(const char *s, uint64_t a, uint64_t b, uint64_t out[2])
{
    a += word(s);
    b = rotate(b + a + word(s + 24), 21);
    const uint64_t c = a;
    a += word(s + 8) + word(s + 16);
    b += rotate(a, 44);
    out[0] = a + word(s + 24);
    out[1] = b + c;
}

/* One round over 64 bytes; the last one has another factor, and weighs two words 9 times. */
static void round_64(state *t, const char *s, uint64_t factor, uint64_t weight)
{
    t->x = rotate(t->x + t->y + t->v[0] + word(s + 8), 37) * factor;
    t->y = rotate(t->y + t->v[1] + word(s + 48), 42) * factor;
    t->x ^= t->w[1] * weight;
    t->y += t->v[0] * weight + word(s + 40);
    t->z = rotate(t->z + t->w[0], 33) * factor;
    weak_hash(s, t->v[1] * factor, t->x + t->w[0], t->v);
    weak_hash(s + 32, t->z + t->w[1], t->y + word(s + 16), t->w);
    const uint64_t swapped = t->z;
    t->z = t->x;
    t->x = swapped;
}

static uint64_t hash_long(const char *s, size_t n)
{
    const uint64_t seed = 81;
    state t = {.x = seed, .y = seed * k1 + 113};
    t.z = mix(t.y * k2 + 113) * k2;
    t.x = t.x * k2 + word(s);
    const size_t rest = (n - 1) & 63;
    for (size_t at = 0; at < n - 1 - rest; at += 64)
        round_64(&t, s + at, k1, 1);
    const uint64_t factor = k1 + ((t.z & 0xff) << 1);
    t.w[0] += rest;
    t.v[0] += t.w[0];
    t.w[0] += t.v[0];
    round_64(&t, s + n - 64, factor, 9);
    return hash_pair(hash_pair(t.v[0], t.w[0], factor) + mix(t.y) * k0 + t.z,
                     hash_pair(t.v[1], t.w[1], factor) + t.x, factor);
}

uint64_t crn_farm_fingerprint(const char *bytes, size_t size)
{
    if (size <= 16)
        return hash_short(bytes, size);
    if (size <= 32)
        return hash_to_32(bytes, size);
    return size <= 64 ? hash_to_64(bytes, size) : hash_long(bytes, size);
}

uint64_t crn_fingerprint_join(uint64_t first, uint64_t second)
{
    const uint64_t factor = UINT64_C(0xc6a4a7935bd1e995);
    uint64_t result = first ^ factor;
    result ^= mix(second * factor) * factor;
    result *= factor;
    return mix(mix(result) * factor);
}

/* ---- SipHash ---- */

static void sip_rounds(uint64_t v[4], int count)
{
    for (int i = 0; i < count; i++) {
        v[0] += v[1];
        v[1] = rotate(v[1], 64 - 13) ^ v[0];
        v[0] = rotate(v[0], 32);
        v[2] += v[3];
        v[3] = rotate(v[3], 64 - 16) ^ v[2];
        v[0] += v[3];
        v[3] = rotate(v[3], 64 - 21) ^ v[0];
        v[2] += v[1];
        v[1] = rotate(v[1], 64 - 17) ^ v[2];
        v[2] = rotate(v[2], 32);
    }
}

uint64_t crn_siphash(const uint64_t key[2], const char *bytes, size_t size)
{
    uint64_t v[4] = {
        key[0] ^ UINT64_C(0x736f6d6570736575), key[1] ^ UINT64_C(0x646f72616e646f6d),
        key[0] ^ UINT64_C(0x6c7967656e657261), key[1] ^ UINT64_C(0x7465646279746573)};
    for (size_t at = 0; at <= size; at += 8) {
        const size_t left = size - at < 8 ? size - at : 8;
        const uint64_t m = load(bytes + at, left) | (left < 8 ? (uint64_t)size << 56 : 0);
        v[3] ^= m;
        sip_rounds(v, 2);
        v[0] ^= m;
    }
    v[2] ^= 0xff;
    sip_rounds(v, 4);
    return v[0] ^ v[1] ^ v[2] ^ v[3];
}
