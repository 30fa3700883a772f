/* SPDX-License-Identifier: BSD-3-Clause */
/* Numbers and strings of constructor expressions, as the Python 3.11 language reference
 * ("Lexical analysis") spells them. */
#include "model/expression_parser.h"

#include <string.h>

enum { LONGEST_NUMBER = 400, LONGEST_SHOWN = 40 };

/* ---- numbers ---- */

static bool is_in_number(const char *text, size_t begin, size_t at)
{
    char c = text[at];
    if (crn_is_digit(c) || c == '.' || c == '_' || c == 'e' || c == 'E')
        return true;
    return (c == '+' || c == '-') && at > begin && (text[at - 1] | 0x20) == 'e';
}

static crn_object *not_a_number(crn_parser *p, size_t begin, const char *why)
{
    size_t size = p->at - begin < LONGEST_SHOWN ? p->at - begin : LONGEST_SHOWN;
    return crn_parser_fail_at(p, begin, "%s: '%.*s'", why, (int)size, p->text + begin);
}

/* Digits with an optional fraction and exponent; underscores between digits are left out. */
crn_object *crn_parser_number(crn_parser *p, size_t begin)
{
    char digits[LONGEST_NUMBER];
    size_t first = p->at, count = 0;
    bool is_float = false;
    if (p->text[begin] == '-')
        digits[count++] = '-';
    for (; p->at < p->size && is_in_number(p->text, first, p->at); p->at++) {
        char c = p->text[p->at];
        is_float |= c == '.' || c == 'e' || c == 'E';
        if (count == sizeof digits)
            return not_a_number(p, begin, "this number is too long");
        if (c != '_')
            digits[count++] = c;
    }
    int64_t integer;
    double real;
    if (is_float && crn_parse_double(digits, count, &real))
        return crn_parser_made(p, crn_object_float(p->document, real), begin);
    if (is_float)
        return not_a_number(p, begin, "not a number");
    if (p->text[first] == '0' && p->at - first > 1)
        return not_a_number(p, begin, "leading zeros in an integer");
    if (!crn_parse_int(digits, count, &integer))
        return not_a_number(p, begin, "this integer needs more than 64 bits");
    return crn_parser_made(p, crn_object_int(p->document, integer), begin);
}

/* A number with its sign; the sign may also stand before inf and nan. */
crn_object *crn_parser_signed(crn_parser *p)
{
    size_t begin = p->at;
    bool negative = p->text[p->at++] == '-';
    char c = crn_parser_next(p);
    if (crn_is_digit(c) || c == '.')
        return crn_parser_number(p, begin);
    if (!crn_is_name_start(c))
        return crn_parser_fail_here(p, "a number");
    crn_object *value = crn_parser_value(p);
    if (value == NULL)
        return NULL;
    if (value->kind != CRN_OBJ_FLOAT)
        return crn_parser_fail_at(p, begin, "a sign before something that is not a number");
    if (negative)
        value->as.real = -value->as.real;
    value->offset = begin;
    return value;
}

/* ---- strings ---- */

/* The value of up to `most` digits. How many there were. */
static int read_escape_digits(crn_parser *p, int base, int most, uint32_t *value)
{
    int count = 0;
    for (*value = 0; count < most && p->at < p->size; count++, p->at++) {
        char c = p->text[p->at], lower = (char)(c | 0x20);
        int digit = crn_is_digit(c) ? c - '0' : base;
        if (lower >= 'a' && lower <= 'f')
            digit = lower - 'a' + 10;
        if (digit >= base)
            break;
        *value = *value * (uint32_t)base + (uint32_t)digit;
    }
    return count;
}

/* \ooo, \xhh, \uhhhh, \Uhhhhhhhh; what is none of them stays as it is, as in Python. */
static void read_numeric_escape(crn_parser *p, char c, crn_text *out)
{
    uint32_t code_point = 0;
    int digits = c == 'x' ? 2 : c == 'u' ? 4 : c == 'U' ? 8 : 0;
    if (c >= '0' && c <= '7') {
        read_escape_digits(p, 8, 3, &code_point);
    } else if (digits == 0) {
        crn_text_add_char(out, '\\');
        return;
    } else {
        p->at++;
        if (read_escape_digits(p, 16, digits, &code_point) != digits)
            crn_parser_fail_at(p, p->at, "truncated \\%c escape", c);
    }
    crn_text_add_code_point(out, code_point);
}

/* Behind a backslash. */
static void read_escape(crn_parser *p, crn_text *out)
{
    static const char names[] = "\\'\"abfnrtv", values[] = "\\'\"\a\b\f\n\r\t\v";
    char c = p->at < p->size ? p->text[p->at] : '\0';
    const char *found = c != '\0' ? strchr(names, c) : NULL;
    if (found == NULL && c != '\n') {
        read_numeric_escape(p, c, out);
        return;
    }
    p->at++;
    if (found != NULL)
        crn_text_add_char(out, values[found - names]);
}

static crn_object *string_of(crn_parser *p, crn_text *value, size_t begin)
{
    crn_text_add_bytes(value, "", 0);
    if (value->status != CRN_OK) {
        p->status = crn_text_status(value, p->err);
        return NULL;
    }
    return crn_parser_made(p, crn_object_str_n(p->document, value->data, value->size), begin);
}

crn_object *crn_parser_string(crn_parser *p)
{
    size_t begin = p->at;
    char quote = p->text[p->at++];
    crn_text value = CRN_TEXT_INIT;
    crn_object *object = NULL;
    while (p->status == CRN_OK && object == NULL) {
        char c = p->at < p->size ? p->text[p->at++] : '\n';
        if (c == '\n')
            crn_parser_fail_at(p, begin, "this string is not closed");
        else if (c == quote)
            object = string_of(p, &value, begin);
        else if (c != '\\')
            crn_text_add_char(&value, c);
        else
            read_escape(p, &value);
    }
    crn_text_free(&value);
    return object;
}
