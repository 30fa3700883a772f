/* SPDX-License-Identifier: BSD-3-Clause */
/* What fit() promises beside its numbers: history, progress, seeds, errors after which the
 * model is as it was, cancelling, callbacks inside. */
#include <stdlib.h>
#include <unistd.h>

#include "test.h"

#include "cornichon/cornichon.h"
#include "keras/models/network.h"
#include "unit/keras/golden_keras.h"

enum { ROWS = 40 };

static float x[ROWS][4];
static int64_t labels[ROWS];

#define MODEL "Sequential([Dense(5, activation='tanh'), Dense(3, activation='softmax')])"

/* Three classes that can be learned. */
static int make_rows(void **state)
{
    (void)state;
    crn_generator generator;
    crn_generator_seed(&generator, 7);
    for (int i = 0; i < ROWS; i++) {
        labels[i] = i % 3;
        for (int j = 0; j < 4; j++)
            x[i][j] = (float)crn_generator_normal(&generator) + (j == labels[i] ? 2.0f : 0.0f);
    }
    return 0;
}

static crn_data some_data(void)
{
    crn_data data = CRN_DATA_INIT;
    data.x = crn_array_view_2d(x, CRN_FLOAT32, ROWS, 4);
    data.y = crn_array_view_1d(labels, CRN_INT64, ROWS);
    return data;
}

static crn_fit_options some_options(void)
{
    crn_fit_options options = CRN_FIT_OPTIONS_INIT;
    options.loss = "sparse_categorical_crossentropy";
    options.metrics = "accuracy";
    options.optimizer = "Adam(0.01)";
    options.batch_size = 16;
    options.epochs = 3;
    options.has_seed = true;
    options.seed = 5;
    return options;
}

static crn_model *parse_model(const char *expression)
{
    crn_error err = CRN_ERROR_INIT;
    crn_model *model = NULL;
    assert_ok(crn_model_parse(expression, &model, &err));
    return model;
}

static crn_history *fit(crn_model *model, const crn_fit_options *options)
{
    crn_error err = CRN_ERROR_INIT;
    crn_data data = some_data();
    crn_history *history = NULL;
    assert_ok(crn_model_fit(model, &data, options, &history, &err));
    return history;
}

static double value_of(const crn_history *history, const char *name, int epoch)
{
    int column = crn_history_find(history, name);
    assert_true(column >= 0);
    return crn_history_value(history, column, epoch);
}

static const float *first_weights(const crn_model *model)
{
    return crn_network_weight(crn_model_network(model), 0, NULL)->array.data;
}

/* ---- history ---- */

static void test_history(void **state)
{
    (void)state;
    static const char *const names[] = {"accuracy", "loss",    "mae",          "val_accuracy",
                                        "val_loss", "val_mae", "learning_rate"};
    crn_model *model = parse_model(MODEL);
    crn_fit_options options = some_options();
    options.loss = "sparse_categorical_crossentropy";
    options.metrics = "accuracy, SparseCategoricalCrossentropy(name='mae')";
    options.validation_split = 0.25;
    options.callbacks = "ReduceLROnPlateau()";
    options.epochs = 20;
    crn_history *history = fit(model, &options);
    assert_int_equal(crn_history_epochs(history), 20);
    assert_int_equal(crn_history_columns(history), 7);
    for (int i = 0; i < 7; i++)
        assert_string_equal(crn_history_name(history, i), names[i]);
    assert_true(value_of(history, "loss", 19) < 0.8 * value_of(history, "loss", 0));
    assert_true(value_of(history, "val_loss", 19) < value_of(history, "val_loss", 0));
    assert_true(value_of(history, "learning_rate", 19) == (double)0.01f);
    crn_history_destroy(history);
    crn_model_destroy(model);
}

/* A metric twice gets a second name, as in Keras. */
static void test_names(void **state)
{
    (void)state;
    crn_model *model = parse_model(MODEL);
    crn_fit_options options = some_options();
    options.metrics = "accuracy, accuracy";
    crn_history *history = fit(model, &options);
    assert_int_equal(crn_history_columns(history), 3);
    assert_true(value_of(history, "accuracy_1", 2) == value_of(history, "accuracy", 2));
    crn_history_destroy(history);
    crn_model_destroy(model);
}

