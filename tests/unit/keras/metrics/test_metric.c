/* SPDX-License-Identifier: BSD-3-Clause */
/* Metrics against keras.metrics 3.15: two updates (rows 0-3, then 4-5), without and with sample
 * weights; what "accuracy" means by shape; names; refusals. */
#include "test.h"

#include "keras/metrics/metric.h"
#include "unit/keras/golden_keras.h"

/* Row i has the results M(2 i), without, and M(2 i + 1), with sample weights. */
static const struct {
    const char *expression, *truth, *prediction;
} rows[] = {
    {"Accuracy()", "yi", "yi"},
    {"BinaryAccuracy()", "b", "bp"},
    {"BinaryAccuracy(threshold=0.3)", "b", "bp"},
    {"CategoricalAccuracy()", "yo", "p"},
    {"SparseCategoricalAccuracy()", "yi", "p"},
    {"TopKCategoricalAccuracy(k=2)", "yo", "p"},
    {"SparseTopKCategoricalAccuracy(k=2)", "yi", "p"},
    {"MeanSquaredError()", "r1", "r2"},
    {"RootMeanSquaredError()", "r1", "r2"},
    {"MeanAbsoluteError()", "r1", "r2"},
    {"MeanAbsolutePercentageError()", "r1", "r2"},
    {"MeanSquaredLogarithmicError()", "pos1", "pos2"},
    {"LogCoshError()", "r1", "r2"},
    {"CosineSimilarity()", "r1", "r2"},
    {"BinaryCrossentropy()", "b", "bp"},
    {"CategoricalCrossentropy()", "yo", "p"},
    {"SparseCategoricalCrossentropy()", "yi", "p"},
    {"KLDivergence()", "yo", "p"},
    {"Poisson()", "pos1", "pos2"},
    {"Hinge()", "pm", "r2"},
    {"SquaredHinge()", "pm", "r2"},
    {"CategoricalHinge()", "yo", "p"},
};

static crn_metric *read_metric(crn_document *document, const char *expression)
{
    crn_error err = CRN_ERROR_INIT;
    crn_metric *metric = NULL;
    assert_ok(crn_metric_read(parse(document, expression), document, &metric, &err));
    return metric;
}

static void update(crn_metric *metric, const crn_array *truth, const crn_array *prediction,
                   const float *weight, int64_t begin, int64_t end)
{
    crn_error err = CRN_ERROR_INIT;
    crn_array t = crn_array_rows(truth, begin, end), p = crn_array_rows(prediction, begin, end);
    assert_ok(crn_metric_update(metric, &t, &p, weight != NULL ? weight + begin : NULL, &err));
}

static void check_row(crn_buffer *file, crn_document *document, size_t i)
{
    crn_error err = CRN_ERROR_INIT;
    crn_array truth = golden_array(file, rows[i].truth), weight = golden_array(file, "sw");
    crn_array found = golden_array(file, rows[i].prediction), prediction;
    assert_ok(crn_array_astype(&found, CRN_FLOAT32, &prediction, &err));
    crn_metric *metric = read_metric(document, rows[i].expression);
    for (int weighted = 0; weighted < 2; weighted++) {
        char key[16];
        snprintf(key, sizeof key, "M%d", 2 * (int)i + weighted);
        crn_array want = golden_array(file, key);
        crn_metric_reset(metric);
        assert_true(crn_metric_result(metric) == 0.0);
        update(metric, &truth, &prediction, weighted ? weight.data : NULL, 0, 4);
        update(metric, &truth, &prediction, weighted ? weight.data : NULL, 4, 6);
        double got = crn_metric_result(metric), expected = crn_array_get(&want, 0);
        if (!(fabs(got - expected) <= 2e-6 * fabs(expected)))
            fail_msg("%s is %.9g, not %.9g", rows[i].expression, got, expected);
        crn_array_free(&want);
    }
    crn_metric_destroy(metric);
    crn_array_free(&truth);
    crn_array_free(&weight);
    crn_array_free(&found);
    crn_array_free(&prediction);
}

static void test_results_equal_keras(void **state)
{
    (void)state;
    crn_buffer *file = golden_keras("losses_metrics");
    crn_document *document = new_document();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        check_row(file, document, i);
    crn_document_release(document);
    crn_buffer_release(file);
}

/* ---- accuracy by shape ---- */

static void test_accuracy_finds_its_kind(void **state)
{
    (void)state;
    crn_document *document = new_document();
    const float p1[3] = {0.2f, 0.7f, 0.6f}, p3[6] = {0.1f, 0.2f, 0.7f, 0.5f, 0.3f, 0.2f};
    const float one_hot[6] = {0, 0, 1, 0, 1, 0};
    const int64_t binary[3] = {0, 1, 0}, labels[2] = {2, 1};
    const struct {
        crn_array truth, prediction;
        double want;
    } cases[] = {
        {crn_array_view_1d(binary, CRN_INT64, 3), crn_array_view_2d(p1, CRN_FLOAT32, 3, 1),
         2.0 / 3},
        {crn_array_view_2d(binary, CRN_INT64, 3, 1), crn_array_view_2d(p1, CRN_FLOAT32, 3, 1),
         2.0 / 3},
        {crn_array_view_1d(labels, CRN_INT64, 2), crn_array_view_2d(p3, CRN_FLOAT32, 2, 3),
         0.5},
        {crn_array_view_2d(labels, CRN_INT64, 2, 1), crn_array_view_2d(p3, CRN_FLOAT32, 2, 3),
         0.5},
        {crn_array_view_2d(one_hot, CRN_FLOAT32, 2, 3),
         crn_array_view_2d(p3, CRN_FLOAT32, 2, 3), 0.5},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        crn_metric *metric = read_metric(document, i % 2 == 0 ? "accuracy" : "acc");
        update(metric, &cases[i].truth, &cases[i].prediction, NULL, 0, cases[i].truth.shape[0]);
        assert_float_equal(crn_metric_result(metric), cases[i].want, 1e-6);
        crn_metric_destroy(metric);
    }
    crn_document_release(document);
}

