/* SPDX-License-Identifier: BSD-3-Clause */
/** @file model.h
 *  Models: made from text or a file, asked, and written back in the very files that
 * joblib.load, keras.models.load_model and load_weights read.
 *
 *  The order of calls:
 *
 *      crn_model *model = NULL;
 *      // or, from a file: crn_model_load(path, NULL, &model, &err)
 *      crn_model_parse("LogisticRegression(max_iter=200)", &model, &err);
 *      // fit.h; a loaded model needs none
 *      crn_model_fit(model, &data, NULL, NULL, &err);
 *      // once; for many times: predictor.h
 *      crn_model_predict(model, CRN_PREDICT, &x, &y, &err);
 *      crn_model_save(model, "logistic_regression_model.joblib", NULL, &err);
 *      crn_model_destroy(model);
 *
 *  Thread safety: a model that nobody changes may be asked from several threads; parse, load,
 * fit and destroy need it alone. */
#ifndef CORNICHON_MODEL_H
#define CORNICHON_MODEL_H

#include "cornichon/array.h"
#include "cornichon/threads.h"

CRN_BEGIN_DECLS

/** An estimator, a Pipeline, a network, a chain or a combination of models. Opaque; owns its
 * memory. */
typedef struct crn_model crn_model;

/** What a model can be asked: enumerator, number, Python's name. */
#define CRN_METHOD_MAP(X)                                                                      \
    X(PREDICT, 0, "predict")                                                                   \
    X(PREDICT_PROBA, 1, "predict_proba")                                                       \
    X(PREDICT_LOG_PROBA, 2, "predict_log_proba")                                               \
    X(DECISION_FUNCTION, 3, "decision_function")                                               \
    X(TRANSFORM, 4, "transform")                                                               \
    X(INVERSE_TRANSFORM, 5, "inverse_transform")                                               \
    X(SCORE_SAMPLES, 6, "score_samples")                                                       \
    X(KNEIGHBORS, 7, "kneighbors") /* distances, indices */                                    \
    X(RADIUS_NEIGHBORS, 8, "radius_neighbors")                                                 \
    X(APPLY, 9, "apply")                                                                       \
    X(DECISION_PATH, 10, "decision_path")                                                      \
    X(MAHALANOBIS, 11, "mahalanobis")                                                          \
    X(PREDICT_STD, 12, "predict_std") /* predict(return_std=True): mean, standard deviation */ \
    X(PREDICT_JOINT_LOG_PROBA, 13, "predict_joint_log_proba")                                  \
    X(STAGED_PREDICT, 14, "staged_predict") /* (rows, stages, ...) */                          \
    X(STAGED_PREDICT_PROBA, 15, "staged_predict_proba")                                        \
    X(STAGED_DECISION_FUNCTION, 16, "staged_decision_function")

typedef enum crn_method {
#define CRN_METHOD_ENUM(name, number, text) CRN_##name = number,
    CRN_METHOD_MAP(CRN_METHOD_ENUM)
#undef CRN_METHOD_ENUM
} crn_method;

/** Number of methods. */
#define CRN_METHOD_COUNT 17

/** Python's name of a method; "?" for an unknown number. */
CRN_API const char *crn_method_name(crn_method method);
/** The method of that name. False when there is none. */
CRN_API bool crn_method_find(const char *name, crn_method *out);

/** Hears a warning that Python would give (a ConvergenceWarning, an optimizer state that does
 * not fit): one line, in Python's words, valid during the call. */
typedef void (*crn_warning_fn)(void *context, const char *message);

/* ---- making ---- */

/** Parses a constructor expression, spelled as Python's repr spells it; nothing is evaluated.
 *
 *      LogisticRegression(C=0.5)     make_pipeline(StandardScaler(), PCA(n_components=2))
 *      Sequential([Dense(128, activation='relu'), Dense(3, activation='softmax')])
 *      make_pipeline(PCA(n_components=2), Sequential([...]))       // a chain of both libraries
 *
 *  *out is an unfitted model for crn_model_destroy(). Errors: CRN_FORMAT (err->offset is the
 * character), CRN_NOT_FOUND (an unknown class or parameter; names the nearest known one),
 * CRN_ARGUMENT (a value outside its constraint, in scikit-learn's words). */
