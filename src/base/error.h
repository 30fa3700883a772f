/* SPDX-License-Identifier: BSD-3-Clause */
/* How the library reports failures. See cornichon/status.h for the contract with the caller. */
#ifndef CRN_BASE_ERROR_H
#define CRN_BASE_ERROR_H

#include <stdint.h>

#include "cornichon/status.h"

/* Record a failure and return its code: `return crn_fail(err, CRN_SHAPE, "X has %lld ...", n);`
 * A cause that is already recorded stays: the first one wins. err may be NULL. */
crn_status crn_fail(crn_error *err, crn_status code, const char *format, ...) CRN_PRINTF(3, 4);

/* The same with the byte of the input at which it was seen. */
crn_status crn_fail_at(crn_error *err, crn_status code, uint64_t offset, const char *format,
                       ...) CRN_PRINTF(4, 5);

/* CRN_IO with the system's words for an errno behind the message: "cannot open 'a': No such
 * file ...". */
crn_status crn_fail_system(crn_error *err, int number, const char *format, ...)
    CRN_PRINTF(3, 4);

/* Out of memory, in one word. */
crn_status crn_no_memory(crn_error *err);

/* Prepend a step to err->where: "components_" -> "steps[1].components_". Does nothing without a
 * recorded error. Returns err's code so that it can end a function. */
crn_status crn_where(crn_error *err, const char *format, ...) CRN_PRINTF(2, 3);

/* Forward a failure. */
#define CRN_TRY(call)                                                                          \
    do {                                                                                       \
        crn_status crn_try_status_ = (call);                                                   \
        if (crn_try_status_ != CRN_OK)                                                         \
            return crn_try_status_;                                                            \
    } while (0)

/* Forward a failure to the clean-up label `done` through the local variable `status`. */
#define CRN_TRY_OR_DONE(call)                                                                  \
    do {                                                                                       \
        status = (call);                                                                       \
        if (status != CRN_OK)                                                                  \
            goto done;                                                                         \
    } while (0)

#endif
