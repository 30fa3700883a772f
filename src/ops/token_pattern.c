/* SPDX-License-Identifier: BSD-3-Clause */
/* re (CPython 3.12, Lib/re/_parser.py) on PCRE2 (10.42). Both are of one family; where they
 * differ, the pattern is rewritten or refused by name:
 *
 *     re                          PCRE2
 *     (?u) (?a) (?i) (?m) ...     options; (?u) is what str patterns have in any case
 *     \Z                          \z
 *     \v                          \x0b
 *     \uXXXX \UXXXXXXXX           \x{XXXX}
 *     \s \S                       other characters; those of str.isspace() are written out
 *     {,n}                        {0,n}
 *     [[:alpha:]], (?R), (*...)   mean something else, or nothing in re: refused
 */
#include "ops/token_pattern.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

struct crn_token_pattern {
    size_t word_run;
    pcre2_code *code; /* NULL for a word run */
    uint32_t groups;
};

struct crn_token_matcher {
    const crn_token_pattern *pattern;
    pcre2_match_data *match;
    pcre2_match_context *context;
};

/* A run of the machine on a text ends with an error after so many steps; so much memory may it
 * take, in KiB. */
enum { MOST_STEPS = 10 * 1000 * 1000, MOST_KIBIBYTES = 64 * 1024, LONGEST_PATTERN = 64 * 1024 };

/* ---- word runs ---- */

static bool skip(const char **at, const char *word)
{
    const size_t size = strlen(word);
    if (strncmp(*at, word, size) != 0)
        return false;
    *at += size;
    return true;
}

/* (?u)? \b? (\w)* \w+ \b?: the maximal runs of word characters that are long enough, since a
 * run is taken from its first character to its last. 0: another pattern. */
static size_t word_run_of(const char *pattern)
{
    size_t least = 0;
    (void)skip(&pattern, "(?u)");
    (void)skip(&pattern, "\\b");
    while (skip(&pattern, "\\w"))
        least++;
    if (least == 0 || !skip(&pattern, "+"))
        return 0;
    (void)skip(&pattern, "\\b");
    return *pattern == '\0' ? least : 0;
}

/* ---- rewriting ---- */

typedef struct rewriter {
    const char *at;
    bool in_class;
    bool ascii;
    uint32_t options;
    crn_text out;
    crn_error *err;
} rewriter;

static crn_status unsupported(const rewriter *r, const char *what)
{
    return crn_fail(r->err, CRN_UNSUPPORTED, "token_pattern with %s is not supported", what);
}

/* \uXXXX (4 digits) or \UXXXXXXXX (8), behind the letter. */
static crn_status rewrite_code_point(rewriter *r, int digits)
{
    static const char hexadecimal[] = "0123456789abcdefABCDEF";
    if (strspn(r->at, hexadecimal) < (size_t)digits)
        return crn_fail(r->err, CRN_ARGUMENT, "token_pattern: an incomplete escape");
    crn_text_printf(&r->out, "\\x{%.*s}", digits, r->at);
    r->at += digits;
    return CRN_OK;
}

/* str.isspace(), and what it is not. */
static const char unicode_spaces[] = "\\t-\\r\\x1c-\\x20\\x85\\xa0\\x{1680}\\x{2000}-\\x{200a}"
                                     "\\x{2028}\\x{2029}\\x{202f}\\x{205f}"
                                     "\\x{3000}";
static const char unicode_others[] =
    "\\x00-\\x08\\x0e-\\x1b\\x21-\\x84\\x86-\\x9f\\xa1-\\x{167f}\\x{1681}-\\x{1fff}"
    "\\x{200b}-\\x{2027}\\x{202a}-\\x{202e}\\x{2030}-\\x{205e}\\x{2060}-\\x{2fff}"
    "\\x{3001}-\\x{10ffff}";

/* Behind a backslash. */
static crn_status rewrite_escape(rewriter *r)
{
    const char c = *r->at;
    const char *spaces = r->ascii ? "\\t-\\r\\x20" : unicode_spaces;
    const char *others = r->ascii ? "\\x00-\\x08\\x0e-\\x1f\\x21-\\x{10ffff}" : unicode_others;
    if (c == '\0')
        return crn_fail(r->err, CRN_ARGUMENT, "token_pattern: it ends with a backslash");
    r->at++;
    switch (c) {
    case 'Z':
        crn_text_add_string(&r->out, "\\z");
        return CRN_OK;
    case 'v':
        crn_text_add_string(&r->out, "\\x0b");
        return CRN_OK;
    case 'u':
        return rewrite_code_point(r, 4);
    case 'U':
        return rewrite_code_point(r, 8);
    case 's':
        crn_text_printf(&r->out, r->in_class ? "%s" : "[%s]", spaces);
        return CRN_OK;
    case 'S':
        crn_text_printf(&r->out, r->in_class ? "%s" : "[%s]", others);
        return CRN_OK;
    case 'N':
        return unsupported(r, "\\N{...}");
    default:
        /* The letters that re knows mean the same to PCRE2; it has no others. */
        if (((c | 0x20) >= 'a' && (c | 0x20) <= 'z') && strchr("AbBdDwWafnrtx", c) == NULL)
            return crn_fail(r->err, CRN_ARGUMENT, "token_pattern: bad escape \\%c", c);
        crn_text_add_char(&r->out, '\\');
        crn_text_add_char(&r->out, c);
        return CRN_OK;
    }
}

