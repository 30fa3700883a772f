/* SPDX-License-Identifier: BSD-3-Clause */
/* Losses against keras.losses 3.15 (TensorFlow): values, reductions, sample weights, names and
 * refusals. */
#include "test.h"

#include "keras/losses/loss.h"
#include "ops/activation.h"
#include "ops/rows.h"
#include "plan/trainer.h"
#include "unit/keras/golden_keras.h"

/* ---- one loss on whole arrays ---- */

typedef struct run {
    crn_graph *graph;
    crn_trainer *trainer;
    crn_value loss, values;
} run;

static void run_loss(run *r, const char *expression, const crn_array *truth,
                     const crn_array *prediction, const crn_array *weight)
{
    crn_error err = CRN_ERROR_INIT;
    crn_keras_loss loss;
    crn_document *document = new_document();
    assert_ok(crn_loss_read(parse(document, expression), document, &loss, &err));
    assert_ok(crn_graph_create(&r->graph, &err));
    crn_type p_type = crn_type_rows(CRN_FLOAT32, prediction->ndim - 1, prediction->shape + 1);
    crn_type t_type = crn_type_rows(truth->dtype, truth->ndim - 1, truth->shape + 1);
    crn_type w_type = crn_type_rows(CRN_FLOAT32, 0, NULL);
    crn_value p = crn_graph_input(r->graph, "p", &p_type),
              t = crn_graph_input(r->graph, "t", &t_type);
    crn_value w = weight != NULL ? crn_graph_input(r->graph, "w", &w_type) : CRN_NO_VALUE;
    r->loss = crn_loss_add(r->graph, &loss, p, t, w);
    r->values = crn_graph_output_of(r->graph, r->loss, 1);
    assert_ok(crn_trainer_create(r->graph, r->loss, prediction->shape[0], 0, NULL, &r->trainer,
                                 &err));
    const void *inputs[] = {prediction->data, truth->data,
                            weight != NULL ? weight->data : NULL};
    crn_trainer_forward(r->trainer, inputs, prediction->shape[0]);
    crn_document_release(document);
}

static void end_run(run *r)
{
    crn_trainer_destroy(r->trainer);
    crn_graph_destroy(r->graph);
}

/* ---- values ---- */

/* Row i has the results L(8 i) to L(8 i + 7): sum_over_batch_size, sum, none,
 * mean_with_sample_weight, each without and with sample weights. */
static const struct {
    const char *cls, *config, *truth, *prediction;
} rows[] = {
    {"MeanSquaredError", "", "r1", "r2"},
    {"MeanAbsoluteError", "", "r1", "r2"},
    {"MeanAbsolutePercentageError", "", "r1", "r2"},
    {"MeanSquaredLogarithmicError", "", "pos1", "pos2"},
    {"BinaryCrossentropy", "", "b", "bp"},
    {"BinaryCrossentropy", "from_logits=True, ", "b", "z"},
    {"BinaryCrossentropy", "label_smoothing=0.2, ", "b", "bp"},
    {"CategoricalCrossentropy", "", "yo", "p"},
    {"CategoricalCrossentropy", "from_logits=True, ", "yo", "z"},
    {"CategoricalCrossentropy", "label_smoothing=0.2, ", "yo", "p"},
    {"SparseCategoricalCrossentropy", "", "yi", "p"},
    {"SparseCategoricalCrossentropy", "from_logits=True, ", "yi", "z"},
    {"Huber", "", "r1", "r2"},
    {"Huber", "delta=0.3, ", "r1", "r2"},
    {"LogCosh", "", "r1", "r2"},
    {"Hinge", "", "pm", "r2"},
    {"Hinge", "", "b", "r2"},
    {"SquaredHinge", "", "pm", "r2"},
    {"CategoricalHinge", "", "yo", "p"},
    {"KLDivergence", "", "yo", "p"},
    {"Poisson", "", "pos1", "pos2"},
    {"CosineSimilarity", "", "r1", "r2"},
};

