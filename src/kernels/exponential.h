/* SPDX-License-Identifier: BSD-3-Clause */
/* exp and what is made of it, for one element, without branches: loops over these become vector
 * code.
 *
 * exp(x) = 2^n exp(r) with n the integer nearest to x / ln 2 and r = x - n ln 2, |r| <= 0.3466.
 * ln 2 is taken in two parts, the first with zeros at its end so that n times it is exact (Cody
 * and Waite, "Software Manual for the Elementary Functions", 1980). exp(r) is its Taylor
 * polynomial up to the term that drops below a tenth of the last bit: r^7 for float (the next
 * is 5e-9), r^13 for double (4e-18). 2^n is multiplied in two halves, so that results below the
 * normal range come out right. */
#ifndef CRN_KERNELS_EXPONENTIAL_H
#define CRN_KERNELS_EXPONENTIAL_H

#include <stdint.h>
#include <string.h>

#include "kernels/vector.h"

/* a * b + c. Named, so that one element gives the same bits in the middle of a vector and at a
 * loop's end. */
#if defined(__FMA__) || defined(__aarch64__)
#define MULTIPLY_ADD_f32(a, b, c) __builtin_fmaf(a, b, c)
#define MULTIPLY_ADD_f64(a, b, c) __builtin_fma(a, b, c)
#else
#define MULTIPLY_ADD_f32(a, b, c) ((a) * (b) + (c))
#define MULTIPLY_ADD_f64(a, b, c) ((a) * (b) + (c))
#endif

