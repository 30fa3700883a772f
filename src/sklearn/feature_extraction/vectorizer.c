/* SPDX-License-Identifier: BSD-3-Clause */
/* The parameters of vectorizers, and the analyzers that they say. */
#include "sklearn/feature_extraction/vectorizer.h"

#include <stdlib.h>
#include <string.h>

/* ---- what needs Python ---- */

static crn_status refuse_value(const char *name, const crn_object *value, crn_error *err)
{
    crn_text repr = {.cap = 128};
    crn_object_repr(value, 60, &repr);
    crn_fail(err, CRN_UNSUPPORTED, "%s=%s is not supported: it needs Python", name,
             repr.data != NULL ? repr.data : "<callable>");
    crn_text_free(&repr);
    return CRN_UNSUPPORTED;
}

/* None, or one of some strings, which end with NULL. */
static crn_status check_choice(const char *name, const crn_object *value,
                               const char *const *choices, crn_error *err)
{
    for (; *choices != NULL; choices++) {
        if (crn_object_is_str(value, *choices))
            return CRN_OK;
    }
    return crn_object_is_none(value) ? CRN_OK : refuse_value(name, value, err);
}

static crn_status read_ngram_range(const crn_vectorizer *self, int64_t *min_n, int64_t *max_n,
                                   crn_error *err)
{
    if (crn_object_length(self->ngram_range) != 2 ||
        !crn_object_as_int(crn_object_item(self->ngram_range, 0), min_n) ||
        !crn_object_as_int(crn_object_item(self->ngram_range, 1), max_n))
        return crn_fail(err, CRN_FORMAT, "ngram_range is not a pair of integers");
    if (*min_n > *max_n)
        return crn_fail(err, CRN_ARGUMENT,
                        "Invalid value for ngram_range=(%lld, %lld) lower boundary larger "
                        "than the upper boundary.",
                        (long long)*min_n, (long long)*max_n);
    if (*min_n < 1 || *max_n > CRN_MOST_NGRAM)
        return crn_fail(err, CRN_UNSUPPORTED,
                        "ngram_range=(%lld, %lld) is not supported: it lies between 1 and %d",
                        (long long)*min_n, (long long)*max_n, CRN_MOST_NGRAM);
    return CRN_OK;
}

static crn_status check_stop_words(const crn_object *words, crn_error *err)
{
    if (crn_object_is_none(words) || crn_object_is_str(words, "english"))
        return CRN_OK;
    if (crn_object_text(words) != NULL)
        return crn_fail(err, CRN_ARGUMENT, "not a built-in stop list: %s",
                        crn_object_text(words));
    if (!crn_object_is(words, CRN_OBJ_LIST) && !crn_object_is(words, CRN_OBJ_TUPLE) &&
        !crn_object_is(words, CRN_OBJ_SET) && !crn_object_is(words, CRN_OBJ_FROZENSET))
        return refuse_value("stop_words", words, err);
    return CRN_OK;
}

crn_status crn_vectorizer_check(const crn_vectorizer *self, crn_error *err)
{
    static const char *const accents[] = {"ascii", "unicode", NULL};
    static const char *const none[] = {NULL};
    static const char *const analyzers[] = {"word", "char", "char_wb", NULL};
    int64_t min_n, max_n;
    if (self->input == NULL || strcmp(self->input, "content") != 0)
        return crn_fail(err, CRN_UNSUPPORTED, "input='%s' is not supported: give the texts",
                        self->input != NULL ? self->input : "None");
    CRN_TRY(check_choice("strip_accents", self->strip_accents, accents, err));
    CRN_TRY(check_choice("preprocessor", self->preprocessor, none, err));
    CRN_TRY(check_choice("analyzer", self->analyzer, analyzers, err));
    if (crn_object_is_none(self->analyzer))
        return refuse_value("analyzer", self->analyzer, err);
    if (crn_object_is_str(self->analyzer, "word")) {
        CRN_TRY(check_choice("tokenizer", self->tokenizer, none, err));
        CRN_TRY(check_stop_words(self->stop_words, err));
        if (self->token_pattern == NULL)
            return crn_fail(err, CRN_UNSUPPORTED,
                            "token_pattern=None is not supported: words "
                            "need a pattern");
    }
    return read_ngram_range(self, &min_n, &max_n, err);
}

