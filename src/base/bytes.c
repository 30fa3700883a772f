/* SPDX-License-Identifier: BSD-3-Clause */
/* The bounded reader: the only place where bytes of a file become numbers. */
#include "base/bytes.h"

const uint8_t *crn_bytes_take(crn_bytes *in, uint64_t n, crn_error *err)
{
    if (n > crn_bytes_left(in)) {
        crn_fail_at(err, CRN_FORMAT, crn_bytes_offset(in),
                    "ends early: %llu bytes wanted, %zu are left", (unsigned long long)n,
                    crn_bytes_left(in));
        return NULL;
    }
    const uint8_t *at = in->data + in->position;
    in->position += (size_t)n;
    return at;
}

static crn_status little(crn_bytes *in, int n, uint64_t *out, crn_error *err)
{
    const uint8_t *at = crn_bytes_take(in, (uint64_t)n, err);
    if (at == NULL)
        return CRN_FORMAT;
    uint64_t value = 0;
    for (int i = n - 1; i >= 0; i--)
        value = value << 8 | at[i];
    *out = value;
    return CRN_OK;
}

static crn_status big(crn_bytes *in, int n, uint64_t *out, crn_error *err)
{
    const uint8_t *at = crn_bytes_take(in, (uint64_t)n, err);
    if (at == NULL)
        return CRN_FORMAT;
    uint64_t value = 0;
    for (int i = 0; i < n; i++)
        value = value << 8 | at[i];
    *out = value;
    return CRN_OK;
}

#define CRN_BYTES_READER(name, type, n, order)                                                 \
    crn_status crn_bytes_##name(crn_bytes *in, type *out, crn_error *err)                      \
    {                                                                                          \
        uint64_t value;                                                                        \
        CRN_TRY(order(in, n, &value, err));                                                    \
        *out = (type)value;                                                                    \
        return CRN_OK;                                                                         \
    }
CRN_BYTES_READER(u8, uint8_t, 1, little)
CRN_BYTES_READER(u16, uint16_t, 2, little)
CRN_BYTES_READER(u32, uint32_t, 4, little)
CRN_BYTES_READER(u64, uint64_t, 8, little)
CRN_BYTES_READER(u64_be, uint64_t, 8, big)
#undef CRN_BYTES_READER

crn_status crn_bytes_line(crn_bytes *in, const char **line, size_t *size, crn_error *err)
{
    const uint8_t *at = in->data + in->position;
    const uint8_t *end = crn_bytes_left(in) > 0 ? memchr(at, '\n', crn_bytes_left(in)) : NULL;
    if (end == NULL)
        return crn_fail_at(err, CRN_FORMAT, crn_bytes_offset(in),
                           "ends early: a line has no end");
    *line = (const char *)at;
    *size = (size_t)(end - at);
    in->position += *size + 1;
    return CRN_OK;
}

crn_status crn_bytes_seek(crn_bytes *in, uint64_t position, crn_error *err)
{
    if (position > in->size)
        return crn_fail_at(err, CRN_FORMAT, crn_bytes_offset(in),
                           "points to byte %llu, behind the end (%zu)",
                           (unsigned long long)position, in->size);
    in->position = (size_t)position;
    return CRN_OK;
}