/* The letters of (?aiLmsux) and (?imsx-imsx:...), behind "(?". */
static crn_status rewrite_flags(rewriter *r)
{
    static const struct {
        char letter;
        uint32_t option;
    } options[] = {{'i', PCRE2_CASELESS},
                   {'m', PCRE2_MULTILINE},
                   {'s', PCRE2_DOTALL},
                   {'x', PCRE2_EXTENDED}};
    uint32_t chosen = 0;
    for (; *r->at != ')'; r->at++) {
        size_t i = 0;
        while (i < sizeof options / sizeof *options && options[i].letter != *r->at)
            i++;
        if (i < sizeof options / sizeof *options)
            chosen |= options[i].option;
        else if (*r->at == 'a')
            r->ascii = true;
        else if (*r->at != 'u')
            return unsupported(r, "flags of a group");
    }
    r->at++;
    if (r->out.size > 0)
        return crn_fail(r->err, CRN_ARGUMENT,
                        "token_pattern: global flags not at the start of the expression");
    r->options |= chosen;
    return CRN_OK;
}

/* Behind an opening parenthesis. */
static crn_status rewrite_group(rewriter *r)
{
    if (*r->at == '*')
        return crn_fail(r->err, CRN_ARGUMENT, "token_pattern: nothing to repeat");
    if (*r->at != '?') {
        crn_text_add_char(&r->out, '(');
        return CRN_OK;
    }
    const char kind = r->at[1];
    if (kind != '\0' && strchr("aimsux", kind) != NULL) {
        r->at++;
        return rewrite_flags(r);
    }
    const bool named = kind == 'P' && (r->at[2] == '<' || r->at[2] == '=');
    if (!named && (kind == '\0' || strchr(":=!<>#", kind) == NULL))
        return unsupported(r, "this kind of group");
    if (kind == '<' && r->at[2] != '=' && r->at[2] != '!')
        return crn_fail(r->err, CRN_ARGUMENT, "token_pattern: unknown extension ?<");
    crn_text_add_string(&r->out, "(?");
    crn_text_add_char(&r->out, kind);
    r->at += 2;
    return CRN_OK;
}

/* Behind an opening bracket; what closes it at once is one of its characters. */
static crn_status begin_class(rewriter *r)
{
    r->in_class = true;
    crn_text_add_char(&r->out, '[');
    if (*r->at == '^')
        crn_text_add_char(&r->out, *r->at++);
    if (*r->at == ']') {
        crn_text_add_string(&r->out, "\\]");
        r->at++;
    }
    return CRN_OK;
}

static crn_status rewrite_character(rewriter *r)
{
    const char c = *r->at++;
    if (c == '\\')
        return rewrite_escape(r);
    if (r->in_class) {
        r->in_class = c != ']';
        if (c == '[' && (*r->at == ':' || *r->at == '.' || *r->at == '='))
            return unsupported(r, "[: inside of brackets");
        crn_text_add_string(&r->out, c == '[' ? "\\" : "");
    } else if (c == '[') {
        return begin_class(r);
    } else if (c == '(') {
        return rewrite_group(r);
    } else if (c == '{' && *r->at == ',' && r->at[1 + strspn(r->at + 1, "0123456789")] == '}') {
        crn_text_add_string(&r->out, "{0");
        return CRN_OK;
    }
    crn_text_add_char(&r->out, c);
    return CRN_OK;
}

/* ---- compiling ---- */

static crn_status compile(crn_token_pattern *pattern, const rewriter *r, crn_error *err)
{
    int number = 0;
    size_t at = 0;
    const uint32_t options =
        PCRE2_UTF | (r->ascii ? 0 : PCRE2_UCP) | PCRE2_NEVER_BACKSLASH_C | r->options;
    pcre2_compile_context *context = pcre2_compile_context_create(NULL);
    if (context == NULL)
        return crn_no_memory(err);
    (void)pcre2_set_newline(context, PCRE2_NEWLINE_LF);
    const char *text = r->out.data != NULL ? r->out.data : "";
    pattern->code =
        pcre2_compile((PCRE2_SPTR)text, r->out.size, options, &number, &at, context);
    pcre2_compile_context_free(context);
    if (pattern->code == NULL) {
        PCRE2_UCHAR why[128] = "";
        (void)pcre2_get_error_message(number, why, sizeof why);
        return crn_fail(err, CRN_ARGUMENT, "token_pattern: %s", (const char *)why);
    }
    (void)pcre2_pattern_info(pattern->code, PCRE2_INFO_CAPTURECOUNT, &pattern->groups);
    if (pattern->groups > 1)
        return crn_fail(err, CRN_ARGUMENT,
                        "More than 1 capturing group in token pattern. Only a single group "
                        "should be captured.");
    /* Where there is no compiler for this machine, the pattern is interpreted. */
    (void)pcre2_jit_compile(pattern->code, PCRE2_JIT_COMPLETE);
    return CRN_OK;
}

