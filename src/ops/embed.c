/* SPDX-License-Identifier: BSD-3-Clause */
/* embed: rows of a table by their numbers, as tf.gather on a CPU: a number that is none of the
 * table's fails the run. Inputs: table, ids. */
#include <string.h>

#include "ops/infer.h"
#include "ops/sequence.h"
#include "ops/tensor.h"

typedef struct embed_attributes {
    bool wraps; /* -1 is the last row */
} embed_attributes;

static crn_status embed_infer(const void *attributes, const crn_type *in, int n_in,
                              crn_type *out, crn_error *err)
{
    const crn_type *table = &in[0], *ids = &in[1];
    (void)attributes;
    CRN_TRY(crn_infer_count("embed", n_in, 2, 2, err));
    CRN_TRY(crn_infer_present("embed", table, err));
    if (ids->dtype != CRN_INT64)
        return crn_fail(err, CRN_DTYPE, "embed: the ids are %s, not int64",
                        crn_dtype_name(ids->dtype));
    if (table->rows || table->sparse || ids->sparse || table->ndim != 2 ||
        table->shape[0] < 1 || ids->ndim + 1 > CRN_MAX_NDIM - 1)
        return crn_infer_misfit("embed", table, ids, err);
    out[0] = *ids;
    out[0].dtype = table->dtype;
    out[0].itemsize = table->itemsize;
    out[0].shape[out[0].ndim++] = table->shape[1];
    return CRN_OK;
}

/* The row of an id; the first when it is none. */
static int64_t find_row(const crn_call *call, int64_t id, int64_t n)
{
    const embed_attributes *a = call->attributes;
    const int64_t row = a->wraps && id < 0 && id >= -n ? id + n : id;
    if (row >= 0 && row < n)
        return row;
    if (call->failure != NULL)
        crn_fail(call->failure, CRN_ARGUMENT, "indices: %lld is not in [0, %lld)",
                 (long long)id, (long long)n);
    return 0;
}

static void embed_forward(const crn_call *call)
{
    const crn_type *table = &call->in_types[0];
    const size_t bytes = (size_t)(table->shape[1] * table->itemsize); /* of one row */
    const int64_t count = crn_type_count(&call->in_types[1], call->rows);
    const int64_t *ids = call->in[1];
    char *out = call->out[0];
    for (int64_t i = 0; i < count; i++, out += bytes) {
        const int64_t row = find_row(call, ids[i], table->shape[0]);
        memcpy(out, (const char *)call->in[0] + (size_t)row * bytes, bytes);
    }
}

static void embed_cost(const void *attributes, const crn_type *in, const crn_type *out,
                       crn_cost *cost)
{
    (void)attributes, (void)in;
    cost->multiply_adds = 0.5 * (double)crn_type_size(&out[0]);
}

const crn_op crn_op_embed = {
    .name = "embed",
    .attributes_size = sizeof(embed_attributes),
    .n_out = 1,
    .infer = embed_infer,
    .forward = embed_forward,
    .cost = embed_cost,
};

crn_value crn_embed(crn_graph *graph, crn_value table, crn_value ids, bool wraps)
{
    const embed_attributes attributes = {.wraps = wraps};
    return crn_graph_add_for_predict(graph, &crn_op_embed, &attributes,
                                     (crn_value[]){table, ids}, 2);
}
