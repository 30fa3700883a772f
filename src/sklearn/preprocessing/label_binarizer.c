/* SPDX-License-Identifier: BSD-3-Clause */
/* LabelBinarizer, as sklearn/preprocessing/_label.py (1.9): a column for each class, one column
 * for two. scikit-learn asks each time whether the labels at hand are of two classes or more;
 * here the classes of fit decide, so that a row does not look at the others. */
#include <stdlib.h>
#include <string.h>

#include "ops/category.h"
#include "ops/elementwise.h"
#include "ops/rows.h"
#include "ops/sparse.h"
#include "sklearn/children.h"
#include "sklearn/preprocessing/categories.h"

typedef struct label_binarizer {
    crn_estimator_base base;
    int64_t neg_label, pos_label;
    bool sparse_output;
    const char *y_type_;
    bool sparse_input_;
    const crn_object *classes_;
    crn_categories known; /* of one feature */
    int64_t n_classes;
} label_binarizer;

static const crn_field fields[] = {
    CRN_PARAM(label_binarizer, neg_label, INT, "0", "int"),
    CRN_PARAM(label_binarizer, pos_label, INT, "1", "int"),
    CRN_PARAM(label_binarizer, sparse_output, BOOL, "False", NULL),
    CRN_FITTED(label_binarizer, y_type_, STRING),
    CRN_FITTED(label_binarizer, sparse_input_, BOOL),
    CRN_FITTED(label_binarizer, classes_, OBJECT),
    CRN_FIELDS_END,
};

static crn_status read(void *self, const crn_object *state, const crn_field_context *context,
                       crn_error *err)
{
    label_binarizer *binarizer = self;
    crn_document *document = context->document;
    crn_object *list = crn_object_new(document, CRN_OBJ_LIST);
    (void)state;
    if (!binarizer->base.fitted)
        return CRN_OK;
    if (binarizer->y_type_ == NULL)
        return crn_fail(err, CRN_FORMAT, "y_type_ is None");
    if (!crn_object_append(document, list, (crn_object *)(uintptr_t)binarizer->classes_))
        return crn_arena_fail(document->arena, err);
    CRN_TRY(crn_categories_read(&binarizer->known, list, document->arena, err));
    binarizer->n_classes = binarizer->known.starts[1];
    return CRN_OK;
}

/* ---- lowering ---- */

static bool is_multilabel(const label_binarizer *self)
{
    return strncmp(self->y_type_, "multilabel", 10) == 0;
}

/* One column for two classes, and for one. */
static bool is_binary(const label_binarizer *self)
{
    return !is_multilabel(self) && self->n_classes <= 2;
}

/* pos_label where a flag is 1, neg_label where it is 0; the flags themselves where those are 1
 * and 0. */
static crn_value as_labels(const label_binarizer *self, crn_graph *graph, crn_value flags)
{
    const int64_t labels[] = {self->neg_label, self->pos_label};
    if (labels[0] == 0 && labels[1] == 1)
        return flags;
    return crn_take(graph, crn_graph_integers(graph, labels, 2), flags);
}

static crn_value lower_transform(const label_binarizer *self, crn_graph *graph, crn_value x)
{
    if (is_multilabel(self))
        return crn_cast(graph, crn_cast(graph, x, CRN_BOOL), CRN_INT64);
    const int64_t n = self->n_classes;
    const crn_one_hot_attributes attributes = {.width = is_binary(self) ? 1 : n,
                                               .dtype = CRN_INT64};
    int64_t *columns = crn_arena_alloc(graph->arena, (size_t)n + 1, sizeof *columns);
    if (columns == NULL)
        return crn_graph_fail(graph, CRN_NO_MEMORY, "out of memory");
    for (int64_t i = 0; i < n; i++)
        columns[i] = !is_binary(self) ? i : i == 1 ? 0 : -1;
    columns[n] = -1;
    const crn_value slots =
        crn_categories_slots(&self->known, graph, crn_as_column(graph, x), false);
    return crn_one_hot(graph, slots, crn_graph_integers(graph, columns, n + 1), &attributes);
}

/* The class of the largest column; of one column, the second class above the threshold. */
static crn_value lower_inverse(const label_binarizer *self, crn_graph *graph, crn_value x)
{
    const double threshold = ((double)self->pos_label + (double)self->neg_label) / 2.0;
    const crn_cell **cells =
        crn_arena_alloc(graph->arena, (size_t)self->n_classes, sizeof *cells);
    if (cells == NULL)
        return crn_graph_fail(graph, CRN_NO_MEMORY, "out of memory");
    if (is_multilabel(self))
        return crn_step(graph, x, threshold);
    for (int64_t i = 0; i < self->n_classes; i++)
        cells[i] = &self->known.values[i];
    const crn_value table =
        crn_categories_table(graph, cells, self->n_classes, self->known.common);
    if (!is_binary(self))
        return crn_take(graph, table, crn_argmax(graph, x));
    crn_value index = crn_step(graph, crn_as_vector(graph, x), threshold);
    if (self->n_classes == 1)
        index = crn_take(graph, crn_graph_integers(graph, (int64_t[]){0, 0}, 2), index);
    return crn_take(graph, table, index);
}

static crn_value lower(const void *self, crn_method method, crn_graph *graph, crn_value x)
{
    const label_binarizer *binarizer = self;
    if (method == CRN_INVERSE_TRANSFORM)
        return lower_inverse(binarizer, graph, x);
    const crn_value y = as_labels(binarizer, graph, lower_transform(binarizer, graph, x));
    return binarizer->sparse_output ? crn_sparsify(graph, y) : y;
}

static crn_type input_type(const void *self, crn_method method)
{
    const label_binarizer *binarizer = self;
    if (!binarizer->base.fitted)
        return crn_type_rows(CRN_FLOAT64, 0, NULL);
    if (method == CRN_INVERSE_TRANSFORM || is_multilabel(binarizer))
        return crn_type_vector(CRN_FLOAT64, is_binary(binarizer) ? 1 : binarizer->n_classes);
    return crn_type_rows(crn_categories_type(&binarizer->known).dtype, 0, NULL);
}

const crn_estimator crn_estimator_LabelBinarizer = {
    .name = "LabelBinarizer",
    .module = "sklearn.preprocessing",
    .modules = "sklearn.preprocessing._label sklearn.preprocessing.label",
    .size = sizeof(label_binarizer),
    .fields = fields,
    .methods = 1u << CRN_TRANSFORM | 1u << CRN_INVERSE_TRANSFORM,
    .flags = CRN_LABELS_ONLY,
    .lower = lower,
    .input_type = input_type,
    .read = read,
};
