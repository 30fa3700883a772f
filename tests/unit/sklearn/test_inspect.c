/* SPDX-License-Identifier: BSD-3-Clause */
/* What inspection shows of estimators, fitted and not. */
#include "unit/sklearn/fitting.h"

#include "format/json.h"

static char *shown(const crn_model *model, crn_inspection what)
{
    char *text = NULL;
    assert_ok(crn_model_inspect(model, what, &text, &err));
    return text;
}

static void assert_shows(const crn_model *model, crn_inspection what, const char *const *lines,
                         size_t count)
{
    char *text = shown(model, what);
    for (size_t i = 0; i < count; i++) {
        if (strstr(text, lines[i]) == NULL)
            fail_msg("'%s' is not in\n%s", lines[i], text);
    }
    crn_string_free(text);
}

#define ASSERT_SHOWS(model, what, ...)                                                         \
    assert_shows(model, what, (const char *const[]){__VA_ARGS__},                              \
                 sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))

static void test_summary(void **state)
{
    (void)state;
    static const char *const names[] = {"a", "b", "c", "d"};
    crn_data data = data_of("x", "y3", NULL);
    data.feature_names = names;
    crn_model *model =
        saved_and_loaded(fitted_on("LogisticRegression(C=10)", &data), "inspect.joblib", NULL);
    ASSERT_SHOWS(
        model, CRN_INSPECT_SUMMARY, "LogisticRegression(C=10)\nlibrary:  scikit-learn 1.9.1\n",
        "input:    4 features\n", "names:    a, b, c, d\n", "classes:  0.0, 1.0, 2.0\n",
        "methods:  predict predict_proba predict_log_proba decision_function\n");
    crn_model_destroy(model);
    model = parse("PCA()");
    ASSERT_SHOWS(model, CRN_INSPECT_SUMMARY,
                 "PCA()\nlibrary:  scikit-learn (version not stamped)\n",
                 "state:    not fitted\n");
    crn_model_destroy(model);
}

static void test_many_classes_are_cut(void **state)
{
    (void)state;
    double labels[24];
    crn_data data = data_of("x", NULL, NULL);
    for (int i = 0; i < 24; i++)
        labels[i] = i;
    data.y = crn_array_view_1d(labels, CRN_FLOAT64, 24);
    crn_model *model = fitted_on("LogisticRegression()", &data);
    ASSERT_SHOWS(model, CRN_INSPECT_SUMMARY,
                 "classes:  0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0, 11.0, "
                 "... (24 in all)\n");
    crn_model_destroy(model);
}

static void test_params(void **state)
{
    (void)state;
    crn_model *model =
        fitted("Pipeline([('s', StandardScaler(with_std=False)), ('n', None), ('p', PCA())])",
               "x", NULL);
    ASSERT_SHOWS(model, CRN_INSPECT_PARAMS, "verbose                    False\n",
                 "steps[0] 's': StandardScaler\n", "    with_std                   False\n",
                 "    mean_                      float64 (4,)  32 bytes\n",
                 "    scale_                     None\n", "steps[1] 'n': passthrough\n",
                 "steps[2] 'p': PCA\n",
                 "    components_                float64 (4, 4)  128 bytes\n",
                 "    _fit_svd_solver            'full'\n");
    crn_model_destroy(model);
    model = parse("PCA(n_components=0.5)");
    char *text = shown(model, CRN_INSPECT_PARAMS);
    assert_non_null(strstr(text, "n_components               0.5\n"));
    assert_null(strstr(text, "components_ "));
    crn_string_free(text);
    crn_model_destroy(model);
}

/* One JSON object, which a JSON reader reads. */
static void test_json(void **state)
{
    (void)state;
    crn_model *model =
        fitted("make_pipeline(PCA(n_components=2), None, LogisticRegression())", "x", "y3");
    ASSERT_SHOWS(model, CRN_INSPECT_JSON, "\"class\": \"Pipeline\"",
                 "\"library\": \"scikit-learn\"", "\"supported\": true", "\"fitted\": true",
                 "\"features\": 4", "\"name\": \"pca\"", "\"n_components\": 2",
                 "\"shape\": [\n", "\"dtype\": \"float64\"");
    char *text = shown(model, CRN_INSPECT_JSON);
    crn_document *document = NULL;
    crn_object *root = NULL;
    assert_ok(crn_document_create(NULL, &document, &err));
    assert_ok(crn_json_read(document, text, strlen(text), NULL, &root, &err));
    const crn_object *steps = crn_object_get(root, "steps");
    assert_int_equal(crn_object_length(steps), 3);
    assert_true(crn_object_is_str(crn_object_get(crn_object_item(steps, 0), "class"), "PCA"));
    assert_null(crn_object_get(crn_object_item(steps, 1), "class"));
    assert_int_equal(crn_object_length(crn_object_get(root, "classes")), 3);
    crn_document_release(document);
    crn_string_free(text);
    crn_model_destroy(model);
}

static void test_a_class_that_is_not_supported(void **state)
{
    (void)state;
    crn_model *model = model_of_state("sklearn.none", "MyClassifier", "{'C': 1.0}");
    ASSERT_SHOWS(model, CRN_INSPECT_SUMMARY, "MyClassifier");
    ASSERT_SHOWS(model, CRN_INSPECT_JSON, "\"supported\": false");
    crn_model_destroy(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_summary),
        cmocka_unit_test(test_many_classes_are_cut),
        cmocka_unit_test(test_params),
        cmocka_unit_test(test_json),
        cmocka_unit_test(test_a_class_that_is_not_supported),
    };
    return cmocka_run_group_tests(tests, read_fits, free_fits);
}
