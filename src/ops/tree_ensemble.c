/* SPDX-License-Identifier: BSD-3-Clause */
/* tree_ensemble: rows through many decision trees. Inputs: x, nodes, roots, values, base, known,
 * sets (tree_ensemble.h). Trees follow one another over a block of rows, so that a tree is read
 * once for many rows, and each row's sum grows in the order of the trees. */
#include "ops/tree_ensemble.h"

#include <stdio.h>
#include <string.h>

#include "ops/infer.h"

enum { X, NODES, ROOTS, VALUES, BASE, KNOWN, SETS, INPUTS };
/* bytes of nodes that stay in the level-2 cache of most processors, with the rest of a run */
enum { LANES = CRN_TREE_LANES, NEAR = 512 * 1024 };

static bool is_present(const crn_type *in, int n_in, int which)
{
    return which < n_in && in[which].dtype != CRN_NO_DTYPE;
}

static bool is_constant_of(const crn_type *type, crn_dtype dtype, int32_t ndim)
{
    return type->dtype == dtype && !type->rows && type->ndim == ndim;
}

static int64_t stages_of(const crn_tree_ensemble_attributes *a, const crn_type *in)
{
    const int64_t trees = in[ROOTS].shape[0], width = in[VALUES].shape[1];
    return trees / (a->columns / width);
}

static crn_status check_constants(const crn_tree_ensemble_attributes *a, const crn_type *in,
                                  crn_error *err)
{
    const crn_dtype values = a->output == CRN_TREE_LEAVES ? CRN_INT64 : CRN_FLOAT64;
    const bool nodes = is_constant_of(&in[NODES], CRN_UINT64, a->wide ? 2 : 1) &&
                       (!a->wide || in[NODES].shape[1] == 2) && in[NODES].shape[0] > 0;
    if (!nodes)
        return crn_infer_misfit("tree_ensemble", &in[X], &in[NODES], err);
    if (!is_constant_of(&in[ROOTS], CRN_INT64, 2) || in[ROOTS].shape[1] != 2 ||
        in[ROOTS].shape[0] < 1 || in[ROOTS].shape[0] > INT32_MAX)
        return crn_infer_misfit("tree_ensemble", &in[X], &in[ROOTS], err);
    if (!is_constant_of(&in[VALUES], values, 2) || in[VALUES].shape[1] < 1)
        return crn_infer_misfit("tree_ensemble", &in[X], &in[VALUES], err);
    return CRN_OK;
}

static crn_status check_options(const crn_tree_ensemble_attributes *a, const crn_type *in,
                                int n_in, crn_error *err)
{
    if (is_present(in, n_in, BASE) &&
        (in[BASE].dtype != CRN_FLOAT64 || crn_type_size(&in[BASE]) != a->columns))
        return crn_infer_misfit("tree_ensemble", &in[X], &in[BASE], err);
    const bool known = is_present(in, n_in, KNOWN), sets = is_present(in, n_in, SETS);
    if (known != sets || (known && !a->wide))
        return crn_fail(err, CRN_ARGUMENT, "tree_ensemble: categories without their sets");
    if (known &&
        (!is_constant_of(&in[KNOWN], CRN_UINT32, 2) || in[KNOWN].shape[0] != in[X].shape[0] ||
         in[KNOWN].shape[1] != CRN_TREE_KNOWN_WORDS))
        return crn_infer_misfit("tree_ensemble", &in[X], &in[KNOWN], err);
    if (sets &&
        (!is_constant_of(&in[SETS], CRN_UINT32, 2) || in[SETS].shape[1] != CRN_CATEGORY_WORDS))
        return crn_infer_misfit("tree_ensemble", &in[X], &in[SETS], err);
    return CRN_OK;
}

static crn_status tree_ensemble_infer(const void *attributes, const crn_type *in, int n_in,
                                      crn_type *out, crn_error *err)
{
    const crn_tree_ensemble_attributes *a = attributes;
    CRN_TRY(crn_infer_count("tree_ensemble", n_in, VALUES + 1, INPUTS, err));
    CRN_TRY(crn_infer_float("tree_ensemble", &in[X], err));
    if (!in[X].rows || in[X].ndim != 1 || in[X].shape[0] < 1 || in[X].shape[0] > INT32_MAX / 2)
        return crn_fail(err, CRN_SHAPE, "tree_ensemble: takes rows of features");
    if (a->wide && in[X].dtype != CRN_FLOAT64)
        return crn_fail(err, CRN_DTYPE, "tree_ensemble: wide nodes compare float64 numbers");
    if (!a->wide && in[X].dtype == CRN_FLOAT64 && !a->rounded)
        return crn_fail(err, CRN_DTYPE, "tree_ensemble: narrow nodes compare float32 numbers");
    CRN_TRY(check_constants(a, in, err));
    if (a->output == CRN_TREE_LEAVES) {
        out[0] = crn_type_vector(CRN_INT64, in[ROOTS].shape[0]);
        return CRN_OK;
    }
    const int64_t width = in[VALUES].shape[1];
    if (a->columns < width || a->columns % width != 0 ||
        in[ROOTS].shape[0] % (a->columns / width) != 0)
        return crn_fail(err, CRN_SHAPE,
                        "tree_ensemble: %lld trees of %lld values do not fill "
                        "%lld columns evenly",
                        (long long)in[ROOTS].shape[0], (long long)width, (long long)a->columns);
    CRN_TRY(check_options(a, in, n_in, err));
    out[0] = crn_type_vector(CRN_FLOAT64, a->columns);
    if (a->output == CRN_TREE_STAGES)
        out[0] = crn_type_rows(CRN_FLOAT64, 2, (int64_t[]){stages_of(a, in), a->columns});
    return CRN_OK;
}

