/* SPDX-License-Identifier: BSD-3-Clause */
/* The text forms of strings in protocol 0, and the UTF-8 of the binary ones. */
#ifndef CRN_FORMAT_PICKLE_TEXT_H
#define CRN_FORMAT_PICKLE_TEXT_H

#include "base/text.h"

/* UNICODE's argument, "raw-unicode-escape": \uXXXX and \UXXXXXXXX are code points, any other
 * byte is a character of Latin-1. Appends UTF-8; surrogates become three bytes each. False: a
 * bad escape. */
bool crn_pickle_decode_unicode(const char *line, size_t size, crn_text *out);
/* The other way, as CPython's pickler does; before 3.7 it did not escape NUL, carriage return
 * and control-Z (`raw_controls`). */
void crn_pickle_encode_unicode(const char *utf8, size_t size, bool raw_controls, crn_text *out);

/* STRING's argument: a Python 2 string literal in quotes. False when it is none. */
bool crn_pickle_decode_string(const char *line, size_t size, crn_text *out);

/* UTF-8 in which surrogates may stand as three bytes each (Python's "surrogatepass"). */
bool crn_pickle_is_utf8(const char *text, size_t size);

/* The code points of such text, one by one; false at the end. */
bool crn_pickle_next_code_point(const char *text, size_t size, size_t *position,
                                uint32_t *code_point);
/* Appends one, surrogates too. */
void crn_pickle_add_code_point(crn_text *out, uint32_t code_point);

#endif
