/* SPDX-License-Identifier: BSD-3-Clause */
/* Operations of one element, or of a pair: functions, activations, arithmetic, comparisons,
 * choices, casts (keras/src/ops/numpy.py, nn.py, math.py, core.py, 3.15). */
#include <ctype.h>
#include <math.h>
#include <string.h>

#include "keras/operations/operation.h"
#include "ops/activation.h"
#include "ops/elementwise.h"

/* ---- one element ---- */

/* Functions that have operations of their own, which fuse. */
static bool own_function(const char *name, crn_unary_kind *out)
{
    static const struct {
        const char *name;
        crn_unary_kind kind;
    } all[] = {
        {"Abs", CRN_UNARY_ABS},
        {"Absolute", CRN_UNARY_ABS},
        {"Fabs", CRN_UNARY_ABS},
        {"Negative", CRN_UNARY_NEGATE},
        {"Square", CRN_UNARY_SQUARE},
        {"Sqrt", CRN_UNARY_SQRT},
        {"Exp", CRN_UNARY_EXP},
        {"Log", CRN_UNARY_LOG},
        {"Log1p", CRN_UNARY_LOG1P},
        {"Expm1", CRN_UNARY_EXPM1},
        {"Reciprocal", CRN_UNARY_RECIPROCAL},
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        if (strcmp(all[i].name, name) == 0) {
            *out = all[i].kind;
            return true;
        }
    }
    return false;
}

/* Those that keep integers integers; CRN_NO_VALUE for others. */
static crn_value of_integer(const crn_operation_call *call, crn_value x)
{
    crn_graph *graph = call->graph;
    const crn_value negative =
        crn_pairwise(graph, crn_number(graph, CRN_INT64, 0.0), x, CRN_PAIR_SUBTRACT);
    if (strcmp(call->name, "Negative") == 0)
        return negative;
    if (strcmp(call->name, "Abs") == 0 || strcmp(call->name, "Absolute") == 0)
        return crn_pairwise(graph, x, negative, CRN_PAIR_MAXIMUM);
    if (strcmp(call->name, "Square") == 0)
        return crn_pairwise(graph, x, x, CRN_PAIR_MULTIPLY);
    return CRN_NO_VALUE;
}

void crn_lower_function(crn_operation_call *call)
{
    char name[16] = "";
    int function = 0;
    crn_unary_kind own;
    crn_value x = crn_operation_tensor(call, "x a tensor input", 0);
    if (crn_graph_type(call->graph, x)->dtype == CRN_INT64) {
        call->io->out[0] = of_integer(call, x);
        if (call->io->out[0] != CRN_NO_VALUE)
            return;
    }
    x = crn_operation_float(call, x);
    for (size_t i = 0; i < sizeof name - 1 && call->name[i] != '\0'; i++)
        name[i] = (char)tolower((unsigned char)call->name[i]);
    if (own_function(call->name, &own))
        call->io->out[0] = crn_unary(call->graph, x, own);
    else if (strcmp(call->name, "Tanh") == 0)
        call->io->out[0] = crn_activate(call->graph, x, crn_activation_default(CRN_TANH));
    else if (crn_numpy_function_find(name, &function))
        call->io->out[0] = crn_numpy_function(call->graph, x, function);
    else
        crn_operation_refuse(call, "this function");
}

void crn_lower_rsqrt(crn_operation_call *call)
{
    const crn_value x = crn_operation_float(call, crn_operation_tensor(call, "x", 0));
    call->io->out[0] =
        crn_unary(call->graph, crn_unary(call->graph, x, CRN_UNARY_SQRT), CRN_UNARY_RECIPROCAL);
}

/* To `decimals` places, ties to even. */
void crn_lower_round(crn_operation_call *call)
{
    int rint_function = 0;
    crn_graph *graph = call->graph;
    const double factor = pow(10.0, (double)crn_operation_int(call, "decimals", -1, 0));
    crn_value x = crn_operation_tensor(call, "x", 0);
    call->io->out[0] = x;
    if (!crn_dtype_is_float(crn_graph_type(graph, x)->dtype) ||
        !crn_numpy_function_find("rint", &rint_function))
        return;
    const crn_value scale = crn_number(graph, CRN_FLOAT32, factor);
    if (factor != 1.0)
        x = crn_binary(graph, x, scale, CRN_BINARY_MULTIPLY);
    x = crn_numpy_function(graph, x, rint_function);
    call->io->out[0] = factor != 1.0 ? crn_binary(graph, x, scale, CRN_BINARY_DIVIDE) : x;
}

