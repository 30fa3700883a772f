/* SPDX-License-Identifier: BSD-3-Clause */
/* Pseudo-inverses against scipy.linalg.pinv and pinvh (1.17), of full rank and not. */
#include "test.h"

#include "solve/pseudo_inverse.h"

static crn_error err;

static void test_pinv(void **state)
{
    (void)state;
    static const double x[] = {1, 2, 3, 4, 5, 6}, flat[] = {1, 2, 2, 4, 3, 6};
    static const double want[] = {-4.0 / 3, -1.0 / 3, 2.0 / 3, 13.0 / 12, 1.0 / 3, -5.0 / 12};
    static const double want_flat[] = {1.0 / 70, 2.0 / 70, 3.0 / 70,
                                       2.0 / 70, 4.0 / 70, 6.0 / 70};
    double out[6];
    assert_ok(crn_pinv(x, 3, 2, out, &err));
    assert_close(out, want, 6, 1e-14, 1e-14);
    assert_ok(crn_pinv(flat, 3, 2, out, &err));
    assert_close(out, want_flat, 6, 1e-14, 1e-14);
}

static void test_pinvh(void **state)
{
    (void)state;
    double a[] = {2, 1, 3, 1, 2, 3, 3, 3, 6};
    static const double want[] = {14.0 / 27, -13.0 / 27, 1.0 / 27, -13.0 / 27, 14.0 / 27,
                                  1.0 / 27,  1.0 / 27,   1.0 / 27, 2.0 / 27};
    assert_ok(crn_pinvh(a, 3, &err));
    assert_close(a, want, 9, 1e-14, 1e-14);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pinv),
        cmocka_unit_test(test_pinvh),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
