/* SPDX-License-Identifier: BSD-3-Clause */
/* What Python's str and re say of characters (CPython 3.12, Objects/unicodectype.c and
 * unicodeobject.c): letters of words, white space, str.lower(), unicodedata.normalize("NFKD").
 * The tables are utf8proc's. */
#ifndef CRN_BASE_UNICODE_H
#define CRN_BASE_UNICODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    CRN_MOST_LOWER = 2, /* code points that one becomes in lower case */
    CRN_MOST_NFKD = 18, /* ... in NFKD */
    CRN_MOST_UTF8 = 4   /* bytes of a code point */
};

/* re's \w: str.isalnum() or an underscore. */
bool crn_unicode_is_word(uint32_t code_point);
/* re's \s: str.isspace(). */
bool crn_unicode_is_space(uint32_t code_point);
/* unicodedata.combining(): a mark with a combining class. */
bool crn_unicode_is_combining(uint32_t code_point);

/* The code point of `size` bytes of UTF-8 that begins at *position, which moves past it. A byte
 * that begins none counts as U+FFFD. */
uint32_t crn_unicode_next(const char *utf8, size_t size, size_t *position);
/* Writes it as UTF-8 and returns the end; lone surrogates as pickle does. */
char *crn_unicode_put(char *out, uint32_t code_point);

/* str.lower() of the character at `at`, whose code point is given: its number of code points. A
 * capital sigma is a final one at the end of a word, so its surroundings count. */
int crn_unicode_lower(const char *utf8, size_t size, size_t at, uint32_t code_point,
                      uint32_t out[CRN_MOST_LOWER]);
/* The compatibility decomposition of a character, marks in the order of its decomposition. */
int crn_unicode_nfkd(uint32_t code_point, uint32_t out[CRN_MOST_NFKD]);

#endif
