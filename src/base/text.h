/* SPDX-License-Identifier: BSD-3-Clause */
/* Text that grows, up to a cap; numbers as Python's repr writes them; UTF-8. */
#ifndef CRN_BASE_TEXT_H
#define CRN_BASE_TEXT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* A growing string, always NUL-terminated once something was added. Also used for bytes. A
 * failure sticks: later calls do nothing, and crn_text_status() reports it once at the end. */
typedef struct crn_text {
    char *data; /* NULL: nothing yet */
    size_t size;
    size_t capacity;
    size_t cap; /* most bytes; 0: 1 GiB */
    crn_status status;
} crn_text;

#define CRN_TEXT_INIT                                                                          \
    {                                                                                          \
        0                                                                                      \
    }

void crn_text_free(crn_text *text);
void crn_text_clear(crn_text *text); /* keeps the memory */
void crn_text_truncate(crn_text *text, size_t size); /* to its first `size` bytes */
crn_status crn_text_status(const crn_text *text, crn_error *err);

void crn_text_add_bytes(crn_text *text, const void *bytes, size_t size);
void crn_text_add_string(crn_text *text, const char *string);
void crn_text_add_char(crn_text *text, char c);
void crn_text_printf(crn_text *text, const char *format, ...) CRN_PRINTF(2, 3);

/* A float as repr() writes it: the shortest digits that read back to the same value, "1.0",
 * "1e-05", "inf", "nan". */
void crn_text_add_double(crn_text *text, double value);
/* The same for float32: str(numpy.float32(x)). */
void crn_text_add_float(crn_text *text, float value);
/* A string as repr() writes it: single quotes unless it holds one and no double quote; \n,
 * \x.., \u.... */
void crn_text_add_python_string(crn_text *text, const char *utf8, size_t size);
/* A code point as UTF-8 (surrogates and values over 0x10FFFF become U+FFFD). */
void crn_text_add_code_point(crn_text *text, uint32_t code_point);

/* The bytes, NUL-terminated, handed to the caller, who frees them; NULL with a recorded error.
 */
char *crn_text_take(crn_text *text, crn_error *err);

/* Reads one code point at *position (< size) and moves past it. False on malformed UTF-8. */
bool crn_utf8_next(const char *utf8, size_t size, size_t *position, uint32_t *code_point);
bool crn_utf8_is_valid(const char *utf8, size_t size);

/* strtod / strtoll that take the whole string or fail, independent of the locale. */
bool crn_parse_double(const char *text, size_t size, double *value);
bool crn_parse_int(const char *text, size_t size, int64_t *value);

/* The nearest of `count` names to `name` by edit distance, or NULL when none is near (for "did
 * you mean"). name_of(context, i) gives the candidates. */
const char *crn_nearest_name(const char *name, size_t count,
                             const char *(*name_of)(const void *context, size_t i),
                             const void *context);

#endif
