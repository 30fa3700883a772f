/* SPDX-License-Identifier: BSD-3-Clause */
/* MultiLabelBinarizer, as sklearn/preprocessing/_label.py (1.9): sets of labels as rows of ones and
 * zeros, and back: inverse_transform gives a list where Python has a tuple. */
#include <string.h>

#include "ops/elementwise.h"
#include "ops/records.h"
#include "ops/sparse.h"
#include "ops/text.h"
#include "sklearn/preprocessing/categories.h"

typedef struct multi_label_binarizer {
    crn_estimator_base base;
    const crn_object *classes;
    bool sparse_output;
    const crn_object *classes_;
    crn_categories known; /* of one feature */
} multi_label_binarizer;

static const crn_field fields[] = {
    CRN_PARAM(multi_label_binarizer, classes, OBJECT, "None", "array | None"),
    CRN_PARAM(multi_label_binarizer, sparse_output, BOOL, "False", NULL),
    CRN_FITTED(multi_label_binarizer, classes_, OBJECT),
    CRN_FIELDS_END,
};

static crn_status read(void *self, const crn_object *state, const crn_field_context *context,
                       crn_error *err)
{
    multi_label_binarizer *binarizer = self;
    crn_document *document = context->document;
    crn_object *list = crn_object_new(document, CRN_OBJ_LIST);
    (void)state;
    if (!binarizer->base.fitted)
        return CRN_OK;
    if (!crn_object_append(document, list, (crn_object *)(uintptr_t)binarizer->classes_))
        return crn_arena_fail(document->arena, err);
    return crn_categories_read(&binarizer->known, list, document->arena, err);
}

/* transform looks for a cache of the classes' columns, and makes it when it is None. */
static crn_status write(const void *self, crn_document *document, crn_object *state,
                        const char *sklearn, crn_error *err)
{
    const multi_label_binarizer *binarizer = self;
    (void)sklearn;
    if (!binarizer->base.fitted ||
        crn_object_set(document, state, "_cached_dict", crn_object_none(document)))
        return CRN_OK;
    return crn_arena_fail(document->arena, err);
}

static crn_value lower(const void *self, crn_method method, crn_graph *graph, crn_value x)
{
    const multi_label_binarizer *binarizer = self;
    crn_value keys, columns;
    if (method == CRN_INVERSE_TRANSFORM)
        return crn_name_entries(graph, crn_cast(graph, x, CRN_FLOAT64),
                                crn_categories_names(&binarizer->known, graph),
                                CRN_ENTRIES_INDICATED);
    crn_categories_sorted(&binarizer->known, graph, CRN_OBJECT, &keys, &columns);
    const crn_value y = crn_multi_hot(graph, x, keys, columns);
    return binarizer->sparse_output ? crn_sparsify(graph, y) : y;
}

static crn_type input_type(const void *self, crn_method method)
{
    const multi_label_binarizer *binarizer = self;
    return method == CRN_INVERSE_TRANSFORM
               ? crn_type_sparse(CRN_FLOAT64, binarizer->known.starts[1])
               : crn_type_rows(CRN_OBJECT, 0, NULL);
}

const crn_estimator crn_estimator_MultiLabelBinarizer = {
    .name = "MultiLabelBinarizer",
    .module = "sklearn.preprocessing",
    .modules = "sklearn.preprocessing._label sklearn.preprocessing.label",
    .size = sizeof(multi_label_binarizer),
    .fields = fields,
    .methods = 1u << CRN_TRANSFORM | 1u << CRN_INVERSE_TRANSFORM,
    .flags = CRN_LABELS_ONLY,
    .lower = lower,
    .input_type = input_type,
    .read = read,
    .write = write,
};
