/* SPDX-License-Identifier: BSD-3-Clause */
/* random_choice: one class of each target for every row, drawn as DummyClassifier draws them from
 * NumPy's RandomState (numpy/random/mtrand.pyx and src/distributions/distributions.c, 1.16 to 2.4).
 * All rows of one target are drawn before those of the next. Inputs: x (for its number of rows),
 * the probabilities of all targets one behind the other, and where each target's begin. */
#include <math.h>
#include <string.h>

#include "ops/all_rows.h"
#include "ops/infer.h"

static crn_status random_choice_infer(const void *attributes, const crn_type *in, int n_in,
                                      crn_type *out, crn_error *err)
{
    (void)attributes;
    CRN_TRY(crn_infer_count("random_choice", n_in, 3, 3, err));
    const crn_type *x = &in[0], *p = &in[1], *starts = &in[2];
    if (p->dtype != CRN_FLOAT64 || starts->dtype != CRN_INT64)
        return crn_fail(err, CRN_DTYPE, "random_choice: %s and %s", crn_dtype_name(p->dtype),
                        crn_dtype_name(starts->dtype));
    if (!x->rows || p->rows || p->ndim != 1 || starts->rows || starts->ndim != 1 ||
        starts->shape[0] < 2)
        return crn_infer_misfit("random_choice", p, starts, err);
    out[0] = crn_type_vector(CRN_FLOAT64, p->shape[0]);
    return CRN_OK;
}

/* binomial(1, p) for p up to a half: by inversion, which begins anew where rounding leaves a
 * remainder. */
static bool toss_rarely(crn_random_state *random, double p)
{
    const double q = 1.0 - p, none = exp(log(q)), once = p * none / q;
    for (;;) {
        const double u = crn_random_state_double(random);
        if (u <= none)
            return false;
        if (u - none <= once)
            return true;
    }
}

/* RandomState.binomial(1, p) */
static bool toss(crn_random_state *random, double p)
{
    if (!(p > 0))
        return false;
    return p <= 0.5 ? toss_rarely(random, p) : !toss_rarely(random, 1.0 - p);
}

/* RandomState.multinomial(1, p): the place of the one. p: [n] */
static int64_t draw(crn_random_state *random, const double *p, int64_t n)
{
    double rest = 1.0;
    for (int64_t i = 0; i < n - 1; i++) {
        if (toss(random, p[i] / rest))
            return i;
        rest -= p[i];
    }
    return n - 1;
}

static void random_choice_forward(const crn_call *call)
{
    const crn_random_choice_attributes *at = call->attributes;
    const double *p = call->in[1];       /* (n) */
    const int64_t *starts = call->in[2]; /* (n_targets + 1) */
    const int64_t n = call->out_types[0].shape[0];
    const int64_t n_targets = call->in_types[2].shape[0] - 1;
    double *out = call->out[0]; /* (rows, n) */
    crn_random_state random = at->random;
    memset(out, 0, (size_t)(call->rows * n) * sizeof *out);
    for (int64_t k = 0; k < n_targets; k++) {
        const int64_t begin = starts[k], count = starts[k + 1] - begin;
        for (int64_t row = 0; row < call->rows; row++) {
            const int64_t choice =
                at->uniform ? (int64_t)crn_random_state_below(&random, (uint64_t)count)
                            : draw(&random, p + begin, count);
            out[row * n + begin + choice] = 1.0;
        }
    }
}

const crn_op crn_op_random_choice = {
    .name = "random_choice",
    .attributes_size = sizeof(crn_random_choice_attributes),
    .flags = CRN_OP_ALL_ROWS,
    .n_out = 1,
    .infer = random_choice_infer,
    .forward = random_choice_forward,
};

crn_value crn_random_choice(crn_graph *graph, crn_value x, crn_value p, crn_value starts,
                            bool uniform, const crn_random_state *random)
{
    const crn_random_choice_attributes attributes = {.uniform = uniform, .random = *random};
    return crn_graph_add(graph, &crn_op_random_choice, &attributes, (crn_value[]){x, p, starts},
                         3);
}
