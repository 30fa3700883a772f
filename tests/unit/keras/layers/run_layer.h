/* SPDX-License-Identifier: BSD-3-Clause */
/* One layer in a Sequential, run on rows of numbers: what it gives is compared with what
 * Keras 3.15 gives. */
#ifndef CRN_TESTS_RUN_LAYER_H
#define CRN_TESTS_RUN_LAYER_H

#include "test.h"

#include "cornichon/cornichon.h"
#include "format/json.h"
#include "keras/models/network.h"

static inline crn_model *new_sequential(const char *shape, const char *layer)
{
    char expression[512];
    crn_error err = CRN_ERROR_INIT;
    crn_model *model = NULL;
    snprintf(expression, sizeof expression, "Sequential([Input(%s), %s])", shape, layer);
    assert_ok(crn_model_parse(expression, &model, &err));
    return model;
}

/* The one layer behind the Input. */
static inline crn_layer *layer_of(const crn_model *model)
{
    return crn_model_network(model)->layers[1];
}

/* Weights one after the other; then the model may predict. */
static inline void set_weights(crn_model *model, const float *values)
{
    crn_network *network = crn_model_network(model);
    for (size_t i = 0; i < network->weight_count; i++) {
        crn_array *array = &crn_network_weight(network, i, NULL)->array;
        memcpy(array->data, values, (size_t)crn_array_size(array) * sizeof *values);
        values += crn_array_size(array);
    }
    network->has_weights = true;
}

/* Numbers as (rows, item...) of the model's input. */
static inline crn_array rows_of(const crn_model *model, const double *x, int64_t count)
{
    const crn_type *type = crn_network_input_type(crn_model_network(model), 0);
    crn_array rows = crn_array_view_1d(x, CRN_FLOAT64, count);
    int64_t shape[CRN_MAX_NDIM + 1] = {count / crn_type_size(type)};
    memcpy(shape + 1, type->shape, (size_t)type->ndim * sizeof *shape);
    crn_array_set_shape(&rows, type->ndim + 1, shape);
    return rows;
}

/* Takes the model. */
static inline void expect_output(crn_model *model, const double *x, int64_t count,
                                 const double *want, int64_t want_count)
{
    crn_error err = CRN_ERROR_INIT;
    crn_array rows = rows_of(model, x, count), y = CRN_ARRAY_INIT, numbers = CRN_ARRAY_INIT;
    crn_model_network(model)->has_weights = true;
    assert_ok(crn_model_predict(model, CRN_PREDICT, &rows, &y, &err));
    assert_int_equal(y.dtype, CRN_FLOAT32);
    assert_int_equal(crn_array_size(&y), want_count);
    assert_ok(crn_array_astype(&y, CRN_FLOAT64, &numbers, &err));
    assert_close((const double *)numbers.data, want, (size_t)want_count, 1e-6, 1e-6);
    crn_array_free(&numbers);
    crn_array_free(&y);
    crn_model_destroy(model);
}

#define COUNT(array) ((int64_t)(sizeof(array) / sizeof *(array)))
#define expect_layer(shape, layer, x, want)                                                    \
    expect_output(new_sequential(shape, layer), x, COUNT(x), want, COUNT(want))

/* A record {class_name, config} in JSON, read as a layer. */
static inline crn_status read_layer_record(const char *json, crn_layer **out, crn_error *err)
{
    crn_document *document = NULL;
    crn_object *record = NULL;
    assert_int_equal(crn_document_create(NULL, &document, NULL), CRN_OK);
    assert_int_equal(crn_json_read(document, json, strlen(json), NULL, &record, NULL), CRN_OK);
    crn_status status = crn_layer_read(record, document, out, err);
    crn_document_release(document); /* the layer keeps its own reference */
    return status;
}

static inline void refuse_record(const char *json, crn_status expected, const char *says)
{
    crn_error err = CRN_ERROR_INIT;
    crn_layer *layer = NULL;
    assert_status(expected, read_layer_record(json, &layer, &err));
    assert_null(layer);
    if (strstr(err.message, says) == NULL)
        fail_msg("'%s' does not say '%s'", err.message, says);
}

static inline void refuse_model(const char *expression, crn_status expected, const char *says)
{
    crn_error err = CRN_ERROR_INIT;
    crn_model *model = NULL;
    assert_status(expected, crn_model_parse(expression, &model, &err));
    assert_null(model);
    if (strstr(err.message, says) == NULL)
        fail_msg("'%s' does not say '%s'", err.message, says);
}

#endif
