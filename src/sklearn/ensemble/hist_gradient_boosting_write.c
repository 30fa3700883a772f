/* SPDX-License-Identifier: BSD-3-Clause */
/* What histogram gradient boosting keeps under other names, or as other objects, in other
 * versions: losses (sklearn/ensemble/_hist_gradient_boosting/loss.py until 1.0,
 * sklearn/_loss/loss.py since), the shape of the baseline (outputs by rows until 1.0), the
 * preprocessor (1.4). */
#include <string.h>

#include "sklearn/ensemble/hist_gradient_boosting.h"

/* One loss in all its names. */
typedef struct loss_names {
    const char *now, *before_1_0; /* the parameter; in 1.0 as now, but for log_loss */
    const char *cls, *old_class;
    const char *since;
} loss_names;

static const loss_names losses[] = {
    {"squared_error", "least_squares", "HalfSquaredError", "LeastSquares", "0.21"},
    {"absolute_error", "least_absolute_deviation", "AbsoluteError", "LeastAbsoluteDeviation",
     "0.22"},
    {"poisson", "poisson", "HalfPoissonLoss", "Poisson", "0.23"},
    {"gamma", NULL, "HalfGammaLoss", NULL, "1.3"},
    {"quantile", NULL, "PinballLoss", NULL, "1.1"},
    {"log_loss", "auto", "HalfBinomialLoss", "BinaryCrossEntropy", "0.21"},
};

static const loss_names *names_of(const crn_hist_gradient_boosting *self)
{
    for (size_t i = 0; i < sizeof losses / sizeof *losses; i++) {
        if (strcmp(crn_hist_loss(self), losses[i].now) == 0)
            return &losses[i];
    }
    return NULL;
}

static bool is_multiclass(const crn_hist_gradient_boosting *self)
{
    return self->n_trees_per_iteration_ > 1;
}

/* sklearn._loss.loss.X(sample_weight, ...), which every version from 1.1 on makes by itself. */
static crn_object *new_loss(const crn_hist_gradient_boosting *self, const loss_names *names,
                            crn_document *document)
{
    const char *name = is_multiclass(self) ? "HalfMultinomialLoss" : names->cls;
    crn_object *cls = crn_object_global(document, "sklearn._loss.loss", name);
    crn_object *loss = cls != NULL ? crn_object_instance(document, CRN_BY_REDUCE, cls) : NULL;
    crn_object *args = crn_object_new(document, CRN_OBJ_TUPLE);
    double quantile;
    bool ok = loss != NULL && crn_object_append(document, args, crn_object_none(document));
    if (is_multiclass(self))
        ok = ok && crn_object_append(document, args,
                                     crn_object_int(document, self->n_trees_per_iteration_));
    else if (strcmp(names->now, "quantile") == 0 &&
             crn_object_as_double(self->quantile, &quantile))
        ok = ok && crn_object_append(document, args, crn_object_float(document, quantile));
    if (!ok)
        return NULL;
    loss->as.instance->args = args;
    return loss;
}

static crn_object *old_loss(const crn_hist_gradient_boosting *self, const loss_names *names,
                            crn_document *document)
{
    const char *name = is_multiclass(self) ? "CategoricalCrossEntropy" : names->old_class;
    const bool constant = strncmp(name, "Least", 5) == 0;
    crn_object *cls =
        crn_object_global(document, "sklearn.ensemble._hist_gradient_boosting.loss", name);
    crn_object *loss = cls != NULL ? crn_object_instance(document, CRN_BY_NEWOBJ, cls) : NULL;
    crn_object *state = crn_object_new(document, CRN_OBJ_DICT);
    if (loss == NULL ||
        !crn_object_set(document, state, "hessians_are_constant",
                        crn_object_bool(document, constant)) ||
        !crn_object_set(document, state, "n_threads", crn_object_int(document, 1)))
        return NULL;
    loss->as.instance->state = state;
    return loss;
}

static bool write_loss(const crn_hist_gradient_boosting *self, const loss_names *names,
                       crn_document *document, crn_object *state, const char *sklearn)
{
    const bool before_1_1 = crn_version_compare(sklearn, "1.1") < 0;
    const bool before_1_0 = crn_version_compare(sklearn, "1.0") < 0;
    const bool log_loss = strcmp(names->now, "log_loss") == 0;
    const char *name = before_1_0 || (before_1_1 && log_loss) ? names->before_1_0 : names->now;
    const char *attribute = crn_version_compare(sklearn, "0.24") < 0 ? "loss_" : "_loss";
    if (!crn_object_set(document, state, "loss", crn_object_str(document, name)))
        return false;
    return !self->base.fitted || crn_object_set(document, state, attribute,
                                                before_1_1 ? old_loss(self, names, document)
                                                           : new_loss(self, names, document));
}

static bool write_baseline(const crn_hist_gradient_boosting *self, crn_document *document,
                           crn_object *state, const char *sklearn, crn_error *err)
{
    const bool by_outputs = crn_version_compare(sklearn, "1.1") < 0;
    const int64_t columns = self->n_trees_per_iteration_;
    crn_array numbers = CRN_ARRAY_INIT;
    if (crn_array_astype(&self->baseline, CRN_FLOAT64, &numbers, err) != CRN_OK)
        return false;
    crn_array_set_shape(&numbers, 2,
                        by_outputs ? (int64_t[]){columns, 1} : (int64_t[]){1, columns});
    const bool ok = crn_object_set(document, state, "_baseline_prediction",
                                   crn_object_array(document, &numbers));
    crn_array_free(&numbers);
    return ok;
}

