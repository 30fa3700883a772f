/* SPDX-License-Identifier: BSD-3-Clause */
/* Python's integers of any length: decimal text <-> two's complement. The schoolbook way, nine
 * digits at a time; CRN_INT_MAX_DIGITS keeps its quadratic cost small. */
#include "format/python_int.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

enum { GROUP = 1000000000, GROUP_DIGITS = 9 };
/* 4300 digits are 14285 bits; this many bits cannot have fewer digits than the limit. */
enum { MAX_LIMBS = 14400 / 32 };

bool crn_int_from_bytes(const uint8_t *bytes, size_t size, int64_t *value)
{
    size_t minimal = crn_int_minimal_size(bytes, size);
    if (minimal > sizeof *value)
        return false;
    uint64_t bits = minimal > 0 && (bytes[minimal - 1] & 0x80) ? UINT64_MAX : 0;
    for (size_t i = minimal; i > 0; i--)
        bits = bits << 8 | bytes[i - 1];
    memcpy(value, &bits, sizeof *value);
    return true;
}

size_t crn_int_minimal_size(const uint8_t *bytes, size_t size)
{
    while (size > 1) {
        uint8_t top = bytes[size - 1];
        bool next_is_negative = (bytes[size - 2] & 0x80) != 0;
        if (!(top == 0x00 && !next_is_negative) && !(top == 0xff && next_is_negative))
            break;
        size--;
    }
    return size == 1 && bytes[0] == 0 ? 0 : size;
}

/* ---- two's complement <-> magnitude, in 32-bit limbs, the lowest first ---- */

static void negate(uint32_t *limbs, size_t count)
{
    uint64_t carry = 1;
    for (size_t i = 0; i < count; i++) {
        carry += (uint32_t)~limbs[i];
        limbs[i] = (uint32_t)carry;
        carry >>= 32;
    }
}

/* *limbs = *limbs * factor + addend; the caller keeps room for one more limb. */
static void multiply_add(uint32_t *limbs, size_t *count, uint32_t factor, uint32_t addend)
{
    uint64_t carry = addend;
    for (size_t i = 0; i < *count; i++) {
        carry += (uint64_t)limbs[i] * factor;
        limbs[i] = (uint32_t)carry;
        carry >>= 32;
    }
    if (carry > 0)
        limbs[(*count)++] = (uint32_t)carry;
}

/* *limbs /= divisor; gives the remainder and drops leading zeros. */
static uint32_t divide(uint32_t *limbs, size_t *count, uint32_t divisor)
{
    uint64_t rest = 0;
    for (size_t i = *count; i > 0; i--) {
        rest = rest << 32 | limbs[i - 1];
        limbs[i - 1] = (uint32_t)(rest / divisor);
        rest %= divisor;
    }
    while (*count > 0 && limbs[*count - 1] == 0)
        (*count)--;
    return (uint32_t)rest;
}

static crn_status read_digits(const char *digits, size_t length, uint32_t *limbs, size_t *count,
                              crn_error *err)
{
    if (length == 0)
        return crn_fail(err, CRN_FORMAT, "an integer has no digits");
    for (size_t i = 0; i < length; i++) {
        if (digits[i] < '0' || digits[i] > '9')
            return crn_fail(err, CRN_FORMAT, "an integer holds the byte 0x%02x",
                            (uint8_t)digits[i]);
        multiply_add(limbs, count, 10, (uint32_t)(digits[i] - '0'));
    }
    return CRN_OK;
}

crn_status crn_int_parse(const char *text, size_t length, uint8_t **bytes, size_t *size,
                         crn_error *err)
{
    bool negative = length > 0 && text[0] == '-';
    if (length > 0 && (text[0] == '-' || text[0] == '+')) {
        text++;
        length--;
    }
    if (length > CRN_INT_MAX_DIGITS)
        return crn_fail(err, CRN_LIMIT, "an integer has %zu digits; at most %d are read",
                        length, CRN_INT_MAX_DIGITS);
    uint32_t limbs[MAX_LIMBS + 1] = {0};
    size_t count = 0;
    CRN_TRY(read_digits(text, length, limbs, &count, err));
    count++; /* room for the sign */
    if (negative)
        negate(limbs, count);
    *bytes = crn_calloc(count, 4);
    if (*bytes == NULL)
        return crn_no_memory(err);
    for (size_t i = 0; i < 4 * count; i++)
        (*bytes)[i] = (uint8_t)(limbs[i / 4] >> (8 * (i % 4)));
    *size = crn_int_minimal_size(*bytes, 4 * count);
    return CRN_OK;
}

bool crn_int_add_decimal(crn_text *text, const uint8_t *bytes, size_t size)
{
    size = crn_int_minimal_size(bytes, size);
    if (size > 4 * (size_t)MAX_LIMBS)
        return false;
    bool negative = size > 0 && (bytes[size - 1] & 0x80);
    uint32_t limbs[MAX_LIMBS + 1];
    size_t count = size / 4 + 1;
    memset(limbs, negative ? 0xff : 0x00, sizeof limbs);
    for (size_t i = 0; i < size; i++)
        limbs[i / 4] = (limbs[i / 4] & ~(0xffu << (8 * (i % 4)))) | (uint32_t)bytes[i]
                                                                        << (8 * (i % 4));
    if (negative)
        negate(limbs, count);

    char digits[MAX_LIMBS * 10 + GROUP_DIGITS];
    size_t at = sizeof digits;
    do {
        uint32_t group = divide(limbs, &count, GROUP);
        for (int i = 0; i < GROUP_DIGITS; i++, group /= 10)
            digits[--at] = (char)('0' + group % 10);
    } while (count > 0);
    while (at + 1 < sizeof digits && digits[at] == '0')
        at++;
    if (sizeof digits - at > CRN_INT_MAX_DIGITS)
        return false;
    if (negative)
        crn_text_add_char(text, '-');
    crn_text_add_bytes(text, digits + at, sizeof digits - at);
    return text->status == CRN_OK;
}
