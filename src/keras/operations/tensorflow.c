/* SPDX-License-Identifier: BSD-3-Clause */
/* TFOpLambda and SlicingOpLambda of Keras 2 (keras/src/layers/core/tf_op_layer.py, 2.15): a
 * function of TensorFlow by its name, called with TensorFlow's names of arguments. */
#include <string.h>

#include "keras/operations/operation.h"

typedef struct tensorflow_op {
    crn_layer_config base;
    const char *function; /* "math.reduce_mean", "__operators__.getitem" */
} tensorflow_op;

static const crn_field fields[] = {
    CRN_PARAM(tensorflow_op, function, STRING, NULL, NULL),
    CRN_LAYER_FIELDS,
    CRN_FIELDS_END,
};

/* TensorFlow's function (also without its module, as tf.reshape), and our operation. */
static const struct {
    const char *function, *operation;
} functions[] = {
    {"__operators__.getitem", "GetItem"},
    {"__operators__.add", "Add"},
    {"__operators__.eq", "Equal"},
    {"__operators__.ne", "NotEqual"},
    {"math.abs", "Abs"},
    {"math.acos", "Arccos"},
    {"math.acosh", "Arccosh"},
    {"math.add", "Add"},
    {"math.argmax", "Argmax"},
    {"math.argmin", "Argmin"},
    {"math.asin", "Arcsin"},
    {"math.asinh", "Arcsinh"},
    {"math.atan", "Arctan"},
    {"math.atan2", "Arctan2"},
    {"math.atanh", "Arctanh"},
    {"math.ceil", "Ceil"},
    {"math.cos", "Cos"},
    {"math.cosh", "Cosh"},
    {"math.count_nonzero", "CountNonzero"},
    {"math.cumprod", "Cumprod"},
    {"math.cumsum", "Cumsum"},
    {"math.divide", "TrueDivide"},
    {"math.divide_no_nan", "DivideNoNan"},
    {"math.equal", "Equal"},
    {"math.erf", "Erf"},
    {"math.erfc", "Erfc"},
    {"math.exp", "Exp"},
    {"math.expm1", "Expm1"},
    {"math.floor", "Floor"},
    {"math.floordiv", "FloorDivide"},
    {"math.floormod", "Mod"},
    {"math.greater", "Greater"},
    {"math.greater_equal", "GreaterEqual"},
    {"math.is_finite", "Isfinite"},
    {"math.is_inf", "Isinf"},
    {"math.is_nan", "Isnan"},
    {"math.l2_normalize", "Normalize"},
    {"math.less", "Less"},
    {"math.less_equal", "LessEqual"},
    {"math.log", "Log"},
    {"math.log1p", "Log1p"},
    {"math.log_sigmoid", "LogSigmoid"},
    {"math.logical_and", "LogicalAnd"},
    {"math.logical_not", "LogicalNot"},
    {"math.logical_or", "LogicalOr"},
    {"math.logical_xor", "LogicalXor"},
    {"math.maximum", "Maximum"},
    {"math.minimum", "Minimum"},
    {"math.mod", "Mod"},
    {"math.multiply", "Multiply"},
    {"math.negative", "Negative"},
    {"math.not_equal", "NotEqual"},
    {"math.pow", "Power"},
    {"math.reciprocal", "Reciprocal"},
    {"math.reduce_all", "All"},
    {"math.reduce_any", "Any"},
    {"math.reduce_logsumexp", "Logsumexp"},
    {"math.reduce_max", "Max"},
    {"math.reduce_mean", "Mean"},
    {"math.reduce_min", "Min"},
    {"math.reduce_prod", "Prod"},
    {"math.reduce_std", "Std"},
    {"math.reduce_sum", "Sum"},
    {"math.reduce_variance", "Var"},
    {"math.rint", "Round"},
    {"math.round", "Round"},
    {"math.rsqrt", "Rsqrt"},
    {"math.sigmoid", "Sigmoid"},
    {"math.sign", "Sign"},
    {"math.sin", "Sin"},
    {"math.sinh", "Sinh"},
    {"math.softplus", "Softplus"},
    {"math.sqrt", "Sqrt"},
    {"math.square", "Square"},
    {"math.subtract", "Subtract"},
    {"math.tan", "Tan"},
    {"math.tanh", "Tanh"},
    {"math.top_k", "TopK"},
    {"math.truediv", "TrueDivide"},
    {"nn.elu", "Elu"},
    {"nn.gelu", "Gelu"},
    {"nn.l2_normalize", "Normalize"},
    {"nn.leaky_relu", "LeakyRelu"},
    {"nn.log_softmax", "LogSoftmax"},
    {"nn.relu", "Relu"},
    {"nn.relu6", "Relu6"},
    {"nn.selu", "Selu"},
    {"nn.sigmoid", "Sigmoid"},
    {"nn.silu", "Silu"},
    {"nn.swish", "Silu"},
    {"nn.softmax", "Softmax"},
    {"nn.softplus", "Softplus"},
    {"nn.softsign", "Softsign"},
    {"nn.tanh", "Tanh"},
    {"nn.top_k", "TopK"},
    {"linalg.matmul", "Matmul"},
    {"linalg.norm", "Norm"},
    {"linalg.l2_normalize", "Normalize"},
    {"broadcast_to", "BroadcastTo"},
    {"cast", "Cast"},
    {"clip_by_value", "Clip"},
    {"concat", "Concatenate"},
    {"convert_to_tensor", "ConvertToTensor"},
    {"expand_dims", "ExpandDims"},
    {"identity", "Copy"},
    {"norm", "Norm"},
    {"one_hot", "OneHot"},
    {"ones_like", "OnesLike"},
    {"pad", "Pad"},
    {"repeat", "Repeat"},
    {"reshape", "Reshape"},
    {"reverse", "Flip"},
    {"slice", "Slice"},
    {"sort", "Sort"},
    {"argsort", "Argsort"},
    {"split", "Split"},
    {"squeeze", "Squeeze"},
    {"stack", "Stack"},
    {"stop_gradient", "StopGradient"},
    {"tile", "Tile"},
    {"transpose", "Transpose"},
    {"unstack", "Unstack"},
    {"where", "Where"},
    {"zeros_like", "ZerosLike"},
    {"compat.v1.transpose", "Transpose"},
};

