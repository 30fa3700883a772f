/* SPDX-License-Identifier: BSD-3-Clause */
/* Arrays checked, split and converted for a network. */
#include "keras/models/data_adapter.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const crn_array *crn_fit_data_array(const crn_fit_data *data, int i)
{
    const crn_array *arrays[] = {
        [CRN_FIT_X] = &data->x, [CRN_FIT_Y] = &data->y, [CRN_FIT_WEIGHT] = &data->weight};
    return arrays[i]->data != NULL ? arrays[i] : NULL;
}

crn_type crn_fit_data_type(const crn_array *array)
{
    return crn_type_rows(array->dtype, array->ndim - 1, array->shape + 1);
}

void crn_fit_data_free(crn_fit_data *data)
{
    crn_array_free(&data->x);
    crn_array_free(&data->y);
    crn_array_free(&data->weight);
}

/* ---- checks ---- */

static crn_status check_numbers(const char *name, const crn_array *array, crn_error *err)
{
    bool text = array->dtype == CRN_STRING || array->dtype == CRN_BYTES;
    if (array->ndim < 1)
        return crn_fail(err, CRN_SHAPE, "%s must have rows: its first axis", name);
    if (crn_dtype_is_number(array->dtype))
        return CRN_OK;
    return crn_fail(
        err, CRN_DTYPE, "Invalid dtype of %s: %s%s", name, crn_dtype_name(array->dtype),
        text ? ". A network takes numbers: encode the strings, labels for example as "
               "0, 1, 2 ... in sorted order"
             : "");
}

crn_status crn_fit_data_check(const crn_data *data, crn_error *err)
{
    const crn_array *weight = &data->sample_weight;
    if (data->x.data == NULL || data->y.data == NULL)
        return crn_fail(err, CRN_ARGUMENT,
                        "a network learns from rows and their targets: %s is "
                        "missing",
                        data->x.data == NULL ? "x" : "y");
    CRN_TRY(check_numbers("x", &data->x, err));
    CRN_TRY(check_numbers("y", &data->y, err));
    if (weight->data != NULL)
        CRN_TRY(check_numbers("sample_weight", weight, err));
    int64_t x = data->x.shape[0], y = data->y.shape[0];
    int64_t w = weight->data != NULL ? weight->shape[0] : x;
    if (x != y || x != w)
        return crn_fail(err, CRN_SHAPE,
                        "Data cardinality is ambiguous. Make sure all arrays contain the same "
                        "number of samples. 'x' sizes: %lld, 'y' sizes: %lld, 'sample_weight' "
                        "sizes: %lld",
                        (long long)x, (long long)y, (long long)w);
    return x > 0 ? CRN_OK : crn_fail(err, CRN_ARGUMENT, "x has no rows");
}

crn_status crn_fit_data_split(const crn_data *data, double validation_split, crn_data *training,
                              crn_data *validation, crn_error *err)
{
    int64_t rows = data->x.shape[0];
    int64_t at = (int64_t)floor((double)rows * (1.0 - validation_split));
    if (at <= 0 || at >= rows)
        return crn_fail(
            err, CRN_ARGUMENT,
            "Training data contains %lld samples, which is not sufficient to split it "
            "into a validation and training set as specified by "
            "`validation_split=%g`. Either provide more data, or a different value for "
            "the `validation_split` argument.",
            (long long)rows, validation_split);
    *training = *validation = *data;
    training->x = crn_array_rows(&data->x, 0, at);
    training->y = crn_array_rows(&data->y, 0, at);
    validation->x = crn_array_rows(&data->x, at, rows);
    validation->y = crn_array_rows(&data->y, at, rows);
    if (data->sample_weight.data != NULL) {
        training->sample_weight = crn_array_rows(&data->sample_weight, 0, at);
        validation->sample_weight = crn_array_rows(&data->sample_weight, at, rows);
    }
    return CRN_OK;
}

/* ---- inputs and targets ---- */

/* A vector stands for a column, as Keras expands it. */
static crn_array as_column(const crn_array *x)
{
    crn_array column = *x;
    column.owner = NULL;
    if (x->ndim == 1) {
        column.ndim = 2;
        column.shape[1] = 1;
        column.strides[1] = x->itemsize;
    }
    return column;
}

crn_type crn_fit_data_input_type(const crn_data *data)
{
    crn_array x = as_column(&data->x);
    return crn_type_rows(CRN_FLOAT32, x.ndim - 1, x.shape + 1);
}

static bool is_sparse(const crn_network *network)
{
    return network->compiled.loss.cls->kind == CRN_LOSS_SPARSE_CATEGORICAL_CROSSENTROPY;
}

static crn_status prepare_targets(const crn_array *y, const crn_network *network,
                                  crn_array *out, crn_error *err)
{
    const crn_type *output = crn_network_output_type(network, 0);
    if (!is_sparse(network))
        return crn_as_float32(y, out, err);
    int64_t classes = output->ndim > 0 ? output->shape[output->ndim - 1] : 1;
    CRN_TRY(crn_loss_check_targets(&network->compiled.loss, y, classes, err));
    return crn_dtype_is_float(y->dtype) ? crn_as_float32(y, out, err)
                                        : crn_array_astype(y, CRN_INT64, out, err);
}

