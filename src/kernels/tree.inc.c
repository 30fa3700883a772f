/* SPDX-License-Identifier: BSD-3-Clause */
/* Traversal of decision trees. A step waits for two loads, one behind the other; so sixteen rows
 * (of one tree) or sixteen trees (for one row) are on their way at the same time, and nothing is
 * decided by a jump but whether all have arrived. */
#include "kernels/tree.h"

#include "kernels/kernels.h"
#include "kernels/level.h"

enum { LANES = CRN_TREE_LANES, LEVELS_BETWEEN_LOOKS = 4 };

#define ALWAYS_INLINE static inline __attribute__((always_inline))

/* Keys of a tile lie feature by feature, a row a lane; those of one row densely. */
#define PLACE(feature, lane, tiled)                                                            \
    ((tiled) ? (size_t)(feature)*LANES + (lane) : (size_t)(feature))

ALWAYS_INLINE uint32_t next_narrow(const crn_tree_node_narrow *nodes, uint32_t at, int bits,
                                   const uint32_t *x, int lane, int tiled, int nan)
{
    const uint32_t link = nodes[at].link;
    const uint32_t mine = x[PLACE(link & ((1u << bits) - 1), (size_t)lane, tiled)];
    uint32_t right = nodes[at].key < mine;
    if (nan)
        right = mine == UINT32_MAX ? link >> bits & 1 : right;
    return at + (link >> bits >> CRN_TREE_NARROW_FLAG_BITS) + right;
}

ALWAYS_INLINE uint32_t next_wide(const crn_tree_node_wide *nodes, uint32_t at,
                                 const uint32_t *sets, const uint64_t *x, int lane, int tiled,
                                 int nan)
{
    const uint32_t link = nodes[at].link;
    const uint64_t mine = x[PLACE(nodes[at].feature, (size_t)lane, tiled)];
    uint32_t right = nodes[at].key < mine;
    if (nan) {
        if (link & CRN_TREE_WIDE_CATEGORY && mine != UINT64_MAX) {
            const uint32_t *set = sets + nodes[at].key * CRN_CATEGORY_WORDS;
            right = ~set[mine >> 5 & 7] >> (mine & 31) & 1;
        }
        right = mine == UINT64_MAX ? link & CRN_TREE_WIDE_NAN_RIGHT : right;
    }
    return at + (link >> CRN_TREE_WIDE_FLAG_BITS) + right;
}

/* `levels` steps of all lanes, or fewer when all are in leaves before. */
ALWAYS_INLINE void descend_narrow(const crn_tree_node_narrow *nodes, int bits, int64_t levels,
                                  const uint32_t *x, int tiled, int nan, uint32_t *at)
{
    for (int64_t left = levels; left > 0;) {
        const int64_t now = left < LEVELS_BETWEEN_LOOKS ? left : LEVELS_BETWEEN_LOOKS;
        for (int64_t level = 0; level < now; level++) {
#pragma GCC unroll 16
            for (int lane = 0; lane < LANES; lane++)
                at[lane] = next_narrow(nodes, at[lane], bits, x, lane, tiled, nan);
        }
        left -= now;
        uint32_t on_the_way = 0;
        for (int lane = 0; lane < LANES && left > 0; lane++)
            on_the_way |= nodes[at[lane]].link >> bits >> CRN_TREE_NARROW_FLAG_BITS;
        if (on_the_way == 0)
            break;
    }
}

ALWAYS_INLINE void descend_wide(const crn_tree_node_wide *nodes, const uint32_t *sets,
                                int64_t levels, const uint64_t *x, int tiled, int nan,
                                uint32_t *at)
{
    for (int64_t left = levels; left > 0;) {
        const int64_t now = left < LEVELS_BETWEEN_LOOKS ? left : LEVELS_BETWEEN_LOOKS;
        for (int64_t level = 0; level < now; level++) {
#pragma GCC unroll 16
            for (int lane = 0; lane < LANES; lane++)
                at[lane] = next_wide(nodes, at[lane], sets, x, lane, tiled, nan);
        }
        left -= now;
        uint32_t on_the_way = 0;
        for (int lane = 0; lane < LANES && left > 0; lane++)
            on_the_way |= nodes[at[lane]].link >> CRN_TREE_WIDE_FLAG_BITS;
        if (on_the_way == 0)
            break;
    }
}