/* tf.add is tf.math.add: a name may be at home in several modules, or in none. */
static const char *without_home(const char *name)
{
    static const char *const homes[] = {"compat.v1.", "math.", "nn.", "linalg."};
    for (size_t i = 0; i < sizeof homes / sizeof *homes; i++) {
        const size_t size = strlen(homes[i]);
        if (strncmp(name, homes[i], size) == 0)
            name += size;
    }
    return name;
}

static bool is_function(const char *known, const char *name)
{
    return strcmp(without_home(known), without_home(name)) == 0;
}

const crn_operation_type *crn_tensorflow_function(const char *name)
{
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
        if (is_function(functions[i].function, name))
            return crn_operation_find(functions[i].operation);
    }
    return NULL;
}

static crn_status check(crn_layer *layer, crn_error *err)
{
    const tensorflow_op *config = layer->config;
    if (config->function != NULL && crn_tensorflow_function(config->function) != NULL)
        return CRN_OK;
    return crn_fail(err, CRN_UNSUPPORTED, "%s: the function '%s' is not supported",
                    layer->type->base.name, config->function != NULL ? config->function : "");
}

static void lower(const crn_layer *layer, crn_lowering *lowering, crn_layer_io *io)
{
    const tensorflow_op *config = layer->config;
    const crn_operation_type *type = crn_tensorflow_function(config->function);
    crn_operation_call call = {.layer = layer,
                               .name = type->base.base.name,
                               .kind = type->kind,
                               .graph = lowering->graph,
                               .io = io};
    crn_lower_operation(&call, type);
}

#define TENSORFLOW_LAYER(class_)                                                               \
    const crn_layer_type crn_layer_##class_ = {                                                \
        .base = {.name = #class_,                                                              \
                 .module = "keras.layers",                                                     \
                 .until = "3.0",                                                               \
                 .size = sizeof(tensorflow_op),                                                \
                 .fields = fields},                                                            \
        .infer_many = crn_operation_infer,                                                     \
        .lower_many = lower,                                                                   \
        .check = check,                                                                        \
        .takes_argument = crn_operation_takes_argument,                                        \
    }

TENSORFLOW_LAYER(TFOpLambda);
TENSORFLOW_LAYER(SlicingOpLambda);
