/* SPDX-License-Identifier: BSD-3-Clause */
/* Defaults of parameters by version: the field tables say those of today, signatures.def what
 * was different. */
#include "sklearn/signatures.h"

#include <string.h>

#include "sklearn/versions.h"

typedef struct signature_row {
    const char *parameter, *since, *until, *dflt, *classes;
} signature_row;

static const signature_row rows[] = {
#define CRN_WAS(name, since, until, dflt, classes) {#name, since, until, dflt, classes},
#include "sklearn/signatures.def"
#undef CRN_WAS
};

static bool is_of(const signature_row *row, const char *sklearn)
{
    return (row->since == NULL || crn_version_compare(sklearn, row->since) >= 0) &&
           (row->until == NULL || crn_version_compare(sklearn, row->until) < 0);
}

bool crn_signature_find(const crn_estimator *type, const char *parameter, const char *sklearn,
                        const char **dflt)
{
    if (sklearn == NULL)
        sklearn = CRN_SKLEARN_NEWEST;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (strcmp(rows[i].parameter, parameter) == 0 && is_of(&rows[i], sklearn) &&
            crn_has_word(rows[i].classes, type->name)) {
            *dflt = rows[i].dflt;
            return true;
        }
    }
    for (const crn_field *field = type->fields; field->name != NULL; field++) {
        if (!(field->flags & CRN_FIELD_PARAM) || strcmp(field->name, parameter) != 0)
            continue;
        *dflt = field->dflt;
        return (field->since == NULL || crn_version_compare(sklearn, field->since) >= 0) &&
               (field->until == NULL || crn_version_compare(sklearn, field->until) < 0);
    }
    return false;
}
