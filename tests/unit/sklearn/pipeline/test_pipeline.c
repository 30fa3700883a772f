/* SPDX-License-Identifier: BSD-3-Clause */
/* Pipeline: steps by name and place, steps that do nothing, Pipelines inside of Pipelines, and
 * states that cannot be. */
#include "unit/sklearn/fitting.h"

static const char MODULE[] = "sklearn.pipeline";

static void assert_repr(const char *expression, const char *expected)
{
    crn_model *model = parse(expression);
    char *text = NULL;
    assert_ok(crn_model_inspect(model, CRN_INSPECT_SUMMARY, &text, &err));
    if (strncmp(text, expected, strlen(expected)) != 0)
        fail_msg("%s is shown as %s", expression, text);
    crn_string_free(text);
    crn_model_destroy(model);
}

static void test_names(void **state)
{
    (void)state;
    assert_repr("make_pipeline(PCA())", "Pipeline(steps=[('pca', PCA())])\n");
    assert_repr("make_pipeline(PCA(), PCA(copy=False))",
                "Pipeline(steps=[('pca-1', PCA()), ('pca-2', PCA(copy=False))])\n");
    assert_repr(
        "make_pipeline('passthrough', PCA(), verbose=True)",
        "Pipeline(steps=[('passthrough', 'passthrough'), ('pca', PCA())], verbose=True)\n");
    assert_repr("make_pipeline(None, make_pipeline(PCA()))",
                "Pipeline(steps=[('nonetype', None),\n"
                "                ('pipeline', Pipeline(steps=[('pca', PCA())]))])\n");
    assert_repr("Pipeline(steps=[('a', PCA())])", "Pipeline(steps=[('a', PCA())])\n");
}

static void test_expressions_that_cannot_be(void **state)
{
    (void)state;
    assert_parse_fails("Pipeline()", CRN_ARGUMENT,
                       "Pipeline() missing 1 required argument: 'steps'");
    assert_parse_fails("Pipeline([])", CRN_ARGUMENT,
                       "The pipeline is empty. Please add steps.");
    assert_parse_fails("make_pipeline()", CRN_ARGUMENT,
                       "The pipeline is empty. Please add steps.");
    assert_parse_fails(
        "Pipeline(3)", CRN_ARGUMENT,
        "The 'steps' parameter of Pipeline must be an instance of 'list'. Got 3 instead.");
    assert_parse_fails("Pipeline([('a', PCA(), 2)])", CRN_ARGUMENT,
                       "steps[0] is not a (name, estimator) pair");
    assert_parse_fails(
        "Pipeline([('a', PCA())], memory=5)", CRN_ARGUMENT,
        "The 'memory' parameter of Pipeline must be None, an instance of 'str' or an object "
        "implementing 'cache'. Got 5 instead.");
    assert_parse_fails("make_pipeline(PCA(n_components=-1))", CRN_ARGUMENT,
                       "The 'n_components' parameter of PCA must be an int in the range [0, "
                       "inf), a float in the range "
                       "(0.0, 1.0), a str among {'mle'} or None. Got -1 instead.");
    assert_string_equal(err.where, "steps[0]");
}

static void test_steps_that_do_nothing(void **state)
{
    (void)state;
    const crn_array x = matrix_of("x");
    crn_array z = CRN_ARRAY_INIT, back = CRN_ARRAY_INIT;
    crn_model *model = fitted(
        "Pipeline([('a', None), ('b', MinMaxScaler()), ('c', 'passthrough')])", "x", NULL);
    model = saved_and_loaded(model, "pipe.joblib", NULL);
    assert_int_equal(crn_model_step_count(model), 3);
    assert_null(crn_model_step(model, 0));
    assert_string_equal(crn_model_class(crn_model_step(model, 1)), "MinMaxScaler");
    assert_int_equal(crn_model_features(model), 4);
    assert_ok(crn_model_predict(model, CRN_TRANSFORM, &x, &z, &err));
    assert_ok(crn_model_predict(model, CRN_INVERSE_TRANSFORM, &z, &back, &err));
    assert_close(back.data, x.data, (size_t)crn_array_size(&x), 1e-12, 1e-12);
    assert_false(crn_model_has_method(model, CRN_PREDICT));
    crn_array_free(&z);
    crn_array_free(&back);
    crn_model_destroy(model);
}

