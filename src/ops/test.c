/* SPDX-License-Identifier: BSD-3-Clause */
/* test: a bool for each element: isnan, isinf, isfinite, signbit and their kin of NumPy, and
 * logical_not. */
#include <math.h>
#include <stdio.h>

#include "ops/infer.h"
#include "ops/tensor.h"

static crn_status test_infer(const void *attributes, const crn_type *in, int n_in,
                             crn_type *out, crn_error *err)
{
    const crn_test_kind kind = *(const crn_test_kind *)attributes;
    CRN_TRY(crn_infer_count("test", n_in, 1, 1, err));
    const bool whole = in[0].dtype == CRN_INT64 || in[0].dtype == CRN_BOOL;
    if ((unsigned)kind >= CRN_TEST_COUNT || in[0].sparse ||
        (!whole && in[0].dtype != CRN_FLOAT32 && in[0].dtype != CRN_FLOAT64))
        return crn_fail(err, CRN_DTYPE, "test: %s has no such test",
                        crn_dtype_name(in[0].dtype));
    out[0] = in[0];
    out[0].dtype = CRN_BOOL;
    out[0].itemsize = (int64_t)crn_dtype_size(CRN_BOOL);
    return CRN_OK;
}

static bool test_one(crn_test_kind kind, double x)
{
    switch (kind) {
    case CRN_TEST_IS_NAN:
        return isnan(x);
    case CRN_TEST_IS_INF:
        return isinf(x);
    case CRN_TEST_IS_FINITE:
        return isfinite(x);
    case CRN_TEST_IS_POSITIVE_INF:
        return isinf(x) && x > 0;
    case CRN_TEST_IS_NEGATIVE_INF:
        return isinf(x) && x < 0;
    case CRN_TEST_SIGNBIT:
        return signbit(x);
    default:
        return x == 0;
    }
}

#define TEST_LOOP(name, type)                                                                  \
    case name:                                                                                 \
        for (int64_t i = 0; i < n; i++)                                                        \
            out[i] = test_one(kind, (double)((const type *)call->in[0])[i]);                   \
        break;

static void test_forward(const crn_call *call)
{
    const crn_test_kind kind = *(const crn_test_kind *)call->attributes;
    const int64_t n = crn_type_count(&call->out_types[0], call->rows);
    uint8_t *out = call->out[0];
    switch (call->in_types[0].dtype) {
        TEST_LOOP(CRN_FLOAT32, float)
        TEST_LOOP(CRN_FLOAT64, double)
        TEST_LOOP(CRN_INT64, int64_t)
        TEST_LOOP(CRN_BOOL, uint8_t)
    default:
        break;
    }
}

static void test_describe(const void *attributes, char *buffer, size_t size)
{
    static const char *const names[CRN_TEST_COUNT] = {
        "isnan", "isinf", "isfinite", "isposinf", "isneginf", "signbit", "logical_not"};
    snprintf(buffer, size, "%s", names[*(const crn_test_kind *)attributes]);
}

const crn_op crn_op_test = {
    .name = "test",
    .attributes_size = sizeof(crn_test_kind),
    .n_out = 1,
    .infer = test_infer,
    .forward = test_forward,
    .describe = test_describe,
};

crn_value crn_test(crn_graph *graph, crn_value x, crn_test_kind kind)
{
    return crn_graph_add_for_predict(graph, &crn_op_test, &kind, &x, 1);
}

crn_value crn_number(crn_graph *graph, crn_dtype dtype, double number)
{
    crn_array given = crn_array_view_1d(&number, CRN_FLOAT64, 1), array = CRN_ARRAY_INIT;
    given.ndim = 0;
    if (graph->error.code != CRN_OK ||
        crn_array_astype(&given, dtype, &array, &graph->error) != CRN_OK)
        return CRN_NO_VALUE;
    crn_value value = crn_graph_constant(graph, &array);
    crn_array_free(&array);
    return value;
}