/* The numbers of the validation are those of evaluate() on the same rows. */
static void test_validation(void **state)
{
    (void)state;
    crn_error err = CRN_ERROR_INIT;
    crn_model *model = parse_model(MODEL);
    crn_data data = some_data(), last = data;
    last.x = crn_array_rows(&data.x, 30, ROWS);
    last.y = crn_array_rows(&data.y, 30, ROWS);
    crn_fit_options options = some_options();
    options.validation_split = 0.25;
    crn_history *history = fit(model, &options);
    crn_scores *scores = NULL;
    assert_ok(crn_model_evaluate(model, &last, 16, NULL, &scores, &err));
    assert_string_equal(crn_scores_name(scores, 0), "loss");
    assert_string_equal(crn_scores_name(scores, 1), "accuracy");
    assert_true(crn_scores_value(scores, 0) == value_of(history, "val_loss", 2));
    assert_true(crn_scores_value(scores, 1) == value_of(history, "val_accuracy", 2));
    crn_scores_destroy(scores);
    crn_history_destroy(history);
    crn_model_destroy(model);
}

/* The split takes the last rows away from training: fitting the first ones alone is the same.
 */
static void test_split_is_the_last_rows(void **state)
{
    (void)state;
    crn_error err = CRN_ERROR_INIT;
    crn_model *a = parse_model(MODEL), *b = parse_model(MODEL);
    crn_data data = some_data(), first = data, last = data;
    first.x = crn_array_rows(&data.x, 0, 30);
    first.y = crn_array_rows(&data.y, 0, 30);
    last.x = crn_array_rows(&data.x, 30, ROWS);
    last.y = crn_array_rows(&data.y, 30, ROWS);
    crn_fit_options options = some_options();
    options.validation_split = 0.25;
    crn_history *history = fit(a, &options), *other = NULL;
    options.validation = &last; /* goes before the split */
    assert_ok(crn_model_fit(b, &first, &options, &other, &err));
    assert_true(value_of(history, "val_loss", 2) == value_of(other, "val_loss", 2));
    assert_memory_equal(first_weights(a), first_weights(b), 20 * sizeof(float));
    crn_history_destroy(history);
    crn_history_destroy(other);
    crn_model_destroy(a);
    crn_model_destroy(b);
}

/* ---- seeds and order ---- */

static double last_loss(const crn_fit_options *options)
{
    crn_model *model = parse_model(MODEL);
    crn_history *history = fit(model, options);
    double loss = value_of(history, "loss", crn_history_epochs(history) - 1);
    crn_history_destroy(history);
    crn_model_destroy(model);
    return loss;
}

static void test_seeds(void **state)
{
    (void)state;
    crn_fit_options options = some_options();
    double loss = last_loss(&options);
    assert_true(last_loss(&options) == loss);
    options.no_shuffle = true;
    assert_true(last_loss(&options) != loss);
    options.no_shuffle = false;
    options.seed++;
    assert_true(last_loss(&options) != loss);
}

/* Going on from weights and optimizer state: three epochs and two are five. */
static void test_goes_on(void **state)
{
    (void)state;
    crn_model *a = parse_model(MODEL), *b = parse_model(MODEL);
    crn_fit_options options = some_options();
    options.no_shuffle = true;
    options.epochs = 5;
    crn_history_destroy(fit(a, &options));
    options.epochs = 3;
    crn_history_destroy(fit(b, &options));
    crn_fit_options more = CRN_FIT_OPTIONS_INIT;
    more.batch_size = 16;
    more.no_shuffle = true;
    more.initial_epoch = 3;
    more.epochs = 5;
    crn_history *history = fit(b, &more);
    assert_int_equal(crn_history_epochs(history), 2);
    assert_memory_equal(first_weights(a), first_weights(b), 20 * sizeof(float));
    crn_history_destroy(history);
    crn_model_destroy(a);
    crn_model_destroy(b);
}

/* ---- progress ---- */

typedef struct listener {
    int batches, epochs, stop_at;
    crn_text messages;
} listener;

static bool hear(void *context, const crn_progress *progress)
{
    listener *l = context;
    if (progress->message != NULL) {
        crn_text_printf(&l->messages, "%s\n", progress->message);
        return true;
    }
    assert_int_equal(progress->epochs, 3);
    assert_int_equal(progress->epoch, l->epochs + 1);
    assert_int_equal(progress->batches, 3);
    assert_int_equal(progress->count, progress->epoch_end ? 4 : 2);
    assert_true(progress->seconds >= 0.0);
    l->batches += !progress->epoch_end;
    l->epochs += progress->epoch_end;
    if (!progress->epoch_end)
        assert_int_equal(progress->batch, 1 + (l->batches - 1) % 3);
    return l->stop_at == 0 || l->batches < l->stop_at;
}

