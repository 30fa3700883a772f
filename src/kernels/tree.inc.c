/* SPDX-License-Identifier: BSD-3-Clause */
/* Traversal of decision trees. A step waits for two loads, one behind the other; so many rows (of
 * one tree) or trees (for one row) are on their way at the same time, and nothing is decided by a
 * jump but whether they have arrived. */
#include "kernels/tree.h"

#include <stdbool.h>

#include "kernels/kernels.h"
#include "kernels/level.h"

enum { LANES = CRN_TREE_LANES, STEPS = 4 /* between looks at who has arrived */ };

#define ALWAYS_INLINE static inline __attribute__((always_inline))

/* Keys of a tile lie feature by feature, a row a lane; those of one row densely. */
#define PLACE(feature, lane, tiled)                                                            \
    ((tiled) ? (size_t)(feature)*LANES + (lane) : (size_t)(feature))

ALWAYS_INLINE uint32_t delta_narrow(const crn_tree_node_narrow *nodes, uint32_t at, int bits)
{
    return (uint32_t)nodes[at] >> (bits + CRN_TREE_NARROW_FLAG_BITS);
}

ALWAYS_INLINE uint32_t key_narrow(const crn_tree_node_narrow *nodes, uint32_t at)
{
    return (uint32_t)(nodes[at] >> 32);
}

ALWAYS_INLINE uint32_t next_narrow(const crn_tree_node_narrow *nodes, uint32_t at, int bits,
                                   const uint32_t *x, int lane, int tiled, int nan)
{
    const uint64_t node = nodes[at];
    const uint32_t link = (uint32_t)node, key = (uint32_t)(node >> 32);
    const uint32_t mine = x[PLACE(link & ((1u << bits) - 1), (size_t)lane, tiled)];
    const uint32_t left = at + (link >> (bits + CRN_TREE_NARROW_FLAG_BITS));
    if (nan && mine == UINT32_MAX)
        return left + (link >> bits & 1);
    return key < mine ? left + 1 : left;
}

ALWAYS_INLINE uint32_t delta_wide(const crn_tree_node_wide *nodes, uint32_t at,
                                  const uint32_t *sets)
{
    (void)sets;
    return nodes[at].link >> CRN_TREE_WIDE_FLAG_BITS;
}

ALWAYS_INLINE uint32_t key_wide(const crn_tree_node_wide *nodes, uint32_t at)
{
    return (uint32_t)nodes[at].key;
}

ALWAYS_INLINE uint32_t next_wide(const crn_tree_node_wide *nodes, uint32_t at,
                                 const uint32_t *sets, const uint64_t *x, int lane, int tiled,
                                 int nan)
{
    const uint32_t link = nodes[at].link;
    const uint64_t mine = x[PLACE(nodes[at].feature, (size_t)lane, tiled)];
    const uint32_t left = at + (link >> CRN_TREE_WIDE_FLAG_BITS);
    if (nan && mine == UINT64_MAX)
        return left + (link & CRN_TREE_WIDE_NAN_RIGHT);
    if (nan && link & CRN_TREE_WIDE_CATEGORY) {
        const uint32_t *set = sets + nodes[at].key * CRN_CATEGORY_WORDS;
        return left + (~set[mine >> 5 & 7] >> (mine & 31) & 1);
    }
    return nodes[at].key < mine ? left + 1 : left;
}

/* Ways of one row down trees: all take a few steps, then those that have arrived leave. */
enum { MOST_WAYS = 128, GROUP = 8 };

typedef struct ways {
    uint32_t at[MOST_WAYS + GROUP], tree[MOST_WAYS];
} ways;

/* The trees from `first` on; returns how many there was room for. */
ALWAYS_INLINE int begin_ways(const crn_tree_root *roots, int64_t trees, int64_t first, ways *w,
                             int64_t *levels)
{
    const int n = trees - first < MOST_WAYS ? (int)(trees - first) : MOST_WAYS;
    for (int i = 0; i < n; i++) {
        const crn_tree_root root = roots[first + i];
        w->at[i] = (uint32_t)root.first;
        w->tree[i] = (uint32_t)(first + i);
        *levels = root.levels > *levels ? root.levels : *levels;
    }
    for (int i = n; i < n + GROUP; i++)
        w->at[i] = w->at[0];
    return n;
}

#define KIND  narrow
#define NODE  crn_tree_node_narrow
#define KEY   uint32_t
#define EXTRA int
#include "kernels/tree_ways.h"

#define KIND  wide
#define NODE  crn_tree_node_wide
#define KEY   uint64_t
#define EXTRA const uint32_t *
#include "kernels/tree_ways.h"
