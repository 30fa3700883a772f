/* SPDX-License-Identifier: BSD-3-Clause */
#include "sklearn/tree/class_lists.h"

#include <stdlib.h>

#include "format/pickle.h"
#include "ops/rows.h"

static crn_status read_one(const crn_object *object, crn_array *out, crn_error *err)
{
    CRN_TRY(crn_object_to_array(object, out, err));
    if (out->ndim != 1 || out->shape[0] < 1)
        return crn_fail(err, CRN_FORMAT, "classes_ is not a list of classes");
    return CRN_OK;
}

crn_status crn_class_lists_read(const crn_object *classes, int64_t outputs,
                                crn_class_lists *out, crn_error *err)
{
    const bool many = outputs > 1;
    if (outputs < 1 || (many && (int64_t)crn_object_length(classes) != outputs))
        return crn_fail(err, CRN_FORMAT,
                        "classes_ is not a list of the classes of %lld outputs",
                        (long long)outputs);
    out->at = crn_calloc((size_t)outputs, sizeof *out->at);
    if (out->at == NULL)
        return crn_no_memory(err);
    out->outputs = outputs;
    if (!many)
        return read_one(classes, &out->at[0], err);
    for (int64_t k = 0; k < outputs; k++)
        CRN_TRY(read_one(crn_object_item(classes, (size_t)k), &out->at[k], err));
    return CRN_OK;
}

void crn_class_lists_free(crn_class_lists *lists)
{
    for (int64_t k = 0; k < lists->outputs; k++)
        crn_array_free(&lists->at[k]);
    free(lists->at);
    *lists = (crn_class_lists){0};
}

crn_object *crn_class_lists_counts(const crn_class_lists *lists, crn_document *document)
{
    if (lists->outputs == 1)
        return crn_object_int(document, lists->at[0].shape[0]);
    crn_object *counts = crn_object_new(document, CRN_OBJ_LIST);
    for (int64_t k = 0; k < lists->outputs; k++) {
        if (!crn_object_append(document, counts,
                               crn_object_int(document, lists->at[k].shape[0])))
            return NULL;
    }
    return counts;
}

crn_value crn_class_lists_label(const crn_class_lists *lists, int64_t output, crn_graph *graph,
                                crn_value scores)
{
    return crn_take(graph, crn_graph_constant(graph, &lists->at[output]),
                    crn_argmax(graph, scores));
}

/* The labels of an output in the type of the first output's, as they share an array. */
static crn_value column(const crn_class_lists *lists, int64_t output, crn_graph *graph,
                        crn_value scores)
{
    const crn_array *first = &lists->at[0], *mine = &lists->at[output];
    const int64_t one = 1;
    crn_array same = CRN_ARRAY_INIT;
    if (crn_array_create(first->dtype, first->itemsize, 1, mine->shape, &same, &graph->error) !=
        CRN_OK)
        return CRN_NO_VALUE;
    crn_value value = CRN_NO_VALUE;
    if (crn_array_copy_to(mine, first->dtype, first->itemsize, same.data, &graph->error) ==
        CRN_OK)
        value = crn_take(graph, crn_graph_constant(graph, &same), crn_argmax(graph, scores));
    crn_array_free(&same);
    return crn_reshape(graph, value, 1, &one);
}

crn_value crn_class_lists_labels(const crn_class_lists *lists, crn_graph *graph,
                                 const crn_value *scores)
{
    if (lists->outputs == 1)
        return crn_class_lists_label(lists, 0, graph, scores[0]);
    crn_value *columns = crn_calloc((size_t)lists->outputs, sizeof *columns);
    if (columns == NULL)
        return crn_graph_fail(graph, CRN_NO_MEMORY, "out of memory");
    for (int64_t k = 0; k < lists->outputs; k++)
        columns[k] = column(lists, k, graph, scores[k]);
    const crn_value labels = crn_concat(graph, columns, (int)lists->outputs, 0);
    free(columns);
    return labels;
}
