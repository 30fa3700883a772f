/* SPDX-License-Identifier: BSD-3-Clause */
/* Build and train a network on iris, save the whole model (architecture, weights, compile
 * settings, optimizer state), load it, predict, and go on training where it stood. With
 * ".keras" as the argument, Keras 3's format. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cornichon/cornichon.h"

static crn_error err = CRN_ERROR_INIT;

static void check(crn_status status)
{
    if (status == CRN_OK)
        return;
    fprintf(stderr, "%s: %s\n", crn_status_name(status), err.message);
    exit(1);
}

static double train(crn_model *model, const crn_data *data, const crn_fit_options *options)
{
    crn_history *history = NULL;
    check(crn_model_fit(model, data, options, &history, &err));
    const int loss = crn_history_find(history, "loss");
    const double last = crn_history_value(history, loss, crn_history_epochs(history) - 1);
    crn_history_destroy(history);
    return last;
}

int main(int argc, char **argv)
{
    const char *path =
        argc > 1 && strcmp(argv[1], ".keras") == 0 ? "keras_model.keras" : "keras_model.h5";
    crn_table *iris = NULL;
    crn_data data = CRN_DATA_INIT;
    check(crn_table_dataset("iris", &iris, &err));
    check(crn_table_matrix(iris, NULL, 4, &data.x, &err));
    crn_table_column(iris, crn_table_find(iris, "target"), &data.y);

    crn_model *model = NULL;
    check(crn_model_parse("Sequential([Dense(128, activation='relu', input_shape=(4,)),"
                          "            Dense(3, activation='softmax')])",
                          &model, &err));
    crn_fit_options options = CRN_FIT_OPTIONS_INIT;
    options.optimizer = "adam";
    options.loss = "sparse_categorical_crossentropy";
    options.metrics = "accuracy";
    options.epochs = 10;
    options.seed = 42;
    options.has_seed = true;
    const double first = train(model, &data, &options);
    check(crn_model_save(model, path, NULL, &err));
    crn_model_destroy(model);

    crn_model *loaded = NULL;
    crn_array probabilities = CRN_ARRAY_INIT;
    check(crn_model_load(path, NULL, &loaded, &err));
    check(crn_model_predict(loaded, CRN_PREDICT, &data.x, &probabilities, &err));
    const float *p = probabilities.data;
    printf("first row: %.3f %.3f %.3f\n", p[0], p[1], p[2]);

    /* Compiled as it was, with the optimizer's state: ten more epochs go on from there. */
    crn_fit_options more = CRN_FIT_OPTIONS_INIT;
    more.epochs = 10;
    const double second = train(loaded, &data, &more);
    printf("loss after 10 epochs: %.4f, after 10 more: %.4f\n", first, second);

    crn_array_free(&probabilities);
    crn_array_free(&data.x);
    crn_model_destroy(loaded);
    crn_table_destroy(iris);
    return second < first ? 0 : 1;
}
