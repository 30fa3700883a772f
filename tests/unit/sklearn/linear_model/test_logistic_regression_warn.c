/* SPDX-License-Identifier: BSD-3-Clause */
/* What LogisticRegression.fit warns of: scikit-learn 1.9.1's words in one line. */
#include "unit/sklearn/fitting.h"

#include "sklearn/linear_model/logistic_regression_fit.h"

#define SCALE                                                                                  \
    "You might also want to scale the data as shown in: "                                      \
    "https://scikit-learn.org/stable/modules/preprocessing.html"
#define SOLVERS                                                                                \
    " Please also refer to the documentation for alternative solver options: "                 \
    "https://scikit-learn.org/stable/modules/linear_model.html#logistic-regression"
#define PENALTY                                                                                \
    "'penalty' was deprecated in version 1.8 and will be removed in 1.10. To avoid this "      \
    "warning, leave 'penalty' set to its default value and use 'l1_ratio' or 'C' instead. "    \
    "Use l1_ratio=0 instead of penalty='l2', l1_ratio=1 instead of penalty='l1', l1_ratio "    \
    "set to a float between 0 and 1 instead of penalty='elasticnet', and C=np.inf instead of " \
    "penalty=None."
#define SINGULAR                                                                               \
    "The inner solver of NewtonCholeskySolver stumbled upon a singular or very "               \
    "ill-conditioned Hessian matrix at iteration 1. It will now resort to lbfgs instead. "     \
    "Further options are to use another solver or to avoid such situation in the first "       \
    "place. Possible remedies are removing collinear features of X or increasing the "         \
    "penalization strengths."

/* Every feature twice: without a penalty the Hessian is singular. */
static double doubled[24 * 8];

static crn_data doubled_data(void)
{
    crn_data data = data_of("x", "y3", NULL);
    for (int i = 0; i < 24; i++) {
        for (int j = 0; j < 8; j++)
            doubled[i * 8 + j] = golden_get(&fits, "x")->values[i * 4 + j % 4];
    }
    data.x = crn_array_view_2d(doubled, CRN_FLOAT64, 24, 8);
    return data;
}

static void assert_warnings(const char *expression, const crn_data *data, int count,
                            const char *const *expected)
{
    warnings heard;
    const crn_fit_options options = listening(&heard);
    crn_model *model = parse(expression);
    assert_ok(crn_model_fit(model, data, &options, NULL, &err));
    for (int i = 0; i < count && i < heard.count; i++)
        assert_string_equal(heard.text[i], expected[i]);
    assert_int_equal(heard.count, count);
    crn_model_destroy(model);
}

#define ASSERT_WARNS(expression, data, ...)                                                    \
    assert_warnings(expression, data,                                                          \
                    (int)(sizeof((const char *[]){__VA_ARGS__}) / sizeof(const char *)),       \
                    (const char *[]){__VA_ARGS__})

static void test_lbfgs(void **state)
{
    (void)state;
    const crn_data data = data_of("x", "y3", NULL);
    ASSERT_WARNS("LogisticRegression(max_iter=2)", &data,
                 "lbfgs failed to converge after 2 iteration(s) (status=1): STOP: TOTAL NO. OF "
                 "ITERATIONS REACHED "
                 "LIMIT. Increase the number of iterations to improve the convergence "
                 "(max_iter=2). " SCALE SOLVERS);
    ASSERT_WARNS("LogisticRegression(max_iter=0)", &data,
                 "lbfgs failed to converge after 0 iteration(s) (status=1): STOP: TOTAL NO. OF "
                 "ITERATIONS REACHED "
                 "LIMIT. Increase the number of iterations to improve the convergence "
                 "(max_iter=0). " SCALE SOLVERS);
    assert_warnings("LogisticRegression()", &data, 0, NULL);
}

static void test_newton_cg(void **state)
{
    (void)state;
    warnings heard;
    double loss;
    const crn_data data = data_of("x", "y3", NULL);
    const crn_fit_options options = listening(&heard);
    ASSERT_WARNS("LogisticRegression(solver='newton-cg', max_iter=0)", &data,
                 "newton-cg failed to converge at loss = 1.0986122886681098. Increase the "
                 "number of iterations.");
    crn_model *model = parse("LogisticRegression(solver='newton-cg', max_iter=1)");
    assert_ok(crn_model_fit(model, &data, &options, NULL, &err));
    assert_int_equal(heard.count, 1);
    assert_int_equal(
        sscanf(heard.text[0],
               "newton-cg failed to converge at loss = %lf. Increase the number of iterations.",
               &loss),
        1);
    assert_true(fabs(loss - 0.9518799433747296) < 1e-12);
    crn_model_destroy(model);
    ASSERT_WARNS("LogisticRegression(solver='newton-cg', tol=1e-20, max_iter=500)", &data,
                 "Line Search failed");
}

