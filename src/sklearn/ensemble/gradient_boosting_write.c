/* SPDX-License-Identifier: BSD-3-Clause */
/* What gradient boosting keeps under other names, or as other objects, in other versions:
 * losses of sklearn/ensemble/_gb_losses.py until 1.3, of sklearn/_loss/loss.py (1.9) since. */
#include <math.h>
#include <string.h>

#include "format/pickle.h"

#include "sklearn/ensemble/gradient_boosting.h"
#include "sklearn/versions.h"

/* sklearn._loss.loss.X(sample_weight, ...), which every version from 1.4 on makes by itself. */
static crn_object *new_loss(const crn_gradient_boosting *self, crn_document *document)
{
    static const char *const names[] = {[CRN_LOSS_BINOMIAL] = "HalfBinomialLoss",
                                        [CRN_LOSS_MULTINOMIAL] = "HalfMultinomialLoss",
                                        [CRN_LOSS_EXPONENTIAL] = "ExponentialLoss",
                                        [CRN_LOSS_SQUARED_ERROR] = "HalfSquaredError",
                                        [CRN_LOSS_ABSOLUTE_ERROR] = "AbsoluteError",
                                        [CRN_LOSS_HUBER] = "HuberLoss",
                                        [CRN_LOSS_QUANTILE] = "PinballLoss"};
    const crn_boosting_loss kind = crn_gradient_boosting_loss(self);
    crn_object *cls = crn_object_global(document, "sklearn._loss.loss", names[kind]);
    crn_object *loss = cls != NULL ? crn_object_instance(document, CRN_BY_REDUCE, cls) : NULL;
    crn_object *args = crn_object_new(document, CRN_OBJ_TUPLE);
    bool ok = loss != NULL && crn_object_append(document, args, crn_object_none(document));
    if (kind == CRN_LOSS_MULTINOMIAL)
        ok = ok && crn_object_append(document, args,
                                     crn_object_int(document, self->classes_.shape[0]));
    if (kind == CRN_LOSS_HUBER || kind == CRN_LOSS_QUANTILE)
        ok = ok && crn_object_append(document, args, crn_object_float(document, self->alpha));
    if (!ok)
        return NULL;
    loss->as.instance->args = args;
    return loss;
}

static crn_object *old_loss(const crn_gradient_boosting *self, crn_document *document)
{
    static const char *const names[] = {[CRN_LOSS_BINOMIAL] = "BinomialDeviance",
                                        [CRN_LOSS_MULTINOMIAL] = "MultinomialDeviance",
                                        [CRN_LOSS_EXPONENTIAL] = "ExponentialLoss",
                                        [CRN_LOSS_SQUARED_ERROR] = "LeastSquaresError",
                                        [CRN_LOSS_ABSOLUTE_ERROR] = "LeastAbsoluteError",
                                        [CRN_LOSS_HUBER] = "HuberLossFunction",
                                        [CRN_LOSS_QUANTILE] = "QuantileLossFunction"};
    const crn_boosting_loss kind = crn_gradient_boosting_loss(self);
    crn_object *cls = crn_object_global(document, "sklearn.ensemble._gb_losses", names[kind]);
    crn_object *loss = cls != NULL ? crn_object_instance(document, CRN_BY_NEWOBJ, cls) : NULL;
    crn_object *state = crn_object_new(document, CRN_OBJ_DICT);
    bool ok = loss != NULL &&
              crn_object_set(document, state, "K",
                             crn_object_int(document, crn_gradient_boosting_columns(self)));
    if (kind == CRN_LOSS_HUBER || kind == CRN_LOSS_QUANTILE)
        ok = ok &&
             crn_object_set(document, state, "alpha", crn_object_float(document, self->alpha));
    if (kind == CRN_LOSS_QUANTILE)
        ok = ok && crn_object_set(document, state, "percentile",
                                  crn_object_float(document, self->alpha * 100.0));
    if (kind == CRN_LOSS_HUBER)
        ok = ok && crn_object_set(document, state, "gamma", crn_object_none(document));
    if (!ok)
        return NULL;
    loss->as.instance->state = state;
    return loss;
}

/* The loss's name was another before 1.0 and 1.1. */
static const char *loss_name(const crn_gradient_boosting *self, const char *sklearn)
{
    const bool before_1_0 = crn_version_compare(sklearn, "1.0") < 0;
    const bool before_1_1 = crn_version_compare(sklearn, "1.1") < 0;
    switch (crn_gradient_boosting_loss(self)) {
    case CRN_LOSS_BINOMIAL:
    case CRN_LOSS_MULTINOMIAL:
        return before_1_1 ? "deviance" : "log_loss";
    case CRN_LOSS_SQUARED_ERROR:
        return before_1_0 ? "ls" : "squared_error";
    case CRN_LOSS_ABSOLUTE_ERROR:
        return before_1_0 ? "lad" : "absolute_error";
    default:
        return self->loss;
    }
}

