/* SPDX-License-Identifier: BSD-3-Clause */
/* Save only the weights of a network, in the legacy and in Keras 3's layout; build the same
 * architecture elsewhere and load them. A file that does not fit is refused, and the message
 * names the layer. */
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

static crn_model *network(int units)
{
    char text[160];
    crn_model *model = NULL;
    snprintf(text, sizeof text,
             "Sequential([Dense(%d, activation='relu', input_shape=(4,)), Dense(3, "
             "activation='softmax')])",
             units);
    check(crn_model_parse(text, &model, &err));
    return model;
}

int main(void)
{
    static const char *const files[] = {"keras_model_weights.h5", "keras_model.weights.h5"};
    crn_table *iris = NULL;
    crn_data data = CRN_DATA_INIT;
    check(crn_table_dataset("iris", &iris, &err));
    check(crn_table_matrix(iris, NULL, 4, &data.x, &err));
    crn_table_column(iris, crn_table_find(iris, "target"), &data.y);

    crn_model *model = network(128);
    crn_fit_options options = CRN_FIT_OPTIONS_INIT;
    options.optimizer = "adam";
    options.loss = "sparse_categorical_crossentropy";
    options.epochs = 10;
    check(crn_model_fit(model, &data, &options, NULL, &err));
    crn_array before = CRN_ARRAY_INIT;
    check(crn_model_predict(model, CRN_PREDICT, &data.x, &before, &err));

    for (int i = 0; i < 2; i++) {
        check(crn_model_save(model, files[i], NULL, &err));
        crn_model *elsewhere = network(128);
        crn_array after = CRN_ARRAY_INIT;
        check(crn_model_load_weights(elsewhere, files[i], NULL, &err));
        check(crn_model_predict(elsewhere, CRN_PREDICT, &data.x, &after, &err));
        const size_t bytes = (size_t)(crn_array_size(&after) * after.itemsize);
        const int same = memcmp(before.data, after.data, bytes) == 0;
        printf("%s: the predictions are %s\n", files[i], same ? "the same" : "DIFFERENT");
        crn_array_free(&after);
        crn_model_destroy(elsewhere);
        if (!same)
            return 1;
    }

    crn_model *other = network(64);
    const crn_status status = crn_model_load_weights(other, files[0], NULL, &err);
    printf("into another architecture: %s\n", err.message);

    crn_model_destroy(other);
    crn_array_free(&before);
    crn_array_free(&data.x);
    crn_model_destroy(model);
    crn_table_destroy(iris);
    return status == CRN_SHAPE ? 0 : 1;
}
