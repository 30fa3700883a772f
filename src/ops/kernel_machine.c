/* SPDX-License-Identifier: BSD-3-Clause */
/* kernel_machine: kernels of rows with constant points, summed with weights or not. Inputs: x
 * (rows, n), points, weights (optional), starts (optional).
 *
 * The points lie in blocks: those of one group, at most `block` at a time, as a matrix (n,
 * points of the block), so that lanes are points; the weights of a block as (k, points of the
 * block). A few rows at a time meet one block: their kernel values stay in the L1 cache between
 * the three steps (sums over features, function, sums over points). For K alone there are no
 * weights and one group. */
#include "ops/kernel_machine.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "ops/infer.h"
#include "ops/matern.h"

/* Rows that meet a block together: whole tiles of the matrix product (6) and of distances (4).
 */
enum { ROWS_AT_ONCE = 12, LARGEST_BLOCK = 256, SMALLEST_BLOCK = 32 };

static bool is_precomputed(const crn_kernel_machine_attributes *a)
{
    return a->kernel.kind == CRN_KERNEL_PRECOMPUTED;
}

static bool is_kernel(const crn_kernel *kernel)
{
    return kernel->kind >= CRN_KERNEL_LINEAR && kernel->kind <= CRN_KERNEL_PRECOMPUTED;
}

static crn_status kernel_machine_infer(const void *attributes, const crn_type *in, int n_in,
                                       crn_type *out, crn_error *err)
{
    const crn_kernel_machine_attributes *a = attributes;
    CRN_TRY(crn_infer_count("kernel_machine", n_in, 2, 4, err));
    const crn_type *x = &in[0], *points = &in[1];
    if (a->block < 1 || !is_kernel(&a->kernel))
        return crn_fail(err, CRN_ARGUMENT, "kernel_machine: no kernel, or no blocks");
    if (x->dtype != CRN_FLOAT64 || x->ndim != 1 || points->dtype != CRN_FLOAT64 ||
        points->rows || points->ndim != 2 ||
        points->shape[1] != (is_precomputed(a) ? 1 : x->shape[0]))
        return crn_infer_misfit("kernel_machine", x, points, err);
    const int64_t m = points->shape[0];
    const crn_type *weights = n_in > 2 && in[2].dtype != CRN_NO_DTYPE ? &in[2] : NULL;
    const crn_type *starts = n_in > 3 && in[3].dtype != CRN_NO_DTYPE ? &in[3] : NULL;
    out[0] = *x;
    out[0].shape[0] = m;
    if (weights == NULL)
        return starts == NULL ? CRN_OK
                              : crn_infer_misfit("kernel_machine", points, starts, err);
    if (weights->rows || weights->dtype != CRN_FLOAT64 || weights->ndim != 2 ||
        weights->shape[1] != m)
        return crn_infer_misfit("kernel_machine", points, weights, err);
    out[0].shape[0] = weights->shape[0];
    if (starts == NULL)
        return CRN_OK;
    if (starts->rows || starts->dtype != CRN_INT64 || starts->ndim != 1 || starts->shape[0] < 2)
        return crn_infer_misfit("kernel_machine", points, starts, err);
    out[0].ndim = 2;
    out[0].shape[0] = starts->shape[0] - 1;
    out[0].shape[1] = weights->shape[0];
    return CRN_OK;
}

/* ---- the function of the sums ---- */

static void polynomial_of(const crn_kernel *kernel, int64_t n, double *p)
{
    const double gamma = kernel->gamma, coef0 = kernel->coef0, degree = kernel->degree;
    for (int64_t i = 0; i < n; i++)
        p[i] = gamma * p[i] + coef0;
    if (degree == 1.0)
        return;
    for (int64_t i = 0; i < n; i++)
        p[i] = degree == 2.0   ? p[i] * p[i]
               : degree == 3.0 ? p[i] * p[i] * p[i]
                               : pow(p[i], degree);
}

static void sigmoid_of(const crn_kernel *kernel, int64_t n, double *p, const crn_kernels *k)
{
    for (int64_t i = 0; i < n; i++)
        p[i] = kernel->gamma * p[i] + kernel->coef0;
    k->tanh_f64(n, p, p);
}

static void rational_quadratic_of(const crn_kernel *kernel, int64_t n, double *p)
{
    for (int64_t i = 0; i < n; i++)
        p[i] = pow(1.0 + kernel->gamma * p[i], -kernel->degree);
}

