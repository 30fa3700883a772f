/* SPDX-License-Identifier: BSD-3-Clause */
/* NMF and MiniBatchNMF: sklearn/decomposition/_nmf.py (1.9), and the files of versions back to
 * 0.20. */
#include <string.h>

#include "ops/affine.h"
#include "ops/nonnegative.h"
#include "ops/require.h"
#include "sklearn/fitted.h"
#include "sklearn/random_state.h"
#include "sklearn/spelling.h"

/* Parameters of both classes: each uses its own. */
typedef struct nmf {
    crn_estimator_base base;
    const crn_object *n_components;
    const char *init;
    const char *solver;
    const crn_object *beta_loss;
    double tol;
    int64_t max_iter;
    const crn_object *random_state;
    double alpha_W;
    const crn_object *alpha_H;
    double l1_ratio;
    const crn_object *verbose;
    bool shuffle;
    const crn_object *alpha;
    const crn_object *regularization;
    int64_t batch_size;
    const crn_object *max_no_improvement;
    double forget_factor;
    bool fresh_restarts;
    int64_t fresh_restarts_max_iter;
    const crn_object *transform_max_iter;
    crn_array components_; /* (n_components, n_features) */
} nmf;

/* Versions without alpha_W have `alpha` to say the same by: see write. */
static const crn_field nmf_fields[] = {
    CRN_PARAM(nmf, n_components, OBJECT, "'auto'", "int >= 1 | None | 'auto'"),
    CRN_PARAM(nmf, init, STRING, "None",
              "'custom' | 'nndsvd' | 'nndsvda' | 'nndsvdar' | 'random' | None"),
    CRN_PARAM(nmf, solver, STRING, "'cd'", "'cd' | 'mu'"),
    CRN_PARAM(nmf, beta_loss, OBJECT, "'frobenius'",
              "'frobenius' | 'itakura-saito' | 'kullback-leibler' | real"),
    CRN_PARAM(nmf, tol, REAL, "0.0001", "real >= 0"),
    CRN_PARAM(nmf, max_iter, INT, "200", "int >= 1"),
    CRN_PARAM(nmf, random_state, OBJECT, "None", "random_state"),
    CRN_PARAM_FOR_FIT_SINCE(nmf, alpha_W, REAL, "0.0", "real >= 0", "1.0", NULL),
    CRN_PARAM_FOR_FIT_SINCE(nmf, alpha_H, OBJECT, "'same'", "real >= 0 | 'same'", "1.0", NULL),
    CRN_PARAM(nmf, l1_ratio, REAL, "0.0", "real [0, 1]"),
    CRN_PARAM(nmf, verbose, OBJECT, "0", "verbose"),
    CRN_PARAM(nmf, shuffle, BOOL, "False", NULL),
    CRN_PARAM_SINCE(nmf, alpha, OBJECT, "'deprecated'", NULL, NULL, "1.2"),
    {.name = "regularization",
     .type = CRN_FIELD_OBJECT,
     .flags = CRN_FIELD_PARAM | CRN_FIELD_OPTIONAL,
     .offset = offsetof(nmf, regularization),
     .dflt = "'deprecated'",
     .since = "0.24",
     .until = "1.2",
     .old_names = "regularization"},
    CRN_BASE_FIELDS,
    CRN_FITTED_ARRAY(nmf, components_, NULL),
    CRN_FIELDS_END,
};

static const crn_field mini_batch_fields[] = {
    CRN_PARAM(nmf, n_components, OBJECT, "'auto'", "int >= 1 | None | 'auto'"),
    CRN_PARAM(nmf, init, STRING, "None",
              "'custom' | 'nndsvd' | 'nndsvda' | 'nndsvdar' | 'random' | None"),
    CRN_PARAM(nmf, batch_size, INT, "1024", "int >= 1"),
    CRN_PARAM(nmf, beta_loss, OBJECT, "'frobenius'",
              "'frobenius' | 'itakura-saito' | 'kullback-leibler' | real"),
    CRN_PARAM(nmf, tol, REAL, "0.0001", "real >= 0"),
    CRN_PARAM(nmf, max_no_improvement, OBJECT, "10", "int >= 1 | None"),
    CRN_PARAM(nmf, max_iter, INT, "200", "int >= 1"),
    CRN_PARAM(nmf, alpha_W, REAL, "0.0", "real >= 0"),
    CRN_PARAM(nmf, alpha_H, OBJECT, "'same'", "real >= 0 | 'same'"),
    CRN_PARAM(nmf, l1_ratio, REAL, "0.0", "real [0, 1]"),
    CRN_PARAM(nmf, forget_factor, REAL, "0.7", "real [0, 1]"),
    CRN_PARAM(nmf, fresh_restarts, BOOL, "False", NULL),
    CRN_PARAM(nmf, fresh_restarts_max_iter, INT, "30", "int >= 1"),
    CRN_PARAM(nmf, transform_max_iter, OBJECT, "None", "int >= 1 | None"),
    CRN_PARAM(nmf, random_state, OBJECT, "None", "random_state"),
    CRN_PARAM(nmf, verbose, OBJECT, "0", "verbose"),
    CRN_BASE_FIELDS,
    CRN_FITTED_ARRAY(nmf, components_, NULL),
    CRN_FIELDS_END,
};

