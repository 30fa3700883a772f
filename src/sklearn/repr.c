/* SPDX-License-Identifier: BSD-3-Clause */
/* repr() of estimators (BaseEstimator.__repr__ of sklearn/base.py and sklearn/utils/_pprint.py,
 * 1.9): the constructor call with the parameters whose repr differs from the default's. */
#include "sklearn/repr.h"

#include <ctype.h>
#include <float.h>
#include <stdlib.h>
#include <string.h>

#include "model/expression.h"
#include "sklearn/family.h"
#include "sklearn/repr_value.h"
#include "sklearn/signatures.h"

/* Values are shown down to this depth, this many in all, and of each container as many as are
 * ever printed when it does not fit its line. */
enum { MOST_NESTED = 12, MOST_SHOWN = 4096, MOST_OF_ONE = 64, LONGEST_COMPARED = 1 << 16 };

typedef struct shower {
    crn_document *scratch;
    const char *sklearn; /* of the estimator that holds the value */
    int depth, budget;
} shower;

static crn_object *show(shower *s, crn_object *value);

/* ---- containers ---- */

static bool show_items(shower *s, const crn_object_items *from, crn_object *to)
{
    for (size_t i = 0; i < from->count; i++) {
        crn_object *item = i < MOST_OF_ONE ? show(s, from->at[i]) : from->at[i];
        if (item == NULL || !crn_object_items_extend(s->scratch, &to->as.items, &item, 1))
            return false;
    }
    return true;
}

typedef struct entry {
    crn_object *key, *value;
} entry;

static int by_text(const void *a, const void *b)
{
    const crn_object *x = ((const entry *)a)->key, *y = ((const entry *)b)->key;
    const size_t size =
        x->as.bytes.size < y->as.bytes.size ? x->as.bytes.size : y->as.bytes.size;
    const int order = memcmp(x->as.bytes.at, y->as.bytes.at, size);
    return order != 0
               ? order
               : (x->as.bytes.size > y->as.bytes.size) - (x->as.bytes.size < y->as.bytes.size);
}

static int by_number(const void *a, const void *b)
{
    double x = 0, y = 0;
    crn_object_as_double(((const entry *)a)->key, &x);
    crn_object_as_double(((const entry *)b)->key, &y);
    return (x > y) - (x < y);
}

/* pprint sorts dicts. Keys that Python does not compare keep their order. */
static void sort_entries(crn_object_items *items)
{
    bool texts = true, numbers = true;
    double number;
    for (size_t i = 0; i < items->count; i += 2) {
        texts = texts && items->at[i]->kind == CRN_OBJ_STR;
        numbers = numbers && crn_object_as_double(items->at[i], &number);
    }
    if (items->count > 2 && (texts || numbers))
        qsort(items->at, items->count / 2, sizeof(entry), texts ? by_text : by_number);
}

static crn_object *show_container(shower *s, const crn_object *value)
{
    crn_object *made = crn_object_new(s->scratch, value->kind);
    if (made == NULL)
        return NULL;
    if (value->kind != CRN_OBJ_DICT)
        return show_items(s, &value->as.items, made) ? made : NULL;
    crn_object *sorted = crn_object_new(s->scratch, CRN_OBJ_DICT);
    if (sorted == NULL || !crn_object_items_extend(s->scratch, &sorted->as.items,
                                                   value->as.items.at, value->as.items.count))
        return NULL;
    sort_entries(&sorted->as.items);
    return show_items(s, &sorted->as.items, made) ? made : NULL;
}

/* ---- estimators ---- */

static crn_object *new_call(shower *s, const char *name)
{
    crn_object *callable = crn_object_global(s->scratch, "", name);
    crn_object *call =
        callable != NULL ? crn_object_instance(s->scratch, CRN_BY_CALL, callable) : NULL;
    crn_object *kwargs = crn_object_new(s->scratch, CRN_OBJ_DICT);
    if (call == NULL || kwargs == NULL)
        return NULL;
    call->as.instance->kwargs = kwargs;
    return call;
}

