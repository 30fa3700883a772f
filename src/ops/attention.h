/* SPDX-License-Identifier: BSD-3-Clause */
/* Attention: what one step of a sequence takes from the steps of another. For predict() alone. */
#ifndef CRN_OPS_ATTENTION_H
#define CRN_OPS_ATTENTION_H

#include "ops/graph.h"

typedef enum crn_attention_score {
    CRN_SCORE_DOT,     /* scale * sum(q k) */
    CRN_SCORE_ADDITIVE /* factor * sum(weights * tanh(scale * (q + k))) */
} crn_attention_score;

/* What becomes of steps that a query does not see; they differ where it sees none. */
typedef enum crn_attention_hiding {
    CRN_HIDE_BY_VALUE,  /* all scores are one large negative number: equal weights */
    CRN_HIDE_AND_CLEAR, /* ... and then weights of zero */
    CRN_HIDE_BY_SHIFT   /* 1e9 less, as Keras 2 does */
} crn_attention_hiding;

typedef struct crn_attention_attributes {
    crn_attention_score score;
    crn_attention_hiding hiding;
    float scale, factor;
    bool causal;    /* no key after the query */
    int64_t window; /* > 0: only keys that are less than so many steps away */
} crn_attention_attributes;

/* Items of float32: query (batch, Tq, heads, D), key (batch, Tk, kv_heads, D), value (batch, Tk,
 * kv_heads, Dv), kv_heads dividing heads: each serves as many neighbouring ones. mask: bool
 * (batch, heads, Tq, Tk), any of them 1, or CRN_NO_VALUE; true where a key is seen. weights: (D),
 * or CRN_NO_VALUE for ones. Gives (batch, Tq, heads, Dv); the second output has the weights of
 * the keys (batch, heads, Tq, Tk). */
crn_value crn_attention(crn_graph *graph, crn_value query, crn_value key, crn_value value,
                        crn_value mask, crn_value weights, const crn_attention_attributes *how);

#endif
