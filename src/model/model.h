/* SPDX-License-Identifier: BSD-3-Clause */
/* What every model is, inside. A family (scikit-learn's estimators, Keras's networks, chains,
 * combinations, documents that only can be inspected) fills a crn_model_type; the public
 * functions of api/ call through it and know no family. */
#ifndef CRN_MODEL_MODEL_H
#define CRN_MODEL_MODEL_H

#include "cornichon/chain.h"
#include "cornichon/fit.h"
#include "cornichon/inspect.h"
#include "cornichon/model.h"
#include "format/object.h"
#include "ops/graph.h"

/* Most inputs and outputs of one model. */
enum { CRN_MAX_PORTS = 64 };

typedef struct crn_model_type crn_model_type;

struct crn_model {
    const crn_model_type *type;
    void *self;             /* the family's struct, owned */
    crn_document *document; /* what parameters point into; what was loaded. NULL: none */
    bool untouched;         /* loaded and not changed: saving gives the same bytes */
};

/* The values that an input takes, from the widest to the narrowest. What is refused is refused
 * in scikit-learn's words. */
typedef enum crn_admitted {
    CRN_ADMITS_ALL,   /* NaN and infinity, too */
    CRN_ADMITS_NAN,   /* no infinity: ensure_all_finite="allow-nan" */
    CRN_ADMITS_FINITE /* neither */
} crn_admitted;

/* What an input of a model takes. */
typedef struct crn_port {
    const char *name;
    crn_type type; /* ndim 1, shape -1: not known yet */
    crn_admitted admits;
} crn_port;

struct crn_model_type {
    /* required */
    const char *family;                /* "scikit-learn", "Keras", "cornichon" */
    void (*destroy)(crn_model *model); /* frees self; the frame is freed by crn_model_destroy */
    const char *(*class_name)(const crn_model *model);
    /* True when fitted and able; never fails. */
    bool (*has_method)(const crn_model *model, crn_method method);
    /* Inputs of a method in order; returns their number (<= CRN_MAX_PORTS). */
    int (*inputs)(const crn_model *model, crn_method method, crn_port *out);
    /* Emits the operations of a method. in: one value for each input, already of the ports'
     * types or castable: the family casts. out: the method's outputs; returns their number, or
     * -1 with the graph's error set. */
    int (*lower)(const crn_model *model, crn_method method, crn_graph *graph,
                 const crn_value *in, crn_value *out);
    crn_status (*inspect)(const crn_model *model, crn_inspection what, crn_text *out,
                          crn_error *err);
    /* optional: NULL means CRN_UNSUPPORTED with the class's name */
    crn_status (*fit)(crn_model *model, const crn_data *data, const crn_fit_options *options,
                      crn_history *history, crn_error *err);
    /* The bytes of the file in options->format (never NULL here). */
    crn_status (*save)(const crn_model *model, const crn_save_options *options, crn_text *out,
                       crn_error *err);
    crn_status (*evaluate)(const crn_model *model, const crn_data *data, int batch_size,
                           crn_pool *pool, crn_scores *scores, crn_error *err);
    crn_status (*get)(const crn_model *model, const char *path, crn_array *out, crn_error *err);
    /* crn_model_load_weights: the file is as the family's load takes it. */
    crn_status (*load_weights)(crn_model *model, crn_buffer *file, const char *path,
                               const crn_load_options *options, crn_error *err);
    /* Says why has_method gave false. NULL: the model is not fitted, or the class has no such
     * method. */
    crn_status (*refuse)(const crn_model *model, crn_method method, crn_error *err);
    /* What transform gives holds no NaN, whatever the rows hold. NULL: false. */
    bool (*stops_nan)(const crn_model *model);
    /* Name of input feature i, or NULL. */
    const char *(*feature_name)(const crn_model *model, int64_t i);
    /* classes_ of a classifier, borrowed; false: not a classifier. */
    bool (*classes)(const crn_model *model, crn_array *out);
    /* NULL: the class's name without arguments. */
    crn_object *(*expression)(const crn_model *model, crn_document *document);
    int (*step_count)(const crn_model *model);
    const crn_model *(*step)(const crn_model *model, int i);
    /* What is in the model as Python objects of `document`, in the newest version's terms, for
     * crn_model_diff; they may point into the model. NULL: its expression. The returned object
     * is NULL with an error. */
    crn_object *(*objects)(const crn_model *model, crn_document *document, crn_error *err);
};

