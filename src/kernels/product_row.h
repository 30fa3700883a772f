/* SPDX-License-Identifier: BSD-3-Clause */
/* Rows of a product one by one, for one element type: product_panels.h includes this, with R the
 * type and F(name) the name with its suffix; hence no include guard.
 *
 * A row alone is bound by the way of b from the caches. Where elements of a are zero and b is finite, their
 * rows of b are not read: what they would add is zero, and a sum that begins at +0 is never -0, so
 * that adding it would change no bit. */

/* Finds the elements of a slice of row i that are not zero; -1: so few are zero that finding them
 * does not pay, as the first and the middle ones tell. */
static int F(nonzero_of_row)(const F(slice) * s, int64_t i, uint16_t *at)
{
    enum { SAMPLE = 2 * F(L) };
    const crn_product *p = s->whole;
    const int n = (int)s->n_k;
    const R *a = (const R *)p->a + i * p->a_step + s->k;
    if (!p->finite_b || n < 2 * SAMPLE ||
        F(nonzero)(SAMPLE, a, at) + F(nonzero)(SAMPLE, a + n / 2, at) == 2 * SAMPLE)
        return -1;
    return F(nonzero)(n, a, at);
}

/* V vectors of row i from column j on; b points at the slice's b[0][j], the next panel stands
 * panel_step further. at: the elements to take; count < 0: all. */
ALWAYS_INLINE void F(row_tile)(const int V, const int tail, const F(slice) * s, const R *b,
                               int64_t panel_step, int64_t i, int64_t j, const uint16_t *at,
                               int count)
{
    const R *a = (const R *)s->whole->a + i * s->whole->a_step + s->k;
    R *out = (R *)s->whole->out + i * s->whole->out_step + j;
    const R *next = s->whole->rows > 1 ? a + s->whole->a_step : NULL;
    F(v) sum[1][F(ROW_VECTORS)];
    const R *panel[F(ROW_VECTORS) / F(TILE_VECTORS)];
#define LOAD(v, from) (tail > 0 && (v) == V - 1 ? F(load_first)((from), tail) : F(load)((from)))
#define EACH(statement)                                                                        \
    UNROLL                                                                                     \
    for (int v = 0; v < V; v++)                                                                \
        statement;
#define COLUMNS(k) (panel[v / F(TILE_VECTORS)] + (k)*s->b_step + v % F(TILE_VECTORS) * F(L))
    EACH(panel[v / F(TILE_VECTORS)] = b + v / F(TILE_VECTORS) * panel_step)
    if (s->first) {
        EACH(sum[0][v] = (F(v)){0})
    } else {
        EACH(sum[0][v] = LOAD(v, out + v * F(L)))
    }
    if (count < 0) {
        for (int64_t k = 0; k < s->n_k; k++) {
            EACH(sum[0][v] += LOAD(v, COLUMNS(k)) * a[k])
        }
    } else {
        for (int n = 0; n < count; n++) {
            const int64_t k = at[n];
            if (next != NULL)
                __builtin_prefetch(next + n * F(LINE));
            EACH(sum[0][v] += LOAD(v, COLUMNS(k)) * a[k])
        }
    }
    if (s->last)
        F(finish)(1, V, tail, s->whole, i, j, sum);
    EACH(if (tail > 0 && v == V - 1) F(store_first)(out + v * F(L), sum[0][v], tail);
         else F(store)(out + v * F(L), sum[0][v]))
#undef COLUMNS
#undef EACH
#undef LOAD
}

/* Columns [from, to) of row i; from is where a panel begins. */
static void F(row)(F(slice) * s, int64_t at_b, int64_t i, int64_t from, int64_t to,
                   const uint16_t *at, int count)
{
    enum { WIDE = F(ROW_VECTORS) * F(L) };
    const crn_product *p = s->whole;
    const int packed = p->layout == CRN_PRODUCT_PACKED;
    const int64_t panel_step = packed ? F(PANEL) * p->n_in : F(PANEL);
    for (int64_t j = from; j < to;) {
        const int64_t width = to - j >= WIDE ? WIDE : F(width_at)(to, j);
        const R *b = F(panel_of_b)(s, at_b, j, F(width_at)(to, j));
        const int tail = (int)(width % F(L));
        switch ((width - 1) / F(L)) {
#define CASE(V)                                                                                \
    case V - 1:                                                                                \
        F(row_tile)(V, tail, s, b, panel_step, i, j, at, count);                               \
        break;
            CASE(1)
            CASE(2)
#if VECTOR_REGISTERS == 32
            CASE(3)
            CASE(4)
#endif
#undef CASE
        default:
            F(row_tile)(F(ROW_VECTORS), 0, s, b, panel_step, i, j, at, count);
        }
        j += width;
    }
}

/* Row by row: as many columns at once as leave their part of b in the L2 cache for the next
 * row. */
static void F(run_rows)(const crn_product *p)
{
    enum { MOST = 1024 };
    uint16_t at[MOST + F(L)];
    const int64_t group = p->rows == 1 ? p->n_out : F(ROW_VECTORS) * F(L);
    for (int64_t k = 0; k < p->n_in; k += MOST) {
        F(slice) s = {.whole = p, .k = k, .first = k == 0, .last = p->n_in - k <= MOST};
        s.n_k = s.last ? p->n_in - k : MOST;
        for (int64_t j = 0; j < p->n_out; j += group) {
            const int64_t to = p->n_out - j < group ? p->n_out : j + group;
            for (int64_t i = 0; i < p->rows; i++) {
                F(row)(&s, k, i, j, to, at, F(nonzero_of_row)(&s, i, at));
            }
        }
    }
}

/* Whether rows one by one are faster than tiles of them: one row is, and rows of mostly zeros,
 * as a few of them tell. */
static int F(goes_by_rows)(const crn_product *p)
{
    enum { MOST = 1024, SAMPLES = 8 };
    if (p->pieces != NULL || p->layout == CRN_PRODUCT_COLUMNS || p->n_in == 0)
        return 0;
    if (p->rows == 1)
        return 1;
    if (!p->finite_b || p->n_in < 64)
        return 0;
    uint16_t at[MOST + F(L)];
    const int n = p->n_in < MOST ? (int)p->n_in : MOST;
    int64_t count = 0, rows = 0;
    for (int64_t i = 0; i < p->rows; i += p->rows / SAMPLES + 1, rows++)
        count += F(nonzero)(n, (const R *)p->a + i * p->a_step, at);
    return count * 5 < rows * n * 2;
}
