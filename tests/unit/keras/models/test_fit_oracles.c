/* SPDX-License-Identifier: BSD-3-Clause */
/* fit(), evaluate() and predict() through the public functions, against what Keras 3.15 on
 * TensorFlow 2.21 made of the same models, weights and rows: every loss of the first epoch,
 * weights on the way, the optimizer's variables, predictions and scores at the end. */
#include "test.h"

#include "cornichon/cornichon.h"
#include "keras/models/network.h"
#include "unit/keras/golden_keras.h"

#define MLP(hidden, last)                                                                      \
    "Sequential([Input((4,)), Dense(5, activation='" hidden "'), " last "])"
#define CLASSIFIER MLP("tanh", "Dense(3, activation='softmax')")
#define SPARSE     "sparse_categorical_crossentropy"

typedef struct oracle {
    const char *name; /* of the .npz */
    const char *model, *optimizer, *loss, *class_weight;
    bool noisy; /* the weights have parts without a gradient: see is_noise() */
    int epochs; /* to be compared; 0: all five */
} oracle;

typedef struct run {
    const oracle *spec;
    crn_buffer *file;
    crn_model *model;
    crn_network *network;
    crn_data data;
    int64_t batch_size;
    int epoch;
} run;

/* ---- comparing ---- */

static const double relative = 2e-5, absolute = 6e-6;

/* What is predicted with weights that differ that much differs more. */
static void compare_numbers(const run *r, const char *key, int64_t i, double got, double want)
{
    double wider = strcmp(key, "pred5") == 0 || strcmp(key, "eval5") == 0 ? 5.0 : 1.0;
    if (!(fabs(got - want) <= wider * (absolute + relative * fabs(want))))
        fail_msg("%s: %s[%d] is %.9g, not %.9g", r->spec->name, key, (int)i, got, want);
}

static void compare(const run *r, const char *key, const crn_array *got)
{
    crn_array want = golden_array(r->file, key);
    assert_int_equal(crn_array_size(got), crn_array_size(&want));
    for (int64_t i = 0; i < crn_array_size(&want); i++)
        compare_numbers(r, key, i, crn_array_get(got, i), crn_array_get(&want, i));
    crn_array_free(&want);
}

static void compare_number(const run *r, const char *key, int64_t i, double got)
{
    crn_array want = golden_array(r->file, key);
    compare_numbers(r, key, i, got, crn_array_get(&want, i));
    crn_array_free(&want);
}

/* A bias in front of batch normalization has no gradient but rounding noise, which Adam blows
 * up to steps of its learning rate; the moving mean follows it late. Neither has a reference
 * value, nor has what is predicted with them. */
static bool is_noise(const run *r, size_t weight)
{
    return r->spec->noisy && (weight == 1 || weight == 4);
}

static void compare_weights(const run *r, const char *when)
{
    for (size_t i = 0; i < r->network->weight_count; i++) {
        char key[32];
        snprintf(key, sizeof key, "%s_w_%zu", when, i);
        if (!is_noise(r, i))
            compare(r, key, &crn_network_weight(r->network, i, NULL)->array);
    }
}

static void compare_optimizer(const run *r)
{
    crn_optimizer *optimizer = r->network->compiled.optimizer;
    for (size_t i = 0; i < crn_optimizer_variable_count(optimizer); i++) {
        char key[32];
        snprintf(key, sizeof key, "e5_o_%zu", i);
        compare(r, key, crn_optimizer_variable_at(optimizer, i).array);
    }
}

static void compare_scores(const run *r, const char *key)
{
    crn_error err = CRN_ERROR_INIT;
    crn_scores *scores = NULL;
    crn_array want = golden_array(r->file, key);
    assert_ok(crn_model_evaluate(r->model, &r->data, (int)r->batch_size, NULL, &scores, &err));
    assert_int_equal(crn_scores_count(scores), crn_array_size(&want));
    assert_string_equal(crn_scores_name(scores, 0), "loss");
    for (int i = 0; i < crn_scores_count(scores); i++)
        compare_numbers(r, key, i, crn_scores_value(scores, i), crn_array_get(&want, i));
    crn_array_free(&want);
    crn_scores_destroy(scores);
}

