/* SPDX-License-Identifier: BSD-3-Clause */
/* PoissonRegressor, GammaRegressor and TweedieRegressor, as sklearn/linear_model/_glm/glm.py
 * (1.9), and files back to 0.23: a linear model behind the inverse of a link. */
#include <math.h>
#include <string.h>

#include "ops/elementwise.h"
#include "sklearn/linear_model/linear_model.h"

typedef struct glm {
    crn_linear_model linear;
    const crn_object *alpha, *fit_intercept, *solver, *max_iter, *tol, *warm_start, *verbose;
    double power;     /* TweedieRegressor */
    const char *link; /* TweedieRegressor: "auto", "identity", "log" */
    /* what fit chose: written anew, since classes and representations changed at 1.1 and later
     */
    const crn_object *_base_loss, *_link_instance, *_family_instance;
} glm;

#define CHOSEN(member)                                                                         \
    {                                                                                          \
        .name = #member, .type = CRN_FIELD_OBJECT, .dflt = "None",                             \
        .flags = CRN_FIELD_FITTED | CRN_FIELD_OPTIONAL | CRN_FIELD_UNWRITTEN,                  \
        .offset = offsetof(glm, member)                                                        \
    }

#define GLM_FIELDS                                                                             \
    CRN_LINEAR_MODEL_FIELDS, CHOSEN(_base_loss), CHOSEN(_link_instance),                       \
        CHOSEN(_family_instance), CRN_FIELDS_END

static const crn_field poisson_regressor[] = {
    CRN_PARAM(glm, alpha, OBJECT, "1.0", "real >= 0.0"),
    CRN_PARAM(glm, fit_intercept, OBJECT, "True", "bool"),
    CRN_PARAM_SINCE(glm, solver, OBJECT, "'lbfgs'", "'lbfgs' | 'newton-cholesky'", "1.2", NULL),
    CRN_PARAM(glm, max_iter, OBJECT, "100", "int >= 1"),
    CRN_PARAM(glm, tol, OBJECT, "0.0001", "real > 0.0"),
    CRN_PARAM(glm, warm_start, OBJECT, "False", "bool"),
    CRN_PARAM(glm, verbose, OBJECT, "0", "verbose"),
    GLM_FIELDS,
};

static const crn_field gamma_regressor[] = {
    CRN_PARAM(glm, alpha, OBJECT, "1.0", "real >= 0.0"),
    CRN_PARAM(glm, fit_intercept, OBJECT, "True", "bool"),
    CRN_PARAM_SINCE(glm, solver, OBJECT, "'lbfgs'", "'lbfgs' | 'newton-cholesky'", "1.2", NULL),
    CRN_PARAM(glm, max_iter, OBJECT, "100", "int >= 1"),
    CRN_PARAM(glm, tol, OBJECT, "0.0001", "real > 0.0"),
    CRN_PARAM(glm, warm_start, OBJECT, "False", "bool"),
    CRN_PARAM(glm, verbose, OBJECT, "0", "verbose"),
    GLM_FIELDS,
};

static const crn_field tweedie_regressor[] = {
    CRN_PARAM(glm, power, REAL, "0.0", "real (-inf, inf)"),
    CRN_PARAM(glm, alpha, OBJECT, "1.0", "real >= 0.0"),
    CRN_PARAM(glm, fit_intercept, OBJECT, "True", "bool"),
    CRN_PARAM(glm, link, STRING, "'auto'", "'auto' | 'identity' | 'log'"),
    CRN_PARAM_SINCE(glm, solver, OBJECT, "'lbfgs'", "'lbfgs' | 'newton-cholesky'", "1.2", NULL),
    CRN_PARAM(glm, max_iter, OBJECT, "100", "int >= 1"),
    CRN_PARAM(glm, tol, OBJECT, "0.0001", "real > 0.0"),
    CRN_PARAM(glm, warm_start, OBJECT, "False", "bool"),
    CRN_PARAM(glm, verbose, OBJECT, "0", "verbose"),
    GLM_FIELDS,
};

