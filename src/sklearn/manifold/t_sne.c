/* SPDX-License-Identifier: BSD-3-Clause */
/* TSNE, as sklearn/manifold/_t_sne.py (1.9): an embedding of the samples that it was fitted on.
 */
#include "sklearn/children.h"
#include "sklearn/metrics/metric_names.h"
#include "sklearn/no_method.h"

typedef struct tsne {
    crn_estimator_base base;
    int64_t n_components;
    double perplexity;
    double early_exaggeration;
    crn_object *learning_rate;
    crn_object *max_iter;
    int64_t n_iter_without_progress;
    double min_grad_norm;
    crn_object *metric;
    crn_object *metric_params;
    crn_object *init;
    crn_object *verbose;
    crn_object *random_state;
    const char *method;
    double angle;
    crn_object *n_jobs;
    crn_object *square_distances;
    crn_array embedding_;
    crn_array kl_divergence_;
    int64_t n_iter_;
    crn_array learning_rate_;
} tsne;

static const crn_field fields[] = {
    CRN_PARAM(tsne, n_components, INT, "2", "int >= 1"),
    CRN_PARAM(tsne, perplexity, REAL, "30.0", "real > 0"),
    CRN_PARAM(tsne, early_exaggeration, REAL, "12.0", "real >= 1"),
    CRN_PARAM(tsne, learning_rate, OBJECT, "'auto'", "'auto' | real > 0"),
    {.name = "max_iter",
     .type = CRN_FIELD_OBJECT,
     .flags = CRN_FIELD_PARAM | CRN_FIELD_OPTIONAL,
     .offset = offsetof(tsne, max_iter),
     .dflt = "1000",
     .constraint = "int >= 250",
     .since = "1.5",
     .old_names = "n_iter"},
    CRN_PARAM(tsne, n_iter_without_progress, INT, "300", "int >= -1"),
    CRN_PARAM(tsne, min_grad_norm, REAL, "1e-07", "real >= 0"),
    CRN_PARAM(tsne, metric, OBJECT, "'euclidean'", CRN_PAIRWISE_METRICS),
    CRN_PARAM_SINCE(tsne, metric_params, OBJECT, "None", "dict | None", "1.1", NULL),
    CRN_PARAM(tsne, init, OBJECT, "'pca'", "'pca' | 'random' | <numpy.ndarray>"),
    CRN_PARAM(tsne, verbose, OBJECT, "0", "verbose"),
    CRN_PARAM(tsne, random_state, OBJECT, "None", "random_state"),
    CRN_PARAM(tsne, method, STRING, "'barnes_hut'", "'barnes_hut' | 'exact'"),
    CRN_PARAM(tsne, angle, REAL, "0.5", "real [0, 1]"),
    CRN_PARAM_SINCE(tsne, n_jobs, OBJECT, "None", "None | int", "0.22", NULL),
    CRN_PARAM_SINCE(tsne, square_distances, OBJECT, "'deprecated'", NULL, "0.24", "1.3"),
    CRN_BASE_FIELDS,
    CRN_FITTED_ARRAY(tsne, embedding_, NULL),
    CRN_FITTED_ARRAY_OPTIONAL(tsne, kl_divergence_, NULL),
    CRN_FITTED_OPTIONAL(tsne, n_iter_, INT),
    CRN_FITTED_ARRAY_OPTIONAL(tsne, learning_rate_, NULL),
    CRN_FIELDS_END,
};

/* max_iter was n_iter before 1.5; 1.5 and 1.6 have both. */
static crn_status write(const void *self, crn_document *document, crn_object *state,
                        const char *sklearn, crn_error *err)
{
    (void)self;
    return crn_write_deprecated(document, state, sklearn, "n_iter", "1.5", "1.7", err);
}

const crn_estimator crn_estimator_TSNE = {
    .name = "TSNE",
    .module = "sklearn.manifold",
    .modules = "sklearn.manifold._t_sne sklearn.manifold.t_sne",
    .size = sizeof(tsne),
    .fields = fields,
    .lower = crn_no_method,
    .write = write,
};