/* ---- parameters ---- */

/* _beta_loss_to_float; false: unknown. */
static bool find_beta(const crn_object *beta_loss, double *out)
{
    static const char *const names[] = {"itakura-saito", "kullback-leibler", "frobenius"};
    for (int i = 0; i < 3; i++) {
        if (crn_object_is_str(beta_loss, names[i])) {
            *out = i;
            return true;
        }
    }
    return crn_object_as_double(beta_loss, out);
}

/* Until 1.1, `alpha` and `regularization` penalised; 1.0 and 1.1 read them where alpha_W and
 * alpha_H are left alone. */
static bool is_penalised_the_old_way(const nmf *self)
{
    double alpha;
    const char *version = self->base.sklearn_version;
    return crn_object_as_double(self->alpha, &alpha) && self->alpha_W == 0.0 &&
           crn_object_is_str(self->alpha_H, "same") && version != NULL &&
           crn_version_compare(version, "1.2") < 0;
}

/* Is W penalised by `alpha`? Before 0.24 it always is. */
static bool penalises_rows(const nmf *self)
{
    const crn_object *which = self->regularization;
    return crn_object_is_str(which, "both") || crn_object_is_str(which, "transformation") ||
           crn_object_is_str(which, "deprecated");
}

static void penalties(const nmf *self, double *l1, double *l2)
{
    double alpha = self->alpha_W * (double)self->base.n_features_in_;
    if (is_penalised_the_old_way(self)) {
        alpha = 0.0;
        if (penalises_rows(self))
            (void)crn_object_as_double(self->alpha, &alpha);
    }
    *l1 = alpha * self->l1_ratio;
    *l2 = alpha * (1.0 - self->l1_ratio);
}

static int64_t rounds(const nmf *self)
{
    int64_t given;
    return self->transform_max_iter != NULL &&
                   crn_object_as_int(self->transform_max_iter, &given)
               ? given
               : self->max_iter;
}

/* ---- check ---- */

static crn_status check_mini_batch(void *self, crn_error *err)
{
    nmf *model = self;
    double beta;
    CRN_TRY(crn_fitted_matrix(&model->components_, "components_", -1, -1, err));
    if (model->components_.shape[0] < 1)
        return crn_fail(err, CRN_FORMAT, "components_ has no rows");
    CRN_TRY(crn_fitted_features(&model->base, "components_", model->components_.shape[1], err));
    if (!find_beta(model->beta_loss, &beta))
        return crn_fail(err, CRN_UNSUPPORTED, "beta_loss is neither a number nor a known name");
    return crn_fitted_rounds("max_iter", rounds(model), err);
}

static crn_status check_nmf(void *self, crn_error *err)
{
    const nmf *model = self;
    const char *solver = model->solver;
    double beta;
    CRN_TRY(check_mini_batch(self, err));
    if (solver == NULL || (strcmp(solver, "cd") != 0 && strcmp(solver, "mu") != 0))
        return crn_fail(err, CRN_UNSUPPORTED, "solver='%s' is not supported",
                        solver != NULL ? solver : "None");
    if (strcmp(solver, "cd") == 0 && find_beta(model->beta_loss, &beta) && beta != 2.0)
        return crn_fail(err, CRN_FORMAT,
                        "Invalid beta_loss parameter: solver 'cd' does not handle beta_loss = "
                        "%g",
                        beta);
    return CRN_OK;
}

/* ---- lower ---- */

static crn_value inverse(const nmf *self, crn_graph *graph, crn_value x)
{
    return crn_affine(graph, x, crn_constant_float64(graph, &self->components_), false,
                      CRN_NO_VALUE);
}

static crn_value by_updates(const nmf *self, crn_graph *graph, crn_value x, bool mini_batch)
{
    const char *version = self->base.sklearn_version;
    crn_nmf_update_attributes attributes = {
        .tol = self->tol,
        .max_iter = rounds(self),
        .mini_batch = mini_batch,
        .floors_zeros = version != NULL && crn_version_compare(version, "1.3") < 0};
    (void)find_beta(self->beta_loss, &attributes.beta);
    penalties(self, &attributes.l1, &attributes.l2);
    return crn_nmf_update(graph, x, crn_constant_float64(graph, &self->components_),
                          &attributes);
}

static crn_value by_descent(const nmf *self, crn_graph *graph, crn_value x)
{
    crn_nmf_descent_attributes attributes = {
        .tol = self->tol, .max_iter = self->max_iter, .shuffle = self->shuffle};
    penalties(self, &attributes.l1, &attributes.l2);
    if (self->shuffle && crn_stored_random_state(self->random_state, &attributes.random,
                                                 &graph->error) != CRN_OK)
        return CRN_NO_VALUE;
    return crn_nmf_descent(graph, x, crn_constant_float64(graph, &self->components_),
                           &attributes);
}

