/* SPDX-License-Identifier: BSD-3-Clause */
/* The table of one level: each kernel's function, in the order of kernels.def. */
#include "kernels/kernels.h"
#include "kernels/level.h"

#if defined(__AVX512F__)
#define LEVEL_NAME "x86-64-v4"
#elif defined(__AVX2__)
#define LEVEL_NAME "x86-64-v3"
#elif defined(__x86_64__)
#define LEVEL_NAME "x86-64-v2"
#elif defined(__aarch64__)
#define LEVEL_NAME "aarch64"
#else
#define LEVEL_NAME "generic"
#endif

extern const crn_kernels CRN_AT_LEVEL(kernels);

const crn_kernels CRN_AT_LEVEL(kernels) = {
    .level = LEVEL_NAME,
#define CRN_KERNEL(result, name, arguments) .name = CRN_AT_LEVEL(name),
#include "kernels/kernels.def"
#undef CRN_KERNEL
};