void crn_lower_predicate(crn_operation_call *call)
{
    const crn_value x = crn_operation_tensor(call, "x", 0);
    call->io->out[0] = crn_test(call->graph, x, (crn_test_kind)call->kind);
}

static crn_activation activation_of(const crn_operation_call *call)
{
    crn_activation out = crn_activation_default((crn_activation_kind)call->kind);
    switch (out.kind) {
    case CRN_CELU:
    case CRN_ELU:
    case CRN_LEAKY_RELU:
        out.a = (float)crn_operation_real(call, "alpha negative_slope", -1, (double)out.a);
        break;
    case CRN_HARD_SHRINK:
    case CRN_SOFT_SHRINK:
    case CRN_THRESHOLD:
        out.a = (float)crn_operation_real(call, "threshold", -1, (double)out.a);
        out.b = (float)crn_operation_real(call, "default_value", -1, (double)out.b);
        break;
    case CRN_SQUAREPLUS:
        out.a = (float)crn_operation_real(call, "b", -1, (double)out.a);
        break;
    case CRN_GELU: /* Keras 3 approximates unless told not to, TensorFlow does not */
        out.a = crn_operation_flag(call, "approximate", call->layer->keras != 2) ? 1.0f : 0.0f;
        break;
    default:
        break;
    }
    return out;
}

void crn_lower_activation(crn_operation_call *call)
{
    const crn_value x =
        crn_operation_float(call, crn_operation_tensor(call, "x features logits", 0));
    call->io->out[0] = crn_activate(call->graph, x, activation_of(call));
}

/* ---- pairs ---- */

static bool read_pair(crn_operation_call *call, bool floating, crn_value *pair)
{
    pair[0] = crn_operation_tensor(call, "x1 x a", 0);
    pair[1] = crn_operation_tensor(call, "x2 y b", 1);
    return call->graph->error.code == CRN_OK && crn_operation_promote(call, pair, 2, floating);
}

static crn_value arithmetic(crn_graph *graph, const crn_value *pair, int kind)
{
    static const crn_binary_kind fusing[] = {[CRN_PAIR_ADD] = CRN_BINARY_ADD,
                                             [CRN_PAIR_SUBTRACT] = CRN_BINARY_SUBTRACT,
                                             [CRN_PAIR_MULTIPLY] = CRN_BINARY_MULTIPLY,
                                             [CRN_PAIR_MINIMUM] = CRN_BINARY_MINIMUM,
                                             [CRN_PAIR_MAXIMUM] = CRN_BINARY_MAXIMUM};
    if (kind == DIVIDE)
        return crn_binary(graph, pair[0], pair[1], CRN_BINARY_DIVIDE);
    if (kind <= CRN_PAIR_MAXIMUM && crn_dtype_is_float(crn_graph_type(graph, pair[0])->dtype))
        return crn_binary(graph, pair[0], pair[1], fusing[kind]);
    return crn_pairwise(graph, pair[0], pair[1], (crn_pairwise_kind)kind);
}

void crn_lower_arithmetic(crn_operation_call *call)
{
    crn_value pair[2];
    if (read_pair(call, false, pair))
        call->io->out[0] = arithmetic(call->graph, pair, call->kind);
}

void crn_lower_floating(crn_operation_call *call)
{
    crn_value pair[2];
    if (read_pair(call, true, pair))
        call->io->out[0] = arithmetic(call->graph, pair, call->kind);
}

void crn_lower_comparison(crn_operation_call *call)
{
    crn_lower_arithmetic(call);
}