static bool is_tweedie(const glm *self)
{
    return self->linear.base.type == &crn_estimator_TweedieRegressor;
}

static bool has_log_link(const glm *self)
{
    if (!is_tweedie(self))
        return true;
    if (self->link == NULL || strcmp(self->link, "auto") == 0)
        return self->power > 0.0;
    return strcmp(self->link, "log") == 0;
}

static crn_status check(void *self, crn_error *err)
{
    const glm *model = self;
    if (is_tweedie(model) && model->link != NULL && strcmp(model->link, "auto") != 0 &&
        strcmp(model->link, "log") != 0 && strcmp(model->link, "identity") != 0)
        return crn_fail(err, CRN_UNSUPPORTED, "link='%s' is not supported", model->link);
    return crn_linear_model_check(self, err);
}

static crn_value lower(const void *self, crn_method method, crn_graph *graph, crn_value x)
{
    crn_value score = crn_linear_model_lower(self, method, graph, x);
    return has_log_link(self) ? crn_unary(graph, score, CRN_UNARY_EXP) : score;
}

/* ---- what other versions keep of the loss ---- */

/* The power of the variance: 1 for Poisson, 2 for Gamma. */
static double power_of(const glm *self)
{
    if (is_tweedie(self))
        return self->power;
    return self->linear.base.type == &crn_estimator_PoissonRegressor ? 1.0 : 2.0;
}

/* An instance by __new__, with that state; NULL without memory. */
static crn_object *instance(crn_document *document, const char *module, const char *name,
                            crn_object *state)
{
    crn_object *cls = crn_object_global(document, module, name);
    crn_object *object = cls != NULL ? crn_object_instance(document, CRN_BY_NEWOBJ, cls) : NULL;
    if (object != NULL)
        object->as.instance->state = state;
    return object;
}

/* Class(argument), or Class() without one. */
static crn_object *call(crn_document *document, const char *module, const char *name,
                        crn_object *argument)
{
    crn_object *cls = crn_object_global(document, module, name);
    crn_object *object = cls != NULL ? crn_object_instance(document, CRN_BY_REDUCE, cls) : NULL;
    if (object == NULL ||
        (argument != NULL && !crn_object_append(document, object->as.instance->args, argument)))
        return NULL;
    return object;
}

/* sklearn._loss.link.Interval from low to infinity. */
static crn_object *interval(crn_document *document, double low, bool low_inclusive)
{
    crn_object *state = crn_object_new(document, CRN_OBJ_DICT);
    const bool ok =
        crn_object_set(document, state, "low", crn_object_float(document, low)) &&
        crn_object_set(document, state, "high", crn_object_float(document, INFINITY)) &&
        crn_object_set(document, state, "low_inclusive",
                       crn_object_bool(document, low_inclusive)) &&
        crn_object_set(document, state, "high_inclusive", crn_object_bool(document, false));
    return ok ? instance(document, "sklearn._loss.link", "Interval", state) : NULL;
}

/* Where y may lie: all numbers for power <= 0, from 0 on for powers below 2, above 0 else. */
static crn_object *interval_y_true(const glm *self, crn_document *document)
{
    const double power = power_of(self);
    return interval(document, power <= 0.0 ? (double)-INFINITY : 0.0,
                    power > 0.0 && power < 2.0);
}

static crn_object *interval_y_pred(const glm *self, crn_document *document)
{
    const bool all = !has_log_link(self) && power_of(self) == 0.0;
    return interval(document, all ? (double)-INFINITY : 0.0, false);
}

/* "HalfPoissonLoss" and the compiled "CyHalfPoissonLoss"; `compiled` is 0 or strlen("Cy"). */
static const char *loss_name(const glm *self)
{
    if (!is_tweedie(self))
        return self->linear.base.type == &crn_estimator_PoissonRegressor ? "CyHalfPoissonLoss"
                                                                         : "CyHalfGammaLoss";
    return has_log_link(self) ? "CyHalfTweedieLoss" : "CyHalfTweedieLossIdentity";
}

