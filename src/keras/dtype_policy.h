/* SPDX-License-Identifier: BSD-3-Clause */
/* Dtype policies: in which precision a layer computes. Half precision is float32 arithmetic whose
 * inputs, weights and outputs are rounded, layer by layer. */
#ifndef CRN_KERAS_DTYPE_POLICY_H
#define CRN_KERAS_DTYPE_POLICY_H

#include "format/object.h"
#include "ops/graph.h"

/* The name of a policy: "mixed_float16", from that text or a record of Keras 2 or 3; NULL for
 * none at all. "?" for a record that has no name: a quantized policy. */
const char *crn_dtype_policy_name(const crn_object *policy);
/* What a layer under a policy of that name computes in; CRN_NO_DTYPE: not known. */
crn_dtype crn_dtype_policy_compute(const char *name);
/* Are weights kept in the dtype of the computation? Of a mixed policy they are float32. */
bool crn_dtype_policy_is_mixed(const char *name);

/* x as a layer of that precision takes and gives it: numbers that are floats are converted, those
 * of half precision rounded and kept as float32. */
crn_value crn_dtype_policy_cast(crn_graph *graph, crn_value x, crn_dtype compute);

/* The same for a weight: a constant. */
crn_value crn_dtype_policy_constant(crn_graph *graph, const crn_array *weight,
                                    crn_dtype compute);

#endif
