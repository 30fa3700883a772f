/* SPDX-License-Identifier: BSD-3-Clause */
/* The walk over the panels and slices of a product, for one element type: product.inc.c includes
 * this once for each, with R the type and F(name) the name with its suffix; hence no include
 * guard. */
#include "kernels/product_tile.h"

/* All rows of a panel of V vectors. */
ALWAYS_INLINE void F(rows_of_panel)(const int V, const int tail, const F(slice) * s, const R *b,
                                    int64_t j)
{
    enum { MOST = F(MOST_ROWS), HALF = F(MOST_ROWS) / 2 };
    const int64_t rows = s->whole->rows;
    const int P = V * MOST <= F(TILE_SUMS) ? MOST : V * 8 <= F(TILE_SUMS) ? 8 : HALF;
    int64_t i = 0;
    for (; i + P <= rows; i += P)
        F(tile)(P, V, tail, s, b, i, j);
    if (P > HALF && i + HALF <= rows) {
        F(tile)(HALF, V, tail, s, b, i, j);
        i += HALF;
    }
    for (; i + 2 <= rows; i += 2)
        F(tile)(2, V, tail, s, b, i, j);
    if (i < rows)
        F(tile)(1, V, tail, s, b, i, j);
}

/* Panels that are not whole are rare enough to share one body for all tails. */
#define DEFINE_PANEL(V)                                                                        \
    static void F(panel_of_##V)(const F(slice) * s, const R *b, int64_t j, int tail)           \
    {                                                                                          \
        if (tail == 0)                                                                         \
            F(rows_of_panel)(V, 0, s, b, j);                                                   \
        else                                                                                   \
            F(rows_of_panel)(V, tail, s, b, j);                                                \
    }

DEFINE_PANEL(1)
DEFINE_PANEL(2)
#if VECTOR_REGISTERS == 32
DEFINE_PANEL(3)
DEFINE_PANEL(4)
#endif
#undef DEFINE_PANEL

static void F(panel)(const F(slice) * s, const R *b, int64_t j, int64_t width)
{
    const int tail = (int)(width % F(L));
    switch ((width - 1) / F(L)) {
    case 0:
        F(panel_of_1)(s, b, j, tail);
        break;
    case 1:
        F(panel_of_2)(s, b, j, tail);
        break;
#if VECTOR_REGISTERS == 32
    case 2:
        F(panel_of_3)(s, b, j, tail);
        break;
    case 3:
        F(panel_of_4)(s, b, j, tail);
        break;
#endif
    }
}

/* ---- packing ---- */

/* Copies n_k rows of `width` columns together, each rounded up to whole vectors: in b they lie
 * far apart, on as many pages and, when n_out is a power of two, in few sets of the cache. */
static void F(pack_panel)(int64_t n_k, int64_t width, const R *b, int64_t k_step,
                          int64_t j_step, R *packed)
{
    const int64_t padded = (width + F(L) - 1) / F(L) * F(L);
    for (int64_t k = 0; k < n_k; k++, packed += padded, b += k_step) {
        for (int64_t j = 0; j < width; j++)
            packed[j] = b[j * j_step];
        for (int64_t j = width; j < padded; j++)
            packed[j] = 0;
    }
}

static int64_t F(width_at)(int64_t n_out, int64_t j)
{
    return n_out - j < F(PANEL) ? n_out - j : F(PANEL);
}

void CRN_AT_LEVEL(F(product_pack))(int64_t n_in, int64_t n_out, const R *b, int64_t k_step,
                                   int64_t j_step, R *packed)
{
    for (int64_t j = 0; j < n_out; j += F(PANEL))
        F(pack_panel)
    (n_in, F(width_at)(n_out, j), b + j * j_step, k_step, j_step, packed + j * n_in);
}

int64_t CRN_AT_LEVEL(F(product_packed_size))(int64_t n_in, int64_t n_out)
{
    return n_in * ((n_out + F(L) - 1) / F(L) * F(L));
}

/* ---- slices ---- */

/* Row `at` of b, counted over all taps, from column j on; packed into the scratch when that
 * pays. Sets the slice's b_step. */
static const R *F(panel_of_b)(F(slice) * s, int64_t at, int64_t j, int64_t width)
{
    enum { ROWS_WORTH_PACKING = 24 };
    const crn_product *p = s->whole;
    const int64_t padded = (width + F(L) - 1) / F(L) * F(L);
    const R *b = p->b;
    if (p->layout == CRN_PRODUCT_PACKED) {
        s->b_step = padded;
        return b + j * p->n_in + at * padded;
    }
    const int by_columns = p->layout == CRN_PRODUCT_COLUMNS;
    const int64_t k_step = by_columns ? 1 : p->b_step, j_step = by_columns ? p->b_step : 1;
    b += at * k_step + j * j_step;
    if (!by_columns && (p->scratch == NULL || p->rows < ROWS_WORTH_PACKING)) {
        s->b_step = p->b_step;
        return b;
    }
    F(pack_panel)((s->tap_end - s->tap) * s->n_k, width, b, k_step, j_step, p->scratch);
    s->b_step = padded;
    return p->scratch;
}

#include "kernels/product_row.h"

static void F(run_slice)(F(slice) * s, int64_t at)
{
    for (int64_t j = 0; j < s->whole->n_out; j += F(PANEL)) {
        const int64_t width = F(width_at)(s->whole->n_out, j);
        F(panel)(s, F(panel_of_b)(s, at, j, width), j, width);
    }
}

/* A slice is as many whole taps as it holds, or a part of one. */
void CRN_AT_LEVEL(F(product))(const crn_product *p)
{
    if (F(goes_by_rows)(p)) {
        F(run_rows)(p);
        return;
    }
    const int64_t taps = p->pieces == NULL ? 1 : p->taps;
    const int64_t n_tap = taps > 0 ? p->n_in / taps : 0;
    const int64_t slice =
        p->layout == CRN_PRODUCT_PACKED && p->n_out <= F(PANEL) ? INT64_MAX : F(SLICE);
    const int64_t at_once = n_tap < slice && n_tap > 0 ? slice / n_tap : 1;
    F(slice) s = {.whole = p, .first = 1};
    if (p->n_in == 0) {
        s.last = 1;
        F(run_slice)(&s, 0);
    }
    for (int64_t tap = 0; n_tap > 0 && tap < taps; tap += at_once) {
        s.tap = tap;
        s.tap_end = taps - tap < at_once ? taps : tap + at_once;
        for (int64_t k = 0; k < n_tap; k += s.n_k) {
            s.k = k;
            s.n_k = n_tap - k < slice ? n_tap - k : slice;
            s.last = s.tap_end == taps && k + s.n_k == n_tap;
            F(run_slice)(&s, tap * n_tap + k);
            s.first = 0;
        }
    }
}