/* A frame around `self`, which it owns on success. document: one reference is taken. */
crn_status crn_model_create(const crn_model_type *type, void *self, crn_document *document,
                            crn_model **out, crn_error *err);

/* The constructor call that makes an unfitted model like this one, as an object of `document`:
 * what repr() prints. NULL when memory is out. */
crn_object *crn_model_expression(const crn_model *model, crn_document *document);

/* What is in the model as objects of `document`: crn_model_type.objects, or its expression.
 * NULL with an error. */
crn_object *crn_model_objects(const crn_model *model, crn_document *document, crn_error *err);

/* CRN_OK when the model has the method. Else CRN_STATE (not fitted) or CRN_UNSUPPORTED, in
 * scikit-learn's words; a step inside that cannot be asked is named in err->where. */
crn_status crn_model_require(const crn_model *model, crn_method method, crn_error *err);

/* The method that stands for the model where none is named: predict, else transform, else the
 * first that it has; CRN_PREDICT when it has none. */
crn_method crn_model_main_method(const crn_model *model);

/* transform if there is one, else predict_proba, else predict: what a step before the last
 * does. */
crn_method crn_model_step_method(const crn_model *model);

/* True for a model after which the next one meets no NaN. */
bool crn_model_stops_nan(const crn_model *model);

/* ---- numbers in and out of arrays, as families need them ---- */

/* A dense float64 (float32) copy, or a shared view when it is one already. */
crn_status crn_as_float64(const crn_array *in, crn_array *out, crn_error *err);
crn_status crn_as_float32(const crn_array *in, crn_array *out, crn_error *err);

/* Sorted distinct labels and each row's index among them, as numpy.unique(return_inverse=True)
 * does: numbers by value, strings by code point. labels: a vector of integers, bools, floats or
 * strings. */
crn_status crn_labels_encode(const crn_array *labels, crn_array *classes, crn_array *codes,
                             crn_error *err);
/* UTF-8 strings as a CRN_STRING vector. */
crn_status crn_names_to_array(const char *const *strings, int64_t count, crn_array *out,
                              crn_error *err);
/* One label as text, as str() prints it. */
void crn_label_text(const crn_array *labels, int64_t i, crn_text *out);
/* The same as repr() prints it: strings in quotes. */
void crn_label_repr(const crn_array *labels, int64_t i, crn_text *out);

/* ---- history and scores (bodies in model/history.c, model/scores.c) ---- */

crn_status crn_history_create(crn_history **out, crn_error *err);
/* Appends a value to a column, which is made when new. */
crn_status crn_history_add(crn_history *history, const char *name, double value,
                           crn_error *err);

crn_status crn_scores_create(crn_scores **out, crn_error *err);
/* The body of crn_model_evaluate, once data->x and data->y are there. */
crn_status crn_scores_add_model(crn_scores *scores, const crn_model *model,
                                const crn_data *data, int batch_size, crn_pool *pool,
                                crn_error *err);
crn_status crn_scores_add(crn_scores *scores, const char *name, double value, crn_error *err);
/* Accuracy, confusion matrix and report of predicted against true labels (vectors of the same
 * kind), in the words and definitions of sklearn.metrics.classification_report: "setosa
 * precision", "macro avg f1-score". */
crn_status crn_scores_classification(crn_scores *scores, const crn_array *truth,
                                     const crn_array *predicted, crn_error *err);
/* r2, mse, mae of (rows) or (rows, outputs). */
crn_status crn_scores_regression(crn_scores *scores, const crn_array *truth,
                                 const crn_array *predicted, crn_error *err);

#endif