/* numpy.finfo(float).eps, the default of some, is a NumPy number, which NumPy 2 prints as
 * one. */
static bool is_epsilon(const crn_object *value, const crn_object *usual)
{
    double a, b;
    return crn_object_is(usual, CRN_OBJ_FLOAT) && crn_object_is(value, CRN_OBJ_INSTANCE) &&
           crn_object_as_double(value, &a) && crn_object_as_double(usual, &b) &&
           b == DBL_EPSILON && a == b;
}

/* As Python finds what differs: by repr(). */
static bool is_default(shower *s, const crn_object *value, crn_object *shown, const char *dflt)
{
    crn_object *usual = NULL;
    if (crn_expression_parse(s->scratch, dflt, strlen(dflt), &usual, NULL) != CRN_OK)
        return false;
    if (is_epsilon(value, usual))
        return true;
    crn_text left = CRN_TEXT_INIT, right = CRN_TEXT_INIT;
    crn_object_repr(shown, LONGEST_COMPARED, &left);
    crn_object_repr(show(s, usual), LONGEST_COMPARED, &right);
    const bool same =
        left.status == CRN_OK && right.status == CRN_OK && strcmp(left.data, right.data) == 0;
    crn_text_free(&left);
    crn_text_free(&right);
    return same;
}

static bool add_parameter(shower *s, const crn_estimator *type, crn_object *key,
                          crn_object *value, crn_object *kwargs)
{
    const char *name = crn_object_text(key), *dflt = NULL;
    if (name == NULL || !crn_signature_find(type, name, s->sklearn, &dflt))
        return true;
    crn_object *shown = show(s, value);
    if (shown == NULL)
        return false;
    return (dflt != NULL && is_default(s, value, shown, dflt)) ||
           crn_object_set_pair(s->scratch, kwargs, key, shown);
}

/* Before 1.1, TfidfVectorizer kept some of its parameters in the transformer inside alone. */
static bool add_inner_parameters(shower *s, const crn_estimator *type, const crn_object *state,
                                 crn_object *kwargs)
{
    const crn_object *inner = crn_object_get(state, "_tfidf");
    if (!crn_object_is(inner, CRN_OBJ_INSTANCE) ||
        !crn_object_is(inner->as.instance->state, CRN_OBJ_DICT))
        return true;
    const crn_object_items *items = &inner->as.instance->state->as.items;
    for (size_t i = 0; i + 1 < items->count && i < MOST_OF_ONE; i += 2) {
        const char *name = crn_object_text(items->at[i]);
        if (name != NULL && crn_object_get(state, name) == NULL &&
            !add_parameter(s, type, items->at[i], items->at[i + 1], kwargs))
            return false;
    }
    return true;
}

/* The call of what a file says of an estimator, in the words of the file's version. */
static crn_object *call_of_state(shower *s, const crn_estimator *type, const crn_object *state)
{
    crn_object *call = new_call(s, type->name);
    if (call == NULL)
        return NULL;
    const char *outer = s->sklearn;
    const char *own = crn_object_text(crn_object_get(state, "_sklearn_version"));
    s->sklearn = own != NULL ? own : outer;
    crn_object *kwargs = call->as.instance->kwargs;
    bool all = true;
    for (size_t i = 0; i + 1 < state->as.items.count && all; i += 2)
        all = add_parameter(s, type, state->as.items.at[i], state->as.items.at[i + 1], kwargs);
    all = all && add_inner_parameters(s, type, state, kwargs);
    sort_entries(&kwargs->as.items);
    s->sklearn = outer;
    return all ? call : NULL;
}

