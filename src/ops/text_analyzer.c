/* SPDX-License-Identifier: BSD-3-Clause */
/* A document is normalised into one buffer of UTF-8 in which every term is a piece: words are
 * laid out with one blank between them where n-grams join them. So no term is ever copied. Most
 * documents are ASCII, for which bytes are characters. */
#include "ops/text_analyzer.h"

#include <stdlib.h>
#include <string.h>

#include "base/unicode.h"

/* A buffer of bytes that grows. */
typedef struct growing {
    char *data;
    size_t size, capacity;
} growing;

struct crn_text_workspace {
    bool ascii;            /* the document */
    growing text;          /* ... normalised */
    growing joined;        /* its words, one blank between them; or its characters */
    crn_text_span *tokens; /* in text, later in joined */
    size_t token_count, token_capacity;
    crn_token_matcher *matcher;
};

void crn_text_analyzer_clear(crn_text_analyzer *analyzer)
{
    crn_token_pattern_destroy(analyzer->pattern);
    crn_term_table_destroy(analyzer->stop_words);
    *analyzer = (crn_text_analyzer){0};
}

crn_status crn_text_workspace_create(const crn_text_analyzer *analyzer,
                                     crn_text_workspace **out, crn_error *err)
{
    crn_text_workspace *w = crn_calloc(1, sizeof *w);
    if (w == NULL)
        return crn_no_memory(err);
    if (analyzer->units == CRN_TEXT_WORDS &&
        crn_token_pattern_word_run(analyzer->pattern) == 0) {
        const crn_status status = crn_token_matcher_create(analyzer->pattern, &w->matcher, err);
        if (status != CRN_OK) {
            free(w);
            return status;
        }
    }
    *out = w;
    return CRN_OK;
}

void crn_text_workspace_destroy(crn_text_workspace *workspace)
{
    if (workspace == NULL)
        return;
    crn_token_matcher_destroy(workspace->matcher);
    free(workspace->text.data);
    free(workspace->joined.data);
    free(workspace->tokens);
    free(workspace);
}

/* Room for `more` bytes behind what is there. */
static crn_status reserve(growing *buffer, size_t more, crn_error *err)
{
    if (more <= buffer->capacity - buffer->size)
        return CRN_OK;
    if (more > SIZE_MAX / 4 - buffer->size)
        return crn_no_memory(err);
    const size_t capacity = 2 * (buffer->size + more);
    char *data = realloc(buffer->data, capacity);
    if (data == NULL)
        return crn_no_memory(err);
    buffer->data = data;
    buffer->capacity = capacity;
    return CRN_OK;
}

static crn_status add_token(crn_text_workspace *w, size_t begin, size_t end, crn_error *err)
{
    if (w->token_count == w->token_capacity) {
        void *grown = w->tokens;
        CRN_TRY(crn_grow(&grown, &w->token_capacity, w->token_count, sizeof *w->tokens, err));
        w->tokens = grown;
    }
    w->tokens[w->token_count++] = (crn_text_span){begin, end};
    return CRN_OK;
}

/* ---- normalising ---- */

static bool is_ascii(const char *text, size_t size)
{
    uint64_t any = 0, word;
    size_t at = 0;
    for (; at + sizeof word <= size; at += sizeof word) {
        memcpy(&word, text + at, sizeof word);
        any |= word;
    }
    for (; at < size; at++)
        any |= (unsigned char)text[at];
    return (any & 0x8080808080808080u) == 0;
}

static crn_status normalise_ascii(const crn_text_analyzer *a, growing *out, const char *text,
                                  size_t size, crn_error *err)
{
    CRN_TRY(reserve(out, size + 1, err));
    if (!a->lowercase) {
        memcpy(out->data, text, size);
    } else {
        for (size_t i = 0; i < size; i++) {
            const unsigned char c = (unsigned char)text[i];
            out->data[i] = (char)(c | ((unsigned char)(c - (unsigned char)65) < 26) << 5);
        }
    }
    out->size = size;
    return CRN_OK;
}

