/* SPDX-License-Identifier: BSD-3-Clause */
/* HashingVectorizer, as sklearn/feature_extraction/text.py (0.20 to 1.9): terms are counted in
 * the columns of their hashes. */
#include <string.h>

#include "ops/elementwise.h"
#include "ops/normalise_rows.h"
#include "sklearn/feature_extraction/vectorizer.h"

typedef struct hashing_vectorizer {
    crn_vectorizer text;
    int64_t n_features;
    const char *norm;
    bool alternate_sign;
    bool non_negative;
} hashing_vectorizer;

static const crn_field fields[] = {
    CRN_VECTORIZER_INPUT_FIELDS,
    CRN_VECTORIZER_TOKEN_FIELDS,
    CRN_VECTORIZER_ANALYZER_FIELD,
    CRN_KEYWORD(hashing_vectorizer, n_features, INT, "1048576", "int [1, 2147483647)"),
    CRN_KEYWORD(crn_vectorizer, binary, BOOL, "False", NULL),
    CRN_KEYWORD(hashing_vectorizer, norm, STRING, "'l2'", "'l1' | 'l2' | None"),
    CRN_KEYWORD(hashing_vectorizer, alternate_sign, BOOL, "True", NULL),
    CRN_KEYWORD(crn_vectorizer, dtype, OBJECT, "numpy.float64", NULL),
    CRN_PARAM_SINCE(hashing_vectorizer, non_negative, BOOL, "False", NULL, NULL, "0.21"),
    CRN_FIELDS_END,
};

static crn_status check(void *self, crn_error *err)
{
    const hashing_vectorizer *v = self;
    crn_dtype dtype;
    CRN_TRY(crn_vectorizer_check(&v->text, err));
    CRN_TRY(crn_dtype_of_parameter(v->text.dtype, &dtype, err));
    if (v->n_features < 1 || v->n_features > INT32_MAX)
        return crn_fail(err, CRN_FORMAT, "n_features=%lld lies outside of 1 to 2**31 - 1",
                        (long long)v->n_features);
    if (v->norm != NULL && strcmp(v->norm, "l1") != 0 && strcmp(v->norm, "l2") != 0)
        return crn_fail(err, CRN_UNSUPPORTED, "norm='%s' is not supported", v->norm);
    return CRN_OK;
}

static crn_value lower(const void *self, crn_method method, crn_graph *graph, crn_value x)
{
    const hashing_vectorizer *v = self;
    crn_text_counter counter = {.n_features = v->n_features,
                                .binary = v->text.binary,
                                .alternate_sign = v->alternate_sign,
                                .absolute = v->non_negative};
    (void)method;
    if (graph->error.code != CRN_OK ||
        crn_dtype_of_parameter(v->text.dtype, &counter.dtype, &graph->error) != CRN_OK ||
        crn_vectorizer_analyzer(&v->text, &counter.analyzer, &graph->error) != CRN_OK)
        return CRN_NO_VALUE;
    x = crn_count_text(graph, x, &counter);
    if (v->norm == NULL)
        return x;
    if (counter.dtype != CRN_FLOAT32)
        x = crn_cast(graph, x, CRN_FLOAT64);
    return crn_normalise_rows(graph, x, strcmp(v->norm, "l1") == 0 ? CRN_NORM_L1 : CRN_NORM_L2);
}

const crn_estimator crn_estimator_HashingVectorizer = {
    .name = "HashingVectorizer",
    .module = "sklearn.feature_extraction.text",
    .modules = "sklearn.feature_extraction.text",
    .size = sizeof(hashing_vectorizer),
    .fields = fields,
    .methods = 1u << CRN_TRANSFORM,
    .flags = CRN_LABELS_ONLY,
    .lower = lower,
    .check = check,
    .input_type = crn_documents_type,
};
