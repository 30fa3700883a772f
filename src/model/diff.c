/* SPDX-License-Identifier: BSD-3-Clause */
/* Both trees are walked side by side, each pair of objects once. Numbers are compared by value,
 * whether Python's or NumPy's; arrays element by element. */
#include "model/diff.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "format/pickle.h"

enum { LONGEST_SHOWN = 80, DEEPEST = 200 };

struct crn_diff {
    crn_difference *at;
    size_t count, capacity;
};

typedef struct comparison {
    crn_diff *diff;
    crn_text path;
    int depth;
    crn_error *err;
} comparison;

/* ---- what was found ---- */

static void free_difference(crn_difference *difference)
{
    free((char *)difference->path);
    free((char *)difference->left);
    free((char *)difference->right);
}

void crn_diff_destroy(crn_diff *diff)
{
    if (diff == NULL)
        return;
    for (size_t i = 0; i < diff->count; i++)
        free_difference(&diff->at[i]);
    free(diff->at);
    free(diff);
}

bool crn_diff_at(const crn_diff *diff, size_t i, crn_difference *out)
{
    if (i >= diff->count)
        return false;
    *out = diff->at[i];
    return true;
}

static void describe_array(const crn_array *array, crn_text *out)
{
    crn_text_printf(out, "%s (", crn_dtype_name(array->dtype));
    for (int32_t i = 0; i < array->ndim; i++)
        crn_text_printf(out, i > 0 ? ", %lld" : "%lld", (long long)array->shape[i]);
    crn_text_add_string(out, array->ndim == 1 ? ",)" : ")");
}

/* A copy for the caller of how a value reads; NULL for no value, or without memory. */
static char *shown(const crn_object *object)
{
    crn_text out = CRN_TEXT_INIT;
    crn_array array = CRN_ARRAY_INIT;
    if (object == NULL)
        return NULL;
    const bool is_array = object->kind == CRN_OBJ_INSTANCE &&
                          crn_object_to_array(object, &array, NULL) == CRN_OK && array.ndim > 0;
    if (is_array)
        describe_array(&array, &out);
    else
        crn_object_repr(object, LONGEST_SHOWN, &out);
    crn_array_free(&array);
    char *text = crn_text_take(&out, NULL);
    crn_text_free(&out);
    return text;
}

static crn_status add(comparison *c, const crn_object *left, const crn_object *right,
                      int64_t elements, double largest)
{
    crn_diff *diff = c->diff;
    void *grown = diff->at;
    if (diff->count == CRN_MOST_DIFFERENCES)
        return CRN_OK;
    crn_status status =
        crn_grow(&grown, &diff->capacity, diff->count, sizeof *diff->at, c->err);
    diff->at = grown;
    CRN_TRY(status);
    crn_difference found = {.path = strdup(c->path.size > 0 ? c->path.data : ""),
                            .left = shown(left),
                            .right = shown(right),
                            .elements = elements,
                            .largest = largest};
    if (found.path == NULL || (left != NULL && found.left == NULL) ||
        (right != NULL && found.right == NULL)) {
        free_difference(&found);
        return crn_no_memory(c->err);
    }
    diff->at[diff->count++] = found;
    return CRN_OK;
}

/* ---- arrays ---- */

static bool same_shape(const crn_array *a, const crn_array *b)
{
    if (a->dtype != b->dtype || a->ndim != b->ndim)
        return false;
    for (int32_t i = 0; i < a->ndim; i++) {
        if (a->shape[i] != b->shape[i])
            return false;
    }
    return true;
}

static crn_status compare_numbers(comparison *c, const crn_object *left,
                                  const crn_object *right, const crn_array *a,
                                  const crn_array *b)
{
    int64_t differ = 0;
    double largest = 0;
    for (int64_t i = 0; i < crn_array_size(a); i++) {
        const double x = crn_array_get(a, i), y = crn_array_get(b, i);
        if (x == y || (isnan(x) && isnan(y)))
            continue;
        differ++;
        if (fabs(x - y) > largest)
            largest = fabs(x - y);
    }
    return differ > 0 ? add(c, left, right, differ, largest) : CRN_OK;
}