/* ---- weights ---- */

/* The class of row i of y: a label, or where its largest number stands. */
static int64_t class_of(const crn_array *y, int64_t i)
{
    int64_t width = crn_array_size(y) / y->shape[0];
    int64_t best = 0;
    if (y->ndim == 1 || y->shape[y->ndim - 1] == 1)
        return llrint(crn_array_get(y, i));
    for (int64_t j = 1; j < width; j++)
        best = crn_array_get(y, i * width + j) > crn_array_get(y, i * width + best) ? j : best;
    return best;
}

/* 1 for classes that the dict does not name, as Keras. */
static crn_status weight_of_class(const crn_object *class_weight, int64_t label, float *out,
                                  crn_error *err)
{
    double weight = 1.0;
    for (size_t i = 0; i < class_weight->as.items.count; i += 2) {
        int64_t key;
        if (!crn_object_as_int(class_weight->as.items.at[i], &key))
            return crn_fail(err, CRN_ARGUMENT,
                            "the keys of class_weight must be class indices");
        if (key == label && !crn_object_as_double(class_weight->as.items.at[i + 1], &weight))
            return crn_fail(err, CRN_ARGUMENT, "the weight of class %lld is not a number",
                            (long long)key);
    }
    *out = (float)weight;
    return CRN_OK;
}

static crn_status weigh_classes(const crn_data *data, const crn_object *class_weight,
                                crn_array *out, crn_error *err)
{
    const crn_array *y = &data->y;
    if (data->sample_weight.data != NULL)
        return crn_fail(err, CRN_ARGUMENT,
                        "You cannot `class_weight` and `sample_weight` at the same time.");
    if (y->ndim > 2)
        return crn_fail(err, CRN_SHAPE, "class_weight needs one class for each row of y");
    CRN_TRY(crn_array_create(CRN_FLOAT32, 0, 1, y->shape, out, err));
    float *weights = out->data; /* (rows) */
    for (int64_t i = 0; i < y->shape[0]; i++)
        CRN_TRY(weight_of_class(class_weight, class_of(y, i), &weights[i], err));
    return CRN_OK;
}

/* Values of the loss for each row: one for each step of a sequence. */
static int64_t values_of_item(const crn_network *network)
{
    const crn_type *output = crn_network_output_type(network, 0);
    int64_t last = output->ndim > 0 ? output->shape[output->ndim - 1] : 1;
    return last > 0 ? crn_type_size(output) / last : 1;
}

/* (rows) -> (rows, values): each value of a row has the row's weight. */
static crn_status repeat_weights(crn_array *weight, int64_t values, crn_error *err)
{
    crn_array repeated = CRN_ARRAY_INIT;
    int64_t rows = weight->shape[0], shape[] = {rows, values};
    CRN_TRY(crn_array_create(CRN_FLOAT32, 0, 2, shape, &repeated, err));
    for (int64_t i = 0; i < rows * values; i++)
        ((float *)repeated.data)[i] = ((const float *)weight->data)[i / values];
    crn_array_free(weight);
    *weight = repeated;
    return CRN_OK;
}

static crn_status prepare_weights(const crn_data *data, const crn_network *network,
                                  const crn_object *class_weight, crn_array *out,
                                  crn_error *err)
{
    int64_t rows = data->x.shape[0], values = values_of_item(network);
    if (class_weight != NULL)
        CRN_TRY(weigh_classes(data, class_weight, out, err));
    else if (data->sample_weight.data != NULL)
        CRN_TRY(crn_as_float32(&data->sample_weight, out, err));
    else
        return CRN_OK;
    int64_t size = crn_array_size(out);
    if (size == rows && values > 1)
        return repeat_weights(out, values, err);
    if (size == rows) {
        out->ndim = 1;
        return CRN_OK;
    }
    if (size != rows * values)
        return crn_fail(err, CRN_SHAPE,
                        "sample_weight has %lld numbers for %lld rows: one a row is expected",
                        (long long)size, (long long)rows);
    return CRN_OK;
}

crn_status crn_fit_data_prepare(const crn_data *data, const crn_network *network,
                                const crn_object *class_weight, crn_fit_data *out,
                                crn_error *err)
{
    crn_status status = CRN_OK;
    crn_array x = as_column(&data->x);
    *out = (crn_fit_data){.rows = x.shape[0]};
    CRN_TRY_OR_DONE(crn_as_float32(&x, &out->x, err));
    CRN_TRY_OR_DONE(prepare_targets(&data->y, network, &out->y, err));
    CRN_TRY_OR_DONE(prepare_weights(data, network, class_weight, &out->weight, err));
done:
    if (status != CRN_OK)
        crn_fit_data_free(out);
    return status;
}
