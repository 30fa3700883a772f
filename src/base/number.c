/* SPDX-License-Identifier: BSD-3-Clause */
/* Numbers as text, both ways, equal to Python's and independent of the locale: printf and
 * strtod only ever meet digits here, never a decimal point. */
#include "base/text.h"

#include <errno.h>
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- writing
 * ---------------------------------------------------------------------------------- */

/* Most digits that a shortest double needs. */
enum { MOST_DIGITS = 17 };

/* 0.d1d2d3... x 10^point. */
typedef struct decimal {
    char digits[MOST_DIGITS + 1];
    int count;
    int point;
} decimal;

/* The value rounded correctly to `count` digits. */
static decimal round_to(double value, int count)
{
    char text[MOST_DIGITS + 32];
    snprintf(text, sizeof text, "%.*e", count - 1, value);
    decimal result = {.count = 0};
    const char *at = text;
    for (; *at != 'e'; at++) {
        if (*at >= '0' && *at <= '9')
            result.digits[result.count++] = *at;
    }
    result.point = (int)strtol(at + 1, NULL, 10) + 1;
    return result;
}

/* The next larger number of as many digits. */
static decimal round_up(decimal number)
{
    int i = number.count - 1;
    while (i >= 0 && number.digits[i] == '9')
        number.digits[i--] = '0';
    if (i >= 0) {
        number.digits[i]++;
    } else {
        number.digits[0] = '1';
        number.point++;
    }
    return number;
}

static bool reads_back(const decimal *number, double value, bool single)
{
    char text[MOST_DIGITS + 16];
    snprintf(text, sizeof text, "%.*se%d", number->count, number->digits,
             number->point - number->count);
    return single ? (double)strtof(text, NULL) == value : strtod(text, NULL) == value;
}

/* True when the neighbour below is nearer than the one above. Then the nearest decimal of some
 * length may lie below and miss the value while the next one above still hits it (2**-44). */
static bool is_power_of_two(double value)
{
    int exponent;
    return frexp(value, &exponent) == 0.5;
}

/* The fewest digits that read back to value > 0, and of these the nearest. */
static decimal shortest(double value, bool single)
{
    /* So many digits survive the way decimal -> binary -> decimal (DBL_DIG, FLT_DIG): when they
     * read back, the shortest form is the same number without its last zeros. Subnormals keep
     * fewer. */
    int safe = single ? FLT_DIG : DBL_DIG;
    int most = single ? FLT_DECIMAL_DIG : DBL_DECIMAL_DIG;
    int first = value < (single ? (double)FLT_MIN : DBL_MIN) ? 1 : safe;
    bool uneven = is_power_of_two(value);
    decimal number = {.count = 0};
    for (int count = first; count <= most; count++) {
        number = round_to(value, count);
        if (reads_back(&number, value, single))
            break;
        decimal above = uneven ? round_up(number) : number;
        if (uneven && reads_back(&above, value, single)) {
            number = above;
            break;
        }
    }
    while (number.count > 1 && number.digits[number.count - 1] == '0')
        number.count--;
    return number;
}

static void add_zeros(crn_text *text, int count)
{
    for (int i = 0; i < count; i++)
        crn_text_add_char(text, '0');
}

static void add_with_exponent(crn_text *text, const decimal *number)
{
    crn_text_add_char(text, number->digits[0]);
    if (number->count > 1)
        crn_text_add_char(text, '.');
    crn_text_add_bytes(text, number->digits + 1, (size_t)(number->count - 1));
    int exponent = number->point - 1;
    crn_text_printf(text, "e%c%02d", exponent < 0 ? '-' : '+', abs(exponent));
}

static void add_positional(crn_text *text, const decimal *number)
{
    int before = number->point > 0 ? number->point : 0; /* digits before the point */
    int taken = before < number->count ? before : number->count;
    if (before == 0)
        crn_text_add_char(text, '0');
    crn_text_add_bytes(text, number->digits, (size_t)taken);
    add_zeros(text, before - taken);
    crn_text_add_char(text, '.');
    if (taken == number->count)
        crn_text_add_char(text, '0');
    add_zeros(text, -number->point);
    crn_text_add_bytes(text, number->digits + taken, (size_t)(number->count - taken));
}

/* Writes what both float types share; true when that was all. */
static bool add_sign_or_special(crn_text *text, double value)
{
    if (isnan(value)) {
        crn_text_add_string(text, "nan");
        return true;
    }
    if (signbit(value))
        crn_text_add_char(text, '-');
    if (isinf(value))
        crn_text_add_string(text, "inf");
    else if (value == 0)
        crn_text_add_string(text, "0.0");
    return isinf(value) || value == 0;
}

void crn_text_add_double(crn_text *text, double value)
{
    if (add_sign_or_special(text, value))
        return;
    /* float.__repr__ decides by the place of the point (CPython 3.11, Python/pystrtod.c, format
     * 'r'). */
    decimal number = shortest(fabs(value), false);
    if (number.point > -4 && number.point <= 16)
        add_positional(text, &number);
    else
        add_with_exponent(text, &number);
}