static crn_status compile_python(crn_token_pattern *pattern, const char *text, size_t size,
                                 crn_error *err)
{
    rewriter r = {.at = text, .err = err};
    crn_status status = CRN_OK;
    while (status == CRN_OK && r.at < text + size)
        status = rewrite_character(&r);
    if (status == CRN_OK)
        status = crn_text_status(&r.out, err);
    if (status == CRN_OK)
        status = compile(pattern, &r, err);
    crn_text_free(&r.out);
    return status;
}

crn_status crn_token_pattern_create(const char *text, size_t size, crn_token_pattern **out,
                                    crn_error *err)
{
    if (strlen(text) != size || size > LONGEST_PATTERN || !crn_utf8_is_valid(text, size))
        return crn_fail(err, CRN_UNSUPPORTED,
                        "token_pattern with zeros, or of more than %d bytes, is not supported",
                        LONGEST_PATTERN);
    crn_token_pattern *pattern = crn_calloc(1, sizeof *pattern);
    if (pattern == NULL)
        return crn_no_memory(err);
    pattern->word_run = word_run_of(text);
    const crn_status status =
        pattern->word_run > 0 ? CRN_OK : compile_python(pattern, text, size, err);
    if (status != CRN_OK)
        crn_token_pattern_destroy(pattern);
    else
        *out = pattern;
    return status;
}

void crn_token_pattern_destroy(crn_token_pattern *pattern)
{
    if (pattern == NULL)
        return;
    pcre2_code_free(pattern->code);
    free(pattern);
}

size_t crn_token_pattern_word_run(const crn_token_pattern *pattern)
{
    return pattern->word_run;
}

/* ---- matching ---- */

crn_status crn_token_matcher_create(const crn_token_pattern *pattern, crn_token_matcher **out,
                                    crn_error *err)
{
    crn_token_matcher *matcher = crn_calloc(1, sizeof *matcher);
    if (matcher == NULL)
        return crn_no_memory(err);
    matcher->pattern = pattern;
    matcher->match = pcre2_match_data_create_from_pattern(pattern->code, NULL);
    matcher->context = pcre2_match_context_create(NULL);
    if (matcher->match == NULL || matcher->context == NULL) {
        crn_token_matcher_destroy(matcher);
        return crn_no_memory(err);
    }
    (void)pcre2_set_match_limit(matcher->context, MOST_STEPS);
    (void)pcre2_set_heap_limit(matcher->context, MOST_KIBIBYTES);
    *out = matcher;
    return CRN_OK;
}

void crn_token_matcher_destroy(crn_token_matcher *matcher)
{
    if (matcher == NULL)
        return;
    pcre2_match_data_free(matcher->match);
    pcre2_match_context_free(matcher->context);
    free(matcher);
}

bool crn_token_matcher_next(crn_token_matcher *matcher, const char *text, size_t size,
                            size_t *position, bool *after_empty, crn_text_span *out,
                            crn_error *err)
{
    /* As re: behind an empty match another may begin at the same place if it is not empty. */
    const uint32_t options =
        PCRE2_NO_UTF_CHECK | (*after_empty ? (uint32_t)PCRE2_NOTEMPTY_ATSTART : 0);
    if (*position > size)
        return false;
    const int found = pcre2_match(matcher->pattern->code, (PCRE2_SPTR)text, size, *position,
                                  options, matcher->match, matcher->context);
    if (found == PCRE2_ERROR_NOMATCH)
        return false;
    if (found < 0) {
        PCRE2_UCHAR why[128] = "";
        (void)pcre2_get_error_message(found, why, sizeof why);
        crn_fail(err, found == PCRE2_ERROR_NOMEMORY ? CRN_NO_MEMORY : CRN_LIMIT,
                 "token_pattern on a document: %s", (const char *)why);
        return false;
    }
    const PCRE2_SIZE *ends = pcre2_get_ovector_pointer(matcher->match);
    *after_empty = ends[0] == ends[1];
    *position = ends[1];
    const uint32_t group = matcher->pattern->groups;
    /* A group that took no part gives the empty string. */
    const bool took_part = found > (int)group && ends[2 * group] != PCRE2_UNSET;
    *out = took_part ? (crn_text_span){ends[2 * group], ends[2 * group + 1]}
                     : (crn_text_span){ends[0], ends[0]};
    return true;
}
