/* SPDX-License-Identifier: BSD-3-Clause */
/* Regular expressions of Python's re, as token_pattern has them: compiled once, then asked for
 * all matches of a text, as re.findall() gives them. The usual ones (words of so many letters)
 * are recognised and need no machine; the others run on PCRE2. */
#ifndef CRN_OPS_TOKEN_PATTERN_H
#define CRN_OPS_TOKEN_PATTERN_H

#include "base/error.h"
#include "base/memory.h"

typedef struct crn_token_pattern crn_token_pattern;
/* What one thread needs while it matches. */
typedef struct crn_token_matcher crn_token_matcher;

/* A piece of a text. */
typedef struct crn_text_span {
    size_t begin, end;
} crn_text_span;

/* UTF-8. CRN_UNSUPPORTED for what PCRE2 would read otherwise than re, and for more than one
 * group; CRN_ARGUMENT for what is no regular expression. */
crn_status crn_token_pattern_create(const char *pattern, size_t size, crn_token_pattern **out,
                                    crn_error *err);
void crn_token_pattern_destroy(crn_token_pattern *pattern); /* NULL is fine */

/* Least number of word characters where the pattern stands for maximal runs of so many and more
 * (2 for scikit-learn's own); 0: another pattern. */
size_t crn_token_pattern_word_run(const crn_token_pattern *pattern);

/* Of a pattern that is no word run. */
crn_status crn_token_matcher_create(const crn_token_pattern *pattern, crn_token_matcher **out,
                                    crn_error *err);
void crn_token_matcher_destroy(crn_token_matcher *matcher); /* NULL is fine */

/* The next match at or behind *position: its group, or all of it without one. False at the end,
 * or with an error (CRN_LIMIT: the pattern needs too many steps on this text). *position and
 * *after_empty begin as 0 and false, and are the walk's state. */
bool crn_token_matcher_next(crn_token_matcher *matcher, const char *text, size_t size,
                            size_t *position, bool *after_empty, crn_text_span *out,
                            crn_error *err);

#endif
