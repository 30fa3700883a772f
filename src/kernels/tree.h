/* SPDX-License-Identifier: BSD-3-Clause */
/* Decision trees as the traversal kernels want them.
 *
 * Children stand behind their parents, a right child behind its left sibling. Numbers are compared as keys: unsigned integers in the order of the numbers, with NaN
 * above all, so that a step is one comparison and one addition with carry:
 *
 *     at += delta(node) + (x[feature(node)] > key(node))
 *
 * A leaf asks a feature that rows do not have: it stands behind the others and its key is 0, so
 * that the comparison is false whatever the leaf's own key is (it is the leaf's number), and its
 * delta is 0: who has arrived stays. */
#ifndef CRN_KERNELS_TREE_H
#define CRN_KERNELS_TREE_H

#include <stdint.h>

/* Rows that are on their way at the same time. */
enum { CRN_TREE_LANES = 16 };

/* Nodes of trees that compare in float32. From the lowest bit: the feature (feature_bits),
 * whether a NaN goes right (1), delta (the rest of 32), and the key (32). */
typedef uint64_t crn_tree_node_narrow;

/* Nodes of trees that compare in float64, have categories, or are too large for narrow ones: 16
 * bytes. `link` has: whether a NaN goes right (1), whether the node asks for a category (1), and
 * delta. The key of a node that asks for a category is the number of its set. */
typedef struct crn_tree_node_wide {
    uint64_t key;
    uint32_t feature, link;
} crn_tree_node_wide;

enum {
    CRN_TREE_WIDE_NAN_RIGHT = 1,
    CRN_TREE_WIDE_CATEGORY = 2,
    CRN_TREE_WIDE_FLAG_BITS = 2,
    CRN_TREE_NARROW_FLAG_BITS = 1
};

/* A set of categories 0..255: bit c of 8 words. */
enum { CRN_CATEGORY_WORDS = 8 };

/* One tree of an ensemble. */
typedef struct crn_tree_root {
    int64_t first;  /* node */
    int64_t levels; /* splits on the longest path */
} crn_tree_root;

/* The keys of float32 and float64 numbers. -0.0 has the key of 0.0. */
static inline uint32_t crn_tree_key_f32(float x)
{
    union {
        float real;
        uint32_t bits;
    } u = {x + 0.0f};
    const uint32_t key = u.bits ^ ((0u - (u.bits >> 31)) | 0x80000000u);
    return x != x ? UINT32_MAX : key;
}

static inline uint64_t crn_tree_key_f64(double x)
{
    union {
        double real;
        uint64_t bits;
    } u = {x + 0.0};
    const uint64_t key = u.bits ^ ((0u - (u.bits >> 63)) | (uint64_t)1 << 63);
    return x != x ? UINT64_MAX : key;
}

#endif