static void compare_predictions(const run *r, const char *key)
{
    crn_error err = CRN_ERROR_INIT;
    crn_array got = CRN_ARRAY_INIT;
    assert_ok(crn_model_predict(r->model, CRN_PREDICT, &r->data.x, &got, &err));
    compare(r, key, &got);
    crn_array_free(&got);
}

/* ---- running ---- */

static void start(run *r, const oracle *spec)
{
    crn_error err = CRN_ERROR_INIT;
    *r = (run){.spec = spec, .file = golden_keras(spec->name), .data = CRN_DATA_INIT};
    assert_ok(crn_model_parse(spec->model, &r->model, &err));
    r->network = crn_model_network(r->model);
    r->data.x = golden_array(r->file, "x");
    r->data.y = golden_array(r->file, "y");
    golden_find(r->file, "sw", &r->data.sample_weight);
    crn_array size = golden_array(r->file, "bs");
    r->batch_size = (int64_t)crn_array_get(&size, 0);
    crn_array_free(&size);
    for (size_t i = 0; i < r->network->weight_count; i++) {
        char key[32];
        snprintf(key, sizeof key, "w0_%zu", i);
        crn_array initial = golden_array(r->file, key), *own;
        own = &crn_network_weight(r->network, i, NULL)->array;
        assert_int_equal(crn_array_size(own), crn_array_size(&initial));
        memcpy(own->data, initial.data, (size_t)(crn_array_size(own) * own->itemsize));
        crn_array_free(&initial);
    }
    r->network->has_weights = true;
}

static bool hear(void *context, const crn_progress *progress)
{
    run *r = context;
    if (progress->epoch_end || progress->message != NULL || r->epoch > 0)
        return true;
    for (int i = 0; i < progress->count; i++) {
        if (strcmp(progress->names[i], "loss") == 0)
            compare_number(r, "loss_steps", progress->batch - 1, progress->values[i]);
    }
    if (progress->batch == 1 || progress->batch == 3)
        compare_weights(r, progress->batch == 1 ? "s1" : "s3");
    return true;
}

static void fit_epoch(run *r)
{
    crn_error err = CRN_ERROR_INIT;
    crn_history *history = NULL;
    crn_fit_options options = CRN_FIT_OPTIONS_INIT;
    options.no_shuffle = true;
    options.batch_size = (int)r->batch_size;
    options.class_weight = r->spec->class_weight;
    options.progress = hear;
    options.progress_context = r;
    if (r->epoch == 0) { /* later calls go on as compiled */
        options.optimizer = r->spec->optimizer;
        options.loss = r->spec->loss;
        options.metrics = strcmp(r->spec->loss, SPARSE) == 0 ? "accuracy" : NULL;
    }
    assert_ok(crn_model_fit(r->model, &r->data, &options, &history, &err));
    compare_number(r, "loss_epochs", r->epoch,
                   crn_history_value(history, crn_history_find(history, "loss"), 0));
    crn_history_destroy(history);
}

static void finish(run *r)
{
    crn_array_free(&r->data.x);
    crn_array_free(&r->data.y);
    crn_array_free(&r->data.sample_weight);
    crn_model_destroy(r->model);
    crn_buffer_release(r->file);
}

/* evaluate() before compile() is refused in Keras's words. */
static void refuse_scores(const run *r)
{
    crn_error err = CRN_ERROR_INIT;
    crn_scores *scores = NULL;
    assert_status(CRN_STATE, crn_model_evaluate(r->model, &r->data, 0, NULL, &scores, &err));
    assert_string_equal(err.message, "You must call `compile()` before using the model.");
}

static void check(const oracle *spec)
{
    run r;
    start(&r, spec);
    compare_predictions(&r, "pred0");
    refuse_scores(&r);
    for (r.epoch = 0; r.epoch < (spec->epochs > 0 ? spec->epochs : 5); r.epoch++)
        fit_epoch(&r);
    if (r.epoch == 5)
        compare_weights(&r, "e5");
    if (r.epoch == 5 && !spec->noisy) {
        compare_optimizer(&r);
        compare_predictions(&r, "pred5");
        compare_scores(&r, "eval5");
    }
    finish(&r);
}

