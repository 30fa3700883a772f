/* SPDX-License-Identifier: BSD-3-Clause */
#include "base/unicode.h"

#include <utf8proc.h>

#include "base/text.h"

typedef struct code_range {
    uint32_t first, last;
} code_range;

static bool is_within(const code_range *ranges, size_t count, uint32_t code_point)
{
    for (size_t i = 0; i < count; i++) {
        if (code_point >= ranges[i].first && code_point <= ranges[i].last)
            return true;
    }
    return false;
}

#define IS_WITHIN(ranges, code_point)                                                          \
    is_within(ranges, sizeof ranges / sizeof *ranges, code_point)

/* ---- classes ---- */

bool crn_unicode_is_word(uint32_t code_point)
{
    if (code_point < 0x80)
        return (code_point >= '0' && code_point <= '9') || code_point == '_' ||
               ((code_point | 0x20) >= 'a' && (code_point | 0x20) <= 'z');
    switch (utf8proc_category((utf8proc_int32_t)code_point)) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_ND:
    case UTF8PROC_CATEGORY_NL:
    case UTF8PROC_CATEGORY_NO:
        return true;
    default:
        return false;
    }
}

bool crn_unicode_is_space(uint32_t code_point)
{
    static const code_range spaces[] = {{0x09, 0x0D},     {0x1C, 0x20},     {0x85, 0x85},
                                        {0xA0, 0xA0},     {0x1680, 0x1680}, {0x2000, 0x200A},
                                        {0x2028, 0x2029}, {0x202F, 0x202F}, {0x205F, 0x205F},
                                        {0x3000, 0x3000}};
    return IS_WITHIN(spaces, code_point);
}

bool crn_unicode_is_combining(uint32_t code_point)
{
    return utf8proc_get_property((utf8proc_int32_t)code_point)->combining_class != 0;
}

/* ---- UTF-8 ---- */

uint32_t crn_unicode_next(const char *utf8, size_t size, size_t *position)
{
    uint32_t code_point;
    const size_t at = *position;
    if (crn_utf8_next(utf8, size, position, &code_point))
        return code_point;
    *position = at + 1;
    return 0xFFFD;
}

char *crn_unicode_put(char *out, uint32_t code_point)
{
    if (code_point < 0x80) {
        *out++ = (char)code_point;
    } else if (code_point < 0x800) {
        *out++ = (char)(0xC0 | code_point >> 6);
        *out++ = (char)(0x80 | (code_point & 0x3F));
    } else if (code_point < 0x10000) {
        *out++ = (char)(0xE0 | code_point >> 12);
        *out++ = (char)(0x80 | (code_point >> 6 & 0x3F));
        *out++ = (char)(0x80 | (code_point & 0x3F));
    } else {
        *out++ = (char)(0xF0 | code_point >> 18);
        *out++ = (char)(0x80 | (code_point >> 12 & 0x3F));
        *out++ = (char)(0x80 | (code_point >> 6 & 0x3F));
        *out++ = (char)(0x80 | (code_point & 0x3F));
    }
    return out;
}

/* The code point that ends before *position, which moves to its beginning. */
static uint32_t previous(const char *utf8, size_t *position)
{
    size_t at = *position - 1;
    while (at > 0 && *position - at < CRN_MOST_UTF8 && ((unsigned char)utf8[at] & 0xC0) == 0x80)
        at--;
    size_t end = at;
    const uint32_t code_point = crn_unicode_next(utf8, *position, &end);
    *position = at;
    return code_point;
}

/* ---- lower case ---- */

/* The derived property Cased (Unicode 15, DerivedCoreProperties.txt) of what is not
 * Case_Ignorable: the letters with case, and some signs. */
static bool is_cased(uint32_t code_point)
{
    static const code_range others[] = {
        {0xAA, 0xAA},       {0xBA, 0xBA},       {0x2160, 0x217F},  {0x24B6, 0x24E9},
        {0x1F130, 0x1F149}, {0x1F150, 0x1F169}, {0x1F170, 0x1F189}};
    switch (utf8proc_category((utf8proc_int32_t)code_point)) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
        return true;
    default:
        return IS_WITHIN(others, code_point);
    }
}

/* The derived property Case_Ignorable. */
static bool is_case_ignorable(uint32_t code_point)
{
    static const code_range others[] = {
        {0x27, 0x27},     {0x2E, 0x2E},     {0x3A, 0x3A},     {0xB7, 0xB7},
        {0x387, 0x387},   {0x55F, 0x55F},   {0x5F4, 0x5F4},   {0x2018, 0x2019},
        {0x2024, 0x2024}, {0x2027, 0x2027}, {0xFE13, 0xFE13}, {0xFE52, 0xFE52},
        {0xFE55, 0xFE55}, {0xFF07, 0xFF07}, {0xFF0E, 0xFF0E}, {0xFF1A, 0xFF1A}};
    switch (utf8proc_category((utf8proc_int32_t)code_point)) {
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_ME:
    case UTF8PROC_CATEGORY_CF:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_SK:
        return true;
    default:
        return IS_WITHIN(others, code_point);
    }
}

/* A sigma stands at the end of a word when a cased letter is before it and none behind it, not
 * counting what is ignorable (Unicode 15, SpecialCasing.txt, Final_Sigma). */
static bool is_final_sigma(const char *utf8, size_t size, size_t at)
{
    uint32_t code_point = 0;
    size_t before = at, behind = at;
    bool found = false;
    while (before > 0 && !found) {
        code_point = previous(utf8, &before);
        found = !is_case_ignorable(code_point);
    }
    if (!found || !is_cased(code_point))
        return false;
    (void)crn_unicode_next(utf8, size, &behind);
    while (behind < size) {
        code_point = crn_unicode_next(utf8, size, &behind);
        if (!is_case_ignorable(code_point))
            return !is_cased(code_point);
    }
    return true;
}

int crn_unicode_lower(const char *utf8, size_t size, size_t at, uint32_t code_point,
                      uint32_t out[CRN_MOST_LOWER])
{
    enum { CAPITAL_I_WITH_DOT = 0x130, DOT_ABOVE = 0x307, CAPITAL_SIGMA = 0x3A3 };
    enum { SMALL_SIGMA = 0x3C3, FINAL_SIGMA = 0x3C2 };
    if (code_point == CAPITAL_I_WITH_DOT) {
        out[0] = 'i';
        out[1] = DOT_ABOVE;
        return 2;
    }
    if (code_point == CAPITAL_SIGMA)
        out[0] = is_final_sigma(utf8, size, at) ? FINAL_SIGMA : SMALL_SIGMA;
    else
        out[0] = (uint32_t)utf8proc_tolower((utf8proc_int32_t)code_point);
    return 1;
}

/* ---- decomposition ---- */

int crn_unicode_nfkd(uint32_t code_point, uint32_t out[CRN_MOST_NFKD])
{
    utf8proc_int32_t parts[CRN_MOST_NFKD];
    int boundary = 0;
    const utf8proc_ssize_t count =
        utf8proc_decompose_char((utf8proc_int32_t)code_point, parts, CRN_MOST_NFKD,
                                UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT, &boundary);
    if (count < 1 || count > CRN_MOST_NFKD) {
        out[0] = code_point;
        return 1;
    }
    for (utf8proc_ssize_t i = 0; i < count; i++)
        out[i] = (uint32_t)parts[i];
    return (int)count;
}