static void test_progress(void **state)
{
    (void)state;
    listener l = {0};
    crn_model *model = parse_model(MODEL);
    crn_fit_options options = some_options();
    crn_data validation = some_data();
    options.validation = &validation;
    options.progress = hear;
    options.progress_context = &l;
    crn_history_destroy(fit(model, &options));
    assert_int_equal(l.batches, 9);
    assert_int_equal(l.epochs, 3);
    crn_model_destroy(model);
}

/* A fit that is stopped leaves a model that can be used. */
static void test_cancelled(void **state)
{
    (void)state;
    crn_error err = CRN_ERROR_INIT;
    listener l = {.stop_at = 4};
    crn_model *model = parse_model(MODEL);
    crn_fit_options options = some_options();
    crn_data data = some_data();
    crn_history *history = NULL;
    crn_array y = CRN_ARRAY_INIT;
    options.validation = &data;
    options.progress = hear;
    options.progress_context = &l;
    assert_status(CRN_CANCELLED, crn_model_fit(model, &data, &options, &history, &err));
    assert_null(history);
    assert_int_equal(l.batches, 4);
    assert_ok(crn_model_predict(model, CRN_PREDICT, &data.x, &y, &err));
    crn_array_free(&y);
    crn_model_destroy(model);
}

static void test_early_stopping(void **state)
{
    (void)state;
    listener l = {0};
    crn_model *model = parse_model(MODEL);
    crn_fit_options options = some_options();
    crn_data validation = some_data();
    options.validation = &validation;
    options.callbacks = "EarlyStopping(mode='max', verbose=1)"; /* of a loss that falls */
    options.progress = hear;
    options.progress_context = &l;
    crn_history *history = fit(model, &options);
    assert_int_equal(crn_history_epochs(history), 2);
    assert_string_equal(l.messages.data, "Epoch 2: early stopping\n");
    crn_text_free(&l.messages);
    crn_history_destroy(history);
    crn_model_destroy(model);
}

/* NaN does not stop a fit, but TerminateOnNaN does, in the middle of an epoch. */
static void test_nan(void **state)
{
    (void)state;
    float bad[ROWS][4];
    crn_error err = CRN_ERROR_INIT;
    crn_model *model = parse_model(MODEL);
    crn_fit_options options = some_options();
    crn_data data = some_data();
    crn_history *history = NULL;
    memcpy(bad, x, sizeof bad);
    bad[20][0] = NAN;
    data.x = crn_array_view_2d(bad, CRN_FLOAT32, ROWS, 4);
    options.no_shuffle = true;
    assert_ok(crn_model_fit(model, &data, &options, &history, &err));
    assert_int_equal(crn_history_epochs(history), 3);
    assert_true(isnan(value_of(history, "loss", 0)));
    crn_history_destroy(history);
    crn_model_destroy(model);
    model = parse_model(MODEL);
    options.callbacks = "TerminateOnNaN()";
    assert_ok(crn_model_fit(model, &data, &options, &history, &err));
    assert_int_equal(crn_history_epochs(history), 1);
    crn_history_destroy(history);
    crn_model_destroy(model);
}

/* ---- errors ---- */

static void refuse(const crn_fit_options *options, const crn_data *data, crn_status status,
                   const char *says)
{
    crn_error err = CRN_ERROR_INIT;
    crn_model *model = parse_model(MODEL);
    crn_history *history = NULL;
    assert_status(status, crn_model_fit(model, data, options, &history, &err));
    assert_says(says);
    assert_null(history);
    assert_false(crn_model_has_method(model, CRN_PREDICT)); /* still without weights */
    crn_model_destroy(model);
}

#define REFUSE(change, status, says)                                                           \
    do {                                                                                       \
        crn_fit_options options = some_options();                                              \
        crn_data data = some_data();                                                           \
        change;                                                                                \
        refuse(&options, &data, status, says);                                                 \
    } while (0)

static void test_refused(void **state)
{
    (void)state;
    int64_t wrong[ROWS] = {5};
    REFUSE(options.epochs = -1, CRN_ARGUMENT, "epochs must be positive, not -1");
    REFUSE(options.batch_size = -2, CRN_ARGUMENT, "batch_size must be positive, not -2");
    REFUSE(options.initial_epoch = -1, CRN_ARGUMENT, "initial_epoch must not be negative");
    REFUSE(options.validation_split = 1.0, CRN_ARGUMENT,
           "validation_split must be in the range");
    REFUSE(options.validation_split = NAN, CRN_ARGUMENT,
           "validation_split must be in the range");
    REFUSE(options.loss = NULL, CRN_STATE, "No loss to compute.");
    REFUSE(options.class_weight = "[1.0]", CRN_ARGUMENT, "class_weight must be a dict");
    REFUSE(options.class_weight = "{0: 1", CRN_FORMAT, "");
    REFUSE(options.callbacks = "Nothing()", CRN_NOT_FOUND, "Unknown callback: 'Nothing'");
    REFUSE(data.y.data = NULL, CRN_ARGUMENT, "y is missing");
    REFUSE(data.y = crn_array_view_1d(wrong, CRN_INT64, ROWS), CRN_ARGUMENT,
           "Received a label value of 5");
    REFUSE(options.loss = "mse", CRN_SHAPE, "must have the same shape");
}

