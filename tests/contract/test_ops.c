/* SPDX-License-Identifier: BSD-3-Clause */
/* Every row of ops.def through the same checks: what an operation has to say about itself, and
 * that its infer() refuses what it cannot serve instead of believing it. */
#include "test.h"

#include <stdlib.h>

#include "ops/op.h"

static const struct {
    const char *name; /* in ops.def */
    const crn_op *op;
} ops[] = {
#define CRN_OP(name) {#name, &crn_op_##name},
#include "ops/ops.def"
#undef CRN_OP
};

enum { OPS = sizeof ops / sizeof *ops, MOST_INPUTS = 16 };

/* Attributes that are all zero: every operation's infer() has to cope with them. */
static void *no_attributes(const crn_op *op)
{
    void *attributes = calloc(1, op->attributes_size > 0 ? op->attributes_size : 1);
    assert_non_null(attributes);
    return attributes;
}

static crn_status infer(const crn_op *op, const void *attributes, const crn_type *in, int n_in)
{
    crn_error err = CRN_ERROR_INIT;
    crn_type out[8];
    memset(out, 0, sizeof out);
    assert_true(op->n_out <= 8);
    crn_status status = op->infer(attributes, in, n_in, out, &err);
    assert_int_equal(status, err.code);
    if (status != CRN_OK)
        assert_true(err.message[0] != '\0');
    for (int k = 0; status == CRN_OK && k < op->n_out; k++) {
        assert_int_not_equal(out[k].dtype, CRN_NO_DTYPE);
        assert_true(out[k].itemsize > 0);
        assert_in_range(out[k].ndim, 0, CRN_MAX_NDIM - 1);
    }
    return status;
}

static void test_says_what_it_is(void **state)
{
    (void)state;
    for (int i = 0; i < OPS; i++) {
        const crn_op *op = ops[i].op;
        assert_string_equal(op->name, ops[i].name);
        assert_true(op->n_out >= 1);
        assert_non_null(op->infer);
        assert_non_null(op->forward);
        assert_int_equal(op->flags & ~(unsigned)(CRN_OP_ELEMENTWISE | CRN_OP_ALIAS |
                                                 CRN_OP_WHOLE_BATCH | CRN_OP_TAKES_SPARSE |
                                                 CRN_OP_ALL_ROWS | CRN_OP_FOLDS),
                         0);
        for (int k = 0; k < i; k++)
            assert_ptr_not_equal(op, ops[k].op);
    }
}

/* Without inputs, and with more than any operation takes; only concat and vote take any number.
 */
static void test_refuses_wrong_counts(void **state)
{
    (void)state;
    crn_type in[MOST_INPUTS];
    for (int k = 0; k < MOST_INPUTS; k++)
        in[k] = crn_type_vector(CRN_FLOAT32, 3);
    for (int i = 0; i < OPS; i++) {
        void *attributes = no_attributes(ops[i].op);
        assert_int_not_equal(infer(ops[i].op, attributes, in, 0), CRN_OK);
        if (strcmp(ops[i].name, "concat") != 0 && strcmp(ops[i].name, "vote") != 0)
            assert_int_not_equal(infer(ops[i].op, attributes, in, MOST_INPUTS), CRN_OK);
        free(attributes);
    }
}

/* Types of all kinds, in all places: whatever infer() accepts must be well formed (see infer
 * above), and it must not read past the inputs (the sanitizers look). */
static void test_survives_any_types(void **state)
{
    (void)state;
    static const crn_dtype dtypes[] = {CRN_FLOAT64, CRN_FLOAT32, CRN_INT64, CRN_STRING,
                                       CRN_NO_DTYPE};
    enum { DTYPES = sizeof dtypes / sizeof *dtypes, FORMS = DTYPES * 4 };
    for (int i = 0; i < OPS; i++) {
        void *attributes = no_attributes(ops[i].op);
        for (int form = 0; form < FORMS * FORMS; form++) {
            for (int n_in = 1; n_in <= 4; n_in++) {
                crn_type *in = calloc((size_t)n_in, sizeof *in);
                assert_non_null(in);
                for (int k = 0; k < n_in; k++) {
                    int which = k == 0 ? form % FORMS : form / FORMS;
                    in[k] = crn_type_rows(dtypes[which % DTYPES], which / DTYPES,
                                          (int64_t[]){3, 2, 4});
                    in[k].itemsize = in[k].dtype == CRN_STRING ? 8 : in[k].itemsize;
                    in[k].rows = k == 0;
                }
                (void)infer(ops[i].op, attributes, in, n_in);
                free(in);
            }
        }
        free(attributes);
    }
}

/* describe() and cost() are read by people: they must end, and fit what they are given. */
static void test_describes_itself_within_bounds(void **state)
{
    (void)state;
    for (int i = 0; i < OPS; i++) {
        void *attributes = no_attributes(ops[i].op);
        char text[4] = "???";
        if (ops[i].op->describe != NULL) {
            ops[i].op->describe(attributes, text, sizeof text - 1);
            assert_non_null(memchr(text, '\0', sizeof text - 1));
        }
        free(attributes);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_says_what_it_is),
        cmocka_unit_test(test_refuses_wrong_counts),
        cmocka_unit_test(test_survives_any_types),
        cmocka_unit_test(test_describes_itself_within_bounds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
