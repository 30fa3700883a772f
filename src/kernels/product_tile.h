/* SPDX-License-Identifier: BSD-3-Clause */
/* A tile of a product in registers, for one element type: product_panels.h includes this, with R
 * the type and F(name) the name with its suffix; hence no include guard.
 *
 * The columns of b are cut into panels as wide as a tile, n_in into slices. A tile is up to
 * TILE_SUMS accumulators: many rows of a narrow panel, or few of a wide one. */

enum {
    F(L) = VECTOR_BYTES / (int)sizeof(R),             /* lanes */
    F(TILE_SUMS) = VECTOR_REGISTERS == 32 ? 24 : 12,  /* accumulators, of vectors, in a tile */
    F(TILE_VECTORS) = VECTOR_REGISTERS == 32 ? 4 : 2, /* of a panel */
    F(ROW_VECTORS) = 8,                               /* of outputs when it is one row */
    F(MOST_ROWS) = 12,                                /* of a tile */
    F(LINE) = 64 / (int)sizeof(R),
    F(PANEL) = F(TILE_VECTORS) * F(L), /* columns of a panel */
    F(SLICE) = 1024 / (int)sizeof(R),  /* of n_in: a tile's rows of it stay in the L1 cache */
};

/* A part of a product: pieces [tap, tap_end) of the rows of a, and [k, k + n_k) of each. */
typedef struct F(slice) {
    const crn_product *whole;
    int64_t tap, tap_end, k, n_k;
    int first, last; /* whether sums begin at 0, not with what out holds; and end here */
    int64_t b_step;  /* elements between rows of b */
} F(slice);

/* Where the pieces of P rows from row i on begin. */
ALWAYS_INLINE void F(find_rows)(const int P, const F(slice) * s, int64_t i, int64_t tap,
                                const R **a)
{
    const crn_product *whole = s->whole;
    UNROLL
    for (int p = 0; p < P; p++) {
        const R *row = whole->pieces == NULL ? (const R *)whole->a + (i + p) * whole->a_step
                                             : whole->pieces[tap * whole->rows + i + p];
        a[p] = row + s->k;
    }
}

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

/* What follows the sums of a tile. */
ALWAYS_INLINE void F(finish)(const int P, const int V, const int tail, const crn_product *whole,
                             int64_t i, int64_t j, F(v) (*sum)[F(ROW_VECTORS)])
{
    if (whole->bias != NULL) {
        const R *bias = (const R *)whole->bias + j;
        EACH_SUM(sum[p][v] += LOAD(v, bias))
    }
    if (whole->added != NULL) {
        const R *added = (const R *)whole->added + i * whole->added_step + j;
        EACH_SUM(sum[p][v] += LOAD(v, added + p * whole->added_step))
    }
    if (whole->bounds != NULL) {
        const F(v) low = (F(v)){0} + ((const R *)whole->bounds)[0];
        const F(v) high = (F(v)){0} + ((const R *)whole->bounds)[1];
        EACH_SUM(sum[p][v] = F(bound)(sum[p][v], low, high))
    }
}

/* P rows x V vectors of out from row i and column j on; b points at the slice's b[0][j]. With
 * tail > 0 the last vector has only so many lanes. */
ALWAYS_INLINE void F(tile)(const int P, const int V, const int tail, const F(slice) * s,
                           const R *b, int64_t i, int64_t j)
{
    const int64_t step = s->whole->out_step;
    R *out = (R *)s->whole->out + i * step + j;
    const int64_t ahead = s->whole->pieces == NULL ? P * s->whole->a_step : 4 * F(LINE);
    enum { B_AHEAD = 4 };
    F(v) sum[F(MOST_ROWS)][F(ROW_VECTORS)];
    if (s->first) {
        EACH_SUM(sum[p][v] = (F(v)){0})
    } else {
        EACH_SUM(sum[p][v] = LOAD(v, out + p * step))
    }
    for (int64_t tap = s->tap; tap < s->tap_end; tap++) {
        const R *a[F(MOST_ROWS)];
        F(find_rows)(P, s, i, tap, a);
        for (int64_t k = 0; k < s->n_k; k += F(LINE)) {
            const int64_t end = s->n_k - k < F(LINE) ? s->n_k : k + F(LINE);
            UNROLL
            for (int p = 0; p < P; p++)
                __builtin_prefetch(a[p] + k + ahead);
            for (int64_t l = k; l < end; l++, b += s->b_step) {
                F(v) columns[F(TILE_VECTORS)];
                UNROLL
                for (int v = 0; v < V; v++) {
                    columns[v] = LOAD(v, b);
                    __builtin_prefetch(b + B_AHEAD * s->b_step + v * F(L));
                }
                EACH_SUM(sum[p][v] += columns[v] * a[p][l])
            }
        }
    }
    if (s->last)
        F(finish)(P, V, tail, s->whole, i, j, sum);
    EACH_SUM(R *to = out + p * step + v * F(L);
             if (tail > 0 && v == V - 1) F(store_first)(to, sum[p][v], tail);
             else F(store)(to, sum[p][v]))
}

#undef EACH_SUM
#undef LOAD
