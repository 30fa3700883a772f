/* SPDX-License-Identifier: BSD-3-Clause */
/* Hashes of bytes that TensorFlow's string operations count buckets with. */
#ifndef CRN_OPS_FINGERPRINT_H
#define CRN_OPS_FINGERPRINT_H

#include <stddef.h>
#include <stdint.h>

/* farmhash::Fingerprint64 (G. Pike's FarmHash 1.1, whose results are fixed for ever). */
uint64_t crn_farm_fingerprint(const char *bytes, size_t size);

/* SipHash-2-4 (J.-P. Aumasson and D. J. Bernstein, 2012) under a key of 128 bits. */
uint64_t crn_siphash(const uint64_t key[2], const char *bytes, size_t size);

/* tensorflow::FingerprintCat64: the fingerprint of two things in a row. */
uint64_t crn_fingerprint_join(uint64_t first, uint64_t second);

#endif
