/* SPDX-License-Identifier: BSD-3-Clause */
/* From pickles and constructor calls to estimators: which classes count, what makes a model
 * fitted, names of features, and where errors point. */
#include "unit/sklearn/fitting.h"

static const char SCALER[] =
    "{'copy': True, 'with_mean': True, 'with_std': True, 'mean_': [1.0], 'var_': [4.0], "
    "'scale_': [2.0], 'n_samples_seen_': 3}";

static void test_classes_by_module_and_name(void **state)
{
    (void)state;
    static const char *const ours[] = {"sklearn.preprocessing._data",
                                       "sklearn.preprocessing.data", "sklearn.preprocessing"};
    static const char *const others[] = {
        "sklearn",
        "preprocessing.data",
        "sklearn.preprocessing._dat",
        "",
        "sklearn.preprocessing._data sklearn.preprocessing.data",
        "os"};
    for (size_t i = 0; i < sizeof ours / sizeof *ours; i++) {
        crn_model *model = model_of_state(ours[i], "StandardScaler", SCALER);
        assert_true(crn_model_has_method(model, CRN_TRANSFORM));
        crn_model_destroy(model);
    }
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        crn_model *model = model_of_state(others[i], "StandardScaler", SCALER);
        assert_null(
            crn_model_estimator(model)); /* another class of that name: to be looked at only */
        assert_false(crn_model_has_method(model, CRN_TRANSFORM));
        crn_model_destroy(model);
    }
}

/* Protocols 0 and 1 make instances through copyreg._reconstructor(cls, object, None). */
static void test_reconstructor(void **state)
{
    (void)state;
    crn_document *document = NULL;
    crn_object *dict = NULL;
    crn_model *model = NULL;
    assert_ok(crn_document_create(NULL, &document, &err));
    assert_ok(crn_expression_parse(document, SCALER, strlen(SCALER), &dict, &err));
    crn_object *object = crn_object_instance(
        document, CRN_BY_REDUCE, crn_object_global(document, "copyreg", "_reconstructor"));
    assert_true(crn_object_append(
        document, object->as.instance->args,
        crn_object_global(document, "sklearn.preprocessing.data", "StandardScaler")));
    object->as.instance->state = dict;
    assert_ok(crn_sklearn_read(object, document, &model, &err));
    assert_string_equal(crn_model_class(model), "StandardScaler");
    assert_true(crn_model_has_method(model, CRN_TRANSFORM));
    crn_model_destroy(model);
    crn_document_release(document);
}

static void test_a_state_without_attributes_is_not_fitted(void **state)
{
    (void)state;
    double row[1] = {1};
    const crn_array x = crn_array_view_2d(row, CRN_FLOAT64, 1, 1);
    crn_array z = CRN_ARRAY_INIT;
    crn_model *model =
        model_of_state("sklearn.preprocessing._data", "StandardScaler", "{'with_std': False}");
    assert_int_equal(crn_model_features(model), -1);
    assert_status(CRN_STATE, crn_model_predict(model, CRN_TRANSFORM, &x, &z, &err));
    assert_non_null(strstr(err.message, "StandardScaler instance is not fitted yet"));
    crn_model_destroy(model);
}

static void test_states_that_are_no_dict(void **state)
{
    (void)state;
    assert_state_fails("sklearn.decomposition", "PCA", "[1, 2]", CRN_FORMAT,
                       "PCA has no state");
    assert_state_fails("sklearn.decomposition", "PCA", "{'whiten': 'yes', 'mean_': None}",
                       CRN_FORMAT, "expected a bool, got 'yes'");
    assert_string_equal(err.where, "whiten");
}

static crn_status with_names(const char *names, crn_model **out)
{
    char text[400];
    snprintf(text, sizeof text,
             "{'with_mean': True, 'with_std': True, 'n_features_in_': 2, 'feature_names_in_': "
             "%s, 'mean_': [1.0, 2.0], "
             "'var_': [4.0, 4.0], 'scale_': [2.0, 2.0], 'n_samples_seen_': 3}",
             names);
    return read_state("sklearn.preprocessing._data", "StandardScaler", text, out);
}

static void test_names_of_features(void **state)
{
    (void)state;
    crn_model *model = NULL;
    assert_int_equal(with_names("['länge', '']", &model), CRN_OK);
    assert_string_equal(crn_model_feature_name(model, 0), "länge");
    assert_string_equal(crn_model_feature_name(model, 1), "");
    assert_null(crn_model_feature_name(model, 2));
    assert_null(crn_model_feature_name(model, -1));
    crn_model_destroy(model);
    model = NULL;
    assert_int_not_equal(with_names("['a']", &model), CRN_OK);
    assert_int_equal(with_names("[1, 2]", &model), CRN_FORMAT);
    assert_string_equal(err.message, "feature_names_in_ is not a list of 2 names");
    assert_null(model);
}

static void test_calls(void **state)
{
    (void)state;
    crn_document *document = NULL;
    crn_object *call = NULL;
    crn_model *model = NULL;
    static const char *const calls[] = {"MyClassifier()", "3"};
    assert_ok(crn_document_create(NULL, &document, &err));
    for (int i = 0; i < 2; i++) {
        assert_ok(crn_expression_parse(document, calls[i], strlen(calls[i]), &call, &err));
        assert_status(CRN_NOT_FOUND, crn_sklearn_parse(document, call, &model, &err));
        assert_string_equal(err.message, i == 0 ? "'MyClassifier' is not an estimator"
                                                : "'int' is not an estimator");
        assert_int_equal(err.offset, 0);
    }
    crn_document_release(document);
    model = parse("PCA"); /* the class alone, as the call without arguments */
    assert_string_equal(crn_model_class(model), "PCA");
    crn_model_destroy(model);
    assert_parse_fails("make_pipeline(PCA(), PCA(n_component=2))", CRN_NOT_FOUND,
                       "PCA has no parameter 'n_component'; did you mean 'n_components'?");
    assert_int_equal(err.offset, 25);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_classes_by_module_and_name),
        cmocka_unit_test(test_reconstructor),
        cmocka_unit_test(test_a_state_without_attributes_is_not_fitted),
        cmocka_unit_test(test_states_that_are_no_dict),
        cmocka_unit_test(test_names_of_features),
        cmocka_unit_test(test_calls),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
