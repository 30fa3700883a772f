/* SPDX-License-Identifier: BSD-3-Clause */
#include "solve/logistic_loss.h"

#include <cblas.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/threads.h"
#include "solve/logistic_parts.h"
#include "solve/sum.h"

/* Block sizes: a block of x should stay in the L2 cache, and OpenBLAS should do its products on
 * the calling thread, which it does up to these many multiplications (2304 * 4 for a vector,
 * 65536 * 4 for a matrix, interface/gemv.c and gemm.c): the pool is what runs in parallel.
 * MOST_CHUNKS bounds the memory for the partial gradients. */
enum { VECTOR_WORK = 9000, MATRIX_WORK = 262144, SMALLEST_BLOCK = 8, MOST_CHUNKS = 64 };

static void choose_chunks(crn_logistic_loss *loss)
{
    int64_t n = loss->problem.n_samples, features = loss->problem.n_features;
    int64_t width = (features > 0 ? features : 1) * loss->outputs;
    int64_t rows = (loss->outputs == 1 ? VECTOR_WORK : MATRIX_WORK) / width;
    if (rows * features > 32768)
        rows = 32768 / features;
    loss->block_rows = rows < SMALLEST_BLOCK ? SMALLEST_BLOCK : rows;
    int64_t blocks = (n + loss->block_rows - 1) / loss->block_rows;
    loss->chunk_rows = (blocks + MOST_CHUNKS - 1) / MOST_CHUNKS * loss->block_rows;
    loss->chunks = (n + loss->chunk_rows - 1) / loss->chunk_rows;
}

static crn_status check(const crn_logistic_problem *problem, double weight_sum, crn_error *err)
{
    if (problem->n_samples < 1 || problem->n_features + problem->fit_intercept < 1 ||
        problem->n_features < 0 || problem->n_classes < 2)
        return crn_fail(err, CRN_ARGUMENT,
                        "logistic loss: %lld rows, %lld features, %d classes",
                        (long long)problem->n_samples, (long long)problem->n_features,
                        (int)problem->n_classes);
    if (problem->n_features > INT_MAX || problem->n_features + 1 > INT_MAX / problem->n_classes)
        return crn_fail(err, CRN_LIMIT,
                        "logistic loss: %lld features for %d classes are too many",
                        (long long)problem->n_features, (int)problem->n_classes);
    if (!(weight_sum > 0))
        return crn_fail(err, CRN_ARGUMENT, "sample_weight must have a positive sum, got %g",
                        weight_sum);
    for (int64_t i = 0; i < problem->n_samples; i++)
        if (problem->y[i] < 0 || problem->y[i] >= problem->n_classes)
            return crn_fail(err, CRN_ARGUMENT, "y[%lld] is class %d of %d", (long long)i,
                            (int)problem->y[i], (int)problem->n_classes);
    return CRN_OK;
}

static crn_status allocate(crn_logistic_loss *loss, crn_error *err)
{
    const crn_logistic_problem *problem = &loss->problem;
    size_t n = (size_t)problem->n_samples, k = (size_t)loss->outputs, rows, partial;
    if (!crn_mul_size(n, k, &rows) ||
        !crn_mul_size((size_t)loss->chunks, (size_t)problem->n_features * k, &partial))
        return crn_no_memory(err);
    loss->rows = crn_calloc(rows, sizeof(double));
    loss->loss = crn_calloc(n, sizeof(double));
    loss->partial = crn_calloc(partial, sizeof(double));
    if (problem->second_order) {
        size_t threads = (size_t)crn_pool_size(problem->pool);
        loss->curvature = crn_calloc(rows, sizeof(double));
        loss->tiles = crn_calloc(threads * (size_t)crn_logistic_tile_size(), sizeof(double));
        if (loss->curvature == NULL || loss->tiles == NULL)
            return crn_no_memory(err);
    }
    if (loss->rows == NULL || loss->loss == NULL || loss->partial == NULL)
        return crn_no_memory(err);
    return CRN_OK;
}

crn_status crn_logistic_loss_create(const crn_logistic_problem *problem,
                                    crn_logistic_loss **out, crn_error *err)
{
    *out = NULL;
    double weight_sum = (double)problem->n_samples;
    if (problem->sample_weight != NULL)
        weight_sum = crn_sum(problem->sample_weight, problem->n_samples);
    CRN_TRY(check(problem, weight_sum, err));
    crn_logistic_loss *loss = crn_calloc(1, sizeof *loss);
    if (loss == NULL)
        return crn_no_memory(err);
    loss->problem = *problem;
    loss->outputs = problem->n_classes == 2 ? 1 : problem->n_classes;
    loss->weight_sum = weight_sum;
    choose_chunks(loss);
    crn_status status = allocate(loss, err);
    if (status != CRN_OK) {
        crn_logistic_loss_destroy(loss);
        return status;
    }
    *out = loss;
    return CRN_OK;
}