static crn_status compare_bytes(comparison *c, const crn_object *left, const crn_object *right,
                                const crn_array *a, const crn_array *b)
{
    const bool dense =
        a->itemsize == b->itemsize && crn_array_is_contiguous(a) && crn_array_is_contiguous(b);
    const char *x = a->data, *y = b->data;
    int64_t differ = 0;
    if (!dense)
        return add(c, left, right, 0, 0);
    for (int64_t i = 0; i < crn_array_size(a); i++)
        differ += memcmp(x + i * a->itemsize, y + i * a->itemsize, (size_t)a->itemsize) != 0;
    return differ > 0 ? add(c, left, right, differ, 0) : CRN_OK;
}

static crn_status compare_arrays(comparison *c, const crn_object *left, const crn_object *right,
                                 const crn_array *a, const crn_array *b)
{
    if (!same_shape(a, b))
        return add(c, left, right, 0, 0);
    return crn_dtype_is_number(a->dtype) ? compare_numbers(c, left, right, a, b)
                                         : compare_bytes(c, left, right, a, b);
}

/* ---- objects ---- */

static crn_status compare(comparison *c, const crn_object *left, const crn_object *right);

static crn_status compare_under(comparison *c, const crn_object *left, const crn_object *right,
                                const char *format, const char *name, size_t i)
{
    const size_t size = c->path.size;
    crn_text_printf(&c->path, format, name, i);
    crn_status status = crn_text_status(&c->path, c->err);
    if (status == CRN_OK)
        status = compare(c, left, right);
    if (c->path.data != NULL) {
        c->path.size = size;
        c->path.data[size] = '\0';
    }
    return status;
}

static crn_status compare_items(comparison *c, const crn_object_items *left,
                                const crn_object_items *right)
{
    const size_t most = left->count > right->count ? left->count : right->count;
    for (size_t i = 0; i < most; i++)
        CRN_TRY(compare_under(c, i < left->count ? left->at[i] : NULL,
                              i < right->count ? right->at[i] : NULL, "%s[%zu]", "", i));
    return CRN_OK;
}

/* The value of the same key; keys stand in the same order most of the time. */
static const crn_object *value_of(const crn_object_items *dict, const crn_object *key,
                                  size_t hint)
{
    const char *name = crn_object_text(key);
    int64_t number, other;
    if (hint < dict->count && name != NULL && crn_object_is_str(dict->at[hint], name))
        return dict->at[hint + 1];
    for (size_t i = 0; i + 1 < dict->count; i += 2) {
        const bool same = name != NULL
                              ? crn_object_is_str(dict->at[i], name)
                              : crn_object_as_int(key, &number) &&
                                    crn_object_as_int(dict->at[i], &other) && number == other;
        if (same)
            return dict->at[i + 1];
    }
    return NULL;
}

/* What stands in a model's state for versions and addresses alone. */
static bool is_bookkeeping(const crn_object *key)
{
    return crn_object_is_str(key, "_sklearn_version") ||
           crn_object_is_str(key, "_stop_words_id");
}

static crn_status compare_dicts(comparison *c, const crn_object_items *left,
                                const crn_object_items *right)
{
    const char *format = c->path.size > 0 ? ".%s" : "%s";
    for (int side = 0; side < 2; side++) {
        const crn_object_items *from = side == 0 ? left : right;
        for (size_t i = 0; i + 1 < from->count; i += 2) {
            const crn_object *other = value_of(side == 0 ? right : left, from->at[i], i);
            const char *name = crn_object_text(from->at[i]);
            if (is_bookkeeping(from->at[i]) || (side == 1 && other != NULL))
                continue;
            CRN_TRY(compare_under(c, side == 0 ? from->at[i + 1] : NULL,
                                  side == 0 ? other : from->at[i + 1], format,
                                  name != NULL ? name : "(key)", 0));
        }
    }
    return CRN_OK;
}

static bool same_class(const crn_object *left, const crn_object *right)
{
    const crn_object *a = crn_object_class(left), *b = crn_object_class(right);
    return a != NULL && b != NULL &&
           strcmp(crn_object_text(a->as.global.name), crn_object_text(b->as.global.name)) == 0;
}

