/* SPDX-License-Identifier: BSD-3-Clause */
/* Serve the two files of example 4 as one: rows go through pca_model.joblib and then
 * keras_model_pca.h5. A predictor is prepared once; asking it allocates nothing and takes no
 * lock. */
#include <stdio.h>
#include <stdlib.h>

#include "cornichon/cornichon.h"

static crn_error err = CRN_ERROR_INIT;

static void check(crn_status status)
{
    if (status == CRN_OK)
        return;
    fprintf(stderr, "%s: %s (%s)\n", crn_status_name(status), err.message, err.where);
    exit(1);
}

int main(void)
{
    static const char *const species[] = {"setosa", "versicolor", "virginica"};
    crn_model *steps[2] = {NULL, NULL}, *chain = NULL;
    check(crn_model_load("pca_model.joblib", NULL, &steps[0], &err));
    check(crn_model_load("keras_model_pca.h5", NULL, &steps[1], &err));
    check(crn_chain_create(steps, 2, &chain, &err)); /* checks that they fit; takes the steps */

    crn_predictor *predictor = NULL;
    check(crn_predictor_create(chain, CRN_PREDICT, NULL, &predictor, &err));

    double row[4] = {5.1, 3.5, 1.4, 0.2};
    float probabilities[3];
    crn_array x = crn_array_view_2d(row, CRN_FLOAT64, 1, 4);
    crn_array y = crn_array_view_2d(probabilities, CRN_FLOAT32, 1, 3);
    check(crn_predict(predictor, &x, &y, &err));
    for (int i = 0; i < 3; i++)
        printf("%-11s %.3f\n", species[i], probabilities[i]);

    crn_predictor_destroy(predictor);
    crn_model_destroy(chain);
    return probabilities[0] > 0.5f ? 0 : 1;
}
