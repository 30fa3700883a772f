/* SPDX-License-Identifier: BSD-3-Clause */
/* Packed trees against the plain way down: narrow and wide nodes, tiles of rows and single rows,
 * missing values, categories, sums, stages, leaves and ways. */
#include "ops/tree_ensemble.h"

#include <stdlib.h>

#include "ops/elementwise.h"
#include "ops/sparse.h"
#include "ops/tree_pack.h"
#include "ops/tree_path.h"
#include "unit/ops/run_graph.h"

static crn_error err;

enum { TREES = 7, NODES = 31, FEATURES = 5, ROWS = 2 * CRN_TREE_LANES + 3, CATEGORY = 4 };

/* Complete trees of four levels, but for every third node, which is a leaf before its time. */
typedef struct test_trees {
    bool categories;
    uint32_t sets[TREES][CRN_CATEGORY_WORDS];
} test_trees;

static int64_t nodes_of(const void *context, int64_t tree)
{
    (void)context, (void)tree;
    return NODES;
}

static uint32_t mixed(int64_t tree, int64_t node)
{
    uint32_t x = (uint32_t)(tree * 1000003 + node * 7919 + 12345);
    x ^= x >> 7;
    return x * 2654435761u;
}

static void split_of(const void *context, int64_t tree, int64_t node, crn_tree_split *out)
{
    const test_trees *trees = context;
    const uint32_t random = mixed(tree, node);
    *out = (crn_tree_split){.left = -1, .set = -1};
    if (2 * node + 2 >= NODES || (node > 2 && random % 3 == 0))
        return;
    out->left = 2 * node + 1;
    out->right = 2 * node + 2;
    out->feature = random >> 8 & 3;
    out->threshold = (double)(random >> 16 & 15) / 7.0 - 1.0;
    out->nan_right = random >> 4 & 1;
    if (trees->categories && random >> 20 & 1) {
        out->feature = CATEGORY;
        out->set = tree;
    }
}

static void splits_of(const void *context, int64_t tree, int64_t first, int64_t count,
                      crn_tree_split *out)
{
    for (int64_t i = 0; i < count; i++)
        split_of(context, tree, first + i, &out[i]);
}

static void leaf_of(const void *context, int64_t tree, int64_t node, double *out)
{
    (void)context;
    out[0] = (double)(tree + 1) * 0.1 + (double)node * 0.01;
    out[1] = -out[0];
}

static void first_of_leaf(const void *context, int64_t tree, int64_t node, double *out)
{
    double both[2];
    leaf_of(context, tree, node, both);
    out[0] = both[0];
}

static bool has(const uint32_t *set, int category)
{
    return set[category / 32] >> category % 32 & 1;
}

/* The plain way down; a float32 row where `single`. Categories from 3 on are not known. */
static int64_t leaf_for(const test_trees *trees, int64_t tree, const double *row, bool single)
{
    int64_t node = 0;
    for (;;) {
        crn_tree_split split;
        split_of(trees, tree, node, &split);
        if (split.left < 0)
            return node;
        const double x = single ? (double)(float)row[split.feature] : row[split.feature];
        bool left = x <= split.threshold;
        if (isnan(x) || (split.set >= 0 && !(x >= 0.0 && x < 3.0)))
            left = !split.nan_right;
        else if (split.set >= 0)
            left = has(trees->sets[tree], (int)x);
        node = left ? split.left : split.right;
    }
}

static void fill(double *x, bool nan)
{
    for (int64_t i = 0; i < ROWS * FEATURES; i++) {
        x[i] = (double)(mixed(i, 3) >> 9 & 255) / 60.0 - 2.0;
        if (i % FEATURES == CATEGORY)
            x[i] = (double)(i % 6) - 1.0;
        if (nan && i % 4 == 0)
            x[i] = NAN;
    }
}

static crn_tree_source source_of(const test_trees *trees, bool single, int64_t width)
{
    return (crn_tree_source){.context = trees,
                             .trees = TREES,
                             .features = FEATURES,
                             .single = single,
                             .width = width,
                             .nodes = nodes_of,
                             .splits = splits_of,
                             .leaf = leaf_of};
}

static crn_graph *packed(const test_trees *trees, bool single, int64_t width, crn_value *x,
                         crn_tree_ensemble *ensemble, crn_tree_ensemble_attributes *attributes)
{
    const crn_type type = crn_type_vector(CRN_FLOAT64, FEATURES);
    const crn_tree_source source = source_of(trees, single, width);
    crn_graph *graph = graph_of(&type, x);
    crn_tree_pack(graph, &source, ensemble, attributes);
    assert_ok(crn_graph_status(graph, &err));
    return graph;
}

