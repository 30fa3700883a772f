/* SPDX-License-Identifier: BSD-3-Clause */
/* The version, spelled from the numbers of the header so that they cannot disagree. */
#include "cornichon/version.h"

#define TEXT_OF(x) #x
#define TEXT(x)    TEXT_OF(x)

const char *crn_version(void)
{
    return TEXT(CRN_VERSION_MAJOR) "." TEXT(CRN_VERSION_MINOR) "." TEXT(CRN_VERSION_PATCH);
}