/* What goes wrong in the middle of a fit leaves weights and optimizer as they were. */
static void test_goes_back(void **state)
{
    (void)state;
    crn_error err = CRN_ERROR_INIT;
    float before[20];
    crn_model *model = parse_model(MODEL);
    crn_data data = some_data();
    crn_fit_options options = some_options();
    crn_history_destroy(fit(model, &options));
    memcpy(before, first_weights(model), sizeof before);
    crn_fit_options more = CRN_FIT_OPTIONS_INIT;
    more.callbacks = "ModelCheckpoint('{val_loss}.keras')"; /* there is no validation */
    assert_status(CRN_NOT_FOUND, crn_model_fit(model, &data, &more, NULL, &err));
    assert_memory_equal(first_weights(model), before, sizeof before);
    crn_optimizer *optimizer = crn_model_network(model)->compiled.optimizer;
    crn_optimizer_variable iteration = crn_optimizer_variable_at(optimizer, 0);
    assert_int_equal(*(const int64_t *)iteration.array->data, 9);
    crn_model_destroy(model);
}

/* The width of the rows is known after the first fit. */
static void test_other_width(void **state)
{
    (void)state;
    crn_error err = CRN_ERROR_INIT;
    crn_model *model = parse_model(MODEL);
    crn_fit_options options = some_options();
    crn_data data = some_data();
    crn_history_destroy(fit(model, &options));
    data.x = crn_array_view_2d(x, CRN_FLOAT32, ROWS, 3);
    assert_status(CRN_SHAPE, crn_model_fit(model, &data, &options, NULL, &err));
    crn_scores *scores = NULL;
    assert_status(CRN_SHAPE, crn_model_evaluate(model, &data, 0, NULL, &scores, &err));
    crn_data good = some_data();
    options.validation = &data;
    assert_status(CRN_SHAPE, crn_model_fit(model, &good, &options, NULL, &err));
    assert_string_equal(err.where, "validation");
    crn_model_destroy(model);
}

/* Nothing to train is no error: losses are told, weights stay. */
static void test_nothing_trainable(void **state)
{
    (void)state;
    crn_model *model =
        parse_model("Sequential([Dense(3, activation='softmax', trainable=False)])");
    crn_fit_options options = some_options();
    crn_history *history = fit(model, &options);
    assert_true(value_of(history, "loss", 0) == value_of(history, "loss", 2));
    crn_history_destroy(history);
    crn_model_destroy(model);
}

/* A checkpoint holds the model as it was then, also one that was loaded and not changed before.
 */
static void test_checkpoint(void **state)
{
    (void)state;
    crn_error err = CRN_ERROR_INIT;
    char path[] = "/tmp/crn_fit_XXXXXX.keras", callbacks[128];
    close(mkstemps(path, 6));
    crn_model *model = parse_model(MODEL), *loaded = NULL;
    crn_fit_options options = some_options();
    crn_history_destroy(fit(model, &options));
    assert_ok(crn_model_save(model, path, NULL, &err));
    assert_ok(crn_model_load(path, NULL, &loaded, &err));
    snprintf(callbacks, sizeof callbacks, "ModelCheckpoint('%s')", path);
    options.callbacks = callbacks;
    crn_history_destroy(fit(loaded, &options));
    crn_model_destroy(model);
    assert_ok(crn_model_load(path, NULL, &model, &err));
    assert_memory_equal(first_weights(model), first_weights(loaded), 20 * sizeof(float));
    crn_model_destroy(model);
    crn_model_destroy(loaded);
    unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_history),
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_validation),
        cmocka_unit_test(test_split_is_the_last_rows),
        cmocka_unit_test(test_seeds),
        cmocka_unit_test(test_goes_on),
        cmocka_unit_test(test_progress),
        cmocka_unit_test(test_cancelled),
        cmocka_unit_test(test_nan),
        cmocka_unit_test(test_early_stopping),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_goes_back),
        cmocka_unit_test(test_other_width),
        cmocka_unit_test(test_checkpoint),
        cmocka_unit_test(test_nothing_trainable),
    };
    return cmocka_run_group_tests(tests, make_rows, NULL);
}
