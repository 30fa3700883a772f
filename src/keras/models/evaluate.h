/* SPDX-License-Identifier: BSD-3-Clause */
/* The loss and metrics of rows, as evaluate() gives them and as fit() gives them of its
 * validation. */
#ifndef CRN_KERAS_MODELS_EVALUATE_H
#define CRN_KERAS_MODELS_EVALUATE_H

#include "keras/models/data_adapter.h"

/* Numbers of a compiled network: the loss and each metric. */
size_t crn_network_value_count(const crn_network *network);
/* The name of number i behind a prefix ("val_"): "loss", then the metrics in the order of
 * compile(), repeated names told apart as Keras does ("accuracy_1"). For free(); NULL: no
 * memory. */
char *crn_network_value_name(const crn_network *network, size_t i, const char *prefix,
                             crn_error *err);

/* A batch as metrics take it: the rows of y, and predictions of a type. Borrowed. */
crn_array crn_prediction_array(const crn_type *type, const void *predictions, int64_t rows);

/* The numbers of prepared rows, in the order of their names; the network's own metrics are left
 * alone. batch_size: rows that the loss is taken of at once. */
crn_status crn_network_test(const crn_network *network, const crn_fit_data *data,
                            int64_t batch_size, crn_pool *pool, double *values, crn_error *err);

#endif
