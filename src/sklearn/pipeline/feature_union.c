/* SPDX-License-Identifier: BSD-3-Clause */
/* FeatureUnion, as sklearn/pipeline.py (1.9): the same rows through several transformers, whose
 * outputs stand side by side, each times its weight. */
#include "model/opaque.h"
#include "ops/elementwise.h"
#include "ops/rows.h"
#include "sklearn/children.h"
#include "sklearn/pipeline/join.h"

typedef struct feature_union {
    crn_estimator_base base;
    crn_model_list transformer_list;
    const crn_object *n_jobs, *transformer_weights, *verbose, *verbose_feature_names_out;
} feature_union;

static const crn_field fields[] = {
    CRN_PARAM(feature_union, transformer_list, MODELS, NULL, NULL),
    CRN_PARAM(feature_union, n_jobs, OBJECT, "None", NULL),
    CRN_PARAM(feature_union, transformer_weights, OBJECT, "None", NULL),
    CRN_PARAM_SINCE(feature_union, verbose, OBJECT, "False", NULL, "0.21", NULL),
    CRN_PARAM_SINCE(feature_union, verbose_feature_names_out, OBJECT, "True", NULL, "1.5",
                    NULL),
    CRN_FIELDS_END,
};

/* 0.20 and 0.21 took None for 'drop'. */
static bool is_dropped(const crn_model *model)
{
    return crn_opaque_is_str(model, "drop") || crn_object_is_none(crn_opaque_object(model));
}

static bool is_transformer(const crn_model *model)
{
    return !is_dropped(model) && !crn_opaque_is_str(model, "passthrough");
}

static bool has_method(const void *self, crn_method method)
{
    const crn_model_list *list = &((const feature_union *)self)->transformer_list;
    for (int64_t i = 0; i < list->count; i++) {
        if (is_transformer(list->at[i]) && !crn_child_has(list->at[i], method))
            return false;
    }
    return list->names != NULL;
}

static crn_status read(void *self, const crn_object *state, const crn_field_context *context,
                       crn_error *err)
{
    feature_union *u = self;
    (void)state, (void)context;
    if (u->transformer_list.names == NULL)
        return crn_fail(err, CRN_FORMAT,
                        "transformer_list is no list of (name, transformer) pairs");
    u->base.fitted = has_method(self, CRN_TRANSFORM);
    crn_children_lend_features(&u->transformer_list, &u->base);
    return CRN_OK;
}

/* A transformer whose class is not known is named. */
static crn_status refuse(const void *self, crn_method method, crn_error *err)
{
    const crn_model_list *list = &((const feature_union *)self)->transformer_list;
    for (int64_t i = 0; i < list->count; i++) {
        if (!is_transformer(list->at[i]))
            continue;
        crn_status status = crn_model_require(list->at[i], method, err);
        if (status != CRN_OK)
            return crn_where(err, "transformer_list[%lld]", (long long)i);
    }
    return CRN_OK;
}

static crn_value lower(const void *self, crn_method method, crn_graph *graph, crn_value x)
{
    const feature_union *u = self;
    const crn_model_list *list = &u->transformer_list;
    crn_value *outputs = crn_arena_alloc(graph->arena, (size_t)list->count, sizeof *outputs);
    bool sparse = false;
    int count = 0;
    if (outputs == NULL)
        return crn_graph_fail(graph, CRN_NO_MEMORY, "out of memory");
    for (int64_t i = 0; i < list->count; i++) {
        if (is_dropped(list->at[i]))
            continue;
        crn_value y =
            is_transformer(list->at[i]) ? crn_children_lower(list, i, method, graph, x) : x;
        y = crn_weigh(graph, u->transformer_weights, list->names[i], y);
        sparse = sparse || crn_graph_type(graph, y)->sparse;
        outputs[count++] = y;
    }
    if (count == 0)
        return crn_columns(graph, crn_cast(graph, x, CRN_FLOAT64), NULL, 0);
    return crn_join_columns(graph, outputs, count, sparse);
}

static crn_type input_type(const void *self, crn_method method)
{
    const feature_union *u = self;
    (void)method;
    crn_type type = crn_children_input_type(&u->transformer_list);
    if (type.ndim == 1 && type.shape[0] < 0)
        type.shape[0] = u->base.n_features_in_;
    return type;
}

static crn_admitted admits(const void *self, crn_method method)
{
    (void)method;
    return crn_children_admit(&((const feature_union *)self)->transformer_list);
}

static bool stops_nan(const void *self)
{
    const crn_model_list *list = &((const feature_union *)self)->transformer_list;
    for (int64_t i = 0; i < list->count; i++) {
        if (!is_dropped(list->at[i]) && !crn_model_stops_nan(list->at[i]))
            return false;
    }
    return true;
}

const crn_estimator crn_estimator_FeatureUnion = {
    .name = "FeatureUnion",
    .module = "sklearn.pipeline",
    .modules = "sklearn.pipeline",
    .size = sizeof(feature_union),
    .fields = fields,
    .methods = 1u << CRN_TRANSFORM,
    .lower = lower,
    .has_method = has_method,
    .refuse = refuse,
    .admits = admits,
    .stops_nan = stops_nan,
    .input_type = input_type,
    .read = read,
};
