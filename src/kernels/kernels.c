/* SPDX-License-Identifier: BSD-3-Clause */
/* Chooses between the levels: the best one that this CPU and its system support, or a lower one
 * that the environment variable CRN_ISA names. */
#include "kernels/kernels.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#if defined(__x86_64__)

extern const crn_kernels crn_kernels_v2, crn_kernels_v3, crn_kernels_v4;

/* The features of the psABI's levels that the compiler may use (x86-64 psABI, table 3.1). */
static bool has_v2(void)
{
    return __builtin_cpu_supports("sse4.2") && __builtin_cpu_supports("ssse3") &&
           __builtin_cpu_supports("popcnt");
}

static bool has_v3(void)
{
    return has_v2() && __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") &&
           __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2");
}

static bool has_v4(void)
{
    return has_v3() && __builtin_cpu_supports("avx512f") &&
           __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512cd") &&
           __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
}

static const struct {
    const crn_kernels *table;
    bool (*available)(void);
} levels[] = {
    {&crn_kernels_v4, has_v4},
    {&crn_kernels_v3, has_v3},
    {&crn_kernels_v2, has_v2},
};

#else

extern const crn_kernels crn_kernels_baseline;

static bool always(void)
{
    return true;
}

static const struct {
    const crn_kernels *table;
    bool (*available)(void);
} levels[] = {{&crn_kernels_baseline, always}};

#endif

const crn_kernels *crn_kernels_at(int i)
{
    for (size_t level = 0; level < sizeof levels / sizeof *levels; level++) {
        if (levels[level].available() && i-- == 0)
            return levels[level].table;
    }
    return NULL;
}

const crn_kernels *crn_kernels_best(void)
{
    const char *wanted = getenv("CRN_ISA");
    for (int i = 0; wanted != NULL && crn_kernels_at(i) != NULL; i++) {
        if (strcmp(crn_kernels_at(i)->level, wanted) == 0)
            return crn_kernels_at(i);
    }
    return crn_kernels_at(0);
}
