/* SPDX-License-Identifier: BSD-3-Clause */
/* KNeighborsClassifier and RadiusNeighborsClassifier, as sklearn/neighbors/_classification.py
 * (1.9): the neighbors of a row vote. */
#include <stdlib.h>
#include <string.h>

#include "base/dtype.h"
#include "format/pickle.h"
#include "ops/rows.h"
#include "sklearn/neighbors/classes.h"

/* clang-format off */
#define CLASSIFIER_FITTED                                                                      \
    CRN_FITTED(crn_neighbors, outputs_2d_, BOOL),                                              \
    CRN_FITTED(crn_neighbors, classes_, OBJECT),                                               \
    CRN_FITTED_ARRAY(crn_neighbors, _y, NULL)
/* clang-format on */

static const crn_field k_fields[] = {
    CRN_PARAM(crn_neighbors, n_neighbors, OBJECT, "5", "int >= 1 | None"),
    CRN_NEIGHBORS_WEIGHTS,
    CRN_NEIGHBORS_ALGORITHM,
    CRN_NEIGHBORS_LEAF_SIZE,
    CRN_NEIGHBORS_P,
    CRN_NEIGHBORS_METRIC,
    CRN_NEIGHBORS_METRIC_PARAMS,
    CRN_NEIGHBORS_N_JOBS,
    CRN_BASE_FIELDS,
    CLASSIFIER_FITTED,
    CRN_NEIGHBORS_FITTED,
    CRN_FIELDS_END,
};

static const crn_field radius_fields[] = {
    CRN_PARAM(crn_neighbors, radius, OBJECT, "1.0", "real [0, inf] | None"),
    CRN_NEIGHBORS_WEIGHTS,
    CRN_NEIGHBORS_ALGORITHM,
    CRN_NEIGHBORS_LEAF_SIZE,
    CRN_NEIGHBORS_P,
    CRN_NEIGHBORS_METRIC,
    CRN_NEIGHBORS_KEYWORD(outlier_label, OBJECT, "None", "int | str | array | None"),
    CRN_NEIGHBORS_METRIC_PARAMS,
    CRN_NEIGHBORS_N_JOBS,
    CRN_BASE_FIELDS,
    CLASSIFIER_FITTED,
    CRN_NEIGHBORS_FITTED,
    {.name = "outlier_label_",
     .type = CRN_FIELD_OBJECT,
     .flags = CRN_FIELD_FITTED | CRN_FIELD_OPTIONAL,
     .offset = offsetof(crn_neighbors, outlier_label_),
     .dflt = "None",
     .since = "0.22"},
    CRN_FIELDS_END,
};

static crn_status check(void *self, crn_error *err)
{
    CRN_TRY(crn_neighbors_check(self, err));
    return crn_neighbors_read_classes(self, err);
}

static void release(void *self)
{
    crn_neighbors *model = self;
    for (int64_t k = 0; k < model->outputs; k++)
        crn_array_free(&model->output_classes[k]);
    free(model->output_classes);
    crn_array_free(&model->output_labels);
    crn_neighbors_release(self);
}

static bool classes(const void *self, crn_array *out)
{
    const crn_neighbors *model = self;
    if (model->outputs != 1 || model->outputs_2d_)
        return false;
    *out = model->output_classes[0];
    return true;
}

/* ---- outliers: rows without neighbors within the radius ---- */

/* The label of an output's outliers, an array of one element; false: there is none. Versions
 * before 0.22 have one for all outputs. */
static bool outlier_label(const crn_neighbors *self, crn_graph *graph, int64_t output,
                          crn_array *out)
{
    const crn_object *labels = self->outlier_label_, *label = NULL;
    crn_array elements = CRN_ARRAY_INIT;
    if (labels == NULL || crn_object_is_none(labels)) {
        label = self->outlier_label; /* NULL for KNeighborsClassifier */
    } else if (crn_object_is(labels, CRN_OBJ_LIST) || crn_object_is(labels, CRN_OBJ_TUPLE)) {
        label = crn_object_item(labels, (size_t)output);
    } else if (crn_object_to_array(labels, &elements, &graph->error) == CRN_OK &&
               elements.ndim == 1 && output < elements.shape[0]) {
        *out = crn_array_rows(&elements, output, output + 1);
        out->owner = elements.owner;
        return true;
    }
    crn_array_free(&elements);
    return label != NULL && !crn_object_is_none(label) &&
           crn_object_to_array(label, out, &graph->error) == CRN_OK;
}

static bool same_element(const crn_array *table, int64_t i, int64_t k)
{
    const char *data = table->data;
    return memcmp(data + i * table->itemsize, data + k * table->itemsize,
                  (size_t)table->itemsize) == 0;
}

/* The class that outliers belong to: the last of the table is their label; -1: none of the
 * others equals it. */
static int64_t outlier_class(const crn_graph *graph, crn_value table)
{
    if (table == CRN_NO_VALUE)
        return -1;
    const crn_array *labels = &graph->values[table].array;
    const int64_t last = labels->shape[0] - 1;
    for (int64_t i = 0; i < last; i++) {
        if (same_element(labels, i, last))
            return i;
    }
    return -1;
}

/* ---- methods ---- */

/* The weights of neighbors, and who they are: CRN_NO_VALUE for all samples. */
typedef crn_value find_neighbors(const crn_neighbors *self, crn_graph *graph, crn_value x,
                                 crn_value *indices);

