/* SPDX-License-Identifier: BSD-3-Clause */
/* keras.regularizers: L1, L2 and L1L2 (keras/src/regularizers/regularizers.py, 3.15). */
#include "keras/regularizers/regularizer.h"

#include <stdlib.h>

#define REGULARIZER(class_, others, rows)                                                      \
    {                                                                                          \
        .name = #class_, .other_names = others, .module = "keras.regularizers",                \
        .size = sizeof(crn_regularizer_config), .fields = rows, .check = check                 \
    }

static const crn_field l1_fields[] = {CRN_PARAM(crn_regularizer_config, l1, REAL, "0.01", NULL),
                                      CRN_FIELDS_END};
static const crn_field l2_fields[] = {CRN_PARAM(crn_regularizer_config, l2, REAL, "0.01", NULL),
                                      CRN_FIELDS_END};
static const crn_field l1l2_fields[] = {
    CRN_PARAM(crn_regularizer_config, l1, REAL, "0.0", NULL),
    CRN_PARAM(crn_regularizer_config, l2, REAL, "0.0", NULL), CRN_FIELDS_END};

/* As validate_float_arg: finite and not negative. */
static crn_status check(const void *config_, crn_error *err)
{
    const crn_regularizer_config *config = config_;
    double values[2] = {config->l1, config->l2};
    for (int i = 0; i < 2; i++) {
        if (!(values[i] >= 0.0 && values[i] <= 3e38))
            return crn_fail(
                err, CRN_ARGUMENT,
                "Invalid value for argument %s: expected a non-negative float. Received: %g",
                i == 0 ? "l1" : "l2", values[i]);
    }
    return CRN_OK;
}

static const crn_keras_class l1 = REGULARIZER(L1, "l1", l1_fields);
static const crn_keras_class l2 = REGULARIZER(L2, "l2", l2_fields);
static const crn_keras_class l1l2 = REGULARIZER(L1L2, "l1_l2 l1l2", l1l2_fields);
static const crn_keras_class *const classes[] = {&l1, &l2, &l1l2};

const crn_keras_kind crn_regularizers = {
    .noun = "regularizer", .classes = classes, .count = sizeof classes / sizeof *classes};

crn_status crn_regularizer_read(const crn_object *object, crn_document *document,
                                crn_regularizer *out, crn_error *err)
{
    *out = (crn_regularizer){0};
    if (object == NULL || crn_object_is_none(object))
        return CRN_OK;
    void *config;
    CRN_TRY(crn_keras_class_read(&crn_regularizers, object, document, &out->cls, &config, err));
    out->config = *(const crn_regularizer_config *)config;
    free(config);
    return CRN_OK;
}

crn_object *crn_regularizer_write(const crn_regularizer *regularizer, crn_document *document)
{
    return regularizer->cls == NULL
               ? crn_object_none(document)
               : crn_keras_class_write(regularizer->cls, &regularizer->config, document);
}

crn_value crn_regularizer_add(crn_graph *graph, const crn_regularizer *regularizer, crn_value x)
{
    if (regularizer->cls == NULL)
        return CRN_NO_VALUE;
    return crn_penalty(graph, x, (float)regularizer->config.l1, (float)regularizer->config.l2);
}