/* ---- running ---- */

/* Scratch: leaves of a tree for all rows (or of all trees for a row), the sums of stages, the
 * keys. */
typedef struct layout {
    size_t sums, keys, size; /* offsets; the leaves are at 0 */
} layout;

static size_t aligned(size_t bytes)
{
    return (bytes + 63) / 64 * 64;
}

static layout lay_out(const crn_tree_ensemble_attributes *a, const crn_type *in, int64_t rows)
{
    const size_t all = (size_t)rows, features = (size_t)in[X].shape[0] + 1;
    const size_t trees = (size_t)in[ROOTS].shape[0];
    layout l;
    l.sums = aligned((all > trees ? all : trees) * sizeof(uint32_t));
    l.keys =
        l.sums +
        (a->output == CRN_TREE_STAGES ? aligned(all * (size_t)a->columns * sizeof(double)) : 0);
    l.size = l.keys + all * features * (a->wide ? sizeof(uint64_t) : sizeof(uint32_t));
    return l;
}

static size_t tree_ensemble_scratch(const void *attributes, const crn_type *in, int n_in,
                                    int64_t rows)
{
    (void)n_in;
    return lay_out(attributes, in, rows).size;
}

/* What a run needs at hand. */
typedef struct run {
    const crn_call *call;
    const crn_tree_ensemble_attributes *a;
    int64_t features, trees, width;
    uint32_t *leaves;
    double *sums; /* (rows, columns) */
    void *keys;
    const uint32_t *sets;
    int nan; /* a NaN, or categories, are among the keys */
    int far; /* the nodes are more than the level-2 cache holds */
} run;

/* A category that fit has seen is its own key; all else counts as missing, as
 * sklearn/ensemble/_hist_gradient_boosting/_predictor.pyx (1.9) has it. */
static uint64_t category_key(double x, const uint32_t *known)
{
    if (!(x >= 0.0))
        return UINT64_MAX;
    const uint8_t code = x < 0x1p63 ? (uint8_t)(int64_t)x : 0;
    return known[code / 32] >> code % 32 & 1 ? code : UINT64_MAX;
}

static void replace_categories(run *r, int64_t first, int64_t rows, int64_t stride,
                               uint64_t *keys)
{
    const uint32_t *known = r->call->in[KNOWN];
    const double *x = (const double *)r->call->in[X] + first * r->features;
    for (int64_t j = 0; j < r->features; j++) {
        const uint32_t *words = known + j * CRN_TREE_KNOWN_WORDS;
        for (int64_t row = 0; words[0] != 0 && row < rows; row++)
            keys[j * stride + row] = category_key(x[row * r->features + j], words + 1);
    }
}

/* The keys of some rows into a tile (stride LANES) or of one row (stride 1). */
static void make_keys(run *r, int64_t first, int64_t rows, int64_t stride, void *keys)
{
    const crn_kernels *k = r->call->kernels;
    const int64_t n = r->features, at = first * n;
    int nan;
    if (r->call->in_types[X].dtype == CRN_FLOAT32)
        nan = k->tree_keys_f32(rows, n, (const float *)r->call->in[X] + at, stride, keys);
    else if (!r->a->wide)
        nan = k->tree_keys_rounded(rows, n, (const double *)r->call->in[X] + at, stride, keys);
    else if (r->a->rounded)
        nan = k->tree_keys_rounded_wide(rows, n, (const double *)r->call->in[X] + at, stride,
                                        keys);
    else
        nan = k->tree_keys_f64(rows, n, (const double *)r->call->in[X] + at, stride, keys);
    r->nan |= nan;
    if (r->sets != NULL)
        replace_categories(r, first, rows, stride, keys);
}

