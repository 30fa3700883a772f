/* SPDX-License-Identifier: BSD-3-Clause */
/* JSON documents compared as Python compares what json.loads() gives: numbers by value, dicts
 * without order. */
#ifndef CRN_TESTS_JSON_EQUAL_H
#define CRN_TESTS_JSON_EQUAL_H

#include "test.h"

#include <stdlib.h>

#include "base/file.h"
#include "format/json.h"

static inline bool json_equal(const crn_object *a, const crn_object *b);

/* Keras rounds some numbers to float32 before it writes them. */
static inline bool json_numbers_equal(double a, double b)
{
    return a == b || fabs(a - b) <= 1e-6 * fabs(b);
}

static inline bool json_lists_equal(const crn_object *a, const crn_object *b)
{
    bool same = crn_object_length(a) == crn_object_length(b);
    for (size_t i = 0; i < crn_object_length(a) && same; i++)
        same = json_equal(crn_object_item(a, i), crn_object_item(b, i));
    return same;
}

/* Has b every key of a with an equal value? */
static inline bool json_within(const crn_object *a, const crn_object *b)
{
    for (size_t i = 0; i < crn_object_length(a); i++) {
        const char *key = crn_object_text(a->as.items.at[2 * i]);
        if (json_equal(a->as.items.at[2 * i + 1], crn_object_get(b, key)))
            continue;
        print_error("the key '%s' differs\n", key);
        return false;
    }
    return true;
}

static inline bool json_equal(const crn_object *a, const crn_object *b)
{
    double x, y;
    if (a == NULL || b == NULL)
        return a == b;
    if (crn_object_is(a, CRN_OBJ_DICT))
        return crn_object_is(b, CRN_OBJ_DICT) && json_within(a, b) &&
               crn_object_length(a) == crn_object_length(b);
    if (crn_object_is(a, CRN_OBJ_LIST) || crn_object_is(a, CRN_OBJ_TUPLE))
        return (crn_object_is(b, CRN_OBJ_LIST) || crn_object_is(b, CRN_OBJ_TUPLE)) &&
               json_lists_equal(a, b);
    if (crn_object_text(a) != NULL)
        return crn_object_is_str(b, crn_object_text(a));
    if (crn_object_as_double(a, &x) && crn_object_as_double(b, &y))
        return json_numbers_equal(x, y);
    return crn_object_is_none(a) && crn_object_is_none(b);
}

/* A file below tests/golden/keras/configs, for free(). */
static inline char *golden_text(const char *name, const char *suffix)
{
    char path[512];
    crn_error err = CRN_ERROR_INIT;
    crn_buffer *file = NULL;
    snprintf(path, sizeof path, "%s/keras/configs/%s%s", CRN_GOLDEN_DIR, name, suffix);
    assert_ok(crn_file_read(path, 1 << 20, &file, &err));
    size_t size = crn_buffer_size(file);
    char *text = calloc(size + 1, 1);
    assert_non_null(text);
    memcpy(text, crn_buffer_data(file), size);
    crn_buffer_release(file);
    return text;
}

static inline crn_object *golden_json(crn_document *document, const char *name,
                                      const char *suffix)
{
    crn_error err = CRN_ERROR_INIT;
    crn_object *object = NULL;
    char *text = golden_text(name, suffix);
    assert_ok(crn_json_read(document, text, strlen(text), NULL, &object, &err));
    free(text);
    return object;
}

#endif
