/* SPDX-License-Identifier: BSD-3-Clause */
#include "sklearn/children.h"

#include "model/opaque.h"
#include "ops/elementwise.h"
#include "ops/rows.h"
#include "sklearn/family.h"

/* ---- one child ---- */

bool crn_child_has(const crn_model *child, crn_method method)
{
    return child != NULL && child->type->has_method(child, method);
}

crn_type crn_child_input_type(const crn_model *child, crn_method method)
{
    const crn_estimator_base *self = child != NULL ? crn_model_estimator(child) : NULL;
    return self != NULL ? crn_estimator_input_type(self, method)
                        : crn_type_vector(CRN_FLOAT64, -1);
}

crn_admitted crn_child_admits(const crn_model *child, crn_method method)
{
    const crn_estimator_base *self = child != NULL ? crn_model_estimator(child) : NULL;
    return self != NULL ? crn_estimator_admits(self, method) : CRN_ADMITS_ALL;
}

bool crn_child_classes(const crn_model *child, crn_array *out)
{
    return child != NULL && child->type->classes != NULL && child->type->classes(child, out);
}

bool crn_child_is_estimator(const crn_model *child)
{
    if (child == NULL)
        return false;
    const crn_object *value = crn_opaque_object(child);
    return value == NULL || crn_object_is(value, CRN_OBJ_INSTANCE);
}

void crn_child_lend_features(const crn_model *child, crn_estimator_base *parent)
{
    const crn_estimator_base *self = child != NULL ? crn_model_estimator(child) : NULL;
    if (self == NULL)
        return;
    if (parent->n_features_in_ < 0)
        parent->n_features_in_ = self->n_features_in_;
    if (parent->feature_names == NULL && parent->n_features_in_ == self->n_features_in_)
        parent->feature_names = self->feature_names;
}

crn_status crn_child_require(const crn_model *child, crn_method method, const char *name,
                             crn_error *err)
{
    if (child == NULL)
        return crn_fail(err, CRN_FORMAT, "%s is None", name);
    crn_status status = crn_model_require(child, method, err);
    return status == CRN_OK ? CRN_OK : crn_where(err, "%s", name);
}

/* ---- all children ---- */

bool crn_children_next(const crn_estimator_base *self, crn_child_place *place)
{
    int64_t i = place->field == NULL ? 0 : place->i + 1;
    const crn_field *field = place->field == NULL ? self->type->fields : place->field;
    for (; field->name != NULL; field++, i = 0) {
        const void *at = (const char *)self + field->offset;
        const crn_model_list *list = at;
        *place = (crn_child_place){.field = field, .i = i};
        if (field->type == CRN_FIELD_MODEL && i == 0)
            place->model = *(crn_model *const *)at;
        if (field->type == CRN_FIELD_MODELS && i < list->count) {
            place->model = list->at[i];
            place->name = list->names != NULL ? list->names[i] : NULL;
        }
        if (place->model != NULL)
            return true;
    }
    return false;
}

bool crn_children_have(const crn_model_list *list, crn_method method)
{
    for (int64_t i = 0; i < list->count; i++) {
        if (!crn_child_has(list->at[i], method))
            return false;
    }
    return list->count > 0;
}

crn_type crn_children_input_type(const crn_model_list *list)
{
    crn_type type = crn_type_vector(CRN_FLOAT64, -1);
    for (int64_t i = 0; i < list->count; i++) {
        const crn_type one =
            crn_child_input_type(list->at[i], crn_model_main_method(list->at[i]));
        if (one.dtype != CRN_FLOAT64)
            return one;
        if (type.shape[0] < 0)
            type = one;
    }
    return type;
}

crn_admitted crn_children_admit(const crn_model_list *list)
{
    crn_admitted narrowest = CRN_ADMITS_ALL;
    for (int64_t i = 0; i < list->count; i++) {
        const crn_admitted one =
            crn_child_admits(list->at[i], crn_model_main_method(list->at[i]));
        if (one > narrowest)
            narrowest = one;
    }
    return narrowest;
}

void crn_children_lend_features(const crn_model_list *list, crn_estimator_base *parent)
{
    for (int64_t i = 0; i < list->count; i++) {
        crn_child_lend_features(list->at[i], parent);
        if (parent->n_features_in_ >= 0)
            return;
    }
}

crn_value crn_children_lower(const crn_model_list *list, int64_t i, crn_method method,
                             crn_graph *graph, crn_value x)
{
    const bool failed = graph->error.code != CRN_OK;
    const crn_value value = crn_sklearn_lower(list->at[i], method, graph, x);
    if (value == CRN_NO_VALUE && !failed)
        crn_where(&graph->error, "estimators_[%lld]", (long long)i);
    return value;
}

crn_value *crn_children_answers(const crn_model_list *list, crn_method method, crn_graph *graph,
                                crn_value x)
{
    crn_value *answers = crn_arena_alloc(graph->arena, (size_t)list->count, sizeof *answers);
    if (answers == NULL)
        crn_no_memory(&graph->error);
    for (int64_t i = 0; i < list->count && answers != NULL; i++)
        answers[i] = crn_children_lower(list, i, method, graph, x);
    return graph->error.code == CRN_OK ? answers : NULL;
}

/* ---- values ---- */

crn_value crn_sum_in_order(crn_graph *graph, const crn_value *values, int64_t count)
{
    crn_value sum = values[0];
    for (int64_t i = 1; i < count; i++)
        sum = crn_binary(graph, sum, values[i], CRN_BINARY_ADD);
    return sum;
}