/* The first column that a tree adds to. */
static int64_t column_of(const run *r, int64_t tree)
{
    return r->width == r->a->columns ? 0 : tree * r->width % r->a->columns;
}

/* Adds the values of a tree's leaves to the sums of rows. One and two values, what regressors and
 * binary classifiers have, are most of all. */
static void add_leaves(const run *r, int64_t tree, int64_t rows)
{
    const int64_t width = r->width, columns = r->a->columns;
    const double *values = r->call->in[VALUES];
    const uint32_t *leaves = r->leaves;
    double *sums = r->sums + column_of(r, tree);
    if (width == 1) {
        for (int64_t row = 0; row < rows; row++)
            sums[row * columns] += values[leaves[row]];
    } else if (width == 2 && columns == 2) {
        for (int64_t row = 0; row < rows; row++) {
            const double *leaf = values + 2 * (size_t)leaves[row];
            sums[2 * row] += leaf[0];
            sums[2 * row + 1] += leaf[1];
        }
    } else {
        for (int64_t row = 0; row < rows; row++) {
            const double *leaf = values + (int64_t)leaves[row] * width;
            for (int64_t j = 0; j < width; j++)
                sums[row * columns + j] += leaf[j];
        }
    }
}

/* Adds the values of a row's leaf in a tree. */
static inline void add_leaf(const run *r, int64_t tree, double *sums)
{
    const double *leaf =
        (const double *)r->call->in[VALUES] + (int64_t)r->leaves[tree] * r->width;
    sums += column_of(r, tree);
    for (int64_t j = 0; j < r->width; j++)
        sums[j] += leaf[j];
}

/* Adds the values of a row's leaves in all trees: for one and two columns in registers. */
static void add_row(const run *r, double *sums)
{
    const double *values = r->call->in[VALUES];
    if (r->a->columns == 1) {
        double sum = sums[0];
        for (int64_t tree = 0; tree < r->trees; tree++)
            sum += values[r->leaves[tree]];
        sums[0] = sum;
    } else if (r->a->columns == 2 && r->width == 2) {
        double first = sums[0], second = sums[1];
        for (int64_t tree = 0; tree < r->trees; tree++) {
            first += values[2 * (size_t)r->leaves[tree]];
            second += values[2 * (size_t)r->leaves[tree] + 1];
        }
        sums[0] = first, sums[1] = second;
    } else {
        for (int64_t tree = 0; tree < r->trees; tree++)
            add_leaf(r, tree, sums);
    }
}

/* After the last tree of a round: the sums so far are a stage's. */
static void put_stage(const run *r, int64_t tree, int64_t first, int64_t rows)
{
    const int64_t columns = r->a->columns, round = columns / r->width;
    if (r->a->output != CRN_TREE_STAGES || (tree + 1) % round != 0)
        return;
    const int64_t stages = r->trees / round, stage = tree / round;
    double *out = r->call->out[0];
    for (int64_t row = first; row < first + rows; row++)
        memcpy(out + (row * stages + stage) * columns, r->sums + row * columns,
               (size_t)columns * sizeof *out);
}

static void put_leaf(const run *r, int64_t tree, int64_t row, uint32_t leaf)
{
    int64_t *out = r->call->out[0];
    out[row * r->trees + tree] = ((const int64_t *)r->call->in[VALUES])[leaf];
}

/* Rows that fill tiles: tree after tree. */
static void run_tiles(run *r, int64_t tiles)
{
    const crn_kernels *k = r->call->kernels;
    const crn_tree_root *roots = r->call->in[ROOTS];
    const int64_t rows = tiles * LANES, features = r->features + 1;
    const size_t key = r->a->wide ? sizeof(uint64_t) : sizeof(uint32_t);
    for (int64_t tile = 0; tile < tiles; tile++)
        make_keys(r, tile * LANES, LANES, LANES,
                  (char *)r->keys + (size_t)(tile * features * LANES) * key);
    for (int64_t tree = 0; tree < r->trees; tree++) {
        if (r->a->wide)
            k->tree_tiles_wide(r->call->in[NODES], r->sets, roots[tree], tiles, features,
                               r->keys, r->nan, r->leaves);
        else
            k->tree_tiles_narrow(r->call->in[NODES], r->a->feature_bits, roots[tree], tiles,
                                 features, r->keys, r->nan, r->leaves);
        if (r->a->output == CRN_TREE_LEAVES)
            for (int64_t row = 0; row < rows; row++)
                put_leaf(r, tree, row, r->leaves[row]);
        else
            add_leaves(r, tree, rows);
        put_stage(r, tree, 0, rows);
    }
}

