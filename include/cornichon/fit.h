/* SPDX-License-Identifier: BSD-3-Clause */
/** @file fit.h
 *  Fitting, evaluating, and what happened meanwhile.
 *
 *      crn_data data = CRN_DATA_INIT;
 *      data.x = x;                                  // (rows, features)
 *      data.y = y;                                  // (rows)
 *      crn_fit_options options = CRN_FIT_OPTIONS_INIT;
 *      options.optimizer = "adam";
 *      options.loss = "sparse_categorical_crossentropy";
 *      options.metrics = "accuracy";
 *      options.epochs = 10;
 *      crn_history *history = NULL;
 *      crn_model_fit(model, &data, &options, &history, &err);
 *      printf("loss %g\n", crn_history_value(history, crn_history_find(history, "loss"), 9));
 *      crn_history_destroy(history); */
#ifndef CORNICHON_FIT_H
#define CORNICHON_FIT_H

#include "cornichon/model.h"

CRN_BEGIN_DECLS

/** What to fit on. A plain struct for the stack; everything in it is borrowed. */
typedef struct crn_data {
    size_t struct_size;
    crn_array x; /**< (rows, ...) of any number type */
    crn_array
        y; /**< (rows) or (rows, outputs); labels may be integers or strings; no data: none */
    crn_array sample_weight; /**< (rows); no data: all one. Refused by estimators whose fit has
                                no such parameter */
    const char *const *feature_names; /**< x.shape[1] names for feature_names_in_; NULL: none */
} crn_data;

#ifdef __cplusplus
#define CRN_DATA_INIT                                                                          \
    {                                                                                          \
        sizeof(crn_data), {}, {}, {}, NULL                                                     \
    }
#else
#define CRN_DATA_INIT                                                                          \
    {                                                                                          \
        .struct_size = sizeof(crn_data)                                                        \
    }
#endif

/** Where a fit stands. Lives during the callback. */
typedef struct crn_progress {
    int epoch, epochs;        /**< from 1; scikit-learn's solvers: iteration, max_iter */
    int64_t batch, batches;   /**< done in this epoch; 0 of 0 for scikit-learn */
    int count;                /**< of names and values */
    const char *const *names; /**< "loss", "accuracy", "val_loss" ... */
    const double *values;
    bool epoch_end;      /**< the epoch is over and validation is in the values */
    double seconds;      /**< since the epoch began */
    const char *message; /**< what a callback says ("Epoch 7: early stopping"), or NULL */
} crn_progress;

/** Hears progress; false asks the fit to stop: it answers CRN_CANCELLED and leaves the model
 * usable. */
typedef bool (*crn_progress_fn)(void *context, const crn_progress *progress);

/** How to fit. Initialise with CRN_FIT_OPTIONS_INIT. The Keras options are refused
 * (CRN_ARGUMENT) for a scikit-learn estimator when set. Strings take Keras's names and
 * constructor expressions. */
typedef struct crn_fit_options {
    size_t struct_size;
    /* Keras: compile(). NULL keeps what the model was compiled with; a model that was not needs
     * a loss. */
    const char *optimizer; /**< "adam", "SGD(learning_rate=0.1, momentum=0.9)"; NULL: as
                              compiled, else rmsprop */
    const char *loss;      /**< "mse", "SparseCategoricalCrossentropy(from_logits=True)" */
    const char *metrics;   /**< comma-separated: "accuracy,mae" */
    /* Keras: fit(). */
    int epochs;              /**< 0: 1 */
    int batch_size;          /**< 0: 32 */
    double validation_split; /**< the last part of the rows, before shuffling; 0: none */
    const crn_data *validation;
    const char *callbacks;    /**< "EarlyStopping(patience=3), CSVLogger('log.csv')" */
    const char *class_weight; /**< "{0: 1.0, 1: 2.5}" */
    bool no_shuffle;          /**< keep the order of rows */
    int initial_epoch;
    /* Both. */
    uint64_t seed;  /**< of shuffling, initial weights, dropout, and random_state=None */
    bool has_seed;  /**< false: drawn from the system */
    crn_pool *pool; /**< NULL: this thread only */
    crn_progress_fn progress; /**< NULL: not heard */
    void *progress_context;
    crn_warning_fn warning; /**< NULL: not heard */
    void *warning_context;
} crn_fit_options;

