/* SPDX-License-Identifier: BSD-3-Clause */
/* Gradients of y = x W + b: dx = g W', dW = x' g, db = column sums of g. */
#include "ops/affine.h"
#include "ops/backward.h"

#include <cblas.h>

/* The product as matrices: rows counts every axis but the last. */
typedef struct product {
    int64_t rows, n_in, n_out;
} product;

static product product_of(const crn_call *call)
{
    const crn_type *x = &call->in_types[0];
    const crn_type *y = &call->out_types[0];
    product p = {.n_in = x->shape[x->ndim - 1], .n_out = y->shape[y->ndim - 1]};
    p.rows = p.n_out > 0 ? crn_type_count(y, call->rows) / p.n_out : 0;
    return p;
}

/* gx (rows, n_in) += g (rows, n_out) W' */
static void add_input_gradient(product p, const float *g, const float *w, bool transposed,
                               float *gx)
{
    cblas_sgemm(CblasRowMajor, CblasNoTrans, transposed ? CblasNoTrans : CblasTrans,
                (int)p.rows, (int)p.n_in, (int)p.n_out, 1.0f, g, (int)p.n_out, w,
                transposed ? (int)p.n_in : (int)p.n_out, 1.0f, gx, (int)p.n_in);
}

/* gw (n_in, n_out) += x' g, or (n_out, n_in) += g' x */
static void add_weight_gradient(product p, const float *x, const float *g, bool transposed,
                                float *gw)
{
    if (transposed)
        cblas_sgemm(CblasRowMajor, CblasTrans, CblasNoTrans, (int)p.n_out, (int)p.n_in,
                    (int)p.rows, 1.0f, g, (int)p.n_out, x, (int)p.n_in, 1.0f, gw, (int)p.n_in);
    else
        cblas_sgemm(CblasRowMajor, CblasTrans, CblasNoTrans, (int)p.n_in, (int)p.n_out,
                    (int)p.rows, 1.0f, x, (int)p.n_in, g, (int)p.n_out, 1.0f, gw, (int)p.n_out);
}

static void add_bias_gradient(product p, const float *g, float *gb)
{
    for (int64_t r = 0; r < p.rows; r++, g += p.n_out) {
        for (int64_t j = 0; j < p.n_out; j++)
            gb[j] += g[j];
    }
}

void crn_affine_backward(const crn_call *call)
{
    const crn_affine_attributes *attributes = call->attributes;
    const float *g = call->grad_out[0];
    product p = product_of(call);
    if (p.rows == 0 || p.n_in == 0)
        return;
    if (call->grad_in[0] != NULL)
        add_input_gradient(p, g, call->in[1], attributes->transposed, call->grad_in[0]);
    if (call->grad_in[1] != NULL)
        add_weight_gradient(p, call->in[0], g, attributes->transposed, call->grad_in[1]);
    if (call->n_in > 2 && call->grad_in[2] != NULL)
        add_bias_gradient(p, g, call->grad_in[2]);
}
