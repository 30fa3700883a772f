/* SPDX-License-Identifier: BSD-3-Clause */
/* Fields: what an object of Python looks like, said once. A C struct and a table of rows; from
 * the rows alone follow the constructor expression and its errors, the reading of a pickle's
 * state or of a Keras config, the checks of what was read, the writing for any target version,
 * inspection and the reference manual.
 *
 *     static const crn_field fields[] = {
 *         CRN_PARAM(pca, whiten, BOOL, "False", NULL),
 *         CRN_FITTED_ARRAY(pca, components_, "n_components_, n_features_in_"),
 *         CRN_FIELDS_END};
 */
#ifndef CRN_MODEL_FIELD_H
#define CRN_MODEL_FIELD_H

#include <stddef.h>

#include "format/object.h"

struct crn_model;

/* How the value is stored in the struct. */
typedef enum crn_field_type {
    CRN_FIELD_BOOL,   /* bool */
    CRN_FIELD_INT,    /* int64_t */
    CRN_FIELD_REAL,   /* double; from Python's int or float */
    CRN_FIELD_STRING, /* const char *, NULL for None */
    CRN_FIELD_OBJECT, /* crn_object *: any Python value; never NULL after reading or defaults */
    CRN_FIELD_ARRAY,  /* crn_array of numbers or strings; data NULL: absent or None */
    CRN_FIELD_MODEL,  /* crn_model *: a child estimator; NULL: absent or None */
    CRN_FIELD_MODELS  /* crn_model_list: many of them */
} crn_field_type;

/* How Python holds child estimators. */
typedef enum crn_model_list_kind {
    CRN_MODELS_NONE,  /* None, or not there */
    CRN_MODELS_ONE,   /* a: one estimator where others have a list */
    CRN_MODELS_LIST,  /* [a, b] */
    CRN_MODELS_TUPLE, /* (a, b) */
    CRN_MODELS_PAIRS, /* [("name", a), ("other", b)] */
    CRN_MODELS_DICT,  /* {"name": a, "other": b} */
    CRN_MODELS_ARRAY  /* an object array (count / columns, columns); a vector: columns 0 */
} crn_model_list_kind;

/* The value of a CRN_FIELD_MODELS row; model_list.h works on it. */
typedef struct crn_model_list {
    crn_model_list_kind kind;
    int64_t count, columns;
    struct crn_model **at; /* [count], owned; never NULL after reading: what stands in the
                              place of an estimator ('drop') is a model without methods */
    const char **names;    /* [count]: of PAIRS and DICT; else NULL */
} crn_model_list;

/* Constraints are alternatives joined by " | ", in the order in which scikit-learn's own list
 * has them:
 *
 *     'lbfgs'                       this string; all strings together are "a str among {...}"
 *     None   bool                   these values
 *     int    real    float          numbers; real takes ints too, float does not
 *     int >= 0   real (0, 1]        ... in a range: > >= < <= number, or an interval
 *     >= 0   (0, inf]               the same with the row's own type: int for INT, else real
 *     dict  tuple  list  str        an instance of the builtin type
 *     <numpy.ndarray>               an instance of that class
 *     <class 'numpy.float32'>       that type; all of them together are "a type among {...}"
 *     array                         a list, a tuple or an array
 *     sparse                        a matrix of scipy.sparse
 *     callable                      a name
 *     estimator                     a constructor call
 *     random_state                  None, or a seed in [0, 2**32)
 *     verbose                       int >= 0, or a bool
 *     False  inf                    these values, said as "a bool among {False}"
 *     has cache                     an object with that method
 *     has fit and predict           ... with both
 *     cv                            folds, a splitter, splits or None
 *     scorer                        the name of a scorer
 *     infinite                      inf or -inf
 *     missing                       what may stand for a missing value: a number, a str, None
 *     ~'deprecated'                 a ~ before any of these: taken, but not said
 *
 * "> 0" leaves infinity out, as scikit-learn's Interval(Real, 0, None, closed="neither"); "(0,
 * inf]" takes it. A bool is no number here. Constraints are for constructor calls; files are
 * only checked for types. */

