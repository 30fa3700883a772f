/* SPDX-License-Identifier: BSD-3-Clause */
/* Ways down trees, for one kind of nodes. Included once for each: KIND is its name, NODE its
 * type, KEY what it compares, and EXTRA what else next_KIND, key_KIND and delta_KIND ask for. No
 * include guard: it is a template. */

#define KIND_PASTE_(name, kind) name##_##kind
#define KIND_PASTE(name, kind)  KIND_PASTE_(name, kind)
#define OF_KIND(name)           KIND_PASTE(name, KIND)

/* ---- a tile of rows ---- */

/* `levels` steps of all lanes, or fewer when all are in leaves before. */
ALWAYS_INLINE void OF_KIND(descend)(const NODE *nodes, EXTRA extra, int64_t levels,
                                    const KEY *x, int nan, uint32_t *at)
{
    for (int64_t left = levels; left > 0;) {
        const int64_t now = left < STEPS ? left : STEPS;
        for (int64_t step = 0; step < now; step++) {
#pragma GCC unroll 16
            for (int lane = 0; lane < LANES; lane++)
                at[lane] = OF_KIND(next)(nodes, at[lane], extra, x, lane, 1, nan);
        }
        left -= now;
        uint32_t on_the_way = 0;
        for (int lane = 0; lane < LANES && left > 0; lane++)
            on_the_way |= OF_KIND(delta)(nodes, at[lane], extra);
        if (on_the_way == 0)
            break;
    }
}

void CRN_AT_LEVEL(OF_KIND(tree_tiles))(const NODE *nodes, EXTRA extra, crn_tree_root root,
                                       int64_t tiles, int64_t features, const KEY *x, int nan,
                                       uint32_t *leaves)
{
    const NODE *tree = nodes + root.first;
    for (int64_t tile = 0; tile < tiles; tile++) {
        const KEY *rows = x + tile * features * LANES;
        uint32_t at[LANES] = {0};
        if (nan)
            OF_KIND(descend)(tree, extra, root.levels, rows, 1, at);
        else
            OF_KIND(descend)(tree, extra, root.levels, rows, 0, at);
        for (int lane = 0; lane < LANES; lane++)
            leaves[tile * LANES + lane] = OF_KIND(key)(tree, at[lane]);
    }
}

/* ---- one row ---- */

/* The leaf of the way in place i, or where it is so far; the way stays on the list, in place
 * `left`, unless it has arrived, as all have after the last steps. Returns how many have stayed. */
ALWAYS_INLINE int OF_KIND(arrive)(const NODE *nodes, EXTRA extra, bool last, ways *w, int i,
                                  uint32_t at, int left, uint32_t *leaves)
{
    const uint32_t tree = w->tree[i];
    leaves[tree] = OF_KIND(key)(nodes, at);
    if (last)
        return 0;
    w->at[left] = at;
    w->tree[left] = tree;
    return left + (OF_KIND(delta)(nodes, at, extra) != 0);
}

/* Some steps of n ways, eight at a time in registers; returns how many have not arrived. The
 * last group may be filled up with ways that are over: those go down some tree, too. */
ALWAYS_INLINE int OF_KIND(go)(const NODE *nodes, EXTRA extra, const KEY *x, int nan,
                              int64_t steps, bool last, ways *w, int n, uint32_t *leaves)
{
    int left = 0;
    for (int first = 0; first < n; first += GROUP) {
        const int size = n - first < GROUP ? n - first : GROUP;
        uint32_t at[GROUP];
        for (int i = 0; i < GROUP; i++)
            at[i] = w->at[first + i];
        for (int64_t step = 0; step < steps; step++) {
#pragma GCC unroll 8
            for (int i = 0; i < GROUP; i++)
                at[i] = OF_KIND(next)(nodes, at[i], extra, x, 0, 0, nan);
        }
        for (int i = 0; i < size; i++)
            left = OF_KIND(arrive)(nodes, extra, last, w, first + i, at[i], left, leaves);
    }
    return left;
}

/* The same where nodes are far from the processor: one step of each way in turn, which asks for
 * the next one's node, so that it has come when the turn has. */
ALWAYS_INLINE int OF_KIND(go_far)(const NODE *nodes, EXTRA extra, const KEY *x, int nan,
                                  int64_t steps, bool last, ways *w, int n, uint32_t *leaves)
{
    int left = 0;
    for (int64_t step = 0; step < steps; step++) {
        for (int i = 0; i < n; i++) {
            w->at[i] = OF_KIND(next)(nodes, w->at[i], extra, x, 0, 0, nan);
            __builtin_prefetch(nodes + w->at[i]);
        }
    }
    for (int i = 0; i < n; i++)
        left = OF_KIND(arrive)(nodes, extra, last, w, i, w->at[i], left, leaves);
    return left;
}

ALWAYS_INLINE void OF_KIND(row)(const NODE *nodes, EXTRA extra, const crn_tree_root *roots,
                                int64_t trees, const KEY *x, int nan, int far, uint32_t *leaves)
{
    for (int64_t first = 0; first < trees; first += MOST_WAYS) {
        ways w;
        int64_t levels = 0;
        int n = begin_ways(roots, trees, first, &w, &levels);
        while (n > 0) {
            const int64_t steps = levels <= STEPS + STEPS / 2 ? levels : STEPS;
            levels -= steps;
            n = far ? OF_KIND(go_far)(nodes, extra, x, nan, steps, levels == 0, &w, n, leaves)
                    : OF_KIND(go)(nodes, extra, x, nan, steps, levels == 0, &w, n, leaves);
        }
    }
}

void CRN_AT_LEVEL(OF_KIND(tree_row))(const NODE *nodes, EXTRA extra, const crn_tree_root *roots,
                                     int64_t trees, const KEY *x, int nan, int far,
                                     uint32_t *leaves)
{
    if (nan && far)
        OF_KIND(row)(nodes, extra, roots, trees, x, 1, 1, leaves);
    else if (nan)
        OF_KIND(row)(nodes, extra, roots, trees, x, 1, 0, leaves);
    else if (far)
        OF_KIND(row)(nodes, extra, roots, trees, x, 0, 1, leaves);
    else
        OF_KIND(row)(nodes, extra, roots, trees, x, 0, 0, leaves);
}

#undef OF_KIND
#undef KIND_PASTE
#undef KIND_PASTE_
#undef KIND
#undef NODE
#undef KEY
#undef EXTRA