/* ---- the analyzer ---- */

/* A table of texts; all of them have the column 0. */
static crn_status create_set(const char *const *words, const size_t *sizes, size_t count,
                             crn_term_table **out, crn_error *err)
{
    size_t bytes = 0;
    for (size_t i = 0; i < count; i++)
        bytes += sizes[i];
    CRN_TRY(crn_term_table_create(count, bytes, out, err));
    for (size_t i = 0; i < count; i++)
        crn_term_table_add(*out, words[i], sizes[i], 0);
    return CRN_OK;
}

/* The texts of a list; what is no text equals no token. */
static size_t take_texts(const crn_object *list, const char **words, size_t *sizes)
{
    size_t count = 0;
    for (size_t i = 0; i < crn_object_length(list); i++) {
        const crn_object *word = crn_object_item(list, i);
        if (!crn_object_is(word, CRN_OBJ_STR))
            continue;
        words[count] = word->as.bytes.at;
        sizes[count++] = word->as.bytes.size;
    }
    return count;
}

static size_t take_english(const char **words, size_t *sizes)
{
    size_t count = 0;
    for (; crn_english_stop_words[count] != NULL; count++) {
        words[count] = crn_english_stop_words[count];
        sizes[count] = strlen(words[count]);
    }
    return count;
}

static crn_status create_stop_words(const crn_object *list, crn_term_table **out,
                                    crn_error *err)
{
    enum { ENGLISH_WORDS = 400 };
    const bool english = crn_object_is_str(list, "english");
    const size_t most = english ? ENGLISH_WORDS : crn_object_length(list);
    const char **words = crn_calloc(most, sizeof *words);
    size_t *sizes = crn_calloc(most, sizeof *sizes);
    crn_status status = CRN_NO_MEMORY;
    if (words == NULL || sizes == NULL)
        crn_no_memory(err);
    else
        status = create_set(
            words, sizes, english ? take_english(words, sizes) : take_texts(list, words, sizes),
            out, err);
    free(words);
    free(sizes);
    return status;
}

crn_status crn_vectorizer_analyzer(const crn_vectorizer *self, crn_text_analyzer *out,
                                   crn_error *err)
{
    crn_status status = CRN_OK;
    *out = (crn_text_analyzer){
        .units = crn_object_is_str(self->analyzer, "word")   ? CRN_TEXT_WORDS
                 : crn_object_is_str(self->analyzer, "char") ? CRN_TEXT_CHARACTERS
                                                             : CRN_TEXT_WORDS_INSIDES,
        .accents = crn_object_is_str(self->strip_accents, "ascii")     ? CRN_ACCENTS_ASCII
                   : crn_object_is_str(self->strip_accents, "unicode") ? CRN_ACCENTS_UNICODE
                                                                       : CRN_ACCENTS_KEPT,
        .lowercase = self->lowercase};
    CRN_TRY(read_ngram_range(self, &out->min_n, &out->max_n, err));
    if (out->units != CRN_TEXT_WORDS)
        return CRN_OK;
    CRN_TRY_OR_DONE(crn_token_pattern_create(self->token_pattern, strlen(self->token_pattern),
                                             &out->pattern, err));
    if (!crn_object_is_none(self->stop_words))
        CRN_TRY_OR_DONE(create_stop_words(self->stop_words, &out->stop_words, err));
done:
    if (status != CRN_OK)
        crn_text_analyzer_clear(out);
    return status;
}

crn_type crn_documents_type(const void *self, crn_method method)
{
    (void)self, (void)method;
    return crn_type_rows(CRN_OBJECT, 0, NULL);
}
