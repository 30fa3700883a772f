/* SPDX-License-Identifier: BSD-3-Clause */
/* What an estimator is: a struct, a table of fields, and the few functions that rows cannot
 * say, in one const struct at the foot of its own file, listed in estimators.def. The pattern
 * file is preprocessing/standard_scaler.c. */
#ifndef CRN_SKLEARN_ESTIMATOR_H
#define CRN_SKLEARN_ESTIMATOR_H

#include "model/field.h"
#include "model/model.h"
#include "model/registry.h"

/* Every estimator's struct begins with this. */
typedef struct crn_estimator_base {
    const struct crn_estimator *type;
    bool fitted;
    unsigned answers; /* bits 1 << method of what it can be asked, noted when it is settled */
    const char *sklearn_version; /* _sklearn_version of the file, or of what we write;
                                    document's arena */
    int64_t n_features_in_;      /* -1: not known */
    crn_array
        feature_names_in_; /* CRN_STRING (n_features_in_); no data: fitted without names */
    const char *const
        *feature_names;      /* the same as UTF-8, in the document's arena; NULL: none */
    const crn_object *state; /* the dict that it was read from, which write() for another
                                version starts from; NULL: made here */
} crn_estimator_base;

/* Rows that every estimator has: fit assigns them first, so they stand before its own fitted
 * rows. Where n_features_in_ is a property that asks a child, the names alone are a row. */
/* clang-format off */
#define CRN_FEATURE_NAMES_FIELD                                                               \
    {.name = "feature_names_in_", .type = CRN_FIELD_ARRAY,                                    \
     .flags = CRN_FIELD_FITTED | CRN_FIELD_OPTIONAL, .shape = "n_features_in_",               \
     .offset = offsetof(crn_estimator_base, feature_names_in_), .since = "1.0"}
#define CRN_BASE_FIELDS                                                                       \
    CRN_FEATURE_NAMES_FIELD,                                                                  \
    {.name = "n_features_in_", .type = CRN_FIELD_INT,                                         \
     .flags = CRN_FIELD_FITTED | CRN_FIELD_OPTIONAL, .dflt = "-1",                            \
     .offset = offsetof(crn_estimator_base, n_features_in_), .since = "0.24"}
/* clang-format on */

/* What fit gets: validated as scikit-learn validates (finite, 2-D, at least one row). */
typedef struct crn_fit_data {
    int64_t rows, features;
    const double *x; /* (rows, features) dense; NULL when the estimator works on labels alone */
    crn_array y;     /* as given; no data: none */
    const double *weight;             /* (rows), or NULL: all one */
    const char *const *feature_names; /* [features], or NULL */
    const crn_fit_options *options;   /* never NULL: pool, seed, warning, progress */
    crn_document *document;           /* for strings and objects of the fitted state */
    const void *previous; /* the estimator's struct before this fit, for warm_start; NULL: never
                             fitted */
} crn_fit_data;

enum {
    CRN_NEEDS_Y = 1,
    CRN_ALLOWS_NAN = 2,
    CRN_LABELS_ONLY = 4,     /* fits y alone, as LabelEncoder; takes any value */
    CRN_DELEGATES_NAMES = 8, /* its first step keeps feature_names_in_, as in a Pipeline */
    CRN_TAKES_WEIGHT = 16,   /* fit has the parameter sample_weight */
    /* no estimator of the public list: a class that estimators keep inside, as
       _CalibratedClassifier; it is read, written and lowered like all others */
    CRN_PRIVATE = 32,
    CRN_STOPS_NAN = 64, /* what comes out holds no NaN, whatever goes in: an imputer */
    /* NaN may go into some columns and not into others, as in a ColumnTransformer: the step
       behind it looks at what comes out */
    CRN_SORTS_NAN = 128
};

