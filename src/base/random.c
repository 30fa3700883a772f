/* SPDX-License-Identifier: BSD-3-Clause */
/* NumPy's two streams of random numbers (NumPy 2.4: random/src/mt19937, random/src/pcg64,
 * random/src/distributions, random/src/legacy, bit_generator.pyx). NumPy promises that
 * RandomState's never changes. The order of draws is part of each function: a draw more or less
 * changes all that follow. */
#include "base/random.h"

#include <math.h>
#include <stddef.h>

#include "base/random_ziggurat.h"

static void count_up(int64_t n, int64_t *out)
{
    for (int64_t i = 0; i < n; i++)
        out[i] = i;
}

static void exchange(int64_t *items, int64_t i, int64_t j)
{
    int64_t moved = items[i];
    items[i] = items[j];
    items[j] = moved;
}

/* The smallest 2^k - 1 that is not below `most`. */
static uint64_t mask_of(uint64_t most)
{
    for (unsigned shift = 1; shift < 64; shift *= 2)
        most |= most >> shift;
    return most;
}

/* ---- MT19937: Matsumoto and Nishimura, "Mersenne twister", 1998 ---- */

enum { MT_N = 624, MT_M = 397 };

void crn_random_state_seed(crn_random_state *rs, uint32_t seed)
{
    *rs = (crn_random_state){.position = MT_N};
    for (uint32_t i = 0; i < MT_N; i++) {
        rs->key[i] = seed;
        seed = 1812433253u * (seed ^ seed >> 30) + i + 1;
    }
}

static uint32_t twist(uint32_t high, uint32_t low)
{
    uint32_t mixed = (high & 0x80000000u) | (low & 0x7FFFFFFFu);
    return mixed >> 1 ^ (mixed & 1u ? 0x9908B0DFu : 0u);
}

static void refill(crn_random_state *rs)
{
    uint32_t *key = rs->key;
    for (int i = 0; i < MT_N - MT_M; i++)
        key[i] = key[i + MT_M] ^ twist(key[i], key[i + 1]);
    for (int i = MT_N - MT_M; i < MT_N - 1; i++)
        key[i] = key[i + MT_M - MT_N] ^ twist(key[i], key[i + 1]);
    key[MT_N - 1] = key[MT_M - 1] ^ twist(key[MT_N - 1], key[0]);
    rs->position = 0;
}

uint32_t crn_random_state_u32(crn_random_state *rs)
{
    if (rs->position == MT_N)
        refill(rs);
    uint32_t y = rs->key[rs->position++];
    y ^= y >> 11;
    y ^= y << 7 & 0x9D2C5680u;
    y ^= y << 15 & 0xEFC60000u;
    return y ^ y >> 18;
}

static uint64_t random_state_u64(crn_random_state *rs)
{
    uint64_t high = crn_random_state_u32(rs);
    return high << 32 | crn_random_state_u32(rs);
}

double crn_random_state_double(crn_random_state *rs)
{
    uint32_t high = crn_random_state_u32(rs) >> 5;
    uint32_t low = crn_random_state_u32(rs) >> 6;
    return (high * 67108864.0 + low) / 9007199254740992.0;
}

double crn_random_state_normal(crn_random_state *rs)
{
    if (rs->has_gauss) {
        rs->has_gauss = false;
        return rs->gauss;
    }
    double x1, x2, r2;
    do {
        x1 = 2.0 * crn_random_state_double(rs) - 1.0;
        x2 = 2.0 * crn_random_state_double(rs) - 1.0;
        r2 = x1 * x1 + x2 * x2;
    } while (r2 >= 1.0 || r2 == 0.0);
    double scale = sqrt(-2.0 * log(r2) / r2);
    rs->gauss = scale * x1;
    rs->has_gauss = true;
    return scale * x2;
}

uint64_t crn_random_state_below(crn_random_state *rs, uint64_t n)
{
    uint64_t most = n - 1;
    if (most == 0)
        return 0;
    uint64_t mask = mask_of(most);
    bool narrow = most <= UINT32_MAX;
    uint64_t value;
    do
        value = (narrow ? crn_random_state_u32(rs) : random_state_u64(rs)) & mask;
    while (value > most);
    return value;
}

void crn_random_state_permutation(crn_random_state *rs, int64_t n, int64_t *out)
{
    count_up(n, out);
    for (int64_t i = n - 1; i > 0; i--)
        exchange(out, i, (int64_t)crn_random_state_below(rs, (uint64_t)i + 1));
}

/* ---- SeedSequence: O'Neill, "Developing a seed_seq alternative", 2015 ---- */

enum { POOL_SIZE = 4 };

static uint32_t hash_mix(uint32_t value, uint32_t *constant)
{
    value ^= *constant;
    *constant *= 0x931E8875u;
    value *= *constant;
    return value ^ value >> 16;
}

static uint32_t mix(uint32_t x, uint32_t y)
{
    uint32_t mixed = 0xCA01F9DDu * x - 0x4973F715u * y;
    return mixed ^ mixed >> 16;
}

/* Four words of 64 bits from a seed of 64. */
static void seed_sequence(uint64_t seed, uint64_t words[4])
{
    uint32_t entropy[POOL_SIZE] = {(uint32_t)seed, (uint32_t)(seed >> 32)};
    uint32_t pool[POOL_SIZE];
    uint32_t constant = 0x43B0D7E5u;
    for (int i = 0; i < POOL_SIZE; i++)
        pool[i] = hash_mix(entropy[i], &constant);
    for (int from = 0; from < POOL_SIZE; from++) {
        for (int to = 0; to < POOL_SIZE; to++) {
            if (from != to)
                pool[to] = mix(pool[to], hash_mix(pool[from], &constant));
        }
    }

    constant = 0x8B51F9DDu;
    for (int i = 0; i < 8; i++) {
        uint32_t value = pool[i % POOL_SIZE] ^ constant;
        constant *= 0x58F38DEDu;
        value *= constant;
        value ^= value >> 16;
        words[i / 2] = i % 2 == 0 ? value : words[i / 2] | (uint64_t)value << 32;
    }
}