static void compare(crn_buffer *file, int number, const float *got, int64_t n)
{
    char key[16];
    snprintf(key, sizeof key, "L%d", number);
    crn_array want = golden_array(file, key);
    assert_int_equal(crn_array_size(&want), n);
    for (int64_t i = 0; i < n; i++) {
        double a = (double)got[i], b = crn_array_get(&want, i);
        if (!(fabs(a - b) <= 2e-6 * fabs(b) + 1e-7))
            fail_msg("%s[%d] is %.9g, not %.9g", key, (int)i, a, b);
    }
    crn_array_free(&want);
}

static void check_row(crn_buffer *file, size_t i)
{
    static const struct {
        const char *name;
        int offset;
    } reductions[] = {{"sum_over_batch_size", 0}, {"sum", 2}, {"mean_with_sample_weight", 6}};
    crn_array truth = golden_array(file, rows[i].truth), weight = golden_array(file, "sw");
    crn_array prediction = golden_array(file, rows[i].prediction);
    for (int k = 0; k < 3; k++) {
        char expression[128];
        snprintf(expression, sizeof expression, "%s(%sreduction='%s')", rows[i].cls,
                 rows[i].config, reductions[k].name);
        for (int weighted = 0; weighted < 2; weighted++) {
            run r;
            run_loss(&r, expression, &truth, &prediction, weighted ? &weight : NULL);
            compare(file, 8 * (int)i + reductions[k].offset + weighted,
                    crn_trainer_value(r.trainer, r.loss), 1);
            if (k == 0 && !weighted)
                compare(file, 8 * (int)i + 4, crn_trainer_value(r.trainer, r.values),
                        truth.shape[0]);
            end_run(&r);
        }
    }
    crn_array_free(&truth);
    crn_array_free(&weight);
    crn_array_free(&prediction);
}

static void test_values_equal_keras(void **state)
{
    (void)state;
    crn_buffer *file = golden_keras("losses_metrics");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        check_row(file, i);
    crn_buffer_release(file);
}

/* ---- shapes ---- */

static void test_targets_may_lack_or_have_a_last_axis_of_one(void **state)
{
    (void)state;
    const float p[4] = {0.5f, 1, 2, 3}, t[4] = {0, 1, 1, 5};
    crn_array prediction = crn_array_view_2d(p, CRN_FLOAT32, 4, 1);
    crn_array flat = crn_array_view_1d(t, CRN_FLOAT32, 4);
    run r;
    run_loss(&r, "mse", &flat, &prediction, NULL);
    assert_float_equal(*(const float *)crn_trainer_value(r.trainer, r.loss), 5.25f / 4, 1e-6);
    end_run(&r);

    const int64_t labels[2] = {1, 0};
    const float z[4] = {1, 2, 3, 4};
    crn_array logits = crn_array_view_2d(z, CRN_FLOAT32, 2, 2);
    crn_array column = crn_array_view_2d(labels, CRN_INT64, 2, 1);
    run_loss(&r, "SparseCategoricalCrossentropy(from_logits=True)", &column, &logits, NULL);
    double want = (log(1 + exp(-1.0)) + log(1 + exp(1.0))) / 2;
    assert_float_equal(*(const float *)crn_trainer_value(r.trainer, r.loss), (float)want, 1e-6);
    end_run(&r);
}

