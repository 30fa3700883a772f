/* SPDX-License-Identifier: BSD-3-Clause */
/* What an estimator is: a struct, a table of fields, and the few functions that rows cannot say, in one const
 * struct at the foot of its own file, listed in estimators.def. The pattern file is
 * preprocessing/standard_scaler.c. */
#ifndef CRN_SKLEARN_ESTIMATOR_H
#define CRN_SKLEARN_ESTIMATOR_H

#include "model/field.h"
#include "model/model.h"

/* Every estimator's struct begins with this. */
typedef struct crn_estimator_base {
    const struct crn_estimator *type;
    bool fitted;
    const char *sklearn_version; /* _sklearn_version of the file, or of what we write; document's arena */
    int64_t n_features_in_;      /* -1: not known */
    crn_array feature_names_in_; /* CRN_STRING (n_features_in_); no data: fitted without names */
} crn_estimator_base;

/* Rows that every estimator has; put them after its own fitted rows. */
#define CRN_BASE_FIELDS                                                                            \
    {.name = "n_features_in_", .type = CRN_FIELD_INT,                                              \
     .flags = CRN_FIELD_FITTED | CRN_FIELD_OPTIONAL, .dflt = "-1",                                 \
     .offset = offsetof(crn_estimator_base, n_features_in_), .since = "0.24"},                     \
    {.name = "feature_names_in_", .type = CRN_FIELD_ARRAY,                                         \
     .flags = CRN_FIELD_FITTED | CRN_FIELD_OPTIONAL, .shape = "n_features_in_",                    \
     .offset = offsetof(crn_estimator_base, feature_names_in_), .since = "1.0"}

/* What fit gets: validated as scikit-learn validates (finite, 2-D, at least one row). */
typedef struct crn_fit_data {
    int64_t rows, features;
    const double *x;        /* (rows, features) dense; NULL when the estimator works on labels alone */
    crn_array y;            /* as given; no data: none */
    const double *weight;   /* (rows), or NULL: all one */
    const crn_fit_options *options; /* never NULL: pool, seed, warning, progress */
    crn_document *document; /* for strings and objects of the fitted state */
} crn_fit_data;

enum { CRN_NEEDS_Y = 1, CRN_ALLOWS_NAN = 2, CRN_LABELS_ONLY = 4 /* fits y alone, as LabelEncoder */ };

typedef struct crn_estimator {
    /* required */
    const char *name;    /* "StandardScaler" */
    const char *module;  /* where users import it from: "sklearn.preprocessing" */
    const char *modules; /* where versions defined it, separated by blanks: "sklearn.preprocessing._data
                            sklearn.preprocessing.data" */
    size_t size;         /* of the struct */
    const crn_field *fields; /* in the order in which scikit-learn assigns the attributes */
    unsigned methods;    /* bits 1 << CRN_PREDICT ... */
    unsigned flags;
    /* Relations between fields that shapes cannot say. After it, lower and predict need no checks. NULL: none. */
    crn_status (*check)(void *self, crn_error *err);
    /* Emits a method's operations. x is float64 (rows, n_features_in_) (or what the method takes). */
    crn_value (*lower)(const void *self, crn_method method, crn_graph *graph, crn_value x);
    /* optional */
    bool (*has_method)(const void *self, crn_method method); /* where parameters decide (probability=True) */
    crn_status (*fit)(void *self, const crn_fit_data *data, crn_error *err); /* NULL: predict only */
    crn_status (*read)(void *self, const crn_object *state, const crn_field_context *context,
                       crn_error *err); /* after the rows were read: what they cannot say */
    /* Adds to the state dict what rows cannot say, for that version of scikit-learn. */
    crn_status (*write)(const void *self, crn_document *document, crn_object *state,
                        const char *sklearn, crn_error *err);
    int64_t (*input_width)(const void *self, crn_method method); /* NULL: n_features_in_ */
    void (*release)(void *self); /* what rows do not own */
} crn_estimator;

/* All estimators: extern const crn_estimator crn_estimator_<name>. */
#define CRN_ESTIMATOR(name, path) extern const crn_estimator crn_estimator_##name;
#include "sklearn/estimators.def"
#undef CRN_ESTIMATOR

/* By class name; NULL when unknown. Row i of the table; NULL past the end. */
const crn_estimator *crn_estimator_find(const char *name);
const crn_estimator *crn_estimator_at(size_t i);

/* The struct of a model of this family; NULL for other families. */
crn_estimator_base *crn_model_estimator(const crn_model *model);

/* A constant of the graph as float64, shared where it is float64 already. */
crn_value crn_constant_float64(crn_graph *graph, const crn_array *array);

/* "X has 3 features, but PCA is expecting 4 features as input." */
crn_status crn_check_n_features(const crn_estimator_base *self, int64_t features, crn_error *err);

#endif
