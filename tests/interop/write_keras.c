/* SPDX-License-Identifier: BSD-3-Clause */
/* write_keras FOLDER: for check_keras.py. Each case is trained a little, saved in every format,
 * and trained on: before.npy is what the saved model predicts, after.npy what it predicts when
 * its training goes on, as the real libraries must from the saved state. */
#include <stdio.h>

#include "base/file.h"
#include "cornichon/cornichon.h"
#include "format/npy.h"

enum { ROWS = 48, COLUMNS = 4, EPOCHS = 2, BATCH = 16 };

typedef struct training {
    const char *name, *layers, *optimizer, *loss, *metrics;
    int targets; /* 1 numbers, 2 classes 0 and 1, 3 classes 0 to 2 */
} training;

static const training samples[] = {
    {"adam", "Dense(128, activation='relu'), Dense(3, activation='softmax')", "adam",
     "sparse_categorical_crossentropy", "accuracy", 3},
    {"amsgrad", "Dense(5, activation='tanh', kernel_regularizer=L2(0.01)), Dense(3), Softmax()",
     "Adam(learning_rate=0.01, amsgrad=True)", "sparse_categorical_crossentropy", NULL, 3},
    {"adamw", "Dense(6, activation='gelu'), Dense(1, activation='sigmoid')",
     "AdamW(learning_rate=0.02, weight_decay=0.01)", "binary_crossentropy", "accuracy", 2},
    {"sgd", "Dense(6, activation='elu'), Dense(1)", "SGD(learning_rate=0.05)", "mse", "mae", 1},
    {"nesterov", "Dense(6), LeakyReLU(0.1), Reshape((2, 3)), Flatten(), Dense(1)",
     "SGD(learning_rate=0.05, momentum=0.9, nesterov=True)", "mse", "mae,mse", 1},
    {"rmsprop",
     "Dense(6, use_bias=False), BatchNormalization(), ReLU(max_value=6.0), Dense(2), ELU(), "
     "Dense(1)",
     "RMSprop(learning_rate=0.01, momentum=0.5, centered=True)", "mse", "mae", 1},
    {"frozen",
     "Dense(6, activation='selu', trainable=False, name='base'), "
     "BatchNormalization(trainable=False), Dense(3, activation='softmax', name='head')",
     "Adam(0.01)", "SparseCategoricalCrossentropy()", "accuracy", 3},
    {"plain", "Dropout(0.5), Dense(3, activation='softmax', use_bias=False)", NULL, NULL, NULL,
     3},
};

/* Knuth's MMIX generator: numbers in [-1, 1). */
static float next_number(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (float)((double)(*state >> 40) / (1 << 23) - 1.0);
}

static void make_data(int targets, float *x, float *y)
{
    uint64_t state = 7;
    for (int i = 0; i < ROWS; i++) {
        float sum = 0.0f;
        for (int k = 0; k < COLUMNS; k++)
            sum += (x[i * COLUMNS + k] = next_number(&state));
        y[i] = targets == 1   ? sum
               : targets == 2 ? (float)(sum > 0)
                              : (float)((sum > -0.5f) + (sum > 0.5f));
    }
}

/* ---- files ---- */

static crn_status write_array(const char *folder, const char *name, const char *what,
                              const crn_array *array, crn_error *err)
{
    char path[512];
    crn_text bytes = CRN_TEXT_INIT;
    snprintf(path, sizeof path, "%s/%s.%s.npy", folder, name, what);
    crn_status status = crn_npy_write(array, &bytes, err);
    if (status == CRN_OK)
        status = crn_file_write(path, bytes.data, bytes.size, err);
    crn_text_free(&bytes);
    return status;
}

static crn_status write_prediction(const crn_model *model, const crn_array *x,
                                   const char *folder, const char *name, const char *what,
                                   crn_error *err)
{
    crn_array y = CRN_ARRAY_INIT;
    CRN_TRY(crn_model_predict(model, CRN_PREDICT, x, &y, err));
    crn_status status = write_array(folder, name, what, &y, err);
    crn_array_free(&y);
    return status;
}

static crn_status write_models(const crn_model *model, const char *folder, const char *name,
                               crn_error *err)
{
    static const char *const suffixes[] = {".keras", ".h5", ".weights.h5", "_weights.h5",
                                           ".json"};
    char path[512];
    for (size_t i = 0; i < sizeof suffixes / sizeof suffixes[0]; i++) {
        snprintf(path, sizeof path, "%s/%s%s", folder, name, suffixes[i]);
        CRN_TRY(crn_model_save(model, path, NULL, err));
    }
    return CRN_OK;
}

/* ---- cases ---- */

static crn_status fit(const training *sample, crn_model *model, const crn_data *data,
                      crn_error *err)
{
    crn_fit_options options = CRN_FIT_OPTIONS_INIT;
    options.optimizer = sample->optimizer;
    options.loss = sample->loss != NULL ? sample->loss : "sparse_categorical_crossentropy";
    options.metrics = sample->metrics;
    options.epochs = EPOCHS;
    options.batch_size = BATCH;
    options.no_shuffle = true;
    options.has_seed = true;
    options.seed = 3;
    return crn_model_fit(model, data, &options, NULL, err);
}

/* The optimizer goes on with its state when nothing new is said. */
static crn_status go_on(crn_model *model, const crn_data *data, crn_error *err)
{
    crn_fit_options options = CRN_FIT_OPTIONS_INIT;
    options.epochs = EPOCHS;
    options.batch_size = BATCH;
    options.no_shuffle = true;
    return crn_model_fit(model, data, &options, NULL, err);
}

static crn_status write_sample(const training *sample, const char *folder, crn_error *err)
{
    static float x[ROWS * COLUMNS], y[ROWS];
    char expression[512];
    crn_model *model = NULL;
    crn_data data = CRN_DATA_INIT;
    crn_status status = CRN_OK;
    make_data(sample->targets, x, y);
    data.x = crn_array_view_2d(x, CRN_FLOAT32, ROWS, COLUMNS);
    data.y = crn_array_view_1d(y, CRN_FLOAT32, ROWS);
    snprintf(expression, sizeof expression, "Sequential([%s])", sample->layers);
    CRN_TRY_OR_DONE(crn_model_parse(expression, &model, err));
    CRN_TRY_OR_DONE(fit(sample, model, &data, err));
    CRN_TRY_OR_DONE(write_array(folder, sample->name, "x", &data.x, err));
    CRN_TRY_OR_DONE(write_array(folder, sample->name, "y", &data.y, err));
    CRN_TRY_OR_DONE(write_prediction(model, &data.x, folder, sample->name, "before", err));
    CRN_TRY_OR_DONE(write_models(model, folder, sample->name, err));
    CRN_TRY_OR_DONE(go_on(model, &data, err));
    CRN_TRY_OR_DONE(write_prediction(model, &data.x, folder, sample->name, "after", err));
    printf("%s\n", sample->name);
done:
    if (status != CRN_OK)
        fprintf(stderr, "%s: %s\n", sample->name, err->message);
    crn_model_destroy(model);
    return status;
}

int main(int argc, char **argv)
{
    crn_error err = CRN_ERROR_INIT;
    crn_status status = argc == 2 ? CRN_OK : CRN_ARGUMENT;
    for (size_t i = 0; status == CRN_OK && i < sizeof samples / sizeof samples[0]; i++)
        status = write_sample(&samples[i], argv[1], &err);
    return status == CRN_OK ? 0 : 1;
}
