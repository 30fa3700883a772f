/* SPDX-License-Identifier: BSD-3-Clause */
/* Reads constraints and applies them. */
#include "model/field_constraint.h"

#include <math.h>
#include <string.h>

#include "model/expression.h"

/* ---- reading ---- */

static bool is_word(const char *text, size_t size, const char *word)
{
    return strlen(word) == size && memcmp(text, word, size) == 0;
}

/* Drops blanks at both ends. */
static void trim(const char **text, size_t *size)
{
    while (*size > 0 && **text == ' ') {
        (*text)++;
        (*size)--;
    }
    while (*size > 0 && (*text)[*size - 1] == ' ')
        (*size)--;
}

static bool read_bound(const char *text, size_t size, double *out)
{
    trim(&text, &size);
    return crn_parse_double(text, size, out);
}

/* "> 0", ">= 0", "< 1", "<= 1". */
static bool read_comparison(const char *text, size_t size, crn_alternative *out)
{
    bool or_equal = size > 1 && text[1] == '=';
    double bound;
    if (!read_bound(text + 1 + or_equal, size - 1 - or_equal, &bound))
        return false;
    if (text[0] == '>') {
        out->low = bound;
        out->low_closed = or_equal;
    } else {
        out->high = bound;
        out->high_closed = or_equal;
    }
    return true;
}

/* "[0, 1]", "(0, 1)", "[0, inf)". */
static bool read_interval(const char *text, size_t size, crn_alternative *out)
{
    const char *comma = memchr(text, ',', size);
    if (comma == NULL || (text[size - 1] != ']' && text[size - 1] != ')'))
        return false;
    out->low_closed = text[0] == '[';
    out->high_closed = text[size - 1] == ']';
    return read_bound(text + 1, (size_t)(comma - text) - 1, &out->low) &&
           read_bound(comma + 1, (size_t)(text + size - comma) - 2, &out->high);
}

/* What is left of a number's alternative behind its type: a range, or nothing. */
static bool read_range(const char *text, size_t size, crn_alternative *out)
{
    trim(&text, &size);
    out->low = (double)-INFINITY;
    out->high = (double)INFINITY;
    out->bounded = size > 0;
    if (size == 0)
        return true;
    if (text[0] == '>' || text[0] == '<')
        return read_comparison(text, size, out);
    return (text[0] == '[' || text[0] == '(') && read_interval(text, size, out);
}

/* "has cache", "has fit and predict": the text becomes the methods' names. */
static bool read_method(const char *text, size_t size, crn_alternative *out)
{
    trim(&text, &size);
    out->kind = CRN_ALLOWS_METHOD;
    out->text = text;
    out->size = size;
    return size > 0;
}