#ifdef __cplusplus
#define CRN_FIT_OPTIONS_INIT                                                                   \
    {                                                                                          \
        sizeof(crn_fit_options)                                                                \
    }
#else
#define CRN_FIT_OPTIONS_INIT                                                                   \
    {                                                                                          \
        .struct_size = sizeof(crn_fit_options)                                                 \
    }
#endif

/** The losses and metrics of each epoch. Opaque. */
typedef struct crn_history crn_history;

/** Fits the model in place. A scikit-learn estimator starts anew, as fit() does; a Keras model
 * goes on from its weights and optimizer state. A LabelEncoder is fitted on y, or on x where
 * that is one column. A chain fits each step on the output of those before it. history may be
 * NULL; *history is for crn_history_destroy(), and empty for scikit-learn. Errors: CRN_SHAPE,
 * CRN_DTYPE, CRN_ARGUMENT (in scikit-learn's or Keras's words: "Input X contains NaN."),
 * CRN_UNSUPPORTED (a solver that is not built in), CRN_CANCELLED, CRN_NO_MEMORY. After an error
 * other than CRN_CANCELLED the model is as it was before the call; of a chain or a combination,
 * the models that were fitted before the one that failed stay fitted. A network keeps the input
 * shape and the compile options that it got meanwhile. */
CRN_API CRN_MUST_CHECK crn_status crn_model_fit(crn_model *model, const crn_data *data,
                                                const crn_fit_options *options,
                                                crn_history **history, crn_error *err);

CRN_API int crn_history_epochs(const crn_history *history);
CRN_API int crn_history_columns(const crn_history *history);
/** "loss", "val_accuracy" ...; NULL outside the range. */
CRN_API const char *crn_history_name(const crn_history *history, int column);
/** -1 when there is none. */
CRN_API int crn_history_find(const crn_history *history, const char *name);
/** Epochs count from 0; NaN outside the range. */
CRN_API double crn_history_value(const crn_history *history, int column, int epoch);
/** NULL is fine. */
CRN_API void crn_history_destroy(crn_history *history);

/** Named numbers that judge predictions. Opaque. */
typedef struct crn_scores crn_scores;

/** Predicts data->x and judges it against data->y. A Keras model that is compiled: its loss and
 * metrics, as Model.evaluate. Else by task: a classifier "accuracy" with a confusion matrix
 * and, per class, precision, recall, f1-score and support; a regressor "r2", "mse", "mae".
 * Errors: as crn_model_predict, and CRN_ARGUMENT when y is missing. */
CRN_API CRN_MUST_CHECK crn_status crn_model_evaluate(const crn_model *model,
                                                     const crn_data *data, int batch_size,
                                                     crn_pool *pool, crn_scores **out,
                                                     crn_error *err);

CRN_API int crn_scores_count(const crn_scores *scores);
CRN_API const char *crn_scores_name(const crn_scores *scores, int i);
CRN_API double crn_scores_value(const crn_scores *scores, int i);
/** Number of classes of the confusion matrix; 0: not a classification. */
CRN_API int crn_scores_classes(const crn_scores *scores);
/** The label of class i as text; NULL outside. */
CRN_API const char *crn_scores_class(const crn_scores *scores, int i);
/** Rows of true class `actual` that were predicted as `predicted`. */
CRN_API int64_t crn_scores_confusion(const crn_scores *scores, int actual, int predicted);
/** NULL is fine. */
CRN_API void crn_scores_destroy(crn_scores *scores);

CRN_END_DECLS

#endif