/* A new call, for a document's own may not change. */
static crn_object *call_of_call(shower *s, const crn_object *value)
{
    const crn_instance *from = value->as.instance;
    crn_object *call = crn_object_instance(s->scratch, CRN_BY_CALL, from->callable);
    crn_object *kwargs = crn_object_new(s->scratch, CRN_OBJ_DICT);
    if (call == NULL || kwargs == NULL ||
        (from->kwargs != NULL && !show_items(s, &from->kwargs->as.items, kwargs)))
        return NULL;
    call->as.instance->args = from->args;
    call->as.instance->kwargs = kwargs;
    return call;
}

static crn_object *show_instance(shower *s, crn_object *value)
{
    const crn_object *state = value->as.instance->state;
    crn_object *name = crn_value_as_name(value, s->scratch);
    if (name != NULL)
        return name;
    const crn_estimator *type = crn_estimator_of(value);
    if (type != NULL && crn_object_is(state, CRN_OBJ_DICT))
        return call_of_state(s, type, state);
    return value->as.instance->how == CRN_BY_CALL ? call_of_call(s, value) : value;
}

static crn_object *show(shower *s, crn_object *value)
{
    if (value == NULL || s->depth > MOST_NESTED || --s->budget < 0)
        return value;
    crn_object *shown = value;
    s->depth++;
    if (value->kind == CRN_OBJ_LIST || value->kind == CRN_OBJ_TUPLE ||
        value->kind == CRN_OBJ_DICT)
        shown = show_container(s, value);
    else if (value->kind == CRN_OBJ_GLOBAL)
        shown = crn_value_as_name(value, s->scratch);
    else if (value->kind == CRN_OBJ_INSTANCE)
        shown = show_instance(s, value);
    s->depth--;
    return shown != NULL ? shown : value;
}

crn_object *crn_shown_value(crn_object *value, const char *sklearn, crn_document *scratch)
{
    shower s = {.scratch = scratch, .sklearn = sklearn, .budget = MOST_SHOWN};
    return show(&s, value);
}

/* ---- the text ---- */

/* The end of the n-th character that is not blank, from `begin`; backwards for a negative
 * step. */
static size_t nth_character(const crn_text *text, size_t begin, int step, int n)
{
    size_t at = begin;
    for (int count = 0; count < n && at < text->size; at += (size_t)step) {
        const unsigned char c = (unsigned char)text->data[at];
        count += !isspace(c) && (c & 0xc0) != 0x80;
        if (count == n && step < 0)
            return at;
    }
    while (step > 0 && at < text->size && ((unsigned char)text->data[at] & 0xc0) == 0x80)
        at++;
    return at;
}

/* Of more than 700 characters, blanks not counted, the middle is left out, up to a new line
 * where there is one. */
static void cut_middle(crn_text *text, size_t begin)
{
    enum { MOST = 700, KEPT = MOST / 2 };
    if (text->status != CRN_OK || nth_character(text, begin, 1, MOST) == text->size)
        return;
    const size_t left = nth_character(text, begin, 1, KEPT);
    size_t right = nth_character(text, text->size - 1, -1, KEPT);
    if (right > left && memchr(text->data + left, '\n', right - left) != NULL) {
        while (text->data[right - 1] != '\n')
            right--;
        right--;
    }
    if (left + strlen("...") >= right)
        return;
    memcpy(text->data + left, "...", strlen("..."));
    memmove(text->data + left + strlen("..."), text->data + right, text->size - right + 1);
    text->size -= right - left - strlen("...");
}

void crn_sklearn_repr(const crn_model *model, crn_document *scratch, crn_text *out)
{
    const crn_estimator_base *self = crn_model_estimator(model);
    shower s = {.scratch = scratch, .sklearn = self->sklearn_version, .budget = MOST_SHOWN};
    const size_t begin = out->size;
    const crn_object *call = self->state != NULL
                                 ? call_of_state(&s, self->type, self->state)
                                 : show(&s, crn_sklearn_expression(model, scratch));
    if (call != NULL)
        crn_expression_print(call, out);
    else if (out->status == CRN_OK)
        out->status = CRN_NO_MEMORY;
    cut_middle(out, begin);
}
