/* SPDX-License-Identifier: BSD-3-Clause */
/** @file predictor.h
 *  One method of a model, prepared once and asked many times: checked, fused, laid out. Asking
 * allocates nothing and takes no lock, but where rows depend on one another (NMF, MiniBatchNMF and
 * BernoulliRBM.score_samples): there a call with more rows than any before takes memory.
 *
 *      crn_predictor *predictor = NULL;
 *      crn_predictor_create(chain, CRN_PREDICT, NULL, &predictor, &err);
 *      double row[4] = {5.1, 3.5, 1.4, 0.2};
 *      float probabilities[3];
 *      crn_array x = crn_array_view_2d(row, CRN_FLOAT64, 1, 4);
 *      crn_array y = crn_array_view_2d(probabilities, CRN_FLOAT32, 1, 3);
 *      crn_predict(predictor, &x, &y, &err);
 *      crn_predictor_destroy(predictor);
 *
 *  Thread safety: a predictor serves one call at a time; crn_predictor_clone() makes another
 * for another thread, cheaply: they share the plan. The model may be destroyed before its
 * predictors. */
#ifndef CORNICHON_PREDICTOR_H
#define CORNICHON_PREDICTOR_H

#include "cornichon/model.h"

CRN_BEGIN_DECLS

typedef struct crn_predictor crn_predictor;

/** Initialise with CRN_PREDICTOR_OPTIONS_INIT. */
typedef struct crn_predictor_options {
    size_t struct_size;
    bool exact; /**< no fusion: the operations one by one, in the order of the Python library */
    crn_pool *pool; /**< for calls with many rows; must outlive the predictor; NULL: the
                       caller's thread */
    bool sparse; /**< most rows will come as CRN_CSR, and are used as they are where the model
                       can; without it, or where it cannot, they are made dense block by block */
    const crn_array *rows; /**< one array for each input, as crn_predict() will be given them:
                              lengths that the model does not know are theirs. NULL: a model with
                              such lengths is refused (CRN_SHAPE) */
} crn_predictor_options;

#ifdef __cplusplus
#define CRN_PREDICTOR_OPTIONS_INIT                                                             \
    {                                                                                          \
        sizeof(crn_predictor_options), false, NULL, false, NULL                                \
    }
#else
#define CRN_PREDICTOR_OPTIONS_INIT                                                             \
    {                                                                                          \
        .struct_size = sizeof(crn_predictor_options)                                           \
    }
#endif

/** Prepares a method. Errors: CRN_STATE (not fitted), CRN_UNSUPPORTED (no such method, or a
 * class in the model that cannot predict: named), CRN_NO_MEMORY. */
CRN_API CRN_MUST_CHECK crn_status crn_predictor_create(const crn_model *model,
                                                       crn_method method,
                                                       const crn_predictor_options *options,
                                                       crn_predictor **out, crn_error *err);

/** Another predictor with the same plan and its own scratch. */
CRN_API CRN_MUST_CHECK crn_status crn_predictor_clone(const crn_predictor *predictor,
                                                      crn_predictor **out, crn_error *err);

CRN_API int crn_predictor_inputs(const crn_predictor *predictor);
CRN_API int crn_predictor_outputs(const crn_predictor *predictor);
/** Type and shape of output i for `rows` rows: an array without data, to size a buffer. */
CRN_API crn_array crn_predictor_output(const crn_predictor *predictor, int i, int64_t rows);
/** The same of input i. Where it is CRN_CSR, dense rows are taken, too. */
CRN_API crn_array crn_predictor_input(const crn_predictor *predictor, int i, int64_t rows);

/** Predicts. inputs: one array for each input, (rows, ...) of any number type and any strides.
 * A model that takes mixed values (crn_predictor_input() says CRN_OBJECT) takes numbers, strings
 * and cells; cells that are numbers may be given to any other model. Strings for the former and
 * cells for the latter are converted first, which allocates. Cells of outputs that this call
 * allocates own their texts; in a caller's output they borrow them from the inputs and the
 * predictor, until its next call.
 * outputs: one for each output, either without data (allocated; free with crn_array_free()) or
 * dense with the type and shape of crn_predictor_output() (nothing is allocated then). A sparse
 * output is a CRN_CSR array, or dense where the caller gives dense memory of its numbers' type.
 * Errors: CRN_SHAPE, CRN_DTYPE, CRN_NO_MEMORY, CRN_ARGUMENT ("Input X contains NaN.", an unseen label).
 */
CRN_API CRN_MUST_CHECK crn_status crn_predict(crn_predictor *predictor, const crn_array *inputs,
                                              crn_array *outputs, crn_error *err);

/** NULL is fine. */
CRN_API void crn_predictor_destroy(crn_predictor *predictor);

CRN_END_DECLS

#endif
