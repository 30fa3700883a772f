/* SPDX-License-Identifier: BSD-3-Clause */
/* The family: its table, attributes by path, and what a model says before and after fit. */
#include "unit/sklearn/fitting.h"

static void test_the_table(void **state)
{
    (void)state;
    crn_listing row;
    const crn_estimator *type;
    size_t count = 0;
    for (size_t i = 0; (type = crn_estimator_at(i)) != NULL; i++) {
        if (type->flags & CRN_PRIVATE)
            continue;
        assert_true(crn_list(CRN_KIND_ESTIMATOR, count++, &row));
        assert_string_equal(row.name, type->name);
        assert_ptr_equal(crn_estimator_find(row.name), type);
        assert_true(row.can_save);
        assert_int_equal(row.can_fit, type->fit != NULL);
    }
    assert_false(crn_list(CRN_KIND_ESTIMATOR, count, &row));
    assert_true(count >= 6);
    assert_null(crn_estimator_find("MyClassifier"));
    assert_null(crn_estimator_find(""));
    assert_true(crn_family_sklearn.knows("PCA") && crn_family_sklearn.knows("make_pipeline"));
    assert_false(crn_family_sklearn.knows("Sequential"));
    assert_false(crn_list(CRN_KIND_ESTIMATOR, SIZE_MAX, &row));
}

static void test_numbers_and_arrays_by_path(void **state)
{
    (void)state;
    crn_array got = CRN_ARRAY_INIT;
    crn_model *model = fitted(
        "make_pipeline(StandardScaler(), LogisticRegression(C=10, tol=0.001))", "x", "y3");
    assert_true(number_of(model, "steps[1].C") == 10.0);
    assert_true(number_of(model, "steps[1].tol") == 0.001);
    assert_true(number_of(model, "steps[1].max_iter") == 100.0);
    assert_true(number_of(model, "steps[0].with_mean") == 1.0);
    assert_true(number_of(model, "steps[0].n_features_in_") == 4.0);
    assert_ok(crn_model_get(model, "steps[1].C", &got, &err));
    assert_int_equal(got.dtype, CRN_INT64); /* as it was spelled */
    crn_array_free(&got);
    assert_ok(crn_model_get(model, "steps[1].coef_", &got, &err));
    assert_int_equal(got.shape[0], 3);
    assert_int_equal(got.shape[1], 4);
    crn_model_destroy(model);
    assert_true(isfinite(crn_array_get(&got, 0))); /* shared: it outlives the model */
    crn_array_free(&got);
}

static void assert_no_attribute(const crn_model *model, const char *path, crn_status status,
                                const char *message)
{
    crn_array got = CRN_ARRAY_INIT;
    assert_status(status, crn_model_get(model, path, &got, &err));
    assert_string_equal(err.message, message);
    assert_null(got.data);
}

static void test_attributes_that_are_not_there(void **state)
{
    (void)state;
    crn_model *model =
        fitted("make_pipeline(StandardScaler(), LogisticRegression())", "x", "y3");
    assert_no_attribute(model, "steps[1].coeff_", CRN_NOT_FOUND,
                        "LogisticRegression has no attribute 'coeff_'; did you mean 'coef_'?");
    assert_no_attribute(model, "steps[1].solver", CRN_DTYPE,
                        "LogisticRegression.solver is neither an array nor a number");
    assert_no_attribute(model, "steps[1].class_weight", CRN_DTYPE,
                        "LogisticRegression.class_weight is neither an array nor a number");
    assert_no_attribute(model, "steps[2].coef_", CRN_NOT_FOUND,
                        "Pipeline has no part 'steps[2].coef_'");
    assert_no_attribute(model, "steps[-1].coef_", CRN_NOT_FOUND,
                        "Pipeline has no part 'steps[-1].coef_'");
    assert_no_attribute(model, "steps[1]coef_", CRN_NOT_FOUND,
                        "Pipeline has no part 'steps[1]coef_'");
    assert_no_attribute(model, "steps[]", CRN_NOT_FOUND, "Pipeline has no part 'steps[]'");
    assert_no_attribute(model, "zebra", CRN_NOT_FOUND, "Pipeline has no attribute 'zebra'");
    crn_model_destroy(model);
}

static void test_before_and_after_fit(void **state)
{
    (void)state;
    const crn_data data = data_of("x", "y3", NULL);
    crn_array y = CRN_ARRAY_INIT;
    crn_model *model = parse("LogisticRegression()");
    assert_int_equal(crn_model_features(model), -1);
    assert_null(crn_model_class_label(model, 0));
    assert_false(crn_model_has_method(model, CRN_PREDICT));
    assert_status(CRN_STATE, crn_model_predict(model, CRN_PREDICT, &data.x, &y, &err));
    assert_non_null(strstr(err.message, "This LogisticRegression instance is not fitted yet"));
    assert_ok(crn_model_fit(model, &data, NULL, NULL, &err));
    assert_int_equal(crn_model_features(model), 4);
    char *label = crn_model_class_label(model, 2);
    assert_string_equal(label, "2.0");
    crn_string_free(label);
    assert_null(crn_model_class_label(model, 3));
    assert_int_equal(crn_model_step_count(model), 0);
    assert_null(crn_model_step(model, 0));
    assert_status(CRN_UNSUPPORTED, crn_model_predict(model, CRN_TRANSFORM, &data.x, &y, &err));
    crn_model_destroy(model);
}

/* Whatever is computed with is float64, so float32 rows and files give float64. */
static void test_rows_of_any_number_type(void **state)
{
    (void)state;
    crn_array narrow = CRN_ARRAY_INIT, a = CRN_ARRAY_INIT, b = CRN_ARRAY_INIT,
              wide = CRN_ARRAY_INIT;
    const crn_array x = matrix_of("x");
    crn_model *model = fitted("StandardScaler()", "x", NULL);
    assert_ok(crn_array_astype(&x, CRN_FLOAT32, &narrow, &err));
    assert_ok(crn_array_astype(&narrow, CRN_FLOAT64, &wide, &err));
    assert_ok(crn_model_predict(model, CRN_TRANSFORM, &narrow, &a, &err));
    assert_ok(crn_model_predict(model, CRN_TRANSFORM, &wide, &b, &err));
    assert_int_equal(a.dtype, CRN_FLOAT64);
    assert_memory_equal(a.data, b.data, (size_t)crn_array_size(&a) * sizeof(double));
    crn_array_free(&narrow);
    crn_array_free(&wide);
    crn_array_free(&a);
    crn_array_free(&b);
    crn_model_destroy(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_table),
        cmocka_unit_test(test_numbers_and_arrays_by_path),
        cmocka_unit_test(test_attributes_that_are_not_there),
        cmocka_unit_test(test_before_and_after_fit),
        cmocka_unit_test(test_rows_of_any_number_type),
    };
    return cmocka_run_group_tests(tests, read_fits, free_fits);
}