static void test_shapes_that_disagree_are_refused(void **state)
{
    (void)state;
    crn_error err = CRN_ERROR_INIT;
    crn_graph *graph = NULL;
    crn_loss_attributes mse = {.kind = CRN_LOSS_MEAN_SQUARED_ERROR};
    crn_loss_attributes sparse = {.kind = CRN_LOSS_SPARSE_CATEGORICAL_CROSSENTROPY};
    crn_type three = crn_type_vector(CRN_FLOAT32, 3), two = crn_type_vector(CRN_FLOAT32, 2);
    for (int i = 0; i < 2; i++) {
        assert_ok(crn_graph_create(&graph, &err));
        crn_value p = crn_graph_input(graph, "p", &three),
                  t = crn_graph_input(graph, "t", &two);
        crn_loss(graph, p, t, CRN_NO_VALUE, i == 0 ? &mse : &sparse);
        assert_status(CRN_SHAPE, crn_graph_status(graph, &err));
        assert_says("must have the same shape");
        assert_says("(rows, 2)");
        crn_graph_destroy(graph);
    }
}

static void test_labels_out_of_range(void **state)
{
    (void)state;
    crn_error err = CRN_ERROR_INIT;
    crn_document *document = new_document();
    const int64_t good[3] = {0, 2, 1}, bad[3] = {0, 3, 1};
    crn_array labels = crn_array_view_1d(good, CRN_INT64, 3);
    crn_keras_loss loss;
    assert_ok(crn_loss_read(parse(document, "sparse_categorical_crossentropy"), document, &loss,
                            &err));
    assert_ok(crn_loss_check_targets(&loss, &labels, 3, &err));
    labels.data = (void *)bad;
    assert_status(CRN_ARGUMENT, crn_loss_check_targets(&loss, &labels, 3, &err));
    assert_says("Received a label value of 3 which is outside the valid range of [0, 3).");
    assert_ok(crn_loss_read(parse(document, "mse"), document, &loss, &err));
    assert_ok(crn_loss_check_targets(&loss, &labels, 3, &err));
    crn_document_release(document);
}

/* ---- logits ---- */

/* Which input the loss reads, when softmax or sigmoid made the prediction. */
static bool reads_logits(const char *expression, bool softmax)
{
    crn_error err = CRN_ERROR_INIT;
    crn_document *document = new_document();
    crn_keras_loss loss;
    crn_graph *graph = NULL;
    assert_ok(crn_loss_read(parse(document, expression), document, &loss, &err));
    assert_ok(crn_graph_create(&graph, &err));
    crn_type type = crn_type_vector(CRN_FLOAT32, 3);
    crn_value z = crn_graph_input(graph, "z", &type), t = crn_graph_input(graph, "t", &type);
    crn_value p = softmax ? crn_softmax(graph, z, CRN_SOFTMAX, -1)
                          : crn_activate(graph, z, crn_activation_default(CRN_SIGMOID));
    crn_loss_add(graph, &loss, p, t, CRN_NO_VALUE);
    assert_ok(crn_graph_status(graph, &err));
    const crn_graph_node *node = &graph->nodes[graph->node_count - 1];
    bool logits = node->in[0] == z;
    assert_int_equal(((const crn_loss_attributes *)node->attributes)->from_logits, logits);
    crn_graph_destroy(graph);
    crn_document_release(document);
    return logits;
}

static void test_crossentropy_reads_what_went_into_the_activation(void **state)
{
    (void)state;
    assert_true(reads_logits("categorical_crossentropy", true));
    assert_true(reads_logits("categorical_crossentropy", false));
    assert_true(reads_logits("binary_crossentropy", false));
    assert_false(reads_logits("mse", true));
    assert_false(reads_logits("kl_divergence", true));
}

/* ---- names and configs ---- */

static void test_every_spelling_of_keras(void **state)
{
    (void)state;
    static const char *const spellings[] = {"mse",
                                            "MSE",
                                            "mean_squared_error",
                                            "MeanSquaredError",
                                            "MeanSquaredError()",
                                            "keras.losses.MeanSquaredError()"};
    crn_error err = CRN_ERROR_INIT;
    crn_document *document = new_document();
    crn_keras_loss loss;
    for (size_t i = 0; i < sizeof spellings / sizeof *spellings; i++) {
        assert_ok(crn_loss_read(parse(document, spellings[i]), document, &loss, &err));
        assert_int_equal(loss.attributes.kind, CRN_LOSS_MEAN_SQUARED_ERROR);
        assert_string_equal(loss.cls->function, "mean_squared_error");
    }
    crn_document_release(document);
}

