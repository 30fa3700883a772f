/* SPDX-License-Identifier: BSD-3-Clause */
/* The second derivatives of the logistic loss: products of the Hessian with a vector for
 * newton-cg, the whole of it for newton-cholesky. */
#include <cblas.h>
#include <math.h>
#include <string.h>

#include "base/threads.h"
#include "solve/logistic_parts.h"
#include "solve/sum.h"

/* ---- gradient and pointwise second derivatives ---- */

/* cgrad_hess_half_binomial; the curvature is divided by the weights' sum, as the gradient is.
 */
static void binomial_rows(crn_logistic_loss *loss, int64_t begin, int64_t end)
{
    const double *weight = loss->problem.sample_weight;
    for (int64_t i = begin; i < end; i++) {
        double y = loss->problem.y[i], raw = loss->rows[i], gradient, curvature;
        if (raw > -37) {
            double e = exp(-raw);
            gradient = ((1 - y) - y * e) / (1 + e);
            curvature = e / ((1 + e) * (1 + e));
        } else {
            curvature = exp(raw);
            gradient = curvature - y;
        }
        if (weight != NULL) {
            gradient *= weight[i];
            curvature *= weight[i];
        }
        loss->rows[i] = gradient / loss->weight_sum;
        loss->curvature[i] = curvature / loss->weight_sum;
    }
}

static void multinomial_rows(crn_logistic_loss *loss, int64_t begin, int64_t end)
{
    int64_t k = loss->outputs;
    const double *weight = loss->problem.sample_weight;
    for (int64_t i = begin; i < end; i++) {
        double *row = loss->rows + i * k, max;
        crn_logistic_softmax(row, k, &max);
        memcpy(loss->curvature + i * k, row, (size_t)k * sizeof *row);
        row[loss->problem.y[i]] -= 1.0;
        double w = weight != NULL ? weight[i] : 1.0;
        for (int64_t c = 0; c < k; c++)
            row[c] = row[c] * w / loss->weight_sum;
    }
}

static void gradient_and_curvature(crn_logistic_loss *loss, const double *coef,
                                   const double *raw, double *gradient)
{
    crn_logistic_rows_fn rows = loss->outputs == 1 ? binomial_rows : multinomial_rows;
    crn_logistic_pass(loss, coef, raw, rows, gradient);
    crn_logistic_add_penalty(loss, coef, gradient);
}

void crn_logistic_prepare_product(void *loss, const double *coef, double *gradient)
{
    gradient_and_curvature(loss, coef, NULL, gradient);
}

/* ---- Hessian times vector: x' (h * (x s)) ---- */

static void binomial_product_rows(crn_logistic_loss *loss, int64_t begin, int64_t end)
{
    for (int64_t i = begin; i < end; i++)
        loss->rows[i] *= loss->curvature[i];
}

/* The Hessian of one row is diag(p) - p p'. */
static void multinomial_product_rows(crn_logistic_loss *loss, int64_t begin, int64_t end)
{
    int64_t k = loss->outputs;
    const double *weight = loss->problem.sample_weight;
    for (int64_t i = begin; i < end; i++) {
        double *row = loss->rows + i * k, mean = 0.0;
        const double *p = loss->curvature + i * k;
        for (int64_t c = 0; c < k; c++)
            mean += p[c] * row[c];
        double w = weight != NULL ? weight[i] : 1.0;
        for (int64_t c = 0; c < k; c++)
            row[c] = (row[c] - mean) * p[c] * w / loss->weight_sum;
    }
}

void crn_logistic_hessian_product(void *context, const double *s, double *product)
{
    crn_logistic_loss *loss = context;
    crn_logistic_pass(loss, s, NULL,
                      loss->outputs == 1 ? binomial_product_rows : multinomial_product_rows,
                      product);
    crn_logistic_add_penalty(loss, s, product);
}

/* ---- the whole Hessian ---- */

/* Cut into square tiles of features for each pair of classes. A tile is x[:, i]' diag(h) x[:,
 * j], summed over blocks of TILE rows; no two tasks write to the same place, so there is
 * nothing to reduce. The intercept is one more feature that is 1 in every row. Only tiles with
 * j >= i are computed. */

enum { TILE = 64 }; /* TILE^3 multiplications: OpenBLAS stays on the calling thread */

int64_t crn_logistic_tile_size(void)
{
    return 3 * TILE * TILE;
}

typedef struct tiles {
    crn_logistic_loss *loss;
    int64_t n_dof;
    int64_t side;     /* of a tile: TILE, or n_dof when that is less */
    int64_t per_side; /* tiles */
    double *hessian;  /* (n_dof * k, n_dof * k) */
} tiles;

/* out (rows, side) = columns [first, first + side) of (x, 1), zero beyond them, times h. */
static void gather(const tiles *work, int64_t begin, int64_t rows, int64_t first,
                   const double *h, double *out)
{
    int64_t p = work->loss->problem.n_features, side = work->side;
    int64_t inside = p - first < side ? p - first : side;
    for (int64_t i = 0; i < rows; i++) {
        const double *x = work->loss->problem.x + (begin + i) * p + first;
        double *row = out + i * side, factor = h != NULL ? h[i] : 1.0;
        int64_t j = 0;
        for (; j < inside; j++)
            row[j] = x[j] * factor;
        for (; j < side; j++)
            row[j] = first + j == p ? factor : 0.0; /* scatter() drops what is beyond n_dof */
    }
}

