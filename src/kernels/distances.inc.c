/* SPDX-License-Identifier: BSD-3-Clause */
/* Distances of rows to many points at once, and exp of a multiple. A lane is a point: a
 * distance is added up over the features in rising order, whatever else is computed beside it.
 */
#include "kernels/exponential.h"
#include "kernels/kernels.h"
#include "kernels/level.h"
#include "kernels/vector.h"

typedef int64_t v_i64 __attribute__((vector_size(VECTOR_BYTES)));

enum {
    LANES = VECTOR_BYTES / (int)sizeof(double),
    TILE_ROWS = 4,                                 /* rows in one tile of registers */
    TILE_VECTORS = VECTOR_REGISTERS == 32 ? 4 : 2, /* of points beside them */
    ROW_VECTORS = VECTOR_REGISTERS == 32 ? 8 : 4   /* of points when there is one row */
};

enum { SQUARES, ABSOLUTES, CHI_SQUARES };

/* What one feature adds to the distances of a lane. */
ALWAYS_INLINE v_f64 term(const int kind, double x, v_f64 y)
{
    const v_i64 sign = (v_i64){0} + INT64_MAX;
    v_f64 d = x - y;
    if (kind == SQUARES)
        return d * d;
    if (kind == ABSOLUTES)
        return (v_f64)((v_i64)d & sign);
    v_f64 sum = x + y;
    v_i64 some = sum != (v_f64){0};
    return (v_f64)((v_i64)(d * d / sum) & some);
}

typedef struct distances {
    int64_t n, m; /* features, points */
    const double *x, *y;
    double *out;
} distances;

/* P rows from `row` on, V vectors of points from `j` on; with tail > 0 the last vector has only
 * so many points. */
ALWAYS_INLINE void tile(const int kind, const int P, const int V, const int tail,
                        const distances *d, int64_t row, int64_t j)
{
    const double *x = d->x + row * d->n, *y = d->y + j;
    double *out = d->out + row * d->m + j;
    v_f64 sum[TILE_ROWS][ROW_VECTORS];
#define EACH_SUM(statement)                                                                    \
    UNROLL                                                                                     \
    for (int p = 0; p < P; p++) {                                                              \
        UNROLL                                                                                 \
        for (int v = 0; v < V; v++) {                                                          \
            statement;                                                                         \
        }                                                                                      \
    }
    EACH_SUM(sum[p][v] = (v_f64){0})
    for (int64_t k = 0; k < d->n; k++, y += d->m) {
        v_f64 points[ROW_VECTORS];
        UNROLL
        for (int v = 0; v < V; v++)
            points[v] = tail > 0 && v == V - 1 ? load_first_f64(y + v * LANES, tail)
                                               : load_f64(y + v * LANES);
        EACH_SUM(sum[p][v] += term(kind, x[p * d->n + k], points[v]))
    }
    EACH_SUM(double *to = out + p * d->m + v * LANES;
             if (tail > 0 && v == V - 1) store_first_f64(to, sum[p][v], tail);
             else store_f64(to, sum[p][v]))
#undef EACH_SUM
}

/* P rows, all points. */
ALWAYS_INLINE void rows_of(const int kind, const int P, const int V, const distances *d,
                           int64_t row)
{
    int64_t j = 0;
    for (; j + V * LANES <= d->m; j += V * LANES)
        tile(kind, P, V, 0, d, row, j);
    for (; j + LANES <= d->m; j += LANES)
        tile(kind, P, 1, 0, d, row, j);
    if (j < d->m)
        tile(kind, P, 1, (int)(d->m - j), d, row, j);
}

ALWAYS_INLINE void distances_of(const int kind, int64_t rows, const distances *d)
{
    int64_t row = 0;
    for (; row + TILE_ROWS <= rows; row += TILE_ROWS)
        rows_of(kind, TILE_ROWS, TILE_VECTORS, d, row);
    for (; row < rows; row++)
        rows_of(kind, 1, ROW_VECTORS, d, row);
}

#define DEFINE_DISTANCES(name, kind)                                                           \
    void CRN_AT_LEVEL(name)(int64_t rows, int64_t n, int64_t m, const double *x,               \
                            const double *y, double *out)                                      \
    {                                                                                          \
        const distances d = {.n = n, .m = m, .x = x, .y = y, .out = out};                      \
        distances_of(kind, rows, &d);                                                          \
    }

DEFINE_DISTANCES(squared_distances_f64, SQUARES)
DEFINE_DISTANCES(absolute_distances_f64, ABSOLUTES)
DEFINE_DISTANCES(chi_squared_distances_f64, CHI_SQUARES)

void CRN_AT_LEVEL(exp_of_multiple_f64)(int64_t n, double factor, const double *x, double *y)
{
    for (int64_t i = 0; i < n; i++)
        y[i] = exp_one_f64(factor * x[i]);
}
