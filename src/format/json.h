/* SPDX-License-Identifier: BSD-3-Clause */
/* JSON <-> Python values. Parsing is jansson's; NaN, Infinity and -Infinity, which Python's
 * json module writes, are taken too. Writing gives the text of Python's json.dumps. */
#ifndef CRN_FORMAT_JSON_H
#define CRN_FORMAT_JSON_H

#include "format/object.h"

/* Objects become dicts in order, true/false/null bool and None. */
crn_status crn_json_read(crn_document *document, const char *text, size_t size,
                         const crn_limits *limits, crn_object **out, crn_error *err);

typedef enum crn_json_style {
    CRN_JSON_PYTHON,  /* json.dumps(x): ", " and ": ", ASCII only */
    CRN_JSON_COMPACT, /* no blanks */
    CRN_JSON_INDENT   /* two blanks a level, for people */
} crn_json_style;

/* Tuples are written as lists. CRN_UNSUPPORTED for what JSON cannot say. */
crn_status crn_json_write(const crn_object *value, crn_json_style style, crn_text *out,
                          crn_error *err);

#endif
