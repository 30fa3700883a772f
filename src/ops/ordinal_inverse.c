/* SPDX-License-Identifier: BSD-3-Clause */
/* ordinal_inverse: from codes to the slots of categories, as
 * sklearn.preprocessing.OrdinalEncoder.inverse_transform (1.9). Inputs: x, starts, places. */
#include <math.h>

#include "ops/category.h"
#include "ops/infer.h"

static crn_status ordinal_inverse_infer(const void *attributes, const crn_type *in, int n_in,
                                        crn_type *out, crn_error *err)
{
    (void)attributes;
    CRN_TRY(crn_infer_count("ordinal_inverse", n_in, 3, 3, err));
    const crn_type *x = &in[0], *starts = &in[1], *places = &in[2];
    if (x->dtype != CRN_FLOAT64 || starts->dtype != CRN_INT64 || places->dtype != CRN_INT64)
        return crn_fail(err, CRN_DTYPE, "ordinal_inverse: %s, %s and %s",
                        crn_dtype_name(x->dtype), crn_dtype_name(starts->dtype),
                        crn_dtype_name(places->dtype));
    if (!x->rows || x->ndim != 1 || starts->rows || starts->ndim != 1 ||
        starts->shape[0] != x->shape[0] + 1)
        return crn_infer_misfit("ordinal_inverse", x, starts, err);
    if (places->rows || places->ndim != 1 || places->shape[0] != 2 * x->shape[0])
        return crn_infer_misfit("ordinal_inverse", places, x, err);
    out[0] = crn_type_vector(CRN_INT64, x->shape[0]);
    return CRN_OK;
}

static bool is_same(double x, double value)
{
    return x == value || (isnan(x) && isnan(value));
}

/* A code that is no index; NaN becomes the least integer, as NumPy casts it. */
static int64_t refuse(const crn_call *call, double code, int64_t count)
{
    if (call->failure != NULL)
        crn_fail(call->failure, CRN_ARGUMENT,
                 "index %.0f is out of bounds for axis 0 with size %lld",
                 isnan(code) ? -0x1p63 : code, (long long)count);
    return 0;
}

static void ordinal_inverse_forward(const crn_call *call)
{
    const crn_ordinal_inverse_attributes *a = call->attributes;
    const int64_t n = call->in_types[0].shape[0];
    const int64_t *starts = call->in[1], *missing = call->in[2], *last = missing + n;
    const double *x = call->in[0]; /* (rows, n) */
    int64_t *out = call->out[0];   /* (rows, n) */
    for (int64_t row = 0; row < call->rows; row++, x += n, out += n) {
        for (int64_t i = 0; i < n; i++) {
            const int64_t count = starts[i + 1] - starts[i];
            double code = x[i];
            if (missing[i] >= 0 && is_same(code, a->missing))
                code = (double)missing[i];
            if (last[i] >= 0 && code == (double)count) {
                out[i] = last[i];
            } else if (a->has_unknown && is_same(code, a->unknown)) {
                out[i] = a->unknown_slot;
            } else {
                code = trunc(code);
                const bool inside = code >= (double)-count && code < (double)count;
                out[i] = inside ? starts[i] + (int64_t)code + (code < 0 ? count : 0)
                                : refuse(call, code, count);
            }
        }
    }
}

static void ordinal_inverse_cost(const void *attributes, const crn_type *in,
                                 const crn_type *out, crn_cost *cost)
{
    (void)attributes, (void)in;
    cost->multiply_adds = 4.0 * (double)crn_type_size(&out[0]);
}

const crn_op crn_op_ordinal_inverse = {
    .name = "ordinal_inverse",
    .attributes_size = sizeof(crn_ordinal_inverse_attributes),
    .n_out = 1,
    .infer = ordinal_inverse_infer,
    .forward = ordinal_inverse_forward,
    .cost = ordinal_inverse_cost,
};

crn_value crn_ordinal_inverse(crn_graph *graph, crn_value x, crn_value starts, crn_value places,
                              const crn_ordinal_inverse_attributes *attributes)
{
    return crn_graph_add(graph, &crn_op_ordinal_inverse, attributes,
                         (crn_value[]){x, starts, places}, 3);
}
