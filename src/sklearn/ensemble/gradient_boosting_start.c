/* SPDX-License-Identifier: BSD-3-Clause */
/* init_ of gradient boosting, and what its answers are as raw predictions:
 * _init_raw_predictions of sklearn/ensemble/_gb.py (1.9), get_init_raw_predictions of
 * _gb_losses.py (0.21 to 1.3), and the estimators of gradient_boosting.py (0.20). */
#include <math.h>
#include <string.h>

#include "format/pickle.h"
#include "ops/elementwise.h"
#include "ops/rows.h"
#include "sklearn/ensemble/gradient_boosting.h"

static bool is_before(const crn_gradient_boosting *self, const char *version)
{
    const char *mine = self->base.sklearn_version;
    return mine != NULL && crn_version_compare(mine, version) < 0;
}

/* Probabilities keep this far away from 0 and 1. */
static double epsilon(const crn_gradient_boosting *self)
{
    return is_before(self, "1.8") ? 1.1920928955078125e-07 : 2.220446049250313e-16;
}

/* ---- numbers that are the same for all rows ---- */

/* The link of one row of probabilities, in place: of the positive class, or of all. */
static void link_of(const crn_gradient_boosting *self, double *p, int64_t n)
{
    const crn_boosting_loss loss = crn_gradient_boosting_loss(self);
    const double eps = epsilon(self);
    double mean = 0.0;
    for (int64_t j = 0; j < n; j++)
        p[j] = fmin(fmax(p[j], eps), 1.0 - eps);
    if (loss != CRN_LOSS_MULTINOMIAL) {
        p[0] = log(p[0] / (1.0 - p[0])) * (loss == CRN_LOSS_EXPONENTIAL ? 0.5 : 1.0);
        return;
    }
    for (int64_t j = 0; j < n; j++) {
        p[j] = log(p[j]);
        mean += p[j] / (double)n;
    }
    for (int64_t j = 0; j < n && !is_before(self, "1.4"); j++)
        p[j] -= mean;
}

/* The numbers of an attribute as float64; fails when there are not `count`. */
static crn_status read_numbers(const crn_object *init, const char *name, int64_t count,
                               crn_array *out, crn_error *err)
{
    const crn_object *value = crn_object_get(init->as.instance->state, name);
    crn_array given = CRN_ARRAY_INIT;
    CRN_TRY(crn_object_to_array(value, &given, err));
    crn_status status = crn_array_astype(&given, CRN_FLOAT64, out, err);
    crn_array_free(&given);
    if (status == CRN_OK && crn_array_size(out) != count) {
        crn_array_free(out);
        status =
            crn_fail(err, CRN_FORMAT, "init_.%s has not %lld numbers", name, (long long)count);
    }
    return status;
}

/* class_prior_ of a DummyClassifier as raw predictions. */
static crn_status read_prior(crn_gradient_boosting *self, crn_error *err)
{
    const int64_t columns = crn_gradient_boosting_columns(self),
                  classes = self->classes_.shape[0];
    crn_array prior = CRN_ARRAY_INIT;
    CRN_TRY(read_numbers(self->init_, "class_prior_", classes, &prior, err));
    crn_status status =
        crn_array_create(CRN_FLOAT64, 0, 1, &columns, &self->start.numbers, err);
    if (status == CRN_OK) {
        double *numbers = self->start.numbers.data;
        const double *from = (const double *)prior.data + (columns == 1 ? classes - 1 : 0);
        memcpy(numbers, from, (size_t)columns * sizeof *numbers);
        link_of(self, numbers, columns);
    }
    crn_array_free(&prior);
    return status;
}

/* The attribute of an estimator that answers every row with it; NULL for others. Those of 0.20
 * answer with raw predictions. */
static const char *answer_of(const crn_object *init)
{
    static const struct {
        const char *name, *attribute;
    } constants[] = {
        {"DummyRegressor", "constant_"},     {"MeanEstimator", "mean"},
        {"QuantileEstimator", "quantile"},   {"LogOddsEstimator", "prior"},
        {"ScaledLogOddsEstimator", "prior"}, {"PriorProbabilityEstimator", "priors"}};
    const crn_object *cls = crn_object_class(init);
    const char *name = cls != NULL ? crn_object_text(cls->as.global.name) : NULL;
    for (size_t i = 0; name != NULL && i < sizeof constants / sizeof *constants; i++) {
        if (strcmp(name, constants[i].name) == 0)
            return constants[i].attribute;
    }
    return NULL;
}