/* _predictors: a list of lists; NULL with an error. */
static crn_object *write_predictors(const crn_hist_gradient_boosting *self,
                                    crn_document *document, const char *sklearn, crn_error *err)
{
    crn_object *all = crn_object_new(document, CRN_OBJ_LIST);
    for (int64_t t = 0; t < self->count;) {
        crn_object *round = crn_object_new(document, CRN_OBJ_LIST);
        const crn_object *from =
            crn_object_item(self->predictors, (size_t)(t / self->n_trees_per_iteration_));
        for (int64_t k = 0; k < self->n_trees_per_iteration_; k++, t++) {
            crn_object *one =
                crn_hist_tree_write(crn_object_item(from, (size_t)k), document, sklearn, err);
            if (one == NULL)
                return NULL;
            if (!crn_object_append(document, round, one)) {
                crn_arena_fail(document->arena, err);
                return NULL;
            }
        }
        if (!crn_object_append(document, all, round)) {
            crn_arena_fail(document->arena, err);
            return NULL;
        }
    }
    return all;
}

/* check_array's force_all_finite became ensure_all_finite in 1.6: the step that checks numbers
 * holds partial(check_array, ...), whose state is (function, arguments, keywords,
 * attributes). */
static bool rename_keyword(const crn_object *step, crn_document *document, const char *sklearn)
{
    enum { KEYWORDS = 2 };
    const bool before = crn_version_compare(sklearn, "1.6") < 0;
    const char *from = before ? "ensure_all_finite" : "force_all_finite";
    const crn_object *estimator = crn_object_item(step, 1);
    const crn_object *func = crn_object_is(estimator, CRN_OBJ_INSTANCE)
                                 ? crn_object_get(estimator->as.instance->state, "func")
                                 : NULL;
    const crn_object *keywords = crn_object_is(func, CRN_OBJ_INSTANCE)
                                     ? crn_object_item(func->as.instance->state, KEYWORDS)
                                     : NULL;
    for (size_t i = 0; crn_object_is(keywords, CRN_OBJ_DICT) && i < keywords->as.items.count;
         i += 2) {
        if (!crn_object_is_str(keywords->as.items.at[i], from))
            continue;
        crn_object *name =
            crn_object_str(document, before ? "force_all_finite" : "ensure_all_finite");
        if (name == NULL)
            return false;
        keywords->as.items.at[i] = name;
    }
    return true;
}

static bool write_preprocessor(crn_document *document, const crn_object *state,
                               const char *sklearn)
{
    static const char *const lists[] = {"transformers", "transformers_"};
    const crn_object *preprocessor = crn_object_get(state, "_preprocessor");
    if (!crn_object_is(preprocessor, CRN_OBJ_INSTANCE))
        return true;
    for (size_t l = 0; l < sizeof lists / sizeof *lists; l++) {
        const crn_object *steps = crn_object_get(preprocessor->as.instance->state, lists[l]);
        for (size_t i = 0; i < crn_object_length(steps); i++) {
            if (!rename_keyword(crn_object_item(steps, i), document, sklearn))
                return false;
        }
    }
    return true;
}

static crn_status write_fitted(const crn_hist_gradient_boosting *self, crn_document *document,
                               crn_object *state, const char *sklearn, crn_error *err)
{
    if (self->encoder != NULL && crn_version_compare(sklearn, "1.4") < 0)
        return crn_fail(err, CRN_UNSUPPORTED,
                        "scikit-learn %s does not encode categories, which came with 1.4",
                        sklearn);
    if (self->sets.data != NULL && crn_version_compare(sklearn, "0.24") < 0)
        return crn_fail(err, CRN_UNSUPPORTED,
                        "scikit-learn %s has no categories in trees, which came with 0.24",
                        sklearn);
    crn_object *predictors = write_predictors(self, document, sklearn, err);
    if (predictors == NULL)
        return crn_where(err, "_predictors");
    bool ok =
        crn_object_set(document, state, "_predictors", predictors) &&
        crn_object_set(document, state, "_n_features", crn_object_int(document, self->width)) &&
        write_baseline(self, document, state, sklearn, err);
    ok = ok && write_preprocessor(document, state, sklearn);
    /* Only warm starts draw from it, and a generator is pickled in NumPy's own ways. */
    if (crn_object_get(state, "_feature_subsample_rng") != NULL)
        ok = ok && crn_object_set(document, state, "_feature_subsample_rng",
                                  crn_object_none(document));
    if (crn_version_compare(sklearn, "1.4") >= 0 &&
        crn_object_get(state, "_preprocessor") == NULL)
        ok = ok &&
             crn_object_set(document, state, "_preprocessor", crn_object_none(document)) &&
             crn_object_set(document, state, "_is_categorical_remapped",
                            crn_object_none(document));
    return ok ? CRN_OK : crn_arena_fail(document->arena, err);
}

crn_status crn_hist_gradient_boosting_write(const void *self, crn_document *document,
                                            crn_object *state, const char *sklearn,
                                            crn_error *err)
{
    const crn_hist_gradient_boosting *model = self;
    const loss_names *names = names_of(model);
    if (names != NULL && crn_version_compare(sklearn, names->since) < 0)
        return crn_fail(err, CRN_UNSUPPORTED,
                        "scikit-learn %s has no loss='%s', which came with %s", sklearn,
                        names->now, names->since);
    if (names != NULL && !write_loss(model, names, document, state, sklearn))
        return crn_arena_fail(document->arena, err);
    return model->base.fitted ? write_fitted(model, document, state, sklearn, err) : CRN_OK;
}
