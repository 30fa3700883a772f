/* SPDX-License-Identifier: BSD-3-Clause */
/* DictVectorizer, as sklearn/feature_extraction/_dict_vectorizer.py (1.9): dicts of numbers and
 * texts as rows of numbers, and back. */
#include <string.h>

#include "ops/elementwise.h"
#include "ops/records.h"
#include "ops/sparse.h"
#include "ops/text.h"
#include "sklearn/dtype_parameter.h"
#include "sklearn/preprocessing/categories.h"

typedef struct dict_vectorizer {
    crn_estimator_base base;
    const crn_object *dtype;
    const crn_object *separator;
    bool sparse, sort;
    const crn_object *feature_names_, *vocabulary_;
    crn_categories known; /* of one feature */
    crn_dtype out;
} dict_vectorizer;

static const crn_field fields[] = {
    CRN_PARAM(dict_vectorizer, dtype, OBJECT, "numpy.float64", NULL),
    CRN_PARAM(dict_vectorizer, separator, OBJECT, "'='", "str"),
    CRN_PARAM(dict_vectorizer, sparse, BOOL, "True", NULL),
    CRN_PARAM(dict_vectorizer, sort, BOOL, "True", NULL),
    CRN_FITTED(dict_vectorizer, feature_names_, OBJECT),
    CRN_FITTED(dict_vectorizer, vocabulary_, OBJECT),
    CRN_FIELDS_END,
};

/* The names are in the order of the columns: vocabulary_ says the same. */
static crn_status read(void *self, const crn_object *state, const crn_field_context *context,
                       crn_error *err)
{
    dict_vectorizer *vectorizer = self;
    crn_document *document = context->document;
    crn_object *list = crn_object_new(document, CRN_OBJ_LIST);
    (void)state;
    if (!vectorizer->base.fitted)
        return CRN_OK;
    if (crn_object_text(vectorizer->separator) == NULL)
        return crn_fail(err, CRN_FORMAT, "separator is no str");
    CRN_TRY(crn_dtype_of_parameter(vectorizer->dtype, &vectorizer->out, err));
    if (!crn_object_append(document, list, (crn_object *)(uintptr_t)vectorizer->feature_names_))
        return crn_arena_fail(document->arena, err);
    CRN_TRY(crn_categories_read(&vectorizer->known, list, document->arena, err));
    if (crn_object_length(vectorizer->vocabulary_) != (size_t)vectorizer->known.starts[1])
        return crn_fail(err, CRN_FORMAT, "feature_names_ does not fit vocabulary_");
    return CRN_OK;
}

static crn_value lower(const void *self, crn_method method, crn_graph *graph, crn_value x)
{
    const dict_vectorizer *vectorizer = self;
    const crn_object *separator = vectorizer->separator;
    crn_value keys, columns;
    if (method == CRN_INVERSE_TRANSFORM)
        return crn_name_entries(graph, crn_cast(graph, x, CRN_FLOAT64),
                                crn_categories_names(&vectorizer->known, graph),
                                crn_dtype_is_float(vectorizer->out) ? CRN_ENTRIES_REALS
                                                                    : CRN_ENTRIES_INTS);
    crn_categories_sorted(&vectorizer->known, graph, CRN_OBJECT, &keys, &columns);
    crn_value y = crn_dict_features(graph, x, keys, columns, separator->as.bytes.at,
                                    separator->as.bytes.size);
    y = crn_cast(graph, y, vectorizer->out);
    return vectorizer->sparse ? crn_sparsify(graph, y) : y;
}

static crn_type input_type(const void *self, crn_method method)
{
    const dict_vectorizer *vectorizer = self;
    return method == CRN_INVERSE_TRANSFORM
               ? crn_type_sparse(CRN_FLOAT64, vectorizer->known.starts[1])
               : crn_type_rows(CRN_OBJECT, 0, NULL);
}

const crn_estimator crn_estimator_DictVectorizer = {
    .name = "DictVectorizer",
    .module = "sklearn.feature_extraction",
    .modules = "sklearn.feature_extraction._dict_vectorizer "
               "sklearn.feature_extraction.dict_vectorizer",
    .size = sizeof(dict_vectorizer),
    .fields = fields,
    .methods = 1u << CRN_TRANSFORM | 1u << CRN_INVERSE_TRANSFORM,
    .flags = CRN_LABELS_ONLY,
    .lower = lower,
    .input_type = input_type,
    .read = read,
};
