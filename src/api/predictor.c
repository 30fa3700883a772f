/* SPDX-License-Identifier: BSD-3-Clause */
/* Predictors: a method lowered to operations, planned, and run with memory of its own. */
#include "api/predictor.h"

#include <stdio.h>
#include <stdlib.h>

#include "api/input_check.h"
#include "api/options.h"
#include "base/cell.h"
#include "plan/plan.h"

struct crn_predictor {
    crn_plan *plan; /* counted: clones share it */
    crn_run *run;
    crn_pool *pool;
    int input_count;
    crn_input_check *checks; /* [input_count] */
    crn_array *converted;    /* [input_count] rows as the model takes them, where they came as
                                strings or cells and it takes cells or numbers; else no data */
};

/* ---- lowering ---- */

/* A column of labels stands for their vector, as sklearn.utils.column_or_1d takes it. */
static crn_array as_item_rows(const crn_input_check *check, const crn_array *rows)
{
    crn_array view = *rows;
    if (check->type.ndim == 0 && rows->ndim == 2 && rows->shape[1] == 1)
        view.ndim = 1;
    return view;
}

/* Lengths that the model does not know are those of the rows at hand. */
static crn_status settle_type(const crn_input_check *check, const crn_array *rows, bool sparse,
                              crn_type *type, crn_error *err)
{
    *type = check->type;
    if (sparse && type->ndim == 1 && crn_dtype_is_number(type->dtype))
        type->sparse = true;
    for (int32_t i = 0; i < type->ndim; i++) {
        if (type->shape[i] >= 0)
            continue;
        if (rows == NULL)
            return crn_fail(
                err, CRN_SHAPE,
                "axis %d of input '%s' of %s has no fixed length: predict with rows at hand",
                i + 1, check->port_name, check->class_name);
        if (rows->ndim != type->ndim + 1)
            return crn_fail(err, CRN_SHAPE, "input '%s' of %s must have %d axes, not %d",
                            check->port_name, check->class_name, type->ndim + 1, rows->ndim);
        type->shape[i] = rows->shape[i + 1];
    }
    return CRN_OK;
}

static crn_status lower(const crn_model *model, crn_method method, crn_graph *graph,
                        crn_error *err)
{
    crn_value out[CRN_MAX_PORTS];
    int count = model->type->lower(model, method, graph, graph->inputs, out);
    CRN_TRY(crn_graph_status(graph, err));
    if (count < 1)
        return crn_fail(err, CRN_INTERNAL, "%s.%s gave no output",
                        model->type->class_name(model), crn_method_name(method));
    for (int i = 0; i < count; i++) {
        char name[64];
        snprintf(name, sizeof name, count == 1 ? "%s" : "%s_%d", crn_method_name(method), i);
        crn_graph_output(graph, name, out[i]);
    }
    return crn_graph_status(graph, err);
}

crn_status crn_model_graph(const crn_model *model, crn_method method, const crn_array *inputs,
                           bool sparse, crn_graph **out, crn_error *err)
{
    CRN_TRY(crn_model_require(model, method, err));
    crn_input_check checks[CRN_MAX_PORTS];
    int count = crn_input_checks(model, method, checks);
    crn_graph *graph = NULL;
    crn_status status = CRN_OK;
    CRN_TRY_OR_DONE(crn_graph_create(&graph, err));
    for (int i = 0; i < count; i++) {
        crn_type type;
        const crn_array rows =
            inputs != NULL ? as_item_rows(&checks[i], &inputs[i]) : (crn_array)CRN_ARRAY_INIT;
        if (inputs != NULL)
            CRN_TRY_OR_DONE(crn_input_check_rows(&checks[i], &rows, err));
        CRN_TRY_OR_DONE(settle_type(&checks[i], inputs != NULL ? &rows : NULL,
                                    sparse || (inputs != NULL && inputs[i].dtype == CRN_CSR),
                                    &type, err));
        crn_graph_input(graph, checks[i].port_name, &type);
    }
    CRN_TRY_OR_DONE(crn_graph_status(graph, err));
    CRN_TRY_OR_DONE(lower(model, method, graph, err));
done:
    if (status != CRN_OK)
        crn_graph_destroy(graph);
    else
        *out = graph;
    return status;
}

