/* SPDX-License-Identifier: BSD-3-Clause */
/* Text -> numbers, independent of the locale: strtod only ever meets digits here, never a
 * decimal point. */
#include "base/text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* No double or midpoint between two has more significant digits than 767; whatever follows
 * only tells "a little more", which one further digit can say. */
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
