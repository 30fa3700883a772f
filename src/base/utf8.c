/* SPDX-License-Identifier: BSD-3-Clause */
/* UTF-8 (RFC 3629): reading, checking, writing, and strings as Python's repr() shows them. */
#include "base/text.h"

#include <string.h>

/* How many bytes a sequence has, and the bits of its first byte that count; 0 for a byte that
 * cannot begin one. */
static int sequence_length(unsigned char first, uint32_t *bits)
{
    if (first < 0x80) {
        *bits = first;
        return 1;
    }
    if (first >= 0xC2 && first <= 0xDF) {
        *bits = first & 0x1Fu;
        return 2;
    }
    if (first >= 0xE0 && first <= 0xEF) {
        *bits = first & 0x0Fu;
        return 3;
    }
    if (first >= 0xF0 && first <= 0xF4) {
        *bits = first & 0x07u;
        return 4;
    }
    return 0;
}

/* Reads a sequence that may be a lone surrogate, as pickle's "surrogatepass" writes it. */
static bool next_with_surrogates(const char *utf8, size_t size, size_t *position,
                                 uint32_t *code_point)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    const unsigned char *at = (const unsigned char *)utf8 + *position;
    uint32_t value;
    int length = sequence_length(at[0], &value);
    if (length == 0 || (size_t)length > size - *position)
        return false;
    for (int i = 1; i < length; i++) {
        if ((at[i] & 0xC0) != 0x80)
            return false;
        value = value << 6 | (at[i] & 0x3Fu);
    }
    if (value < least[length] || value > 0x10FFFF)
        return false;
    *position += (size_t)length;
    *code_point = value;
    return true;
}

static bool is_surrogate(uint32_t code_point)
{
    return code_point >= 0xD800 && code_point <= 0xDFFF;
}

bool crn_utf8_next(const char *utf8, size_t size, size_t *position, uint32_t *code_point)
{
    size_t next = *position;
    uint32_t value;
    if (!next_with_surrogates(utf8, size, &next, &value) || is_surrogate(value))
        return false;
    *position = next;
    *code_point = value;
    return true;
}

bool crn_utf8_is_valid(const char *utf8, size_t size)
{
    size_t position = 0;
    uint32_t code_point;
    while (position < size) {
        if ((unsigned char)utf8[position] < 0x80)
            position++;
        else if (!crn_utf8_next(utf8, size, &position, &code_point))
            return false;
    }
    return true;
}

void crn_text_add_code_point(crn_text *text, uint32_t code_point)
{
    if (is_surrogate(code_point) || code_point > 0x10FFFF)
        code_point = 0xFFFD;
    char bytes[4];
    size_t size;
    if (code_point < 0x80) {
        bytes[0] = (char)code_point;
        size = 1;
    } else if (code_point < 0x800) {
        bytes[0] = (char)(0xC0 | code_point >> 6);
        size = 2;
    } else if (code_point < 0x10000) {
        bytes[0] = (char)(0xE0 | code_point >> 12);
        size = 3;
    } else {
        bytes[0] = (char)(0xF0 | code_point >> 18);
        size = 4;
    }
    for (size_t i = 1; i < size; i++)
        bytes[i] = (char)(0x80 | (code_point >> 6 * (size - 1 - i) & 0x3F));
    crn_text_add_bytes(text, bytes, size);
}

/* ---- repr() ---- */

/* Code points that Python 3.11's str.isprintable() refuses, without those that Unicode has not
 * assigned yet: these change from version to version. In order. */
static const struct {
    uint32_t first, last;
} unprintable[] = {
    {0x0000, 0x001F},   {0x007F, 0x00A0},   {0x00AD, 0x00AD},   {0x0600, 0x0605},
    {0x061C, 0x061C},   {0x06DD, 0x06DD},   {0x070F, 0x070F},   {0x0890, 0x0891},
    {0x08E2, 0x08E2},   {0x1680, 0x1680},   {0x180E, 0x180E},   {0x2000, 0x200F},
    {0x2028, 0x202F},   {0x205F, 0x2064},   {0x2066, 0x206F},   {0x3000, 0x3000},
    {0xD800, 0xF8FF},   {0xFEFF, 0xFEFF},   {0xFFF9, 0xFFFB},   {0xFFFE, 0xFFFF},
    {0x110BD, 0x110BD}, {0x110CD, 0x110CD}, {0x13430, 0x13438}, {0x1BCA0, 0x1BCA3},
    {0x1D173, 0x1D17A}, {0xE0001, 0xE0001}, {0xE0020, 0xE007F}, {0xF0000, 0x10FFFF},
};

static bool is_printable(uint32_t code_point)
{
    for (size_t i = 0; i < sizeof unprintable / sizeof unprintable[0]; i++) {
        if (code_point < unprintable[i].first)
            return true;
        if (code_point <= unprintable[i].last)
            return false;
    }
    return true;
}

static void add_escaped(crn_text *text, uint32_t code_point, char quote)
{
    if (code_point == '\n')
        crn_text_add_string(text, "\\n");
    else if (code_point == '\r')
        crn_text_add_string(text, "\\r");
    else if (code_point == '\t')
        crn_text_add_string(text, "\\t");
    else if (code_point == '\\' || code_point == (unsigned char)quote)
        crn_text_printf(text, "\\%c", (char)code_point);
    else if (is_printable(code_point))
        crn_text_add_code_point(text, code_point);
    else if (code_point <= 0xFF)
        crn_text_printf(text, "\\x%02x", (unsigned)code_point);
    else if (code_point <= 0xFFFF)
        crn_text_printf(text, "\\u%04x", (unsigned)code_point);
    else
        crn_text_printf(text, "\\U%08x", (unsigned)code_point);
}

void crn_text_add_python_string(crn_text *text, const char *utf8, size_t size)
{
    bool single = size > 0 && memchr(utf8, '\'', size) != NULL;
    bool both = single && memchr(utf8, '"', size) != NULL;
    char quote = single && !both ? '"' : '\'';
    crn_text_add_char(text, quote);
    size_t position = 0;
    while (position < size) {
        uint32_t code_point;
        /* A byte that is no UTF-8 shows as \x.. rather than hiding the rest. */
        if (next_with_surrogates(utf8, size, &position, &code_point))
            add_escaped(text, code_point, quote);
        else
            crn_text_printf(text, "\\x%02x", (unsigned char)utf8[position++]);
    }
    crn_text_add_char(text, quote);
}
