/* SPDX-License-Identifier: BSD-3-Clause */
/* Fit a LogisticRegression on iris, save it as joblib.dump would, load it again, predict.
 *
 *     cc 01_save_scikit_learn_model.c $(pkg-config --cflags --libs cornichon) && ./a.out */
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

    crn_model *model = NULL;
    check(crn_model_parse("LogisticRegression(max_iter=200)", &model, &err));
    check(crn_model_fit(model, &data, NULL, NULL, &err));
    check(crn_model_save(model, "logistic_regression_model.joblib", NULL, &err));
    crn_model_destroy(model);

    /* Here, or in Python: joblib.load("logistic_regression_model.joblib"). */
    crn_model *loaded = NULL;
    crn_array labels = CRN_ARRAY_INIT;
    check(crn_model_load("logistic_regression_model.joblib", NULL, &loaded, &err));
    check(crn_model_predict(loaded, CRN_PREDICT, &data.x, &labels, &err));

    const int64_t *predicted = labels.data, *truth = data.y.data;
    int right = 0;
    for (int64_t i = 0; i < labels.shape[0]; i++)
        right += predicted[i] == truth[i];
    printf("accuracy: %.4f\n", right / (double)labels.shape[0]);

    crn_array_free(&labels);
    crn_array_free(&data.x);
    crn_model_destroy(loaded);
    crn_table_destroy(iris);
    return right > 140 ? 0 : 1;
}
