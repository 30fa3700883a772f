/* SPDX-License-Identifier: BSD-3-Clause */
/* MLPClassifier and MLPRegressor: sklearn/neural_network/_multilayer_perceptron.py (1.9), and
 * the files of versions back to 0.20. */
#include <math.h>
#include <string.h>

#include "ops/affine.h"
#include "ops/elementwise.h"
#include "ops/rows.h"
#include "sklearn/fitted.h"

/* Parameters of both classes: each uses its own. */
typedef struct perceptron {
    crn_estimator_base base;
    const crn_object *hidden_layer_sizes;
    const char *activation;
    const char *solver;
    double alpha;
    const crn_object *batch_size;
    const char *learning_rate;
    double learning_rate_init;
    double power_t;
    int64_t max_iter;
    bool shuffle;
    const crn_object *random_state;
    double tol;
    const crn_object *verbose;
    bool warm_start;
    double momentum;
    bool nesterovs_momentum;
    bool early_stopping;
    double validation_fraction;
    double beta_1;
    double beta_2;
    double epsilon;
    const crn_object *n_iter_no_change;
    int64_t max_fun;
    const char *loss;
    crn_model *_label_binarizer; /* MLPClassifier: as fit() needs it; predict does not */
    crn_array classes_;          /* MLPClassifier */
    int64_t n_outputs_;
    const char *out_activation_;   /* identity, logistic, softmax, exp */
    const crn_object *coefs_;      /* [layers - 1] of (from, to) */
    const crn_object *intercepts_; /* [layers - 1] of (to) */
} perceptron;

#define NETWORK_FIELDS                                                                         \
    CRN_FITTED(perceptron, n_outputs_, INT), CRN_FITTED(perceptron, out_activation_, STRING),  \
        CRN_FITTED(perceptron, coefs_, OBJECT), CRN_FITTED(perceptron, intercepts_, OBJECT),   \
        CRN_FIELDS_END

static const crn_field classifier_fields[] = {
    CRN_PARAM(perceptron, hidden_layer_sizes, OBJECT, "(100,)", "array | int >= 1"),
    CRN_PARAM(perceptron, activation, STRING, "'relu'",
              "'identity' | 'logistic' | 'relu' | 'tanh'"),
    CRN_PARAM(perceptron, solver, STRING, "'adam'", "'adam' | 'lbfgs' | 'sgd'"),
    CRN_PARAM(perceptron, alpha, REAL, "0.0001", "real >= 0"),
    CRN_PARAM(perceptron, batch_size, OBJECT, "'auto'", "'auto' | int >= 1"),
    CRN_PARAM(perceptron, learning_rate, STRING, "'constant'",
              "'adaptive' | 'constant' | 'invscaling'"),
    CRN_PARAM(perceptron, learning_rate_init, REAL, "0.001", "real > 0"),
    CRN_PARAM(perceptron, power_t, REAL, "0.5", "real >= 0"),
    CRN_PARAM(perceptron, max_iter, INT, "200", "int >= 1"),
    CRN_PARAM(perceptron, shuffle, BOOL, "True", NULL),
    CRN_PARAM(perceptron, random_state, OBJECT, "None", "random_state"),
    CRN_PARAM(perceptron, tol, REAL, "0.0001", "real >= 0"),
    CRN_PARAM(perceptron, verbose, OBJECT, "False", "verbose"),
    CRN_PARAM(perceptron, warm_start, BOOL, "False", NULL),
    CRN_PARAM(perceptron, momentum, REAL, "0.9", "real [0, 1]"),
    CRN_PARAM(perceptron, nesterovs_momentum, BOOL, "True", NULL),
    CRN_PARAM(perceptron, early_stopping, BOOL, "False", NULL),
    CRN_PARAM(perceptron, validation_fraction, REAL, "0.1", "real [0, 1)"),
    CRN_PARAM(perceptron, beta_1, REAL, "0.9", "real [0, 1)"),
    CRN_PARAM(perceptron, beta_2, REAL, "0.999", "real [0, 1)"),
    CRN_PARAM(perceptron, epsilon, REAL, "1e-08", "real > 0"),
    CRN_PARAM(perceptron, n_iter_no_change, OBJECT, "10", "int >= 1 | inf"),
    CRN_PARAM_FOR_FIT_SINCE(perceptron, max_fun, INT, "15000", "int >= 1", "0.22", NULL),
    CRN_BASE_FIELDS,
    {.name = "_label_binarizer",
     .type = CRN_FIELD_MODEL,
     .flags = CRN_FIELD_FITTED | CRN_FIELD_OPTIONAL,
     .offset = offsetof(perceptron, _label_binarizer)},
    CRN_FITTED_ARRAY(perceptron, classes_, NULL),
    NETWORK_FIELDS,
};

