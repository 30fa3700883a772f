/* SPDX-License-Identifier: BSD-3-Clause */
/* MultinomialNB, ComplementNB and BernoulliNB, whose joint log-likelihood is linear in the
 * counts: sklearn/naive_bayes.py (1.9), and the files of versions back to 0.20. */
#include <math.h>
#include <stdlib.h>

#include "ops/affine.h"
#include "ops/elementwise.h"
#include "sklearn/fitted.h"
#include "sklearn/naive_bayes/naive_bayes.h"

/* Parameters of all three classes: each uses its own. */
typedef struct discrete_nb {
    crn_estimator_base base;
    const crn_object *alpha;
    const crn_object *force_alpha; /* bool; 'warn' in 1.2 and 1.3 */
    bool fit_prior;
    const crn_object *class_prior;
    bool norm;
    const crn_object *binarize;
    crn_array classes_;
    crn_array feature_log_prob_; /* (n_classes, n_features) */
    crn_array class_log_prior_;  /* (n_classes) */
} discrete_nb;

#define FITTED_FIELDS                                                                          \
    CRN_BASE_FIELDS, CRN_FITTED_ARRAY(discrete_nb, classes_, "classes"),                       \
        CRN_FITTED_ARRAY(discrete_nb, feature_log_prob_, NULL),                                \
        CRN_FITTED_ARRAY(discrete_nb, class_log_prior_, NULL), CRN_FIELDS_END

static const crn_field multinomial_fields[] = {
    CRN_PARAM(discrete_nb, alpha, OBJECT, "1.0", "real >= 0 | array"),
    CRN_PARAM_FOR_FIT_SINCE(discrete_nb, force_alpha, OBJECT, "True", "bool", "1.2", NULL),
    CRN_PARAM(discrete_nb, fit_prior, BOOL, "True", NULL),
    CRN_PARAM(discrete_nb, class_prior, OBJECT, "None", "array | None"),
    FITTED_FIELDS,
};

static const crn_field complement_fields[] = {
    CRN_PARAM(discrete_nb, alpha, OBJECT, "1.0", "real >= 0 | array"),
    CRN_PARAM_FOR_FIT_SINCE(discrete_nb, force_alpha, OBJECT, "True", "bool", "1.2", NULL),
    CRN_PARAM(discrete_nb, fit_prior, BOOL, "True", NULL),
    CRN_PARAM(discrete_nb, class_prior, OBJECT, "None", "array | None"),
    CRN_PARAM(discrete_nb, norm, BOOL, "False", NULL),
    FITTED_FIELDS,
};

static const crn_field bernoulli_fields[] = {
    CRN_PARAM(discrete_nb, alpha, OBJECT, "1.0", "real >= 0 | array"),
    CRN_PARAM_FOR_FIT_SINCE(discrete_nb, force_alpha, OBJECT, "True", "bool", "1.2", NULL),
    CRN_PARAM(discrete_nb, binarize, OBJECT, "0.0", "None | real >= 0"),
    CRN_PARAM(discrete_nb, fit_prior, BOOL, "True", NULL),
    CRN_PARAM(discrete_nb, class_prior, OBJECT, "None", "array | None"),
    FITTED_FIELDS,
};

/* Columns of the joint log-likelihood: one for each class; two where versions before 0.24 were
 * fitted on one class alone. */
static int64_t outputs(const discrete_nb *self)
{
    const crn_array *table = &self->feature_log_prob_;
    const bool doubled =
        self->classes_.shape[0] == 1 && table->ndim == 2 && table->shape[0] == 2;
    return doubled ? 2 : self->classes_.shape[0];
}

static crn_status check(void *self, crn_error *err)
{
    discrete_nb *model = self;
    CRN_TRY(crn_fitted_classes(&model->classes_, err));
    const int64_t classes = model->classes_.shape[0];
    CRN_TRY(crn_fitted_matrix(&model->feature_log_prob_, "feature_log_prob_", outputs(model),
                              -1, err));
    CRN_TRY(crn_fitted_features(&model->base, "feature_log_prob_",
                                model->feature_log_prob_.shape[1], err));
    const bool is_one_prior =
        model->class_log_prior_.ndim == 1 && model->class_log_prior_.shape[0] == classes;
    return crn_fitted_vector(&model->class_log_prior_, "class_log_prior_",
                             is_one_prior ? classes : outputs(model), err);
}