void crn_lower_logic(crn_operation_call *call)
{
    crn_value pair[2];
    if (!read_pair(call, false, pair))
        return;
    for (int i = 0; i < 2; i++)
        pair[i] = crn_cast(call->graph, pair[i], CRN_BOOL);
    call->io->out[0] =
        crn_pairwise(call->graph, pair[0], pair[1], (crn_pairwise_kind)call->kind);
}

void crn_lower_bits(crn_operation_call *call)
{
    crn_lower_arithmetic(call);
}

/* ---- choices ---- */

void crn_lower_where(crn_operation_call *call)
{
    crn_graph *graph = call->graph;
    crn_value condition = crn_operation_tensor(call, "condition", 0);
    crn_value pair[] = {crn_operation_tensor(call, "x1 x", 1),
                        crn_operation_tensor(call, "x2 y", 2)};
    if (graph->error.code != CRN_OK || !crn_operation_promote(call, pair, 2, false))
        return;
    condition = crn_cast(graph, condition, CRN_BOOL);
    for (int i = 0; i < 2; i++) {
        if (crn_graph_type(graph, pair[i])->rows && crn_graph_type(graph, condition)->rows &&
            crn_graph_type(graph, pair[i])->ndim != crn_graph_type(graph, condition)->ndim) {
            crn_operation_refuse(call, "a pair of tensors with different numbers of axes");
            return;
        }
    }
    call->io->out[0] = crn_choose(graph, condition, pair[0], pair[1]);
}

void crn_lower_clip(crn_operation_call *call)
{
    crn_graph *graph = call->graph;
    const crn_value x = crn_operation_tensor(call, "x t", 0);
    const crn_object *bounds[] = {crn_operation_argument(call, "x_min clip_value_min", 1),
                                  crn_operation_argument(call, "x_max clip_value_max", 2)};
    static const int kinds[] = {CRN_PAIR_MAXIMUM, CRN_PAIR_MINIMUM};
    call->io->out[0] = x;
    for (int i = 0; i < 2; i++) {
        if (bounds[i] == NULL)
            continue;
        crn_value pair[] = {call->io->out[0], crn_operation_value(call, bounds[i])};
        if (graph->error.code != CRN_OK || !crn_operation_promote(call, pair, 2, false))
            return;
        call->io->out[0] = arithmetic(graph, pair, kinds[i]);
    }
}

/* ---- types and constants ---- */

/* float16 and bfloat16 would round; float64 is more than Keras's layers go on with. */
static bool read_dtype(crn_operation_call *call, crn_dtype *out)
{
    const crn_object *given = crn_operation_argument(call, "dtype", 1);
    const char *name = crn_object_text(given);
    if (given == NULL)
        return false;
    if (name != NULL && strcmp(name, "float32") == 0)
        *out = CRN_FLOAT32;
    else if (name != NULL && strcmp(name, "bool") == 0)
        *out = CRN_BOOL;
    else if (name != NULL && (strcmp(name, "int32") == 0 || strcmp(name, "int64") == 0))
        *out = CRN_INT64;
    else
        crn_operation_refuse(call, "a dtype other than float32, int32, int64 and bool");
    return call->graph->error.code == CRN_OK;
}

void crn_lower_cast(crn_operation_call *call)
{
    crn_dtype dtype;
    const crn_value x = crn_operation_tensor(call, "x value", 0);
    call->io->out[0] = read_dtype(call, &dtype) ? crn_cast(call->graph, x, dtype) : x;
}

void crn_lower_copy(crn_operation_call *call)
{
    call->io->out[0] = crn_operation_tensor(call, "x variable input", 0);
}

/* zeros_like, ones_like, and full_like with a number. */
void crn_lower_fill_like(crn_operation_call *call)
{
    const crn_value x = crn_operation_tensor(call, "x input", 0);
    crn_type type = *crn_graph_type(call->graph, x);
    crn_dtype dtype;
    const double number =
        call->kind == 2 ? crn_operation_real(call, "fill_value", 1, 0.0) : call->kind;
    if (read_dtype(call, &dtype))
        type.dtype = dtype;
    if (call->graph->error.code == CRN_OK)
        call->io->out[0] = crn_broadcast_to(
            call->graph, crn_number(call->graph, type.dtype, number), type.ndim, type.shape);
}
