/* SPDX-License-Identifier: BSD-3-Clause */
/* Dtype policies by name (keras/src/dtype_policies/dtype_policy.py, 3.15, and "Policy" of
 * Keras 2), and the autocast of keras/src/layers/layer.py. */
#include "keras/dtype_policy.h"

#include <string.h>

#include "ops/elementwise.h"

static const struct {
    const char *name;
    crn_dtype compute;
    bool mixed;
} policies[] = {
    {"float32", CRN_FLOAT32, false},      {"float64", CRN_FLOAT64, false},
    {"float16", CRN_FLOAT16, false},      {"bfloat16", CRN_BFLOAT16, false},
    {"mixed_float16", CRN_FLOAT16, true}, {"mixed_bfloat16", CRN_BFLOAT16, true},
};

enum { POLICIES = sizeof policies / sizeof *policies };

const char *crn_dtype_policy_name(const crn_object *policy)
{
    if (policy == NULL || crn_object_is_none(policy))
        return NULL;
    if (crn_object_is(policy, CRN_OBJ_DICT))
        policy = crn_object_get(crn_object_get(policy, "config"), "name");
    const char *name = policy != NULL ? crn_object_text(policy) : NULL;
    return name != NULL ? name : "?";
}

crn_dtype crn_dtype_policy_compute(const char *name)
{
    for (int i = 0; i < POLICIES; i++) {
        if (strcmp(policies[i].name, name) == 0)
            return policies[i].compute;
    }
    return CRN_NO_DTYPE;
}

bool crn_dtype_policy_is_mixed(const char *name)
{
    for (int i = 0; i < POLICIES; i++) {
        if (strcmp(policies[i].name, name) == 0)
            return policies[i].mixed;
    }
    return false;
}

crn_value crn_dtype_policy_cast(crn_graph *graph, crn_value x, crn_dtype compute)
{
    const crn_dtype dtype = crn_graph_type(graph, x)->dtype;
    if (x == CRN_NO_VALUE || !crn_dtype_is_float(dtype))
        return x;
    if (compute == CRN_FLOAT16 || compute == CRN_BFLOAT16)
        return crn_cast(graph, crn_cast(graph, x, compute), CRN_FLOAT32);
    return dtype != compute ? crn_cast(graph, x, compute) : x;
}

crn_value crn_dtype_policy_constant(crn_graph *graph, const crn_array *weight,
                                    crn_dtype compute)
{
    const bool half = compute == CRN_FLOAT16 || compute == CRN_BFLOAT16;
    crn_array rounded = CRN_ARRAY_INIT, array = CRN_ARRAY_INIT;
    crn_value value = CRN_NO_VALUE;
    if (weight->dtype == compute || graph->error.code != CRN_OK)
        return crn_graph_constant(graph, weight);
    if (crn_array_astype(weight, compute, &rounded, &graph->error) == CRN_OK &&
        crn_array_astype(&rounded, half ? CRN_FLOAT32 : compute, &array, &graph->error) ==
            CRN_OK)
        value = crn_graph_constant(graph, &array);
    crn_array_free(&rounded);
    crn_array_free(&array);
    return value;
}
