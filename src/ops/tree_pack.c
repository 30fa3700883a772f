/* SPDX-License-Identifier: BSD-3-Clause */
#include "ops/tree_pack.h"

#include <stdlib.h>
#include <string.h>

/* Leaves that say the same share their values: many do in a classifier, where most leaves are
 * pure. The last row of values that fell into each slot is remembered. */
enum { REMEMBERED_BITS = 10, REMEMBERED = 1 << REMEMBERED_BITS };

/* Where in its tree a node of the source goes (0: no node asks for it), and how deep it is. */
typedef struct place {
    uint32_t at, depth;
} place;

typedef struct packer {
    const crn_tree_source *source;
    crn_tree_ensemble_attributes *attributes;
    crn_array nodes, roots, values;
    place *places;                 /* (nodes of the largest tree) */
    int64_t next_node, next_value; /* where the next tree, the next row of values begins */
    uint32_t remembered[REMEMBERED];
} packer;

static int bits_of(uint64_t value)
{
    int bits = 0;
    for (; value != 0; value >>= 1)
        bits++;
    return bits;
}

static bool fits_narrow(const crn_tree_source *source, int64_t largest)
{
    const int link = bits_of((uint64_t)source->features) + CRN_TREE_NARROW_FLAG_BITS +
                     bits_of((uint64_t)largest + 1);
    return source->single && link <= 32;
}

static crn_status create_arrays(packer *p, crn_error *err)
{
    const crn_tree_source *s = p->source;
    int64_t total = 0, largest = 0;
    for (int64_t tree = 0; tree < s->trees; tree++) {
        const int64_t nodes = s->nodes(s->context, tree);
        total += nodes + 1;
        largest = nodes > largest ? nodes : largest;
    }
    if (total > UINT32_MAX >> CRN_TREE_WIDE_FLAG_BITS || s->features > INT32_MAX / 2)
        return crn_fail(err, CRN_LIMIT, "an ensemble of %lld nodes", (long long)total);
    const bool wide = !fits_narrow(s, largest);
    p->attributes->wide = wide;
    p->attributes->rounded = s->single;
    p->attributes->feature_bits = bits_of((uint64_t)s->features);
    p->places = crn_calloc((size_t)largest, sizeof *p->places);
    if (p->places == NULL)
        return crn_no_memory(err);
    /* A tree in which every split has two children has one leaf more than splits. */
    const int64_t leaves = total / 2, width = s->width > 0 ? s->width : 1;
    CRN_TRY(
        crn_array_create(CRN_UINT64, 0, wide ? 2 : 1, (int64_t[]){total, 2}, &p->nodes, err));
    CRN_TRY(crn_array_create(CRN_INT64, 0, 2, (int64_t[]){s->trees, 2}, &p->roots, err));
    return crn_array_create(s->width > 0 ? CRN_FLOAT64 : CRN_INT64, 0, 2,
                            (int64_t[]){leaves, width}, &p->values, err);
}

/* The key of the largest float32 that is not above the threshold: x <= threshold is the same
 * question for every float32 x. Keys of neighbours are neighbours. */
static uint32_t key_below(double threshold)
{
    const float near = (float)threshold;
    return crn_tree_key_f32(near) - ((double)near > threshold);
}

/* x <= NaN is never true: the smallest key sends all to the right. */
static uint64_t key_of(const packer *p, const crn_tree_split *split)
{
    if (split->set >= 0)
        return (uint64_t)split->set;
    if (split->threshold != split->threshold)
        return 0;
    return p->attributes->wide ? crn_tree_key_f64(split->threshold)
                               : key_below(split->threshold);
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
    const int bits = p->attributes->feature_bits;
    const uint32_t link = (uint32_t)feature | (uint32_t)nan_right << bits |
                          (uint32_t)delta << bits << CRN_TREE_NARROW_FLAG_BITS;
    ((crn_tree_node_narrow *)p->nodes.data)[at] = key << 32 | link;
}

/* The values of the row that was just put behind the others: those of an equal one, if such a
 * row is remembered. */
static int64_t settle_values(packer *p)
{
    const size_t size = (size_t)(p->values.strides[0]);
    const uint8_t *rows = p->values.data, *row = rows + (size_t)p->next_value * size;
    uint64_t hash = 0, word;
    for (size_t i = 0; i < size; i += sizeof word) {
        memcpy(&word, row + i, sizeof word);
        hash = (hash ^ word) * 0x9e3779b97f4a7c15u;
        hash ^= hash >> 32;
    }
    uint32_t *slot = &p->remembered[hash & (REMEMBERED - 1)];
    if (memcmp(rows + (size_t)*slot * size, row, size) != 0 || p->next_value == 0)
        *slot = (uint32_t)p->next_value++;
    return *slot;
}

static void put_leaf(packer *p, int64_t tree, int64_t node, int64_t at)
{
    const crn_tree_source *s = p->source;
    if (s->width > 0)
        s->leaf(s->context, tree, node, (double *)p->values.data + p->next_value * s->width);
    else
        ((int64_t *)p->values.data)[p->next_value] = node;
    put_node(p, at, (uint64_t)settle_values(p), s->features, 0, false, false);
}

/* Puts a node into its place, and says where its children go: beside each other, behind all that
 * have a place. */
static void pack_node(packer *p, int64_t tree, int64_t node, const crn_tree_split *split,
                      crn_tree_root *root, uint32_t *pair)
{
    const place here = p->places[node];
    if (here.at == 0)
        return;
    if (split->left < 0) {
        put_leaf(p, tree, node, p->next_node + here.at);
        return;
    }
    put_node(p, p->next_node + here.at, key_of(p, split), split->feature, *pair - here.at,
             split->nan_right, split->set >= 0);
    p->places[split->left] = (place){*pair, here.depth + 1};
    p->places[split->right] = (place){*pair + 1, here.depth + 1};
    root->levels = here.depth + 1 > root->levels ? here.depth + 1 : root->levels;
    *pair += 2;
}

/* As children stand behind their parents, one way through the source in its own order places
 * all. Where that order is depth-first, as scikit-learn's is, half of all steps of a prediction
 * lead to a node nearby. */
static void pack_tree(packer *p, int64_t tree)
{
    const crn_tree_source *s = p->source;
    const int64_t count = s->nodes(s->context, tree);
    crn_tree_root root = {p->next_node + 1, 0};
    crn_tree_split splits[CRN_TREE_SPLITS];
    uint32_t pair = 2;
    memset(p->places, 0, (size_t)count * sizeof *p->places);
    p->places[0].at = 1;
    for (int64_t first = 0; first < count; first += CRN_TREE_SPLITS) {
        const int64_t n = count - first < CRN_TREE_SPLITS ? count - first : CRN_TREE_SPLITS;
        s->splits(s->context, tree, first, n, splits);
        for (int64_t i = 0; i < n; i++)
            pack_node(p, tree, first + i, &splits[i], &root, &pair);
    }
    ((crn_tree_root *)p->roots.data)[tree] = root;
    p->next_node += pair;
    if (s->read != NULL)
        s->read(s->context, tree);
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
        p.values.shape[0] = p.next_value;
        out->nodes = crn_graph_constant(graph, &p.nodes);
        out->roots = crn_graph_constant(graph, &p.roots);
        out->values = crn_graph_constant(graph, &p.values);
    }
    free(p.places);
    crn_array_free(&p.nodes);
    crn_array_free(&p.roots);
    crn_array_free(&p.values);
}