CRN_API CRN_MUST_CHECK crn_status crn_model_parse(const char *expression, crn_model **out,
                                                  crn_error *err);

/** How to load. Initialise with CRN_LOAD_OPTIONS_INIT. */
typedef struct crn_load_options {
    size_t struct_size;       /**< sizeof(crn_load_options) of the caller */
    const crn_limits *limits; /**< NULL: the defaults of limits.h */
    const char *member; /**< a key or index inside a dict, list or tuple ("model", "0"); NULL:
                           the dict's key "model", else the only item that can predict */
    const char *architecture; /**< for a file of weights alone: a model file, or a Keras JSON;
                                 NULL: none */
    crn_warning_fn warning;   /**< NULL: not heard */
    void *warning_context;
} crn_load_options;

#ifdef __cplusplus
#define CRN_LOAD_OPTIONS_INIT                                                                  \
    {                                                                                          \
        sizeof(crn_load_options), NULL, NULL, NULL, NULL, NULL                                 \
    }
#else
#define CRN_LOAD_OPTIONS_INIT                                                                  \
    {                                                                                          \
        .struct_size = sizeof(crn_load_options)                                                \
    }
#endif

/** Loads a file, known by its bytes, never by its name: a joblib or pickle file (every
 * compression), a Keras .h5 (whole model; weights alone with options->architecture), a .keras.
 * The file is data: no code of it is run, no path named in it is opened. Arrays of an
 * uncompressed joblib file stay in the mapped file, which must not be changed meanwhile. A pickle
 * of a class that is not supported still loads, for inspection; its methods answer
 * CRN_UNSUPPORTED and name the class. A Keras file with a layer or option that is not supported
 * does not load: CRN_UNSUPPORTED names it. What loads is consistent: predicting needs no checks.
 * Errors: CRN_IO, CRN_FORMAT (with offset), CRN_LIMIT, CRN_UNSUPPORTED, CRN_SHAPE,
 * CRN_NOT_FOUND. */
CRN_API CRN_MUST_CHECK crn_status crn_model_load(const char *path,
                                                 const crn_load_options *options,
                                                 crn_model **out, crn_error *err);

/** The same from memory, which is copied. */
CRN_API CRN_MUST_CHECK crn_status crn_model_load_bytes(const void *bytes, size_t size,
                                                       const crn_load_options *options,
                                                       crn_model **out, crn_error *err);

/** Replaces the weights of a Keras model by those of a weights file (legacy .h5, .weights.h5)
 * or of a whole model, matched by place as keras.Model.load_weights does. Errors also:
 * CRN_SHAPE (names the layer). The model is unchanged on failure. */
CRN_API CRN_MUST_CHECK crn_status crn_model_load_weights(crn_model *model, const char *path,
                                                         const crn_load_options *options,
                                                         crn_error *err);

/** NULL is fine. */
CRN_API void crn_model_destroy(crn_model *model);

/* ---- writing ---- */

/** How to save. Initialise with CRN_SAVE_OPTIONS_INIT. NULL strings and zeros mean the default.
 */
typedef struct crn_save_options {
    size_t struct_size;
    const char *format;   /**< "joblib" "pickle" "h5" "keras" "weights.h5" "legacy_weights.h5"
                             "json"; NULL: by suffix: .joblib .pkl .h5 .keras .weights.h5 .json,
                             and *_weights.h5 for the legacy layout of weights */
    const char *sklearn;  /**< the scikit-learn that shall load without a warning,
                             "0.22" ... "1.9"; NULL: as it was read, else the newest */
    const char *compress; /**< "zlib", "gzip:9", "bz2", "lzma", "xz", "lz4"; NULL: none */
    int protocol;         /**< pickle protocol 2-5; 0: 4 */
    bool no_optimizer;    /**< Keras: leave the optimizer's state out */
    int numpy;            /**< 1 or 2: the NumPy whose module paths a pickle names; 0: as it was
                             read, else 1, which NumPy 2 takes, too */
    int keras;            /**< 2 or 3: the Keras that shall read a network; 0: the oldest spelling
                             that says it, in .h5 that of Keras 2, which Keras 3 takes, too */
} crn_save_options;

