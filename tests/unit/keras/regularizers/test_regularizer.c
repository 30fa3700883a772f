/* SPDX-License-Identifier: BSD-3-Clause */
/* Regularizers: penalties and their gradients as keras.regularizers 3.15 defines them, configs,
 * refusals. */
#include "test.h"

#include "keras/regularizers/regularizer.h"
#include "plan/trainer.h"
#include "unit/keras/golden_keras.h"

/* The penalty of a variable [1, -2, 3], or of two rows of it, and the gradient. */
static void check_penalty(const char *expression, bool rows, double want, const double *slope)
{
    crn_error err = CRN_ERROR_INIT;
    crn_document *document = new_document();
    crn_regularizer regularizer;
    crn_graph *graph = NULL;
    crn_trainer *trainer = NULL;
    crn_array weight;
    const float numbers[6] = {1, -2, 3, 1, -2, 3};
    crn_array given = crn_array_view_1d(numbers, CRN_FLOAT32, 3);
    assert_ok(crn_array_astype(&given, CRN_FLOAT32, &weight, &err));
    assert_ok(crn_regularizer_read(parse(document, expression), document, &regularizer, &err));
    assert_ok(crn_graph_create(&graph, &err));
    crn_type type = crn_type_vector(CRN_FLOAT32, 3);
    crn_value x =
        rows ? crn_graph_input(graph, "x", &type) : crn_graph_variable(graph, &weight, true);
    crn_value penalty = crn_regularizer_add(graph, &regularizer, x);
    assert_ok(crn_trainer_create(graph, penalty, 2, 0, NULL, &trainer, &err));
    crn_trainer_forward(trainer, (const void *const[]){numbers}, 2);
    crn_trainer_backward(trainer);
    assert_float_equal(*(const float *)crn_trainer_value(trainer, penalty), (float)want, 1e-6);
    for (int i = 0; i < 3 && !rows; i++)
        assert_float_equal(crn_trainer_gradient(trainer, x)[i], (float)slope[i], 1e-6);
    crn_trainer_destroy(trainer);
    crn_graph_destroy(graph);
    crn_array_free(&weight);
    crn_document_release(document);
}

static void test_regularizers(void **state)
{
    (void)state;
    check_penalty("l1", false, 0.06, (const double[]){0.01, -0.01, 0.01});
    check_penalty("L2(0.1)", false, 1.4, (const double[]){0.2, -0.4, 0.6});
    check_penalty("L1L2(l1=0.5, l2=0.25)", false, 6.5, (const double[]){1, -1.5, 2});
    check_penalty("L1(0.5)", true, 3.0, NULL); /* of an activation: divided by the rows */
}

static void test_regularizer_configs(void **state)
{
    (void)state;
    crn_error err = CRN_ERROR_INIT;
    crn_document *document = new_document();
    crn_regularizer regularizer;
    assert_ok(crn_regularizer_read(parse(document, "None"), document, &regularizer, &err));
    assert_null(regularizer.cls);
    assert_true(crn_object_is_none(crn_regularizer_write(&regularizer, document)));
    assert_int_equal(crn_regularizer_add(NULL, &regularizer, 0), CRN_NO_VALUE);
    assert_ok(crn_regularizer_read(parse(document, "L2(0.5)"), document, &regularizer, &err));
    crn_object *record = crn_regularizer_write(&regularizer, document);
    assert_true(crn_object_is_str(crn_object_get(record, "module"), "keras.regularizers"));
    double l2;
    assert_true(
        crn_object_as_double(crn_object_get(crn_object_get(record, "config"), "l2"), &l2));
    assert_true(l2 == 0.5);
    assert_status(CRN_ARGUMENT, crn_regularizer_read(parse(document, "L1(-1.0)"), document,
                                                     &regularizer, &err));
    assert_says("non-negative float");
    crn_document_release(document);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_regularizers),
        cmocka_unit_test(test_regularizer_configs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
