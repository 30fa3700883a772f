/* SPDX-License-Identifier: BSD-3-Clause */
/* The look over a JSON text before jansson parses it: limits, and numbers that jansson refuses
 * but Python reads. */
#ifndef CRN_FORMAT_JSON_SCAN_H
#define CRN_FORMAT_JSON_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "cornichon/limits.h"

/* A number that is kept from jansson: NaN, Infinity, -Infinity, an integer beyond int64, or a
 * real beyond double. */
typedef struct crn_json_special {
    uint64_t number;    /* which of the text's numbers, from 0 */
    size_t begin, size; /* where it stands */
    bool integer;       /* beyond int64: its digits are in the text */
    double real;        /* of the others */
} crn_json_special;

typedef struct crn_json_scan {
    crn_json_special *specials; /* (count), in the order of the text */
    size_t count, capacity;
    char
        *text; /* a copy in which every special number is a 0 and blanks; NULL: there is none */
} crn_json_scan;

/* CRN_LIMIT for too deep, too many or too long; CRN_NO_MEMORY. crn_json_scan_free() after
 * either. */
crn_status crn_json_scan_text(const char *text, size_t size, const crn_limits *limits,
                              crn_json_scan *out, crn_error *err);
void crn_json_scan_free(crn_json_scan *scan);

#endif
