/* SPDX-License-Identifier: BSD-3-Clause */
#include "ops/tree_pack.h"

#include <math.h>
#include <stdlib.h>

typedef struct packer {
    const crn_tree_source *source;
    crn_tree_ensemble_attributes *attributes;
    crn_array nodes, roots, values;
    int64_t *order;               /* (nodes of the largest tree): breadth-first */
    int64_t next_node, next_leaf; /* where the next tree's begin */
} packer;

static int bits_of(uint64_t value)
{
    int bits = 0;
    for (; value != 0; value >>= 1)
        bits++;
    return bits;
}

/* A right child stands at most half the nodes behind its parent, as each level is at most twice
 * the one before. */
static bool fits_narrow(const crn_tree_source *source, int64_t largest)
{
    const int link = bits_of((uint64_t)source->features) + CRN_TREE_NARROW_FLAG_BITS +
                     bits_of((uint64_t)largest / 2 + 1);
    return source->single && link <= 32;
}

static crn_status create_arrays(packer *p, crn_error *err)
{
    const crn_tree_source *s = p->source;
    int64_t total = 0, largest = 0;
    for (int64_t tree = 0; tree < s->trees; tree++) {
        const int64_t nodes = s->nodes(s->context, tree);
        total += nodes;
        largest = nodes > largest ? nodes : largest;
    }
    if (total > UINT32_MAX >> CRN_TREE_WIDE_FLAG_BITS || s->features > INT32_MAX / 2)
        return crn_fail(err, CRN_LIMIT, "an ensemble of %lld nodes", (long long)total);
    const bool wide = !fits_narrow(s, largest);
    p->attributes->wide = wide;
    p->attributes->rounded = s->single;
    p->attributes->feature_bits = bits_of((uint64_t)s->features);
    p->order = crn_calloc((size_t)largest, sizeof *p->order);
    if (p->order == NULL)
        return crn_no_memory(err);
    /* A tree in which every split has two children has one leaf more than splits. */
    const int64_t leaves = (total + s->trees) / 2, width = s->width > 0 ? s->width : 1;
    CRN_TRY(
        crn_array_create(CRN_UINT64, 0, wide ? 2 : 1, (int64_t[]){total, 2}, &p->nodes, err));
    CRN_TRY(crn_array_create(CRN_INT64, 0, 2, (int64_t[]){s->trees, 2}, &p->roots, err));
    return crn_array_create(s->width > 0 ? CRN_FLOAT64 : CRN_INT64, 0, 2,
                            (int64_t[]){leaves, width}, &p->values, err);
}

/* The largest float32 that is not above the threshold: x <= threshold is the same question for
 * every float32 x. */
static float rounded_down(double threshold)
{
    const float near = (float)threshold;
    return (double)near > threshold ? nextafterf(near, -INFINITY) : near;
}

/* x <= NaN is never true: the smallest key sends all to the right. */
static uint64_t key_of(const packer *p, const crn_tree_split *split)
{
    if (split->set >= 0)
        return (uint64_t)split->set;
    if (isnan(split->threshold))
        return 0;
    return p->attributes->wide ? crn_tree_key_f64(split->threshold)
                               : crn_tree_key_f32(rounded_down(split->threshold));
}

static void put_node(packer *p, int64_t at, uint64_t key, int64_t feature, int64_t delta,
                     bool nan_right, bool category)
{
    if (p->attributes->wide) {
        crn_tree_node_wide *node = (crn_tree_node_wide *)p->nodes.data + at;
        const uint32_t flags = (nan_right ? CRN_TREE_WIDE_NAN_RIGHT : 0u) |
                               (category ? CRN_TREE_WIDE_CATEGORY : 0u);
        *node = (crn_tree_node_wide){key, (uint32_t)feature,
                                     (uint32_t)delta << CRN_TREE_WIDE_FLAG_BITS | flags};
        return;
    }
    crn_tree_node_narrow *node = (crn_tree_node_narrow *)p->nodes.data + at;
    const int bits = p->attributes->feature_bits;
    *node = (crn_tree_node_narrow){(uint32_t)key,
                                   (uint32_t)feature | (uint32_t)nan_right << bits |
                                       (uint32_t)delta << bits << CRN_TREE_NARROW_FLAG_BITS};
}

static void put_leaf(packer *p, int64_t tree, int64_t node, int64_t at)
{
    const crn_tree_source *s = p->source;
    const int64_t leaf = p->next_leaf++;
    put_node(p, at, (uint64_t)leaf, s->features, 0, false, false);
    if (s->width > 0)
        s->leaf(s->context, tree, node, (double *)p->values.data + leaf * s->width);
    else
        ((int64_t *)p->values.data)[leaf] = node;
}

static void pack_tree(packer *p, int64_t tree)
{
    const crn_tree_source *s = p->source;
    const int64_t first = p->next_node;
    int64_t tail = 1, level_end = 1, levels = 0;
    p->order[0] = 0;
    for (int64_t i = 0; i < tail; i++) {
        crn_tree_split split;
        if (i == level_end) {
            levels++;
            level_end = tail;
        }
        s->split(s->context, tree, p->order[i], &split);
        if (split.left < 0) {
            put_leaf(p, tree, p->order[i], first + i);
            continue;
        }
        put_node(p, first + i, key_of(p, &split), split.feature, tail - i, split.nan_right,
                 split.set >= 0);
        p->order[tail++] = split.left;
        p->order[tail++] = split.right;
    }
    ((crn_tree_root *)p->roots.data)[tree] = (crn_tree_root){first, levels};
    p->next_node += tail;
}

void crn_tree_pack(crn_graph *graph, const crn_tree_source *source, crn_tree_ensemble *out,
                   crn_tree_ensemble_attributes *attributes)
{
    packer p = {.source = source, .attributes = attributes};
    *out = (crn_tree_ensemble){CRN_NO_VALUE, CRN_NO_VALUE, CRN_NO_VALUE,
                               CRN_NO_VALUE, CRN_NO_VALUE, CRN_NO_VALUE};
    if (graph->error.code == CRN_OK && create_arrays(&p, &graph->error) == CRN_OK) {
        for (int64_t tree = 0; tree < source->trees; tree++)
            pack_tree(&p, tree);
        out->nodes = crn_graph_constant(graph, &p.nodes);
        out->roots = crn_graph_constant(graph, &p.roots);
        out->values = crn_graph_constant(graph, &p.values);
    }
    free(p.order);
    crn_array_free(&p.nodes);
    crn_array_free(&p.roots);
    crn_array_free(&p.values);
}