/* ---- making ---- */

/* Takes a reference of the plan, also on failure. */
static crn_status create_over(crn_plan *plan, crn_pool *pool, const crn_input_check *checks,
                              int count, crn_predictor **out, crn_error *err)
{
    crn_status status = CRN_OK;
    crn_predictor *predictor = crn_calloc(1, sizeof *predictor);
    if (predictor == NULL) {
        crn_plan_release(plan);
        return crn_no_memory(err);
    }
    predictor->plan = plan;
    predictor->pool = pool;
    predictor->input_count = count;
    predictor->checks = crn_calloc((size_t)count, sizeof *checks);
    predictor->converted = crn_calloc((size_t)count, sizeof *predictor->converted);
    if (predictor->checks == NULL || predictor->converted == NULL)
        CRN_TRY_OR_DONE(crn_no_memory(err));
    for (int i = 0; i < count; i++)
        predictor->checks[i] = checks[i];
    CRN_TRY_OR_DONE(crn_run_create(plan, pool, &predictor->run, err));
done:
    if (status != CRN_OK)
        crn_predictor_destroy(predictor);
    else
        *out = predictor;
    return status;
}

crn_status crn_predictor_create_for(const crn_model *model, crn_method method,
                                    const crn_array *inputs, const crn_predictor_options *given,
                                    crn_predictor **out, crn_error *err)
{
    crn_predictor_options options = CRN_PREDICTOR_OPTIONS_INIT;
    CRN_TRY(crn_options_take(&options, sizeof options, given, "crn_predictor_options", err));
    crn_graph *graph = NULL;
    CRN_TRY(crn_model_graph(model, method, inputs, options.sparse, &graph, err));
    crn_input_check checks[CRN_MAX_PORTS];
    int count = crn_input_checks(model, method, checks);
    for (int i = 0; i < count; i++)
        checks[i].type = *crn_graph_type(graph, graph->inputs[i]);
    crn_plan *plan = NULL;
    const crn_plan_options plan_options = {.exact = options.exact};
    CRN_TRY(crn_plan_create(graph, &plan_options, &plan, err));
    return create_over(plan, options.pool, checks, count, out, err);
}

/* Does an input have a length that the model does not know? */
static bool has_open_length(const crn_model *model, crn_method method)
{
    crn_input_check checks[CRN_MAX_PORTS];
    if (crn_model_require(model, method, NULL) != CRN_OK)
        return false;
    const int count = crn_input_checks(model, method, checks);
    for (int i = 0; i < count; i++) {
        for (int32_t k = 0; k < checks[i].type.ndim; k++) {
            if (checks[i].type.shape[k] < 0)
                return true;
        }
    }
    return false;
}

crn_status crn_predictor_create(const crn_model *model, crn_method method,
                                const crn_predictor_options *options, crn_predictor **out,
                                crn_error *err)
{
    crn_predictor_options taken = CRN_PREDICTOR_OPTIONS_INIT;
    CRN_TRY(crn_options_take(&taken, sizeof taken, options, "crn_predictor_options", err));
    const crn_array *rows = has_open_length(model, method) ? taken.rows : NULL;
    return crn_predictor_create_for(model, method, rows, options, out, err);
}

crn_status crn_predictor_clone(const crn_predictor *predictor, crn_predictor **out,
                               crn_error *err)
{
    return create_over(crn_plan_retain(predictor->plan), predictor->pool, predictor->checks,
                       predictor->input_count, out, err);
}

void crn_predictor_destroy(crn_predictor *predictor)
{
    if (predictor == NULL)
        return;
    for (int i = 0; predictor->converted != NULL && i < predictor->input_count; i++)
        crn_array_free(&predictor->converted[i]);
    free(predictor->converted);
    crn_run_destroy(predictor->run);
    crn_plan_release(predictor->plan);
    free(predictor->checks);
    free(predictor);
}

/* ---- asking ---- */

