/* SPDX-License-Identifier: BSD-3-Clause */
/* FeatureHasher, as sklearn/feature_extraction/_hash.py (0.20 to 1.9): rows of named features,
 * given as dicts, pairs or names, in the columns of the names' hashes. */
#include <string.h>

#include "ops/elementwise.h"
#include "sklearn/feature_extraction/vectorizer.h"

typedef struct feature_hasher {
    crn_estimator_base base;
    int64_t n_features;
    const char *input_type;
    crn_object *dtype;
    bool alternate_sign;
    bool non_negative;
} feature_hasher;

static const crn_field fields[] = {
    CRN_PARAM(feature_hasher, n_features, INT, "1048576", "int [1, 2147483647]"),
    CRN_KEYWORD(feature_hasher, input_type, STRING, "'dict'", "'dict' | 'pair' | 'string'"),
    CRN_KEYWORD(feature_hasher, dtype, OBJECT, "numpy.float64", NULL),
    CRN_KEYWORD(feature_hasher, alternate_sign, BOOL, "True", NULL),
    CRN_PARAM_SINCE(feature_hasher, non_negative, BOOL, "False", NULL, NULL, "0.21"),
    CRN_FIELDS_END,
};

static crn_status check(void *self, crn_error *err)
{
    const feature_hasher *h = self;
    crn_dtype dtype;
    CRN_TRY(crn_dtype_of_parameter(h->dtype, &dtype, err));
    if (h->n_features < 1 || h->n_features > INT32_MAX)
        return crn_fail(err, CRN_FORMAT, "n_features=%lld lies outside of 1 to 2**31 - 1",
                        (long long)h->n_features);
    if (h->input_type == NULL ||
        (strcmp(h->input_type, "dict") != 0 && strcmp(h->input_type, "pair") != 0 &&
         strcmp(h->input_type, "string") != 0))
        return crn_fail(err, CRN_UNSUPPORTED, "input_type='%s' is not supported",
                        h->input_type != NULL ? h->input_type : "None");
    return CRN_OK;
}

static crn_value lower(const void *self, crn_method method, crn_graph *graph, crn_value x)
{
    const feature_hasher *h = self;
    crn_dtype dtype = CRN_FLOAT64;
    (void)method;
    if (graph->error.code != CRN_OK ||
        crn_dtype_of_parameter(h->dtype, &dtype, &graph->error) != CRN_OK)
        return CRN_NO_VALUE;
    const crn_feature_hash_attributes attributes = {
        .n_features = h->n_features,
        .form = strcmp(h->input_type, "dict") == 0   ? CRN_FEATURES_DICT
                : strcmp(h->input_type, "pair") == 0 ? CRN_FEATURES_PAIRS
                                                     : CRN_FEATURES_NAMES,
        .alternate_sign = h->alternate_sign,
        .absolute = h->non_negative,
        .whole = !crn_dtype_is_float(dtype)};
    return crn_cast(graph, crn_feature_hash(graph, x, &attributes), dtype);
}

const crn_estimator crn_estimator_FeatureHasher = {
    .name = "FeatureHasher",
    .module = "sklearn.feature_extraction",
    .modules = "sklearn.feature_extraction._hash sklearn.feature_extraction.hashing",
    .size = sizeof(feature_hasher),
    .fields = fields,
    .methods = 1u << CRN_TRANSFORM,
    .flags = CRN_LABELS_ONLY,
    .lower = lower,
    .check = check,
    .input_type = crn_documents_type,
};