static bool is_instance_of(const crn_object *object, const char *name)
{
    const crn_object *cls =
        crn_object_is(object, CRN_OBJ_INSTANCE) ? crn_object_class(object) : NULL;
    return cls != NULL && crn_object_is_str(cls->as.global.name, name);
}

static bool is_prior(const crn_object *init)
{
    return is_instance_of(init, "DummyClassifier") &&
           crn_object_is_str(crn_object_get(init->as.instance->state, "strategy"), "prior");
}

crn_status crn_boosting_start_read(crn_gradient_boosting *self,
                                   const crn_field_context *context, crn_error *err)
{
    const int64_t columns = crn_gradient_boosting_columns(self);
    if (crn_object_is_str(self->init_, "zero") || is_instance_of(self->init_, "ZeroEstimator"))
        return crn_array_create(CRN_FLOAT64, 0, 1, &columns, &self->start.numbers, err);
    if (!crn_object_is(self->init_, CRN_OBJ_INSTANCE))
        return crn_fail(err, CRN_FORMAT, "init_ is %s, not an estimator",
                        crn_object_kind_name(self->init_));
    if (is_prior(self->init_) && self->classes_.data != NULL)
        return read_prior(self, err);
    const char *attribute = answer_of(self->init_);
    if (attribute != NULL) {
        CRN_TRY(read_numbers(self->init_, attribute, columns, &self->start.numbers, err));
        crn_array_set_shape(&self->start.numbers, 1, &columns);
        return CRN_OK;
    }
    return context->read_model(context->context, self->init_, &self->start.model, err);
}

void crn_boosting_start_free(crn_boosting_start *start)
{
    crn_array_free(&start->numbers);
    crn_model_destroy(start->model);
    *start = (crn_boosting_start){0};
}

/* ---- an estimator's answers ---- */

/* The same as link_of for each row of probabilities. */
static crn_value link_rows(const crn_gradient_boosting *self, crn_graph *graph, crn_value p)
{
    const crn_boosting_loss loss = crn_gradient_boosting_loss(self);
    const double eps = epsilon(self), half = 0.5;
    const int64_t positive = 1;
    if (loss != CRN_LOSS_MULTINOMIAL)
        p = crn_columns(graph, p, &positive, 1);
    p = crn_scale_clipped(graph, p, CRN_SCALE_MULTIPLY_ADD, CRN_NO_VALUE, CRN_NO_VALUE, eps,
                          1.0 - eps);
    if (loss != CRN_LOSS_MULTINOMIAL) {
        p = crn_binary(graph, p, crn_unary(graph, p, CRN_UNARY_COMPLEMENT), CRN_BINARY_DIVIDE);
        p = crn_unary(graph, p, CRN_UNARY_LOG);
        if (loss == CRN_LOSS_BINOMIAL)
            return p;
        return crn_binary(graph, p, crn_graph_numbers(graph, CRN_FLOAT64, &half, 1, 0),
                          CRN_BINARY_MULTIPLY);
    }
    p = crn_unary(graph, p, CRN_UNARY_LOG);
    if (is_before(self, "1.4"))
        return p;
    const int64_t one = 1;
    crn_value mean = crn_reshape(graph, crn_reduce(graph, p, CRN_REDUCE_MEAN), 1, &one);
    return crn_binary(graph, p, mean, CRN_BINARY_SUBTRACT);
}

crn_value crn_boosting_start_lower(const crn_gradient_boosting *self, crn_graph *graph,
                                   crn_value x)
{
    const int64_t columns = crn_gradient_boosting_columns(self);
    if (self->start.numbers.data != NULL)
        return crn_graph_constant(graph, &self->start.numbers);
    /* The estimator gets the rows as the trees do. */
    x = crn_cast(graph, crn_cast(graph, x, CRN_FLOAT32), CRN_FLOAT64);
    if (self->classes_.data != NULL && !is_before(self, "0.21"))
        return link_rows(self, graph,
                         crn_sklearn_lower(self->start.model, CRN_PREDICT_PROBA, graph, x));
    x = crn_sklearn_lower(self->start.model, CRN_PREDICT, graph, x);
    return crn_reshape(graph, crn_cast(graph, x, CRN_FLOAT64), 1, &columns);
}