/* An array without data of `rows` items of a type. */
static crn_array array_of(const crn_type *type, int64_t rows)
{
    crn_array array = {.dtype = type->dtype, .itemsize = type->itemsize};
    if (type->sparse)
        array = (crn_array){.dtype = CRN_CSR};
    int64_t shape[CRN_MAX_NDIM] = {rows};
    int32_t ndim = type->ndim < CRN_MAX_NDIM ? type->ndim : CRN_MAX_NDIM - 1;
    for (int32_t i = 0; i < ndim; i++)
        shape[i + 1] = type->shape[i];
    crn_array_set_shape(&array, ndim + 1, shape);
    return array;
}

int crn_predictor_inputs(const crn_predictor *predictor)
{
    return (int)crn_plan_input_count(predictor->plan);
}

int crn_predictor_outputs(const crn_predictor *predictor)
{
    return (int)crn_plan_output_count(predictor->plan);
}

crn_array crn_predictor_output(const crn_predictor *predictor, int i, int64_t rows)
{
    if (i < 0 || i >= crn_predictor_outputs(predictor))
        return (crn_array)CRN_ARRAY_INIT;
    return array_of(crn_plan_output_type(predictor->plan, (size_t)i), rows);
}

crn_array crn_predictor_input(const crn_predictor *predictor, int i, int64_t rows)
{
    if (i < 0 || i >= crn_predictor_inputs(predictor))
        return (crn_array)CRN_ARRAY_INIT;
    return array_of(crn_plan_input_type(predictor->plan, (size_t)i), rows);
}

/* Strings become cells for a model that takes cells, and cells numbers or strings for one that
 * takes those. What is made stays until the next call, since outputs may point into it. */
static crn_status convert(crn_predictor *predictor, int i, crn_array *view, crn_error *err)
{
    const crn_dtype wanted = predictor->checks[i].type.dtype;
    const bool texts = view->dtype == CRN_STRING || view->dtype == CRN_BYTES;
    const bool cells = view->dtype == CRN_OBJECT, sparse = view->dtype == CRN_CSR;
    crn_array_free(&predictor->converted[i]);
    if (cells && wanted == CRN_STRING) {
        CRN_TRY(crn_cells_as_strings(view, &predictor->converted[i], err));
        *view = predictor->converted[i];
        return CRN_OK;
    }
    if (!((texts || sparse) && wanted == CRN_OBJECT) && !(cells && crn_dtype_is_number(wanted)))
        return CRN_OK;
    CRN_TRY(
        crn_array_astype(view, sparse ? CRN_FLOAT64 : wanted, &predictor->converted[i], err));
    *view = predictor->converted[i];
    return CRN_OK;
}

/* Rows whose numbers are looked at while they are computed; when that fails, scikit-learn's words about
 * the numbers come first. */
static crn_status predict_finite(crn_predictor *predictor, const crn_array *views,
                                 crn_array *outputs, crn_error *err)
{
    crn_error failure = CRN_ERROR_INIT;
    const crn_status status = crn_run_rows(predictor->run, views, outputs, &failure);
    if (status == CRN_OK)
        return CRN_OK;
    CRN_TRY(crn_input_check_values(&predictor->checks[0], &views[0], err));
    return crn_fail(err, status, "%s", failure.message);
}

crn_status crn_predict(crn_predictor *predictor, const crn_array *inputs, crn_array *outputs,
                       crn_error *err)
{
    crn_array views[CRN_MAX_PORTS];
    for (int i = 0; i < predictor->input_count; i++) {
        const crn_input_check *check = &predictor->checks[i];
        views[i] = as_item_rows(check, &inputs[i]);
        CRN_TRY(convert(predictor, i, &views[i], err));
        CRN_TRY(crn_input_check_shape(check, &views[i], err));
        if (check->admits == CRN_ADMITS_FINITE &&
            crn_run_look_for_finite(predictor->run, &views[i]))
            return predict_finite(predictor, views, outputs, err);
        CRN_TRY(crn_input_check_values(check, &views[i], err));
        if (views[i].shape[0] != views[0].shape[0])
            return crn_fail(err, CRN_SHAPE, "input 0 has %lld rows, input %d has %lld",
                            (long long)views[0].shape[0], i, (long long)views[i].shape[0]);
    }
    return crn_run_rows(predictor->run, views, outputs, err);
}
