/* SPDX-License-Identifier: BSD-3-Clause */
/* What the parts of the expression parser share: where it stands, and how it fails. Functions
 * give NULL after a failure, which parser.status then holds. */
#ifndef CRN_MODEL_EXPRESSION_PARSER_H
#define CRN_MODEL_EXPRESSION_PARSER_H

#include "model/expression.h"

typedef struct crn_parser {
    crn_document *document;
    const char *text;
    size_t size, at;
    int depth;
    crn_status status;
    crn_error *err;
} crn_parser;

/* CRN_FORMAT at a character. */
crn_object *crn_parser_fail_at(crn_parser *p, size_t at, const char *format, ...)
    CRN_PRINTF(3, 4);
/* "unexpected ')', expected X", or that the text is over; expected may be NULL. */
crn_object *crn_parser_fail_here(crn_parser *p, const char *expected);
/* Passes an object on with the place it was found at; NULL means that the arena is used up. */
crn_object *crn_parser_made(crn_parser *p, crn_object *object, size_t at);
/* The next character that is neither blank nor comment, not yet taken; NUL at the end. */
char crn_parser_next(crn_parser *p);

crn_object *crn_parser_value(crn_parser *p);
/* A number, string, or sign with a number that begins at p->at. */
crn_object *crn_parser_number(crn_parser *p, size_t begin);
crn_object *crn_parser_signed(crn_parser *p);
crn_object *crn_parser_string(crn_parser *p);

static inline bool crn_is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static inline bool crn_is_name_start(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

#endif