/* The sums of the first values of the leaves, or of both, divided by the number of trees. */
static void check_sums(bool single, bool nan, bool divided)
{
    const test_trees trees = {.categories = false};
    double x[ROWS * FEATURES], want[ROWS * 2] = {0};
    crn_tree_ensemble ensemble;
    crn_tree_ensemble_attributes attributes = {.columns = 2, .divided = divided};
    crn_value in;
    fill(x, nan);
    for (int64_t row = 0; row < ROWS; row++) {
        for (int64_t t = 0; t < TREES; t++) {
            double leaf[2];
            leaf_of(&trees, t, leaf_for(&trees, t, x + row * FEATURES, single), leaf);
            want[2 * row] += leaf[0];
            want[2 * row + 1] += leaf[1];
        }
        for (int j = 0; divided && j < 2; j++)
            want[2 * row + j] /= TREES;
    }
    crn_graph *graph = packed(&trees, single, 2, &in, &ensemble, &attributes);
    assert_int_equal(attributes.wide, !single);
    expect_numbers(graph, crn_tree_ensemble_run(graph, in, &ensemble, &attributes), x, ROWS,
                   want, 0.0, 0.0);
}

static void test_sums(void **state)
{
    (void)state;
    for (int form = 0; form < 8; form++)
        check_sums(form & 1, form & 2, form & 4);
}

/* -0.0 and 0.0 are one number, a threshold between two float32 numbers is exact, and infinity
 * goes where the comparison says. */
static void edge_splits(const void *context, int64_t tree, int64_t first, int64_t count,
                        crn_tree_split *out)
{
    const double *thresholds = context;
    for (int64_t i = 0; i < count; i++)
        out[i] = (crn_tree_split){.left = first + i == 0 ? 1 : -1,
                                  .right = 2,
                                  .threshold = thresholds[tree],
                                  .set = -1};
}

static int64_t three_nodes(const void *context, int64_t tree)
{
    (void)context, (void)tree;
    return 3;
}

static void check_edges(bool single)
{
    const double thresholds[] = {-0.0,     0.0,   0x1.000001p0, -0x1.000001p0,
                                 INFINITY, 1e300, -1e300,       -INFINITY,
                                 -1e-60,   1e-60, NAN};
    const double x[] = {-0.0,          0.0,  1.0,   0x1.000002p0, -1.0,
                        -0x1.000002p0, 3e38, -3e38, 0x1p-149,     -0x1p-149};
    enum { EDGES = sizeof thresholds / sizeof *thresholds, CASES = sizeof x / sizeof *x };
    const crn_tree_source source = {.context = thresholds,
                                    .trees = EDGES,
                                    .features = 1,
                                    .single = single,
                                    .nodes = three_nodes,
                                    .splits = edge_splits};
    const crn_type type = crn_type_vector(CRN_FLOAT64, 1);
    double want[CASES * EDGES];
    for (int i = 0; i < CASES * EDGES; i++)
        want[i] = x[i / EDGES] <= thresholds[i % EDGES] ? 1.0 : 2.0;
    crn_tree_ensemble ensemble;
    crn_tree_ensemble_attributes attributes = {.output = CRN_TREE_LEAVES};
    crn_value in;
    crn_graph *graph = graph_of(&type, &in);
    crn_tree_pack(graph, &source, &ensemble, &attributes);
    const crn_value leaves = crn_tree_ensemble_run(graph, in, &ensemble, &attributes);
    expect_numbers(graph, crn_cast(graph, leaves, CRN_FLOAT64), x, CASES, want, 0.0, 0.0);
}

static void test_edges_of_comparisons(void **state)
{
    (void)state;
    check_edges(true);
    check_edges(false);
}

/* ---- far nodes ---- */

/* Complete trees of many levels: more nodes than a cache holds, and more trees than go down at
 * once. A leaf says its node. */
enum { FAR_TREES = 150, FAR_NODES = 1023, FAR_ROWS = 5 };

static int64_t far_nodes(const void *context, int64_t tree)
{
    (void)context, (void)tree;
    return FAR_NODES;
}

static crn_tree_split far_split(int64_t tree, int64_t node)
{
    const uint32_t random = mixed(tree, node);
    const bool leaf = 2 * node + 2 >= FAR_NODES || (node > 6 && random % 7 == 0);
    return (crn_tree_split){.left = leaf ? -1 : 2 * node + 1,
                            .right = 2 * node + 2,
                            .feature = random >> 8 & 3,
                            .threshold = (double)(random >> 16 & 255) / 128.0 - 1.0,
                            .nan_right = random >> 4 & 1,
                            .set = -1};
}

