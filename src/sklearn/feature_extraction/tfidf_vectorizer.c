/* SPDX-License-Identifier: BSD-3-Clause */
/* TfidfVectorizer, as sklearn/feature_extraction/text.py (0.20 to 1.9): a CountVectorizer whose
 * counts go through the TfidfTransformer that it holds. Until 1.0 norm, use_idf, smooth_idf and
 * sublinear_tf are that transformer's alone. */
#include <string.h>

#include "ops/elementwise.h"
#include "sklearn/feature_extraction/tfidf_transformer.h"
#include "sklearn/feature_extraction/vectorizer.h"
#include "sklearn/family.h"

typedef struct tfidf_vectorizer {
    crn_count_vectorizer count;
    const char *norm;
    bool use_idf, smooth_idf, sublinear_tf;
    crn_model *_tfidf;
} tfidf_vectorizer;

static const crn_field fields[] = {
    CRN_VECTORIZER_INPUT_FIELDS,
    CRN_VECTORIZER_ANALYZER_FIELD,
    CRN_VECTORIZER_TOKEN_FIELDS,
    CRN_COUNT_VECTORIZER_FIELDS,
    CRN_KEYWORD(crn_vectorizer, binary, BOOL, "False", NULL),
    CRN_KEYWORD(crn_vectorizer, dtype, OBJECT, "numpy.float64", NULL),
    CRN_KEYWORD(tfidf_vectorizer, norm, STRING, "'l2'", "'l1' | 'l2' | None"),
    CRN_KEYWORD(tfidf_vectorizer, use_idf, BOOL, "True", NULL),
    CRN_KEYWORD(tfidf_vectorizer, smooth_idf, BOOL, "True", NULL),
    CRN_KEYWORD(tfidf_vectorizer, sublinear_tf, BOOL, "False", NULL),
    CRN_FITTED(tfidf_vectorizer, _tfidf, MODEL),
    CRN_COUNT_VECTORIZER_FITTED_FIELDS,
    CRN_FIELDS_END,
};

/* NULL when there is none, or something else in its place. */
static crn_tfidf_transformer *transformer_of(const tfidf_vectorizer *self)
{
    crn_estimator_base *child = self->_tfidf != NULL ? crn_model_estimator(self->_tfidf) : NULL;
    return child != NULL && child->type == &crn_estimator_TfidfTransformer
               ? (crn_tfidf_transformer *)child
               : NULL;
}

static crn_status read(void *self, const crn_object *state, const crn_field_context *context,
                       crn_error *err)
{
    tfidf_vectorizer *v = self;
    const crn_tfidf_transformer *child = transformer_of(v);
    CRN_TRY(crn_count_vectorizer_read(self, state, context, err));
    if (child != NULL && crn_object_get(state, "use_idf") == NULL) {
        v->norm = child->norm;
        v->use_idf = child->use_idf;
        v->smooth_idf = child->smooth_idf;
        v->sublinear_tf = child->sublinear_tf;
    }
    v->count.text.base.fitted =
        v->count.text.base.fitted && child != NULL && child->base.fitted;
    return CRN_OK;
}

static crn_status check(void *self, crn_error *err)
{
    const tfidf_vectorizer *v = self;
    crn_tfidf_transformer *child = transformer_of(v);
    CRN_TRY(crn_count_vectorizer_check(self, err));
    const int64_t terms = crn_count_vectorizer_features(&v->count);
    if (child->base.n_features_in_ < 0)
        child->base.n_features_in_ = terms;
    if (child->base.n_features_in_ != terms)
        return crn_fail(err, CRN_SHAPE, "_tfidf was fitted on %lld terms of %lld",
                        (long long)child->base.n_features_in_, (long long)terms);
    return CRN_OK;
}

static crn_value lower(const void *self, crn_method method, crn_graph *graph, crn_value x)
{
    const tfidf_vectorizer *v = self;
    if (method == CRN_INVERSE_TRANSFORM)
        return crn_count_vectorizer_invert(&v->count, graph, x);
    x = crn_count_vectorizer_lower(&v->count, graph, x);
    if (crn_graph_type(graph, x)->dtype != CRN_FLOAT32)
        x = crn_cast(graph, x, CRN_FLOAT64);
    return crn_tfidf_transformer_lower(transformer_of(v), graph, x);
}

/* The transformer that the constructor made until 1.0. NULL with an error. */
static crn_object *make_transformer(const tfidf_vectorizer *self, crn_document *document,
                                    const char *sklearn, crn_error *err)
{
    const crn_field_context context = {.document = document, .class_name = "TfidfTransformer"};
    crn_estimator_base *made = NULL;
    crn_model *model = NULL;
    if (crn_estimator_create(&crn_estimator_TfidfTransformer, &context, &made, err) != CRN_OK)
        return NULL;
    crn_tfidf_transformer *transformer = (crn_tfidf_transformer *)made;
    transformer->norm = self->norm;
    transformer->use_idf = self->use_idf;
    transformer->smooth_idf = self->smooth_idf;
    transformer->sublinear_tf = self->sublinear_tf;
    if (crn_model_create(&crn_sklearn_model_type, made, document, &model, err) != CRN_OK) {
        crn_estimator_release(made);
        return NULL;
    }
    crn_object *written = crn_sklearn_write(model, document, sklearn, err);
    crn_model_destroy(model);
    return written;
}

static crn_status write(const void *self, crn_document *document, crn_object *state,
                        const char *sklearn, crn_error *err)
{
    static const char *const child_only[] = {"norm", "use_idf", "smooth_idf", "sublinear_tf"};
    const size_t count = sizeof child_only / sizeof *child_only;
    CRN_TRY(crn_count_vectorizer_write(self, document, state, sklearn, err));
    if (crn_version_compare(sklearn, "1.1") >= 0)
        return CRN_OK;
    for (size_t i = 0; i < count; i++)
        crn_object_unset(state, child_only[i]);
    if (crn_object_get(state, "_tfidf") != NULL)
        return CRN_OK;
    crn_object *made = make_transformer(self, document, sklearn, err);
    if (made == NULL)
        return err != NULL ? err->code : CRN_INTERNAL;
    return crn_object_set(document, state, "_tfidf", made)
               ? CRN_OK
               : crn_arena_fail(document->arena, err);
}

const crn_estimator crn_estimator_TfidfVectorizer = {
    .name = "TfidfVectorizer",
    .module = "sklearn.feature_extraction.text",
    .modules = "sklearn.feature_extraction.text",
    .size = sizeof(tfidf_vectorizer),
    .fields = fields,
    .methods = 1u << CRN_TRANSFORM | 1u << CRN_INVERSE_TRANSFORM,
    .flags = CRN_LABELS_ONLY,
    .lower = lower,
    .check = check,
    .read = read,
    .write = write,
    .input_type = crn_count_vectorizer_input_type,
};
