/* SPDX-License-Identifier: BSD-3-Clause */
/* Names made from class names, as keras/src/utils/naming.py (3.15). */
#include "keras/naming.h"

static bool is_upper(char c)
{
    return c >= 'A' && c <= 'Z';
}

static bool is_lower(char c)
{
    return c >= 'a' && c <= 'z';
}

static bool is_word(char c)
{
    return is_upper(c) || is_lower(c) || (c >= '0' && c <= '9') || c == '_' || (c & 0x80) != 0;
}

/* Keras's two substitutions in one: a capital begins a word before a small letter, and behind
 * one. */
static void add_snake_case(const char *name, crn_text *out)
{
    char last = '\0';
    for (const char *at = name; *at != '\0'; at++) {
        if (!is_word(*at))
            continue;
        if (is_upper(*at) && last != '\0' && (is_lower(at[1]) || is_lower(last)))
            crn_text_add_char(out, '_');
        crn_text_add_char(out, is_upper(*at) ? (char)(*at - 'A' + 'a') : *at);
        last = *at;
    }
}

static const char *keep(crn_document *document, crn_text *text)
{
    const char *kept = NULL;
    if (text->status == CRN_OK)
        kept = crn_arena_text(document->arena, text->size > 0 ? text->data : "", text->size);
    crn_text_free(text);
    return kept;
}

const char *crn_snake_case(crn_document *document, const char *class_name)
{
    crn_text text = CRN_TEXT_INIT;
    add_snake_case(class_name, &text);
    return keep(document, &text);
}

const char *crn_numbered_name(crn_document *document, const char *base, size_t place)
{
    crn_text text = CRN_TEXT_INIT;
    crn_text_add_string(&text, base);
    if (place > 0)
        crn_text_printf(&text, "_%zu", place);
    return keep(document, &text);
}
