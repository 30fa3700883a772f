/* SPDX-License-Identifier: BSD-3-Clause */
/* What scikit-learn's vectorizers of texts have in common (_VectorizerMixin and CountVectorizer
 * of sklearn/feature_extraction/text.py, 0.20 to 1.9): their parameters, and how documents
 * become counts. */
#ifndef CRN_SKLEARN_FEATURE_EXTRACTION_VECTORIZER_H
#define CRN_SKLEARN_FEATURE_EXTRACTION_VECTORIZER_H

#include "ops/text.h"
#include "sklearn/dtype_parameter.h"
#include "sklearn/estimator.h"

/* The structs of the vectorizers begin with this. */
typedef struct crn_vectorizer {
    crn_estimator_base base;
    const char *input;
    const char *encoding;
    const char *decode_error;
    crn_object *strip_accents; /* 'ascii', 'unicode', None or a callable */
    bool lowercase;
    crn_object *preprocessor, *tokenizer; /* None or a callable */
    crn_object *stop_words;               /* 'english', a list of words or None */
    const char *token_pattern;
    crn_object *ngram_range; /* (min_n, max_n) */
    crn_object *analyzer;    /* 'word', 'char', 'char_wb' or a callable */
    bool binary;
    crn_object *dtype;
} crn_vectorizer;

/* A parameter that may only be given by name. */
#define CRN_KEYWORD(type_, member, kind, default_, constraint_)                                \
    {                                                                                          \
        .name = #member, .type = CRN_FIELD_##kind,                                             \
        .flags = CRN_FIELD_PARAM | CRN_FIELD_KEYWORD, .offset = offsetof(type_, member),       \
        .dflt = default_, .constraint = constraint_                                            \
    }

/* Rows in the order of the signatures, in which `analyzer` wanders. */
/* clang-format off */
#define CRN_VECTORIZER_INPUT_FIELDS                                                            \
    CRN_KEYWORD(crn_vectorizer, input, STRING, "'content'",                                    \
                "'content' | 'file' | 'filename'"),                                            \
    CRN_KEYWORD(crn_vectorizer, encoding, STRING, "'utf-8'", "str"),                           \
    CRN_KEYWORD(crn_vectorizer, decode_error, STRING, "'strict'",                              \
                "'ignore' | 'replace' | 'strict'"),                                            \
    CRN_KEYWORD(crn_vectorizer, strip_accents, OBJECT, "None",                                 \
                "'ascii' | 'unicode' | None | callable"),                                      \
    CRN_KEYWORD(crn_vectorizer, lowercase, BOOL, "True", NULL),                                \
    CRN_KEYWORD(crn_vectorizer, preprocessor, OBJECT, "None", "callable | None"),              \
    CRN_KEYWORD(crn_vectorizer, tokenizer, OBJECT, "None", "callable | None")
#define CRN_VECTORIZER_TOKEN_FIELDS                                                            \
    CRN_KEYWORD(crn_vectorizer, stop_words, OBJECT, "None", "'english' | list | None"),        \
    CRN_KEYWORD(crn_vectorizer, token_pattern, STRING, "'(?u)\\\\b\\\\w\\\\w+\\\\b'",          \
                "str | None"),                                                                 \
    CRN_KEYWORD(crn_vectorizer, ngram_range, OBJECT, "(1, 1)", "tuple")
#define CRN_VECTORIZER_ANALYZER_FIELD                                                          \
    CRN_KEYWORD(crn_vectorizer, analyzer, OBJECT, "'word'",                                    \
                "'char' | 'char_wb' | 'word' | callable")
/* clang-format on */

/* NULL behind the last. */
extern const char *const crn_english_stop_words[];

/* CRN_UNSUPPORTED, by name, for what needs Python: a callable, input='filename'. */
crn_status crn_vectorizer_check(const crn_vectorizer *self, crn_error *err);

/* The analyzer that the checked parameters say. */
crn_status crn_vectorizer_analyzer(const crn_vectorizer *self, crn_text_analyzer *out,
                                   crn_error *err);

/* A vector of CRN_OBJECT. */
crn_type crn_documents_type(const void *self, crn_method method);

/* ---- CountVectorizer and TfidfVectorizer ---- */

typedef struct crn_count_vectorizer {
    crn_vectorizer text;
    crn_object *max_df, *min_df; /* for fitting */
    crn_object *max_features;
    crn_object *vocabulary;     /* a dict, a list or a set of terms, or None */
    crn_object *vocabulary_;    /* {term: column}; None where fit was not called */
    crn_object *_stop_words_id; /* an address of the Python that fitted */
} crn_count_vectorizer;

/* clang-format off */
#define CRN_COUNT_VECTORIZER_FIELDS                                                            \
    CRN_KEYWORD(crn_count_vectorizer, max_df, OBJECT, "1.0", "float [0, 1] | int >= 1"),       \
    CRN_KEYWORD(crn_count_vectorizer, min_df, OBJECT, "1", "float [0, 1] | int >= 1"),         \
    CRN_KEYWORD(crn_count_vectorizer, max_features, OBJECT, "None", "int >= 1 | None"),        \
    CRN_KEYWORD(crn_count_vectorizer, vocabulary, OBJECT, "None",                              \
                "<collections.abc.Mapping> | has __iter__ | None")
#define CRN_COUNT_VECTORIZER_FITTED_FIELDS                                                     \
    {.name = "_stop_words_id", .type = CRN_FIELD_OBJECT,                                       \
     .flags = CRN_FIELD_FITTED | CRN_FIELD_OPTIONAL | CRN_FIELD_UNWRITTEN, .dflt = "None",     \
     .offset = offsetof(crn_count_vectorizer, _stop_words_id)},                                \
    {.name = "vocabulary_", .type = CRN_FIELD_OBJECT,                                          \
     .flags = CRN_FIELD_FITTED, .dflt = "None",                                                \
     .offset = offsetof(crn_count_vectorizer, vocabulary_)}
/* clang-format on */

/* Without fit, a vocabulary that was given is enough. */
crn_status crn_count_vectorizer_read(void *self, const crn_object *state,
                                     const crn_field_context *context, crn_error *err);
/* The parameters, and a vocabulary whose columns are those of a matrix. */
crn_status crn_count_vectorizer_check(void *self, crn_error *err);
/* Drops a vocabulary_ that is not there. */
crn_status crn_count_vectorizer_write(const void *self, crn_document *document,
                                      crn_object *state, const char *sklearn, crn_error *err);
/* Number of terms, of a checked one. */
int64_t crn_count_vectorizer_features(const crn_count_vectorizer *self);
/* A vector of texts, or for inverse_transform a sparse matrix. */
crn_type crn_count_vectorizer_input_type(const void *self, crn_method method);
/* inverse_transform: lists of terms. */
crn_value crn_count_vectorizer_invert(const crn_count_vectorizer *self, crn_graph *graph,
                                      crn_value x);
/* Sparse counts of documents, of the dtype that the parameter says. */
crn_value crn_count_vectorizer_lower(const crn_count_vectorizer *self, crn_graph *graph,
                                     crn_value documents);

#endif
