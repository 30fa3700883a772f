/* SPDX-License-Identifier: BSD-3-Clause */
/* The bounded reader: no parser of this project touches a raw pointer of its input. All numbers
 * are little-endian, as in every format we read, but for the one that ends in _be. */
#ifndef CRN_BASE_BYTES_H
#define CRN_BASE_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/error.h"

typedef struct crn_bytes {
    const uint8_t *data;
    size_t size;
    size_t position; /* <= size */
    uint64_t base;   /* offset of data[0] in the file, for messages */
} crn_bytes;

static inline crn_bytes crn_bytes_of(const void *data, size_t size)
{
    return (crn_bytes){.data = (const uint8_t *)data, .size = size};
}

static inline size_t crn_bytes_left(const crn_bytes *in)
{
    return in->size - in->position;
}

static inline uint64_t crn_bytes_offset(const crn_bytes *in)
{
    return in->base + in->position;
}

/* n bytes, in place, and move past them. NULL with an error "ends early" when fewer are left.
 */
const uint8_t *crn_bytes_take(crn_bytes *in, uint64_t n, crn_error *err);

crn_status crn_bytes_u8(crn_bytes *in, uint8_t *out, crn_error *err);
crn_status crn_bytes_u16(crn_bytes *in, uint16_t *out, crn_error *err);
crn_status crn_bytes_u32(crn_bytes *in, uint32_t *out, crn_error *err);
crn_status crn_bytes_u64(crn_bytes *in, uint64_t *out, crn_error *err);
crn_status crn_bytes_u64_be(crn_bytes *in, uint64_t *out, crn_error *err);
/* The bytes up to and without the next '\n'; the position moves behind it. */
crn_status crn_bytes_line(crn_bytes *in, const char **line, size_t *size, crn_error *err);
/* Move to an absolute position; an error when it lies outside. */
crn_status crn_bytes_seek(crn_bytes *in, uint64_t position, crn_error *err);

#endif
