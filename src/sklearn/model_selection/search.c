/* SPDX-License-Identifier: BSD-3-Clause */
/* GridSearchCV, RandomizedSearchCV, HalvingGridSearchCV and HalvingRandomSearchCV, as
 * sklearn/model_selection/_search.py and _search_successive_halving.py (1.9), and the files of
 * versions back to 0.20. What is searched for and what was found stay data: the best estimator
 * answers. */
#include "sklearn/children.h"

typedef struct search {
    crn_estimator_base base;
    crn_model *estimator;
    const crn_object *param_grid, *param_distributions, *n_candidates;
    int64_t n_iter;
    const crn_object *factor, *resource, *max_resources, *min_resources;
    bool aggressive_elimination;
    const crn_object *scoring, *n_jobs, *refit, *cv, *verbose, *pre_dispatch, *random_state;
    const crn_object *error_score, *return_train_score, *iid;
    crn_model *best_estimator_; /* none with refit=False */
    const crn_object *cv_results_;
} search;

/* clang-format off */
#define SCORING   CRN_PARAM(search, scoring, OBJECT, "None",                                  \
                            "scorer | callable | list | tuple | dict | None")
#define N_JOBS    CRN_PARAM(search, n_jobs, OBJECT, "None", "int | None")
#define REFIT     CRN_PARAM(search, refit, OBJECT, "True", "bool | str | callable")
#define VERBOSE   CRN_PARAM(search, verbose, OBJECT, "0", "verbose")
#define DISPATCH  CRN_PARAM(search, pre_dispatch, OBJECT, "'2*n_jobs'", "int | str")
#define SCORE     CRN_PARAM(search, error_score, OBJECT, "nan", "'raise' | real")
#define IID       CRN_PARAM_SINCE(search, iid, OBJECT, "'deprecated'", NULL, NULL, "0.24")
#define FOUND                                                                                 \
    CRN_FEATURE_NAMES_FIELD,                                                                  \
    CRN_FITTED_OPTIONAL(search, best_estimator_, MODEL),                                      \
    CRN_FITTED(search, cv_results_, OBJECT),                                                  \
    CRN_FIELDS_END
#define HALVING(min_resources_default)                                                        \
    CRN_PARAM(search, factor, OBJECT, "3", "real > 0"),                                       \
    CRN_PARAM(search, resource, OBJECT, "'n_samples'", "str"),                                \
    CRN_PARAM(search, max_resources, OBJECT, "'auto'", "int > 0 | 'auto'"),                  \
    CRN_PARAM(search, min_resources, OBJECT, min_resources_default,                           \
              "int > 0 | 'exhaust' | 'smallest'"),                                           \
    CRN_PARAM(search, aggressive_elimination, BOOL, "False", NULL),                           \
    CRN_PARAM(search, cv, OBJECT, "5", "cv"),                                                 \
    CRN_PARAM(search, scoring, OBJECT, "None", "scorer | callable | None"),                   \
    REFIT,                                                                                    \
    SCORE,                                                                                    \
    CRN_PARAM(search, return_train_score, OBJECT, "True", "bool"),                            \
    CRN_PARAM(search, random_state, OBJECT, "None", "random_state"),                          \
    N_JOBS,                                                                                   \
    VERBOSE

static const crn_field grid_fields[] = {
    CRN_PARAM(search, estimator, MODEL, NULL, "has fit"),
    CRN_PARAM(search, param_grid, OBJECT, NULL, "dict | list"),
    SCORING, N_JOBS, REFIT,
    CRN_PARAM(search, cv, OBJECT, "None", "cv"),
    VERBOSE, DISPATCH, SCORE,
    CRN_PARAM(search, return_train_score, OBJECT, "False", "bool"),
    IID,
    FOUND,
};

static const crn_field randomized_fields[] = {
    CRN_PARAM(search, estimator, MODEL, NULL, "has fit"),
    CRN_PARAM(search, param_distributions, OBJECT, NULL, "dict | list"),
    CRN_PARAM(search, n_iter, INT, "10", "int >= 1"),
    SCORING, N_JOBS, REFIT,
    CRN_PARAM(search, cv, OBJECT, "None", "cv"),
    VERBOSE, DISPATCH,
    CRN_PARAM(search, random_state, OBJECT, "None", "random_state"),
    SCORE,
    CRN_PARAM(search, return_train_score, OBJECT, "False", "bool"),
    IID,
    FOUND,
};

static const crn_field halving_grid_fields[] = {
    CRN_PARAM(search, estimator, MODEL, NULL, "has fit"),
    CRN_PARAM(search, param_grid, OBJECT, NULL, "dict | list"),
    HALVING("'exhaust'"),
    FOUND,
};

static const crn_field halving_random_fields[] = {
    CRN_PARAM(search, estimator, MODEL, NULL, "has fit"),
    CRN_PARAM(search, param_distributions, OBJECT, NULL, "dict | list"),
    CRN_PARAM(search, n_candidates, OBJECT, "'exhaust'", "int > 0 | 'exhaust'"),
    HALVING("'smallest'"),
    FOUND,
};
/* clang-format on */

static const crn_model *best_estimator(const void *self)
{
    return ((const search *)self)->best_estimator_;
}

static crn_status refuse(const void *self, crn_method method, crn_error *err)
{
    const search *found = self;
    if (found->best_estimator_ != NULL)
        return CRN_OK;
    return crn_fail(
        err, CRN_UNSUPPORTED,
        "This %s instance was initialized with `refit=False`. %s is available only "
        "after refitting on the best parameters. You can refit an estimator manually "
        "using the `best_params_` attribute",
        found->base.type->name, crn_method_name(method));
}

enum {
    METHODS = 1u << CRN_PREDICT | 1u << CRN_PREDICT_PROBA | 1u << CRN_PREDICT_LOG_PROBA |
              1u << CRN_DECISION_FUNCTION | 1u << CRN_TRANSFORM | 1u << CRN_INVERSE_TRANSFORM |
              1u << CRN_SCORE_SAMPLES
};

#define SEARCH(class_, module_, fields_)                                                       \
    const crn_estimator crn_estimator_##class_ = {                                             \
        .name = #class_,                                                                       \
        .module = "sklearn.model_selection",                                                   \
        .modules = module_,                                                                    \
        .size = sizeof(search),                                                                \
        .fields = fields_,                                                                     \
        .methods = METHODS,                                                                    \
        .delegate = best_estimator,                                                            \
        .refuse = refuse,                                                                      \
    }

SEARCH(GridSearchCV, "sklearn.model_selection._search", grid_fields);
SEARCH(RandomizedSearchCV, "sklearn.model_selection._search", randomized_fields);
SEARCH(HalvingGridSearchCV, "sklearn.model_selection._search_successive_halving",
       halving_grid_fields);
SEARCH(HalvingRandomSearchCV, "sklearn.model_selection._search_successive_halving",
       halving_random_fields);
