/* SPDX-License-Identifier: BSD-3-Clause */
/* The vocabulary of StringLookup, IntegerLookup and TextVectorization, as
 * keras/src/layers/preprocessing/index_lookup.py (3.15): a token's index is its place behind
 * the mask and the places for what is not in it. */
#ifndef CRN_KERAS_LAYERS_PREPROCESSING_VOCABULARY_H
#define CRN_KERAS_LAYERS_PREPROCESSING_VOCABULARY_H

#include "keras/layers/preprocessing/category_modes.h"

typedef struct crn_vocabulary {
    const crn_object *tokens; /* a list, or None: not yet known */
    const crn_object *mask_token, *oov_token, *idf_weights, *max_tokens;
    const crn_object *size; /* with all places, as the config has it; None: unknown */
    int64_t num_oov_indices;
    crn_category_mode mode;
    bool pad_to_max_tokens, texts, inverts;
    crn_token_buckets buckets; /* hash and key of what is not in it */
} crn_vocabulary;

/* CRN_ARGUMENT in Keras's words for what makes no vocabulary. */
crn_status crn_vocabulary_check(const crn_layer *layer, const crn_vocabulary *self,
                                crn_error *err);
/* The width of encoded tokens; -1: unknown before the vocabulary is. */
int64_t crn_vocabulary_depth(const crn_vocabulary *self);

/* The two constants of crn_find_tokens(), and its buckets. CRN_ARGUMENT for tokens that stand
 * in it twice, or none. */
typedef struct crn_vocabulary_table {
    crn_value keys, values;
    crn_token_buckets buckets;
} crn_vocabulary_table;
crn_status crn_vocabulary_table_make(const crn_layer *layer, const crn_vocabulary *self,
                                     crn_graph *graph, crn_vocabulary_table *out);

/* Indices of tokens, in the layer's output_mode. */
crn_value crn_vocabulary_encode(const crn_layer *layer, const crn_vocabulary *self,
                                crn_graph *graph, crn_value indices);
/* Counts of indices (rows, depth), by the factors of tf_idf. */
crn_value crn_vocabulary_weigh(const crn_layer *layer, const crn_vocabulary *self,
                               crn_graph *graph, crn_value counts);
/* The token of each index, and oov_token for others. */
crn_value crn_vocabulary_invert(const crn_layer *layer, const crn_vocabulary *self,
                                crn_graph *graph, crn_value indices);

/* A file of the archive, "vocabulary.txt", as a list of its lines; or "idf_weights", float32
 * numbers. Leaves *tokens and *idf_weights alone where the config has them. */
crn_status crn_vocabulary_load(crn_layer *layer, bool texts, const char *name,
                               const uint8_t *bytes, size_t size, const crn_object **tokens,
                               const crn_object **idf_weights, crn_error *err);

#endif