#ifdef __cplusplus
#define CRN_SAVE_OPTIONS_INIT                                                                  \
    {                                                                                          \
        sizeof(crn_save_options), NULL, NULL, NULL, 0, false, 0, 0                              \
    }
#else
#define CRN_SAVE_OPTIONS_INIT                                                                  \
    {                                                                                          \
        .struct_size = sizeof(crn_save_options)                                                \
    }
#endif

/** Saves so that Python loads it. A compiled network saved as .h5 goes on training in Keras 2;
 * Keras 3 restores no optimizer from any .h5, not even from its own: save .keras for that. The
 * file appears whole or not at all; "-" is stdout. A file that was loaded and not changed is
 * written as the same bytes in the same format. An estimator that is not fitted is saved as Python
 * saves it. A file for a newer scikit-learn also loads in an older one, from 1.0 on, with
 * Python's warning that the versions differ. Errors: CRN_IO, CRN_ARGUMENT (an option outside
 * its range), CRN_STATE (a network without weights), CRN_UNSUPPORTED (the format cannot say
 * this model; names what). */
CRN_API CRN_MUST_CHECK crn_status crn_model_save(const crn_model *model, const char *path,
                                                 const crn_save_options *options,
                                                 crn_error *err);

/* ---- asking ---- */

/** True when the model is fitted (or loaded) and has the method. */
CRN_API bool crn_model_has_method(const crn_model *model, crn_method method);

/** The model's class: "PCA", "Pipeline", "Sequential", "Chain". Lives as long as the model. */
CRN_API const char *crn_model_class(const crn_model *model);

/** Number of input columns (features of one row) that the model expects, or -1 when not fitted.
 */
CRN_API int64_t crn_model_features(const crn_model *model);

/** What an input of a method takes, as an array without data: its element type, and a shape
 * that begins with 0 rows; a length of -1 is open. CRN_OBJECT (0, features): rows of mixed
 * values; CRN_OBJECT (0,): a cell each row (a text, a dict, a list). All-zero when there is no
 * such input. */
CRN_API crn_array crn_model_input(const crn_model *model, crn_method method, int i);

/** Name of feature i (feature_names_in_), or NULL when the model was fitted without names. */
CRN_API const char *crn_model_feature_name(const crn_model *model, int64_t i);

/** The label of class i of a classifier as text ("setosa", "2"), for crn_string_free(); NULL
 * for other models, past the last class, and when memory is out. predict_proba's columns are in
 * this order. */
CRN_API char *crn_model_class_label(const crn_model *model, int64_t i);

/** Asks one method of a model, once: checks, plans, runs, forgets. For many calls make a
 * crn_predictor. x: (rows, features) of any number type. *y is allocated when y->data is NULL:
 * free it with crn_array_free(); else it must have the right type and shape. predict of a
 * classifier gives class labels of their own type (int64, CRN_STRING, ...). Errors: CRN_STATE
 * (not fitted), CRN_UNSUPPORTED (no such method), CRN_SHAPE ("X has 3 features, but PCA is
 * expecting 4 features as input."), CRN_DTYPE, CRN_ARGUMENT ("Input X contains NaN.", "y
 * contains previously unseen labels: 'x'"). A LabelEncoder takes and gives vectors. */
CRN_API CRN_MUST_CHECK crn_status crn_model_predict(const crn_model *model, crn_method method,
                                                    const crn_array *x, crn_array *y,
                                                    crn_error *err);

/** A parameter or fitted attribute that is an array or a number ("coef_", "steps[0].mean_"; for
 * a Keras model "layers[0].kernel" or "dense/kernel"). *out shares the model's memory: free it
 * with crn_array_free(), and do not write to it. Errors: CRN_NOT_FOUND (names the nearest),
 * CRN_DTYPE (neither array nor number). */
CRN_API CRN_MUST_CHECK crn_status crn_model_get(const crn_model *model, const char *path,
                                                crn_array *out, crn_error *err);

CRN_END_DECLS

#endif
