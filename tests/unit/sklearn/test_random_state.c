/* SPDX-License-Identifier: BSD-3-Clause */
/* random_state: which seed NumPy's generator gets. */
#include "unit/sklearn/fitting.h"

#include "sklearn/random_state.h"

static crn_status seeded(const char *random_state, const crn_fit_options *options,
                         double *first)
{
    crn_document *document = NULL;
    crn_object *value = NULL;
    crn_random_state random;
    assert_ok(crn_document_create(NULL, &document, &err));
    assert_ok(crn_expression_parse(document, random_state, strlen(random_state), &value, &err));
    err = (crn_error)CRN_ERROR_INIT;
    crn_status status = crn_random_state_of(value, options, &random, &err);
    if (status == CRN_OK)
        *first = crn_random_state_double(&random);
    crn_document_release(document);
    return status;
}

static void test_an_int_is_numpys_seed(void **state)
{
    (void)state;
    double first = 0;
    crn_fit_options options = CRN_FIT_OPTIONS_INIT;
    assert_int_equal(seeded("0", &options, &first), CRN_OK);
    assert_true(first == 0.5488135039273248); /* numpy.random.RandomState(0).random_sample() */
    assert_int_equal(seeded("42", &options, &first), CRN_OK);
    assert_true(first == 0.3745401188473625);
}

static void test_none_takes_the_seed_of_the_options(void **state)
{
    (void)state;
    double first = 0, second = 0;
    crn_fit_options options = CRN_FIT_OPTIONS_INIT;
    options.has_seed = true;
    options.seed = 42;
    assert_int_equal(seeded("None", &options, &first), CRN_OK);
    assert_true(first == 0.3745401188473625);
    assert_int_equal(seeded("0", &options, &first), CRN_OK);
    assert_true(first == 0.5488135039273248);
    options.has_seed = false;
    assert_int_equal(seeded("None", &options, &first), CRN_OK);
    assert_int_equal(seeded("None", &options, &second), CRN_OK);
    assert_true(first != second);
}

static void test_seeds_that_cannot_be(void **state)
{
    (void)state;
    double first = 0;
    static const char *const seeds[] = {"-1", "4294967296", "'a'", "0.5"};
    crn_fit_options options = CRN_FIT_OPTIONS_INIT;
    for (size_t i = 0; i < sizeof seeds / sizeof *seeds; i++) {
        assert_int_equal(seeded(seeds[i], &options, &first), CRN_ARGUMENT);
        assert_string_equal(
            err.message,
            "random_state must be an int in the range [0, 4294967295] or None here");
    }
    assert_parse_fails("PCA(random_state=-1)", CRN_ARGUMENT,
                       "The 'random_state' parameter of PCA must be an int in the range [0, "
                       "4294967295], an instance "
                       "of 'numpy.random.mtrand.RandomState' or None. Got -1 instead.");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_an_int_is_numpys_seed),
        cmocka_unit_test(test_none_takes_the_seed_of_the_options),
        cmocka_unit_test(test_seeds_that_cannot_be),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
