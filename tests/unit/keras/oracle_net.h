/* SPDX-License-Identifier: BSD-3-Clause */
/* Small networks built by hand over the operations, and what Keras 3.15 made of the same: the
 * arrays of tests/golden/training/<name>.npz. Include after test.h. */
#ifndef CRN_TESTS_ORACLE_NET_H
#define CRN_TESTS_ORACLE_NET_H

#include <stdlib.h>

#include "keras/constraints/constraint.h"
#include "keras/losses/loss.h"
#include "keras/optimizers/optimizer.h"
#include "keras/regularizers/regularizer.h"
#include "ops/activation.h"
#include "ops/affine.h"
#include "ops/elementwise.h"
#include "ops/rows.h"
#include "plan/trainer.h"
#include "unit/keras/golden_keras.h"

enum { MOST_WEIGHTS = 8 };

typedef enum norm_kind { NO_NORM, BATCH_NORM, FROZEN_NORM } norm_kind;

/* Dense(hidden) -> normalization -> activation -> Dense -> activation, loss, optimizer. */
typedef struct net_spec {
    const char *name; /* of the .npz */
    const char *hidden, *last;
    const char *loss, *optimizer;
    norm_kind norm;
    const double *class_weight;                                               /* by label */
    const char *kernel_regularizer, *bias_regularizer, *activity_regularizer; /* first Dense */
    const char *constraint;                                                   /* last kernel */
} net_spec;

typedef struct net {
    const net_spec *spec;
    crn_buffer *file;
    crn_document *document;
    crn_graph *graph;
    crn_trainer *trainer;
    crn_optimizer *optimizer;
    crn_constraint constraint;
    crn_array x, y, sample_weight; /* as in the file */
    crn_array weights[MOST_WEIGHTS];
    crn_value variables[MOST_WEIGHTS], trainable[MOST_WEIGHTS];
    int weight_count, trainable_count;
    crn_value loss;
    int64_t batch_size;
    int next_weight; /* while building */
} net;

/* ---- building ---- */

static inline crn_value next_variable(net *n, bool trainable)
{
    int i = n->next_weight++;
    n->variables[i] = crn_graph_variable(n->graph, &n->weights[i], trainable);
    if (trainable)
        n->trainable[n->trainable_count++] = n->variables[i];
    return n->variables[i];
}

static inline crn_value activate(net *n, crn_value x, const char *name)
{
    crn_activation activation;
    if (strcmp(name, "softmax") == 0)
        return crn_softmax(n->graph, x, CRN_SOFTMAX, -1);
    assert_true(crn_activation_find(name, &activation));
    return crn_activate(n->graph, x, activation);
}

static inline crn_value normalise(net *n, crn_value x)
{
    crn_graph *g = n->graph;
    if (n->spec->norm == NO_NORM)
        return x;
    bool training = n->spec->norm == BATCH_NORM;
    crn_value gamma = next_variable(n, training), beta = next_variable(n, training);
    crn_value mean = next_variable(n, false), variance = next_variable(n, false);
    if (training) {
        crn_value y =
            crn_batch_normalise(g, x, gamma, beta, mean, variance, 1e-3f, 0.99f, false);
        crn_graph_update(g, mean, crn_graph_output_of(g, y, 1));
        crn_graph_update(g, variance, crn_graph_output_of(g, y, 2));
        return y;
    }
    double epsilon = 1e-3;
    crn_value shift = crn_graph_numbers(g, CRN_FLOAT32, &epsilon, 1, 0);
    crn_value deviation =
        crn_unary(g, crn_binary(g, variance, shift, CRN_BINARY_ADD), CRN_UNARY_SQRT);
    return crn_scale(g, crn_scale(g, x, CRN_SCALE_SUBTRACT_DIVIDE, mean, deviation),
                     CRN_SCALE_MULTIPLY_ADD, gamma, beta);
}

static inline crn_value penalise(net *n, const char *regularizer, crn_value x, crn_value loss)
{
    crn_error err = CRN_ERROR_INIT;
    crn_regularizer r;
    if (regularizer == NULL)
        return loss;
    assert_ok(crn_regularizer_read(parse(n->document, regularizer), n->document, &r, &err));
    return crn_binary(n->graph, loss, crn_regularizer_add(n->graph, &r, x), CRN_BINARY_ADD);
}