static crn_status compare_instances(comparison *c, const crn_object *left,
                                    const crn_object *right)
{
    static const crn_object_items none = {0};
    const crn_instance *a = left->as.instance, *b = right->as.instance;
    if (!same_class(left, right))
        return add(c, left, right, 0, 0);
    CRN_TRY(compare_items(c, a->args != NULL ? &a->args->as.items : &none,
                          b->args != NULL ? &b->args->as.items : &none));
    CRN_TRY(compare_items(c, &a->append, &b->append));
    CRN_TRY(compare_dicts(c, &a->set, &b->set));
    if (crn_object_is(a->state, CRN_OBJ_DICT) && crn_object_is(b->state, CRN_OBJ_DICT))
        return compare_dicts(c, &a->state->as.items, &b->state->as.items);
    return a->state == NULL && b->state == NULL
               ? CRN_OK
               : compare_under(c, a->state, b->state, "%s", "", 0);
}

static crn_status compare_texts(comparison *c, const crn_object *left, const crn_object *right)
{
    const bool same = left->as.bytes.size == right->as.bytes.size &&
                      memcmp(left->as.bytes.at, right->as.bytes.at, left->as.bytes.size) == 0;
    return same ? CRN_OK : add(c, left, right, 0, 0);
}

static crn_status compare_globals(comparison *c, const crn_object *left,
                                  const crn_object *right)
{
    const char *a = crn_object_text(left->as.global.name);
    const char *b = crn_object_text(right->as.global.name);
    return a != NULL && b != NULL && strcmp(a, b) == 0 ? CRN_OK : add(c, left, right, 0, 0);
}

static crn_status compare_kinds(comparison *c, const crn_object *left, const crn_object *right)
{
    if (left->kind != right->kind)
        return add(c, left, right, 0, 0);
    switch (left->kind) {
    case CRN_OBJ_TUPLE:
    case CRN_OBJ_LIST:
    case CRN_OBJ_SET:
    case CRN_OBJ_FROZENSET:
        return compare_items(c, &left->as.items, &right->as.items);
    case CRN_OBJ_DICT:
        return compare_dicts(c, &left->as.items, &right->as.items);
    case CRN_OBJ_INSTANCE:
        return compare_instances(c, left, right);
    case CRN_OBJ_GLOBAL:
        return compare_globals(c, left, right);
    case CRN_OBJ_NONE:
        return CRN_OK;
    default:
        return compare_texts(c, left, right);
    }
}

/* A pair whose objects are numbers, or arrays of any kind. *done tells whether it was one. */
static crn_status compare_values(comparison *c, const crn_object *left, const crn_object *right,
                                 bool *done)
{
    crn_array a = CRN_ARRAY_INIT, b = CRN_ARRAY_INIT;
    double x, y;
    crn_status status = CRN_OK;
    *done = true;
    if (crn_object_as_double(left, &x) && crn_object_as_double(right, &y))
        return x == y || (isnan(x) && isnan(y)) ? CRN_OK : add(c, left, right, 0, fabs(x - y));
    const bool both = left->kind == CRN_OBJ_INSTANCE && right->kind == CRN_OBJ_INSTANCE &&
                      crn_object_to_array(left, &a, NULL) == CRN_OK &&
                      crn_object_to_array(right, &b, NULL) == CRN_OK;
    if (both)
        status = compare_arrays(c, left, right, &a, &b);
    *done = both;
    crn_array_free(&a);
    crn_array_free(&b);
    return status;
}

static crn_status compare(comparison *c, const crn_object *left, const crn_object *right)
{
    bool done;
    if (left == NULL || right == NULL)
        return add(c, left, right, 0, 0);
    if (c->depth == DEEPEST)
        return crn_fail(c->err, CRN_LIMIT, "the models are nested deeper than %d levels",
                        DEEPEST);
    c->depth++;
    crn_status status = compare_values(c, left, right, &done);
    if (status == CRN_OK && !done)
        status = compare_kinds(c, left, right);
    c->depth--;
    return status;
}

crn_status crn_objects_diff(const crn_object *left, const crn_object *right, crn_diff **out,
                            crn_error *err)
{
    comparison c = {.diff = crn_calloc(1, sizeof *c.diff), .err = err};
    if (c.diff == NULL)
        return crn_no_memory(err);
    crn_status status = compare(&c, left, right);
    crn_text_free(&c.path);
    if (status != CRN_OK)
        crn_diff_destroy(c.diff);
    else
        *out = c.diff;
    return status;
}
