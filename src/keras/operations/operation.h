/* SPDX-License-Identifier: BSD-3-Clause */
/* keras.ops functions that a Functional model calls as if they were layers (module
 * keras.src.ops.*), and Keras 2's TFOpLambda and SlicingOpLambda, which are the same by
 * TensorFlow's names. An operation has no weights; what it computes follows from its class, the
 * constructor's arguments in its config and the arguments of the call. Its shapes follow from
 * what it lowers to: see operation.c. Axes count the batch; what would mix rows is refused. */
#ifndef CRN_KERAS_OPERATIONS_OPERATION_H
#define CRN_KERAS_OPERATIONS_OPERATION_H

#include "keras/layers/layer.h"
#include "ops/tensor.h"

typedef struct crn_operation_call crn_operation_call;

/* Sets call->io->out. */
typedef void (*crn_operation_lower)(crn_operation_call *call);

typedef struct crn_operation_type {
    crn_layer_type base;
    crn_operation_lower lower;
    int kind; /* which of its family's functions */
} crn_operation_type;

struct crn_operation_call {
    const crn_layer *layer;
    const char *name; /* of the class, "Mean" */
    int kind;
    crn_graph *graph;
    crn_layer_io *io;
};

/* What reductions compute: the kinds of that family. */
enum {
    REDUCE_SUM,
    REDUCE_MEAN,
    REDUCE_PROD,
    REDUCE_MAX,
    REDUCE_MIN,
    REDUCE_ANY,
    REDUCE_ALL,
    REDUCE_ARGMAX,
    REDUCE_ARGMIN,
    REDUCE_VAR,
    REDUCE_STD,
    REDUCE_LOGSUMEXP,
    REDUCE_COUNT,
    REDUCE_RANGE,
    REDUCE_MEDIAN
};
enum { DIVIDE = CRN_PAIR_COUNT }; /* a kind of the family `floating` */

extern const crn_keras_kind crn_operations;

/* Is it the record of an operation, and not of a layer? By its module; a legacy .h5 has none:
 * then by what only an operation's record says. */
bool crn_is_operation_record(const crn_object *record);
bool crn_layer_is_operation(const crn_layer *layer);
/* The operation's class that a function of TensorFlow is ("math.reduce_mean"); NULL: none. */
const crn_operation_type *crn_tensorflow_function(const char *name);
const crn_operation_type *crn_operation_find(const char *class_name);

/* Runs an operation for a layer, whose call it is. */
void crn_lower_operation(crn_operation_call *call, const crn_operation_type *type);
crn_status crn_operation_infer(const crn_layer *layer, crn_layer_shapes *call, crn_error *err);
bool crn_operation_takes_argument(const crn_layer *layer, const char *name);
extern const crn_layer_type crn_layer_TFOpLambda, crn_layer_SlicingOpLambda;

#define CRN_OPERATION(module_, class_, family, kind_, arguments_)                              \
    void crn_lower_##family(crn_operation_call *call);
#include "keras/operations/operations.def"
#undef CRN_OPERATION

/* ---- for the families ---- */

/* An argument by one of its names, separated by blanks ("axes perm"): of the call, by its place
 * in the call, or of the constructor. NULL when it is not given, or None. place < 0: none. */
const crn_object *crn_operation_argument(const crn_operation_call *call, const char *names,
                                         int place);
bool crn_operation_flag(const crn_operation_call *call, const char *names, bool otherwise);
int64_t crn_operation_int(const crn_operation_call *call, const char *names, int place,
                          int64_t otherwise);
double crn_operation_real(const crn_operation_call *call, const char *names, int place,
                          double otherwise);

/* A tensor of the call or a constant: a number, nested lists, an array's record. Numbers of
 * Python are float32, int64 or bool. The graph fails when it is missing or none of that. */
crn_value crn_operation_tensor(crn_operation_call *call, const char *names, int place);
crn_value crn_operation_value(crn_operation_call *call, const crn_object *object);
/* A list of them; their number, 0 after a failure. values: [CRN_MOST_TENSORS]. */
int crn_operation_tensors(crn_operation_call *call, const char *names, int place,
                          crn_value *values);
/* Operands made to have one type, and as many axes where both have rows. floating: at least
 * float32. False: the graph failed. */
bool crn_operation_promote(crn_operation_call *call, crn_value *values, int count,
                           bool floating);
/* The axis of an item of ndim axes; false and the graph fails for the batch's and for none. */
bool crn_operation_axis(crn_operation_call *call, const crn_object *axis, int32_t ndim,
                        int32_t *out);
/* One axis or several, all different, in rising order; their number, 0 after a failure. */
int32_t crn_operation_axes(crn_operation_call *call, const crn_object *axes, int32_t ndim,
                           int32_t *out);
/* A list of ints; its length, -1 after a failure. */
int32_t crn_operation_ints(crn_operation_call *call, const crn_object *list, int64_t *out);
crn_value crn_operation_float(crn_operation_call *call, crn_value x); /* int, bool to float32 */
void crn_operation_refuse(crn_operation_call *call, const char *why);

#endif