static void far_splits(const void *context, int64_t tree, int64_t first, int64_t count,
                       crn_tree_split *out)
{
    (void)context;
    for (int64_t i = 0; i < count; i++)
        out[i] = far_split(tree, first + i);
}

static double far_leaf(int64_t tree, const double *row)
{
    int64_t node = 0;
    for (;;) {
        const crn_tree_split split = far_split(tree, node);
        if (split.left < 0)
            return (double)node;
        const double x = row[split.feature];
        const bool right = isnan(x) ? split.nan_right : x > split.threshold;
        node = right ? split.right : split.left;
    }
}

static void check_far(bool single, bool nan)
{
    const crn_tree_source source = {.trees = FAR_TREES,
                                    .features = 4,
                                    .single = single,
                                    .nodes = far_nodes,
                                    .splits = far_splits};
    const crn_type type = crn_type_vector(CRN_FLOAT64, 4);
    double x[FAR_ROWS * 4], want[FAR_ROWS * FAR_TREES];
    for (int i = 0; i < FAR_ROWS * 4; i++)
        x[i] = nan && i % 3 == 0 ? NAN : (double)(mixed(i, 5) >> 9 & 255) / 128.0 - 1.0;
    for (int i = 0; i < FAR_ROWS * FAR_TREES; i++)
        want[i] = far_leaf(i % FAR_TREES, x + i / FAR_TREES * 4);
    crn_tree_ensemble ensemble;
    crn_tree_ensemble_attributes attributes = {.output = CRN_TREE_LEAVES};
    crn_value in;
    crn_graph *graph = graph_of(&type, &in);
    crn_tree_pack(graph, &source, &ensemble, &attributes);
    const crn_value leaves = crn_tree_ensemble_run(graph, in, &ensemble, &attributes);
    expect_numbers(graph, crn_cast(graph, leaves, CRN_FLOAT64), x, FAR_ROWS, want, 0.0, 0.0);
}

static void test_far_nodes(void **state)
{
    (void)state;
    check_far(true, false);
    check_far(true, true);
    check_far(false, false);
    check_far(false, true);
}

/* Two columns that trees fill in turn, from a base on, after each of their rounds. */
static void test_stages(void **state)
{
    (void)state;
    enum { ROUNDS = 3, COLUMNS = 2 };
    const test_trees trees = {.categories = false};
    const double base[COLUMNS] = {0.5, -0.25};
    double x[ROWS * FEATURES], want[ROWS * ROUNDS * COLUMNS];
    crn_tree_source source = source_of(&trees, true, 1);
    source.trees = ROUNDS * COLUMNS;
    fill(x, false);
    for (int64_t row = 0; row < ROWS; row++) {
        double sums[COLUMNS] = {base[0], base[1]};
        for (int64_t t = 0; t < source.trees; t++) {
            double leaf[2];
            leaf_of(&trees, t, leaf_for(&trees, t, x + row * FEATURES, true), leaf);
            sums[t % COLUMNS] += leaf[0];
            want[row * ROUNDS * COLUMNS + t] = sums[t % COLUMNS];
        }
    }
    const crn_type type = crn_type_vector(CRN_FLOAT64, FEATURES);
    crn_tree_ensemble ensemble;
    crn_tree_ensemble_attributes attributes = {.output = CRN_TREE_STAGES, .columns = COLUMNS};
    crn_value in;
    crn_graph *graph = graph_of(&type, &in);
    source.leaf = first_of_leaf;
    crn_tree_pack(graph, &source, &ensemble, &attributes);
    ensemble.base = crn_graph_numbers(graph, CRN_FLOAT64, base, COLUMNS, 0);
    expect_numbers(graph, crn_tree_ensemble_run(graph, in, &ensemble, &attributes), x, ROWS,
                   want, 0.0, 0.0);
}

static void test_categories(void **state)
{
    (void)state;
    test_trees trees = {.categories = true};
    uint32_t known[FEATURES][CRN_TREE_KNOWN_WORDS] = {{0}};
    double x[ROWS * FEATURES], want[ROWS * TREES];
    for (int t = 0; t < TREES; t++)
        trees.sets[t][0] = (uint32_t)t;
    known[CATEGORY][0] = 1;
    known[CATEGORY][1] = 7; /* 0, 1 and 2 */
    fill(x, true);
    for (int64_t i = 0; i < ROWS * TREES; i++)
        want[i] = (double)leaf_for(&trees, i % TREES, x + i / TREES * FEATURES, false);
    crn_tree_ensemble ensemble;
    crn_tree_ensemble_attributes attributes = {.output = CRN_TREE_LEAVES};
    crn_value in;
    crn_graph *graph = packed(&trees, false, 0, &in, &ensemble, &attributes);
    const crn_array known_array =
        crn_array_view_2d(known, CRN_UINT32, FEATURES, CRN_TREE_KNOWN_WORDS);
    const crn_array set_array =
        crn_array_view_2d(trees.sets, CRN_UINT32, TREES, CRN_CATEGORY_WORDS);
    ensemble.known = crn_graph_constant(graph, &known_array);
    ensemble.sets = crn_graph_constant(graph, &set_array);
    const crn_value leaves = crn_tree_ensemble_run(graph, in, &ensemble, &attributes);
    expect_numbers(graph, crn_cast(graph, leaves, CRN_FLOAT64), x, ROWS, want, 0.0, 0.0);
}

