/* SPDX-License-Identifier: BSD-3-Clause */
/* Vectors of the level's width, in GCC's vector extension: arithmetic is written with the usual
 * operators, and only what those cannot say (parts of a vector, sums across it) is done by
 * hand. */
#ifndef CRN_KERNELS_VECTOR_H
#define CRN_KERNELS_VECTOR_H

#include <stdint.h>
#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#if defined(__AVX512F__)
#define VECTOR_BYTES     64
#define VECTOR_REGISTERS 32
#elif defined(__AVX2__)
#define VECTOR_BYTES     32
#define VECTOR_REGISTERS 16
#elif defined(__aarch64__)
#define VECTOR_BYTES     16
#define VECTOR_REGISTERS 32
#else
#define VECTOR_BYTES     16
#define VECTOR_REGISTERS 16
#endif

typedef float v_f32 __attribute__((vector_size(VECTOR_BYTES)));
typedef double v_f64 __attribute__((vector_size(VECTOR_BYTES)));

#define ALWAYS_INLINE static inline __attribute__((always_inline))

/* Unrolls the next loop whole: gcc 12 keeps an array of accumulators in registers only when no
 * index is left at run time. clang does it by itself. */
#if defined(__clang__)
#define UNROLL
#else
#define UNROLL _Pragma("GCC unroll 16")
#endif

/* ---- whole vectors ---- */

#define DEFINE_LOAD_STORE(R, suffix)                                                           \
    ALWAYS_INLINE v_##suffix load_##suffix(const R *p)                                         \
    {                                                                                          \
        v_##suffix v;                                                                          \
        memcpy(&v, p, sizeof v);                                                               \
        return v;                                                                              \
    }                                                                                          \
    ALWAYS_INLINE void store_##suffix(R *p, v_##suffix v)                                      \
    {                                                                                          \
        memcpy(p, &v, sizeof v);                                                               \
    }

DEFINE_LOAD_STORE(float, f32)
DEFINE_LOAD_STORE(double, f64)
#undef DEFINE_LOAD_STORE

/* v, but low where it is less and high where it is more; NaN stays. Comparisons give lanes of
 * all ones or zeros. */
#define DEFINE_BOUND(suffix)                                                                   \
    ALWAYS_INLINE v_##suffix bound_##suffix(v_##suffix v, v_##suffix low, v_##suffix high)     \
    {                                                                                          \
        const __typeof__(v < low) less = v<low, more = v> high;                                \
        const __typeof__(less) bits = (__typeof__(less))v & ~(less | more);                    \
        return (v_##suffix)(bits | (less & (__typeof__(less))low) |                            \
                            (more & (__typeof__(less))high));                                  \
    }

DEFINE_BOUND(f32)
DEFINE_BOUND(f64)
#undef DEFINE_BOUND

/* ---- the first n lanes ---- */

/* 0 < n <= lanes. The others load as 0, and a store leaves their memory alone. */

#if defined(__AVX512F__)

ALWAYS_INLINE v_f32 load_first_f32(const float *p, int n)
{
    return (v_f32)_mm512_maskz_loadu_ps((__mmask16)(0xffffu >> (16 - n)), p);
}

ALWAYS_INLINE void store_first_f32(float *p, v_f32 v, int n)
{
    _mm512_mask_storeu_ps(p, (__mmask16)(0xffffu >> (16 - n)), (__m512)v);
}

ALWAYS_INLINE v_f64 load_first_f64(const double *p, int n)
{
    return (v_f64)_mm512_maskz_loadu_pd((__mmask8)(0xffu >> (8 - n)), p);
}

ALWAYS_INLINE void store_first_f64(double *p, v_f64 v, int n)
{
    _mm512_mask_storeu_pd(p, (__mmask8)(0xffu >> (8 - n)), (__m512d)v);
}

ALWAYS_INLINE float sum_f32(v_f32 v)
{
    return _mm512_reduce_add_ps((__m512)v);
}

ALWAYS_INLINE double sum_f64(v_f64 v)
{
    return _mm512_reduce_add_pd((__m512d)v);
}

#elif defined(__AVX2__)

/* Masks for n lanes are windows into these: all ones, then all zeros. */
static const int32_t first_lanes_f32[16] = {-1, -1, -1, -1, -1, -1, -1, -1};
static const int64_t first_lanes_f64[8] = {-1, -1, -1, -1};

ALWAYS_INLINE __m256i mask_f32(int n)
{
    return _mm256_loadu_si256((const __m256i *)(const void *)(first_lanes_f32 + 8 - n));
}

ALWAYS_INLINE __m256i mask_f64(int n)
{
    return _mm256_loadu_si256((const __m256i *)(const void *)(first_lanes_f64 + 4 - n));
}

ALWAYS_INLINE v_f32 load_first_f32(const float *p, int n)
{
    return (v_f32)_mm256_maskload_ps(p, mask_f32(n));
}