static void test_newton_cholesky(void **state)
{
    (void)state;
    const crn_data data = data_of("x", "y3", NULL), twice = doubled_data();
    ASSERT_WARNS("LogisticRegression(solver='newton-cholesky', max_iter=1)", &data,
                 "Newton solver did not converge after 1 iterations.");
    ASSERT_WARNS("LogisticRegression(solver='newton-cholesky', max_iter=0)", &data,
                 "Newton solver did not converge after 0 iterations.");
    ASSERT_WARNS("LogisticRegression(solver='newton-cholesky', C=inf)", &twice, SINGULAR);
    ASSERT_WARNS("LogisticRegression(solver='newton-cholesky', C=inf, max_iter=3)", &twice,
                 SINGULAR,
                 "lbfgs failed to converge after 2 iteration(s) (status=1): STOP: TOTAL NO. OF "
                 "ITERATIONS REACHED "
                 "LIMIT. Increase the number of iterations to improve the convergence "
                 "(max_iter=2). " SCALE);
}

/* Each reason to fall back has its own words. */
static void test_reasons_to_fall_back(void **state)
{
    (void)state;
    warnings heard;
    const crn_fit_options options = listening(&heard);
    const crn_fit_data data = {.options = &options};
    crn_newton_cholesky_result result = {.converged = true, .fallback_iteration = 4};
    result.fallback = CRN_NEWTON_FLAT;
    crn_logistic_warn_of_newton_cholesky(&data, &result, 100);
    result.fallback = CRN_NEWTON_LINE_SEARCH;
    crn_logistic_warn_of_newton_cholesky(&data, &result, 100);
    result.fallback = CRN_NEWTON_ASCENT; /* scikit-learn only prints it when verbose */
    crn_logistic_warn_of_newton_cholesky(&data, &result, 100);
    assert_int_equal(heard.count, 2);
    assert_string_equal(heard.text[0],
                        "The inner solver of NewtonCholeskySolver detected a pointwise hessian "
                        "with many negative "
                        "values at iteration #4. It will now resort to lbfgs instead.");
    assert_string_equal(
        heard.text[1],
        "Line search of Newton solver NewtonCholeskySolver at iteration #4 did not converge "
        "after 21 "
        "line search refinement iterations. It will now resort to lbfgs instead.");
    const crn_lbfgs_result abnormal = {.iterations = 7, .stop = CRN_LBFGS_ABNORMAL};
    crn_logistic_warn_of_lbfgs(&data, &abnormal, 100);
    assert_string_equal(
        heard.text[2],
        "lbfgs failed to converge after 7 iteration(s) (status=2): ABNORMAL. " SCALE SOLVERS);
}

static void test_parameters(void **state)
{
    (void)state;
    const crn_data data = data_of("x", "y3", NULL);
    ASSERT_WARNS("LogisticRegression(l1_ratio=None)", &data,
                 "'l1_ratio=None' was deprecated in version 1.8 and will trigger an error in "
                 "1.10. Use 0<=l1_ratio<=1 "
                 "instead.");
    ASSERT_WARNS("LogisticRegression(penalty='l2')", &data, PENALTY);
    ASSERT_WARNS(
        "LogisticRegression(penalty='l2', l1_ratio=0.5)", &data, PENALTY,
        "l1_ratio parameter is only used when penalty is 'elasticnet'. Got (penalty=l2)",
        "Inconsistent values: penalty=l2 with l1_ratio=0.5. penalty is deprecated. Please use "
        "l1_ratio only.");
    ASSERT_WARNS("LogisticRegression(penalty=None, C=2)", &data, PENALTY,
                 "Setting penalty=None will ignore the C and l1_ratio parameters");
    ASSERT_WARNS("LogisticRegression(n_jobs=2)", &data,
                 "'n_jobs' has no effect since 1.8 and will be removed in 1.10. You provided "
                 "'n_jobs=2', please leave "
                 "it unspecified.");
}

static void test_nobody_listens(void **state)
{
    (void)state;
    crn_model_destroy(fitted("LogisticRegression(max_iter=1, n_jobs=2)", "x", "y3"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lbfgs),           cmocka_unit_test(test_newton_cg),
        cmocka_unit_test(test_newton_cholesky), cmocka_unit_test(test_reasons_to_fall_back),
        cmocka_unit_test(test_parameters),      cmocka_unit_test(test_nobody_listens),
    };
    return cmocka_run_group_tests(tests, read_fits, free_fits);
}
