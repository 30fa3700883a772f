/* SPDX-License-Identifier: BSD-3-Clause */
/* sklearn/metrics/pairwise.py (1.9): PAIRWISE_KERNEL_FUNCTIONS and the defaults of their
 * parameters. */
#include "sklearn/metrics/pairwise.h"

#include <math.h>

#include "ops/affine.h"
#include "ops/normalise_rows.h"

static const struct {
    const char *name;
    crn_kernel_kind kind;
} kernels[] = {
    {"linear", CRN_KERNEL_LINEAR},
    {"poly", CRN_KERNEL_POLYNOMIAL},
    {"polynomial", CRN_KERNEL_POLYNOMIAL},
    {"rbf", CRN_KERNEL_RBF},
    {"sigmoid", CRN_KERNEL_SIGMOID},
    {"cosine", CRN_KERNEL_LINEAR},
    {"laplacian", CRN_KERNEL_LAPLACIAN},
    {"chi2", CRN_KERNEL_CHI2},
    {"additive_chi2", CRN_KERNEL_ADDITIVE_CHI2},
    {"precomputed", CRN_KERNEL_PRECOMPUTED},
};

bool crn_kernel_find(const crn_object *name, crn_kernel_kind *kind, crn_graph *graph)
{
    for (size_t i = 0; i < sizeof kernels / sizeof *kernels; i++) {
        if (crn_object_is_str(name, kernels[i].name)) {
            *kind = kernels[i].kind;
            return true;
        }
    }
    crn_text shown = CRN_TEXT_INIT;
    crn_object_repr(name, 60, &shown);
    crn_graph_fail(graph, CRN_UNSUPPORTED, "kernel=%s is not supported",
                   shown.data != NULL ? shown.data : crn_object_kind_name(name));
    crn_text_free(&shown);
    return false;
}

double crn_pairwise_number(const crn_object *value)
{
    double number;
    return crn_object_as_double(value, &number) ? number : (double)NAN;
}

crn_array crn_array_turned(const crn_array *array)
{
    crn_array turned = *array;
    turned.owner = NULL;
    turned.ndim = 2;
    turned.shape[0] = array->ndim == 2 ? array->shape[1] : 1;
    turned.strides[0] = array->ndim == 2 ? array->strides[1] : array->strides[0];
    turned.shape[1] = array->shape[0];
    turned.strides[1] = array->strides[0];
    return turned;
}

/* gamma is 1 / features where it is None, but 1 for chi2. */
static bool resolve(const crn_pairwise *self, crn_graph *graph, crn_value x, crn_kernel *out)
{
    if (!crn_kernel_find(self->kernel, &out->kind, graph))
        return false;
    const crn_type *type = crn_graph_type(graph, x);
    const double features = type->ndim > 0 ? (double)type->shape[0] : 1.0;
    const double usual = out->kind == CRN_KERNEL_CHI2 ? 1.0 : 1.0 / features;
    out->gamma = isnan(self->gamma) ? usual : self->gamma;
    out->coef0 = isnan(self->coef0) ? 1.0 : self->coef0;
    out->degree = isnan(self->degree) ? 3.0 : self->degree;
    return true;
}

/* The points divided by their norms, for the cosine. */
static crn_status normalised(const crn_array *points, crn_array *out, crn_error *err)
{
    CRN_TRY(crn_array_astype(points, CRN_FLOAT64, out, err));
    const int64_t n = out->shape[1];
    double *at = out->data;
    for (int64_t i = 0; i < out->shape[0]; i++, at += n) {
        double sum = 0.0;
        for (int64_t k = 0; k < n; k++)
            sum += at[k] * at[k];
        const double norm = sqrt(sum) < 10 * 2.220446049250313e-16 ? 1.0 : sqrt(sum);
        for (int64_t k = 0; k < n; k++)
            at[k] /= norm;
    }
    return CRN_OK;
}

crn_value crn_constant_copy(crn_graph *graph, const crn_array *array)
{
    crn_array dense = CRN_ARRAY_INIT;
    if (graph->error.code != CRN_OK ||
        crn_array_astype(array, CRN_FLOAT64, &dense, &graph->error) != CRN_OK)
        return CRN_NO_VALUE;
    crn_value value = crn_graph_constant(graph, &dense);
    crn_array_free(&dense);
    return value;
}

crn_value crn_pairwise_kernel(const crn_pairwise *self, crn_graph *graph, crn_value x,
                              const crn_array *points, const crn_array *weights)
{
    crn_kernel kernel;
    if (!resolve(self, graph, x, &kernel))
        return CRN_NO_VALUE;
    if (kernel.kind == CRN_KERNEL_PRECOMPUTED)
        return weights == NULL ? x
                               : crn_affine(graph, x, crn_constant_copy(graph, weights), true,
                                            CRN_NO_VALUE);
    if (!crn_object_is_str(self->kernel, "cosine"))
        return crn_kernel_sums(graph, x, &kernel, points, weights, NULL, 0);
    crn_array unit = CRN_ARRAY_INIT;
    if (normalised(points, &unit, &graph->error) != CRN_OK)
        return CRN_NO_VALUE;
    x = crn_normalise_rows(graph, x, CRN_NORM_L2);
    x = crn_kernel_sums(graph, x, &kernel, &unit, weights, NULL, 0);
    crn_array_free(&unit);
    return x;
}

crn_value crn_pairwise_diagonal(const crn_pairwise *self, crn_graph *graph, crn_value x)
{
    crn_kernel kernel;
    if (!resolve(self, graph, x, &kernel))
        return CRN_NO_VALUE;
    if (crn_object_is_str(self->kernel, "cosine"))
        x = crn_normalise_rows(graph, x, CRN_NORM_L2);
    return crn_kernel_diagonal(graph, x, &kernel);
}