static void exp_sine_squared_of(const crn_kernel *kernel, int64_t n, double *p)
{
    for (int64_t i = 0; i < n; i++) {
        const double s = sin(kernel->gamma * sqrt(p[i])) / kernel->coef0;
        p[i] = exp(-2.0 * (s * s));
    }
}

void crn_kernel_of_sums(const crn_kernel *kernel, int64_t n, double *p, const crn_kernels *k)
{
    switch (kernel->kind) {
    case CRN_KERNEL_LINEAR:
    case CRN_KERNEL_PRECOMPUTED:
        break;
    case CRN_KERNEL_POLYNOMIAL:
        polynomial_of(kernel, n, p);
        break;
    case CRN_KERNEL_SIGMOID:
        sigmoid_of(kernel, n, p, k);
        break;
    case CRN_KERNEL_RBF:
    case CRN_KERNEL_LAPLACIAN:
    case CRN_KERNEL_CHI2:
        k->exp_of_multiple_f64(n, -kernel->gamma, p, p);
        break;
    case CRN_KERNEL_ADDITIVE_CHI2:
        for (int64_t i = 0; i < n; i++)
            p[i] = -p[i];
        break;
    case CRN_KERNEL_MATERN:
        crn_matern_of_squares(kernel->degree, n, p, k);
        break;
    case CRN_KERNEL_RATIONAL_QUADRATIC:
        rational_quadratic_of(kernel, n, p);
        break;
    case CRN_KERNEL_EXP_SINE_SQUARED:
        exp_sine_squared_of(kernel, n, p);
        break;
    }
}

/* ---- running ---- */

/* p (rows, m): what the kernel is a function of. y is a block of points. */
static void sums_of(const crn_call *call, int64_t rows, int64_t m, const double *x,
                    const double *y, double *p, void *scratch)
{
    const crn_kernels *k = call->kernels;
    const int64_t n = crn_type_last(&call->in_types[0]);
    switch (((const crn_kernel_machine_attributes *)call->attributes)->kernel.kind) {
    case CRN_KERNEL_LINEAR:
    case CRN_KERNEL_POLYNOMIAL:
    case CRN_KERNEL_SIGMOID:
        k->affine_f64(rows, n, m, x, y, 0, NULL, p, scratch);
        break;
    case CRN_KERNEL_LAPLACIAN:
        k->absolute_distances_f64(rows, n, m, x, y, p);
        break;
    case CRN_KERNEL_CHI2:
    case CRN_KERNEL_ADDITIVE_CHI2:
        k->chi_squared_distances_f64(rows, n, m, x, y, p);
        break;
    case CRN_KERNEL_RBF:
    case CRN_KERNEL_MATERN:
    case CRN_KERNEL_RATIONAL_QUADRATIC:
    case CRN_KERNEL_EXP_SINE_SQUARED:
        k->squared_distances_f64(rows, n, m, x, y, p);
        break;
    case CRN_KERNEL_PRECOMPUTED:
        for (int64_t i = 0; i < rows; i++) {
            for (int64_t j = 0; j < m; j++)
                p[i * m + j] = x[i * n + (int64_t)y[j]];
        }
        break;
    }
}

typedef struct machine {
    const crn_kernel_machine_attributes *attributes;
    int64_t n, m, k, groups;
    const double *points, *weights;
    const int64_t *starts; /* NULL: one group of all points */
    double *values;        /* (ROWS_AT_ONCE, block) */
    double *part;          /* (ROWS_AT_ONCE, k): the sums of one block */
    void *scratch;         /* of the matrix product */
} machine;

/* The points of a block times its weights, added to out (rows of `step` numbers). */
static void add_block(const crn_call *call, const machine *s, int64_t rows, int64_t size,
                      const double *weights, double *out, int64_t step)
{
    call->kernels->affine_f64(rows, size, s->k, s->values, weights, 1, NULL, s->part,
                              s->scratch);
    for (int64_t i = 0; i < rows; i++) {
        for (int64_t c = 0; c < s->k; c++)
            out[i * step + c] += s->part[i * s->k + c];
    }
}

/* The kernel values of some rows with one block of points go on into the sums of its group, or
 * into K. */
