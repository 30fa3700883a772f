/* SPDX-License-Identifier: BSD-3-Clause */
/* The bounds of cornichon/limits.h with their defaults filled in. */
#ifndef CRN_BASE_LIMITS_H
#define CRN_BASE_LIMITS_H

#include "cornichon/limits.h"

/* A copy without zeros: every field is the caller's, or the default where the caller's is 0, or
 * lies behind the struct_size of a caller built against an older header. limits may be NULL. */
crn_limits crn_limits_complete(const crn_limits *limits);

#endif