static void test_a_pipeline_inside(void **state)
{
    (void)state;
    const crn_array x = matrix_of("x");
    crn_array flat = CRN_ARRAY_INIT, nested = CRN_ARRAY_INIT;
    crn_model *one =
        fitted("make_pipeline(StandardScaler(), PCA(n_components=3), LogisticRegression())",
               "x", "y3");
    crn_model *two = fitted("Pipeline([('in', Pipeline([('s', StandardScaler()), ('p', "
                            "PCA(n_components=3))])), ('c', "
                            "LogisticRegression())])",
                            "x", "y3");
    two = saved_and_loaded(two, "pipe.joblib", "1.2");
    assert_ok(crn_model_predict(one, CRN_PREDICT_PROBA, &x, &flat, &err));
    assert_ok(crn_model_predict(two, CRN_PREDICT_PROBA, &x, &nested, &err));
    assert_close(nested.data, flat.data, (size_t)crn_array_size(&flat), 1e-12, 1e-14);
    assert_true(number_of(two, "steps[0].steps[1].n_components_") == 3.0);
    crn_array_free(&flat);
    crn_array_free(&nested);
    crn_model_destroy(one);
    crn_model_destroy(two);
}

/* The way back needs all steps to know it. */
static void test_methods_are_those_of_the_last_step(void **state)
{
    (void)state;
    crn_model *model =
        fitted("make_pipeline(StandardScaler(), LogisticRegression())", "x", "y3");
    assert_true(crn_model_has_method(model, CRN_PREDICT));
    assert_true(crn_model_has_method(model, CRN_DECISION_FUNCTION));
    assert_false(crn_model_has_method(model, CRN_TRANSFORM));
    assert_false(crn_model_has_method(model, CRN_INVERSE_TRANSFORM));
    char *label = crn_model_class_label(model, 1);
    assert_string_equal(label, "1.0");
    crn_string_free(label);
    crn_model_destroy(model);
}

/* inverse_transform takes as many columns as the last step gives. */
static void test_width_of_the_way_back(void **state)
{
    (void)state;
    const double point[2] = {0, 0};
    const crn_array z = crn_array_view_2d(point, CRN_FLOAT64, 1, 2);
    crn_array x = CRN_ARRAY_INIT;
    crn_model *model =
        fitted("make_pipeline(StandardScaler(), PCA(n_components=2))", "x", NULL);
    assert_ok(crn_model_predict(model, CRN_INVERSE_TRANSFORM, &z, &x, &err));
    assert_int_equal(x.shape[1], 4);
    assert_close(x.data, golden_get(&fits, "scaler.mean_")->values, 4, 1e-9, 1e-9);
    crn_array_free(&x);
    crn_model_destroy(model);
}

static void test_a_step_that_is_not_supported(void **state)
{
    (void)state;
    double row[2] = {1, 2};
    const crn_array x = crn_array_view_2d(row, CRN_FLOAT64, 1, 2);
    crn_array y = CRN_ARRAY_INIT;
    crn_document *document = NULL;
    crn_object *state_ = NULL;
    static const char text[] = "{'steps': [('a', None)], 'memory': None, 'verbose': False}";
    assert_ok(crn_document_create(NULL, &document, &err));
    assert_ok(crn_expression_parse(document, text, strlen(text), &state_, &err));
    crn_object *step = crn_object_instance(
        document, CRN_BY_NEWOBJ, crn_object_global(document, "sklearn.none", "MyClassifier"));
    crn_object *pair = crn_object_item(crn_object_get(state_, "steps"), 0);
    pair->as.items.at[1] = step;
    crn_object *object = crn_object_instance(document, CRN_BY_NEWOBJ,
                                             crn_object_global(document, MODULE, "Pipeline"));
    object->as.instance->state = state_;
    crn_model *model = NULL;
    assert_ok(crn_sklearn_read(object, document, &model, &err));
    crn_document_release(document);
    assert_status(CRN_UNSUPPORTED, crn_model_predict(model, CRN_PREDICT, &x, &y, &err));
    assert_non_null(strstr(err.message, "MyClassifier"));
    crn_model_destroy(model);
}

static void test_states_that_cannot_be(void **state)
{
    (void)state;
    assert_state_fails(MODULE, "Pipeline", "{'memory': None}", CRN_ARGUMENT,
                       "The 'steps' parameter of Pipeline must be an instance of 'list'.");
    assert_state_fails(MODULE, "Pipeline", "{'steps': []}", CRN_ARGUMENT,
                       "The pipeline is empty. Please add steps.");
    assert_state_fails(MODULE, "Pipeline", "{'steps': [('a',)]}", CRN_ARGUMENT,
                       "steps[0] is not a (name, estimator) pair");
    assert_state_fails(MODULE, "Pipeline", "{'steps': [(3, None)]}", CRN_ARGUMENT,
                       "steps[0] is not a (name, estimator) pair");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_expressions_that_cannot_be),
        cmocka_unit_test(test_steps_that_do_nothing),
        cmocka_unit_test(test_a_pipeline_inside),
        cmocka_unit_test(test_methods_are_those_of_the_last_step),
        cmocka_unit_test(test_width_of_the_way_back),
        cmocka_unit_test(test_a_step_that_is_not_supported),
        cmocka_unit_test(test_states_that_cannot_be),
    };
    return cmocka_run_group_tests(tests, read_fits, free_fits);
}
