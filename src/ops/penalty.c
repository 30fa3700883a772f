/* SPDX-License-Identifier: BSD-3-Clause */
/* What a regularizer adds to the loss: l1 * sum|x| + l2 * sum x^2
 * (keras/src/regularizers/regularizers.py); of an activation divided by the rows of the batch
 * (layers/layer.py, activity_regularizer). */
#include "ops/backward.h"
#include "ops/infer.h"
#include "ops/training.h"

#include <math.h>

typedef struct penalty_attributes {
    float l1, l2;
} penalty_attributes;

static crn_status infer(const void *attributes, const crn_type *in, int n_in, crn_type *out,
                        crn_error *err)
{
    (void)attributes;
    CRN_TRY(crn_infer_count("penalty", n_in, 1, 1, err));
    if (in[0].dtype != CRN_FLOAT32)
        return crn_fail(err, CRN_DTYPE, "a regularizer needs float32, not %s",
                        crn_dtype_name(in[0].dtype));
    int64_t one = 1;
    out[0] = crn_type_rows(CRN_FLOAT32, 1, &one);
    out[0].rows = false;
    return CRN_OK;
}

/* The share of each element's penalty in the loss. */
static float share(const crn_call *call)
{
    bool rows = call->in_types[0].rows && call->rows > 0;
    return rows ? 1.0f / (float)call->rows : 1.0f;
}

static void forward(const crn_call *call)
{
    const penalty_attributes *attributes = call->attributes;
    const float *x = call->in[0];
    double absolute = 0.0, squares = 0.0;
    for (int64_t i = 0; i < crn_type_count(&call->in_types[0], call->rows); i++) {
        absolute += fabs((double)x[i]);
        squares += (double)x[i] * (double)x[i];
    }
    *(float *)call->out[0] =
        (attributes->l1 * (float)absolute + attributes->l2 * (float)squares) * share(call);
}

static void backward(const crn_call *call)
{
    const penalty_attributes *attributes = call->attributes;
    const float *x = call->in[0];
    float *gx = call->grad_in[0];
    float g = *(const float *)call->grad_out[0] * share(call);
    int64_t n = gx == NULL ? 0 : crn_type_count(&call->in_types[0], call->rows);
    for (int64_t i = 0; i < n; i++) {
        float sign = (float)((x[i] > 0.0f) - (x[i] < 0.0f));
        gx[i] += g * (attributes->l1 * sign + attributes->l2 * 2.0f * x[i]);
    }
}

crn_value crn_penalty(crn_graph *graph, crn_value x, float l1, float l2)
{
    penalty_attributes attributes = {.l1 = l1, .l2 = l2};
    return crn_graph_add(graph, &crn_op_penalty, &attributes, &x, 1);
}

const crn_op crn_op_penalty = {.name = "penalty",
                               .attributes_size = sizeof(penalty_attributes),
                               .flags = CRN_OP_WHOLE_BATCH,
                               .n_out = 1,
                               .infer = infer,
                               .forward = forward,
                               .backward = backward};