/* Steps of a sequence: the mean of each row's steps, weighted by row. */
static void test_rows_of_several_steps(void **state)
{
    (void)state;
    crn_document *document = new_document();
    const float p[8] = {0.9f, 0.1f, 0.2f, 0.8f, 0.6f, 0.4f, 0.7f, 0.3f};
    const int64_t labels[4] = {0, 0, 0, 0};
    const float weight[2] = {1, 3};
    crn_array prediction = {.data = (void *)p, .dtype = CRN_FLOAT32, .itemsize = 4};
    crn_array_set_shape(&prediction, 3, (const int64_t[]){2, 2, 2});
    crn_array truth = crn_array_view_2d(labels, CRN_INT64, 2, 2);
    crn_metric *metric = read_metric(document, "accuracy");
    update(metric, &truth, &prediction, weight, 0, 2);
    assert_float_equal(crn_metric_result(metric), (0.5 * 1 + 1.0 * 3) / 4, 1e-6);
    crn_metric_destroy(metric);
    crn_document_release(document);
}

/* ---- names, configs, refusals ---- */

static void test_names_are_those_of_history(void **state)
{
    (void)state;
    static const char *const names[][2] = {
        {"accuracy", "accuracy"},
        {"acc", "acc"},
        {"mse", "mse"},
        {"MeanSquaredError", "MeanSquaredError"},
        {"MeanSquaredError()", "mean_squared_error"},
        {"MeanSquaredError(name='m')", "m"},
        {"TopKCategoricalAccuracy(3)", "top_k_categorical_accuracy"}};
    crn_document *document = new_document();
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        crn_metric *metric = read_metric(document, names[i][0]);
        assert_string_equal(crn_metric_name(metric), names[i][1]);
        crn_metric_destroy(metric);
    }
    crn_document_release(document);
}

static void test_the_wrapper_of_keras_2(void **state)
{
    (void)state;
    static const char record[] = "{\"class_name\": \"MeanMetricWrapper\", \"config\": "
                                 "{\"name\": \"accuracy\", \"dtype\": "
                                 "\"float32\", \"fn\": \"sparse_categorical_accuracy\"}}";
    crn_error err = CRN_ERROR_INIT;
    crn_document *document = new_document();
    crn_object *object = NULL;
    crn_metric *metric = NULL;
    assert_ok(crn_json_read(document, record, strlen(record), NULL, &object, &err));
    assert_ok(crn_metric_read(object, document, &metric, &err));
    assert_string_equal(crn_metric_name(metric), "accuracy");
    crn_object *written = crn_metric_write(metric, document);
    assert_true(
        crn_object_is_str(crn_object_get(written, "class_name"), "SparseCategoricalAccuracy"));
    assert_true(crn_object_is_str(crn_object_get(crn_object_get(written, "config"), "name"),
                                  "accuracy"));
    crn_metric_destroy(metric);
    crn_document_release(document);
}

static void test_strings_are_written_as_strings(void **state)
{
    (void)state;
    crn_document *document = new_document();
    crn_metric *metric = read_metric(document, "mae");
    assert_true(crn_object_is_str(crn_metric_write(metric, document), "mae"));
    crn_metric_destroy(metric);
    crn_document_release(document);
}

static void test_what_is_refused(void **state)
{
    (void)state;
    crn_error err = CRN_ERROR_INIT;
    crn_document *document = new_document();
    crn_metric *metric = NULL;
    assert_status(CRN_NOT_FOUND,
                  crn_metric_read(parse(document, "acuracy"), document, &metric, &err));
    assert_says("Unknown metric: 'acuracy'");
    assert_status(CRN_UNSUPPORTED, crn_metric_read(parse(document, "CosineSimilarity(axis=1)"),
                                                   document, &metric, &err));
    assert_says("axis 1");
    metric = read_metric(document, "mse");
    const float p[4] = {1, 2, 3, 4}, t[3] = {1, 2, 3};
    crn_array prediction = crn_array_view_2d(p, CRN_FLOAT32, 2, 2);
    crn_array truth = crn_array_view_1d(t, CRN_FLOAT32, 3);
    assert_status(CRN_SHAPE, crn_metric_update(metric, &truth, &prediction, NULL, &err));
    assert_says("3 targets do not fit");
    crn_metric_destroy(metric);
    crn_document_release(document);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_results_equal_keras),
        cmocka_unit_test(test_accuracy_finds_its_kind),
        cmocka_unit_test(test_rows_of_several_steps),
        cmocka_unit_test(test_names_are_those_of_history),
        cmocka_unit_test(test_the_wrapper_of_keras_2),
        cmocka_unit_test(test_strings_are_written_as_strings),
        cmocka_unit_test(test_what_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
