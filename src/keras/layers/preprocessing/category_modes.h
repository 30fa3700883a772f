/* SPDX-License-Identifier: BSD-3-Clause */
/* output_mode of the layers that give categories: "int", "one_hot", "multi_hot", "count" and
 * "tf_idf", as encode_categorical_inputs() of keras/src/utils/numerical_utils.py (3.15). */
#ifndef CRN_KERAS_LAYERS_PREPROCESSING_CATEGORY_MODES_H
#define CRN_KERAS_LAYERS_PREPROCESSING_CATEGORY_MODES_H

#include "keras/layers/layer.h"
#include "ops/tokens.h"

typedef enum crn_category_mode {
    CRN_CATEGORY_INT = 1,
    CRN_CATEGORY_ONE_HOT = 2,
    CRN_CATEGORY_MULTI_HOT = 4,
    CRN_CATEGORY_COUNT = 8,
    CRN_CATEGORY_TF_IDF = 16
} crn_category_mode;

/* By its name, also an old one, among the modes of the layer (flags); CRN_ARGUMENT otherwise. */
crn_status crn_category_mode_read(const crn_layer *layer, const char *name, int modes,
                                  crn_category_mode *out, crn_error *err);

/* The type of the indices of `in`, encoded: int64 for "int", else float32. CRN_SHAPE for items
 * without an axis, in which nothing can be counted. */
crn_status crn_category_infer(const crn_layer *layer, const crn_type *in,
                              crn_category_mode mode, int64_t depth, crn_type *out,
                              crn_error *err);

/* The indices, int64 (rows, ...), encoded. weights: what each counts, or CRN_NO_VALUE. TF_IDF
 * counts: the layer has the factors. */
crn_value crn_category_lower(crn_graph *graph, crn_value indices, crn_value weights,
                             crn_category_mode mode, int64_t depth);

/* The hash that `salt` asks for: None, a number or two. Sets hash and key. */
crn_status crn_category_salt(const crn_layer *layer, const crn_object *salt,
                             crn_token_buckets *out, crn_error *err);
/* A text as a constant without axes. */
crn_value crn_category_text(crn_graph *graph, const crn_object *text);

#endif