void crn_logistic_loss_destroy(crn_logistic_loss *loss)
{
    if (loss == NULL)
        return;
    free(loss->rows);
    free(loss->loss);
    free(loss->partial);
    free(loss->curvature);
    free(loss->tiles);
    free(loss);
}

int64_t crn_logistic_loss_outputs(const crn_logistic_loss *loss)
{
    return loss->outputs;
}

int64_t crn_logistic_loss_size(const crn_logistic_loss *loss)
{
    return (loss->problem.n_features + loss->problem.fit_intercept) * loss->outputs;
}

const crn_logistic_problem *crn_logistic_loss_problem(const crn_logistic_loss *loss)
{
    return &loss->problem;
}

/* ---- one pass over the rows ---- */

typedef struct pass {
    crn_logistic_loss *loss;
    const double *coef;
    const double *raw;
    crn_logistic_rows_fn change;
    bool reduce;
} pass;

/* rows[begin, end) = x W + b. */
static void predict_rows(const crn_logistic_loss *loss, const double *coef, int64_t begin,
                         int64_t end)
{
    const crn_logistic_problem *problem = &loss->problem;
    int n = (int)(end - begin), p = (int)problem->n_features, k = (int)loss->outputs;
    const double *x = problem->x + begin * p;
    double *rows = loss->rows + begin * k; /* (n, k) */
    if (p == 0)
        memset(rows, 0, (size_t)n * (size_t)k * sizeof *rows);
    else if (k == 1)
        cblas_dgemv(CblasRowMajor, CblasNoTrans, n, p, 1.0, x, p, coef, 1, 0.0, rows, 1);
    else
        cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, n, k, p, 1.0, x, p, coef, k, 0.0,
                    rows, k);
    if (!problem->fit_intercept)
        return;
    const double *intercept = coef + (int64_t)p * k; /* (k,) */
    for (int i = 0; i < n; i++)
        for (int c = 0; c < k; c++)
            rows[(int64_t)i * k + c] += intercept[c];
}

/* sum (p, k) += x[begin, end)' rows[begin, end). */
static void add_products(const crn_logistic_loss *loss, double *sum, int64_t begin, int64_t end)
{
    int n = (int)(end - begin), p = (int)loss->problem.n_features, k = (int)loss->outputs;
    const double *x = loss->problem.x + begin * p;
    const double *rows = loss->rows + begin * k;
    if (p == 0)
        return;
    if (k == 1)
        cblas_dgemv(CblasRowMajor, CblasTrans, n, p, 1.0, x, p, rows, 1, 1.0, sum, 1);
    else
        cblas_dgemm(CblasRowMajor, CblasTrans, CblasNoTrans, p, k, n, 1.0, x, p, rows, k, 1.0,
                    sum, k);
}

static void pass_chunk(void *context, int64_t chunk, int worker)
{
    (void)worker;
    const pass *work = context;
    crn_logistic_loss *loss = work->loss;
    int64_t k = loss->outputs, width = loss->problem.n_features * k;
    int64_t begin = chunk * loss->chunk_rows, end = begin + loss->chunk_rows;
    if (end > loss->problem.n_samples)
        end = loss->problem.n_samples;
    double *sum = loss->partial + chunk * width;
    memset(sum, 0, (size_t)width * sizeof *sum);
    for (int64_t i = begin; i < end; i += loss->block_rows) {
        int64_t stop = i + loss->block_rows < end ? i + loss->block_rows : end;
        if (work->raw != NULL)
            memcpy(loss->rows + i * k, work->raw + i * k,
                   (size_t)(stop - i) * (size_t)k * sizeof(double));
        else
            predict_rows(loss, work->coef, i, stop);
        if (work->change != NULL)
            work->change(loss, i, stop);
        if (work->reduce)
            add_products(loss, sum, i, stop);
    }
}

void crn_logistic_pass(crn_logistic_loss *loss, const double *coef, const double *raw,
                       crn_logistic_rows_fn change, double *out)
{
    pass work = {
        .loss = loss, .coef = coef, .raw = raw, .change = change, .reduce = out != NULL};
    crn_pool_run(loss->problem.pool, loss->chunks, pass_chunk, &work);
    if (out == NULL)
        return;
    int64_t width = loss->problem.n_features * loss->outputs;
    memset(out, 0, (size_t)width * sizeof *out);
    for (int64_t c = 0; c < loss->chunks; c++)
        for (int64_t i = 0; i < width; i++)
            out[i] += loss->partial[c * width + i];
    if (loss->problem.fit_intercept)
        crn_sum_columns(loss->rows, loss->problem.n_samples, loss->outputs, out + width);
}

