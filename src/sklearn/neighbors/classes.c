/* SPDX-License-Identifier: BSD-3-Clause */
/* Classes of one or several outputs. */
#include "sklearn/neighbors/classes.h"

#include <stdlib.h>

#include "base/dtype.h"
#include "format/pickle.h"
#include "ops/rows.h"

/* ---- reading ---- */

/* classes_ is an array, or with outputs_2d_ a list of arrays. */
static crn_status read_tables(crn_neighbors *self, crn_error *err)
{
    const bool list = self->outputs_2d_;
    if (list && !crn_object_is(self->classes_, CRN_OBJ_LIST))
        return crn_fail(err, CRN_FORMAT, "classes_ is no list, though outputs_2d_ is True");
    const size_t count = list ? crn_object_length(self->classes_) : 1;
    if (count == 0)
        return crn_fail(err, CRN_FORMAT, "classes_ is empty");
    self->output_classes = crn_calloc(count, sizeof *self->output_classes);
    if (self->output_classes == NULL)
        return crn_no_memory(err);
    self->outputs = (int64_t)count;
    for (size_t k = 0; k < count; k++) {
        crn_array *classes = &self->output_classes[k];
        CRN_TRY(crn_object_to_array(list ? crn_object_item(self->classes_, k) : self->classes_,
                                    classes, err));
        if (classes->ndim != 1 || classes->shape[0] < 1)
            return crn_fail(err, CRN_FORMAT, "classes_ holds no list of classes");
        if (crn_dtype_is_number(classes->dtype) !=
                crn_dtype_is_number(self->output_classes[0].dtype) ||
            (!crn_dtype_is_number(classes->dtype) && classes->dtype != CRN_STRING))
            return crn_fail(err, CRN_FORMAT, "classes_ are neither all numbers nor all str");
    }
    return CRN_OK;
}

/* _y (samples) or (samples, outputs) turned to (outputs, samples). */
static crn_status read_labels(crn_neighbors *self, crn_error *err)
{
    const crn_array *y = &self->_y;
    crn_array labels = CRN_ARRAY_INIT;
    if (!crn_dtype_is_number(y->dtype) || crn_dtype_is_float(y->dtype))
        return crn_fail(err, CRN_FORMAT, "_y does not hold class indices");
    CRN_TRY(crn_array_astype(y, CRN_INT64, &labels, err));
    const int64_t samples = self->n_samples_fit_, outputs = self->outputs;
    const int64_t shape[2] = {outputs, samples};
    crn_status status = CRN_OK;
    if (y->ndim < 1 || y->ndim > 2 || y->shape[0] != samples ||
        (y->ndim == 2 ? y->shape[1] : 1) != outputs)
        CRN_TRY_OR_DONE(crn_fail(err, CRN_FORMAT, "_y does not fit samples and classes_"));
    CRN_TRY_OR_DONE(crn_array_create(CRN_INT64, 0, 2, shape, &self->output_labels, err));
    for (int64_t i = 0; i < samples * outputs; i++) {
        const int64_t label = ((const int64_t *)labels.data)[i], k = i % outputs;
        if (label < 0 || label >= self->output_classes[k].shape[0])
            CRN_TRY_OR_DONE(crn_fail(err, CRN_FORMAT, "_y holds the class %lld of %lld",
                                     (long long)label,
                                     (long long)self->output_classes[k].shape[0]));
        ((int64_t *)self->output_labels.data)[k * samples + i / outputs] = label;
    }
done:
    crn_array_free(&labels);
    return status;
}

crn_status crn_neighbors_read_classes(crn_neighbors *self, crn_error *err)
{
    CRN_TRY(read_tables(self, err));
    return read_labels(self, err);
}

/* ---- lowering ---- */

crn_value crn_neighbors_labels(const crn_neighbors *self, crn_graph *graph, int64_t output)
{
    const crn_array all = crn_array_rows(&self->output_labels, output, output + 1);
    crn_array one = CRN_ARRAY_INIT;
    if (crn_array_astype(&all, CRN_INT64, &one, &graph->error) != CRN_OK)
        return CRN_NO_VALUE;
    crn_array_set_shape(&one, 1, &self->n_samples_fit_);
    const crn_value value = crn_graph_constant(graph, &one);
    crn_array_free(&one);
    return value;
}

/* NumPy writes all predictions into an array of the first output's type; strings get the width
 * of the longest. */
static int64_t shared_itemsize(const crn_neighbors *self)
{
    int64_t most = self->output_classes[0].itemsize;
    for (int64_t k = 1; self->output_classes[0].dtype == CRN_STRING && k < self->outputs; k++) {
        if (self->output_classes[k].itemsize > most)
            most = self->output_classes[k].itemsize;
    }
    return most;
}

crn_value crn_neighbors_class_table(const crn_neighbors *self, crn_graph *graph, int64_t output,
                                    const crn_array *more)
{
    const crn_array *classes = &self->output_classes[output];
    const crn_dtype dtype = self->output_classes[0].dtype;
    const int64_t itemsize = shared_itemsize(self), count = classes->shape[0];
    const int64_t length = count + (more != NULL);
    crn_array table = CRN_ARRAY_INIT;
    crn_value value = CRN_NO_VALUE;
    if (crn_array_create(dtype, itemsize, 1, &length, &table, &graph->error) != CRN_OK)
        return CRN_NO_VALUE;
    char *end = (char *)table.data + count * itemsize;
    if (crn_array_copy_to(classes, dtype, itemsize, table.data, &graph->error) == CRN_OK &&
        (more == NULL ||
         crn_array_copy_to(more, dtype, itemsize, end, &graph->error) == CRN_OK))
        value = crn_graph_constant(graph, &table);
    crn_array_free(&table);
    return value;
}

crn_value crn_neighbors_join(const crn_neighbors *self, crn_graph *graph,
                             const crn_value *predictions)
{
    if (!self->outputs_2d_)
        return predictions[0];
    crn_value *columns = crn_arena_alloc(graph->arena, (size_t)self->outputs, sizeof *columns);
    if (columns == NULL)
        return crn_graph_fail(graph, CRN_NO_MEMORY, "memory is used up");
    for (int64_t k = 0; k < self->outputs; k++)
        columns[k] = crn_reshape(graph, predictions[k], 1, (int64_t[]){1});
    return crn_concat(graph, columns, (int)self->outputs, 0);
}
