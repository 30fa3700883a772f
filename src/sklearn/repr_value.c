/* SPDX-License-Identifier: BSD-3-Clause */
/* How Python prints what parameters of estimators hold besides literals: functions and classes
 * (CPython), arrays, numbers, generators and ufuncs (NumPy), splitters (_build_repr of
 * sklearn/model_selection/_split.py) and scorers (sklearn/metrics/_scorer.py, 1.9 and 1.2). */
#include "sklearn/repr_value.h"

#include <ctype.h>
#include <string.h>

#include "format/numpy_object.h"
#include "format/pickle.h"
#include "model/array_repr.h"
#include "ops/elementwise.h"
#include "sklearn/estimator.h"
#include "sklearn/gaussian_process/kernel_repr.h"

enum { LONGEST = 1 << 16 };

static bool begins_with(const char *text, const char *beginning)
{
    return strncmp(text, beginning, strlen(beginning)) == 0;
}

/* ---- names ---- */

/* NumPy's scalar types, which are lower case as functions are. */
static bool is_numpy_type(const char *name)
{
    return crn_has_word("bool bool_ bytes_ complex128 complex64 datetime64 float16 float32 "
                        "float64 int16 int32 int64 int8 longlong ndarray object_ str_ "
                        "timedelta64 uint16 uint32 uint64 uint8 ulonglong",
                        name);
}

static bool is_builtin_type(const char *name)
{
    return crn_has_word("bool bytearray bytes complex dict float frozenset int list object set "
                        "slice str tuple type",
                        name);
}

static void add_builtin(const char *name, crn_text *out)
{
    crn_text_printf(out, is_builtin_type(name) ? "<class '%s'>" : "<built-in function %s>",
                    name);
}

static void add_numpy(const char *name, crn_text *out)
{
    int function;
    if (is_numpy_type(name))
        crn_text_printf(out, "<class 'numpy.%s'>", name);
    else if (crn_numpy_function_find(name, &function))
        crn_text_printf(out, "<ufunc '%s'>", strcmp(name, "abs") == 0 ? "absolute" : name);
    else
        crn_text_printf(out, "<function %s>", name);
}

/* Classes are written in capitals, functions are not. */
static bool add_global(const crn_object *value, crn_text *out)
{
    const char *module = crn_object_text(value->as.global.module);
    const char *name = crn_object_text(value->as.global.name);
    if (module == NULL || name == NULL || *module == '\0')
        return false;
    const char *first = name + strspn(name, "_");
    if (strcmp(module, "builtins") == 0 || strcmp(module, "__builtin__") == 0)
        add_builtin(name, out);
    else if (strcmp(module, "np") == 0 || strcmp(module, "numpy") == 0 ||
             begins_with(module, "numpy.core") || begins_with(module, "numpy._core"))
        add_numpy(name, out);
    else if (isupper((unsigned char)*first))
        crn_text_printf(out, "<class '%s.%s'>", module, name);
    else
        crn_text_printf(out, "<function %s>", name);
    return true;
}

/* ---- NumPy ---- */

static bool add_array(const crn_object *value, crn_text *out)
{
    const crn_object *callable = value->as.instance->callable;
    const bool is_scalar = crn_object_is_numpy_scalar(value);
    crn_array array = CRN_ARRAY_INIT;
    if ((!is_scalar && crn_object_as_array(value) == NULL &&
         !crn_object_is_plain_array(value)) ||
        crn_object_to_array(value, &array, NULL) != CRN_OK)
        return false;
    bool done = true;
    if (is_scalar && crn_object_is_global(callable, "numpy._core.multiarray", "scalar"))
        crn_numpy_scalar_repr(&array, 2, out);
    else if (is_scalar && crn_object_is_global(callable, "numpy.core.multiarray", "scalar"))
        crn_numpy_scalar_repr(&array, 1, out);
    else
        done = crn_array_repr(&array, value->as.instance->elements != NULL, out);
    crn_array_free(&array);
    return done;
}