/* "deprecated" is what 1.9 has in the place of the old default. */
static bool write_criterion(const crn_gradient_boosting *self, crn_document *document,
                            crn_object *state, const char *sklearn)
{
    const crn_object *now = self->criterion;
    const char *name = NULL;
    if (crn_object_is_str(now, "deprecated") && crn_version_compare(sklearn, "1.9") < 0)
        name = "friedman_mse";
    else if (crn_object_is_str(now, "friedman_mse") && crn_version_compare(sklearn, "1.9") >= 0)
        name = "deprecated";
    return name == NULL ||
           crn_object_set(document, state, "criterion", crn_object_str(document, name));
}

/* ---- raw predictions ---- */

/* Adds a number to what a written tree says. Its values are a fresh copy. */
static bool shift_tree(const crn_object *estimator, double shift)
{
    const crn_object *tree = crn_object_get(estimator->as.instance->state, "tree_");
    const crn_array *values =
        crn_object_as_array(crn_object_get(tree->as.instance->state, "values"));
    if (values == NULL)
        return false;
    for (int64_t i = 0; i < crn_array_size(values); i++)
        ((double *)values->data)[i] += shift;
    return true;
}

/* The raw predictions of several classes begin with the logarithms of the priors, and from 1.4
 * on with these less their mean: the first trees make up for the difference, so that
 * decision_function stays what it was. */
static bool keep_raw_predictions(const crn_gradient_boosting *self, const crn_object *state,
                                 const char *sklearn)
{
    const char *mine = self->base.sklearn_version;
    const bool was_old = mine != NULL && crn_version_compare(mine, "1.4") < 0;
    const bool is_old = crn_version_compare(sklearn, "1.4") < 0;
    const crn_array *start = &self->start.numbers;
    const bool from_priors = start->data != NULL && !crn_object_is_str(self->init_, "zero");
    if (crn_gradient_boosting_loss(self) != CRN_LOSS_MULTINOMIAL || was_old == is_old ||
        !from_priors || self->learning_rate == 0.0)
        return true;
    const int64_t columns = crn_gradient_boosting_columns(self);
    double mean = 0.0, sum = 0.0;
    int32_t ndim;
    int64_t shape[CRN_MAX_NDIM];
    for (int64_t k = 0; k < columns; k++) {
        const double number = ((const double *)start->data)[k];
        mean += number / (double)columns; /* of old raw predictions */
        sum += exp(number);               /* of new ones */
    }
    /* New ones are log(p) - m with the p adding up to 1. */
    const double shift = was_old ? mean : log(sum);
    const crn_object *elements =
        crn_object_array_elements(crn_object_get(state, "estimators_"), &ndim, shape);
    bool ok = elements != NULL;
    for (int64_t k = 0; ok && k < columns; k++)
        ok = shift_tree(crn_object_item(elements, (size_t)k), shift / self->learning_rate);
    return ok;
}

/* What an estimator answers cannot be made up for as what is the same for all rows. */
static crn_status check_start(const crn_gradient_boosting *self, const char *sklearn,
                              crn_error *err)
{
    const char *mine = self->base.sklearn_version;
    const bool was_old = mine != NULL && crn_version_compare(mine, "1.4") < 0;
    const bool is_old = crn_version_compare(sklearn, "1.4") < 0;
    if (!self->base.fitted || self->start.model == NULL || was_old == is_old ||
        crn_gradient_boosting_loss(self) != CRN_LOSS_MULTINOMIAL)
        return CRN_OK;
    return crn_fail(err, CRN_UNSUPPORTED,
                    "scikit-learn %s gives another decision_function with init=%s of %s than "
                    "%s does",
                    sklearn, self->start.model->type->class_name(self->start.model),
                    self->base.type->name, mine != NULL ? mine : CRN_SKLEARN_NEWEST);
}

static bool write_fitted(const crn_gradient_boosting *self, crn_document *document,
                         crn_object *state, const char *sklearn)
{
    const bool old = crn_version_compare(sklearn, "1.4") < 0;
    const char *name = crn_version_compare(sklearn, "1.1") < 0 ? "loss_" : "_loss";
    const int64_t columns = crn_gradient_boosting_columns(self);
    const int64_t classes = self->classes_.data != NULL ? self->classes_.shape[0] : 1;
    return crn_object_set(document, state, "n_trees_per_iteration_",
                          crn_object_int(document, columns)) &&
           crn_object_set(document, state, "n_classes_", crn_object_int(document, classes)) &&
           crn_object_set(document, state, name,
                          old ? old_loss(self, document) : new_loss(self, document)) &&
           keep_raw_predictions(self, state, sklearn);
}

crn_status crn_gradient_boosting_write(const void *self, crn_document *document,
                                       crn_object *state, const char *sklearn, crn_error *err)
{
    const crn_gradient_boosting *model = self;
    const bool is_classifier = model->base.type == &crn_estimator_GradientBoostingClassifier;
    CRN_TRY(crn_tree_write_params(is_classifier, document, state, sklearn, err));
    CRN_TRY(check_start(model, sklearn, err));
    bool ok = true;
    if (model->loss != NULL && crn_gradient_boosting_columns(model) > 0)
        ok = crn_object_set(document, state, "loss",
                            crn_object_str(document, loss_name(model, sklearn)));
    ok = ok && write_criterion(model, document, state, sklearn);
    if (model->base.fitted)
        ok = ok && write_fitted(model, document, state, sklearn);
    return ok ? CRN_OK : crn_arena_fail(document->arena, err);
}