static crn_value find_nearest(const crn_neighbors *self, crn_graph *graph, crn_value x,
                              crn_value *indices)
{
    crn_value distances;
    if (!crn_neighbors_search(self, graph, x, -1, &distances, indices))
        return CRN_NO_VALUE;
    return crn_neighbors_weigh(self, graph, distances);
}

static crn_value find_within(const crn_neighbors *self, crn_graph *graph, crn_value x,
                             crn_value *indices)
{
    *indices = CRN_NO_VALUE;
    return crn_neighbors_weigh(self, graph, crn_neighbors_within_radius(self, graph, x));
}

static crn_value predict_output(const crn_neighbors *self, crn_graph *graph, crn_value weights,
                                crn_value indices, int64_t output, bool within)
{
    crn_neighbor_votes_attributes how = {.classes = self->output_classes[output].shape[0]};
    crn_array label = CRN_ARRAY_INIT;
    const bool has_label = within && outlier_label(self, graph, output, &label);
    if (has_label) {
        how.empty = CRN_NO_NEIGHBORS_CLASS;
        how.outlier = how.classes++;
    } else if (within) {
        how.empty = CRN_NO_NEIGHBORS_FAIL;
    }
    const crn_value table =
        crn_neighbors_class_table(self, graph, output, has_label ? &label : NULL);
    crn_array_free(&label);
    const crn_value votes = crn_neighbor_votes(graph, weights, indices,
                                               crn_neighbors_labels(self, graph, output), &how);
    return crn_take(graph, table, crn_argmax(graph, votes));
}

static crn_value proba_output(const crn_neighbors *self, crn_graph *graph, crn_value weights,
                              crn_value indices, int64_t output, bool within)
{
    crn_neighbor_votes_attributes how = {.classes = self->output_classes[output].shape[0],
                                         .share = true};
    crn_array label = CRN_ARRAY_INIT;
    if (within && outlier_label(self, graph, output, &label)) {
        const crn_value table = crn_neighbors_class_table(self, graph, output, &label);
        const int64_t cls = outlier_class(graph, table);
        how.empty = cls >= 0 ? CRN_NO_NEIGHBORS_CLASS : CRN_NO_NEIGHBORS_NOTHING;
        how.outlier = cls >= 0 ? cls : 0;
    } else if (within) {
        how.empty = CRN_NO_NEIGHBORS_FAIL;
    }
    crn_array_free(&label);
    return crn_neighbor_votes(graph, weights, indices,
                              crn_neighbors_labels(self, graph, output), &how);
}

static int lower(const crn_neighbors *self, crn_method method, crn_graph *graph, crn_value x,
                 crn_value *out, find_neighbors *find)
{
    const bool within = find == find_within;
    crn_value indices;
    const crn_value weights = find(self, graph, x, &indices);
    if (weights == CRN_NO_VALUE)
        return -1;
    if (method == CRN_PREDICT_PROBA) {
        if (self->outputs > CRN_MAX_PORTS) {
            crn_graph_fail(graph, CRN_UNSUPPORTED, "predict_proba of %lld outputs",
                           (long long)self->outputs);
            return -1;
        }
        for (int64_t k = 0; k < self->outputs; k++)
            out[k] = proba_output(self, graph, weights, indices, k, within);
        return out[self->outputs - 1] == CRN_NO_VALUE ? -1 : (int)self->outputs;
    }
    crn_value *labels = crn_arena_alloc(graph->arena, (size_t)self->outputs, sizeof *labels);
    if (labels == NULL) {
        crn_graph_fail(graph, CRN_NO_MEMORY, "memory is used up");
        return -1;
    }
    for (int64_t k = 0; k < self->outputs; k++)
        labels[k] = predict_output(self, graph, weights, indices, k, within);
    out[0] = crn_neighbors_join(self, graph, labels);
    return out[0] == CRN_NO_VALUE ? -1 : 1;
}

static int lower_k(const void *self, crn_method method, crn_graph *graph, crn_value x,
                   crn_value *out)
{
    if (method == CRN_KNEIGHBORS)
        return crn_neighbors_search(self, graph, x, -1, &out[0], &out[1]) ? 2 : -1;
    return lower(self, method, graph, x, out, find_nearest);
}

static int lower_radius(const void *self, crn_method method, crn_graph *graph, crn_value x,
                        crn_value *out)
{
    return lower(self, method, graph, x, out, find_within);
}

const crn_estimator crn_estimator_KNeighborsClassifier = {
    .name = "KNeighborsClassifier",
    .module = "sklearn.neighbors",
    .modules = "sklearn.neighbors._classification sklearn.neighbors.classification",
    .size = sizeof(crn_neighbors),
    .fields = k_fields,
    .methods = 1u << CRN_PREDICT | 1u << CRN_PREDICT_PROBA | 1u << CRN_KNEIGHBORS,
    .flags = CRN_NEEDS_Y,
    .lower_many = lower_k,
    .check = check,
    .admits = crn_neighbors_admits,
    .write = crn_neighbors_write,
    .classes = classes,
    .release = release,
};

const crn_estimator crn_estimator_RadiusNeighborsClassifier = {
    .name = "RadiusNeighborsClassifier",
    .module = "sklearn.neighbors",
    .modules = "sklearn.neighbors._classification sklearn.neighbors.classification",
    .size = sizeof(crn_neighbors),
    .fields = radius_fields,
    .methods = 1u << CRN_PREDICT | 1u << CRN_PREDICT_PROBA,
    .flags = CRN_NEEDS_Y,
    .lower_many = lower_radius,
    .check = check,
    .admits = crn_neighbors_admits,
    .write = crn_neighbors_write,
    .classes = classes,
    .release = release,
};
