/* SPDX-License-Identifier: BSD-3-Clause */
/* Operations on texts and on features with names: what the vectorizers and hashers of
 * sklearn.feature_extraction are made of. */
#ifndef CRN_OPS_TEXT_H
#define CRN_OPS_TEXT_H

#include "ops/sparse.h"
#include "ops/text_analyzer.h"

/* From documents to counts of their terms. Owns its parts. */
typedef struct crn_text_counter {
    crn_text_analyzer analyzer;
    crn_term_table *vocabulary; /* the columns of the terms that count; NULL: all are hashed */
    int64_t n_features;
    crn_dtype dtype;     /* of the counts */
    bool binary;         /* 1 for every entry */
    bool alternate_sign; /* hashed: half of the terms count negative */
    bool absolute;       /* hashed: counts lose their sign at the end (non_negative=True) */
} crn_text_counter;

void crn_text_counter_clear(crn_text_counter *counter);

/* documents: CRN_OBJECT (rows), texts; sparse (rows, n_features). Takes what the counter owns,
 * also on failure. */
crn_value crn_count_text(crn_graph *graph, crn_value documents, crn_text_counter *counter);

/* What stands for each entry of a row that is not 0. */
typedef enum crn_entries_form {
    CRN_ENTRIES_NAMES,     /* [name, ...] */
    CRN_ENTRIES_INDICATED, /* the same; an entry that is not 1 fails the run */
    CRN_ENTRIES_REALS,     /* {name: 2.0, ...} */
    CRN_ENTRIES_INTS       /* {name: 2, ...} */
} crn_entries_form;

/* x (rows, n) float64, dense or sparse; names: a constant (n) of cells. One cell for each row. */
crn_value crn_name_entries(crn_graph *graph, crn_value x, crn_value names,
                           crn_entries_form form);

/* 1 + log(x) of what sparse float rows hold. */
crn_value crn_sublinear_tf(crn_graph *graph, crn_value x);

/* How a row names its features. */
typedef enum crn_features_form {
    CRN_FEATURES_DICT,  /* {name: value} */
    CRN_FEATURES_PAIRS, /* [(name, value), ...] */
    CRN_FEATURES_NAMES  /* [name, ...], of value 1 each */
} crn_features_form;

typedef struct crn_feature_hash_attributes {
    int64_t n_features;
    crn_features_form form;
    bool alternate_sign; /* half of the names count negative */
    bool absolute;       /* sums lose their sign at the end (non_negative=True) */
    bool whole;          /* values are cut to whole numbers: the dtype is an integer's */
} crn_feature_hash_attributes;

/* x: CRN_OBJECT (rows), dicts or lists; sparse float64 (rows, n_features). */
crn_value crn_feature_hash(crn_graph *graph, crn_value x,
                           const crn_feature_hash_attributes *attributes);

/* MurmurHash3 (x86, 32 bits; Austin Appleby's, public domain) with seed 0, as a signed number:
 * sklearn.utils.murmurhash3_32. */
int32_t crn_murmurhash3(const char *bytes, size_t size);
/* The hash of "name=value". */
int32_t crn_murmurhash3_of_pair(const char *name, size_t name_size, const char *value,
                                size_t value_size);

/* The column that FeatureHasher gives a hash. */
int64_t crn_hashed_column(int32_t hash, int64_t n_features);

#endif
