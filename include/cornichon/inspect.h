/* SPDX-License-Identifier: BSD-3-Clause */
/** @file inspect.h
 *  What is in a model, and what cornichon can do.
 *
 *      char *text = NULL;
 *      crn_model_inspect(model, CRN_INSPECT_SUMMARY, &text, &err);
 *      puts(text);
 *      crn_string_free(text); */
#ifndef CORNICHON_INSPECT_H
#define CORNICHON_INSPECT_H

#include "cornichon/model.h"

CRN_BEGIN_DECLS

typedef enum crn_inspection {
    CRN_INSPECT_SUMMARY, /**< one screen: what Python prints (repr, or model.summary()),
                            versions, inputs, outputs */
    CRN_INSPECT_PARAMS,  /**< every parameter and fitted attribute, or layer weight, with type,
                            shape and bytes */
    CRN_INSPECT_TREE,    /**< the file as a tree of Python objects; of a network, its config and
                            weights */
    CRN_INSPECT_PLAN,    /**< the operations that predict runs, after fusion */
    CRN_INSPECT_JSON     /**< all of it as one JSON object with stable keys. Of an estimator:
                            class, library, supported, repr, version, fitted, features,
                            feature_names, classes, methods, params, attributes; inputs and
                            outputs, the types of each method; steps (of a Pipeline) or
                            children, the estimators inside it, each with attribute, name and
                            the same keys, at most 20 of a list */
} crn_inspection;

/** *text is for crn_string_free(). Works on unfitted and on unsupported models too. */
CRN_API CRN_MUST_CHECK crn_status crn_model_inspect(const crn_model *model, crn_inspection what,
                                                    char **text, crn_error *err);

/** A Keras model as model.to_json() writes it. Errors: CRN_UNSUPPORTED for other models. */
CRN_API CRN_MUST_CHECK crn_status crn_model_to_json(const crn_model *model, char **text,
                                                    crn_error *err);

/** How two models differ: structure, parameters, fitted attributes, weights. Opaque; owns its
 * texts. Both models are put into the newest version's terms first, so a model and the same one
 * converted to another version do not differ. */
typedef struct crn_diff crn_diff;

/** One difference. Texts live as long as the crn_diff. */
typedef struct crn_difference {
    const char *path;  /**< "steps[1].coef_"; "" for the model itself */
    const char *left;  /**< repr of the value in the first model, shortened; of an array
                          "float64 (3, 4)"; NULL: not there */
    const char *right; /**< the same in the second */
    int64_t elements;  /**< arrays of one type and shape: how many elements differ; else 0 */
    double largest;    /**< arrays of numbers: the largest difference; else 0 */
} crn_difference;

/** Compares two models. *out is for crn_diff_destroy(). At most 10,000 differences are kept.
 * Thread-safe. Errors: CRN_NO_MEMORY, CRN_LIMIT.
 *
 *      crn_diff *diff = NULL;
 *      crn_difference d;
 *      crn_model_diff(before, after, &diff, &err);
 *      for (size_t i = 0; crn_diff_at(diff, i, &d); i++)
 *          printf("%s
", d.path);
 *      crn_diff_destroy(diff); */
CRN_API CRN_MUST_CHECK crn_status crn_model_diff(const crn_model *left, const crn_model *right,
                                                 crn_diff **out, crn_error *err);
/** Difference i in the order of the first model; false past the last: no difference at 0 means
 * that the models are the same. */
CRN_API bool crn_diff_at(const crn_diff *diff, size_t i, crn_difference *out);
/** NULL is fine. */
CRN_API void crn_diff_destroy(crn_diff *diff);

/** Frees a text that the library made. NULL is fine. */
CRN_API void crn_string_free(char *text);

/** The classes that cornichon knows. */
typedef enum crn_kind {
    CRN_KIND_ESTIMATOR,
    CRN_KIND_LAYER,
    CRN_KIND_OPTIMIZER,
    CRN_KIND_LOSS,
    CRN_KIND_METRIC,
    CRN_KIND_DATASET
} crn_kind;

/** One row of a list. Strings are constant and live for ever. */
typedef struct crn_listing {
    const char *name;    /**< "PCA" */
    const char *module;  /**< "sklearn.decomposition"; "" where it says nothing */
    const char *summary; /**< data sets: one line; else "" */
    unsigned methods;    /**< estimators: bit 1 << method for each; else 0 */
    bool can_fit, can_save;
} crn_listing;

/** Row i of a kind's list; false past the end. */
CRN_API bool crn_list(crn_kind kind, size_t i, crn_listing *out);

CRN_END_DECLS

#endif