ALWAYS_INLINE float float_of_bits(uint32_t bits)
{
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

ALWAYS_INLINE uint32_t bits_of_float(float value)
{
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

ALWAYS_INLINE double double_of_bits(uint64_t bits)
{
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

ALWAYS_INLINE uint64_t bits_of_double(double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

/* Below -104 the result is 0, above 89 infinite; a NaN passes the comparisons and stays one.
 * Adding 1.5 2^23 rounds to an integer and leaves it in the low bits. */
ALWAYS_INLINE float exp_one_f32(float x)
{
    const float shift = 12582912.0f;
    x = x < -104.0f ? -104.0f : x;
    x = x > 89.0f ? 89.0f : x;
    float shifted = MULTIPLY_ADD_f32(x, 1.44269504f, shift);
    float n = shifted - shift;
    float r = MULTIPLY_ADD_f32(n, -0.693359375f, x);
    r = MULTIPLY_ADD_f32(n, 2.12194440e-4f, r);

    float p = 1.0f / 5040;
    p = MULTIPLY_ADD_f32(p, r, 1.0f / 720);
    p = MULTIPLY_ADD_f32(p, r, 1.0f / 120);
    p = MULTIPLY_ADD_f32(p, r, 1.0f / 24);
    p = MULTIPLY_ADD_f32(p, r, 1.0f / 6);
    p = MULTIPLY_ADD_f32(p, r, 0.5f);
    p = MULTIPLY_ADD_f32(p, r, 1.0f);
    p = MULTIPLY_ADD_f32(p, r, 1.0f);

    int32_t exponent = (int32_t)(bits_of_float(shifted) - bits_of_float(shift));
    int32_t half = exponent / 2;
    float low = float_of_bits((uint32_t)(half + 127) << 23);
    float high = float_of_bits((uint32_t)(exponent - half + 127) << 23);
    return p * low * high;
}

/* The same with the bounds of double: -746 and 710. */
ALWAYS_INLINE double exp_one_f64(double x)
{
    const double shift = 6755399441055744.0; /* 1.5 2^52 */
    x = x < -746.0 ? -746.0 : x;
    x = x > 710.0 ? 710.0 : x;
    double shifted = MULTIPLY_ADD_f64(x, 1.4426950408889634, shift);
    double n = shifted - shift;
    double r = MULTIPLY_ADD_f64(n, -0.693147180369123816490, x);
    r = MULTIPLY_ADD_f64(n, -1.90821492927058770002e-10, r);

    double p = 1.0 / 6227020800;
    p = MULTIPLY_ADD_f64(p, r, 1.0 / 479001600);
    p = MULTIPLY_ADD_f64(p, r, 1.0 / 39916800);
    p = MULTIPLY_ADD_f64(p, r, 1.0 / 3628800);
    p = MULTIPLY_ADD_f64(p, r, 1.0 / 362880);
    p = MULTIPLY_ADD_f64(p, r, 1.0 / 40320);
    p = MULTIPLY_ADD_f64(p, r, 1.0 / 5040);
    p = MULTIPLY_ADD_f64(p, r, 1.0 / 720);
    p = MULTIPLY_ADD_f64(p, r, 1.0 / 120);
    p = MULTIPLY_ADD_f64(p, r, 1.0 / 24);
    p = MULTIPLY_ADD_f64(p, r, 1.0 / 6);
    p = MULTIPLY_ADD_f64(p, r, 0.5);
    p = MULTIPLY_ADD_f64(p, r, 1.0);
    p = MULTIPLY_ADD_f64(p, r, 1.0);

    int64_t exponent = (int64_t)(bits_of_double(shifted) - bits_of_double(shift));
    int64_t half = exponent / 2;
    double low = double_of_bits((uint64_t)(half + 1023) << 52);
    double high = double_of_bits((uint64_t)(exponent - half + 1023) << 52);
    return p * low * high;
}

ALWAYS_INLINE float sigmoid_one_f32(float x)
{
    return 1.0f / (1.0f + exp_one_f32(-x));
}

ALWAYS_INLINE double sigmoid_one_f64(double x)
{
    return 1.0 / (1.0 + exp_one_f64(-x));
}

/* Near 0, where 1 - 2 / (exp(2x) + 1) would cancel, the approximations of Cephes (S. Moshier,
 * tanhf.c and tanh.c): x + x^3 P(x^2), and for double x + x^3 P(x^2) / Q(x^2). */
ALWAYS_INLINE float tanh_one_f32(float x)
{
    float size = x < 0 ? -x : x;
    float z = x * x;
    float p = -5.70498872745e-3f;
    p = MULTIPLY_ADD_f32(p, z, 2.06390887954e-2f);
    p = MULTIPLY_ADD_f32(p, z, -5.37397155531e-2f);
    p = MULTIPLY_ADD_f32(p, z, 1.33314422036e-1f);
    p = MULTIPLY_ADD_f32(p, z, -3.33332819422e-1f);
    float near = MULTIPLY_ADD_f32(p * z, x, x);
    float far = 1.0f - 2.0f / (exp_one_f32(size + size) + 1.0f);
    far = x < 0 ? -far : far;
    return size < 0.625f ? near : far;
}

ALWAYS_INLINE double tanh_one_f64(double x)
{
    double size = x < 0 ? -x : x;
    double z = x * x;
    double p = -9.64399179425052238628e-1;
    p = MULTIPLY_ADD_f64(p, z, -9.92877231001918586564e1);
    p = MULTIPLY_ADD_f64(p, z, -1.61468768441708447952e3);
    double q = z + 1.12811678491632931402e2;
    q = MULTIPLY_ADD_f64(q, z, 2.23548839060100448583e3);
    q = MULTIPLY_ADD_f64(q, z, 4.84406305325125486048e3);
    double near = MULTIPLY_ADD_f64(p * z / q, x, x);
    double far = 1.0 - 2.0 / (exp_one_f64(size + size) + 1.0);
    far = x < 0 ? -far : far;
    return size < 0.625 ? near : far;
}

/* exp(x) - 1 = 2 t / (1 - t) with t = tanh(x / 2): no cancellation near 0. For x <= 0. */
ALWAYS_INLINE float expm1_one_f32(float x)
{
    float t = tanh_one_f32(0.5f * x);
    return (t + t) / (1.0f - t);
}

ALWAYS_INLINE double expm1_one_f64(double x)
{
    double t = tanh_one_f64(0.5 * x);
    return (t + t) / (1.0 - t);
}

#endif
