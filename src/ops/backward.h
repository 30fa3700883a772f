/* SPDX-License-Identifier: BSD-3-Clause */
/* The backward forms of the operations that inference also uses, float32, each in
 * ops/<name>_backward.c and hooked into the operation's struct. They follow TensorFlow's
 * registered gradients, also where a derivative does not exist (at the corner of relu it is 0,
 * a tie of maximum goes to its first input). What is only met in training (losses, dropout,
 * batch statistics) has its backward in its own file. */
#ifndef CRN_OPS_BACKWARD_H
#define CRN_OPS_BACKWARD_H

#include "ops/infer.h"

void crn_activation_backward(const crn_call *call);
void crn_affine_backward(const crn_call *call); /* of the unfused product: no activation */
void crn_binary_backward(const crn_call *call);
void crn_concat_backward(const crn_call *call);
void crn_reduce_backward(const crn_call *call);
void crn_scale_backward(const crn_call *call);
void crn_softmax_backward(const crn_call *call);
void crn_unary_backward(const crn_call *call);

#endif