static crn_value lower_nmf(const void *self, crn_method method, crn_graph *graph, crn_value x)
{
    const nmf *model = self;
    if (method == CRN_INVERSE_TRANSFORM)
        return inverse(model, graph, x);
    x = crn_require_non_negative(graph, x, "NMF");
    return strcmp(model->solver, "cd") == 0 ? by_descent(model, graph, x)
                                            : by_updates(model, graph, x, false);
}

static crn_value lower_mini_batch(const void *self, crn_method method, crn_graph *graph,
                                  crn_value x)
{
    return method == CRN_INVERSE_TRANSFORM ? inverse(self, graph, x)
                                           : by_updates(self, graph, x, true);
}

static int64_t input_width(const void *self, crn_method method)
{
    const nmf *model = self;
    return method == CRN_INVERSE_TRANSFORM ? model->components_.shape[0]
                                           : model->base.n_features_in_;
}

/* ---- write ---- */

/* Versions before 1.0 know `alpha` alone, which is a number there and not multiplied; 0.22 has
 * it penalise both factors. */
static crn_status write_old_penalties(const nmf *self, crn_document *document,
                                      crn_object *state, const char *sklearn, crn_error *err)
{
    crn_object *both = crn_object_str(document, "both");
    const bool has_alpha = is_penalised_the_old_way(self);
    double l1, l2;
    penalties(self, &l1, &l2);
    if (has_alpha && !penalises_rows(self) && crn_version_compare(sklearn, "0.24") < 0)
        return crn_fail(err, CRN_UNSUPPORTED,
                        "scikit-learn %s has no parameter regularization of NMF, which came "
                        "with 0.24",
                        sklearn);
    if (!has_alpha &&
        !crn_object_set(document, state, "alpha", crn_object_float(document, l1 + l2)))
        return crn_arena_fail(document->arena, err);
    return crn_spell_instead(document, state, sklearn, "regularization", "deprecated", NULL,
                             NULL, both, err);
}

/* alpha and regularization as alpha_W, which is multiplied by the number of features. What
 * penalises the components matters to fit alone. */
static crn_status write_penalties(const nmf *self, crn_document *document, crn_object *state,
                                  const char *sklearn, crn_error *err)
{
    if (crn_version_compare(sklearn, "1.0") < 0)
        return write_old_penalties(self, document, state, sklearn, err);
    double l1 = 0.0, l2 = 0.0;
    penalties(self, &l1, &l2);
    crn_object *unused = crn_object_str(document, "deprecated");
    bool done = crn_object_set(document, state, "alpha", unused) &&
                crn_object_set(document, state, "regularization", unused);
    if (done && is_penalised_the_old_way(self)) {
        const double alpha = (l1 + l2) / (double)self->base.n_features_in_;
        done = crn_object_set(document, state, "alpha_W", crn_object_float(document, alpha));
    }
    return done ? CRN_OK : crn_arena_fail(document->arena, err);
}

/* n_components: 'auto' since 1.6, 'warn' in 1.4 and 1.5; init: 'warn' in 0.24 and 1.0. */
static crn_status write_mini_batch(const void *self, crn_document *document, crn_object *state,
                                   const char *sklearn, crn_error *err)
{
    const nmf *model = self;
    crn_object *count =
        crn_object_int(document, model->base.fitted ? model->components_.shape[0] : INT64_C(2));
    CRN_TRY(crn_spell_instead(document, state, sklearn, "n_components", "auto", NULL, "1.6",
                              count, err));
    CRN_TRY(crn_spell_instead(document, state, sklearn, "n_components", "warn", NULL, NULL,
                              count, err));
    return crn_spell_instead(document, state, sklearn, "init", "warn", NULL, NULL,
                             crn_object_none(document), err);
}

static crn_status write_nmf(const void *self, crn_document *document, crn_object *state,
                            const char *sklearn, crn_error *err)
{
    CRN_TRY(write_mini_batch(self, document, state, sklearn, err));
    return write_penalties(self, document, state, sklearn, err);
}

const crn_estimator crn_estimator_NMF = {
    .name = "NMF",
    .module = "sklearn.decomposition",
    .modules = "sklearn.decomposition._nmf sklearn.decomposition.nmf",
    .size = sizeof(nmf),
    .fields = nmf_fields,
    .methods = 1u << CRN_TRANSFORM | 1u << CRN_INVERSE_TRANSFORM,
    .lower = lower_nmf,
    .check = check_nmf,
    .input_width = input_width,
    .write = write_nmf,
};

const crn_estimator crn_estimator_MiniBatchNMF = {
    .name = "MiniBatchNMF",
    .module = "sklearn.decomposition",
    .modules = "sklearn.decomposition._nmf",
    .size = sizeof(nmf),
    .fields = mini_batch_fields,
    .methods = 1u << CRN_TRANSFORM | 1u << CRN_INVERSE_TRANSFORM,
    .lower = lower_mini_batch,
    .check = check_mini_batch,
    .input_width = input_width,
    .write = write_mini_batch,
};
