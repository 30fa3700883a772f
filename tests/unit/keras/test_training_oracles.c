/* SPDX-License-Identifier: BSD-3-Clause */
/* Training against Keras 3.15 on TensorFlow 2.21: weights after the first and third step and
 * after five epochs, the optimizer's variables, the losses on the way. The files hold what
 * fit() gave from the same weights. */
#include "test.h"

#include "unit/keras/oracle_net.h"

#define SPARSE "sparse_categorical_crossentropy"

/* ---- comparing ---- */

static const double relative = 2e-5, absolute = 2e-6;

static void compare(const net *n, const char *key, const crn_array *got)
{
    crn_array want = golden_array(n->file, key);
    int64_t size = crn_array_size(&want);
    assert_int_equal(crn_array_size(got), size);
    for (int64_t i = 0; i < size; i++) {
        double a = crn_array_get(got, i), b = crn_array_get(&want, i);
        if (!(fabs(a - b) <= absolute + relative * fabs(b)))
            fail_msg("%s: %s[%d] is %.9g, not %.9g", n->spec->name, key, (int)i, a, b);
    }
    crn_array_free(&want);
}

/* A bias in front of batch normalization has no gradient but rounding noise, which Adam blows
 * up to steps of its learning rate; the moving mean follows it. Neither has a reference value.
 */
static bool is_noise(const net *n, const char *when, int weight)
{
    bool follows = weight == 4 && strcmp(when, "s1") != 0;
    return n->spec->norm == BATCH_NORM && (weight == 1 || follows);
}

static void compare_weights(const net *n, const char *when)
{
    char key[32];
    for (int i = 0; i < n->weight_count; i++) {
        if (is_noise(n, when, i))
            continue;
        snprintf(key, sizeof key, "%s_w_%d", when, i);
        compare(n, key, &n->weights[i]);
    }
}

static void compare_number(const net *n, const char *key, int i, double got)
{
    crn_array want = golden_array(n->file, key);
    double b = crn_array_get(&want, i);
    if (!(fabs(got - b) <= absolute + relative * fabs(b)))
        fail_msg("%s: %s[%d] is %.9g, not %.9g", n->spec->name, key, i, got, b);
    crn_array_free(&want);
}

static void compare_optimizer(const net *n)
{
    char key[32];
    size_t count = crn_optimizer_variable_count(n->optimizer);
    for (size_t i = 0; i < count; i++) {
        crn_optimizer_variable v = crn_optimizer_variable_at(n->optimizer, i);
        snprintf(key, sizeof key, "e5_o_%zu", i);
        compare(n, key, v.array);
    }
    crn_array more;
    snprintf(key, sizeof key, "e5_o_%zu", count);
    assert_false(golden_find(n->file, key, &more));
}

/* One epoch; the history's loss is the mean over the batches, weighted by their rows. */
static void run_epoch(net *n, int epoch)
{
    double sum = 0.0, rows = 0.0;
    for (int64_t first = 0, step = 0; first < n->x.shape[0]; first += n->batch_size, step++) {
        int64_t left = n->x.shape[0] - first;
        int64_t count = left < n->batch_size ? left : n->batch_size;
        sum += net_step(n, first, count) * (double)count;
        rows += (double)count;
        if (epoch == 0)
            compare_number(n, "loss_steps", (int)step, sum / rows);
        if (epoch == 0 && step == 0)
            compare_weights(n, "s1");
        if (epoch == 0 && step == 2)
            compare_weights(n, "s3");
    }
    crn_optimizer_finalize(n->optimizer);
    compare_number(n, "loss_epochs", epoch, sum / rows);
}

static void check(const net_spec *spec)
{
    net n;
    net_create(&n, spec);
    for (int epoch = 0; epoch < 5; epoch++)
        run_epoch(&n, epoch);
    compare_weights(&n, "e5");
    compare_optimizer(&n);
    net_destroy(&n);
}

static void check_all(const net_spec *specs, size_t count)
{
    for (size_t i = 0; i < count; i++)
        check(&specs[i]);
}

#define CHECK_ALL(specs) check_all(specs, sizeof specs / sizeof *specs)

/* ---- optimizers ---- */

static void test_optimizers(void **state)
{
    (void)state;
#define OPTIMIZER(name_, expression)                                                           \
    {                                                                                          \
        .name = "opt_" name_, .hidden = "tanh", .last = "softmax", .loss = SPARSE,             \
        .optimizer = expression                                                                \
    }
    static const net_spec specs[] = {
        OPTIMIZER("sgd", "SGD(0.1)"),
        OPTIMIZER("sgd_momentum", "SGD(0.05, momentum=0.9)"),
        OPTIMIZER("sgd_nesterov", "SGD(0.05, momentum=0.9, nesterov=True)"),
        OPTIMIZER("adam", "Adam(0.02)"),
        OPTIMIZER("adam_amsgrad", "Adam(0.02, amsgrad=True)"),
        OPTIMIZER("adamw", "AdamW(0.02, weight_decay=0.01)"),
        OPTIMIZER("rmsprop", "RMSprop(0.01)"),
        OPTIMIZER("rmsprop_centered_momentum", "RMSprop(0.01, momentum=0.5, centered=True)"),
        OPTIMIZER("adam_clipnorm", "Adam(0.02, clipnorm=0.05)"),
        OPTIMIZER("sgd_clipvalue", "SGD(0.1, clipvalue=0.01)"),
        OPTIMIZER("sgd_global_clipnorm", "SGD(0.1, global_clipnorm=0.05)"),
        OPTIMIZER("sgd_weight_decay", "SGD(0.1, weight_decay=0.01)"),
        OPTIMIZER("adam_ema",
                  "Adam(0.02, use_ema=True, ema_momentum=0.9, ema_overwrite_frequency=3)"),
        OPTIMIZER("adam_grad_accum2", "Adam(0.02, gradient_accumulation_steps=2)"),
        OPTIMIZER("adam_defaults", "adam"),
        OPTIMIZER("sgd_defaults", "sgd"),
        OPTIMIZER("rmsprop_defaults", "rmsprop"),
    };
    CHECK_ALL(specs);
}