/* What NumPy pickles by functions of its own. */
static bool add_numpy_call(const crn_object *value, crn_text *out)
{
    const crn_object *callable = value->as.instance->callable;
    if (crn_object_is_global(callable, "numpy.core", "_ufunc_reconstruct") ||
        crn_object_is_global(callable, "numpy._core", "_ufunc_reconstruct")) {
        const char *name = crn_object_text(crn_object_item(value->as.instance->args, 1));
        crn_text_printf(out, "<ufunc '%s'>", name != NULL ? name : "");
        return true;
    }
    const bool is_old =
        crn_object_is_global(callable, "numpy.random._pickle", "__randomstate_ctor");
    if (!is_old && !crn_object_is_global(callable, "numpy.random._pickle", "__generator_ctor"))
        return false;
    crn_text_add_string(out, is_old ? "RandomState(MT19937)" : "Generator(PCG64)");
    return true;
}

/* ---- Python ---- */

static void add_value(const crn_object *value, crn_document *scratch, crn_text *out)
{
    const crn_object *name = value != NULL ? crn_value_as_name(value, scratch) : NULL;
    crn_object_repr(name != NULL ? name : value, LONGEST, out);
}

/* functools.partial(<function f>, 1, k=2): its state is (f, args, keywords, attributes). */
static bool add_partial(const crn_object *value, crn_document *scratch, crn_text *out)
{
    const crn_object *state = value->as.instance->state;
    if (!crn_object_is_global(crn_object_class(value), "functools", "partial") ||
        !crn_object_is(crn_object_item(state, 0), CRN_OBJ_GLOBAL))
        return false;
    crn_text_add_string(out, "functools.partial(");
    add_value(crn_object_item(state, 0), scratch, out);
    const crn_object *args = crn_object_item(state, 1), *keywords = crn_object_item(state, 2);
    for (size_t i = 0; i < crn_object_length(args) && out->size < LONGEST; i++) {
        crn_text_add_string(out, ", ");
        crn_object_repr(crn_object_item(args, i), LONGEST, out);
    }
    const bool has_keywords = crn_object_is(keywords, CRN_OBJ_DICT);
    for (size_t i = 0; has_keywords && i + 1 < keywords->as.items.count; i += 2) {
        const char *name = crn_object_text(keywords->as.items.at[i]);
        crn_text_printf(out, ", %s=", name != NULL ? name : "?");
        crn_object_repr(keywords->as.items.at[i + 1], LONGEST, out);
    }
    crn_text_add_char(out, ')');
    return true;
}

/* ---- scikit-learn ---- */

/* The entry of one of two dicts whose name comes next behind `last`; private names are left
 * out. */
static const char *next_by_name(const crn_object *const dicts[2], const char *last,
                                const crn_object **value)
{
    const char *next = NULL;
    for (int d = 0; d < 2; d++) {
        if (!crn_object_is(dicts[d], CRN_OBJ_DICT))
            continue;
        const crn_object_items *items = &dicts[d]->as.items;
        for (size_t i = 0; i + 1 < items->count; i += 2) {
            const char *name = crn_object_text(items->at[i]);
            if (name == NULL || *name == '_' || crn_has_word("cv cvargs", name) ||
                strcmp(name, last) <= 0 || (next != NULL && strcmp(name, next) >= 0))
                continue;
            next = name;
            *value = items->at[i + 1];
        }
    }
    return next;
}

/* KFold(n_splits=3, random_state=None, shuffle=False): every parameter. Repeated splitters keep
 * those of the splitter inside as cvargs. */
static bool add_splitter(const crn_object *value, crn_document *scratch, crn_text *out)
{
    enum { MOST_PARAMETERS = 16 };
    const crn_object *cls = crn_object_class(value), *state = value->as.instance->state;
    if (!crn_object_is_str(cls->as.global.module, "sklearn.model_selection._split"))
        return false;
    const crn_object *const dicts[2] = {state, crn_object_get(state, "cvargs")};
    const crn_object *parameter = NULL;
    const char *name = next_by_name(dicts, "", &parameter);
    crn_text_printf(out, "%s(", crn_object_text(cls->as.global.name));
    for (int i = 0; name != NULL && i < MOST_PARAMETERS; i++) {
        crn_text_printf(out, i > 0 ? ", %s=" : "%s=", name);
        add_value(parameter, scratch, out);
        name = next_by_name(dicts, name, &parameter);
    }
    crn_text_add_char(out, ')');
    return true;
}