static const crn_field regressor_fields[] = {
    CRN_PARAM_SINCE(perceptron, loss, STRING, "'squared_error'", "'poisson' | 'squared_error'",
                    "1.7", NULL),
    CRN_PARAM(perceptron, hidden_layer_sizes, OBJECT, "(100,)", "array | int >= 1"),
    CRN_PARAM(perceptron, activation, STRING, "'relu'",
              "'identity' | 'logistic' | 'relu' | 'tanh'"),
    CRN_PARAM(perceptron, solver, STRING, "'adam'", "'adam' | 'lbfgs' | 'sgd'"),
    CRN_PARAM(perceptron, alpha, REAL, "0.0001", "real >= 0"),
    CRN_PARAM(perceptron, batch_size, OBJECT, "'auto'", "'auto' | int >= 1"),
    CRN_PARAM(perceptron, learning_rate, STRING, "'constant'",
              "'adaptive' | 'constant' | 'invscaling'"),
    CRN_PARAM(perceptron, learning_rate_init, REAL, "0.001", "real > 0"),
    CRN_PARAM(perceptron, power_t, REAL, "0.5", "real >= 0"),
    CRN_PARAM(perceptron, max_iter, INT, "200", "int >= 1"),
    CRN_PARAM(perceptron, shuffle, BOOL, "True", NULL),
    CRN_PARAM(perceptron, random_state, OBJECT, "None", "random_state"),
    CRN_PARAM(perceptron, tol, REAL, "0.0001", "real >= 0"),
    CRN_PARAM(perceptron, verbose, OBJECT, "False", "verbose"),
    CRN_PARAM(perceptron, warm_start, BOOL, "False", NULL),
    CRN_PARAM(perceptron, momentum, REAL, "0.9", "real [0, 1]"),
    CRN_PARAM(perceptron, nesterovs_momentum, BOOL, "True", NULL),
    CRN_PARAM(perceptron, early_stopping, BOOL, "False", NULL),
    CRN_PARAM(perceptron, validation_fraction, REAL, "0.1", "real [0, 1)"),
    CRN_PARAM(perceptron, beta_1, REAL, "0.9", "real [0, 1)"),
    CRN_PARAM(perceptron, beta_2, REAL, "0.999", "real [0, 1)"),
    CRN_PARAM(perceptron, epsilon, REAL, "1e-08", "real > 0"),
    CRN_PARAM(perceptron, n_iter_no_change, OBJECT, "10", "int >= 1 | inf"),
    CRN_PARAM_FOR_FIT_SINCE(perceptron, max_fun, INT, "15000", "int >= 1", "0.22", NULL),
    CRN_BASE_FIELDS,
    NETWORK_FIELDS,
};

/* ---- check ---- */

static int64_t layer_count(const perceptron *self)
{
    return (int64_t)crn_object_length(self->coefs_);
}

/* Every layer takes what the one before gives. */
static crn_status check_layers(perceptron *self, crn_error *err)
{
    const int64_t count = layer_count(self);
    if (count < 1 || (int64_t)crn_object_length(self->intercepts_) != count)
        return crn_fail(err, CRN_FORMAT, "coefs_ and intercepts_ are not lists of one length");
    int64_t width = -1;
    for (int64_t i = 0; i < count; i++) {
        const crn_array coef = crn_fitted_item(self->coefs_, i);
        const crn_array intercept = crn_fitted_item(self->intercepts_, i);
        CRN_TRY(crn_fitted_matrix(&coef, "coefs_", width, -1, err));
        CRN_TRY(crn_fitted_vector(&intercept, "intercepts_", coef.shape[1], err));
        if (i == 0)
            CRN_TRY(crn_fitted_features(&self->base, "coefs_", coef.shape[0], err));
        width = coef.shape[1];
    }
    if (width < 1 || width != self->n_outputs_)
        return crn_fail(err, CRN_FORMAT,
                        "coefs_ gives %lld outputs, expected n_outputs_ = %lld",
                        (long long)width, (long long)self->n_outputs_);
    return CRN_OK;
}

/* The hidden layers' function by scikit-learn's name. False: unknown. */
static bool find_activation(const char *name, crn_activation *out)
{
    static const struct {
        const char *name;
        crn_activation_kind kind;
    } known[] = {{"identity", CRN_LINEAR},
                 {"logistic", CRN_SIGMOID},
                 {"tanh", CRN_TANH},
                 {"relu", CRN_RELU}};
    for (size_t i = 0; name != NULL && i < sizeof known / sizeof *known; i++) {
        if (strcmp(known[i].name, name) == 0) {
            *out = crn_activation_default(known[i].kind);
            return true;
        }
    }
    return false;
}

static crn_status unknown_activation(const char *what, const char *name, crn_error *err)
{
    return crn_fail(err, CRN_UNSUPPORTED, "%s='%s' is not supported", what,
                    name != NULL ? name : "None");
}

static crn_status check_regressor(void *self, crn_error *err)
{
    perceptron *model = self;
    crn_activation unused;
    const char *out = model->out_activation_;
    if (!find_activation(model->activation, &unused))
        return unknown_activation("activation", model->activation, err);
    if (out == NULL || (strcmp(out, "identity") != 0 && strcmp(out, "logistic") != 0 &&
                        strcmp(out, "softmax") != 0 && strcmp(out, "exp") != 0))
        return unknown_activation("out_activation_", out, err);
    return check_layers(model, err);
}

