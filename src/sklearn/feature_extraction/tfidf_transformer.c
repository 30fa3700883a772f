/* SPDX-License-Identifier: BSD-3-Clause */
/* TfidfTransformer, as sklearn/feature_extraction/text.py (0.20 to 1.9). Until 1.4 the idf are
 * kept as the diagonal matrix _idf_diag and count when use_idf says so; from 1.5 on they are
 * the vector idf_ and count when it is there. */
#include "sklearn/feature_extraction/tfidf_transformer.h"

#include <string.h>

#include "format/scipy_sparse.h"
#include "ops/elementwise.h"
#include "ops/normalise_rows.h"
#include "ops/text.h"

typedef struct tfidf_transformer {
    crn_tfidf_transformer tfidf;
    crn_object *_idf_diag;
} tfidf_transformer;

static const crn_field fields[] = {
    CRN_PARAM(crn_tfidf_transformer, norm, STRING, "'l2'", "'l1' | 'l2' | None"),
    CRN_PARAM(crn_tfidf_transformer, use_idf, BOOL, "True", NULL),
    CRN_PARAM(crn_tfidf_transformer, smooth_idf, BOOL, "True", NULL),
    CRN_PARAM(crn_tfidf_transformer, sublinear_tf, BOOL, "False", NULL),
    CRN_BASE_FIELDS,
    {.name = "idf_",
     .type = CRN_FIELD_ARRAY,
     .flags = CRN_FIELD_FITTED | CRN_FIELD_OPTIONAL,
     .shape = "n_features_in_",
     .offset = offsetof(crn_tfidf_transformer, idf_),
     .since = "1.5"},
    {.name = "_idf_diag",
     .type = CRN_FIELD_OBJECT,
     .flags = CRN_FIELD_FITTED | CRN_FIELD_OPTIONAL | CRN_FIELD_UNWRITTEN,
     .dflt = "None",
     .offset = offsetof(tfidf_transformer, _idf_diag)},
    CRN_FIELDS_END,
};

static crn_status read(void *self, const crn_object *state, const crn_field_context *context,
                       crn_error *err)
{
    tfidf_transformer *t = self;
    (void)state, (void)context;
    if (t->tfidf.idf_.data == NULL && t->tfidf.use_idf && crn_object_is_sparse(t->_idf_diag))
        CRN_TRY(crn_sparse_diagonal(t->_idf_diag, &t->tfidf.idf_, err));
    /* Until 0.23 nothing says that fit was called without idf; then there is nothing to fit. */
    t->tfidf.base.fitted =
        t->tfidf.idf_.data != NULL || t->tfidf.base.n_features_in_ >= 0 || !t->tfidf.use_idf;
    return CRN_OK;
}

static crn_status check(void *self, crn_error *err)
{
    crn_tfidf_transformer *t = self;
    if (t->norm != NULL && strcmp(t->norm, "l1") != 0 && strcmp(t->norm, "l2") != 0)
        return crn_fail(err, CRN_UNSUPPORTED, "norm='%s' is not supported", t->norm);
    if (t->idf_.data == NULL)
        return CRN_OK;
    if (!crn_dtype_is_number(t->idf_.dtype) || t->idf_.ndim != 1)
        return crn_fail(err, CRN_DTYPE, "idf_ is no vector of numbers");
    if (t->base.n_features_in_ < 0)
        t->base.n_features_in_ = t->idf_.shape[0];
    if (t->base.n_features_in_ != t->idf_.shape[0])
        return crn_fail(err, CRN_SHAPE, "idf_ has %lld numbers for %lld features",
                        (long long)t->idf_.shape[0], (long long)t->base.n_features_in_);
    return CRN_OK;
}

crn_value crn_tfidf_transformer_lower(const crn_tfidf_transformer *self, crn_graph *graph,
                                      crn_value x)
{
    if (self->sublinear_tf)
        x = crn_sublinear_tf(graph, x);
    if (self->idf_.data != NULL) {
        const crn_dtype dtype = crn_graph_type(graph, x)->dtype;
        const crn_value idf = crn_cast(graph, crn_constant_float64(graph, &self->idf_), dtype);
        x = crn_scale(graph, x, CRN_SCALE_MULTIPLY_ADD, idf, CRN_NO_VALUE);
    }
    if (self->norm != NULL)
        x = crn_normalise_rows(graph, x,
                               strcmp(self->norm, "l1") == 0 ? CRN_NORM_L1 : CRN_NORM_L2);
    return x;
}

