/* SPDX-License-Identifier: BSD-3-Clause */
/* Looks for NaN and infinity, whose exponents are all ones. Integer tests, which compilers
 * vectorise; arrays are given up at the first part that has one. */
#include <string.h>

#include "kernels/kernels.h"
#include "kernels/level.h"

enum { PART = 4096 };

#define DEFINE_ALL_FINITE(R, U, suffix, exponent)                                              \
    int CRN_AT_LEVEL(all_finite_##suffix)(int64_t n, const R *x)                               \
    {                                                                                          \
        for (int64_t begin = 0; begin < n; begin += PART) {                                    \
            const int64_t size = n - begin < PART ? n - begin : PART;                          \
            U any = 0;                                                                         \
            for (int64_t i = 0; i < size; i++) {                                               \
                U bits;                                                                        \
                memcpy(&bits, x + begin + i, sizeof bits);                                     \
                any |= (bits & (exponent)) == (exponent);                                      \
            }                                                                                  \
            if (any != 0)                                                                      \
                return 0;                                                                      \
        }                                                                                      \
        return 1;                                                                              \
    }

DEFINE_ALL_FINITE(float, uint32_t, f32, (uint32_t)0xff << 23)
DEFINE_ALL_FINITE(double, uint64_t, f64, (uint64_t)0x7ff << 52)
