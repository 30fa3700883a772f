/* SPDX-License-Identifier: BSD-3-Clause */
/* Constructor expressions: "PCA(n_components=2)". A small grammar of Python's literals and
 * calls, parsed and never evaluated:
 *
 *     value  = None | True | False | number | string | name | call
 *            | [ values ] | ( values ) | { key: value, ... }
 *     call   = dotted.name ( values, name=value, ... )
 *     number = [-] digits with an optional fraction and exponent, inf, nan, float('inf')
 */
#ifndef CRN_MODEL_EXPRESSION_H
#define CRN_MODEL_EXPRESSION_H

#include "format/object.h"

/* Calls become instances (CRN_BY_CALL) whose callable is a global with module "" (or the dotted
 * prefix: "np", "keras.layers"); a bare name likewise becomes a global. Objects carry the
 * offset of their first character. Errors: CRN_FORMAT with the offset of the character;
 * CRN_LIMIT for nesting over 100. */
crn_status crn_expression_parse(crn_document *document, const char *text, size_t size,
                                crn_object **out, crn_error *err);

/* The name of a call or bare name: "PCA"; NULL for other objects. */
const char *crn_expression_name(const crn_object *object);

/* Prints a call as scikit-learn's repr() prints an estimator: one line where 80 columns
 * suffice, else broken behind commas and indented, long containers cut after 30 items with
 * "...". */
void crn_expression_print(const crn_object *object, crn_text *out);

#endif
