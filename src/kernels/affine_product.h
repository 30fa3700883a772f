/* SPDX-License-Identifier: BSD-3-Clause */
/* The matrix product for one element type. affine.inc.c includes this once for each type, with
 * R the type and F(name) the name with its suffix; hence no include guard.
 *
 * Each y[i][j] is added up over k in rising order (W is (n_in, n_out)), or lane by lane and
 * then across the lanes (W is (n_out, n_in)), however many rows there are: a row gives the same
 * bits alone and in any block. */

enum {
    F(L) = VECTOR_BYTES / (int)sizeof(R),             /* lanes */
    F(TILE_ROWS) = 6,                                 /* of x in one tile of registers */
    F(TILE_VECTORS) = VECTOR_REGISTERS == 32 ? 4 : 2, /* of outputs in it */
    F(ROW_VECTORS) = 8,                               /* of outputs when x is one row */
    F(DOT_ROWS) = VECTOR_REGISTERS == 32 ? 4 : 2,     /* the tile of dot products: rows, */
    F(DOT_OUTPUTS) = 4,                               /* and outputs */
    F(SLICE) = 1024 / (int)sizeof(R), /* of k: 6 rows of x in the L1, a panel in the L2 cache */
    F(PANEL) = F(TILE_VECTORS) * VECTOR_BYTES / (int)sizeof(R), /* outputs of a tile */
};

/* The part of a product that is being computed: a slice of k. */
typedef struct F(slice) {
    int64_t rows, n_in, n_out;
    int64_t n_k;    /* of the slice */
    int64_t w_step; /* elements between its rows of W */
    int first;      /* sums begin at 0; else with what y holds */
    const R *x;     /* at the slice's first k */
    const R *b;     /* NULL until the last slice */
    R *y;
} F(slice);

/* ---- W (n_in, n_out): lanes are outputs ---- */

/* P rows x V vectors of outputs from row i and output j on; w points at the slice's W[0][j].
 * With tail > 0 the last vector has only so many lanes. */
ALWAYS_INLINE void F(tile)(const int P, const int V, const int tail, const F(slice) * s,
                           const R *w, int64_t i, int64_t j)
{
    const R *x = s->x + i * s->n_in;
    R *y = s->y + i * s->n_out + j;
    F(v) sum[F(TILE_ROWS)][F(ROW_VECTORS)];
#define LOAD(v, from)                                                                          \
    (tail > 0 && (v) == V - 1 ? F(load_first)((from) + (v)*F(L), tail)                         \
                              : F(load)((from) + (v)*F(L)))
#define EACH_SUM(statement)                                                                    \
    UNROLL                                                                                     \
    for (int p = 0; p < P; p++) {                                                              \
        UNROLL                                                                                 \
        for (int v = 0; v < V; v++) {                                                          \
            statement;                                                                         \
        }                                                                                      \
    }
    if (s->first) {
        EACH_SUM(sum[p][v] = (F(v)){0})
    } else {
        EACH_SUM(sum[p][v] = LOAD(v, y + p * s->n_out))
    }
    for (int64_t k = 0; k < s->n_k; k++, w += s->w_step) {
        F(v) weights[F(ROW_VECTORS)];
        UNROLL
        for (int v = 0; v < V; v++)
            weights[v] = LOAD(v, w);
        EACH_SUM(sum[p][v] += weights[v] * x[p * s->n_in + k])
    }
    if (s->b != NULL) {
        EACH_SUM(sum[p][v] += LOAD(v, s->b + j))
    }
    EACH_SUM(R *to = y + p * s->n_out + v * F(L);
             if (tail > 0 && v == V - 1) F(store_first)(to, sum[p][v], tail);
             else F(store)(to, sum[p][v]))
#undef EACH_SUM
#undef LOAD
}

/* All rows of a panel of V vectors of outputs. */
ALWAYS_INLINE void F(rows_of_panel)(const int V, const int tail, const F(slice) * s, const R *w,
                                    int64_t j)
{
    int64_t i = 0;
    for (; i + F(TILE_ROWS) <= s->rows; i += F(TILE_ROWS))
        F(tile)(F(TILE_ROWS), V, tail, s, w, i, j);
    for (; i + 2 <= s->rows; i += 2)
        F(tile)(2, V, tail, s, w, i, j);
    if (i < s->rows)
        F(tile)(1, V, tail, s, w, i, j);
}

static void F(whole_panel)(const F(slice) * s, const R *w, int64_t j)
{
    F(rows_of_panel)(F(TILE_VECTORS), 0, s, w, j);
}

/* The outputs that are left: up to a panel. */
static void F(last_panel)(const F(slice) * s, const R *w, int64_t j)
{
    int left = (int)(s->n_out - j);
    int tail = (left - 1) % F(L) + 1;
    switch ((left - 1) / F(L) + 1) {
    case 1:
        F(rows_of_panel)(1, tail, s, w, j);
        break;
    case 2:
        F(rows_of_panel)(2, tail, s, w, j);
        break;
#if VECTOR_REGISTERS == 32
    case 3:
        F(rows_of_panel)(3, tail, s, w, j);
        break;
    case 4:
        F(rows_of_panel)(4, tail, s, w, j);
        break;
#endif
    }
}

/* One row of x: as many sums at once as hide the latency of a multiply-add. */
static void F(row)(const F(slice) * s, const R *w)
{
    int64_t j = 0;
    for (; j + F(ROW_VECTORS) * F(L) <= s->n_out; j += F(ROW_VECTORS) * F(L))
        F(tile)(1, F(ROW_VECTORS), 0, s, w + j, 0, j);
    int left = (int)(s->n_out - j);
    int tail = (left + F(L) - 1) % F(L) + 1;
    switch ((left + F(L) - 1) / F(L)) {
#define LEFT(V)                                                                                \
    case V:                                                                                    \
        F(tile)(1, V, tail, s, w + j, 0, j);                                                   \
        break;
        LEFT(1)
        LEFT(2)
        LEFT(3)
        LEFT(4)
        LEFT(5)
        LEFT(6)
        LEFT(7)
        LEFT(8)
#undef LEFT
    }
}

