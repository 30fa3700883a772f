/* SPDX-License-Identifier: BSD-3-Clause */
/* LogisticRegression.fit: the coefficients of scikit-learn for every solver, weights and warm
 * start, and what is refused. */
#include "unit/sklearn/fitting.h"

#include "model/model.h"

#define TIGHT "tol=1e-9, max_iter=5000"

/* Solvers stop within their tolerance of the minimum, so coefficients agree to its order. */
static void test_fits(void **state)
{
    (void)state;
    static const struct {
        const char *name, *expression, *y, *weight;
    } cases[] = {
        {"lr", "LogisticRegression(" TIGHT ")", "y3", NULL},
        {"lr_binary", "LogisticRegression(" TIGHT ")", "y2", NULL},
        {"lr_weight", "LogisticRegression(" TIGHT ")", "y3", "weight"},
        {"lr_balanced", "LogisticRegression(class_weight='balanced', " TIGHT ")", "y3",
         "weight"},
        {"lr_dict", "LogisticRegression(class_weight={0: 3, 2: 0.5}, " TIGHT ")", "y3", NULL},
        {"lr_no_intercept", "LogisticRegression(fit_intercept=False, " TIGHT ")", "y3", NULL},
        {"lr_newton_cg", "LogisticRegression(solver='newton-cg', tol=1e-7, C=0.3)", "y3", NULL},
        {"lr_newton_cholesky", "LogisticRegression(solver='newton-cholesky', tol=1e-7, C=0.3)",
         "y3", NULL},
        {"lr_newton_cholesky_binary", "LogisticRegression(solver='newton-cholesky', tol=1e-7)",
         "y2", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const crn_data data = data_of("x", cases[i].y, cases[i].weight);
        crn_model *model = fitted_on(cases[i].expression, &data);
        assert_attributes(model, cases[i].name, "coef_,intercept_", 1e-5);
        crn_model_destroy(model);
    }
}

/* The path is the same, step for step: as many iterations, and the same place where the default
 * tolerance stops. */
static void test_iterations(void **state)
{
    (void)state;
    crn_model *model = fitted("LogisticRegression()", "x", "y3");
    assert_attributes(model, "lr_default", "coef_,intercept_,n_iter_", 1e-6);
    crn_model_destroy(model);
    model = fitted("LogisticRegression(solver='newton-cholesky', tol=1e-7, C=0.3)", "x", "y3");
    assert_attributes(model, "lr_newton_cholesky", "n_iter_", 1e-9);
    crn_model_destroy(model);
    model = fitted("LogisticRegression(solver='newton-cg', tol=1e-7, C=0.3)", "x", "y3");
    assert_attributes(model, "lr_newton_cg", "n_iter_", 1e-9);
    crn_model_destroy(model);
}

static void test_warm_start(void **state)
{
    (void)state;
    const crn_data data = data_of("x", "y3", NULL);
    crn_model *model = parse("LogisticRegression(warm_start=True, max_iter=3)");
    assert_ok(crn_model_fit(model, &data, NULL, NULL, &err));
    assert_ok(crn_model_fit(model, &data, NULL, NULL, &err));
    assert_attributes(model, "lr_warm", "coef_,intercept_,n_iter_", 1e-8);
    crn_data narrow = data;
    narrow.x.shape[1] = 3;
    assert_status(CRN_SHAPE, crn_model_fit(model, &narrow, NULL, NULL, &err));
    assert_string_equal(err.message,
                        "Initialization coef is of shape (3, 5), expected shape (3, 4)");
    const crn_data binary = data_of("x", "y2", NULL);
    assert_status(CRN_SHAPE, crn_model_fit(model, &binary, NULL, NULL, &err));
    assert_string_equal(
        err.message, "Initialization coef is of shape (3, 5), expected shape (5,) or (1, 5)");
    assert_attributes(model, "lr_warm", "coef_", 1e-8); /* as it was */
    crn_model_destroy(model);
}

/* Also inside of a Pipeline, and after a file. */
static void test_warm_start_inside(void **state)
{
    (void)state;
    const crn_data data = data_of("x", "y3", NULL);
    crn_model *model =
        parse("make_pipeline('passthrough', LogisticRegression(warm_start=True, max_iter=3))");
    assert_ok(crn_model_fit(model, &data, NULL, NULL, &err));
    model = saved_and_loaded(model, "warm.joblib", NULL);
    assert_ok(crn_model_fit(model, &data, NULL, NULL, &err));
    crn_array coef = CRN_ARRAY_INIT;
    assert_ok(crn_model_get(model, "steps[1].coef_", &coef, &err));
    assert_close(coef.data, golden_get(&fits, "lr_warm.coef_")->values, 12, 1e-8, 1e-10);
    crn_array_free(&coef);
    crn_model_destroy(model);
}

static crn_model *on_names(const char *expression, const char *const *names)
{
    const char *labels[24];
    crn_data data = data_of("x", NULL, NULL);
    for (int i = 0; i < 24; i++)
        labels[i] = names[(int)golden_get(&fits, "y3")->values[i]];
    assert_ok(crn_names_to_array(labels, 24, &data.y, &err));
    crn_model *model = fitted_on(expression, &data);
    crn_array_free(&data.y);
    return model;
}

static void test_labels_that_are_strings(void **state)
{
    (void)state;
    static const char *const names[] = {"ant", "bee", "zebra"};
    crn_model *model =
        on_names("LogisticRegression(class_weight={'ant': 3, 'zebra': 0.5}, " TIGHT ")", names);
    assert_attributes(model, "lr_dict", "coef_,intercept_", 1e-5);
    model = saved_and_loaded(model, "names.joblib", "1.0");
    char *label = crn_model_class_label(model, 2);
    assert_string_equal(label, "zebra");
    crn_string_free(label);
    crn_model_destroy(model);
}

static void test_a_fit_that_fails_leaves_the_model(void **state)
{
    (void)state;
    crn_model *model = fitted("LogisticRegression(" TIGHT ")", "x", "y3");
    const crn_data bad = data_of("x_nan", "y3", NULL), mute = data_of("x", NULL, NULL);
    assert_status(CRN_ARGUMENT, crn_model_fit(model, &bad, NULL, NULL, &err));
    assert_string_equal(err.message, "Input X contains NaN.");
    assert_status(CRN_ARGUMENT, crn_model_fit(model, &mute, NULL, NULL, &err));
    assert_string_equal(
        err.message,
        "This LogisticRegression estimator requires y to be passed, but the target y is None.");
    assert_attributes(model, "lr", "coef_,intercept_", 1e-5);
    crn_model_destroy(model);
}

static void test_targets_that_cannot_be(void **state)
{
    (void)state;
    double y[24];
    crn_data data = data_of("x", NULL, NULL);
    data.y = crn_array_view_1d(y, CRN_FLOAT64, 24);
    for (int i = 0; i < 24; i++)
        y[i] = 5;
    assert_fit_fails("LogisticRegression()", &data, CRN_ARGUMENT,
                     "This solver needs samples of at least 2 classes in the data, but the "
                     "data contains only one "
                     "class: 5.0");
    y[3] = 0.5;
    assert_fit_fails("LogisticRegression()", &data, CRN_ARGUMENT,
                     "Unknown label type: continuous. Maybe you are trying to fit a "
                     "classifier, which expects discrete "
                     "classes on a regression target with continuous values.");
    y[3] = INFINITY;
    assert_fit_fails("LogisticRegression()", &data, CRN_ARGUMENT,
                     "Input y contains infinity or a value too large for dtype('float64').");
    y[4] = NAN;
    assert_fit_fails("LogisticRegression()", &data, CRN_ARGUMENT, "Input y contains NaN.");
    data.y = crn_array_view_2d(y, CRN_FLOAT64, 24, 2);
    data.y.strides[0] = data.y.strides[1] = 0;
    assert_fit_fails("LogisticRegression()", &data, CRN_SHAPE,
                     "y should be a 1d array, got an array of shape (24, 2) instead.");
    static const char *const names[] = {"a", "a", "a"};
    const char *labels[24];
    for (int i = 0; i < 24; i++)
        labels[i] = names[0];
    assert_ok(crn_names_to_array(labels, 24, &data.y, &err));
    assert_fit_fails("LogisticRegression()", &data, CRN_ARGUMENT,
                     "This solver needs samples of at least 2 classes in the data, but the "
                     "data contains only one "
                     "class: 'a'");
    crn_array_free(&data.y);
}

static void test_parameters_that_do_not_go_together(void **state)
{
    (void)state;
    const crn_data data = data_of("x", "y3", NULL);
    assert_fit_fails("LogisticRegression(l1_ratio=1)", &data, CRN_ARGUMENT,
                     "Solver lbfgs supports only 'l2' or None penalties, got l1 penalty.");
    assert_fit_fails(
        "LogisticRegression(l1_ratio=0.5, solver='newton-cg')", &data, CRN_ARGUMENT,
        "Solver newton-cg supports only 'l2' or None penalties, got elasticnet penalty.");
    assert_fit_fails("LogisticRegression(penalty='l1')", &data, CRN_ARGUMENT,
                     "Solver lbfgs supports only 'l2' or None penalties, got l1 penalty.");
    assert_fit_fails("LogisticRegression(dual=True)", &data, CRN_ARGUMENT,
                     "Solver lbfgs supports only dual=False, got dual=True");
    assert_fit_fails(
        "LogisticRegression(solver='saga')", &data, CRN_UNSUPPORTED,
        "LogisticRegression is not fitted with solver='saga' here; use 'lbfgs', 'newton-cg' or "
        "'newton-cholesky'");
    assert_fit_fails("LogisticRegression(class_weight={5: 1})", &data, CRN_ARGUMENT,
                     "The classes, [0, 1, 2], are not in class_weight");
    /* Without a penalty its kind does not matter. */
    crn_model_destroy(fitted("LogisticRegression(C=inf, l1_ratio=1)", "x", "y3"));
}

static void test_parameters_that_cannot_be(void **state)
{
    (void)state;
    assert_parse_fails("LogisticRegression(C=0)", CRN_ARGUMENT,
                       "The 'C' parameter of LogisticRegression must be a float in the range "
                       "(0.0, inf]. Got 0 "
                       "instead.");
    assert_parse_fails("LogisticRegression(tol=-1e-4)", CRN_ARGUMENT,
                       "The 'tol' parameter of LogisticRegression must be a float in the range "
                       "[0.0, inf). Got -0.0001 "
                       "instead.");
    assert_parse_fails("LogisticRegression(max_iter=2.5)", CRN_ARGUMENT,
                       "The 'max_iter' parameter of LogisticRegression must be an int in the "
                       "range [0, inf). Got 2.5 "
                       "instead.");
    assert_parse_fails("LogisticRegression(fit_intercept=1)", CRN_ARGUMENT,
                       "The 'fit_intercept' parameter of LogisticRegression must be an "
                       "instance of 'bool' or an instance "
                       "of 'numpy.bool'. Got 1 instead.");
    assert_parse_fails("LogisticRegression(multi_class='ovr')", CRN_NOT_FOUND,
                       "LogisticRegression has no parameter 'multi_class'");
    crn_model *model = NULL;
    assert_status(CRN_ARGUMENT,
                  crn_model_parse("LogisticRegression(solver='lbgfs')", &model, &err));
    assert_non_null(strstr(
        err.message, "The 'solver' parameter of LogisticRegression must be a str among {"));
    assert_non_null(strstr(err.message, "Got 'lbgfs' instead."));
}

/* A progress that stops after some iterations. */
static bool count_to_three(void *context, const crn_progress *progress)
{
    int *count = context;
    assert_int_equal(progress->epoch, ++*count);
    assert_int_equal(progress->epochs, 100);
    assert_int_equal(progress->batches, 0);
    assert_string_equal(progress->names[0], "loss");
    assert_true(progress->values[0] > 0 && progress->values[0] < 1.2 && progress->seconds >= 0);
    return *count < 3;
}

static void test_progress_can_stop_it(void **state)
{
    (void)state;
    static const char *const expressions[] = {
        "LogisticRegression()", "LogisticRegression(solver='newton-cg')",
        "LogisticRegression(solver='newton-cholesky', tol=1e-9)"};
    const crn_data data = data_of("x", "y3", NULL);
    for (int i = 0; i < 3; i++) {
        int count = 0;
        crn_fit_options options = CRN_FIT_OPTIONS_INIT;
        options.progress = count_to_three;
        options.progress_context = &count;
        crn_model *model = parse(expressions[i]);
        assert_status(CRN_CANCELLED, crn_model_fit(model, &data, &options, NULL, &err));
        assert_int_equal(count, 3);
        assert_false(crn_model_has_method(model, CRN_PREDICT));
        crn_model_destroy(model);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fits),
        cmocka_unit_test(test_iterations),
        cmocka_unit_test(test_warm_start),
        cmocka_unit_test(test_warm_start_inside),
        cmocka_unit_test(test_labels_that_are_strings),
        cmocka_unit_test(test_a_fit_that_fails_leaves_the_model),
        cmocka_unit_test(test_targets_that_cannot_be),
        cmocka_unit_test(test_parameters_that_do_not_go_together),
        cmocka_unit_test(test_parameters_that_cannot_be),
        cmocka_unit_test(test_progress_can_stop_it),
    };
    return cmocka_run_group_tests(tests, read_fits, free_fits);
}