/* A character behind lower(), with its accents stripped. */
static char *put_stripped(crn_text_accents accents, char *out, uint32_t code_point)
{
    uint32_t parts[CRN_MOST_NFKD];
    if (accents == CRN_ACCENTS_KEPT)
        return crn_unicode_put(out, code_point);
    const int count = crn_unicode_nfkd(code_point, parts);
    for (int i = 0; i < count; i++) {
        if (accents == CRN_ACCENTS_ASCII ? parts[i] < 0x80
                                         : !crn_unicode_is_combining(parts[i]))
            out = crn_unicode_put(out, parts[i]);
    }
    return out;
}

/* Also makes sure that the result is well-formed UTF-8. */
static crn_status normalise_unicode(const crn_text_analyzer *a, growing *out, const char *text,
                                    size_t size, crn_error *err)
{
    enum { MOST_BYTES = CRN_MOST_LOWER * CRN_MOST_NFKD * CRN_MOST_UTF8 };
    for (size_t at = 0; at < size;) {
        uint32_t lower[CRN_MOST_LOWER];
        const size_t begin = at;
        lower[0] = crn_unicode_next(text, size, &at);
        const int count =
            a->lowercase ? crn_unicode_lower(text, size, begin, lower[0], lower) : 1;
        CRN_TRY(reserve(out, MOST_BYTES, err));
        char *end = out->data + out->size;
        for (int i = 0; i < count; i++)
            end = put_stripped(a->accents, end, lower[i]);
        out->size = (size_t)(end - out->data);
    }
    return reserve(out, 1, err);
}

/* ---- words ---- */

static const bool *ascii_words(void)
{
    static const bool words[256] = {
        ['0'] = true, ['1'] = true, ['2'] = true, ['3'] = true, ['4'] = true, ['5'] = true,
        ['6'] = true, ['7'] = true, ['8'] = true, ['9'] = true, ['A'] = true, ['B'] = true,
        ['C'] = true, ['D'] = true, ['E'] = true, ['F'] = true, ['G'] = true, ['H'] = true,
        ['I'] = true, ['J'] = true, ['K'] = true, ['L'] = true, ['M'] = true, ['N'] = true,
        ['O'] = true, ['P'] = true, ['Q'] = true, ['R'] = true, ['S'] = true, ['T'] = true,
        ['U'] = true, ['V'] = true, ['W'] = true, ['X'] = true, ['Y'] = true, ['Z'] = true,
        ['_'] = true, ['a'] = true, ['b'] = true, ['c'] = true, ['d'] = true, ['e'] = true,
        ['f'] = true, ['g'] = true, ['h'] = true, ['i'] = true, ['j'] = true, ['k'] = true,
        ['l'] = true, ['m'] = true, ['n'] = true, ['o'] = true, ['p'] = true, ['q'] = true,
        ['r'] = true, ['s'] = true, ['t'] = true, ['u'] = true, ['v'] = true, ['w'] = true,
        ['x'] = true, ['y'] = true, ['z'] = true};
    return words;
}

/* The maximal runs of at least `least` word characters, of ASCII. `least` is 1 or more, so that
 * the empty end is none. */
static crn_status split_ascii_words(crn_text_workspace *w, size_t least, crn_error *err)
{
    const bool *words = ascii_words();
    const unsigned char *text = (const unsigned char *)w->text.data;
    const size_t size = w->text.size;
    size_t at = 0;
    while (at < size) {
        while (at < size && !words[text[at]])
            at++;
        const size_t begin = at;
        while (at < size && words[text[at]])
            at++;
        if (at - begin >= least)
            CRN_TRY(add_token(w, begin, at, err));
    }
    return CRN_OK;
}

