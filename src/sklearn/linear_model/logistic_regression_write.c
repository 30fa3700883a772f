/* SPDX-License-Identifier: BSD-3-Clause */
/* LogisticRegression for other versions. Until 1.7, multi_class says whether predict_proba
 * normalises one-vs-rest sigmoids; from 1.8 on it is gone, and only binary models do. penalty
 * is said by l1_ratio and C from 1.8 on. */
#include <math.h>
#include <string.h>

#include "sklearn/linear_model/logistic_regression.h"

static bool before(const char *sklearn, const char *version)
{
    return crn_version_compare(sklearn, version) < 0;
}

static bool set_str(crn_document *document, crn_object *state, const char *key,
                    const char *value)
{
    return crn_object_set(document, state, key, crn_object_str(document, value));
}

/* ---- multi_class ---- */

static bool is_binary(const logistic_regression *self)
{
    return self->classes_.shape[0] == 2;
}

/* Does "auto" mean what the model does? Until 1.5 it takes newton-cholesky class by class, too.
 */
static bool auto_will_do(const logistic_regression *self, const char *sklearn)
{
    if (!self->base.fitted)
        return true;
    const bool ovr = crn_logistic_regression_is_ovr(self);
    if (is_binary(self))
        return ovr;
    return ovr == (strcmp(self->solver, "liblinear") == 0 ||
                   (before(sklearn, "1.6") && strcmp(self->solver, "newton-cholesky") == 0));
}

/* 1.5 to 1.7 warn of "auto" when they fit; "deprecated" is their default, which means the same
 * and which no other version knows. */
static const char *multi_class_for(const logistic_regression *self, const char *sklearn)
{
    const char *how = self->multi_class;
    const bool is_default = how == NULL || strcmp(how, "deprecated") == 0 ||
                            strcmp(how, "warn") == 0 || strcmp(how, "auto") == 0;
    if (!is_default)
        return how;
    if (auto_will_do(self, sklearn))
        return before(sklearn, "1.5") ? "auto" : "deprecated";
    return crn_logistic_regression_is_ovr(self) ? "ovr" : "multinomial";
}

crn_status crn_logistic_regression_write_multi_class(const logistic_regression *self,
                                                     crn_document *document, crn_object *state,
                                                     const char *sklearn, crn_error *err)
{
    if (before(sklearn, "1.8"))
        return set_str(document, state, "multi_class", multi_class_for(self, sklearn))
                   ? CRN_OK
                   : crn_arena_fail(document->arena, err);
    if (self->base.fitted && crn_logistic_regression_is_ovr(self) != is_binary(self))
        return crn_fail(err, CRN_UNSUPPORTED,
                        "scikit-learn %s has no multi_class=%s for %s classes", sklearn,
                        is_binary(self) ? "'multinomial'" : "'ovr'",
                        is_binary(self) ? "two" : "more than two");
    /* Older versions read it, too, and warn that the versions differ. */
    return set_str(document, state, "multi_class",
                   is_binary(self) || !self->base.fitted ? "auto"
                                                         : multi_class_for(self, "1.0"))
               ? CRN_OK
               : crn_arena_fail(document->arena, err);
}

/* ---- penalty ---- */

/* From l1_ratio and C to a name: 0.0 is "l2", 1.0 is "l1"; C=inf is no penalty. */
static crn_object *penalty_name(const logistic_regression *self, double l1_ratio,
                                crn_document *document, const char *sklearn)
{
    double c = 1.0;
    if (crn_object_as_double(self->C, &c) && isinf(c))
        return before(sklearn, "1.2") ? crn_object_str(document, "none")
                                      : crn_object_none(document);
    return crn_object_str(document, l1_ratio == 0.0   ? "l2"
                                    : l1_ratio == 1.0 ? "l1"
                                                      : "elasticnet");
}

static bool write_old_penalty(const logistic_regression *self, crn_document *document,
                              crn_object *state, const char *sklearn)
{
    double l1_ratio = 0.0;
    const bool none = crn_object_is_none(self->penalty);
    if (none || crn_object_is_str(self->penalty, "none"))
        return crn_object_set(document, state, "penalty",
                              before(sklearn, "1.2") ? crn_object_str(document, "none")
                                                     : crn_object_none(document));
    if (!crn_object_is_str(self->penalty, "deprecated"))
        return true;
    crn_object_as_double(self->l1_ratio, &l1_ratio);
    const bool mixed = l1_ratio != 0.0 && l1_ratio != 1.0;
    return crn_object_set(document, state, "penalty",
                          penalty_name(self, l1_ratio, document, sklearn)) &&
           (mixed || crn_object_set(document, state, "l1_ratio", crn_object_none(document)));
}

static bool write_new_penalty(const logistic_regression *self, crn_document *document,
                              crn_object *state)
{
    const crn_object *penalty = self->penalty;
    if (crn_object_is_str(penalty, "deprecated"))
        return true;
    const bool none = crn_object_is_none(penalty) || crn_object_is_str(penalty, "none");
    const bool mixed = crn_object_is_str(penalty, "elasticnet");
    const double l1_ratio = crn_object_is_str(penalty, "l1") ? 1.0 : 0.0;
    return set_str(document, state, "penalty", "deprecated") &&
           (mixed || crn_object_set(document, state, "l1_ratio",
                                    crn_object_float(document, l1_ratio))) &&
           (!none ||
            crn_object_set(document, state, "C", crn_object_float(document, INFINITY)));
}

crn_status crn_logistic_regression_write(const void *self, crn_document *document,
                                         crn_object *state, const char *sklearn, crn_error *err)
{
    const bool ok = before(sklearn, "1.8") ? write_old_penalty(self, document, state, sklearn)
                                           : write_new_penalty(self, document, state);
    if (!ok)
        return crn_arena_fail(document->arena, err);
    return crn_logistic_regression_write_multi_class(self, document, state, sklearn, err);
}
