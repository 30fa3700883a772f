/* SPDX-License-Identifier: BSD-3-Clause */
/* Strings of pickles. The codecs are Python's: raw-unicode-escape and surrogatepass of Objects/
 * unicodeobject.c, and the string escapes of Python 2. */
#include "format/pickle_text.h"

#include <string.h>

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

/* `count` hexadecimal digits at text[at]; false when there are fewer. */
static bool read_hex(const char *text, size_t size, size_t at, size_t count, uint32_t *value)
{
    if (at > size || count > size - at)
        return false;
    *value = 0;
    for (size_t i = 0; i < count; i++) {
        int digit = hex_digit(text[at + i]);
        if (digit < 0)
            return false;
        *value = *value << 4 | (uint32_t)digit;
    }
    return true;
}

static bool is_surrogate(uint32_t code_point)
{
    return code_point >= 0xd800 && code_point <= 0xdfff;
}

void crn_pickle_add_code_point(crn_text *out, uint32_t code_point)
{
    if (!is_surrogate(code_point)) {
        crn_text_add_code_point(out, code_point);
        return;
    }
    const uint8_t bytes[] = {(uint8_t)(0xe0 | code_point >> 12),
                             (uint8_t)(0x80 | (code_point >> 6 & 0x3f)),
                             (uint8_t)(0x80 | (code_point & 0x3f))};
    crn_text_add_bytes(out, bytes, sizeof bytes);
}

bool crn_pickle_next_code_point(const char *text, size_t size, size_t *position,
                                uint32_t *code_point)
{
    size_t at = *position;
    if (at >= size)
        return false;
    const uint8_t *bytes = (const uint8_t *)text + at;
    if (size - at >= 3 && bytes[0] == 0xed && bytes[1] >= 0xa0 && bytes[1] <= 0xbf &&
        (bytes[2] & 0xc0) == 0x80) {
        *code_point = 0xd000u | (uint32_t)(bytes[1] & 0x3f) << 6 | (bytes[2] & 0x3f);
        *position = at + 3;
        return true;
    }
    return crn_utf8_next(text, size, position, code_point);
}

bool crn_pickle_is_utf8(const char *text, size_t size)
{
    if (crn_utf8_is_valid(text, size))
        return true;
    size_t position = 0;
    uint32_t code_point;
    while (crn_pickle_next_code_point(text, size, &position, &code_point))
        ;
    return position == size;
}

bool crn_pickle_decode_unicode(const char *line, size_t size, crn_text *out)
{
    for (size_t i = 0; i < size; i++) {
        if (line[i] != '\\') {
            crn_text_add_code_point(out, (uint8_t)line[i]);
            continue;
        }
        char kind = i + 1 < size ? line[i + 1] : '\0';
        if (kind == 'u' || kind == 'U') {
            size_t digits = kind == 'u' ? 4 : 8;
            uint32_t code_point;
            if (!read_hex(line, size, i + 2, digits, &code_point) || code_point > 0x10ffff)
                return false;
            crn_pickle_add_code_point(out, code_point);
            i += 1 + digits;
        } else {
            /* A backslash before anything else is itself, and so is what follows it. */
            crn_text_add_char(out, '\\');
            if (++i < size)
                crn_text_add_code_point(out, (uint8_t)line[i]);
        }
    }
    return true;
}

void crn_pickle_encode_unicode(const char *utf8, size_t size, bool raw_controls, crn_text *out)
{
    size_t position = 0;
    uint32_t c;
    while (crn_pickle_next_code_point(utf8, size, &position, &c)) {
        if (c > 0xffff)
            crn_text_printf(out, "\\U%08x", c);
        else if (c > 0xff || c == '\\' || c == '\n' ||
                 (!raw_controls && (c == 0 || c == '\r' || c == 0x1a)))
            crn_text_printf(out, "\\u%04x", c);
        else
            crn_text_add_char(out, (char)c);
    }
}

/* One escape of a string literal, `at` on the character behind the backslash; moves past it. */
static bool decode_escape(const char *text, size_t size, size_t *at, crn_text *out)
{
    static const char names[] = "\\'\"abfnrtv";
    static const char values[] = "\\'\"\a\b\f\n\r\t\v";
    char c = text[(*at)++];
    const char *name = c != '\0' ? strchr(names, c) : NULL;
    if (name != NULL) {
        crn_text_add_char(out, values[name - names]);
        return true;
    }
    if (c == 'x') {
        uint32_t value;
        if (!read_hex(text, size, *at, 2, &value))
            return false;
        crn_text_add_char(out, (char)value);
        *at += 2;
        return true;
    }
    if (c >= '0' && c <= '7') {
        unsigned value = (unsigned)(c - '0');
        for (int i = 0; i < 2 && *at < size && text[*at] >= '0' && text[*at] <= '7'; i++)
            value = value * 8 + (unsigned)(text[(*at)++] - '0');
        crn_text_add_char(out, (char)value);
        return true;
    }
    crn_text_add_char(out, '\\');
    crn_text_add_char(out, c);
    return true;
}

bool crn_pickle_decode_string(const char *line, size_t size, crn_text *out)
{
    if (size < 2 || (line[0] != '\'' && line[0] != '"') || line[size - 1] != line[0])
        return false;
    size--;
    size_t at = 1;
    while (at < size) {
        if (line[at] != '\\')
            crn_text_add_char(out, line[at++]);
        else if (++at >= size || !decode_escape(line, size, &at, out))
            return false;
    }
    return true;
}