/* Second derivatives by the outputs a and b, of each row. */
static void pair_curvature(const crn_logistic_loss *loss, int64_t begin, int64_t rows,
                           int64_t a, int64_t b, double *h)
{
    int64_t k = loss->outputs;
    const double *weight = loss->problem.sample_weight;
    if (k == 1) {
        memcpy(h, loss->curvature + begin, (size_t)rows * sizeof *h);
        return;
    }
    for (int64_t i = 0; i < rows; i++) {
        const double *p = loss->curvature + (begin + i) * k;
        double w = (weight != NULL ? weight[begin + i] : 1.0) / loss->weight_sum;
        h[i] = (a == b ? p[a] * (1 - p[a]) : -p[a] * p[b]) * w;
    }
}

/* Writes the tile of the outputs a, b to all the places where symmetry puts it. */
static void scatter(const tiles *work, const double *tile, int64_t first_i, int64_t first_j,
                    int64_t a, int64_t b)
{
    int64_t k = work->loss->outputs, side = work->side, size = work->n_dof * k;
    for (int64_t i = first_i; i < work->n_dof && i < first_i + side; i++)
        for (int64_t j = first_j; j < work->n_dof && j < first_j + side; j++) {
            double value = tile[(i - first_i) * side + (j - first_j)];
            work->hessian[(i * k + a) * size + j * k + b] = value;
            work->hessian[(i * k + b) * size + j * k + a] = value;
            work->hessian[(j * k + a) * size + i * k + b] = value;
            work->hessian[(j * k + b) * size + i * k + a] = value;
        }
}

/* task -> pair of outputs (a <= b) and pair of tiles (i <= j): the task-th pair of `count`
 * things. */
static void nth_pair(int64_t task, int64_t count, int64_t *first, int64_t *second)
{
    *first = 0;
    while (task >= count - *first) {
        task -= count - *first;
        (*first)++;
    }
    *second = *first + task;
}

static void tile_task(void *context, int64_t task, int worker)
{
    const tiles *work = context;
    crn_logistic_loss *loss = work->loss;
    int64_t tile_pairs = work->per_side * (work->per_side + 1) / 2, a, b, i, j;
    nth_pair(task / tile_pairs, loss->outputs, &a, &b);
    nth_pair(task % tile_pairs, work->per_side, &i, &j);
    double *left = loss->tiles + worker * crn_logistic_tile_size(); /* (rows, side) */
    double *right = left + TILE * TILE, *tile = right + TILE * TILE, h[TILE];
    int side = (int)work->side;
    memset(tile, 0, TILE * TILE * sizeof *tile);
    for (int64_t begin = 0; begin < loss->problem.n_samples; begin += TILE) {
        int64_t left_over = loss->problem.n_samples - begin;
        int64_t rows = left_over < TILE ? left_over : TILE;
        pair_curvature(loss, begin, rows, a, b, h);
        gather(work, begin, rows, i * side, NULL, left);
        gather(work, begin, rows, j * side, h, right);
        cblas_dgemm(CblasRowMajor, CblasTrans, CblasNoTrans, side, side, (int)rows, 1.0, left,
                    side, right, side, 1.0, tile, side);
    }
    scatter(work, tile, i * side, j * side, a, b);
}

/* A quarter of the weight, or more, without curvature: np.average(h <= 0, weights) > 0.25. */
static bool lacks_curvature(const crn_logistic_loss *loss)
{
    const double *weight = loss->problem.sample_weight;
    double flat = 0.0;
    for (int64_t i = 0; i < loss->problem.n_samples; i++)
        if (loss->curvature[i] <= 0)
            flat += weight != NULL ? weight[i] : 1.0;
    return flat / loss->weight_sum > 0.25;
}

bool crn_logistic_gradient_hessian(crn_logistic_loss *loss, const double *coef,
                                   const double *raw, double *gradient, double *hessian)
{
    gradient_and_curvature(loss, coef, raw, gradient);
    if (loss->outputs == 1 && lacks_curvature(loss))
        return false;
    int64_t k = loss->outputs, n_dof = loss->problem.n_features + loss->problem.fit_intercept;
    int64_t side = n_dof < TILE ? n_dof : TILE, per_side = (n_dof + side - 1) / side;
    tiles work = {
        .loss = loss, .n_dof = n_dof, .side = side, .per_side = per_side, .hessian = hessian};
    int64_t tasks = (per_side * (per_side + 1) / 2) * (k * (k + 1) / 2);
    crn_pool_run(loss->problem.pool, tasks, tile_task, &work);
    for (int64_t i = 0; i < loss->problem.n_features * k; i++)
        hessian[i * (n_dof * k + 1)] += loss->problem.l2_reg_strength;
    return true;
}
