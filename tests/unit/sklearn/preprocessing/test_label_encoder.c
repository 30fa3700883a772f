/* SPDX-License-Identifier: BSD-3-Clause */
/* LabelEncoder: labels of every type to codes and back, and what it says of labels that it
 * never saw. */
#include "unit/sklearn/fitting.h"

#include "model/model.h"

static const char MODULE[] = "sklearn.preprocessing._label";

/* A CRN_STRING vector. */
static crn_array strings(const char *const *texts, int64_t count)
{
    crn_array out = CRN_ARRAY_INIT;
    assert_ok(crn_names_to_array(texts, count, &out, &err));
    return out;
}

/* Fits on labels and frees them. */
static crn_model *encoder_of(crn_array labels)
{
    crn_data data = CRN_DATA_INIT;
    data.y = labels;
    crn_model *model = fitted_on("LabelEncoder()", &data);
    crn_array_free(&labels);
    return model;
}

static crn_model *encoder_of_numbers(const double *labels, int64_t count, crn_dtype dtype)
{
    const crn_array view = crn_array_view_1d(labels, CRN_FLOAT64, count);
    crn_array typed = CRN_ARRAY_INIT;
    assert_ok(crn_array_astype(&view, dtype, &typed, &err));
    return encoder_of(typed);
}

static void assert_codes(const crn_model *model, crn_array labels, const int64_t *codes)
{
    crn_array got = CRN_ARRAY_INIT;
    assert_ok(crn_model_predict(model, CRN_TRANSFORM, &labels, &got, &err));
    assert_int_equal(got.dtype, CRN_INT64);
    assert_memory_equal(got.data, codes, (size_t)labels.shape[0] * sizeof *codes);
    crn_array_free(&got);
    crn_array_free(&labels);
}

static void assert_unseen(const crn_model *model, crn_method method, crn_array labels,
                          const char *message)
{
    crn_array got = CRN_ARRAY_INIT;
    assert_status(CRN_ARGUMENT, crn_model_predict(model, method, &labels, &got, &err));
    assert_string_equal(err.message, message);
    assert_null(got.data);
    crn_array_free(&labels);
}

static void test_strings(void **state)
{
    (void)state;
    crn_array back = CRN_ARRAY_INIT;
    crn_model *model =
        encoder_of(strings((const char *[]){"paris", "berlin", "zürich", "berlin"}, 4));
    model = saved_and_loaded(model, "labels.joblib", "1.9");
    assert_codes(model, strings((const char *[]){"zürich", "berlin", "paris"}, 3),
                 (int64_t[]){2, 0, 1});
    const int64_t codes[2] = {2, 0};
    const crn_array given = crn_array_view_1d(codes, CRN_INT64, 2);
    assert_ok(crn_model_predict(model, CRN_INVERSE_TRANSFORM, &given, &back, &err));
    assert_int_equal(back.dtype, CRN_STRING);
    crn_text text = CRN_TEXT_INIT;
    crn_label_text(&back, 0, &text);
    assert_string_equal(text.data, "zürich");
    crn_text_free(&text);
    crn_array_free(&back);
    crn_model_destroy(model);
}

/* The first in order of rows, quoted, as KeyError does; a label that is longer than all classes
 * is none of them. */
static void test_unseen_strings(void **state)
{
    (void)state;
    crn_model *model = encoder_of(strings((const char *[]){"a", "b"}, 2));
    assert_unseen(model, CRN_TRANSFORM, strings((const char *[]){"b", "x", "c"}, 3),
                  "y contains previously unseen labels: 'x'");
    assert_unseen(model, CRN_TRANSFORM, strings((const char *[]){"ab"}, 1),
                  "y contains previously unseen labels: 'ab'");
    assert_unseen(model, CRN_TRANSFORM, strings((const char *[]){"it's"}, 1),
                  "y contains previously unseen labels: \"it's\"");
    crn_model_destroy(model);
}

static void test_integers(void **state)
{
    (void)state;
    const double labels[] = {7, -3, 12, 7};
    crn_array seen = CRN_ARRAY_INIT;
    crn_model *model = encoder_of_numbers(labels, 4, CRN_INT32);
    const double asked[] = {12, -3, 7};
    assert_codes(model, crn_array_view_1d(asked, CRN_FLOAT64, 3), (int64_t[]){2, 0, 1});
    const double unseen[] = {9, 7, 5, 9};
    assert_unseen(model, CRN_TRANSFORM, crn_array_view_1d(unseen, CRN_FLOAT64, 4),
                  "y contains previously unseen labels: [5, 9]");
    const double half[] = {7.5};
    assert_unseen(model, CRN_TRANSFORM, crn_array_view_1d(half, CRN_FLOAT64, 1),
                  "y contains previously unseen labels: [7.5]");
    assert_ok(crn_model_get(model, "classes_", &seen, &err));
    assert_int_equal(seen.dtype, CRN_INT32);
    crn_array_free(&seen);
    crn_model_destroy(model);
}

static void test_many_unseen_numbers_are_cut(void **state)
{
    (void)state;
    double unseen[40];
    for (int i = 0; i < 40; i++)
        unseen[i] = 100 - i;
    crn_model *model = encoder_of_numbers((double[]){1, 2}, 2, CRN_INT64);
    assert_unseen(
        model, CRN_TRANSFORM, crn_array_view_1d(unseen, CRN_FLOAT64, 40),
        "y contains previously unseen labels: [61, 62, 63, 64, 65, 66, 67, 68, 69, 70]");
    crn_model_destroy(model);
}