static void run_block(const crn_call *call, const machine *s, int64_t rows, const double *x,
                      int64_t begin, int64_t size, int64_t group, double *out)
{
    const int64_t width = s->attributes->kernel.kind == CRN_KERNEL_PRECOMPUTED ? 1 : s->n;
    sums_of(call, rows, size, x, s->points + begin * width, s->values, s->scratch);
    crn_kernel_of_sums(&s->attributes->kernel, rows * size, s->values, call->kernels);
    if (s->weights != NULL) {
        add_block(call, s, rows, size, s->weights + begin * s->k, out + group * s->k,
                  s->groups * s->k);
        return;
    }
    for (int64_t i = 0; i < rows; i++)
        memcpy(out + i * s->m + begin, s->values + i * size, (size_t)size * sizeof *out);
}

static void run_rows(const crn_call *call, const machine *s, int64_t rows, const double *x,
                     double *out)
{
    if (s->weights != NULL)
        memset(out, 0, (size_t)(rows * s->groups * s->k) * sizeof *out);
    for (int64_t group = 0; group < s->groups; group++) {
        const int64_t end = s->starts != NULL ? s->starts[group + 1] : s->m;
        int64_t begin = s->starts != NULL ? s->starts[group] : 0;
        for (int64_t size; begin < end; begin += size) {
            size = end - begin < s->attributes->block ? end - begin : s->attributes->block;
            run_block(call, s, rows, x, begin, size, group, out);
        }
    }
}

/* The chi-squared kernels are defined for what counts things. */
static void refuse_negative(const crn_call *call, int64_t n, const double *x)
{
    const crn_kernel *kernel =
        &((const crn_kernel_machine_attributes *)call->attributes)->kernel;
    if (kernel->kind != CRN_KERNEL_CHI2 && kernel->kind != CRN_KERNEL_ADDITIVE_CHI2)
        return;
    for (int64_t i = 0; i < n; i++) {
        if (x[i] < 0) {
            crn_fail(call->failure, CRN_ARGUMENT, "X contains negative values.");
            return;
        }
    }
}

static void kernel_machine_forward(const crn_call *call)
{
    const int64_t block = ((const crn_kernel_machine_attributes *)call->attributes)->block;
    machine s = {.attributes = call->attributes,
                 .n = crn_type_last(&call->in_types[0]),
                 .m = call->in_types[1].shape[0],
                 .k = 0,
                 .groups = 1,
                 .points = call->in[1],
                 .weights = call->n_in > 2 ? call->in[2] : NULL,
                 .starts = call->n_in > 3 ? call->in[3] : NULL};
    if (s.weights != NULL)
        s.k = call->in_types[2].shape[0];
    if (s.starts != NULL)
        s.groups = call->in_types[3].shape[0] - 1;
    s.scratch = call->scratch;
    s.values = (double *)call->scratch + CRN_AFFINE_SCRATCH / sizeof(double);
    s.part = s.values + ROWS_AT_ONCE * block;
    const double *x = call->in[0];
    double *out = call->out[0];
    const int64_t width = s.weights != NULL ? s.groups * s.k : s.m;
    refuse_negative(call, call->rows * s.n, x);
    for (int64_t row = 0; row < call->rows; row += ROWS_AT_ONCE) {
        const int64_t rows = call->rows - row < ROWS_AT_ONCE ? call->rows - row : ROWS_AT_ONCE;
        run_rows(call, &s, rows, x + row * s.n, out + row * width);
    }
}

static size_t kernel_machine_scratch(const void *attributes, const crn_type *in, int n_in,
                                     int64_t rows)
{
    (void)rows;
    const size_t block = (size_t)((const crn_kernel_machine_attributes *)attributes)->block;
    const size_t k = n_in > 2 && in[2].dtype != CRN_NO_DTYPE ? (size_t)in[2].shape[0] : 0;
    return CRN_AFFINE_SCRATCH + ROWS_AT_ONCE * (block + k) * sizeof(double);
}

/* A kernel's function is about ten multiply-adds. */
static void kernel_machine_cost(const void *attributes, const crn_type *in, const crn_type *out,
                                crn_cost *cost)
{
    (void)attributes;
    const double points = (double)crn_type_size(&in[1]);
    const double m = in[1].shape[0] > 0 ? (double)in[1].shape[0] : 0.0;
    cost->multiply_adds = 2.0 * points + 10.0 * m + (double)crn_type_last(out) * m;
    cost->bytes = points * sizeof(double);
}

static void kernel_machine_describe(const void *attributes, char *buffer, size_t size)
{
    static const char *const names[] = {"linear",
                                        "poly",
                                        "sigmoid",
                                        "rbf",
                                        "laplacian",
                                        "chi2",
                                        "additive_chi2",
                                        "Matern",
                                        "RationalQuadratic",
                                        "ExpSineSquared",
                                        "precomputed"};
    const crn_kernel *kernel = &((const crn_kernel_machine_attributes *)attributes)->kernel;
    snprintf(buffer, size, "kernel=%s", is_kernel(kernel) ? names[kernel->kind] : "?");
}

