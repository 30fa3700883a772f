/* SPDX-License-Identifier: BSD-3-Clause */
/* Option structs across versions of the library: each begins with the size that its caller was
 * compiled with. */
#ifndef CRN_API_OPTIONS_H
#define CRN_API_OPTIONS_H

#include "base/error.h"

#include <stddef.h>

/* Copies what the caller's struct has over `out`, which holds the defaults and is `size` bytes
 * long. given NULL: the defaults stay. CRN_ARGUMENT when the struct was never initialised. */
crn_status crn_options_take(void *out, size_t size, const void *given, const char *type,
                            crn_error *err);

#endif