static void check_all(const oracle *specs, size_t count)
{
    for (size_t i = 0; i < count; i++)
        check(&specs[i]);
}

#define CHECK_ALL(specs) check_all(specs, sizeof specs / sizeof *specs)

/* ---- the oracles ---- */

static void test_optimizers(void **state)
{
    (void)state;
#define OPTIMIZER(name_, expression)                                                           \
    {                                                                                          \
        .name = "opt_" name_, .model = CLASSIFIER, .loss = SPARSE, .optimizer = expression     \
    }
    static const oracle specs[] = {
        OPTIMIZER("sgd", "SGD(0.1)"),
        OPTIMIZER("sgd_nesterov", "SGD(0.05, momentum=0.9, nesterov=True)"),
        OPTIMIZER("adam", "Adam(0.02)"),
        OPTIMIZER("adamw", "AdamW(0.02, weight_decay=0.01)"),
        OPTIMIZER("rmsprop_centered_momentum", "RMSprop(0.01, momentum=0.5, centered=True)"),
        OPTIMIZER("sgd_global_clipnorm", "SGD(0.1, global_clipnorm=0.05)"),
        OPTIMIZER("adam_ema",
                  "Adam(0.02, use_ema=True, ema_momentum=0.9, ema_overwrite_frequency=3)"),
        OPTIMIZER("adam_grad_accum2", "Adam(0.02, gradient_accumulation_steps=2)"),
        OPTIMIZER("adam_defaults", "adam"),
        OPTIMIZER("rmsprop_defaults", NULL), /* compile()'s own default */
    };
    CHECK_ALL(specs);
}

static void test_losses(void **state)
{
    (void)state;
#define LOSS(name_, expression, last)                                                          \
    {                                                                                          \
        .name = "loss_" name_, .model = MLP("tanh", last), .loss = expression,                 \
        .optimizer = "SGD(0.1)"                                                                \
    }
    static const oracle specs[] = {
        LOSS("mse", "mse", "Dense(2)"),
        LOSS("mse_sum", "MeanSquaredError(reduction='sum')", "Dense(2)"),
        LOSS("mae", "mean_absolute_error", "Dense(2)"),
        LOSS("msle", "msle", "Dense(2, activation='softplus')"),
        LOSS("bce", "binary_crossentropy", "Dense(1, activation='sigmoid')"),
        LOSS("bce_logits_smooth", "BinaryCrossentropy(from_logits=True, label_smoothing=0.1)",
             "Dense(1)"),
        LOSS("cce", "categorical_crossentropy", "Dense(3, activation='softmax')"),
        LOSS("cce_logits_smooth",
             "CategoricalCrossentropy(from_logits=True, label_smoothing=0.1)", "Dense(3)"),
        LOSS("cce_notnormalized", "categorical_crossentropy", "Dense(3, activation='sigmoid')"),
        LOSS("scce_logits", "SparseCategoricalCrossentropy(from_logits=True)", "Dense(3)"),
        LOSS("huber", "Huber(delta=0.3)", "Dense(2)"),
        LOSS("logcosh", "LogCosh()", "Dense(2)"),
        LOSS("hinge", "hinge", "Dense(1, activation='tanh')"),
        LOSS("squared_hinge", "squared_hinge", "Dense(1, activation='tanh')"),
        LOSS("categorical_hinge", "categorical_hinge", "Dense(3, activation='softmax')"),
        LOSS("kld", "kl_divergence", "Dense(3, activation='softmax')"),
        LOSS("poisson", "poisson", "Dense(2, activation='softplus')"),
        LOSS("cosine", "CosineSimilarity()", "Dense(2)"),
    };
    CHECK_ALL(specs);
    /* Gradients in the thousands: rounding is all there is after the second epoch. */
    oracle mape = LOSS("mape", "mape", "Dense(2)");
    mape.epochs = 2;
    check(&mape);
}

