/* SPDX-License-Identifier: BSD-3-Clause */
/* Between UTF-8 text and NumPy's fixed-width strings. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "format/table.h"

bool crn_field_is_missing(const char *text, size_t size)
{
    static const char *const words[] = {"nan", "null"};
    if (size == 0 || (size == 2 && memcmp(text, "NA", 2) == 0))
        return true;
    for (size_t word = 0; word < sizeof words / sizeof words[0]; word++) {
        size_t i = 0;
        while (i < size && words[word][i] != '\0' && (text[i] | 0x20) == words[word][i])
            i++;
        if (i == size && words[word][i] == '\0')
            return true;
    }
    return false;
}

/* The code points of a span; out NULL: only their number. False when it is not UTF-8. */
static bool decode(const char *text, const crn_span *span, uint32_t *out, int64_t *count)
{
    const char *bytes = text + span->begin;
    size_t at = 0;
    int64_t n = 0;
    while (at < span->size) {
        uint32_t code_point = (unsigned char)bytes[at];
        if (code_point < 0x80)
            at += code_point == '"' && span->doubled ? 2 : 1;
        else if (!crn_utf8_next(bytes, span->size, &at, &code_point))
            return false;
        if (out != NULL)
            out[n] = code_point;
        n++;
    }
    *count = n;
    return true;
}

static crn_status not_utf8(const char *text, size_t begin, crn_error *err)
{
    size_t line = 1;
    for (size_t i = 0; i < begin; i++)
        line += text[i] == '\n';
    return crn_fail_at(err, CRN_FORMAT, begin, "line %zu is not UTF-8 text", line);
}

crn_status crn_strings_of_spans(const char *text, const crn_span *spans, int64_t rows,
                                uint64_t limit, crn_array *out, crn_error *err)
{
    int64_t longest = 1, length;
    for (int64_t i = 0; i < rows; i++) {
        if (!decode(text, &spans[i], NULL, &length))
            return not_utf8(text, spans[i].begin, err);
        longest = length > longest ? length : longest;
    }
    if ((uint64_t)longest > limit / 4 / (uint64_t)(rows > 0 ? rows : 1))
        return crn_fail(err, CRN_LIMIT,
                        "%lld strings of up to %lld characters need more than the limit "
                        "memory_bytes = %llu",
                        (long long)rows, (long long)longest, (unsigned long long)limit);
    crn_array strings = CRN_ARRAY_INIT;
    CRN_TRY(crn_array_create(CRN_STRING, 4 * longest, 1, &rows, &strings, err));
    for (int64_t i = 0; i < rows; i++)
        decode(text, &spans[i], (uint32_t *)strings.data + i * longest, &length);
    *out = strings;
    return CRN_OK;
}

void crn_text_add_element(crn_text *out, const crn_array *strings, int64_t i)
{
    const char *at = (const char *)strings->data + i * strings->strides[0];
    if (strings->dtype == CRN_BYTES) {
        const char *nul = memchr(at, '\0', (size_t)strings->itemsize);
        crn_text_add_bytes(out, at,
                           nul != NULL ? (size_t)(nul - at) : (size_t)strings->itemsize);
        return;
    }
    for (int64_t j = 0; j < strings->itemsize / 4; j++) {
        uint32_t code_point;
        memcpy(&code_point, at + 4 * j, 4);
        if (code_point == 0)
            break;
        crn_text_add_code_point(out, code_point);
    }
}
