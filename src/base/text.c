/* SPDX-License-Identifier: BSD-3-Clause */
/* The growing string. Failures stick to it, so that a writer of many pieces asks once, at the
 * end. */
#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_CAPACITY = 64 };
#define DEFAULT_CAP ((size_t)1 << 30)

static size_t most_bytes(const crn_text *text)
{
    return text->cap > 0 ? text->cap : DEFAULT_CAP;
}

/* Makes room for `size` more bytes and the NUL behind them. */
static bool reserve(crn_text *text, size_t size)
{
    if (text->status != CRN_OK)
        return false;
    if (size > most_bytes(text) || text->size > most_bytes(text) - size) {
        text->status = CRN_LIMIT;
        return false;
    }
    size_t needed = text->size + size + 1;
    if (needed <= text->capacity)
        return true;

    size_t capacity = text->capacity > 0 ? text->capacity : FIRST_CAPACITY;
    while (capacity < needed)
        capacity = capacity > SIZE_MAX / 2 ? needed : capacity * 2;
    char *grown = realloc(text->data, capacity);
    if (grown == NULL) {
        text->status = CRN_NO_MEMORY;
        return false;
    }
    text->data = grown;
    text->capacity = capacity;
    return true;
}

void crn_text_free(crn_text *text)
{
    free(text->data);
    *text = (crn_text){.cap = text->cap};
}

void crn_text_clear(crn_text *text)
{
    text->size = 0;
    text->status = CRN_OK;
    if (text->data != NULL)
        text->data[0] = '\0';
}

void crn_text_truncate(crn_text *text, size_t size)
{
    if (text->data == NULL || size >= text->size)
        return;
    text->size = size;
    text->data[size] = '\0';
}

crn_status crn_text_status(const crn_text *text, crn_error *err)
{
    switch (text->status) {
    case CRN_OK:
        return CRN_OK;
    case CRN_LIMIT:
        return crn_fail(err, CRN_LIMIT, "text would be longer than %zu bytes",
                        most_bytes(text));
    default:
        return crn_no_memory(err);
    }
}

void crn_text_add_bytes(crn_text *text, const void *bytes, size_t size)
{
    if (!reserve(text, size))
        return;
    if (size > 0)
        memcpy(text->data + text->size, bytes, size);
    text->size += size;
    text->data[text->size] = '\0';
}

void crn_text_add_string(crn_text *text, const char *string)
{
    crn_text_add_bytes(text, string, strlen(string));
}

void crn_text_add_char(crn_text *text, char c)
{
    crn_text_add_bytes(text, &c, 1);
}

void crn_text_printf(crn_text *text, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    va_list again;
    va_copy(again, args);
    int size = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (size < 0 && text->status == CRN_OK)
        text->status = CRN_NO_MEMORY;
    if (size >= 0 && reserve(text, (size_t)size)) {
        vsnprintf(text->data + text->size, (size_t)size + 1, format, again);
        text->size += (size_t)size;
    }
    va_end(again);
}

char *crn_text_take(crn_text *text, crn_error *err)
{
    crn_text_add_bytes(text, "", 0);
    if (crn_text_status(text, err) != CRN_OK)
        return NULL;
    char *data = text->data;
    text->data = NULL;
    crn_text_free(text);
    return data;
}
