/* SPDX-License-Identifier: BSD-3-Clause */
/* Python's integers of any length, as pickles store them: two's complement, little-endian
 * bytes. */
#ifndef CRN_FORMAT_PYTHON_INT_H
#define CRN_FORMAT_PYTHON_INT_H

#include "base/text.h"

/* Most decimal digits that are read or written: what int() and str() of CPython 3.11 allow. */
enum { CRN_INT_MAX_DIGITS = 4300 };

/* The value, when it fits; false when it does not. No bytes are 0. */
bool crn_int_from_bytes(const uint8_t *bytes, size_t size, int64_t *value);

/* How many bytes are needed once repetitions of the sign are dropped; 0 for the value 0. */
size_t crn_int_minimal_size(const uint8_t *bytes, size_t size);

/* Decimal digits with an optional sign -> *size bytes, malloc'd (free them). CRN_FORMAT for
 * other characters, CRN_LIMIT past CRN_INT_MAX_DIGITS. */
crn_status crn_int_parse(const char *text, size_t length, uint8_t **bytes, size_t *size,
                         crn_error *err);

/* Appends the decimal digits. False when there are more than CRN_INT_MAX_DIGITS (nothing is
 * added) or memory is short. */
bool crn_int_add_decimal(crn_text *text, const uint8_t *bytes, size_t size);

#endif
