/* SPDX-License-Identifier: BSD-3-Clause */
/* sparse_code: correlations with the atoms, then the solver that was asked for, row by row. */
#include <math.h>
#include <stdio.h>

#include "ops/infer.h"
#include "ops/sparse_coder.h"

static const char *const kind_names[] = {"threshold", "omp", "lasso_cd", "lasso_lars", "lars"};

static crn_status check_attributes(const crn_sparse_code_attributes *at, int64_t k,
                                   crn_error *err)
{
    if (at->kind > CRN_CODE_LARS)
        return crn_fail(err, CRN_ARGUMENT, "sparse_code: unknown kind %d", (int)at->kind);
    const bool counts = at->kind == CRN_CODE_OMP || at->kind == CRN_CODE_LARS;
    if (counts && (at->nonzero < 1 || (at->kind == CRN_CODE_OMP && at->nonzero > k)))
        return crn_fail(err, CRN_ARGUMENT,
                        "The number of atoms cannot be more than the number of features");
    return CRN_OK;
}

static crn_status sparse_code_infer(const void *attributes, const crn_type *in, int n_in,
                                    crn_type *out, crn_error *err)
{
    CRN_TRY(crn_infer_count("sparse_code", n_in, 3, 3, err));
    if (in[0].dtype != CRN_FLOAT64 || !in[0].rows || in[0].ndim != 1 ||
        in[1].dtype != CRN_FLOAT64 || in[1].rows || in[1].ndim != 2 ||
        in[1].shape[1] != in[0].shape[0])
        return crn_infer_misfit("sparse_code", &in[0], &in[1], err);
    const int64_t k = in[1].shape[0];
    const crn_sparse_code_attributes *at = attributes;
    const bool needs_gram = at->kind != CRN_CODE_THRESHOLD || in[2].dtype != CRN_NO_DTYPE;
    if (needs_gram && (in[2].dtype != CRN_FLOAT64 || in[2].rows || in[2].ndim != 2 ||
                       in[2].shape[0] != k || in[2].shape[1] != k))
        return crn_infer_misfit("sparse_code", &in[1], &in[2], err);
    CRN_TRY(check_attributes(attributes, k, err));
    out[0] = crn_type_vector(CRN_FLOAT64, k);
    return CRN_OK;
}

/* Most atoms that can be in the code at once. */
static int64_t most_active(const crn_sparse_code_attributes *at, int64_t k)
{
    const int64_t steps = at->kind == CRN_CODE_LASSO_LARS ? at->max_iter : at->nonzero;
    return steps < k ? steps : k;
}

/* The correlations of a row, and what the solver wants. */
static size_t sparse_code_scratch(const void *attributes, const crn_type *in, int n_in,
                                  int64_t rows)
{
    (void)n_in, (void)rows;
    const crn_sparse_code_attributes *at = attributes;
    const int64_t k = in[1].shape[0], most = most_active(at, k);
    size_t doubles = 0;
    if (at->kind == CRN_CODE_OMP)
        doubles = crn_omp_scratch(k, most);
    else if (at->kind == CRN_CODE_LASSO_CD)
        doubles = crn_lasso_descent_scratch(k);
    else if (at->kind != CRN_CODE_THRESHOLD)
        doubles = crn_lars_scratch(k, most);
    return ((size_t)k + doubles) * sizeof(double);
}

static void threshold(const crn_coding *coding)
{
    const crn_sparse_code_attributes *at = coding->attributes;
    for (int64_t i = 0; i < coding->k; i++) {
        const double cov = coding->cov[i], size = fabs(cov) - at->alpha;
        const double value = size > 0.0 ? (cov > 0.0 ? size : -size) : 0.0;
        coding->code[i] = at->positive && value < 0.0 ? 0.0 : value;
    }
}

static void sparse_code_forward(const crn_call *call)
{
    const crn_sparse_code_attributes *at = call->attributes;
    const int64_t k = call->in_types[1].shape[0], n = call->in_types[1].shape[1];
    double *cov = call->scratch;
    for (int64_t row = 0; row < call->rows; row++) {
        const double *x = (const double *)call->in[0] + row * n;
        crn_coding coding = {.attributes = at,
                             .n = n,
                             .k = k,
                             .gram = call->in[2],
                             .cov = cov,
                             .code = (double *)call->out[0] + row * k,
                             .scratch = cov + k};
        for (int64_t j = 0; j < n; j++)
            coding.norm2 += x[j] * x[j];
        call->kernels->affine_f64(1, n, k, x, call->in[1], 1, NULL, cov, NULL);
        if (at->kind == CRN_CODE_THRESHOLD)
            threshold(&coding);
        else if (at->kind == CRN_CODE_OMP)
            crn_omp_code(&coding);
        else if (at->kind == CRN_CODE_LASSO_CD)
            crn_lasso_descent_code(&coding);
        else
            crn_lars_code(&coding);
    }
}

static void sparse_code_cost(const void *attributes, const crn_type *in, const crn_type *out,
                             crn_cost *cost)
{
    (void)attributes;
    const double k = (double)crn_type_size(&out[0]);
    cost->multiply_adds = (double)crn_type_size(&in[1]) + 10.0 * k * k;
}

static void sparse_code_describe(const void *attributes, char *buffer, size_t size)
{
    const crn_sparse_code_attributes *at = attributes;
    snprintf(buffer, size, "%s alpha=%g nonzero=%lld", kind_names[at->kind], at->alpha,
             (long long)at->nonzero);
}

const crn_op crn_op_sparse_code = {
    .name = "sparse_code",
    .attributes_size = sizeof(crn_sparse_code_attributes),
    .n_out = 1,
    .infer = sparse_code_infer,
    .scratch = sparse_code_scratch,
    .forward = sparse_code_forward,
    .cost = sparse_code_cost,
    .describe = sparse_code_describe,
};

crn_value crn_sparse_code(crn_graph *graph, crn_value x, crn_value dictionary, crn_value gram,
                          const crn_sparse_code_attributes *attributes)
{
    return crn_graph_add(graph, &crn_op_sparse_code, attributes,
                         (crn_value[]){x, dictionary, gram}, 3);
}

void crn_solve_lower(const double *l, int64_t stride, int64_t n, double *b)
{
    for (int64_t i = 0; i < n; i++) {
        for (int64_t j = 0; j < i; j++)
            b[i] -= l[i * stride + j] * b[j];
        b[i] /= l[i * stride + i];
    }
}

void crn_solve_lower_transposed(const double *l, int64_t stride, int64_t n, double *b)
{
    for (int64_t i = n - 1; i >= 0; i--) {
        for (int64_t j = i + 1; j < n; j++)
            b[i] -= l[j * stride + i] * b[j];
        b[i] /= l[i * stride + i];
    }
}