static bool is_multilabel(const perceptron *self)
{
    return self->n_outputs_ > 1 && strcmp(self->out_activation_, "logistic") == 0;
}

static crn_status check_classifier(void *self, crn_error *err)
{
    perceptron *model = self;
    CRN_TRY(check_regressor(self, err));
    CRN_TRY(crn_fitted_classes(&model->classes_, err));
    const int64_t classes = model->classes_.shape[0], outputs = model->n_outputs_;
    if (outputs == 1 ? classes > 2 : classes != outputs)
        return crn_fail(err, CRN_FORMAT, "%lld outputs cannot tell %lld classes",
                        (long long)outputs, (long long)classes);
    return CRN_OK;
}

/* ---- lower ---- */

static crn_value output_activation(const perceptron *self, crn_graph *graph, crn_value x)
{
    if (strcmp(self->out_activation_, "softmax") == 0)
        return crn_softmax(graph, x, CRN_SOFTMAX, -1);
    if (strcmp(self->out_activation_, "logistic") == 0)
        return crn_unary(graph, x, CRN_UNARY_EXPIT);
    return strcmp(self->out_activation_, "exp") == 0 ? crn_unary(graph, x, CRN_UNARY_EXP) : x;
}

/* (rows, n_outputs_) */
static crn_value forward_pass(const perceptron *self, crn_graph *graph, crn_value x)
{
    crn_activation hidden = {0};
    (void)find_activation(self->activation, &hidden);
    const int64_t count = layer_count(self);
    for (int64_t i = 0; i < count; i++) {
        const crn_array coef = crn_fitted_item(self->coefs_, i);
        const crn_array intercept = crn_fitted_item(self->intercepts_, i);
        x = crn_affine(graph, x, crn_constant_float64(graph, &coef), false,
                       crn_constant_float64(graph, &intercept));
        if (i < count - 1)
            x = crn_activate(graph, x, hidden);
    }
    return output_activation(self, graph, x);
}

static crn_value lower_regressor(const void *self, crn_method method, crn_graph *graph,
                                 crn_value x)
{
    (void)method;
    const perceptron *model = self;
    x = forward_pass(model, graph, x);
    return model->n_outputs_ == 1 ? crn_reshape(graph, x, 0, NULL) : x;
}

/* LabelBinarizer.inverse_transform of the outputs. */
static crn_value predict(const perceptron *self, crn_graph *graph, crn_value y)
{
    if (is_multilabel(self))
        return crn_step(graph, y, 0.5);
    const double threshold = self->classes_.shape[0] == 1 ? (double)INFINITY : 0.5;
    crn_value index = self->n_outputs_ == 1
                          ? crn_reshape(graph, crn_step(graph, y, threshold), 0, NULL)
                          : crn_argmax(graph, y);
    return crn_take(graph, crn_graph_constant(graph, &self->classes_), index);
}

static crn_value lower_classifier(const void *self, crn_method method, crn_graph *graph,
                                  crn_value x)
{
    const perceptron *model = self;
    crn_value y = forward_pass(model, graph, x);
    if (method == CRN_PREDICT)
        return predict(model, graph, y);
    if (model->n_outputs_ == 1)
        y = crn_concat(graph, (crn_value[]){crn_unary(graph, y, CRN_UNARY_COMPLEMENT), y}, 2,
                       0);
    return method == CRN_PREDICT_LOG_PROBA ? crn_unary(graph, y, CRN_UNARY_LOG) : y;
}

const crn_estimator crn_estimator_MLPClassifier = {
    .name = "MLPClassifier",
    .module = "sklearn.neural_network",
    .modules = "sklearn.neural_network._multilayer_perceptron "
               "sklearn.neural_network.multilayer_perceptron",
    .size = sizeof(perceptron),
    .fields = classifier_fields,
    .methods = 1u << CRN_PREDICT | 1u << CRN_PREDICT_PROBA | 1u << CRN_PREDICT_LOG_PROBA,
    .lower = lower_classifier,
    .check = check_classifier,
};

/* loss was no parameter before 1.7, but an attribute; 1.0 gave it its name. */
static crn_status write_regressor(const void *self, crn_document *document, crn_object *state,
                                  const char *sklearn, crn_error *err)
{
    const perceptron *model = self;
    const bool is_squared = model->loss == NULL || strncmp(model->loss, "squared", 7) == 0;
    const char *loss = !is_squared                               ? model->loss
                       : crn_version_compare(sklearn, "1.0") < 0 ? "squared_loss"
                                                                 : "squared_error";
    return crn_object_set(document, state, "loss", crn_object_str(document, loss))
               ? CRN_OK
               : crn_arena_fail(document->arena, err);
}

const crn_estimator crn_estimator_MLPRegressor = {
    .name = "MLPRegressor",
    .module = "sklearn.neural_network",
    .modules = "sklearn.neural_network._multilayer_perceptron "
               "sklearn.neural_network.multilayer_perceptron",
    .size = sizeof(perceptron),
    .fields = regressor_fields,
    .methods = 1u << CRN_PREDICT,
    .lower = lower_regressor,
    .check = check_regressor,
    .write = write_regressor,
};