/* Copies a panel of the slice's W together: its rows lie far apart, on as many pages and, when
 * n_out is a power of two, in few sets of the cache. Worth it from some rows on. */
static void F(pack)(const F(slice) * s, const R *w, int64_t width, R *packed)
{
    for (int64_t k = 0; k < s->n_k; k++)
        memcpy(packed + k * F(PANEL), w + k * s->n_out, (size_t)width * sizeof(R));
}

static void F(panels)(F(slice) * s, const R *w, R *scratch)
{
    enum { ROWS_WORTH_PACKING = 24 };
    int packs = scratch != NULL && s->rows >= ROWS_WORTH_PACKING && s->n_out > 2 * F(PANEL);
    s->w_step = packs ? F(PANEL) : s->n_out;
    for (int64_t j = 0; j < s->n_out; j += F(PANEL)) {
        int64_t width = s->n_out - j < F(PANEL) ? s->n_out - j : F(PANEL);
        if (packs)
            F(pack)(s, w + j, width, scratch);
        if (width == F(PANEL))
            F(whole_panel)(s, packs ? scratch : w + j, j);
        else
            F(last_panel)(s, packs ? scratch : w + j, j);
    }
}

static void F(product)(int64_t rows, int64_t n_in, int64_t n_out, const R *x, const R *w,
                       const R *b, R *y, R *scratch)
{
    for (int64_t k = 0; k == 0 || k < n_in; k += F(SLICE)) {
        int last = n_in - k <= F(SLICE);
        F(slice)
        s = {.rows = rows,
             .n_in = n_in,
             .n_out = n_out,
             .n_k = last ? n_in - k : F(SLICE),
             .w_step = n_out,
             .first = k == 0,
             .x = x + k,
             .b = last ? b : NULL,
             .y = y};
        if (rows == 1)
            F(row)(&s, w + k * n_out);
        else
            F(panels)(&s, w + k * n_out, scratch);
    }
}

/* ---- W (n_out, n_in): lanes are inputs ---- */

/* P rows x Q outputs, each a dot product of length n. */
ALWAYS_INLINE void F(dots)(const int P, const int Q, int64_t n_in, int64_t n_out, const R *x,
                           const R *w, const R *b, R *y)
{
    F(v) sum[F(DOT_ROWS)][F(DOT_OUTPUTS)];
#define EACH_SUM(statement)                                                                    \
    UNROLL                                                                                     \
    for (int p = 0; p < P; p++) {                                                              \
        UNROLL                                                                                 \
        for (int q = 0; q < Q; q++)                                                            \
            statement;                                                                         \
    }
    EACH_SUM(sum[p][q] = (F(v)){0})
    int64_t k = 0;
    for (; k + F(L) <= n_in; k += F(L)) {
        EACH_SUM(sum[p][q] += F(load)(x + p * n_in + k) * F(load)(w + q * n_in + k))
    }
    if (k < n_in) {
        int tail = (int)(n_in - k);
        EACH_SUM(sum[p][q] +=
                 F(load_first)(x + p * n_in + k, tail) * F(load_first)(w + q * n_in + k, tail))
    }
    EACH_SUM(y[p * n_out + q] = F(sum)(sum[p][q]) + (b != NULL ? b[q] : 0))
#undef EACH_SUM
}

/* P rows, all outputs. */
ALWAYS_INLINE void F(dots_of_rows)(const int P, int64_t n_in, int64_t n_out, const R *x,
                                   const R *w, const R *b, R *y)
{
    int64_t j = 0;
    for (; j + F(DOT_OUTPUTS) <= n_out; j += F(DOT_OUTPUTS))
        F(dots)
    (P, F(DOT_OUTPUTS), n_in, n_out, x, w + j * n_in, b != NULL ? b + j : NULL, y + j);
    for (; j < n_out; j++)
        F(dots)(P, 1, n_in, n_out, x, w + j * n_in, b != NULL ? b + j : NULL, y + j);
}

static void F(dot_products)(int64_t rows, int64_t n_in, int64_t n_out, const R *x, const R *w,
                            const R *b, R *y)
{
    int64_t i = 0;
    for (; i + F(DOT_ROWS) <= rows; i += F(DOT_ROWS))
        F(dots_of_rows)(F(DOT_ROWS), n_in, n_out, x + i * n_in, w, b, y + i * n_out);
    for (; i < rows; i++)
        F(dots_of_rows)(1, n_in, n_out, x + i * n_in, w, b, y + i * n_out);
}

/* ---- the kernels ---- */

void CRN_AT_LEVEL(F(affine))(int64_t rows, int64_t n_in, int64_t n_out, const R *x, const R *w,
                             int transposed, const R *b, R *y, void *scratch)
{
    if (transposed)
        F(dot_products)(rows, n_in, n_out, x, w, b, y);
    else
        F(product)(rows, n_in, n_out, x, w, b, y, scratch);
}

/* A dot product ends with a sum across its lanes: about six operations. */
int64_t CRN_AT_LEVEL(F(affine_steps))(int64_t n_in, int64_t n_out, int transposed)
{
    int64_t lanes = F(L);
    if (transposed)
        return n_out * ((n_in + lanes - 1) / lanes + 6);
    return n_in * ((n_out + lanes - 1) / lanes);
}
