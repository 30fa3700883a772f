/* SPDX-License-Identifier: BSD-3-Clause */
/* What every unit test includes: cmocka with what it needs, and arrays compared with a
 * tolerance. */
#ifndef CRN_TESTS_TEST_H
#define CRN_TESTS_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the four above first. */
#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "cornichon/status.h"

/* Fails with the message of the error. */
#define assert_ok(call)                                                                        \
    do {                                                                                       \
        crn_error *test_err_ = &err;                                                           \
        *test_err_ = (crn_error)CRN_ERROR_INIT;                                                \
        crn_status test_status_ = (call);                                                      \
        if (test_status_ != CRN_OK)                                                            \
            fail_msg("%s: %s: %s", #call, crn_status_name(test_status_), err.message);         \
    } while (0)

/* Expects this status. */
#define assert_status(expected, call)                                                          \
    do {                                                                                       \
        err = (crn_error)CRN_ERROR_INIT;                                                       \
        crn_status test_status_ = (call);                                                      \
        if (test_status_ != (expected))                                                        \
            fail_msg("%s gave %s (%s), not %s", #call, crn_status_name(test_status_),          \
                     err.message, #expected);                                                  \
    } while (0)

/* |got - want| <= atol + rtol * |want| for each element; NaN equals NaN. */
static inline void check_close(const double *got, const double *want, size_t n, double rtol,
                               double atol, const char *file, int line)
{
    for (size_t i = 0; i < n; i++) {
        if (isnan(got[i]) && isnan(want[i]))
            continue;
        if (got[i] == want[i] || fabs(got[i] - want[i]) <= atol + rtol * fabs(want[i]))
            continue;
        print_error("%s:%d: element %zu is %.17g, not %.17g\n", file, line, i, got[i], want[i]);
        fail();
    }
}

#define assert_close(got, want, n, rtol, atol)                                                 \
    check_close(got, want, n, rtol, atol, __FILE__, __LINE__)

#endif
