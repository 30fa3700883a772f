/* SPDX-License-Identifier: BSD-3-Clause */
/* The names of methods. */
#include <string.h>

#include "cornichon/model.h"

static const char *const names[] = {
#define CRN_METHOD_NAME(name, number, text) [number] = text,
    CRN_METHOD_MAP(CRN_METHOD_NAME)
#undef CRN_METHOD_NAME
};

enum { COUNT = sizeof names / sizeof names[0] };
_Static_assert(COUNT == CRN_METHOD_COUNT, "CRN_METHOD_COUNT counts CRN_METHOD_MAP");

const char *crn_method_name(crn_method method)
{
    return (int)method >= 0 && (int)method < COUNT ? names[method] : "?";
}

bool crn_method_find(const char *name, crn_method *out)
{
    for (int i = 0; name != NULL && i < COUNT; i++) {
        if (strcmp(names[i], name) == 0) {
            *out = (crn_method)i;
            return true;
        }
    }
    return false;
}