static inline void lower(net *n)
{
    crn_error err = CRN_ERROR_INIT;
    const net_spec *spec = n->spec;
    crn_graph *g = n->graph;
    crn_keras_loss loss;
    crn_type x_type = crn_type_rows(CRN_FLOAT32, n->x.ndim - 1, n->x.shape + 1);
    crn_type y_type = crn_type_rows(n->y.dtype, n->y.ndim - 1, n->y.shape + 1);
    crn_type w_type = crn_type_rows(CRN_FLOAT32, 0, NULL);
    crn_value x = crn_graph_input(g, "x", &x_type), y = crn_graph_input(g, "y", &y_type);
    crn_value w = CRN_NO_VALUE;
    if (n->sample_weight.data != NULL)
        w = crn_graph_input(g, "sample_weight", &w_type);

    crn_value kernel = next_variable(n, true), bias = next_variable(n, true);
    crn_value h = crn_affine(g, x, kernel, false, bias);
    h = activate(n, normalise(n, h), spec->hidden);
    crn_value last_kernel = next_variable(n, true);
    crn_value out = crn_affine(g, h, last_kernel, false, next_variable(n, true));
    out = activate(n, out, spec->last);

    assert_ok(crn_loss_read(parse(n->document, spec->loss), n->document, &loss, &err));
    n->loss = crn_loss_add(g, &loss, out, y, w);
    n->loss = penalise(n, spec->kernel_regularizer, kernel, n->loss);
    n->loss = penalise(n, spec->bias_regularizer, bias, n->loss);
    n->loss = penalise(n, spec->activity_regularizer, h, n->loss);
    assert_ok(crn_graph_status(g, &err));
}

/* Private copies of the initial weights; sample weights from the file or from the class
 * weights. */
static inline void load(net *n)
{
    crn_error err = CRN_ERROR_INIT;
    char key[32];
    crn_array found;
    n->file = golden_keras(n->spec->name);
    n->x = golden_array(n->file, "x");
    n->y = golden_array(n->file, "y");
    golden_find(n->file, "sw", &n->sample_weight);
    if (n->spec->class_weight != NULL) {
        assert_ok(crn_array_create(CRN_FLOAT32, 0, 1, n->y.shape, &n->sample_weight, &err));
        for (int64_t i = 0; i < n->y.shape[0]; i++)
            ((float *)n->sample_weight.data)[i] =
                (float)n->spec->class_weight[((const int64_t *)n->y.data)[i]];
    }
    crn_array bs = golden_array(n->file, "bs");
    n->batch_size = (int64_t)crn_array_get(&bs, 0);
    crn_array_free(&bs);
    for (;;) {
        snprintf(key, sizeof key, "w0_%d", n->weight_count);
        if (!golden_find(n->file, key, &found))
            break;
        assert_true(n->weight_count < MOST_WEIGHTS);
        assert_ok(crn_array_astype(&found, CRN_FLOAT32, &n->weights[n->weight_count++], &err));
        crn_array_free(&found);
    }
}

static inline void build_optimizer(net *n)
{
    crn_error err = CRN_ERROR_INIT;
    crn_array trained[MOST_WEIGHTS];
    for (int i = 0; i < n->trainable_count; i++)
        trained[i] = n->graph->values[n->trainable[i]].array;
    assert_ok(crn_optimizer_read(parse(n->document, n->spec->optimizer), n->document,
                                 &n->optimizer, &err));
    assert_ok(crn_optimizer_build(n->optimizer, trained, (size_t)n->trainable_count, &err));
}

static inline void net_create(net *n, const net_spec *spec)
{
    crn_error err = CRN_ERROR_INIT;
    *n = (net){.spec = spec};
    assert_ok(crn_document_create(NULL, &n->document, &err));
    assert_ok(crn_graph_create(&n->graph, &err));
    load(n);
    lower(n);
    assert_int_equal(n->next_weight, n->weight_count);
    assert_ok(crn_trainer_create(n->graph, n->loss, n->batch_size, 1, NULL, &n->trainer, &err));
    build_optimizer(n);
    if (spec->constraint != NULL)
        assert_ok(crn_constraint_read(parse(n->document, spec->constraint), n->document,
                                      &n->constraint, &err));
}

static inline void net_destroy(net *n)
{
    crn_optimizer_destroy(n->optimizer);
    crn_trainer_destroy(n->trainer);
    crn_graph_destroy(n->graph);
    for (int i = 0; i < n->weight_count; i++)
        crn_array_free(&n->weights[i]);
    crn_array_free(&n->x);
    crn_array_free(&n->y);
    crn_array_free(&n->sample_weight);
    crn_document_release(n->document);
    crn_buffer_release(n->file);
}

/* ---- training ---- */

static inline const void *row_of(const crn_array *array, int64_t row)
{
    crn_array rows = crn_array_rows(array, row, array->shape[0]);
    return rows.data;
}

/* One batch; returns its loss. */
static inline double net_step(net *n, int64_t first, int64_t rows)
{
    const void *inputs[3] = {row_of(&n->x, first), row_of(&n->y, first)};
    float *gradients[MOST_WEIGHTS];
    if (n->sample_weight.data != NULL)
        inputs[2] = row_of(&n->sample_weight, first);
    crn_trainer_forward(n->trainer, inputs, rows);
    double loss = (double)*(const float *)crn_trainer_value(n->trainer, n->loss);
    crn_trainer_backward(n->trainer);
    for (int i = 0; i < n->trainable_count; i++)
        gradients[i] = crn_trainer_gradient(n->trainer, n->trainable[i]);
    crn_optimizer_step(n->optimizer, gradients);
    crn_constraint_apply(&n->constraint, &n->weights[n->weight_count - 2]);
    crn_trainer_update(n->trainer);
    return loss;
}

#endif
