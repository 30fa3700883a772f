/* SPDX-License-Identifier: BSD-3-Clause */
/* Numbers in tables, fast: digits go into one 64-bit integer w, and w x 10^e is rounded once,
 * from an exact product or quotient. Up to 19 digits and exponents to 27 (5^27 is the last
 * power of five in 64 bits) that is all that occurs in practice; the rest goes to
 * crn_parse_double(). */
#include "base/text.h"
#include "format/column.h"

__extension__ typedef unsigned __int128 wide;

enum { MOST_DIGITS = 19, MOST_POWER = 27 };

static const uint64_t power_of_5[MOST_POWER + 1] = {
    UINT64_C(1),
    UINT64_C(5),
    UINT64_C(25),
    UINT64_C(125),
    UINT64_C(625),
    UINT64_C(3125),
    UINT64_C(15625),
    UINT64_C(78125),
    UINT64_C(390625),
    UINT64_C(1953125),
    UINT64_C(9765625),
    UINT64_C(48828125),
    UINT64_C(244140625),
    UINT64_C(1220703125),
    UINT64_C(6103515625),
    UINT64_C(30517578125),
    UINT64_C(152587890625),
    UINT64_C(762939453125),
    UINT64_C(3814697265625),
    UINT64_C(19073486328125),
    UINT64_C(95367431640625),
    UINT64_C(476837158203125),
    UINT64_C(2384185791015625),
    UINT64_C(11920928955078125),
    UINT64_C(59604644775390625),
    UINT64_C(298023223876953125),
    UINT64_C(1490116119384765625),
    UINT64_C(7450580596923828125),
};

/* bits x 2^exponent rounded to the nearest double, halves to even. `sticky`: bits were lost
 * below. */
static double round_wide(wide bits, int exponent, bool sticky)
{
    uint64_t high = (uint64_t)(bits >> 64);
    int length = high != 0 ? 128 - __builtin_clzll(high) : 64 - __builtin_clzll((uint64_t)bits);
    int drop = length - 53;
    if (drop <= 0)
        return ldexp((double)(uint64_t)bits, exponent);
    uint64_t kept = (uint64_t)(bits >> drop);
    wide rest = bits & (((wide)1 << drop) - 1), half = (wide)1 << (drop - 1);
    if (rest > half || (rest == half && (sticky || (kept & 1) != 0)))
        kept++;
    return ldexp((double)kept, exponent + drop);
}

/* w x 10^power, correctly rounded. Clinger's case first: both factors are exact doubles ("How
 * to read floating point numbers accurately", 1990). */
static double scale(uint64_t w, int power)
{
    static const double power_of_10[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                         1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                         1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    if (w <= UINT64_C(1) << 53 && power >= -22 && power <= 22)
        return power < 0 ? (double)w / power_of_10[-power] : (double)w * power_of_10[power];
    if (power >= 0)
        return round_wide((wide)w * power_of_5[power], power, false);
    /* w / 5^n / 2^n, with 64 bits below the point: at least 64 bits of quotient. */
    int shift = __builtin_clzll(w);
    wide numerator = (wide)(w << shift) << 64;
    uint64_t divisor = power_of_5[-power];
    wide quotient = numerator / divisor;
    return round_wide(quotient, power - 64 - shift, quotient * divisor != numerator);
}

/* [e sign digits]; *at stays where it is when they are not there. */
static void scan_exponent(const char **at, const char *end, int64_t *power)
{
    const char *p = *at;
    if (p == end || (*p | 0x20) != 'e')
        return;
    p++;
    bool negative = p < end && *p == '-';
    if (p < end && (*p == '-' || *p == '+'))
        p++;
    if (p == end || *p < '0' || *p > '9')
        return;
    int exponent = 0;
    for (; p < end && *p >= '0' && *p <= '9'; p++)
        exponent = exponent < 100000 ? exponent * 10 + (*p - '0') : exponent;
    *power += negative ? -exponent : exponent;
    *at = p;
}

/* What crn_scan_number() found on its way. */
typedef struct scanned {
    uint64_t w;
    int64_t power;
    int64_t digits; /* in w, without leading zeros */
    bool any;       /* a digit was there */
    bool integer;   /* neither point nor exponent */
} scanned;

static void scan_digits(const char **at, const char *end, scanned *number, int step)
{
    const char *p = *at;
    uint64_t w = number->w;
    for (; p < end && *p >= '0' && *p <= '9'; p++) {
        w = w * 10 + (uint64_t)(*p - '0');
        number->digits += w != 0;
    }
    number->power -= step * (p - *at);
    number->any = number->any || p > *at;
    number->w = w;
    *at = p;
}

const char *crn_scan_number(const char *at, const char *end, crn_column_kind *kind,
                            crn_column_cell *cell)
{
    const char *begin = at;
    scanned number = {.integer = true};
    bool negative = at < end && *at == '-';
    if (at < end && (*at == '-' || *at == '+'))
        at++;
    scan_digits(&at, end, &number, 0);
    if (at < end && *at == '.') {
        at++;
        number.integer = false;
        scan_digits(&at, end, &number, 1);
    }
    if (!number.any)
        return NULL;
    const char *mantissa_end = at;
    scan_exponent(&at, end, &number.power);
    number.integer = number.integer && at == mantissa_end;

    /* 19 digits never overflow w; more may have. */
    bool fits = number.digits <= MOST_DIGITS;
    if (number.integer && fits && number.w <= (uint64_t)INT64_MAX + negative) {
        *kind = CRN_COLUMN_WHOLE;
        cell->whole = (int64_t)(negative ? 0 - number.w : number.w);
        return at;
    }
    *kind = CRN_COLUMN_REAL;
    if (fits && number.w == 0)
        cell->real = negative ? -0.0 : 0.0;
    else if (fits && number.power >= -MOST_POWER && number.power <= MOST_POWER)
        cell->real = (negative ? -1.0 : 1.0) * scale(number.w, (int)number.power);
    else if (!crn_parse_double(begin, (size_t)(at - begin), &cell->real))
        return NULL;
    return at;
}
