/* SPDX-License-Identifier: BSD-3-Clause */
/* TfidfTransformer, which a TfidfVectorizer holds as well. */
#ifndef CRN_SKLEARN_FEATURE_EXTRACTION_TFIDF_TRANSFORMER_H
#define CRN_SKLEARN_FEATURE_EXTRACTION_TFIDF_TRANSFORMER_H

#include "sklearn/estimator.h"

typedef struct crn_tfidf_transformer {
    crn_estimator_base base;
    const char *norm; /* "l1", "l2", NULL */
    bool use_idf, smooth_idf, sublinear_tf;
    crn_array idf_; /* (n_features_in_); no data: without idf */
} crn_tfidf_transformer;

/* x: sparse counts, float32 or float64; the same type. */
crn_value crn_tfidf_transformer_lower(const crn_tfidf_transformer *self, crn_graph *graph,
                                      crn_value x);

#endif