/* ---- PCG64 (XSL-RR 128/64): O'Neill, "PCG", 2014 ---- */

__extension__ typedef unsigned __int128 u128;

static u128 joined(const uint64_t halves[2])
{
    return (u128)halves[1] << 64 | halves[0];
}

static void split(u128 value, uint64_t halves[2])
{
    halves[0] = (uint64_t)value;
    halves[1] = (uint64_t)(value >> 64);
}

static u128 pcg_step(u128 state, u128 increment)
{
    const u128 multiplier = (u128)2549297995355413924u << 64 | 4865540595714422341u;
    return state * multiplier + increment;
}

void crn_generator_seed(crn_generator *g, uint64_t seed)
{
    uint64_t words[4]; /* state high, low; stream high, low */
    seed_sequence(seed, words);
    u128 stream = (u128)words[2] << 64 | words[3];
    u128 increment = stream << 1 | 1;
    u128 state = pcg_step(0, increment) + ((u128)words[0] << 64 | words[1]);
    *g = (crn_generator){.has_u32 = false};
    split(pcg_step(state, increment), g->state);
    split(increment, g->increment);
}

uint64_t crn_generator_u64(crn_generator *g)
{
    u128 state = pcg_step(joined(g->state), joined(g->increment));
    split(state, g->state);
    uint64_t folded = g->state[1] ^ g->state[0];
    unsigned turn = (unsigned)(g->state[1] >> 58);
    return folded >> turn | folded << (-turn & 63);
}

/* Half of a 64-bit draw; the other half is kept for the next call. */
static uint32_t generator_u32(crn_generator *g)
{
    if (g->has_u32) {
        g->has_u32 = false;
        return g->u32;
    }
    uint64_t both = crn_generator_u64(g);
    g->has_u32 = true;
    g->u32 = (uint32_t)(both >> 32);
    return (uint32_t)both;
}

double crn_generator_double(crn_generator *g)
{
    return (double)(crn_generator_u64(g) >> 11) * (1.0 / 9007199254740992.0);
}

/* Beyond r: Marsaglia, "Generating a variable from the tail of the normal distribution", 1964.
 */
static double normal_tail(crn_generator *g, bool negative)
{
    for (;;) {
        double x = -CRN_ZIGGURAT_INVERSE_R * log1p(-crn_generator_double(g));
        double y = -log1p(-crn_generator_double(g));
        if (y + y > x * x)
            return negative ? -(CRN_ZIGGURAT_R + x) : CRN_ZIGGURAT_R + x;
    }
}

double crn_generator_normal(crn_generator *g)
{
    for (;;) {
        uint64_t bits = crn_generator_u64(g);
        int layer = (int)(bits & 0xFF);
        bool negative = (bits >> 8 & 1) != 0;
        uint64_t place = bits >> 9 & 0x000FFFFFFFFFFFFFu;
        double x = (double)place * crn_ziggurat_widths[layer];
        x = negative ? -x : x;
        if (place < crn_ziggurat_inside[layer])
            return x;
        /* NumPy takes the tail's sign from another bit than the body's. */
        if (layer == 0)
            return normal_tail(g, (place >> 8 & 1) != 0);
        double above = crn_ziggurat_heights[layer - 1];
        double here = crn_ziggurat_heights[layer];
        if ((above - here) * crn_generator_double(g) + here < exp(-0.5 * x * x))
            return x;
    }
}

/* Lemire, "Fast random integer generation in an interval", 2019, in 32 and in 64 bits. */
static uint32_t below_32(crn_generator *g, uint32_t n)
{
    uint64_t product = (uint64_t)generator_u32(g) * n;
    if ((uint32_t)product < n) {
        uint32_t threshold = -n % n;
        while ((uint32_t)product < threshold)
            product = (uint64_t)generator_u32(g) * n;
    }
    return (uint32_t)(product >> 32);
}

static uint64_t below_64(crn_generator *g, uint64_t n)
{
    u128 product = (u128)crn_generator_u64(g) * n;
    if ((uint64_t)product < n) {
        uint64_t threshold = -n % n;
        while ((uint64_t)product < threshold)
            product = (u128)crn_generator_u64(g) * n;
    }
    return (uint64_t)(product >> 64);
}

uint64_t crn_generator_below(crn_generator *g, uint64_t n)
{
    if (n == 1)
        return 0;
    if (n == 0)
        return crn_generator_u64(g);
    if (n == (uint64_t)UINT32_MAX + 1)
        return generator_u32(g);
    return n <= UINT32_MAX ? below_32(g, (uint32_t)n) : below_64(g, n);
}

/* Shuffling draws by masked rejection (random_interval), unlike integers(). */
static uint64_t interval(crn_generator *g, uint64_t most)
{
    uint64_t mask = mask_of(most);
    uint64_t value;
    do
        value = (most <= UINT32_MAX ? generator_u32(g) : crn_generator_u64(g)) & mask;
    while (value > most);
    return value;
}

void crn_generator_permutation(crn_generator *g, int64_t n, int64_t *out)
{
    count_up(n, out);
    for (int64_t i = n - 1; i > 0; i--)
        exchange(out, i, (int64_t)interval(g, (uint64_t)i));
}