/* The same of any text. */
static crn_status split_words(crn_text_workspace *w, size_t least, crn_error *err)
{
    const bool *words = ascii_words();
    const char *text = w->text.data;
    const size_t size = w->text.size;
    size_t at = 0;
    while (at < size) {
        size_t begin = at, count = 0, next = at;
        while (at < size) {
            const unsigned char c = (unsigned char)text[at];
            if (c < 0x80) {
                next = at + 1;
                if (!words[c])
                    break;
            } else if (!crn_unicode_is_word(crn_unicode_next(text, size, &next))) {
                break;
            }
            at = next;
            count++;
        }
        if (count >= least)
            CRN_TRY(add_token(w, begin, at, err));
        at = next > at ? next : size;
    }
    return CRN_OK;
}

static crn_status match_words(crn_text_workspace *w, crn_error *err)
{
    crn_error failure = CRN_ERROR_INIT;
    crn_text_span token;
    size_t position = 0;
    bool after_empty = false;
    while (crn_token_matcher_next(w->matcher, w->text.data, w->text.size, &position,
                                  &after_empty, &token, &failure))
        CRN_TRY(add_token(w, token.begin, token.end, err));
    if (failure.code != CRN_OK)
        return crn_fail(err, failure.code, "%s", failure.message);
    return CRN_OK;
}

static void drop_stop_words(const crn_term_table *stop_words, crn_text_workspace *w)
{
    size_t kept = 0;
    for (size_t i = 0; i < w->token_count; i++) {
        const crn_text_span token = w->tokens[i];
        if (crn_term_table_find(stop_words, w->text.data + token.begin,
                                token.end - token.begin) < 0)
            w->tokens[kept++] = token;
    }
    w->token_count = kept;
}

/* The tokens with one blank between them, so that every n-gram is a piece of the whole. */
static crn_status join_tokens(crn_text_workspace *w, crn_error *err)
{
    w->joined.size = 0;
    for (size_t i = 0; i < w->token_count; i++) {
        crn_text_span *token = &w->tokens[i];
        const size_t size = token->end - token->begin;
        CRN_TRY(reserve(&w->joined, size + 1, err));
        char *to = w->joined.data + w->joined.size;
        if (size > 0)
            memcpy(to, w->text.data + token->begin, size);
        to[size] = ' ';
        *token = (crn_text_span){w->joined.size, w->joined.size + size};
        w->joined.size += size + 1;
    }
    return CRN_OK;
}

/* n tokens that follow each other, for each n of the range. */
static crn_status add_ngrams(const crn_text_analyzer *a, const crn_text_workspace *w,
                             const char *text, crn_term_sink *sink, crn_error *err)
{
    for (size_t n = (size_t)a->min_n; n <= (size_t)a->max_n && n <= w->token_count; n++) {
        for (size_t i = 0; i + n <= w->token_count; i++) {
            const size_t begin = w->tokens[i].begin;
            CRN_TRY(sink->add(sink, text + begin, w->tokens[i + n - 1].end - begin, err));
        }
    }
    return CRN_OK;
}

static crn_status analyze_words(const crn_text_analyzer *a, crn_text_workspace *w,
                                crn_term_sink *sink, crn_error *err)
{
    const size_t run = crn_token_pattern_word_run(a->pattern);
    if (run == 0)
        CRN_TRY(match_words(w, err));
    else if (w->ascii)
        CRN_TRY(split_ascii_words(w, run, err));
    else
        CRN_TRY(split_words(w, run, err));
    if (a->stop_words != NULL)
        drop_stop_words(a->stop_words, w);
    if (a->max_n == 1)
        return add_ngrams(a, w, w->text.data, sink, err);
    CRN_TRY(join_tokens(w, err));
    return add_ngrams(a, w, w->joined.data, sink, err);
}

/* ---- characters ---- */

/* Appends a character as a token of its own. */
static crn_status add_character(crn_text_workspace *w, const char *character, size_t size,
                                crn_error *err)
{
    CRN_TRY(reserve(&w->joined, size, err));
    memcpy(w->joined.data + w->joined.size, character, size);
    w->joined.size += size;
    return add_token(w, w->joined.size - size, w->joined.size, err);
}