/* make_scorer(f1_score, response_method='predict', average=macro); versions before 1.4 have a
 * class for each kind of answer instead. */
static bool add_scorer(const crn_object *value, crn_text *out)
{
    const crn_object *cls = crn_object_class(value), *state = value->as.instance->state;
    const crn_object *function = crn_object_get(state, "_score_func");
    const crn_object *method = crn_object_get(state, "_response_method");
    const crn_object *keywords = crn_object_get(state, "_kwargs");
    double sign = 1;
    if (!crn_object_is(function, CRN_OBJ_GLOBAL) || !crn_object_is(keywords, CRN_OBJ_DICT))
        return false;
    crn_object_as_double(crn_object_get(state, "_sign"), &sign);
    crn_text_printf(out, "make_scorer(%s%s", crn_object_text(function->as.global.name),
                    sign > 0 ? "" : ", greater_is_better=False");
    if (method != NULL) {
        crn_text_add_string(out, ", response_method=");
        crn_object_repr(method, LONGEST, out);
    } else if (crn_object_is_str(cls->as.global.name, "_ProbaScorer")) {
        crn_text_add_string(out, ", needs_proba=True");
    } else if (crn_object_is_str(cls->as.global.name, "_ThresholdScorer")) {
        crn_text_add_string(out, ", needs_threshold=True");
    }
    for (size_t i = 0; i + 1 < keywords->as.items.count; i += 2) {
        const char *name = crn_object_text(keywords->as.items.at[i]);
        const char *text = crn_object_text(keywords->as.items.at[i + 1]);
        crn_text_printf(out, ", %s=", name != NULL ? name : "?");
        if (text != NULL)
            crn_text_add_string(out, text);
        else
            crn_object_repr(keywords->as.items.at[i + 1], LONGEST, out);
    }
    crn_text_add_char(out, ')');
    return true;
}

/* An object whose class prints nothing but its name: <scipy.stats._distn.rv_frozen object>. The
 * distances of scikit-learn are made by a function newObj(class). */
static bool add_object(const crn_object *value, crn_text *out)
{
    const crn_object *cls = crn_object_class(value);
    const crn_object *argument = crn_object_item(value->as.instance->args, 0);
    if (crn_object_is_str(cls->as.global.name, "newObj") &&
        crn_object_is(argument, CRN_OBJ_GLOBAL))
        cls = argument;
    const char *module = crn_object_text(cls->as.global.module);
    const char *name = crn_object_text(cls->as.global.name);
    if (module == NULL || name == NULL || crn_object_as_array(value) != NULL ||
        strcmp(module, "builtins") == 0 || strcmp(module, "__builtin__") == 0)
        return false; /* slice(0, 2, None) */
    crn_text_printf(out, "<%s.%s object>", module, name);
    return true;
}

static bool add_instance(const crn_object *value, crn_document *scratch, crn_text *out)
{
    if (crn_kernel_repr(value, out))
        return true;
    if (value->as.instance->how == CRN_BY_CALL || crn_estimator_of(value) != NULL)
        return false;
    if (add_array(value, out) || add_numpy_call(value, out))
        return true;
    if (!crn_object_is(crn_object_class(value), CRN_OBJ_GLOBAL))
        return false;
    return add_partial(value, scratch, out) || add_splitter(value, scratch, out) ||
           add_scorer(value, out) || add_object(value, out);
}

crn_object *crn_value_as_name(const crn_object *value, crn_document *scratch)
{
    crn_text text = CRN_TEXT_INIT;
    const bool done = value->kind == CRN_OBJ_GLOBAL ? add_global(value, &text)
                                                    : value->kind == CRN_OBJ_INSTANCE &&
                                                          add_instance(value, scratch, &text);
    crn_object *name =
        done && text.status == CRN_OK ? crn_object_global(scratch, "", text.data) : NULL;
    crn_text_free(&text);
    return name;
}
