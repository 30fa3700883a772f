/* SPDX-License-Identifier: BSD-3-Clause */
/* The elements of table columns as text, both ways. */
#include <stdlib.h>
#include <string.h>

#include "base/cell.h"
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

/* The characters of a string element up to the NULs that pad it, as UTF-8. */
static void add_string(crn_text *out, const char *at, crn_dtype dtype, int64_t itemsize)
{
    if (dtype == CRN_BYTES) {
        const char *nul = memchr(at, '\0', (size_t)itemsize);
        crn_text_add_bytes(out, at, nul != NULL ? (size_t)(nul - at) : (size_t)itemsize);
        return;
    }
    for (int64_t i = 0; i < itemsize / 4; i++) {
        uint32_t code_point;
        memcpy(&code_point, at + 4 * i, 4);
        if (code_point == 0)
            break;
        crn_text_add_code_point(out, code_point);
    }
}

static void add_integer(crn_text *out, const crn_array *element)
{
    int64_t value = 0;
    if (element->dtype == CRN_UINT64) {
        memcpy(&value, element->data, sizeof value);
        crn_text_printf(out, "%llu", (unsigned long long)value);
    } else if (crn_array_copy_to(element, CRN_INT64, 8, &value, NULL) == CRN_OK) {
        crn_text_printf(out, "%lld", (long long)value);
    }
}

static void add_float(crn_text *out, const crn_array *element)
{
    float single = 0;
    double real = 0;
    if (element->dtype == CRN_FLOAT64) {
        memcpy(&real, element->data, sizeof real);
        crn_text_add_double(out, real);
    } else if (crn_array_copy_to(element, CRN_FLOAT32, 4, &single, NULL) == CRN_OK) {
        crn_text_add_float(out, single);
    }
}

void crn_text_add_element(crn_text *out, const crn_array *column, int64_t i)
{
    crn_array element = *column;
    element.data = (char *)column->data + i * column->strides[0];
    element.ndim = 0;
    switch (column->dtype) {
    case CRN_STRING:
    case CRN_BYTES:
        add_string(out, element.data, column->dtype, column->itemsize);
        break;
    case CRN_OBJECT:
        crn_text_add_cell(out, (const crn_cell *)element.data);
        break;
    case CRN_BOOL:
        crn_text_add_string(out, *(const uint8_t *)element.data != 0 ? "True" : "False");
        break;
    default:
        if (crn_dtype_is_float(column->dtype))
            add_float(out, &element);
        else
            add_integer(out, &element);
    }
}

crn_status crn_table_check_writable(const crn_table *table, const char *format, crn_error *err)
{
    crn_array column;
    for (int64_t i = 0; crn_table_column(table, i, &column); i++) {
        if (column.ndim != 1)
            return crn_fail(err, CRN_UNSUPPORTED,
                            "an array of %d axes cannot be written as %s: write .npy",
                            column.ndim, format);
        if (!crn_dtype_is_number(column.dtype) && column.dtype != CRN_STRING &&
            column.dtype != CRN_BYTES && column.dtype != CRN_OBJECT)
            return crn_fail(err, CRN_UNSUPPORTED, "%s cannot be written as %s: write .npy",
                            crn_dtype_name(column.dtype), format);
    }
    return CRN_OK;
}