ALWAYS_INLINE void store_first_f32(float *p, v_f32 v, int n)
{
    _mm256_maskstore_ps(p, mask_f32(n), (__m256)v);
}

ALWAYS_INLINE v_f64 load_first_f64(const double *p, int n)
{
    return (v_f64)_mm256_maskload_pd(p, mask_f64(n));
}

ALWAYS_INLINE void store_first_f64(double *p, v_f64 v, int n)
{
    _mm256_maskstore_pd(p, mask_f64(n), (__m256d)v);
}

ALWAYS_INLINE float sum_f32(v_f32 v)
{
    __m128 four =
        _mm_add_ps(_mm256_castps256_ps128((__m256)v), _mm256_extractf128_ps((__m256)v, 1));
    __m128 two = _mm_add_ps(four, _mm_movehl_ps(four, four));
    return _mm_cvtss_f32(_mm_add_ss(two, _mm_movehdup_ps(two)));
}

ALWAYS_INLINE double sum_f64(v_f64 v)
{
    __m128d two =
        _mm_add_pd(_mm256_castpd256_pd128((__m256d)v), _mm256_extractf128_pd((__m256d)v, 1));
    return _mm_cvtsd_f64(_mm_add_sd(two, _mm_unpackhi_pd(two, two)));
}

#else

#define DEFINE_FIRST(R, suffix)                                                                \
    ALWAYS_INLINE v_##suffix load_first_##suffix(const R *p, int n)                            \
    {                                                                                          \
        v_##suffix v = {0};                                                                    \
        UNROLL                                                                                 \
        for (int i = 0; i < VECTOR_BYTES / (int)sizeof(R); i++)                                \
            v[i] = i < n ? p[i] : 0;                                                           \
        return v;                                                                              \
    }                                                                                          \
    ALWAYS_INLINE void store_first_##suffix(R *p, v_##suffix v, int n)                         \
    {                                                                                          \
        UNROLL                                                                                 \
        for (int i = 0; i < VECTOR_BYTES / (int)sizeof(R); i++) {                              \
            if (i < n)                                                                         \
                p[i] = v[i];                                                                   \
        }                                                                                      \
    }                                                                                          \
    ALWAYS_INLINE R sum_##suffix(v_##suffix v)                                                 \
    {                                                                                          \
        R sum = v[0];                                                                          \
        UNROLL                                                                                 \
        for (int i = 1; i < VECTOR_BYTES / (int)sizeof(R); i++)                                \
            sum += v[i];                                                                       \
        return sum;                                                                            \
    }

DEFINE_FIRST(float, f32)
DEFINE_FIRST(double, f64)
#undef DEFINE_FIRST

#endif

/* ---- numbers that are not zero ---- */

/* Writes the indices below n <= 65536 of the elements that are not zero, in ascending order, and returns how many
 * there are. NaN is not zero. `at` has room for n and a vector more. */

#if defined(__AVX512F__)

#define DEFINE_NONZERO(R, suffix, lanes, compare, zero)                                        \
    ALWAYS_INLINE int nonzero_##suffix(int n, const R *x, uint16_t *at)                        \
    {                                                                                          \
        __m512i index =                                                                        \
            _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);           \
        int count = 0;                                                                         \
        for (int i = 0; i < n; i += lanes) {                                                   \
            const v_##suffix v =                                                               \
                n - i < lanes ? load_first_##suffix(x + i, n - i) : load_##suffix(x + i);      \
            const __mmask16 mask = compare(v, zero(), _CMP_NEQ_UQ);                            \
            const __m512i kept = _mm512_maskz_compress_epi32(mask, index);                     \
            _mm256_storeu_si256((__m256i *)(void *)(at + count), _mm512_cvtepi32_epi16(kept)); \
            count += __builtin_popcount(mask);                                                 \
            index = _mm512_add_epi32(index, _mm512_set1_epi32(lanes));                         \
        }                                                                                      \
        return count;                                                                          \
    }

DEFINE_NONZERO(float, f32, 16, _mm512_cmp_ps_mask, _mm512_setzero_ps)
DEFINE_NONZERO(double, f64, 8, _mm512_cmp_pd_mask, _mm512_setzero_pd)

#else

#define DEFINE_NONZERO(R, suffix)                                                              \
    ALWAYS_INLINE int nonzero_##suffix(int n, const R *x, uint16_t *at)                        \
    {                                                                                          \
        int count = 0;                                                                         \
        for (int i = 0; i < n; i++) {                                                          \
            at[count] = (uint16_t)i;                                                           \
            count += x[i] != 0;                                                                \
        }                                                                                      \
        return count;                                                                          \
    }

DEFINE_NONZERO(float, f32)
DEFINE_NONZERO(double, f64)

#endif
#undef DEFINE_NONZERO

#endif