enum {
    CRN_FIELD_PARAM = 1,    /* a constructor parameter, in the order of the signature */
    CRN_FIELD_FITTED = 2,   /* set by fit */
    CRN_FIELD_OPTIONAL = 4, /* may be missing in a file (then the default, or nothing) */
    CRN_FIELD_KEYWORD = 8,  /* a parameter that may only be given by name */
    /* ARRAY, MODEL: nothing is written as None; without it, not written at all */
    CRN_FIELD_NONE_OK = 16,
    /* is taken, but no file gets it: another spelling of what other rows say */
    CRN_FIELD_UNWRITTEN = 32,
    /* fit alone reads it: a version that does not have it answers all the same */
    CRN_FIELD_FOR_FIT = 64
};

typedef struct crn_field {
    const char *name; /* as in Python; NULL ends a table */
    crn_field_type type;
    unsigned flags;
    size_t offset;     /* offsetof in the struct */
    const char *shape; /* ARRAY: "n_components_, n_features_in_": numbers, names of INT fields,
                          or names that are bound by their first use; NULL: not checked */
    const char *dflt;  /* PARAM: as Python writes it: "None", "1.0", "'lbfgs'"; NULL: the
                          constructor requires it. OPTIONAL: likewise, NULL: nothing */
    const char *constraint; /* PARAM: what the constructor takes (below); NULL: anything of the
                               type, and None where that is the default */
    const char *since;      /* first version of the library that has it (under this name, where
                               there are old ones): "1.2"; NULL: always */
    const char *until;      /* first version that has it no more: "1.8"; NULL: still there */
    const char *old_names;  /* spellings of other versions, separated by blanks; NULL: none */
} crn_field;

#define CRN_PARAM(type_, member, kind, default_, constraint_)                                  \
    {                                                                                          \
        .name = #member, .type = CRN_FIELD_##kind, .flags = CRN_FIELD_PARAM,                   \
        .offset = offsetof(type_, member), .dflt = default_, .constraint = constraint_         \
    }
#define CRN_PARAM_SINCE(type_, member, kind, default_, constraint_, since_, until_)            \
    {                                                                                          \
        .name = #member, .type = CRN_FIELD_##kind,                                             \
        .flags = CRN_FIELD_PARAM | CRN_FIELD_OPTIONAL, .offset = offsetof(type_, member),      \
        .dflt = default_, .constraint = constraint_, .since = since_, .until = until_          \
    }
/* A parameter that versions before `since_` have under another name. */
#define CRN_PARAM_RENAMED(type_, member, kind, default_, constraint_, since_, old_)            \
    {                                                                                          \
        .name = #member, .type = CRN_FIELD_##kind,                                             \
        .flags = CRN_FIELD_PARAM | CRN_FIELD_OPTIONAL, .offset = offsetof(type_, member),      \
        .dflt = default_, .constraint = constraint_, .since = since_, .old_names = old_        \
    }
#define CRN_PARAM_FOR_FIT_SINCE(type_, member, kind, default_, constraint_, since_, until_)    \
    {                                                                                          \
        .name = #member, .type = CRN_FIELD_##kind,                                             \
        .flags = CRN_FIELD_PARAM | CRN_FIELD_OPTIONAL | CRN_FIELD_FOR_FIT,                     \
        .offset = offsetof(type_, member), .dflt = default_, .constraint = constraint_,        \
        .since = since_, .until = until_                                                       \
    }
#define CRN_FITTED(type_, member, kind)                                                        \
    {                                                                                          \
        .name = #member, .type = CRN_FIELD_##kind, .flags = CRN_FIELD_FITTED,                  \
        .offset = offsetof(type_, member)                                                      \
    }
#define CRN_FITTED_ARRAY(type_, member, shape_)                                                \
    {                                                                                          \
        .name = #member, .type = CRN_FIELD_ARRAY, .flags = CRN_FIELD_FITTED,                   \
        .offset = offsetof(type_, member), .shape = shape_                                     \
    }
#define CRN_FITTED_ARRAY_OR_NONE(type_, member, shape_)                                        \
    {                                                                                          \
        .name = #member, .type = CRN_FIELD_ARRAY,                                              \
        .flags = CRN_FIELD_FITTED | CRN_FIELD_NONE_OK, .offset = offsetof(type_, member),      \
        .shape = shape_                                                                        \
    }
/* clang-format off */
#define CRN_FIELDS_END {.name = NULL}
/* clang-format on */

