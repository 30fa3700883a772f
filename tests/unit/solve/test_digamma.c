/* SPDX-License-Identifier: BSD-3-Clause */
/* The digamma function against scipy.special.digamma (1.17). */
#include "test.h"

#include <math.h>

#include "solve/digamma.h"

static void test_values(void **state)
{
    (void)state;
    static const double x[] = {1e-8,  0.3,  1,   1.4616321449683622, 2.5, 9.99, 10,
                               123.4, -0.5, -3.7};
    static const double want[] = {-100000000.57721564,  -3.5025242222001332,
                                  -0.57721566490153287, -9.2412655217294273e-17,
                                  0.70315664064524319,  2.2507003728312012,
                                  2.2517525890667209,   4.8113737751162775,
                                  0.036489973978576513, -0.8450768588704185};
    for (size_t i = 0; i < sizeof x / sizeof *x; i++) {
        const double got = crn_digamma(x[i]);
        assert_close(&got, &want[i], 1, 8e-15, 2e-15);
    }
}

static void test_poles(void **state)
{
    (void)state;
    assert_true(isnan(crn_digamma(0.0)));
    assert_true(isnan(crn_digamma(-3.0)));
    assert_true(isnan(crn_digamma((double)NAN)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values),
        cmocka_unit_test(test_poles),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
