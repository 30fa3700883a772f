/* SPDX-License-Identifier: BSD-3-Clause */
/* Floats as repr() writes them: the fewest digits that read back to the same value, and of
 * these the nearest. Independent of the locale: printf and strtod only ever meet digits here,
 * never a point. */
#include "base/text.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* Most digits that a shortest double needs. */
enum { MOST_DIGITS = 17 };

/* 0.d1d2d3... x 10^point. */
typedef struct decimal {
    char digits[MOST_DIGITS + 1];
    int count;
    int point;
} decimal;

/* ---- the usual range, in integers ---- */

__extension__ typedef unsigned __int128 u128;

static uint64_t power_of_ten(int exponent)
{
    uint64_t power = 1;
    while (exponent-- > 0)
        power *= 10;
    return power;
}

/* The digits of an integer below 10^18. */
static decimal digits_of(uint64_t number, int exponent)
{
    char reversed[20];
    int count = 0;
    for (; number > 0; number /= 10)
        reversed[count++] = (char)('0' + number % 10);
    decimal result = {.count = count, .point = count + exponent};
    for (int i = 0; i < count; i++)
        result.digits[i] = reversed[count - 1 - i];
    return result;
}

/* The shortest form by exact arithmetic, in the manner of Ryu (Adams, "Ryu: fast
 * float-to-string conversion", 2018), but for a range so small that no tables are needed: 1e-5
 * <= value, and no bit of the value worth more than 1. All that reads back to the value,
 * mantissa x 2^exponent, lies between the middles to its neighbours; as multiples of 2^-shift
 * and scaled by 10^scale to 17 digits these fit 128 bits: 4 x 2^53 x 10^21 < 2^125. */
static decimal shortest_by_integers(uint64_t mantissa, int exponent, bool uneven, int point)
{
    int scale = 17 - point, shift = 2 - exponent;
    u128 ten = (u128)power_of_ten(scale / 2) * power_of_ten(scale - scale / 2);
    u128 value = 4 * mantissa * ten;
    u128 below = value - (uneven ? 1 : 2) * ten;
    u128 above = value + 2 * ten;
    /* Reading rounds middles to even mantissas: then they belong to the interval. */
    bool even = mantissa % 2 == 0;
    uint64_t least = (uint64_t)((below - even) >> shift) + 1;
    uint64_t most = (uint64_t)((above - !even) >> shift);
    uint64_t kept = (uint64_t)(value >> shift);
    bool rest = value != (u128)kept << shift;

    /* Drop digits while the interval still holds a number without them. */
    int dropped = 0;
    uint64_t unit = 1;
    while ((least + 9) / 10 <= most / 10) {
        least = (least + 9) / 10;
        most /= 10;
        unit *= 10;
        dropped++;
    }
    uint64_t nearest = kept / unit;
    uint64_t remainder = kept % unit;
    if (unit == 1) {
        u128 half = (u128)1 << (shift - 1);
        u128 fraction = value - ((u128)kept << shift);
        nearest += fraction > half || (fraction == half && nearest % 2 == 1);
    } else {
        uint64_t half = unit / 2;
        nearest += remainder > half || (remainder == half && (rest || nearest % 2 == 1));
    }
    /* Below a power of two the interval is narrower, and the nearest may lie outside. */
    return digits_of(nearest < least ? least : nearest, dropped - scale);
}

/* How many digits stand before the point: value = 0.d... x 10^point. One off near a power of
 * ten does no harm. */
static int point_of(double value)
{
    int point = -4;
    for (double power = 1e-4; value >= power; power *= 10)
        point++;
    return point;
}

/* ---- the rest, by trying ---- */

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

static decimal shortest_by_trying(double value, bool single)
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
    return number;
}

/* The fewest digits that read back to value > 0, and of these the nearest. */
static decimal shortest(double value, bool single)
{
    int bits = single ? FLT_MANT_DIG : DBL_MANT_DIG;
    int exponent;
    double fraction = frexp(value, &exponent); /* in [0.5, 1) */
    exponent -= bits;
    decimal number;
    if (value >= 1e-5 && exponent <= 0) {
        uint64_t mantissa = (uint64_t)ldexp(fraction, bits);
        number = shortest_by_integers(mantissa, exponent, fraction == 0.5, point_of(value));
    } else {
        number = shortest_by_trying(value, single);
    }
    while (number.count > 1 && number.digits[number.count - 1] == '0')
        number.count--;
    return number;
}

/* ---- layout ---- */

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
