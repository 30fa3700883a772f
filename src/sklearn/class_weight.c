/* SPDX-License-Identifier: BSD-3-Clause */
#include "sklearn/class_weight.h"

#include <math.h>
#include <string.h>

crn_status crn_check_classification_targets(const crn_array *y, crn_error *err)
{
    if (!crn_dtype_is_float(y->dtype))
        return CRN_OK;
    for (int64_t i = 0; i < crn_array_size(y); i++) {
        double value = crn_array_get(y, i);
        if (isnan(value))
            return crn_fail(err, CRN_ARGUMENT, "Input y contains NaN.");
        if (value != floor(value))
            return crn_fail(err, CRN_ARGUMENT,
                            "Unknown label type: continuous. Maybe you are trying to fit a classifier, "
                            "which expects discrete classes on a regression target with continuous "
                            "values.");
    }
    return CRN_OK;
}

static void balanced(const int32_t *codes, int64_t rows, const double *sample_weight,
                     int64_t classes, double *out)
{
    double total = 0.0;
    memset(out, 0, (size_t)classes * sizeof *out);
    for (int64_t i = 0; i < rows; i++) {
        double weight = sample_weight != NULL ? sample_weight[i] : 1.0;
        out[codes[i]] += weight;
        total += weight;
    }
    for (int64_t k = 0; k < classes; k++)
        out[k] = total / ((double)classes * out[k]);
}

/* Index of a dict's key among the classes, or -1. */
static int64_t class_of_key(const crn_object *key, const crn_array *classes)
{
    crn_text label = CRN_TEXT_INIT;
    int64_t found = -1;
    double number;
    for (int64_t k = 0; k < classes->shape[0] && found < 0; k++) {
        if (classes->dtype == CRN_STRING || classes->dtype == CRN_BYTES) {
            crn_text_clear(&label);
            crn_label_text(classes, k, &label);
            if (crn_object_is_str(key, label.data != NULL ? label.data : ""))
                found = k;
        } else if (crn_object_as_double(key, &number) && number == crn_array_get(classes, k)) {
            found = k;
        }
    }
    crn_text_free(&label);
    return found;
}

static crn_status from_dict(const crn_object *dict, const crn_array *classes, double *out,
                            crn_error *err)
{
    for (size_t i = 0; i + 1 < dict->as.items.count; i += 2) {
        double weight;
        int64_t k = class_of_key(dict->as.items.at[i], classes);
        if (!crn_object_as_double(dict->as.items.at[i + 1], &weight))
            return crn_fail(err, CRN_ARGUMENT, "a weight in class_weight is not a number");
        if (k < 0) {
            crn_text label = CRN_TEXT_INIT;
            crn_object_repr(dict->as.items.at[i], 60, &label);
            crn_fail(err, CRN_ARGUMENT, "The classes, [%s], are not in class_weight",
                     label.data != NULL ? label.data : "");
            crn_text_free(&label);
            return CRN_ARGUMENT;
        }
        out[k] = weight;
    }
    return CRN_OK;
}

crn_status crn_class_weight(const crn_object *class_weight, const crn_array *classes,
                            const int32_t *codes, int64_t rows, const double *sample_weight,
                            double *out, crn_error *err)
{
    const int64_t count = classes->shape[0];
    for (int64_t k = 0; k < count; k++)
        out[k] = 1.0;
    if (crn_object_is_none(class_weight))
        return CRN_OK;
    if (crn_object_is_str(class_weight, "balanced")) {
        balanced(codes, rows, sample_weight, count, out);
        return CRN_OK;
    }
    if (crn_object_is(class_weight, CRN_OBJ_DICT))
        return from_dict(class_weight, classes, out, err);
    return crn_fail(err, CRN_ARGUMENT,
                    "The 'class_weight' parameter must be a dict, 'balanced' or None.");
}
