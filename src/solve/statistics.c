/* SPDX-License-Identifier: BSD-3-Clause */
#include "solve/statistics.h"

#include <cblas.h>
#include <limits.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/memory.h"
#include "solve/sum.h"

/* ---- incremental mean and variance ---- */

typedef struct batch {
    const double *x;
    int64_t rows, columns;
    const double *weight; /* or NULL */
    bool has_nan;
    double *one_column; /* (rows,) when there is one column: it is summed pairwise */
} batch;

/* What is summed over the rows, of an element x and the mean of its column. */
typedef enum term {
    TERM_COUNT,     /* 1 */
    TERM_VALUE,     /* x */
    TERM_DEVIATION, /* x - mean */
    TERM_SQUARE     /* (x - mean)^2 */
} term;

/* NaN counts as 0: with weights where x is NaN; without, and if any x is NaN, where the term
 * is. */
static double term_of(const batch *b, term what, double x, double mean, int64_t row)
{
    double weight = b->weight != NULL ? b->weight[row] : 1.0, value = x;
    if (what == TERM_COUNT)
        return isnan(x) ? 0.0 : weight;
    if (what != TERM_VALUE)
        value -= mean;
    if (what == TERM_SQUARE)
        value *= value;
    if (isnan(b->weight != NULL ? x : value) && b->has_nan)
        return 0.0;
    return value * weight;
}

static void sum_terms(const batch *b, term what, const double *mean, double *sums)
{
    if (b->one_column != NULL) {
        for (int64_t i = 0; i < b->rows; i++)
            b->one_column[i] = term_of(b, what, b->x[i], mean[0], i);
        sums[0] = crn_sum(b->one_column, b->rows);
        return;
    }
    for (int64_t j = 0; j < b->columns; j++)
        sums[j] = 0.0;
    const double *x = b->x;
    for (int64_t i = 0; i < b->rows; i++, x += b->columns)
        for (int64_t j = 0; j < b->columns; j++)
            sums[j] += term_of(b, what, x[j], mean[j], i);
}

static bool any_nan(const double *x, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (isnan(x[i]))
            return true;
    return false;
}

/* (columns,) each */
typedef struct increment {
    double *sum, *count, *mean, *correction, *squares;
} increment;

/* The variance of old and new rows together, times their number. */
static double merged_squares(const increment *in, int64_t j, double old_mean,
                             double old_variance, double old_count)
{
    double squares = in->squares[j] - in->correction[j] * in->correction[j] / in->count[j];
    if (old_count == 0)
        return squares;
    double ratio = old_count / in->count[j], count = old_count + in->count[j];
    double gap = old_mean * old_count / ratio - in->sum[j];
    return old_variance * old_count + squares + ratio / count * (gap * gap);
}

static void take_in(const batch *b, const increment *in, double *mean, double *variance,
                    double *sample_count)
{
    sum_terms(b, TERM_VALUE, in->mean, in->sum);
    sum_terms(b, TERM_COUNT, in->mean, in->count);
    if (variance != NULL) {
        for (int64_t j = 0; j < b->columns; j++)
            in->mean[j] = in->sum[j] / in->count[j];
        sum_terms(b, TERM_DEVIATION, in->mean, in->correction);
        sum_terms(b, TERM_SQUARE, in->mean, in->squares);
    }
    for (int64_t j = 0; j < b->columns; j++) {
        double old_count = sample_count[j], count = old_count + in->count[j];
        if (variance != NULL)
            variance[j] = merged_squares(in, j, mean[j], variance[j], old_count) / count;
        mean[j] = (mean[j] * old_count + in->sum[j]) / count;
        sample_count[j] = count;
    }
}

crn_status crn_incremental_mean_and_var(const double *x, int64_t rows, int64_t columns,
                                        const double *sample_weight, double *mean,
                                        double *variance, double *sample_count, crn_error *err)
{
    batch b = {.x = x, .rows = rows, .columns = columns, .weight = sample_weight};
    double *work = crn_calloc((size_t)columns, 5 * sizeof(double));
    if (columns == 1)
        b.one_column = crn_calloc((size_t)rows, sizeof(double));
    if (work == NULL || (columns == 1 && b.one_column == NULL)) {
        free(work);
        free(b.one_column);
        return crn_no_memory(err);
    }
    b.has_nan = any_nan(x, (size_t)rows * (size_t)columns);
    increment in = {work, work + columns, work + 2 * columns, work + 3 * columns,
                    work + 4 * columns};
    take_in(&b, &in, mean, variance, sample_count);
    free(work);
    free(b.one_column);
    return CRN_OK;
}

/* ---- the rest ---- */

void crn_nan_min_max(const double *x, int64_t rows, int64_t columns, double *minimum,
                     double *maximum)
{
    for (int64_t j = 0; j < columns; j++)
        minimum[j] = maximum[j] = NAN;
    for (int64_t i = 0; i < rows; i++, x += columns)
        for (int64_t j = 0; j < columns; j++) {
            minimum[j] = fmin(minimum[j], x[j]); /* of a NaN and a number, the number */
            maximum[j] = fmax(maximum[j], x[j]);
        }
}

void crn_column_means(const double *x, int64_t rows, int64_t columns, double *mean)
{
    crn_sum_columns(x, rows, columns, mean);
    for (int64_t j = 0; j < columns; j++)
        mean[j] /= (double)rows;
}

static crn_status check_shape(int64_t rows, int64_t columns, crn_error *err)
{
    if (rows < 1 || columns < 1 || rows > INT_MAX || columns > INT_MAX)
        return crn_fail(err, CRN_LIMIT, "statistics of a matrix of shape (%lld, %lld)",
                        (long long)rows, (long long)columns);
    return CRN_OK;
}

crn_status crn_covariance(const double *x, int64_t rows, int64_t columns, const double *mean,
                          double *covariance, crn_error *err)
{
    CRN_TRY(check_shape(rows, columns, err));
    int n = (int)rows, p = (int)columns;
    cblas_dsyrk(CblasRowMajor, CblasUpper, CblasTrans, p, n, 1.0, x, p, 0.0, covariance, p);
    for (int64_t i = 0; i < p; i++)
        for (int64_t j = i; j < p; j++) {
            double value = covariance[i * p + j] - (double)rows * mean[i] * mean[j];
            covariance[i * p + j] = covariance[j * p + i] = value / (double)(rows - 1);
        }
    return CRN_OK;
}
