/* SPDX-License-Identifier: BSD-3-Clause */
/* Operations from tokens, texts or whole numbers, to indices: what the lookup and hashing layers
 * of Keras are made of. Tokens are CRN_OBJECT cells that hold texts, or int64. */
#ifndef CRN_OPS_TOKENS_H
#define CRN_OPS_TOKENS_H

#include "ops/graph.h"

typedef enum crn_token_hash {
    CRN_TOKEN_FARM,  /* FarmHash's fingerprint, of a number's decimal digits */
    CRN_TOKEN_SIP,   /* SipHash under the key */
    CRN_TOKEN_MODULO /* a number itself, modulo the buckets as Python's % */
} crn_token_hash;

typedef struct crn_token_buckets {
    int64_t count, first; /* buckets first .. first + count - 1 */
    crn_token_hash hash;
    uint64_t key[2];
} crn_token_buckets;

/* The bucket of one token; size < 0: `number`. */
int64_t crn_token_bucket(const crn_token_buckets *buckets, const char *text, int64_t size,
                         int64_t number);

/* The bucket of each token of x, int64. mask: a token without axes that has bucket 0, or
 * CRN_NO_VALUE. */
crn_value crn_hash_tokens(crn_graph *graph, crn_value x, crn_value mask,
                          const crn_token_buckets *buckets);

/* values[k] for a token that equals keys[k], int64; buckets for others, and with count 0 they fail
 * the run. keys (n): sorted as crn_cell_compare() or numbers are, each once. values (n). */
crn_value crn_find_tokens(crn_graph *graph, crn_value x, crn_value keys, crn_value values,
                          const crn_token_buckets *buckets);

/* The fingerprint of each row's tokens, one of each value, modulo `buckets`: int64 with the shape
 * of all of them, as tf.sparse.cross_hashed. */
crn_value crn_cross_tokens(crn_graph *graph, const crn_value *values, int count,
                           int64_t buckets);

typedef enum crn_text_split {
    CRN_SPLIT_NONE,
    CRN_SPLIT_WHITESPACE, /* at ASCII's blanks */
    CRN_SPLIT_CHARACTER   /* into code points */
} crn_text_split;

enum { CRN_MOST_NGRAMS = 31 };

typedef struct crn_vectorize_attributes {
    bool lowers, strips_punctuation; /* of ASCII */
    crn_text_split split;
    uint32_t ngrams; /* bit n: n-grams of n tokens; without a split there are none */
    bool counts;     /* else indices, up to `width` of them, filled up with 0 */
    bool binary;     /* of counts: 1 for what is there at all */
    int64_t width, oov;
} crn_vectorize_attributes;

/* texts: CRN_OBJECT, one each row; keys and values as those of crn_find_tokens(), oov for all
 * others. int64 (rows, width), or float32 counts. */
crn_value crn_vectorize_text(crn_graph *graph, crn_value texts, crn_value keys,
                             crn_value values, const crn_vectorize_attributes *attributes);

#endif
