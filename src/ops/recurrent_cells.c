/* SPDX-License-Identifier: BSD-3-Clause */
/* One step of each cell, as call() of SimpleRNNCell, LSTMCell and GRUCell (keras/src/layers/rnn,
 * 3.15) computes it. With the default functions all gates of a row are one kernel; others are
 * taken one after the other. */
#include "ops/infer.h"
#include "ops/recurrence.h"

void crn_vector_function_run(const crn_vector_function *function, int64_t rows, int64_t n,
                             float *x, const crn_kernels *kernels)
{
    if (!function->over_axis) {
        crn_activation_run(&function->activation, CRN_FLOAT32, rows * n, x, x, kernels);
        return;
    }
    const crn_softmax_attributes attributes = {.kind = function->softmax, .axis = 0};
    const crn_type type = crn_type_vector(CRN_FLOAT32, n);
    crn_op_softmax.forward(&(crn_call){
        .attributes = &attributes,
        .rows = rows,
        .n_in = 1,
        .n_out = 1,
        .in = (const void *const[]){x},
        .out = (void *const[]){x},
        .in_types = &type,
        .out_types = &type,
        .kernels = kernels,
    });
}

static bool is(const crn_vector_function *function, crn_activation_kind kind)
{
    return !function->over_axis && function->activation.kind == kind;
}

static bool has_usual_functions(const crn_recurrence *a)
{
    return is(&a->activation, CRN_TANH) && is(&a->recurrent_activation, CRN_SIGMOID);
}

/* ---- SimpleRNNCell: h = act(x W + b + h U) ---- */

void crn_simple_rnn_step(const crn_recurrence_run *run, const float *projected, int64_t first,
                         int64_t count)
{
    const int64_t units = run->attributes->units;
    float *h = run->h + first * units;
    crn_recurrence_product(run, count, h, 0, units, NULL, projected, run->sums);
    crn_vector_function_run(&run->attributes->activation, count, units, run->sums,
                            run->call->kernels);
    for (int64_t k = 0; k < count * units; k++)
        h[k] = run->sums[k];
}

/* ---- LSTMCell: c = f c + i act(.), h = o act(c) ---- */

static void lstm_gates(const crn_recurrence *a, const crn_kernels *kernels, float *z, float *c,
                       float *h)
{
    const int64_t units = a->units;
    float *i = z, *f = i + units, *g = f + units, *o = g + units;
    crn_vector_function_run(&a->recurrent_activation, 2, units, i, kernels);
    crn_vector_function_run(&a->activation, 1, units, g, kernels);
    crn_vector_function_run(&a->recurrent_activation, 1, units, o, kernels);
    for (int64_t k = 0; k < units; k++)
        h[k] = c[k] = f[k] * c[k] + i[k] * g[k];
    crn_vector_function_run(&a->activation, 1, units, h, kernels);
    for (int64_t k = 0; k < units; k++)
        h[k] *= o[k];
}

void crn_lstm_gates(const crn_recurrence *attributes, const crn_kernels *kernels, int64_t count,
                    float *sums, float *c, float *h)
{
    const int64_t units = attributes->units;
    if (has_usual_functions(attributes)) {
        kernels->lstm_gates_f32(count, units, sums, c, h);
        return;
    }
    for (int64_t r = 0; r < count; r++)
        lstm_gates(attributes, kernels, sums + r * 4 * units, c + r * units, h + r * units);
}

void crn_lstm_step(const crn_recurrence_run *run, const float *projected, int64_t first,
                   int64_t count)
{
    const int64_t units = run->attributes->units;
    float *h = run->h + first * units, *c = run->c + first * units;
    crn_recurrence_product(run, count, h, 0, 4 * units, NULL, projected, run->sums);
    crn_lstm_gates(run->attributes, run->call->kernels, count, run->sums, c, h);
}

/* ---- GRUCell: h = z h + (1 - z) act(.) ---- */

static void blend(int64_t units, const float *z, const float *candidate, float *h)
{
    for (int64_t k = 0; k < units; k++)
        h[k] = z[k] * h[k] + (1.0f - z[k]) * candidate[k];
}

/* r multiplies the product of h. */
static void gru_gates(const crn_recurrence_run *run, const float *projected, float *z, float *h)
{
    const crn_recurrence *a = run->attributes;
    const crn_kernels *kernels = run->call->kernels;
    const int64_t units = a->units;
    float *r = z + units, *candidate = r + units;
    for (int64_t k = 0; k < 2 * units; k++)
        z[k] += projected[k];
    crn_vector_function_run(&a->recurrent_activation, 2, units, z, kernels);
    for (int64_t k = 0; k < units; k++)
        candidate[k] = projected[2 * units + k] + r[k] * candidate[k];
    crn_vector_function_run(&a->activation, 1, units, candidate, kernels);
    blend(units, z, candidate, h);
}

static void gru_step_after(const crn_recurrence_run *run, const float *projected, float *h,
                           int64_t count)
{
    const int64_t units = run->attributes->units, width = 3 * units;
    const float *bias = run->call->in[CRN_RECURRENCE_BIAS];
    crn_recurrence_product(run, count, h, 0, width, bias != NULL ? bias + width : NULL, NULL,
                           run->sums);
    if (has_usual_functions(run->attributes)) {
        run->call->kernels->gru_gates_f32(count, units, projected, run->sums, h);
        return;
    }
    for (int64_t i = 0; i < count; i++)
        gru_gates(run, projected + i * width, run->sums + i * width, h + i * units);
}

/* r multiplies h before its product. */
static void gru_step_before(const crn_recurrence_run *run, const float *projected, float *h,
                            int64_t count)
{
    const crn_recurrence *a = run->attributes;
    const crn_kernels *kernels = run->call->kernels;
    const int64_t units = a->units, width = 3 * units;
    crn_recurrence_product(run, count, h, 0, 2 * units, NULL, projected, run->sums);
    for (int64_t i = 0; i < count; i++) {
        float *z = run->sums + i * width, *r = z + units;
        crn_vector_function_run(&a->recurrent_activation, 2, units, z, kernels);
        for (int64_t k = 0; k < units; k++)
            run->spare[i * units + k] = r[k] * h[i * units + k];
    }
    crn_recurrence_product(run, count, run->spare, 2 * units, units, NULL,
                           projected + 2 * units, run->sums + 2 * units);
    for (int64_t i = 0; i < count; i++) {
        float *z = run->sums + i * width, *candidate = z + 2 * units;
        crn_vector_function_run(&a->activation, 1, units, candidate, kernels);
        blend(units, z, candidate, h + i * units);
    }
}

void crn_gru_step(const crn_recurrence_run *run, const float *projected, int64_t first,
                  int64_t count)
{
    float *h = run->h + first * run->attributes->units;
    if (run->attributes->reset_after)
        gru_step_after(run, projected, h, count);
    else
        gru_step_before(run, projected, h, count);
}
