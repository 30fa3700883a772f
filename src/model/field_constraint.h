/* SPDX-License-Identifier: BSD-3-Clause */
/* The constraints of parameters: the language of crn_field.constraint (see field.h), what it
 * accepts, and how it is said. The alternatives are those of sklearn/utils/_param_validation.py
 * (1.9). */
#ifndef CRN_MODEL_FIELD_CONSTRAINT_H
#define CRN_MODEL_FIELD_CONSTRAINT_H

#include "model/field.h"

typedef enum crn_alternative_kind {
    CRN_ALLOWS_OPTION, /* one string */
    CRN_ALLOWS_INT,    /* an int in a range */
    CRN_ALLOWS_REAL,   /* an int or a float in a range */
    CRN_ALLOWS_FLOAT,  /* a float in a range, no int: scikit-learn's RealNotInt */
    CRN_ALLOWS_NONE,
    CRN_ALLOWS_BOOL,
    CRN_ALLOWS_INSTANCE, /* of the builtin type `text`: dict, tuple, list, str */
    CRN_ALLOWS_CLASS,    /* an instance of the class `text` of a module: numpy.ndarray */
    CRN_ALLOWS_TYPE,     /* the type that is printed as `text`: <class 'numpy.float32'> */
    CRN_ALLOWS_METHOD,   /* an object that has the methods `text` */
    CRN_ALLOWS_CALLABLE, /* a name */
    CRN_ALLOWS_ARRAY,
    CRN_ALLOWS_SPARSE, /* a matrix of scipy.sparse */
    CRN_ALLOWS_ESTIMATOR,
    CRN_ALLOWS_RANDOM_STATE,
    CRN_ALLOWS_VERBOSE,
    CRN_ALLOWS_CV,       /* folds, a splitter, splits or None */
    CRN_ALLOWS_SCORER,   /* the name of a scorer */
    CRN_ALLOWS_INFINITE, /* inf or -inf */
    CRN_ALLOWS_FALSE,    /* False, but not True */
    CRN_ALLOWS_INF,      /* infinity */
    CRN_ALLOWS_MISSING,  /* what stands for a missing value */
    CRN_ALLOWS_ANYTHING
} crn_alternative_kind;

typedef struct crn_alternative {
    crn_alternative_kind kind;
    const char *text; /* of an option without its quotes, of a type */
    size_t size;
    bool hidden;  /* taken, but not said: scikit-learn's Hidden */
    bool bounded; /* the numbers have a range */
    double low, high;
    bool low_closed, high_closed;
} crn_alternative;

enum { CRN_MAX_ALTERNATIVES = 40 };

/* The alternatives of a row, from its constraint or, without one, from its type. Returns their
 * number; 0 when the constraint is malformed, which the contract test excludes. */
size_t crn_field_alternatives(const crn_field *field, crn_alternative *out);

bool crn_field_accepts(const crn_field *field, const crn_object *value);

/* The names that scoring= takes, sorted; NULL past the end. */
const char *crn_scorer_name(size_t i);

/* "a float in the range (0.0, inf]", "a str among {'auto', 'full'} or None". */
void crn_field_expectation(const crn_field *field, crn_text *out);

#endif
