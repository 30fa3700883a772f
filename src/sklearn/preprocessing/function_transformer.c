/* SPDX-License-Identifier: BSD-3-Clause */
/* FunctionTransformer, as sklearn/preprocessing/_function_transformer.py (1.9), of NumPy's
 * functions of one element: a function is a name in a pickle, and others are only Python's to
 * run. */
#include <string.h>

#include "ops/elementwise.h"
#include "sklearn/estimator.h"

typedef struct function_transformer {
    crn_estimator_base base;
    const crn_object *func, *inverse_func; /* a name; None: the rows themselves */
    const crn_object *feature_names_out, *kw_args, *inv_kw_args, *pass_y;
    const crn_object *validate; /* a bool; None in 0.20 and 0.21: True */
    bool accept_sparse, check_inverse;
} function_transformer;

static const crn_field fields[] = {
    CRN_PARAM(function_transformer, func, OBJECT, "None", "callable | None"),
    CRN_PARAM(function_transformer, inverse_func, OBJECT, "None", "callable | None"),
    CRN_PARAM(function_transformer, validate, OBJECT, "False", "bool"),
    CRN_PARAM(function_transformer, accept_sparse, BOOL, "False", NULL),
    CRN_PARAM(function_transformer, check_inverse, BOOL, "True", NULL),
    CRN_PARAM_SINCE(function_transformer, feature_names_out, OBJECT, "None",
                    "callable | 'one-to-one' | None", "1.1", NULL),
    CRN_PARAM(function_transformer, kw_args, OBJECT, "None", "dict | None"),
    CRN_PARAM(function_transformer, inv_kw_args, OBJECT, "None", "dict | None"),
    CRN_PARAM_SINCE(function_transformer, pass_y, OBJECT, "'deprecated'", NULL, NULL, "0.22"),
    CRN_BASE_FIELDS,
    CRN_FIELDS_END,
};

/* Where versions of NumPy say that its functions stand. */
static bool is_numpy(const char *module)
{
    static const char *const modules[] = {"numpy", "numpy.core._multiarray_umath",
                                          "numpy._core._multiarray_umath", "numpy.core.umath",
                                          "numpy._core.umath"};
    for (size_t i = 0; module != NULL && i < sizeof modules / sizeof *modules; i++) {
        if (strcmp(module, modules[i]) == 0)
            return true;
    }
    return false;
}

/* numpy.core._ufunc_reconstruct(module, name), as NumPy before 1.19 pickles its functions. */
static bool is_reconstructed(const crn_object *func)
{
    if (!crn_object_is(func, CRN_OBJ_INSTANCE) || func->as.instance->how != CRN_BY_REDUCE)
        return false;
    const crn_object *callable = func->as.instance->callable;
    return crn_object_is_global(callable, "numpy.core", "_ufunc_reconstruct") ||
           crn_object_is_global(callable, "numpy._core", "_ufunc_reconstruct");
}

/* "log1p" of a NumPy function that is known; NULL for any other. */
static const char *numpy_name(const crn_object *func, int *function)
{
    const crn_object *module = NULL, *name = NULL;
    if (is_reconstructed(func)) {
        module = crn_object_item(func->as.instance->args, 0);
        name = crn_object_item(func->as.instance->args, 1);
    } else if (crn_object_is(func, CRN_OBJ_GLOBAL)) {
        module = func->as.global.module;
        name = func->as.global.name;
    }
    const char *text = is_numpy(crn_object_text(module)) ? crn_object_text(name) : NULL;
    return text != NULL && crn_numpy_function_find(text, function) ? text : NULL;
}

static crn_value refuse(crn_graph *graph, const char *parameter, const crn_object *value)
{
    crn_text shown = CRN_TEXT_INIT;
    crn_object_repr(value, 80, &shown);
    crn_graph_fail(graph, CRN_UNSUPPORTED, "%s=%s is not supported", parameter,
                   shown.data != NULL ? shown.data : crn_object_kind_name(value));
    crn_text_free(&shown);
    return CRN_NO_VALUE;
}

static crn_value lower(const void *self, crn_method method, crn_graph *graph, crn_value x)
{
    const function_transformer *model = self;
    const bool inverse = method == CRN_INVERSE_TRANSFORM;
    const crn_object *func = inverse ? model->inverse_func : model->func;
    const crn_object *arguments = inverse ? model->inv_kw_args : model->kw_args;
    int function = 0;
    if (crn_object_is_none(func))
        return x;
    if (numpy_name(func, &function) == NULL)
        return refuse(graph, inverse ? "inverse_func" : "func", func);
    if (crn_object_length(arguments) > 0)
        return refuse(graph, inverse ? "inv_kw_args" : "kw_args", arguments);
    return crn_numpy_function(graph, x, function);
}

static bool validates(const function_transformer *self)
{
    bool validate;
    return !crn_object_as_bool(self->validate, &validate) || validate;
}

static crn_admitted admits(const void *self, crn_method method)
{
    (void)method;
    return validates(self) ? CRN_ADMITS_FINITE : CRN_ADMITS_ALL;
}

/* NumPy's functions by the path that every version imports. */
static crn_status write(const void *self, crn_document *document, crn_object *state,
                        const char *sklearn, crn_error *err)
{
    const function_transformer *model = self;
    if (crn_version_compare(sklearn, "0.22") >= 0 && crn_object_is_none(model->validate) &&
        !crn_object_set(document, state, "validate", crn_object_bool(document, true)))
        return crn_arena_fail(document->arena, err);
    const struct {
        const char *name;
        const crn_object *func;
    } functions[] = {{"func", model->func}, {"inverse_func", model->inverse_func}};
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
        int function;
        const char *name = numpy_name(functions[i].func, &function);
        if (name != NULL && !crn_object_set(document, state, functions[i].name,
                                            crn_object_global(document, "numpy", name)))
            return crn_arena_fail(document->arena, err);
    }
    return CRN_OK;
}

const crn_estimator crn_estimator_FunctionTransformer = {
    .name = "FunctionTransformer",
    .module = "sklearn.preprocessing",
    .modules = "sklearn.preprocessing._function_transformer",
    .size = sizeof(function_transformer),
    .fields = fields,
    .methods = 1u << CRN_TRANSFORM | 1u << CRN_INVERSE_TRANSFORM,
    .lower = lower,
    .admits = admits,
    .write = write,
};