void crn_text_add_float(crn_text *text, float value)
{
    if (add_sign_or_special(text, (double)value))
        return;
    /* NumPy decides by the value itself, so that float32(0.0001), a little less, becomes 1e-04
     * (scalartypes.c.src of NumPy 1.26; 2.4 changes to exponents from 1e6 on already). */
    double size = fabs((double)value);
    decimal number = shortest(size, true);
    if (size >= 1e-4 && size < 1e16)
        add_positional(text, &number);
    else
        add_with_exponent(text, &number);
}

/* ---- reading
 * ---------------------------------------------------------------------------------- */

/* No double or midpoint between two has more significant digits than 767; whatever follows only
 * tells "a little more", which one further digit can say. */
enum { KEPT_DIGITS = 800 };

/* The parts of a decimal number: digits without leading zeros x 10^exponent. */
typedef struct digits {
    char text[KEPT_DIGITS + 32];
    int count;
    bool more; /* a digit other than 0 was left out */
    int64_t exponent;
} digits;

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static void keep_digit(digits *number, char digit, bool after_point)
{
    if (number->count == 0 && digit == '0') {
        number->exponent -= after_point;
    } else if (number->count < KEPT_DIGITS) {
        number->text[number->count++] = digit;
        number->exponent -= after_point;
    } else {
        number->more |= digit != '0';
        number->exponent += !after_point;
    }
}

/* digits [. digits] or . digits; false when there is no digit. */
static bool read_mantissa(const char **at, const char *end, digits *number)
{
    bool any = false, after_point = false;
    for (; *at < end; (*at)++) {
        if (**at == '.' && !after_point) {
            after_point = true;
        } else if (is_digit(**at)) {
            any = true;
            keep_digit(number, **at, after_point);
        } else {
            break;
        }
    }
    return any;
}

/* Nothing, or e [sign] digits. */
static bool read_exponent(const char **at, const char *end, digits *number)
{
    enum { BEYOND = 100000000 }; /* any exponent this large is infinity or zero */
    if (*at == end)
        return true;
    if (**at != 'e' && **at != 'E')
        return false;
    (*at)++;
    bool negative = *at < end && **at == '-';
    if (*at < end && (**at == '-' || **at == '+'))
        (*at)++;
    if (*at == end)
        return false;
    int64_t exponent = 0;
    for (; *at < end && is_digit(**at); (*at)++) {
        if (exponent < BEYOND)
            exponent = exponent * 10 + (**at - '0');
    }
    number->exponent += negative ? -exponent : exponent;
    return *at == end;
}

/* A number of few digits and a small exponent is exact after one multiplication or division
 * (Clinger, "How to read floating point numbers accurately", 1990). */
static bool read_exactly(const digits *number, double *value)
{
    static const double powers[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                    1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                    1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    if (number->count > 15 || number->exponent > 22 || number->exponent < -22)
        return false;
    int64_t whole = 0;
    for (int i = 0; i < number->count; i++)
        whole = whole * 10 + (number->text[i] - '0');
    if (number->exponent < 0)
        *value = (double)whole / powers[-number->exponent];
    else
        *value = (double)whole * powers[number->exponent];
    return true;
}

static double value_of(digits *number)
{
    double value;
    if (read_exactly(number, &value))
        return value;
    if (number->count == 0)
        return 0.0;
    if (number->more) {
        number->text[number->count++] = '1';
        number->exponent--;
    }
    long long exponent = (long long)number->exponent;
    snprintf(number->text + number->count, sizeof number->text - (size_t)number->count, "e%lld",
             exponent);
    return strtod(number->text, NULL);
}

static bool equals_ignoring_case(const char *at, const char *end, const char *lower)
{
    if ((size_t)(end - at) != strlen(lower))
        return false;
    for (; at < end; at++, lower++) {
        char c = *at >= 'A' && *at <= 'Z' ? (char)(*at - 'A' + 'a') : *at;
        if (c != *lower)
            return false;
    }
    return true;
}

bool crn_parse_double(const char *text, size_t size, double *value)
{
    const char *at = text, *end = text + size;
    bool negative = at < end && *at == '-';
    if (at < end && (*at == '-' || *at == '+'))
        at++;

    double magnitude;
    if (equals_ignoring_case(at, end, "inf") || equals_ignoring_case(at, end, "infinity")) {
        magnitude = (double)INFINITY;
    } else if (equals_ignoring_case(at, end, "nan")) {
        magnitude = (double)NAN;
    } else {
        digits number;
        number.count = 0;
        number.more = false;
        number.exponent = 0;
        if (!read_mantissa(&at, end, &number) || !read_exponent(&at, end, &number))
            return false;
        magnitude = value_of(&number);
    }
    *value = negative ? -magnitude : magnitude;
    return true;
}

bool crn_parse_int(const char *text, size_t size, int64_t *value)
{
    const char *at = text, *end = text + size;
    bool negative = at < end && *at == '-';
    if (at < end && (*at == '-' || *at == '+'))
        at++;
    if (at == end)
        return false;
    int64_t result = 0; /* negative all the way: INT64_MIN has no positive twin */
    for (; at < end; at++) {
        if (!is_digit(*at) || __builtin_mul_overflow(result, 10, &result) ||
            __builtin_sub_overflow(result, *at - '0', &result))
            return false;
    }
    if (!negative)
        return !__builtin_sub_overflow(0, result, value);
    *value = result;
    return true;
}