static void test_weights_of_rows(void **state)
{
    (void)state;
#define ROWS(name_, weights)                                                                   \
    {                                                                                          \
        .name = name_, .model = CLASSIFIER, .loss = SPARSE, .optimizer = "SGD(0.1)",           \
        .class_weight = weights                                                                \
    }
    static const oracle specs[] = {
        ROWS("weighted_class", "{0: 1.0, 1: 2.5, 2: 0.5}"),
        ROWS("weighted_sample", NULL),
        ROWS("partial_last_batch", NULL),
    };
    CHECK_ALL(specs);
}

static void test_regularizers(void **state)
{
    (void)state;
    static const oracle spec = {
        .name = "regularizers",
        .model = "Sequential([Input((4,)), Dense(5, activation='relu', "
                 "kernel_regularizer=L1L2(0.01, 0.02), bias_regularizer='l2', "
                 "activity_regularizer='l1'), "
                 "Dense(3, activation='softmax', kernel_constraint=MaxNorm(0.8))])",
        .loss = SPARSE,
        .optimizer = "SGD(0.1)"};
    check(&spec);
}

static void test_layers(void **state)
{
    (void)state;
#define ACTIVATION(name_)                                                                      \
    {                                                                                          \
        .name = "net_act_" name_, .model = MLP(name_, "Dense(3, activation='softmax')"),       \
        .loss = SPARSE, .optimizer = "Adam(0.01)"                                              \
    }
    static const oracle specs[] = {
        {.name = "net_bn",
         .model =
             "Sequential([Input((4,)), Dense(5), BatchNormalization(), Activation('relu'), "
             "Dense(3, activation='softmax')])",
         .loss = SPARSE,
         .optimizer = "Adam(0.01)",
         .noisy = true},
        {.name = "net_bn_frozen",
         .model = "Sequential([Input((4,)), Dense(5), BatchNormalization(trainable=False), "
                  "Dense(3, activation='softmax')])",
         .loss = SPARSE,
         .optimizer = "Adam(0.01)"},
        ACTIVATION("relu"),
        ACTIVATION("gelu"),
        ACTIVATION("elu"),
        ACTIVATION("selu"),
        ACTIVATION("swish"),
        ACTIVATION("softplus"),
        ACTIVATION("hard_sigmoid"),
        ACTIVATION("mish"),
        ACTIVATION("leaky_relu"),
        ACTIVATION("softsign"),
    };
    CHECK_ALL(specs);
}

/* ---- going on from files ---- */

/* A compiled model that Keras saved after two epochs, trained on for three, is what Keras had
 * after five. */
static void train_on(const char *name, const char *suffix)
{
    crn_error err = CRN_ERROR_INIT;
    const oracle spec = {.name = name};
    char path[512];
    run r = {.spec = &spec, .file = golden_keras(name), .data = CRN_DATA_INIT};
    snprintf(path, sizeof path, "%s/training/%s%s", CRN_GOLDEN_DIR, name, suffix);
    assert_ok(crn_model_load(path, NULL, &r.model, &err));
    r.network = crn_model_network(r.model);
    r.data.x = golden_array(r.file, "x");
    r.data.y = golden_array(r.file, "y");
    crn_fit_options options = CRN_FIT_OPTIONS_INIT;
    options.batch_size = 8;
    options.no_shuffle = true;
    for (int epoch = 0; epoch < 3; epoch++)
        assert_ok(crn_model_fit(r.model, &r.data, &options, NULL, &err));
    compare_weights(&r, "e5");
    finish(&r);
}

static void test_training_on(void **state)
{
    (void)state;
    train_on("opt_adam", ".keras");
    train_on("opt_adam_ema", ".keras");
    train_on("opt_rmsprop_centered_momentum", ".keras");
    train_on("regularizers", ".keras");
    train_on("keras2_adam", ".h5");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_optimizers),      cmocka_unit_test(test_losses),
        cmocka_unit_test(test_weights_of_rows), cmocka_unit_test(test_regularizers),
        cmocka_unit_test(test_layers),          cmocka_unit_test(test_training_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
