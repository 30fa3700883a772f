/* SPDX-License-Identifier: BSD-3-Clause */
/* LatentDirichletAllocation, as sklearn/decomposition/_lda.py (1.9), and the files of versions
 * back to 0.20. */
#include <stdlib.h>

#include "ops/require.h"
#include "ops/topic_weights.h"
#include "sklearn/fitted.h"
#include "solve/decompose.h"

typedef struct latent_dirichlet_allocation {
    crn_estimator_base base;
    int64_t n_components;
    const crn_object *doc_topic_prior;
    const crn_object *topic_word_prior;
    const char *learning_method;
    double learning_decay;
    double learning_offset;
    int64_t max_iter;
    int64_t batch_size;
    int64_t evaluate_every;
    double total_samples;
    double perp_tol;
    double mean_change_tol;
    int64_t max_doc_update_iter;
    const crn_object *n_jobs;
    const crn_object *verbose;
    const crn_object *random_state;
    const crn_object *n_topics;
    double doc_topic_prior_;
    crn_array exp_dirichlet_component_; /* (n_components, n_features) */
} lda;

static const crn_field fields[] = {
    CRN_PARAM(lda, n_components, INT, "10", "int > 0"),
    CRN_PARAM(lda, doc_topic_prior, OBJECT, "None", "None | real [0, 1]"),
    CRN_PARAM(lda, topic_word_prior, OBJECT, "None", "None | real [0, 1]"),
    CRN_PARAM(lda, learning_method, STRING, "'batch'", "'batch' | 'online'"),
    CRN_PARAM(lda, learning_decay, REAL, "0.7", "real [0, 1]"),
    CRN_PARAM(lda, learning_offset, REAL, "10.0", "real >= 1.0"),
    CRN_PARAM(lda, max_iter, INT, "10", "int >= 0"),
    CRN_PARAM(lda, batch_size, INT, "128", "int > 0"),
    CRN_PARAM(lda, evaluate_every, INT, "-1", "int (-inf, inf)"),
    CRN_PARAM(lda, total_samples, REAL, "1000000.0", "real > 0"),
    CRN_PARAM(lda, perp_tol, REAL, "0.1", "real >= 0"),
    CRN_PARAM(lda, mean_change_tol, REAL, "0.001", "real >= 0"),
    CRN_PARAM(lda, max_doc_update_iter, INT, "100", "int >= 0"),
    CRN_PARAM(lda, n_jobs, OBJECT, "None", "None | int"),
    CRN_PARAM(lda, verbose, OBJECT, "0", "verbose"),
    CRN_PARAM(lda, random_state, OBJECT, "None", "random_state"),
    CRN_PARAM_SINCE(lda, n_topics, OBJECT, "None", NULL, NULL, "0.21"),
    CRN_BASE_FIELDS,
    CRN_FITTED(lda, doc_topic_prior_, REAL),
    CRN_FITTED_ARRAY(lda, exp_dirichlet_component_, NULL),
    CRN_FIELDS_END,
};

static crn_status check(void *self, crn_error *err)
{
    lda *model = self;
    const crn_array *components = &model->exp_dirichlet_component_;
    const char *name = "exp_dirichlet_component_";
    CRN_TRY(crn_fitted_matrix(components, name, -1, -1, err));
    if (components->shape[0] < 1)
        return crn_fail(err, CRN_FORMAT, "%s has no rows", name);
    CRN_TRY(crn_fitted_features(&model->base, name, components->shape[1], err));
    return crn_fitted_rounds("max_doc_update_iter", model->max_doc_update_iter, err);
}

/* exp_dirichlet_component_ with a word a row. */
static crn_value words(const lda *self, crn_graph *graph)
{
    const int64_t k = self->exp_dirichlet_component_.shape[0];
    const int64_t n = self->exp_dirichlet_component_.shape[1];
    crn_array components = CRN_ARRAY_INIT, transposed = CRN_ARRAY_INIT;
    crn_value value = CRN_NO_VALUE;
    if (crn_array_astype(&self->exp_dirichlet_component_, CRN_FLOAT64, &components,
                         &graph->error) == CRN_OK &&
        crn_array_create(CRN_FLOAT64, 0, 2, (int64_t[]){n, k}, &transposed, &graph->error) ==
            CRN_OK) {
        crn_transpose(components.data, k, n, transposed.data);
        value = crn_graph_constant(graph, &transposed);
    }
    crn_array_free(&components);
    crn_array_free(&transposed);
    return value;
}

static crn_value lower(const void *self, crn_method method, crn_graph *graph, crn_value x)
{
    (void)method;
    const lda *model = self;
    const crn_topic_weights_attributes attributes = {.prior = model->doc_topic_prior_,
                                                     .tol = model->mean_change_tol,
                                                     .max_iter = model->max_doc_update_iter};
    x = crn_require(graph, x, 0.0, false,
                    "Negative values in data passed to LatentDirichletAllocation.transform.");
    return crn_topic_weights(graph, x, words(model, graph), &attributes);
}

const crn_estimator crn_estimator_LatentDirichletAllocation = {
    .name = "LatentDirichletAllocation",
    .module = "sklearn.decomposition",
    .modules = "sklearn.decomposition._lda sklearn.decomposition.online_lda",
    .size = sizeof(lda),
    .fields = fields,
    .methods = 1u << CRN_TRANSFORM,
    .lower = lower,
    .check = check,
};
