/* SPDX-License-Identifier: BSD-3-Clause */
/* LabelEncoder, as sklearn/preprocessing/_label.py (1.9): labels to 0 .. n_classes-1 and back.
 */
#include <math.h>

#include "ops/rows.h"
#include "sklearn/estimator.h"

typedef struct label_encoder {
    crn_estimator_base base;
    crn_array classes_; /* (n_classes), sorted, of any label type */
} label_encoder;

static const crn_field fields[] = {
    CRN_FITTED_ARRAY(label_encoder, classes_, NULL),
    CRN_FIELDS_END,
};

static crn_status check(void *self, crn_error *err)
{
    const crn_array *classes = &((label_encoder *)self)->classes_;
    if (classes->ndim != 1)
        return crn_fail(err, CRN_FORMAT, "classes_ is not a vector");
    if (classes->dtype == CRN_STRING || crn_dtype_is_number(classes->dtype))
        return CRN_OK;
    return crn_fail(err, CRN_UNSUPPORTED, "LabelEncoder: labels of dtype %s are not supported",
                    crn_dtype_name(classes->dtype));
}

/* Numbers are looked up as float64, so that 1.5 is not taken for 1; integers that float64
 * cannot hold, as int64. */
static crn_dtype key_dtype(const label_encoder *self)
{
    const crn_array *classes = &self->classes_;
    if (classes->dtype == CRN_STRING)
        return CRN_STRING;
    for (int64_t i = 0; i < classes->shape[0]; i++) {
        if (crn_dtype_is_integer(classes->dtype) && fabs(crn_array_get(classes, i)) >= 0x1p53)
            return CRN_INT64;
    }
    return CRN_FLOAT64;
}

/* Strings are given a character more than the longest class, so that a longer label, which is
 * cut to this width, equals none; and enough for a message to show it. */
static crn_type input_type(const void *self, crn_method method)
{
    const label_encoder *encoder = self;
    const crn_dtype dtype = method == CRN_TRANSFORM ? key_dtype(encoder) : CRN_FLOAT64;
    crn_type type = crn_type_rows(dtype, 0, NULL);
    const int64_t character = sizeof(uint32_t), least = 32 * character;
    if (dtype == CRN_STRING)
        type.itemsize = encoder->classes_.itemsize + character;
    if (dtype == CRN_STRING && type.itemsize < least)
        type.itemsize = least;
    return type;
}

static crn_value keys(const label_encoder *self, crn_graph *graph)
{
    crn_array converted = CRN_ARRAY_INIT;
    const crn_dtype dtype = key_dtype(self);
    if (dtype == self->classes_.dtype)
        return crn_graph_constant(graph, &self->classes_);
    if (crn_array_astype(&self->classes_, dtype, &converted, &graph->error) != CRN_OK)
        return CRN_NO_VALUE;
    crn_value value = crn_graph_constant(graph, &converted);
    crn_array_free(&converted);
    return value;
}

/* 0 .. n_classes-1 as a table: the codes that exist, as float64, so that 0.5 is not taken for
 * 0. */
static crn_value codes(const label_encoder *self, crn_graph *graph)
{
    crn_array all = CRN_ARRAY_INIT;
    if (crn_array_create(CRN_FLOAT64, 0, 1, &self->classes_.shape[0], &all, &graph->error) !=
        CRN_OK)
        return CRN_NO_VALUE;
    for (int64_t i = 0; i < all.shape[0]; i++)
        ((double *)all.data)[i] = (double)i;
    crn_value value = crn_graph_constant(graph, &all);
    crn_array_free(&all);
    return value;
}

static crn_value lower(const void *self, crn_method method, crn_graph *graph, crn_value x)
{
    const label_encoder *encoder = self;
    if (method == CRN_TRANSFORM)
        return crn_lookup(graph, keys(encoder, graph), x);
    return crn_take(graph, crn_graph_constant(graph, &encoder->classes_),
                    crn_lookup(graph, codes(encoder, graph), x));
}

static crn_status fit(void *self, const crn_fit_data *data, crn_error *err)
{
    label_encoder *encoder = self;
    crn_array places = CRN_ARRAY_INIT;
    CRN_TRY(crn_labels_encode(&data->y, &encoder->classes_, &places, err));
    crn_array_free(&places);
    return CRN_OK;
}

const crn_estimator crn_estimator_LabelEncoder = {
    .name = "LabelEncoder",
    .module = "sklearn.preprocessing",
    .modules = "sklearn.preprocessing._label sklearn.preprocessing.label",
    .size = sizeof(label_encoder),
    .fields = fields,
    .methods = 1u << CRN_TRANSFORM | 1u << CRN_INVERSE_TRANSFORM,
    .flags = CRN_LABELS_ONLY | CRN_ALLOWS_NAN,
    .lower = lower,
    .check = check,
    .fit = fit,
    .input_type = input_type,
};
