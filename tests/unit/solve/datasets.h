/* SPDX-License-Identifier: BSD-3-Clause */
/* iris, wine and breast_cancer as the solvers take them. */
#ifndef CRN_TESTS_SOLVE_DATASETS_H
#define CRN_TESTS_SOLVE_DATASETS_H

#include "solve/logistic_loss.h"
#include "solve/statistics.h"
#include "solve/sum.h"
#include "unit/solve/golden.h"

enum { DATASET_COUNT = 3 };

typedef struct test_dataset {
    double *x; /* (rows, columns) */
    int32_t *y;
    double *weights; /* for tests with weights */
    int64_t rows, columns;
    int32_t classes;
} test_dataset;

static inline const char *dataset_name(int index)
{
    static const char *const names[DATASET_COUNT] = {"iris", "wine", "breast_cancer"};
    return names[index];
}

/* As StandardScaler: by the mean and the square root of the variance of each column. */
static inline void standardize(test_dataset *data)
{
    crn_error err;
    double *mean = new_doubles(3 * data->columns), *variance = mean + data->columns;
    assert_ok(crn_incremental_mean_and_var(data->x, data->rows, data->columns, NULL, mean,
                                           variance, variance + data->columns, &err));
    for (int64_t i = 0; i < data->rows * data->columns; i++) {
        data->x[i] -= mean[i % data->columns];
        data->x[i] /= sqrt(variance[i % data->columns]);
    }
    free(mean);
}

static inline test_dataset dataset_load(const golden_file *golden, int index, bool scaled)
{
    const golden_matrix *x = golden_get(golden, "%s_x", dataset_name(index));
    const golden_matrix *y = golden_get(golden, "%s_y", dataset_name(index));
    test_dataset data = {.rows = x->rows, .columns = x->columns, .classes = index == 2 ? 2 : 3};
    data.x = new_doubles(x->rows * x->columns);
    memcpy(data.x, x->values, (size_t)(x->rows * x->columns) * sizeof(double));
    data.y = calloc((size_t)x->rows, sizeof *data.y);
    assert_non_null(data.y);
    for (int64_t i = 0; i < x->rows; i++)
        data.y[i] = (int32_t)y->values[i];
    data.weights = new_weights(x->rows);
    if (scaled)
        standardize(&data);
    return data;
}

static inline void dataset_free(test_dataset *data)
{
    free(data->x);
    free(data->y);
    free(data->weights);
}

static inline crn_logistic_problem dataset_problem(const test_dataset *data, double c,
                                                   bool fit_intercept, bool weighted)
{
    double sum = weighted ? crn_sum(data->weights, data->rows) : (double)data->rows;
    return (crn_logistic_problem){
        .x = data->x,
        .y = data->y,
        .sample_weight = weighted ? data->weights : NULL,
        .n_samples = data->rows,
        .n_features = data->columns,
        .n_classes = data->classes,
        .fit_intercept = fit_intercept,
        .l2_reg_strength = 1.0 / (c * sum),
        .second_order = true,
    };
}

#endif
