/* SPDX-License-Identifier: BSD-3-Clause */
/* BernoulliRBM, as sklearn/neural_network/_rbm.py (1.9), and the files of versions back to
 * 0.20. */
#include "ops/affine.h"
#include "ops/all_rows.h"
#include "ops/elementwise.h"
#include "ops/rows.h"
#include "sklearn/children.h"
#include "sklearn/fitted.h"
#include "sklearn/random_state.h"

typedef struct bernoulli_rbm {
    crn_estimator_base base;
    int64_t n_components;
    double learning_rate;
    int64_t batch_size;
    int64_t n_iter;
    const crn_object *verbose;
    const crn_object *random_state;
    crn_array components_;        /* (n_components, n_features) */
    crn_array intercept_hidden_;  /* (n_components) */
    crn_array intercept_visible_; /* (n_features) */
} bernoulli_rbm;

static const crn_field fields[] = {
    CRN_PARAM(bernoulli_rbm, n_components, INT, "256", "int >= 1"),
    CRN_PARAM(bernoulli_rbm, learning_rate, REAL, "0.1", "real > 0"),
    CRN_PARAM(bernoulli_rbm, batch_size, INT, "10", "int >= 1"),
    CRN_PARAM(bernoulli_rbm, n_iter, INT, "10", "int >= 0"),
    CRN_PARAM(bernoulli_rbm, verbose, OBJECT, "0", "verbose"),
    CRN_PARAM(bernoulli_rbm, random_state, OBJECT, "None", "random_state"),
    CRN_BASE_FIELDS,
    CRN_FITTED_ARRAY(bernoulli_rbm, components_, NULL),
    CRN_FITTED_ARRAY(bernoulli_rbm, intercept_hidden_, NULL),
    CRN_FITTED_ARRAY(bernoulli_rbm, intercept_visible_, NULL),
    CRN_FIELDS_END,
};

static crn_status check(void *self, crn_error *err)
{
    bernoulli_rbm *model = self;
    const crn_array *components = &model->components_;
    CRN_TRY(crn_fitted_matrix(components, "components_", -1, -1, err));
    CRN_TRY(crn_fitted_features(&model->base, "components_", components->shape[1], err));
    CRN_TRY(crn_fitted_vector(&model->intercept_hidden_, "intercept_hidden_",
                              components->shape[0], err));
    return crn_fitted_vector(&model->intercept_visible_, "intercept_visible_",
                             components->shape[1], err);
}

/* x components_.T + intercept_hidden_ */
static crn_value hidden(const bernoulli_rbm *self, crn_graph *graph, crn_value x)
{
    return crn_affine(graph, x, crn_constant_float64(graph, &self->components_), true,
                      crn_constant_float64(graph, &self->intercept_hidden_));
}

/* -F(v), the free energy's negative: v . intercept_visible_ + sum(log(1 + exp(hidden))). (rows) */
static crn_value negative_free_energy(const bernoulli_rbm *self, crn_graph *graph, crn_value v)
{
    crn_value visible = crn_binary(
        graph, v, crn_constant_float64(graph, &self->intercept_visible_), CRN_BINARY_MULTIPLY);
    crn_value soft =
        crn_activate(graph, hidden(self, graph, v), crn_activation_default(CRN_SOFTPLUS));
    return crn_binary(graph, crn_as_column(graph, crn_reduce(graph, visible, CRN_REDUCE_SUM)),
                      crn_as_column(graph, crn_reduce(graph, soft, CRN_REDUCE_SUM)),
                      CRN_BINARY_ADD);
}

/* n_features log(sigmoid(F(corrupted) - F(v))): how much better a row fits than with one of its
 * units flipped. */
static crn_value score_samples(const bernoulli_rbm *self, crn_graph *graph, crn_value v)
{
    crn_random_state random;
    if (crn_stored_random_state(self->random_state, &random, &graph->error) != CRN_OK)
        return CRN_NO_VALUE;
    crn_value given = negative_free_energy(self, graph, v);
    crn_value corrupted = negative_free_energy(self, graph, crn_flip_one(graph, v, &random));
    crn_value difference = crn_binary(graph, given, corrupted, CRN_BINARY_SUBTRACT);
    crn_value score = crn_activate(graph, difference, crn_activation_default(CRN_LOG_SIGMOID));
    return crn_as_vector(graph, crn_times(graph, score, (double)self->base.n_features_in_));
}

static crn_value lower(const void *self, crn_method method, crn_graph *graph, crn_value x)
{
    return method == CRN_SCORE_SAMPLES
               ? score_samples(self, graph, x)
               : crn_unary(graph, hidden(self, graph, x), CRN_UNARY_EXPIT);
}

const crn_estimator crn_estimator_BernoulliRBM = {
    .name = "BernoulliRBM",
    .module = "sklearn.neural_network",
    .modules = "sklearn.neural_network._rbm sklearn.neural_network.rbm",
    .size = sizeof(bernoulli_rbm),
    .fields = fields,
    .methods = 1u << CRN_TRANSFORM | 1u << CRN_SCORE_SAMPLES,
    .lower = lower,
    .check = check,
};