void crn_logistic_add_penalty(const crn_logistic_loss *loss, const double *coef, double *out)
{
    int64_t width = loss->problem.n_features * loss->outputs;
    for (int64_t i = 0; i < width; i++)
        out[i] += loss->problem.l2_reg_strength * coef[i];
}

/* ---- value and gradient ---- */

/* closs_grad_half_binomial: log(1 + exp(raw)) - y raw and its derivative. Each branch keeps the
 * digits that the others would lose (Mächler, "Accurately computing log(1 - exp(-|a|))", 2012).
 */
static double half_binomial(double y, double raw, double *gradient)
{
    if (raw <= -37) {
        double e = exp(raw);
        *gradient = e - y;
        return e - y * raw;
    }
    if (raw <= -2) {
        double e = exp(raw);
        *gradient = ((1 - y) * e - y) / (1 + e);
        return log1p(e) - y * raw;
    }
    double e = exp(-raw);
    *gradient = ((1 - y) - y * e) / (1 + e);
    return (raw <= 18 ? log1p(e) : e) + (1 - y) * raw;
}

static void binomial_rows(crn_logistic_loss *loss, int64_t begin, int64_t end)
{
    const double *weight = loss->problem.sample_weight;
    for (int64_t i = begin; i < end; i++) {
        double gradient;
        double value = half_binomial(loss->problem.y[i], loss->rows[i], &gradient);
        if (weight != NULL) {
            value *= weight[i];
            gradient *= weight[i];
        }
        loss->loss[i] = value;
        loss->rows[i] = gradient / loss->weight_sum;
    }
}

double crn_logistic_softmax(double *row, int64_t k, double *max)
{
    double largest = row[0], sum = 0.0;
    for (int64_t c = 1; c < k; c++)
        if (largest < row[c])
            largest = row[c];
    for (int64_t c = 0; c < k; c++) {
        row[c] = exp(row[c] - largest);
        sum += row[c];
    }
    for (int64_t c = 0; c < k; c++)
        row[c] /= sum;
    *max = largest;
    return sum;
}

static void multinomial_rows(crn_logistic_loss *loss, int64_t begin, int64_t end)
{
    int64_t k = loss->outputs;
    const double *weight = loss->problem.sample_weight;
    for (int64_t i = begin; i < end; i++) {
        double *row = loss->rows + i * k;
        int32_t y = loss->problem.y[i];
        double at_class = row[y], max, sum = crn_logistic_softmax(row, k, &max);
        double value = log(sum) + max - at_class;
        double w = weight != NULL ? weight[i] : 1.0;
        row[y] -= 1.0;
        for (int64_t c = 0; c < k; c++)
            row[c] = row[c] * w / loss->weight_sum;
        loss->loss[i] = value * w;
    }
}

void crn_logistic_raw_prediction(crn_logistic_loss *loss, const double *coef, double *raw)
{
    crn_logistic_pass(loss, coef, NULL, NULL, NULL);
    memcpy(raw, loss->rows,
           (size_t)loss->problem.n_samples * (size_t)loss->outputs * sizeof *raw);
}

double crn_logistic_value_gradient(crn_logistic_loss *loss, const double *coef,
                                   const double *raw, double *gradient)
{
    crn_logistic_rows_fn rows = loss->outputs == 1 ? binomial_rows : multinomial_rows;
    crn_logistic_pass(loss, coef, raw, rows, gradient);
    crn_logistic_add_penalty(loss, coef, gradient);
    int width = (int)(loss->problem.n_features * loss->outputs);
    double penalty = 0.5 * loss->problem.l2_reg_strength * cblas_ddot(width, coef, 1, coef, 1);
    return crn_sum(loss->loss, loss->problem.n_samples) / loss->weight_sum + penalty;
}

static double objective_value_gradient(void *context, const double *x, double *gradient)
{
    return crn_logistic_value_gradient(context, x, NULL, gradient);
}

crn_objective crn_logistic_loss_objective(crn_logistic_loss *loss)
{
    crn_objective objective = {
        .context = loss,
        .n = crn_logistic_loss_size(loss),
        .value_gradient = objective_value_gradient,
    };
    if (loss->problem.second_order) {
        objective.gradient_hessian = crn_logistic_prepare_product;
        objective.hessian_product = crn_logistic_hessian_product;
    }
    return objective;
}
