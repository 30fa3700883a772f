/* SPDX-License-Identifier: BSD-3-Clause */
/* Texts about models, names of methods, and the lists of what cornichon knows. */
#include "unit/model/models.h"

static void assert_shows(const crn_model *model, crn_inspection what, const char *part)
{
    char *text = NULL;
    assert_ok(crn_model_inspect(model, what, &text, &err));
    if (strstr(text, part) == NULL)
        fail_msg("'%s' is not in:\n%s", part, text);
    crn_string_free(text);
}

static void test_every_inspection(void **state)
{
    (void)state;
    crn_model *model = load_model("logistic");
    assert_shows(model, CRN_INSPECT_SUMMARY, "LogisticRegression(max_iter=500)");
    assert_shows(model, CRN_INSPECT_PARAMS, "coef_");
    assert_shows(model, CRN_INSPECT_TREE, "coef_");
    assert_shows(model, CRN_INSPECT_JSON, "\"LogisticRegression\"");
    assert_shows(model, CRN_INSPECT_PLAN, "predict\n");
    assert_shows(model, CRN_INSPECT_PLAN, "affine");
    crn_model_destroy(model);
    crn_string_free(NULL);
}

static void test_a_pipeline_is_shown_as_scikit_learn_shows_it(void **state)
{
    (void)state;
    crn_model *model =
        parse_model("Pipeline([('a', StandardScaler()), ('b', 'passthrough'), ('c', "
                    "LogisticRegression(C=inf, "
                    "class_weight={0: 1.0, 1: 2.0}))], verbose=True, memory='here')");
    assert_shows(
        model, CRN_INSPECT_SUMMARY,
        "Pipeline(memory='here',\n"
        "         steps=[('a', StandardScaler()), ('b', 'passthrough'),\n"
        "                ('c',\n"
        "                 LogisticRegression(C=inf, class_weight={0: 1.0, 1: 2.0}))],\n"
        "         verbose=True)\n");
    crn_model_destroy(model);
}

static void test_a_model_without_a_plan_says_why(void **state)
{
    (void)state;
    crn_model *model = parse_model("PCA(n_components=2)");
    assert_shows(model, CRN_INSPECT_PLAN, "no plan: This PCA instance is not fitted yet.");
    assert_shows(model, CRN_INSPECT_SUMMARY, "PCA(n_components=2)");
    crn_model_destroy(model);
}

static void test_names_of_methods(void **state)
{
    (void)state;
    crn_method method;
    for (crn_method i = CRN_PREDICT; i < CRN_METHOD_COUNT; i++) {
        assert_true(crn_method_find(crn_method_name(i), &method));
        assert_int_equal(method, i);
    }
    assert_string_equal(crn_method_name(CRN_PREDICT_LOG_PROBA), "predict_log_proba");
    assert_string_equal(crn_method_name((crn_method)-1), "?");
    assert_false(crn_method_find("fit", &method));
    assert_false(crn_method_find(NULL, &method));
}

/* True when a list has a row of that name; checks the rows on the way. */
static bool lists(crn_kind kind, const char *name, crn_listing *out)
{
    bool found = false;
    crn_listing row;
    for (size_t i = 0; crn_list(kind, i, &row); i++) {
        assert_non_null(row.name);
        assert_non_null(row.module);
        assert_non_null(row.summary);
        if (strcmp(row.name, name) == 0) {
            *out = row;
            found = true;
        }
    }
    return found;
}

static void test_lists(void **state)
{
    (void)state;
    crn_listing row;
    assert_true(lists(CRN_KIND_ESTIMATOR, "PCA", &row));
    assert_string_equal(row.module, "sklearn.decomposition");
    assert_true(row.methods & 1u << CRN_TRANSFORM);
    assert_false(row.methods & 1u << CRN_PREDICT);
    assert_true(row.can_fit);
    assert_true(lists(CRN_KIND_DATASET, "iris", &row));
    assert_true(strlen(row.summary) > 0);
    assert_false(lists(CRN_KIND_DATASET, "PCA", &row));
    assert_false(crn_list(CRN_KIND_ESTIMATOR, 100000, &row));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_inspection),
        cmocka_unit_test(test_a_pipeline_is_shown_as_scikit_learn_shows_it),
        cmocka_unit_test(test_a_model_without_a_plan_says_why),
        cmocka_unit_test(test_names_of_methods),
        cmocka_unit_test(test_lists),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
