/* SPDX-License-Identifier: BSD-3-Clause */
/* What tensor programs need and several operations together give. */
#include "ops/tensor.h"

#include <string.h>

#include "ops/activation.h"
#include "ops/elementwise.h"

crn_value crn_glu(crn_graph *graph, crn_value x, int32_t axis)
{
    const crn_type *type = crn_graph_type(graph, x);
    const int64_t length = axis < type->ndim ? type->shape[axis] : 1;
    if (length % 2 != 0)
        return crn_graph_fail(graph, CRN_SHAPE,
                              "glu: an axis of %lld elements has no two halves",
                              (long long)length);
    const crn_value gate =
        crn_activate(graph, crn_slice(graph, x, axis, length / 2, length / 2, 1),
                     crn_activation_default(CRN_SIGMOID));
    return crn_binary(graph, crn_slice(graph, x, axis, 0, length / 2, 1), gate,
                      CRN_BINARY_MULTIPLY);
}

static bool is_among(int32_t axis, const int32_t *axes, int32_t count)
{
    for (int32_t i = 0; i < count; i++) {
        if (axes[i] == axis)
            return true;
    }
    return false;
}

crn_value crn_join_axes(crn_graph *graph, crn_value x, const int32_t *axes, int32_t count,
                        int32_t *order)
{
    const crn_type type = *crn_graph_type(graph, x);
    int32_t places[CRN_MAX_NDIM] = {0}, n = 0;
    int64_t shape[CRN_MAX_NDIM];
    for (int joined = 0; joined < 2; joined++) {
        for (int32_t i = 0; i < type.ndim; i++) {
            if (is_among(i, axes, count) == (joined == 1))
                places[n++] = i;
        }
    }
    const int32_t kept = type.ndim - count;
    for (int32_t i = 0; i < kept; i++)
        shape[i] = type.shape[places[i]];
    shape[kept] = 1;
    for (int32_t i = kept; i < type.ndim; i++)
        shape[kept] *= type.shape[places[i]];
    if (order != NULL)
        memcpy(order, places, sizeof places);
    return crn_reshape(graph, crn_permute(graph, x, places), kept + 1, shape);
}

crn_value crn_softmax_axes(crn_graph *graph, crn_value x, crn_softmax_kind kind,
                           const int32_t *axes, int32_t count)
{
    int32_t order[CRN_MAX_NDIM], back[CRN_MAX_NDIM] = {0};
    int64_t shape[CRN_MAX_NDIM];
    const crn_type type = *crn_graph_type(graph, x);
    if (count == 1)
        return crn_softmax(graph, x, kind, axes[0]);
    x = crn_softmax(graph, crn_join_axes(graph, x, axes, count, order), kind, -1);
    for (int32_t i = 0; i < type.ndim; i++) {
        shape[i] = type.shape[order[i]];
        back[order[i]] = i;
    }
    return crn_permute(graph, crn_reshape(graph, x, type.ndim, shape), back);
}