/* analyzer='char': two and more white spaces become one blank. */
static crn_status analyze_characters(const crn_text_analyzer *a, crn_text_workspace *w,
                                     crn_term_sink *sink, crn_error *err)
{
    const char *text = w->text.data;
    const size_t size = w->text.size;
    size_t spaces = 0; /* that stand before the next character */
    w->joined.size = 0;
    for (size_t at = 0; at < size;) {
        const size_t begin = at;
        const bool space = crn_unicode_is_space(crn_unicode_next(text, size, &at));
        spaces = space ? spaces + 1 : 0;
        if (spaces < 2)
            CRN_TRY(add_character(w, text + begin, at - begin, err));
        else if (spaces == 2) { /* the one that is there becomes a blank */
            w->token_count--;
            w->joined.size = w->tokens[w->token_count].begin;
            CRN_TRY(add_character(w, " ", 1, err));
        }
    }
    return add_ngrams(a, w, w->joined.data, sink, err);
}

/* The n-grams of one word, blanks around it; a word that is too short for an n is counted once,
 * and not for larger n. */
static crn_status add_word_insides(const crn_text_analyzer *a, const crn_text_workspace *w,
                                   crn_term_sink *sink, crn_error *err)
{
    const char *text = w->joined.data;
    const size_t count = w->token_count, end = w->joined.size;
    for (size_t n = (size_t)a->min_n; n <= (size_t)a->max_n; n++) {
        if (n >= count)
            return sink->add(sink, text, end, err);
        for (size_t i = 0; i + n <= count; i++) {
            const size_t begin = w->tokens[i].begin;
            CRN_TRY(sink->add(sink, text + begin, w->tokens[i + n - 1].end - begin, err));
        }
    }
    return CRN_OK;
}

static crn_status end_word(const crn_text_analyzer *a, crn_text_workspace *w,
                           crn_term_sink *sink, crn_error *err)
{
    if (w->token_count > 0) {
        CRN_TRY(add_character(w, " ", 1, err));
        CRN_TRY(add_word_insides(a, w, sink, err));
    }
    w->token_count = 0;
    w->joined.size = 0;
    return CRN_OK;
}

/* analyzer='char_wb' */
static crn_status analyze_word_insides(const crn_text_analyzer *a, crn_text_workspace *w,
                                       crn_term_sink *sink, crn_error *err)
{
    const char *text = w->text.data;
    const size_t size = w->text.size;
    w->joined.size = 0;
    for (size_t at = 0; at < size;) {
        const size_t begin = at;
        if (crn_unicode_is_space(crn_unicode_next(text, size, &at))) {
            CRN_TRY(end_word(a, w, sink, err));
            continue;
        }
        if (w->token_count == 0)
            CRN_TRY(add_character(w, " ", 1, err));
        CRN_TRY(add_character(w, text + begin, at - begin, err));
    }
    return end_word(a, w, sink, err);
}

crn_status crn_text_analyze(const crn_text_analyzer *analyzer, crn_text_workspace *workspace,
                            const char *text, size_t size, crn_term_sink *sink, crn_error *err)
{
    workspace->text.size = 0;
    workspace->token_count = 0;
    workspace->ascii = is_ascii(text, size);
    CRN_TRY((workspace->ascii ? normalise_ascii : normalise_unicode)(analyzer, &workspace->text,
                                                                     text, size, err));
    switch (analyzer->units) {
    case CRN_TEXT_WORDS:
        return analyze_words(analyzer, workspace, sink, err);
    case CRN_TEXT_CHARACTERS:
        return analyze_characters(analyzer, workspace, sink, err);
    case CRN_TEXT_WORDS_INSIDES:
        return analyze_word_insides(analyzer, workspace, sink, err);
    }
    return CRN_OK;
}
