/* SPDX-License-Identifier: BSD-3-Clause */
/* Finding the model in a file that holds a dict, list or tuple. */
#include "model/container.h"

#include <stdio.h>
#include <string.h>

#include "model/registry.h"

/* The entries of a dict, or of an object that was made as one (OrderedDict, sklearn's Bunch);
 * NULL for others. */
static const crn_object_items *entries_of(const crn_object *object)
{
    if (crn_object_is(object, CRN_OBJ_DICT))
        return &object->as.items;
    if (crn_object_is(object, CRN_OBJ_INSTANCE) && object->as.instance->set.count > 0)
        return &object->as.instance->set;
    return NULL;
}

static bool is_sequence(const crn_object *object)
{
    return crn_object_is(object, CRN_OBJ_LIST) || crn_object_is(object, CRN_OBJ_TUPLE);
}

static size_t count_of(const crn_object *object)
{
    const crn_object_items *entries = entries_of(object);
    return entries != NULL       ? entries->count / 2
           : is_sequence(object) ? crn_object_length(object)
                                 : 0;
}

static const crn_object *value_at(const crn_object *object, size_t i)
{
    const crn_object_items *entries = entries_of(object);
    return entries != NULL ? entries->at[2 * i + 1] : crn_object_item(object, i);
}

/* ---- what may be a model ---- */

/* An instance that is neither an array nor anything else of NumPy. */
static bool is_candidate(const crn_object *object)
{
    double number;
    const crn_object *class = crn_object_class(object);
    if (class == NULL || crn_object_as_array(object) != NULL ||
        crn_object_as_double(object, &number))
        return false;
    const char *module = crn_object_text(class->as.global.module);
    return strncmp(module, "numpy", 5) != 0 && strcmp(module, "builtins") != 0 &&
           strcmp(module, "joblib.numpy_pickle") != 0;
}

/* Whether a family lists the object's class with a method predict. */
static bool can_predict(const crn_object *object)
{
    const char *name = crn_object_kind_name(object);
    crn_listing listing;
    for (size_t i = 0; crn_list(CRN_KIND_ESTIMATOR, i, &listing); i++) {
        if (strcmp(listing.name, name) == 0)
            return listing.methods & 1u << CRN_PREDICT;
    }
    return false;
}

/* The only item that `fits`; *count says how many there are. */
static const crn_object *only_one(const crn_object *root, bool (*fits)(const crn_object *),
                                  size_t *count)
{
    const crn_object *found = NULL;
    *count = 0;
    for (size_t i = 0; i < count_of(root); i++) {
        const crn_object *value = value_at(root, i);
        if (!is_candidate(value) || !fits(value))
            continue;
        found = value;
        (*count)++;
    }
    return found;
}

static bool any(const crn_object *object)
{
    (void)object;
    return true;
}

/* ---- naming items ---- */

enum { MOST_LISTED = 12, LONGEST_KEY = 40 };

/* "'scaler' (StandardScaler), 'clf' (SVC)" */
static void list_items(const crn_object *root, crn_text *out)
{
    const crn_object_items *entries = entries_of(root);
    size_t count = count_of(root);
    for (size_t i = 0; i < count && i < MOST_LISTED; i++) {
        crn_text_add_string(out, i > 0 ? ", " : "");
        if (entries != NULL)
            crn_object_repr(entries->at[2 * i], LONGEST_KEY, out);
        else
            crn_text_printf(out, "%zu", i);
        crn_text_printf(out, " (%s)", crn_object_kind_name(value_at(root, i)));
    }
    if (count > MOST_LISTED)
        crn_text_printf(out, ", ... (%zu in all)", count);
}

static crn_status fail_with_items(const crn_object *root, crn_status code, const char *what,
                                  crn_error *err)
{
    crn_text items = CRN_TEXT_INIT;
    list_items(root, &items);
    crn_status status = crn_text_status(&items, err);
    if (status == CRN_OK)
        status = crn_fail(err, code, "%s: %s", what,
                          items.data != NULL ? items.data : "it is empty");
    crn_text_free(&items);
    return status;
}

static crn_status no_such_item(const crn_object *object, const char *word, size_t size,
                               crn_error *err)
{
    char what[160];
    snprintf(what, sizeof what, "there is no item '%.*s' in this %s",
             size < 60 ? (int)size : 60, word, crn_object_kind_name(object));
    if (entries_of(object) == NULL && !is_sequence(object))
        return crn_fail(err, CRN_NOT_FOUND, "%s", what);
    return fail_with_items(object, CRN_NOT_FOUND, what, err);
}

/* The item that a key or an index names. */
static const crn_object *find_item(const crn_object *object, const char *word, size_t size)
{
    const crn_object_items *entries = entries_of(object);
    int64_t index, key;
    bool is_number = crn_parse_int(word, size, &index);
    for (size_t i = 0; entries != NULL && i + 1 < entries->count; i += 2) {
        const crn_object *name = entries->at[i];
        bool same_text = crn_object_is(name, CRN_OBJ_STR) && name->as.bytes.size == size &&
                         memcmp(name->as.bytes.at, word, size) == 0;
        if (same_text || (is_number && crn_object_as_int(name, &key) && key == index))
            return entries->at[i + 1];
    }
    if (!is_sequence(object) || !is_number)
        return NULL;
    int64_t count = (int64_t)crn_object_length(object);
    index = index < 0 ? index + count : index;
    return index >= 0 && index < count ? crn_object_item(object, (size_t)index) : NULL;
}

static crn_status follow(const crn_object *object, const char *member, const crn_object **out,
                         crn_error *err)
{
    for (;;) {
        size_t size = strcspn(member, "/");
        const crn_object *item = find_item(object, member, size);
        if (item == NULL)
            return no_such_item(object, member, size, err);
        object = item;
        if (member[size] == '\0')
            break;
        member += size + 1;
    }
    *out = object;
    return CRN_OK;
}

crn_status crn_container_pick(const crn_object *root, const char *member,
                              const crn_object **out, crn_error *err)
{
    if (member != NULL)
        return follow(root, member, out, err);
    if (entries_of(root) == NULL && !is_sequence(root)) {
        *out = root;
        return CRN_OK;
    }
    const crn_object *named = find_item(root, "model", strlen("model"));
    size_t count = 0, predicting = 0;
    const crn_object *only = only_one(root, any, &count);
    if (named == NULL && count > 1)
        named = only_one(root, can_predict, &predicting);
    if (named == NULL || predicting > 1)
        named = count == 1 ? only : NULL;
    if (named == NULL && count > 1)
        return fail_with_items(root, CRN_ARGUMENT,
                               "several items could be the model, so name one (FILE#ITEM)",
                               err);
    *out = named != NULL ? named : root;
    return CRN_OK;
}
