/* SPDX-License-Identifier: BSD-3-Clause */
/* normalise_rows: x / norm(x) over the last axis. Input: x (float64; sparse also float32). */
#include "ops/normalise_rows.h"

#include <math.h>
#include <stdio.h>

#include "ops/infer.h"
#include "ops/sparse.h"

static crn_status normalise_rows_infer(const void *attributes, const crn_type *in, int n_in,
                                       crn_type *out, crn_error *err)
{
    (void)attributes;
    CRN_TRY(crn_infer_count("normalise_rows", n_in, 1, 1, err));
    if ((in[0].dtype != CRN_FLOAT64 && !(in[0].sparse && in[0].dtype == CRN_FLOAT32)) ||
        in[0].ndim < 1)
        return crn_fail(err, CRN_DTYPE, "normalise_rows: rows of float64 are needed");
    out[0] = in[0];
    return CRN_OK;
}

static double largest(const double *x, int64_t n)
{
    double most = n > 0 ? x[0] : 0.0;
    for (int64_t j = 1; j < n; j++)
        most = x[j] > most ? x[j] : most;
    return most;
}

static double norm_of(crn_norm_kind kind, const double *x, int64_t n)
{
    double sum = 0;
    for (int64_t j = 0; j < n; j++) {
        const double size = fabs(x[j]);
        if (kind == CRN_NORM_L2)
            sum += x[j] * x[j];
        else if (kind == CRN_NORM_L1)
            sum += size;
        else
            sum = size > sum ? size : sum;
    }
    return kind == CRN_NORM_L2 ? sqrt(sum) : sum;
}

/* Of sparse rows only a norm of zero counts as 1 (sklearn/utils/sparsefuncs_fast.pyx 1.9). The
 * norm is a double for float32, too. */
#define DEFINE_SPARSE_NORMALISE(R, suffix)                                                     \
    static void sparse_normalise_##suffix(const crn_call *call, crn_norm_kind kind)            \
    {                                                                                          \
        const crn_sparse *in = call->in[0];                                                    \
        const R *x = in->values;                                                               \
        R *y = ((crn_sparse *)call->out[0])->values;                                           \
        const int64_t first = in->starts[0];                                                   \
        for (int64_t i = 0; i < call->rows; i++) {                                             \
            double norm = 0;                                                                   \
            for (int64_t e = in->starts[i]; e < in->starts[i + 1]; e++) {                      \
                const double size = fabs((double)x[e]);                                        \
                if (kind == CRN_NORM_L2)                                                       \
                    norm += (double)(x[e] * x[e]);                                             \
                else if (kind == CRN_NORM_L1)                                                  \
                    norm += size;                                                              \
                else                                                                           \
                    norm = size > norm ? size : norm;                                          \
            }                                                                                  \
            norm = kind == CRN_NORM_L2 ? sqrt(norm) : norm;                                    \
            norm = norm == 0 ? 1 : norm;                                                       \
            for (int64_t e = in->starts[i]; e < in->starts[i + 1]; e++)                        \
                y[e - first] = (R)((double)x[e] / norm);                                       \
        }                                                                                      \
    }

DEFINE_SPARSE_NORMALISE(float, f32)
DEFINE_SPARSE_NORMALISE(double, f64)

static void normalise_rows_forward(const crn_call *call)
{
    const crn_norm_kind kind = *(const crn_norm_kind *)call->attributes;
    if (call->in_types[0].sparse) {
        if (crn_sparse_copy_pattern(call, 0))
            (call->out_types[0].dtype == CRN_FLOAT32 ? sparse_normalise_f32
                                                     : sparse_normalise_f64)(call, kind);
        return;
    }
    const int64_t n = crn_type_last(&call->out_types[0]);
    const int64_t rows = n > 0 ? crn_type_count(&call->out_types[0], call->rows) / n : 0;
    const double tiny = 10 * 2.220446049250313e-16;
    const double *x = call->in[0];
    double *y = call->out[0];
    for (int64_t row = 0; row < rows; row++, x += n, y += n) {
        double norm = kind == CRN_NORM_LARGEST ? largest(x, n) : norm_of(kind, x, n);
        if (kind == CRN_NORM_LARGEST ? norm == 0.0 : norm < tiny)
            norm = 1.0;
        for (int64_t j = 0; j < n; j++)
            y[j] = x[j] / norm;
    }
}

static void normalise_rows_cost(const void *attributes, const crn_type *in, const crn_type *out,
                                crn_cost *cost)
{
    (void)attributes, (void)in;
    cost->multiply_adds = 2.0 * (double)crn_type_size(&out[0]);
}

static void normalise_rows_describe(const void *attributes, char *buffer, size_t size)
{
    static const char *const names[] = {"l2", "l1", "max", "largest"};
    snprintf(buffer, size, "norm=%s", names[*(const crn_norm_kind *)attributes]);
}

const crn_op crn_op_normalise_rows = {
    .name = "normalise_rows",
    .attributes_size = sizeof(crn_norm_kind),
    .flags = CRN_OP_ELEMENTWISE | CRN_OP_TAKES_SPARSE,
    .n_out = 1,
    .infer = normalise_rows_infer,
    .forward = normalise_rows_forward,
    .cost = normalise_rows_cost,
    .describe = normalise_rows_describe,
};

crn_value crn_normalise_rows(crn_graph *graph, crn_value x, crn_norm_kind norm)
{
    return crn_graph_add(graph, &crn_op_normalise_rows, &norm, &x, 1);
}
