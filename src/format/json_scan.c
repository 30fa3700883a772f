/* SPDX-License-Identifier: BSD-3-Clause */
/* Python's json module writes NaN, Infinity, -Infinity and integers of any length, and reads
 * 1e999. jansson takes none of these. They are found here, outside strings, and replaced by
 * zeros of the same width, so that the places in jansson's messages stay right; because a
 * text's numbers come out of jansson in their order, the number of each is enough to put it
 * back. */
#include "format/json_scan.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/memory.h"
#include "base/text.h"

typedef struct scanner {
    const char *text;
    size_t size, position;
    crn_limits limits;
    uint64_t depth, nodes, numbers;
    crn_json_scan *out;
    crn_error *err;
} scanner;

static crn_status count_node(scanner *in)
{
    if (++in->nodes > in->limits.objects)
        return crn_fail_at(in->err, CRN_LIMIT, in->position,
                           "JSON has more nodes than the limit objects = %llu",
                           (unsigned long long)in->limits.objects);
    return CRN_OK;
}

static crn_status skip_string(scanner *in)
{
    size_t begin = in->position++;
    while (in->position < in->size && in->text[in->position] != '"')
        in->position += in->text[in->position] == '\\' ? 2 : 1;
    in->position = in->position < in->size ? in->position + 1 : in->size;
    if (in->position - begin > in->limits.text_bytes)
        return crn_fail_at(in->err, CRN_LIMIT, begin,
                           "JSON has a string longer than the limit text_bytes = %llu",
                           (unsigned long long)in->limits.text_bytes);
    return CRN_OK;
}

static crn_status open_container(scanner *in)
{
    if (++in->depth > in->limits.nesting)
        return crn_fail_at(in->err, CRN_LIMIT, in->position,
                           "JSON is nested deeper than the limit nesting = %llu",
                           (unsigned long long)in->limits.nesting);
    in->position++;
    return CRN_OK;
}

/* ---- words: numbers and names ---- */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool in_word(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '+' ||
           c == '-' || c == '.' || c == '_';
}

static bool is_word(const char *word, size_t size, const char *name)
{
    return size == strlen(name) && memcmp(word, name, size) == 0;
}

static const char *skip_digits(const char *at, const char *end)
{
    while (at < end && is_digit(*at))
        at++;
    return at;
}

/* JSON's grammar of numbers (RFC 8259, section 6). */
static bool is_number(const char *at, const char *end, bool *integer)
{
    at += at < end && *at == '-';
    const char *whole = at;
    at = skip_digits(at, end);
    if (at == whole || (*whole == '0' && at - whole > 1))
        return false;
    *integer = at == end;
    if (at < end && *at == '.') {
        const char *fraction = ++at;
        at = skip_digits(at, end);
        if (at == fraction)
            return false;
    }
    if (at < end && (*at == 'e' || *at == 'E')) {
        at++;
        at += at < end && (*at == '+' || *at == '-');
        const char *exponent = at;
        at = skip_digits(at, end);
        if (at == exponent)
            return false;
    }
    return at == end;
}

/* Fills in what a special number is; false for words that jansson shall see. */
static bool find_special(const char *word, size_t size, crn_json_special *special)
{
    enum {
        LONGEST_SAFE = 18
    }; /* so many characters fit an int64, and without an 'e' a double */
    special->real = (double)NAN;
    if (is_word(word, size, "NaN"))
        return true;
    special->real = word[0] == '-' ? -(double)INFINITY : (double)INFINITY;
    if (is_word(word, size, "Infinity") || is_word(word, size, "-Infinity"))
        return true;
    if (size <= LONGEST_SAFE && memchr(word, 'e', size) == NULL &&
        memchr(word, 'E', size) == NULL)
        return false;
    if (!is_number(word, word + size, &special->integer))
        return false;
    int64_t whole;
    double real;
    if (special->integer)
        return !crn_parse_int(word, size, &whole);
    return crn_parse_double(word, size, &real) && isinf(real);
}

static crn_status keep_special(crn_json_scan *out, const crn_json_special *special,
                               crn_error *err)
{
    void *grown = out->specials;
    crn_status status = crn_grow(&grown, &out->capacity, out->count, sizeof *special, err);
    out->specials = grown;
    if (status == CRN_OK)
        out->specials[out->count++] = *special;
    return status;
}

static crn_status take_word(scanner *in)
{
    crn_json_special special = {.number = in->numbers, .begin = in->position};
    while (in->position < in->size && in_word(in->text[in->position]))
        in->position++;
    const char *word = in->text + special.begin;
    special.size = in->position - special.begin;
    if (find_special(word, special.size, &special)) {
        in->numbers++;
        return keep_special(in->out, &special, in->err);
    }
    in->numbers += word[0] == '-' || is_digit(word[0]);
    return CRN_OK;
}

/* ---- the whole text ---- */

static crn_status scan_next(scanner *in)
{
    char c = in->text[in->position];
    switch (c) {
    case '"':
        CRN_TRY(count_node(in));
        return skip_string(in);
    case '[':
    case '{':
        CRN_TRY(count_node(in));
        return open_container(in);
    case ']':
    case '}':
        in->depth -= in->depth > 0;
        in->position++;
        return CRN_OK;
    default:
        if (in_word(c)) {
            CRN_TRY(count_node(in));
            return take_word(in);
        }
        in->position++;
        return CRN_OK;
    }
}

static crn_status blank_specials(const char *text, size_t size, crn_json_scan *out,
                                 crn_error *err)
{
    if (out->count == 0)
        return CRN_OK;
    out->text = crn_calloc(size, 1);
    if (out->text == NULL)
        return crn_no_memory(err);
    memcpy(out->text, text, size);
    for (size_t i = 0; i < out->count; i++) {
        memset(out->text + out->specials[i].begin, ' ', out->specials[i].size);
        out->text[out->specials[i].begin] = '0';
    }
    return CRN_OK;
}

crn_status crn_json_scan_text(const char *text, size_t size, const crn_limits *limits,
                              crn_json_scan *out, crn_error *err)
{
    scanner in = {.text = text, .size = size, .out = out, .err = err};
    in.limits = crn_limits_complete(limits);
    *out = (crn_json_scan){.count = 0};
    while (in.position < size)
        CRN_TRY(scan_next(&in));
    return blank_specials(text, size, out, err);
}

void crn_json_scan_free(crn_json_scan *scan)
{
    free(scan->specials);
    free(scan->text);
    *scan = (crn_json_scan){.count = 0};
}