/* float64 cannot tell these apart. */
static void test_large_integers(void **state)
{
    (void)state;
    const int64_t labels[] = {(INT64_C(1) << 60) + 1, INT64_C(1) << 60};
    crn_model *model = encoder_of(crn_array_view_1d(labels, CRN_INT64, 2));
    assert_codes(model, crn_array_view_1d(labels, CRN_INT64, 2), (int64_t[]){1, 0});
    crn_model_destroy(model);
}

static void test_floats_with_nan(void **state)
{
    (void)state;
    const double labels[] = {1.5, NAN, 0.5, NAN};
    crn_model *model = encoder_of_numbers(labels, 4, CRN_FLOAT64);
    assert_codes(model, crn_array_view_1d(labels, CRN_FLOAT64, 4), (int64_t[]){1, 2, 0, 2});
    crn_model_destroy(model);
    model = encoder_of_numbers(labels, 1, CRN_FLOAT64);
    assert_unseen(model, CRN_TRANSFORM, crn_array_view_1d(labels, CRN_FLOAT64, 4),
                  "y contains previously unseen labels: [0.5, nan]");
    crn_model_destroy(model);
}

static void test_bools(void **state)
{
    (void)state;
    const bool labels[] = {true, false};
    crn_model *model = encoder_of(crn_array_view_1d(labels, CRN_BOOL, 2));
    assert_codes(model, crn_array_view_1d(labels, CRN_BOOL, 2), (int64_t[]){1, 0});
    crn_model_destroy(model);
}

static void test_codes_that_are_none(void **state)
{
    (void)state;
    const int64_t codes[] = {0, 3, -1, 5, 5};
    const double half[] = {0.5};
    crn_model *model = encoder_of_numbers((double[]){4, 5, 6}, 3, CRN_INT64);
    assert_unseen(model, CRN_INVERSE_TRANSFORM, crn_array_view_1d(codes, CRN_INT64, 5),
                  "y contains previously unseen labels: [-1, 3, 5]");
    assert_unseen(model, CRN_INVERSE_TRANSFORM, crn_array_view_1d(half, CRN_FLOAT64, 1),
                  "y contains previously unseen labels: [0.5]");
    crn_model_destroy(model);
}

static void test_shapes(void **state)
{
    (void)state;
    double labels[] = {1, 2, 3, 4};
    crn_data data = CRN_DATA_INIT;
    data.y = crn_array_view_2d(labels, CRN_FLOAT64, 2, 2);
    assert_fit_fails("LabelEncoder()", &data, CRN_SHAPE,
                     "y should be a 1d array, got an array of shape (2, 2) instead.");
    data.y = crn_array_view_1d(labels, CRN_FLOAT64, 4);
    data.sample_weight = data.y;
    assert_fit_fails("LabelEncoder()", &data, CRN_ARGUMENT,
                     "LabelEncoder.fit() got an unexpected keyword argument 'sample_weight'");

    /* A column is a vector; scikit-learn says so. */
    warnings heard;
    const crn_fit_options options = listening(&heard);
    data = (crn_data)CRN_DATA_INIT;
    data.y = crn_array_view_2d(labels, CRN_FLOAT64, 4, 1);
    crn_model *model = parse("LabelEncoder()");
    assert_ok(crn_model_fit(model, &data, &options, NULL, &err));
    assert_int_equal(heard.count, 1);
    assert_string_equal(heard.text[0], "A column-vector y was passed when a 1d array was "
                                       "expected. Please change the shape of y to "
                                       "(n_samples, ), for example using ravel().");
    crn_model_destroy(model);
    /* As x, where data files keep their columns, it is no mistake. */
    data = (crn_data)CRN_DATA_INIT;
    data.x = crn_array_view_2d(labels, CRN_FLOAT64, 4, 1);
    model = parse("LabelEncoder()");
    assert_ok(crn_model_fit(model, &data, &options, NULL, &err));
    assert_int_equal(heard.count, 1);
    crn_model_destroy(model);
}

static void test_it_is_no_classifier(void **state)
{
    (void)state;
    crn_model *model = encoder_of_numbers((double[]){4, 5, 6}, 3, CRN_INT64);
    assert_null(crn_model_class_label(model, 0));
    assert_false(crn_model_has_method(model, CRN_PREDICT));
    crn_model_destroy(model);
}

static void test_states_that_cannot_be(void **state)
{
    (void)state;
    assert_state_fails(MODULE, "LabelEncoder", "{'classes_': [[1, 2], [3, 4]]}", CRN_FORMAT,
                       "classes_ is not a vector");
    crn_model *model = NULL;
    assert_int_not_equal(read_state(MODULE, "LabelEncoder", "{'classes_': [1, 'a']}", &model),
                         CRN_OK);
    model = model_of_state("sklearn.preprocessing.label", "LabelEncoder", "{}");
    assert_false(crn_model_has_method(model, CRN_TRANSFORM));
    crn_model_destroy(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_strings),
        cmocka_unit_test(test_unseen_strings),
        cmocka_unit_test(test_integers),
        cmocka_unit_test(test_many_unseen_numbers_are_cut),
        cmocka_unit_test(test_large_integers),
        cmocka_unit_test(test_floats_with_nan),
        cmocka_unit_test(test_bools),
        cmocka_unit_test(test_codes_that_are_none),
        cmocka_unit_test(test_shapes),
        cmocka_unit_test(test_it_is_no_classifier),
        cmocka_unit_test(test_states_that_cannot_be),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
