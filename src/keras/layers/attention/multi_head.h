/* SPDX-License-Identifier: BSD-3-Clause */
/* What MultiHeadAttention and GroupedQueryAttention share: projections to heads, attention
 * between them, a projection back. */
#ifndef CRN_KERAS_LAYERS_ATTENTION_MULTI_HEAD_H
#define CRN_KERAS_LAYERS_ATTENTION_MULTI_HEAD_H

#include "keras/layers/layer.h"

/* The end of both configs. */
typedef struct crn_projection_config {
    const crn_object *kernel_initializer, *bias_initializer;
    const crn_object *kernel_regularizer, *bias_regularizer;
    const crn_object *kernel_constraint, *bias_constraint;
} crn_projection_config;

/* What a layer says of itself. */
typedef struct crn_heads {
    int64_t queries, keys; /* heads */
    int64_t key_dim, value_dim;
    bool use_bias, use_gate, dropout;
    int64_t window;                 /* 0: none */
    const crn_object *output_shape; /* None: the query's width; an int or a list */
    const crn_object *attention_axes;
    bool own_query_mask; /* the query's mask is the one that travels with it, whatever the call
                            says */
} crn_heads;

/* The tensors of a call, by their places in its inputs; -1: not there. */
typedef struct crn_attention_tensors {
    int query, value, key;
    bool key_given;
} crn_attention_tensors;

crn_status crn_attention_tensors_find(const crn_layer *layer,
                                      const crn_layer_arguments *arguments, int n_in,
                                      crn_attention_tensors *out, crn_error *err);
/* Whether an argument of the call is True. */
bool crn_attention_flag(const crn_layer_arguments *arguments, const char *name, int place);
/* Of call(), NULL behind the last. */
extern const char *const crn_attention_arguments[];
bool crn_attention_takes_argument(const crn_layer *layer, const char *name);

/* Axes of the query's item without its last: those that are attended over, and the others. */
typedef struct crn_attention_axes {
    int32_t batch_count, count;
    int32_t batch[CRN_MAX_NDIM], axes[CRN_MAX_NDIM];
} crn_attention_axes;

crn_status crn_attention_axes_find(const crn_layer *layer, const crn_heads *heads, int32_t ndim,
                                   crn_attention_axes *out, crn_error *err);

/* The last axes of the output; `width` where the config says none. */
crn_status crn_heads_output_shape(const crn_layer *layer, const crn_heads *heads, int64_t width,
                                  int64_t *shape, int32_t *ndim, crn_error *err);

/* In the order in which they are created; gate: only with use_gate. */
typedef enum crn_projection {
    CRN_PROJECT_QUERY,
    CRN_PROJECT_KEY,
    CRN_PROJECT_GATE,
    CRN_PROJECT_VALUE,
    CRN_PROJECT_OUTPUT
} crn_projection;

/* The place of a projection's kernel among the weights; its bias stands behind it. */
size_t crn_heads_weight(const crn_heads *heads, crn_projection which);

crn_status crn_heads_infer(const crn_layer *layer, const crn_heads *heads,
                           crn_layer_shapes *call, crn_error *err);
void crn_heads_lower(const crn_layer *layer, const crn_heads *heads, crn_lowering *lowering,
                     crn_layer_io *io);

#endif
