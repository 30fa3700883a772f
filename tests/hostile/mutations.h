/* SPDX-License-Identifier: BSD-3-Clause */
/* Damaged copies of a good file: every prefix of it, and seeded changes. What the tests assert:
 * the reader answers with a status (the sanitizers watch how), says why when it fails, and
 * leaves nothing behind. Include after test.h. */
#ifndef CRN_TESTS_HOSTILE_MUTATIONS_H
#define CRN_TESTS_HOSTILE_MUTATIONS_H

#include <stdlib.h>

#include "base/memory.h"

/* Reads the bytes as a file, uses all that comes of it, and frees it. */
typedef crn_status (*crn_attempt)(crn_buffer *file, crn_error *err);

/* Memory of exactly that size, so that the sanitizer sees a read beyond it. */
static inline crn_buffer *exact_copy(const uint8_t *bytes, size_t size)
{
    uint8_t *copy = malloc(size > 0 ? size : 1);
    assert_non_null(copy);
    if (size > 0)
        memcpy(copy, bytes, size);
    crn_buffer *buffer = crn_buffer_wrap(copy, size, free, copy);
    assert_non_null(buffer);
    return buffer;
}

static inline crn_status attempt(crn_attempt read, const uint8_t *bytes, size_t size)
{
    crn_error err = CRN_ERROR_INIT;
    crn_buffer *file = exact_copy(bytes, size);
    crn_status status = read(file, &err);
    crn_buffer_release(file);
    if (status == CRN_OK)
        return CRN_OK;
    assert_int_not_equal(status, CRN_INTERNAL);
    assert_int_equal(err.code, status);
    assert_true(err.message[0] != '\0');
    return status;
}

/* Knuth's MMIX generator: the same changes on every machine. */
static inline uint32_t next_random(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(*state >> 33);
}

/* Every prefix, in steps that keep large files quick. Returns how many were read without an
 * error. */
static inline size_t try_prefixes(crn_attempt read, const uint8_t *bytes, size_t size,
                                  size_t step)
{
    size_t good = 0;
    for (size_t length = 0; length < size; length += step)
        good += attempt(read, bytes, length) == CRN_OK;
    return good;
}

/* Changes 1 to 4 places: another byte, an extreme one, a flipped bit, or bytes from elsewhere.
 */
static inline void mutate(uint8_t *bytes, size_t size, uint64_t *state)
{
    static const uint8_t extremes[] = {0x00, 0x01, 0x7f, 0x80, 0xff};
    for (uint32_t n = 1 + next_random(state) % 4; n > 0; n--) {
        size_t at = next_random(state) % size, from = next_random(state) % size;
        switch (next_random(state) % 4) {
        case 0:
            bytes[at] = (uint8_t)next_random(state);
            break;
        case 1:
            bytes[at] = extremes[next_random(state) % sizeof extremes];
            break;
        case 2:
            bytes[at] ^= (uint8_t)(1u << next_random(state) % 8);
            break;
        default: {
            size_t most = size - (at > from ? at : from);
            memmove(bytes + at, bytes + from, 1 + next_random(state) % (most < 8 ? most : 8));
        }
        }
    }
}

static inline void try_mutations(crn_attempt read, const uint8_t *bytes, size_t size, int count)
{
    uint64_t state = 20240229;
    uint8_t *copy = malloc(size);
    assert_non_null(copy);
    for (int i = 0; i < count; i++) {
        memcpy(copy, bytes, size);
        mutate(copy, size, &state);
        attempt(read, copy, size);
    }
    free(copy);
}

#endif