/* One row: several trees at a time. */
static void run_row(run *r, int64_t row)
{
    const crn_kernels *k = r->call->kernels;
    const crn_tree_root *roots = r->call->in[ROOTS];
    r->nan = r->sets != NULL;
    make_keys(r, row, 1, 1, r->keys);
    if (r->a->wide)
        k->tree_row_wide(r->call->in[NODES], r->sets, roots, r->trees, r->keys, r->nan, r->far,
                         r->leaves);
    else
        k->tree_row_narrow(r->call->in[NODES], r->a->feature_bits, roots, r->trees, r->keys,
                           r->nan, r->far, r->leaves);
    double *sums = r->sums + row * r->a->columns;
    if (r->a->output == CRN_TREE_SUM)
        add_row(r, sums);
    for (int64_t tree = 0; r->a->output != CRN_TREE_SUM && tree < r->trees; tree++) {
        if (r->a->output == CRN_TREE_LEAVES) {
            put_leaf(r, tree, row, r->leaves[tree]);
            continue;
        }
        add_leaf(r, tree, sums);
        put_stage(r, tree, row, 1);
    }
}

/* The sums begin with the base, or with zeros. */
static void begin_sums(const run *r)
{
    const crn_call *call = r->call;
    const size_t row = (size_t)r->a->columns * sizeof *r->sums;
    if (call->n_in <= BASE || call->in[BASE] == NULL)
        memset(r->sums, 0, (size_t)call->rows * row);
    else if (call->in_types[BASE].rows)
        memcpy(r->sums, call->in[BASE], (size_t)call->rows * row);
    else
        for (int64_t i = 0; i < call->rows; i++)
            memcpy(r->sums + i * r->a->columns, call->in[BASE], row);
}

static void tree_ensemble_forward(const crn_call *call)
{
    const crn_tree_ensemble_attributes *a = call->attributes;
    const layout l = lay_out(a, call->in_types, call->rows);
    char *scratch = call->scratch;
    run r = {.call = call,
             .a = a,
             .features = call->in_types[X].shape[0],
             .trees = call->in_types[ROOTS].shape[0],
             .width = call->in_types[VALUES].shape[1],
             .leaves = (uint32_t *)scratch,
             .sums = a->output == CRN_TREE_STAGES ? (double *)(void *)(scratch + l.sums)
                                                  : call->out[0],
             .keys = scratch + l.keys,
             .sets = call->n_in > SETS ? call->in[SETS] : NULL,
             .far = crn_type_size(&call->in_types[NODES]) * (int64_t)sizeof(uint64_t) > NEAR};
    const int64_t tiles = call->rows / LANES;
    if (a->output != CRN_TREE_LEAVES)
        begin_sums(&r);
    r.nan = r.sets != NULL;
    if (tiles > 0)
        run_tiles(&r, tiles);
    for (int64_t row = tiles * LANES; row < call->rows; row++)
        run_row(&r, row);
    for (int64_t i = 0; a->divided && i < call->rows * a->columns; i++)
        r.sums[i] /= (double)r.trees;
}

static void tree_ensemble_cost(const void *attributes, const crn_type *in, const crn_type *out,
                               crn_cost *cost)
{
    (void)attributes, (void)out;
    int64_t levels = 1;
    for (int64_t n = in[NODES].shape[0] / in[ROOTS].shape[0]; n > 2; n /= 2)
        levels++;
    cost->multiply_adds = 4.0 * (double)(levels * in[ROOTS].shape[0]);
    for (int k = NODES; k <= VALUES; k++)
        cost->bytes += (double)(crn_type_size(&in[k]) * in[k].itemsize);
}

static void tree_ensemble_describe(const void *attributes, char *buffer, size_t size)
{
    static const char *const outputs[] = {"sums", "stages", "leaves"};
    const crn_tree_ensemble_attributes *a = attributes;
    snprintf(buffer, size, "%s%s", outputs[a->output], a->wide ? ", wide nodes" : "");
}

const crn_op crn_op_tree_ensemble = {
    .name = "tree_ensemble",
    .attributes_size = sizeof(crn_tree_ensemble_attributes),
    .n_out = 1,
    .infer = tree_ensemble_infer,
    .scratch = tree_ensemble_scratch,
    .forward = tree_ensemble_forward,
    .cost = tree_ensemble_cost,
    .describe = tree_ensemble_describe,
};

crn_value crn_tree_ensemble_run(crn_graph *graph, crn_value x, const crn_tree_ensemble *trees,
                                const crn_tree_ensemble_attributes *attributes)
{
    const crn_value in[INPUTS] = {[X] = x,
                                  [NODES] = trees->nodes,
                                  [ROOTS] = trees->roots,
                                  [VALUES] = trees->values,
                                  [BASE] = trees->base,
                                  [KNOWN] = trees->known,
                                  [SETS] = trees->sets};
    return crn_graph_add(graph, &crn_op_tree_ensemble, attributes, in, INPUTS);
}