void CRN_AT_LEVEL(tree_tiles_narrow)(const crn_tree_node_narrow *nodes, int feature_bits,
                                     crn_tree_root root, int64_t tiles, int64_t features,
                                     const uint32_t *x, int nan, uint32_t *leaves)
{
    const crn_tree_node_narrow *tree = nodes + root.first;
    for (int64_t tile = 0; tile < tiles; tile++) {
        const uint32_t *rows = x + tile * features * LANES;
        uint32_t at[LANES] = {0};
        if (nan)
            descend_narrow(tree, feature_bits, root.levels, rows, 1, 1, at);
        else
            descend_narrow(tree, feature_bits, root.levels, rows, 1, 0, at);
        for (int lane = 0; lane < LANES; lane++)
            leaves[tile * LANES + lane] = tree[at[lane]].key;
    }
}

void CRN_AT_LEVEL(tree_tiles_wide)(const crn_tree_node_wide *nodes, const uint32_t *sets,
                                   crn_tree_root root, int64_t tiles, int64_t features,
                                   const uint64_t *x, int nan, uint32_t *leaves)
{
    const crn_tree_node_wide *tree = nodes + root.first;
    for (int64_t tile = 0; tile < tiles; tile++) {
        const uint64_t *rows = x + tile * features * LANES;
        uint32_t at[LANES] = {0};
        if (nan)
            descend_wide(tree, sets, root.levels, rows, 1, 1, at);
        else
            descend_wide(tree, sets, root.levels, rows, 1, 0, at);
        for (int lane = 0; lane < LANES; lane++)
            leaves[tile * LANES + lane] = (uint32_t)tree[at[lane]].key;
    }
}

/* The next trees for the lanes; lanes without one go down the last tree again. Returns the
 * levels of the deepest. */
ALWAYS_INLINE int64_t begin_trees(const crn_tree_root *roots, int64_t trees, int64_t first,
                                  uint32_t *at)
{
    int64_t levels = 0;
    for (int lane = 0; lane < LANES; lane++) {
        const int64_t tree = first + lane < trees ? first + lane : trees - 1;
        at[lane] = (uint32_t)roots[tree].first;
        levels = roots[tree].levels > levels ? roots[tree].levels : levels;
    }
    return levels;
}

void CRN_AT_LEVEL(tree_row_narrow)(const crn_tree_node_narrow *nodes, int feature_bits,
                                   const crn_tree_root *roots, int64_t trees, const uint32_t *x,
                                   int nan, uint32_t *leaves)
{
    for (int64_t first = 0; first < trees; first += LANES) {
        uint32_t at[LANES];
        const int64_t levels = begin_trees(roots, trees, first, at);
        if (nan)
            descend_narrow(nodes, feature_bits, levels, x, 0, 1, at);
        else
            descend_narrow(nodes, feature_bits, levels, x, 0, 0, at);
        for (int lane = 0; lane < LANES && first + lane < trees; lane++)
            leaves[first + lane] = nodes[at[lane]].key;
    }
}

void CRN_AT_LEVEL(tree_row_wide)(const crn_tree_node_wide *nodes, const uint32_t *sets,
                                 const crn_tree_root *roots, int64_t trees, const uint64_t *x,
                                 int nan, uint32_t *leaves)
{
    for (int64_t first = 0; first < trees; first += LANES) {
        uint32_t at[LANES];
        const int64_t levels = begin_trees(roots, trees, first, at);
        if (nan)
            descend_wide(nodes, sets, levels, x, 0, 1, at);
        else
            descend_wide(nodes, sets, levels, x, 0, 0, at);
        for (int lane = 0; lane < LANES && first + lane < trees; lane++)
            leaves[first + lane] = (uint32_t)nodes[at[lane]].key;
    }
}

/* ---- keys ---- */

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