/* "<numpy.ndarray>", "<class 'numpy.float32'>". */
static bool read_class(const char *text, size_t size, crn_alternative *out)
{
    const bool is_type = size > 7 && memcmp(text, "<class ", 7) == 0;
    out->kind = is_type ? CRN_ALLOWS_TYPE : CRN_ALLOWS_CLASS;
    out->text = is_type ? text : text + 1;
    out->size = is_type ? size : size - 2;
    return size > 2 && text[size - 1] == '>';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool read_alternative(const crn_field *field, const char *text, size_t size,
                             crn_alternative *out)
{
    static const struct {
        const char *word;
        crn_alternative_kind kind;
    } words[] = {
        {"int", CRN_ALLOWS_INT},
        {"real", CRN_ALLOWS_REAL},
        {"float", CRN_ALLOWS_FLOAT},
        {"None", CRN_ALLOWS_NONE},
        {"bool", CRN_ALLOWS_BOOL},
        {"dict", CRN_ALLOWS_INSTANCE},
        {"tuple", CRN_ALLOWS_INSTANCE},
        {"list", CRN_ALLOWS_INSTANCE},
        {"str", CRN_ALLOWS_INSTANCE},
        {"callable", CRN_ALLOWS_CALLABLE},
        {"array", CRN_ALLOWS_ARRAY},
        {"sparse", CRN_ALLOWS_SPARSE},
        {"estimator", CRN_ALLOWS_ESTIMATOR},
        {"random_state", CRN_ALLOWS_RANDOM_STATE},
        {"verbose", CRN_ALLOWS_VERBOSE},
        {"cv", CRN_ALLOWS_CV},
        {"scorer", CRN_ALLOWS_SCORER},
        {"infinite", CRN_ALLOWS_INFINITE},
        {"False", CRN_ALLOWS_FALSE},
        {"inf", CRN_ALLOWS_INF},
        {"missing", CRN_ALLOWS_MISSING},
    };
    trim(&text, &size);
    bool hidden = size > 0 && text[0] == '~';
    text += hidden;
    size -= hidden;
    *out = (crn_alternative){.text = text, .size = size, .hidden = hidden};
    if (size >= 2 && text[0] == '\'' && text[size - 1] == '\'') {
        out->text = text + 1;
        out->size = size - 2;
        return true;
    }
    if (size > 0 && text[0] == '<' && text[size - 1] == '>')
        return read_class(text, size, out);
    size_t length = 0;
    while (length < size && is_letter(text[length]))
        length++;
    if (is_word(text, length, "has"))
        return read_method(text + length, size - length, out);
    out->kind = field->type == CRN_FIELD_INT ? CRN_ALLOWS_INT : CRN_ALLOWS_REAL;
    for (size_t i = 0; length > 0 && i < sizeof words / sizeof words[0]; i++) {
        if (!is_word(text, length, words[i].word))
            continue;
        out->kind = words[i].kind;
        if (out->kind > CRN_ALLOWS_FLOAT)
            return length == size;
        return read_range(text + length, size - length, out);
    }
    return length == 0 && size > 0 && read_range(text, size, out);
}

/* Without a constraint: whatever the type holds. */
static size_t alternatives_of_type(const crn_field *field, crn_alternative *out)
{
    static const crn_alternative_kind kinds[] = {
        [CRN_FIELD_BOOL] = CRN_ALLOWS_BOOL,       [CRN_FIELD_INT] = CRN_ALLOWS_INT,
        [CRN_FIELD_REAL] = CRN_ALLOWS_REAL,       [CRN_FIELD_STRING] = CRN_ALLOWS_INSTANCE,
        [CRN_FIELD_OBJECT] = CRN_ALLOWS_ANYTHING, [CRN_FIELD_ARRAY] = CRN_ALLOWS_ARRAY,
        [CRN_FIELD_MODEL] = CRN_ALLOWS_ESTIMATOR, [CRN_FIELD_MODELS] = CRN_ALLOWS_ANYTHING,
    };
    out[0] = (crn_alternative){.kind = kinds[field->type], .text = "str", .size = 3};
    if (field->dflt == NULL || strcmp(field->dflt, "None") != 0)
        return 1;
    out[1] = (crn_alternative){.kind = CRN_ALLOWS_NONE};
    return 2;
}

size_t crn_field_alternatives(const crn_field *field, crn_alternative *out)
{
    if (field->constraint == NULL)
        return alternatives_of_type(field, out);
    size_t count = 0;
    const char *text = field->constraint;
    for (;;) {
        const char *end = strchr(text, '|');
        size_t size = end != NULL ? (size_t)(end - text) : strlen(text);
        if (count == CRN_MAX_ALTERNATIVES || !read_alternative(field, text, size, &out[count]))
            return 0;
        count++;
        if (end == NULL)
            return count;
        text = end + 1;
    }
}

/* ---- applying ---- */

static bool is_in_range(const crn_alternative *range, double value)
{
    if (!range->bounded)
        return true;
    if (isnan(value) || value < range->low || value > range->high)
        return false;
    return (value != range->low || range->low_closed) &&
           (value != range->high || range->high_closed);
}

/* Numbers without the bools, which Python counts among them. */
static bool is_accepted_number(const crn_alternative *range, const crn_object *value)
{
    int64_t integer;
    double number;
    bool is_bool;
    if (crn_object_as_bool(value, &is_bool) || !crn_object_as_double(value, &number))
        return false;
    bool is_int = crn_object_as_int(value, &integer);
    if (range->kind == CRN_ALLOWS_INT ? !is_int : range->kind == CRN_ALLOWS_FLOAT && is_int)
        return false;
    return is_in_range(range, number);
}

static bool is_array_like(const crn_object *value)
{
    return crn_object_as_array(value) != NULL || crn_object_is(value, CRN_OBJ_LIST) ||
           crn_object_is(value, CRN_OBJ_TUPLE);
}

/* An int of at least 2 folds, a splitter, the splits themselves, or None. */
static bool is_cv(const crn_object *value)
{
    const crn_alternative folds = {.kind = CRN_ALLOWS_INT,
                                   .bounded = true,
                                   .low = 2,
                                   .high = (double)INFINITY,
                                   .low_closed = true};
    return crn_object_is_none(value) || is_accepted_number(&folds, value) ||
           crn_object_is(value, CRN_OBJ_INSTANCE) || is_array_like(value);
}

/* scikit-learn's MissingValues: a number, a string, None or pandas.NA. */
static bool is_missing_value(const crn_object *value)
{
    bool is_bool;
    double number;
    return crn_object_is_none(value) || crn_object_text(value) != NULL ||
           (crn_object_as_double(value, &number) && !crn_object_as_bool(value, &is_bool)) ||
           crn_object_is_global(value, "pandas", "NA");
}

static bool is_scorer(const crn_object *value)
{
    const char *name;
    for (size_t i = 0; (name = crn_scorer_name(i)) != NULL; i++) {
        if (crn_object_is_str(value, name))
            return true;
    }
    return false;
}

/* An object of a class that is no builtin: an array, or what a constructor call or a pickle
 * made. */
static bool is_instance_of(const crn_alternative *alternative, const crn_object *value)
{
    if (is_word(alternative->text, alternative->size, "numpy.ndarray"))
        return is_array_like(value);
    return crn_object_is(value, CRN_OBJ_INSTANCE);
}

/* A name whose last part is that of the type: numpy.float32 of "<class 'numpy.float32'>". */
static bool is_that_type(const crn_alternative *alternative, const crn_object *value)
{
    const char *name =
        crn_object_is(value, CRN_OBJ_GLOBAL) ? crn_object_text(value->as.global.name) : NULL;
    const size_t size = name != NULL ? strlen(name) : 0;
    if (size == 0 || size + 9 >= alternative->size)
        return false;
    const char *at = alternative->text + alternative->size - 2 - size; /* before "'>" */
    return memcmp(at, name, size) == 0 && (at[-1] == '.' || at[-1] == '\'');
}

static bool is_accepted(const crn_alternative *alternative, const crn_object *value)
{
    const crn_alternative levels = {
        .kind = CRN_ALLOWS_INT, .bounded = true, .high = (double)INFINITY, .low_closed = true};
    const crn_alternative seeds = {.kind = CRN_ALLOWS_INT,
                                   .bounded = true,
                                   .high = UINT32_MAX,
                                   .low_closed = true,
                                   .high_closed = true};
    const char *text = crn_object_text(value);
    bool is_bool;
    double number;
    switch (alternative->kind) {
    case CRN_ALLOWS_OPTION:
        return text != NULL && value->as.bytes.size == alternative->size &&
               memcmp(text, alternative->text, alternative->size) == 0;
    case CRN_ALLOWS_INT:
    case CRN_ALLOWS_REAL:
    case CRN_ALLOWS_FLOAT:
        return is_accepted_number(alternative, value);
    case CRN_ALLOWS_NONE:
        return crn_object_is_none(value);
    case CRN_ALLOWS_BOOL:
        return crn_object_as_bool(value, &is_bool);
    case CRN_ALLOWS_INSTANCE:
        return is_word(alternative->text, alternative->size, crn_object_kind_name(value));
    case CRN_ALLOWS_CLASS:
        return is_instance_of(alternative, value);
    case CRN_ALLOWS_TYPE:
        return is_that_type(alternative, value);
    case CRN_ALLOWS_METHOD:
        return crn_object_is(value, CRN_OBJ_INSTANCE);
    case CRN_ALLOWS_CALLABLE:
        return crn_object_is(value, CRN_OBJ_GLOBAL);
    case CRN_ALLOWS_ARRAY:
        return is_array_like(value);
    case CRN_ALLOWS_SPARSE:
        return crn_object_is(value, CRN_OBJ_INSTANCE);
    case CRN_ALLOWS_ESTIMATOR:
        return crn_expression_name(value) != NULL;
    case CRN_ALLOWS_RANDOM_STATE:
        return crn_object_is_none(value) || is_accepted_number(&seeds, value) ||
               strcmp(crn_object_kind_name(value), "RandomState") == 0;
    case CRN_ALLOWS_VERBOSE:
        return crn_object_as_bool(value, &is_bool) || is_accepted_number(&levels, value);
    case CRN_ALLOWS_CV:
        return is_cv(value);
    case CRN_ALLOWS_SCORER:
        return is_scorer(value);
    case CRN_ALLOWS_INFINITE:
        return crn_object_as_double(value, &number) && isinf(number);
    case CRN_ALLOWS_FALSE:
        return crn_object_as_bool(value, &is_bool) && !is_bool;
    case CRN_ALLOWS_INF:
        return crn_object_as_double(value, &number) && number == (double)INFINITY;
    case CRN_ALLOWS_MISSING:
        return is_missing_value(value);
    case CRN_ALLOWS_ANYTHING:
        return true;
    }
    return false;
}

bool crn_field_accepts(const crn_field *field, const crn_object *value)
{
    crn_alternative alternatives[CRN_MAX_ALTERNATIVES];
    size_t count = crn_field_alternatives(field, alternatives);
    for (size_t i = 0; i < count; i++) {
        if (is_accepted(&alternatives[i], value))
            return true;
    }
    return false;
}
