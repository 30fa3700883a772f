/* SPDX-License-Identifier: BSD-3-Clause */
#include "api/options.h"

#include <string.h>

crn_status crn_options_take(void *out, size_t size, const void *given, const char *type,
                            crn_error *err)
{
    if (given == NULL)
        return CRN_OK;
    size_t given_size;
    memcpy(&given_size, given, sizeof given_size);
    if (given_size < sizeof given_size)
        return crn_fail(err, CRN_ARGUMENT, "%s is not initialised with its _INIT", type);
    memcpy(out, given, given_size < size ? given_size : size);
    memcpy(out, &size, sizeof size);
    return CRN_OK;
}