static crn_value with_number(crn_graph *graph, crn_value x, double number, crn_binary_kind kind)
{
    const crn_value constant = crn_graph_numbers(graph, CRN_FLOAT64, &number, 1, 0);
    const crn_type type = *crn_graph_type(graph, x);
    if (type.ndim > 0)
        return crn_binary(graph, x, constant, kind);
    /* A scalar item keeps its shape. */
    x = crn_binary(graph, crn_as_column(graph, x), constant, kind);
    return crn_as_vector(graph, x);
}

crn_value crn_times(crn_graph *graph, crn_value x, double factor)
{
    return with_number(graph, x, factor, CRN_BINARY_MULTIPLY);
}

crn_value crn_divided_by(crn_graph *graph, crn_value x, double divisor)
{
    return with_number(graph, x, divisor, CRN_BINARY_DIVIDE);
}

crn_value crn_stack(crn_graph *graph, const crn_value *values, int64_t count)
{
    crn_value *columns = crn_arena_alloc(graph->arena, (size_t)count, sizeof *columns);
    if (columns == NULL)
        return crn_graph_fail(graph, CRN_NO_MEMORY, "out of memory");
    for (int64_t i = 0; i < count; i++) {
        crn_type type = *crn_graph_type(graph, values[i]);
        if (type.ndim >= CRN_MAX_NDIM - 1)
            return crn_graph_fail(graph, CRN_SHAPE, "an item of too many axes");
        type.shape[type.ndim++] = 1;
        columns[i] = crn_reshape(graph, values[i], type.ndim, type.shape);
    }
    return crn_concat(graph, columns, (int)count, -1);
}

crn_value crn_as_column(crn_graph *graph, crn_value x)
{
    return crn_reshape(graph, x, 1, (const int64_t[]){1});
}

crn_value crn_as_vector(crn_graph *graph, crn_value x)
{
    return crn_reshape(graph, x, 0, NULL);
}

crn_value crn_one_column(crn_graph *graph, crn_value x, int64_t k)
{
    return crn_as_vector(graph, crn_columns(graph, x, &k, 1));
}

crn_value crn_constant_rows(crn_graph *graph, crn_value x, const double *numbers, int64_t count)
{
    /* The sum of no columns is 0 for each row. */
    const crn_value none = crn_cast(graph, crn_columns(graph, x, NULL, 0), CRN_FLOAT64);
    const crn_value zero = crn_as_column(graph, crn_reduce(graph, none, CRN_REDUCE_SUM));
    return crn_binary(graph, zero, crn_graph_numbers(graph, CRN_FLOAT64, numbers, count, 0),
                      CRN_BINARY_ADD);
}

crn_value crn_child_binary_score(const crn_model *child, crn_graph *graph, crn_value x)
{
    if (crn_child_has(child, CRN_DECISION_FUNCTION)) {
        x = crn_sklearn_lower(child, CRN_DECISION_FUNCTION, graph, x);
        return crn_as_vector(graph, crn_cast(graph, x, CRN_FLOAT64));
    }
    if (crn_child_has(child, CRN_PREDICT_PROBA))
        return crn_one_column(graph, crn_sklearn_lower(child, CRN_PREDICT_PROBA, graph, x), 1);
    return crn_cast(graph, crn_sklearn_lower(child, CRN_PREDICT, graph, x), CRN_FLOAT64);
}

bool crn_child_has_binary_score(const crn_model *child)
{
    return crn_child_has(child, CRN_DECISION_FUNCTION) ||
           crn_child_has(child, CRN_PREDICT_PROBA) || crn_child_has(child, CRN_PREDICT);
}

double crn_child_binary_threshold(const crn_model *child)
{
    crn_array classes;
    const bool is_classifier = crn_child_classes(child, &classes);
    return is_classifier && crn_child_has(child, CRN_DECISION_FUNCTION) ? 0.0 : 0.5;
}

/* ---- writing ---- */

crn_status crn_write_deprecated(crn_document *document, crn_object *state, const char *sklearn,
                                const char *name, const char *since, const char *until,
                                crn_error *err)
{
    if (crn_version_compare(sklearn, since) < 0 || crn_version_compare(sklearn, until) >= 0)
        return CRN_OK;
    return crn_object_set(document, state, name, crn_object_str(document, "deprecated"))
               ? CRN_OK
               : crn_arena_fail(document->arena, err);
}

crn_status crn_write_named_estimators(crn_document *document, crn_object *state,
                                      const crn_model_list *estimators, crn_error *err)
{
    const crn_object *fitted = crn_object_get(state, "estimators_");
    crn_object *cls = crn_object_global(document, "sklearn.utils", "Bunch");
    crn_object *bunch = cls != NULL ? crn_object_instance(document, CRN_BY_NEWOBJ, cls) : NULL;
    if (bunch == NULL)
        return crn_arena_fail(document->arena, err);
    size_t next = 0;
    for (int64_t i = 0; i < estimators->count && estimators->names != NULL; i++) {
        const crn_object *dropped = crn_child_is_estimator(estimators->at[i])
                                        ? NULL
                                        : crn_opaque_object(estimators->at[i]);
        crn_object *pair[2] = {crn_object_str(document, estimators->names[i]),
                               dropped != NULL ? (crn_object *)dropped
                                               : crn_object_item(fitted, next++)};
        if (pair[1] == NULL)
            return crn_fail(err, CRN_FORMAT, "fewer estimators_ than estimators");
        if (pair[0] == NULL ||
            !crn_object_items_extend(document, &bunch->as.instance->set, pair, 2))
            return crn_arena_fail(document->arena, err);
    }
    return crn_object_set(document, state, "named_estimators_", bunch)
               ? CRN_OK
               : crn_arena_fail(document->arena, err);
}