static crn_value lower(const void *self, crn_method method, crn_graph *graph, crn_value x)
{
    (void)method;
    if (crn_graph_type(graph, x)->dtype != CRN_FLOAT32)
        x = crn_cast(graph, x, CRN_FLOAT64);
    return crn_tfidf_transformer_lower(self, graph, crn_sparsify(graph, x));
}

static crn_type input_type(const void *self, crn_method method)
{
    (void)method;
    return crn_type_sparse(CRN_FLOAT64, ((const crn_estimator_base *)self)->n_features_in_);
}

/* ---- older versions ---- */

/* scipy.sparse.csr_matrix of the diagonal, under the path that every scipy has. */
static crn_object *diagonal_matrix(const crn_array *idf, crn_document *document, crn_error *err)
{
    const int64_t n = idf->shape[0], ends = n + 1;
    crn_array indices = CRN_ARRAY_INIT, indptr = CRN_ARRAY_INIT;
    crn_object *matrix = NULL;
    if (crn_array_create(CRN_INT32, 0, 1, &n, &indices, err) == CRN_OK &&
        crn_array_create(CRN_INT32, 0, 1, &ends, &indptr, err) == CRN_OK) {
        for (int64_t i = 0; i < n; i++)
            ((int32_t *)indices.data)[i] = ((int32_t *)indptr.data)[i] = (int32_t)i;
        ((int32_t *)indptr.data)[n] = (int32_t)n;
        crn_object *shape = crn_object_new(document, CRN_OBJ_TUPLE);
        crn_object *state = crn_object_new(document, CRN_OBJ_DICT);
        matrix = crn_object_instance(document, CRN_BY_NEWOBJ,
                                     crn_object_global(document, "scipy.sparse", "csr_matrix"));
        if (matrix != NULL && crn_object_append(document, shape, crn_object_int(document, n)) &&
            crn_object_append(document, shape, crn_object_int(document, n)) &&
            crn_object_set(document, state, "_shape", shape) &&
            crn_object_set(document, state, "maxprint", crn_object_int(document, 50)) &&
            crn_object_set(document, state, "indices", crn_object_array(document, &indices)) &&
            crn_object_set(document, state, "indptr", crn_object_array(document, &indptr)) &&
            crn_object_set(document, state, "data", crn_object_array(document, idf)))
            matrix->as.instance->state = state;
        else
            matrix = NULL;
    }
    crn_array_free(&indices);
    crn_array_free(&indptr);
    if (matrix == NULL && (err == NULL || err->code == CRN_OK))
        crn_arena_fail(document->arena, err);
    return matrix;
}

static crn_status write(const void *self, crn_document *document, crn_object *state,
                        const char *sklearn, crn_error *err)
{
    const crn_tfidf_transformer *t = self;
    if (!t->base.fitted || t->idf_.data == NULL)
        return CRN_OK;
    if (crn_version_compare(sklearn, "1.5") >= 0)
        return crn_object_set(document, state, "idf_", crn_object_array(document, &t->idf_))
                   ? CRN_OK
                   : crn_arena_fail(document->arena, err);
    crn_object *matrix = diagonal_matrix(&t->idf_, document, err);
    if (matrix == NULL)
        return CRN_NO_MEMORY;
    return crn_object_set(document, state, "use_idf", crn_object_bool(document, true)) &&
                   crn_object_set(document, state, "_idf_diag", matrix)
               ? CRN_OK
               : crn_arena_fail(document->arena, err);
}

const crn_estimator crn_estimator_TfidfTransformer = {
    .name = "TfidfTransformer",
    .module = "sklearn.feature_extraction.text",
    .modules = "sklearn.feature_extraction.text",
    .size = sizeof(tfidf_transformer),
    .fields = fields,
    .methods = 1u << CRN_TRANSFORM,
    .lower = lower,
    .check = check,
    .read = read,
    .write = write,
    .input_type = input_type,
};
