/* SPDX-License-Identifier: BSD-3-Clause */
/* Numbers of rows as keys that trees compare. */
#include "kernels/kernels.h"
#include "kernels/level.h"
#include "kernels/tree.h"

/* Rows into a tile, feature by feature; `stride` is 1 for one row alone. Behind the features
 * stands the one that leaves ask. Returns whether there is a NaN. */
#define DEFINE_KEYS(name, K, R, key_of)                                                        \
    int CRN_AT_LEVEL(name)(int64_t rows, int64_t features, const R *x, int64_t stride,         \
                           K *keys)                                                            \
    {                                                                                          \
        K most = 0;                                                                            \
        for (int64_t row = 0; row < rows; row++) {                                             \
            const R *mine = x + row * features;                                                \
            for (int64_t j = 0; j < features; j++) {                                           \
                const K key = key_of(mine[j]);                                                 \
                most = key > most ? key : most;                                                \
                keys[j * stride + row] = key;                                                  \
            }                                                                                  \
            keys[features * stride + row] = 0;                                                 \
        }                                                                                      \
        return most == (K)-1;                                                                  \
    }

#define ROUNDED_KEY(x)      crn_tree_key_f32((float)(x))
#define ROUNDED_WIDE_KEY(x) crn_tree_key_f64((double)(float)(x))

DEFINE_KEYS(tree_keys_f32, uint32_t, float, crn_tree_key_f32)
DEFINE_KEYS(tree_keys_rounded, uint32_t, double, ROUNDED_KEY)
DEFINE_KEYS(tree_keys_f64, uint64_t, double, crn_tree_key_f64)
DEFINE_KEYS(tree_keys_rounded_wide, uint64_t, double, ROUNDED_WIDE_KEY)
