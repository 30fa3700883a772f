/* SPDX-License-Identifier: BSD-3-Clause */
/* The defaults that cornichon/limits.h documents. */
#include "base/limits.h"

#include <string.h>

static void set_default(uint64_t *field, uint64_t value)
{
    if (*field == 0)
        *field = value;
}

crn_limits crn_limits_complete(const crn_limits *limits)
{
    crn_limits complete = {.struct_size = 0};
    if (limits != NULL) {
        size_t known =
            limits->struct_size < sizeof complete ? limits->struct_size : sizeof complete;
        memcpy(&complete, limits, known);
    }
    complete.struct_size = sizeof complete;
    set_default(&complete.file_bytes, (uint64_t)64 << 30);
    set_default(&complete.inflated_bytes, (uint64_t)16 << 30);
    set_default(&complete.inflate_ratio, 2000);
    set_default(&complete.memory_bytes, (uint64_t)16 << 30);
    set_default(&complete.objects, 50000000);
    set_default(&complete.nesting, 1000);
    set_default(&complete.text_bytes, (uint64_t)256 << 20);
    return complete;
}