#define CRN_FITTED_OPTIONAL(type_, member, kind)                                               \
    {                                                                                          \
        .name = #member, .type = CRN_FIELD_##kind,                                             \
        .flags = CRN_FIELD_FITTED | CRN_FIELD_OPTIONAL, .offset = offsetof(type_, member)      \
    }
#define CRN_FITTED_ARRAY_OPTIONAL(type_, member, shape_)                                       \
    {                                                                                          \
        .name = #member, .type = CRN_FIELD_ARRAY,                                              \
        .flags = CRN_FIELD_FITTED | CRN_FIELD_OPTIONAL, .offset = offsetof(type_, member),     \
        .shape = shape_                                                                        \
    }

/* Where values live: strings, objects and defaults come from the document's arena. */
typedef struct crn_field_context {
    crn_document *document;
    const char *class_name; /* for messages: "PCA" */
    bool requires_all;      /* a call without an argument that has no default is refused here */
    crn_status (*read_model)(void *context, const crn_object *object, struct crn_model **out,
                             crn_error *err); /* for MODEL fields; NULL: none allowed */
    void *context;
} crn_field_context;

/* Python's defaults into a zeroed struct. */
crn_status crn_fields_default(const crn_field *fields, void *self,
                              const crn_field_context *context, crn_error *err);

/* Constructor arguments (a CRN_BY_CALL instance: args, kwargs) onto the defaults. Unknown names
 * are CRN_NOT_FOUND with the nearest known one and the character; values are checked against
 * type and constraint: "The 'C' parameter of LogisticRegression must be a float in the range
 * (0.0, inf]. Got -1 instead." */
crn_status crn_fields_from_call(const crn_field *fields, void *self, const crn_object *call,
                                const crn_field_context *context, crn_error *err);

/* A pickle's state or a config (a dict) into the struct: types converted, arrays decoded, old
 * names taken; keys that no row names are left alone. A missing PARAM takes its default; a
 * missing FITTED that is not OPTIONAL is CRN_FORMAT unless all of them are missing: then
 * *fitted is false. Shapes are checked at the end. */
crn_status crn_fields_read(const crn_field *fields, void *self, const crn_object *state,
                           const crn_field_context *context, bool *fitted, crn_error *err);

/* The value of a dict under the row's name, or under one of its old names; NULL when there is
 * none. */
const crn_object *crn_field_find_value(const crn_field *field, const crn_object *state);

/* The shapes of all present arrays against the rows. */
crn_status crn_fields_check_shapes(const crn_field *fields, const void *self, crn_error *err);

/* One value as a Python object of `document`: an array without axes as a plain number, an
 * absent one as None, a child model as its constructor call. What OBJECT rows hold is shared.
 * NULL when memory is out. */
crn_object *crn_field_value(const crn_field *field, const void *self, crn_document *document);

/* True when a row holds its default. Makes objects in `document`. */
bool crn_field_is_default(const crn_field *field, const void *self, crn_document *document);

/* The constructor call, with only the parameters that differ from their defaults, in
 * alphabetical order, as scikit-learn does with print_changed_only. NULL when memory is out. */
crn_object *crn_fields_expression(const crn_field *fields, const void *self,
                                  const char *class_name, crn_document *document);
/* The same as text: crn_expression_print() of it. */
void crn_fields_repr(const crn_field *fields, const void *self, const char *class_name,
                     crn_document *scratch, crn_text *out);

/* Copies the parameters (not what fit has set) to a struct of the same type; arrays are shared,
 * child models are left to the caller. */
void crn_fields_copy_params(const crn_field *fields, const void *self, void *fresh);

/* Row by name (or an old name); NULL when there is none. */
const crn_field *crn_field_find(const crn_field *fields, const char *name);

/* Frees what rows own: arrays, and child models through `destroy_model`. The struct itself is
 * the caller's. */
void crn_fields_free(const crn_field *fields, void *self,
                     void (*destroy_model)(struct crn_model *));

/* "1.10.2" against "1.9": negative, zero, positive; a part that is missing counts as 0. */
int crn_version_compare(const char *a, const char *b);
/* True when the row exists in that version of the library. */
bool crn_field_in_version(const crn_field *field, const char *version);

#endif