static void test_records_of_keras_2_and_3(void **state)
{
    (void)state;
    static const char *const records[] = {"{\"module\": \"keras.losses\", \"class_name\": "
                                          "\"BinaryCrossentropy\", \"config\": {\"name\": "
                                          "\"binary_crossentropy\", \"reduction\": \"sum\", "
                                          "\"from_logits\": true, \"label_smoothing\": "
                                          "0.1, \"axis\": -1}, \"registered_name\": null}",
                                          "{\"class_name\": \"BinaryCrossentropy\", "
                                          "\"config\": {\"reduction\": \"sum\", \"name\": "
                                          "\"binary_crossentropy\", \"from_logits\": true, "
                                          "\"label_smoothing\": 0.1, \"axis\": -1, "
                                          "\"fn\": \"binary_crossentropy\"}}"};
    crn_error err = CRN_ERROR_INIT;
    crn_document *document = new_document();
    crn_keras_loss loss;
    crn_object *record = NULL;
    for (int i = 0; i < 2; i++) {
        assert_ok(crn_json_read(document, records[i], strlen(records[i]), NULL, &record, &err));
        assert_ok(crn_loss_read(record, document, &loss, &err));
        assert_true(loss.attributes.from_logits);
        assert_float_equal(loss.attributes.label_smoothing, 0.1f, 0);
        assert_int_equal(loss.attributes.reduction, CRN_REDUCTION_SUM);
    }
    static const char function[] = "{\"module\": \"builtins\", \"class_name\": \"function\", "
                                   "\"config\": \"mean_absolute_error\", "
                                   "\"registered_name\": \"mean_absolute_error\"}";
    assert_ok(crn_json_read(document, function, strlen(function), NULL, &record, &err));
    assert_ok(crn_loss_read(record, document, &loss, &err));
    assert_int_equal(loss.attributes.kind, CRN_LOSS_MEAN_ABSOLUTE_ERROR);
    crn_document_release(document);
}

static void test_what_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *expression;
        crn_status status;
        const char *says;
    } refused[] = {
        {"mean_squared_eror", CRN_NOT_FOUND, "Unknown loss: 'mean_squared_eror'"},
        {"MeanSquaredEror()", CRN_NOT_FOUND, "Did you mean 'MeanSquaredError'?"},
        {"MeanSquaredError(reduction='none')", CRN_UNSUPPORTED, "reduction=None"},
        {"MeanSquaredError(reduction='median')", CRN_ARGUMENT,
         "Invalid value for argument `reduction`"},
        {"BinaryCrossentropy(axis=1)", CRN_UNSUPPORTED, "axis 1"},
        {"SparseCategoricalCrossentropy(ignore_class=0)", CRN_UNSUPPORTED, "`ignore_class`"},
        {"Huber(dleta=1.0)", CRN_NOT_FOUND, "delta"},
        {"3", CRN_ARGUMENT, "Could not interpret loss identifier"},
    };
    crn_error err = CRN_ERROR_INIT;
    crn_document *document = new_document();
    crn_keras_loss loss;
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        assert_status(refused[i].status, crn_loss_read(parse(document, refused[i].expression),
                                                       document, &loss, &err));
        assert_says(refused[i].says);
    }
    crn_document_release(document);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values_equal_keras),
        cmocka_unit_test(test_targets_may_lack_or_have_a_last_axis_of_one),
        cmocka_unit_test(test_shapes_that_disagree_are_refused),
        cmocka_unit_test(test_labels_out_of_range),
        cmocka_unit_test(test_crossentropy_reads_what_went_into_the_activation),
        cmocka_unit_test(test_every_spelling_of_keras),
        cmocka_unit_test(test_records_of_keras_2_and_3),
        cmocka_unit_test(test_what_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