typedef struct crn_estimator {
    /* required */
    const char *name;    /* "StandardScaler" */
    const char *module;  /* where users import it from: "sklearn.preprocessing" */
    const char *modules; /* where versions defined it, separated by blanks:
                            "sklearn.preprocessing._data sklearn.preprocessing.data" */
    size_t size;         /* of the struct */
    const crn_field
        *fields; /* parameters in the signature's order, then what fit assigns, in its order */
    unsigned methods; /* bits 1 << CRN_PREDICT ... */
    unsigned flags;
    /* Emits a method's operations. x is float64 (rows, input_width). Returns CRN_NO_VALUE with
     * the graph's error set when it cannot. */
    crn_value (*lower)(const void *self, crn_method method, crn_graph *graph, crn_value x);
    /* optional */
    /* In place of lower, for classes with methods that have several outputs (kneighbors, the
     * predict_proba of several targets): fills out[] and returns their number, or -1 with the
     * graph's error set. */
    int (*lower_many)(const void *self, crn_method method, crn_graph *graph, crn_value x,
                      crn_value *out);
    /* Relations between fields that shapes cannot say. After it, lower and predict need no
     * checks. */
    crn_status (*check)(void *self, crn_error *err);
    /* Sets the fitted fields of a struct that holds the parameters and nothing else. NULL:
     * predict only. */
    crn_status (*fit)(void *self, const crn_fit_data *data, crn_error *err);
    /* The child that answers in the estimator's place wherever a hook below, or lower, is NULL:
     * the best estimator of a search. NULL, also as a result: none. */
    const crn_model *(*delegate)(const void *self);
    bool (*has_method)(const void *self, crn_method method); /* where parameters decide */
    /* Says why has_method gave false; CRN_OK: nothing but what everybody knows. */
    crn_status (*refuse)(const void *self, crn_method method, crn_error *err);
    crn_admitted (*admits)(const void *self, crn_method method); /* NULL: as the flags say */
    bool (*stops_nan)(const void *self); /* NULL: CRN_STOPS_NAN says it */
    int64_t (*input_width)(const void *self, crn_method method); /* NULL: n_features_in_ */
    crn_type (*input_type)(const void *self,
                           crn_method method); /* NULL: float64 (rows, input_width) */
    bool (*classes)(const void *self,
                    crn_array *out); /* NULL: the row classes_, if there is one */
    /* The module that a private class stands in, in that version; NULL: `module`. */
    const char *(*module_in)(const char *sklearn);
    /* What rows cannot say: read after the rows, written behind them, copied by clone, freed by
     * release. parse takes the constructor call in place of the rows. `sklearn` is the version
     * that shall load the file; write() changes what stands in `state` for it, where a class's
     * attributes differ by more than their names. */
    crn_status (*parse)(void *self, const crn_object *call, const crn_field_context *context,
                        crn_error *err);
    crn_status (*read)(void *self, const crn_object *state, const crn_field_context *context,
                       crn_error *err);
    crn_status (*write)(const void *self, crn_document *document, crn_object *state,
                        const char *sklearn, crn_error *err);
    crn_status (*clone)(const void *self, void *fresh, crn_error *err);
    void (*release)(void *self);
    /* Child models: steps of a Pipeline. */
    int (*step_count)(const void *self);
    const crn_model *(*step)(const void *self, int i, const char **name);
} crn_estimator;

/* All estimators: extern const crn_estimator crn_estimator_<name>. */
#define CRN_ESTIMATOR(name, path) extern const crn_estimator crn_estimator_##name;
#include "sklearn/estimators.def"
#undef CRN_ESTIMATOR

/* By class name; NULL when unknown. Row i of the table; NULL past the end. */
const crn_estimator *crn_estimator_find(const char *name);
const crn_estimator *crn_estimator_at(size_t i);

/* The row of the class that a pickle's object is an instance of, by the whole pair of module
 * and name; NULL when it is not in the table. */
const crn_estimator *crn_estimator_of(const crn_object *object);
/* The same of a GLOBAL. */
const crn_estimator *crn_estimator_of_global(const crn_object *cls);

/* Is `word` one of the words of `list`, which blanks separate? */
bool crn_has_word(const char *list, const char *word);

/* The struct of a model of this family; NULL for other families. */
crn_estimator_base *crn_model_estimator(const crn_model *model);

/* ---- models of this family (model.c, read.c, write.c, fit.c) ---- */

extern const crn_family crn_family_sklearn;

/* From a recorded instance, e.g. a step of a Pipeline. A class that is not in the table gives a
 * model that can only be inspected. context->document is retained. */
crn_status crn_sklearn_read(const crn_object *object, crn_document *document, crn_model **out,
                            crn_error *err);
/* From a constructor call. */
crn_status crn_sklearn_parse(crn_document *document, const crn_object *call, crn_model **out,
                             crn_error *err);
/* The instance that a pickle of that scikit-learn holds; NULL with an error. */
crn_object *crn_sklearn_write(const crn_model *model, crn_document *document,
                              const char *sklearn, crn_error *err);
/* An unfitted model with the same parameters: sklearn.base.clone. */
crn_status crn_sklearn_clone(const crn_model *model, crn_model **out, crn_error *err);
/* fit() of a model of this family on data that was validated already. */
crn_status crn_sklearn_fit(crn_model *model, const crn_fit_data *data, crn_error *err);
/* Emits a method of a model of any family; out has room for CRN_MAX_PORTS. Returns the number
 * of outputs, or -1 with the graph's error set (no such method, not fitted). */
int crn_sklearn_lower_many(const crn_model *model, crn_method method, crn_graph *graph,
                           crn_value x, crn_value *out);
/* The same where one output is expected. */
crn_value crn_sklearn_lower(const crn_model *model, crn_method method, crn_graph *graph,
                            crn_value x);

/* A constant of the graph as float64, shared where it is float64 already. */
crn_value crn_constant_float64(crn_graph *graph, const crn_array *array);

#endif
