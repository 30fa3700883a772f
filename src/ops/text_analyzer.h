/* SPDX-License-Identifier: BSD-3-Clause */
/* From a document to its terms, as the analyzers of scikit-learn's vectorizers do it
 * (sklearn/feature_extraction/text.py 1.9): lower case, accents, tokens, stop words,
 * n-grams. */
#ifndef CRN_OPS_TEXT_ANALYZER_H
#define CRN_OPS_TEXT_ANALYZER_H

#include "ops/term_table.h"
#include "ops/token_pattern.h"

typedef enum crn_text_units {
    CRN_TEXT_WORDS,        /* analyzer='word' */
    CRN_TEXT_CHARACTERS,   /* 'char' */
    CRN_TEXT_WORDS_INSIDES /* 'char_wb': characters within words, which blanks surround */
} crn_text_units;

typedef enum crn_text_accents {
    CRN_ACCENTS_KEPT,
    CRN_ACCENTS_ASCII,  /* strip_accents='ascii': NFKD, and what is ASCII of it */
    CRN_ACCENTS_UNICODE /* 'unicode': NFKD without combining marks */
} crn_text_accents;

/* What the parameters say; owns what it points at. */
typedef struct crn_text_analyzer {
    crn_text_units units;
    crn_text_accents accents;
    bool lowercase;
    int64_t min_n, max_n;       /* ngram_range */
    crn_token_pattern *pattern; /* of words */
    crn_term_table *stop_words; /* NULL: none */
} crn_text_analyzer;

/* Most that ngram_range may ask for. */
enum { CRN_MOST_NGRAM = 1024 };

void crn_text_analyzer_clear(crn_text_analyzer *analyzer);

/* What one thread needs for its documents; its memory grows with them and stays. */
typedef struct crn_text_workspace crn_text_workspace;

crn_status crn_text_workspace_create(const crn_text_analyzer *analyzer,
                                     crn_text_workspace **out, crn_error *err);
void crn_text_workspace_destroy(crn_text_workspace *workspace); /* NULL is fine */

/* Takes a term of a document. */
typedef struct crn_term_sink crn_term_sink;
struct crn_term_sink {
    crn_status (*add)(crn_term_sink *sink, const char *term, size_t size, crn_error *err);
};

/* Gives the terms of a document (UTF-8) to the sink, in scikit-learn's order. */
crn_status crn_text_analyze(const crn_text_analyzer *analyzer, crn_text_workspace *workspace,
                            const char *text, size_t size, crn_term_sink *sink, crn_error *err);

#endif
