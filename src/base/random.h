/* SPDX-License-Identifier: BSD-3-Clause */
/* Random numbers, equal to NumPy's bit for bit: RandomState (MT19937, the legacy stream that
 * scikit-learn's random_state=int uses) and Generator(PCG64) seeded through SeedSequence. */
#ifndef CRN_BASE_RANDOM_H
#define CRN_BASE_RANDOM_H

#include <stdbool.h>
#include <stdint.h>

/* ---- numpy.random.RandomState ---- */

typedef struct crn_random_state {
    uint32_t key[624];
    int position;
    bool has_gauss;
    double gauss;
} crn_random_state;

void crn_random_state_seed(crn_random_state *rs, uint32_t seed); /* RandomState(seed) */
uint32_t crn_random_state_u32(crn_random_state *rs);
double crn_random_state_double(crn_random_state *rs); /* random_sample() */
double crn_random_state_normal(
    crn_random_state *rs); /* standard_normal(): polar method, cached pair */
uint64_t crn_random_state_below(crn_random_state *rs,
                                uint64_t n); /* randint(n): masked rejection */
/* permutation(n): fills out[0..n) and shuffles it as RandomState.shuffle does. */
void crn_random_state_permutation(crn_random_state *rs, int64_t n, int64_t *out);

/* ---- numpy.random.Generator(PCG64(seed)) ---- */

typedef struct crn_generator {
    uint64_t state[2], increment[2]; /* low, high 64 bits */
    bool has_u32;
    uint32_t u32;
} crn_generator;

void crn_generator_seed(crn_generator *g, uint64_t seed); /* default_rng(seed) */
uint64_t crn_generator_u64(crn_generator *g);
double crn_generator_double(crn_generator *g);              /* random() */
double crn_generator_normal(crn_generator *g);              /* standard_normal(): ziggurat */
uint64_t crn_generator_below(crn_generator *g, uint64_t n); /* integers(n): Lemire */
void crn_generator_permutation(crn_generator *g, int64_t n, int64_t *out);

#endif