const crn_op crn_op_kernel_machine = {
    .name = "kernel_machine",
    .attributes_size = sizeof(crn_kernel_machine_attributes),
    .n_out = 1,
    .infer = kernel_machine_infer,
    .forward = kernel_machine_forward,
    .scratch = kernel_machine_scratch,
    .cost = kernel_machine_cost,
    .describe = kernel_machine_describe,
};

/* ---- building ---- */

/* Points of a block: so many that it stays in the L2 cache, in whole vectors. */
static int64_t block_of(int64_t n)
{
    const int64_t most = (1 << 15) / (n > 0 ? n : 1) / SMALLEST_BLOCK * SMALLEST_BLOCK;
    return most < SMALLEST_BLOCK ? SMALLEST_BLOCK : most > LARGEST_BLOCK ? LARGEST_BLOCK : most;
}

/* The blocks of `from`, (m, n) or, when `across`, (n, m): each is stored as (n, points of the
 * block), one after the other. */
static void lay_out(const double *from, bool across, int64_t m, int64_t n, int64_t block,
                    const int64_t *starts, int64_t groups, double *to)
{
    for (int64_t group = 0; group < (groups > 0 ? groups : 1); group++) {
        const int64_t end = groups > 0 ? starts[group + 1] : m;
        int64_t begin = groups > 0 ? starts[group] : 0;
        for (int64_t size; begin < end; begin += size, to += size * n) {
            size = end - begin < block ? end - begin : block;
            for (int64_t j = 0; j < size; j++) {
                for (int64_t k = 0; k < n; k++)
                    to[k * size + j] = from[across ? k * m + begin + j : (begin + j) * n + k];
            }
        }
    }
}

/* The constant of the blocks of an array of numbers. */
static crn_value blocks_of(crn_graph *graph, const crn_array *array, bool across, int64_t block,
                           const int64_t *starts, int64_t groups)
{
    crn_array dense = CRN_ARRAY_INIT, laid = CRN_ARRAY_INIT;
    crn_value value = CRN_NO_VALUE;
    const int64_t m = array->shape[across ? 1 : 0];
    const int64_t n = array->ndim == 1 ? 1 : array->shape[across ? 0 : 1];
    const int64_t shape[2] = {across ? n : m, across ? m : n};
    if (crn_array_astype(array, CRN_FLOAT64, &dense, &graph->error) == CRN_OK &&
        crn_array_create(CRN_FLOAT64, 0, 2, shape, &laid, &graph->error) == CRN_OK) {
        lay_out(dense.data, across, m, n, block, starts, groups, laid.data);
        value = crn_graph_constant(graph, &laid);
    }
    crn_array_free(&dense);
    crn_array_free(&laid);
    return value;
}

crn_value crn_kernel_sums(crn_graph *graph, crn_value x, const crn_kernel *kernel,
                          const crn_array *points, const crn_array *weights,
                          const int64_t *starts, int64_t groups)
{
    const int64_t n = points->ndim == 1 ? 1 : points->shape[1];
    const crn_kernel_machine_attributes attributes = {.kernel = *kernel, .block = block_of(n)};
    crn_value in[4] = {x, CRN_NO_VALUE, CRN_NO_VALUE, CRN_NO_VALUE};
    in[1] = blocks_of(graph, points, false, attributes.block, starts, groups);
    if (weights != NULL)
        in[2] = blocks_of(graph, weights, true, attributes.block, starts, groups);
    if (groups > 0) {
        crn_array view = crn_array_view_1d(starts, CRN_INT64, groups + 1);
        crn_array copy = CRN_ARRAY_INIT;
        if (crn_array_astype(&view, CRN_INT64, &copy, &graph->error) == CRN_OK)
            in[3] = crn_graph_constant(graph, &copy);
        crn_array_free(&copy);
    }
    if (graph->error.code != CRN_OK)
        return CRN_NO_VALUE;
    return crn_graph_add(graph, &crn_op_kernel_machine, &attributes, in, 4);
}

crn_value crn_kernel_matrix(crn_graph *graph, crn_value x, const crn_kernel *kernel,
                            const crn_array *points)
{
    return crn_kernel_sums(graph, x, kernel, points, NULL, NULL, 0);
}