/* sklearn._loss.loss.BaseLoss, of versions since 1.1. */
static crn_object *base_loss(const glm *self, crn_document *document)
{
    const char *compiled = loss_name(self);
    crn_object *power = is_tweedie(self) ? crn_object_float(document, self->power) : NULL;
    crn_object *closs = call(document, "sklearn._loss._loss", compiled, power);
    crn_object *link = instance(document, "sklearn._loss.link",
                                has_log_link(self) ? "LogLink" : "IdentityLink", NULL);
    crn_object *state = crn_object_new(document, CRN_OBJ_DICT);
    const bool ok =
        crn_object_set(document, state, "closs", closs) &&
        crn_object_set(document, state, "link", link) &&
        crn_object_set(document, state, "n_classes", crn_object_none(document)) &&
        crn_object_set(document, state, "xp", crn_object_none(document)) &&
        crn_object_set(document, state, "device", crn_object_none(document)) &&
        crn_object_set(document, state, "approx_hessian", crn_object_bool(document, false)) &&
        crn_object_set(document, state, "constant_hessian", crn_object_bool(document, false)) &&
        crn_object_set(document, state, "interval_y_true", interval_y_true(self, document)) &&
        crn_object_set(document, state, "interval_y_pred", interval_y_pred(self, document));
    return ok ? instance(document, "sklearn._loss.loss", compiled + strlen("Cy"), state) : NULL;
}

/* sklearn._loss.glm_distribution.TweedieDistribution, of versions before 1.1. */
static crn_object *family(const glm *self, crn_document *document)
{
    const double power = power_of(self);
    crn_object *bound =
        call(document, "sklearn._loss.glm_distribution", "DistributionBoundary",
             crn_object_float(document, power <= 0.0 ? (double)-INFINITY : 0.0));
    crn_object *state = crn_object_new(document, CRN_OBJ_DICT);
    const bool ok =
        bound != NULL &&
        crn_object_append(document, bound->as.instance->args,
                          crn_object_bool(document, power > 0.0 && power < 2.0)) &&
        crn_object_set(document, state, "_lower_bound", bound) &&
        crn_object_set(document, state, "_power", crn_object_float(document, power));
    return ok ? instance(document, "sklearn._loss.glm_distribution", "TweedieDistribution",
                         state)
              : NULL;
}

static bool write_chosen(const glm *self, crn_document *document, crn_object *state,
                         const char *sklearn)
{
    if (crn_version_compare(sklearn, "1.1") >= 0)
        return crn_object_set(document, state, "_base_loss", base_loss(self, document));
    crn_object *link = instance(document, "sklearn.linear_model._glm.link",
                                has_log_link(self) ? "LogLink" : "IdentityLink", NULL);
    return crn_object_set(document, state, "_link_instance", link) &&
           crn_object_set(document, state, "_family_instance", family(self, document));
}

static crn_status write(const void *self, crn_document *document, crn_object *state,
                        const char *sklearn, crn_error *err)
{
    const glm *model = self;
    if (model->linear.base.fitted && !write_chosen(model, document, state, sklearn))
        return crn_arena_fail(document->arena, err);
    return CRN_OK;
}

#define GLM                                                                                    \
    .module = "sklearn.linear_model", .modules = "sklearn.linear_model._glm.glm",              \
    .size = sizeof(glm), .methods = 1u << CRN_PREDICT,                                         \
    .flags = CRN_NEEDS_Y | CRN_TAKES_WEIGHT, .lower = lower, .check = check, .write = write

const crn_estimator crn_estimator_PoissonRegressor = {
    .name = "PoissonRegressor",
    .fields = poisson_regressor,
    GLM,
};

const crn_estimator crn_estimator_GammaRegressor = {
    .name = "GammaRegressor",
    .fields = gamma_regressor,
    GLM,
};

const crn_estimator crn_estimator_TweedieRegressor = {
    .name = "TweedieRegressor",
    .fields = tweedie_regressor,
    GLM,
};