/* ---- losses ---- */

static void test_losses(void **state)
{
    (void)state;
#define LOSS(name_, activation, expression)                                                    \
    {                                                                                          \
        .name = "loss_" name_, .hidden = "tanh", .last = activation, .loss = expression,       \
        .optimizer = "SGD(0.1)"                                                                \
    }
    static const net_spec specs[] = {
        LOSS("mse", "linear", "MeanSquaredError()"),
        LOSS("mse_sum", "linear", "MeanSquaredError(reduction='sum')"),
        LOSS("mae", "linear", "mae"),
        LOSS("mape", "linear", "MeanAbsolutePercentageError()"),
        LOSS("msle", "softplus", "mean_squared_logarithmic_error"),
        LOSS("huber", "linear", "Huber(delta=0.3)"),
        LOSS("logcosh", "linear", "LogCosh()"),
        LOSS("bce", "sigmoid", "BinaryCrossentropy()"),
        LOSS("bce_logits_smooth", "linear",
             "BinaryCrossentropy(from_logits=True, label_smoothing=0.1)"),
        LOSS("cce", "softmax", "categorical_crossentropy"),
        LOSS("cce_logits_smooth", "linear",
             "CategoricalCrossentropy(from_logits=True, label_smoothing=0.1)"),
        LOSS("cce_notnormalized", "sigmoid", "CategoricalCrossentropy()"),
        LOSS("scce_logits", "linear", "SparseCategoricalCrossentropy(from_logits=True)"),
        LOSS("hinge", "tanh", "hinge"),
        LOSS("squared_hinge", "tanh", "SquaredHinge()"),
        LOSS("categorical_hinge", "softmax", "CategoricalHinge()"),
        LOSS("kld", "softmax", "kl_divergence"),
        LOSS("poisson", "softplus", "Poisson()"),
        LOSS("cosine", "linear", "CosineSimilarity()"),
    };
    CHECK_ALL(specs);
}

/* ---- the rest ---- */

static void test_activations(void **state)
{
    (void)state;
#define ACTIVATION(name_)                                                                      \
    {                                                                                          \
        .name = "net_act_" name_, .hidden = name_, .last = "softmax", .loss = SPARSE,          \
        .optimizer = "Adam(0.01)"                                                              \
    }
    static const net_spec specs[] = {
        ACTIVATION("relu"),     ACTIVATION("gelu"),       ACTIVATION("elu"),
        ACTIVATION("selu"),     ACTIVATION("swish"),      ACTIVATION("softplus"),
        ACTIVATION("mish"),     ACTIVATION("leaky_relu"), ACTIVATION("hard_sigmoid"),
        ACTIVATION("softsign"),
    };
    CHECK_ALL(specs);
}

static void test_weights_of_samples(void **state)
{
    (void)state;
    static const double class_weight[] = {1.0, 2.5, 0.5};
    static const net_spec specs[] = {
        {.name = "weighted_class",
         .hidden = "tanh",
         .last = "softmax",
         .loss = SPARSE,
         .optimizer = "SGD(0.1)",
         .class_weight = class_weight},
        {.name = "weighted_sample",
         .hidden = "tanh",
         .last = "softmax",
         .loss = SPARSE,
         .optimizer = "SGD(0.1)"},
        {.name = "partial_last_batch",
         .hidden = "tanh",
         .last = "softmax",
         .loss = SPARSE,
         .optimizer = "SGD(0.1)"},
    };
    CHECK_ALL(specs);
}

static void test_batch_normalization(void **state)
{
    (void)state;
    static const net_spec specs[] = {
        {.name = "net_bn",
         .hidden = "relu",
         .last = "softmax",
         .loss = SPARSE,
         .optimizer = "Adam(0.01)",
         .norm = BATCH_NORM},
        {.name = "net_bn_frozen",
         .hidden = "linear",
         .last = "softmax",
         .loss = SPARSE,
         .optimizer = "Adam(0.01)",
         .norm = FROZEN_NORM},
    };
    CHECK_ALL(specs);
}

static void test_regularizers_and_constraint(void **state)
{
    (void)state;
    static const net_spec specs[] = {{.name = "regularizers",
                                      .hidden = "relu",
                                      .last = "softmax",
                                      .loss = SPARSE,
                                      .optimizer = "SGD(0.1)",
                                      .kernel_regularizer = "L1L2(0.01, 0.02)",
                                      .bias_regularizer = "l2",
                                      .activity_regularizer = "l1",
                                      .constraint = "MaxNorm(0.8)"}};
    CHECK_ALL(specs);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_optimizers),
        cmocka_unit_test(test_losses),
        cmocka_unit_test(test_activations),
        cmocka_unit_test(test_weights_of_samples),
        cmocka_unit_test(test_batch_normalization),
        cmocka_unit_test(test_regularizers_and_constraint),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
