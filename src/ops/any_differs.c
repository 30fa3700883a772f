/* SPDX-License-Identifier: BSD-3-Clause */
/* any_differs: whether a vector has a number other than one that stands for "nothing here". */
#include "ops/infer.h"
#include "ops/sequence.h"
#include "ops/tensor.h"

typedef struct any_differs_attributes {
    double value;
} any_differs_attributes;

static crn_status any_differs_infer(const void *attributes, const crn_type *in, int n_in,
                                    crn_type *out, crn_error *err)
{
    (void)attributes;
    CRN_TRY(crn_infer_count("any_differs", n_in, 1, 1, err));
    if (in[0].dtype != CRN_FLOAT32 && in[0].dtype != CRN_INT64)
        return crn_fail(err, CRN_DTYPE, "any_differs: takes float32 or int64, not %s",
                        crn_dtype_name(in[0].dtype));
    if (in[0].ndim < 1 || in[0].sparse)
        return crn_fail(err, CRN_SHAPE, "any_differs: the item has no axis");
    out[0] = in[0];
    out[0].ndim--;
    out[0].dtype = CRN_BOOL;
    out[0].itemsize = (int64_t)crn_dtype_size(CRN_BOOL);
    return CRN_OK;
}

#define DEFINE_ANY(R, suffix)                                                                  \
    static void any_##suffix(int64_t count, int64_t n, const R *x, R value, uint8_t *out)      \
    {                                                                                          \
        for (int64_t i = 0; i < count; i++, x += n) {                                          \
            int differs = 0;                                                                   \
            for (int64_t j = 0; j < n; j++)                                                    \
                differs |= x[j] != value;                                                      \
            out[i] = (uint8_t)differs;                                                         \
        }                                                                                      \
    }

DEFINE_ANY(float, f32)
DEFINE_ANY(int64_t, i64)

static void any_differs_forward(const crn_call *call)
{
    const any_differs_attributes *a = call->attributes;
    const int64_t count = crn_type_count(&call->out_types[0], call->rows);
    const int64_t n = crn_type_last(&call->in_types[0]);
    if (call->in_types[0].dtype == CRN_FLOAT32)
        any_f32(count, n, call->in[0], (float)a->value, call->out[0]);
    else
        any_i64(count, n, call->in[0], (int64_t)a->value, call->out[0]);
}

static void any_differs_cost(const void *attributes, const crn_type *in, const crn_type *out,
                             crn_cost *cost)
{
    (void)attributes, (void)out;
    cost->multiply_adds = (double)crn_type_size(&in[0]);
}

const crn_op crn_op_any_differs = {
    .name = "any_differs",
    .attributes_size = sizeof(any_differs_attributes),
    .n_out = 1,
    .infer = any_differs_infer,
    .forward = any_differs_forward,
    .cost = any_differs_cost,
};

crn_value crn_any_differs(crn_graph *graph, crn_value x, double value)
{
    const any_differs_attributes attributes = {.value = value};
    return crn_graph_add_for_predict(graph, &crn_op_any_differs, &attributes, &x, 1);
}
