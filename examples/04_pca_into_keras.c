/* SPDX-License-Identifier: BSD-3-Clause */
/* Reduce iris to two components with PCA, train a network on them, and save each in its own
 * file: pca_model.joblib for scikit-learn, keras_model_pca.h5 for Keras. */
#include <stdio.h>
#include <stdlib.h>

#include "cornichon/cornichon.h"

static crn_error err = CRN_ERROR_INIT;

static void check(crn_status status)
{
    if (status == CRN_OK)
        return;
    fprintf(stderr, "%s: %s\n", crn_status_name(status), err.message);
    exit(1);
}

int main(void)
{
    crn_table *iris = NULL;
    crn_data data = CRN_DATA_INIT;
    check(crn_table_dataset("iris", &iris, &err));
    check(crn_table_matrix(iris, NULL, 4, &data.x, &err));
    crn_table_column(iris, crn_table_find(iris, "target"), &data.y);

    crn_model *pca = NULL;
    check(crn_model_parse("PCA(n_components=2)", &pca, &err));
    check(crn_model_fit(pca, &data, NULL, NULL, &err));
    check(crn_model_save(pca, "pca_model.joblib", NULL, &err));

    crn_data reduced = CRN_DATA_INIT;
    reduced.y = data.y;
    check(crn_model_predict(pca, CRN_TRANSFORM, &data.x, &reduced.x, &err));

    crn_model *network = NULL;
    crn_fit_options options = CRN_FIT_OPTIONS_INIT;
    options.optimizer = "adam";
    options.loss = "sparse_categorical_crossentropy";
    options.metrics = "accuracy";
    options.epochs = 50;
    options.seed = 42;
    options.has_seed = true;
    check(crn_model_parse("Sequential([Dense(128, activation='relu', input_shape=(2,)),"
                          "            Dense(3, activation='softmax')])",
                          &network, &err));
    check(crn_model_fit(network, &reduced, &options, NULL, &err));
    check(crn_model_save(network, "keras_model_pca.h5", NULL, &err));

    crn_scores *scores = NULL;
    check(crn_model_evaluate(network, &reduced, 0, NULL, &scores, &err));
    for (int i = 0; i < crn_scores_count(scores); i++)
        printf("%s: %.4f\n", crn_scores_name(scores, i), crn_scores_value(scores, i));

    crn_scores_destroy(scores);
    crn_array_free(&reduced.x);
    crn_array_free(&data.x);
    crn_model_destroy(network);
    crn_model_destroy(pca);
    crn_table_destroy(iris);
    return 0;
}
