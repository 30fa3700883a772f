/* SPDX-License-Identifier: BSD-3-Clause */
/* keras.initializers.Orthogonal (Saxe et al., 2014): the Q of a normal matrix whose R has a
 * positive diagonal, which makes Q uniformly distributed (Mezzadri, 2007). Gram-Schmidt gives
 * that Q as it is; every vector is orthogonalised twice, in double, which is enough (Giraud et
 * al., 2005). */
#include "keras/initializers/orthogonal.h"

#include <math.h>
#include <stdlib.h>

/* vectors (count, n): makes vector k orthogonal to those before it, and its norm 1. */
static void orthonormalise(double *vectors, int64_t k, int64_t n)
{
    double *v = vectors + k * n;
    for (int pass = 0; pass < 2; pass++) {
        for (int64_t j = 0; j < k; j++) {
            const double *u = vectors + j * n;
            double dot = 0.0;
            for (int64_t i = 0; i < n; i++)
                dot += u[i] * v[i];
            for (int64_t i = 0; i < n; i++)
                v[i] -= dot * u[i];
        }
    }
    double squares = 0.0;
    for (int64_t i = 0; i < n; i++)
        squares += v[i] * v[i];
    for (int64_t i = 0; i < n; i++)
        v[i] /= sqrt(squares);
}

crn_status crn_orthogonal_fill(double gain, crn_generator *generator, const crn_array *out,
                               crn_error *err)
{
    if (out->ndim < 2)
        return crn_fail(
            err, CRN_SHAPE,
            "The tensor to initialize must be at least two-dimensional. Received: rank %d.",
            (int)out->ndim);
    int64_t columns = out->shape[out->ndim - 1];
    int64_t rows = columns > 0 ? crn_array_size(out) / columns : 0;
    int64_t count = rows < columns ? rows : columns, n = rows < columns ? columns : rows;
    double *vectors = crn_calloc((size_t)crn_array_size(out), sizeof *vectors);
    if (vectors == NULL)
        return crn_no_memory(err);
    for (int64_t k = 0; k < count; k++) {
        for (int64_t i = 0; i < n; i++)
            vectors[k * n + i] = crn_generator_normal(generator);
        orthonormalise(vectors, k, n);
    }
    float *w = out->data;
    for (int64_t r = 0; r < rows; r++) {
        for (int64_t c = 0; c < columns; c++)
            w[r * columns + c] =
                (float)(gain * (rows < columns ? vectors[r * n + c] : vectors[c * n + r]));
    }
    free(vectors);
    return CRN_OK;
}