/* x W.T, plus the prior where it counts. */
static crn_value linear_joint(const discrete_nb *self, crn_graph *graph, crn_value x,
                              bool takes_prior)
{
    crn_value weights = crn_constant_float64(graph, &self->feature_log_prob_);
    if (!takes_prior)
        return crn_affine(graph, x, weights, true, CRN_NO_VALUE);
    crn_value prior = crn_constant_float64(graph, &self->class_log_prior_);
    if (outputs(self) == self->class_log_prior_.shape[0])
        return crn_affine(graph, x, weights, true, prior);
    return crn_binary(graph, crn_affine(graph, x, weights, true, CRN_NO_VALUE), prior,
                      CRN_BINARY_ADD);
}

static crn_value lower_multinomial(const void *self, crn_method method, crn_graph *graph,
                                   crn_value x)
{
    const discrete_nb *model = self;
    return crn_naive_bayes_answer(graph, method, linear_joint(model, graph, x, true),
                                  &model->classes_);
}

/* The prior counts for nothing unless there is one class alone. */
static crn_value lower_complement(const void *self, crn_method method, crn_graph *graph,
                                  crn_value x)
{
    const discrete_nb *model = self;
    const bool is_one = model->classes_.shape[0] == 1;
    return crn_naive_bayes_answer(graph, method, linear_joint(model, graph, x, is_one),
                                  &model->classes_);
}

/* ---- BernoulliNB ---- */

static crn_status check_bernoulli(void *self, crn_error *err)
{
    const discrete_nb *model = self;
    double threshold;
    if (!crn_object_is_none(model->binarize) &&
        !crn_object_as_double(model->binarize, &threshold))
        return crn_fail(err, CRN_FORMAT, "binarize is neither a number nor None");
    return check(self, err);
}

/* 0 and 1 as float64, unless the rows are that already (binarize=None). */
static crn_value binarized(const discrete_nb *self, crn_graph *graph, crn_value x)
{
    double threshold;
    if (!crn_object_as_double(self->binarize, &threshold))
        return x;
    return crn_cast(graph, crn_step(graph, x, threshold), CRN_FLOAT64);
}

/* With q = log(1 - exp(p)) for a feature that is absent: weights p - q, and log_prior + sum(q).
 */
static void bernoulli_constants(const discrete_nb *self, double *weights, double *shifts)
{
    const int64_t classes = self->feature_log_prob_.shape[0];
    const int64_t features = self->feature_log_prob_.shape[1];
    for (int64_t c = 0; c < classes; c++) {
        double absent = 0.0;
        for (int64_t j = 0; j < features; j++) {
            const double p = crn_array_get(&self->feature_log_prob_, c * features + j);
            const double q = log(1 - exp(p));
            weights[c * features + j] = p - q;
            absent += q;
        }
        shifts[c] =
            crn_array_get(&self->class_log_prior_, c % self->class_log_prior_.shape[0]) +
            absent;
    }
}

static crn_value lower_bernoulli(const void *self, crn_method method, crn_graph *graph,
                                 crn_value x)
{
    const discrete_nb *model = self;
    const int64_t classes = model->feature_log_prob_.shape[0];
    const int64_t features = model->feature_log_prob_.shape[1];
    double *weights = crn_calloc((size_t)(classes * features), sizeof *weights);
    double *shifts = crn_calloc((size_t)classes, sizeof *shifts);
    crn_value joint = CRN_NO_VALUE;
    if (weights == NULL || shifts == NULL) {
        crn_graph_fail(graph, CRN_NO_MEMORY, "out of memory");
    } else {
        bernoulli_constants(model, weights, shifts);
        joint = crn_affine(
            graph, binarized(model, graph, x),
            crn_graph_numbers(graph, CRN_FLOAT64, weights, classes * features, features), true,
            crn_graph_numbers(graph, CRN_FLOAT64, shifts, classes, 0));
    }
    free(weights);
    free(shifts);
    return crn_naive_bayes_answer(graph, method, joint, &model->classes_);
}

static crn_status write(const void *self, crn_document *document, crn_object *state,
                        const char *sklearn, crn_error *err)
{
    (void)self;
    return crn_naive_bayes_write(document, state, sklearn, err);
}

#define DISCRETE_NB(class_, fields_, check_, lower_)                                           \
    const crn_estimator crn_estimator_##class_ = {                                             \
        .name = #class_,                                                                       \
        .module = "sklearn.naive_bayes",                                                       \
        .modules = "sklearn.naive_bayes",                                                      \
        .size = sizeof(discrete_nb),                                                           \
        .fields = fields_,                                                                     \
        .methods = CRN_NAIVE_BAYES_METHODS,                                                    \
        .lower = lower_,                                                                       \
        .check = check_,                                                                       \
        .write = write,                                                                        \
    }

DISCRETE_NB(MultinomialNB, multinomial_fields, check, lower_multinomial);
DISCRETE_NB(ComplementNB, complement_fields, check, lower_complement);
DISCRETE_NB(BernoulliNB, bernoulli_fields, check_bernoulli, lower_bernoulli);