/* Every level of the CPU goes down the same way. */
static void test_levels_agree(void **state)
{
    (void)state;
    const test_trees trees = {.categories = false};
    double x[ROWS * FEATURES];
    uint32_t keys[(FEATURES + 1) * CRN_TREE_LANES], first[CRN_TREE_LANES];
    crn_tree_ensemble ensemble;
    crn_tree_ensemble_attributes attributes = {.columns = 2};
    crn_value in;
    fill(x, true);
    crn_graph *graph = packed(&trees, true, 2, &in, &ensemble, &attributes);
    const crn_tree_node_narrow *nodes = graph->values[ensemble.nodes].array.data;
    const crn_tree_root *roots = graph->values[ensemble.roots].array.data;
    for (int i = 0; crn_kernels_at(i) != NULL; i++) {
        const crn_kernels *k = crn_kernels_at(i);
        uint32_t leaves[CRN_TREE_LANES];
        const int nan = k->tree_keys_rounded(CRN_TREE_LANES, FEATURES, x, CRN_TREE_LANES, keys);
        assert_int_equal(nan, 1);
        k->tree_tiles_narrow(nodes, attributes.feature_bits, roots[TREES - 1], 1, FEATURES + 1,
                             keys, nan, leaves);
        if (i == 0)
            memcpy(first, leaves, sizeof first);
        assert_memory_equal(first, leaves, sizeof first);
    }
    crn_graph_destroy(graph);
}

/* Two trees of three and one node: the ways to the leaves 2 and 0. */
static void test_paths(void **state)
{
    (void)state;
    const double first[] = {0, 3}, parents[] = {-1, 0, 0, -1};
    const double leaves[] = {2, 0, 1, 0}, want[] = {1, 0, 1, 1, 1, 1, 0, 1};
    const crn_type type = crn_type_vector(CRN_INT64, 2);
    crn_value in;
    crn_graph *graph = graph_of(&type, &in);
    const crn_value path =
        crn_tree_path(graph, in, crn_graph_numbers(graph, CRN_INT64, first, 2, 0),
                      crn_graph_numbers(graph, CRN_INT64, parents, 4, 0));
    assert_true(crn_graph_type(graph, path)->sparse);
    expect_numbers(graph, crn_cast(graph, crn_densify(graph, path), CRN_FLOAT64), leaves, 2,
                   want, 0.0, 0.0);
}

static void test_refuses_what_does_not_fit(void **state)
{
    (void)state;
    const test_trees trees = {.categories = false};
    crn_tree_ensemble ensemble;
    crn_tree_ensemble_attributes attributes = {.columns = 3};
    crn_value in;
    /* Leaves of two values do not fill three columns. */
    crn_graph *graph = packed(&trees, true, 2, &in, &ensemble, &attributes);
    refuse_graph(graph, crn_tree_ensemble_run(graph, in, &ensemble, &attributes), CRN_SHAPE);
    /* Sets without the features that have them. */
    attributes = (crn_tree_ensemble_attributes){.columns = 2};
    graph = packed(&trees, false, 2, &in, &ensemble, &attributes);
    ensemble.sets = ensemble.roots;
    refuse_graph(graph, crn_tree_ensemble_run(graph, in, &ensemble, &attributes), CRN_ARGUMENT);
    /* Narrow nodes compare float32 numbers. */
    attributes = (crn_tree_ensemble_attributes){.columns = 2};
    graph = packed(&trees, true, 2, &in, &ensemble, &attributes);
    attributes.rounded = false;
    refuse_graph(graph, crn_tree_ensemble_run(graph, in, &ensemble, &attributes), CRN_DTYPE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sums),       cmocka_unit_test(test_edges_of_comparisons),
        cmocka_unit_test(test_far_nodes),  cmocka_unit_test(test_stages),
        cmocka_unit_test(test_categories), cmocka_unit_test(test_levels_agree),
        cmocka_unit_test(test_paths),      cmocka_unit_test(test_refuses_what_does_not_fit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
