/* SPDX-License-Identifier: BSD-3-Clause */
/* The affine kernels for one element type. affine.inc.c includes this once for each type, with
 * R the type and F(name) the name with its suffix; hence no include guard.
 *
 * With W (n_in, n_out) it is the general product; with W (n_out, n_in), here, each y[i][j] is added up
 * lane by lane and then across the lanes, however many rows there are: a row gives the same bits
 * alone and in any block. */

enum {
    F(L) = VECTOR_BYTES / (int)sizeof(R),         /* lanes */
    F(DOT_ROWS) = VECTOR_REGISTERS == 32 ? 4 : 2, /* the tile of dot products: rows, */
    F(DOT_OUTPUTS) = 4,                           /* and outputs */
};

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
        UNROLL
        for (int p = 0; P > 1 && p < P; p++)
            __builtin_prefetch(x + (p + P) * n_in + k); /* the next rows */
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

void CRN_AT_LEVEL(F(affine))(int64_t rows, int64_t n_in, int64_t n_out, const R *x, const R *w,
                             int transposed, const R *b, R *y, void *scratch)
{
    if (transposed)
        F(dot_products)(rows, n_in, n_out, x, w, b, y);
    else
        CRN_AT_LEVEL(F(product))
    (&(crn_product){.rows = rows,
                    .n_in = n_in,
                    .n_out = n_out,
                    .a = x,
                    .a_step = n_in,
                    .b = w,
                    .layout = CRN_PRODUCT_ROWS,
                    .b_step = n_out,
                    .out = y,
                    .out_step = n_out,
                    .bias = b,
                    .scratch = scratch});
}

/* A dot product ends with a sum across its lanes: about six operations. */
int64_t CRN_AT_LEVEL(F(affine_steps))(int64_t n_in, int64_t n_out, int transposed)
{
    int64_t lanes = F(L);
    if (transposed)
        return n_out * ((n_in + lanes - 1) / lanes + 6);
    return n_in * ((n_out + lanes - 1) / lanes);
}
