/* SPDX-License-Identifier: BSD-3-Clause */
/* Constraints against keras.constraints 3.15. */
#include "test.h"

#include "keras/constraints/constraint.h"
#include "unit/keras/golden_keras.h"

/* Of w = [[3, 0.5, -1], [-4, 1, 0]] and, for the last, of the same numbers as (1, 2, 3). */
static const struct {
    const char *expression;
    int32_t ndim;
    double want[6];
} cases[] = {
    {"max_norm", 2, {1.2, 0.5, -1, -1.6, 1, 0}},
    {"MaxNorm(1.0, axis=1)",
     2,
     {0.937042594, 0.156173766, -0.312347531, -0.970142543, 0.242535636, 0}},
    {"NonNeg()", 2, {3, 0.5, 0, 0, 1, 0}},
    {"unit_norm", 2, {0.6, 0.447213595, -1, -0.8, 0.89442719, 0}},
    {"MinMaxNorm(min_value=2.0, max_value=3.0, rate=0.5)",
     2,
     {2.4, 0.697213595, -1.5, -3.2, 1.39442719, 0}},
    {"UnitNorm(axis=[0, 1])", 3, {0.6, 0.447213595, -1, -0.8, 0.89442719, 0}},
};

static void test_constraints(void **state)
{
    (void)state;
    static const int64_t shapes[][3] = {{2, 3}, {1, 2, 3}};
    crn_error err = CRN_ERROR_INIT;
    crn_document *document = new_document();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        float w[6] = {3, 0.5f, -1, -4, 1, 0};
        crn_array weight = {.data = w, .dtype = CRN_FLOAT32, .itemsize = 4};
        crn_constraint constraint;
        crn_array_set_shape(&weight, cases[i].ndim, shapes[cases[i].ndim - 2]);
        assert_ok(crn_constraint_read(parse(document, cases[i].expression), document,
                                      &constraint, &err));
        crn_constraint_apply(&constraint, &weight);
        for (int k = 0; k < 6; k++) {
            if (fabs((double)w[k] - cases[i].want[k]) > 1e-6)
                fail_msg("%s: element %d is %.9g", cases[i].expression, k, (double)w[k]);
        }
    }
    crn_document_release(document);
}

static void test_no_constraint_changes_nothing(void **state)
{
    (void)state;
    crn_error err = CRN_ERROR_INIT;
    crn_document *document = new_document();
    crn_constraint constraint;
    float w[2] = {-5, 7};
    crn_array weight = crn_array_view_1d(w, CRN_FLOAT32, 2);
    assert_ok(crn_constraint_read(parse(document, "None"), document, &constraint, &err));
    crn_constraint_apply(&constraint, &weight);
    assert_true(w[0] == -5 && w[1] == 7);
    assert_true(crn_object_is_none(crn_constraint_write(&constraint, document)));
    assert_status(CRN_ARGUMENT, crn_constraint_read(parse(document, "MaxNorm(axis='all')"),
                                                    document, &constraint, &err));
    assert_says("`axis` of a constraint");
    crn_document_release(document);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_constraints),
        cmocka_unit_test(test_no_constraint_changes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
